//! A value and its place in the file, which schemas see through.

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use std::borrow::Borrow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

/// The name by which a value asks for its place: a tuple of its first byte, the byte behind it, and
/// the value.
pub(super) const SPANNED: &str = "$a value and its place";

/// A value that knows which bytes of the file it is; equal to every other of the same value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Spanned<T>(toml::Spanned<T>);

impl<T> Spanned<T> {
    /// A value at a place.
    pub fn new(span: Range<usize>, value: T) -> Self {
        Self(toml::Spanned::new(span, value))
    }

    /// Its place \[bytes of the file\].
    pub fn span(&self) -> Range<usize> {
        self.0.span()
    }

    /// The value.
    pub fn get_ref(&self) -> &T {
        self.0.get_ref()
    }

    /// The value, without its place.
    pub fn into_inner(self) -> T {
        self.0.into_inner()
    }
}

/// Asks for its first byte, the byte behind it, and the value.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Placed<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Placed<T> {
            type Value = Spanned<T>;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a value of a file")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
                let missing = || A::Error::custom("a value has its place in a file only");
                let start = parts.next_element()?.ok_or_else(missing)?;
                let end = parts.next_element()?.ok_or_else(missing)?;
                Ok(Spanned::new(start..end, parts.next_element()?.ok_or_else(missing)?))
            }
        }
        from.deserialize_tuple_struct(SPANNED, 3, Placed(PhantomData))
    }
}

/// Written without its place.
impl<T: Serialize> Serialize for Spanned<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.get_ref().serialize(to)
    }
}

impl<T> Spanned<T> {
    /// True if it stands in a file, and is no default.
    pub fn is_written(&self) -> bool {
        !self.span().is_empty()
    }
}

/// A default stands nowhere.
impl<T: Default> Default for Spanned<T> {
    fn default() -> Self {
        Self::new(0..0, T::default())
    }
}

impl<T: fmt::Display> fmt::Display for Spanned<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get_ref().fmt(out)
    }
}

/// Tables by name are asked for a bare name.
impl Borrow<str> for Spanned<String> {
    fn borrow(&self) -> &str {
        self.get_ref()
    }
}
