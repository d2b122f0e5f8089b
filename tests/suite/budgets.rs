//! Budgets of the source: length of functions and files, and that rules are data, not code.

use std::collections::BTreeMap;

use syn::spanned::Spanned;
use syn::visit::Visit;

use crate::source::{self, SourceFile, files_below, root};

const FUNCTION_LINES: usize = 60;
const FILE_LINES: usize = 400;
const MAIN_LINES: usize = 20;

/// Ids that are words of the language of rules as well, so the source has to know them.
const ORDINARY: &[(&str, &str)] = &[];

#[test]
fn functions_and_files_are_short() {
    let found: Vec<String> = source::all().iter().flat_map(too_long).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn no_rule_is_named_in_the_source() {
    let ids = rule_ids();
    let found: Vec<String> = source::all().iter().flat_map(|f| named(f, &ids)).collect();
    assert!(found.is_empty(), "rules are data:\n{}\n", found.join("\n"));
}

#[test]
fn every_ordinary_word_is_an_id() {
    let ids = rule_ids();
    for (word, why) in ORDINARY {
        assert!(ids.contains_key(*word), "`{word}` is no id any more: remove it");
        assert!(why.len() > 10, "`{word}` needs a reason");
    }
}

#[test]
fn budgets_can_fail() {
    let body = "    let x = 1;\n".repeat(FUNCTION_LINES);
    let long = SourceFile::new("src/a.rs", &format!("fn f() {{\n{body}}}\n"));
    assert_eq!(too_long(&long).len(), 1);
    let test = format!("#[cfg(test)]\nmod tests {{\nfn f() {{\n{}}}\n}}\n", body.repeat(10));
    assert_eq!(too_long(&SourceFile::new("src/a.rs", &test)), Vec::<String>::new());
    let file = "const X: u8 = 1;\n".repeat(FILE_LINES + 1);
    assert_eq!(too_long(&SourceFile::new("src/a.rs", &file)).len(), 1);
    assert_eq!(too_long(&SourceFile::new("src/main.rs", &file[..40 * 17])).len(), 1);

    let ids = BTreeMap::from([("win_rate".to_owned(), "metric".to_owned())]);
    let source = |text| named(&SourceFile::new("src/a.rs", text), &ids).len();
    assert_eq!(source("fn f() { g(\"win_rate\"); }"), 1);
    assert_eq!(source("fn f() { format!(\"{}\", \"win_rate\"); }"), 1);
    assert_eq!(source("/// win_rate\nfn f() { g(\"the win_rate\"); }"), 0);
    assert_eq!(source("#[cfg(test)] mod tests { fn f() { g(\"win_rate\"); } }"), 0);
}

fn too_long(file: &SourceFile) -> Vec<String> {
    if file.test {
        return Vec::new();
    }
    let mut functions = Functions::default();
    functions.visit_file(&file.ast);
    let mut found = Vec::new();
    for (name, line, lines) in functions.found {
        if lines > FUNCTION_LINES {
            let at = &file.path;
            found.push(format!("{at}:{line}: `{name}` has {lines} lines of {FUNCTION_LINES}"));
        }
    }
    let lines = file.text.lines().count() - functions.test_lines;
    let most = if file.path == "src/main.rs" { MAIN_LINES } else { FILE_LINES };
    if lines > most {
        found.push(format!("{}: {lines} lines of {most}", file.path));
    }
    found
}

#[derive(Default)]
struct Functions {
    found: Vec<(String, usize, usize)>,
    test_lines: usize,
}

impl Functions {
    fn note(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let start = signature.span().start().line;
        let lines = block.span().end().line - start + 1;
        self.found.push((signature.ident.to_string(), start, lines));
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if source::is_test(source::item_attrs(item)) {
            self.test_lines += item.span().end().line - item.span().start().line + 1;
            return;
        }
        syn::visit::visit_item(self, item);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.note(&item.sig, &item.block);
        syn::visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.note(&item.sig, &item.block);
        syn::visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.note(&item.sig, block);
        }
        syn::visit::visit_trait_item_fn(self, item);
    }
}

/// Ids of everything that the packs and report templates declare, with what they are.
fn rule_ids() -> BTreeMap<String, String> {
    let mut ids = BTreeMap::new();
    for path in files_below(&root().join("rules"), "toml") {
        let text = std::fs::read_to_string(&path).unwrap();
        let Ok(table) = text.parse::<toml::Table>() else { panic!("{}", path.display()) };
        for kind in ["metric", "check", "framework", "dataset"] {
            if let Some(toml::Value::Table(rules)) = table.get(kind) {
                ids.extend(rules.keys().map(|id| (id.clone(), kind.to_owned())));
            }
        }
    }
    if let Ok(folder) = std::fs::read_dir(root().join("report-templates")) {
        let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let names = names.filter(|name| name != "_shared");
        ids.extend(names.map(|name| (name, "report".to_owned())));
    }
    ids
}

fn named(file: &SourceFile, ids: &BTreeMap<String, String>) -> Vec<String> {
    let mut found = Vec::new();
    source::each_literal(file, |text, line| {
        if let Some(kind) = ids.get(text)
            && !ORDINARY.iter().any(|(word, _)| *word == text)
        {
            found.push(format!("{}:{line}: the {kind} `{text}`", file.path));
        }
    });
    found
}
