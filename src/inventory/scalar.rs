//! The scalars of the inventory: what each looks like and who says so.
//!
//! A scalar is checked where it is written, in every layer, so what reaches a [`crate::plan`] is
//! known to be good.

use super::concept::{Decode, Decoder, Shape};
use crate::source::{Node, Value};
use std::ops::Range;

/// Which bytes of a text are wrong.
pub type Points = fn(&str) -> Option<Range<usize>>;

/// What a scalar may be.
#[derive(Debug)]
pub struct Scalar {
    /// Its name on the reference page.
    pub name: &'static str,
    /// Completes "expected …".
    pub expected: &'static str,
    /// Its type.
    pub kind: ScalarKind,
    /// Why a text is not legal; `Ok` if it is. Numbers come as their canonical text.
    pub check: fn(&str) -> Result<(), String>,
    /// What `check` lets pass, as a regular expression that JavaScript and Rust read alike: for
    /// editors. It may let pass a little more, never less.
    pub pattern: Option<&'static str>,
    /// Which bytes of a text `check` refuses it for, where it can tell.
    pub points: Option<Points>,
}

/// The type of a scalar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ScalarKind {
    /// Text; a number or boolean is taken as its author spelled it.
    Text,
    /// A whole number in this range.
    Int(i64, i64),
    /// `true` or `false`.
    Bool,
    /// A whole number, or text (`25%`).
    IntOrText,
    /// One of these texts.
    Choice(&'static [&'static str]),
}

/// A type with the rule of its scalar.
pub trait ScalarType {
    /// The rule.
    const SCALAR: &'static Scalar;
}

#[expect(clippy::unnecessary_wraps, reason = "a check like the others")]
fn anything(_: &str) -> Result<(), String> {
    Ok(())
}

pub(super) fn fail(fine: bool, why: &str) -> Result<(), String> {
    if fine { Ok(()) } else { Err(why.to_owned()) }
}

/// DNS-1123 label (RFC 1123): what namespaces, services and containers are called.
fn dns_label(text: &str) -> Result<(), String> {
    let inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let bytes = text.as_bytes();
    fail(!bytes.is_empty() && bytes.len() <= 63, "a name has 1 to 63 characters")?;
    fail(
        bytes.iter().all(|c| inner(*c) || *c == b'-') && inner(bytes[0]) && inner(bytes[bytes.len() - 1]),
        "a name holds lower-case letters, digits and `-`, and begins and ends with a letter or digit",
    )
}

/// A name that becomes a Service's: a DNS-1035 label, which begins with a letter.
fn service_name(text: &str) -> Result<(), String> {
    dns_label(text)?;
    fail(text.as_bytes()[0].is_ascii_lowercase(), "a service's name begins with a letter: it becomes a DNS name")
}

/// DNS-1123 subdomain: labels joined by dots, up to 253 characters.
pub(super) fn dns_subdomain(text: &str) -> Result<(), String> {
    fail(text.len() <= 253, "a name has at most 253 characters")?;
    text.split('.').try_for_each(dns_label)
}

/// IANA service name (RFC 6335): what container ports are called.
fn port_name(text: &str) -> Result<(), String> {
    dns_label(text)?;
    fail(text.len() <= 15, "a port's name has at most 15 characters (RFC 6335)")?;
    fail(text.bytes().any(|c| c.is_ascii_lowercase()), "a port's name holds at least one letter (RFC 6335)")?;
    fail(!text.contains("--"), "a port's name holds no `--` (RFC 6335)")
}

/// Environment variable: what `$(VAR)` can name and every shell can read.
fn env_name(text: &str) -> Result<(), String> {
    let first = text.bytes().next().is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, b'_' | b'-' | b'.'));
    fail(
        first && text.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.')),
        "a variable's name holds letters, digits, `_`, `-` and `.`, and does not begin with a digit",
    )
}

/// ConfigMap and Secret key.
fn config_key(text: &str) -> Result<(), String> {
    fail(
        !text.is_empty()
            && text.len() <= 253
            && text != "."
            && !text.starts_with("..")
            && text.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.')),
        "a key holds letters, digits, `-`, `_` and `.`, up to 253 of them, and does not begin with `..`",
    )
}

/// The part of a label key behind its prefix, and a label value that is not empty.
fn label_word(text: &str) -> bool {
    let bytes = text.as_bytes();
    !bytes.is_empty()
        && bytes.len() <= 63
        && bytes.iter().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.'))
        && bytes[0].is_ascii_alphanumeric()
        && bytes[bytes.len() - 1].is_ascii_alphanumeric()
}

/// Qualified name: label and annotation keys.
pub(super) fn qualified_name(text: &str) -> Result<(), String> {
    let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
    if prefix.is_some_and(|prefix| dns_subdomain(prefix).is_err()) {
        return Err("the part before `/` is a DNS name".to_owned());
    }
    fail(
        label_word(name),
        "it holds up to 63 letters, digits, `-`, `_` and `.`, begins and ends with a letter or digit, and may have a DNS name and `/` before it",
    )
}

fn label_value(text: &str) -> Result<(), String> {
    fail(
        text.is_empty() || label_word(text),
        "a label's value holds up to 63 letters, digits, `-`, `_` and `.`, and begins and ends with a letter or digit",
    )
}

fn absolute_path(text: &str) -> Result<(), String> {
    fail(text.starts_with('/'), "a path begins with `/`")?;
    fail(!text.split('/').any(|part| part == ".."), "a path holds no `..`")?;
    fail(!text.contains(':'), "a path holds no `:`")
}

fn relative_path(text: &str) -> Result<(), String> {
    fail(!text.starts_with('/'), "a path beneath a folder does not begin with `/`")?;
    fail(!text.contains('\\'), "parts of a path are separated by `/`")?;
    fail(!text.split('/').any(|part| matches!(part, "" | "." | "..")), "a path holds no `.`, no `..` and no empty part")
}

fn url_path(text: &str) -> Result<(), String> {
    fail(text.starts_with('/'), "a path begins with `/`")?;
    fail(text.bytes().all(|c| c.is_ascii_graphic()), "a path holds no spaces; write them as `%20`")
}

/// Quantity, of the grammar in `k8s.io/apimachinery/pkg/api/resource`.
fn quantity(text: &str) -> Result<(), String> {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = body.bytes().take_while(|c| c.is_ascii_digit() || *c == b'.').count();
    let (number, suffix) = body.split_at(digits);
    let number_ok = number.bytes().any(|c| c.is_ascii_digit()) && number.matches('.').count() <= 1;
    let suffix_ok = matches!(
        suffix,
        "" | "n" | "u" | "m" | "k" | "M" | "G" | "T" | "P" | "E" | "Ki" | "Mi" | "Gi" | "Ti" | "Pi" | "Ei"
    ) || suffix.strip_prefix(['e', 'E']).is_some_and(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && exponent.len() <= 2 && exponent.bytes().all(|c| c.is_ascii_digit())
    });
    fail(number_ok && suffix_ok, "a quantity is a number and a unit: `m`, `k`, `M`, `G`, `Ki`, `Mi`, `Gi` …")?;
    fail(!text.starts_with('-'), "a quantity here is not negative")
}

/// Prometheus and Go duration: `15s`, `1m30s`.
fn duration(text: &str) -> Result<(), String> {
    const WHY: &str = "a duration is numbers with units, large ones first: `15s`, `1m30s`, `500ms`";
    let units = ["y", "w", "d", "h", "m", "s", "ms"];
    let (mut rest, mut last) = (text, None);
    fail(!rest.is_empty(), WHY)?;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        fail(digits > 0 && digits < 10, WHY)?;
        let tail = &rest[digits..];
        let letters = tail.bytes().take_while(u8::is_ascii_alphabetic).count();
        let unit = units.iter().position(|unit| *unit == &tail[..letters]);
        fail(unit.is_some() && unit > last, WHY)?;
        last = unit;
        rest = &tail[letters..];
    }
    Ok(())
}

fn int_or_percent(text: &str) -> Result<(), String> {
    let digits = text.strip_suffix('%').unwrap_or(text);
    fail(
        !digits.is_empty() && digits.len() <= 9 && digits.bytes().all(|c| c.is_ascii_digit()),
        "it is a whole number of pods, or a share such as `25%`",
    )?;
    fail(!text.ends_with('%') || digits.parse::<u32>().is_ok_and(|share| share <= 100), "a share is at most `100%`")
}

fn tag(text: &str) -> Result<(), String> {
    let first = text.bytes().next().is_some_and(|c| c.is_ascii_alphanumeric() || c == b'_');
    fail(
        first
            && text.len() <= 128
            && text.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.')),
        "a tag holds up to 128 letters, digits, `-`, `_` and `.`",
    )
}

fn digest(text: &str) -> Result<(), String> {
    fail(
        text.split_once(':').is_some_and(|(kind, hex)| {
            matches!((kind, hex.len()), ("sha256", 64) | ("sha512", 128)) && hex.bytes().all(|c| c.is_ascii_hexdigit())
        }),
        "a digest is `sha256:` and 64 hexadecimal digits",
    )
}

fn kubernetes_version(text: &str) -> Result<(), String> {
    let minor = text.strip_prefix("1.").and_then(|minor| minor.parse::<u8>().ok());
    fail(minor.is_some_and(|minor| (33..=37).contains(&minor)), "versions 1.33 to 1.37 are known")
}

/// Resource of a container: the API refuses names it doesn't know unless they have a domain.
fn resource_name(text: &str) -> Result<(), String> {
    let known = matches!(text, "cpu" | "memory" | "ephemeral-storage") || text.starts_with("hugepages-");
    fail(
        known || (text.contains('/') && qualified_name(text).is_ok()),
        "a container's resources are `cpu`, `memory`, `ephemeral-storage`, `hugepages-…` and names with a domain such as `nvidia.com/gpu`",
    )
}

fn identifier(text: &str) -> Result<(), String> {
    let first = text.bytes().next().is_some_and(|c| c.is_ascii_lowercase() || c == b'_');
    fail(
        first && text.len() <= 63 && text.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_'),
        "it holds up to 63 lower-case letters, digits and `_`: a PostgreSQL name that needs no quotes",
    )
}

fn not_empty(text: &str) -> Result<(), String> {
    fail(!text.is_empty(), "it is empty")
}

/// Declares texts, each with its rule.
macro_rules! texts {
    ($($(#[doc = $doc:literal])* $type:ident: $expected:literal, $check:path $(, $pattern:literal)?;)*) => {
        $(
            $(#[doc = $doc])*
            #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
            pub struct $type(pub $crate::source::Str);

            impl $crate::inventory::scalar::ScalarType for $type {
                const SCALAR: &'static $crate::inventory::scalar::Scalar = &$crate::inventory::scalar::Scalar {
                    name: stringify!($type),
                    expected: $expected,
                    kind: $crate::inventory::scalar::ScalarKind::Text,
                    check: $check,
                    pattern: [$(Some($pattern),)? None][0],
                    points: None,
                };
            }

            impl std::ops::Deref for $type {
                type Target = str;

                fn deref(&self) -> &str {
                    &self.0
                }
            }

            impl std::fmt::Display for $type {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(&self.0)
                }
            }

            impl $crate::inventory::concept::Decode for $type {
                const SHAPE: &'static $crate::inventory::concept::Shape = &$crate::inventory::concept::Shape::Scalar(
                    <Self as $crate::inventory::scalar::ScalarType>::SCALAR,
                );

                fn decode(
                    node: &$crate::source::Node,
                    _: &mut $crate::inventory::concept::Decoder<'_>,
                ) -> Option<Self> {
                    node.as_str().map(|text| Self(text.into()))
                }
            }
        )*
    };
}

texts! {
    /// Any text.
    Text: "text", anything;
    /// Text that is not empty.
    Word: "text that is not empty", not_empty, r"[\s\S]";
    /// DNS-1123 label.
    Name: "a name such as `orders`", dns_label, r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";
    /// DNS-1035 label: the name of a service.
    ServiceName: "a name such as `orders`", service_name, r"^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$";
    /// DNS-1123 subdomain: the name of an object.
    ObjectName: "a name such as `orders-tls`", dns_subdomain, r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$";
    /// Domain: DNS-1123 subdomain.
    Domain: "a domain such as `example.com`", dns_subdomain, r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$";
    /// IANA service name.
    PortName: "a port's name such as `http`", port_name, r"^[a-z0-9](-?[a-z0-9]){0,14}$";
    /// Name of an environment variable.
    EnvName: "a variable's name such as `LOG_LEVEL`", env_name, r"^[A-Za-z_.-][A-Za-z0-9_.-]*$";
    /// Key of a ConfigMap or Secret.
    ConfigKey: "a key such as `app.yaml`", config_key, r"^(\.[-A-Za-z0-9_][-A-Za-z0-9_.]{0,251}|[-A-Za-z0-9_][-A-Za-z0-9_.]{0,252})$";
    /// Key of a label or annotation.
    LabelKey: "a key such as `example.com/team`", qualified_name, r"^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$";
    /// Value of a label.
    LabelValue: "a label's value", label_value, r"^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$";
    /// Absolute path in a container.
    FilePath: "a path such as `/var/lib/data`", absolute_path, r"^/[^:]*$";
    /// Path of a file beneath a folder.
    RelativePath: "a path such as `orders/limits.yaml`", relative_path, r"^[^/][^\\]*$";
    /// Path of a URL.
    UrlPath: "a path such as `/healthz`", url_path, r"^/[!-~]*$";
    /// Resource quantity.
    Quantity: "a quantity such as `500m` or `2Gi`", quantity, r"^\+?([0-9]+\.?[0-9]*|\.[0-9]+)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?[0-9]{1,2})?$";
    /// Duration.
    Duration: "a duration such as `15s`", duration, r"^([0-9]{1,9}y)?([0-9]{1,9}w)?([0-9]{1,9}d)?([0-9]{1,9}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?([0-9]{1,9}ms)?$";
    /// Resource of a container.
    ResourceName: "a resource such as `cpu` or `memory`", resource_name, r"^(cpu|memory|ephemeral-storage|hugepages-[\s\S]*|[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)$";
    /// Image repository.
    Repository: "a repository such as `ghcr.io/acme/web`", super::image::repository, r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?/)?[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*)*$";
    /// Registry that images are pulled from, perhaps with a path.
    Registry: "a registry such as `ghcr.io/acme`", super::image::registry_prefix, r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?|([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?/|[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*/)[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*)*)$";
    /// Image tag.
    Tag: "a tag such as `1.4.2`", tag, r"^[A-Za-z0-9_][-A-Za-z0-9_.]{0,127}$";
    /// Image digest.
    Digest: "a digest such as `sha256:…`", digest, r"^(sha256:[0-9a-fA-F]{64}|sha512:[0-9a-fA-F]{128})$";
    /// Minor version of Kubernetes.
    KubernetesVersion: "a version such as `\"1.34\"`", kubernetes_version, r"^1\.3[3-7]$";
    /// Name inside PostgreSQL.
    Identifier: "a name such as `shop`", identifier, r"^[a-z_][a-z0-9_]{0,62}$";
}

macro_rules! ints {
    ($($(#[doc = $doc:literal])* $type:ident: $expected:literal, $min:expr, $max:expr;)*) => {
        $(
            $(#[doc = $doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
            pub struct $type(pub i64);

            impl ScalarType for $type {
                const SCALAR: &'static Scalar = &Scalar {
                    name: stringify!($type),
                    expected: $expected,
                    kind: ScalarKind::Int($min, $max),
                    check: anything,
                    pattern: None,
                    points: None,
                };
            }

            impl Decode for $type {
                const SHAPE: &'static Shape = &Shape::Scalar(Self::SCALAR);

                fn decode(node: &Node, _: &mut Decoder<'_>) -> Option<Self> {
                    node.as_int().map(Self)
                }
            }
        )*
    };
}

ints! {
    /// A number of things, perhaps none.
    Count: "a whole number", 0, i32::MAX as i64;
    /// A number of things, at least one.
    Positive: "a whole number from 1", 1, i32::MAX as i64;
    /// TCP or UDP port.
    Port: "a port from 1 to 65535", 1, 65535;
    /// A share of what is requested, in percent; more than 100 is legal for utilisation.
    Percent: "a percentage as a whole number", 1, 1000;
    /// A share of the pods, in percent.
    Weight: "a share from 1 to 100 percent", 1, 100;
    /// User id of a process that is not root.
    UserId: "an id from 1; 0 is root, which no pod runs as", 1, i32::MAX as i64;
    /// Priority of pods.
    Priority: "a whole number up to 1000000000", i32::MIN as i64, 1_000_000_000;
    /// Group id.
    Id: "a group id", 0, i32::MAX as i64;
}

/// `true` or `false`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag(pub bool);

impl ScalarType for Flag {
    const SCALAR: &'static Scalar = &Scalar {
        name: "Flag",
        expected: "`true` or `false`",
        kind: ScalarKind::Bool,
        check: anything,
        pattern: None,
        points: None,
    };
}

impl Decode for Flag {
    const SHAPE: &'static Shape = &Shape::Scalar(Self::SCALAR);

    fn decode(node: &Node, _: &mut Decoder<'_>) -> Option<Self> {
        node.as_bool().map(Self)
    }
}

/// A number of pods or a share of them: an API `IntOrString`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntOrPercent {
    /// So many.
    Int(i64),
    /// Such a share of the desired number, in percent.
    Percent(i64),
}

impl ScalarType for IntOrPercent {
    const SCALAR: &'static Scalar = &Scalar {
        name: "IntOrPercent",
        expected: "a whole number or a share such as `25%`",
        kind: ScalarKind::IntOrText,
        check: int_or_percent,
        pattern: Some(r"^([0-9]{1,9}|(0{0,6}100|0{0,7}[0-9]{1,2})%)$"),
        points: None,
    };
}

impl Decode for IntOrPercent {
    const SHAPE: &'static Shape = &Shape::Scalar(Self::SCALAR);

    fn decode(node: &Node, _: &mut Decoder<'_>) -> Option<Self> {
        match &node.value {
            Value::Int(number) => Some(Self::Int(*number)),
            Value::String(text) => match text.strip_suffix('%') {
                Some(share) => share.parse().ok().map(Self::Percent),
                None => text.parse().ok().map(Self::Int),
            },
            _ => None,
        }
    }
}

/// Declares a closed set of texts.
macro_rules! choice {
    ($(#[doc = $doc:literal])* pub enum $type:ident ($expected:literal) { $($(#[doc = $variant_doc:literal])* $variant:ident = $text:literal,)* }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $type {
            $($(#[doc = $variant_doc])* $variant,)*
        }

        impl $type {
            /// The text in the inventory.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl $crate::inventory::scalar::ScalarType for $type {
            const SCALAR: &'static $crate::inventory::scalar::Scalar = &$crate::inventory::scalar::Scalar {
                name: stringify!($type),
                expected: $expected,
                kind: $crate::inventory::scalar::ScalarKind::Choice(&[$($text),*]),
                check: |_| Ok(()),
                pattern: None,
                points: None,
            };
        }

        impl $crate::inventory::concept::Decode for $type {
            const SHAPE: &'static $crate::inventory::concept::Shape =
                &$crate::inventory::concept::Shape::Scalar(<Self as $crate::inventory::scalar::ScalarType>::SCALAR);

            fn decode(node: &$crate::source::Node, _: &mut $crate::inventory::concept::Decoder<'_>) -> Option<Self> {
                match node.as_str()? { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

pub(crate) use {choice, texts};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_their_rfc() {
        for (good, bad) in [("web", "Web"), ("a-1", "-a"), ("x", "x_y"), ("a0", "a.b")] {
            assert!(dns_label(good).is_ok() && dns_label(bad).is_err(), "{good} {bad}");
        }
        assert!(dns_label(&"a".repeat(63)).is_ok() && dns_label(&"a".repeat(64)).is_err() && dns_label("").is_err());
        assert!(
            port_name("http-metrics").is_ok()
                && port_name("a-very-long-port-name").is_err()
                && port_name("80").is_err()
        );
        assert!(
            qualified_name("example.com/team").is_ok()
                && qualified_name("/team").is_err()
                && qualified_name("a/b/c").is_err()
        );
    }

    #[test]
    fn quantities_follow_the_grammar_of_the_api() {
        for good in ["1", "0.5", "500m", "2Gi", "1e3", "1E-3", ".5", "100k", "1."] {
            assert!(quantity(good).is_ok(), "{good}");
        }
        for bad in ["", "Gi", "1 Gi", "1gi", "1e", "1.2.3", "-1", "1KB", "."] {
            assert!(quantity(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn durations_have_units_in_order() {
        for (text, fine) in [
            ("15s", true),
            ("1m30s", true),
            ("500ms", true),
            ("30", false),
            ("30s1m", false),
            ("", false),
            ("1x", false),
        ] {
            assert_eq!(duration(text).is_ok(), fine, "{text}");
        }
    }
}
