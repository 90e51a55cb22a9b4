//! What a service's containers see of files: volumes, configuration, secrets as files, scratch space.

use super::context::{Context, LARGEST};
use super::images::Role;
use super::names;
use super::paths::{Beside, beside};
use super::project::{Kind, Planned};
use super::units::quantity;
use super::veil;
use super::volumes::{CODE, Definition, Mount, Source, Volume};
use super::wiring::SecretUse;
use crate::diag::{Code, Diagnostic};
use crate::ingest::layout::Yaml;
use crate::source::OriginId;
use std::collections::{BTreeMap, BTreeSet};

/// Size of a volume of which nothing is known.
const SIZE: &str = "1Gi";

/// Most files of a folder that are taken for configuration.
const MOST_FILES: usize = 24;

/// Volumes, secrets and configs of the file, and who uses which volume.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    pub volumes: BTreeMap<String, Volume>,
    pub secrets: BTreeMap<String, Definition>,
    pub configs: BTreeMap<String, Definition>,
    /// Services by the volumes they mount, in order.
    pub users: BTreeMap<String, Vec<usize>>,
    /// Services by the secrets they may read; the first has the key.
    pub readers: BTreeMap<String, Vec<usize>>,
    pub used_configs: BTreeSet<String>,
}

/// What comes of it.
#[derive(Debug, Default)]
pub(super) struct Attached {
    pub volumes: Vec<(String, Yaml)>,
    pub empty_dirs: Vec<(String, Yaml)>,
    /// Keys of the service's ConfigMap, and the files beneath `files/` they are.
    pub config: BTreeMap<String, String>,
    /// Folder in which all of the ConfigMap is mounted, if that is all there is of it.
    pub config_at: Option<String>,
    /// Path beneath `base/files/` and text.
    pub files: Vec<(String, String)>,
    pub secrets: BTreeMap<String, SecretUse>,
    /// Whether there is a volume of its own that one node holds.
    pub claims: bool,
    /// Whether the type's own storage is asked for.
    pub storage: bool,
    /// Name of a gateway's declarative configuration, which is not mounted.
    pub size: usize,
}

/// Attaches what one service mounts.
pub(super) struct Attaching<'a, 'c, 'f> {
    pub context: &'a mut Context<'c>,
    pub planned: &'f [Planned],
    pub definitions: &'a mut Definitions,
    pub at: usize,
    pub folder: &'f str,
    pub out: Attached,
    taken: BTreeSet<String>,
    /// Volumes of Compose, and those of the service that claim them.
    claimed: BTreeMap<String, String>,
    /// Single files: key, where.
    mounted: Vec<(String, String)>,
    /// Whether files of one folder are of a ConfigMap and of a Secret.
    split: bool,
    /// Whole folders: path, keys.
    folders: Vec<(String, Vec<String>)>,
}

impl<'a, 'c, 'f> Attaching<'a, 'c, 'f> {
    pub fn new(
        context: &'a mut Context<'c>,
        planned: &'f [Planned],
        definitions: &'a mut Definitions,
        at: usize,
        folder: &'f str,
    ) -> Self {
        // Names that the types of databases have given already.
        let given: &[&str] = if matches!(planned[at].kind, Kind::Postgres | Kind::Redis | Kind::Gateway) {
            &["data", "run", "tmp", "prefix"]
        } else {
            &[]
        };
        let taken = given.iter().chain(&["config"]).map(|name| (*name).to_owned()).collect();
        let claimed = BTreeMap::new();
        Self {
            context,
            planned,
            definitions,
            at,
            folder,
            out: Attached::default(),
            taken,
            claimed,
            split: false,
            mounted: Vec::new(),
            folders: Vec::new(),
        }
    }

    pub fn own(&self) -> &'f Planned {
        &self.planned[self.at]
    }

    /// Attaches all of it. `skipped`: targets that are read otherwise.
    pub fn attach(mut self, skipped: &BTreeSet<String>) -> Attached {
        let own = self.own();
        for mount in own.service.mounts.iter().filter(|mount| !skipped.contains(&mount.target)) {
            if mount.keeps_image() {
                self.context.choice(
                    mount.at,
                    "a volume that keeps a folder of the image as it is need not be said: nothing is mounted over it",
                    "",
                );
                continue;
            }
            match &mount.source {
                Source::Volume(name) => self.volume(mount, Some(name)),
                Source::Anonymous => self.anonymous(mount),
                Source::Bind(source) => self.bind(mount, source),
                Source::Memory(size) => self.scratch(&mount.target, *size),
            }
        }
        for (path, size) in &own.service.tmpfs {
            if names::is_path(path) {
                self.scratch(path, *size);
            }
        }
        if let Some(size) = own.service.shm {
            let source =
                Yaml::map([("sizeLimit", Yaml::text(quantity(size.max(1)))), ("medium", Yaml::text("Memory"))]);
            self.out
                .volumes
                .push(("shm".to_owned(), Yaml::map([("mountPath", Yaml::text("/dev/shm")), ("emptyDir", source)])));
        }
        self.grants();
        self.lay_config();
        self.out
    }

    pub fn name(&mut self, wanted: &str) -> String {
        names::free(&names::label(wanted, 20, "volume"), 20, &mut self.taken)
    }

    /// The folder in which the type keeps its data, which is its own matter.
    fn is_data_of_type(&self, target: &str) -> bool {
        match self.own().kind {
            Kind::Postgres => target.starts_with("/var/lib/postgresql"),
            Kind::Redis => target == "/data",
            _ => false,
        }
    }

    fn volume(&mut self, mount: &Mount, name: Option<&str>) {
        if self.is_data_of_type(&mount.target) {
            self.out.storage = true;
            return;
        }
        let Some(name) = name else { return self.claim(mount, None, "data") };
        let Some(volume) = self.definitions.volumes.get(name).cloned() else {
            let names = self.definitions.volumes.keys().map(String::as_str);
            let label = crate::text::suggest(name, names);
            let message = format!("the volume `{name}` is not one of `volumes`");
            return self.context.wrong(Code::UnknownReference, mount.at, message, label);
        };
        self.claim(mount, volume.external.as_deref(), name);
    }

    fn anonymous(&mut self, mount: &Mount) {
        if self.is_data_of_type(&mount.target) {
            self.out.storage = true;
        } else {
            self.claim(mount, None, mount.target.rsplit('/').next().unwrap_or("data"));
        }
    }

    fn claim(&mut self, mount: &Mount, external: Option<&str>, name: &str) {
        let key = self.name(name);
        let users = self.definitions.users.get(name).cloned().unwrap_or_default();
        let mut volume = Yaml::map([("mountPath", Yaml::text(&mount.target))]);
        if let Some(path) = &mount.sub_path {
            volume.put("subPath", Yaml::text(path.trim_start_matches('/')));
        }
        if mount.read_only {
            volume.put("readOnly", Yaml::Flag(true));
        }
        let first =
            users.first().copied().filter(|first| *first != self.at && matches!(mount.source, Source::Volume(_)));
        let again = self.claimed.get(name).filter(|_| matches!(mount.source, Source::Volume(_))).cloned();
        let claim = if let Some(again) = again {
            Yaml::map([("claimName", Yaml::text(format!("{}-{again}", self.own().service.name)))])
        } else if let Some(external) = external {
            self.context.choice(
                mount.at,
                "an external volume became a claim that must be there",
                "make a PersistentVolumeClaim of this name",
            );
            Yaml::map([("claimName", Yaml::text(external))])
        } else if let Some(first) = first {
            let owner = &self.planned[first].service.name;
            let label = names::label(name, 20, "volume");
            Yaml::map([("claimName", Yaml::text(format!("{owner}-{label}")))])
        } else {
            self.context.choice(
                mount.at,
                format!("a volume has no size in Compose: {SIZE} was taken"),
                "set `size` to what it needs, in the environments where it differs",
            );
            let mut claim = Yaml::map([("size", Yaml::text(SIZE))]);
            if users.len() > 1 {
                self.context.choice(
                    mount.at,
                    "a volume of several services became one that many pods mount (`ReadWriteMany`)",
                    "that takes a StorageClass that can: name it in `storageClassName`, or let the services share through a store",
                );
                claim.put("accessModes", Yaml::texts(["ReadWriteMany"]));
            } else {
                self.out.claims = true;
            }
            claim
        };
        volume.put("persistentVolumeClaim", claim);
        self.claimed.entry(name.to_owned()).or_insert_with(|| key.clone());
        self.out.volumes.push((key, volume));
    }

    fn scratch(&mut self, path: &str, size: Option<u64>) {
        let key = self.name(path.trim_matches('/'));
        let dir = match size {
            Some(size) if size > 0 => {
                Yaml::map([("mountPath", Yaml::text(path)), ("sizeLimit", Yaml::text(quantity(size)))])
            }
            _ => Yaml::text(path),
        };
        self.out.empty_dirs.push((key, dir));
    }

    /// Something of the machine.
    fn bind(&mut self, mount: &Mount, source: &str) {
        if source.ends_with("docker.sock") {
            return self.context.dropped(
                mount.at,
                "the socket of Docker is not there on a node of Kubernetes",
                "what watches containers watches pods: give it `rbac` for the Kubernetes API",
            );
        }
        let Beside::Path(path) = beside(self.folder, source) else {
            return self.context.dropped(
                mount.at,
                "a file or folder of the machine, outside of the Compose file's folder, was not mounted",
                "put configuration into `config`, data onto a volume, and anything else into the image",
            );
        };
        if self.is_data_of_type(&mount.target) {
            self.out.storage = true;
            return;
        }
        let built = self.own().service.build.as_ref().and_then(|(context, _)| match beside(self.folder, context) {
            Beside::Path(path) => Some(path),
            Beside::Outside => None,
        });
        let is_source =
            path.is_empty() || built.is_some_and(|built| path == built || path.starts_with(&format!("{built}/")));
        let is_folder = path.is_empty() || self.context.files.has_folder(&path);
        if is_source && (is_folder || CODE.iter().any(|code| mount.target.starts_with(code))) {
            return self.source_code(mount);
        }
        if is_folder {
            return self.folder(mount, &path);
        }
        match self.context.text(&path) {
            Ok(text) => self.file(mount, &path, &text),
            Err(reason) if reason == "no such file" && !has_extension(&path) => {
                // Compose makes the folder, and what runs fills it.
                self.context.choice(mount.at, "a folder that is made when it is needed became a volume", "");
                self.claim(mount, None, path.rsplit('/').next().unwrap_or("data"));
            }
            Err(reason) => {
                let message = format!("a file that is mounted can't be read: {reason}");
                self.context.dropped(
                    mount.at,
                    message,
                    "put it beside the Compose file and import again, or name it in `config.files`",
                );
            }
        }
    }

    fn source_code(&mut self, mount: &Mount) {
        self.context.dropped(
            mount.at,
            "a folder of source code was not mounted",
            "the image holds the code: build it, push it, and name its tag",
        );
    }

    /// A folder: configuration, if it holds a few texts and nothing else.
    fn folder(&mut self, mount: &Mount, path: &str) {
        let data = mount.target.starts_with("/var/lib/")
            || self.own().known.is_some_and(|known| known.role == Role::Store && mount.target.contains("data"));
        if data {
            self.context.choice(
                mount.at,
                "a folder of data became a volume, which begins empty",
                "copy what is in it by hand, if it counts",
            );
            return self.claim(mount, None, path.rsplit('/').next().unwrap_or("data"));
        }
        let (paths, errors) = self.context.files.list(path);
        let flat = paths.iter().all(|file| !file[path.len()..].trim_start_matches('/').contains('/'));
        let code = CODE.iter().any(|code| mount.target.starts_with(code)) && !flat;
        if code {
            return self.source_code(mount);
        }
        let texts: Option<Vec<(String, String)>> =
            if paths.is_empty() || paths.len() > MOST_FILES || !flat || !errors.is_empty() {
                None
            } else {
                paths
                    .iter()
                    .map(|file| self.context.text(file).ok().filter(|text| fits(text)).map(|text| (file.clone(), text)))
                    .collect()
            };
        let total = texts.iter().flatten().map(|(_, text)| text.len()).sum::<usize>();
        let Some(texts) = texts.filter(|_| total <= LARGEST) else {
            return self.context.dropped(
                mount.at,
                format!("a folder with anything but up to {MOST_FILES} small texts in it was not mounted"),
                "put what the service needs of it into its image, or onto a volume",
            );
        };
        let mut keys = Vec::new();
        let whole = texts.iter().all(|(_, text)| !self.holds_credential(text));
        for (file, text) in texts {
            let name = file.rsplit('/').next().unwrap_or(&file).to_owned();
            let target = format!("{}/{name}", mount.target.trim_end_matches('/'));
            if self.holds_credential(&text) {
                self.secret_file(mount.at, &name, &target);
            } else {
                keys.extend(self.key(mount.at, &name, &text));
            }
        }
        self.context.choice(
            mount.at,
            "a folder of configuration became `config.files`, read from `base/files/`",
            "a ConfigMap is read-only",
        );
        if whole {
            self.folders.push((mount.target.clone(), keys));
        } else {
            // A file can't be mounted into a folder that is read-only: each stands alone.
            self.split = true;
            let each = keys.into_iter().map(|key| (key.clone(), format!("{}/{key}", mount.target)));
            self.mounted.extend(each);
        }
    }

    pub fn file(&mut self, mount: &Mount, path: &str, text: &str) {
        let name = path.rsplit('/').next().unwrap_or(path);
        if !fits(text) {
            return self.context.dropped(
                mount.at,
                format!(
                    "a file that no ConfigMap can hold was not mounted: it is no plain text of up to {} KiB",
                    LARGEST >> 10
                ),
                "put it into the image, or onto a volume",
            );
        }
        if self.holds_credential(text) {
            return self.secret_file(mount.at, name, &mount.target);
        }
        self.context.choice(
            mount.at,
            "a file of configuration became `config.files`, read from `base/files/`",
            "a ConfigMap is read-only",
        );
        if let Some(key) = self.key(mount.at, name, text) {
            self.mounted.push((key, mount.target.clone()));
        }
    }

    fn holds_credential(&self, text: &str) -> bool {
        veil::holds(text) || self.context.known.holds(text)
    }

    /// Puts a text into the service's ConfigMap, under a key that is free.
    fn key(&mut self, at: OriginId, name: &str, text: &str) -> Option<String> {
        self.out.size += text.len();
        if self.out.size > LARGEST {
            self.context.dropped(
                at,
                format!("more than {} KiB of configuration don't fit into one ConfigMap", LARGEST >> 10),
                "put it into the image",
            );
            return None;
        }
        let mut key: String =
            name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' }).collect();
        if !names::is_key(&key) {
            key = format!("file{}", self.out.config.len());
        }
        let mut number = 2;
        while self.out.config.contains_key(&key) {
            key = format!("{number}-{}", key.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('-'));
            number += 1;
        }
        let path = format!("{}/{key}", self.own().service.name);
        self.out.config.insert(key.clone(), path.clone());
        self.out.files.push((path, text.to_owned()));
        Some(key)
    }

    /// A file that holds a credential: a key of a Secret.
    fn secret_file(&mut self, at: OriginId, name: &str, target: &str) {
        self.split = true;
        let variable = names::variable(name);
        let what = format!(
            "`{name}` holds a credential, and is not in the inventory: put its content into the Secret `{}`, under the key `{variable}`",
            self.own().service.name
        );
        let diagnostic = Diagnostic::new(Code::ImportSecret, what).of(&self.context.origins, at, "");
        self.context.report.push(diagnostic);
        self.secret_at(variable, None, target);
    }

    /// How the ConfigMap is mounted: whole, if it is all for one folder; else key by key.
    fn lay_config(&mut self) {
        let one_folder = match (self.mounted.as_slice(), self.folders.as_slice()) {
            ([], [(folder, _)]) => Some(folder.clone()),
            // A folder that images leave for others to fill.
            (files, []) if !files.is_empty() => {
                let folder = files[0].1.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
                let all = files.iter().all(|(key, path)| *path == format!("{folder}/{key}"));
                (all && folder == "/docker-entrypoint-initdb.d").then_some(folder)
            }
            _ => None,
        };
        let programs = self.out.files.iter().any(|(_, text)| text.starts_with("#!"));
        if let Some(folder) = one_folder.filter(|_| !programs && !self.split) {
            self.out.config_at = Some(folder);
            return;
        }
        let map = self.own().service.name.clone();
        for (key, path) in std::mem::take(&mut self.mounted) {
            let name = self.name(&key);
            let source = self.source(&map, std::slice::from_ref(&key), false);
            let volume =
                Yaml::map([("mountPath", Yaml::text(path)), ("subPath", Yaml::text(&key)), ("configMap", source)]);
            self.out.volumes.push((name, volume));
        }
        for (folder, keys) in std::mem::take(&mut self.folders) {
            let name = self.name(folder.rsplit('/').next().unwrap_or("config"));
            let source = self.source(&map, &keys, self.out.config.len() > keys.len());
            self.out.volumes.push((name, Yaml::map([("mountPath", Yaml::text(folder)), ("configMap", source)])));
        }
    }
}

impl Attaching<'_, '_, '_> {
    /// Keys of the ConfigMap as a volume: which, if not all of them, and as programs if one of them is one.
    fn source(&self, map: &str, keys: &[String], some: bool) -> Yaml {
        let mut source = Yaml::map([("name", Yaml::text(map))]);
        if some {
            let item = |key: &String| Yaml::map([("key", Yaml::text(key)), ("path", Yaml::text(key))]);
            source.put("items", Yaml::List(keys.iter().map(item).collect()));
        }
        let is_program = |(path, text): &(String, String)| {
            text.starts_with("#!") && keys.iter().any(|key| path.ends_with(&format!("/{key}")))
        };
        if self.out.files.iter().any(is_program) {
            // `rwxr-xr-x`, as the API counts.
            source.put("defaultMode", Yaml::Int(0o755));
        }
        source
    }
}

fn has_extension(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.trim_start_matches('.').contains('.'))
}

/// Whether a ConfigMap can hold a text.
fn fits(text: &str) -> bool {
    text.len() <= LARGEST && !names::has_controls(&text.replace("\r\n", "\n"))
}
