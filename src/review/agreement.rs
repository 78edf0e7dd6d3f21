//! Two readers of one recording, or a reader and the machine, beat by beat.

pub mod findings;

use super::{Beat, BeatType, Beats, Taken, content::match_window};
use crate::{
    recording::{Annotation, BeatLabel, LabelMap, Rate, SampleIndex},
    scoring::{self, BeatMatrix, Mark, ScoringError, Settings},
};

/// One beat on which two readers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disagreement {
    /// Where to look: one's own beat, else theirs.
    pub at: SampleIndex,
    /// One's own beat; `None`: none there.
    pub ours: Option<(SampleIndex, BeatType)>,
    /// Their beat; `None`: none there.
    pub theirs: Option<(SampleIndex, BeatType)>,
    /// Of one class of EC57, and yet not the same type (`N` and `L`): no disagreement for the matrix.
    pub same_class: bool,
}

impl Disagreement {
    /// Resolved in their favour, for [`super::Command::TakeTheirs`].
    pub fn taken(&self) -> Taken {
        Taken { ours: self.ours.map(|(at, _)| at), theirs: self.theirs }
    }
}

/// What a comparison finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Pairs by class: rows are one's own, columns theirs.
    pub matrix: BeatMatrix,
    /// Where they differ, in time order.
    pub disagreements: Vec<Disagreement>,
}

/// Compares beat by beat over the whole recording: beats within 150 ms are paired as EC57 and WFDB's `bxb` do; no learning period is left out, because people
/// read from the first beat on.
///
/// # Errors
/// [`ScoringError`], for a recording that cannot be scored.
pub fn compare(ours: &Beats, theirs: &Beats, rate: Rate, length: u64, map: LabelMap) -> Result<Comparison, ScoringError> {
    let settings = Settings::starting_at(0.0, rate, Some(length), map)?;
    let annotations = |beats: &Beats| -> Vec<Annotation> { beats.as_slice().iter().map(Beat::annotation).collect() };
    let scored = scoring::compare_beats(&annotations(ours), &annotations(theirs), &settings);
    let find = |beats: &Beats, mark: Mark, at: i64| match mark {
        Mark::Beat(_) => u64::try_from(at).ok().and_then(|at| beats.at(SampleIndex(at))).map(|beat| (beat.sample, beat.label)),
        _ => None,
    };
    let by_class = scored.mismatches.iter().filter_map(|mismatch| {
        let mine = find(ours, mismatch.reference, mismatch.reference_at);
        let other = find(theirs, mismatch.test, mismatch.test_at);
        let at = mine.or(other)?.0;
        Some(Disagreement { at, ours: mine, theirs: other, same_class: false })
    });
    let mut disagreements: Vec<Disagreement> = by_class.chain(finer(ours, theirs, rate, map)).collect();
    disagreements.sort_by_key(|disagreement| disagreement.at);
    Ok(Comparison { matrix: scored.matrix, disagreements })
}

/// Pairs of one class and different types. Beats are paired that are each other's nearest.
fn finer<'a>(ours: &'a Beats, theirs: &'a Beats, rate: Rate, map: LabelMap) -> impl Iterator<Item = Disagreement> + 'a {
    let window = match_window(rate);
    ours.as_slice().iter().filter_map(move |mine| {
        let other = theirs.nearest(mine.sample, window)?;
        let mutual = ours.nearest(other.sample, window).is_some_and(|back| back.sample == mine.sample);
        let differ =
            mine.label != other.label && mine.label.class(map).is_some() && mine.label.class(map) == other.label.class(map);
        (mutual && differ).then_some(Disagreement {
            at: mine.sample,
            ours: Some((mine.sample, mine.label)),
            theirs: Some((other.sample, other.label)),
            same_class: true,
        })
    })
}

impl Comparison {
    /// Beats that both have.
    pub fn paired(&self) -> u64 {
        self.cells().map(|(_, _, count)| count).sum()
    }

    /// Beats that only one of them has: only oneself, only they.
    pub fn unpaired(&self) -> (u64, u64) {
        let sum = |count: &dyn Fn(Mark) -> u64| BeatLabel::ALL.into_iter().map(|label| count(Mark::Beat(label))).sum();
        (sum(&|mark| self.matrix.get(mark, Mark::NoBeat)), sum(&|mark| self.matrix.get(Mark::NoBeat, mark)))
    }

    /// Cohen's kappa of the class, over the beats that both have: 1 is full agreement, 0 what chance would give. `None` without beats, and where both
    /// gave everything one and the same class, so that there is nothing to agree on by more than chance.
    ///
    /// Source: Cohen, Educ Psychol Meas 1960;20:37.
    pub fn kappa(&self) -> Option<f64> {
        let all = self.paired() as f64;
        if all == 0.0 {
            return None;
        }
        let share = |wanted: &dyn Fn(BeatLabel, BeatLabel) -> bool| {
            self.cells().filter(|(a, b, _)| wanted(*a, *b)).map(|(_, _, count)| count).sum::<u64>() as f64 / all
        };
        let observed = share(&|a, b| a == b);
        let chance: f64 = BeatLabel::ALL.into_iter().map(|label| share(&|a, _| a == label) * share(&|_, b| b == label)).sum();
        (chance < 1.0).then(|| (observed - chance) / (1.0 - chance))
    }

    fn cells(&self) -> impl Iterator<Item = (BeatLabel, BeatLabel, u64)> {
        let pairs = BeatLabel::ALL.into_iter().flat_map(|a| BeatLabel::ALL.into_iter().map(move |b| (a, b)));
        pairs.map(|(a, b)| (a, b, self.matrix.get(Mark::Beat(a), Mark::Beat(b))))
    }

    /// The first disagreement after `at`.
    pub fn next(&self, at: SampleIndex) -> Option<&Disagreement> {
        self.disagreements.get(self.disagreements.partition_point(|d| d.at <= at))
    }

    /// The last disagreement before `at`.
    pub fn previous(&self, at: SampleIndex) -> Option<&Disagreement> {
        self.disagreements.partition_point(|d| d.at < at).checked_sub(1).and_then(|index| self.disagreements.get(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beats(list: &[(u64, char)]) -> Beats {
        Beats::new(list.iter().map(|(at, key)| Beat::placed(SampleIndex(*at), BeatType::from_key(*key).unwrap())).collect())
    }

    fn compared(ours: &[(u64, char)], theirs: &[(u64, char)]) -> Comparison {
        compare(&beats(ours), &beats(theirs), Rate::new(250.0).unwrap(), 10_000, LabelMap::Aami).unwrap()
    }

    #[test]
    fn every_way_of_differing_is_listed_once() {
        let ours = [(100, 'N'), (300, 'V'), (500, 'N'), (700, 'N'), (1100, 'N')];
        let theirs = [(102, 'N'), (300, 'N'), (500, 'L'), (900, 'S'), (1100, 'N')];
        let found = compared(&ours, &theirs);
        let list: Vec<_> = found
            .disagreements
            .iter()
            .map(|d| (d.at.0, d.ours.map(|(_, l)| l.key()), d.theirs.map(|(_, l)| l.key()), d.same_class))
            .collect();
        assert_eq!(
            list,
            [
                (300, Some('V'), Some('N'), false),
                (500, Some('N'), Some('L'), true),
                (700, Some('N'), None, false),
                (900, None, Some('S'), false)
            ]
        );
        assert_eq!((found.paired(), found.unpaired()), (4, (1, 1)));
        assert_eq!(found.next(SampleIndex(300)).map(|d| d.at.0), Some(500));
        assert_eq!(found.previous(SampleIndex(300)), None);
        assert_eq!(
            found.disagreements[0].taken(),
            Taken { ours: Some(SampleIndex(300)), theirs: Some((SampleIndex(300), BeatType::Normal)) }
        );
    }

    #[test]
    fn kappa_is_cohen_s() {
        // 20 both N, 15 both V, 5 N against V, 10 V against N: the textbook's 0.4.
        let mut ours = Vec::new();
        let mut theirs = Vec::new();
        let pairs = [('N', 'N', 20), ('V', 'V', 15), ('N', 'V', 5), ('V', 'N', 10)];
        for (n, (a, b)) in pairs.into_iter().flat_map(|(a, b, count)| std::iter::repeat_n((a, b), count)).enumerate() {
            ours.push((100 + 150 * n as u64, a));
            theirs.push((100 + 150 * n as u64, b));
        }
        let kappa = compared(&ours, &theirs).kappa().unwrap();
        assert!((kappa - 0.4).abs() < 1e-12, "{kappa}");
        assert_eq!(compared(&ours, &ours).kappa(), Some(1.0));
        assert_eq!(compared(&[(100, 'N')], &[(100, 'N')]).kappa(), None, "nothing but one class");
        assert_eq!(compared(&[], &[]).kappa(), None);
    }
}
