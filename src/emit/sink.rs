//! The one place that writes files.
//!
//! A file is written beside its place under another name and then renamed, so nobody ever reads
//! half of one. Several files are written all or not at all, as far as a file system lets: every
//! one is on disk before the first takes its place. Nothing is written through a link that leads out
//! of the project.

#![expect(clippy::disallowed_methods, reason = "this is where writing happens")]

use anyhow::{Context as _, Result, bail};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Whether files may be there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// They are replaced; their permissions stay.
    Replace,
    /// Nothing is written if any of them is there.
    Refuse,
}

/// Writes files, paths from the folder `root` on with `/` between parts, all of them or none. The
/// root and folders below it are made where they are missing.
///
/// # Errors
/// If a file can't be written, is there although it must not be, or lies outside of `root` by way
/// of a link. What was written until then is gone again.
pub fn write_files(root: &Path, files: &[(String, String)], existing: Existing) -> Result<()> {
    if existing == Existing::Refuse {
        refuse(root, files)?;
    }
    let mut job = Job::default();
    let done = job.prepare(root, files).and_then(|()| job.commit());
    if done.is_err() {
        job.undo();
    }
    done
}

/// Writes one file that can be run, in place of another if that is there.
///
/// # Errors
/// As [`write_files`].
pub fn write_program(root: &Path, path: &str, text: &str) -> Result<()> {
    let mut job = Job { program: true, ..Job::default() };
    let done = job.prepare(root, &[(path.to_owned(), text.to_owned())]).and_then(|()| job.commit());
    if done.is_err() {
        job.undo();
    }
    done
}

/// A folder for a trial, gone when this is.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// A new folder beneath `above` with these files.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn new(above: &Path, files: &[(String, String)]) -> Result<Self> {
        let scratch = Self(above.join(format!("platgen-trial-{}", std::process::id())));
        fs::create_dir(&scratch.0).with_context(|| format!("can't make the folder `{}`", scratch.0.display()))?;
        write_files(&scratch.0, files, Existing::Refuse)?;
        Ok(scratch)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A project that nobody else edits by way of platgen, as long as this lives.
#[derive(Debug)]
pub struct Alone {
    _folder: Option<fs::File>,
}

/// Waits until no other process edits the project. Whoever reads files in order to write them holds this
/// from before the first read until after the write: of two who don't, the first one's change is lost.
///
/// The lock is on the folder itself, so it leaves nothing behind. Where the system can't lock a folder
/// there is none.
#[must_use]
pub fn alone(root: &Path) -> Alone {
    let folder = fs::File::open(root).ok();
    Alone { _folder: folder.filter(|folder| folder.lock().is_ok()) }
}

/// Names the files that are in the way, all of them at once.
fn refuse(root: &Path, files: &[(String, String)]) -> Result<()> {
    let there = files.iter().map(|(path, _)| path.as_str()).filter(|path| root.join(path).symlink_metadata().is_ok());
    match crate::text::all_of(there) {
        none if none.is_empty() => Ok(()),
        found => bail!("in `{}` there is already {found}; nothing was written", root.display()),
    }
}

/// What was done so far, to be undone in reverse.
#[derive(Default)]
struct Job {
    folders: Vec<PathBuf>,
    /// Files beside their places, and the places.
    prepared: Vec<(PathBuf, PathBuf)>,
    /// Places that were empty and are not any more.
    created: Vec<PathBuf>,
    /// Whether what is written is to be run.
    program: bool,
}

impl Job {
    /// Makes folders, and writes every file beside its place.
    fn prepare(&mut self, root: &Path, files: &[(String, String)]) -> Result<()> {
        self.folder(root)?;
        let top = root.canonicalize().with_context(|| format!("can't find `{}`", root.display()))?;
        for (path, text) in files {
            let place = self.place(&top, path)?;
            self.beside(&place, text).with_context(|| format!("can't write `{path}`"))?;
        }
        Ok(())
    }

    /// Where a file really is: links are followed as long as they stay in the project.
    fn place(&mut self, top: &Path, path: &str) -> Result<PathBuf> {
        let mut place = top.to_owned();
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            place.push(part);
            let last = parts.peek().is_none();
            match place.symlink_metadata() {
                Ok(meta) if meta.is_symlink() => {
                    place = place.canonicalize().with_context(|| format!("can't follow the link at `{path}`"))?;
                    if !place.starts_with(top) {
                        bail!("`{path}` lies outside of the project, by way of a link; nothing was written");
                    }
                }
                Ok(_) => {}
                Err(_) if last => {}
                Err(_) => self.folder(&place)?,
            }
        }
        Ok(place)
    }

    /// Makes a folder and those above it.
    fn folder(&mut self, folder: &Path) -> Result<()> {
        let missing: Vec<&Path> =
            folder.ancestors().take_while(|above| !above.as_os_str().is_empty() && !above.is_dir()).collect();
        for above in missing.into_iter().rev() {
            fs::create_dir(above).with_context(|| format!("can't make the folder `{}`", above.display()))?;
            self.folders.push(above.to_owned());
        }
        Ok(())
    }

    fn beside(&mut self, place: &Path, text: &str) -> Result<()> {
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let beside = place.with_file_name(format!(".{name}.{}", std::process::id()));
        // A file or link of this name that is not ours is not written through.
        let mut file = fs::File::create_new(&beside)?;
        self.prepared.push((beside, place.to_owned()));
        file.write_all(text.as_bytes())?;
        if let Ok(meta) = place.metadata() {
            file.set_permissions(meta.permissions())?;
        }
        #[cfg(unix)]
        if self.program {
            file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        for (beside, place) in &self.prepared {
            let new = place.symlink_metadata().is_err();
            fs::rename(beside, place).with_context(|| format!("can't write `{}`", place.display()))?;
            if new {
                self.created.push(place.clone());
            }
        }
        Ok(())
    }

    /// Leaves the disk as it was; what can't be taken away again stays.
    fn undo(&self) {
        for file in self.prepared.iter().map(|(beside, _)| beside).chain(&self.created) {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> (String, String) {
        (path.to_owned(), text.to_owned())
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into()).collect();
        names.sort();
        names
    }

    #[test]
    fn files_are_written_and_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("new");
        write_files(&root, &[file("a/b.yaml", "1"), file("c", "2")], Existing::Refuse).unwrap();
        write_files(&root, &[file("c", "3")], Existing::Replace).unwrap();
        assert_eq!((names(&root), names(&root.join("a"))), (vec!["a".into(), "c".into()], vec!["b.yaml".into()]));
        assert_eq!(fs::read_to_string(root.join("c")).unwrap(), "3");
    }

    #[test]
    fn one_file_in_the_way_stops_all() {
        let folder = tempfile::tempdir().unwrap();
        write_files(folder.path(), &[file("b", "old")], Existing::Refuse).unwrap();
        let error = write_files(folder.path(), &[file("a", ""), file("b", "new")], Existing::Refuse).unwrap_err();
        assert!(error.to_string().contains("there is already `b`"), "{error}");
        // A file where a folder must be is met only on the way.
        write_files(folder.path(), &[file("x/y", ""), file("b/c", "")], Existing::Refuse).unwrap_err();
        assert_eq!(names(folder.path()), ["b"]);
        assert_eq!(fs::read_to_string(folder.path().join("b")).unwrap(), "old");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_inside_and_refused_outside() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("project");
        write_files(&root, &[file("real/a", "1")], Existing::Refuse).unwrap();
        std::os::unix::fs::symlink("real", root.join("inside")).unwrap();
        std::os::unix::fs::symlink("..", root.join("outside")).unwrap();
        write_files(&root, &[file("inside/a", "2")], Existing::Replace).unwrap();
        assert_eq!(fs::read_to_string(root.join("real/a")).unwrap(), "2");
        assert!(root.join("inside").is_symlink());
        let error = write_files(&root, &[file("outside/x", "")], Existing::Replace).unwrap_err();
        assert!(error.to_string().contains("outside of the project"), "{error}");
        assert_eq!(names(folder.path()), ["project"]);
    }
}
