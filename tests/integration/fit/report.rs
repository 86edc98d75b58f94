//! The report that `throttlesim fit --out` writes.

use super::command::throttlesim;
use std::path::Path;

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// The report of the log that ships, whose pictures the page shows.
#[test]
fn a_fit_writes_its_report_with_pictures() {
    let root = crate::root();
    let place = tempfile::tempdir().expect("a folder");
    let out = place.path().join("fitted");
    let folder = out.to_string_lossy().into_owned();
    let log = "scenarios/data/fit-calls.csv";
    std::fs::create_dir(&out).expect("a folder");
    std::fs::write(out.join("deficit-99.png"), "of an earlier run").expect("written");
    let fit = ["fit", log, "--round-trip", "120ms", "--next", "--out", &folder];
    let (code, printed, said) = throttlesim(root, &fit);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("report.md") && printed.starts_with("getOrderItems: "), "{said}");
    let page = text(&out.join("report.md"));
    assert!(page.starts_with("# Which limits does scenarios/data/fit-calls.csv show?"), "{page}");
    for part in [
        "- getOrderItems: 0.05/s (0.049996/s to 0.050008/s), burst 10, continuous refill",
        "## getPrices",
        "explains every call",
        "refuted by lines ",
        " was refused ",
        "What cannot be told:",
        "no upper bound of the burst",
        "token bucket cannot be told apart from token bucket with ticks",
        "## The cheapest probe",
        "![getOrderItems: the figures that explain every call](region-1-rate.png)",
        "![getOrderItems, account 2: what the limit counted](deficit-1.png)",
        "(region-2-window.png)",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let html = text(&out.join("report.html"));
    assert_eq!(html.matches("<figure").count(), page.matches("![").count());
    assert!(!html.contains("<img"));
    let found: serde_json::Value =
        serde_json::from_str(&text(&out.join("fit.json"))).expect("JSON");
    assert_eq!(found["limits"][1]["model"], "fixed_window");
    assert!(!out.join("deficit-99.png").exists(), "a picture of an earlier run is left");
    for (picture, file) in
        [("fit-region.png", "region-1-rate.png"), ("fit-deficit.png", "deficit-1.png")]
    {
        let (shown, made) = (root.join("docs").join(picture), out.join(file));
        let same = std::fs::read(&shown).ok() == Some(std::fs::read(&made).expect("a picture"));
        assert!(same, "docs/{picture} is not what the fit draws: copy {file} of {fit:?}");
    }
}

/// Nothing was refused, or nothing explains what was: there is a report, without pictures.
#[test]
fn a_log_without_an_answer_has_a_report_too() {
    let place = tempfile::tempdir().expect("a folder");
    let rows = |status: &dyn Fn(usize) -> u16| {
        let row = |n: usize| format!("{n}.5,a|b](x),{}\n", status(n));
        String::from("time,call,status\n") + &(1..40).map(row).collect::<String>()
    };
    for (name, log, said) in [
        ("free.csv", rows(&|_| 200), "no call was refused"),
        // No limit refuses the first call and the last one alone.
        ("odd.csv", rows(&|n| if n == 1 || n == 39 { 429 } else { 200 }), "explains"),
    ] {
        std::fs::write(place.path().join(name), log).expect("written");
        let fit = ["fit", name, "--round-trip", "100ms", "--start", "full", "--out", "out"];
        let (code, _, why) = throttlesim(place.path(), &fit);
        assert_eq!(code, 0, "{why}");
        let page = text(&place.path().join("out/report.md"));
        assert!(page.contains(said) && page.contains("What cannot be told:"), "{page}");
        assert!(place.path().join("out/report.html").exists());
        assert!(!place.path().join("out/deficit-1.png").exists(), "{page}");
    }
    // Over a log nothing is written.
    std::fs::rename(place.path().join("free.csv"), place.path().join("report.md")).expect("moved");
    let fit = ["fit", "report.md", "--input", "csv", "--round-trip", "1s", "--out", "."];
    let (code, _, why) = throttlesim(place.path(), &fit);
    assert!(code == 2 && why.contains("would replace report.md"), "{code} {why}");
}
