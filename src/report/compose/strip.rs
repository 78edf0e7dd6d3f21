//! A labelled strip of paper with a few leads, for examples and events.

use super::{
    Context,
    ecg::name_heights,
    flow::cut,
    free::first_free,
    grid,
    scale::Scale,
    style::{self, LEAD, NOTE, NOTHING, TRACE},
    trace::{Place, trace},
};
use crate::{
    layout::rhythm_lead,
    recording::LeadName,
    report::{
        ReportError,
        page::{Area, Item, Part, Point, Role, Stroke},
        strips::Strip,
    },
};

/// What a strip shows.
pub struct Wanted<'a> {
    /// Said above it.
    pub title: String,
    /// What it is, for a reader who listens.
    pub alt: String,
    /// First second.
    pub from_s: f64,
    /// Times to point at, seconds.
    pub marks: Vec<f64>,
    /// Leads by number in the recording; each gets an equal part of the height.
    pub leads: &'a [usize],
}

/// Leads that show a rhythm: the one for rhythm strips, then V1 or the next that was recorded.
pub fn rhythm_leads(context: &Context, most: usize) -> Vec<usize> {
    let names: Vec<LeadName> = context.input.recording.leads.iter().map(|signal| signal.lead.clone()).collect();
    let mut leads: Vec<usize> = rhythm_lead(&names).into_iter().collect();
    let v1 = names.iter().position(|name| name.to_string() == "V1");
    let recorded = (0..names.len()).filter(|lead| !context.input.recording.leads[*lead].is_derived());
    for lead in v1.into_iter().chain(recorded) {
        if leads.len() < most && !leads.contains(&lead) {
            leads.push(lead);
        }
    }
    leads.truncate(most);
    leads
}

/// Smaller gains that a strip is drawn with where it is too tall for the one that was asked for, mm/mV.
const GAINS: [f32; 3] = [10.0, 5.0, 2.5];
/// Room above and below a trace, mm.
const MARGIN: f32 = 0.5;

/// The scale that was asked for, or the largest gain below it at which no trace is cut off; what does not fit at the smallest is cut.
pub fn fitting(asked: Scale, reaches: impl Iterator<Item = (f32, f32)>, height: f32) -> Scale {
    let tallest = reaches.map(|(low, high)| high - low).fold(0.0, f32::max);
    let mut smaller = GAINS.into_iter().filter(|gain| *gain < asked.mm_per_mv);
    let mut gains = std::iter::once(asked.mm_per_mv).chain(smaller.clone());
    let fits = gains.find(|gain| tallest * gain <= height - 2.0 * MARGIN);
    Scale { mm_per_mv: fits.or(smaller.next_back()).unwrap_or(asked.mm_per_mv), ..asked }
}

/// Where the level lies, mm below the strip's top and on a line of its paper: in the row's middle, or as near to it as the trace has room.
fn base(top: f32, height: f32, low: f32, high: f32) -> f32 {
    let highest = (top + MARGIN + high).ceil();
    let lowest = (top + height - MARGIN + low).floor();
    if highest > lowest {
        return (top + 0.5 * (height + high + low)).round();
    }
    (top + 0.5 * height).round().clamp(highest, lowest)
}

/// Draws a strip on paper of its own; the title, with the scale, stands above `area`.
pub fn strip(context: &Context, wanted: &Wanted, area: Area, scale: Scale) -> Result<Vec<Part>, ReportError> {
    let recording = context.input.recording;
    let seconds = f64::from(area.width / scale.mm_per_s);
    let height = area.height / wanted.leads.len().max(1) as f32;
    let mut rows = Vec::new();
    for (row, lead) in wanted.leads.iter().enumerate() {
        let Some(signal) = recording.leads.get(*lead) else { continue };
        let read = Strip::read(signal, wanted.from_s.max(0.0), wanted.from_s + seconds, &context.options.filter)?;
        rows.push((row, signal, Strip::reach(&read.samples), read));
    }
    let scale = fitting(scale, rows.iter().map(|(_, _, reach, _)| *reach), height);
    let (mut shades, mut lines, mut labels) = (Vec::new(), Vec::new(), Vec::new());
    for (row, signal, (low, high), read) in rows {
        let top = area.y + height * row as f32;
        let base = area.y + base(height * row as f32, height, low * scale.mm_per_mv, high * scale.mm_per_mv);
        let x = area.x + ((read.from_s - wanted.from_s) * f64::from(scale.mm_per_s)) as f32;
        let place = Place { x, y: base, level: Strip::level(&read.samples), inverted: false };
        let drawn = trace(&read.samples, read.rate.hz(), place, scale);
        let at = |index: usize| x + (index as f64 / read.rate.hz() * f64::from(scale.mm_per_s)) as f32;
        let flat = read.flat.iter().map(|flat| at(flat.start)..at(flat.end));
        shades.extend(
            drawn.missing.iter().cloned().chain(flat).map(|span| Area::new(span.start, base - 4.0, span.end - span.start, 8.0)),
        );
        let frame = Area::new(area.x, top, area.width, height);
        let free = first_free(&drawn.lines, area.x..=area.x + 11.0, &name_heights(frame, base));
        lines.extend(drawn.lines);
        let mut name = signal.lead.to_string();
        if !signal.calibrated {
            name = format!("{name} ({})", context.words.signal.lead_uncalibrated);
        }
        labels.push(style::text(area.x + 0.8, free, LEAD, name));
    }
    let mut items = Vec::new();
    if !shades.is_empty() {
        items.push(Item::Areas { areas: shades, fill: Some(NOTHING), stroke: None });
    }
    items.push(Item::Lines { lines, stroke: TRACE });
    for mark in &wanted.marks {
        let x = area.x + ((mark - wanted.from_s) * f64::from(scale.mm_per_s)) as f32;
        if x >= area.x && x <= area.right() {
            let line = vec![Point { x, y: area.y }, Point { x, y: area.y + 2.5 }];
            items.push(Item::Lines { lines: vec![line], stroke: Stroke { colour: style::ALERT, width: 0.4 } });
        }
    }
    items.extend(labels);
    let said = format!("{} · {}", wanted.title, context.words_of(scale));
    let said = cut(&said, NOTE.weight, NOTE.size, area.width);
    let title = Part::new(Role::Paragraph, vec![style::text(area.x, area.y - 0.9, NOTE, said)]);
    let figure = Part::new(Role::Figure(wanted.alt.clone()), vec![Item::Clip { area, items }]);
    Ok(vec![title, grid::grid(area), figure])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ASKED: Scale = Scale { mm_per_s: 25.0, mm_per_mv: 10.0 };

    #[test]
    fn a_tall_strip_is_drawn_smaller_and_an_ordinary_one_as_asked() {
        let gain = |reach| fitting(ASKED, std::iter::once(reach), 25.0).mm_per_mv;
        assert_eq!([gain((-0.5, 1.5)), gain((-0.5, 2.5)), gain((-3.0, 3.0)), gain((-9.0, 9.0))], [10.0, 5.0, 2.5, 2.5]);
        // A gain of 2.5 and less stays.
        let small = Scale { mm_per_mv: 2.5, ..ASKED };
        assert_eq!(fitting(small, std::iter::once((0.0, 50.0)), 25.0), small);
        // The level lies in the middle where there is room, else where the trace needs it.
        assert_eq!([base(0.0, 25.0, -2.0, 8.0), base(0.0, 25.0, -1.0, 18.0), base(20.0, 25.0, -18.0, 1.0)], [13.0, 19.0, 26.0]);
    }

    proptest! {
        #[test]
        fn what_fits_is_never_cut(low in -2.0f32..0.0, high in 0.0f32..2.0, height in 15.0f32..40.0, top in 0.0f32..30.0) {
            let scale = fitting(ASKED, std::iter::once((low, high)), height);
            let (low, high) = (low * scale.mm_per_mv, high * scale.mm_per_mv);
            // A millimetre is lost to the lines of the paper.
            if high - low <= height - 2.0 {
                let at = base(top, height, low, high);
                prop_assert!(at - high >= top - 0.01 && at - low <= top + height + 0.01 && at.fract() == 0.0);
            }
        }
    }
}
