//! The language the window speaks.
//!
//! As the theme, it is a value of the drawing thread: what writes numbers and names has no state at hand. The window sets it before it draws and before
//! it applies a message, from the reader's settings.

use crate::{
    analysis::Finding,
    signal::quality::{Exchange, Problem, Suspicion},
    words::{Language, Words, fill, window::WindowWords},
};
use std::{borrow::Cow, cell::Cell, collections::BTreeMap};

thread_local! {
    static CURRENT: Cell<Language> = const { Cell::new(Language::English) };
}

/// From now on this thread speaks that language.
pub fn with(language: Language) {
    CURRENT.set(language);
}

/// All words of the language this thread speaks.
pub fn words() -> &'static Words {
    CURRENT.get().words()
}

/// The window's words of the language this thread speaks.
pub fn window() -> &'static WindowWords {
    &words().window
}

/// What a finding is called: in English as on its model's card, in other languages by its code.
pub fn finding<'a>(task: &str, code: &str, label: &'a str) -> &'a str {
    match CURRENT.get() {
        Language::English => label,
        other => other.words().finding(task, code, label),
    }
}

/// The same of a finding at hand.
pub fn finding_of(finding: &Finding) -> &str {
    self::finding(&finding.task, &finding.code, &finding.label)
}

/// A sentence that a layer below says in English (why something was not measured, answered or judged), in this thread's language.
pub fn said(text: &str) -> Cow<'_, str> {
    match CURRENT.get() {
        Language::English => Cow::Borrowed(text),
        other => Cow::Owned(other.words().said(text)),
    }
}

/// What a class of beats is called: in English as on the model's card.
pub fn beat_class<'a>(code: &str, label: &'a str) -> &'a str {
    let beats = &words().beats;
    match (CURRENT.get(), code) {
        (Language::English, _) => label,
        (_, "N") => &beats.class_n,
        (_, "S") => &beats.class_s,
        (_, "V") => &beats.class_v,
        (_, "F") => &beats.class_f,
        (_, "Q") => &beats.class_q,
        _ => label,
    }
}

/// The name of something that comes with the program under an English name and that readers may bring of their own: what they named themselves keeps
/// its name. `of` picks the names by id.
pub fn named<'a>(of: impl Fn(&'static WindowWords) -> &'static BTreeMap<String, String>, id: &str, name: &'a str) -> &'a str {
    match of(&Language::English.words().window).get(id) {
        Some(english) if english == name => of(window()).get(id).map_or(name, String::as_str),
        _ => name,
    }
}

/// Why something is urgent, by the English text of the table.
pub fn why(why: &str) -> &str {
    window().urgencies.get(why).map_or(why, String::as_str)
}

/// What statements or contradictions are about, by the English name.
pub fn group(name: &str) -> &str {
    window().groups.get(name).map_or(name, String::as_str)
}

/// A suspected exchange of electrodes. What it rests on stays as the signal analysis words it.
pub fn suspicion(suspicion: &Suspicion) -> String {
    let told = |language: Language, why: &str| {
        let words = &language.words().window.electrodes;
        let (text, a, b) = match suspicion.exchange {
            Exchange::ArmsRaLa => (&words.arms, 0, 0),
            Exchange::RightArmLeftLeg => (&words.right_arm_left_leg, 0, 0),
            Exchange::RightArmRightLeg => (&words.right_arm_right_leg, 0, 0),
            Exchange::LeftArmRightLeg => (&words.left_arm_right_leg, 0, 0),
            Exchange::ArmsWithLegs => (&words.arms_with_legs, 0, 0),
            Exchange::Chest(a, b) => (&words.chest, a.0, b.0),
        };
        fill(text, &[("a", &a.to_string()), ("b", &b.to_string()), ("why", why)])
    };
    match suspicion.text.strip_prefix(&told(Language::English, "")) {
        Some(why) => told(CURRENT.get(), why),
        None => suspicion.text.clone(),
    }
}

/// What a problem of the signal is called.
pub fn problem(problem: Problem) -> &'static str {
    let words = &window().paint;
    match problem {
        Problem::Missing => &words.samples_missing,
        Problem::LeadOff => &words.lead_off,
        Problem::Flat => &words.flat,
        Problem::Saturated => &words.saturated,
        Problem::Wander => &words.wander,
        Problem::Noise => &words.noise,
        Problem::Mains => &words.mains_hum,
    }
}

/// A step of work in the background; before the first report there is none.
pub fn stage(stage: &str) -> &str {
    match stage {
        "" => &window().findings.starting,
        stage => window().stages.get(stage).map_or(stage, String::as_str),
    }
}

/// An English text that comes with a decimal point, e.g. `12.5 mm/s`, as this language writes it.
pub fn decimal(text: &str) -> String {
    text.replace('.', &words().language.decimal)
}

#[cfg(test)]
mod tests;
