//! The project's own source, parsed: what the tests that read it share.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use syn::visit::Visit;

/// One file of `src/`.
pub struct SourceFile {
    /// From the root, with slashes: `src/plan/model.rs`.
    pub path: String,
    /// `plan`, `model`; none for `lib.rs` and `main.rs`.
    pub module: Vec<String>,
    pub text: String,
    pub ast: syn::File,
    /// Compiled for tests only.
    pub test: bool,
}

impl SourceFile {
    /// Parses a text as the file of that path.
    pub fn new(path: &str, text: &str) -> Self {
        let ast = syn::parse_file(text).unwrap_or_else(|e| panic!("{path}: {e}"));
        let (path, text) = (path.to_owned(), text.to_owned());
        Self { module: module_of(&path), path, text, ast, test: false }
    }
}

/// The folder that holds `Cargo.toml`.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of `src/`, in order of path.
pub fn all() -> Vec<SourceFile> {
    let mut files: Vec<SourceFile> = files_below(&root().join("src"), "rs")
        .iter()
        .map(|path| {
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
            SourceFile::new(&name, &std::fs::read_to_string(path).unwrap())
        })
        .collect();
    let tests: BTreeSet<Vec<String>> = files.iter().flat_map(test_modules).collect();
    for file in &mut files {
        file.test = (1..=file.module.len()).any(|n| tests.contains(&file.module[..n]));
    }
    files
}

/// Files below a folder with an ending, in order of path.
pub fn files_below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let path = entry.unwrap().into_path();
        if path.is_file() && path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
    found
}

/// Whether an item is compiled for tests only.
pub fn is_test(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|attr| {
        attr.path().is_ident("test")
            || attr.path().is_ident("cfg")
                && attr.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

/// Calls back for every string literal outside test code and documentation, macros included.
pub fn each_literal(file: &SourceFile, mut call: impl FnMut(&str, usize)) {
    struct Literals<'a>(&'a mut dyn FnMut(&str, usize));
    impl<'ast> Visit<'ast> for Literals<'_> {
        fn visit_item(&mut self, item: &'ast syn::Item) {
            if !is_test(item_attrs(item)) {
                syn::visit::visit_item(self, item);
            }
        }
        fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
        fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
            (self.0)(&literal.value(), literal.span().start().line);
        }
        fn visit_macro(&mut self, call: &'ast syn::Macro) {
            literals_in(call.tokens.clone(), self.0);
        }
    }
    if !file.test {
        Literals(&mut call).visit_file(&file.ast);
    }
}

fn literals_in(tokens: proc_macro2::TokenStream, call: &mut dyn FnMut(&str, usize)) {
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Group(group) => literals_in(group.stream(), call),
            proc_macro2::TokenTree::Literal(literal) => {
                if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                    call(&text.value(), literal.span().start().line);
                }
            }
            _ => {}
        }
    }
}

/// The attributes of the kinds of items that tests are written in.
pub fn item_attrs(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Const(item) => &item.attrs,
        _ => &[],
    }
}

fn module_of(path: &str) -> Vec<String> {
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut module: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        module.pop();
    }
    module
}

fn test_modules(file: &SourceFile) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for item in &file.ast.items {
        if let syn::Item::Mod(item) = item
            && is_test(&item.attrs)
        {
            found.push([&file.module[..], &[item.ident.to_string()]].concat());
        }
    }
    found
}
