//! What the tests of every picture share: strategies with awkward names, and what must hold.

use super::canvas::Rect;
use super::font::{text_reach, width};
use super::mark::{FINE, Mark, Place};
use super::{Heading, Picture, Series, Strategy};

/// A title and a subtitle.
pub(super) fn heading() -> Heading {
    let subtitle = "nightly-sync · seed 42 · 20 replications".into();
    Heading { title: "Pacing wastes least".into(), subtitle }
}

/// The strategies of a scenario, some with names that break careless programs.
pub(super) fn strategies(count: usize) -> Vec<Strategy> {
    let label = |place: usize| match place % 4 {
        0 => format!("strategy {place}"),
        1 => format!("{place}: retry ≤ 5 × after 500 µs ± 10 % – \"full\" <jitter> & \u{1}\u{7}"),
        2 => format!("{place}: {}", "a name that goes on and on ".repeat(3)),
        _ => String::new(),
    };
    (0..count).map(|place| Strategy { place, label: label(place) }).collect()
}

/// A series for each of `count` strategies.
pub(super) fn series<T>(count: usize, values: impl Fn(usize) -> Vec<T>) -> Vec<Series<T>> {
    let of = |strategy: Strategy| Series { values: values(strategy.place), strategy };
    strategies(count).into_iter().map(of).collect()
}

/// Holds a picture to what all must be: drawn, nothing beyond its edges, no label on another,
/// whole numbers only, and `texts` in it.
pub(super) fn check(picture: Picture, texts: &[&str]) -> Picture {
    let svg = svg(&picture);
    let (width, height) = (f64::from(picture.width), f64::from(picture.height));
    assert!(width <= 1300.0, "a picture is at most 1300 px wide");
    assert_eq!(size_of(&svg), [format!("{width}"), format!("{height}")]);
    for mark in &picture.marks {
        let Rect { left, top, right, bottom } = extent(mark);
        let is_within = left >= 0.0 && top >= 0.0 && right <= width && bottom <= height;
        assert!(is_within, "beyond {width} × {height}: {mark:?}");
    }
    for line in svg.lines().filter(|line| line.starts_with('<')).skip(2) {
        let numbers = line.replace("dy=\"0.5ex\"", "").replace("opacity=\"0.2\"", "");
        assert!(!numbers.contains('.') && !line.contains("NaN"), "whole numbers only: {line}");
    }
    let labels = labels(&picture.marks);
    for (nth, (text, a)) in labels.iter().enumerate() {
        for (other, b) in &labels[..nth] {
            let across = a.right.min(b.right) - a.left.max(b.left);
            let down = a.bottom.min(b.bottom) - a.top.max(b.top);
            let apart = across <= TOUCHING || down <= TOUCHING;
            assert!(apart, "{text:?} lies on {other:?}: {a:?} {b:?}");
        }
    }
    for text in texts {
        assert!(svg.contains(&format!("\n{text}\n")), "{text:?} is not in the picture");
    }
    picture
}

/// A picture's SVG.
pub(super) fn svg(picture: &Picture) -> String {
    picture.svg().expect("a document")
}

/// Width and height of a document, which is read to its end.
fn size_of(svg: &str) -> [String; 2] {
    let mut found = None;
    let mut reader = quick_xml::Reader::from_str(svg);
    loop {
        match reader.read_event().expect("an SVG document") {
            quick_xml::events::Event::Start(tag) if found.is_none() => {
                assert_eq!(tag.name().as_ref(), b"svg");
                found = Some(["width", "height"].map(|name| {
                    let attribute = tag.try_get_attribute(name).expect("attributes");
                    let value = attribute.expect("a size").value.into_owned();
                    String::from_utf8(value).expect("a number")
                }));
            }
            quick_xml::events::Event::Eof => return found.expect("an element"),
            _ => {}
        }
    }
}

/// How far the boxes of two labels may overlap \[px\]: they have more room than their letters.
const TOUCHING: f64 = 2.0;

/// All texts, each with its box.
fn labels<'a>(marks: &'a [Mark]) -> Vec<(&'a str, Rect)> {
    let text = |mark: &'a Mark| match mark {
        Mark::Text { text, .. } if !text.is_empty() => Some((text.as_str(), extent(mark))),
        _ => None,
    };
    marks.iter().filter_map(text).collect()
}

/// The box around a mark \[nominal px\], without half of a line's width.
fn extent(mark: &Mark) -> Rect {
    match mark {
        Mark::Line { points, .. } => around(points),
        Mark::Area { outline, .. } => around(outline),
        Mark::Box { corners, .. } | Mark::Spot { corners, .. } => around(corners),
        Mark::Disc { centre: (x, y), radius, .. } => {
            let radius = i32::try_from(*radius).expect("a small one");
            around(&[(x - radius, y - radius), (x + radius, y + radius)])
        }
        Mark::Text { text, place: (x, y), anchor, size, bold, .. } => {
            let (up, down) = text_reach(*bold);
            let width = width(text, *bold) * size;
            let (left, middle) = (f64::from(*x) - anchor.share_before() * width, f64::from(*y));
            Rect {
                left: nominal(left),
                top: nominal(middle - up * size),
                right: nominal(left + width),
                bottom: nominal(middle + down * size),
            }
        }
    }
}

fn nominal(units: f64) -> f64 {
    units / f64::from(FINE)
}

/// The box around places \[nominal px\].
fn around(places: &[Place]) -> Rect {
    let all = |of: fn(&Place) -> i32| places.iter().map(of).map(f64::from).map(nominal);
    let (least, most) = (f64::INFINITY, f64::NEG_INFINITY);
    Rect {
        left: all(|place| place.0).fold(least, f64::min),
        top: all(|place| place.1).fold(least, f64::min),
        right: all(|place| place.0).fold(most, f64::max),
        bottom: all(|place| place.1).fold(most, f64::max),
    }
}

/// As [`check`]; and drawn again it has the same bytes, and its PNG has the stated size.
pub(super) fn check_bytes(draw: impl Fn() -> Picture, texts: &[&str]) {
    let picture = check(draw(), texts);
    assert_eq!(draw(), picture);
    let png = picture.png().expect("a PNG");
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
    assert_eq!((number(16), number(20)), (picture.width, picture.height));
}

#[test]
#[should_panic(expected = "\"one\" lies on \"two\"")]
fn labels_on_one_another_are_found() {
    use super::canvas::{Anchor, Canvas};
    use super::style::LABEL;
    let drawn = Canvas::draw((300.0, 100.0), "t", &|canvas| {
        canvas.text("two", (100.0, 50.0), Anchor::Left, LABEL);
        canvas.text("one", (110.0, 52.0), Anchor::Left, LABEL);
    });
    check(drawn, &["one"]);
}
