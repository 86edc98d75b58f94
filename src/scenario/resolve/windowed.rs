//! `pace.calls` and `pace.each`: so many calls in each so much time, by the client's own clock.

use super::Resolver;
use crate::catalog::Spanned;
use crate::scenario::raw::{RawPace, RawWindow};
use crate::scenario::text::value;
use crate::strategy::{Pace, Windowed, WindowedKind};

/// Calls in a window at most: a client remembers each of them.
const MOST_CALLS: u32 = 1_000_000;

impl Resolver<'_> {
    /// The one lane of a client that makes so many calls in each so much time.
    pub(super) fn windowed(&mut self, raw: &Spanned<RawPace>) -> Option<Pace> {
        let pace = raw.get_ref();
        self.check_beside_calls(pace);
        let (Some(calls), Some(each)) = (&pace.calls, &pace.each) else {
            let message = "`calls` and `each` belong together";
            self.contradiction(raw.span(), message, "write pace = { calls = 99, each = \"10s\" }");
            return None;
        };
        let number = *calls.get_ref();
        if !(1..=MOST_CALLS).contains(&number) {
            let message = format!("`calls` must be 1 to {MOST_CALLS}, not {number}");
            self.out_of_range(calls.span(), message, "write calls = 99, for example");
        }
        if each.get_ref().0.is_zero() {
            self.out_of_range(each.span(), "`each` must be above 0", "write \"10s\", for example");
        }
        let kind = match value(pace.window.as_ref()) {
            Some(RawWindow::Sliding) | None => WindowedKind::Sliding,
            Some(RawWindow::Fixed) => WindowedKind::Fixed,
            Some(RawWindow::Strict) => WindowedKind::Strict,
        };
        let lane = Windowed::new(number.max(1), each.get_ref().0, kind);
        let sharing = self.pace_sharing(pace);
        Some(Pace { lanes: vec![lane.into()], lane_of: self.one_lane(), sharing, counts: None })
    }

    /// Keys that have no effect beside `calls`.
    fn check_beside_calls(&mut self, pace: &RawPace) {
        self.idle_pace(pace, &["calls", "each", "window"], |key| {
            let message = format!("`{key}` has no effect beside `calls` and `each`");
            (message, format!("leave `{key}` out, or those two"))
        });
    }
}
