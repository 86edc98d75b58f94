//! Many computations on all threads, whose results stand in the order of what they are of.
//!
//! How many threads there are, and which one ends first, changes nothing but the time.

use std::ops::Range;
use std::sync::Mutex;

/// What `of` makes of each item, in the order of the items.
///
/// # Panics
///
/// If `of` does.
pub(crate) fn map<'a, T: Sync, R: Send>(items: &'a [T], of: impl Fn(&'a T) -> R + Sync) -> Vec<R> {
    let results: Vec<Mutex<Option<R>>> = items.iter().map(|_| Mutex::new(None)).collect();
    let fill = |place: usize| {
        let result = of(&items[place]);
        if let Ok(mut slot) = results[place].lock() {
            *slot = Some(result);
        }
    };
    each(0..items.len(), &fill);
    results.into_iter().filter_map(|slot| slot.into_inner().ok()?).collect()
}

/// As [`map`], up to the first item of which there is an error: its error.
///
/// # Errors
///
/// That of the first item, in their order, that has one.
pub(crate) fn try_map<'a, T: Sync, R: Send, E: Send>(
    items: &'a [T],
    of: impl Fn(&'a T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    map(items, of).into_iter().collect()
}

/// By halves: a thread without work takes over half of what another one has not begun. Not generic:
/// what threads need is compiled once.
fn each(places: Range<usize>, run: &(dyn Fn(usize) + Sync)) {
    match places.len() {
        0 => {}
        1 => run(places.start),
        count => {
            let middle = places.start + count / 2;
            let halves = [places.start..middle, middle..places.end];
            let [first, second] = halves.map(|half| || each(half, run));
            rayon_core::join(first, second);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_their_items() {
        let items: Vec<u64> = (0..1_000).collect();
        let squares: Vec<u64> = items.iter().map(|item| item * item).collect();
        for threads in [1, 2, 7] {
            let pool = rayon_core::ThreadPoolBuilder::new().num_threads(threads).build();
            let found = pool.expect("some threads").install(|| map(&items, |item| item * item));
            assert_eq!(found, squares, "{threads}");
        }
        assert!(map(&[], |item: &u64| *item).is_empty());
    }

    #[test]
    fn the_first_error_in_order_is_told() {
        let odd = |item: &u64| if item % 2 == 1 { Err(*item) } else { Ok(*item) };
        assert_eq!(try_map(&[2, 4, 5, 7], odd), Err(5));
        assert_eq!(try_map(&[2, 4], odd), Ok(vec![2, 4]));
    }
}
