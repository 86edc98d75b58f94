//! A report as one HTML page that needs nothing beside it: to send, to print, to open from a build.
//!
//! ```text
//!   report.md + comparison.svg + … ─► report.html
//!   timeline.csv + summary.json ─► what its script draws
//! ```
//!
//! The page is the Markdown report, with its pictures as drawings within it. It loads nothing, and
//! forbids that anything be loaded or that any other script run. Without its script it shows the
//! same figures.

mod live;

use super::File;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};
use std::collections::HashMap;

const STYLE: &str = concat!(include_str!("page.css"), include_str!("uplot.css"), "\n");
/// Charts of time by uPlot, with its licence, and what the page adds.
const RUN_SCRIPT: &str = concat!(
    "/*\n",
    include_str!("uplot.LICENSE"),
    "*/\n",
    include_str!("uplot.js"),
    "\n",
    include_str!("page.js")
);
/// Values of pictures that can be pointed at.
const SPOTS_SCRIPT: &str = include_str!("spots.js");
/// The SHA-256 of each script, which a browser checks before it runs it.
const RUN_DIGEST: &str = "HasNMNEDDm4kPz0p21x40W5Go4m6Jlo6VXz1hf/1vtc=";
const SPOTS_DIGEST: &str = "2H0anxrIpl80+43AexsZa/7zO8CRh4feRUfsKJIk78E=";

/// The files of a report, by name, that a page is made of.
pub type Stored = HashMap<String, String>;

/// The files, and beside each Markdown report its page, with those pictures that are among the
/// files.
#[must_use]
pub fn with_pages(mut files: Vec<File>) -> Vec<File> {
    let needed = |name: &str| is_part(name) || name.ends_with(".md");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let texts = files.iter().filter(|(name, _)| needed(name));
    let stored: Stored = texts.map(|(name, bytes)| (name.clone(), text(bytes))).collect();
    let reports = files.iter().filter_map(|(name, _)| name.strip_suffix(".md"));
    let pages: Vec<File> = reports
        .filter_map(|name| Some((format!("{name}.html"), page(name, &stored)?.into_bytes())))
        .collect();
    files.extend(pages);
    files
}

/// True of a file that a page may need besides its report.
#[must_use]
pub fn is_part(name: &str) -> bool {
    name.ends_with(".svg") || [TIMELINE, SUMMARY].contains(&name)
}

/// How a value that can be pointed at begins in a picture.
const SPOT: &str = "<rect class=\"spot\"";
const TIMELINE: &str = "timeline.csv";
const SUMMARY: &str = "summary.json";
/// The report that these two files are of.
const RUN: &str = "report";

/// The page of the Markdown report of this name, without ending; `None` if it is not among what is
/// `stored`. A picture that is missing is shown as its title.
#[must_use]
pub fn page(name: &str, stored: &Stored) -> Option<String> {
    let report = stored.get(&format!("{name}.md"))?;
    let mut title = String::new();
    let mut body = String::new();
    push(&mut body, &mut Events::new(report, stored, &mut title));
    let data = match (name, stored.get(TIMELINE), stored.get(SUMMARY)) {
        (RUN, Some(timeline), Some(summary)) => live::data(timeline, summary),
        _ => None,
    };
    let (mut allowed, mut scripts) = (String::new(), String::new());
    let mut add = |digest: &str, script: &str| {
        allowed += &format!(" 'sha256-{digest}'");
        scripts += &format!("<script>{script}</script>\n");
    };
    if body.contains(SPOT) {
        add(SPOTS_DIGEST, SPOTS_SCRIPT);
    }
    if let Some(data) = data {
        add(RUN_DIGEST, RUN_SCRIPT);
        let data = format!("<script type=\"application/json\" id=\"run\">{data}</script>\n");
        scripts.insert_str(0, &data);
    }
    let policy = match allowed.as_str() {
        "" => String::new(),
        allowed => format!("; script-src{allowed}"),
    };
    Some(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n\
         {scripts}</body>\n</html>\n",
        escaped(title)
    ))
}

/// As many columns of a table have room on paper in letters of the usual size.
const FEW_COLUMNS: usize = 8;

fn escaped(text: String) -> String {
    let mut escaped = String::new();
    push(&mut escaped, &mut std::iter::once(Event::Text(text.into())));
    escaped
}

/// Compiled once, whatever hands over the events.
fn push<'a>(page: &mut String, events: &mut dyn Iterator<Item = Event<'a>>) {
    html::push_html(page, events);
}

/// The title and the file of the first picture of a Markdown report.
#[must_use]
pub fn first_picture(report: &str) -> Option<(String, String)> {
    let mut parts = Parser::new(report);
    let file = parts.find_map(|part| match part {
        Event::Start(Tag::Image { dest_url, .. }) => Some(dest_url.to_string()),
        _ => None,
    })?;
    Some((title_of(&mut parts), file))
}

/// The title of a picture, whose parts come next.
fn title_of(parts: &mut Parser<'_>) -> String {
    let mut title = String::new();
    for part in parts {
        match part {
            Event::End(TagEnd::Image) => break,
            Event::Text(text) | Event::Code(text) => title += &text,
            _ => {}
        }
    }
    title
}

/// The report's parts: text that looks like HTML is text, pictures are drawings, tables can be
/// scrolled by keyboard.
struct Events<'a> {
    parts: Parser<'a>,
    stored: &'a Stored,
    title: &'a mut String,
    in_title: bool,
    /// A part that follows the last one.
    next: Option<Event<'a>>,
}

impl<'a> Events<'a> {
    fn new(report: &'a str, stored: &'a Stored, title: &'a mut String) -> Self {
        let parts = Parser::new_ext(report, Options::ENABLE_TABLES);
        Self { parts, stored, title, in_title: false, next: None }
    }

    /// The drawing of a picture, whose title the following parts hold.
    fn picture(&mut self, file: &str) -> Event<'a> {
        let title = title_of(&mut self.parts);
        let name = file.rsplit_once('.').map_or(file, |(name, _)| name);
        match self.stored.get(&format!("{name}.svg")) {
            Some(drawing) => Event::InlineHtml(
                format!("<figure data-picture=\"{}\">{drawing}</figure>", escaped(name.into()))
                    .into(),
            ),
            None => Event::Text(title.into()),
        }
    }
}

impl<'a> Iterator for Events<'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        if let Some(part) = self.next.take() {
            return Some(part);
        }
        let html = |text: &'static str| Event::Html(CowStr::Borrowed(text));
        let part = match self.parts.next()? {
            Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
            part => part,
        };
        Some(match part {
            Event::Start(Tag::Image { dest_url, .. }) => self.picture(&dest_url),
            Event::Start(Tag::Table(columns)) => {
                let class = if columns.len() > FEW_COLUMNS { "table wide" } else { "table" };
                self.next = Some(Event::Start(Tag::Table(columns)));
                let role = "role=\"group\" aria-label=\"Table\" tabindex=\"0\"";
                Event::Html(format!("<div class=\"{class}\" {role}>\n").into())
            }
            part @ Event::End(TagEnd::Table) => {
                self.next = Some(html("</div>\n"));
                part
            }
            part @ Event::Start(Tag::Heading { .. }) => {
                self.in_title = self.title.is_empty();
                part
            }
            part @ Event::End(TagEnd::Heading(_)) => {
                self.in_title = false;
                part
            }
            part => {
                if let (true, Event::Text(text) | Event::Code(text)) = (self.in_title, &part) {
                    self.title.push_str(text);
                }
                part
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "# Is <b>this</b> safe & sound?\n\nYes: `a<b`.\n\n\
        | strategy | lost |\n|---|--:|\n| paced | 0 |\n\n![Side by side](comparison.png)\n\n\
        ![Missing](age.png)\n\n<script>alert(1)</script>\n";
    const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"></svg>";

    fn files(names: &[(&str, &str)]) -> Vec<File> {
        names.iter().map(|(name, text)| ((*name).into(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn a_page_holds_the_report_and_its_pictures_and_loads_nothing() {
        let files = with_pages(files(&[("size.md", REPORT), ("comparison.svg", SVG)]));
        assert_eq!(files.len(), 3);
        let (name, page) = &files[2];
        let page = String::from_utf8_lossy(page);
        assert_eq!(name, "size.html");
        assert!(
            page.contains("<title>Is &lt;b&gt;this&lt;/b&gt; safe &amp; sound?</title>"),
            "{page}"
        );
        assert!(page.contains("<h1>Is &lt;b&gt;this&lt;/b&gt; safe &amp; sound?</h1>"), "{page}");
        assert!(page.contains("<code>a&lt;b</code>") && page.contains("<td>paced</td>"), "{page}");
        assert!(page.contains(SVG) && page.contains("Missing"), "{page}");
        assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
        assert!(page.contains("\"default-src 'none'; style-src 'unsafe-inline'\""), "{page}");
        assert!(!page.contains("src="), "{page}");
    }

    #[test]
    fn the_page_of_a_run_has_its_script_and_lets_no_other_run() {
        let timeline = "strategy,from_s,length_s,arrived,ended,admitted,throttled,failed,\
                        backlog_at_end\na,0,60,5,1,3,1,0,4\n";
        let summary = r#"{"scenario": "s", "strategies": [{"name": "a"}]}"#;
        let all = [("report.md", REPORT), (TIMELINE, timeline), (SUMMARY, summary)];
        let files = with_pages(files(&all));
        let page = String::from_utf8_lossy(&files[3].1).into_owned();
        assert!(page.contains(&format!("script-src 'sha256-{RUN_DIGEST}'\"")), "{page:.600}");
        assert_eq!(page.matches("<script").count(), 2);
        assert!(page.contains(&format!("<script>{RUN_SCRIPT}</script>")));
    }

    #[test]
    fn values_that_can_be_pointed_at_have_a_script() {
        let drawing = SVG.replace("></svg>", &format!(">{SPOT}></rect></svg>"));
        let files = with_pages(files(&[("sweep.md", REPORT), ("comparison.svg", &drawing)]));
        let page = String::from_utf8_lossy(&files[2].1).into_owned();
        assert!(page.contains(&format!("script-src 'sha256-{SPOTS_DIGEST}'\"")), "{page:.600}");
        assert!(page.contains(&format!("<script>{SPOTS_SCRIPT}</script>")));
    }

    #[test]
    fn digests_are_those_of_the_scripts() {
        use base64::Engine;
        use sha2::Digest;
        for (script, stated) in [(RUN_SCRIPT, RUN_DIGEST), (SPOTS_SCRIPT, SPOTS_DIGEST)] {
            let digest = sha2::Sha256::digest(script.as_bytes());
            assert_eq!(base64::engine::general_purpose::STANDARD.encode(digest), stated);
        }
    }

    #[test]
    fn what_has_no_report_has_no_page() {
        assert_eq!(with_pages(vec![("a.csv".into(), Vec::new())]).len(), 1);
    }

    #[test]
    fn the_first_picture_is_found() {
        let first = Some(("Side by side".into(), "comparison.png".into()));
        assert_eq!(first_picture(REPORT), first);
        assert_eq!(first_picture("# None"), None);
    }
}
