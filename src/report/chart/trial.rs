//! What the tests of every picture share: strategies with awkward names, and what must hold.

use super::render::options;
use super::{ChartError, Heading, Picture, Series, Strategy};
use resvg::usvg::{Group, Node, Options, Rect, Tree};

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
/// whole numbers only, and `texts` in it. Where a test asks for no text none is laid out, which
/// takes most of the time.
pub(super) fn check(picture: Result<Picture, ChartError>, texts: &[&str]) -> Picture {
    let picture = picture.expect("a picture");
    let bare = Options::default();
    let fonts = if texts.is_empty() { &bare } else { options() };
    let tree = Tree::from_str(&picture.svg, fonts).expect("an SVG document");
    let (width, height) = (f64::from(picture.width), f64::from(picture.height));
    assert_eq!((f64::from(tree.size().width()), f64::from(tree.size().height())), (width, height));
    assert!(width <= 1300.0, "a picture is at most 1300 px wide");
    let extent = tree.root().abs_bounding_box();
    let ends = [extent.left(), extent.top(), extent.right(), extent.bottom()].map(f64::from);
    assert!(ends[0] >= 0.0 && ends[1] >= 0.0 && ends[2] <= width && ends[3] <= height, "{ends:?}");
    for line in picture.svg.lines().filter(|line| line.starts_with('<')).skip(2) {
        let numbers = line.replace("dy=\"0.5ex\"", "").replace("opacity=\"0.2\"", "");
        assert!(!numbers.contains('.') && !line.contains("NaN"), "whole numbers only: {line}");
    }
    let labels = labels(tree.root());
    for (nth, (text, a)) in labels.iter().enumerate() {
        for (other, b) in &labels[..nth] {
            let across = a.right().min(b.right()) - a.left().max(b.left());
            let down = a.bottom().min(b.bottom()) - a.top().max(b.top());
            let apart = across <= TOUCHING || down <= TOUCHING;
            assert!(apart, "{text:?} lies on {other:?}: {a:?} {b:?}");
        }
    }
    for text in texts {
        assert!(picture.svg.contains(&format!("\n{text}\n")), "{text:?} is not in the picture");
    }
    picture
}

/// How far the boxes of two labels may overlap \[px\]: they have more room than their letters.
const TOUCHING: f32 = 2.0;

/// All texts that are laid out, each with its box.
fn labels(group: &Group) -> Vec<(String, Rect)> {
    let mut found = Vec::new();
    for node in group.children() {
        match node {
            Node::Group(group) => found.extend(labels(group)),
            Node::Text(text) => {
                let words: String = text.chunks().iter().map(|chunk| chunk.text()).collect();
                found.push((words, text.abs_bounding_box()));
            }
            _ => {}
        }
    }
    found
}

/// As [`check`]; and drawn again it has the same bytes, and its PNG has the stated size.
pub(super) fn check_bytes(draw: impl Fn() -> Result<Picture, ChartError>, texts: &[&str]) {
    let picture = check(draw(), texts);
    assert_eq!(draw(), Ok(picture.clone()));
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
    let drawn = Canvas::draw((300.0, 100.0), "t", |canvas| {
        canvas.text("two", (100.0, 50.0), Anchor::Left, LABEL)?;
        canvas.text("one", (110.0, 52.0), Anchor::Left, LABEL)
    });
    check(drawn, &["one"]);
}
