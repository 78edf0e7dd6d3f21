//! How samples are divided into data records.

use super::Width;
use crate::{
    formats::write::{Loss, frames::Frames},
    recording::Rate,
};

/// A data record should not be larger (EDF specification); of it, what is left for annotations.
const LARGEST_RECORD: usize = 61_440;
const FOR_ANNOTATIONS: usize = 1024;

/// Records are sought between 1/20 s and 20 s: e to this power.
const FARTHEST: f64 = 3.0;

/// Records that have to be filled are sought between 1/2 s and 2 s.
const NEAR: f64 = 0.7;

/// Data records that follow each other directly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Run {
    /// Frames from the recording's start.
    pub start: u64,
    /// Frames with samples.
    pub frames: u64,
    /// Records, the last of which may be filled.
    pub records: u64,
    /// Records before this run.
    pub first: u64,
}

/// The data records of a file.
#[derive(Debug, PartialEq)]
pub(super) struct Records {
    /// Frames in a record.
    pub frames: u64,
    /// Its duration in seconds, as written.
    pub duration: String,
    /// As readers will read it.
    pub seconds: f64,
    pub runs: Vec<Run>,
}

impl Records {
    /// Records as near to one second as can be whose duration is exact in eight characters: such that no run leaves a rest, else such that the
    /// filling of a run's last one ends before the next run begins. Where no duration is exact (the rate is no terminating fraction) it is rounded.
    pub(super) fn choose(frames: &Frames, runs: &[(u64, u64)], width: Width) -> Self {
        let frame_bytes = frames.per_frame.iter().sum::<u64>() as usize * width.bytes();
        let most = ((LARGEST_RECORD - FOR_ANNOTATIONS) / frame_bytes.max(1)).max(1) as u64;
        let distance = |count: u64| (count as f64 / frames.rate).ln().abs();
        let exact = |count: u64| {
            let seconds = count as f64 / frames.rate;
            let text = decimal(seconds, 8)?;
            (text.parse::<f64>().ok()? * frames.rate == count as f64).then_some(text)
        };
        let divides = |count: u64| runs.iter().all(|(start, end)| (end - start).is_multiple_of(count));
        let fits = |count: u64| {
            runs.windows(2).all(|pair| match pair {
                [(start, end), (next, _)] => (end - start).next_multiple_of(count) <= next - start,
                _ => true,
            })
        };
        let candidates = |farthest: f64| {
            let far = ((frames.rate * farthest.exp()).ceil() as u64).clamp(1, most);
            (1..=far).filter(move |count| distance(*count) < farthest)
        };
        let with_duration = |count: u64| Some((count, exact(count)?));
        let nearest = |a: &(u64, String), b: &(u64, String)| distance(a.0).total_cmp(&distance(b.0));
        // What gaps lose counts more than what is added at the end.
        let filling = |count: u64| {
            let mut each = runs.iter().map(|(start, end)| (end - start).next_multiple_of(count) - (end - start));
            let all: u64 = each.clone().sum();
            (all - each.next_back().unwrap_or(0), all)
        };
        // A little off one second there is mostly a duration that leaves less to be filled.
        let least_filled = |a: &(u64, String), b: &(u64, String)| filling(a.0).cmp(&filling(b.0)).then_with(|| nearest(a, b));
        let chosen = candidates(FARTHEST)
            .filter(|count| divides(*count))
            .filter_map(with_duration)
            .min_by(nearest)
            .or_else(|| candidates(NEAR).filter(|count| fits(*count)).filter_map(with_duration).min_by(least_filled))
            .or_else(|| candidates(FARTHEST).filter(|count| fits(*count)).filter_map(with_duration).min_by(nearest));
        let (count, duration) = chosen.unwrap_or_else(|| {
            // Records of one frame leave no rest.
            let second = (frames.rate.round() as u64).clamp(1, most);
            let count = if fits(second) { second } else { 1 };
            (count, decimal(count as f64 / frames.rate, 8).unwrap_or_else(|| "1".into()))
        });
        let seconds = duration.parse().unwrap_or(1.0);
        let mut first = 0;
        let runs = runs
            .iter()
            .map(|(start, end)| {
                let run = Run { start: *start, frames: end - start, records: (end - start).div_ceil(count), first };
                first += run.records;
                run
            })
            .collect();
        Self { frames: count, duration, seconds, runs }
    }

    /// Number of records.
    pub(super) fn count(&self) -> u64 {
        self.runs.iter().map(|run| run.records).sum()
    }

    /// Samples a second that readers will find for a signal of `per_frame` samples a frame.
    pub(super) fn rate_of(&self, per_frame: u64) -> f64 {
        (self.frames * per_frame) as f64 / self.seconds
    }

    /// Every record's onset in seconds from the recording's start.
    pub(super) fn onsets(&self) -> impl Iterator<Item = f64> {
        self.runs.iter().flat_map(move |run| {
            let start = run.start as f64 / self.frames as f64;
            (0..run.records).map(move |record| (start + record as f64) * self.seconds)
        })
    }

    /// The record in which `frame` lies, or the last one before it.
    pub(super) fn record_at(&self, frame: u64) -> usize {
        let after = self.runs.partition_point(|run| run.start <= frame);
        let Some(run) = self.runs.get(after.saturating_sub(1)) else { return 0 };
        (run.first + (frame.saturating_sub(run.start) / self.frames).min(run.records.saturating_sub(1))) as usize
    }

    /// Where a run's last record had to be filled: the frame at which its samples end, and how many frames are filling.
    pub(super) fn fillings(&self) -> impl Iterator<Item = (u64, u64)> {
        self.runs.iter().filter_map(|run| {
            let filled = run.records * self.frames - run.frames;
            (filled > 0).then_some((run.start + run.frames, filled))
        })
    }

    /// Says where the file differs from the recording in time.
    pub(super) fn warn(&self, frames: &Frames, rate: Rate, losses: &mut Vec<Loss>) {
        let read = self.rate_of(frames.of_recording);
        if (read / rate.hz() - 1.0).abs() > 1e-12 {
            let lost = format!("{} Hz: data records have a duration of eight characters", rate.hz());
            losses.push(Loss::new("sampling rate", lost, format!("{read} Hz")));
        }
        let (first, last) = (self.runs.first(), self.runs.last());
        let before = first.map_or(0, |run| run.start);
        let after = last.map_or(0, |run| frames.count.saturating_sub(run.start + run.frames));
        for (place, stretch) in [("beginning", before), ("end", after)] {
            if stretch > 0 {
                let lost = format!("{:.3} s without samples at the {place}", stretch as f64 / frames.rate);
                losses.push(Loss::new("length", lost, "the recording without them"));
            }
        }
        let filled: u64 = self.fillings().map(|(_, filled)| filled).sum();
        if filled > 0 {
            let seconds = filled as f64 / frames.rate;
            let lost = "it is no whole number of data records";
            losses.push(Loss::new("length", lost, format!("{seconds:.3} s of filling, annotated `padding`")));
        }
    }
}

/// The number in at most `width` characters, as exactly as they allow; `None` where even its whole part does not fit.
pub(super) fn decimal(value: f64, width: usize) -> Option<String> {
    (0..=width).rev().find_map(|places| {
        let text = format!("{value:.places$}");
        let text = if places > 0 { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
        (text.len() <= width && value.is_finite()).then_some(if text == "-0" { "0".to_owned() } else { text })
    })
}
