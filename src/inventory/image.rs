//! Names of images and registries, as runtimes pull by them.

use super::scalar::fail;

/// The grammar of distribution's `reference`, as runtimes pull by it, in lower case.
pub(super) fn repository(text: &str) -> Result<(), String> {
    let (host, rest) = text.split_once('/').map_or((None, text), |(host, rest)| (Some(host), rest));
    fail(
        host.is_none_or(|host| !host.ends_with(':')) && !rest.contains(':'),
        "only a registry has a `:`, before its port; a scheme such as `https://` is left out",
    )?;
    fail(!text.split('/').any(str::is_empty), "a repository has no empty part between two `/`")?;
    fail(text.len() <= MOST_OF_NAME, "a repository has up to 255 characters")?;
    fail(
        text.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || b"-_./:".contains(&c)),
        "a repository holds lower-case letters, digits, `-`, `_`, `.` and `/`",
    )?;
    if let Some(host) = host.filter(|host| !path_part(host)) {
        registry(host)?;
    }
    fail(
        rest.split('/').all(path_part),
        "between letters and digits of a part there is one `.`, one or two `_`, or `-`; it begins and ends with neither",
    )
}

/// A registry: a host, perhaps with a port.
fn registry(text: &str) -> Result<(), String> {
    let (host, port) = text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-')
    };
    fail(host.split('.').all(label), "a registry is a host such as `ghcr.io`")?;
    let legal =
        |port: &str| !port.starts_with('0') && port.bytes().all(|c| c.is_ascii_digit()) && port.parse::<u16>().is_ok();
    fail(port.is_none_or(legal), "a registry's port is a number from 1 to 65535")
}

/// A part of a repository between two `/`.
fn path_part(text: &str) -> bool {
    let (mut gap, mut sound) = (String::from("."), true);
    for character in text.chars() {
        if character.is_ascii_lowercase() || character.is_ascii_digit() {
            let legal = matches!(gap.as_str(), "" | "." | "_" | "__") || gap.bytes().all(|c| c == b'-');
            sound &= legal;
            gap.clear();
        } else {
            gap.push(character);
        }
    }
    sound && gap.is_empty() && text.starts_with(|first: char| first.is_ascii_alphanumeric())
}

/// Longest name of an image without tag and digest.
const MOST_OF_NAME: usize = 255;

/// What is put before images that name no registry: a registry, perhaps with a path.
pub(super) fn registry_prefix(text: &str) -> Result<(), String> {
    if text.contains('/') { repository(text) } else { registry(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_named_as_runtimes_pull_them() {
        for good in ["web", "a-b", "a--b", "a__b", "a.b/c_d", "ghcr.io:443/a", "localhost:5000/a/b", "x_y/z", "0"] {
            assert!(repository(good).is_ok(), "{good}");
        }
        let long = "a".repeat(256);
        let bad = ["-a", "../a", ".", "_a", "a-", "a..b", "a___b", "a._b", "ghcr.io:99999/a", "ghcr.io:0/a", "-x.io/a"];
        for bad in bad.iter().chain(&["ghcr.io:5000", "a/b:1", "https://x/y", "A", "", "a//b", "a_:5/b", &long]) {
            assert!(repository(bad).is_err(), "{bad}");
        }
        assert!(repository(&long[1..]).is_ok());
        for good in ["ghcr.io", "localhost:5000", "ghcr.io/acme", "acme", "registry.example.com:5000/a/b"] {
            assert!(registry_prefix(good).is_ok(), "{good}");
        }
        for bad in ["ghcr.io:", "-a", "a..b", "ghcr.io:70000", "x/", "a_b"] {
            assert!(registry_prefix(bad).is_err(), "{bad}");
        }
    }
}
