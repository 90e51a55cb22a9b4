//! Quantities, compared exactly: `1` is `1000m`, `1Gi` is more than `1G`.

/// The value of a quantity in billionths, the finest the API keeps (finer ones round away from
/// zero); `None` if the text isn't one. Too large ones saturate, which keeps comparisons true.
///
/// Grammar: apimachinery `pkg/api/resource/quantity.go`.
#[must_use]
pub fn nanos(text: &str) -> Option<i128> {
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (number, suffix) = rest.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.contains('.') || whole.len() + fraction.len() == 0 {
        return None;
    }
    let (factor, power) = scale(suffix)?;
    let digits = whole.trim_start_matches('0').bytes().chain(fraction.bytes());
    let mut mantissa: i128 = 0;
    for digit in digits {
        mantissa = mantissa.saturating_mul(10).saturating_add(i128::from(digit - b'0'));
    }
    let power = power.saturating_add(9).saturating_sub(i32::try_from(fraction.len()).unwrap_or(i32::MAX));
    let scaled = mantissa.saturating_mul(factor);
    let value = if power >= 0 { up(scaled, power) } else { down(scaled, power.unsigned_abs()) };
    Some(if negative { -value } else { value })
}

/// Billionths as a quantity that people read: the largest binary unit that leaves a whole number, else thousandths.
#[must_use]
pub fn of_nanos(nanos: i128) -> String {
    const ONE: i128 = 1_000_000_000;
    if nanos % ONE != 0 {
        return match nanos % 1_000_000 {
            0 => format!("{}m", nanos / 1_000_000),
            _ => format!("{nanos}n"),
        };
    }
    let whole = nanos / ONE;
    let units = [(40, "Ti"), (30, "Gi"), (20, "Mi"), (10, "Ki")];
    let unit = units.iter().find(|(shift, _)| whole != 0 && whole % (1_i128 << shift) == 0);
    unit.map_or_else(|| whole.to_string(), |(shift, unit)| format!("{}{unit}", whole >> shift))
}

fn up(value: i128, power: i32) -> i128 {
    if value == 0 {
        return 0;
    }
    (0..power.min(40)).fold(value, |value, _| value.saturating_mul(10))
}

fn down(value: i128, power: u32) -> i128 {
    10_i128.checked_pow(power).map_or(i128::from(value != 0), |divisor| {
        let rest = i128::from(value % divisor != 0);
        value / divisor + rest
    })
}

/// What a suffix multiplies by: a factor, and a power of ten.
fn scale(suffix: &str) -> Option<(i128, i32)> {
    let plain = |power| Some((1, power));
    let binary = |shift: u32| Some((1_i128 << shift, 0));
    match suffix {
        "" => plain(0),
        "n" => plain(-9),
        "u" => plain(-6),
        "m" => plain(-3),
        "k" => plain(3),
        "M" => plain(6),
        "G" => plain(9),
        "T" => plain(12),
        "P" => plain(15),
        "E" => plain(18),
        "Ki" => binary(10),
        "Mi" => binary(20),
        "Gi" => binary(30),
        "Ti" => binary(40),
        "Pi" => binary(50),
        "Ei" => binary(60),
        _ => {
            let exponent = suffix.strip_prefix(['e', 'E'])?;
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            let legal = !digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
            if legal { Some((1, exponent.parse().ok()?)) } else { None }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_was_read() {
        for (text, written) in [
            ("1536Mi", "1536Mi"),
            ("1024Mi", "1Gi"),
            ("0.5", "500m"),
            ("2", "2"),
            ("0", "0"),
            ("1n", "1n"),
            ("1G", "1000000000"),
        ] {
            let read = nanos(text).unwrap();
            assert_eq!((of_nanos(read).as_str(), nanos(written)), (written, Some(read)), "{text}");
        }
    }
    use proptest::prelude::*;

    #[test]
    fn equal_quantities_are_equal() {
        for (a, b) in [
            ("1", "1000m"),
            ("1.5", "1500m"),
            ("1Gi", "1024Mi"),
            ("1e3", "1k"),
            (".5", "0.50"),
            ("1.", "1"),
            ("1E", "1e18"),
            ("-1", "-1000m"),
            ("0.5Gi", "512Mi"),
            ("0.1n", "1n"),
        ] {
            assert_eq!(nanos(a).unwrap(), nanos(b).unwrap(), "{a} = {b}");
        }
        assert!(nanos("1Gi") > nanos("1G") && nanos("999Ei") > nanos("1") && nanos("1e-99") == nanos("1n"));
    }

    #[test]
    fn strangers_are_refused() {
        for text in [
            "", "-", ".", "1.2.3", "1 Gi", "1GI", "1gb", "Gi", "1e", "1e+", "0x1", "1_000", "1K", "١", "1mi", "--1",
            "+-1", "NaN", "inf",
        ] {
            assert_eq!(nanos(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn order_is_that_of_numbers(a in -1_000_000_i64..1_000_000, b in -1_000_000_i64..1_000_000) {
            prop_assert_eq!(nanos(&a.to_string()).cmp(&nanos(&format!("{b}000m"))), a.cmp(&b));
        }

        #[test]
        fn no_text_panics(text in "[-+.0-9eEinumkKMGTP]{0,60}") {
            let _ = nanos(&text);
        }
    }
}
