//! Amounts in another currency withhold what holds them, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::run::milepost;
use crate::small;

const DEALS: &str = "Id,Stage,Created,Closed,Amount,Currency,channel
1,Won,2026-01-02,2026-01-10,100,EUR,a
2,Won,2026-01-02,2026-01-11,50,eur,b
3,Won,2026-01-02,2026-01-12,8,,a
4,Won,2026-02-02,2026-02-10,20,EUR,a
5,Won,2026-02-02,2026-02-11,30,EUR,b
6,Talking,2026-02-02,,70,EUR,b
";

/// By metric, period and channel: status, value and numerator.
type Said = BTreeMap<(String, String, String), (String, Value)>;

fn said(deals: &str, more: &[&str]) -> Said {
    let folder = small::project("[channel.a]\n[channel.b]\n", &[("deals.csv", deals)]);
    let words = ["metrics", "--format", "json", "--as-of", "2026-02-28", "--by", "channel"];
    let mut all = Said::new();
    for period in [&["--period", "all"][..], &["--grain", "month", "--last", "2"]] {
        let output = milepost(folder.path(), words.iter().chain(period).chain(more).copied());
        let found: Value = serde_json::from_str(&output.ok()).unwrap();
        for m in found["metrics"].as_array().unwrap() {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let key = (text(&m["id"]), text(&m["period"]["label"]), text(&m["slice"]["channel"]));
            all.insert(key, (text(&m["status"]), m["value"].clone()));
        }
    }
    all
}

fn of<'a>(said: &'a Said, id: &str, period: &str, channel: &str) -> &'a (String, Value) {
    &said[&(id.to_owned(), period.to_owned(), channel.to_owned())]
}

#[test]
fn a_foreign_amount_withholds_just_what_holds_it() {
    let (plain, other) = (said(DEALS, &[]), said(&DEALS.replace("30,EUR", "30,USD"), &[]));
    assert_eq!(plain.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    let differs = |id: &str| -> BTreeSet<(&str, &str)> {
        let mine = other.iter().filter(|(key, found)| key.0 == id && plain[*key] != **found);
        mine.map(|((_, period, channel), _)| (period.as_str(), channel.as_str())).collect()
    };
    let holding = BTreeSet::from([("all", ""), ("all", "b"), ("2026-02", ""), ("2026-02", "b")]);
    let of_won = ["won_amount", "average_sale_price"];
    for id in of_won {
        assert_eq!(differs(id), holding, "{id}");
        for (period, channel) in &holding {
            let found = of(&other, id, period, channel);
            assert_eq!((found.0.as_str(), &found.1), ("not-computable", &Value::Null), "{id}");
        }
    }
    for id in
        ["won_deals", "flow", "open_deals", "open_pipeline", "pipeline_at_end", "time_to_close"]
    {
        assert_eq!(differs(id), BTreeSet::new(), "{id}");
    }
    // February's month to date and year hold the row too; January's do not.
    for id in ["won_amount_year_to_date", "won_amount_last_12_months"] {
        assert_eq!(differs(id), BTreeSet::from([("2026-02", ""), ("2026-02", "b")]), "{id}");
    }
    assert_eq!(differs("fact_bridge"), BTreeSet::from([("2026-02", ""), ("2026-02", "b")]));
}

#[test]
fn a_condition_on_the_currency_gets_the_value_back() {
    let deals = DEALS.replace("30,EUR", "30,USD");
    let found = said(&deals, &["--where", "currency = 'EUR'"]);
    // What is spelt otherwise or blank is not asked for.
    assert_eq!(of(&found, "won_amount", "all", ""), &("ok".to_owned(), 120.0.into()));
    let found = said(&deals, &["--where", "coalesce(currency, 'EUR') <> 'USD'"]);
    assert_eq!(of(&found, "won_amount", "all", ""), &("ok".to_owned(), 178.0.into()));
    assert_eq!(of(&found, "won_amount", "2026-02", "a"), &("ok".to_owned(), 20.0.into()));
}

#[test]
fn a_blank_currency_is_the_projects_own() {
    let found = said(DEALS, &[]);
    assert_eq!(of(&found, "won_amount", "2026-01", "a"), &("ok".to_owned(), 108.0.into()));
    assert_eq!(of(&found, "won_amount", "2026-01", ""), &("ok".to_owned(), 158.0.into()));
    let blank = said(&DEALS.replace(",EUR,", ",,").replace(",eur,", ",,"), &[]);
    assert_eq!(blank, found);
}

#[test]
fn an_amount_with_another_currencys_sign_is_no_amount() {
    let plain = said(DEALS, &[]);
    let own = said(&DEALS.replace(",100,EUR", ",€100,EUR"), &[]);
    assert_eq!(own, plain);
    let signed = said(&DEALS.replace(",30,EUR", ",$30,EUR"), &[]);
    // Half of February's won deals have no amount.
    let found = of(&signed, "won_amount", "2026-02", "");
    assert_eq!((found.0.as_str(), &found.1), ("not-computable", &Value::Null));
    assert_eq!(of(&signed, "won_amount", "2026-02", "a"), &("ok".to_owned(), 20.0.into()));
    assert_eq!(of(&signed, "won_amount", "2026-01", ""), of(&plain, "won_amount", "2026-01", ""));
    // The row of a won deal in dollars is not read as so many euros with a sign of its own either.
    let both = said(&DEALS.replace(",30,EUR", ",$30,USD"), &[]);
    assert_eq!(of(&both, "won_amount", "2026-02", "").0, "not-computable");
}

#[test]
fn an_amount_that_is_looked_up_in_another_currency_is_not_left_out_in_silence() {
    let more = "[channel.a]\n[channel.b]\n[feed.books]\ndataset = \"costs\"\nfile = \"costs.csv\"\n\
        [metric.amount_of_costs]\nkind = \"total\"\ntitle = \"Amounts\"\nunit = \"money\"\n\
        dataset = \"costs\"\npopulation = \"costs\"\nvalue = \"sum(deal.amount)\"\nquestion = \"q\"\nwhy = \"w\"\n";
    let costs = "Date,Amount,Deal ID\n2026-01-01,1,1\n2026-01-02,1,5\n";
    for (deals, status) in
        [(DEALS.to_owned(), "ok"), (DEALS.replace("30,EUR", "30,USD"), "not-computable")]
    {
        for rates in ["", "[rate.usd]\ncurrency = \"USD\"\nfrom = 2026-01-01\nrate = 0.5\n"] {
            let config = format!("{more}{rates}");
            let folder = small::project(&config, &[("deals.csv", &deals), ("costs.csv", costs)]);
            let words =
                ["metrics", "--metric", "amount_of_costs", "--period", "all", "--format", "json"];
            let found: Value = serde_json::from_str(&milepost(folder.path(), words).ok()).unwrap();
            assert_eq!(found["metrics"][0]["status"], status, "{found}");
        }
    }
}

#[test]
fn what_is_sliced_or_matched_by_such_an_amount_is_withheld() {
    let more = "[channel.a]\n[channel.b]\n[feed.books]\ndataset = \"costs\"\nfile = \"costs.csv\"\n\
        [dimension.size]\ntitle = \"Size\"\ndeals = \"case when amount > 40 then 'large' else 'small' end\"\n\
        [check.costs-are-of-large-deals]\nkind = \"matched\"\ntitle = \"Large\"\ndataset = \"costs\"\n\
        column = \"deal\"\nin = \"deals\"\nin-column = \"deal_id\"\nin-where = \"amount > 40\"\nmet = 1\n\
        question = \"q\"\nwhy = \"w\"\nhow = \"h\"\nremedy = \"r\"\n";
    let costs = "Date,Amount,Deal ID\n2026-01-01,1,1\n2026-01-02,1,5\n";
    for (deals, slice, outcome) in [
        (DEALS.to_owned(), "ok", "partly-met"),
        (DEALS.replace("30,EUR", "30,USD"), "not-computable", "unknown"),
    ] {
        let folder = small::project(more, &[("deals.csv", &deals), ("costs.csv", costs)]);
        let words = [
            "metrics",
            "--metric",
            "won_deals",
            "--by",
            "size",
            "--period",
            "all",
            "--format",
            "json",
        ];
        let found: Value = serde_json::from_str(&milepost(folder.path(), words).ok()).unwrap();
        let sliced = found["metrics"].as_array().unwrap();
        let sliced: Vec<&Value> = sliced.iter().filter(|m| m["slice"]["size"] == "large").collect();
        assert_eq!(sliced[0]["status"], slice, "{found}");
        let output = milepost(folder.path(), ["check", "--format", "json"]);
        let found: Value = serde_json::from_str(&output.stdout).unwrap();
        let checks = found["checks"].as_array().unwrap();
        let check = checks.iter().find(|c| c["id"] == "costs-are-of-large-deals").unwrap();
        assert_eq!(check["outcome"], outcome, "{check}");
    }
}
