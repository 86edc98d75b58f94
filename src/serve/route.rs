//! From a method and a path to an operation: the catalogues' own, one word after another.
//!
//! ```text
//!   /eu/sandbox/orders/v0/orders/123
//!    └─┬──────┘ └ word by word; a word in braces of the catalogue stands for any
//!      └ regions and environments may stand before a path, or in the host's name
//! ```
//!
//! An operation without a path of its own is found if its name is one: `GET /orders`.

use crate::scenario::{OTHER, Served};
use crate::wire::Operation;
use http::Method;
use indexmap::IndexSet;
use std::collections::HashMap;

/// Nearest routes that are told.
const NEAREST: usize = 3;
/// Of a path that leads nowhere so much is compared with routes.
const LONGEST: usize = 200;
/// The word that stands for all that follows.
const REST: &str = "{rest}";

/// All routes.
#[derive(Debug)]
pub(super) struct Router {
    /// Words and what follows them; the first is where paths begin.
    nodes: Vec<Node>,
    /// All routes as people read them.
    shown: Vec<String>,
    /// Words that name a region or an environment.
    places: HashMap<String, Place>,
    /// What is called by all paths that are not listed, of providers that take them.
    others: Vec<Target>,
    /// For each provider its region and environment.
    stands: Vec<(Option<String>, &'static str)>,
    /// Operations that no path leads to.
    pub unreachable: IndexSet<String>,
}

#[derive(Debug, Default)]
struct Node {
    words: HashMap<Box<str>, usize>,
    any: Option<usize>,
    /// Where all paths end that go on from here.
    rest: Option<usize>,
    routes: Vec<Route>,
}

#[derive(Debug)]
struct Route {
    method: Method,
    /// A parameter that the query must have.
    query: Option<String>,
    target: Target,
}

/// An operation of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target {
    /// The provider, by index.
    pub provider: usize,
    /// The operation, as the plan numbers it.
    pub operation: Operation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Region,
    Environment,
}

/// Where a call wants to go, as far as it says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Wish<'a> {
    /// A region.
    pub region: Option<&'a str>,
    /// An environment.
    pub environment: Option<&'a str>,
}

/// What a path leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found<'a> {
    /// The operation.
    pub target: Target,
    /// The words that stand for what is in braces, in order.
    pub words: Vec<&'a str>,
    /// What the path or the host wishes.
    pub wish: Wish<'a>,
}

impl Router {
    /// The routes of all providers.
    pub fn new(served: &[Served], names: &[String]) -> Self {
        let mut router = Self {
            nodes: vec![Node::default()],
            shown: Vec::new(),
            places: HashMap::new(),
            others: Vec::new(),
            stands: Vec::new(),
            unreachable: IndexSet::new(),
        };
        for (number, provider) in served.iter().enumerate() {
            router.add(number, provider, names);
        }
        router.places.extend(["live", "sandbox"].map(|name| (name.into(), Place::Environment)));
        router.shown.sort_unstable();
        router.shown.dedup();
        router
    }

    fn add(&mut self, provider: usize, served: &Served, names: &[String]) {
        let resolved = &served.provider;
        self.stands.push((resolved.region().map(String::from), resolved.environment().name()));
        self.places.extend(resolved.regions().map(|name| (name.into(), Place::Region)));
        for operation in &served.calls {
            let name = &names[usize::from(operation.0)];
            let target = Target { provider, operation: *operation };
            if name == OTHER {
                self.others.push(target);
                continue;
            }
            let facts = resolved.operation(name).ok();
            let written = facts.and_then(|of| Some((of.method.as_deref()?, of.path.as_deref()?)));
            let named = || name.split_once(' ').filter(|(_, path)| path.starts_with('/'));
            match written.or_else(named) {
                Some((method, path)) => self.lead(method, path, target),
                None => {
                    self.unreachable.insert(name.clone());
                }
            }
        }
    }

    fn lead(&mut self, method: &str, path: &str, target: Target) {
        let Ok(method) = method.parse::<Method>() else { return };
        self.shown.push(format!("{method} {path}"));
        let (path, query) = match path.split_once('?') {
            Some((path, query)) => (path, Some(query.to_string())),
            None => (path, None),
        };
        let mut at = 0;
        for word in words(path) {
            let new = self.nodes.len();
            let node = &mut self.nodes[at];
            at = match word {
                REST => *node.rest.get_or_insert(new),
                word if word.contains('{') => *node.any.get_or_insert(new),
                word => *node.words.entry(word.into()).or_insert(new),
            };
            if at == new {
                self.nodes.push(Node::default());
            }
        }
        self.nodes[at].routes.push(Route { method, query, target });
    }

    /// What a call leads to, of which `wish` says what the client says elsewhere.
    ///
    /// # Errors
    /// Nothing; the routes that are nearest.
    pub fn find<'a>(
        &'a self,
        method: &Method,
        (path, query): (&'a str, &str),
        wish: Wish<'a>,
    ) -> Result<Found<'a>, Vec<&'a str>> {
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        let all: Vec<&str> = words(path).collect();
        let mut own = wish;
        for skipped in 0..=2.min(all.len()) {
            let mut found = Vec::new();
            let path = &all[skipped..];
            let mut any = Vec::new();
            self.walk(0, path, &mut any, &mut |node, any| {
                let fits = |route: &&Route| {
                    route.method == *method
                        && route.query.as_ref().is_none_or(|of| query.split('&').any(|q| q == of))
                };
                let targets = node.routes.iter().filter(fits);
                // Those that want something of the query say more.
                let mut targets: Vec<&Route> = targets.collect();
                targets.sort_by_key(|route| route.query.is_none());
                found.extend(targets.iter().map(|route| (route.target, any.to_vec())));
                !found.is_empty()
            });
            if let Some((target, words)) = self.best(found, own) {
                return Ok(Found { target, words, wish: own });
            }
            let Some(word) = all.get(skipped) else { break };
            match self.places.get(*word) {
                Some(Place::Region) => own.region = Some(word),
                Some(Place::Environment) => own.environment = Some(word),
                None => break,
            }
        }
        let others = self.others.iter().map(|target| (*target, Vec::new())).collect();
        match self.best(others, own) {
            Some((target, words)) => Ok(Found { target, words, wish: own }),
            None => Err(self.nearest(&format!("{method} {path}"))),
        }
    }

    /// Visits what a path ends at, literal words first, until `visit` is content.
    fn walk<'a>(
        &self,
        node: usize,
        path: &[&'a str],
        any: &mut Vec<&'a str>,
        visit: &mut impl FnMut(&Node, &[&'a str]) -> bool,
    ) -> bool {
        let node = &self.nodes[node];
        let Some((word, rest)) = path.split_first() else { return visit(node, any) };
        if let Some(next) = node.words.get(*word)
            && self.walk(*next, rest, any, visit)
        {
            return true;
        }
        if let Some(next) = node.any {
            any.push(word);
            let content = self.walk(next, rest, any, visit);
            any.pop();
            if content {
                return true;
            }
        }
        node.rest.is_some_and(|next| visit(&self.nodes[next], any))
    }

    /// The first of those that a wish fits best.
    fn best<T>(&self, found: Vec<(Target, T)>, wish: Wish<'_>) -> Option<(Target, T)> {
        let misfit = |target: Target| {
            let (region, environment) = &self.stands[target.provider];
            let wished = wish.environment.unwrap_or("live");
            let elsewhere = wish.region.is_some() && region.as_deref() != wish.region;
            (*environment != wished, elsewhere)
        };
        found.into_iter().min_by_key(|(target, _)| misfit(*target))
    }

    /// True if a provider stands where a call wishes.
    pub fn fits(&self, found: &Found<'_>) -> bool {
        let stands = self.stands[found.target.provider].1;
        found.wish.environment.is_none_or(|wished| wished == stands)
    }

    /// What the name of a host wishes: a region or an environment among its parts.
    pub fn wish_of_host<'a>(&self, host: &'a str) -> Wish<'a> {
        let mut wish = Wish::default();
        for part in host.split(['.', '-', ':']) {
            match self.places.get(part) {
                Some(Place::Region) => wish.region = Some(part),
                Some(Place::Environment) => wish.environment = Some(part),
                None => {}
            }
        }
        wish
    }

    fn nearest(&self, wanted: &str) -> Vec<&str> {
        // No route is longer, and to compare takes as long as both are.
        let wanted: String = wanted.chars().take(LONGEST).collect();
        let likeness = |shown: &str| strsim::normalized_levenshtein(&wanted, shown);
        let mut all: Vec<(f64, &str)> =
            self.shown.iter().map(|shown| (likeness(shown), shown.as_str())).collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        all.into_iter().take(NEAREST).map(|(_, shown)| shown).collect()
    }
}

/// The parts of a path between its slashes.
pub(super) fn words(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|word| !word.is_empty())
}
