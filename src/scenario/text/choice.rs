//! One of several choices, with its settings or by its name alone.

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
        Some(second) => {
            Err(de::Error::custom(format!("one choice only: leave out `{second}` or the other")))
        }
    }
}

/// Why a name alone is not a choice.
#[derive(Debug)]
enum Refused {
    /// There is no such choice; these are all.
    Unknown(&'static [&'static str]),
    /// There is, and it needs more than its name.
    Other,
}

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, out)
    }
}

impl std::error::Error for Refused {}

impl de::Error for Refused {
    fn custom<M: fmt::Display>(_: M) -> Self {
        Self::Other
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::Unknown(expected)
    }
}

/// A choice with settings, `{ finagle = { ttl = "10s" } }`, or its name alone, `"finagle"`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::scenario) struct Choice<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Choice<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Either<T> {
            type Value = Choice<T>;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a name, or a table of one name and its settings")
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
                let alone = T::deserialize(de::value::StrDeserializer::<Refused>::new(name));
                alone.map(Choice).or_else(|refused| {
                    let settings = std::iter::empty::<(&str, &str)>();
                    let settings = de::value::MapDeserializer::<_, E>::new(settings);
                    let table = std::iter::once((name, settings));
                    let table = de::value::MapDeserializer::new(table);
                    let table = de::value::MapAccessDeserializer::new(table);
                    T::deserialize(table).map(Choice).map_err(|_: E| match refused {
                        Refused::Unknown(known) => E::unknown_variant(name, known),
                        Refused::Other => E::custom(format!(
                            "`{name}` needs its settings: write {{ {name} = … }}"
                        )),
                    })
                })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                one_choice(map).map(Choice)
            }
        }
        from.deserialize_any(Either(PhantomData))
    }
}
