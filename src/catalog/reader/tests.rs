//! What is read from a text, and what is said of what cannot be read.

use super::from_text;
use crate::catalog::{OneOrMany, ProblemKind, Spanned};
use indexmap::IndexMap;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::value::{Date, Datetime};

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum Shape {
    Point,
    Circle(Circle),
    Square { side: u32 },
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Circle {
    radius: f64,
}

#[derive(Debug, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    size: Option<Spanned<u32>>,
    depth: Option<i64>,
    names: Option<Spanned<OneOrMany<Spanned<String>>>>,
    shape: Option<Shape>,
    day: Option<Date>,
    moment: Option<Datetime>,
    any: IndexMap<Spanned<String>, toml::Value>,
    is: Option<bool>,
    share: Option<f64>,
}

fn file(text: &str) -> File {
    from_text(text).unwrap_or_else(|problem| panic!("{text}: {problem:?}"))
}

#[test]
fn values_know_their_places() {
    let text = "size = 0x1F\nnames = [\"a\", 'b']\nany.key = 1\n";
    let read = file(text);
    let size = read.size.expect("a size");
    assert_eq!((*size.get_ref(), &text[size.span()]), (31, "0x1F"));
    let names = read.names.expect("names");
    assert_eq!(&text[names.span()], "[\"a\", 'b']");
    let places: Vec<&str> = names.get_ref().0.iter().map(|name| &text[name.span()]).collect();
    assert_eq!(places, ["\"a\"", "'b'"]);
    let key = read.any.keys().next().expect("a key");
    assert_eq!((key.get_ref().as_str(), &text[key.span()]), ("key", "key"));
    let alone = file("names = \"a\"").names.expect("names").into_inner().0;
    assert_eq!((alone.len(), alone[0].span()), (1, 8..11));
}

#[test]
fn every_kind_of_value_is_read() {
    let read = file("depth = -1_000\nis = true\nshare = 2\nday = 2026-11-30\n");
    assert_eq!((read.depth, read.is, read.share), (Some(-1000), Some(true), Some(2.0)));
    assert_eq!(read.day.map(|day| day.to_string()), Some("2026-11-30".into()));
    assert_eq!(file("share = 1_0.5e1").share, Some(105.0));
    assert_eq!(file("share = -inf").share, Some(f64::NEG_INFINITY));
    let moment = file("moment = 2026-11-30T02:00:00-08:00").moment;
    assert_eq!(moment.map(|moment| moment.to_string()), Some("2026-11-30T02:00:00-08:00".into()));
    let text = "[any]\na = 2026-11-30\nb = [1, { c = 2.5 }]\nd = false\n";
    let table: toml::Table = text.parse().expect("TOML");
    let read: BTreeMap<String, toml::Value> =
        file(text).any.into_iter().map(|(key, value)| (key.into_inner(), value)).collect();
    let expected = table["any"].as_table().expect("a table").clone().into_iter().collect();
    assert_eq!(read, expected);
}

#[test]
fn a_choice_is_a_name_or_a_table_of_one_name() {
    for (text, shape) in [
        ("shape = 'point'", Shape::Point),
        ("shape.point = {}", Shape::Point),
        ("shape.circle = { radius = 1 }", Shape::Circle(Circle { radius: 1.0 })),
        ("shape.square.side = 2", Shape::Square { side: 2 }),
    ] {
        assert_eq!(file(text).shape, Some(shape), "{text}");
    }
}

const SHAPES: &str = "write `point`, `circle` or `square`";

#[test]
fn a_mistake_says_where_it_is_and_what_belongs_there() {
    for (text, place, message, help) in [
        ("sise = 1", "sise", "unknown key `sise`", "did you mean `size`?"),
        ("size = -1", "-1", "expected a whole number from 0, found the number -1", ""),
        ("size = 'a'", "'a'", "expected a whole number from 0, found the text \"a\"", ""),
        ("size = 1.5", "1.5", "expected a whole number from 0, found the number 1.5", ""),
        ("size = 1e400", "1e400", "expected a whole number from 0, found the number 1e400", ""),
        ("share = 1e400", "1e400", "the number 1e400 is too large", ""),
        (
            "size = 99999999999999999999",
            "99999999999999999999",
            "the number 99999999999999999999 is too large",
            "",
        ),
        ("names = 0xFF", "0xFF", "expected a text in quotes, found the number 0xFF", ""),
        ("is = 1", "1", "expected true or false, found the number 1", ""),
        ("share = []", "[]", "expected a number, found a list", ""),
        ("share = true", "true", "expected a number, found true", ""),
        ("names = ['a', 2]", "2", "expected a text in quotes, found the number 2", ""),
        (
            "day = 'today'",
            "'today'",
            "expected a date or time without quotes, for example 2026-11-27T22:00:00Z, found the \
             text \"today\"",
            "",
        ),
        ("any = 2026-11-30", "2026-11-30", "expected a table, found the date 2026-11-30", ""),
        ("shape = 'cube'", "'cube'", "unknown value `cube`", SHAPES),
        ("shape = 'circl'", "'circl'", "unknown value `circl`", "did you mean `circle`?"),
        ("shape = 3", "3", "expected a choice and its settings, found the number 3", SHAPES),
        ("shape = 'circle'", "'circle'", "`circle` needs its settings: write { circle = … }", ""),
        ("shape.point = 1", "1", "`point` has no settings: write \"point\"", ""),
        ("shape.point = []", "[]", "`point` has no settings: write \"point\"", ""),
        (
            "shape = { point = {}, circle = { radius = 1 } }",
            "circle",
            "expected one choice, found `point` and `circle`",
            "keep one of them",
        ),
        (
            "shape = { circl = { radius = 1 }, point = {} }",
            "circl",
            "unknown value `circl`",
            "did you mean `circle`?",
        ),
        ("shape = {}", "{}", "expected one choice, found none", SHAPES),
        ("shape.circle = {}", "{}", "the key `radius` is missing", "add it"),
        ("shape.circle = { radius = 1, r = 2 }", "r", "unknown key `r`", "write `radius`"),
    ] {
        let problem = from_text::<File>(text).expect_err(text);
        let at = problem.span.clone().map(|place| &text[place]);
        assert_eq!(at, Some(place), "{text}: {problem:?}");
        assert_eq!(problem.message, message, "{text}");
        assert_eq!(problem.help.unwrap_or_default(), help, "{text}");
    }
}

#[test]
fn a_mistake_is_of_a_kind() {
    let kind = |text: &str| from_text::<File>(text).expect_err(text).kind;
    assert_eq!(kind("sise = 1"), ProblemKind::UnknownKey { key: "sise".into() });
    assert_eq!(kind("shape = 'cube'"), ProblemKind::unknown("cube"));
    assert_eq!(kind("shape.circle = {}"), ProblemKind::Missing { what: "radius".into() });
    assert_eq!(kind("size = "), ProblemKind::Syntax);
    assert_eq!(kind("size = 'a'"), ProblemKind::Value);
}
