//! Objects of JSON, of which some keys count: JSON Lines, and the entries of an HTTP archive.
//!
//! ```text
//!   {"time": 1795816800.25, "account": "seller-a", "request": {"uri": "/orders"}, "status": 200}
//!    time                    account                request.uri  (or /request/uri)  status
//! ```
//!
//! Other keys are passed over without being kept, whatever they hold. A name with dots is a key, or
//! keys within keys; one that begins with `/` is a JSON pointer (RFC 6901).

use super::Bad;
use super::counted::Bytes;
use super::har::Har;
use super::lines::Lines;
use super::source::Source;
use crate::files::Unreadable;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// Objects one after another.
#[derive(Debug)]
pub(super) enum Objects {
    Lines(Lines),
    Archive(Har),
}

impl Objects {
    pub fn next(&mut self) -> Option<Result<&[u8], Bad>> {
        match self {
            Self::Lines(lines) => lines.next(),
            Self::Archive(archive) => archive.next(),
        }
    }

    /// The line on which the object that was read last begins.
    pub const fn line(&self) -> u64 {
        match self {
            Self::Lines(lines) => lines.number,
            Self::Archive(archive) => archive.number,
        }
    }

    pub fn bytes(&self) -> &Bytes {
        match self {
            Self::Lines(lines) => lines.bytes(),
            Self::Archive(archive) => archive.bytes(),
        }
    }

    pub const fn failed(&mut self) -> Option<Unreadable> {
        match self {
            Self::Lines(lines) => lines.failed.take(),
            Self::Archive(archive) => archive.failed.take(),
        }
    }
}

/// Objects, and what counts of the one that was read last.
#[derive(Debug)]
pub(super) struct Json {
    pub objects: Objects,
    paths: Vec<Path>,
    /// The texts are written over, object by object.
    found: Vec<Text>,
}

/// The keys to a value, as one text.
#[derive(Debug)]
struct Path {
    keys: String,
    /// What stands between two keys.
    separator: char,
}

impl Path {
    fn new(name: &str) -> Self {
        match name.strip_prefix('/') {
            // No key holds this character, so that every key is told from its neighbours.
            Some(pointer) => {
                let keys = pointer.replace('/', "\0").replace("~1", "/").replace("~0", "~");
                Self { keys, separator: '\0' }
            }
            None => Self { keys: name.into(), separator: '.' },
        }
    }
}

#[derive(Debug, Default)]
struct Text {
    text: String,
    given: bool,
}

impl Text {
    fn set(&mut self, text: impl fmt::Display) {
        use fmt::Write;
        self.text.clear();
        // Writing to a text cannot fail.
        let _ = write!(self.text, "{text}");
        self.given = true;
    }
}

impl Json {
    pub fn new(objects: Objects, names: &[String]) -> Self {
        let paths = names.iter().map(|name| Path::new(name)).collect();
        Self { objects, paths, found: names.iter().map(|_| Text::default()).collect() }
    }

    pub fn lines(file: Source, names: &[String]) -> Self {
        Self::new(Objects::Lines(Lines::new(file)), names)
    }

    pub fn next(&mut self) -> Option<Result<(), Bad>> {
        let object = match self.objects.next()? {
            Ok(object) => object,
            Err(bad) => return Some(Err(bad)),
        };
        for text in &mut self.found {
            text.given = false;
        }
        let wanted = self.paths.iter().enumerate();
        let wanted: Vec<Wanted<'_>> =
            wanted.map(|(place, path)| (place, path.keys.as_str(), path.separator)).collect();
        let mut json = serde_json::Deserializer::from_slice(object);
        let read = json.deserialize_map(Object { wanted: &wanted, found: &mut self.found });
        Some(read.and_then(|()| json.end()).map_err(|_| Bad::NotJson))
    }

    /// What stands at a key, by its place among those that count.
    pub fn field(&self, column: usize) -> Option<&[u8]> {
        let Text { text, given } = &self.found[column];
        (*given && !text.is_empty()).then_some(text.as_bytes())
    }
}

/// A value that is wanted: its place, the keys that lead to it from here, and what separates them.
type Wanted<'a> = (usize, &'a str, char);

/// What is wanted of the value at a key: some of it, or the value itself.
fn at<'a>(wanted: &[Wanted<'a>], key: &str) -> (Vec<Wanted<'a>>, Option<usize>) {
    let mut within = Vec::new();
    let mut itself = None;
    for (place, keys, separator) in wanted {
        match keys.strip_prefix(key) {
            Some("") => itself = Some(*place),
            Some(rest) => {
                if let Some(rest) = rest.strip_prefix(*separator) {
                    within.push((*place, rest, *separator));
                }
            }
            None => {}
        }
    }
    (within, itself)
}

/// Reads an object into what was found.
struct Object<'a> {
    wanted: &'a [Wanted<'a>],
    found: &'a mut [Text],
}

impl Object<'_> {
    /// The wanted places that share a key with one that was read, such as a status that is also
    /// a filter.
    fn copy(&mut self, from: usize) {
        let keys = self.wanted.iter().find(|(place, ..)| *place == from).map(|wanted| wanted.1);
        let text = self.found[from].given.then(|| self.found[from].text.clone());
        for (place, other, _) in self.wanted {
            if let Some(text) = text.as_ref().filter(|_| *place != from && keys == Some(*other)) {
                self.found[*place].set(text);
            }
        }
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();
    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            let (within, itself) = at(self.wanted, &key);
            match itself {
                Some(place) => {
                    map.next_value_seed(&mut self.found[place])?;
                    self.copy(place);
                }
                None if within.is_empty() => map.next_value::<IgnoredAny>().map(drop)?,
                None => map.next_value_seed(Value { wanted: &within, found: self.found })?,
            }
        }
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        for number in 0.. {
            let (within, itself) = at(self.wanted, &format!("{number}"));
            let more = match itself {
                Some(place) => {
                    let more = list.next_element_seed(&mut self.found[place])?;
                    self.copy(place);
                    more
                }
                None if within.is_empty() => list.next_element::<IgnoredAny>()?.map(drop),
                None => list.next_element_seed(Value { wanted: &within, found: self.found })?,
            };
            if more.is_none() {
                break;
            }
        }
        Ok(())
    }
}

/// A value of which only what it may hold is wanted.
struct Value<'a> {
    wanted: &'a [Wanted<'a>],
    found: &'a mut [Text],
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();
    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        Object { wanted: self.wanted, found: self.found }.visit_map(map)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        Object { wanted: self.wanted, found: self.found }.visit_seq(list)
    }
    fn visit_str<E: de::Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E: de::Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E: de::Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E: de::Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E: de::Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for &mut Text {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

/// A text, a number or a truth value; `null` is as if the key were absent.
impl Visitor<'_> for &mut Text {
    type Value = ();
    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a text or a number")
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        self.set(text);
        Ok(())
    }
    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        self.set(value);
        Ok(())
    }
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<(), E> {
        self.set(number);
        Ok(())
    }
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<(), E> {
        self.set(number);
        Ok(())
    }
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<(), E> {
        self.set(number);
        Ok(())
    }
    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }
}
