//! A random project: its files, its queries, and the values that are one in both.

use std::collections::BTreeMap;

use super::form::{Form, Ty};
use super::metrics::{Metric, TIMES, metrics};
use super::random::Random;
use super::rows::Rows;
use super::tables::{self, Column, Table, table};

/// What a value is of: metric, period and the members of both dimensions; a dimension that is not sliced by is blank.
pub type Key = (String, String, String, String);

/// Rows that a dimension has no member for.
const UNSET: &str = "(unset)";

/// The period of no rows.
pub const EMPTY: &str = "(none)";

/// The flags of a run, the buckets as DuckDB labels them, and their first day.
pub const GRAINS: [(&str, &str, &str); 4] = [
    ("--period all", "'all'", "date '0001-01-01'"),
    ("--grain month --last 4", "strftime({t}, '%Y-%m')", "date '2026-09-01'"),
    ("--grain quarter --last 3", "year({t}) || '-Q' || quarter({t})", "date '2026-04-01'"),
    ("--grain year --last 2", "cast(year({t}) as varchar)", "date '2025-01-01'"),
];

pub struct Project {
    pub seed: u64,
    /// More of the table `project`.
    pub calendar: &'static str,
    tables: Vec<(&'static str, Table)>,
    dimensions: Vec<(&'static str, Form)>,
    pub metrics: Vec<Metric>,
}

/// The project of a seed.
pub fn project(seed: u64, rules: usize) -> Project {
    let random = &mut Random::new(seed);
    let project = without_rules(random, seed);
    let metrics = metrics(random, rules);
    Project { metrics, ..project }
}

/// Tables and dimensions.
pub fn without_rules(random: &mut Random, seed: u64) -> Project {
    let rows = random.pick(&[0, 1, 2, 7, 15, 30, 45, 60]);
    let tables = vec![
        ("deals", table(random, tables::DEALS, rows, 'd')),
        ("partners", table(random, tables::PARTNERS, 6, 'p')),
        ("zones", table(random, tables::ZONES, 4, 'z')),
    ];
    let plain = Form::atom(Ty::Text, "cat".into(), "\"cat\"".into());
    let dimensions = vec![("cat", plain), ("band", band(random))];
    Project { seed, calendar: "", tables, dimensions, metrics: Vec::new() }
}

/// A text to slice by.
fn band(random: &mut Random) -> Form {
    let mut rows = Rows { random };
    loop {
        let ty = rows.any();
        let form = if ty == Ty::Text { rows.expr(ty, 2) } else { rows.text_of(ty, 2) };
        // A member of no characters could not be told from none.
        if !form.ours.contains("trim") && !form.ours.contains("substr") {
            return form;
        }
    }
}

impl Project {
    pub fn write(&self, folder: &std::path::Path) {
        std::fs::write(folder.join("milepost.toml"), self.toml()).unwrap();
        for (name, table) in &self.tables {
            std::fs::write(folder.join(format!("{name}.csv")), table.csv()).unwrap();
        }
    }

    fn toml(&self) -> String {
        let mut text = "[project]\nname = \"Difference\"\ncurrency = \"EUR\"\npacks = []\n\
                        as-of = 2026-12-31\n"
            .to_owned()
            + self.calendar;
        for (name, table) in &self.tables {
            text += &format!("[dataset.{name}]\ntitle = \"{name}\"\n[dataset.{name}.columns]\n");
            text.extend(table.columns.iter().map(declared));
            text += &format!(
                "[feed.{name}]\ndataset = \"{name}\"\nfile = \"{name}.csv\"\n\
                 decimal = \".\"\n"
            );
        }
        for (id, form) in &self.dimensions {
            text += &format!("[dimension.{id}]\ntitle = \"{id}\"\ndeals = '''{}'''\n", form.ours);
        }
        text.extend(self.metrics.iter().map(|m| m.toml.clone()));
        text
    }

    /// Statements that make the tables; the rows of `deals` have their look-ups beside them.
    pub fn setup(&self) -> String {
        let mut text: String = self.tables.iter().map(|(name, table)| table.sql(name)).collect();
        let beside = |path: &str, table: &str, columns: &[Column]| -> String {
            let one = |(name, _): &Column| format!(", {table}.\"{name}\" as \"{path}.{name}\"");
            columns.iter().map(one).collect()
        };
        text += &format!(
            "create table wide as select deals.*{}{} from deals left join partners on deals.link = \
             partners.code left join zones on partners.zone = zones.code;\n",
            beside("link", "partners", tables::PARTNERS),
            beside("link.zone", "zones", tables::ZONES),
        );
        let members = self.dimensions.iter();
        let members = members.map(|(id, form)| format!(", {} as \"by {id}\"", form.sql));
        text + &format!(
            "create table facts as select *{} from wide;\n",
            members.collect::<String>()
        )
    }

    /// A query for every time: its rows stand in all of their periods, and beside them a row that does not count.
    pub fn queries(&self) -> Vec<String> {
        let one = |time: &Option<&str>| {
            let placed = GRAINS.iter().map(|(_, label, from)| match time {
                Some(t) => format!(
                    "select *, true as live, {} as bucket from facts \
                     where {t} between {from} and date '2026-12-31' union all ",
                    label.replace("{t}", t)
                ),
                None if *label == "'all'" => {
                    "select *, true as live, '' as bucket from facts union all ".to_owned()
                }
                None => String::new(),
            });
            let (placed, values) = (placed.collect::<String>(), self.values(*time));
            format!(
                "with placed as ({placed} select facts.*, false as live, '{EMPTY}' as bucket \
                 from (select 1) as one left join facts on false) \
                 select bucket, grouping_id(\"by cat\", \"by band\"), \"by cat\", \"by band\"{values} \
                 from placed group by grouping sets ((bucket), (bucket, \"by cat\"), \
                 (bucket, \"by band\"), (bucket, \"by cat\", \"by band\"))"
            )
        };
        TIMES.iter().map(one).collect()
    }

    fn values(&self, time: Option<&str>) -> String {
        let of = |m: &&Metric| m.time == time;
        let one = |m: &Metric| format!(", {}, {}", m.value.sql, m.n.as_deref().unwrap_or("null"));
        self.metrics.iter().filter(of).map(one).collect()
    }

    /// The answers of the queries.
    pub fn answers(&self, answers: &[Vec<Vec<Option<String>>>]) -> Expected {
        let mut expected = Expected::default();
        for (time, rows) in TIMES.iter().zip(answers) {
            let metrics: Vec<&Metric> = self.metrics.iter().filter(|m| m.time == *time).collect();
            for row in rows {
                let (bucket, by) = (row[0].clone().unwrap(), members(row));
                for (metric, value) in metrics.iter().zip(row[4..].chunks(2)) {
                    let (id, answer) = (metric.id.clone(), (value[0].clone(), value[1].clone()));
                    if bucket == EMPTY {
                        expected.empty.insert(id, answer);
                    } else {
                        let key = (id, bucket.clone(), by.0.clone(), by.1.clone());
                        expected.values.insert(key, answer);
                    }
                }
            }
        }
        expected
    }

    /// Whether counts of usable rows are one in both: a row whose filter cannot be known is not usable.
    pub fn counts_rows(&self) -> bool {
        self.tables.iter().all(|(_, table)| !table.broken)
    }

    /// All that a failure needs to be understood: the rule in both languages.
    pub fn shown(&self, id: &str) -> String {
        let metric = self.metrics.iter().find(|m| m.id == id).unwrap();
        let setup = self.setup();
        format!("{}\n{}\n{}\n", metric.toml, metric.value.sql, setup)
    }
}

/// A value and the count of its usable rows, as texts.
pub type Answer = (Option<String>, Option<String>);

#[derive(Debug, Default)]
pub struct Expected {
    pub values: BTreeMap<Key, Answer>,
    pub empty: BTreeMap<String, Answer>,
}

/// The members of a row of a query; bits say which dimension was not grouped by.
pub fn members(row: &[Option<String>]) -> (String, String) {
    let bits: u32 = row[1].as_ref().unwrap().parse().unwrap();
    let one = |at: usize, bit: u32| match bits & bit {
        0 => row[at].clone().unwrap_or_else(|| UNSET.to_owned()),
        _ => String::new(),
    };
    (one(2, 2), one(3, 1))
}

fn declared((name, ty): &Column) -> String {
    let word = match ty {
        Ty::Int => "integer",
        Ty::Num => "number",
        Ty::Money => "money",
        Ty::Text => "text",
        Ty::Date => "date",
        Ty::Moment => "datetime",
        Ty::Bool => "boolean",
    };
    let more = match *name {
        "code" => ", key = true",
        "link" => ", references = \"partners.code\"",
        "zone" => ", references = \"zones.code\"",
        _ => "",
    };
    format!("{name} = {{ type = \"{word}\"{more} }}\n")
}
