//! The shipped templates over a view made by hand, and the mistakes that an author can make.

mod fixture;
mod roadmap;

use super::*;
use crate::catalog::Template;
use crate::domain::Grain;
use fixture::view;

fn report(id: &str, templates: &[(&str, &str)], parts: &[(&str, &str)]) -> Report {
    let template = |(format, text): &(&str, &str)| Template {
        format: (*format).into(),
        name: format!("report-templates/{id}/main.{format}.j2"),
        text: (*text).into(),
    };
    Report {
        id: id.into(),
        title: "Report".into(),
        metrics: Vec::new(),
        by: Vec::new(),
        grain: Grain::Month,
        last: 12,
        frameworks: Vec::new(),
        sections: Vec::new(),
        templates: templates.iter().map(template).collect(),
        parts: parts.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect(),
        place: None,
    }
}

fn shipped() -> [Report; 2] {
    macro_rules! parts {
        ($($name:literal),*) => {
            [$((concat!("_shared/", $name),
                include_str!(concat!("../../../report-templates/_shared/", $name)))),*]
        };
    }
    let parts = parts!(
        "style.css.j2",
        "page.html.j2",
        "marks.html.j2",
        "charts.html.j2",
        "data.html.j2",
        "data.md.j2",
        "values.html.j2",
        "values.md.j2",
        "scores.html.j2",
        "scores.md.j2"
    );
    let maturity = [
        ("html", include_str!("../../../report-templates/maturity/main.html.j2")),
        ("md", include_str!("../../../report-templates/maturity/main.md.j2")),
    ];
    let performance = [
        ("html", include_str!("../../../report-templates/performance/main.html.j2")),
        ("md", include_str!("../../../report-templates/performance/main.md.j2")),
    ];
    [report("maturity", &maturity, &parts), report("performance", &performance, &parts)]
}

fn rendered(report: &Report, format: &str, view: &ReportView) -> String {
    let mut sources = Sources::default();
    let result = render(report, format, view, &mut sources);
    result.unwrap_or_else(|d| {
        panic!("{}: {}", sources.describe(&d.place.clone().unwrap()), d.headline)
    })
}

#[test]
fn shipped_templates_fill_with_one_of_everything_and_with_nothing() {
    let full = view();
    let bare = ReportView {
        metrics: Vec::new(),
        sections: Vec::new(),
        lede: String::new(),
        trend: None,
        tables: Vec::new(),
        withheld: Vec::new(),
        frameworks: Vec::new(),
        checks: std::collections::BTreeMap::new(),
        feeds: Vec::new(),
        findings: Vec::new(),
        ..view()
    };
    for report in shipped() {
        assert!(super::check(&report, &mut Sources::default()).is_empty());
        for format in formats(&report) {
            let text = rendered(&report, format, &full);
            assert_eq!(text, rendered(&report, format, &full), "same view, same bytes");
            assert!(!text.contains("None") && !text.contains("{{") && !text.contains("undefined"));
            rendered(&report, format, &bare);
        }
    }
}

#[test]
fn shipped_pages_need_no_network_and_no_script() {
    for report in shipped() {
        let page = rendered(&report, "html", &view());
        for banned in ["<script", "http://", "https://", "url(", "@import", "<link", "<img"] {
            assert!(!page.contains(banned), "{banned}");
        }
        assert!(page.contains("Example &amp; Sons"));
        assert!(!page.contains("<b>trap"));
    }
}

#[test]
fn markdown_tables_keep_their_columns() {
    for report in shipped() {
        let text = rendered(&report, "md", &view());
        let cells = |line: &str| line.replace("\\|", "").matches('|').count();
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, l)| l.starts_with('|')) {
            if at > 0 && lines[at - 1].starts_with('|') {
                assert_eq!(cells(line), cells(lines[at - 1]), "{line}");
            }
        }
    }
}

fn mistake(text: &str, parts: &[(&str, &str)]) -> (String, String, &'static str) {
    let report = report("r", &[("md", text)], parts);
    let mut sources = Sources::default();
    let found = render(&report, "md", &view(), &mut sources).unwrap_err();
    (sources.describe(&found.place.unwrap()), found.headline, found.code)
}

#[test]
fn mistakes_are_told_with_their_place() {
    let (place, _, code) = mistake("a\n{% for x %}\n", &[]);
    assert_eq!((place.as_str(), code), ("report-templates/r/main.md.j2:2:10", "template-syntax"));
    let (place, _, code) = mistake("a\n\n  {{ project.nmae }}\n", &[]);
    assert_eq!((place.as_str(), code), ("report-templates/r/main.md.j2:3:6", "template-failed"));
    let (_, headline, _) = mistake("{{ as_of.date }}", &[]);
    assert!(headline.contains("missing"), "{headline}");
    let (_, headline, _) = mistake("{{ project }}", &[]);
    assert!(headline.contains("print one of its parts"), "{headline}");
    let parts = [("_shared/p.md.j2", "x\n{{ nope }}")];
    let (place, ..) = mistake("{% include '_shared/p.md.j2' %}", &parts);
    assert_eq!(place, "report-templates/_shared/p.md.j2:2:4");
    let (.., code) = mistake("{% include '_shared/q.md.j2' %}", &[]);
    assert_eq!(code, "template-failed");
}

#[test]
fn a_template_that_does_not_end_is_stopped() {
    let loops = "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}";
    assert_eq!(mistake(loops, &[]).2, "template-too-long");
    let text = format!("{{% set s = 'x' * 9000000 %}}{}", "{{ s }}".repeat(9));
    assert_eq!(mistake(&text, &[]).2, "template-too-long");
}

/// Takes out everything from one mark to another.
fn without(text: &str, from: &str, to: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, behind)) = rest.split_once(from) {
        out.push_str(before);
        rest = behind.split_once(to).map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

#[test]
fn no_word_stands_in_a_shipped_template() {
    for report in shipped() {
        let mains = report.templates.iter().map(|t| (t.name.clone(), &t.text));
        let parts = report.parts.iter().map(|(name, text)| (name.clone(), text));
        for (name, text) in mains.chain(parts).filter(|(name, _)| !name.contains(".css.")) {
            let text = without(&without(text, "{#", "#}"), "{%", "%}");
            let text = without(&without(&text, "{{", "}}"), "<", ">");
            let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 1);
            assert_eq!(words.collect::<Vec<_>>(), Vec::<&str>::new(), "{name}");
        }
    }
}
