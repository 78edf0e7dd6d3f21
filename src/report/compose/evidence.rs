//! Where the model looked: evidence for and against a finding under the traces, one finding a page.

use super::{
    Context,
    flow::{Block, Piece, cut, flow},
    grid,
    scale::{PULSE_ROOM, Scale},
    strip::fitting,
    style::{self, BODY, LEAD, NOTE, TRACE, WEAK},
    trace::{Place, trace},
};
use crate::{
    analysis::{Analysis, Evidence, Finding},
    recording::LeadName,
    report::{
        ReportError,
        page::{Anchor, Area, Colour, Item, Page, Part, Point, Role, Stroke},
        strips::Strip,
    },
    words::fill,
};

/// Most findings that are printed where none are chosen: those that the model is surest of.
const MOST: usize = 6;
/// Least height of a row, mm.
const ROW: f32 = 11.0;
/// Below this share of the scale nothing is drawn.
const FAINTEST: f32 = 0.04;
/// Steps of colour.
const STEPS: usize = 12;
/// Lines of hatching lie this far apart, mm.
const HATCH: f32 = 1.6;
/// Hatching: evidence against.
const AGAINST: Stroke = Stroke { colour: Colour(84, 84, 94), width: 0.12 };
/// How tall a trace may be, in heights of its row.
const OVERLAP: f32 = 2.0;
/// Height of the list of what age, sex and measurements add, mm.
const FEATURES: f32 = 24.0;

/// The pages; sentences about what cannot be shown.
pub fn pages(context: &Context) -> Result<(Vec<Page>, Vec<String>), ReportError> {
    let words = context.words;
    let none = |reason: &str| vec![fill(&words.evidence.none, &[("reason", reason)])];
    let Some(analysis) = context.input.analysis else { return Ok((Vec::new(), none(&words.machine.none))) };
    let (findings, mut left_out) = chosen(context, analysis);
    let mut pages = Vec::new();
    for finding in &findings {
        match &finding.evidence {
            Some(evidence) => pages.push(page(context, finding, evidence)?),
            None => left_out.extend(none(&words.evidence.not_for_long)),
        }
    }
    if findings.is_empty() && left_out.is_empty() {
        left_out.extend(none(&words.evidence.no_findings));
    }
    left_out.dedup();
    Ok((pages, left_out))
}

/// The findings whose evidence is printed, and a sentence for codes that were not answered.
fn chosen<'a>(context: &Context, analysis: &'a Analysis) -> (Vec<&'a Finding>, Vec<String>) {
    let codes = &context.options.evidence;
    if codes.is_empty() {
        let mut present: Vec<&Finding> = analysis.findings.iter().filter(|finding| finding.present).collect();
        present.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        present.truncate(MOST);
        return (present, Vec::new());
    }
    let is = |finding: &Finding, code: &str| finding.code.eq_ignore_ascii_case(code);
    let answered = |code: &str| analysis.findings.iter().any(|finding| is(finding, code));
    let unknown: Vec<&str> = codes.iter().map(String::as_str).filter(|code| !answered(code)).collect();
    let sentence = fill(&context.words.evidence.unknown, &[("codes", &unknown.join(", "))]);
    let left_out =
        if unknown.is_empty() { Vec::new() } else { vec![fill(&context.words.evidence.none, &[("reason", &sentence)])] };
    let asked = codes.iter().flat_map(|code| analysis.findings.iter().filter(move |finding| is(finding, code)));
    (asked.collect(), left_out)
}

fn page(context: &Context, finding: &Finding, evidence: &Evidence) -> Result<Page, ReportError> {
    let words = context.words;
    let label = words.finding(&finding.task, &finding.code, &finding.label);
    let probability = words.percent(finding.probability.into());
    let title = fill(&words.evidence.finding, &[("label", label), ("probability", &probability)]);
    let (mut page, area) = context.titled(&format!("{}: {title}", words.evidence.heading));
    let model = context.content.machine.as_ref().map(|machine| machine.model(&finding.model)).unwrap_or_default();
    let paper_top = area.y + 8.5;
    let height = ((area.bottom() - FEATURES - paper_top) / 5.0).floor() * 5.0;
    let paper = Area::new(area.x, paper_top, area.width, height);
    let (parts, scale) = paper_parts(context, evidence, label, paper)?;
    page.parts.push(legend(context, evidence, &model, scale, area));
    page.parts.extend(parts);
    let below = Area { y: paper.bottom() + 1.0, height: area.bottom() - paper.bottom() - 1.0, ..area };
    let (parts, _, _) = flow(features(context, finding, evidence, area.width), below);
    page.parts.push(Part::of(Role::Section, parts));
    Ok(page)
}

fn legend(context: &Context, evidence: &Evidence, model: &str, scale: Scale, area: Area) -> Part {
    let words = context.words;
    let (y, middle) = (area.y + 3.0, area.y + 1.0);
    let mut items = vec![style::text(area.x, y, style::bold(NOTE), words.evidence.speaks_against.clone())];
    let mut x = area.x + 16.0;
    let swatch = Area::new(x, middle, 12.0, 2.6);
    items.push(hatch(&[swatch]));
    items.push(Item::Areas { areas: vec![swatch], fill: None, stroke: Some(style::EDGE) });
    x += 14.0;
    items.push(style::text(x, y, NOTE, "0"));
    x += 3.0;
    for step in 0..STEPS {
        let strength = (step as f32 + 0.5) / STEPS as f32;
        items.push(Item::Areas { areas: vec![Area::new(x, middle, 3.0, 2.6)], fill: Some(colour(strength)), stroke: None });
        x += 3.0;
    }
    let peak = words.number(evidence.peak().into(), 2);
    items.push(style::text(x + 1.5, y, style::bold(NOTE), fill(&words.evidence.speaks_for, &[("peak", &peak)])));
    x += 42.0;
    let mut said =
        vec![words.evidence.scale.clone(), fill(&words.machine.model, &[("name", model), ("version", "")]).trim().to_owned()];
    let unseen: Vec<String> = context
        .input
        .recording
        .leads
        .iter()
        .filter(|signal| !evidence.leads.contains(&signal.lead))
        .map(|signal| signal.lead.to_string())
        .collect();
    if !unseen.is_empty() {
        said.push(fill(&words.evidence.not_given, &[("leads", &unseen.join(", "))]));
    }
    items.push(style::text(x, y, NOTE, cut(&said.join(" · "), NOTE.weight, NOTE.size, area.right() - x)));
    items.push(style::text(area.x, y + 3.6, style::coloured(style::bold(NOTE), style::ALERT), words.evidence.warning.clone()));
    items.push(style::anchored(area.right(), y + 3.6, Anchor::End, style::bold(NOTE), context.words_of(scale)));
    Part::new(Role::Paragraph, items)
}

/// The paper, and the scale it is drawn in: rows stand close, so tall complexes are drawn with a smaller gain.
fn paper_parts(context: &Context, evidence: &Evidence, label: &str, paper: Area) -> Result<(Vec<Part>, Scale), ReportError> {
    let recording = context.input.recording;
    let scale = Scale::new(context.options.speed, context.options.gain);
    let row_s = f64::from((paper.width - PULSE_ROOM) / scale.mm_per_s);
    let rows_that_fit = ((paper.height / ROW) as usize).max(1);
    let leads: Vec<&LeadName> = recording.leads.iter().map(|signal| &signal.lead).take(rows_that_fit).collect();
    let length_s = recording.duration_s();
    let groups = ((length_s / row_s - 1e-6).ceil().max(1.0) as usize).min((rows_that_fit / leads.len().max(1)).max(1));
    let row = paper.height / (groups * leads.len()).max(1) as f32;
    let peak = evidence.peak();
    let mut bands: Vec<Vec<Area>> = vec![Vec::new(); STEPS];
    let (mut against, mut lines, mut labels) = (Vec::new(), Vec::new(), Vec::new());
    let mut strips = Vec::new();
    for group in 0..groups {
        let from_s = row_s * group as f64;
        for (number, lead) in leads.iter().enumerate() {
            let Some(signal) = recording.lead(lead) else { continue };
            let strip = Strip::read(signal, from_s, (from_s + row_s).min(length_s), &context.options.filter)?;
            strips.push((group, number, *lead, strip));
        }
    }
    let scale = fitting(scale, strips.iter().map(|(.., strip)| Strip::reach(&strip.samples)), OVERLAP * row);
    for (group, number, lead, strip) in strips {
        let from_s = row_s * group as f64;
        let top = paper.y + row * (group * leads.len() + number) as f32;
        let frame = Area::new(paper.x + PULSE_ROOM, top + 0.4, paper.width - PULSE_ROOM, row - 0.8);
        let base = paper.y + (row * ((group * leads.len() + number) as f32 + 0.5)).round();
        tokens(evidence, lead, recording.rate.hz(), from_s, frame, scale, peak, &mut bands, &mut against);
        let place = Place { x: frame.x, y: base, level: Strip::level(&strip.samples), inverted: false };
        lines.extend(trace(&strip.samples, strip.rate.hz(), place, scale).lines);
        labels.push(style::text(paper.x + 1.0, base + 1.0, LEAD, lead.to_string()));
    }
    let mut inside: Vec<Item> = bands
        .into_iter()
        .enumerate()
        .filter(|(_, areas)| !areas.is_empty())
        .map(|(step, areas)| Item::Areas { areas, fill: Some(colour((step as f32 + 0.5) / STEPS as f32)), stroke: None })
        .collect();
    if !against.is_empty() {
        inside.push(hatch(&against));
    }
    // The paper's lines lie over the bands, the traces over both.
    let under = Part::new(Role::Decoration, vec![Item::Clip { area: paper, items: inside }]);
    let mut over = vec![Item::Lines { lines, stroke: TRACE }];
    over.extend(labels);
    let alt = fill(&context.words.evidence.figure, &[("label", label)]);
    let figure = Part::new(Role::Figure(alt), vec![Item::Clip { area: paper, items: over }]);
    Ok((vec![under, grid::grid(paper), figure], scale))
}

#[allow(clippy::too_many_arguments)] // What a token's place on paper depends on.
fn tokens(
    evidence: &Evidence,
    lead: &LeadName,
    rate_hz: f64,
    from_s: f64,
    frame: Area,
    scale: Scale,
    peak: f32,
    bands: &mut [Vec<Area>],
    against: &mut Vec<Area>,
) {
    let Some(row) = evidence.row(lead) else { return };
    let x_of = |token: f64| {
        let second = (evidence.start.0 as f64 + token * evidence.hop) / rate_hz;
        frame.x + ((second - from_s) * f64::from(scale.mm_per_s)) as f32
    };
    for (token, value) in row.iter().enumerate() {
        let strength = value.abs() / peak;
        let (left, right) = (x_of(token as f64).max(frame.x), x_of(token as f64 + 1.0).min(frame.right()));
        if !strength.is_finite() || strength < FAINTEST || right <= left {
            continue;
        }
        let area = Area::new(left, frame.y, right - left, frame.height);
        if *value > 0.0 {
            let step = ((strength * STEPS as f32) as usize).min(STEPS - 1);
            if let Some(band) = bands.get_mut(step) {
                band.push(area);
            }
        } else {
            against.push(area);
        }
    }
}

/// Diagonal lines on one raster, so that neighbours join.
fn hatch(areas: &[Area]) -> Item {
    let mut lines = Vec::new();
    for area in areas {
        let first = ((area.x + area.y) / HATCH).ceil() as i32;
        let last = ((area.right() + area.bottom()) / HATCH).floor() as i32;
        for i in first..=last {
            let sum = i as f32 * HATCH;
            let (left, right) = (area.x.max(sum - area.bottom()), area.right().min(sum - area.y));
            if right > left {
                lines.push(vec![Point { x: left, y: sum - left }, Point { x: right, y: sum - right }]);
            }
        }
    }
    Item::Lines { lines, stroke: AGAINST }
}

/// Colour of evidence for a class: one hue, lightness falling evenly; the same ends as in the window.
fn colour(strength: f32) -> Colour {
    const PALE: [f32; 3] = [241.0, 247.0, 252.0];
    const DARK: [f32; 3] = [84.0, 163.0, 207.0];
    let s = strength.clamp(0.0, 1.0);
    let [r, g, b] = [0, 1, 2].map(|i| (PALE[i] + (DARK[i] - PALE[i]) * s).round() as u8);
    Colour(r, g, b)
}

/// What the parts of the logit add up to, and what age, sex and measurements add one by one.
fn features(context: &Context, finding: &Finding, evidence: &Evidence, width: f32) -> Vec<Block> {
    let words = context.words;
    let signed = |value: f32| {
        let text = words.number(value.into(), 2);
        if value > 0.0 { format!("+{text}") } else { text }
    };
    let added: f32 = finding.feature_evidence.iter().map(|feature| feature.contribution).sum();
    let sum = fill(
        &words.evidence.sum,
        &[
            ("signal", &signed(evidence.sum())),
            ("features", &signed(added)),
            ("bias", &signed(finding.bias)),
            ("logit", &signed(finding.logit)),
        ],
    );
    let mut blocks = vec![Block::paragraph(&sum, style::bold(NOTE), width)];
    let mut largest: Vec<_> = finding.feature_evidence.iter().collect();
    largest.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
    const IN_A_ROW: usize = 4;
    let step = width / IN_A_ROW as f32;
    let rows: Vec<Vec<Piece>> = largest
        .chunks(IN_A_ROW)
        .take(4)
        .map(|row| {
            row.iter()
                .enumerate()
                .flat_map(|(index, feature)| {
                    let x = step * index as f32;
                    let value = feature.value.map_or_else(
                        || words.evidence.unknown_value.clone(),
                        |value| words.measured(value.into(), &feature.unit),
                    );
                    let name = cut(&format!("{}: {value}", words.said(&feature.label)), NOTE.weight, NOTE.size, step - 16.0);
                    let style =
                        if feature.value.is_some() { style::coloured(NOTE, BODY.colour) } else { style::coloured(NOTE, WEAK) };
                    [Piece::new(x, style, name), Piece::right(x + step - 4.0, style::bold(style), signed(feature.contribution))]
                })
                .collect()
        })
        .collect();
    if !rows.is_empty() {
        blocks.push(Block::subheading(3, &words.evidence.features, width));
        blocks.push(Block::table(rows));
    }
    blocks
}
