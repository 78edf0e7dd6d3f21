//! Whose recording, which recording, what is wrong with it.

use crate::{
    report::compose::{
        Context,
        flow::{Block, cut},
        style::{self, ALERT, BODY, NOTE},
    },
    words::fill,
};
use chrono::{NaiveDate, NaiveDateTime};

/// Where values stand, mm.
const AT: f32 = 18.0;
/// Entries of a list that are named; of more the number is told.
const NAMED: usize = 8;

/// The blocks of the column.
pub fn recording(context: &Context, width: f32) -> Vec<Block> {
    let (content, words) = (context.content, context.words);
    let patient = &content.patient;
    let unknown = words.report.unknown.as_str();
    let named = |name: &str, value: Option<String>| Block::named(name, value.as_deref().unwrap_or(unknown), BODY, AT, width);
    let born = patient.born.as_deref().and_then(|day| day.parse::<NaiveDate>().ok()).map(|day| words.day(day));
    let age = patient.age_years.map(|years| fill(&words.patient.years, &[("years", &words.trimmed(years.into(), 1))]));
    let mut blocks = vec![
        Block::heading(2, &words.patient.heading, width),
        named(&words.patient.name, patient.name.clone()),
        named(&words.patient.id, patient.id.clone()),
        named(&words.patient.born, born),
        named(&words.patient.age, age),
        named(&words.patient.sex, patient.sex.map(|sex| words.sex(sex).to_owned())),
        Block::heading(2, &words.recording.heading, width),
    ];
    let recording = &content.recording;
    let start = recording.start.as_deref().and_then(|start| start.parse::<NaiveDateTime>().ok()).map(|at| words.moment(at));
    let file = recording.file.rsplit(['/', '\\']).next().unwrap_or(&recording.file);
    let file = format!("{} ({})", cut(file, BODY.weight, BODY.size, width - AT - 12.0), recording.format);
    let rate = fill(
        &words.recording.rate_value,
        &[("rate", &words.trimmed(recording.rate_hz, 2)), ("leads", &content.signal.leads.len().to_string())],
    );
    let (from, to) = (content.page.from_s, content.page.to_s);
    let shown = if from <= 0.0 && to >= recording.duration_s - 0.05 {
        words.recording.shown_all.clone()
    } else {
        fill(&words.recording.shown_value, &[("from", &words.elapsed(from)), ("to", &words.elapsed(to))])
    };
    blocks.extend([
        named(&words.recording.begun, start),
        named(&words.recording.length, Some(words.length(recording.duration_s))),
        named(&words.recording.shown, Some(shown)),
        named(&words.recording.device, recording.device.clone()),
        named(&words.recording.file, Some(file)),
        named(&words.recording.rate, Some(rate)),
    ]);
    let signal = signal(context, width);
    if !signal.is_empty() {
        blocks.push(Block::heading(2, &words.signal.heading, width));
        blocks.extend(signal);
    }
    blocks
}

/// What must be known of leads and signal; nothing where nothing is wrong.
fn signal(context: &Context, width: f32) -> Vec<Block> {
    let (signal, words) = (&context.content.signal, context.words);
    let mut blocks = Vec::new();
    let mut say = |text: &str, place: &str, list: Vec<String>, alert: bool| {
        if !list.is_empty() {
            let style = if alert { style::coloured(style::bold(NOTE), ALERT) } else { NOTE };
            blocks.push(Block::entry(&fill(text, &[(place, &few(context, list))]), style, width));
        }
    };
    let names = |keep: fn(&crate::report::content::LeadPart) -> bool| -> Vec<String> {
        signal.leads.iter().filter(|lead| keep(lead)).map(|lead| lead.lead.clone()).collect()
    };
    say(&words.signal.uncalibrated, "leads", names(|lead| !lead.calibrated), true);
    say(&words.signal.not_recorded, "leads", signal.not_recorded.iter().map(|lead| (*lead).to_owned()).collect(), true);
    say(&words.signal.unusable, "leads", names(|lead| lead.usable == Some(false)), true);
    say(&words.signal.lead_off, "spans", spans(context), true);
    let gaps = signal.gaps_s.iter().map(|[from, to]| format!("{}–{}", words.elapsed(*from), words.elapsed(*to)));
    say(&words.signal.gaps, "spans", gaps.collect(), true);
    say(&words.signal.suspected, "what", signal.suspected.clone(), true);
    say(&words.signal.derived, "leads", names(|lead| lead.derived), false);
    say(&words.signal.repaired, "fields", signal.repairs.iter().map(|repair| words.said(&repair.field)).collect(), false);
    if let Some(acceptable) = signal.acceptable {
        let (text, style) = match acceptable {
            true => (&words.signal.quality_good, NOTE),
            false => (&words.signal.quality_poor, style::coloured(style::bold(NOTE), ALERT)),
        };
        blocks.push(Block::entry(text, style, width));
    }
    blocks
}

/// When which leads had no contact; leads that share a time are told together.
fn spans(context: &Context) -> Vec<String> {
    let (leads, words) = (&context.content.signal.leads, context.words);
    let mut shared: Vec<([u32; 2], Vec<&str>)> = Vec::new();
    for (lead, span) in leads.iter().flat_map(|lead| lead.off_s.iter().map(|span| (lead.lead.as_str(), *span))) {
        match shared.iter_mut().find(|(other, _)| *other == span) {
            Some((_, names)) => names.push(lead),
            None => shared.push((span, vec![lead])),
        }
    }
    let told = |([from, to], names): ([u32; 2], Vec<&str>)| {
        let all = names.len() == leads.len() && names.len() > 1;
        let names = if all { words.signal.all_leads.clone() } else { names.join(", ") };
        fill(&words.signal.span, &[("lead", &names), ("from", &from.to_string()), ("to", &to.to_string())])
    };
    shared.into_iter().map(told).collect()
}

/// A list, the first entries by name.
fn few(context: &Context, list: Vec<String>) -> String {
    let more = list.len().saturating_sub(NAMED);
    let mut text = list.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
    if more > 0 {
        text.push_str(", ");
        text.push_str(&fill(&context.words.signal.more, &[("count", &more.to_string())]));
    }
    text
}
