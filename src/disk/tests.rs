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
