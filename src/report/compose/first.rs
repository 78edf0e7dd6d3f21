//! The first page, and what did not fit on it.

use super::{
    Context, columns,
    ecg::{self, Plan},
    flow::{Block, cut, flow},
    scale::body,
    style::{self, BODY, EDGE, MACHINE, NOTE},
};
use crate::{
    layout::Shows,
    report::{
        ReportError,
        page::{Area, Item, Page, Part, Role},
        text::width_mm,
    },
    signal::filter::Mains,
    words::fill,
};

/// Widths of the four columns, mm, and the space between them.
const COLUMNS: [f32; 4] = [52.0, 56.0, 80.0, 63.0];
/// The same where the reader has said nothing: the machine's part gets the room, in two columns.
const UNREAD: [f32; 4] = [50.0, 54.0, 34.0, 113.0];
const BETWEEN: f32 = 3.0;
/// Space between a box and its text.
const PADDING: f32 = 1.5;

/// What of the text fits above the paper of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fits {
    /// Not all that the reader says.
    Less,
    /// All that the reader says.
    Reader,
    /// All.
    All,
}

/// What fits above the paper of a plan.
pub fn fits(context: &Context, plan: &Plan) -> Fits {
    let rest = above(context, plan, &mut context.blank(""));
    match rest.iter().map(|(column, _)| *column).collect::<Vec<_>>().as_slice() {
        [] => Fits::All,
        columns if columns.contains(&READER) => Fits::Less,
        _ => Fits::Reader,
    }
}

/// The first page, and further ones where the columns do not hold all.
pub fn pages(context: &Context, plan: &Plan) -> Result<Vec<Page>, ReportError> {
    let mut page = context.blank(&context.words.report.title);
    let rest = above(context, plan, &mut page);
    let drawn = ecg::draw(context, plan)?;
    page.parts.extend(drawn.parts);
    page.parts.push(caption(context, plan, &drawn.clipped));
    let mut pages = vec![page];
    if !rest.is_empty() {
        pages.extend(further(context, rest));
    }
    Ok(pages)
}

/// Which column is the reader's, and which the machine's.
const READER: usize = 2;
const MACHINE_PART: usize = 3;

/// Sets what stands above the paper; gives what did not fit, by column.
fn above(context: &Context, plan: &Plan, page: &mut Page) -> Vec<(usize, Vec<Block>)> {
    let body = body(context.options.paper.size());
    let mut bottom = plan.paper.y - 1.5;
    if let Some(header) = &context.options.template.header {
        let text = cut(header, BODY.weight, BODY.size, body.width);
        page.parts.push(Part::new(Role::Paragraph, vec![style::text(body.x, plan.paper.y - 1.2, BODY, text)]));
        bottom -= style::leading(BODY.size) + 0.5;
    }
    let mut rest = Vec::new();
    let mut x = body.x;
    let unread = columns::is_unread(context);
    // Remarks on measurements stand below the table where there is room for all of them, else with the rest of what the machine says.
    let mut remarks_apart = false;
    for (index, width) in if unread { UNREAD } else { COLUMNS }.into_iter().enumerate() {
        let column = Area::new(x, body.y, width, bottom - body.y);
        x += width + BETWEEN;
        let boxed = index >= READER;
        if boxed {
            let tint = (index == MACHINE_PART).then_some(MACHINE);
            page.parts
                .push(Part::new(Role::Decoration, vec![Item::Areas { areas: vec![column], fill: tint, stroke: Some(EDGE) }]));
        }
        let inner = if boxed { column.inset(PADDING) } else { Area { width: column.width, ..column.inset(0.0) } };
        if index == MACHINE_PART && unread {
            rest.extend(in_two(context, inner, remarks_apart, page).map(|left| (index, left)));
            continue;
        }
        let blocks = match index {
            0 => columns::recording(context, inner.width),
            1 => {
                let (table, remarks) = (columns::measured(context, inner.width), columns::remarks(context, inner.width));
                let both: Vec<Block> = table.iter().chain(&remarks).cloned().collect();
                remarks_apart = !flow(both.clone(), inner).2.is_empty();
                if remarks_apart { table } else { both }
            }
            READER => columns::reader(context, inner.width),
            _ => machine(context, inner.width, remarks_apart),
        };
        let (parts, end, left) = flow(blocks.clone(), inner);
        if left.is_empty() {
            page.parts.push(Part::of(Role::Section, parts));
            if index == READER && !context.confirmed() {
                page.parts.extend(columns::signature(context, inner, end));
            }
            continue;
        }
        // Once more, with room for the line that says where it goes on.
        let note = style::leading(NOTE.size);
        let shorter = Area { height: inner.height - note, ..inner };
        let (mut parts, end, left) = flow(blocks, shorter);
        let words = fill(&context.words.report.continued, &[("page", "2")]);
        parts.push(Part::new(Role::Paragraph, vec![style::text(inner.x, end + note * 0.75, style::bold(NOTE), words)]));
        page.parts.push(Part::of(Role::Section, parts));
        rest.push((index, left));
    }
    rest
}

/// The machine's part, with the remarks on measurements where they stand apart from them.
fn machine(context: &Context, width: f32, with_remarks: bool) -> Vec<Block> {
    let mut blocks = columns::machine(context, width);
    if with_remarks {
        blocks.push(Block::subheading(3, &context.words.measured.heading, width));
        blocks.extend(columns::remarks(context, width));
    }
    blocks
}

/// The machine's part in two columns side by side; what does not fit there.
fn in_two(context: &Context, area: Area, with_remarks: bool, page: &mut Page) -> Option<Vec<Block>> {
    let width = 0.5 * (area.width - BETWEEN);
    let column = |number: f32, less: f32| Area::new(area.x + number * (width + BETWEEN), area.y, width, area.height - less);
    let blocks = machine(context, width, with_remarks);
    let (first, _, left) = flow(blocks, column(0.0, 0.0));
    let (second, _, over) = flow(left.clone(), column(1.0, 0.0));
    if over.is_empty() {
        page.parts.push(Part::of(Role::Section, first.into_iter().chain(second).collect()));
        return None;
    }
    let note = style::leading(NOTE.size);
    let (mut second, end, over) = flow(left, column(1.0, note));
    let words = fill(&context.words.report.continued, &[("page", "2")]);
    let place = style::text(column(1.0, 0.0).x, end + note * 0.75, style::bold(NOTE), words);
    second.push(Part::new(Role::Paragraph, vec![place]));
    page.parts.push(Part::of(Role::Section, first.into_iter().chain(second).collect()));
    Some(over)
}

/// What did not fit, in three columns.
fn further(context: &Context, rest: Vec<(usize, Vec<Block>)>) -> Vec<Page> {
    let body = body(context.options.paper.size());
    let title = fill(&context.words.report.more, &[("page", "1")]);
    let mut blocks: Vec<Block> = rest
        .into_iter()
        .flat_map(|(_, mut blocks)| {
            if let Some(first) = blocks.first_mut() {
                first.above = 3.0;
            }
            blocks
        })
        .collect();
    let width = (body.width - 2.0 * BETWEEN) / 3.0;
    let mut pages = Vec::new();
    while !blocks.is_empty() {
        let mut page = context.blank(&title);
        page.parts.push(Part::new(Role::Heading(2), vec![style::text(body.x, body.y + 3.5, style::HEADING, title.clone())]));
        for column in 0..3 {
            let x = body.x + (width + BETWEEN) * column as f32;
            let before = blocks.len();
            let (parts, _, left) = flow(blocks, Area::new(x, body.y + 6.0, width, body.height - 6.0));
            blocks = left;
            page.parts.push(Part::of(Role::Section, parts));
            // A block that no column can hold would go round for ever.
            if column == 0 && blocks.len() == before && blocks.first().is_some_and(|block| block.height() > body.height) {
                blocks.remove(0);
            }
        }
        pages.push(page);
    }
    pages
}

/// What stands below the paper.
fn caption(context: &Context, plan: &Plan, clipped: &[String]) -> Part {
    let words = context.words;
    let paper = plan.paper;
    let scale = format!("{}  {}", context.scale_words(), band(context));
    let main = style::bold(BODY);
    let mut items = vec![style::text(paper.x, paper.bottom() + 2.9, main, scale.clone())];
    let mut x = paper.x + width_mm(&scale, main.weight, main.size) + 3.0;
    let mut alert = |text: String, items: &mut Vec<Item>| {
        let style = style::coloured(style::bold(NOTE), style::ALERT);
        let width = width_mm(&text, style.weight, style.size);
        items.push(style::text(x, paper.bottom() + 2.9, style, text));
        x += width + 3.0;
    };
    if !context.content.page.diagnostic_band {
        alert(words.paper.not_diagnostic.clone(), &mut items);
    }
    if !clipped.is_empty() {
        alert(fill(&words.paper.clipped, &[("leads", &clipped.join(", "))]), &mut items);
    }
    let mut notes = Vec::new();
    if plan.layout.shows == Shows::MedianBeats {
        notes.push(words.paper.median_in_layout.clone());
    } else {
        if plan.layout.columns > 1 {
            notes.push(if plan.layout.is_sequential() {
                words.paper.sequential.clone()
            } else {
                words.paper.simultaneous.clone()
            });
        } else if plan.groups > 1 {
            notes.push(words.paper.wrapped.clone());
        }
        notes.push(fill(&words.paper.layout, &[("layout", &words.said(&plan.layout.words()))]));
    }
    let ms = words.trimmed(f64::from(1000.0 / context.options.speed.mm_per_s()), 1);
    let mv = words.trimmed(f64::from(1.0 / context.options.gain.mm_per_mv()), 2);
    notes.push(fill(&words.paper.true_scale, &[("ms", &ms), ("mv", &mv)]));
    notes.push(words.paper.centred.clone());
    if context.content.beats.all > context.content.beats.by_class[0] + context.content.beats.unclassified {
        notes.push(match context.content.beats.corrected {
            true => words.paper.beats_reader.clone(),
            false => words.paper.beats_machine.clone(),
        });
    }
    let notes = cut(&notes.join(" · "), NOTE.weight, NOTE.size, paper.width);
    items.push(style::text(paper.x, paper.bottom() + 5.7, NOTE, notes));
    Part::new(Role::Paragraph, items)
}

/// The filters in words, and what the sampling cannot hold.
fn band(context: &Context) -> String {
    let paper = &context.words.paper;
    let hz = |hz: f64| context.words.trimmed(hz, 2);
    let filter = &context.options.filter;
    // A recorder that samples slowly has no high frequencies, whatever the filter lets through.
    let highest = context.input.recording.leads.iter().map(|lead| lead.rate.hz()).fold(f64::INFINITY, f64::min) / 2.0;
    let limited = highest.is_finite() && filter.low_pass.is_none_or(|low_pass| low_pass > highest);
    let low_pass = filter.low_pass.filter(|_| !limited);
    let mut parts = vec![match (filter.high_pass, low_pass) {
        (Some(low), Some(high)) => fill(&paper.band, &[("low", &hz(low)), ("high", &hz(high))]),
        (Some(low), None) => fill(&paper.band_from, &[("low", &hz(low))]),
        (None, Some(high)) => fill(&paper.band_to, &[("high", &hz(high))]),
        (None, None) => paper.unfiltered.clone(),
    }];
    if limited {
        parts.push(fill(&paper.recorded_band, &[("rate", &hz(2.0 * highest)), ("high", &hz(highest))]));
    }
    match filter.mains {
        Mains::Off => {}
        Mains::Auto => parts.push(paper.mains_auto.clone()),
        Mains::Hz50 => parts.push(fill(&paper.mains_hz, &[("hz", "50")])),
        Mains::Hz60 => parts.push(fill(&paper.mains_hz, &[("hz", "60")])),
    }
    parts.join(", ")
}
