//! Paths and patterns of a project: relative, with `/`, never climbing out.

/// The path without `.` parts and doubled slashes; none where it is absolute or climbs.
pub(super) fn clean(path: &str) -> Option<String> {
    let path = path.replace('\\', "/");
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with('/') || drive || path.contains('\0') {
        return None;
    }
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    (!parts.is_empty() && !parts.contains(&"..")).then(|| parts.join("/"))
}

/// A path in its shortest words: `../exports/a.csv`, `/srv/a.csv`; links are not asked. None where it means no file here,
/// as a drive's letter does where there are no drives.
pub(super) fn normal(path: &str) -> Option<String> {
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with('\\') || path.contains('\0') || drive && !cfg!(windows) {
        return None;
    }
    let path = path.replace('\\', "/");
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        match (part, parts.last()) {
            ("..", None) if absolute => {}
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    let start = if absolute { "/" } else { "" };
    Some(format!("{start}{}", parts.join("/")))
}

/// What is left of a path below a folder, by their words alone.
pub(super) fn below(path: &str, folder: &str) -> Option<String> {
    let (path, folder) = (normal(path)?, normal(folder)?);
    let rest = path.strip_prefix(&folder)?.strip_prefix('/')?;
    // Of `../..` below `..` nothing is left that stays there.
    clean(rest)
}

pub(super) fn is_glob(pattern: &str) -> bool {
    pattern.contains(['*', '?'])
}

/// Whether a path is what the pattern means. Hidden names need a dot in the pattern.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    // A classic two-pointer match: on failure go back to the last `**` and let it eat one folder
    // more.
    wild(&pattern, &path, |p| *p == "**", name_matches)
}

/// Whether some path in the folder could match.
pub(super) fn may_hold(pattern: &str, folder: &str) -> bool {
    let mut pattern = pattern.split('/').peekable();
    for name in folder.split('/') {
        match pattern.next() {
            Some("**") => return true,
            Some(part) if pattern.peek().is_some() && name_matches(&part, &name) => {}
            _ => return false,
        }
    }
    true
}

fn name_matches(pattern: &&str, name: &&str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    wild(&pattern, &name, |p| *p == '*', |p, n| *p == '?' || p == n)
}

/// Matches a list against a pattern list in which some items mean "any number".
fn wild<T>(
    pattern: &[T],
    list: &[T],
    any: impl Fn(&T) -> bool,
    one: impl Fn(&T, &T) -> bool,
) -> bool {
    let (mut p, mut l, mut back) = (0, 0, None);
    while l < list.len() {
        if pattern.get(p).is_some_and(&any) {
            back = Some((p + 1, l));
            p += 1;
        } else if pattern.get(p).is_some_and(|item| one(item, &list[l])) {
            (p, l) = (p + 1, l + 1);
        } else if let Some((after, eaten)) = back {
            back = Some((after, eaten + 1));
            (p, l) = (after, eaten + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_names_and_folders() {
        for (pattern, path, expected) in [
            ("exports/deals-*.csv", "exports/deals-2026.csv", true),
            ("exports/deals-*.csv", "exports/old/deals-2026.csv", false),
            ("**/deals-?.csv", "a/b/deals-1.csv", true),
            ("**/deals-?.csv", "deals-12.csv", false),
            ("**", "a/b", true),
            ("a/**/c", "a/c", true),
            ("*a*b*c*", "xxaxxbxxcxx", true),
            ("*.csv", ".hidden.csv", false),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
            if let (true, Some((folder, _))) = (expected, path.rsplit_once('/')) {
                assert!(may_hold(pattern, folder), "{pattern} {folder}");
            }
        }
        assert!(!may_hold("exports/*.csv", "exports/old") && !may_hold("exports/*.csv", "rules"));
    }

    #[test]
    fn a_pattern_of_many_stars_is_no_trap() {
        let pattern = "*a".repeat(40) + "b";
        assert!(!matches(&pattern, &"a".repeat(4000)));
    }

    #[test]
    fn what_lies_below_a_folder_is_told_by_words() {
        for (path, folder, rest) in [
            ("../exports/a.csv", "../exports", Some("a.csv")),
            ("../exports/./b//*.csv", "../exports/", Some("b/*.csv")),
            ("x/../../exports/a.csv", "../exports", Some("a.csv")),
            ("..\\exports\\a.csv", "../exports", Some("a.csv")),
            ("/srv/exports/a.csv", "/srv/./exports", Some("a.csv")),
            ("/../srv/a.csv", "/srv", Some("a.csv")),
            ("../exports/../secret.csv", "../exports", None),
            ("../exports-old/a.csv", "../exports", None),
            ("../exports", "../exports", None),
            ("../../a.csv", "..", None),
            ("/srv/a.csv", "../srv", None),
            ("\\\\srv\\a.csv", "/srv", None),
        ] {
            assert_eq!(below(path, folder).as_deref(), rest, "{path} below {folder}");
        }
        assert_eq!(below("C:\\x\\a.csv", "C:\\x").is_some(), cfg!(windows));
    }

    #[test]
    fn paths_that_climb_are_none() {
        assert_eq!(clean("./a//b/./c.csv").as_deref(), Some("a/b/c.csv"));
        for path in ["../a", "a/../../b", "/etc/passwd", "C:\\a", "", "."] {
            assert_eq!(clean(path), None, "{path}");
        }
    }
}
