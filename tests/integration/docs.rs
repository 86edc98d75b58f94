//! README, CONTRIBUTING and the pages under `docs/` keep their word: links lead somewhere, examples
//! read, commands parse, figures are the recorded ones, and the words are plain.

mod figures;
mod phrases;

use crate::root;
use assert_cmd::Command;
use std::path::{Path, PathBuf};
use throttlesim::catalog::Provider;
use throttlesim::scenario::Scenario;

/// The pages of the book, by file name, without its table of contents.
fn book() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("docs")).expect("the docs");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut pages: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .filter(|path| !path.ends_with("SUMMARY.md"))
        .collect();
    pages.sort();
    pages
}

fn pages() -> Vec<PathBuf> {
    let more = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/SUMMARY.md"];
    more.map(|name| root().join(name)).into_iter().chain(book()).collect()
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The blocks of code of a page: what is said behind the fence, and the lines.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((info.to_string(), body.join("\n") + "\n"));
        }
    }
    blocks
}

/// What stands outside of blocks of code.
fn prose(text: &str) -> String {
    text.split("\n```").step_by(2).collect::<Vec<_>>().join("\n")
}

fn links(text: &str) -> Vec<String> {
    let after = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    after.filter(|link| !link.contains("://")).map(str::to_string).collect()
}

/// True if it exists, or is left out of the packaged crate from which the tests run.
fn exists(path: &Path) -> bool {
    let is_package = !root().join(".ci").exists();
    let name = path.to_string_lossy();
    let left_out = [".ci/", ".png", "benches/peers", "fuzz/"];
    path.exists() || (is_package && left_out.iter().any(|part| name.contains(part)))
}

/// What a link to a heading says.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " _-".contains(*c));
    kept.collect::<String>().trim().to_lowercase().replace(' ', "-")
}

#[test]
fn the_readme_fits_three_screens() {
    let lines = text(&root().join("README.md")).lines().count();
    assert!(lines <= 130, "{lines} lines");
}

#[test]
fn links_lead_to_what_exists() {
    let (mut number, mut broken) = (0, Vec::new());
    for page in pages() {
        for link in links(&text(&page)) {
            number += 1;
            let (file, heading) = link.split_once('#').unwrap_or((&link, ""));
            let target = match file {
                "" => page.clone(),
                file => page.parent().expect("a folder").join(file),
            };
            let known = |text: &str| {
                let mut headings = text.lines().filter_map(|line| line.strip_prefix('#'));
                headings.any(|line| anchor(line.trim_start_matches('#')) == heading)
            };
            if !exists(&target) || (!heading.is_empty() && !known(&text(&target))) {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(number >= 100, "only {number} links");
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn the_table_of_contents_names_every_page() {
    let summary = links(&text(&root().join("docs/SUMMARY.md")));
    for page in book() {
        let name = page.file_name().expect("a file").to_string_lossy().to_string();
        assert!(summary.contains(&name), "docs/SUMMARY.md does not name {name}");
    }
}

/// What a part of a scenario leaves out.
fn completed(part: &str) -> String {
    let table: toml::Table = part.parse().unwrap_or_else(|e| panic!("{e}\n{part}"));
    let has = |key: &str| table.contains_key(key);
    let mut whole = String::from("schema = 1\n");
    if !has("question") {
        whole += "question = \"?\"\n";
    }
    whole += part;
    if !has("provider") && !has("limit") {
        whole += "[provider.amazon]\ncatalog = \"sp-api\"\n";
    }
    if !has("workload") {
        whole += "[workload.sync]\narrivals.backlog = 3\ncall = \"orders/v0/getOrderItems\"\n";
    }
    if !has("strategy") {
        whole += "[strategy.paced]\npace.rate = \"95%\"\n";
    }
    whole
}

#[test]
fn examples_read() {
    let mut number = 0;
    for page in pages() {
        for (info, body) in blocks(&text(&page)) {
            let problems = match info.as_str() {
                "toml" => Scenario::read("example", &body, root()).err(),
                "toml,part" => Scenario::read("example", &completed(&body), root()).err(),
                "toml,catalogue" => Provider::read(body.clone()).err(),
                other => {
                    assert!(!other.starts_with("toml"), "{}: {other}", page.display());
                    continue;
                }
            };
            number += 1;
            assert!(problems.is_none(), "{}:\n{body}\n{problems:#?}", page.display());
        }
    }
    assert!(number >= 10, "only {number} examples");
}

/// The command lines of a text that begin with the program, without what the shell makes of them.
fn commands(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let inline = prose(text);
    let inline =
        inline.split('`').skip(1).step_by(2).filter(|code| code.starts_with("throttlesim "));
    let shell = blocks(text).into_iter().filter(|(info, _)| info == "sh");
    let shell: Vec<String> =
        shell.flat_map(|(_, body)| body.lines().map(str::to_string).collect::<Vec<_>>()).collect();
    for line in inline.map(str::to_string).chain(shell) {
        for part in line.replace("-- run", "throttlesim run").split("&&") {
            let words = part.split_whitespace();
            let mut words = words.skip_while(|word| word.rsplit('/').next() != Some("throttlesim"));
            if words.next().is_none() {
                continue;
            }
            let ends =
                |word: &&str| !["#", ">", ":::", "|"].iter().any(|end| word.starts_with(end));
            let plain = |word: &str| match word.contains('$') {
                true => "1".to_string(),
                false => word.trim_matches('"').to_string(),
            };
            found.push(words.take_while(ends).map(plain).collect());
        }
    }
    found
}

/// With `--help` behind them the words are read and nothing is done.
#[test]
fn commands_are_known_to_the_program() {
    let mut number = 0;
    for page in pages() {
        for words in commands(&text(&page)) {
            let mut program = Command::cargo_bin("throttlesim").expect("the program");
            let done = program.args(&words).arg("--help").output().expect("it runs");
            let said = String::from_utf8_lossy(&done.stderr);
            assert!(done.status.success(), "{}: {words:?}\n{said}", page.display());
            number += 1;
        }
    }
    assert!(number >= 30, "only {number} commands");
}

#[test]
fn files_that_are_named_exist() {
    for page in pages() {
        for word in text(&page).split(|c: char| c.is_whitespace() || "`()[],:;\"".contains(c)) {
            let word = word.trim_end_matches('.');
            let local = ["src/", "tests/", "scenarios/", "benches/", ".ci/", "docs/"];
            let open = ["NAME", "FAMILY", "*", "mine.toml"];
            let named = local.iter().any(|folder| word.starts_with(folder));
            if named && !open.iter().any(|part| word.contains(part)) {
                let file = word.split('#').next().unwrap_or(word);
                assert!(exists(&root().join(file)), "{}: {word}", page.display());
            }
        }
    }
}

/// The lines from the first rule of a table to its last.
fn table(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let rule = |line: &&str| line.starts_with('─');
    let first = lines.iter().position(&rule).unwrap_or(lines.len());
    let last = lines.iter().rposition(rule).map_or(first, |last| last + 1);
    lines[first..last].to_vec()
}

#[test]
fn the_readme_shows_the_table_that_its_scenario_prints() {
    let readme = text(&root().join("README.md"));
    let of = |kind: &str| {
        let mut blocks = blocks(&readme).into_iter();
        blocks.find(|(info, _)| info == kind).map(|(_, body)| body).expect("a block")
    };
    let scenario = of("toml");
    assert_eq!(scenario.lines().count(), 12, "a scenario in 12 lines");
    let place = tempfile::tempdir().expect("a folder");
    std::fs::write(place.path().join("import.toml"), scenario).expect("written");
    let mut program = Command::cargo_bin("throttlesim").expect("the program");
    let program = program.current_dir(place.path()).env("COLUMNS", "80").env("NO_COLOR", "1");
    let done =
        program.args(["run", "import.toml", "--out", "out", "-q"]).output().expect("it runs");
    let printed = String::from_utf8_lossy(&done.stdout).to_string();
    assert!(!table(&printed).is_empty(), "{printed}");
    assert_eq!(table(&of("text")), table(&printed), "put into the README:\n{printed}");
}
