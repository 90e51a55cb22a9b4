//! The grammars of Kubernetes strings: names, labels, ports, schedules, addresses.
//!
//! Unless said otherwise a grammar is that of `k8s.io/apimachinery/pkg/util/validation`.

/// A set of strings with a name.
#[derive(Debug)]
pub struct Format {
    /// What a member is, in words: `a DNS label`.
    pub name: &'static str,
    /// What members look like, for the user who missed it.
    pub legal: &'static str,
    /// Membership.
    pub test: fn(&str) -> bool,
}

macro_rules! formats {
    ($($(#[$doc:meta])* $ident:ident = $name:literal, $legal:literal, $test:expr;)*) => {
        $($(#[$doc])* pub static $ident: Format = Format { name: $name, legal: $legal, test: $test };)*
    };
}

formats! {
    /// `IsDNS1123Label`.
    DNS_LABEL = "a DNS label", "expected up to 63 lower case letters, digits and `-`, no `-` at either end", dns_label;
    /// `IsDNS1123Subdomain`.
    DNS_SUBDOMAIN = "a DNS subdomain", "expected up to 253 lower case letters, digits, `-` and `.`, each part beginning and ending with a letter or digit", dns_subdomain;
    /// `IsDNS1035Label`: names of Services.
    DNS_1035 = "a DNS label that begins with a letter", "expected up to 63 lower case letters, digits and `-`, beginning with a letter, no `-` at the end", dns_1035;
    /// `IsWildcardDNS1123Subdomain` or `IsDNS1123Subdomain`: hosts of an Ingress.
    HOST = "a host name", "expected a DNS name such as `www.example.com` or `*.example.com`", |text| dns_subdomain(text.strip_prefix("*.").unwrap_or(text));
    /// Names of `CronJob`s: a Job adds eleven characters (`validateCronJobName`).
    CRON_JOB_NAME = "a DNS subdomain of up to 52 characters", "expected up to 52 lower case letters, digits, `-` and `.`: a Job's name is eleven longer", |text| text.len() <= 52 && dns_subdomain(text);
    /// Names of `StatefulSet`s: the pods' label `controller-revision-hash` is the name, `-` and up to ten
    /// characters, and a label's value has 63 at most. The API server takes a longer one; no pod starts.
    STATEFUL_SET_NAME = "a DNS subdomain of up to 52 characters", "expected up to 52 lower case letters, digits, `-` and `.`: a label of its pods is eleven longer", |text| text.len() <= 52 && dns_subdomain(text);
    /// Names of a `Cluster` (`validateName`): its longest Service adds three characters, and labels hold it.
    CNPG_NAME = "a DNS label of up to 50 characters", "expected up to 50 lower case letters, digits and `-`, beginning with a letter, no `-` at the end", |text| text.len() <= 50 && dns_1035(text);
    /// Names of Jobs, which become a label of their pods.
    JOB_NAME = "a DNS subdomain of up to 63 characters", "expected up to 63 lower case letters, digits, `-` and `.`", |text| text.len() <= 63 && dns_subdomain(text);
    /// `IsValidPathSegmentName`: names of RBAC objects.
    PATH_SEGMENT = "a path segment", "expected a name without `/` and `%` that isn't `.` or `..`", |text| !text.is_empty() && !matches!(text, "." | "..") && !text.contains(['/', '%']);
    /// `IsQualifiedName`: keys of labels and annotations, names of resources.
    QUALIFIED = "a qualified name", "expected up to 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends, optionally after a DNS prefix and `/`", qualified;
    /// `IsQualifiedName` of the key in lower case, as `ValidateAnnotations` asks.
    ANNOTATION_KEY = "a qualified name", "expected up to 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends, optionally after a DNS prefix and `/`", |text| qualified(text) || qualified(&text.to_lowercase());
    /// `IsDomainPrefixedPath`: controllers of an `IngressClass`.
    PREFIXED_PATH = "a domain-prefixed path", "expected a DNS subdomain, `/` and a path: `acme.io/ingress-controller`", prefixed_path;
    /// `IsValidLabelValue`.
    LABEL_VALUE = "a label value", "expected up to 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends, or nothing", |text| text.is_empty() || name_part(text);
    /// `IsConfigMapKey`.
    DATA_KEY = "a key of a ConfigMap or Secret", "expected up to 253 letters, digits, `-`, `_` and `.`, not `.` or beginning with `..`", data_key;
    /// `IsRelaxedEnvVarName`, in force since 1.32.
    ENV_NAME = "a name of an environment variable", "expected printable ASCII characters without `=`", env_name;
    /// The prefix of `envFrom`: what an environment variable may begin with, or nothing.
    ENV_PREFIX = "a beginning of an environment variable", "expected printable ASCII characters without `=`", |text| text.is_empty() || env_name(text);
    /// `IsValidPortName` (RFC 6335): ports of containers, and references to them.
    PORT_NAME = "a port name", "expected up to 15 lower case letters, digits and `-`, at least one letter, no `-` at an end or twice in a row", port_name;
    /// `IsHTTPHeaderName`.
    HEADER = "a name of an HTTP header", "expected letters, digits and `-`", |text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    /// `IsValidPercent`.
    PERCENT = "a percentage", "expected a whole number and `%`", |text| percent(text).is_some();
    /// A percentage of something there can't be more of: `IsNotMoreThan100Percent`.
    PERCENT_100 = "a percentage up to `100%`", "expected a whole number up to 100 and `%`", |text| percent(text).is_some_and(|percent| percent <= 100);
    /// `k8s.io/apimachinery/pkg/api/resource`.
    QUANTITY = "a quantity", "expected a number with an optional unit: `250m`, `2`, `1.5`, `512Mi`, `10G`", |text| super::quantity::nanos(text).is_some();
    /// RFC 3339, as `metav1.Time` reads it.
    TIME = "a time", "expected a time such as `2026-01-31T12:00:00Z`", time;
    /// Five fields of `robfig/cron`'s standard parser, or one of its descriptors.
    SCHEDULE = "a cron schedule", "expected minute, hour, day of month, month and day of week, or `@daily` and its like", super::cron::is_schedule;
    /// The same with seconds before the minute, as the older `robfig/cron` reads it (`cron.Parse`).
    SECONDS_SCHEDULE = "a cron schedule with seconds", "expected second, minute, hour, day of month, month and day of week, or `@daily` and its like", super::cron::has_seconds;
    /// `^[1-9][0-9]*[dwm]$`: days, weeks or months.
    CNPG_RETENTION = "a retention", "expected days, weeks or months: `7d`, `4w`, `3m`", |text| {
        let digits = text.strip_suffix(['d', 'w', 'm']).unwrap_or("");
        !digits.is_empty() && !digits.starts_with('0') && digits.bytes().all(|digit| digit.is_ascii_digit())
    };
    /// `time.ParseDuration` without a sign, or what Argo Rollouts puts an argument into.
    ARGO_DURATION = "a duration", "expected numbers with units: `90s`, `5m`, `1h30m`", |text| text.contains("{{") || go_duration(text);
    /// Seconds or a duration: how Argo Rollouts reads a pause.
    ARGO_PAUSE = "a duration", "expected seconds, or numbers with units: `90s`, `5m`, `1h30m`", |text| text.parse::<i32>().is_ok_and(|seconds| seconds >= 0) || go_duration(text);
    /// An IPv4 or IPv6 address.
    IP = "an IP address", "expected an address such as `10.0.0.1` or `2001:db8::1`", |text| text.parse::<std::net::IpAddr>().is_ok();
    /// An address or no address for a Service.
    CLUSTER_IP = "an IP address or `None`", "expected an address, `None`, or nothing at all", |text| text.is_empty() || text == "None" || text.parse::<std::net::IpAddr>().is_ok();
    /// `net.ParseCIDR`.
    CIDR = "a CIDR block", "expected an address and a prefix length: `10.0.0.0/8`", |text| cidr(text).is_some();
    /// An address or a block of them.
    IP_OR_CIDR = "an IP address or a CIDR block", "expected an address such as `10.0.0.1`, or a block such as `10.0.0.0/8`", |text| text.parse::<std::net::IpAddr>().is_ok() || cidr(text).is_some();
    /// A port as text.
    PORT_NUMBER = "a port", "expected a number from 1 to 65535", |text| text.parse::<u16>().is_ok_and(|port| port > 0);
    /// Absolute path: what an Ingress matches.
    ABSOLUTE_PATH = "an absolute path", "expected a path that begins with `/`", |text| text.starts_with('/');
    /// `validateLocalDescendingPath`: paths inside a volume.
    INNER_PATH = "a path inside the volume", "expected a relative path without `..`", |text| !text.starts_with('/') && !text.split('/').any(|part| part == "..");
    /// `IsFullyQualifiedName` with three parts: names of webhooks.
    WEBHOOK_NAME = "a fully qualified name", "expected a DNS name of three parts or more: `check.example.com`", |text| dns_subdomain(text) && text.split('.').count() >= 3;
    /// `IsFullyQualifiedDomainName`-like group of a custom resource.
    GROUP = "an API group", "expected a DNS name with a `.`: `example.com`", |text| dns_subdomain(text) && text.contains('.');
    /// Something rather than nothing.
    NOT_EMPTY = "something", "expected at least one character", |text| !text.is_empty();
}

/// Decimal numbers, each with a unit.
fn go_duration(text: &str) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, tail) = rest.split_at(digits);
        let unit = ["ns", "us", "ms", "h", "m", "s"].into_iter().find(|unit| tail.starts_with(unit));
        let Some(unit) = unit.filter(|_| number.parse::<f64>().is_ok()) else { return false };
        rest = &tail[unit.len()..];
    }
    !text.is_empty()
}

fn alphanumeric(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn dns_part(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!((bytes.first(), bytes.last()), (Some(first), Some(last)) if alphanumeric(*first) && alphanumeric(*last))
        && bytes.iter().all(|byte| alphanumeric(*byte) || *byte == b'-')
}

fn dns_label(text: &str) -> bool {
    text.len() <= 63 && dns_part(text)
}

/// DNS parts joined by dots. One pass: all names and most keys of labels come by here.
fn dns_subdomain(text: &str) -> bool {
    let mut before = b'.';
    let fits = text.bytes().all(|byte| {
        let last = std::mem::replace(&mut before, byte);
        match byte {
            b'-' => last != b'.',
            b'.' => alphanumeric(last),
            byte => alphanumeric(byte),
        }
    });
    fits && alphanumeric(before) && text.len() <= 253
}

fn dns_1035(text: &str) -> bool {
    dns_label(text) && text.starts_with(|c: char| c.is_ascii_lowercase())
}

fn name_part(text: &str) -> bool {
    let bytes = text.as_bytes();
    let ends = matches!((bytes.first(), bytes.last()), (Some(a), Some(z)) if a.is_ascii_alphanumeric() && z.is_ascii_alphanumeric());
    ends && text.len() <= 63
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

fn qualified(text: &str) -> bool {
    match text.bytes().position(|byte| byte == b'/') {
        Some(at) => dns_subdomain(&text[..at]) && name_part(&text[at + 1..]),
        None => name_part(text),
    }
}

fn prefixed_path(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:".contains(&byte);
    text.split_once('/')
        .is_some_and(|(domain, path)| dns_subdomain(domain) && !path.is_empty() && path.bytes().all(unreserved))
}

fn data_key(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 253
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        && text != "."
        && !text.starts_with("..")
}

fn env_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'=')
}

fn port_name(text: &str) -> bool {
    text.len() <= 15 && dns_part(text) && !text.contains("--") && text.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// The number before `%`.
pub(super) fn percent(text: &str) -> Option<u64> {
    let digits = text.strip_suffix('%')?;
    let plain = !digits.is_empty() && digits.len() <= 9 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

/// Whether `text` is a time as RFC 3339 has it.
#[must_use]
pub fn is_time(text: &str) -> bool {
    time(text)
}

fn time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shape = b"0000-00-00T00:00:00";
    if bytes.len() <= shape.len() || !text.is_ascii() {
        return false;
    }
    let fits =
        shape.iter().zip(bytes).all(|(shape, byte)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == shape });
    let rest = &text[shape.len()..];
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    if rest.strip_prefix('.') == Some(zone) {
        return false;
    }
    let offset = |zone: &str| {
        let bytes = zone.as_bytes();
        bytes.len() == 6
            && matches!(bytes[0], b'+' | b'-')
            && bytes[3] == b':'
            && [1, 2, 4, 5].iter().all(|at| bytes[*at].is_ascii_digit())
    };
    fits && (zone == "Z" || offset(zone))
}

/// Network address and prefix length.
pub(super) fn cidr(text: &str) -> Option<(std::net::IpAddr, u8)> {
    let (address, length) = text.split_once('/')?;
    let address: std::net::IpAddr = address.parse().ok()?;
    let plain = !length.is_empty()
        && length.bytes().all(|byte| byte.is_ascii_digit())
        && (length == "0" || !length.starts_with('0'));
    let length: u8 = if plain { length.parse().ok()? } else { return None };
    (length <= if address.is_ipv4() { 32 } else { 128 }).then_some((address, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(format: &Format, members: &[&str], strangers: &[&str]) {
        for text in members {
            assert!((format.test)(text), "`{text}` is {}", format.name);
        }
        for text in strangers {
            assert!(!(format.test)(text), "`{text}` is not {}", format.name);
        }
    }

    #[test]
    fn names() {
        let (fits, long) = ("a".repeat(63), "a".repeat(64));
        all(&DNS_LABEL, &["web", "0", "a-1", &fits], &["", "-a", "a-", "Web", "a.b", "a_b", &long, "ä"]);
        all(&DNS_SUBDOMAIN, &["web", "a.b-c.d"], &["", ".a", "a.", "a..b", "a.-b", "A"]);
        all(&DNS_1035, &["web-1"], &["1-web", "", "web.a"]);
        all(&HOST, &["a.example.com", "*.example.com"], &["*", "*.*.a", "a.*.b", "https://a"]);
        all(&PATH_SEGMENT, &["system:node", "Web_1"], &["", ".", "..", "a/b", "a%b"]);
        all(&PORT_NAME, &["http", "grpc-web", "p2p"], &["", "8080", "a--b", "-a", "a-", "http_1", "sixteen-letters-x"]);
        all(&WEBHOOK_NAME, &["a.b.c"], &["a.b", "a"]);
    }

    #[test]
    fn labels_and_keys() {
        all(&QUALIFIED, &["app", "app.kubernetes.io/name", "A_b.c"], &["", "/a", "a/", "a/b/c", "-a", "Ab/c", "a b"]);
        all(&LABEL_VALUE, &["", "1.0", "Web_2"], &["-", "a b", "a/b", "a:1"]);
        all(&DATA_KEY, &["a.yaml", "_x", ".env", "-"], &["", ".", "..", "..a", "a/b", "a b"]);
        all(&ENV_NAME, &["A", "a.b", "1", "a b"], &["", "A=B", "ä", "a\nb"]);
    }

    #[test]
    fn numbers_and_times() {
        all(&PERCENT, &["0%", "25%", "150%"], &["", "%", "25", "-1%", "+1%", "2.5%", "99999999999%"]);
        all(
            &TIME,
            &["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.5+01:00"],
            &[
                "",
                "2026-01-31",
                "2026-01-31T12:00:00",
                "2026-01-31T12:00:00.Z",
                "2026-01-31 12:00:00Z",
                "2026-01-31T12:00:00ä",
            ],
        );
        all(&CIDR, &["10.0.0.0/8", "::/0"], &["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/08", "10.0.0.0/+8"]);
    }
}
