//! Lines of strategies: straight or in steps, without what nobody could see, and their markers.
//!
//! ```text
//!   straight  ●╲__■     steps  ●▔▔▏       markers stand far apart, and each strategy's
//!                 ╲            ▕▁▁■       elsewhere, so that lines on one another show
//! ```

use super::canvas::{Canvas, Point, Rect};
use super::style::{STROKE, hue};

/// A step narrower than this is drawn as a slope: stairs of a pixel or two only look ragged.
const NARROWEST_STEP: f64 = 3.0;
/// Between two markers on a line.
const MARKER_GAP: f64 = 96.0;

/// A line for the strategy at each place, and above all lines their markers.
pub(super) fn draw_lines(canvas: &Canvas, plot: Rect, lines: &[(usize, Vec<Point>)]) {
    for (place, points) in lines {
        draw_line(canvas, points, *place);
    }
    for (place, points) in lines {
        let mut next = plot.left + MARKER_GAP * (0.25 + (place % 5) as f64 / 5.0);
        for point in points {
            if point.0 >= next {
                canvas.marker(*point, *place);
                next = point.0 + MARKER_GAP;
            }
        }
    }
}

/// A line through `points` in the strategy's hue; of a single point, a dot.
pub(super) fn draw_line(canvas: &Canvas, points: &[Point], place: usize) {
    match points {
        [] => {}
        [only] => canvas.dot(*only, STROKE * 1.5, hue(place)),
        _ => canvas.path(&thinned(points), hue(place), STROKE),
    }
}

/// The band between two lines with as many points each: the interval of the strategy at `place`.
pub(super) fn draw_band(canvas: &Canvas, (low, high): (&[Point], &[Point]), place: usize) {
    if low.len() < 2 {
        return;
    }
    let (low, high) = (thinned(low), thinned(high));
    let outline: Vec<Point> = low.iter().chain(high.iter().rev()).copied().collect();
    canvas.wash(&outline, hue(place))
}

/// The corners of steps that hold each point's height until the next.
pub(super) fn corners(points: &[Point]) -> Vec<Point> {
    let mut corners = Vec::with_capacity(points.len());
    for (nth, point) in points.iter().enumerate() {
        if let Some(before) = nth.checked_sub(1).map(|before| points[before])
            && point.0 - before.0 >= NARROWEST_STEP
        {
            corners.push((point.0, before.1));
        }
        corners.push(*point);
    }
    corners
}

/// `points` without those that nobody could see: of each column of pixels the first, the highest,
/// the lowest and the last.
fn thinned(points: &[Point]) -> Vec<Point> {
    let mut kept = Vec::new();
    for column in points.chunk_by(|one, other| one.0.floor() == other.0.floor()) {
        let extreme = |sign: f64| {
            let by_height = |a: &&Point, b: &&Point| (sign * a.1).total_cmp(&(sign * b.1));
            column.iter().max_by(by_height).copied()
        };
        let ends = [column.first().copied(), extreme(1.0), extreme(-1.0), column.last().copied()];
        match column.len() > ends.len() {
            true => kept.extend(ends.into_iter().flatten()),
            false => kept.extend_from_slice(column),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_hold_each_value_until_the_next() {
        assert_eq!(corners(&[(0.0, 5.0), (9.0, 3.0)]), [(0.0, 5.0), (9.0, 5.0), (9.0, 3.0)]);
        assert_eq!(corners(&[(0.0, 5.0), (1.0, 3.0)]), [(0.0, 5.0), (1.0, 3.0)]);
        assert_eq!(corners(&[(0.0, 5.0)]), [(0.0, 5.0)]);
        assert!(corners(&[]).is_empty());
    }

    #[test]
    fn thinning_keeps_ends_and_extremes_of_each_column() {
        let few = [(0.0, 1.0), (0.5, 2.0), (1.5, 3.0)];
        assert_eq!(thinned(&few), few);
        let many: Vec<Point> =
            (0..100).map(|n| (f64::from(n) / 100.0, if n == 7 { 9.0 } else { 1.0 })).collect();
        let kept = thinned(&many);
        assert!(kept.len() == 4 && kept.contains(&(0.07, 9.0)), "{kept:?}");
        assert_eq!((kept[0], kept[3]), (many[0], many[99]));
    }
}
