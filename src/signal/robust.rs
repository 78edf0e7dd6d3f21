//! Medians and percentiles of small sets.

/// The value below which `share` (0 to 1) of the finite values lie; `None` without finite values. Reorders `values`.
pub(crate) fn percentile(values: &mut Vec<f32>, share: f64) -> Option<f32> {
    values.retain(|v| v.is_finite());
    if values.is_empty() {
        return None;
    }
    let rank = ((values.len() - 1) as f64 * share.clamp(0.0, 1.0)).round() as usize;
    Some(*values.select_nth_unstable_by(rank, f32::total_cmp).1)
}

/// Median: of an even number of values the mean of the middle two. Reorders `values`.
pub(crate) fn median(values: &mut Vec<f32>) -> Option<f32> {
    values.retain(|v| v.is_finite());
    let half = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    let (below, middle, _) = values.select_nth_unstable_by(half, f32::total_cmp);
    let middle = *middle;
    if below.len() != half || values.len() % 2 == 1 {
        return Some(middle);
    }
    let lower = values[..half].iter().copied().fold(f32::NEG_INFINITY, f32::max);
    Some((lower + middle) / 2.0)
}

/// Median of `f64`, as places late in a long recording need; what is not finite does not count. `None` without any.
pub(crate) fn median_f64(values: &[f64]) -> Option<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let half = sorted.len() / 2;
    match sorted.len() % 2 {
        1 => sorted.get(half).copied(),
        _ => Some((sorted.get(half.checked_sub(1)?)? + sorted.get(half)?) / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_percentiles() {
        assert_eq!(median(&mut vec![3.0, 1.0, f32::NAN, 2.0]), Some(2.0));
        assert_eq!(median(&mut vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&mut vec![f32::NAN]), None);
        assert_eq!(percentile(&mut (0..=100).map(|v| v as f32).collect(), 0.75), Some(75.0));
        assert_eq!(percentile(&mut Vec::new(), 0.5), None);
    }
}
