//! What changes over a recording: RR intervals, rate, beat classes, QT against RR, quality. Made once in the background, with coarser
//! levels of everything long, so that a day is drawn as quickly as a minute.

use super::{Analysis, Beat, Cancelled, Progress, Quality};
use crate::{
    recording::{BeatLabel, Gap, Rate, Recording},
    signal::waves::Waves,
};
use std::collections::{BTreeMap, HashSet};

/// Points a level may have without a coarser one above it.
const COARSEST: usize = 1500;
/// Points that a coarser level makes two of.
const MERGED: usize = 8;
/// Most bins of what is counted over time.
const BINS: f64 = 288.0;
/// A bin's shortest length, seconds.
const SHORTEST_BIN_S: f64 = 5.0;
/// Shorter RR intervals than this are no hearts', seconds.
const SHORTEST_RR_S: f64 = 0.15;
/// Cells of QT against RR, ms.
const CELL_MS: (f64, f64) = (8.0, 4.0);

/// A value at a time. Points of different segments are not joined: between them the signal could not be used.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Seconds from the recording's start.
    pub at_s: f64,
    /// The value.
    pub value: f32,
    /// Number of the segment.
    pub segment: u32,
}

/// Values over time, with coarser levels that keep the highest and lowest of what they merge.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    levels: Vec<Vec<Point>>,
}

impl Series {
    /// A series of points in time order.
    pub fn new(points: Vec<Point>) -> Self {
        let mut levels = vec![points];
        while let Some(last) = levels.last().filter(|level| level.len() > COARSEST) {
            let next = coarser(last);
            if next.len() >= last.len() {
                break;
            }
            levels.push(next);
        }
        Self { levels }
    }

    /// All points.
    pub fn points(&self) -> &[Point] {
        self.levels.first().map_or(&[], Vec::as_slice)
    }

    /// Lines through the points from second `from` to second `to`, one point beyond on either side, from the finest level that has no more
    /// than `most` points there (or the coarsest).
    pub fn lines(&self, from: f64, to: f64, most: usize) -> Vec<Vec<[f64; 2]>> {
        let cut = |level: &'_ Vec<Point>| {
            let first = level.partition_point(|point| point.at_s < from).saturating_sub(1);
            let last = (level.partition_point(|point| point.at_s <= to) + 1).min(level.len());
            first..last.max(first)
        };
        let level = self.levels.iter().find(|level| cut(level).len() <= most).or(self.levels.last());
        let Some(level) = level else { return Vec::new() };
        let shown = level.get(cut(level)).unwrap_or(&[]);
        shown
            .chunk_by(|a, b| a.segment == b.segment)
            .map(|line| line.iter().map(|point| [point.at_s, f64::from(point.value)]).collect())
            .collect()
    }
}

/// Lowest and highest of every few points of a segment, in their order.
fn coarser(points: &[Point]) -> Vec<Point> {
    let mut merged = Vec::with_capacity(points.len() / (MERGED / 2) + 1);
    for segment in points.chunk_by(|a, b| a.segment == b.segment) {
        for few in segment.chunks(MERGED) {
            let by_value = |a: &&Point, b: &&Point| a.value.total_cmp(&b.value);
            let (Some(low), Some(high)) = (few.iter().min_by(by_value), few.iter().max_by(by_value)) else { continue };
            match low.at_s.total_cmp(&high.at_s) {
                std::cmp::Ordering::Less => merged.extend([*low, *high]),
                std::cmp::Ordering::Greater => merged.extend([*high, *low]),
                std::cmp::Ordering::Equal => merged.push(*low),
            }
        }
    }
    merged
}

/// Beats of a stretch of time by class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassBin {
    /// Beginning, seconds from the recording's start.
    pub start_s: f64,
    /// Length in seconds.
    pub length_s: f64,
    /// Beats of each class in the order of [`BeatLabel::ALL`].
    pub counts: [u32; 5],
    /// Beats that were not classified.
    pub unclassified: u32,
}

/// Beats with nearly the same RR interval and QT interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QtRr {
    /// The RR interval before the beat, ms.
    pub rr_ms: f64,
    /// Its QT interval, ms.
    pub qt_ms: f64,
    /// When the first such beat was, seconds from the recording's start.
    pub at_s: f64,
    /// Number of such beats.
    pub beats: u32,
}

/// What changes over a recording. What could not be measured has no point.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trends {
    /// Length of the recording in seconds.
    pub duration_s: f64,
    /// RR interval in ms, at the later of its two beats.
    pub rr: Series,
    /// Mean heart rate of a stretch in beats a minute, at its middle.
    pub rate: Series,
    /// Length of a stretch of [`Trends::rate`] and of a bin, seconds.
    pub bin_s: f64,
    /// Beats by class, bin by bin.
    pub classes: Vec<ClassBin>,
    /// Share of the leads' time without any problem, 0 to 100 %, bin by bin at its middle.
    pub quality: Series,
    /// QT against the RR interval before, of normal beats after normal beats.
    pub qt_rr: Vec<QtRr>,
}

/// What trends are made of.
#[derive(Debug, Clone, Copy)]
pub struct TrendInput<'a> {
    /// Rate at which beats and gaps count.
    pub rate: Rate,
    /// Length in samples.
    pub length: u64,
    /// Stretches without signal.
    pub gaps: &'a [Gap],
    /// Beats in time order.
    pub beats: &'a [Beat],
    /// Where waves are; `None`: not looked for.
    pub waves: Option<&'a Waves>,
    /// Signal quality.
    pub quality: &'a Quality,
}

impl Trends {
    /// The trends of an analysed recording.
    ///
    /// # Errors
    /// When nobody waits for them any more.
    pub fn of(recording: &Recording, analysis: &Analysis, progress: &Progress) -> Result<Self, Cancelled> {
        let input = TrendInput {
            rate: recording.rate,
            length: recording.length,
            gaps: &recording.gaps,
            beats: &analysis.beats,
            waves: analysis.waves.as_ref(),
            quality: &analysis.quality,
        };
        Self::new(&input, progress)
    }

    /// The trends.
    ///
    /// # Errors
    /// When nobody waits for them any more.
    pub fn new(input: &TrendInput, progress: &Progress) -> Result<Self, Cancelled> {
        let duration_s = input.length as f64 / input.rate.hz();
        let bin_s = (duration_s / BINS).max(SHORTEST_BIN_S);
        progress.report("trends", 0.0)?;
        let good = Good::of(input.quality, duration_s);
        let rr = intervals(input, &good);
        progress.report("trends", 0.4)?;
        let qt_rr = qt_rr(input, &rr);
        progress.report("trends", 0.7)?;
        Ok(Self {
            duration_s,
            rate: Series::new(rates(&rr, bin_s, duration_s)),
            rr: Series::new(rr.iter().map(|rr| rr.point).collect()),
            bin_s,
            classes: classes(input, bin_s, duration_s),
            quality: Series::new(good.shares(bin_s, duration_s)),
            qt_rr,
        })
    }
}

/// An RR interval and the place of its later beat among the beats.
struct Rr {
    beat: usize,
    point: Point,
}

/// Intervals between beats with usable signal all the way.
fn intervals(input: &TrendInput, good: &Good) -> Vec<Rr> {
    let mut found = Vec::with_capacity(input.beats.len());
    let mut segment = 0;
    for (i, pair) in input.beats.windows(2).enumerate() {
        let (from, to) = (pair[0].sample, pair[1].sample);
        let (from_s, to_s) = (input.rate.seconds(from), input.rate.seconds(to));
        let next = input.gaps.partition_point(|gap| gap.end <= from);
        let over_gap = input.gaps.get(next).is_some_and(|gap| gap.start < to);
        if over_gap || good.is_lost_between(from_s, to_s) {
            segment += 1;
            continue;
        }
        if to_s - from_s >= SHORTEST_RR_S {
            let point = Point { at_s: to_s, value: (1000.0 * (to_s - from_s)) as f32, segment };
            found.push(Rr { beat: i + 1, point });
        }
    }
    found
}

/// Mean rates of stretches in which there are at least two intervals.
fn rates(rr: &[Rr], bin_s: f64, duration_s: f64) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    let mut segment = 0;
    let mut last_bin: Option<u64> = None;
    for few in rr.chunk_by(|a, b| (a.point.at_s / bin_s) as u64 == (b.point.at_s / bin_s) as u64) {
        let bin = (few[0].point.at_s / bin_s) as u64;
        if few.len() < 2 {
            continue;
        }
        let mean = few.iter().map(|rr| f64::from(rr.point.value)).sum::<f64>() / few.len() as f64;
        if last_bin.is_some_and(|last| last + 1 != bin) {
            segment += 1;
        }
        last_bin = Some(bin);
        let middle = ((bin as f64 + 0.5) * bin_s).min(duration_s);
        points.push(Point { at_s: middle, value: (60_000.0 / mean) as f32, segment });
    }
    points
}

fn classes(input: &TrendInput, bin_s: f64, duration_s: f64) -> Vec<ClassBin> {
    let count = (duration_s / bin_s).ceil().max(1.0) as usize;
    let mut bins: Vec<ClassBin> = (0..count)
        .map(|i| {
            let start_s = i as f64 * bin_s;
            ClassBin { start_s, length_s: bin_s.min(duration_s - start_s).max(0.0), counts: [0; 5], unclassified: 0 }
        })
        .collect();
    for beat in input.beats {
        let place = (input.rate.seconds(beat.sample) / bin_s) as usize;
        let Some(bin) = bins.get_mut(place) else { continue };
        match beat.label.and_then(|label| BeatLabel::ALL.iter().position(|other| *other == label)) {
            Some(class) => bin.counts[class] += 1,
            None => bin.unclassified += 1,
        }
    }
    bins
}

fn qt_rr(input: &TrendInput, rr: &[Rr]) -> Vec<QtRr> {
    let Some(waves) = input.waves else { return Vec::new() };
    let before: BTreeMap<usize, &Point> = rr.iter().map(|rr| (rr.beat, &rr.point)).collect();
    let normal = |beat: usize| input.beats.get(beat).is_some_and(|b| matches!(b.label, None | Some(BeatLabel::N)));
    let mut cells: BTreeMap<(i64, i64), QtRr> = BTreeMap::new();
    for beat in &waves.global {
        let (Some(qrs), Some(t), Some(rr)) = (beat.qrs, beat.t, before.get(&beat.beat)) else { continue };
        let usual = normal(beat.beat) && beat.beat.checked_sub(1).is_some_and(normal);
        let qt_ms = 1000.0 * (t.offset - qrs.onset) / input.rate.hz();
        if !usual || !qt_ms.is_finite() || qt_ms <= 0.0 {
            continue;
        }
        let rr_ms = f64::from(rr.value);
        let cell = ((rr_ms / CELL_MS.0).floor() as i64, (qt_ms / CELL_MS.1).floor() as i64);
        cells.entry(cell).or_insert(QtRr { rr_ms, qt_ms, at_s: rr.at_s, beats: 0 }).beats += 1;
    }
    cells.into_values().collect()
}

/// Which seconds of which leads have nothing against them.
struct Good {
    seconds: usize,
    leads: usize,
    /// By second: leads without a problem.
    fine: Vec<u16>,
    /// Seconds in which no lead shows a heart.
    lost: HashSet<usize>,
}

impl Good {
    fn of(quality: &Quality, duration_s: f64) -> Self {
        // Time is counted in seconds of up to some years, whatever a header says.
        let seconds = duration_s.ceil().clamp(0.0, 1e8) as usize;
        let leads = quality.leads.len();
        let (mut fine, mut dark) = (vec![0_u16; seconds], vec![0_u16; seconds]);
        for lead in quality.leads.values() {
            let nothing = lead.flat || lead.valid <= 0.0;
            let (mut problem, mut hidden) = (vec![nothing; seconds], vec![nothing; seconds]);
            for span in &lead.problems {
                let (start, end) = ((span.start as usize).min(seconds), (span.end as usize).min(seconds));
                for second in start..end.max(start) {
                    problem[second] = true;
                    hidden[second] |= span.problem.hides_the_heart();
                }
            }
            for second in 0..seconds {
                fine[second] += u16::from(!problem[second]);
                dark[second] += u16::from(hidden[second]);
            }
        }
        let all = |dark: &u16| leads > 0 && usize::from(*dark) == leads;
        let lost = dark.iter().enumerate().filter(|(_, dark)| all(dark)).map(|(second, _)| second).collect();
        Self { seconds, leads, fine, lost }
    }

    /// Whether a whole second between two times shows no heart in any lead.
    fn is_lost_between(&self, from_s: f64, to_s: f64) -> bool {
        !self.lost.is_empty() && (from_s.ceil() as usize..to_s.floor() as usize).any(|second| self.lost.contains(&second))
    }

    fn shares(&self, bin_s: f64, duration_s: f64) -> Vec<Point> {
        if self.leads == 0 || self.seconds == 0 {
            return Vec::new();
        }
        let count = (duration_s / bin_s).ceil().max(1.0) as usize;
        let second = |s: f64| (s as usize).min(self.seconds);
        (0..count)
            .filter_map(|i| {
                let (from, to) = (i as f64 * bin_s, ((i + 1) as f64 * bin_s).min(duration_s));
                let part = self.fine.get(second(from)..second(to.ceil()))?;
                let all = part.len() * self.leads;
                let fine: usize = part.iter().map(|fine| usize::from(*fine)).sum();
                let value = 100.0 * fine as f32 / all.max(1) as f32;
                (all > 0).then_some(Point { at_s: 0.5 * (from + to), value, segment: 0 })
            })
            .collect()
    }
}

#[cfg(test)]
#[path = "trends_tests.rs"]
mod tests;
