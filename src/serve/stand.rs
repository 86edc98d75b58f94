//! The stand-in: the desk that answers as a scenario's providers would.
//!
//! ```text
//!   request ─► /_throttlesim/? ─► token? ─► route ─► who calls ─► books: decide ─► answer
//!                 control         mint      404      too many: said
//! ```

use super::answers::{self, Draft, Examples, Said};
use super::books::{Books, Call, Full, Identity, Settled};
use super::clock::Clock;
use super::control;
use super::desk::{Answer, Desk, Ticket, Wait};
use super::journal::{Journal, cells_of};
use super::kind::{Kind, environment_of_key};
use super::opened::Opened;
use super::place;
use super::route::{Found, Router, Wish};
use super::seen::Seen;
use super::state::State;
use super::token::{self, LONGEST, Token};
use super::waits::Likeness;
use crate::scenario::{Serving, Taken};
use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Response, header};
use serde_json::json;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::net::IpAddr;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

/// Operations without a path that are named.
const FEW: usize = 5;

/// Whoever is told what a person should know, once each.
pub type Notify = Box<dyn Fn(&str) + Send + Sync>;

/// A stand-in for the providers of a scenario.
pub struct Stand {
    state: State,
    router: Router,
    /// For each provider, in which form it answers.
    kinds: Vec<Kind>,
    examples: Vec<Examples>,
    notify: Notify,
    notified: Mutex<Vec<String>>,
    zero_s: i64,
}

/// What a call leads to.
enum Reached {
    /// It was decided about.
    Decided(Box<Settled>),
    /// Its token is too old.
    Expired(u64),
    /// There are more callers than the scenario has.
    Full(Full),
}

impl Stand {
    /// A stand-in that nobody has called. Its plan stays for the rest of the program.
    #[must_use]
    pub fn new(
        opened: Opened,
        clock: Clock,
        log: Option<Box<dyn Write + Send>>,
        notify: Notify,
    ) -> Self {
        let opened: &'static Opened = Box::leak(Box::new(opened));
        let names = opened.served.iter().map(|served| served.provider.name());
        let books = Books::new(opened, cells_of(opened), Journal::new(opened, log));
        let since = i64::try_from(clock.now().as_nanos() / 1_000_000_000).unwrap_or(0);
        Self {
            router: Router::new(&opened.served, &opened.scenario.names.calls),
            kinds: names.clone().map(Kind::of).collect(),
            examples: names.map(Examples::of_provider).collect(),
            notify,
            notified: Mutex::new(Vec::new()),
            zero_s: opened.scenario.start.unwrap_or(jiff::Timestamp::now().as_second() - since),
            state: State::new(opened, clock, books),
        }
    }

    /// What it guesses, for whoever starts it.
    #[must_use]
    pub fn assumptions(&self) -> Vec<String> {
        let mut all = self.state.opened.scenario.assumptions.clone();
        all.extend(self.kinds.iter().filter_map(|kind| kind.guess()).map(String::from));
        if !self.router.unreachable.is_empty() {
            let lost = &self.router.unreachable;
            let first: Vec<&str> = lost.iter().map(String::as_str).take(FEW).collect();
            let more = match lost.len() - first.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            all.push(format!(
                "no path is known of these operations, which cannot be called here: {}{more}",
                first.join(", ")
            ));
        }
        all.push(
            "a call ends when its service time is over, whenever its answer has really left".into(),
        );
        let mut seen = std::collections::HashSet::new();
        all.retain(|line| seen.insert(line.clone()));
        all
    }

    /// All that was seen by now.
    #[must_use]
    pub fn seen(&self) -> Seen {
        Seen::of(&self.state)
    }

    /// Which presets wait between attempts as clients did.
    #[must_use]
    pub fn likeness(&self) -> Likeness {
        let waits = self.state.books().waits.clone();
        let State { opened, clock, .. } = &self.state;
        waits.likeness(clock.pace(), &opened.scenario.names.codes)
    }

    /// Says something once.
    fn say(&self, key: &str, what: impl FnOnce() -> String) {
        let mut notified = self.notified.lock().unwrap_or_else(PoisonError::into_inner);
        if notified.len() < 100 && !notified.iter().any(|known| known == key) {
            notified.push(key.into());
            drop(notified);
            (self.notify)(&what());
        }
    }

    /// True if a provider's clients get their tokens here.
    fn mints(&self) -> bool {
        self.kinds.iter().any(|kind| matches!(kind, Kind::SpApi | Kind::CreatorsApi))
    }

    /// An answer that may leave at once.
    fn at_once(response: Response<Bytes>) -> Answer {
        Answer { response, after: Wait::No, ticket: Ticket(0) }
    }

    /// What nothing leads to.
    fn lost(&self, nearest: &[&str], parts: &Parts) -> Response<Bytes> {
        self.state.books().manners.lost += 1;
        let wanted = format!("{} {}", parts.method, parts.uri.path());
        let body = json!({
            "message": format!("throttlesim serves no {wanted}"),
            "nearest": nearest,
        });
        Draft::new(404, body).response()
    }

    /// Who calls; `None` if the token is too old.
    fn identity(
        &self,
        books: &Books,
        found: &Found<'_>,
        (parts, from): (&Parts, IpAddr),
    ) -> Option<Identity> {
        let kind = self.kinds[found.target.provider];
        let credential =
            kind.credential(&parts.headers, &found.words).filter(|text| text.len() <= LONGEST);
        let mut identity =
            match credential.map(|text| (text, books.tokens.read(self.state.clock.now(), text))) {
                None => Identity::default(),
                Some((_, Token::Expired)) => return None,
                // Limits of the Creators API count a credential, whatever its application.
                Some((_, Token::Of(holder))) if kind == Kind::CreatorsApi => {
                    Identity { application: None, account: Some(holder.client.clone()) }
                }
                Some((_, Token::Of(holder))) => Identity {
                    application: Some(holder.client.clone()),
                    account: holder.account.clone(),
                },
                Some((text, Token::Foreign)) => {
                    Identity { application: None, account: Some(text.into()) }
                }
            };
        let said = |place: &Taken| {
            let text = place::said(place, parts, from)?;
            (text.len() <= LONGEST).then(|| text.into_owned())
        };
        let Serving { account, application } = &self.state.opened.scenario.serving;
        if let Some(place) = account {
            identity.account = said(place);
        }
        if let Some(place) = application {
            identity.application = said(place);
        }
        Some(identity)
    }

    /// Decides about a call that was routed.
    fn decide(&self, found: &Found<'_>, (parts, from): (&Parts, IpAddr), body: &Bytes) -> Reached {
        let region = found.wish.region.and_then(|name| self.region(name)).unwrap_or(0);
        let print = print_of(parts, body);
        let key = u32::try_from(fold(parts.uri.path()) >> 32).unwrap_or(0);
        let mut books = self.state.books();
        let Some(identity) = self.identity(&books, found, (parts, from)) else {
            return Reached::Expired(books.numbers);
        };
        let is_stranger = identity.account.is_none();
        let call = Call { target: found.target, identity, region, key, print };
        let settled = books.decide(|| self.state.clock.now(), call);
        let unlogged = books.journal.failed.clone();
        drop(books);
        if let Some(why) = unlogged {
            self.say("log", || format!("calls are no longer logged: {why}"));
        }
        if is_stranger {
            self.say("stranger", || {
                "a call says nothing of its account: all such calls share one".into()
            });
        }
        if let Some(wished) = found.wish.environment.filter(|_| !self.router.fits(found)) {
            let name = &self.state.opened.served[found.target.provider].name;
            self.say(wished, || {
                format!("a call asks for {wished}, and is held to the limits of `{name}`")
            });
        }
        settled.map_or_else(Reached::Full, |settled| Reached::Decided(Box::new(settled)))
    }

    fn region(&self, name: &str) -> Option<u32> {
        let regions = &self.state.opened.scenario.names.regions;
        let place = regions.iter().position(|region| region == name)?;
        u32::try_from(place).ok()
    }

    /// The answer to a call that was decided about.
    fn said(&self, found: &Found<'_>, settled: &Settled) -> Answer {
        let scenario = &self.state.opened.scenario;
        let (decided, provider) = (&settled.decided, found.target.provider);
        let cause = decided.cause.map(|cause| scenario.plan.causes[usize::from(cause)]);
        let code =
            decided.response.code.map(|code| scenario.names.codes[usize::from(code.0)].as_str());
        let said = Said {
            kind: self.kinds[provider],
            call: &scenario.names.calls[usize::from(found.target.operation.0)],
            words: &found.words,
            number: settled.number,
            now: settled.now,
            decided,
            code,
            stamp: cause.and_then(|cause| cause.retry_after),
            levels: &settled.levels,
            limits: &scenario.names.limits,
            cost: settled.cost,
            zero_s: self.zero_s,
            examples: &self.examples[provider],
        };
        let response = answers::answer(&said).response();
        let leaves = decided.leaves + decided.way;
        let after = match leaves > settled.now {
            true => Wait::Until(leaves, self.state.clock.clone()),
            false => Wait::No,
        };
        Answer { response, after, ticket: Ticket(settled.number + 1) }
    }

    fn full(&self, full: Full) -> Response<Bytes> {
        let (what, key, most) = match full {
            Full::Applications(most) => ("applications", "clients.applications", most),
            Full::Accounts(most) => ("accounts", "clients.accounts", most),
        };
        let text = format!(
            "the scenario has {most} {what}, and one more calls: raise `{key}` in the scenario"
        );
        self.say(key, || text.clone());
        Draft::new(503, json!({ "message": format!("throttlesim: {text}") }))
            .header("X-Throttlesim-Notice", &text)
            .response()
    }

    fn route<'a>(&'a self, parts: &'a Parts) -> Result<Found<'a>, Vec<&'a str>> {
        let host = parts
            .uri
            .host()
            .or_else(|| parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()));
        let mut wish = host.map_or(Wish::default(), |host| self.router.wish_of_host(host));
        if self.kinds.contains(&Kind::AmazonPay) {
            wish.environment = environment_of_key(&parts.headers).or(wish.environment);
        }
        let query = parts.uri.query().unwrap_or("");
        self.router.find(&parts.method, (parts.uri.path(), query), wish)
    }
}

impl Desk for Stand {
    fn answer(&self, ask: Request<Bytes>, from: IpAddr) -> Answer {
        let (parts, body) = ask.into_parts();
        let path = parts.uri.path();
        if let Some(rest) = path.strip_prefix(control::PREFIX) {
            return Self::at_once(control::answer(&self.state, (&parts.method, rest), &body));
        }
        if parts.method == Method::POST && token::is_endpoint(path) && self.mints() {
            let now = self.state.clock.now();
            return Self::at_once(self.state.books().tokens.mint(now, &parts.headers, &body));
        }
        let found = match self.route(&parts) {
            Ok(found) => found,
            Err(nearest) => return Self::at_once(self.lost(&nearest, &parts)),
        };
        let mut answer = match self.decide(&found, (&parts, from), &body) {
            Reached::Decided(settled) => {
                self.state.under_way.fetch_add(1, Ordering::Relaxed);
                self.said(&found, &settled)
            }
            Reached::Expired(number) => {
                let kind = self.kinds[found.target.provider];
                Self::at_once(answers::expired(kind, format!("expired-{number}")).response())
            }
            Reached::Full(full) => Self::at_once(self.full(full)),
        };
        if parts.method == Method::HEAD {
            *answer.response.body_mut() = Bytes::new();
        }
        answer
    }

    fn left(&self, ticket: Ticket) {
        if ticket.0 > 0 {
            self.state.under_way.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// Tells a call from others of the same operation.
fn print_of(parts: &Parts, body: &Bytes) -> u64 {
    let mut hasher = DefaultHasher::new();
    (parts.method.as_str(), parts.uri.path(), parts.uri.query(), &body[..]).hash(&mut hasher);
    hasher.finish()
}

fn fold(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

impl std::fmt::Debug for Stand {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Stand({})", self.state.opened.scenario.name)
    }
}
