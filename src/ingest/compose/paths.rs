//! Paths of a Compose file: relative to its folder, and never out of it.

/// Where a path leads.
#[derive(Debug, PartialEq)]
pub(super) enum Beside {
    /// To this place beneath the folder that is read; empty for the folder itself.
    Path(String),
    /// Somewhere else on the machine.
    Outside,
}

/// A path as it stands in a file of the folder `from`.
pub(super) fn beside(from: &str, path: &str) -> Beside {
    if path.starts_with(['/', '~']) || path.contains('\\') || path.chars().nth(1) == Some(':') {
        return Beside::Outside;
    }
    let mut parts: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Beside::Outside;
                }
            }
            part => parts.push(part),
        }
    }
    Beside::Path(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out() {
        for path in ["/etc/passwd", "../x", "a/../../x", "~/x", "C:/x", "a\\..\\x"] {
            assert_eq!(beside("", path), Beside::Outside, "{path}");
        }
        for (from, path, to) in [("", "./a//b/", "a/b"), ("a", "../b", "b"), ("a", ".", "a"), ("", ".", "")] {
            assert_eq!(beside(from, path), Beside::Path(to.into()), "{path}");
        }
    }
}
