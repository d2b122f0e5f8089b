//! Texts that look like markup stay texts, wherever a report shows them: the reports of a project with hostile
//! texts have the tags of the same project with plain ones.

use std::sync::OnceLock;

use milepost::disk::Files;
use milepost::pipeline::{self, Setup};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

/// `@n@` is a cell of a CSV, `$n$` a text of the TOML; each `n` is another text.
const CONFIG: &str = r#"
[project]
name = $0$
currency = "EUR"
as-of = 2026-04-30
[report]
rows = "full"
[report.maturity]
frameworks = ["own"]
[report.performance]
by = ["channel", "stage", "industry", ["channel", "owner"]]
last = 2
[feed.crm]
dataset = "deals"
file = "deals*.csv"
[feed.companies]
dataset = "accounts"
file = "accounts.csv"
[stage.won]
title = $1$
outcome = "won"
values = [$30$]
[stage.open]
title = $2$
outcome = "open"
values = ["Talking"]
[channel.a]
title = $3$
values = [$31$]
[person.a]
title = $4$
names = [$32$]
role = $5$
[plan.a]
title = $6$
channel = "a"
starts = 2026-01-01
ends = 2026-12-31
targets = { won_amount = 100 }
[comment.a]
metric = "won_amount"
starts = 2026-03-01
ends = 2026-03-31
date = 2026-04-01
text = $7$
[overlay.metric.won_amount]
title = $8$
question = $9$
population = $10$
owner = $11$
levers = [$12$, $13$]
[framework.own]
title = $14$
levels = [{ id = "first", title = $15$, doc = $16$ }]
groups = [{ id = "all", title = $17$, doc = $18$ }]
[framework.own.element.one]
title = $19$
level = "first"
groups = ["all"]
checks = ["deals-have-amounts", "deals-have-known-channels"]
[framework.own.element.two]
title = $20$
level = "first"
groups = ["all"]
checks = ["somebody-says-so", "somebody-says-so-too", "nobody-says-so"]
[check.deals-have-amounts]
kind = "filled"
title = $21$
dataset = "deals"
column = "amount"
met = 1
question = $22$
why = "Test."
how = "Test."
doc = $23$
remedy = "- Fill it."
effort = 1
owner = $24$
source = $25$
[check.deals-have-known-channels]
kind = "matched"
title = "Known channels"
dataset = "deals"
column = "channel"
in = "channel"
in-column = "id"
met = 1
question = "?"
why = "Test."
how = "Test."
remedy = "- Declare it."
effort = 1
owner = "revops"
source = "Test"
[check.somebody-says-so]
kind = "attested"
title = "Said"
scale = { no = 0, yes = 1 }
valid-for = 120
question = "?"
why = "Test."
how = "Test."
remedy = "- Ask."
effort = 1
owner = "revops"
source = "Test"
[check.somebody-says-so-too]
kind = "attested"
title = "Said too"
scale = { no = 0, yes = 1 }
valid-for = 120
question = "?"
why = "Test."
how = "Test."
remedy = "- Ask."
effort = 1
owner = "revops"
source = "Test"
[check.nobody-says-so]
kind = "attested"
title = "Put off"
scale = { no = 0, yes = 1 }
valid-for = 120
question = "?"
why = "Test."
how = "Test."
remedy = "- Ask."
effort = 1
owner = "revops"
source = "Test"
[answer.one]
check = "somebody-says-so"
grade = "yes"
owner = $26$
date = 2026-04-01
note = $27$
link = $56$
[answer.two]
check = "somebody-says-so-too"
grade = "yes"
owner = "Ada"
date = 2026-04-01
link = $57$
[waiver.one]
check = "nobody-says-so"
reason = $28$
owner = $29$
until = 2026-12-31
"#;

/// Of three sorts of rows, each the same but for its texts, so that their order does not matter.
const DEALS: &str = "Deal ID,Stage,Channel,Owner,Create Date,Close Date,Amount,Account ID
@33@,@30@,@31@,@32@,2026-01-02,2026-03-20,100,@34@
@35@,@30@,@36@,@37@,2026-01-02,2026-03-20,100,@38@
@39@,@30@,@40@,@41@,2026-01-02,2026-03-20,100,@42@
@43@,@44@,@36@,@37@,2026-01-03,,,@38@
@45@,@46@,@40@,@41@,2026-01-03,,,@42@
@47@,Talking,@36@,@37@,2026-01-03,@48@,@49@,@38@
@50@,Talking,@40@,@41@,2026-01-03,@51@,@52@,@42@
";

const ACCOUNTS: &str = "Account ID,Industry\n@34@,@53@\n@38@,@54@\n@42@,@55@\n";

/// How many texts there are; those from here, and the titles of rows, are keys of something.
const TEXTS: usize = 59;
const KEYS_FROM: usize = 30;

const HOSTILE: [&str; 49] = [
    "a | b",
    "\\| c",
    "|---|",
    "| x | y |\n|---|---|",
    "<script>alert(1)</script>",
    "</td></tr></table>",
    "</style><style>",
    "<!-- ",
    "]]>",
    "<![CDATA[",
    "<?php",
    "<img src=x onerror=alert(1)>",
    "\" onclick=\"alert(1)",
    "' onclick='alert(1)",
    "[x](javascript:alert(1))",
    "javascript:alert(1)",
    "![i](https://example.org/i.png)",
    "<https://example.org>",
    "[a]: https://example.org 'b'",
    "[^1]",
    "/a:b",
    "[ ] task",
    "`code`",
    "``` fence",
    "~~~",
    "*bold* **b** ***",
    "_it_ __u__",
    "~~no~~",
    "&lt;b&gt; &#60; &amp",
    "# head",
    "  # head",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "2) item",
    "===",
    "---",
    "> quote",
    "    indented",
    "=1+1",
    "back\\slash\\",
    "{{ x }} {% raw %} {# y #} ${z}",
    "שלום עולם \u{202e}dlrow\u{2066} مرحبا\u{200f}",
    "👩\u{200d}👩\u{200d}👧\u{fe0f} 🏳\u{fe0f}\u{200d}🌈",
    "\u{1}\u{7}\u{1b}[2J\u{7f}\u{9b}x",
    "\u{a0}\u{2028}x\u{2029}\u{3000}\t\u{feff}",
    "\"quoted\" 'twice'",
    "Zalgo\u{335}\u{336}\u{e0001} \u{200b}",
];

/// One text: a hostile one, two of them, one without an end, or letters of markup at random.
fn text() -> impl Strategy<Value = String> {
    let one = || prop::sample::select(&HOSTILE[..]);
    prop_oneof![
        6 => one().prop_map(str::to_owned),
        2 => (one(), one()).prop_map(|(a, b)| format!("{a}{b}")),
        1 => one().prop_map(|text| text.repeat(300 / text.len() + 1)),
        1 => Just("x".repeat(300)),
        3 => "[-|<>`*_~\\\\\\[\\]()!#&;:=+.0-9a \"'{}%]{1,12}",
    ]
}

/// The texts that stand for the numbers: a letter makes sure that none is empty, a number that no two are one.
fn texts(raw: Vec<String>) -> Vec<String> {
    let end = |(at, text): (usize, String)| match at {
        56 => format!("https://example.org/{text}"),
        KEYS_FROM.. | 1..=4 => format!("{text} s{at}"),
        _ if text.chars().any(char::is_alphanumeric) => text,
        _ => format!("{text}x"),
    };
    raw.into_iter().enumerate().map(end).collect()
}

/// Both reports, each in Markdown and HTML, by name.
fn reports(texts: &[String]) -> Vec<(String, String)> {
    let fill = |text: &str| {
        let mut text = text.to_owned();
        for (at, with) in texts.iter().enumerate() {
            let cell = format!("\"{}\"", with.replace('"', "\"\""));
            text = text.replace(&format!("@{at}@"), &cell);
            text = text.replace(&format!("${at}$"), &toml::Value::from(with.as_str()).to_string());
        }
        text.into_bytes()
    };
    let name: String = texts[58].chars().filter(|c| !c.is_control() && *c != '/').collect();
    let deals = format!("deals-{}.csv", name.replace('\\', ""));
    let files = [("milepost.toml", CONFIG), (&deals, DEALS), ("accounts.csv", ACCOUNTS)];
    let files = Files::memory(files.map(|(name, text)| (name, fill(text))));
    let mut loaded = pipeline::load_files(files).expect("memory does not fail");
    let sound = |list: &[milepost::diag::Diagnostic]| {
        let errors: Vec<_> = list.iter().filter(|d| d.is_error()).map(|d| &d.headline).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    };
    sound(&loaded.diagnostics);
    let setup = Setup { period: Some("2026-03".into()), ..Setup::default() };
    let settled = pipeline::settle(&loaded, &setup).expect("memory does not fail");
    let wanted: Vec<_> = loaded.catalog.reports.values().cloned().collect();
    let asks = pipeline::needs(&loaded, &settled, &wanted);
    let run = pipeline::ask_with_rows(&loaded, &settled, asks).expect("memory does not fail");
    sound(&run.diagnostics);
    let made = pipeline::render(&mut loaded, &settled, &run, &wanted);
    sound(&made.diagnostics);
    assert_eq!(made.files.len(), 4);
    made.files.into_iter().map(|(name, text)| (name, String::from_utf8(text).unwrap())).collect()
}

/// What a report is made of besides its words: tags with the names of their attributes, or Markdown's marks.
fn bones(name: &str, text: &str) -> Vec<String> {
    if name.ends_with(".html") { tags(text) } else { marks(text) }
}

/// Each tag as a browser reads it, with the names of its attributes; a link's scheme belongs to it.
fn tags(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let begins = |c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?');
        if !rest.starts_with(begins) {
            continue;
        }
        let (tag, behind) = tag(rest);
        // What a browser reads as text up to the closing tag.
        let raw = ["style", "script", "title"].into_iter().find(|name| tag.starts_with(name));
        rest = raw.map_or(behind, |raw| &behind[behind.find(&format!("</{raw}")).unwrap_or(0)..]);
        found.push(tag);
        // A chart breaks a long title into lines; how many is no matter.
        if let [.., a, b, c, d] = &found[..]
            && (a, b) == (c, d)
            && a.starts_with("text ")
        {
            found.truncate(found.len() - 2);
        }
    }
    found
}

/// The tag that begins here, and what is behind it.
fn tag(text: &str) -> (String, &str) {
    let mut tag: String = String::new();
    let mut quote = None;
    let mut value = String::new();
    for (at, c) in text.char_indices() {
        match quote {
            Some(mark) if c == mark => {
                if tag.ends_with("href=") {
                    tag.push_str(scheme(&value));
                }
                (quote, value) = (None, String::new());
            }
            Some(_) => value.push(c),
            None if c == '>' => return (tag, &text[at + 1..]),
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None => tag.push(c),
        }
    }
    (format!("{tag} without an end"), "")
}

fn scheme(url: &str) -> &str {
    let known = ["#", "http:", "https:", "mailto:"].into_iter().find(|s| url.starts_with(s));
    known.unwrap_or("(a foreign scheme)")
}

/// The blocks and spans of a Markdown text, by kind.
fn marks(text: &str) -> Vec<String> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    let kind = |event: Event<'_>| match event {
        Event::Text(_) | Event::SoftBreak => None,
        Event::Code(_) => Some("code".to_owned()),
        Event::Start(Tag::Link { dest_url, .. }) => Some(format!("link {}", scheme(&dest_url))),
        Event::Start(Tag::CodeBlock(_)) => Some("code block".to_owned()),
        other => Some(format!("{other:?}")),
    };
    Parser::new_ext(text, options).filter_map(kind).collect()
}

/// Where two lists part, with what stands around.
fn parts(plain: &[String], hostile: &[String]) -> Option<String> {
    if plain == hostile {
        return None;
    }
    let at = plain.iter().zip(hostile).take_while(|(a, b)| a == b).count();
    let around = |list: &[String]| list[at.saturating_sub(4)..(at + 4).min(list.len())].join(", ");
    Some(format!("after {at}: {}\ninstead of {}", around(hostile), around(plain)))
}

/// What is wrong with the reports of some texts.
fn mistakes(hostile: &[(String, String)]) -> Vec<String> {
    static PLAIN: OnceLock<Vec<Vec<String>>> = OnceLock::new();
    let plain = PLAIN.get_or_init(|| {
        let plain = texts(vec!["plain".to_owned(); TEXTS]);
        reports(&plain).iter().map(|(name, text)| bones(name, text)).collect()
    });
    let mut found = Vec::new();
    for ((name, text), plain) in hostile.iter().zip(plain) {
        let bones = bones(name, text);
        found.extend(parts(plain, &bones).map(|why| format!("{name} {why}")));
        if bones.iter().any(|tag| tag.contains("foreign") || tag.starts_with("script")) {
            found.push(format!("{name} has a script or a foreign link"));
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn texts_stay_texts(raw in prop::collection::vec(text(), TEXTS)) {
        let texts = texts(raw);
        let made = reports(&texts);
        prop_assert!(made == reports(&texts), "two runs differ");
        let found = mistakes(&made);
        prop_assert!(found.is_empty(), "\n{}\n", found.join("\n"));
    }
}

#[test]
fn each_hostile_text_stays_one_wherever_it_stands() {
    for hostile in HOSTILE {
        let found = mistakes(&reports(&texts(vec![hostile.to_owned(); TEXTS])));
        assert!(found.is_empty(), "{hostile:?}\n{}\n", found.join("\n"));
    }
}

/// A report need not show these: stages that nothing is in, roles, plans' titles, comments, docs; spellings and keys that nothing is wrong with.
const QUIET: [usize; 14] = [1, 5, 6, 7, 18, 23, 30, 31, 32, 33, 34, 38, 42, 50];

#[test]
fn the_texts_are_shown() {
    let texts: Vec<String> = (0..TEXTS).map(|at| format!("text{at}q")).collect();
    let shown: String = reports(&texts).into_iter().map(|(_, text)| text).collect();
    let hidden = (0..TEXTS).filter(|at| !QUIET.contains(at) && !shown.contains(&texts[*at]));
    assert_eq!(hidden.collect::<Vec<_>>(), Vec::<usize>::new());
}

#[test]
fn markup_can_be_seen() {
    assert_eq!(tags("<p class=\"a>b\">x < y</p>"), ["p class=", "/p"]);
    assert_eq!(tags("<a href='#x'>"), ["a href=#"]);
    assert!(tags("<a href=\"javascript:x\">")[0].contains("foreign"));
    assert_ne!(marks("a *b*"), marks("a \\*b\\*"));
}
