//! Traces as JSON Lines: an object a line, of which four keys count.
//!
//! ```text
//!   {"time": 1795816800.25, "account": "seller-a", "call": "orders/v0/getOrders", "status": 200}
//! ```
//!
//! Other keys are passed over without being kept, whatever they hold.

use super::counted::Bytes;
use super::lines::Lines;
use super::{Answer, Bad, Columns, Record, time};
use crate::files::Unreadable;
use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::fmt;

/// A file of objects.
#[derive(Debug)]
pub(super) struct Jsonl {
    pub lines: Lines,
    columns: Columns,
    found: Found,
}

/// What counts of an object; the texts are written over, line by line.
#[derive(Debug, Default)]
struct Found {
    time: Option<Option<i64>>,
    account: Text,
    call: Text,
    status: Text,
}

#[derive(Debug, Default)]
struct Text {
    text: String,
    given: bool,
}

impl Text {
    fn get(&self) -> Option<&[u8]> {
        (self.given && !self.text.is_empty()).then_some(self.text.as_bytes())
    }

    fn set(&mut self, text: &str) {
        self.text.clear();
        self.text.push_str(text);
        self.given = true;
    }
}

/// Lines whose keys are learned, and how many different keys at most.
const LEARNED: (u64, usize) = (1000, 250);

/// The keys of the first lines, in order of appearance.
pub(super) fn columns(file: Bytes) -> Result<Vec<String>, Unreadable> {
    let mut lines = Lines::new(file);
    let mut keys: Vec<String> = Vec::new();
    while let Some(line) = lines.next() {
        let read = line.ok().and_then(|line| serde_json::from_slice(line).ok());
        if let Some(serde_json::Value::Object(map)) = read {
            let new: Vec<&String> = map.keys().filter(|key| !keys.contains(key)).collect();
            keys.extend(new.into_iter().cloned());
        }
        if lines.number >= LEARNED.0 || keys.len() >= LEARNED.1 {
            return Ok(keys);
        }
    }
    lines.failed.map_or(Ok(keys), Err)
}

impl Jsonl {
    pub fn new(file: Bytes, columns: &Columns) -> Self {
        Self { lines: Lines::new(file), columns: columns.clone(), found: Found::default() }
    }

    pub fn next(&mut self) -> Option<Result<Record<'_>, Bad>> {
        let line = match self.lines.next()? {
            Ok(line) => line,
            Err(bad) => return Some(Err(bad)),
        };
        let found = &mut self.found;
        found.time = None;
        for text in [&mut found.account, &mut found.call, &mut found.status] {
            text.given = false;
        }
        let mut json = serde_json::Deserializer::from_slice(line);
        let read = Object { columns: &self.columns, found }.deserialize(&mut json);
        if read.and_then(|()| json.end()).is_err() {
            return Some(Err(Bad::NotJson));
        }
        let time = match self.found.time {
            None => return Some(Err(Bad::NoTime)),
            Some(None) => return Some(Err(Bad::Time)),
            Some(Some(time)) => time,
        };
        Some(Ok(Record {
            time,
            account: self.found.account.get(),
            call: self.found.call.get(),
            answer: Answer::read(self.found.status.get()),
        }))
    }
}

/// Reads an object into what was found.
struct Object<'a> {
    columns: &'a Columns,
    found: &'a mut Found,
}

/// Tells which of the four a key is.
struct Keys<'a>(&'a Columns);

enum Key {
    Time,
    Account,
    Call,
    Status,
    Other,
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();
    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Keys(self.columns))? {
            match key {
                Key::Time => self.found.time = Some(map.next_value::<Time>()?.0),
                Key::Account => map.next_value_seed(&mut self.found.account)?,
                Key::Call => map.next_value_seed(&mut self.found.call)?,
                Key::Status => map.next_value_seed(&mut self.found.status)?,
                Key::Other => map.next_value::<IgnoredAny>().map(drop)?,
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Keys<'_> {
    type Value = Key;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Key, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Keys<'_> {
    type Value = Key;
    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a key")
    }
    fn visit_str<E: de::Error>(self, key: &str) -> Result<Key, E> {
        let is = |name: &Option<String>| name.as_deref() == Some(key);
        Ok(match () {
            () if self.0.time == key => Key::Time,
            () if is(&self.0.account) => Key::Account,
            () if is(&self.0.call) => Key::Call,
            () if is(&self.0.status) => Key::Status,
            () => Key::Other,
        })
    }
}

impl<'de> DeserializeSeed<'de> for &mut Text {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

/// A text or a whole number; `null` is as if the key were absent.
impl Visitor<'_> for &mut Text {
    type Value = ();
    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a text or a number")
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        self.set(text);
        Ok(())
    }
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<(), E> {
        use fmt::Write;
        self.set("");
        write!(self.text, "{number}").map_err(E::custom)
    }
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<(), E> {
        use fmt::Write;
        self.set("");
        write!(self.text, "{number}").map_err(E::custom)
    }
    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A time: a number of seconds, or a text.
struct Time(Option<i64>);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Written;
        impl Visitor<'_> for Written {
            type Value = Time;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a time")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Time, E> {
                Ok(Time(time::read(text.as_bytes())))
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Time, E> {
                Ok(Time(time::seconds(number)))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Time, E> {
                Ok(Time(number.checked_mul(1_000_000_000)))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Time, E> {
                Ok(Time(i64::try_from(number).ok().and_then(|n| n.checked_mul(1_000_000_000))))
            }
            fn visit_unit<E: de::Error>(self) -> Result<Time, E> {
                Ok(Time(None))
            }
        }
        from.deserialize_any(Written)
    }
}

#[cfg(test)]
mod tests {
    use super::super::counted;
    use super::*;

    /// What is read of a line: time \[ns\], account, call and status, or why it is bad.
    fn read(line: &str) -> String {
        // A row before it leaves nothing behind.
        let before = "{\"time\": 9, \"who\": \"before\", \"call\": \"b\", \"status\": 503}";
        let column = |name: &str| Some(name.to_string());
        let (account, call, status) = (column("who"), column("call"), column("status"));
        let columns = Columns { time: "time".into(), account, call, status };
        let mut lines = Jsonl::new(counted::of(&format!("{before}\n{line}\n")), &columns);
        lines.next().expect("a row").expect("a good one");
        let text = |bytes: Option<&[u8]>| {
            bytes.map_or("-".into(), |bytes| String::from_utf8_lossy(bytes).to_string())
        };
        lines.next().expect("a row").map_or_else(
            |bad| bad.reason().into(),
            |r| format!("{} {} {} {:?}", r.time, text(r.account), text(r.call), r.answer.status()),
        )
    }

    #[test]
    fn four_keys_count_whatever_else_there_is() {
        let bad = "not a JSON object with texts and numbers";
        for (line, row) in [
            (r#"{"time": 1, "who": "a", "call": "x", "status": 200}"#, "1000000000 a x Some(200)"),
            (r#"{"status":"429","time":"0.000000001"}"#, "1 - - Some(429)"),
            (r#"{"time": 1795816800.25, "status": 429.0}"#, "1795816800250000000 - - Some(429)"),
            (r#"{"time":"1970-01-01T00:00:01Z","x":[{"time":5}],"who":7}"#, "1000000000 7 - None"),
            (r#"{"time": -1, "who": null, "call": ""}"#, "-1000000000 - - None"),
            (r#"{"time": 0, "call": "a\nb\u00e9"}"#, "0 - a\nbé None"),
            (r#"{"who": "a"}"#, "no time"),
            (r#"{"time": null}"#, "its time is neither seconds nor a date"),
            (r#"{"time": 1795816800123}"#, "its time is neither seconds nor a date"),
            (r#"{"time": 1"#, bad),
            (r#"{"time": 1} more"#, bad),
            (r#"{"time": 1, "who": {}}"#, bad),
            ("[1]", bad),
        ] {
            assert_eq!(read(line), row, "{line}");
        }
    }
}
