//! Names of time zones: the API refuses a CronJob whose zone Go does not know (`time.LoadLocation`).
//!
//! Go's copy of the tz database has all names that ever were, and names come once in years, so a list of them
//! says the same as the cluster. To take a newer one: zones and links of `tzdata.zi`, sorted.

use crate::text;
use std::sync::OnceLock;

/// All names, a line each.
const NAMES: &str = include_str!("time_zones.txt");

/// What names look like.
const EXPECTED: &str = "expected a name of the tz database such as `Europe/Berlin` or `Etc/UTC`";

fn names() -> &'static [&'static str] {
    static ALL: OnceLock<Vec<&'static str>> = OnceLock::new();
    ALL.get_or_init(|| NAMES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect())
}

/// Whether `text` is the name of a time zone. `Local` is none: it would be that of the controller's host.
#[must_use]
pub fn is_time_zone(text: &str) -> bool {
    names().binary_search(&text).is_ok()
}

/// What to say to who wrote `text`, which is none: the name that is nearest, by all of it or by the city alone.
#[must_use]
pub fn time_zone_like(text: &str) -> String {
    let city = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
    let wanted = text.rsplit('/').next().unwrap_or(text).replace(' ', "_");
    let same = || names().iter().copied().find(|name| city(name).eq_ignore_ascii_case(&wanted));
    let short = text.len() > 64 || text.eq_ignore_ascii_case("local");
    let near = if short { None } else { text::nearest(text, names().iter().copied()).or_else(same) };
    near.map_or_else(|| EXPECTED.to_owned(), |near| format!("did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_whole() {
        assert!(names().is_sorted() && names().len() > 590, "{}", names().len());
        for name in [
            "UTC",
            "Etc/UTC",
            "Europe/Berlin",
            "America/Argentina/Buenos_Aires",
            "Etc/GMT+3",
            "US/Pacific",
            "EST5EDT",
            "America/Coyhaique",
            "Asia/Calcutta",
        ] {
            assert!(is_time_zone(name), "{name}");
        }
        for name in
            ["", "Local", "local", "europe/berlin", "Europe/", "+01:00", "CEST", "#", "Berlin", "posix/UTC", "../UTC"]
        {
            assert!(!is_time_zone(name), "{name}");
        }
    }

    #[test]
    fn whoever_misspells_one_is_told_which() {
        for (text, near) in [
            ("Europe/Berlim", "Europe/Berlin"),
            ("europe/berlin", "Europe/Berlin"),
            ("Berlin", "Europe/Berlin"),
            ("New York", "America/New_York"),
            ("Asia/Calcuta", "Asia/Calcutta"),
            ("utc", "UTC"),
        ] {
            assert_eq!(time_zone_like(text), format!("did you mean `{near}`?"), "{text}");
        }
        for text in ["Local", "", "Middle-earth/Bree"] {
            assert_eq!(time_zone_like(text), EXPECTED, "{text}");
        }
    }
}
