//! Names that rows mention: numbered as they are read, and then in order of time.

use crate::files::LONGEST_FILE;
use std::collections::HashMap;

/// Names and the numbers that they stand for.
pub(super) type Numbers = HashMap<Box<[u8]>, u32>;

/// The place of a name that is in no row that was put in order.
const NOWHERE: u32 = u32::MAX;

/// Names as they are learned.
#[derive(Debug)]
pub(super) struct Roll {
    numbers: Numbers,
    /// For each number, the place of its first row among those of the other names.
    places: Vec<u32>,
    placed: u32,
    /// Names that are kept at most.
    most: usize,
    bytes: u64,
    /// True if there were more names, or longer ones, than are kept.
    pub is_full: bool,
}

impl Roll {
    /// A roll of so many names at most.
    pub fn new(most: usize) -> Self {
        let (numbers, places) = (HashMap::new(), Vec::new());
        Self { numbers, places, placed: 0, most, bytes: 0, is_full: false }
    }

    /// The number of a name, in the order of the file; `None` if there is no room for it.
    pub fn number(&mut self, name: &[u8]) -> Option<u32> {
        if let Some(number) = self.numbers.get(name) {
            return Some(*number);
        }
        self.bytes += name.len() as u64;
        if self.numbers.len() >= self.most || self.bytes > LONGEST_FILE {
            self.is_full = true;
            return None;
        }
        let number = u32::try_from(self.places.len()).ok()?;
        self.numbers.insert(name.into(), number);
        self.places.push(NOWHERE);
        Some(number)
    }

    /// The place of a number, in order of time: the next one, if this is its first row.
    pub fn put(&mut self, number: u32) -> u32 {
        let place = &mut self.places[number as usize];
        if *place == NOWHERE {
            *place = self.placed;
            self.placed += 1;
        }
        *place
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Tells every name with its number in the order of the file.
    pub fn each(&self, mut tell: impl FnMut(&[u8], u32)) {
        self.numbers.iter().for_each(|(name, number)| tell(name, *number));
    }

    /// The places of all names, and the names in order of place.
    pub fn in_order(mut self) -> (Numbers, Vec<Box<[u8]>>) {
        let mut names: Vec<Box<[u8]>> = vec![Box::default(); self.places.len()];
        for (name, number) in &mut self.numbers {
            *number = self.places[*number as usize];
            if let Some(place) = names.get_mut(*number as usize) {
                place.clone_from(name);
            }
        }
        (self.numbers, names)
    }
}
