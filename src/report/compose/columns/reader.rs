//! The reader's part.

use crate::{
    report::{
        compose::{
            Context,
            flow::Block,
            style::{self, BODY, NOTE, RULE, WEAK},
        },
        page::{Area, Part, Role, Stroke},
        reviewed::{EpisodeKind, ReviewedEpisode, ReviewedFinding, Status, Verdict},
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
    blocks.extend(episodes(context, width));
    if review.beats.is_some() {
        let text = fill(&words.reader.beats, &[("count", &review.beats_changed.to_string())]);
        blocks.push(Block::paragraph(&text, BODY, width).spaced(0.6));
    }
    blocks
}

/// Most marked stretches that are told; of more their number.
const EPISODES: usize = 40;

/// What the reader marked on the trace, in time order.
fn episodes(context: &Context, width: f32) -> Vec<Block> {
    let (episodes, words) = (&context.content.review.episodes, context.words);
    if episodes.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::subheading(3, &words.reader.episodes, width)];
    blocks.extend(episodes.iter().take(EPISODES).map(|it| Block::entry(&episode(context, it), BODY, width)));
    if let Some(more) = episodes.len().checked_sub(EPISODES).filter(|more| *more > 0) {
        let text = fill(&words.signal.more, &[("count", &more.to_string())]);
        blocks.push(Block::paragraph(&text, style::coloured(BODY, WEAK), width));
    }
    blocks
}

fn episode(context: &Context, episode: &ReviewedEpisode) -> String {
    let (words, rate) = (context.words, context.input.recording.rate);
    let mut what = match &episode.kind {
        EpisodeKind::Rhythm { code, name } => words.rhythm(code, name),
        EpisodeKind::Noise => &words.reader.noise,
        EpisodeKind::St => &words.reader.st,
        EpisodeKind::Note => &words.reader.note,
    }
    .to_owned();
    for more in [episode.lead.as_deref(), Some(episode.text.as_str())].into_iter().flatten().filter(|text| !text.is_empty()) {
        what.push_str(", ");
        what.push_str(more);
    }
    let at = |sample| words.elapsed(rate.seconds(sample));
    let text = if episode.from == episode.to { &words.reader.event } else { &words.reader.episode };
    fill(text, &[("what", &what), ("from", &at(episode.from)), ("to", &at(episode.to))])
}

/// Whether the reader has said nothing at all.
pub fn is_unread(context: &Context) -> bool {
    let review = &context.content.review;
    let nothing =
        review.conclusion.trim().is_empty() && review.findings.is_empty() && review.episodes.is_empty() && review.beats.is_none();
    review.status == Status::Unread && nothing
}

fn entry(context: &Context, finding: &ReviewedFinding) -> String {
    let words = context.words;
    let mut text = words.finding(&finding.task, &finding.code, &words.statement(&finding.label)).to_owned();
    let machine = context.content.machine.as_ref();
    let said = machine.and_then(|machine| machine.findings.iter().find(|f| f.task == finding.task && f.code == finding.code));
    let probability =
        said.map(|said| fill(&words.reader.machine_said, &[("probability", &words.percent(said.probability.into()))]));
    let own = [words.said(&finding.certainty), finding.note.clone()];
    let notes: Vec<String> = own.into_iter().filter(|note| !note.trim().is_empty()).chain(probability).collect();
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
