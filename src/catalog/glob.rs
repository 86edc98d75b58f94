//! Patterns of calls: which request lines, names in a column, or operations are meant.
//!
//! ```text
//!   GET /orders/v0/orders/*/orderItems      *   any run within a segment: no `/`, no space
//!   * /reports/**                           **  any run at all
//!   GET /orders?status=*                    a query counts only where the pattern has a `?`
//! ```
//!
//! Source: R. van Engelen, "Fast String Matching with Wildcards, Globs, and Gitignore-Style Globs"
//! (Dr. Dobb's, 2019): one place to go back to for each kind of star, no recursion.

/// A pattern of calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    pattern: Box<[u8]>,
    has_query: bool,
}

impl Glob {
    /// The pattern that a text says.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { pattern: text.as_bytes().into(), has_query: text.contains('?') }
    }

    /// The text that it was made of.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.pattern).into_owned()
    }

    /// True if the whole of `call` is as the pattern says; its query counts only if asked for.
    #[must_use]
    pub fn matches(&self, call: &[u8]) -> bool {
        let query = call.iter().position(|c| *c == b'?').filter(|_| !self.has_query);
        run(&self.pattern, &call[..query.unwrap_or(call.len())])
    }
}

/// True if a name stands for several calls: it has a star.
#[must_use]
pub fn is_pattern(name: &str) -> bool {
    name.contains('*')
}

/// True if a list means `call` by `name`: they are the same, or `name` is a pattern of it.
#[must_use]
pub fn means(name: &str, call: &str) -> bool {
    name == call || is_pattern(name) && Glob::new(name).matches(call.as_bytes())
}

/// In the pattern, and in the text.
type Place = (usize, usize);

fn run(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where to go on if what follows a star does not match.
    let (mut within, mut across): (Option<Place>, Option<Place>) = (None, None);
    loop {
        if pattern[p..].starts_with(b"**") {
            p += 2;
            (across, within) = (Some((p, t)), None);
            continue;
        }
        if pattern.get(p) == Some(&b'*') {
            p += 1;
            within = Some((p, t));
            continue;
        }
        match (pattern.get(p), text.get(t)) {
            (None, None) => return true,
            (Some(expected), Some(found)) if expected == found => (p, t) = (p + 1, t + 1),
            _ => {
                let longer = |(p, t): Place| (t < text.len()).then_some((p, t + 1));
                let stays = |(_, t): &Place| !matches!(text.get(*t), Some(b'/' | b' '));
                within = within.filter(stays).and_then(longer);
                if within.is_none() {
                    across = across.and_then(longer);
                }
                let Some(back) = within.or(across) else { return false };
                (p, t) = back;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stars_stay_in_their_segment_and_queries_are_left_off() {
        let items = "GET /orders/v0/orders/*/orderItems";
        let cases = [
            (items, "GET /orders/v0/orders/902-1/orderItems", true),
            (items, "GET /orders/v0/orders/902-1/orderItems?NextToken=a/b c", true),
            (items, "GET /orders/v0/orders/902/1/orderItems", false),
            (items, "POST /orders/v0/orders/902-1/orderItems", false),
            (items, "GET /orders/v0/orders/902-1/orderItems/", false),
            ("GET /orders/v0/orders/*", "GET /orders/v0/orders/902-1/orderItems", false),
            ("GET /orders/**", "GET /orders/v0/orders/902-1/orderItems", true),
            ("* /a", "PUT /a", true),
            ("* /a", "PUT /b /a", false),
            ("GET /**/a*c/*", "GET /a/b/abd/abc/x", true),
            ("GET /**/a*c/*", "GET /a/b/abd/abc/x/y", false),
            ("GET /a?b=*", "GET /a?b=1", true),
            ("GET /a?b=*", "GET /a", false),
            ("getOrders", "getOrders", true),
            ("", "", true),
            ("*", "", true),
            ("", "a", false),
        ];
        for (pattern, call, matches) in cases {
            assert_eq!(Glob::new(pattern).matches(call.as_bytes()), matches, "{pattern} {call}");
        }
    }

    #[test]
    fn a_list_means_calls_by_name_or_by_pattern() {
        for (name, call, is_meant) in [
            ("GET /a/{id}", "GET /a/{id}", true),
            ("GET /a", "GET /a/{id}", false),
            ("POST /**", "POST /orders/{id}", true),
            ("POST /*", "POST /orders/{id}", false),
            ("GET /a?b=*", "GET /a?b=*", true),
        ] {
            assert_eq!(means(name, call), is_meant, "{name} {call}");
        }
    }

    /// What a pattern means, said without any cleverness.
    fn is_meant(pattern: &[u8], text: &[u8]) -> bool {
        match pattern {
            [] => text.is_empty(),
            [b'*', b'*', rest @ ..] => (0..=text.len()).any(|n| is_meant(rest, &text[n..])),
            [b'*', rest @ ..] => {
                let within = text.iter().position(|c| matches!(c, b'/' | b' '));
                (0..=within.unwrap_or(text.len())).any(|n| is_meant(rest, &text[n..]))
            }
            [c, rest @ ..] => text.first() == Some(c) && is_meant(rest, &text[1..]),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn it_is_what_the_meaning_says(pattern in "[ab/*]{0,9}", text in "[ab/]{0,12}") {
            let glob = Glob::new(&pattern);
            prop_assert_eq!(
                glob.matches(text.as_bytes()),
                is_meant(pattern.as_bytes(), text.as_bytes()),
                "{} {}", pattern, text
            );
        }
    }
}
