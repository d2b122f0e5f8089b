//! Imports point down only: the table of floors, and the walk that holds `src/` to it.
//!
//! Reads `use` trees, paths in types, expressions, patterns, macros and attributes, and follows `self`,
//! `super`, `crate`, renames and groups. `floors_cases.rs` shows that it fails where it must.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::Visit;

use crate::source::{self, SourceFile};

/// A module uses only lower floors; modules on one floor never import each other.
pub const FLOORS: &[(u8, &[&str])] = &[
    (0, &["domain", "text"]),
    (1, &["diag", "rel"]),
    (2, &["decode", "disk", "expr"]),
    (3, &["kinds"]),
    (4, &["config", "pack"]),
    (5, &["catalog"]),
    (6, &["plan"]),
    (7, &["data", "sql"]),
    (8, &["measure", "remote"]),
    (9, &["judge", "history"]),
    (10, &["view", "chart"]),
    (11, &["render", "formats"]),
    (12, &["pipeline"]),
    (13, &["proof", "author"]),
    (14, &["cli"]),
];

/// What only some modules may name: a path's beginning, the modules, why.
const ONLY: &[(&str, &[&str], &str)] = &[
    ("std::fs", &["disk"], "use disk"),
    ("walkdir", &["disk"], "use disk"),
    ("calamine", &["data"], "formats belong to data"),
    ("quick_xml", &["data"], "formats belong to data"),
    ("csv", &["data"], "formats belong to data"),
    ("simd_csv", &["data"], "formats belong to data"),
    ("encoding_rs", &["catalog", "data"], "catalog knows an encoding's name, data decodes"),
    ("chardetng", &["data"], "encodings belong to data"),
    ("sqlparser", &["expr"], "one adapter holds the SQL parser"),
    (
        "toml",
        &["author", "data", "decode", "view", "pipeline", "proof"],
        "what has a place is read by decode",
    ),
    ("minijinja", &["render"], "templates belong to render"),
    ("clap", &["cli"], "flags belong to cli"),
    ("annotate_snippets", &["cli"], "drawing belongs to cli"),
    ("anstream", &["cli"], "the terminal belongs to cli"),
    ("std::env", &["cli"], "only cli reads the environment"),
    ("std::process::id", &["cli", "disk"], "for the names of temporary files only"),
    ("std::process", &["cli"], "only cli ends the process"),
    ("std::io::stdout", &["cli"], "only cli prints"),
    ("std::io::stderr", &["cli"], "only cli prints"),
    ("std::io::stdin", &["cli"], "only cli reads standard input"),
    ("std::net", &[], "no network"),
    ("std::time::SystemTime", &["cli"], "no clock below cli"),
    ("std::time::Instant", &["cli"], "no clock below cli"),
    ("jiff::Zoned::now", &["cli"], "no clock below cli"),
    ("jiff::Timestamp::now", &["cli"], "no clock below cli"),
    ("jiff::tz::TimeZone::system", &["cli"], "the host's zone is not an input"),
];

/// Crates whose `*` would hide what the table above forbids.
const NO_GLOB: &[&str] = &["crate", "std", "std::time", "std::io", "jiff", "jiff::tz"];

/// Methods of `std::path::Path` that touch the disk.
const DISK_METHODS: &[&str] =
    &["exists", "try_exists", "is_file", "is_dir", "canonicalize", "read_dir", "symlink_metadata"];

#[test]
fn imports_point_down_only() {
    let found: Vec<String> = source::all().iter().flat_map(violations).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn the_map_in_the_library_is_true() {
    let lib = source::all().into_iter().find(|f| f.path == "src/lib.rs").unwrap();
    let found = map_mistakes(&lib.text, &declared(&lib.ast));
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// Every breach in a file, as `path:line: words`.
pub fn violations(file: &SourceFile) -> Vec<String> {
    if file.path == "src/main.rs" {
        return Vec::new();
    }
    let mut walker = Walker {
        scope: file.module.clone(),
        children: declared(&file.ast),
        test: file.test,
        ..Walker::default()
    };
    // Renames of renames: each round resolves one more step.
    for _ in 0..3 {
        walker.found.clear();
        walker.visit_file(&file.ast);
    }
    let mut found: BTreeSet<(usize, String)> = BTreeSet::new();
    for (line, path, test) in &walker.found {
        if let Some(words) = judge(&file.module, path, *test) {
            found.insert((*line, words));
        }
    }
    found.into_iter().map(|(line, words)| format!("{}:{line}: {words}", file.path)).collect()
}

/// Where the map in `lib.rs` and the modules that it declares disagree with the table.
pub fn map_mistakes(lib: &str, declared: &BTreeSet<String>) -> Vec<String> {
    let mut mapped = BTreeMap::new();
    for line in lib.lines().filter_map(|l| l.strip_prefix("//!")) {
        let line = line.trim();
        let Some((number, rest)) = line.split_once(char::is_whitespace) else { continue };
        let Ok(number) = number.parse::<u8>() else { continue };
        let names = rest.trim().split("  ").next().unwrap_or_default();
        for name in names.split(" · ") {
            mapped.insert(name.trim().to_owned(), number);
        }
    }
    let mut found = Vec::new();
    for name in declared {
        match (mapped.get(name), floor(name)) {
            (_, None) => found.push(format!("`{name}` is on no floor of tests/suite/floors.rs")),
            (None, _) => found.push(format!("`{name}` is not in the map of src/lib.rs")),
            (Some(at), Some(floor)) if *at != floor => {
                found.push(format!("`{name}` is on floor {floor}, the map says {at}"));
            }
            _ => {}
        }
    }
    for name in mapped.keys().filter(|name| !declared.contains(*name)) {
        found.push(format!("the map of src/lib.rs names `{name}`, which does not exist"));
    }
    found
}

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(_, names)| names.contains(&module)).map(|(floor, _)| *floor)
}

fn declared(ast: &syn::File) -> BTreeSet<String> {
    let mods = ast.items.iter().filter_map(|item| match item {
        syn::Item::Mod(item) => Some(item.ident.to_string()),
        _ => None,
    });
    mods.collect()
}

/// What is wrong with a module's use of an absolute path.
fn judge(module: &[String], path: &[String], test: bool) -> Option<String> {
    let own = module.first().map(String::as_str);
    let joined = path.join("::");
    if path.last().is_some_and(|s| s == "*") && !test {
        let of = joined.trim_end_matches("::*");
        if NO_GLOB.contains(&of) {
            return Some(format!("`{joined}` hides what it brings"));
        }
    }
    if path[0] == "crate" {
        return judge_own(own, path.get(1)?);
    }
    if test {
        return None;
    }
    let (_, modules, why) = ONLY.iter().find(|(start, _, _)| {
        joined.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    })?;
    let allowed = own.is_some_and(|own| modules.contains(&own));
    (!allowed).then(|| format!("`{joined}`: {why}"))
}

fn judge_own(own: Option<&str>, target: &str) -> Option<String> {
    let Some(own) = own else {
        return Some(format!("src/lib.rs holds modules only, not `crate::{target}`"));
    };
    if own == target || target == "*" {
        return None;
    }
    let Some(there) = floor(target) else {
        return Some(format!("`crate::{target}` is on no floor"));
    };
    let Some(here) = floor(own) else { return Some(format!("`{own}` is on no floor")) };
    let which = match there.cmp(&here) {
        std::cmp::Ordering::Less => return None,
        std::cmp::Ordering::Equal => "sideways",
        std::cmp::Ordering::Greater => "upward",
    };
    Some(format!("{which}: `{own}` (floor {here}) uses `{target}` (floor {there})"))
}

#[derive(Default)]
struct Walker {
    /// The module that the walk is in, from the crate's root.
    scope: Vec<String>,
    /// Modules that the file declares: `csv::x` may mean `self::csv`.
    children: BTreeSet<String>,
    /// Name to absolute path, of every `use` of the file.
    aliases: BTreeMap<String, BTreeSet<Vec<String>>>,
    test: bool,
    found: Vec<(usize, Vec<String>, bool)>,
}

impl Walker {
    /// The absolute paths that a path may mean.
    fn resolve(&self, path: &[String], rooted: bool) -> Vec<Vec<String>> {
        let absolute = |module: &[String], rest: &[String]| {
            let mut path = vec!["crate".to_owned()];
            path.extend(module.iter().chain(rest).cloned());
            path
        };
        match path[0].as_str() {
            _ if rooted => vec![path.to_vec()],
            "crate" => vec![path.to_vec()],
            "self" => vec![absolute(&self.scope, &path[1..])],
            "super" => {
                let ups = path.iter().take_while(|s| *s == "super").count();
                let keep = self.scope.len().saturating_sub(ups);
                vec![absolute(&self.scope[..keep], &path[ups..])]
            }
            first if self.aliases.contains_key(first) => {
                let start = &self.aliases[first];
                start.iter().map(|start| [start, &path[1..]].concat()).collect()
            }
            first if self.children.contains(first) => vec![absolute(&self.scope, path)],
            _ => vec![path.to_vec()],
        }
    }

    fn note(&mut self, line: usize, path: &[String], rooted: bool) {
        for path in self.resolve(path, rooted) {
            self.found.push((line, path, self.test));
        }
    }

    fn use_tree(&mut self, tree: &syn::UseTree, before: &[String], rooted: bool) {
        let line = tree.span().start().line;
        let mut named = |name: &syn::Ident, rename: &syn::Ident| {
            let mut path = before.to_vec();
            if name != "self" || path.is_empty() {
                path.push(name.to_string());
            }
            self.note(line, &path, rooted);
            let name =
                if rename == "self" { path.last().unwrap().clone() } else { rename.to_string() };
            let absolute = self.resolve(&path, rooted);
            // `use csv;` names itself: no rename to follow.
            let absolute = absolute.into_iter().filter(|p| *p != [name.clone()]);
            self.aliases.entry(name.clone()).or_default().extend(absolute);
            if self.aliases[&name].is_empty() {
                self.aliases.remove(&name);
            }
        };
        match tree {
            syn::UseTree::Name(tree) => named(&tree.ident, &tree.ident),
            syn::UseTree::Rename(tree) => named(&tree.ident, &tree.rename),
            syn::UseTree::Glob(_) => self.note(line, &[before, &["*".into()]].concat(), rooted),
            syn::UseTree::Path(tree) => {
                let path = [before, &[tree.ident.to_string()]].concat();
                self.use_tree(&tree.tree, &path, rooted);
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(tree, before, rooted);
                }
            }
        }
    }

    /// Paths in tokens that syn does not parse: macros and attributes.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        let mut line = 0;
        for token in tokens
            .into_iter()
            .chain([TokenTree::Punct(proc_macro2::Punct::new(';', proc_macro2::Spacing::Alone))])
        {
            match token {
                TokenTree::Ident(ident) if colons == 2 && !path.is_empty() => {
                    path.push(ident.to_string());
                    colons = 0;
                    continue;
                }
                TokenTree::Punct(ref punct) if punct.as_char() == ':' && colons < 2 => {
                    colons += 1;
                    continue;
                }
                _ => {}
            }
            if path.len() > 1 {
                self.note(line, &std::mem::take(&mut path), false);
            }
            path.clear();
            colons = 0;
            match token {
                TokenTree::Ident(ident) => {
                    line = ident.span().start().line;
                    path.push(ident.to_string());
                }
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(literal) => self.literal(&literal),
                TokenTree::Punct(_) => {}
            }
        }
    }

    /// `#[serde(with = "crate::cli::x")]` is an import too.
    fn literal(&mut self, literal: &proc_macro2::Literal) {
        let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) else { return };
        if let Ok(path) = text.parse::<syn::Path>() {
            let path: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
            if path.len() > 1 {
                self.note(literal.span().start().line, &path, false);
            }
        }
    }
}

fn segments(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|s| s.ident.to_string()).collect()
}

impl<'ast> Visit<'ast> for Walker {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let before = self.test;
        self.test |= source::is_test(source::item_attrs(item));
        syn::visit::visit_item(self, item);
        self.test = before;
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.scope.push(item.ident.to_string());
        syn::visit::visit_item_mod(self, item);
        self.scope.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.use_tree(&item.tree, &[], item.leading_colon.is_some());
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        self.note(item.span().start().line, &[item.ident.to_string()], true);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        // One name alone is a local one, or its `use` has been seen.
        if path.segments.len() > 1 {
            self.note(path.span().start().line, &segments(path), path.leading_colon.is_some());
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        // `<jiff::Zoned>::now` is `jiff::Zoned::now`.
        if let Some(of) = &path.qself
            && let syn::Type::Path(of) = &*of.ty
        {
            let whole = [segments(&of.path), segments(&path.path)].concat();
            self.note(path.span().start().line, &whole, false);
        }
        syn::visit::visit_expr_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if call.args.is_empty() && DISK_METHODS.contains(&call.method.to_string().as_str()) {
            let path = ["std".into(), "fs".into(), call.method.to_string()];
            self.note(call.span().start().line, &path, true);
        }
        syn::visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        self.tokens(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        match &attribute.meta {
            syn::Meta::List(list) => self.tokens(list.tokens.clone()),
            syn::Meta::Path(_) | syn::Meta::NameValue(_) => {}
        }
    }
}
