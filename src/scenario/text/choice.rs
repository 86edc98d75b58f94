//! One of several choices, with its settings or by its name alone.

use crate::catalog::reader::CHOSEN;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// The one choice that a table makes.
pub(in crate::scenario) fn one_choice<'de, T, A>(mut map: A) -> Result<T, A::Error>
where
    T: Deserialize<'de>,
    A: MapAccess<'de>,
{
    let choice = T::deserialize(de::value::MapAccessDeserializer::new(&mut map))?;
    match map.next_key::<String>()? {
        None => Ok(choice),
        Some(second) => Err(de::Error::custom(format!(
            "expected one choice, found `{second}` beside another: keep one of them"
        ))),
    }
}

/// A choice with settings, `{ finagle = { ttl = "10s" } }`, or its name alone, `"finagle"`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::scenario) struct Choice<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Choice<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct One<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for One<T> {
            type Value = Choice<T>;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a name, or a table of one name and its settings")
            }
            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                from: D,
            ) -> Result<Self::Value, D::Error> {
                T::deserialize(from).map(Choice)
            }
        }
        from.deserialize_newtype_struct(CHOSEN, One(PhantomData))
    }
}
