//! Numbers with units as PromQL writes them, exact to the digit: `5%` is 0.05, `500ms` is 0.5.

use std::fmt;

/// A decimal number: `digits` × 10^-`scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal {
    digits: u128,
    scale: u32,
}

impl Decimal {
    /// The number and the unit behind it; `None` if there is no number or one that is too long.
    #[must_use]
    pub fn split(text: &str) -> Option<(Self, &str)> {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let digits = format!("{whole}{part}");
        let fits = !digits.is_empty() && digits.len() <= 18;
        let digits = digits.parse().ok().filter(|_| fits)?;
        Some((Self { digits, scale: u32::try_from(part.len()).ok()? }, unit))
    }

    /// The value in PromQL's base unit, and what a rate is multiplied with to be in the unit written.
    #[must_use]
    pub fn with_unit(text: &str) -> Option<(Self, u32)> {
        let (number, unit) = Self::split(text)?;
        Some(match unit {
            "" | "s" => (number, 1),
            "%" => (number.shifted(2), 1),
            "ms" => (number.shifted(3), 1),
            "m" => (number.times(60), 1),
            "h" => (number.times(3600), 1),
            "d" => (number.times(86_400), 1),
            "/s" => (number, 1),
            "/m" => (number, 60),
            "/h" => (number, 3600),
            _ => return None,
        })
    }

    /// Seconds of a duration such as `1m30s`.
    #[must_use]
    pub fn seconds(duration: &str) -> Option<Self> {
        const MILLISECONDS: [(&str, u128); 7] = [
            ("ms", 1),
            ("s", 1000),
            ("m", 60_000),
            ("h", 3_600_000),
            ("d", 86_400_000),
            ("w", 604_800_000),
            ("y", 31_536_000_000),
        ];
        let (mut rest, mut total) = (duration, 0_u128);
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let tail = &rest[digits..];
            let letters = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
            let (_, each) = MILLISECONDS.iter().find(|(unit, _)| *unit == &tail[..letters])?;
            total += rest[..digits].parse::<u128>().ok()? * each;
            rest = &tail[letters..];
        }
        Some(Self { digits: total, scale: 3 })
    }

    /// What is left of a hundred percent, as a share of one.
    #[must_use]
    pub fn rest_of_hundred(self) -> Self {
        let hundred = 100 * 10_u128.pow(self.scale);
        Self { digits: hundred.saturating_sub(self.digits), scale: self.scale }.shifted(2)
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// Whether it is a whole number.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.digits.is_multiple_of(10_u128.pow(self.scale))
    }

    /// Whether it is more than another.
    #[must_use]
    pub fn exceeds(self, other: Self) -> bool {
        self.digits * 10_u128.pow(other.scale) > other.digits * 10_u128.pow(self.scale)
    }

    /// Whether it is as much as another, however either is written.
    #[must_use]
    pub fn equals(self, other: Self) -> bool {
        !self.exceeds(other) && !other.exceeds(self)
    }

    /// So many seconds as milliseconds.
    #[must_use]
    pub fn milliseconds(self) -> Self {
        self.times(1000)
    }

    fn shifted(self, places: u32) -> Self {
        Self { scale: self.scale + places, ..self }
    }

    fn times(self, factor: u128) -> Self {
        Self { digits: self.digits * factor, ..self }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = 10_u128.pow(self.scale);
        write!(f, "{}", self.digits / one)?;
        let part = self.digits % one;
        if part == 0 {
            return Ok(());
        }
        let digits = format!("{part:0width$}", width = self.scale as usize);
        write!(f, ".{}", digits.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_exact() {
        for (text, value, factor) in [
            ("5%", "0.05", 1),
            ("0.5%", "0.005", 1),
            ("100%", "1", 1),
            ("500ms", "0.5", 1),
            ("1s", "1", 1),
            ("1.5m", "90", 1),
            ("4d", "345600", 1),
            ("0.1/m", "0.1", 60),
            ("3", "3", 1),
            ("0", "0", 1),
        ] {
            let (number, times) = Decimal::with_unit(text).unwrap();
            assert_eq!((number.to_string().as_str(), times), (value, factor), "{text}");
        }
        assert_eq!(Decimal::with_unit("5x"), None);
    }

    #[test]
    fn durations_and_budgets() {
        assert_eq!(Decimal::seconds("1m30s").unwrap().to_string(), "90");
        assert_eq!(Decimal::seconds("200ms").unwrap().to_string(), "0.2");
        let budget = |text| Decimal::split(text).unwrap().0.rest_of_hundred().to_string();
        assert_eq!(
            (budget("99.9%").as_str(), budget("99%").as_str(), budget("99.99%").as_str()),
            ("0.001", "0.01", "0.0001")
        );
        let seconds = |text| Decimal::seconds(text).unwrap();
        assert!(seconds("1m").exceeds(seconds("59s999ms")) && !seconds("60s").exceeds(seconds("1m")));
    }
}
