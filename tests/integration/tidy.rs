//! Style as a test: the order of modules, and files, functions and lines of a readable size.

use crate::root;
use std::path::{Path, PathBuf};

/// A module uses only what stands before it; those of one line are strangers to each other.
const ORDER: [&[&str]; 16] = [
    &["parallel", "units"],
    &["random"],
    &["engine"],
    &["wire"],
    &["limiter", "workload", "strategy"],
    &["metrics"],
    &["simulation"],
    &["catalog"],
    &["files"],
    &["recorded"],
    &["fit"],
    &["scenario"],
    &["study"],
    &["serve"],
    &["report"],
    &["cli"],
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

pub(crate) fn all_sources() -> Vec<(String, String)> {
    let folders = ["src", "tests", "benches", "examples", "fuzz/fuzz_targets"];
    // A package comes without the fuzz targets.
    let there = folders.into_iter().map(|folder| root().join(folder)).filter(|path| path.exists());
    let files = there.flat_map(|folder| sources(&folder));
    let read = |path: PathBuf| {
        let name = path.strip_prefix(root()).expect("inside").display().to_string();
        (name, std::fs::read_to_string(&path).expect("a source file"))
    };
    files.map(read).collect()
}

fn level(module: &str) -> Option<usize> {
    ORDER.iter().position(|names| names.contains(&module))
}

/// The code of a source file: without comments, and without what is for its own tests only.
pub(crate) fn code(text: &str) -> String {
    let mut code = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim_start() == "#[cfg(test)]" {
            let indent = &line[..line.len() - line.trim_start().len()];
            let (brace, deeper) = (format!("{indent}}}"), format!("{indent} "));
            let ends = |line: &&str| {
                *line == brace || (line.ends_with(['}', ';']) && !line.starts_with(&deeper))
            };
            lines.find(ends);
        } else if !line.trim_start().starts_with("//") {
            code.push_str(line);
            code.push('\n');
        }
    }
    code
}

/// The modules of the crate that a text uses.
fn used(text: &str) -> Vec<&str> {
    let after = text.split("crate::").skip(1);
    let name = |rest: &'_ str| rest.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(rest.len());
    after.map(|rest| &rest[..name(rest)]).filter(|name| level(name).is_some()).collect()
}

#[test]
fn modules_use_only_what_stands_before_them() {
    let mut wrong = Vec::new();
    for (name, text) in all_sources() {
        let Some(module) = name.strip_prefix("src/") else { continue };
        let module = module.split('/').next().expect("a name").trim_end_matches(".rs");
        let Some(own) = level(module) else {
            assert!(
                ["lib", "main"].contains(&module),
                "{name}: {module} has no place in the order"
            );
            continue;
        };
        for other in used(&code(&text)) {
            let allowed = other == module
                || level(other).is_some_and(|level| level < own)
                || (module, other) == ("strategy", "limiter");
            if !allowed {
                wrong.push(format!("{name} uses {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_what_is_for_tests_is_left_out_of_the_code() {
    let text = "//! a\n#[cfg(test)]\nuse b::c;\nfn d() {}\n    #[cfg(test)]\n    fn e() {\n        \
                f();\n    }\nfn g() {}\n#[cfg(test)]\nmod tests {\n    use h;\n}\nfn i() {}\n";
    assert_eq!(code(text), "fn d() {}\nfn g() {}\nfn i() {}\n");
}

#[test]
fn files_say_what_they_are_and_fit_a_mind() {
    let mut wrong = Vec::new();
    for (name, text) in all_sources() {
        if !text.starts_with("//! ") {
            wrong.push(format!("{name}: does not begin with what it is"));
        }
        if text.lines().count() > 400 {
            wrong.push(format!("{name}: {} lines, 400 at most", text.lines().count()));
        }
        let long = |line: &&str| line.chars().count() > 100 && !line.contains("://");
        for line in text.lines().filter(long) {
            wrong.push(format!("{name}: a line over 100 columns: {line}"));
        }
        for banned in ["dbg!", "todo!", "unimplemented!", "Manager", "Helper"] {
            let shown = name.ends_with("tidy.rs");
            if text.contains(banned) && !shown {
                wrong.push(format!("{name}: {banned}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn functions_fit_a_page() {
    let mut wrong = Vec::new();
    for (name, text) in all_sources() {
        let lines: Vec<&str> = text.lines().collect();
        for (start, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let words =
                line.trim_start().trim_start_matches("pub(super) ").trim_start_matches("pub ");
            if !words.trim_start_matches("const ").starts_with("fn ") {
                continue;
            }
            let end = format!("{}}}", " ".repeat(indent));
            let length = lines[start..].iter().position(|line| **line == end).unwrap_or(0) + 1;
            if length > 70 {
                wrong.push(format!("{name}:{}: {length} lines, 70 at most", start + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The laws of absence: what a part of the house must not know.
#[test]
fn what_must_be_absent_is_absent() {
    let mut wrong = Vec::new();
    for (name, text) in all_sources().into_iter().filter(|(name, _)| name.starts_with("src/")) {
        let code = code(&text);
        let module = name.trim_start_matches("src/").split('/').next().unwrap_or_default();
        let module = module.trim_end_matches(".rs");
        let below_catalog = level(module).is_some_and(|own| own < level("catalog").unwrap_or(0));
        let mut forbid = |what: &str, applies: bool| {
            if applies && code.contains(what) {
                wrong.push(format!("{name}: {what}"));
            }
        };
        forbid("serde", below_catalog);
        forbid("schemars", below_catalog);
        forbid("std::fs", below_catalog);
        forbid("println!", module != "cli");
        forbid("std::process", module != "cli" && module != "main");
        // Only a progress bar waits.
        forbid("std::time", !name.ends_with("cli/progress.rs"));
        forbid("SystemTime", true);
        forbid("rayon_core", module != "parallel" && module != "cli");
        forbid("crate::random", module == "limiter");
        // What answers clients is no client: no request leaves the machine.
        forbid("TcpStream::connect", true);
        forbid("hyper::client", true);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
