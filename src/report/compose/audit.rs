//! The audit trail.

use super::{
    Context,
    flow::{Block, Piece, flow},
    style::{self, NOTE},
};
use crate::report::{
    page::{Page, Part, Role},
    text::wrap,
};

/// Where columns begin, mm, and how wide they are.
const COLUMNS: [(f32, f32); 5] = [(0.0, 36.0), (38.0, 34.0), (74.0, 76.0), (152.0, 52.0), (206.0, 54.0)];

/// The pages; a sentence where nothing was changed.
pub fn pages(context: &Context) -> Result<Vec<Page>, String> {
    let words = &context.words.audit;
    let entries = &context.input.reviewed.audit;
    if entries.is_empty() {
        return Err(words.none.clone());
    }
    let style = style::coloured(NOTE, style::INK);
    let head = |text: &String, at: (f32, f32)| Piece::new(at.0, style::bold(style), text.clone());
    let heads = [&words.when, &words.who, &words.what, &words.before, &words.after];
    let heads = || heads.iter().zip(COLUMNS).map(|(text, at)| head(text, at)).collect::<Vec<_>>();
    let mut rows = Vec::new();
    for entry in entries {
        let cells = [&entry.when, &entry.who, &entry.what, &entry.before, &entry.after];
        let wrapped: Vec<Vec<String>> =
            cells.iter().zip(COLUMNS).map(|(text, (_, width))| wrap(text, style.weight, style.size, width)).collect();
        let lines = wrapped.iter().map(Vec::len).max().unwrap_or(0);
        for line in 0..lines {
            let pieces =
                wrapped.iter().zip(COLUMNS).filter_map(|(cell, (x, _))| Some(Piece::new(x, style, cell.get(line)?.clone())));
            rows.push(pieces.collect());
        }
    }
    let mut rest = vec![Block::table(rows)];
    let mut pages = Vec::new();
    while !rest.is_empty() {
        let (mut page, area) = context.titled(&words.heading);
        let mut blocks = vec![Block::table(vec![heads()])];
        blocks.append(&mut rest);
        let (parts, _, left) = flow(blocks, area);
        page.parts.push(Part::of(Role::Section, parts));
        pages.push(page);
        rest = left;
    }
    Ok(pages)
}
