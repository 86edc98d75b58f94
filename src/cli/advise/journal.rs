//! The runs of a search on the disk, so that one that was stopped goes on where it was.
//!
//! ```text
//!   advice.runs.unfinished   what the search is of, then a line for each run
//! ```
//!
//! A line that was cut off, as by a power failure, is not counted. Figures are kept as bits, so
//! that a search that goes on gives the same bytes as one that was never stopped.

use super::super::output::fault;
use super::super::progress::{self, Bar};
use super::super::{Fault, inputs};
use crate::files::read_text;
use crate::scenario::{Draft, Scenario};
use crate::study::{Kept, Key, Memory, fingerprint};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What runs must be of, to be used again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Title {
    throttlesim: String,
    scenario: String,
    seed: u64,
    /// Of the scenario's text and all that it means.
    fingerprint: String,
    /// The most runs of the search, if given: what it ends with has no place in the field before.
    budget: Option<u32>,
}

/// Accounts, place, replication, whether every attempt succeeded, and the bits of the figures.
type Line = (u32, usize, u32, bool, Option<Vec<u64>>);

/// The runs of a search.
pub(super) struct Journal {
    place: PathBuf,
    title: String,
    known: BTreeMap<Key, Kept>,
    /// Opened with the first run that is kept.
    file: Mutex<Option<File>>,
    /// Why a run could not be kept.
    fault: Mutex<Option<Fault>>,
    bar: Bar,
    /// Accounts that were simulated, over all runs.
    done: AtomicU64,
    /// Accounts of one whole run.
    accounts: u64,
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Journal {
    /// What an earlier search of the same scenario has left in a folder.
    pub fn open(
        folder: &Path,
        (draft, scenario): (&Draft, &Scenario),
        budget: Option<u32>,
        bar: Bar,
    ) -> Result<Self, Fault> {
        let place = folder.join("advice.runs.unfinished");
        let title = Title {
            throttlesim: env!("CARGO_PKG_VERSION").into(),
            scenario: scenario.name.clone(),
            seed: scenario.plan.seed,
            fingerprint: fingerprint(draft, scenario),
            budget,
        };
        inputs::check(&place)?;
        let (known, whole) = read_text(&place)
            .map_or_else(|_| (BTreeMap::new(), 0), |text| known(&text, &title).unwrap_or_default());
        let file = match known.is_empty() {
            true => None,
            false => {
                let file = OpenOptions::new().append(true).open(&place);
                let cut = file.and_then(|file| file.set_len(whole).map(|()| file));
                Some(cut.map_err(|e| fault("write", &place, &e))?)
            }
        };
        Ok(Self {
            place,
            title: serde_json::to_string(&title).unwrap_or_default() + "\n",
            known,
            file: Mutex::new(file),
            fault: Mutex::new(None),
            bar,
            done: AtomicU64::new(0),
            accounts: u64::from(scenario.plan.population.accounts.max(1)),
        })
    }

    /// How many runs an earlier search had done.
    pub fn known(&self) -> usize {
        self.known.len()
    }

    /// Ends the bar; why a run could not be kept, if one could not.
    pub fn end(&self) -> Result<(), Fault> {
        self.bar.finish_and_clear();
        locked(&self.fault).take().map_or(Ok(()), Err)
    }

    /// Removes what is needed no more.
    pub fn forget(self) {
        drop(self.file);
        let _ = std::fs::remove_file(&self.place);
    }

    fn write(&self, line: &str) -> std::io::Result<()> {
        let mut file = locked(&self.file);
        if file.is_none() {
            self.place.parent().map_or(Ok(()), std::fs::create_dir_all)?;
            let mut new = File::create(&self.place)?;
            new.write_all(self.title.as_bytes())?;
            *file = Some(new);
        }
        file.as_mut().map_or(Ok(()), |file| file.write_all(line.as_bytes()))
    }
}

/// The runs of a text, and how many bytes of it are whole lines; `None` if it is of something else.
fn known(text: &str, title: &Title) -> Option<(BTreeMap<Key, Kept>, u64)> {
    let (head, rest) = text.split_once('\n')?;
    if serde_json::from_str::<Title>(head).ok()? != *title {
        return None;
    }
    let mut whole = text.len() - rest.len();
    let mut known = BTreeMap::new();
    for line in rest.split_inclusive('\n') {
        let read = line.strip_suffix('\n').map(serde_json::from_str::<Line>);
        let Some(Ok((accounts, place, replication, is_smooth, bits))) = read else { break };
        let figures = bits.map(|bits| bits.into_iter().map(f64::from_bits).collect());
        known.insert(Key { accounts, place, replication }, Kept { figures, is_smooth });
        whole += line.len();
    }
    Some((known, whole as u64))
}

impl Memory for Journal {
    fn known(&self, key: Key) -> Option<Kept> {
        self.known.get(&key).cloned()
    }

    fn keep(&self, key: Key, kept: &Kept) {
        let bits = kept.figures.as_ref();
        let bits = bits.map(|figures| figures.iter().map(|figure| figure.to_bits()).collect());
        let line: Line = (key.accounts, key.place, key.replication, kept.is_smooth, bits);
        let line = serde_json::to_string(&line).unwrap_or_default() + "\n";
        if let Err(why) = self.write(&line) {
            locked(&self.fault).get_or_insert_with(|| fault("write", &self.place, &why));
        }
    }

    fn done(&self, accounts: u64) {
        let all = self.done.fetch_add(accounts, Ordering::Relaxed) + accounts;
        self.bar.is_at(all / self.accounts);
    }

    fn left(&self, accounts: u64) {
        let all = self.done.load(Ordering::Relaxed) + accounts;
        self.bar.is_of(all.div_ceil(self.accounts));
    }

    fn is_stopped(&self) -> bool {
        progress::stopped() || locked(&self.fault).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_come_back_to_the_bit_and_a_line_cut_off_is_not_counted() {
        let title = Title {
            throttlesim: "0".into(),
            scenario: "s".into(),
            seed: 1,
            fingerprint: "f".into(),
            budget: None,
        };
        let mut text = serde_json::to_string(&title).expect("a line") + "\n";
        let figures = [0.1 + 0.2, f64::INFINITY, f64::NAN];
        for (place, figures) in [(0, Some(figures.map(f64::to_bits).to_vec())), (1, None)] {
            let line: Line = (40, place, 3, true, figures);
            text += &(serde_json::to_string(&line).expect("a line") + "\n");
        }
        let cut = format!("{text}[40,2,3,tr");
        let (found, whole) = known(&cut, &title).expect("the same");
        assert_eq!((found.len(), whole), (2, text.len() as u64));
        let of = |place| found[&Key { accounts: 40, place, replication: 3 }].figures.clone();
        let back = of(0).expect("figures");
        assert_eq!(
            back.iter().map(|of| of.to_bits()).collect::<Vec<_>>(),
            figures.map(f64::to_bits)
        );
        assert_eq!(of(1), None);
        let other = Title { budget: Some(9), ..title.clone() };
        assert!(known(&cut, &other).is_none(), "another budget starts again");
        let other = Title { seed: 2, ..title };
        assert!(known(&cut, &other).is_none(), "another seed starts again");
    }
}
