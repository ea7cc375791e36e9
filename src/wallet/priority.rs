//! Where the resources of a chain stand among the plugins of their phase (`product.md`, Priorities).
//!
//! A higher priority runs first and an unset one last, below all negatives (Istio `push_context.go`, `sortByPriority`).

/// Between two neighbours of a chain, so that there is room for a plugin of another hand.
pub const STEP: i64 = 10;

/// The priority of the filter at `place` (from 0) in a chain of `length` filters, whose plugin has `base`.
///
/// `None` means unset: the last filter of a plugin without a priority. The number may lie beyond int32, which the API
/// refuses; it is written as it is, so that the check finds it.
pub fn of_filter(base: Option<i64>, place: usize, length: usize) -> Option<i64> {
    let behind = i64::try_from(length.saturating_sub(place + 1)).unwrap_or(i64::MAX);
    if behind == 0 {
        return base;
    }
    Some(base.unwrap_or(0).saturating_add(behind.saturating_mul(STEP)))
}

/// The highest and the lowest priority in a chain; `None` as the lowest is "last".
pub fn range(base: Option<i64>, length: usize) -> (Option<i64>, Option<i64>) {
    (of_filter(base, 0, length.max(1)), base)
}

/// A priority as a key that sorts as Istio does: unset below every number.
pub fn sort_key(priority: Option<i64>) -> i64 {
    priority.unwrap_or(i64::MIN)
}

/// Tells whether Kubernetes takes `priority`: an int32, or unset.
pub fn fits(priority: Option<i64>) -> bool {
    priority.is_none_or(|priority| i32::try_from(priority).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(base: Option<i64>, length: usize) -> Vec<Option<i64>> {
        (0..length).map(|place| of_filter(base, place, length)).collect()
    }

    #[test]
    fn the_last_filter_keeps_the_priority_of_the_plugin() {
        assert_eq!(chain(Some(5), 3), [Some(25), Some(15), Some(5)]);
        assert_eq!(chain(None, 3), [Some(20), Some(10), None]);
        assert_eq!(chain(None, 1), [None]);
        assert_eq!(chain(Some(-10), 1), [Some(-10)]);
    }

    #[test]
    fn beyond_int32_is_seen() {
        let highest = of_filter(Some(i64::from(i32::MAX)), 0, 2);
        assert!(!fits(highest));
        assert!(fits(of_filter(Some(i64::from(i32::MAX) - 10), 0, 2)));
    }

    #[test]
    fn unset_sorts_below_negatives() {
        assert!(sort_key(None) < sort_key(Some(-5)));
        assert_eq!(range(None, 3), (Some(20), None));
        assert_eq!(range(Some(5), 1), (Some(5), Some(5)));
    }
}
