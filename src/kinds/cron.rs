//! Cron schedules as the `CronJob` controller reads them (`robfig/cron/v3`, `ParseStandard`).

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// Whether `text` is a schedule. A `TZ=` prefix is none: the API refuses it in favour of `timeZone`.
#[must_use]
pub fn is_schedule(text: &str) -> bool {
    if let Some(descriptor) = text.strip_prefix('@') {
        let named = ["yearly", "annually", "monthly", "weekly", "daily", "midnight", "hourly"];
        return named.contains(&descriptor) || descriptor.strip_prefix("every ").is_some_and(is_duration);
    }
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else { return false };
    is_field(minute, 0, 59, &[], 0)
        && is_field(hour, 0, 23, &[], 0)
        && is_field(day, 1, 31, &[], 0)
        && is_field(month, 1, 12, MONTHS, 1)
        && is_field(weekday, 0, 6, DAYS, 0)
}

/// Whether `text` is a schedule whose first field are seconds.
#[must_use]
pub(super) fn has_seconds(text: &str) -> bool {
    if text.starts_with('@') {
        return is_schedule(text);
    }
    let Some((seconds, rest)) = text.trim_start().split_once(char::is_whitespace) else { return false };
    is_field(seconds, 0, 59, &[], 0) && is_schedule(rest) && !rest.trim_start().starts_with('@')
}

/// A schedule of five fields as one of six, at the full minute. Descriptors are written out, save those that count
/// from when somebody began to watch.
#[must_use]
pub fn with_seconds(text: &str) -> String {
    let fields = match text {
        "@yearly" | "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" | "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        every if every.starts_with('@') => return every.to_owned(),
        fields => fields,
    };
    let fields: Vec<&str> = fields.split_whitespace().collect();
    format!("0 {}", fields.join(" "))
}

/// A list of `*`, `?`, values and ranges, each with an optional step.
fn is_field(text: &str, min: u32, max: u32, names: &[&str], first: u32) -> bool {
    let value = |text: &str| -> Option<u32> {
        let position = names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let number = match position {
            Some(at) => u32::try_from(at).ok()? + first,
            None => number(text)?,
        };
        (min..=max).contains(&number).then_some(number)
    };
    text.split(',').all(|part| {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, number(step).is_some_and(|step| step > 0)),
            None => (part, true),
        };
        let range = match range.split_once('-') {
            _ if matches!(range, "*" | "?") => true,
            Some((from, to)) => matches!((value(from), value(to)), (Some(from), Some(to)) if from <= to),
            None => value(range).is_some(),
        };
        step && range
    })
}

fn number(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// Go's `time.ParseDuration`, positive: `1h30m`.
fn is_duration(text: &str) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let number = &rest[..rest.len() - digits.len()];
        if number.parse::<f64>().is_err() {
            return false;
        }
        let unit = ["ns", "us", "ms", "s", "m", "h"].iter().find_map(|unit| digits.strip_prefix(unit));
        let Some(left) = unit else { return false };
        rest = left;
    }
    !text.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_come_first() {
        for (five, six) in [
            ("30 3 * * 1-5", "0 30 3 * * 1-5"),
            ("0  2 * * *", "0 0 2 * * *"),
            ("@daily", "0 0 0 * * *"),
            ("@weekly", "0 0 0 * * 0"),
            ("@every 6h", "@every 6h"),
        ] {
            assert_eq!(with_seconds(five), six);
            assert!(has_seconds(six), "{six}");
        }
        for text in ["30 3 * * 1-5", "60 0 3 * * *", "0 0 24 * * *", "", "0", "0 @daily"] {
            assert!(!has_seconds(text), "{text}");
        }
    }

    #[test]
    fn schedules() {
        for text in
            ["0 2 * * *", "*/15 0-6,20-23 1 jan-mar MON", "@daily", "@every 1h30m", "5/10 * ? * 0", "0  2 * * *"]
        {
            assert!(is_schedule(text), "{text}");
        }
        for text in [
            "",
            "0 2 * *",
            "0 2 * * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 7",
            "*/0 * * * *",
            "5-1 * * * *",
            "@often",
            "@every",
            "@every x",
            "TZ=UTC 0 2 * * *",
            "a * * * *",
            "1,,2 * * * *",
            "-1 * * * *",
        ] {
            assert!(!is_schedule(text), "{text}");
        }
    }
}
