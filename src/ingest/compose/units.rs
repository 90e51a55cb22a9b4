//! Numbers with units, as Compose writes them, in the words of Kubernetes; and command lines.

/// Bytes: `512m`, `1.5gb`, `1024`. Units are binary, whatever their case, as Docker takes them.
pub(super) fn bytes(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let shift = match unit.trim() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        "t" | "tb" | "tib" => 40,
        _ => return None,
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let whole = whole.parse::<u64>().ok()?.checked_mul(1 << shift)?;
    if part.is_empty() {
        return Some(whole);
    }
    let digits = part.len().min(9);
    let part = part[..digits].parse::<u64>().ok()?;
    let scale = 10_u64.checked_pow(u32::try_from(digits).ok()?)?;
    whole.checked_add(u64::try_from(u128::from(part) * (1_u128 << shift) / u128::from(scale)).ok()?)
}

/// Bytes as a quantity, in the largest binary unit that leaves a whole number.
pub(super) fn quantity(bytes: u64) -> String {
    for (shift, unit) in [(40, "Ti"), (30, "Gi"), (20, "Mi"), (10, "Ki")] {
        if bytes > 0 && bytes.is_multiple_of(1 << shift) {
            return format!("{}{unit}", bytes >> shift);
        }
    }
    bytes.to_string()
}

/// Thousandths of a processor: `0.5`, `2`.
pub(super) fn millis(text: &str) -> Option<u64> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let whole = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok()? };
    if part.is_empty() {
        return whole.checked_mul(1000);
    }
    if !part.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    // What is less than a thousandth is rounded up: nothing runs on no time at all.
    let rest = part.len() > 3 && part[3..].bytes().any(|c| c != b'0');
    let thousandths = format!("{part:0<3}")[..3].parse::<u64>().ok()? + u64::from(rest);
    whole.checked_mul(1000)?.checked_add(thousandths)
}

/// Thousandths of a processor as a quantity.
pub(super) fn cpu(millis: u64) -> String {
    if millis.is_multiple_of(1000) { (millis / 1000).to_string() } else { format!("{millis}m") }
}

/// Seconds of a duration, rounded up: `1m30s`, `500ms`.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let mut rest = text.trim();
    let mut micros = 0_u64;
    if rest.is_empty() {
        return None;
    }
    if rest.bytes().all(|c| c.is_ascii_digit()) {
        return rest.parse().ok();
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(|c| c.is_ascii_digit() || *c == b'.').count();
        let (number, tail) = rest.split_at(digits);
        let letters = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let unit: u64 = match &tail[..letters] {
            "us" => 1,
            "ms" => 1_000,
            "s" => 1_000_000,
            "m" => 60_000_000,
            "h" => 3_600_000_000,
            _ => return None,
        };
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let whole = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok()? };
        micros = micros.checked_add(whole.checked_mul(unit)?)?;
        if !part.is_empty() {
            let digits = part.len().min(6);
            let scale = 10_u64.checked_pow(u32::try_from(digits).ok()?)?;
            micros = micros.checked_add(part[..digits].parse::<u64>().ok()?.checked_mul(unit)? / scale)?;
        }
        rest = &tail[letters..];
    }
    Some(micros.div_ceil(1_000_000))
}

/// The words of a command line, as Compose splits one that is a text: quotes and backslashes count, nothing
/// else does. `None` if a quote has no end.
pub(super) fn words(text: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut any) = (Vec::new(), String::new(), false);
    let mut chars = text.chars();
    let mut quote = None;
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some('"') | None, '\\') => word.extend(chars.next()),
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => (quote, any) = (Some(c), true),
            (None, c) if c.is_whitespace() => {
                if any || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                any = false;
            }
            (_, c) => word.push(c),
        }
    }
    if any || !word.is_empty() {
        words.push(word);
    }
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_those_of_docker() {
        for (text, expected) in [
            ("512M", "512Mi"),
            ("1g", "1Gi"),
            ("1.5gb", "1536Mi"),
            ("64k", "64Ki"),
            ("1000", "1000"),
            ("50mb", "50Mi"),
            ("2048", "2Ki"),
        ] {
            assert_eq!(bytes(text).map(quantity).as_deref(), Some(expected), "{text}");
        }
        assert_eq!([bytes("x"), bytes("1x"), bytes("99999999999999999999"), bytes("9999999999t")], [None; 4]);
        for (text, expected) in [("0.5", "500m"), ("2", "2"), ("1.25", "1250m"), (".1", "100m"), ("0.0001", "1m")] {
            assert_eq!(millis(text).map(cpu).as_deref(), Some(expected), "{text}");
        }
        for (text, expected) in [
            ("30s", Some(30)),
            ("1m30s", Some(90)),
            ("500ms", Some(1)),
            ("1h", Some(3600)),
            ("1.5s", Some(2)),
            ("x", None),
            ("5", Some(5)),
            ("1d", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn command_lines_are_split_and_not_run() {
        assert_eq!(words("sh -c \"a && b\" 'c d' e\\ f ''").unwrap(), ["sh", "-c", "a && b", "c d", "e f", ""]);
        assert_eq!(words("a 'b"), None);
    }
}
