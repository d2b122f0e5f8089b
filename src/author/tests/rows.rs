//! Which records are rows, and the rules for those that are none; what is made of rows and columns.

use super::super::contract;
use super::super::wide::Shape;
use super::text;

/// The contract's line of a kind, as init writes it where it is active.
fn line(bytes: &str, key: &str) -> (u64, String) {
    let seen = text(bytes);
    let table = &seen.tables[0];
    let lines = contract::lines(seen.look.as_ref().unwrap(), table);
    let line = lines.into_iter().find(|line| line.text.starts_with(key));
    let mark =
        |line: contract::Line| if line.asks() { format!("? {}", line.text) } else { line.text };
    (table.table.rows, line.map(mark).unwrap_or_default())
}

const DEALS: &str = "Deal Name,Deal ID,Owner,Stage,Close Date,Amount\nAlpha,D1,Ada,Won,2026-02-01,100\n\
    Beta,D2,Ada,Won,2026-02-02,200\n";

#[test]
fn no_rule_is_wider_than_the_record_that_it_is_made_from() {
    let blank =
        format!("{DEALS},D3,Bo,Won,2026-02-03,400\nDelta,D4,Bo,Won,2026-02-04,800\n,,,,,1500\n");
    let by_id = (4, "skip = [{ column = \"Deal ID\", blank = true }]".to_owned());
    assert_eq!(line(&blank, "skip"), by_id);
    let below = format!("{blank}Confidential - Do Not Distribute,,,,,\n");
    assert_eq!(line(&below, "skip"), by_id);
    let ends = "ends = [{ column = \"Deal Name\", is = [\"Confidential - Do Not Distribute\"] }]";
    assert_eq!(line(&below, "ends").1, ends);

    let called = format!("{DEALS}Total,D3,Bo,Won,2026-02-03,400\nTotal,,,,,700\n");
    assert_eq!(line(&called, "skip"), (3, by_id.1));
    for (total, count) in
        [("Total", "Avg,150"), ("Sous-total", "Nombre,2"), ("Subtotal", "Count,2")]
    {
        let count_of = |one: &str| {
            format!(
                "{total},,,,,{one}\n,,,,{}\n",
                count.replace("150", &one.replace("300", "150").replace("1200", "600"))
            )
        };
        let groups = format!(
            "{DEALS}{}C,D3,Bo,Won,2026-02-03,400\nD,D4,Bo,Won,2026-02-04,800\n{}",
            count_of("300"),
            count_of("1200")
        );
        let word = count.split(',').next().unwrap();
        let rules = format!(
            "skip = [{{ column = \"Deal Name\", is = [\"{total}\"] }}, {{ column = \"Close Date\", is = [\"{word}\"] }}]"
        );
        assert_eq!(line(&groups, "skip"), (4, rules));
        assert_eq!(line(&groups, "ends").1, "");
    }
}

#[test]
fn where_no_test_of_a_cell_tells_a_record_from_rows_it_is_asked() {
    let of =
        "Region,Rep,Sum,Paid\nNord,ada,1,2\nOst,bo,2,3\nTotal,cy,8,1\nSüd,,4,5\nTotal,,15,11\n";
    let (rows, asked) = line(of, "skip");
    assert_eq!(rows, 4);
    assert!(asked.starts_with("? skip = [{ column = "), "{asked}");
    assert_eq!(line(of, "ends").1, "");
}

#[test]
fn a_word_for_a_total_needs_the_sum_unless_nothing_else_is_said() {
    let rows = |text: &str| line(text, "skip");
    let costs = "Date,Vendor,Campaign,Amount\n2026-01-05,Google,C1,100.10\n2026-01-06,Google,C2,200.20\n\
        2026-01-31,Month total,,300.30\n2026-02-05,Meta,C3,400.40\n2026-02-28,Month total,,400.40\n";
    assert_eq!(
        rows(costs),
        (3, "skip = [{ column = \"Vendor\", like = [\"* total\"] }]".to_owned())
    );
    assert_eq!(
        rows(&costs.replace("total,,400.40", "total,,400.41")).0,
        4,
        "no sum, so it is a row"
    );
    for label in ["Closed Won Total", "Nord Ergebnis", "Google totaal"] {
        assert_eq!(rows(&format!("{DEALS}{label},,,,,300\n")).0, 2, "{label}");
    }
    assert_eq!(rows(&format!("{DEALS}Won Total,,,,,300\nWon Count,,,,,2\n")).0, 2);
    assert_eq!(rows(&format!("{DEALS}Won Count,,,,,7\n")).0, 3);
    assert_eq!(rows("Vendor,Amount\nAcme,500\nTotal Wine,250\nBeta,100\n"), (3, String::new()));
}

#[test]
fn blanks_are_filled_only_where_a_column_surely_groups_rows() {
    let ask = |text: &str| line(text, "fill-down").1;
    let sparse = "Date,Vendor,Campaign,Amount\n2026-01-05,Google,Spring sale,100\n2026-01-06,HubSpot,,200\n\
        2026-01-20,Meta,Retargeting,300\n2026-02-05,Rent,,400\n2026-02-06,Water,,50\n";
    assert!(!ask(sparse).starts_with("fill"), "{}", ask(sparse));
    let every = |filled: &[usize], rows: usize, name: &str| {
        let cell = |at| if filled.contains(&at) { format!("{name} {at}") } else { String::new() };
        (0..rows).map(|at| format!("{},x{at},{}\n", cell(at), 10 + at)).collect::<String>()
    };
    let few = format!("Lead Source,Deal,Amount\n{}", every(&[0, 12, 24, 36, 48], 60, "s"));
    assert_eq!(ask(&few), "? fill-down = [\"Lead Source\"]");
    let steps =
        format!("Next Step,Deal,Amount\n{}", every(&[0, 1, 2, 4, 5, 7, 9, 11, 13], 15, "s"));
    assert_eq!(ask(&steps), "? fill-down = [\"Next Step\"]");
    let ids = format!("Deal ID,Item,Amount\n{}", every(&[0, 3, 6], 9, "D"));
    assert_eq!(ask(&ids), "? fill-down = [\"Deal ID\"]");
    let groups = format!("Region,Rep,Amount\n{}", every(&[0, 3, 6], 9, "R"));
    assert_eq!(
        ask(&groups.replace("R 0", "Nord").replace("R 3", "Ost").replace("R 6", "West")),
        "fill-down = [\"Region\"]"
    );
}

#[test]
fn only_the_shortest_periods_become_rows_and_their_sums_stay_out() {
    let names = |text: &str| -> (Vec<String>, Vec<String>) {
        let seen = text_of(text);
        let (table, shape) = &seen;
        let of = |at: &[usize]| at.iter().map(|at| table[*at].clone()).collect();
        (of(&shape.columns), of(&shape.sums))
    };
    assert_eq!(
        names("Vendor,2026-01,2026-02,2026-03,2026-Q1,2026\nG,1.5,2,3,6.5,6.5\nM,1,2,3,6,6\n"),
        (
            vec!["2026-01".into(), "2026-02".into(), "2026-03".into()],
            vec!["2026-Q1".into(), "2026".into()]
        )
    );
    assert_eq!(
        names("Vendor,Seats,Jan,Feb,Mar,Q1,All,FY\nG,7,1.5,2,3,6.5,6.5,99\nM,9,1,2,3,6,6,99\n"),
        (
            vec!["Jan".into(), "Feb".into(), "Mar".into()],
            vec!["Q1".into(), "All".into(), "FY".into()]
        )
    );
}

fn text_of(bytes: &str) -> (Vec<String>, Shape) {
    let mut table = text(bytes).tables.remove(0);
    (table.names, table.shapes.remove(0))
}
