//! Ectopic beats and their patterns, counted from the beat labels.

use super::{
    reader::{Reader, Spec},
    rhythm::Main,
    types::{Criteria, CriteriaInput, Group, Severity::*},
};
use crate::recording::BeatLabel;

const fn spec(code: &'static str, scp: Option<&'static str>, text: &'static str) -> Spec {
    Spec::new(Group::Ectopy, code, scp, Abnormal, text)
}

// AHA/ACC/HRS 2007 Part II, categories D to G with the modifiers 340 couplets, 341 bigeminal, 342 trigeminal pattern.
const VENTRICULAR: Spec = spec("AHA 60", Some("PVC"), "Ventricular premature complexes");
const ESCAPE: Spec = spec("AHA 62", None, "Ventricular escape complexes");
const SUPRAVENTRICULAR: Spec = spec("AHA 41", Some("PAC"), "Supraventricular premature complexes").weighing(Variant);
const UNSUSTAINED_VT: Spec = spec("AHA 71", None, "Ventricular tachycardia, unsustained").weighing(Urgent);
const SUSTAINED_VT: Spec = spec("AHA 70", None, "Ventricular tachycardia").weighing(Urgent);
const SLOW_RUN: Spec = spec("AHA 64", None, "Accelerated idioventricular rhythm, run of ventricular complexes");
const SUPRAVENTRICULAR_RUN: Spec = spec("AHA 55", Some("PSVT"), "Supraventricular tachycardia, run of premature complexes");

/// What an ectopic beat and its patterns are called.
struct Names {
    label: BeatLabel,
    word: &'static str,
    bigeminal: Spec,
    trigeminal: Spec,
    couplets: Spec,
}

const NAMES: [Names; 2] = [
    Names {
        label: BeatLabel::V,
        word: "ventricular",
        bigeminal: spec("AHA 60+341", Some("BIGU"), "Ventricular premature complexes in a bigeminal pattern"),
        trigeminal: spec("AHA 60+342", Some("TRIGU"), "Ventricular premature complexes in a trigeminal pattern"),
        couplets: spec("AHA 60+340", None, "Ventricular premature complexes, couplets"),
    },
    Names {
        label: BeatLabel::S,
        word: "supraventricular",
        bigeminal: spec("AHA 41+341", Some("BIGU"), "Supraventricular premature complexes in a bigeminal pattern"),
        trigeminal: spec("AHA 41+342", Some("TRIGU"), "Supraventricular premature complexes in a trigeminal pattern"),
        couplets: spec("AHA 41+340", None, "Supraventricular premature complexes, couplets"),
    },
];

/// Share of beats that must carry a label for "no ectopic beats" to be believed.
const LABELLED: f64 = 0.9;
/// A ventricular beat this many times later than ordinary beats is an escape beat, not a premature one.
const LATE: f64 = 1.2;
/// Cycles that make a pattern: one ectopic beat after another at that distance, three in a row.
const CYCLES: usize = 3;
/// Rate in bpm above which three and more ventricular beats are a tachycardia, and seconds from which it is sustained (2017
/// AHA/ACC/HRS guideline on ventricular arrhythmias, Circulation 138:e272).
const TACHYCARDIA_BPM: f64 = 100.0;
const SUSTAINED_S: f64 = 30.0;

pub(super) fn judge(input: &CriteriaInput, main: Main, out: &mut Criteria) {
    let facts = input.rhythm;
    let (beats, labelled) = (facts.beats(), facts.labelled());
    if labelled == 0 {
        out.skip(Group::Ectopy, "ectopic beats", "beats were not classified");
        return;
    }
    if (labelled as f64) < LABELLED * beats as f64 {
        out.skip(
            Group::Ectopy,
            "ectopic beats",
            format!("only {labelled} of {beats} beats were classified: counts are a lower bound"),
        );
    }
    for names in &NAMES {
        match names.label {
            BeatLabel::V if main == Main::Ventricular => {}
            BeatLabel::V if main == Main::Paced => {
                out.skip(Group::Ectopy, "ventricular ectopic beats", "paced beats may be taken for ventricular ones");
            }
            BeatLabel::S if matches!(main, Main::Fibrillation | Main::Ventricular) => {
                out.skip(
                    Group::Ectopy,
                    "supraventricular ectopic beats",
                    "there is no sinus rhythm that they would be premature in",
                );
            }
            _ => {
                counts(input, names, out);
                patterns(input, names, out);
                runs(input, names, out);
            }
        }
    }
}

fn counts(input: &CriteriaInput, names: &Names, out: &mut Criteria) {
    let facts = input.rhythm;
    let usual = facts.ordinary_rr();
    let all: Vec<usize> = (0..facts.beats()).filter(|b| facts.label(*b) == Some(names.label)).collect();
    let is_late = |beat: &usize| {
        let before = beat.checked_sub(1).and_then(|b| facts.rr_after(b));
        names.label == BeatLabel::V && before.zip(usual).is_some_and(|(before, usual)| before > LATE * usual)
    };
    let late = all.iter().filter(|b| is_late(b)).count();
    for (number, spec) in
        [(all.len() - late, if names.label == BeatLabel::V { VENTRICULAR } else { SUPRAVENTRICULAR }), (late, ESCAPE)]
    {
        if number == 0 {
            continue;
        }
        let mut read = Reader::new(input);
        read.keep(&format!("{}_beats", names.word), number as f64);
        read.keep("labelled_beats", facts.labelled() as f64);
        let mut rule = format!("{number} of {} classified beats, by the beat classifier's labels", facts.labelled());
        let minutes = facts.covered() / 60.0;
        // A rate per minute from a strip of seconds would only look exact.
        if minutes >= 1.0 {
            read.keep("per_minute", number as f64 / minutes);
            rule.push_str(&format!("; {:.1} per minute", number as f64 / minutes));
        }
        if names.label == BeatLabel::V {
            rule.push_str(&format!("; later than {LATE} times the ordinary RR: escape beats, others premature"));
        }
        if names.label == BeatLabel::S {
            read.caveat("atrial and junctional origin are not told apart");
        }
        let mut statement = read.state(spec, rule);
        if number == 1 {
            statement.text = statement.text.replace("complexes", "complex");
        }
        statement.text.push_str(&format!(" ({number})"));
        out.say(statement);
    }
}

fn patterns(input: &CriteriaInput, names: &Names, out: &mut Criteria) {
    let facts = input.rhythm;
    for (period, spec) in [(2, names.bigeminal), (3, names.trigeminal)] {
        let cycles = facts.every(names.label, period);
        if cycles >= CYCLES {
            let mut read = Reader::new(input);
            read.keep("cycles", cycles as f64);
            let between = if period == 2 { "one ordinary beat" } else { "two ordinary beats" };
            let rule = format!("{cycles} {} beats in a row with {between} between ({CYCLES} and more)", names.word);
            out.say(read.state(spec, rule));
        }
    }
    let pairs = facts.runs(names.label).iter().filter(|run| run.len() == 2).count();
    if pairs > 0 {
        let mut read = Reader::new(input);
        read.keep("couplets", pairs as f64);
        out.say(read.state(names.couplets, format!("{pairs} time(s) two {} beats in a row", names.word)));
    }
}

fn runs(input: &CriteriaInput, names: &Names, out: &mut Criteria) {
    let facts = input.rhythm;
    let runs: Vec<_> = facts.runs(names.label).into_iter().filter(|run| run.len() >= 3).collect();
    let rated = |run: &std::ops::Range<usize>| facts.rate_within(run);
    type Fits = fn(f64, f64) -> bool;
    let kinds: &[(Spec, Fits)] = match names.label {
        BeatLabel::V => &[
            (SUSTAINED_VT, |rate, lasts| rate > TACHYCARDIA_BPM && lasts >= SUSTAINED_S),
            (UNSUSTAINED_VT, |rate, lasts| rate > TACHYCARDIA_BPM && lasts < SUSTAINED_S),
            (SLOW_RUN, |rate, _| rate <= TACHYCARDIA_BPM),
        ],
        _ => &[(SUPRAVENTRICULAR_RUN, |rate, _| rate > TACHYCARDIA_BPM)],
    };
    for (spec, fits) in kinds {
        let these: Vec<_> = runs.iter().filter(|run| rated(run).is_some_and(|(rate, lasts)| fits(rate, lasts))).collect();
        let Some(longest) = these.iter().max_by_key(|run| run.len()) else { continue };
        let Some((rate, lasts)) = rated(longest) else { continue };
        let mut read = Reader::new(input);
        read.keep("runs", these.len() as f64);
        read.keep("longest_run_beats", longest.len() as f64);
        read.keep("longest_run_rate", rate);
        read.keep("longest_run_seconds", lasts);
        let rule = format!(
            "{} run(s) of 3 and more {} beats; the longest has {} beats at {rate:.0} bpm over {lasts:.1} s (tachycardia: above \
             {TACHYCARDIA_BPM} bpm; sustained: from {SUSTAINED_S} s; 2017 AHA/ACC/HRS)",
            these.len(),
            names.word,
            longest.len()
        );
        let mut statement = read.state(*spec, rule);
        statement.text.push_str(&format!(" ({} beats)", longest.len()));
        out.say(statement);
    }
}
