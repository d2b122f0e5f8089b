#![allow(clippy::disallowed_methods, reason = "tests look at what was written")]

use super::*;

fn paths(files: &Files) -> Vec<String> {
    files.with_ending("toml", "milepost.toml", &["vendor"]).unwrap()
}

const NAMES: [&str; 9] = [
    "milepost.toml",
    "b/rules.toml",
    "a.toml",
    "out/old.toml",
    "vendor/x.toml",
    ".git/config.toml",
    "sub/milepost.toml",
    "sub/deep/y.toml",
    "b/data.csv",
];

fn on_disk() -> (tempfile::TempDir, Files) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("project");
    for name in NAMES {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, name).unwrap();
    }
    let files = Files::below(&root).unwrap();
    (folder, files)
}

#[test]
fn config_files_are_listed_alike_on_disk_and_in_memory() {
    let expected = ["a.toml", "b/rules.toml", "milepost.toml"];
    let (_folder, files) = on_disk();
    assert_eq!(paths(&files), expected);
    assert_eq!(paths(&Files::memory(NAMES.map(|n| (n, n.as_bytes())))), expected);
    for files in [files, Files::memory(NAMES.map(|n| (n, n.as_bytes())))] {
        assert_eq!(files.matching("**/*.csv").unwrap(), ["b/data.csv"]);
        assert_eq!(files.matching("./b/data.csv").unwrap(), ["b/data.csv"]);
        assert!(files.matching("b/*.xlsx").unwrap().is_empty());
        assert!(matches!(files.matching("b/none.csv"), Err(FileError::Missing)));
        assert!(matches!(files.matching("../x.csv"), Err(FileError::Outside)));
        assert_eq!(files.text("a.toml", 10).unwrap(), "a.toml");
        assert!(matches!(files.text("a.toml", 3), Err(FileError::TooLarge(3))));
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leaves_the_project_is_refused() {
    let (folder, files) = on_disk();
    std::fs::write(folder.path().join("secret.csv"), "x").unwrap();
    let link = folder.path().join("project/b/link.csv");
    std::os::unix::fs::symlink(folder.path().join("secret.csv"), link).unwrap();
    assert!(matches!(files.text("b/link.csv", 10), Err(FileError::Outside)));
    assert!(!files.matching("b/*.csv").unwrap().contains(&"b/link.csv".to_owned()));
    assert!(matches!(files.open("b"), Err(FileError::NotAFile)));
}

#[test]
fn text_that_is_not_utf8_says_where() {
    let files = Files::memory([("x", b"ab\xFFc".as_slice())]);
    assert!(matches!(files.text("x", 10), Err(FileError::NotUtf8(2))));
}

#[test]
fn writing_is_all_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    write_all(folder.path(), &[file("a.md", "1"), file("b/c.md", "2")]).unwrap();
    std::fs::create_dir(path("d.md")).unwrap();
    // The third cannot be written, because a folder has its name: the first must stay as it was.
    let failed =
        write_all(folder.path(), &[file("a.md", "9"), file("n.md", "9"), file("d.md", "9")]);
    assert!(failed.is_err());
    assert_eq!(std::fs::read_to_string(path("a.md")).unwrap(), "1");
    write_all(folder.path(), &[file("a.md", "3")]).unwrap();
    assert_eq!(std::fs::read_to_string(path("a.md")).unwrap(), "3");
    let mut names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["a.md", "b", "d.md"], "nothing is left over");
    assert!(write_all(folder.path(), &[file("../x.md", "1")]).is_err());
}

/// A project beside a folder that it may read, and one that it may not.
fn beside() -> (tempfile::TempDir, Files) {
    let (folder, _) = on_disk();
    for name in ["exports/a.csv", "exports/old/b.csv", "other/secret.csv"] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, name).unwrap();
    }
    let absolute = folder.path().join("exports").display().to_string();
    let reads = ["../exports".to_owned(), "../gone".to_owned(), absolute];
    let files = Files::below(&folder.path().join("project")).unwrap().allowing(&reads);
    (folder, files)
}

#[test]
fn only_folders_that_are_allowed_are_read_beside_the_project() {
    let (folder, files) = beside();
    let names = files.matching("../exports/**/*.csv").unwrap();
    assert_eq!(names, ["../exports/a.csv", "../exports/old/b.csv"]);
    assert_eq!(files.text(&names[1], 99).unwrap(), "exports/old/b.csv");
    assert_eq!(files.matching("..\\exports\\a.csv").unwrap(), ["../exports/a.csv"]);
    let absolute = folder.path().join("exports/a.csv").display().to_string();
    assert_eq!(files.matching(&absolute).unwrap(), [absolute.as_str()]);
    assert_eq!(files.text(&absolute, 99).unwrap(), "exports/a.csv");
    assert!(matches!(files.matching("../gone/*.csv"), Err(FileError::Missing)));
    assert!(matches!(files.open("../exports/old"), Err(FileError::NotAFile)));
    for outside in [
        "../other/secret.csv",
        "../exports/../other/secret.csv",
        "../exports-2/a.csv",
        "../*/secret.csv",
        "/etc/passwd",
        "\\\\server\\share\\a.csv",
    ] {
        assert!(matches!(files.matching(outside), Err(FileError::Outside)), "{outside}");
        assert!(matches!(files.open(outside), Err(FileError::Outside)), "{outside}");
    }
    // What a project holds is listed as before.
    assert_eq!(paths(&files), ["a.toml", "b/rules.toml", "milepost.toml"]);
}

#[cfg(unix)]
#[test]
fn a_link_leads_only_to_what_may_be_read() {
    use std::os::unix::fs::symlink;
    let (folder, files) = beside();
    let at = |name: &str| folder.path().join(name);
    symlink(at("other/secret.csv"), at("exports/link.csv")).unwrap();
    symlink(at("other"), at("exports/folder")).unwrap();
    symlink(at("exports"), at("project/b/exports")).unwrap();
    for link in ["../exports/link.csv", "../exports/folder/secret.csv"] {
        assert!(matches!(files.open(link), Err(FileError::Outside)), "{link}");
        assert!(matches!(files.matching(link), Err(FileError::Outside)), "{link}");
    }
    // A glob goes through no link.
    for glob in ["../exports/*.csv", "../exports/**/*.csv", "../exports/folder/*.csv"] {
        let found = files.matching(glob).unwrap();
        assert!(found.iter().all(|name| !name.contains("link") && !name.contains("folder")));
    }
    assert_eq!(files.text("b/exports/a.csv", 99).unwrap(), "exports/a.csv");
    assert!(matches!(files.open("b/exports/link.csv"), Err(FileError::Outside)));
}

#[test]
fn a_spool_appears_whole_and_in_order_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("new/list.csv");
    let names = || std::fs::read_dir(folder.path()).unwrap().count();
    let mut spool = Spool::new(&target, b"").unwrap();
    spool.add(b"x").unwrap();
    drop(spool);
    assert_eq!(names(), 0, "what is not finished leaves nothing, not even its folder");
    let mut spool = Spool::new(&target, b"").unwrap();
    let (b, a) = (spool.add(b"bb\n").unwrap(), spool.add(b"a\n").unwrap());
    let ready = spool.in_order(b"head\n", [a, b]).unwrap();
    assert!(!target.exists());
    ready.publish().unwrap();
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "head\na\nbb\n");
    assert_eq!(std::fs::read_dir(target.parent().unwrap()).unwrap().count(), 1);
    drop(Spool::new(&target, b"").unwrap().in_order(b"", []).unwrap());
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "head\na\nbb\n");
    assert!(Spool::new(folder.path(), b"").is_err());
}

#[test]
fn what_is_no_older_output_stays() {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("deals.csv");
    std::fs::write(&export, "id,amount\n").unwrap();
    assert!(Spool::new(&export, b"feed,file\n").is_err());
    assert_eq!(std::fs::read_to_string(&export).unwrap(), "id,amount\n");
    std::fs::write(&export, "feed,file\na,b\n").unwrap();
    assert!(Spool::new(&export, b"feed,file\n").is_ok(), "of an older run");
    #[cfg(unix)]
    {
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert!(Spool::new(&socket, b"feed,file\n").is_err());
        assert!(write_all(folder.path(), &[("socket".into(), b"x".to_vec())]).is_err());
        let there = std::fs::symlink_metadata(&socket).unwrap();
        assert!(!there.is_file(), "a device stays one");
    }
}
