//! A whole folder of generated files at once: the new tree takes the old one's place, or nothing changes.
//!
//! The new tree is built beside the old one, unchanged files and files of others as hard links, and then
//! the two folders change places in one step. Where a file system can't do that, the old one steps
//! aside first: whoever looks in between finds no tree, and a run that ends there is mended by the next.
//! Builds of one folder wait for one another. Who dies on the way leaves a hidden folder beside the tree,
//! which the next build takes away.

#![expect(clippy::disallowed_methods, reason = "this is where writing happens")]

use crate::yaml::{self, Budget, Nowhere};
use anyhow::{Context as _, Result, anyhow, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

/// How a file of the tree differs from what it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// From the tree's folder on, parts divided by `/`.
    pub path: String,
    /// What is there, if anything is.
    pub old: Option<String>,
    /// What is to be there; nothing if the file is to go.
    pub new: Option<String>,
}

impl Drift {
    /// Whether what is there says the same in other words: other comments, another order of keys.
    #[must_use]
    pub fn is_form(&self) -> bool {
        let documents = |text: &String| {
            let parsed = yaml::parse(text, &mut Nowhere, Budget::of_text(text.len()));
            parsed.faults.is_empty().then_some(parsed.documents)
        };
        let (old, new) = (self.old.as_ref().and_then(documents), self.new.as_ref().and_then(documents));
        old.is_some() && old == new
    }
}

/// A folder of generated files, and what it is to hold.
#[derive(Clone, Copy, Debug)]
pub struct Tree<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// Its files by path, parts divided by `/`.
    pub files: &'a BTreeMap<String, String>,
    /// How generated files begin, each in one of these ways: others are nobody's business.
    pub headers: &'a [&'a str],
}

/// What there is in a folder.
enum Entry {
    Folder,
    /// A generated file and its text.
    Ours(String),
    /// Any other file.
    Foreign,
    Link,
}

type Entries = BTreeMap<PathBuf, Entry>;

impl Tree<'_> {
    /// Files that are not what they are to be. Files for which `spared` holds are left alone.
    ///
    /// # Errors
    /// If the folder can't be read, or a file or link of somebody else is in the way; all of them at once.
    pub fn compare(&self, spared: &dyn Fn(&str) -> bool) -> Result<Vec<Drift>> {
        self.drift(&self.scan()?, spared)
    }

    /// Writes the tree and tells what changed; nothing is touched if nothing did, or if `refuse` has a reason
    /// not to.
    ///
    /// # Errors
    /// Those of `compare`, those of `refuse`, and if the disk refuses: then all is as it was.
    pub fn write(&self, spared: &dyn Fn(&str) -> bool, refuse: &dyn Fn(&[Drift]) -> Result<()>) -> Result<Vec<Drift>> {
        let place = Place::of(self.folder)?;
        // Kept until the end. Where folders can't be locked, builds don't wait for one another.
        let lock = fs::File::open(&place.parent).and_then(|parent| parent.lock().map(|()| parent)).ok();
        if lock.is_some() {
            place.recover();
        }
        let entries = self.scan()?;
        let drift = self.drift(&entries, spared)?;
        refuse(&drift)?;
        if !drift.is_empty() {
            let built = self.build(&place.new, &entries, &drift).and_then(|()| place.exchange(swapped));
            if built.is_err() {
                let _ = fs::remove_dir_all(&place.new);
            }
            built.with_context(|| format!("can't write `{}`, which is as it was", self.folder.display()))?;
            place.rescue(&entries);
            let _ = fs::remove_dir_all(&place.new);
        }
        Ok(drift)
    }

    fn scan(&self) -> Result<Entries> {
        let mut entries = Entries::new();
        match self.folder.symlink_metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(entries),
            Ok(meta) if meta.is_dir() => {}
            Ok(meta) if meta.is_symlink() => {
                bail!("`{}` is a link: name the folder it leads to with `--out`", self.folder.display())
            }
            Ok(_) => bail!("`{}` is no folder", self.folder.display()),
            Err(error) => return Err(anyhow!(error).context(format!("can't read `{}`", self.folder.display()))),
        }
        for entry in walkdir::WalkDir::new(self.folder).min_depth(1).sort_by_file_name() {
            let entry = entry.with_context(|| format!("can't read `{}`", self.folder.display()))?;
            let path = entry.path().strip_prefix(self.folder).unwrap_or(entry.path()).to_owned();
            let kind = entry.file_type();
            let found = if kind.is_dir() {
                Entry::Folder
            } else if kind.is_symlink() {
                Entry::Link
            } else if kind.is_file() {
                self.file(entry.path()).with_context(|| format!("can't read `{}`", entry.path().display()))?
            } else {
                Entry::Foreign
            };
            entries.insert(path, found);
        }
        Ok(entries)
    }

    /// Whose file it is. No more is read of others than it takes to see that.
    fn file(&self, path: &Path) -> std::io::Result<Entry> {
        let mut file = fs::File::open(path)?;
        let most = self.headers.iter().map(|header| header.len()).max().unwrap_or(0);
        let mut bytes = Vec::with_capacity(most);
        file.by_ref().take(most as u64).read_to_end(&mut bytes)?;
        if !self.headers.iter().any(|header| bytes.starts_with(header.as_bytes())) {
            return Ok(Entry::Foreign);
        }
        file.read_to_end(&mut bytes)?;
        Ok(Entry::Ours(String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn drift(&self, entries: &Entries, spared: &dyn Fn(&str) -> bool) -> Result<Vec<Drift>> {
        let mut drift = Vec::new();
        let mut in_the_way = Vec::new();
        for (path, text) in self.files {
            let above = Path::new(path).ancestors().skip(1);
            let blocked =
                above.filter(|above| !above.as_os_str().is_empty()).find_map(|above| match entries.get(above) {
                    Some(Entry::Link) => Some(format!("`{}` is a link", shown(above))),
                    Some(Entry::Foreign) => Some(format!("`{}` is a file", shown(above))),
                    _ => None,
                });
            let old = match entries.get(Path::new(path)) {
                _ if blocked.is_some() => {
                    in_the_way.extend(blocked);
                    continue;
                }
                Some(Entry::Ours(old)) if old == text => continue,
                Some(Entry::Ours(old)) => Some(old.clone()),
                None => None,
                Some(other) => {
                    in_the_way.push(match other {
                        Entry::Link => format!("`{path}` is a link"),
                        Entry::Folder => format!("`{path}` is a folder"),
                        _ => format!("`{path}` does not begin with `{}`", self.header_of(text)),
                    });
                    continue;
                }
            };
            drift.push(Drift { path: path.clone(), old, new: Some(text.clone()) });
        }
        if !in_the_way.is_empty() {
            in_the_way.dedup();
            let list = in_the_way.join(", ");
            bail!("in `{}` others' files are in the way: {list}; nothing was written", self.folder.display());
        }
        for (path, entry) in entries {
            let (Entry::Ours(old), name) = (entry, shown(path)) else { continue };
            if !self.files.contains_key(&name) && !spared(&name) {
                drift.push(Drift { path: name, old: Some(old.clone()), new: None });
            }
        }
        drift.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(drift)
    }

    /// How a file that is to be written begins, in one line.
    fn header_of(&self, text: &str) -> &str {
        let header = self.headers.iter().find(|header| text.starts_with(**header));
        header.map_or("", |header| header.trim_end().lines().next_back().unwrap_or_default())
    }

    /// Builds the new tree: what changed is written, everything else is linked.
    fn build(&self, new: &Path, entries: &Entries, drift: &[Drift]) -> Result<()> {
        let changed: BTreeMap<&str, &Drift> = drift.iter().map(|one| (one.path.as_str(), one)).collect();
        fs::create_dir(new).with_context(|| format!("can't make the folder `{}` beside it", new.display()))?;
        let kept = entries
            .iter()
            .filter(|(path, entry)| !matches!(entry, Entry::Folder) && !changed.contains_key(shown(path).as_str()));
        let kept: BTreeSet<&Path> = kept.map(|(path, _)| path.as_path()).collect();
        for (path, entry) in entries {
            if !matches!(entry, Entry::Folder) {
                continue;
            }
            // A folder that is empty without us stays; one that our files leave goes with them.
            let stays = is_filled(path, kept.iter().copied())
                || !is_filled(path, entries.keys().map(PathBuf::as_path))
                || is_filled(path, self.files.keys().map(Path::new));
            if stays {
                fs::create_dir_all(new.join(path))?;
                fs::set_permissions(new.join(path), self.folder.join(path).metadata()?.permissions())?;
            }
        }
        for path in kept {
            link(&self.folder.join(path), &new.join(path)).with_context(|| format!("can't keep `{}`", shown(path)))?;
        }
        for (path, drift) in changed {
            let Some(text) = &drift.new else { continue };
            let (place, old) = (new.join(path), self.folder.join(path));
            let written = place.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&place, text));
            written.with_context(|| format!("can't write `{path}`"))?;
            if drift.old.is_some() {
                fs::set_permissions(&place, old.metadata()?.permissions())?;
            } else if text.starts_with("#!") {
                #[cfg(unix)]
                fs::set_permissions(&place, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
            }
        }
        if let Ok(meta) = self.folder.metadata() {
            fs::set_permissions(new, meta.permissions())?;
        }
        Ok(())
    }
}

/// Whether any of the paths is in the folder.
fn is_filled<'p>(folder: &Path, mut paths: impl Iterator<Item = &'p Path>) -> bool {
    paths.any(|path| path != folder && path.starts_with(folder))
}

fn shown(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The same file in two places; a copy that is as old where a file can't be linked.
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    let meta = from.symlink_metadata()?;
    #[cfg(unix)]
    if meta.is_symlink() {
        return std::os::unix::fs::symlink(fs::read_link(from)?, to);
    }
    fs::hard_link(from, to).or_else(|_| copy(from, to))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    let age = from.metadata()?.modified()?;
    fs::copy(from, to)?;
    fs::File::options().append(true).open(to)?.set_modified(age)
}

/// Where the tree is, and the names that are used beside it.
struct Place {
    parent: PathBuf,
    folder: PathBuf,
    new: PathBuf,
    old: PathBuf,
    prefix: String,
}

impl Place {
    fn of(folder: &Path) -> Result<Self> {
        let whole = if folder.file_name().is_some() { folder.to_owned() } else { folder.canonicalize()? };
        let Some(name) = whole.file_name().map(|name| name.to_string_lossy().into_owned()) else {
            bail!("`{}` can't be replaced", folder.display());
        };
        let parent = match whole.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        if !parent.is_dir() {
            bail!("there is no folder `{}` to write `{name}` into", parent.display());
        }
        let prefix = format!(".{name}.platgen-");
        let beside = |what: &str| parent.join(format!("{prefix}{what}-{}", std::process::id()));
        Ok(Self { new: beside("new"), old: beside("old"), folder: parent.join(&name), parent, prefix })
    }

    /// Takes away what runs that died have left, and puts a tree back that had stepped aside.
    fn recover(&self) {
        let names = fs::read_dir(&self.parent).into_iter().flatten().flatten();
        let mut left: Vec<PathBuf> = names
            .filter(|entry| {
                let name = entry.file_name().to_string_lossy().into_owned();
                let rest = name.strip_prefix(&self.prefix);
                let rest = rest.and_then(|rest| rest.strip_prefix("new-").or_else(|| rest.strip_prefix("old-")));
                rest.is_some_and(|rest| rest.parse::<u32>().is_ok())
            })
            .map(|entry| entry.path())
            .collect();
        left.sort();
        for path in left {
            let aside = path.file_name().is_some_and(|name| name.to_string_lossy().contains(".platgen-old-"));
            if aside && self.folder.symlink_metadata().is_err() {
                let _ = fs::rename(&path, &self.folder);
            } else {
                let _ = fs::remove_dir_all(&path);
            }
        }
    }

    /// Puts the new tree in the old one's place, and the old one where the new one was; `swap` says whether it could
    /// do that in one step.
    fn exchange(&self, swap: fn(&Path, &Path) -> std::io::Result<bool>) -> Result<()> {
        if self.folder.symlink_metadata().is_err() {
            return Ok(fs::rename(&self.new, &self.folder)?);
        }
        if swap(&self.new, &self.folder)? {
            return Ok(());
        }
        fs::rename(&self.folder, &self.old)?;
        if let Err(error) = fs::rename(&self.new, &self.folder) {
            fs::rename(&self.old, &self.folder)?;
            return Err(error.into());
        }
        Ok(fs::rename(&self.old, &self.new)?)
    }

    /// What others put into the old tree while the new one was built goes on living there.
    fn rescue(&self, entries: &Entries) {
        for entry in walkdir::WalkDir::new(&self.new).min_depth(1).into_iter().flatten() {
            let path = entry.path().strip_prefix(&self.new).unwrap_or(entry.path());
            let known = match entries.get(path) {
                Some(Entry::Foreign) => is_same(entry.path(), &self.folder.join(path)),
                known => known.is_some(),
            };
            if !known && !entry.file_type().is_dir() {
                let place = self.folder.join(path);
                let _ =
                    place.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::rename(entry.path(), place));
            }
        }
    }
}

/// Whether two names are one file, or copies of equal age.
fn is_same(a: &Path, b: &Path) -> bool {
    let age = |path: &Path| path.symlink_metadata().and_then(|meta| Ok((meta.len(), meta.modified()?)));
    matches!((age(a), age(b)), (Ok(a), Ok(b)) if a == b)
}

/// Has two folders change places; whether the system could.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn swapped(a: &Path, b: &Path) -> std::io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::NOSYS | Errno::INVAL | Errno::OPNOTSUPP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Has two folders change places; whether the system could.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn swapped(_: &Path, _: &Path) -> std::io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "# generated";

    fn files(files: &[(&str, &str)]) -> BTreeMap<String, String> {
        files.iter().map(|(path, text)| ((*path).to_owned(), format!("{HEADER}\n{text}"))).collect()
    }

    fn write(folder: &Path, files: &BTreeMap<String, String>) -> Result<Vec<String>> {
        let tree = Tree { folder, files, headers: &[HEADER] };
        let drift = tree.write(&|path| path.starts_with("spared/"), &|_| Ok(()))?;
        Ok(drift.into_iter().map(|one| one.path).collect())
    }

    fn listing(folder: &Path) -> Vec<String> {
        let entries = walkdir::WalkDir::new(folder).min_depth(1).sort_by_file_name().into_iter();
        entries.map(|entry| shown(entry.unwrap().path().strip_prefix(folder).unwrap())).collect()
    }

    #[test]
    fn what_changed_is_written_and_what_is_ours_goes() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("k8s");
        let first = files(&[("base/a.yaml", "1"), ("base/b.yaml", "1"), ("old/c.yaml", "1"), ("spared/d.yaml", "1")]);
        assert_eq!(write(&folder, &first).unwrap().len(), 4);
        assert_eq!(write(&folder, &first).unwrap(), [""; 0]);
        fs::write(folder.join("base/notes.md"), "mine").unwrap();
        fs::create_dir(folder.join("empty")).unwrap();
        let age = |path: &str| folder.join(path).metadata().unwrap().modified().unwrap();
        let before = (age("base/a.yaml"), age("base/notes.md"));
        std::thread::sleep(std::time::Duration::from_millis(20));
        let second = files(&[("base/a.yaml", "1"), ("base/b.yaml", "2"), ("new/e.yaml", "1")]);
        assert_eq!(write(&folder, &second).unwrap(), ["base/b.yaml", "new/e.yaml", "old/c.yaml"]);
        assert_eq!((age("base/a.yaml"), age("base/notes.md")), before);
        let wanted = ["base", "base/a.yaml", "base/b.yaml", "base/notes.md", "empty", "new", "new/e.yaml"];
        assert_eq!(listing(&folder), [&wanted[..], &["spared", "spared/d.yaml"]].concat());
        assert_eq!(fs::read_to_string(folder.join("base/b.yaml")).unwrap(), "# generated\n2");
        assert_eq!(listing(home.path()).iter().filter(|path| !path.starts_with("k8s")).count(), 0);
    }

    #[test]
    fn others_files_and_links_are_never_written() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("k8s");
        write(&folder, &files(&[("a.yaml", "1"), ("b/c.yaml", "1")])).unwrap();
        fs::write(folder.join("a.yaml"), "mine").unwrap();
        let changed = files(&[("a.yaml", "2"), ("b/c.yaml", "2"), ("a.yaml/x", "2")]);
        let error = write(&folder, &changed).unwrap_err().to_string();
        assert!(error.contains("`a.yaml` does not begin with `# generated`"), "{error}");
        assert!(error.contains("`a.yaml` is a file"), "{error}");
        assert_eq!(fs::read_to_string(folder.join("b/c.yaml")).unwrap(), "# generated\n1");
        #[cfg(unix)]
        {
            let outside = home.path().join("outside");
            fs::create_dir(&outside).unwrap();
            fs::remove_dir_all(folder.join("b")).unwrap();
            std::os::unix::fs::symlink(&outside, folder.join("b")).unwrap();
            let error = write(&folder, &files(&[("b/c.yaml", "2")])).unwrap_err().to_string();
            assert!(error.contains("`b` is a link"), "{error}");
            assert_eq!(listing(&outside), [""; 0]);
            // A link that is not in the way stays what it is.
            write(&folder, &files(&[("d.yaml", "2")])).unwrap();
            assert!(folder.join("b").is_symlink());
            std::os::unix::fs::symlink(&folder, home.path().join("link")).unwrap();
            assert!(write(&home.path().join("link"), &files(&[])).unwrap_err().to_string().contains("is a link"));
        }
    }

    #[test]
    fn a_run_that_died_is_cleaned_up_after() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("k8s");
        let first = files(&[("a.yaml", "1")]);
        write(&folder, &first).unwrap();
        // It died while the old tree had stepped aside.
        fs::rename(&folder, home.path().join(".k8s.platgen-old-7")).unwrap();
        fs::create_dir(home.path().join(".k8s.platgen-new-7")).unwrap();
        fs::create_dir(home.path().join(".k8s.platgen-mine")).unwrap();
        assert_eq!(write(&folder, &first).unwrap(), [""; 0]);
        assert_eq!(listing(home.path()), [".k8s.platgen-mine", "k8s", "k8s/a.yaml"]);
    }

    #[test]
    fn where_folders_can_t_change_places_the_old_one_steps_aside() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("k8s");
        write(&folder, &files(&[("a.yaml", "1")])).unwrap();
        let place = Place::of(&folder).unwrap();
        fs::create_dir(&place.new).unwrap();
        fs::write(place.new.join("b.yaml"), "2").unwrap();
        place.exchange(|_, _| Ok(false)).unwrap();
        assert_eq!((listing(&folder), listing(&place.new)), (vec!["b.yaml".into()], vec!["a.yaml".into()]));
        // What can't take the place leaves it to the old one.
        fs::remove_dir_all(&place.new).unwrap();
        place.exchange(|_, _| Ok(false)).unwrap_err();
        assert_eq!(listing(home.path()), ["k8s", "k8s/b.yaml"]);
    }

    #[test]
    fn a_copy_is_as_old_as_what_it_was_made_of() {
        let home = tempfile::tempdir().unwrap();
        let (a, b) = (home.path().join("a"), home.path().join("b"));
        fs::write(&a, "1").unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
        copy(&a, &b).unwrap();
        assert!(is_same(&a, &b));
        assert_eq!(fs::read(&b).unwrap(), b"1");
    }

    #[test]
    fn what_others_add_in_the_meantime_is_kept() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("k8s");
        write(&folder, &files(&[("a.yaml", "1")])).unwrap();
        let second = files(&[("a.yaml", "2")]);
        let tree = Tree { folder: &folder, files: &second, headers: &[HEADER] };
        let place = Place::of(&folder).unwrap();
        let entries = tree.scan().unwrap();
        tree.build(&place.new, &entries, &tree.drift(&entries, &|_| false).unwrap()).unwrap();
        fs::create_dir(folder.join("x")).unwrap();
        fs::write(folder.join("x/late"), "mine").unwrap();
        place.exchange(swapped).unwrap();
        place.rescue(&entries);
        assert_eq!(listing(&folder), ["a.yaml", "x", "x/late"]);
    }
}
