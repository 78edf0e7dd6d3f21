//! The measurement table.

use crate::{
    report::{
        compose::{
            Context,
            flow::{Block, Piece},
            style::{self, ALERT, BODY, NOTE, WEAK},
        },
        content::{Against, MeasuredPart},
    },
    words::fill,
};

/// Where values end and limits begin, mm.
const VALUE: f32 = 37.0;
const LIMITS: f32 = 42.0;

/// The blocks of the column, without [`remarks`].
pub fn measured(context: &Context, width: f32) -> Vec<Block> {
    let words = context.words;
    let mut blocks = vec![Block::heading(2, &format!("{} ({})", words.measured.heading, words.measured.by_machine), width)];
    let rows = &context.content.measurements;
    if rows.is_empty() {
        blocks.push(Block::paragraph(&words.measured.not_measured, BODY, width));
        return blocks;
    }
    blocks.push(Block::table(rows.iter().map(row).collect()));
    blocks
}

/// Why measurements could not be made, and what else has to be known of them.
pub fn remarks(context: &Context, width: f32) -> Vec<Block> {
    let (words, rows) = (context.words, &context.content.measurements);
    let mut notes: Vec<Block> = Vec::new();
    for (reason, names) in shared(rows, |row| row.reason.as_deref()) {
        notes.push(Block::entry(&fill(&words.measured.because, &[("names", &names), ("reason", reason)]), NOTE, width));
    }
    for (remark, names) in shared(rows, |row| row.warning.as_deref()) {
        notes.push(Block::entry(&fill(&words.measured.remark, &[("name", &names), ("remark", remark)]), NOTE, width));
    }
    if let Some(first) = notes.first_mut() {
        first.above = 0.8;
    }
    notes
}

/// What is said of rows, with the names of those that share it: told once.
fn shared<'a>(rows: &'a [MeasuredPart], said: impl Fn(&'a MeasuredPart) -> Option<&'a str>) -> Vec<(&'a str, String)> {
    let mut out: Vec<(&str, Vec<&str>)> = Vec::new();
    for row in rows {
        let Some(text) = said(row).filter(|text| !text.is_empty()) else { continue };
        match out.iter_mut().find(|(known, _)| *known == text) {
            Some((_, names)) => names.push(&row.label),
            None => out.push((text, vec![&row.label])),
        }
    }
    out.into_iter().map(|(text, names)| (text, names.join(", "))).collect()
}

fn row(part: &MeasuredPart) -> Vec<Piece> {
    let mut pieces = vec![Piece::new(0.0, BODY, part.label.clone())];
    if part.value.is_none() {
        pieces.push(Piece::new(VALUE - 13.0, style::coloured(BODY, WEAK), part.text.clone()));
        return pieces;
    }
    let out = matches!(part.against, Some(Against::Low | Against::High));
    let value = if out { style::coloured(style::bold(BODY), ALERT) } else { style::bold(BODY) };
    pieces.push(Piece::right(VALUE, value, part.text.clone()));
    let mark = match part.against {
        Some(Against::Low) => "\u{2193}",
        Some(Against::High) => "\u{2191}",
        _ => "",
    };
    if !mark.is_empty() {
        pieces.push(Piece::new(VALUE + 1.2, value, mark));
    }
    if let Some(range) = &part.range {
        pieces.push(Piece::new(LIMITS, NOTE, range.clone()));
    }
    pieces
}
