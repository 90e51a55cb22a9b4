//! All reads of a run go through here: a folder on disk, or memory in tests and fuzzing.
//!
//! A project is a set of relative paths with `/` between parts. What can't be read is said once,
//! with its path; nothing outside the project's root is ever opened.

#![expect(clippy::disallowed_methods, reason = "this is where reading happens")]

use super::git::{Index, Tracking};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Files of one project, by path from its root.
pub trait Files: Sync {
    /// Paths of all files beneath `folder`, sorted by their bytes; empty if there is no such folder.
    /// The second list names what could not be walked (a link loop, a folder without permission).
    fn list(&self, folder: &str) -> (Vec<String>, Vec<ReadError>);

    /// The text of the file at `path`.
    ///
    /// # Errors
    /// If it can't be read, isn't UTF-8, or is larger than [`MAX_FILE`].
    fn read(&self, path: &str) -> Result<String, ReadError>;

    /// Whether there is a folder at `path`.
    fn has_folder(&self, path: &str) -> bool;

    /// Whether what is at `path` really lies elsewhere, by way of a symbolic link out of the project.
    fn escapes(&self, _path: &str) -> bool {
        false
    }

    /// What git knows of the files at these paths. What is not on disk is in no repository.
    fn tracking(&self, paths: &[&str]) -> Vec<Tracking> {
        vec![Tracking::NoRepository; paths.len()]
    }
}

/// Largest file that is read, in bytes: a hundred times the largest honest inventory seen.
pub const MAX_FILE: u64 = 64 << 20;

/// Most links that are followed beneath one folder: within a project, too, they can multiply what is there
/// without end.
pub const MAX_LINKS: usize = 1_000;

/// Why a file or folder could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// Its path from the project's root.
    pub path: String,
    /// What went wrong, in lower case, without the path.
    pub reason: String,
}

impl ReadError {
    pub(super) fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into() }
    }
}

/// A folder on disk.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The project rooted at `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn relative(&self, path: &Path) -> String {
        let path = path.strip_prefix(&self.root).unwrap_or(path);
        path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    }
}

impl Files for Folder {
    fn list(&self, folder: &str) -> (Vec<String>, Vec<ReadError>) {
        let (mut paths, mut errors) = (Vec::new(), Vec::new());
        let top = self.root.join(folder);
        if top.symlink_metadata().is_err() {
            return (paths, errors);
        }
        let root = self.root.canonicalize();
        let inside = |path: &Path| {
            path.canonicalize().ok().zip(root.as_ref().ok()).is_none_or(|(path, root)| path.starts_with(root))
        };
        let mut walk = walkdir::WalkDir::new(&top).follow_links(true).sort_by_file_name().into_iter();
        let mut links = 0_usize;
        while let Some(entry) = walk.next() {
            links += usize::from(entry.as_ref().is_ok_and(walkdir::DirEntry::path_is_symlink));
            if links > MAX_LINKS {
                errors.push(ReadError::new(folder, format!("has more than {MAX_LINKS} symbolic links in it")));
                break;
            }
            match entry {
                Ok(entry) if entry.path_is_symlink() && !inside(entry.path()) => {
                    errors.push(ReadError::new(self.relative(entry.path()), "is a symbolic link out of the project"));
                    if entry.file_type().is_dir() {
                        walk.skip_current_dir();
                    }
                }
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) if entry.path().to_str().is_none() => {
                    errors.push(ReadError::new(self.relative(entry.path()), "has a name that is not UTF-8"));
                }
                Ok(entry) => paths.push(self.relative(entry.path())),
                Err(error) => {
                    let path = error.path().map_or_else(|| folder.to_owned(), |path| self.relative(path));
                    errors.push(ReadError::new(path, walk_reason(&error)));
                }
            }
        }
        paths.sort_unstable();
        (paths, errors)
    }

    fn read(&self, path: &str) -> Result<String, ReadError> {
        let full = self.root.join(path);
        let fail = |error: std::io::Error| ReadError::new(path, io_reason(&error));
        let meta = full.metadata().map_err(fail)?;
        if !meta.is_file() {
            return Err(ReadError::new(path, "is not a regular file"));
        }
        if meta.len() > MAX_FILE {
            return Err(ReadError::new(path, too_large(meta.len())));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0) + 1);
        // The file may grow between the look at its size and the read.
        std::fs::File::open(&full).map_err(fail)?.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(fail)?;
        if bytes.len() as u64 > MAX_FILE {
            return Err(ReadError::new(path, too_large(bytes.len() as u64)));
        }
        utf8(path, bytes)
    }

    fn has_folder(&self, path: &str) -> bool {
        self.root.join(path).is_dir()
    }

    fn escapes(&self, path: &str) -> bool {
        let place = self.root.join(path).canonicalize();
        place.is_ok_and(|place| self.root.canonicalize().is_ok_and(|root| !place.starts_with(root)))
    }

    fn tracking(&self, paths: &[&str]) -> Vec<Tracking> {
        let all = |tracking| vec![tracking; paths.len()];
        let Ok(root) = self.root.canonicalize() else { return all(Tracking::Unknown) };
        let Some(top) = root.ancestors().find(|folder| folder.join(".git").symlink_metadata().is_ok()) else {
            return all(Tracking::NoRepository);
        };
        let Ok(index) = index(&top.join(".git")) else { return all(Tracking::Unknown) };
        // A file is known to git by the place it really is at.
        let known = |path: &&str| {
            let place = root.join(path).canonicalize().ok()?;
            let path = place.strip_prefix(top).ok()?.to_str()?.replace(std::path::MAIN_SEPARATOR, "/");
            Some(if index.lists(&path) { Tracking::Tracked } else { Tracking::Untracked })
        };
        paths.iter().map(|path| known(path).unwrap_or(Tracking::Unknown)).collect()
    }
}

/// The index of a work tree, from its `.git`. The one thing outside of a project that is read, and of it
/// only the list of paths is kept.
fn index(git: &Path) -> Result<Index, ()> {
    let folder = if git.is_dir() {
        git.to_owned()
    } else {
        // A further work tree, or a submodule: the file says where its folder is.
        let text = std::fs::read_to_string(git).map_err(|_| ())?;
        let told = text.strip_prefix("gitdir:").ok_or(())?.trim();
        git.parent().ok_or(())?.join(told)
    };
    let read = |path: PathBuf| {
        let bytes = std::fs::read(path).map_err(|_| ())?;
        Index::parse(&bytes).ok_or(())
    };
    let path = folder.join("index");
    // A repository in which nothing was ever added has no index.
    if path.symlink_metadata().is_err() {
        return Ok(Index::default());
    }
    let mut index = read(path)?;
    if let Some(shared) = index.shared.take() {
        index.join(read(folder.join(format!("sharedindex.{shared}")))?);
    }
    Ok(index)
}

/// A project as it would be with some files changed or added.
pub struct Edited<'a> {
    /// What it is on disk.
    pub files: &'a dyn Files,
    /// Texts by path.
    pub texts: BTreeMap<String, String>,
}

impl Files for Edited<'_> {
    fn list(&self, folder: &str) -> (Vec<String>, Vec<ReadError>) {
        let (mut paths, errors) = self.files.list(folder);
        let inside = |path: &&String| path.strip_prefix(folder).is_some_and(|below| below.starts_with('/'));
        paths.extend(self.texts.keys().filter(inside).cloned());
        paths.sort_unstable();
        paths.dedup();
        (paths, errors)
    }

    fn read(&self, path: &str) -> Result<String, ReadError> {
        self.texts.get(path).map_or_else(|| self.files.read(path), |text| Ok(text.clone()))
    }

    fn has_folder(&self, path: &str) -> bool {
        self.files.has_folder(path)
    }

    fn tracking(&self, paths: &[&str]) -> Vec<Tracking> {
        self.files.tracking(paths)
    }
}

/// A project in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<String, Vec<u8>>,
}

impl Memory {
    /// Adds or replaces a file.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), bytes.into());
        self
    }
}

impl Files for Memory {
    fn list(&self, folder: &str) -> (Vec<String>, Vec<ReadError>) {
        let prefix = format!("{}/", folder.trim_end_matches('/'));
        let paths = self.files.keys().filter(|path| path.starts_with(&prefix)).cloned().collect();
        (paths, Vec::new())
    }

    fn read(&self, path: &str) -> Result<String, ReadError> {
        match self.files.get(path) {
            Some(bytes) if bytes.len() as u64 > MAX_FILE => Err(ReadError::new(path, too_large(bytes.len() as u64))),
            Some(bytes) => utf8(path, bytes.clone()),
            None => Err(ReadError::new(path, "no such file")),
        }
    }

    fn has_folder(&self, path: &str) -> bool {
        !self.list(path).0.is_empty()
    }
}

pub(super) fn utf8(path: &str, bytes: Vec<u8>) -> Result<String, ReadError> {
    // A byte order mark, or every other byte of an ASCII character: some editors' idea of "Unicode".
    if matches!(bytes.as_slice(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 1..=0xff, ..] | [1..=0x7f, 0, ..]) {
        return Err(ReadError::new(path, "is UTF-16; save it as UTF-8"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        #[expect(clippy::naive_bytecount, reason = "said once, on the way to an error")]
        let line = error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
        ReadError::new(path, format!("is not UTF-8 (line {line}, byte {valid} of the file)"))
    })
}

pub(super) fn too_large(bytes: u64) -> String {
    format!("is {} MiB; files of up to {} MiB are read", bytes.div_ceil(1 << 20), MAX_FILE >> 20)
}

fn walk_reason(error: &walkdir::Error) -> String {
    if error.loop_ancestor().is_some() {
        return "is a symbolic link to a folder above itself".to_owned();
    }
    error.io_error().map_or_else(|| "can't be walked".to_owned(), io_reason)
}

/// The operating system's reason, in our case and without its error number.
#[must_use]
pub fn io_reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_lists_a_folder_and_nothing_beside_it() {
        let files = Memory::default().with("base/a.yaml", "a").with("base/b/c.yaml", "c").with("basement/x.yaml", "x");
        assert_eq!(files.list("base").0, ["base/a.yaml", "base/b/c.yaml"]);
        assert!(files.has_folder("base") && !files.has_folder("overlays"));
    }

    #[test]
    fn what_is_not_utf8_is_said_with_its_line() {
        let error = Memory::default().with("a", b"x\ny\xff".to_vec()).read("a").unwrap_err();
        assert_eq!(error.reason, "is not UTF-8 (line 2, byte 3 of the file)");
    }
}
