//! What keeps a database in order: its exporter, its backups.

use super::access::ServiceAccount;
use super::concept::{At, concept};
use super::external::{Cidr, Host};
use super::gateway::HttpUrl;
use super::job::{Schedule, TimeZone};
use super::scalar::{Flag, ObjectName, Port, Quantity, choice, fail, texts};
use super::service::Image;
use super::workload::Resources;
use crate::kinds::is_time;

choice! {
    /// Who runs a database.
    pub enum DatabaseMode ("`statefulset`, `cloudnative-pg` or `managed`") {
        /// The platform: one pod that writes, on a volume.
        StatefulSet = "statefulset",
        /// CloudNativePG, an operator in the cluster: one pod that writes, others that replicate it and take over.
        CloudNativePg = "cloudnative-pg",
        /// Somebody else, such as a cloud: it is called, and nothing runs here but its exporter and backups.
        Managed = "managed",
    }
}

concept! {
    /// A database that somebody else runs, with `mode: managed`.
    pub struct Managed {
        /// Its host.
        host: At<Host>,
        /// Its port; the service's own unless given.
        port: Option<At<Port>>,
        /// Ranges its addresses are in: NetworkPolicies can't name hosts.
        cidrs: Vec<At<Cidr>>,
    }
}

concept! {
    /// What a database begins with in place of nothing, with `mode: cloudnative-pg`: the backups of another in
    /// the bucket of its own. Read when the database is made, and never again.
    pub struct Recovery {
        /// The database whose backups they are, as it is called in the bucket: the name of its service.
        from: At<ObjectName>,
        /// The moment to stop at; the end of what was archived unless given.
        target_time: Option<At<Moment>>,
    }
}

concept! {
    /// A container beside `postgres` or `redis` that tells Prometheus what the engine's own statistics
    /// say. Short form: whether there is one.
    pub struct Exporter short "enabled"; {
        /// Whether there is one; there is unless this is `false`.
        enabled: Option<At<Flag>>,
        /// Its image; a pinned one unless given, field by field.
        image: Option<Image>,
        /// Its port; 9187 for PostgreSQL, 9121 for Redis.
        port: Option<At<Port>>,
        /// What it asks for; enough for a small helper unless given.
        resources: Option<Resources>,
    }
}

concept! {
    /// Dumps of a PostgreSQL database on a schedule, and a job that restores one.
    pub struct Backup {
        /// When a dump is made.
        schedule: At<Schedule>,
        /// Time zone of the schedule; the controller's unless given, which is mostly UTC.
        time_zone: Option<At<TimeZone>>,
        /// How long a dump is kept; `7d` unless given. The newest is kept whatever its age.
        retention: Option<At<Retention>>,
        /// Where dumps go; `volume` unless given.
        to: Option<At<BackupTarget>>,
        /// The volume, with `to: volume`.
        volume: Option<BackupVolume>,
        /// The bucket, with `to: s3`.
        s3: Option<S3>,
        /// Whether no dumps are made for now.
        suspend: Option<At<Flag>>,
        /// What the dumping and restoring containers ask for.
        resources: Option<Resources>,
        /// The account that the pods run as, such as one that a cloud role stands for.
        service_account: Option<ServiceAccount>,
    }
}

concept! {
    /// Snapshots of a volume on a schedule, for which the cluster has a CSI driver and its snapshot
    /// controller.
    pub struct Snapshots {
        /// When one is made.
        schedule: At<Schedule>,
        /// Time zone of the schedule; the controller's unless given, which is mostly UTC.
        time_zone: Option<At<TimeZone>>,
        /// How long one is kept; `7d` unless given. The newest is kept whatever its age.
        retention: Option<At<Retention>>,
        /// VolumeSnapshotClass; the default one of the volume's driver unless given.
        class: Option<At<ObjectName>>,
        /// Whether none are made for now.
        suspend: Option<At<Flag>>,
    }
}

choice! {
    /// Where dumps go.
    pub enum BackupTarget ("`volume` or `s3`") {
        /// To a persistent volume of their own, `<service>-backup`.
        Volume = "volume",
        /// To a bucket that speaks S3.
        S3 = "s3",
    }
}

concept! {
    /// The volume that dumps are kept on. Short form: its size.
    pub struct BackupVolume short "size"; {
        /// Its size; that of the database's own unless given.
        size: Option<At<Quantity>>,
        /// StorageClass; the cluster's default unless given.
        storage_class_name: Option<At<ObjectName>>,
    }
}

concept! {
    /// A bucket that speaks S3.
    pub struct S3 {
        /// Its name.
        bucket: At<Bucket>,
        /// What names of dumps begin with, such as `shop/production`.
        prefix: Option<At<KeyPrefix>>,
        /// Region; needed without `endpoint`.
        region: Option<At<Region>>,
        /// URL of what serves it; Amazon's of the region unless given. Its host can be a service of the
        /// platform, by its name or with its namespace, or one outside.
        endpoint: Option<At<HttpUrl>>,
        /// Ranges its addresses are in: NetworkPolicies can't name hosts.
        cidrs: Vec<At<Cidr>>,
        /// Secret with the keys `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; the account's cloud
        /// role unless given.
        secret: Option<At<ObjectName>>,
        /// Image with the AWS CLI and a shell; a pinned one unless given, field by field.
        image: Option<Image>,
        /// Largest dump on its way; the size of the database's volume unless given.
        scratch: Option<At<Quantity>>,
    }
}

fn moment(text: &str) -> Result<(), String> {
    fail(is_time(text), "a moment is written as `2026-01-31T12:00:00Z`")
}

fn retention(text: &str) -> Result<(), String> {
    fail(minutes(text).is_some(), "a retention is a whole number of hours, days or weeks up to 9999: `36h`, `7d`, `4w`")
}

/// A retention in minutes.
fn minutes(text: &str) -> Option<i64> {
    let unit = match text.as_bytes().last()? {
        b'h' => 60,
        b'd' => 24 * 60,
        b'w' => 7 * 24 * 60,
        _ => return None,
    };
    let digits = &text[..text.len() - 1];
    let fine =
        (1..=4).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit()) && !digits.starts_with('0');
    Some(digits.parse::<i64>().ok().filter(|_| fine)? * unit)
}

/// Amazon's rules for general purpose buckets, without dots: they break certificates.
fn bucket(text: &str) -> Result<(), String> {
    let fine = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    let ends = text.bytes().next().zip(text.bytes().last()).is_some_and(|(first, last)| first != b'-' && last != b'-');
    fail(
        (3..=63).contains(&text.len()) && text.bytes().all(fine) && ends,
        "a bucket's name holds 3 to 63 lower-case letters, digits and `-`, and begins and ends with one of the first two",
    )
}

fn key_prefix(text: &str) -> Result<(), String> {
    let part = |part: &str| !part.is_empty() && part != "." && part != "..";
    let fine = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.' | b'/');
    fail(
        text.len() <= 512 && text.bytes().all(fine) && text.split('/').all(part),
        "a prefix is folders with `/` between them, none before or behind: `shop/production`",
    )
}

fn region(text: &str) -> Result<(), String> {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    fail(text.len() <= 63 && text.split('-').all(part), "a region is called as in `eu-west-1`")
}

texts! {
    /// How long something is kept.
    Retention: "a retention such as `7d`", retention, r"^[1-9][0-9]{0,3}[hdw]$";
    /// A moment, to the second.
    Moment: "a moment such as `2026-01-31T12:00:00Z`", moment, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$";
    /// Name of a bucket.
    Bucket: "a bucket's name such as `shop-backups`", bucket, r"^[a-z0-9][-a-z0-9]{1,61}[a-z0-9]$";
    /// What keys of a bucket begin with.
    KeyPrefix: "a prefix such as `shop/production`", key_prefix, r"^[-A-Za-z0-9_.]+(/[-A-Za-z0-9_.]+)*$";
    /// Region of a cloud.
    Region: "a region such as `eu-west-1`", region, r"^[a-z0-9]+(-[a-z0-9]+)*$";
}

impl Retention {
    /// Its length.
    #[must_use]
    pub fn minutes(&self) -> i64 {
        minutes(&self.0).unwrap_or_default()
    }

    /// Whether it is in whole days or weeks.
    #[must_use]
    pub fn is_in_days(&self) -> bool {
        self.0.ends_with(['d', 'w'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retentions() {
        for (text, length) in [
            ("7d", Some(10_080)),
            ("36h", Some(2160)),
            ("4w", Some(40_320)),
            ("1h", Some(60)),
            ("9999w", Some(100_789_920)),
        ] {
            assert_eq!(minutes(text), length, "{text}");
        }
        for bad in ["", "d", "0d", "07d", "7", "7m", "1d12h", "-1d", "10000d", "7D", "+7d", "7 d"] {
            assert!(retention(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn buckets_and_prefixes() {
        for (text, fine) in [("shop-backups", true), ("a1", false), ("-ab", false), ("ab-", false), ("a.b.c", false)] {
            assert_eq!(bucket(text).is_ok(), fine, "{text}");
        }
        for (text, fine) in
            [("shop", true), ("shop/prod.1", true), ("/shop", false), ("shop/", false), ("a/../b", false)]
        {
            assert_eq!(key_prefix(text).is_ok(), fine, "{text}");
        }
    }
}
