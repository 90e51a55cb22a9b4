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

/// A name of the tz database: the API refuses others.
fn time_zone(text: &str) -> Result<(), String> {
    if kinds::is_time_zone(text) { Ok(()) } else { Err(kinds::time_zone_like(text)) }
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
            ("Europe/Berlim", false),
        ] {
            assert_eq!(time_zone(text).is_ok(), fine, "{text}");
        }
    }

    #[test]
    fn a_misspelt_time_zone_is_told_which_it_is() {
        assert_eq!(time_zone("Europe/Berlim"), Err("did you mean `Europe/Berlin`?".to_owned()));
    }

    #[test]
    fn a_schedule_with_a_time_zone_is_told_where_it_belongs() {
        assert!(schedule("TZ=UTC 0 3 * * *").is_err_and(|why| why.contains("timeZone")));
        assert!(schedule("0 3 * * *").is_ok() && schedule("0 3 * *").is_err());
    }
}
