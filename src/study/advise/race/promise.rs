//! What the race promises, on figures whose true means are known.

use super::super::yardstick::{Figures, Yardstick};
use super::margin::margin;
use super::track::{Found, Track};
use super::{Fate, MOST_RUNS};
use crate::metrics::figures::Metric;
use crate::random::{Purpose, Streams};
use crate::scenario::Width;
use crate::study::ranking::Basis;

/// Repetitions of a race.
const RACES: u32 = 400;
/// A difference that does not matter, of means near 100.
const WORTH: f64 = 1.0;

/// Races of candidates with these true means: a part of the chance of each run is common to all,
/// and each has its own with this standard deviation. Judges each race by its best and its margin.
fn races(means: &[f64], own: f64, is_kept: impl Fn(f64, Option<f64>) -> bool) -> u32 {
    let yardstick = Yardstick::of_one(Metric::LastEnd, Width::Absolute(WORTH), Basis::AtStart);
    let best = means.iter().copied().fold(f64::INFINITY, f64::min);
    let kept = |number: &u32| {
        let streams = Streams::new(7, *number);
        let value = |place: usize, run: u32| -> Figures {
            let normal = |owner: usize| {
                streams.stream(Purpose::Arrivals, owner as u64).at(u64::from(run)).normal()
            };
            vec![means[place] + 20.0 * normal(0) + own * normal(place + 1), 0.0]
        };
        let mut runs = |tasks: &[(usize, u32)], _: u32, _: u64| {
            let figures = tasks.iter().map(|(place, run)| Some(value(*place, *run))).collect();
            Some(Found { figures, shared: 0 })
        };
        let track = Track::new(&yardstick, vec![1; means.len()], 1, Some(u64::MAX / 64));
        let race = track.run(None, &mut runs).expect("not stopped");
        let margin = margin(&yardstick, &race, race.order[0]);
        is_kept(means[race.order[0]] - best, margin.and_then(|margin| margin.at_most))
    };
    u32::try_from((0..RACES).filter(kept).count()).expect("few")
}

/// One is better than all others by more than matters: it is found.
#[test]
fn the_best_is_found_where_it_is_better_by_more_than_matters() {
    let mut means = vec![100.0 + 2.0 * WORTH; 20];
    means[13] = 100.0;
    let found = races(&means, 0.8, |excess, _| excess == 0.0);
    assert!(f64::from(found) >= 0.95 * f64::from(RACES), "{found} of {RACES}");
}

/// Many are within what matters, and others are worse by more: one of the former is chosen.
#[test]
fn the_choice_is_within_what_matters_of_the_best() {
    let means: Vec<f64> = (0..40).map(|place| 100.0 + 0.25 * f64::from(place % 13)).collect();
    let within = races(&means, 0.8, |excess, _| excess <= WORTH);
    assert!(f64::from(within) >= 0.95 * f64::from(RACES), "{within} of {RACES}");
}

/// The bound that is stated holds, whether or not it is within what matters.
#[test]
fn the_stated_bound_holds() {
    let means: Vec<f64> = (0..30).map(|place| 100.0 + 0.2 * f64::from(place % 7)).collect();
    for own in [0.3, 1.0, 4.0] {
        let kept = races(&means, own, |excess, at_most| at_most.is_some_and(|most| excess <= most));
        assert!(f64::from(kept) >= 0.95 * f64::from(RACES), "{own}: {kept} of {RACES}");
        // A bound that always holds by much would say nothing.
        let loose =
            races(&means, own, |_, at_most| at_most.is_some_and(|most| most > WORTH + 8.0 * own));
        assert_eq!(loose, 0, "{own}");
    }
}

/// What is far worse costs four runs, and the best has as many as any may have.
#[test]
fn what_is_far_worse_is_dropped_at_once() {
    let yardstick = Yardstick::of_one(Metric::LastEnd, Width::Absolute(WORTH), Basis::AtStart);
    let mut runs = |tasks: &[(usize, u32)], _: u32, _: u64| {
        let value = |place: usize, run: u32| vec![100.0 * (place + 1) as f64 + f64::from(run), 0.0];
        let figures = tasks.iter().map(|(place, run)| Some(value(*place, *run))).collect();
        Some(Found { figures, shared: 0 })
    };
    let track = Track::new(&yardstick, vec![1; 50], 1, None);
    let race = track.run(None, &mut runs).expect("not stopped");
    assert_eq!((race.order.as_slice(), race.runs), (&[0][..], 200 + 28));
}

/// What comes to no end is run once.
#[test]
fn what_comes_to_no_end_is_run_once() {
    let yardstick = Yardstick::of_one(Metric::LastEnd, Width::Absolute(WORTH), Basis::AtStart);
    let mut tried = 0;
    let mut runs = |tasks: &[(usize, u32)], _: u32, _: u64| {
        tried += tasks.iter().filter(|(place, _)| *place == 1).count();
        let value = |place: usize| (place != 1).then(|| vec![100.0 + place as f64, 0.0]);
        let figures = tasks.iter().map(|(place, _)| value(*place)).collect();
        Some(Found { figures, shared: 0 })
    };
    let race = Track::new(&yardstick, vec![1; 3], 1, None).run(None, &mut runs).expect("a race");
    assert_eq!((race.order[0], race.fates[1], tried), (0, Fate::Endless, 1));
}

/// What is as good by the means, and would not be told apart by all runs, rests.
#[test]
fn what_no_run_would_tell_rests() {
    let yardstick = Yardstick::of_one(Metric::LastEnd, Width::Absolute(0.5), Basis::AtStart);
    let mut runs = |tasks: &[(usize, u32)], _: u32, _: u64| {
        // By turns one of the two is much better.
        let value = |(place, run): &(usize, u32)| {
            let is_late = (*place == 0) == (run % 2 == 0);
            Some(vec![100.0 + if is_late { 40.0 } else { 0.0 }, 0.0])
        };
        let figures = tasks.iter().map(value).collect();
        Some(Found { figures, shared: 0 })
    };
    let track = Track::new(&yardstick, vec![1; 2], 1, Some(1_000));
    let race = track.run(None, &mut runs).expect("not stopped");
    assert_eq!((race.runs, race.tied), (12 + u64::from(MOST_RUNS), 2));
}

/// What is rare in the runs of the best brings back what rested beside it.
#[test]
fn a_rare_bad_run_of_the_best_is_found() {
    let yardstick = Yardstick::of_one(Metric::LastEnd, Width::Absolute(WORTH), Basis::AtStart);
    let mut runs = |tasks: &[(usize, u32)], _: u32, _: u64| {
        // Twelve runs of both are the same; the simpler one then takes much longer once.
        let value = |(place, run): &(usize, u32)| match (place, run) {
            (0, 20) => vec![1_000.0, 0.0],
            _ => vec![100.0, 0.0],
        };
        let figures = tasks.iter().map(|task| Some(value(task))).collect();
        Some(Found { figures, shared: 0 })
    };
    // The usual budget of two candidates ends before all their runs.
    let track = Track::new(&yardstick, vec![1, 2], 1, Some(100));
    let race = track.run(None, &mut runs).expect("not stopped");
    assert_eq!((race.order[0], race.tied), (1, 1));
}

/// A search takes no more runs than it may.
#[test]
fn no_search_exceeds_its_budget() {
    let yardstick = Yardstick::of_one(Metric::LastEnd, Width::Absolute(WORTH), Basis::AtStart);
    for budget in [1, 3, 10, 50, 100] {
        let mut spent = 0;
        let mut runs = |tasks: &[(usize, u32)], _: u32, _: u64| {
            spent += tasks.len() as u64;
            let value = |run: u32| Some(vec![f64::from(run % 7), 0.0]);
            let figures = tasks.iter().map(|(_, run)| value(*run)).collect();
            Some(Found { figures, shared: 0 })
        };
        let track = Track::new(&yardstick, vec![1; 9], 1, Some(budget));
        let race = track.run(None, &mut runs).expect("not stopped");
        assert!(race.runs == spent && spent <= budget, "{spent} of {budget}");
        assert!(!race.order.is_empty(), "{budget}");
    }
}
