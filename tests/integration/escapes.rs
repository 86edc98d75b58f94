//! Names and logs that hold control sequences, markup and formulas: none of it reaches a terminal,
//! a page, a table or an annotation as it is.

use std::path::Path;
use std::process::{Command, Output};

fn run(place: &Path, words: &[&str]) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_throttlesim"));
    let Output { stdout, stderr, .. } =
        command.current_dir(place).args(words).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (text(stdout), text(stderr))
}

fn read(place: &Path, name: &str) -> String {
    std::fs::read_to_string(place.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Nothing but line breaks controls anything.
fn is_plain(text: &str) -> bool {
    !text.contains(|c: char| c.is_control() && c != '\n')
}

const NAMES: &str = "schema = 1\nquestion = \"?\"\n[limit.l]\nscope = []\n\
    rule.token_bucket = { rate = \"1/s\", burst = 1 }\n\
    [workload.w]\narrivals.backlog = 5\ncall = \"a|b\"\n\
    [strategy.\"s|<img src=x onerror=alert(1)>\"]\n\
    [strategy.\"x\\r::warning file=a::injected\"]\nlabel = \"two\\nlines\\u0001\"\n\
    [strategy.\"=1+1\"]\n[[expect]]\nthat = \"throttle_rate < 1%\"\n";

#[test]
fn names_are_shown_as_they_are_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path();
    std::fs::write(place.join("n.toml"), NAMES).expect("written");
    let (shown, said) = run(place, &["run", "n.toml", "--events", "e.csv"]);
    assert!(is_plain(&shown) && is_plain(&said), "{shown:?} {said:?}");
    let page = read(place, "out/n/report.md");
    assert!(is_plain(&page) && !page.contains("<img"), "{page}");
    assert!(page.contains("s\\|&lt;img src=x onerror=alert(1)>"), "{page}");
    assert!(page.contains("two lines\\u{1}"), "{page}");
    for table in ["out/n/strategies.csv", "out/n/timeline.csv", "e.csv"] {
        let table = read(place, table);
        assert!(is_plain(&table) && table.contains("'=1+1"), "{table:.400}");
        assert!(!table.contains(",=1+1") && !table.contains("\n=1+1"), "{table:.400}");
    }
    let (annotations, _) = run(place, &["check", "n.toml", "-q", "--format", "github"]);
    assert!(annotations.lines().all(|line| line.starts_with("::error ")), "{annotations}");
    let (xml, _) = run(place, &["check", "n.toml", "--format", "junit"]);
    assert!(is_plain(&xml) && !xml.contains("<img"), "{xml}");
    assert!(xml.contains("&lt;img src=x onerror=alert(1)"), "{xml}");
    let mut events = quick_xml::Reader::from_str(&xml);
    let mut cases = 0;
    loop {
        match events.read_event().expect("an XML document") {
            quick_xml::events::Event::Start(tag) if tag.name().as_ref() == b"testcase" => {
                cases += 1
            }
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(cases, 1);
}

#[test]
fn what_a_log_says_does_not_reach_the_terminal_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path();
    let log = "time,call\n0,get\n1,\"get2\u{1b}]0;PWNED\u{7}\u{1b}[2J\"\n";
    std::fs::write(place.join("t.csv"), log).expect("written");
    let catalogue = "name = \"x\"\nsource = \"x\"\nretrieved = 2026-11-23\n\
        open_operations = true\n[limit.l]\nscope = []\nrule.concurrency = 1\n";
    std::fs::write(place.join("c.toml"), catalogue).expect("written");
    let text = "schema = 1\nquestion = \"?\"\n[provider.p]\ncatalog = \"./c.toml\"\n\
        [workload.w]\nper = \"scenario\"\narrivals.trace = \
        { file = \"t.csv\", calls = [{ match = \"get\", call = \"b\" }] }\n[strategy.s]\n";
    std::fs::write(place.join("t.toml"), text).expect("written");
    let (shown, said) = run(place, &["run", "t.toml", "-v"]);
    assert!(is_plain(&shown) && is_plain(&said), "{shown:?} {said:?}");
    let page = read(place, "out/t/report.md");
    assert!(is_plain(&page), "{page:?}");
    assert!(page.contains("get2\\u{1b}]0;PWNED"), "{page}");
}
