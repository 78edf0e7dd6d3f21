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

/// The blocks of the column.
pub fn measured(context: &Context, width: f32) -> Vec<Block> {
    let words = context.words;
    let mut blocks = vec![Block::heading(2, &format!("{} ({})", words.measured.heading, words.measured.by_machine), width)];
    let rows = &context.content.measurements;
    if rows.is_empty() {
        blocks.push(Block::paragraph(&words.measured.not_measured, BODY, width));
        return blocks;
    }
    blocks.push(Block::table(rows.iter().map(row).collect()));
    // Reasons that several share are told once.
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for row in rows {
        if let Some(reason) = row.reason.as_deref().filter(|reason| !reason.is_empty()) {
            match reasons.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, names)) => names.push(&row.label),
                None => reasons.push((reason, vec![&row.label])),
            }
        }
    }
    let told = reasons.iter().map(|(reason, names)| {
        Block::entry(&fill(&words.measured.because, &[("names", &names.join(", ")), ("reason", reason)]), NOTE, width)
    });
    let mut notes: Vec<Block> = told.collect();
    for row in rows {
        if let Some(remark) = &row.warning {
            let text = fill(&words.measured.remark, &[("name", &row.label), ("remark", remark)]);
            notes.push(Block::entry(&text, NOTE, width));
        }
    }
    if let Some(first) = notes.first_mut() {
        first.above = 0.8;
    }
    blocks.extend(notes);
    blocks
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
