//! The signal on ECG paper: what is shown where, and the drawing of it.

use super::{
    Context,
    flow::cut,
    free::Floating,
    grid, median,
    scale::{PULSE_ROOM, Scale, WIDTH, body},
    style::{self, LEAD, NOTE, NOTHING, TRACE},
    trace::{Place, trace},
};
use crate::{
    layout::{Columns, Layout, Shows},
    recording::{LeadName, Recording, Signal},
    report::{
        ReportError,
        content::beats_of,
        options::ReportOptions,
        page::{Anchor, Area, Item, Part, Point, Role, Stroke},
        strips::Strip,
        text::width_mm,
    },
    words::fill,
};
use std::collections::BTreeMap;

/// Least heights of what stands above the paper, mm: the first, or the next at which all of it fits, so that a page of a few lines more stays one page.
pub const ABOVE: [f32; 3] = [57.0, 62.0, 67.0];
/// Height of the lines below the paper, mm.
pub const CAPTION: f32 = 6.2;
/// Least height of a row where rows go on in time, mm: of one lead, and of several, whose complexes would run into each other.
const ROW: (f32, f32) = (17.0, 25.0);

/// How far the base line of the first and the last row may leave the row's middle, in heights of a row.
const SHIFT: f32 = 0.25;

/// What the first page shows, before anything is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Which lead stands where.
    pub layout: Layout,
    /// The paper.
    pub paper: Area,
    /// Groups of rows; each goes on in time where the one above ends.
    pub groups: usize,
    /// Seconds that a whole row shows.
    pub row_s: f64,
    /// First second.
    pub from_s: f64,
    /// End of the recording.
    pub end_s: f64,
}

impl Plan {
    /// Plans the paper of a recording, with so many mm above it at least.
    pub fn new(recording: &Recording, options: &ReportOptions, above: f32) -> Self {
        let names: Vec<LeadName> = recording.leads.iter().map(|signal| signal.lead.clone()).collect();
        let layout = options.layout.arrange(&names, options.lead);
        let body = body(options.paper.size());
        let height = ((body.height - above - CAPTION) / 5.0).floor() * 5.0;
        let paper = Area::new(body.x, body.bottom() - CAPTION - height, WIDTH, height);
        let row_s = f64::from((WIDTH - PULSE_ROOM) / options.speed.mm_per_s());
        let end_s = recording.duration_s();
        let from_s = recording.rate.seconds(options.from).min((end_s - 1.0).max(0.0));
        let rows = layout.rows.len().max(1);
        let wanted = if layout.columns == 1 && layout.shows != Shows::MedianBeats {
            ((end_s - from_s) / row_s - 1e-6).ceil().clamp(1.0, 1000.0) as usize
        } else {
            1
        };
        let least = if rows == 1 { ROW.0 } else { ROW.1 };
        let groups = wanted.min(((height / least) as usize / rows).max(1));
        Self { layout, paper, groups, row_s, from_s, end_s }
    }

    /// Seconds that a frame of a row with so many places shows.
    fn frame_s(&self, places: usize) -> f64 {
        self.row_s / places.max(1) as f64
    }

    /// First and last second shown.
    pub fn shown_s(&self) -> (f64, f64) {
        let whole = self.layout.rows.iter().any(|row| row.places.len() == 1 || self.layout.time == Columns::Sequential);
        let each = if whole { self.row_s } else { self.frame_s(self.layout.columns) };
        (self.from_s, (self.from_s + each * self.groups as f64).min(self.end_s))
    }

    fn is_wrapped(&self) -> bool {
        self.groups > 1
    }
}

/// A drawn paper.
pub struct Drawn {
    /// Its parts.
    pub parts: Vec<Part>,
    /// Leads of which something lies beyond the paper.
    pub clipped: Vec<String>,
}

/// Draws the paper with the traces.
pub fn draw(context: &Context, plan: &Plan) -> Result<Drawn, ReportError> {
    let mut strips: BTreeMap<usize, Strip> = BTreeMap::new();
    let (from_s, to_s) = plan.shown_s();
    for place in plan.layout.rows.iter().flat_map(|row| &row.places) {
        if let Some(signal) = context.input.recording.leads.get(place.lead)
            && !strips.contains_key(&place.lead)
        {
            strips.insert(place.lead, Strip::read(signal, from_s, to_s, &context.options.filter)?);
        }
    }
    let mut sheet = Sheet { strips, ..Sheet::empty(context, plan) };
    let rows = plan.layout.rows.len();
    for group in 0..plan.groups {
        for row in 0..rows {
            sheet.row(group, row);
        }
    }
    Ok(sheet.finish())
}

/// Base lines for a lead's name at its frame's beginning: above the trace rather than below.
pub(super) fn name_heights(frame: Area, base: f32) -> Vec<f32> {
    let usual = (base - 8.0).max(frame.y + 3.2);
    let above = [usual, usual - 2.0, usual - 4.0, frame.y + 3.2].into_iter().filter(|y| *y >= frame.y + 3.0);
    let below = [base + 6.0, base + 8.0, base + 11.0].into_iter().filter(|y| *y < frame.bottom() - 1.0);
    above.chain(below).collect()
}

struct Sheet<'a> {
    context: &'a Context<'a>,
    plan: &'a Plan,
    strips: BTreeMap<usize, Strip>,
    scale: Scale,
    shades: Vec<Area>,
    lines: Vec<Vec<Point>>,
    ticks: Vec<Vec<Point>>,
    labels: Vec<Item>,
    floating: Vec<Floating>,
    pulses: Vec<Item>,
    clipped: Vec<String>,
}

impl<'a> Sheet<'a> {
    fn empty(context: &'a Context<'a>, plan: &'a Plan) -> Self {
        Self {
            context,
            plan,
            strips: BTreeMap::new(),
            scale: Scale::new(context.options.speed, context.options.gain),
            shades: Vec::new(),
            lines: Vec::new(),
            ticks: Vec::new(),
            labels: Vec::new(),
            floating: Vec::new(),
            pulses: Vec::new(),
            clipped: Vec::new(),
        }
    }

    /// Top, base line and height of a row, mm. Base lines lie on lines of the paper, so that heights can be read off; in the first and the last row
    /// as near to the middle as tall complexes leave it, which else would be cut off at the edge of the paper.
    fn row_place(&self, group: usize, row: usize) -> (f32, f32, f32) {
        let paper = self.plan.paper;
        let count = (self.plan.groups * self.plan.layout.rows.len()).max(1);
        let height = paper.height / count as f32;
        let number = group * self.plan.layout.rows.len() + row;
        let top = height * number as f32;
        let mut base = (top + 0.5 * height).round();
        let (above, below) = if number == 0 || number + 1 == count { self.reach(group, row) } else { (0.0, 0.0) };
        let most = (SHIFT * height).floor();
        if number == 0 {
            base += (above + 1.0 - base).ceil().clamp(0.0, most);
        }
        if number + 1 == count {
            base -= (base + below + 1.0 - paper.height).ceil().clamp(0.0, most);
        }
        (paper.y + top, paper.y + base, height)
    }

    /// How far the traces of a row reach above and below its base line, mm.
    fn reach(&self, group: usize, row: usize) -> (f32, f32) {
        let places = self.plan.layout.rows.get(row).map(|row| row.places.as_slice()).unwrap_or_default();
        let mut reach = (0.0f32, 0.0f32);
        for (column, place) in places.iter().enumerate().filter(|_| self.plan.layout.shows != Shows::MedianBeats) {
            let Some(strip) = self.strips.get(&place.lead) else { continue };
            let (begin_s, end_s) = self.seconds(group, column, places.len());
            let (low, high) = Strip::reach(strip.part(begin_s, end_s).0);
            let (up, down) = if place.inverted { (-low, -high) } else { (high, low) };
            reach = (reach.0.max(up * self.scale.mm_per_mv), reach.1.max(-down * self.scale.mm_per_mv));
        }
        reach
    }

    /// First and last second of a frame.
    fn seconds(&self, group: usize, column: usize, places: usize) -> (f64, f64) {
        let each = self.plan.frame_s(places);
        let sequential = self.plan.layout.time == Columns::Sequential;
        let group_s = self.plan.from_s + self.plan.row_s * group as f64;
        let begin_s = group_s + if sequential { each * column as f64 } else { 0.0 };
        (begin_s, (begin_s + each).min(self.plan.end_s))
    }

    fn row(&mut self, group: usize, number: usize) {
        let Some(row) = self.plan.layout.rows.get(number) else { return };
        let (top, base, height) = self.row_place(group, number);
        let left = self.plan.paper.x + PULSE_ROOM;
        let width = (WIDTH - PULSE_ROOM) / row.places.len().max(1) as f32;
        let frame_s = self.plan.frame_s(row.places.len());
        let group_s = self.plan.from_s + self.plan.row_s * group as f64;
        let mut calibrated = false;
        for (column, place) in row.places.iter().enumerate() {
            let Some(signal) = self.context.input.recording.leads.get(place.lead) else { continue };
            calibrated |= signal.calibrated;
            let (begin_s, _) = self.seconds(group, column, row.places.len());
            let frame = Area::new(left + width * column as f32, top, width, height);
            if self.plan.layout.shows == Shows::MedianBeats {
                self.median(signal, place.inverted, frame);
                continue;
            }
            self.frame(place.lead, place.inverted, begin_s, frame_s, frame, base);
            self.label(signal, place.inverted, begin_s, frame, base);
            if column > 0 {
                let x = frame.x;
                self.ticks.push(vec![Point { x, y: base - 4.0 }, Point { x, y: base - 2.0 }]);
                self.ticks.push(vec![Point { x, y: base + 2.0 }, Point { x, y: base + 4.0 }]);
            }
        }
        if calibrated {
            // In the first row a tall pulse would reach beyond the paper: it stands lower then, on another line of the paper.
            let lowest = self.plan.paper.y + (self.scale.mm_per_mv + 1.0).ceil();
            self.pulses.push(grid::pulse(left, base.max(lowest), self.scale));
        } else if !row.places.is_empty() {
            let words = self.context.words.signal.uncalibrated_pulse.clone();
            self.labels.push(style::text(self.plan.paper.x + 1.0, base, style::coloured(NOTE, style::ALERT), words));
        }
        if number == self.plan.layout.beat_row && self.plan.layout.shows != Shows::MedianBeats {
            let whole = row.places.len() == 1 || self.plan.layout.time == Columns::Sequential;
            self.beats(group_s, if whole { self.plan.row_s } else { frame_s }, left, top, height);
        }
    }

    /// The median beat of one frame.
    fn median(&mut self, signal: &Signal, inverted: bool, frame: Area) {
        let view = self.context.input.analysis.and_then(|analysis| analysis.median_beat.as_ref());
        let Some((view, beat)) = view.and_then(|view| Some((view, view.beats.lead(&signal.lead)?))) else {
            let name = format!("{}: {}", signal.lead, self.context.words.median.none);
            let text = cut(&name, NOTE.weight, NOTE.size, frame.width - 2.0);
            self.labels.push(style::text(frame.x + 1.0, frame.y + 3.4, NOTE, text));
            return;
        };
        let mut beat = beat.clone();
        if inverted {
            beat.samples.iter_mut().for_each(|value| *value = -*value);
            beat.lead = LeadName::Other(format!("\u{2212}{}", signal.lead));
        }
        self.labels.extend(median::draw(view, &beat, frame, self.scale));
    }

    /// The trace of one frame.
    fn frame(&mut self, lead: usize, inverted: bool, begin_s: f64, frame_s: f64, frame: Area, base: f32) {
        let Some(strip) = self.strips.get(&lead) else { return };
        let end_s = (begin_s + frame_s).min(self.plan.end_s);
        let (samples, first_s) = strip.part(begin_s, end_s);
        let x = frame.x + ((first_s - begin_s) * f64::from(self.scale.mm_per_s)) as f32;
        let place = Place { x, y: base, level: Strip::level(samples), inverted };
        let drawn = trace(samples, strip.rate.hz(), place, self.scale);
        let off = strip.flat.iter().filter_map(|flat| {
            let at = |index: usize| strip.from_s + index as f64 / strip.rate.hz();
            let (from, to) = (at(flat.start).max(begin_s), at(flat.end).min(end_s));
            let mm = |s: f64| frame.x + ((s - begin_s) * f64::from(self.scale.mm_per_s)) as f32;
            (to > from).then(|| mm(from)..mm(to))
        });
        let paper = self.plan.paper;
        let half = 0.5 * frame.height.min(16.0);
        for span in drawn.missing.iter().cloned().chain(off) {
            let (from, to) = (span.start.max(frame.x), span.end.min(frame.right()));
            if to - from < 0.2 {
                continue;
            }
            self.shades.push(Area::new(from, base - half, to - from, 2.0 * half));
            let words = &self.context.words.signal.lead_off_mark;
            if to - from > width_mm(words, NOTE.weight, NOTE.size) + 1.0 {
                self.labels.push(style::text(from + 0.5, base + half - 0.8, NOTE, words.clone()));
            }
        }
        if drawn.extent.is_some_and(|(top, bottom)| top < paper.y || bottom > paper.bottom())
            && let Some(signal) = self.context.input.recording.leads.get(lead)
            && !self.clipped.contains(&signal.lead.to_string())
        {
            self.clipped.push(signal.lead.to_string());
        }
        self.lines.extend(drawn.lines);
    }

    fn label(&mut self, signal: &Signal, inverted: bool, begin_s: f64, frame: Area, base: f32) {
        let words = self.context.words;
        let name = format!("{}{}", if inverted { "\u{2212}" } else { "" }, signal.lead);
        let mut notes = Vec::new();
        if self.plan.is_wrapped() {
            notes.push(words.elapsed(begin_s));
        }
        if signal.is_derived() {
            notes.push(words.signal.lead_derived.clone());
        }
        let mut pieces = vec![(LEAD, name)];
        if !notes.is_empty() {
            pieces.push((NOTE, notes.join(", ")));
        }
        if !signal.calibrated {
            let style = style::coloured(style::bold(NOTE), style::ALERT);
            pieces.push((style, words.signal.lead_uncalibrated.clone()));
        }
        let (x, heights) = (frame.x + 1.2, name_heights(frame, base));
        self.floating.push(Floating { x, anchor: Anchor::Start, pieces, heights });
    }

    /// Letters over the beats that are not N.
    fn beats(&mut self, begin_s: f64, seconds: f64, left: f32, top: f32, height: f32) {
        let rate = self.context.input.recording.rate;
        let (first, last) = (rate.sample_at(begin_s), rate.sample_at((begin_s + seconds).min(self.plan.end_s)));
        for (at, label) in beats_of(self.context.input) {
            if at < first || at >= last {
                continue;
            }
            let Some(label) = label.filter(|label| label.letter() != "N") else { continue };
            let x = left + ((rate.seconds(at) - begin_s) * f64::from(self.scale.mm_per_s)) as f32;
            let pieces = vec![(style::bold(NOTE), label.letter().to_owned())];
            let heights = [3.0, 5.5, 8.0, height - 1.0, height - 3.5].map(|down| top + down).to_vec();
            self.floating.push(Floating { x, anchor: Anchor::Middle, pieces, heights });
        }
    }

    fn finish(mut self) -> Drawn {
        // Only now all traces are known that a text might stand in.
        for text in std::mem::take(&mut self.floating) {
            self.labels.extend(text.settle(&self.lines));
        }
        let paper = self.plan.paper;
        let words = self.context.words;
        let names: Vec<String> = self
            .plan
            .layout
            .rows
            .iter()
            .flat_map(|row| &row.places)
            .filter_map(|place| {
                let lead = &self.context.input.recording.leads.get(place.lead)?.lead;
                Some(format!("{}{lead}", if place.inverted { "\u{2212}" } else { "" }))
            })
            .collect();
        let (from, to) = self.plan.shown_s();
        let alt = fill(
            &words.paper.figure,
            &[
                ("leads", &names.join(", ")),
                ("from", &words.trimmed(from, 2)),
                ("to", &words.trimmed(to, 2)),
                ("speed", &words.trimmed(self.scale.mm_per_s.into(), 1)),
                ("gain", &words.trimmed(self.scale.mm_per_mv.into(), 1)),
            ],
        );
        let mut inside = Vec::new();
        if !self.shades.is_empty() {
            inside.push(Item::Areas { areas: self.shades, fill: Some(NOTHING), stroke: None });
        }
        inside.push(Item::Lines { lines: self.lines, stroke: TRACE });
        inside.push(Item::Lines { lines: self.ticks, stroke: Stroke { width: 0.25, ..TRACE } });
        inside.extend(self.pulses);
        inside.extend(self.labels);
        let clip = Item::Clip { area: paper, items: inside };
        Drawn { parts: vec![grid::grid(paper), Part::new(Role::Figure(alt), vec![clip])], clipped: self.clipped }
    }
}
