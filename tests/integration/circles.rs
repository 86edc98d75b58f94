//! No circle of files: within a room of the house, no file needs one that needs it.
//!
//! ```text
//!   catalog/limit.rs ─► catalog/rule ─► catalog/figures.rs     an order
//!   catalog/limit.rs ─► catalog/rule ─► catalog/limit.rs       a circle
//! ```
//!
//! Siblings are compared: files and folders of one folder, each with all that is below it. A name
//! that the folder's own file passes on counts as a use of the sibling that it is from. What the
//! folder's own file (`mod.rs`, or the file of its name) defines for all of them is aside.

use crate::tidy::{all_sources, code};
use std::collections::{BTreeMap, BTreeSet};

/// A module: `["catalog", "rule"]`.
type Path = Vec<String>;

/// A path that a module writes, from the crate on, and whether it passes the name on.
struct Written {
    path: Path,
    passed_on: bool,
}

struct House {
    modules: BTreeMap<Path, Vec<Written>>,
}

/// The module of a source file; `None` of files that are in no room.
fn module_of(file: &str) -> Option<Path> {
    let inside = file.strip_prefix("src/")?.strip_suffix(".rs")?;
    let path: Path = inside.split('/').filter(|part| *part != "mod").map(String::from).collect();
    (path != ["lib"] && path != ["main"]).then_some(path)
}

/// The paths of a `use` without the word: `a::{b, c::d}` are `a::b` and `a::c::d`.
fn expand(tree: &str) -> Vec<Path> {
    let Some((head, inner)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        let parts = path.split("::").map(|part| part.trim().to_string());
        return vec![parts.filter(|part| !part.is_empty()).collect()];
    };
    let inner = inner.trim_end().strip_suffix('}').unwrap_or(inner);
    let mut depth = 0;
    let parts = inner.split(|c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    let head = expand(head).remove(0);
    let below = parts.filter(|part| !part.trim().is_empty()).flat_map(expand);
    below
        .map(|path| head.iter().cloned().chain(path.into_iter().filter(|p| p != "self")))
        .map(Iterator::collect)
        .collect()
}

/// Every path in a code, as it is written, and whether it is passed on.
fn written(code: &str) -> Vec<(Path, bool)> {
    let mut found = Vec::new();
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        let line = line.trim_start();
        let (visible, words) = match line.strip_prefix("pub") {
            Some(rest) => (true, rest.split_once("use ").map(|(_, tree)| tree)),
            None => (false, line.strip_prefix("use ")),
        };
        if let Some(tree) = words.filter(|_| !line.contains("fn ")) {
            let mut tree = tree.to_string();
            while !tree.contains(';') {
                tree += lines.next().unwrap_or(";");
            }
            let paths = expand(tree.split(';').next().unwrap_or_default());
            found.extend(paths.into_iter().map(|path| (path, visible)));
            continue;
        }
        let words = line.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
        let paths = words.map(|word| word.trim_matches(':')).filter(|word| word.contains("::"));
        found.extend(paths.flat_map(expand).map(|path| (path, false)));
    }
    found
}

impl House {
    fn read() -> Self {
        let files = all_sources().into_iter();
        let codes: Vec<(Path, String)> =
            files.filter_map(|(name, text)| Some((module_of(&name)?, code(&text)))).collect();
        let known: BTreeSet<Path> = codes.iter().map(|(module, _)| module.clone()).collect();
        let modules = codes.iter().map(|(module, code)| {
            let paths = written(code).into_iter().filter_map(|(path, passed_on)| {
                absolute(&known, module, path).map(|path| Written { path, passed_on })
            });
            (module.clone(), paths.collect())
        });
        Self { modules: modules.collect() }
    }

    /// The module in which a name is defined, followed through modules that pass it on.
    fn home(&self, path: &[String], steps: usize) -> Path {
        let module = (0..=path.len()).rev().map(|n| &path[..n]);
        let module = module.into_iter().find(|module| self.modules.contains_key(*module));
        let module = module.unwrap_or_default();
        let passed = path.get(module.len()).and_then(|name| {
            let written = self.modules.get(module)?.iter();
            written.filter(|of| of.passed_on).find(|of| of.path.last() == Some(name))
        });
        match passed {
            Some(of) if steps > 0 => self.home(&of.path, steps - 1),
            _ => module.to_vec(),
        }
    }

    /// For each room, which of its children uses which, with one module that does.
    fn uses(&self) -> BTreeMap<Path, BTreeMap<(String, String), String>> {
        let mut rooms: BTreeMap<Path, BTreeMap<(String, String), String>> = BTreeMap::new();
        for (module, paths) in &self.modules {
            for written in paths {
                let home = self.home(&written.path, 5);
                let common = module.iter().zip(&home).take_while(|(a, b)| a == b).count();
                if let (Some(from), Some(to)) = (module.get(common), home.get(common)) {
                    let room = rooms.entry(module[..common].to_vec()).or_default();
                    let why = format!("{}: {}", module.join("/"), written.path.join("::"));
                    room.entry((from.clone(), to.clone())).or_insert(why);
                }
            }
        }
        rooms
    }
}

/// A path from the crate on; `None` of what is from elsewhere.
fn absolute(known: &BTreeSet<Path>, module: &[String], path: Path) -> Option<Path> {
    let ups = path.iter().take_while(|part| *part == "super").count();
    let from = |base: &[String], skip: usize| Some([base, &path[skip..]].concat());
    match path.first()?.as_str() {
        "crate" => from(&[], 1),
        "self" => from(module, 1),
        "super" => from(&module[..module.len().checked_sub(ups)?], ups),
        first => {
            let below = [module, &[first.to_string()]].concat();
            known.contains(&below).then(|| [module, &path].concat())
        }
    }
}

/// What is left of uses once all that lead out of every circle, or into none, are taken away.
fn circles(mut uses: BTreeMap<(String, String), String>) -> Vec<String> {
    loop {
        let from: BTreeSet<String> = uses.keys().map(|(from, _)| from.clone()).collect();
        let to: BTreeSet<String> = uses.keys().map(|(_, to)| to.clone()).collect();
        let before = uses.len();
        uses.retain(|(a, b), _| from.contains(b) && to.contains(a));
        if uses.len() == before {
            return uses.into_iter().map(|((a, b), why)| format!("{a} ─► {b} ({why})")).collect();
        }
    }
}

#[test]
fn no_file_needs_a_sibling_that_needs_it() {
    let house = House::read();
    let mut wrong = Vec::new();
    for (room, uses) in house.uses() {
        let room = room.join("/");
        wrong.extend(circles(uses).into_iter().map(|line| format!("{room}: {line}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_circle_is_found_and_an_order_is_none() {
    let uses = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter().map(|(a, b)| ((a.to_string(), b.to_string()), String::new()));
        circles(pairs.collect()).len()
    };
    assert_eq!(uses(&[("a", "b"), ("b", "c"), ("a", "c")]), 0);
    assert_eq!(uses(&[("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")]), 2);
    let paths = written("pub(super) use a::{b,\n    c::{d, self}};\nx(super::e::f(), 1);");
    let paths: Vec<String> =
        paths.iter().map(|(path, on)| format!("{} {on}", path.join("::"))).collect();
    assert_eq!(paths, ["a::b true", "a::c::d true", "a::c true", "super::e::f false"]);
}

/// The rooms whose order is held: the reader sees them, and the uses that Rust's own forms write.
#[test]
fn the_house_is_seen_as_it_is() {
    let house = House::read();
    assert!(house.modules.len() > 300, "{} modules", house.modules.len());
    let home = |path: &str| house.home(&expand(path)[0], 5).join("/");
    assert_eq!(home("limiter::TokenBucket"), "limiter/token_bucket");
    assert_eq!(home("limiter::Dynamic"), "limiter/any/dynamic");
    assert_eq!(home("limiter::Verdict"), "limiter");
    let rooms = house.uses();
    let of = |room: &str, from: &str, to: &str| {
        let room: Path = room.split('/').map(String::from).collect();
        rooms.get(&room).is_some_and(|uses| uses.contains_key(&(from.into(), to.into())))
    };
    assert!(of("catalog", "limit", "rule"));
    assert!(of("limiter", "any", "token_bucket"), "through the room's own file");
    let attribute = written("#[serde(with = \"super::schemas\")]");
    assert_eq!(attribute, [(expand("super::schemas").remove(0), false)]);
    assert!(!of("catalog", "rule", "limit"));
}
