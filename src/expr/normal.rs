//! The normal form: a node as SQL text that reads back to the same node.

use crate::domain::{Grain, Type, Value};
use crate::rel::{Aggregate, Arena, DatePart, ExprId, Node, Op};

use super::words::{PARTS, UNITS};

/// How tightly a form binds; a part that binds less tightly than its place needs parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bind {
    Or,
    And,
    Not,
    Test,
    Sum,
    Product,
    Sign,
    Atom,
}

/// Names that SQL reads as something else, so that they stand in double quotes.
const RESERVED: &[&str] = &[
    "all",
    "and",
    "any",
    "array",
    "at",
    "between",
    "case",
    "cast",
    "ceil",
    "collate",
    "convert",
    "current_date",
    "current_time",
    "current_timestamp",
    "distinct",
    "div",
    "else",
    "end",
    "escape",
    "exists",
    "extract",
    "false",
    "filter",
    "floor",
    "from",
    "in",
    "interval",
    "is",
    "like",
    "localtime",
    "localtimestamp",
    "match",
    "member",
    "not",
    "null",
    "operator",
    "or",
    "over",
    "overlaps",
    "overlay",
    "position",
    "safe_cast",
    "select",
    "similar",
    "some",
    "struct",
    "substr",
    "substring",
    "then",
    "trim",
    "true",
    "try_cast",
    "unnest",
    "values",
    "when",
    "where",
    "with",
    "within",
    "xor",
];

/// An expression as SQL, in one form for all ways to write it.
pub fn to_text(arena: &Arena, id: ExprId) -> String {
    let mut out = String::new();
    write(arena, id, Bind::Or, &mut out);
    out
}

fn write(arena: &Arena, id: ExprId, least: Bind, out: &mut String) {
    let node = arena.get(id);
    let open = bind(arena, node) < least;
    if open {
        out.push('(');
    }
    form(arena, node, out);
    if open {
        out.push(')');
    }
}

fn bind(arena: &Arena, node: &Node) -> Bind {
    match &node.op {
        Op::Or => Bind::Or,
        Op::And => Bind::And,
        Op::Not if negated_test(arena, node).is_some() => Bind::Test,
        Op::Not => Bind::Not,
        Op::IsNull | Op::In | Op::Like(_) => Bind::Test,
        Op::Add | Op::Subtract => Bind::Sum,
        Op::Multiply | Op::Divide => Bind::Product,
        Op::Negate => Bind::Sign,
        Op::Literal(Value::Number(number)) if number.is_negative() => Bind::Sign,
        op if comparison(op).is_some() => Bind::Test,
        _ => Bind::Atom,
    }
}

/// The test under a `not` that has a form of its own: `is not null`, `not in`, `not like`.
fn negated_test<'a>(arena: &'a Arena, node: &Node) -> Option<&'a Node> {
    let inner = arena.get(*node.args.first()?);
    matches!(inner.op, Op::IsNull | Op::In | Op::Like(_)).then_some(inner)
}

fn comparison(op: &Op) -> Option<&'static str> {
    Some(match op {
        Op::Equal => "=",
        Op::NotEqual => "<>",
        Op::Less => "<",
        Op::LessOrEqual => "<=",
        Op::Greater => ">",
        Op::GreaterOrEqual => ">=",
        _ => return None,
    })
}

fn part_word(wanted: DatePart) -> &'static str {
    PARTS.iter().find(|(_, part)| *part == wanted).map_or("", |(word, _)| word)
}

fn form(arena: &Arena, node: &Node, out: &mut String) {
    let part = |n: usize, least: Bind, out: &mut String| {
        if let Some(id) = node.args.get(n) {
            write(arena, *id, least, out);
        }
    };
    let mut infix = |sign: &str, left: Bind, right: Bind| {
        part(0, left, out);
        out.push_str(&format!(" {sign} "));
        part(1, right, out);
    };
    match &node.op {
        Op::Add => infix("+", Bind::Sum, Bind::Product),
        Op::Subtract => infix("-", Bind::Sum, Bind::Product),
        Op::Multiply => infix("*", Bind::Product, Bind::Sign),
        Op::Divide => infix("/", Bind::Product, Bind::Sign),
        Op::Literal(value) => out.push_str(&literal(value)),
        Op::Column(path) => {
            let steps: Vec<String> = path.steps.iter().map(|s| name(s.as_str())).collect();
            out.push_str(&steps.join("."));
        }
        Op::Metric(id) => out.push_str(&name(id.as_str())),
        Op::Negate => {
            out.push('-');
            part(0, Bind::Atom, out);
        }
        Op::And | Op::Or => {
            let (word, least) =
                if node.op == Op::And { (" and ", Bind::Not) } else { (" or ", Bind::And) };
            for n in 0..node.args.len() {
                out.push_str(if n == 0 { "" } else { word });
                part(n, least, out);
            }
        }
        Op::Not => match negated_test(arena, node) {
            Some(inner) => test(arena, inner, "not ", out),
            None => {
                out.push_str("not ");
                part(0, Bind::Not, out);
            }
        },
        Op::IsNull | Op::In | Op::Like(_) => test(arena, node, "", out),
        Op::Case => case(arena, node, out),
        Op::Cast(ty) => {
            out.push_str("cast(");
            part(0, Bind::Or, out);
            out.push_str(&format!(" as {})", type_word(*ty)));
        }
        Op::Extract(wanted) => {
            out.push_str(&format!("extract({} from ", part_word(*wanted)));
            part(0, Bind::Or, out);
            out.push(')');
        }
        Op::Aggregate { function, filter } => aggregate(arena, node, function, *filter, out),
        op => match comparison(op) {
            Some(sign) => infix(sign, Bind::Sum, Bind::Sum),
            None => call(arena, node, out),
        },
    }
}

/// `is null`, `in`, `like`, each with an optional `not` inside.
fn test(arena: &Arena, node: &Node, not: &str, out: &mut String) {
    let Some((first, rest)) = node.args.split_first() else { return };
    write(arena, *first, Bind::Sum, out);
    match &node.op {
        Op::IsNull => out.push_str(&format!(" is {not}null")),
        Op::Like(pattern) => out.push_str(&format!(" {not}like {}", quoted(pattern))),
        _ => {
            out.push_str(&format!(" {not}in ("));
            list(arena, rest, out);
            out.push(')');
        }
    }
}

fn case(arena: &Arena, node: &Node, out: &mut String) {
    out.push_str("case");
    let mut branches = node.args.chunks_exact(2);
    for branch in branches.by_ref() {
        out.push_str(" when ");
        write(arena, branch[0], Bind::Or, out);
        out.push_str(" then ");
        write(arena, branch[1], Bind::Or, out);
    }
    if let [otherwise] = branches.remainder() {
        out.push_str(" else ");
        write(arena, *otherwise, Bind::Or, out);
    }
    out.push_str(" end");
}

fn list(arena: &Arena, ids: &[ExprId], out: &mut String) {
    for (n, id) in ids.iter().enumerate() {
        out.push_str(if n == 0 { "" } else { ", " });
        write(arena, *id, Bind::Or, out);
    }
}

/// Functions; the names that only the machine makes cannot be read back.
fn call(arena: &Arena, node: &Node, out: &mut String) {
    let head = match &node.op {
        Op::Coalesce => "coalesce(".to_owned(),
        Op::NullIf => "nullif(".to_owned(),
        Op::Abs => "abs(".to_owned(),
        Op::Round => "round(".to_owned(),
        Op::Greatest => "greatest(".to_owned(),
        Op::Least => "least(".to_owned(),
        Op::Lower => "lower(".to_owned(),
        Op::Upper => "upper(".to_owned(),
        Op::Trim => "trim(".to_owned(),
        Op::Length => "length(".to_owned(),
        Op::Substr => "substr(".to_owned(),
        Op::DateTrunc(grain) => format!("date_trunc('{}', ", Grain::word(*grain)),
        Op::DateDiff(wanted) => {
            let word = UNITS.iter().find(|(_, u)| u == wanted).map_or("", |(word, _)| word);
            format!("date_diff('{word}', ")
        }
        Op::Elapsed(_) => "elapsed(".to_owned(),
        Op::Leaf(n) => format!("#leaf({n}"),
        Op::InKeys(n) => format!("#in_keys({n}, "),
        Op::AsOf => "#as_of(".to_owned(),
        Op::PeriodFrom => "#period_from(".to_owned(),
        Op::PeriodTo => "#period_to(".to_owned(),
        other => format!("#{other:?}("),
    };
    out.push_str(&head);
    list(arena, &node.args, out);
    out.push(')');
}

fn aggregate(
    arena: &Arena,
    node: &Node,
    function: &Aggregate,
    filter: Option<ExprId>,
    out: &mut String,
) {
    let head = match function {
        Aggregate::CountRows => "count(*".to_owned(),
        Aggregate::Count => "count(".to_owned(),
        Aggregate::CountDistinct => "count(distinct ".to_owned(),
        Aggregate::Sum => "sum(".to_owned(),
        Aggregate::Avg => "avg(".to_owned(),
        Aggregate::Min => "min(".to_owned(),
        Aggregate::Max => "max(".to_owned(),
        Aggregate::Percentile(500_000) => "median(".to_owned(),
        Aggregate::Percentile(p) => {
            let fraction = crate::domain::Decimal::new(i128::from(*p), 6).trimmed(0);
            format!("percentile_cont({fraction}, ")
        }
    };
    out.push_str(&head);
    list(arena, &node.args, out);
    out.push(')');
    if let Some(filter) = filter {
        out.push_str(" filter (where ");
        write(arena, filter, Bind::Or, out);
        out.push(')');
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Text(text) => quoted(text),
        Value::Date(day) => format!("date '{day}'"),
        Value::DateTime(_) => format!("datetime '{value}'"),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn name(name: &str) -> String {
    let plain = crate::domain::is_snake(name) && !RESERVED.contains(&name);
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

fn type_word(ty: Type) -> &'static str {
    ty.word()
}
