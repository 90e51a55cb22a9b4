//! The Kubernetes versions platgen knows: a platform names the oldest it must run on.

use std::fmt;
use std::str::FromStr;

/// A minor version of Kubernetes: 1.33, 1.34 …
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    minor: u8,
}

impl Version {
    /// The oldest version whose differences from the newest are in the tables.
    pub const OLDEST: Self = Self::minor(33);
    /// The version whose types are compiled in.
    pub const NEWEST: Self = Self::minor(37);

    /// Kubernetes 1.`minor`.
    #[must_use]
    pub const fn minor(minor: u8) -> Self {
        Self { minor }
    }

    /// All known versions, oldest first.
    pub fn all() -> impl Iterator<Item = Self> {
        (Self::OLDEST.minor..=Self::NEWEST.minor).map(Self::minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.minor)
    }
}

/// The text is not a version between [`Version::OLDEST`] and [`Version::NEWEST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownVersion;

impl fmt::Display for UnknownVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected a Kubernetes version from `{}` to `{}`", Version::OLDEST, Version::NEWEST)
    }
}

impl std::error::Error for UnknownVersion {}

impl FromStr for Version {
    type Err = UnknownVersion;

    /// Reads `1.34`, also `v1.34`; a patch level is not part of what a platform promises.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let minor = text.strip_prefix('v').unwrap_or(text).strip_prefix("1.").ok_or(UnknownVersion)?;
        let known = Self::all().find(|version| version.minor.to_string() == minor);
        known.ok_or(UnknownVersion)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_read_back_and_strangers_are_refused() {
        for version in Version::all() {
            assert_eq!(version.to_string().parse(), Ok(version));
        }
        for text in ["1.32", "1.38", "1.033", "2.33", "1", "", "1.34.1", "1.+34"] {
            assert_eq!(text.parse::<Version>(), Err(UnknownVersion), "{text}");
        }
    }
}
