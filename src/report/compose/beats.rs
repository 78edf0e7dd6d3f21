//! Beat census and examples of each class.

use super::{
    Context,
    flow::{Block, Piece, flow},
    scale::Scale,
    strip::{self, Wanted},
    style::{self, BODY, NOTE, WEAK},
};
use crate::{
    recording::{BeatLabel, SampleIndex},
    report::{
        ReportError,
        content::beats_of,
        page::{Area, Page, Part, Role},
    },
    words::{Words, fill},
};

/// Examples of a class.
const EXAMPLES: usize = 4;
/// Width and height of an example's paper, mm.
const EXAMPLE: (f32, f32) = (60.0, 25.0);

/// What a class is called.
pub fn class(words: &Words, label: Option<BeatLabel>) -> &str {
    match label {
        Some(BeatLabel::N) => &words.beats.class_n,
        Some(BeatLabel::S) => &words.beats.class_s,
        Some(BeatLabel::V) => &words.beats.class_v,
        Some(BeatLabel::F) => &words.beats.class_f,
        Some(BeatLabel::Q) => &words.beats.class_q,
        None => &words.beats.unclassified,
    }
}

/// The pages; a sentence where there is nothing to show.
pub fn pages(context: &Context) -> Result<Result<Vec<Page>, String>, ReportError> {
    let words = context.words;
    let beats = beats_of(context.input);
    if beats.is_empty() {
        return Ok(Err(words.beats.none.clone()));
    }
    let (mut page, area) = context.titled(&words.beats.heading);
    let (parts, end, _) = flow(census(context, beats.len(), area.width), area);
    page.parts.push(Part::of(Role::Section, parts));
    page.parts
        .push(Part::new(Role::Heading(3), vec![style::text(area.x, end + 5.0, style::HEADING, words.beats.examples.clone())]));
    let scale = Scale::new(context.options.speed, context.options.gain);
    let leads = strip::rhythm_leads(context, 1);
    let mut y = end + 11.0;
    for label in BeatLabel::ALL.map(Some).into_iter().chain([None]) {
        let of_class: Vec<SampleIndex> = beats.iter().filter(|(_, own)| *own == label).map(|(at, _)| *at).collect();
        if of_class.is_empty() || y + EXAMPLE.1 > area.bottom() {
            continue;
        }
        for (column, at) in spread(&of_class).into_iter().enumerate() {
            let place = Area::new(area.x + column as f32 * (EXAMPLE.0 + 20.0 / 3.0), y, EXAMPLE.0, EXAMPLE.1);
            let wanted = example(context, label, at, &leads, f64::from(EXAMPLE.0 / scale.mm_per_s));
            page.parts.extend(strip::strip(context, &wanted, place, scale)?);
        }
        y += EXAMPLE.1 + 5.0;
    }
    Ok(Ok(vec![page]))
}

fn census(context: &Context, all: usize, width: f32) -> Vec<Block> {
    let (words, counts) = (context.words, &context.content.beats);
    const COLUMNS: [f32; 3] = [70.0, 90.0, 105.0];
    let head = style::bold(BODY);
    let mut rows = vec![vec![
        Piece::new(0.0, head, words.beats.class.clone()),
        Piece::right(COLUMNS[1], head, words.beats.count.clone()),
        Piece::right(COLUMNS[2], head, words.beats.share.clone()),
    ]];
    let labelled = BeatLabel::ALL.map(Some).into_iter().zip(counts.by_class).chain([(None, counts.unclassified)]);
    for (label, count) in labelled.filter(|(label, count)| label.is_some() || *count > 0) {
        let style = if count > 0 { BODY } else { style::coloured(BODY, WEAK) };
        let letter = label.map_or("", |label| label.letter());
        rows.push(vec![
            Piece::new(0.0, style, format!("{letter}  {}", class(words, label))),
            Piece::right(COLUMNS[1], style, count.to_string()),
            Piece::right(COLUMNS[2], style, words.percent(count as f64 / all.max(1) as f64)),
        ]);
    }
    rows.push(vec![
        Piece::new(0.0, head, words.beats.total.clone()),
        Piece::right(COLUMNS[1], head, all.to_string()),
        Piece::right(COLUMNS[2], head, ""),
    ]);
    let whose = if counts.corrected { &words.beats.reader } else { &words.beats.machine };
    let mut blocks =
        vec![Block::heading(3, &words.beats.census, width), Block::table(rows), Block::paragraph(whose, NOTE, width).spaced(1.0)];
    let measured = context.input.analysis.map(|analysis| &analysis.measurements);
    let value = |name: &str| measured.and_then(|all| all.value(name));
    if let (Some(mean), Some(lowest), Some(highest)) = (value("rr_mean"), value("heart_rate_min"), value("heart_rate_max")) {
        let text = fill(
            &words.beats.rr,
            &[("mean", &words.number(mean, 0)), ("lowest", &words.number(lowest, 0)), ("highest", &words.number(highest, 0))],
        );
        blocks.push(Block::paragraph(&text, NOTE, width));
    }
    blocks
}

/// Examples from all over the recording.
fn spread(beats: &[SampleIndex]) -> Vec<SampleIndex> {
    let count = beats.len().min(EXAMPLES);
    (0..count).filter_map(|i| beats.get((2 * i + 1) * beats.len() / (2 * count)).copied()).collect()
}

fn example<'a>(context: &Context, label: Option<BeatLabel>, at: SampleIndex, leads: &'a [usize], seconds: f64) -> Wanted<'a> {
    let (words, recording) = (context.words, context.input.recording);
    let time = recording.rate.seconds(at);
    let machine = context.input.analysis.filter(|_| !context.content.beats.corrected);
    let beat = machine.and_then(|analysis| analysis.beats.iter().find(|beat| beat.sample == at));
    let letter = label.map_or(words.beats.unclassified.as_str(), |label| label.letter());
    let (clock, probability) = (words.elapsed(time), beat.and_then(|beat| beat.probability));
    let title = match probability {
        Some(probability) => fill(
            &words.beats.example_probability,
            &[("class", letter), ("time", &clock), ("probability", &words.percent(probability.into()))],
        ),
        None => fill(&words.beats.example, &[("class", letter), ("time", &clock)]),
    };
    let lead = leads.first().and_then(|lead| recording.leads.get(*lead)).map(|signal| signal.lead.to_string());
    let alt = fill(&words.beats.figure, &[("class", class(words, label)), ("lead", &lead.unwrap_or_default()), ("time", &clock)]);
    Wanted { title, alt, from_s: time - 0.5 * seconds, marks: vec![time], leads }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_spread_and_differ() {
        let beats: Vec<SampleIndex> = (0..1000).map(SampleIndex).collect();
        assert_eq!(spread(&beats), [125, 375, 625, 875].map(SampleIndex));
        assert_eq!(spread(&beats[..3]).len(), 3);
        assert_eq!(spread(&beats[..1]), [SampleIndex(0)]);
        assert!(spread(&[]).is_empty());
    }
}
