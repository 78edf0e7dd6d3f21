//! Median beats with the places they were measured at, and what was measured in each lead.

use super::{
    Context,
    flow::{Block, Piece, flow},
    grid,
    scale::Scale,
    style::{self, BODY, LEAD, NOTE, TRACE},
    trace::{Place, trace},
};
use crate::{
    analysis::MedianBeatView,
    report::page::{Area, Colour, Item, Page, Part, Point, Role, Stroke},
    signal::median_beat::MedianBeat,
    words::fill,
};

/// Marks of P, QRS and T: hues that differ for the common kinds of colour blindness too; a letter says the same.
const MARKS: [Colour; 3] = [Colour(0, 122, 84), Colour(96, 40, 150), Colour(150, 88, 0)];
/// Tiles side by side, and on a page.
const COLUMNS: usize = 4;
const ON_A_PAGE: usize = 12;
/// Measured in each lead, as the table lists it.
const IN_LEADS: [&str; 12] = [
    "p_amplitude",
    "q_amplitude",
    "r_amplitude",
    "s_amplitude",
    "qrs_pp",
    "st_j",
    "st_j60",
    "st_j80",
    "t_amplitude",
    "q_duration",
    "r_duration",
    "s_duration",
];

/// The pages; `Err` with a sentence where there is nothing to show.
pub fn pages(context: &Context) -> Result<Vec<Page>, String> {
    let words = context.words;
    let view = context.input.analysis.and_then(|analysis| analysis.median_beat.as_ref());
    let Some(view) = view.filter(|view| !view.beats.leads.is_empty()) else { return Err(words.median.none.clone()) };
    Ok(view.beats.leads.chunks(ON_A_PAGE).map(|leads| page(context, view, leads)).collect())
}

fn page(context: &Context, view: &MedianBeatView, leads: &[MedianBeat]) -> Page {
    let words = context.words;
    let (mut page, area) = context.titled(&words.median.heading);
    let rows = leads.len().div_ceil(COLUMNS).max(1);
    let table = table(context, leads, area.width);
    let room = area.height - table.height() - 6.0;
    let width = (area.width / COLUMNS as f32 / 5.0).floor() * 5.0 - 5.0;
    let height = ((room / rows as f32 - 2.0).min(60.0) / 5.0).floor() * 5.0;
    let scale = scale(view, leads, width, height);
    let made_of = fill(
        &words.median.made_of,
        &[
            ("used", &view.beats.beats_used.len().to_string()),
            ("alike", &view.beats.alike.to_string()),
            ("looked", &view.beats.looked_at.to_string()),
        ],
    );
    let said = format!("{} {} · {}", made_of, words.median.marks, context.words_of(scale));
    page.parts.push(Part::new(Role::Paragraph, vec![style::text(area.x, area.y + 2.5, NOTE, said)]));
    let mut papers = Vec::new();
    let mut inside = Vec::new();
    for (index, beat) in leads.iter().enumerate() {
        let x = area.x + (index % COLUMNS) as f32 * (width + 5.0 + 5.0 / 3.0);
        let y = area.y + 4.5 + (index / COLUMNS) as f32 * (height + 2.0);
        let tile = Area::new(x, y, width, height);
        papers.push(grid::grid(tile));
        inside.push(Item::Clip { area: tile, items: draw(view, beat, tile, scale) });
    }
    page.parts.extend(papers);
    let names: Vec<String> = leads.iter().map(|beat| beat.lead.to_string()).collect();
    page.parts.push(Part::new(Role::Figure(fill(&words.median.figure, &[("leads", &names.join(", "))])), inside));
    let below = area.y + 4.5 + rows as f32 * (height + 2.0) + 0.5;
    let (parts, _, _) = flow(
        vec![Block::subheading(3, &words.median.table, area.width), table],
        Area { y: below, height: area.bottom() - below, ..area },
    );
    page.parts.push(Part::of(Role::Section, parts));
    page
}

/// Twice the usual speed and gain where all fits, else the gain that does.
fn scale(view: &MedianBeatView, leads: &[MedianBeat], width: f32, height: f32) -> Scale {
    let valid = leads.iter().flat_map(|beat| &beat.samples).filter(|value| value.is_finite());
    let (low, high) = valid.fold((0.0f32, 0.0f32), |(low, high), value| (low.min(*value), high.max(*value)));
    let seconds = leads.iter().map(|beat| beat.samples.len()).max().unwrap_or(0) as f64 / view.beats.rate.hz();
    let mm_per_s = if seconds * 50.0 <= f64::from(width) { 50.0 } else { 25.0 };
    let mm_per_mv = [20.0, 10.0, 5.0].into_iter().find(|gain| (high - low) * gain <= height - 6.0).unwrap_or(2.5);
    Scale { mm_per_s, mm_per_mv }
}

/// Draws one tile: marks, trace, name. Also for layouts of median beats.
pub fn draw(view: &MedianBeatView, beat: &MedianBeat, tile: Area, scale: Scale) -> Vec<Item> {
    let rate = view.beats.rate.hz();
    let valid = beat.samples.iter().filter(|value| value.is_finite());
    let (low, high) = valid.fold((0.0f32, 0.0f32), |(low, high), value| (low.min(*value), high.max(*value)));
    // What the tile holds lies in its middle; the base line on a line of the paper.
    let base = (0.5 * tile.height + 0.5 * (high + low) * scale.mm_per_mv).round();
    let x = tile.x + 1.0;
    let mut items = Vec::new();
    let global = &view.fiducials.global;
    for ((wave, name), colour) in [(global.p, "P"), (global.qrs, "QRS"), (global.t, "T")].into_iter().zip(MARKS) {
        let Some(wave) = wave else { continue };
        let at = |sample: f64| x + ((view.beats.origin as f64 + sample) / rate * f64::from(scale.mm_per_s)) as f32;
        let lines = [wave.onset, wave.offset].map(|sample| {
            let x = at(sample);
            vec![Point { x, y: tile.bottom() - 4.0 }, Point { x, y: tile.y + 4.0 }]
        });
        items.push(Item::Lines { lines: lines.to_vec(), stroke: Stroke { colour, width: 0.15 } });
        items.push(style::text(at(wave.onset) + 0.4, tile.bottom() - 1.2, style::coloured(NOTE, colour), name));
    }
    let drawn = trace(&beat.samples, rate, Place { x, y: tile.y + base, level: 0.0, inverted: false }, scale);
    items.push(Item::Lines { lines: drawn.lines, stroke: TRACE });
    items.push(style::text(tile.x + 1.2, tile.y + 3.4, LEAD, beat.lead.to_string()));
    items
}

/// What was measured in each lead: a column a lead.
fn table(context: &Context, leads: &[MedianBeat], width: f32) -> Block {
    const NAME: f32 = 20.0;
    let words = context.words;
    let step = (width - NAME) / leads.len().max(1) as f32;
    let step = step.min(24.0);
    let at = |index: usize| NAME + step * (index as f32 + 0.9);
    let head = std::iter::once(Piece::new(0.0, style::bold(NOTE), ""))
        .chain(leads.iter().enumerate().map(|(index, beat)| Piece::right(at(index), style::bold(NOTE), beat.lead.to_string())));
    let mut rows: Vec<Vec<Piece>> = vec![head.collect()];
    let measurements = context.input.analysis.map(|analysis| &analysis.measurements);
    for name in IN_LEADS {
        let mut row = vec![Piece::new(0.0, NOTE, words.measurement(name))];
        for (index, beat) in leads.iter().enumerate() {
            let value = measurements.and_then(|all| all.in_lead(name, &beat.lead));
            let decimals = if name.ends_with("_duration") { 0 } else { 2 };
            let text = value.map_or_else(|| "\u{2013}".to_owned(), |value| words.number(value, decimals));
            row.push(Piece::right(at(index), style::coloured(NOTE, BODY.colour), text));
        }
        rows.push(row);
    }
    Block::table(rows)
}
