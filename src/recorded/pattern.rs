//! From calls that were seen to the patterns that match them.
//!
//! ```text
//!   GET /orders/v0/orders/902-3159896-1390916/orderItems?x=1 ─► GET /orders/v0/orders/*/orderItems
//! ```

use std::borrow::Cow;

/// The pattern of a call: without a query, and `*` where a number or a key stands.
pub(super) fn of(call: &[u8]) -> String {
    let text = String::from_utf8_lossy(call);
    let path = text.split('?').next().unwrap_or_default();
    let segment = |segment: &str| match is_key(segment) {
        true => Cow::Borrowed("*"),
        false => Cow::Owned(segment.to_string()),
    };
    if !path.contains('/') {
        return path.to_string();
    }
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// True of a segment that names one thing of many, and false of words, versions and dates.
fn is_key(segment: &str) -> bool {
    let digits = segment.chars().filter(char::is_ascii_digit).count();
    let letters = segment.chars().filter(char::is_ascii_alphabetic).count();
    let is_hex = segment.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    let is_date = segment.len() == 10
        && segment.char_indices().all(|(n, c)| match n {
            4 | 7 => c == '-',
            _ => c.is_ascii_digit(),
        });
    match () {
        () if digits == 0 || is_date => false,
        () if letters == 0 => true,
        () if is_hex && segment.len() >= 8 => true,
        () if segment.len() >= 20 => true,
        () => segment.len() >= 5 && digits * 3 >= segment.chars().count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_stars_and_words_stay() {
        for (call, pattern) in [
            (
                "GET /orders/v0/orders/902-3159896-1390916/orderItems?x=1",
                "GET /orders/v0/orders/*/orderItems",
            ),
            ("GET /catalog/2022-04-01/items/B077755456", "GET /catalog/2022-04-01/items/*"),
            ("GET /users/17/v1.2/oauth2", "GET /users/*/v1.2/oauth2"),
            ("GET /x/9f1c2d3e-aaaa-bbbb-cccc-deadbeef0001", "GET /x/*"),
            ("PUT /t/eyJhbGciOiJIUzI1NiIsInR5cCI6", "PUT /t/*"),
            ("getOrder17", "getOrder17"),
            ("GET /", "GET /"),
            ("GET /reports/2021-06-30/documents", "GET /reports/2021-06-30/documents"),
        ] {
            assert_eq!(of(call.as_bytes()), pattern);
        }
    }
}
