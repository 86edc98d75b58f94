//! Access logs in the combined (or common) format of Apache and nginx.
//!
//! ```text
//!   10.0.0.7 - seller-a [27/Nov/2026:22:00:00 +0000] "GET /orders?x=1 HTTP/1.1" 200 5120 "-" …
//!   host     ident user  time                         request                   status
//! ```
//!
//! The call is `GET /orders?x=1`: the request without its protocol. Source: Apache HTTP Server 2.4,
//! "Log Files" (`%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-agent}i\"`).

use super::counted::Bytes;
use super::lines::Lines;
use super::{Answer, Bad, Columns, Record, time};

/// The columns that every such log has, as far as they are of use.
pub(super) const COLUMNS: [&str; 5] = ["host", "user", "time", "request", "status"];

/// An access log.
#[derive(Debug)]
pub(super) struct Combined {
    pub lines: Lines,
    /// True if accounts are users, not hosts.
    by_user: bool,
    /// The time that was read last, as written and as read: neighbours mostly share it.
    latest: Option<([u8; 26], i64)>,
}

impl Combined {
    pub fn new(file: Bytes, columns: &Columns) -> Self {
        let by_user = columns.account.as_deref() == Some("user");
        Self { lines: Lines::new(file), by_user, latest: None }
    }

    pub fn next(&mut self) -> Option<Result<Record<'_>, Bad>> {
        let line = match self.lines.next()? {
            Ok(line) => line,
            Err(bad) => return Some(Err(bad)),
        };
        Some(record(line, self.by_user, &mut self.latest))
    }
}

fn record<'a>(
    line: &'a [u8],
    by_user: bool,
    latest: &mut Option<([u8; 26], i64)>,
) -> Result<Record<'a>, Bad> {
    let (who, rest) = until(line, b'[').ok_or(Bad::NotCombined)?;
    let (written, rest) = until(rest, b']').ok_or(Bad::NotCombined)?;
    let (host, rest_of_who) = until(who, b' ').ok_or(Bad::NotCombined)?;
    let time = read_time(written, latest)?;
    let rest = rest.strip_prefix(b" \"").ok_or(Bad::NotCombined)?;
    let end = closing_quote(rest).ok_or(Bad::NotCombined)?;
    let (request, rest) = (&rest[..end], &rest[end + 1..]);
    let mut numbers = rest.split(|c| *c == b' ').filter(|part| !part.is_empty());
    let answer = Answer::read(numbers.next());
    let Answer::Status(_) = answer else { return Err(Bad::NotCombined) };
    let user = || until(rest_of_who, b' ').map_or(&[][..], |(_, user)| user.trim_ascii());
    let account = if by_user { user() } else { host };
    Ok(Record { time, account: Some(account), call: Some(call(request)), answer })
}

fn read_time(text: &[u8], latest: &mut Option<([u8; 26], i64)>) -> Result<i64, Bad> {
    let text: [u8; 26] = text.try_into().map_err(|_| Bad::Time)?;
    if let Some((_, time)) = latest.filter(|(before, _)| *before == text) {
        return Ok(time);
    }
    let time = time::bracketed(&text).ok_or(Bad::Time)?;
    *latest = Some((text, time));
    Ok(time)
}

/// What stands before a mark, and what after it.
fn until(text: &[u8], mark: u8) -> Option<(&[u8], &[u8])> {
    let place = text.iter().position(|c| *c == mark)?;
    Some((&text[..place], &text[place + 1..]))
}

/// The quote that ends the request; one in it stands behind a backslash.
fn closing_quote(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    text.iter().position(|c| {
        let closes = *c == b'"' && !escaped;
        escaped = *c == b'\\' && !escaped;
        closes
    })
}

/// A request without its protocol.
fn call(request: &[u8]) -> &[u8] {
    let protocol = request.windows(6).rposition(|part| part == b" HTTP/");
    &request[..protocol.unwrap_or(request.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "10.0.0.7 - seller-a [27/Nov/2026:22:00:00 +0000] \
                        \"GET /orders?x=1 HTTP/1.1\" 200 5120 \"-\" \"sync/2\"";

    fn read(line: &str, by_user: bool) -> Result<(String, String, u16), Bad> {
        let record = record(line.as_bytes(), by_user, &mut None)?;
        let text = |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or(b"?")).into();
        assert_eq!(record.time, 1_795_816_800_000_000_000, "{line}");
        let Answer::Status(status) = record.answer else { panic!("{line}") };
        Ok((text(record.account), text(record.call), status))
    }

    #[test]
    fn a_line_is_read_as_the_format_says() {
        let orders = "GET /orders?x=1";
        let as_read = |account: &str, call: &str, status| Ok((account.into(), call.into(), status));
        assert_eq!(read(LINE, false), as_read("10.0.0.7", orders, 200));
        assert_eq!(read(LINE, true), as_read("seller-a", orders, 200));
        let common = LINE.replace(" \"-\" \"sync/2\"", "").replace(" 200 ", " 429 ");
        assert_eq!(read(&common, true), as_read("seller-a", orders, 429));
        for (request, call) in
            [("-", "-"), ("GET /a\\\"b HTTP/2.0", "GET /a\\\"b"), ("GET /old", "GET /old")]
        {
            let line = LINE.replace("GET /orders?x=1 HTTP/1.1", request);
            assert_eq!(read(&line, false), as_read("10.0.0.7", call, 200), "{request}");
        }
        assert_eq!(read(&LINE.replace("seller-a", "a b"), true), as_read("a b", orders, 200));
    }

    #[test]
    fn what_is_no_line_of_such_a_log_is_bad() {
        for (from, to, bad) in [
            ("[", "", Bad::NotCombined),
            ("27/Nov", "27/Nox", Bad::Time),
            ("27/Nov/2026:22:00:00 +0000", "2026-11-27T22:00:00Z", Bad::Time),
            ("HTTP/1.1\" 200", "HTTP/1.1\" abc", Bad::NotCombined),
            (" 200 5120 \"-\" \"sync/2\"", "", Bad::NotCombined),
            ("\"GET", "GET", Bad::NotCombined),
        ] {
            assert_eq!(read(&LINE.replace(from, to), false), Err(bad), "{to}");
        }
    }
}
