//! Work on the cells of a page by two threads.

/// Fewer items than this are not worth a second thread.
const FEWEST: usize = 4;

/// Does `work` on every item, half of them on a thread of its own. Not on the pool: there, what was begun in the background is served first.
pub(super) fn in_halves<T: Send>(items: &mut [T], work: impl Fn(&mut T) + Sync) {
    if items.len() < FEWEST {
        return items.iter_mut().for_each(work);
    }
    let (first, second) = items.split_at_mut(items.len() / 2);
    std::thread::scope(|scope| {
        scope.spawn(|| first.iter_mut().for_each(&work));
        second.iter_mut().for_each(&work);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_worked_on_once() {
        for count in [0, 1, 3, 4, 13] {
            let mut items: Vec<u32> = (0..count).collect();
            in_halves(&mut items, |item| *item += 100);
            assert_eq!(items, (100..100 + count).collect::<Vec<_>>());
        }
    }
}
