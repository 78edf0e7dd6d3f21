//! Quantiles of small sets.

/// The finite values in ascending order.
pub(super) fn ascending(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.into_iter().filter(|v| v.is_finite()).collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// The value below which `share` (0 to 1) of `ascending` lies, interpolated between neighbours; `None` without values.
pub(super) fn quantile(ascending: &[f64], share: f64) -> Option<f64> {
    let place = ascending.len().checked_sub(1)? as f64 * share.clamp(0.0, 1.0);
    let (below, above) = (ascending.get(place.floor() as usize)?, ascending.get(place.ceil() as usize)?);
    Some(below + (above - below) * place.fract())
}

/// Distance of the quartiles.
pub(super) fn quartiles(ascending: &[f64]) -> Option<f64> {
    Some(quantile(ascending, 0.75)? - quantile(ascending, 0.25)?)
}

/// Share of the values for which `holds`; `None` without values.
pub(super) fn share<T>(values: &[T], holds: impl Fn(&T) -> bool) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().filter(|v| holds(v)).count() as f64 / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_interpolated() {
        let values = ascending([4.0, f64::NAN, 1.0, 2.0, 3.0]);
        assert_eq!(values, [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(quantile(&values, 0.5), Some(2.5));
        assert_eq!(quantile(&values, 1.0), Some(4.0));
        assert_eq!(quartiles(&values), Some(1.5));
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(share(&values, |v| *v > 3.0), Some(0.25));
    }
}
