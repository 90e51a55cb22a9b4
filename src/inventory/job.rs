//! What runs to its end: the fields of Jobs and CronJobs, named as the API names them.

use super::scalar::{choice, fail, texts};
use crate::kinds;

fn schedule(text: &str) -> Result<(), String> {
    fail(!text.starts_with("TZ=") && !text.starts_with("CRON_TZ="), "the time zone is a field of its own: `timeZone`")?;
    fail(
        kinds::is_schedule(text),
        "minute, hour, day of the month, month, day of the week (`0 3 * * *`), or `@hourly`, `@daily`, `@every 1h`",
    )
}

/// A name of the tz database. Whether the cluster's own copy has it, only the cluster knows.
fn time_zone(text: &str) -> Result<(), String> {
    let part = |part: &str| {
        part.bytes().next().is_some_and(|c| c.is_ascii_alphabetic())
            && part.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'+'))
    };
    // The API refuses `Local`: it would mean whatever the controller's host is set to.
    fail(
        text.split('/').all(part) && !text.eq_ignore_ascii_case("local"),
        "a time zone is a name of the tz database, such as `Europe/Berlin`",
    )
}

texts! {
    /// Cron schedule.
    Schedule: "a schedule such as `0 3 * * *`", schedule, r"^(@(yearly|annually|monthly|weekly|daily|midnight|hourly|every ([0-9.]+(ns|us|ms|s|m|h))+)|[^!-~]*[-*?,/0-9A-Za-z]+([^!-~]+[-*?,/0-9A-Za-z]+){4}[^!-~]*)$";
    /// Name of a time zone.
    TimeZone: "a time zone such as `Europe/Berlin`", time_zone, r"^[A-Za-z][-A-Za-z0-9_+]*(/[A-Za-z][-A-Za-z0-9_+]*)*$";
}

choice! {
    /// What happens when a run is due and the last one has not ended.
    pub enum ConcurrencyPolicy ("`Allow`, `Forbid` or `Replace`") {
        /// Both run.
        Allow = "Allow",
        /// The new one is skipped.
        Forbid = "Forbid",
        /// The old one is ended.
        Replace = "Replace",
    }
}

choice! {
    /// What happens to a pod whose process failed.
    pub enum RestartPolicy ("`Never` or `OnFailure`") {
        /// A new pod takes its place; the old one's log is kept.
        Never = "Never",
        /// The process starts again in the same pod.
        OnFailure = "OnFailure",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_zones() {
        for (text, fine) in [
            ("Europe/Berlin", true),
            ("UTC", true),
            ("America/Argentina/Buenos_Aires", true),
            ("Etc/GMT+3", true),
            ("Local", false),
            ("", false),
            ("Europe/", false),
            ("+01:00", false),
        ] {
            assert_eq!(time_zone(text).is_ok(), fine, "{text}");
        }
    }

    #[test]
    fn a_schedule_with_a_time_zone_is_told_where_it_belongs() {
        assert!(schedule("TZ=UTC 0 3 * * *").is_err_and(|why| why.contains("timeZone")));
        assert!(schedule("0 3 * * *").is_ok() && schedule("0 3 * *").is_err());
    }
}
