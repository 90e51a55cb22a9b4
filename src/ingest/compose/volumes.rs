//! `volumes`, `secrets` and `configs` of a service, and what the file says of them at its top.

use super::context::Context;
use super::keys;
use super::names;
use crate::diag::Code;
use crate::source::{Node, OriginId};
use crate::text;
use std::collections::BTreeMap;

/// What a container sees at a path.
#[derive(Clone, Debug)]
pub(super) struct Mount {
    pub source: Source,
    pub target: String,
    pub read_only: bool,
    pub sub_path: Option<String>,
    pub at: OriginId,
}

/// Folders of a container that hold code or what is made of it.
pub(super) const CODE: &[&str] = &[
    "/app",
    "/src",
    "/code",
    "/workspace",
    "/usr/src",
    "/usr/app",
    "/usr/local/app",
    "/srv",
    "/home",
    "/var/www",
    "/opt",
    "/go",
];

impl Mount {
    /// Whether it is there to keep a folder of the image from being hidden by another mount.
    pub fn keeps_image(&self) -> bool {
        let built = ["node_modules", "vendor", ".venv", "venv", ".next", ".nuxt", "__pycache__", "dist", "target"];
        let last = self.target.rsplit('/').next().unwrap_or("");
        let code = CODE.iter().any(|code| self.target.starts_with(code));
        code && (self.source == Source::Anonymous
            || (matches!(self.source, Source::Volume(_)) && built.contains(&last)))
    }
}

/// Where what is mounted comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Source {
    /// A volume by name.
    Volume(String),
    /// A volume without a name.
    Anonymous,
    /// A file or folder of the machine.
    Bind(String),
    /// Memory, with its size in bytes.
    Memory(Option<u64>),
}

/// A secret or config that a service may read.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub source: String,
    pub target: Option<String>,
    pub at: OriginId,
}

/// A volume of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Volume {
    /// The claim, where somebody else made it.
    pub external: Option<String>,
    pub at: Option<OriginId>,
}

/// A secret or config of the file.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub from: From,
    pub at: OriginId,
}

/// Where a secret or config is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum From {
    File(String),
    Environment(String),
    Content(String),
    External,
}

impl Context<'_> {
    /// Reads `volumes` of a service.
    pub fn mounts(&mut self, node: &Node) -> Vec<Mount> {
        let Some(items) = node.as_list() else {
            self.wrong_type(node, "`volumes`", "a list");
            return Vec::new();
        };
        let mut found: Vec<Mount> = Vec::new();
        for item in items {
            let mount = if item.as_map().is_some() { self.long_mount(item) } else { self.short_mount(item) };
            let Some(mount) = mount else { continue };
            if !names::is_path(&mount.target) {
                let expected = "expected a path from `/` on, without `..` and `:`";
                self.wrong(Code::InvalidValue, item.origin, "a volume is mounted at no legal path", expected);
            } else if let Some(other) = found.iter_mut().find(|other| other.target == mount.target) {
                *other = mount;
            } else {
                found.push(mount);
            }
        }
        found
    }

    /// `[SOURCE:]TARGET[:MODE]`.
    fn short_mount(&mut self, node: &Node) -> Option<Mount> {
        let text = self.scalar(node, "`volumes`")?;
        let mut parts = text.split(':');
        let (first, second, mode, more) = (parts.next()?, parts.next(), parts.next(), parts.next());
        if more.is_some() {
            self.wrong(
                Code::InvalidValue,
                node.origin,
                "an entry of `volumes` has too many parts",
                "expected `[SOURCE:]TARGET[:MODE]`",
            );
            return None;
        }
        let options: Vec<&str> = mode.unwrap_or("").split(',').filter(|option| !option.is_empty()).collect();
        for option in &options {
            if !matches!(*option, "ro" | "rw" | "z" | "Z" | "cached" | "delegated" | "consistent" | "nocopy") {
                self.dropped(node.origin, "a mode of a volume other than `ro` and `rw` has no counterpart", "");
            }
        }
        let (source, target) = match second {
            Some(target) if is_path(first) => (Source::Bind(first.to_owned()), target),
            Some(target) => (Source::Volume(first.to_owned()), target),
            None => (Source::Anonymous, first),
        };
        let target = if target.len() > 1 { target.trim_end_matches('/') } else { target };
        Some(Mount {
            source,
            target: target.to_owned(),
            read_only: options.contains(&"ro"),
            sub_path: None,
            at: node.origin,
        })
    }

    fn long_mount(&mut self, node: &Node) -> Option<Mount> {
        let map = self.fields(node, &keys::MOUNT, "volumes");
        let mut scalar = |key: &str| map.get(key).and_then(|node| self.scalar(node, &format!("`{key}`")));
        let (kind, source, target) = (scalar("type"), scalar("source"), scalar("target"));
        let read_only = map.get("read_only").and_then(|node| self.flag(node, "`read_only`")).unwrap_or(false);
        if let Some(node) = map.get("bind") {
            self.fields(node, &keys::BIND, "bind");
        }
        let inner = map.get("volume").map(|node| self.fields(node, &keys::MOUNTED, "volume")).unwrap_or_default();
        let sub_path = inner.get("subpath").and_then(|node| self.scalar(node, "`subpath`"));
        let tmpfs = map.get("tmpfs").map(|node| self.fields(node, &keys::TMPFS, "tmpfs")).unwrap_or_default();
        let size = tmpfs.get("size").and_then(|node| self.size(node, "`size`"));
        let Some(target) = target else {
            self.wrong(
                Code::MissingField,
                node.origin,
                "an entry of `volumes` has no `target`",
                "`target` is missing here",
            );
            return None;
        };
        let kind = kind.unwrap_or_else(|| "volume".to_owned());
        let source = match (kind.as_str(), source) {
            ("bind", Some(source)) => Source::Bind(source),
            ("volume" | "cluster", Some(source)) => Source::Volume(source),
            ("volume" | "cluster", None) => Source::Anonymous,
            ("tmpfs", _) => Source::Memory(size),
            ("npipe" | "image", _) => {
                self.dropped(
                    node.origin,
                    "a mount of this type has no counterpart",
                    "put what it holds into the service's own image",
                );
                return None;
            }
            ("bind", None) => {
                self.wrong(Code::MissingField, node.origin, "a bind mount has no `source`", "`source` is missing here");
                return None;
            }
            (other, _) => {
                let label = text::suggest(other, ["bind", "volume", "tmpfs", "cluster", "npipe", "image"]);
                self.wrong(Code::InvalidValue, node.origin, format!("`{other}` is no type of mount"), label);
                return None;
            }
        };
        let target = if target.len() > 1 { target.trim_end_matches('/').to_owned() } else { target };
        Some(Mount { source, target, read_only, sub_path, at: node.origin })
    }

    /// Reads `secrets` or `configs` of a service.
    pub fn grants(&mut self, node: &Node, what: &str) -> Vec<Grant> {
        let Some(items) = node.as_list() else {
            self.wrong_type(node, what, "a list");
            return Vec::new();
        };
        let mut found = Vec::new();
        for item in items {
            if item.is_scalar() {
                found.extend(self.scalar(item, what).map(|source| Grant { source, target: None, at: item.origin }));
                continue;
            }
            let map = self.fields(item, &keys::GRANT, what);
            let target = map.get("target").and_then(|node| self.scalar(node, "`target`"));
            match map.get("source").and_then(|node| self.scalar(node, "`source`")) {
                Some(source) => found.push(Grant { source, target, at: item.origin }),
                None => self.wrong(
                    Code::MissingField,
                    item.origin,
                    format!("an entry of {what} has no `source`"),
                    "`source` is missing here",
                ),
            }
        }
        found
    }

    /// Reads `volumes` of the file.
    pub fn volumes(&mut self, node: Option<&Node>) -> BTreeMap<String, Volume> {
        let mut found = BTreeMap::new();
        for (name, node, at) in self.named(node, "volumes") {
            let map = self.fields(&node, &keys::VOLUME, &format!("volumes.{name}"));
            let own = map.get("name").and_then(|node| Some((self.scalar(node, "`name`")?, node.origin)));
            if let Some(node) = map.get("driver")
                && self.scalar(node, "`driver`").is_some_and(|driver| driver != "local")
            {
                self.dropped(
                    node.origin,
                    "a volume's `driver` has no counterpart",
                    "choose a StorageClass: `storageClassName`",
                );
            } else if let Some(node) = map.get("driver") {
                self.choice(
                    node.origin,
                    "`driver: local` need not be said: the cluster has a default StorageClass",
                    "",
                );
            }
            let external = self.external(map.get("external"));
            let external = external.then(|| own.as_ref().map_or_else(|| name.clone(), |(own, _)| own.clone()));
            if let (None, Some((_, at))) = (&external, &own) {
                self.choice(*at, "a volume's `name` need not be said: a claim is called after its service", "");
            }
            let external = external.map(|name| names::label(&name, 63, "data"));
            found.insert(name, Volume { external, at: Some(at) });
        }
        found
    }

    fn external(&mut self, node: Option<&Node>) -> bool {
        match node {
            None => false,
            // `external: {name: …}` is how older files say it.
            Some(node) if node.as_map().is_some() => true,
            Some(node) => self.flag(node, "`external`").unwrap_or(false),
        }
    }

    /// Reads `secrets` or `configs` of the file.
    pub fn definitions(&mut self, node: Option<&Node>, keys: &keys::Keys, what: &str) -> BTreeMap<String, Definition> {
        let mut found = BTreeMap::new();
        for (name, node, at) in self.named(node, what) {
            let map = self.fields(&node, keys, &format!("{what}.{name}"));
            let external = self.external(map.get("external"));
            let mut scalar =
                |node: Option<&Node>| node.and_then(|node| self.scalar(node, &format!("a field of `{what}.{name}`")));
            let (file, content, environment) =
                (scalar(map.get("file")), scalar(map.get("content")), scalar(map.get("environment")));
            let from = match (file, content, environment) {
                (None, None, None) if external => From::External,
                (Some(file), None, None) if !external => From::File(file),
                (None, Some(content), None) if !external => From::Content(content),
                (None, None, Some(variable)) if !external => From::Environment(variable),
                (None, None, None) if map.get("driver").is_some() => From::External,
                _ => {
                    let message = format!("`{what}.{name}` must say where it is, and in one way");
                    self.wrong(
                        Code::InvalidValue,
                        at,
                        message,
                        "expected one of `file`, `environment`, `content` (configs only) and `external`",
                    );
                    continue;
                }
            };
            found.insert(name, Definition { from, at });
        }
        found
    }

    /// Entries of a mapping by names.
    pub fn named(&mut self, node: Option<&Node>, what: &str) -> Vec<(String, Node, OriginId)> {
        let Some(node) = node.filter(|node| !node.is_null()) else { return Vec::new() };
        let Some(map) = node.as_map() else {
            self.wrong_type(node, &format!("`{what}`"), "a mapping");
            return Vec::new();
        };
        let mut found = Vec::new();
        for entry in map {
            let text = &entry.key.text;
            if text.starts_with("x-") {
                self.choice(entry.key.origin, "extension fields are of no meaning to Compose or here", "");
            } else if text.is_empty()
                || !text.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'-'))
            {
                let expected = "expected letters, digits, `.`, `_` and `-`";
                self.wrong(
                    Code::InvalidValue,
                    entry.key.origin,
                    format!("a name in `{what}` holds other characters"),
                    expected,
                );
            } else {
                found.push((text.to_string(), entry.value.clone(), entry.key.origin));
            }
        }
        found
    }
}

/// Whether the source of a mount is a place of the machine and not a volume's name.
fn is_path(source: &str) -> bool {
    source.starts_with(['.', '/', '~']) || source.chars().nth(1) == Some(':') || source.contains('/')
}
