//! Which keys the objects of a log have: of all of them, for each may have keys of its own.

use super::json::Objects;
use crate::files::Unreadable;
use indexmap::IndexSet;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// How many different keys are learned at most, and how many of them within one another.
const MOST: (usize, usize) = (250, 4);

/// The keys of all objects, in order of appearance; keys within keys are joined by dots.
pub(super) fn of(mut objects: Objects) -> Result<Vec<String>, Unreadable> {
    let mut keys = IndexSet::new();
    while let Some(object) = objects.next() {
        if let Ok(object) = object {
            let mut json = serde_json::Deserializer::from_slice(object);
            // What is no object has no keys; it is counted as bad when rows are read.
            let _ = json.deserialize_map(Learn { keys: &mut keys, path: &mut String::new() });
        }
        if keys.len() >= MOST.0 {
            break;
        }
    }
    match objects.failed() {
        Some(failed) => Err(failed),
        None => Ok(keys.into_iter().collect()),
    }
}

/// Learns the keys of a value that stands at a path.
struct Learn<'a> {
    keys: &'a mut IndexSet<String>,
    path: &'a mut String,
}

impl Learn<'_> {
    /// A value without keys.
    fn learn(self) {
        let has_room = self.keys.len() < MOST.0;
        if has_room && !self.path.is_empty() && !self.keys.contains(self.path.as_str()) {
            self.keys.insert(self.path.clone());
        }
    }
}

impl<'de> DeserializeSeed<'de> for Learn<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        match self.path.matches('.').count() + 1 < MOST.1 {
            true => from.deserialize_any(self),
            false => {
                self.learn();
                from.deserialize_ignored_any(IgnoredAny).map(drop)
            }
        }
    }
}

impl<'de> Visitor<'de> for Learn<'_> {
    type Value = ();
    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let length = self.path.len();
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            if length > 0 {
                self.path.push('.');
            }
            self.path.push_str(&key);
            map.next_value_seed(Learn { keys: self.keys, path: self.path })?;
            self.path.truncate(length);
        }
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        self.learn();
        Ok(())
    }
    fn visit_str<E: de::Error>(self, _: &str) -> Result<(), E> {
        self.learn();
        Ok(())
    }
    fn visit_bool<E: de::Error>(self, _: bool) -> Result<(), E> {
        self.learn();
        Ok(())
    }
    fn visit_u64<E: de::Error>(self, _: u64) -> Result<(), E> {
        self.learn();
        Ok(())
    }
    fn visit_i64<E: de::Error>(self, _: i64) -> Result<(), E> {
        self.learn();
        Ok(())
    }
    fn visit_f64<E: de::Error>(self, _: f64) -> Result<(), E> {
        self.learn();
        Ok(())
    }
    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.learn();
        Ok(())
    }
}
