//! The reader's part.

use crate::{
    report::{
        compose::{
            Context,
            flow::Block,
            style::{self, BODY, NOTE, RULE, WEAK},
        },
        page::{Area, Part, Role, Stroke},
        reviewed::{ReviewedFinding, Status, Verdict},
    },
    words::fill,
};

/// The blocks of the column.
pub fn reader(context: &Context, width: f32) -> Vec<Block> {
    let (review, words) = (&context.content.review, context.words);
    let heading = match &review.reader {
        Some(reader) => format!("{}: {reader}", words.reader.heading),
        None => words.reader.heading.clone(),
    };
    let mut blocks = vec![Block::heading(2, &heading, width)];
    if is_unread(context) {
        blocks.push(Block::paragraph(&words.reader.nobody, BODY, width));
        return blocks;
    }
    blocks.push(Block::subheading(3, &words.reader.conclusion, width));
    match review.conclusion.trim() {
        "" => blocks.push(Block::paragraph(&words.reader.no_conclusion, style::coloured(BODY, WEAK), width)),
        text => blocks.push(Block::paragraph(text, style::bold(BODY), width)),
    }
    for (verdict, heading) in [
        (Verdict::Accepted, &words.reader.accepted),
        (Verdict::Added, &words.reader.added),
        (Verdict::Rejected, &words.reader.rejected),
    ] {
        let findings: Vec<&ReviewedFinding> = review.findings.iter().filter(|finding| finding.verdict == verdict).collect();
        blocks.push(Block::subheading(3, heading, width));
        if findings.is_empty() {
            blocks.push(Block::paragraph(&words.reader.none, style::coloured(BODY, WEAK), width));
        }
        blocks.extend(findings.into_iter().map(|finding| Block::entry(&entry(context, finding), BODY, width)));
    }
    if review.beats.is_some() {
        let text = fill(&words.reader.beats, &[("count", &review.beats_changed.to_string())]);
        blocks.push(Block::paragraph(&text, BODY, width).spaced(0.6));
    }
    blocks
}

/// Whether the reader has said nothing at all.
pub fn is_unread(context: &Context) -> bool {
    let review = &context.content.review;
    let nothing = review.conclusion.trim().is_empty() && review.findings.is_empty() && review.beats.is_none();
    review.status == Status::Unread && nothing
}

fn entry(context: &Context, finding: &ReviewedFinding) -> String {
    let words = context.words;
    let mut text = words.finding(&finding.task, &finding.code, &words.statement(&finding.label)).to_owned();
    let machine = context.content.machine.as_ref();
    let said = machine.and_then(|machine| machine.findings.iter().find(|f| f.task == finding.task && f.code == finding.code));
    let probability =
        said.map(|said| fill(&words.reader.machine_said, &[("probability", &words.percent(said.probability.into()))]));
    let notes: Vec<String> =
        Some(finding.note.trim().to_owned()).filter(|note| !note.is_empty()).into_iter().chain(probability).collect();
    if !notes.is_empty() {
        text.push_str(&format!(" ({})", notes.join("; ")));
    }
    text
}

/// A line to sign on, where the column has room for one.
pub fn signature(context: &Context, area: Area, end: f32) -> Option<Part> {
    let y = area.bottom() - 3.4;
    (y - end > 7.0).then(|| {
        let items = vec![
            style::line(area.x, y, area.right(), y, Stroke { colour: RULE, width: 0.2 }),
            style::text(area.x, y + 2.6, NOTE, context.words.reader.sign.clone()),
        ];
        Part::new(Role::Paragraph, items)
    })
}
