//! The parts of a table, a list, a choice, and of a value with its place.

use super::error::ReadError;
use super::node::{Content, Node};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use std::ops::Range;
use toml::de::{DeArray, DeTable};
use toml::value::Datetime;

/// The key under which the crate of TOML hands over the text of a date. A test reads one.
const DATE: &str = "$__toml_private_datetime";

/// Hands a node over; a mistake without a place is at its place.
fn read<'de, S: DeserializeSeed<'de>>(seed: S, node: Node<'de>) -> Result<S::Value, ReadError> {
    let place = node.place.clone();
    match seed.deserialize(node) {
        Ok(value) => Ok(value),
        Err(error) => Err(error.within(&place)),
    }
}

/// The keys of a table, in the file's order, with their values.
#[derive(Debug, Default)]
pub(super) struct Entries<'de> {
    left: std::vec::IntoIter<(Node<'de>, Node<'de>)>,
    value: Option<Node<'de>>,
}

impl<'de> Entries<'de> {
    fn new(entries: Vec<(Node<'de>, Node<'de>)>) -> Self {
        Self { left: entries.into_iter(), value: None }
    }

    pub(super) fn of(table: &'de DeTable<'de>) -> Self {
        let entries = table.iter().map(|(key, value)| {
            let name = Content::Text(key.get_ref().as_ref().into());
            (Node::new(key.span(), name), Node::of(value))
        });
        Self::new(entries.collect())
    }

    /// The next key; its value is kept for later.
    fn next_key(&mut self) -> Option<Node<'de>> {
        let (key, value) = self.left.next()?;
        self.value = Some(value);
        Some(key)
    }

    /// The value of the last key.
    fn kept(&mut self) -> Node<'de> {
        self.value.take().unwrap_or_else(|| Node::new(0..0, Content::Nothing))
    }

    /// A date as the crate of TOML reads it: a table of its text.
    pub(super) fn date(place: &Range<usize>, date: &Datetime) -> Self {
        let key = Node::new(place.clone(), Content::Text(DATE.into()));
        let text = Node::new(place.clone(), Content::Text(date.to_string().into()));
        Self::new(vec![(key, text)])
    }
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ReadError> {
        self.next_key().map(|key| read(seed, key)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        read(seed, self.kept())
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left.len())
    }
}

/// The values of a list; or the parts of a value with its place: its first byte, the byte behind
/// it, and the value.
#[derive(Debug)]
pub(super) struct Items<'de>(std::vec::IntoIter<Node<'de>>);

impl<'de> Items<'de> {
    pub(super) fn of(list: &'de DeArray<'de>) -> Self {
        let items: Vec<Node<'de>> = list.iter().map(Node::of).collect();
        Self(items.into_iter())
    }

    pub(super) fn one(item: Node<'de>) -> Self {
        Self(vec![item].into_iter())
    }

    pub(super) fn placed(value: Node<'de>) -> Self {
        let number = |byte: usize| Node::new(value.place.clone(), Content::Number(byte as u64));
        let (start, end) = (number(value.place.start), number(value.place.end));
        Self(vec![start, end, value].into_iter())
    }
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ReadError> {
        self.0.next().map(|item| read(seed, item)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// A choice: its name, and its settings unless the name stands alone.
#[derive(Debug)]
pub(super) struct Chosen<'de> {
    name: Node<'de>,
    settings: Settings<'de>,
}

/// What belongs to the name of a choice.
#[derive(Debug)]
pub(super) struct Settings<'de> {
    name: String,
    written: Option<Node<'de>>,
    /// True if a name that stands alone means a table without keys.
    may_lack: bool,
}

impl<'de> Chosen<'de> {
    /// A choice by its name alone.
    pub(super) fn bare(name: Node<'de>, may_lack: bool) -> Self {
        let text = name.text().unwrap_or_default().to_string();
        Self { name, settings: Settings { name: text, written: None, may_lack } }
    }

    /// The one choice that a table makes, of those that are known.
    ///
    /// # Errors
    /// It makes none, or one that is not known, or several.
    pub(super) fn of(
        table: Entries<'de>,
        known: &'static [&'static str],
    ) -> Result<Self, ReadError> {
        let entries: Vec<(Node<'de>, Node<'de>)> = table.left.collect();
        let name = |(key, _): &(Node<'de>, _)| key.text().unwrap_or_default().to_string();
        if let Some(entry) = entries.iter().find(|entry| !known.contains(&name(entry).as_str())) {
            return Err(ReadError::unknown_variant(&name(entry), known).within(&entry.0.place));
        }
        if let [first, second, ..] = &entries[..] {
            return Err(ReadError::choices(&name(first), &name(second)).within(&second.0.place));
        }
        let (key, written) = entries.into_iter().next().ok_or(ReadError::no_choice(known))?;
        let text = key.text().unwrap_or_default().to_string();
        let settings = Settings { name: text, written: Some(written), may_lack: false };
        Ok(Self { name: key, settings })
    }
}

impl<'de> EnumAccess<'de> for Chosen<'de> {
    type Error = ReadError;
    type Variant = Settings<'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Settings<'de>), ReadError> {
        Ok((read(seed, self.name)?, self.settings))
    }
}

/// What a mistake in settings is laid to.
enum Blame {
    /// To their place.
    At(Range<usize>),
    /// To a name that stands alone and cannot.
    Bare(String),
}

impl Blame {
    fn of(self, error: ReadError) -> ReadError {
        match self {
            Self::At(place) => error.within(&place),
            Self::Bare(name) => ReadError::bare(&name),
        }
    }
}

impl<'de> Settings<'de> {
    /// The settings; if none are written, a name that may stand alone has none.
    fn node(self) -> Result<(Node<'de>, Blame), ReadError> {
        match self.written {
            Some(node) => {
                let place = node.place.clone();
                Ok((node, Blame::At(place)))
            }
            None if self.may_lack => {
                Ok((Node::new(0..0, Content::Nothing), Blame::Bare(self.name)))
            }
            None => Err(ReadError::bare(&self.name)),
        }
    }
}

impl<'de> VariantAccess<'de> for Settings<'de> {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        match self.written {
            Some(node) if !node.is_empty_table() => {
                Err(ReadError::without_settings(&self.name).within(&node.place))
            }
            _ => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, ReadError> {
        let (node, blame) = self.node()?;
        seed.deserialize(node).map_err(|error| blame.of(error))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, ReadError> {
        let (node, blame) = self.node()?;
        node.deserialize_seq(visitor).map_err(|error| blame.of(error))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let (node, blame) = self.node()?;
        node.deserialize_map(visitor).map_err(|error| blame.of(error))
    }
}
