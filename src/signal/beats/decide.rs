//! Which peaks of the fused envelope are beats.

use super::WORK_HZ;
use crate::signal::robust::{median, percentile};

const fn samples(seconds: f64) -> usize {
    (seconds * WORK_HZ + 0.5) as usize
}

/// Two beats are at least this far apart.
const REFRACTORY: usize = samples(0.2);
/// A peak this soon after a beat may be its T wave.
const T_WAVE: usize = samples(0.36);
/// Share of the local level of beats from which a peak is a beat.
const TAKE: f32 = 0.30;
/// A beat stands this far above the median envelope around it. In noise, where the median rises, peaks of noise do not; a rhythm so fast and
/// wide that its complexes do not either has no QRS complexes to be told apart.
const ABOVE_USUAL: f32 = 2.0;
/// Half of the time over which that median is taken.
const USUAL_AROUND: usize = samples(2.0);
/// A median each so often.
const USUAL_STEP: usize = samples(1.0);
/// Share from which search-back takes one where a beat is missing.
const TAKE_BACK: f32 = 0.22;
/// Share of the preceding beat under which an early peak is its T wave.
const T_SHARE: f32 = 0.5;
/// Share of the local level under which a peak is weak.
const WEAK: f32 = 0.6;
/// Two beats less than this many local RR intervals apart leave no room for a weak one between them.
const CROWDED: f32 = 1.3;
/// Two beats more than this many local RR intervals apart may have lost one between them.
const MISSING: f32 = 1.6;
/// Beats on each side that make the local level and the local RR interval.
const AROUND: usize = 6;

/// A peak of the fused envelope.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Peak {
    at: usize,
    height: f32,
}

/// Positions of beats at the working rate, ascending.
pub(super) fn beats(fused: &[f32]) -> Vec<usize> {
    let candidates = peaks(fused);
    let mut heights: Vec<f32> = candidates.iter().map(|p| p.height).filter(|h| *h > TAKE).collect();
    let Some(typical) = percentile(&mut heights, 0.5) else { return Vec::new() };
    let first: Vec<Peak> = candidates.iter().copied().filter(|p| p.height >= TAKE * typical).collect();
    let first = without_t_waves(&first);
    // Second pass: the level of the beats around each candidate, instead of the recording's.
    let taken: Vec<Peak> = {
        let mut level = LocalLevel::new(&first, typical);
        let usual = Usual::new(fused);
        let stands_out = |p: &Peak| p.height >= ABOVE_USUAL * usual.at(p.at);
        candidates.iter().copied().filter(|p| p.height >= TAKE * level.at(p.at) && stands_out(p)).collect()
    };
    let taken = without_weak_extras(without_t_waves(&taken), typical);
    search_back(&candidates, taken, typical).into_iter().map(|p| p.at).collect()
}

/// Local maxima, the larger where two lie within the refractory period.
fn peaks(fused: &[f32]) -> Vec<Peak> {
    let mut found: Vec<Peak> = Vec::new();
    for at in 0..fused.len() {
        let height = fused[at];
        // A rise or fall cut off by the recording's end has no peak to place.
        let (Some(before), Some(after)) = (at.checked_sub(1).map(|i| fused[i]), fused.get(at + 1).copied()) else { continue };
        // Comparisons with a NaN neighbour are false: the edge of a gap may be a peak.
        if height.is_nan() || height <= 0.05 || before > height || after >= height {
            continue;
        }
        match found.last_mut() {
            Some(last) if at - last.at < REFRACTORY => {
                if height > last.height {
                    *last = Peak { at, height };
                }
            }
            _ => found.push(Peak { at, height }),
        }
    }
    found
}

/// Leaves out peaks that follow a beat so soon and so low that they are its T wave.
fn without_t_waves(peaks: &[Peak]) -> Vec<Peak> {
    let mut kept: Vec<Peak> = Vec::with_capacity(peaks.len());
    for peak in peaks {
        match kept.last() {
            Some(last) if peak.at - last.at < T_WAVE && peak.height < T_SHARE * last.height => {}
            _ => kept.push(*peak),
        }
    }
    kept
}

/// Leaves out weak peaks between two beats that are no farther apart than beats usually are here: an ectopic beat that
/// comes early is followed by a pause, or is not weak.
fn without_weak_extras(mut peaks: Vec<Peak>, typical: f32) -> Vec<Peak> {
    let before = peaks.clone();
    let mut level = LocalLevel::new(&before, typical);
    let mut kept: Vec<Peak> = Vec::with_capacity(peaks.len());
    for (index, peak) in peaks.drain(..).enumerate() {
        let weak = peak.height < WEAK * level.at(peak.at);
        if let (true, Some(last), Some(next)) = (weak, kept.last(), before.get(index + 1))
            && ((next.at - last.at) as f32) < CROWDED * local_rr(&before, index)
        {
            continue;
        }
        kept.push(peak);
    }
    kept
}

/// Median RR interval around beat `index`, in samples; 0 without one.
fn local_rr(beats: &[Peak], index: usize) -> f32 {
    let around = &beats[index.saturating_sub(AROUND)..(index + AROUND + 1).min(beats.len())];
    median(&mut around.windows(2).map(|w| (w[1].at - w[0].at) as f32).collect()).unwrap_or(0.0)
}

/// Median height of the beats around a place; asked for ascending places.
struct LocalLevel<'a> {
    beats: &'a [Peak],
    next: usize,
    typical: f32,
}

impl<'a> LocalLevel<'a> {
    fn new(beats: &'a [Peak], typical: f32) -> Self {
        Self { beats, next: 0, typical }
    }

    fn at(&mut self, place: usize) -> f32 {
        while self.next < self.beats.len() && self.beats[self.next].at < place {
            self.next += 1;
        }
        let around = &self.beats[self.next.saturating_sub(AROUND)..(self.next + AROUND).min(self.beats.len())];
        let local = median(&mut around.iter().map(|p| p.height).collect()).unwrap_or(self.typical);
        local.clamp(0.5 * self.typical, 1.3 * self.typical)
    }
}

/// The running median of the fused envelope, second by second.
struct Usual(Vec<f32>);

impl Usual {
    fn new(fused: &[f32]) -> Self {
        let median_around = |second: usize| {
            let middle = second * USUAL_STEP + USUAL_STEP / 2;
            let around = middle.saturating_sub(USUAL_AROUND)..middle.saturating_add(USUAL_AROUND).min(fused.len());
            // The envelope is smooth: every fourth sample tells as much.
            let mut values = fused.get(around).unwrap_or_default().iter().copied().step_by(4).collect();
            percentile(&mut values, 0.5).unwrap_or(0.0)
        };
        Self((0..fused.len().div_ceil(USUAL_STEP)).map(median_around).collect())
    }

    fn at(&self, place: usize) -> f32 {
        self.0.get(place / USUAL_STEP).copied().unwrap_or(0.0)
    }
}

/// Fills pauses of more than 1.6 local RR intervals with the highest candidate in them, if it is high enough.
fn search_back(candidates: &[Peak], beats: Vec<Peak>, typical: f32) -> Vec<Peak> {
    if beats.len() < 3 {
        return beats;
    }
    let mut out = Vec::with_capacity(beats.len());
    let mut level = LocalLevel::new(&beats, typical);
    let mut next = 0;
    for index in 0..beats.len() {
        out.push(beats[index]);
        let (start, end) = match beats.get(index + 1) {
            Some(after) => (beats[index].at, after.at),
            None => continue,
        };
        if ((end - start) as f32) < MISSING * local_rr(&beats, index) {
            continue;
        }
        while next < candidates.len() && candidates[next].at <= start {
            next += 1;
        }
        let within = candidates[next..].iter().take_while(|p| p.at < end);
        let best =
            within.filter(|p| p.at - start >= T_WAVE && end - p.at >= REFRACTORY).max_by(|a, b| a.height.total_cmp(&b.height));
        if let Some(best) = best
            && best.height >= TAKE_BACK * level.at(best.at)
        {
            out.push(*best);
        }
    }
    out
}
