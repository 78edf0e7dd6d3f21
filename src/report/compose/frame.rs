//! What stands on every page: title, institution, whose recording, status, foot.

use super::{
    Context,
    flow::cut,
    scale::{BAND, BOTTOM, TOP, WIDTH},
    style::{self, ALERT, GOOD, NOTE, RULE, TITLE, WEAK},
};
use crate::{
    report::{
        page::{Anchor, Area, Item, Page, Part, Role, Stroke, Type, Weight},
        reviewed::Status,
        text::{printable, width_mm, wrap},
    },
    words::fill,
};

/// Width of the box with the status, mm.
const STATUS: f32 = 104.0;
/// Widest logo, mm.
const LOGO: f32 = 40.0;

/// Adds bands and feet to all pages.
pub fn finish(context: &Context, pages: &mut [Page]) {
    let count = pages.len();
    for (index, page) in pages.iter_mut().enumerate() {
        let mut parts = band(context, page, index == 0);
        parts.append(&mut page.parts);
        page.parts = parts;
        page.parts.push(foot(context, page, index + 1, count));
    }
}

fn band(context: &Context, page: &Page, first: bool) -> Vec<Part> {
    let x = 0.5 * (page.width - WIDTH);
    let mut parts = Vec::new();
    let mut left = x;
    if let Some(logo) = &context.options.template.logo {
        let height = (BAND - 1.5).min(LOGO / logo.ratio);
        let area = Area::new(x, TOP + 0.5 * (BAND - 1.5 - height), height * logo.ratio, height);
        parts.push(Part::new(Role::Decoration, vec![Item::Picture { area, png: logo.png.clone() }]));
        left += area.width + 2.5;
    }
    let room = x + WIDTH - STATUS - 3.0 - left;
    let (content, words) = (context.content, context.words);
    // The institution has the upper line to itself, as large as its name leaves it; the title then begins the lower one.
    let institution = context.options.template.institution.as_deref();
    let small = Type { size: 7.5, ..TITLE };
    let (style, y) = if institution.is_some() { (small, TOP + 8.0) } else { (TITLE, TOP + 4.2) };
    if let Some(name) = institution {
        let fits = |size: &f32| width_mm(name, Weight::Bold, *size) <= room;
        let size = [11.0, 10.0, 9.0, 8.0, 7.0].into_iter().find(fits).unwrap_or(7.0);
        let own = Type { size, ..TITLE };
        let text = cut(name, own.weight, own.size, room);
        parts.push(Part::new(Role::Paragraph, vec![style::text(left, TOP + 4.2, own, text)]));
    }
    let level = Role::Heading(if first { 1 } else { 2 });
    parts.push(Part::new(level, vec![style::text(left, y, style, words.report.title.clone())]));
    let mut after = left + width_mm(&words.report.title, style.weight, style.size) + 4.0;
    if content.recording.simulated {
        let style = style::coloured(style, ALERT);
        parts.push(Part::new(Role::Paragraph, vec![style::text(after, y, style, words.report.simulated.clone())]));
        after += width_mm(&words.report.simulated, style.weight, style.size) + 4.0;
    }
    let begin = if institution.is_some() { after } else { left };
    // Below the title: whose, so that a page that is lost tells to whom it belongs.
    let patient = &content.patient;
    let whose: Vec<&str> = [
        patient.name.as_deref(),
        patient.id.as_deref(),
        Some(content.recording.record.as_str()),
        context.options.template.address.as_deref(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let whose = cut(&whose.join("  ·  "), Weight::Regular, 7.5, left + room - begin);
    let style = Type { size: 7.5, weight: Weight::Regular, colour: WEAK };
    parts.push(Part::new(Role::Paragraph, vec![style::text(begin, TOP + 8.0, style, whose)]));
    parts.push(status(context, x + WIDTH - STATUS));
    parts
}

/// The status in its box, as large as fits on one line, or on two.
fn status(context: &Context, x: f32) -> Part {
    let confirmed = context.content.review.status == Status::Confirmed;
    let colour = if confirmed { GOOD } else { ALERT };
    let area = Area::new(x, TOP, STATUS, BAND - 1.5);
    let edge = Item::Areas { areas: vec![area], fill: None, stroke: Some(Stroke { colour, width: 0.5 }) };
    let text = &context.content.status;
    let width = STATUS - 3.0;
    let middle = area.x + 0.5 * area.width;
    let mut items = vec![edge];
    match [11.0, 10.0, 9.0].into_iter().find(|size| width_mm(text, Weight::Bold, *size) <= width) {
        Some(size) => {
            let style = Type { size, weight: Weight::Bold, colour };
            items.push(style::anchored(middle, TOP + 0.5 * area.height + size * 0.13, Anchor::Middle, style, text.clone()));
        }
        None => {
            let style = Type { size: 7.5, weight: Weight::Bold, colour };
            let lines = wrap(text, style.weight, style.size, width);
            for (index, line) in lines.into_iter().take(2).enumerate() {
                items.push(style::anchored(middle, TOP + 3.4 + 3.2 * index as f32, Anchor::Middle, style, line));
            }
        }
    }
    Part::new(Role::Paragraph, items)
}

fn foot(context: &Context, page: &Page, number: usize, count: usize) -> Part {
    let (content, words) = (context.content, context.words);
    let x = 0.5 * (page.width - WIDTH);
    let y = page.height - BOTTOM;
    let mut items = vec![style::line(x, y - 3.4, x + WIDTH, y - 3.4, Stroke { colour: RULE, width: 0.15 })];
    let notice = style::coloured(style::bold(NOTE), ALERT);
    items.push(style::text(x, y - 0.6, notice, content.notice.clone()));
    let mut said = vec![fill(
        &words.report.software,
        &[("software", &content.software), ("printed", &format!("{} UTC", words.moment(context.input.made)))],
    )];
    if page.texts().iter().any(|text| printable(&text.text).1) {
        said.push(words.report.missing_characters.clone());
    }
    said.extend(context.options.template.footer.clone());
    let left = x + width_mm(&content.notice, notice.weight, notice.size) + 3.0;
    let pages = fill(&words.report.page, &[("page", &number.to_string()), ("pages", &count.to_string())]);
    let right = x + WIDTH - width_mm(&pages, NOTE.weight, NOTE.size) - 3.0;
    let said = cut(&said.join(" · "), NOTE.weight, NOTE.size, right - left);
    items.push(style::text(left, y - 0.6, NOTE, said));
    items.push(style::anchored(x + WIDTH, y - 0.6, Anchor::End, NOTE, pages));
    Part::new(Role::Paragraph, items)
}
