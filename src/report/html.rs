//! A report as one HTML page that needs nothing beside it: to send, to print, to open from a build.
//!
//! ```text
//!   report.md + comparison.svg + … ─► report.html
//! ```
//!
//! The page is the Markdown report, with its pictures as drawings within it. It has no script,
//! loads nothing, and forbids that anything be loaded.

use super::File;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};
use std::collections::HashMap;

const STYLE: &str = include_str!("html.css");
/// What the page may load: nothing; it has its styles within it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// The files, and beside each Markdown report its page, with those pictures that are among the
/// files.
#[must_use]
pub fn with_pages(mut files: Vec<File>) -> Vec<File> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let pictures: HashMap<String, String> = files
        .iter()
        .filter_map(|(name, bytes)| Some((name.strip_suffix(".svg")?.to_string(), text(bytes))))
        .collect();
    let pages: Vec<File> = files
        .iter()
        .filter_map(|(name, bytes)| Some((name.strip_suffix(".md")?, text(bytes))))
        .map(|(name, report)| (format!("{name}.html"), page(&report, &pictures).into_bytes()))
        .collect();
    files.extend(pages);
    files
}

/// The page of a Markdown report; `pictures` are SVG documents, by the names of their files without
/// ending. One that is missing is shown as its title.
#[must_use]
pub fn page(report: &str, pictures: &HashMap<String, String>) -> String {
    let mut title = String::new();
    let mut body = String::new();
    html::push_html(&mut body, Events::new(report, pictures, &mut title));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n\
         </body>\n</html>\n",
        escaped(title)
    )
}

fn escaped(text: String) -> String {
    let mut escaped = String::new();
    html::push_html(&mut escaped, std::iter::once(Event::Text(text.into())));
    escaped
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
    pictures: &'a HashMap<String, String>,
    title: &'a mut String,
    in_title: bool,
    /// A part that follows the last one.
    next: Option<Event<'a>>,
}

impl<'a> Events<'a> {
    fn new(report: &'a str, pictures: &'a HashMap<String, String>, title: &'a mut String) -> Self {
        let parts = Parser::new_ext(report, Options::ENABLE_TABLES);
        Self { parts, pictures, title, in_title: false, next: None }
    }

    /// The drawing of a picture, whose title the following parts hold.
    fn picture(&mut self, file: &str) -> Event<'a> {
        let title = title_of(&mut self.parts);
        let name = file.rsplit_once('.').map_or(file, |(name, _)| name);
        match self.pictures.get(name) {
            Some(drawing) => Event::InlineHtml(drawing.clone().into()),
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
            part @ Event::Start(Tag::Table(_)) => {
                self.next = Some(part);
                html("<div class=\"table\" tabindex=\"0\">\n")
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

    #[test]
    fn a_page_holds_the_report_and_its_pictures_and_loads_nothing() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"><title>S</title></svg>";
        let files = vec![
            ("report.md".into(), REPORT.as_bytes().to_vec()),
            ("comparison.svg".into(), svg.as_bytes().to_vec()),
        ];
        let files = with_pages(files);
        assert_eq!(files.len(), 3);
        let (name, page) = &files[2];
        let page = String::from_utf8_lossy(page);
        assert_eq!(name, "report.html");
        assert!(
            page.contains("<title>Is &lt;b&gt;this&lt;/b&gt; safe &amp; sound?</title>"),
            "{page}"
        );
        assert!(page.contains("<h1>Is &lt;b&gt;this&lt;/b&gt; safe &amp; sound?</h1>"), "{page}");
        assert!(page.contains("<code>a&lt;b</code>") && page.contains("<td>paced</td>"), "{page}");
        assert!(page.contains(svg) && page.contains("Missing"), "{page}");
        assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
        assert!(page.contains(POLICY) && !page.contains("src="), "{page}");
        let text = String::from_utf8_lossy(&files[0].1);
        assert_eq!(super::page(&text, &HashMap::from([("comparison".into(), svg.into())])), page);
    }

    #[test]
    fn what_has_no_report_has_no_page() {
        assert_eq!(with_pages(vec![("a.csv".into(), Vec::new())]).len(), 1);
    }
}
