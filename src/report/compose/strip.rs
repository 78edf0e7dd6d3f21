//! A labelled strip of paper with a few leads, for examples and events.

use super::{
    Context, grid,
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

/// Draws a strip on paper of its own; the title stands above `area`.
pub fn strip(context: &Context, wanted: &Wanted, area: Area, scale: Scale) -> Result<Vec<Part>, ReportError> {
    let recording = context.input.recording;
    let seconds = f64::from(area.width / scale.mm_per_s);
    let height = area.height / wanted.leads.len().max(1) as f32;
    let (mut shades, mut lines, mut labels) = (Vec::new(), Vec::new(), Vec::new());
    for (row, lead) in wanted.leads.iter().enumerate() {
        let Some(signal) = recording.leads.get(*lead) else { continue };
        let read = Strip::read(signal, wanted.from_s.max(0.0), wanted.from_s + seconds, &context.options.filter)?;
        let base = area.y + (height * (row as f32 + 0.5)).round();
        let x = area.x + ((read.from_s - wanted.from_s) * f64::from(scale.mm_per_s)) as f32;
        let place = Place { x, y: base, level: Strip::level(&read.samples), inverted: false };
        let drawn = trace(&read.samples, read.rate.hz(), place, scale);
        let at = |index: usize| x + (index as f64 / read.rate.hz() * f64::from(scale.mm_per_s)) as f32;
        let flat = read.flat.iter().map(|flat| at(flat.start)..at(flat.end));
        shades.extend(
            drawn.missing.iter().cloned().chain(flat).map(|span| Area::new(span.start, base - 4.0, span.end - span.start, 8.0)),
        );
        lines.extend(drawn.lines);
        let mut name = signal.lead.to_string();
        if !signal.calibrated {
            name = format!("{name} ({})", context.words.signal.lead_uncalibrated);
        }
        labels.push(style::text(area.x + 0.8, (base - 6.0).max(area.y + height * row as f32 + 3.0), LEAD, name));
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
    let title = Part::new(Role::Paragraph, vec![style::text(area.x, area.y - 0.9, NOTE, wanted.title.clone())]);
    let figure = Part::new(Role::Figure(wanted.alt.clone()), vec![Item::Clip { area, items }]);
    Ok(vec![title, grid::grid(area), figure])
}
