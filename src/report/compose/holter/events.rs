//! Strips of events: what a reader of the summary wants to see.

use super::{Context, clock, run_text};
use crate::{
    report::{
        ReportError,
        compose::{
            scale::{Scale, WIDTH},
            strip::{self, Wanted},
        },
        holter::{Holter, Kind, PAUSE_S},
        page::{Area, Page},
    },
    words::fill,
};

/// Leads of a strip at most, and the height of each, mm.
const LEADS: usize = 2;
const HEIGHT: f32 = 17.5;
/// Above a strip: its title.
const TITLE: f32 = 5.0;

/// An event worth a strip.
struct Event {
    what: String,
    at_s: f64,
}

/// The pages.
pub fn pages(context: &Context, holter: &Holter) -> Result<Vec<Page>, ReportError> {
    let words = context.words;
    let leads = strip::rhythm_leads(context, LEADS);
    let height = ((HEIGHT * leads.len().max(1) as f32) / 5.0).round() * 5.0;
    let scale = Scale::new(context.options.speed, context.options.gain);
    let seconds = f64::from(WIDTH / scale.mm_per_s);
    let mut pages: Vec<Page> = Vec::new();
    let mut y = f32::INFINITY;
    for event in events(context, holter) {
        let heading = format!("{}: {}", words.holter.heading, words.holter.events);
        if pages.is_empty() || y + TITLE + height > context.titled(&heading).1.bottom() {
            let (page, area) = context.titled(&heading);
            y = area.y;
            pages.push(page);
        }
        let Some(page) = pages.last_mut() else { break };
        let from_s = (event.at_s - 0.4 * seconds).max(0.0);
        let lead = leads.first().and_then(|lead| context.input.recording.leads.get(*lead));
        let alt = fill(
            &words.holter.figure_strip,
            &[
                ("what", &event.what),
                ("lead", &lead.map(|signal| signal.lead.to_string()).unwrap_or_default()),
                ("from", &clock(context, from_s)),
                ("to", &clock(context, from_s + seconds)),
            ],
        );
        let title = fill(&words.holter.strip, &[("what", &event.what), ("time", &clock(context, event.at_s))]);
        let area = Area::new(0.5 * (page.width - WIDTH), y + TITLE, WIDTH, height);
        let wanted = Wanted { title, alt, from_s, marks: vec![event.at_s], leads: &leads };
        page.parts.extend(strip::strip(context, &wanted, area, scale)?);
        y += TITLE + height;
    }
    Ok(pages)
}

/// Longest interval, slowest, fastest, longest runs of both kinds, first window with atrial fibrillation.
fn events(context: &Context, holter: &Holter) -> Vec<Event> {
    let words = context.words;
    let mut out = Vec::new();
    if let Some(interval) = holter.longest.first() {
        let text = if interval.seconds < PAUSE_S { &words.holter.long_interval } else { &words.holter.pause };
        let what = fill(text, &[("seconds", &words.number(interval.seconds, 2))]);
        out.push(Event { what, at_s: interval.at_s });
    }
    for (name, rate) in [(&words.holter.slowest, holter.slowest.first()), (&words.holter.fastest, holter.fastest.first())] {
        if let Some(rate) = rate {
            out.push(Event { what: format!("{name}, {}/min", words.number(rate.bpm, 0)), at_s: rate.at_s });
        }
    }
    for kind in [Kind::Ventricular, Kind::Supraventricular] {
        if let Some(run) = holter.runs.iter().find(|run| run.kind == kind) {
            out.push(Event { what: run_text(context, run), at_s: run.at_s });
        }
    }
    let windows = context.input.analysis.map(|analysis| analysis.windows.as_slice()).unwrap_or_default();
    let fibrillation = windows.iter().find_map(|window| {
        let finding = window.findings.iter().find(|f| f.task == "rhythm" && f.code == "A" && f.present)?;
        Some((window, finding))
    });
    if let Some((window, finding)) = fibrillation {
        let label = words.finding(&finding.task, &finding.code, &finding.label);
        let what = format!("{label}, {}", words.percent(finding.probability.into()));
        out.push(Event { what, at_s: 0.5 * (window.start_s + window.end_s) });
    }
    out
}
