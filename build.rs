//! Has packs and report templates embedded anew when a file comes or goes: `include_dir` sees only changes
//! of files that it knows.

fn main() {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=report-templates");
    println!("cargo::rerun-if-changed=samples/starters");
}
