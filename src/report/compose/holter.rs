//! Pages of the Holter summary.

mod events;
mod trend;

use super::{
    Context,
    flow::{Block, Piece, flow},
    style::{self, BODY, NOTE, WEAK},
};
use crate::{
    recording::BeatLabel,
    report::{
        ReportError,
        holter::{Bin, Counted, Holter, Interval, Kind, LEAST_S, OVER, Run},
        page::{Area, Page, Part, Role},
    },
    signal::{
        hrv::{HrvInput, hrv},
        quality::PauseCause,
    },
    words::fill,
};

/// Width of the table, mm; trends stand beside it.
const TABLE: f32 = 138.0;
/// Right edges of its columns, mm.
const COLUMNS: [f32; 11] = [0.0, 27.0, 40.0, 53.0, 66.0, 75.0, 84.0, 94.0, 105.0, 119.0, 136.0];

/// The pages; a sentence where the recording is too short.
pub fn pages(context: &Context) -> Result<Result<Vec<Page>, String>, ReportError> {
    let words = context.words;
    let Some(holter) = &context.content.holter else {
        let minutes = words.number(LEAST_S / 60.0, 0);
        return Ok(Err(fill(&words.holter.short, &[("minutes", &minutes)])));
    };
    let (mut page, area) = context.titled(&words.holter.heading);
    let left = Area { width: TABLE, ..area };
    let (parts, end, _) = flow(table(context, holter), left);
    page.parts.push(Part::of(Role::Section, parts));
    let right = Area::new(area.x + TABLE + 6.0, area.y, area.width - TABLE - 6.0, 78.0);
    page.parts.extend(trend::trends(context, holter, right));
    // The lists stand below whichever ends lower.
    let below = Area::new(area.x, end.max(right.bottom()) + 3.0, area.width, 0.0);
    let width = (area.width - 12.0) / 4.0;
    let lists = [
        longest(context, holter, width),
        rates(context, holter, width),
        run_list(context, holter, width),
        variability(context, width),
    ];
    for (column, blocks) in lists.into_iter().enumerate() {
        let x = below.x + (width + 4.0) * column as f32;
        let (parts, _, _) = flow(blocks, Area::new(x, below.y, width, area.bottom() - below.y));
        page.parts.push(Part::of(Role::Section, parts));
    }
    let mut pages = vec![page];
    pages.extend(events::pages(context, holter)?);
    Ok(Ok(pages))
}

/// Clock time where the file tells when it began, else time from the start.
fn clock(context: &Context, at_s: f64) -> String {
    let start = context.input.recording.start;
    let at = start.and_then(|start| start.checked_add_signed(chrono::TimeDelta::milliseconds((at_s * 1000.0) as i64)));
    at.map_or_else(|| context.words.elapsed(at_s), |at| at.format(&context.words.language.time).to_string())
}

fn table(context: &Context, holter: &Holter) -> Vec<Block> {
    let words = &context.words.holter;
    let heading = match (holter.bin_s / 60.0).round() as u64 {
        60 => words.hourly.clone(),
        minutes => fill(&words.by_part, &[("minutes", &minutes.to_string())]),
    };
    let head = style::bold(NOTE);
    let heads = [
        &words.hour,
        &words.beats,
        &words.rate_mean,
        &words.rate_low,
        &words.rate_high,
        &words.sve,
        &words.ve,
        &words.runs,
        &words.pauses,
        &words.af,
        &words.off,
    ];
    let mut rows = vec![row(heads.map(Clone::clone), head)];
    rows.extend(holter.bins.iter().map(|bin| row(cells(context, bin, clock(context, bin.from_s)), NOTE_INK)));
    rows.push(row(cells(context, &holter.total, words.total.clone()), head));
    let whose = if context.content.beats.corrected { &context.words.beats.reader } else { &words.machine };
    let over = fill(&words.over, &[("count", &OVER.to_string())]);
    vec![
        Block::heading(3, &heading, TABLE),
        Block::table(rows),
        Block::paragraph(&format!("{whose} {over}."), NOTE, TABLE).spaced(1.0),
    ]
}

const NOTE_INK: crate::report::page::Type = style::coloured(NOTE, style::INK);

fn row(cells: [String; 11], style: crate::report::page::Type) -> Vec<Piece> {
    let pieces = cells.into_iter().zip(COLUMNS).enumerate();
    pieces.map(|(index, (text, x))| if index == 0 { Piece::new(x, style, text) } else { Piece::right(x, style, text) }).collect()
}

fn cells(context: &Context, bin: &Bin, name: String) -> [String; 11] {
    let words = context.words;
    let rate = |bpm: Option<f64>| bpm.map_or_else(|| "\u{2013}".to_owned(), |bpm| words.number(bpm, 0));
    [
        name,
        bin.beats.to_string(),
        rate(bin.mean_bpm),
        rate(bin.lowest_bpm),
        rate(bin.highest_bpm),
        bin.supraventricular.to_string(),
        bin.ventricular.to_string(),
        bin.runs.to_string(),
        bin.pauses.to_string(),
        bin.fibrillation.map_or_else(|| "\u{2013}".to_owned(), |share| words.percent(share)),
        if bin.lost_s < 0.5 { "0".to_owned() } else { words.length(bin.lost_s.round()) },
    ]
}

fn list(heading: &str, entries: Vec<String>, none: &str, width: f32) -> Vec<Block> {
    let mut blocks = vec![Block::heading(3, heading, width)];
    if entries.is_empty() {
        blocks.push(Block::paragraph(none, style::coloured(BODY, WEAK), width));
    }
    blocks.extend(entries.iter().map(|entry| Block::entry(entry, BODY, width)));
    blocks
}

fn longest(context: &Context, holter: &Holter, width: f32) -> Vec<Block> {
    let words = &context.words.holter;
    let entries = holter.longest.iter().map(|interval| interval_text(context, interval)).collect();
    list(&words.longest, entries, &words.none, width)
}

/// An interval with its cause.
fn interval_text(context: &Context, interval: &Interval) -> String {
    let words = context.words;
    let seconds = words.number(interval.seconds, 2);
    let text = fill(&words.holter.interval, &[("seconds", &seconds), ("time", &clock(context, interval.at_s))]);
    match interval.cause {
        Some(PauseCause::NoQrs) => format!("{text}: {}", words.holter.no_qrs),
        Some(PauseCause::SignalLost) => format!("{text}: {}", words.holter.signal_lost),
        Some(PauseCause::Disturbed) => format!("{text}: {}", words.holter.disturbed),
        None => text,
    }
}

fn rates(context: &Context, holter: &Holter, width: f32) -> Vec<Block> {
    let words = context.words;
    let entry = |rate: &crate::report::holter::RateAt| {
        fill(&words.holter.rate_at, &[("rate", &words.number(rate.bpm, 0)), ("time", &clock(context, rate.at_s))])
    };
    let mut blocks = list(&words.holter.fastest, holter.fastest.iter().map(entry).collect(), &words.holter.none, width);
    blocks.extend(list(&words.holter.slowest, holter.slowest.iter().map(entry).collect(), &words.holter.none, width));
    blocks
}

fn run_list(context: &Context, holter: &Holter, width: f32) -> Vec<Block> {
    let words = &context.words.holter;
    let entries = holter.runs.iter().map(|run| {
        let text = run_text(context, run);
        fill(&words.strip, &[("what", &text), ("time", &clock(context, run.at_s))])
    });
    list(&words.runs_heading, entries.collect(), &words.none, width)
}

/// A run in words.
fn run_text(context: &Context, run: &Run) -> String {
    let words = context.words;
    let kind = match run.kind {
        Kind::Ventricular => &words.holter.ve_run,
        Kind::Supraventricular => &words.holter.sve_run,
    };
    let rate = run.bpm.map_or_else(|| "\u{2013}".to_owned(), |bpm| words.number(bpm, 0));
    fill(&words.holter.run, &[("kind", kind), ("beats", &run.beats.to_string()), ("rate", &rate)])
}

fn variability(context: &Context, width: f32) -> Vec<Block> {
    let words = context.words;
    let counted = Counted::new(context.input);
    let peaks: Vec<f64> = counted.beats.iter().map(|beat| beat.at.0 as f64).collect();
    let normal: Vec<bool> = counted.beats.iter().map(|beat| beat.label == Some(BeatLabel::N)).collect();
    // Between what is lost.
    let mut stretches = Vec::new();
    let mut begin = 0usize;
    for (index, rr) in counted.rr.iter().enumerate() {
        if rr.is_none() {
            stretches.push(begin..peaks.get(index).map_or(begin, |at| *at as usize + 1));
            begin = peaks.get(index + 1).map_or(begin, |at| *at as usize);
        }
    }
    stretches.push(begin..context.input.recording.length as usize);
    let measured = hrv(&HrvInput { peaks: &peaks, rate: counted.rate, normal: &normal, stretches: &stretches });
    let names = ["hrv_mean_nn", "hrv_sdnn", "hrv_rmssd", "hrv_pnn50", "hrv_lf", "hrv_hf", "hrv_lf_hf"];
    let rows = names.iter().filter_map(|name| {
        let measured = measured.get(name)?;
        let text = measured.value.map_or_else(|| words.measured.not_measurable.clone(), |v| words.measured(v, &measured.unit));
        let style = if measured.value.is_some() { BODY } else { style::coloured(BODY, WEAK) };
        Some(vec![Piece::new(0.0, BODY, words.measurement(name)), Piece::right(width - 4.0, style, text)])
    });
    vec![Block::heading(3, &words.holter.hrv, width), Block::table(rows.collect())]
}
