//! Hands a value to the type that is read from it.

use super::CHOSEN;
use super::access::{Chosen, Entries, Items};
use super::error::ReadError;
use super::node::{Content, Node};
use crate::catalog::one_or_many::LISTED;
use crate::catalog::spanned::SPANNED;
use serde::de::{Deserializer, Expected, Visitor};
use toml::de::{DeInteger, DeValue};

/// The name by which the crate of TOML asks for a date. A test reads one.
const DATE: &str = "$__toml_private_Datetime";

impl<'de> Node<'de> {
    fn table(&self) -> Option<Entries<'de>> {
        match &self.value {
            Content::Table(table) => Some(Entries::of(table)),
            Content::Nothing => Some(Entries::default()),
            _ => None,
        }
    }

    fn entries(&self, expected: &dyn Expected) -> Result<Entries<'de>, ReadError> {
        self.table().ok_or_else(|| self.wrong(expected))
    }

    /// The keys of a struct: of a table, or of a date for the crate of TOML.
    fn keys(&self, name: &str, expected: &dyn Expected) -> Result<Entries<'de>, ReadError> {
        match &self.value {
            Content::Value(DeValue::Datetime(date)) if name == DATE => {
                Ok(Entries::date(&self.place, date))
            }
            _ => self.entries(expected),
        }
    }

    fn items(&self, expected: &dyn Expected) -> Result<Items<'de>, ReadError> {
        match self.value {
            Content::Value(DeValue::Array(list)) => Ok(Items::of(list)),
            _ => Err(self.wrong(expected)),
        }
    }

    /// The parts that a type asks for by a name of ours; else those of a list.
    fn parts(self, name: &str, expected: &dyn Expected) -> Result<Items<'de>, ReadError> {
        match name {
            SPANNED => Ok(Items::placed(self)),
            LISTED if !matches!(self.value, Content::Value(DeValue::Array(_))) => {
                Ok(Items::one(self))
            }
            _ => self.items(expected),
        }
    }

    fn chosen(self, known: &'static [&'static str]) -> Result<Chosen<'de>, ReadError> {
        let alone = self.alone;
        match (self.text(), self.table()) {
            (Some(_), _) => Ok(Chosen::bare(self, alone)),
            (_, Some(entries)) => Chosen::of(entries, known),
            _ => Err(ReadError::not_a_choice(&self.found(), known)),
        }
    }

    fn integer(&self, expected: &dyn Expected) -> Result<Number, ReadError> {
        let written = match self.value {
            Content::Number(number) => return Ok(Number::Unsigned(number)),
            Content::Value(DeValue::Integer(written)) => written,
            _ => return Err(self.wrong(expected)),
        };
        let text = written.as_str().replace('_', "");
        let signed = i64::from_str_radix(&text, written.radix()).map(Number::Signed);
        let unsigned = || u64::from_str_radix(&text, written.radix()).map(Number::Unsigned);
        signed.or_else(|_| unsigned()).map_err(|_| ReadError::too_large(&as_written(written)))
    }

    fn number(&self, expected: &dyn Expected) -> Result<Number, ReadError> {
        let Content::Value(DeValue::Float(written)) = self.value else {
            return self.integer(expected);
        };
        let text = written.as_str().replace('_', "");
        match text.parse::<f64>() {
            // `inf` and `nan` are written so.
            Ok(number) if number.is_finite() || text.contains(['i', 'n']) => {
                Ok(Number::Float(number))
            }
            _ => Err(ReadError::too_large(written.as_str())),
        }
    }

    /// What stands here.
    fn found(&self) -> String {
        match &self.value {
            Content::Value(DeValue::String(text)) => format!("the text \"{text}\""),
            Content::Text(text) => format!("the text \"{text}\""),
            Content::Number(number) => format!("the number {number}"),
            Content::Value(DeValue::Integer(written)) => {
                format!("the number {}", as_written(written))
            }
            Content::Value(DeValue::Float(written)) => format!("the number {}", written.as_str()),
            Content::Value(DeValue::Boolean(value)) => value.to_string(),
            Content::Value(DeValue::Datetime(date)) => format!("the date {date}"),
            Content::Value(DeValue::Array(_)) => "a list".into(),
            Content::Value(DeValue::Table(_)) | Content::Table(_) | Content::Nothing => {
                "a table".into()
            }
        }
    }

    /// Says what stands here in place of what was expected.
    fn wrong(&self, expected: &dyn Expected) -> ReadError {
        ReadError::expected(expected, &self.found())
    }
}

/// A number, in the type that holds it.
enum Number {
    Signed(i64),
    Unsigned(u64),
    Float(f64),
}

impl Number {
    fn visited<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self {
            Self::Signed(number) => visitor.visit_i64(number),
            Self::Unsigned(number) => visitor.visit_u64(number),
            Self::Float(number) => visitor.visit_f64(number),
        }
    }
}

/// A whole number as it is written.
fn as_written(written: &DeInteger<'_>) -> String {
    let sign = match written.radix() {
        2 => "0b",
        8 => "0o",
        16 => "0x",
        _ => "",
    };
    format!("{sign}{}", written.as_str())
}

/// Each type is asked only for what it takes: a struct is compiled for tables, a number for
/// numbers. Types that take several kinds of values (`deserialize_any`) are compiled for all.
/// Whoever hands a node over gives its place to a mistake that has none. What does not depend on
/// the type is done above, where it is compiled once.
impl<'de> Deserializer<'de> for Node<'de> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match &self.value {
            Content::Value(DeValue::String(text)) => visitor.visit_str(text),
            Content::Text(text) => visitor.visit_str(text),
            Content::Value(DeValue::Boolean(value)) => visitor.visit_bool(*value),
            Content::Value(DeValue::Datetime(date)) => {
                visitor.visit_map(Entries::date(&self.place, date))
            }
            Content::Value(DeValue::Array(list)) => visitor.visit_seq(Items::of(list)),
            Content::Value(DeValue::Integer(_) | DeValue::Float(_)) | Content::Number(_) => {
                self.number(&visitor)?.visited(visitor)
            }
            Content::Value(DeValue::Table(_)) | Content::Table(_) | Content::Nothing => {
                visitor.visit_map(self.table().unwrap_or_default())
            }
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.value {
            Content::Value(DeValue::Boolean(value)) => visitor.visit_bool(*value),
            _ => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.integer(&visitor)?.visited(visitor)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.integer(&visitor)?.visited(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.integer(&visitor)?.visited(visitor)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.integer(&visitor)?.visited(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.number(&visitor)?.visited(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.text() {
            Some(text) => visitor.visit_str(text),
            None => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.alone = name == CHOSEN;
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let items = self.items(&visitor)?;
        visitor.visit_seq(items)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let items = self.parts(name, &visitor)?;
        visitor.visit_seq(items)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let entries = self.entries(&visitor)?;
        visitor.visit_map(entries)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let entries = self.keys(name, &visitor)?;
        visitor.visit_map(entries)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        visitor.visit_enum(self.chosen(known)?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u128 f32 char bytes byte_buf unit unit_struct
    }
}
