//! Trends: rate and ectopic beats over the recording.

use super::{Context, clock};
use crate::report::{
    compose::style::{self, NOTE, RULE},
    holter::{Counted, Holter},
    page::{Anchor, Area, Colour, Item, Part, Point, Role, Stroke},
};

const RATE: Colour = Colour(20, 86, 140);
const BAND: Colour = Colour(206, 222, 238);
const VENTRICULAR: Colour = Colour(176, 0, 52);
const SUPRAVENTRICULAR: Colour = Colour(166, 84, 0);
/// Points of a trend.
const POINTS: usize = 120;

/// Both trends, one above the other.
pub fn trends(context: &Context, holter: &Holter, area: Area) -> Vec<Part> {
    let words = &context.words.holter;
    let half = 0.5 * area.height;
    let upper = Area::new(area.x + 8.0, area.y + 5.0, area.width - 8.0, half - 11.0);
    let lower = Area::new(area.x + 8.0, area.y + half + 5.0, area.width - 8.0, half - 11.0);
    let counted = Counted::new(context.input);
    let (rate, ticks) = rate(&counted, upper);
    let mut rate_items = axes(context, upper, counted.length_s, ticks);
    rate_items.extend(rate);
    let (ectopic, most) = ectopic(holter, counted.length_s, lower);
    let mut ectopic_items = axes(context, lower, counted.length_s, vec![(0.0, 0.0), (most, 1.0)]);
    ectopic_items.extend(ectopic);
    let caption =
        |y: f32, text: &String| Part::new(Role::Paragraph, vec![style::text(area.x, y, style::bold(NOTE), text.clone())]);
    vec![
        caption(area.y + 3.0, &words.trend_rate),
        Part::new(Role::Figure(words.figure_trend.clone()), rate_items),
        caption(area.y + half + 3.0, &words.trend_ve),
        Part::new(Role::Figure(words.figure_counts.clone()), ectopic_items),
    ]
}

/// Frame, times below and values (each with its place, 0 below to 1 above) at the left.
fn axes(context: &Context, area: Area, length_s: f64, ticks: Vec<(f64, f32)>) -> Vec<Item> {
    let mut items = vec![Item::Areas { areas: vec![area], fill: None, stroke: Some(Stroke { colour: RULE, width: 0.2 }) }];
    for (value, place) in ticks {
        let y = area.bottom() - place * area.height;
        items.push(style::line(area.x, y, area.right(), y, Stroke { colour: RULE, width: 0.1 }));
        items.push(style::anchored(area.x - 1.0, y + 0.8, Anchor::End, NOTE, context.words.number(value, 0)));
    }
    for part in 0..=4 {
        let x = area.x + area.width * part as f32 / 4.0;
        let anchor = match part {
            0 => Anchor::Start,
            4 => Anchor::End,
            _ => Anchor::Middle,
        };
        items.push(style::line(x, area.bottom(), x, area.bottom() + 0.8, Stroke { colour: RULE, width: 0.2 }));
        items.push(style::anchored(x, area.bottom() + 3.2, anchor, NOTE, clock(context, length_s * f64::from(part) / 4.0)));
    }
    items
}

/// The rate: a band from lowest to highest, a line of means; a stretch without beats has neither.
fn rate(counted: &Counted, area: Area) -> (Vec<Item>, Vec<(f64, f32)>) {
    let rates = counted.rates();
    let mut bins: Vec<(f64, f64, f64, usize)> = vec![(f64::INFINITY, 0.0, 0.0, 0); POINTS];
    for rate in &rates {
        let index = (rate.at_s / counted.length_s * POINTS as f64) as usize;
        if let Some((low, high, sum, count)) = bins.get_mut(index.min(POINTS - 1)) {
            *low = low.min(rate.bpm);
            *high = high.max(rate.bpm);
            *sum += rate.bpm;
            *count += 1;
        }
    }
    let known = bins.iter().filter(|bin| bin.3 > 0);
    let (low, high) = known.fold((f64::INFINITY, 0.0f64), |(low, high), bin| (low.min(bin.0), high.max(bin.1)));
    if !low.is_finite() {
        return (Vec::new(), Vec::new());
    }
    let (floor, ceiling) = ((low / 20.0).floor() * 20.0, ((high / 20.0).floor() + 1.0) * 20.0);
    let place = |bpm: f64| ((bpm - floor) / (ceiling - floor)) as f32;
    let y = |bpm: f64| area.bottom() - place(bpm) * area.height;
    let step = area.width / POINTS as f32;
    let (mut bands, mut lines, mut line): (Vec<Area>, Vec<Vec<Point>>, Vec<Point>) = (Vec::new(), Vec::new(), Vec::new());
    for (index, (low, high, sum, count)) in bins.iter().enumerate() {
        let x = area.x + step * index as f32;
        if *count == 0 {
            lines.push(std::mem::take(&mut line));
            continue;
        }
        bands.push(Area::new(x, y(*high), step, (y(*low) - y(*high)).max(0.1)));
        line.push(Point { x: x + 0.5 * step, y: y(sum / *count as f64) });
    }
    lines.push(line);
    lines.retain(|line| line.len() > 1);
    let spread = ((ceiling - floor) / 20.0).round() as u32;
    let every = spread.div_ceil(5).max(1);
    let ticks =
        (0..=spread).filter(|i| i.is_multiple_of(every)).map(|i| floor + 20.0 * f64::from(i)).map(|bpm| (bpm, place(bpm)));
    let items = vec![
        Item::Areas { areas: bands, fill: Some(BAND), stroke: None },
        Item::Lines { lines, stroke: Stroke { colour: RATE, width: 0.25 } },
    ];
    (items, ticks.collect())
}

/// Ectopic beats of each bin, V and S side by side.
fn ectopic(holter: &Holter, length_s: f64, area: Area) -> (Vec<Item>, f64) {
    let most = holter.bins.iter().map(|bin| bin.ventricular.max(bin.supraventricular)).max().unwrap_or(0).max(1) as f64;
    let mm_per_s = f64::from(area.width) / length_s.max(1.0);
    let (mut v, mut s) = (Vec::new(), Vec::new());
    for bin in &holter.bins {
        let x = area.x + (bin.from_s * mm_per_s) as f32;
        let width = ((bin.to_s - bin.from_s) * mm_per_s) as f32;
        let bar = |left: f32, count: usize| {
            let height = (count as f64 / most) as f32 * area.height;
            Area::new(x + left * width, area.bottom() - height, 0.38 * width, height)
        };
        if bin.ventricular > 0 {
            v.push(bar(0.1, bin.ventricular));
        }
        if bin.supraventricular > 0 {
            s.push(bar(0.52, bin.supraventricular));
        }
    }
    let mut items: Vec<Item> = [(v, VENTRICULAR), (s, SUPRAVENTRICULAR)]
        .into_iter()
        .filter(|(bars, _)| !bars.is_empty())
        .map(|(areas, colour)| Item::Areas { areas, fill: Some(colour), stroke: None })
        .collect();
    for (index, (letter, colour)) in [("V", VENTRICULAR), ("S", SUPRAVENTRICULAR)].into_iter().enumerate() {
        let x = area.right() - 9.0 + 4.5 * index as f32;
        items.push(style::text(x, area.y - 1.0, style::coloured(style::bold(NOTE), colour), letter));
    }
    (items, most)
}
