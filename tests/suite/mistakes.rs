//! Every diagnostic code has one constructor and one folder under `tests/mistakes/`, whose words are held.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use syn::visit::Visit;

use crate::run::{self, milepost};
use crate::source::{self, SourceFile, root};

/// Shapes of a diagnostic: the calls that a code stands in.
const SHAPES: &[&str] = &["author", "data", "warning"];

#[test]
fn every_code_has_one_constructor() {
    let found = constructors(&source::all());
    assert!(found.mistakes.is_empty(), "\n{}\n", found.mistakes.join("\n"));
}

#[test]
fn every_code_has_a_folder() {
    let codes: BTreeSet<String> = constructors(&source::all()).codes.into_keys().collect();
    let folders = folders();
    let excused = excused();
    let mut found = Vec::new();
    for code in codes.iter().filter(|c| !folders.contains(*c) && !excused.contains_key(*c)) {
        found.push(format!("`{code}` has no folder under tests/mistakes"));
    }
    for code in folders.iter().filter(|c| !codes.contains(*c)) {
        found.push(format!("tests/mistakes/{code} is left over: no such code"));
    }
    for (code, why) in &excused {
        if !codes.contains(code) || folders.contains(code) {
            found.push(format!("no-folder.txt: `{code}` needs no line any more"));
        } else if why.len() < 12 {
            found.push(format!("no-folder.txt: `{code}` needs a reason"));
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn mistakes_say_what_they_said() {
    let found: Vec<String> = folders().iter().filter_map(|code| differs(code)).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn constructors_can_be_wrong() {
    let file = |path: &str, text: &str| SourceFile::new(path, text);
    let one = "fn f() -> Diagnostic { Diagnostic::author(\"a-b\", \"x\") }";
    let two = "fn g() -> Diagnostic { Diagnostic::warning(\"a-b\", \"y\") }";
    let at = "src/plan/diags.rs";
    assert_eq!(constructors(&[file(at, one)]).mistakes, Vec::<String>::new());
    assert_eq!(constructors(&[file(at, &format!("{one}{two}"))]).mistakes.len(), 1, "twice");
    assert_eq!(constructors(&[file("src/plan/mod.rs", one)]).mistakes.len(), 1, "elsewhere");
    let bad = one.replace("a-b", "A_b");
    assert_eq!(constructors(&[file(at, &bad)]).mistakes.len(), 1, "not kebab-case");
    let computed = one.replace("\"a-b\"", "code");
    assert_eq!(constructors(&[file(at, &computed)]).mistakes.len(), 1, "not literal");
}

/// Runs one folder's command in a copy of it; the difference, if there is one.
fn differs(code: &str) -> Option<String> {
    let folder = root().join("tests/mistakes").join(code);
    let words = std::fs::read_to_string(folder.join("cmd")).unwrap_or_else(|_| "validate".into());
    let copy = tempfile::tempdir().unwrap();
    run::copy(&folder, copy.path());
    for file in ["cmd", "expected.txt"] {
        let _ = std::fs::remove_file(copy.path().join(file));
    }
    let output = milepost(copy.path(), words.split_whitespace());
    let words = words.trim();
    let text = format!("$ milepost {words}\nexit {}\n\n{}", output.code, output.stderr);
    if !text.contains(&format!("[{code}]")) {
        return Some(format!("tests/mistakes/{code} does not make that mistake:\n{text}"));
    }
    run::same(&text, &folder.join("expected.txt"))
}

#[derive(Default)]
struct Constructors {
    /// Code and the functions that hold it.
    codes: BTreeMap<String, Vec<String>>,
    mistakes: Vec<String>,
}

fn constructors(files: &[SourceFile]) -> Constructors {
    let mut found = Constructors::default();
    for file in files.iter().filter(|f| !f.test && !f.path.starts_with("src/diag/")) {
        let mut calls = Calls::default();
        calls.visit_file(&file.ast);
        for (code, line) in calls.found {
            let at = format!("{}:{line}", file.path);
            let Some(code) = code else {
                found.mistakes.push(format!("{at}: the code does not stand at the call"));
                continue;
            };
            if !milepost_kebab(&code) {
                found.mistakes.push(format!("{at}: `{code}` is not kebab-case"));
            }
            if !file.path.ends_with("/diags.rs") && !file.path.contains("/diags/") {
                found.mistakes.push(format!("{at}: `{code}` belongs into diags.rs"));
            }
            found.codes.entry(code).or_default().push(at);
        }
    }
    for (code, places) in found.codes.iter().filter(|(_, places)| places.len() > 1) {
        found.mistakes.push(format!("`{code}` is made at {}", places.join(" and ")));
    }
    found
}

fn milepost_kebab(code: &str) -> bool {
    milepost::domain::is_kebab(code)
}

#[derive(Default)]
struct Calls {
    found: Vec<(Option<String>, usize)>,
}

impl<'ast> Visit<'ast> for Calls {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !source::is_test(source::item_attrs(item)) {
            syn::visit::visit_item(self, item);
        }
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func {
            let names: Vec<String> =
                path.path.segments.iter().map(|s| s.ident.to_string()).collect();
            if let [.., of, shape] = &names[..]
                && of == "Diagnostic"
                && SHAPES.contains(&shape.as_str())
            {
                let line = path.path.segments[0].ident.span().start().line;
                let code = call.args.first().and_then(|arg| match arg {
                    syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => {
                        Some(text.value())
                    }
                    _ => None,
                });
                self.found.push((code, line));
            }
        }
        syn::visit::visit_expr_call(self, call);
    }
}

fn folders() -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join("tests/mistakes")).into_iter().flatten();
    let folders = entries.map(Result::unwrap).filter(|e| e.path().is_dir());
    folders.map(|e| e.file_name().into_string().unwrap()).collect()
}

/// Codes without a folder, with the reason: `code: reason` by line.
fn excused() -> BTreeMap<String, String> {
    let path: &Path = &root().join("tests/mistakes/no-folder.txt");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let lines = text.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#'));
    let pairs = lines.map(|line| line.split_once(':').unwrap_or((line, "")));
    pairs.map(|(code, why)| (code.trim().to_owned(), why.trim().to_owned())).collect()
}
