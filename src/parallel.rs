//! Computes something of many items on all threads; the results stand in the order of the items.
//!
//! The number of threads, and which one ends first, change only the time.

use std::convert::Infallible;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What `of` makes of each item, in the order of the items.
///
/// # Panics
///
/// If `of` does.
pub(crate) fn map<'a, T: Sync, R: Send>(items: &'a [T], of: impl Fn(&'a T) -> R + Sync) -> Vec<R> {
    let done = try_map(items, |item| Ok::<R, Infallible>(of(item)));
    done.unwrap_or_else(|never| match never {})
}

/// As [`map`], until there is an error: nothing is begun any more that stands behind it.
///
/// # Errors
///
/// That of the first item, in their order, that has one.
pub(crate) fn try_map<'a, T: Sync, R: Send, E: Send>(
    items: &'a [T],
    of: impl Fn(&'a T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let results: Vec<Mutex<Option<Result<R, E>>>> =
        items.iter().map(|_| Mutex::new(None)).collect();
    let failed = AtomicUsize::new(usize::MAX);
    let fill = |place: usize| {
        if place > failed.load(Ordering::Relaxed) {
            return;
        }
        let result = of(&items[place]);
        if result.is_err() {
            failed.fetch_min(place, Ordering::Relaxed);
        }
        *results[place].lock().expect("nobody else takes it") = Some(result);
    };
    each(0..items.len(), &fill);
    // An error ends this before the first place that was left out.
    let found = |slot: Mutex<Option<Result<R, E>>>| slot.into_inner().expect("nobody has it");
    results.into_iter().map(|slot| found(slot).expect("all before an error are done")).collect()
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

    #[test]
    fn nothing_is_begun_behind_an_error() {
        let begun = AtomicUsize::new(0);
        let pool = rayon_core::ThreadPoolBuilder::new().num_threads(1).build();
        let found = pool.expect("a thread").install(|| {
            try_map(&[1, 2, 3, 4, 5], |item| {
                begun.fetch_add(1, Ordering::Relaxed);
                if *item == 2 { Err("two") } else { Ok(()) }
            })
        });
        assert_eq!((found, begun.into_inner()), (Err("two"), 2));
    }
}
