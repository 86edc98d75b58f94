//! One value of a file and its place.

use std::borrow::Cow;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// A value and its place \[bytes of the file\].
#[derive(Debug, Clone)]
pub struct Node<'de> {
    pub(super) place: Range<usize>,
    pub(super) value: Content<'de>,
    /// True if a choice may stand by its name alone.
    pub(super) alone: bool,
}

/// What a node holds.
#[derive(Debug, Clone)]
pub(super) enum Content<'de> {
    /// A value that is no table.
    Value(&'de DeValue<'de>),
    /// A table.
    Table(&'de DeTable<'de>),
    /// A key, or the text of a date.
    Text(Cow<'de, str>),
    /// A number that is not in the file, such as a place.
    Number(u64),
    /// The settings of a choice that has none.
    Nothing,
}

impl<'de> Node<'de> {
    pub(super) const fn new(place: Range<usize>, value: Content<'de>) -> Self {
        Self { place, value, alone: false }
    }

    /// The table of a whole file.
    #[must_use]
    pub fn whole(table: &'de toml::Spanned<DeTable<'de>>) -> Self {
        Self::new(table.span(), Content::Table(table.get_ref()))
    }

    pub(super) fn of(value: &'de toml::Spanned<DeValue<'de>>) -> Self {
        let content = match value.get_ref() {
            DeValue::Table(table) => Content::Table(table),
            plain => Content::Value(plain),
        };
        Self::new(value.span(), content)
    }

    /// True of a table without a key.
    pub(super) fn is_empty_table(&self) -> bool {
        match &self.value {
            Content::Table(table) => table.is_empty(),
            content => matches!(content, Content::Nothing),
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Content::Value(DeValue::String(text)) => Some(text),
            Content::Text(text) => Some(text),
            _ => None,
        }
    }
}
