//! The page to send: everything in one file, which loads nothing.

use assert_cmd::Command;
use std::path::Path;

fn throttlesim(place: &Path, args: &[&str]) -> (i32, String) {
    let mut program = Command::cargo_bin("throttlesim").expect("the program");
    let done = program.current_dir(place).args(args).output().expect("it runs");
    (done.status.code().unwrap_or(-1), String::from_utf8_lossy(&done.stderr).to_string())
}

fn read(place: &Path, name: &str) -> String {
    std::fs::read_to_string(place.join(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
}

/// So many strategies, one of which is named to break a careless page.
fn scenario(count: usize) -> String {
    let mut text = String::from(
        "schema = 1\nquestion = \"Is 1 < 2 & does <script>alert(1)</script> stay text?\"\n\
         duration = \"1h\"\ndrain = \"1h\"\nlimit.l = { scope = [\"account\"], \
         rule.token_bucket = { rate = \"1/s\", burst = 5 } }\n\
         workload.w = { arrivals.poisson = \"0.9/s\", call = \"get\" }\n",
    );
    for n in 1..count {
        text += &format!("strategy.s{n} = {{ workers = {n}, pace.rate = \"95%\" }}\n");
    }
    text + "strategy.\"<img src=x onerror=alert(1)>\" = {}\n"
}

#[test]
fn one_file_holds_the_answer_and_every_picture_and_loads_nothing() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    std::fs::write(place.join("s.toml"), scenario(10)).expect("written");
    let (code, said) = throttlesim(place, &["run", "s.toml", "--out", "out"]);
    assert_eq!(code, 0, "{said}");
    let page = read(place, "out/s/report.html");
    assert!(page.len() < 1_500_000, "{} bytes", page.len());
    let question =
        "<h1>Is 1 &lt; 2 &amp; does &lt;script&gt;alert(1)&lt;/script&gt; stay text?</h1>";
    let (head, body) = page.split_once(question).expect("the question is the heading");
    let policy = "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-";
    assert!(head.contains(policy), "{head}");
    let (answer, rest) = body.trim_start().split_once("</p>").expect("a paragraph");
    assert!(answer.starts_with("<p>“s1”") && answer.contains("no difference"), "{answer}");
    let report = read(place, "out/s/report.md");
    let pictures = report.lines().filter(|line| line.starts_with("![")).count();
    assert!(pictures >= 4, "{report}");
    assert_eq!(rest.matches("<svg ").count(), pictures);
    assert_eq!(rest.matches("<svg ").count(), rest.matches("role=\"img\"").count());
    for loads in ["<img", " src=\"", "href=\"", "url(", "<link", "<iframe", "@import", "fetch("] {
        assert!(!page.contains(loads), "the page has {loads}");
    }
    assert_eq!(page.matches("<script").count(), 2, "its data, and what draws it");
    // From what is stored, whatever was there before.
    std::fs::write(place.join("out/s/report.html"), "older").expect("written");
    let (code, said) = throttlesim(place, &["report", "out/s"]);
    assert_eq!((code, said.trim()), (0, "page: out/s/report.html"));
    assert!(read(place, "out/s/report.html") == page, "the same page");
}

#[test]
fn a_folder_without_a_report_is_refused() {
    let place = tempfile::tempdir().expect("a folder");
    for (folder, told) in [(".", "holds no report"), ("nowhere", "cannot read nowhere")] {
        let (code, said) = throttlesim(place.path(), &["report", folder]);
        assert!(code == 2 && said.contains(told), "{said}");
    }
}

/// Question, answer and first picture of each folder, with links that hold where the page stands.
#[test]
fn a_gallery_shows_what_each_folder_of_results_answers() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    std::fs::write(place.join("s.toml"), scenario(2)).expect("written");
    let other = scenario(2).replace("Is 1 < 2 & does", "And where is");
    std::fs::write(place.join("t.toml"), other).expect("written");
    let (code, said) = throttlesim(place, &["run", "s.toml", "t.toml"]);
    assert_eq!(code, 0, "{said}");
    std::fs::create_dir(place.join("docs")).expect("made");
    let gallery = ["report", "out/s", "out/t", "--gallery", "docs/gallery.md"];
    let (code, said) = throttlesim(place, &gallery);
    assert_eq!((code, said.trim()), (0, "gallery: docs/gallery.md"));
    let page = read(place, "docs/gallery.md");
    let sections: Vec<&str> = page.split("\n## ").collect();
    assert_eq!(sections.len(), 3, "{page}");
    assert!(sections[2].starts_with("And where is &lt;script>alert(1)&lt;/script>"), "{page}");
    for (name, section) in ["s", "t"].iter().zip(&sections[1..]) {
        let report = read(place, &format!("out/{name}/report.md"));
        let answer = report.lines().nth(2).expect("an answer");
        assert!(
            section.contains(&format!("{answer} ([report](../out/{name}/report.md))")),
            "{page}"
        );
        let picture = report.lines().find(|line| line.starts_with("![")).expect("a picture");
        let linked = picture.replace("](", &format!("](../out/{name}/"));
        assert!(section.contains(&linked), "{page}");
    }
    // A folder of such folders stands for all of them.
    let (code, said) = throttlesim(place, &["report", "out", "--gallery", "docs/gallery.md"]);
    assert_eq!((code, said.trim()), (0, "gallery: docs/gallery.md"));
    assert_eq!(read(place, "docs/gallery.md"), page);
    // A folder without an answer: nothing is written.
    std::fs::write(place.join("out/t/summary.json"), "{\"question\": \"?\"}").expect("written");
    std::fs::remove_file(place.join("docs/gallery.md")).expect("removed");
    let (code, said) = throttlesim(place, &gallery);
    assert_eq!(code, 2);
    assert!(said.contains("out/t/summary.json: it has no `answer`"), "{said}");
    assert!(!place.join("docs/gallery.md").exists());
}

/// The gallery of the documentation is that of the recorded results.
#[cfg(unix)]
#[test]
fn the_gallery_of_the_documentation_is_up_to_date() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    std::fs::create_dir(place.join("docs")).expect("made");
    let reports = crate::root().join("reports");
    std::os::unix::fs::symlink(&reports, place.join("reports")).expect("linked");
    let names = std::fs::read_dir(&reports).expect("a folder").flatten();
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut folders: Vec<String> = names.map(|name| format!("reports/{name}")).collect();
    folders.sort();
    let mut args = vec!["report", "--gallery", "docs/gallery.md"];
    args.extend(folders.iter().map(String::as_str));
    let (code, said) = throttlesim(place, &args);
    assert_eq!(code, 0, "{said}");
    let write = "write it: throttlesim report reports/* --gallery docs/gallery.md";
    assert!(read(place, "docs/gallery.md") == read(crate::root(), "docs/gallery.md"), "{write}");
}
