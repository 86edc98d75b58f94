//! The token endpoints of Amazon (LWA, and Cognito for the Creators API): who gets a token, and
//! whom a token is for.
//!
//! ```text
//!   client_id ──► application        refresh_token ──► account       no refresh token: grantless
//!   Atza|throttlesim.N.T             N tells the pair, T when it was minted; valid for an hour
//! ```

use super::answers::Draft;
use crate::units::{Instant, Span};
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Response};
use serde_json::{Value, json};
use std::collections::HashMap;

/// How long a token is good for.
pub(super) const LIFE: Span = Span::HOUR;
/// Pairs of an application and an account that are told apart.
const MOST_PAIRS: usize = 4096;
/// The longest name that is kept of anything a client says.
pub(super) const LONGEST: usize = 4096;
const PREFIX: &str = "Atza|throttlesim.";

/// Whom tokens are for.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pairs: Vec<Holder>,
    numbers: HashMap<Holder, usize>,
}

/// Whom a token is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Holder {
    /// The application.
    pub client: String,
    /// What stands for the account; `None` if the token is for none.
    pub account: Option<String>,
}

/// What a token tells.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Whom it is for.
    Of(&'a Holder),
    /// It was minted too long ago.
    Expired,
    /// It is from elsewhere.
    Foreign,
}

/// True of a path at which tokens are minted.
pub(super) fn is_endpoint(path: &str) -> bool {
    matches!(path.trim_end_matches('/'), "/auth/o2/token" | "/oauth2/token")
}

impl Tokens {
    /// Answers a request for a token.
    pub fn mint(&mut self, now: Instant, headers: &HeaderMap, body: &Bytes) -> Response<Bytes> {
        let asked = fields(headers, body);
        let text = |name: &str| asked.get(name).filter(|text| !text.is_empty()).cloned();
        let Some(client) = text("client_id").or_else(|| basic_user(headers)) else {
            return failure("invalid_client", "client_id is missing");
        };
        let account = match text("grant_type").as_deref() {
            Some("refresh_token" | "authorization_code") => {
                let Some(account) = text("refresh_token").or_else(|| text("code")) else {
                    return failure("invalid_request", "refresh_token is missing");
                };
                Some(account)
            }
            Some("client_credentials") => None,
            Some(_) => return failure("unsupported_grant_type", "no such grant_type"),
            None => return failure("invalid_request", "grant_type is missing"),
        };
        if client.len() > LONGEST || account.as_ref().is_some_and(|text| text.len() > LONGEST) {
            return failure("invalid_request", "a value is too long");
        }
        let refresh = account.clone();
        let Some(number) = self.number(Holder { client, account }) else {
            return failure("invalid_request", "too many pairs of client_id and refresh_token");
        };
        let mut answer = json!({
            "access_token": format!("{PREFIX}{number}.{}", now.as_nanos()),
            "token_type": "bearer",
            "expires_in": LIFE.as_nanos() / Span::SECOND.as_nanos(),
        });
        if let (Some(refresh), Value::Object(answer)) = (refresh, &mut answer) {
            answer.insert("refresh_token".into(), refresh.into());
        }
        response(200, answer)
    }

    fn number(&mut self, holder: Holder) -> Option<usize> {
        if let Some(known) = self.numbers.get(&holder) {
            return Some(*known);
        }
        let number = self.pairs.len();
        if number >= MOST_PAIRS {
            return None;
        }
        self.pairs.push(holder.clone());
        self.numbers.insert(holder, number);
        Some(number)
    }

    /// What a token tells at `now`.
    pub fn read(&self, now: Instant, token: &str) -> Token<'_> {
        let token = token.strip_prefix("Bearer ").unwrap_or(token);
        // The Creators API puts a version behind the token.
        let token = token.split(',').next().unwrap_or(token);
        let Some((number, minted)) =
            token.strip_prefix(PREFIX).and_then(|rest| rest.split_once('.'))
        else {
            return Token::Foreign;
        };
        let holder = number.parse().ok().and_then(|number: usize| self.pairs.get(number));
        let minted = minted.parse().ok().map(Instant::from_nanos);
        match holder.zip(minted) {
            Some((holder, minted)) if now.since(minted) < LIFE => Token::Of(holder),
            Some(_) => Token::Expired,
            None => Token::Foreign,
        }
    }
}

/// What a form or an object of JSON says.
fn fields(headers: &HeaderMap, body: &Bytes) -> HashMap<String, String> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    if kind.contains("json") {
        let object: serde_json::Map<String, Value> =
            serde_json::from_slice(body).unwrap_or_default();
        let text = |(key, value): (String, Value)| Some((key, value.as_str()?.to_string()));
        return object.into_iter().filter_map(text).collect();
    }
    let body = String::from_utf8_lossy(body);
    let pairs = body.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(key, value)| (decoded(key), decoded(value))).collect()
}

/// A form's text without its escapes.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let escaped = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (first, escaped) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
                continue;
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What stands for the user of `Authorization: Basic`: all of it, for nobody asks for the name.
fn basic_user(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Basic ").map(String::from)
}

fn failure(error: &str, description: &str) -> Response<Bytes> {
    response(400, json!({ "error": error, "error_description": description }))
}

fn response(status: u16, body: Value) -> Response<Bytes> {
    Draft::new(status, body)
        .header("Content-Type", "application/json;charset=UTF-8")
        .header("Cache-Control", "no-store")
        .response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(tokens: &mut Tokens, now: Instant, body: &'static str) -> Value {
        let answer = tokens.mint(now, &HeaderMap::new(), &Bytes::from_static(body.as_bytes()));
        serde_json::from_slice(answer.body()).expect("JSON")
    }

    #[test]
    fn a_token_tells_whom_it_is_for_until_it_expires() {
        let mut tokens = Tokens::default();
        let now = Instant::ORIGIN + Span::from_secs(5);
        let body = "grant_type=refresh_token&client_id=app&refresh_token=Atzr%7Ca%2Bb";
        let answer = asked(&mut tokens, now, body);
        assert_eq!(answer["refresh_token"], "Atzr|a+b");
        assert_eq!(answer["expires_in"], 3600);
        let token = answer["access_token"].as_str().expect("a token").to_string();
        let holder = Holder { client: "app".into(), account: Some("Atzr|a+b".into()) };
        let last = now + (LIFE - Span::from_nanos(1));
        assert_eq!(tokens.read(last, &token), Token::Of(&holder));
        assert_eq!(tokens.read(now + LIFE, &token), Token::Expired);
        assert_eq!(tokens.read(now, "Atza|of somebody else"), Token::Foreign);
        let again = asked(&mut tokens, now, body);
        assert_eq!(again["access_token"], token, "the same pair at the same time");
        for (wrong, error) in [
            ("client_id=app", "invalid_request"),
            ("grant_type=refresh_token&client_id=app", "invalid_request"),
            ("grant_type=refresh_token&refresh_token=a", "invalid_client"),
            ("grant_type=password&client_id=app", "unsupported_grant_type"),
            ("%%%=&&&", "invalid_client"),
        ] {
            assert_eq!(asked(&mut tokens, now, wrong)["error"], error, "{wrong}");
        }
    }
}
