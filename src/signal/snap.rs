//! Where a hand-set mark most likely was meant to be.

/// The one of `marks` (samples, in any order) nearest to `at`, no further away than `within`.
pub fn nearest(marks: impl Iterator<Item = f64>, at: f64, within: f64) -> Option<f64> {
    let near = marks.filter(|mark| (mark - at).abs() <= within);
    near.min_by(|a, b| (a - at).abs().total_cmp(&(b - at).abs()))
}

/// Number of the sample that stands out most: furthest from the median of `samples` (NaN where invalid). `None` where nothing is valid or all
/// are alike.
pub fn extremum(samples: &[f32]) -> Option<usize> {
    let mut sorted: Vec<f32> = samples.iter().copied().filter(|value| value.is_finite()).collect();
    let middle = sorted.len() / 2;
    if sorted.is_empty() {
        return None;
    }
    let median = *sorted.select_nth_unstable_by(middle, f32::total_cmp).1;
    let valid = samples.iter().enumerate().filter(|(_, value)| value.is_finite());
    let best = valid.max_by(|(_, a), (_, b)| (**a - median).abs().total_cmp(&(**b - median).abs()))?;
    (*best.1 != median).then_some(best.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mark_within_reach_is_taken() {
        let marks = [100.0, 130.0, 400.0];
        assert_eq!(nearest(marks.into_iter(), 112.0, 20.0), Some(100.0));
        assert_eq!(nearest(marks.into_iter(), 118.0, 20.0), Some(130.0));
        assert_eq!(nearest(marks.into_iter(), 200.0, 20.0), None);
    }

    #[test]
    fn peaks_and_troughs_stand_out() {
        assert_eq!(extremum(&[0.0, 0.1, 0.9, 0.1, 0.0]), Some(2));
        assert_eq!(extremum(&[0.0, 0.1, f32::NAN, -0.8, 0.0]), Some(3));
        assert_eq!(extremum(&[0.2; 9]), None);
        assert_eq!(extremum(&[f32::NAN; 3]), None);
        assert_eq!(extremum(&[]), None);
    }
}
