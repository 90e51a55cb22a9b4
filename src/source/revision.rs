//! A project as it was at a git revision, read by git itself: no library knows every repository format,
//! and whoever asks for a revision has git.
//!
//! Two processes, however many files there are: `git ls-tree` names them, `git cat-file --batch` gives their
//! contents. Nothing is checked out and nothing is written.

use super::files::{Files, MAX_FILE, ReadError, too_large, utf8};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// The folders of a project that are read.
const FOLDERS: &[&str] = &["base", "overlays", "templates"];

/// Links that lead to links: more are a circle.
const MOST_LINKS: usize = 16;

/// A project's files at one revision.
#[derive(Clone, Debug)]
pub struct Revision {
    /// The commit's full name.
    pub commit: String,
    files: BTreeMap<String, Result<Vec<u8>, String>>,
}

/// One entry of a tree.
struct Entry {
    mode: String,
    object: String,
    path: String,
}

impl Revision {
    /// The project in the folder `root` at `revision`: anything that git understands as a commit.
    ///
    /// # Errors
    /// If there is no git, no repository, or no such revision; as one sentence that says what to do.
    pub fn read(root: &Path, revision: &str) -> Result<Self, String> {
        if revision.is_empty() || revision.starts_with('-') {
            return Err(format!("`{revision}` is no revision"));
        }
        let git = Git { root };
        git.run(&["rev-parse", "--git-dir"], b"").map_err(|error| match error {
            Failure::Missing => "git is not on the PATH, and `--git` asks it for the revision's files".to_owned(),
            Failure::Said(reason) if reason.contains("not a git repository") => {
                format!("`{}` is in no git repository", root.display())
            }
            Failure::Said(reason) => format!("git refuses: {}", reason.lines().next().unwrap_or_default()),
            Failure::Broken(reason) => format!("git can't be run: {reason}"),
        })?;
        let commit = format!("{revision}^{{commit}}");
        let commit = git.run(&["rev-parse", "--verify", "--quiet", &commit], b"").map_err(|_| {
            format!(
                "git knows no revision `{revision}`; a shallow clone (as CI systems make) needs `git fetch` of it first"
            )
        })?;
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        let mut listed = vec!["ls-tree", "-r", "-z", &commit, "--"];
        listed.extend(FOLDERS);
        let listed =
            git.run(&listed, b"").map_err(|error| format!("git can't list `{revision}`: {}", error.reason()))?;
        let entries = entries(&listed)?;
        let mut names = entries.iter().map(|entry| entry.object.as_str()).collect::<Vec<_>>().join("\n");
        names.push('\n');
        let batch = git
            .run(&["cat-file", "--batch"], names.as_bytes())
            .map_err(|error| format!("git can't read `{revision}`: {}", error.reason()))?;
        let blobs = blobs(&batch, &entries).ok_or("git's answer can't be understood")?;
        Ok(Self { commit, files: resolve(&entries, &blobs) })
    }
}

impl Files for Revision {
    fn list(&self, folder: &str) -> (Vec<String>, Vec<ReadError>) {
        let prefix = format!("{}/", folder.trim_end_matches('/'));
        let inside = self.files.keys().filter(|path| path.starts_with(&prefix));
        (inside.cloned().collect(), Vec::new())
    }

    fn read(&self, path: &str) -> Result<String, ReadError> {
        match self.files.get(path) {
            Some(Ok(bytes)) if bytes.len() as u64 > MAX_FILE => {
                Err(ReadError::new(path, too_large(bytes.len() as u64)))
            }
            Some(Ok(bytes)) => utf8(path, bytes.clone()),
            Some(Err(reason)) => Err(ReadError::new(path, reason.clone())),
            None => Err(ReadError::new(path, "no such file")),
        }
    }

    fn has_folder(&self, path: &str) -> bool {
        !self.list(path).0.is_empty()
    }
}

/// What `ls-tree -z` says: `<mode> SP <type> SP <object> TAB <path> NUL`.
fn entries(listed: &[u8]) -> Result<Vec<Entry>, String> {
    let mut found = Vec::new();
    for line in listed.split(|byte| *byte == 0).filter(|line| !line.is_empty()) {
        let line = std::str::from_utf8(line)
            .map_err(|_| format!("`{}` has a name that is not UTF-8", String::from_utf8_lossy(line)))?;
        let (head, path) = line.split_once('\t').ok_or("git's answer can't be understood")?;
        let mut head = head.split(' ');
        let (Some(mode), Some(kind), Some(object)) = (head.next(), head.next(), head.next()) else {
            return Err("git's answer can't be understood".to_owned());
        };
        if kind == "commit" {
            return Err(format!("`{path}` is a submodule, whose files belong to another repository"));
        }
        found.push(Entry { mode: mode.to_owned(), object: object.to_owned(), path: path.to_owned() });
    }
    Ok(found)
}

/// What `cat-file --batch` says of each entry: `<object> SP <type> SP <size> LF <contents> LF`.
fn blobs(mut batch: &[u8], entries: &[Entry]) -> Option<Vec<Vec<u8>>> {
    let mut found = Vec::with_capacity(entries.len());
    for _ in entries {
        let end = batch.iter().position(|byte| *byte == b'\n')?;
        let size: usize = std::str::from_utf8(&batch[..end]).ok()?.rsplit(' ').next()?.parse().ok()?;
        let start = end + 1;
        found.push(batch.get(start..start + size)?.to_vec());
        batch = batch.get(start + size + 1..)?;
    }
    Some(found)
}

/// Contents by path; a link is what it leads to, as it is on disk.
fn resolve(entries: &[Entry], blobs: &[Vec<u8>]) -> BTreeMap<String, Result<Vec<u8>, String>> {
    let plain: BTreeMap<&str, (&str, &Vec<u8>)> =
        entries.iter().zip(blobs).map(|(entry, blob)| (entry.path.as_str(), (entry.mode.as_str(), blob))).collect();
    let mut files = BTreeMap::new();
    let mut links: Vec<(String, String)> = Vec::new();
    for (path, (mode, blob)) in &plain {
        match *mode {
            "120000" => links.push(((*path).to_owned(), (*path).to_owned())),
            _ => {
                files.insert((*path).to_owned(), Ok((*blob).clone()));
            }
        }
    }
    for (path, start) in links {
        let mut at = start;
        for _ in 0..MOST_LINKS {
            let Some(("120000", target)) = plain.get(at.as_str()).map(|(mode, blob)| (*mode, *blob)) else { break };
            at = target_of(&at, &String::from_utf8_lossy(target));
        }
        let folder = format!("{at}/");
        if let Some((_, blob)) = plain.get(at.as_str()).filter(|(mode, _)| *mode != "120000") {
            files.insert(path, Ok((*blob).clone()));
        } else if plain.keys().any(|other| other.starts_with(&folder)) {
            for (other, (_, blob)) in
                plain.iter().filter(|(other, (mode, _))| other.starts_with(&folder) && *mode != "120000")
            {
                files.insert(format!("{path}/{}", &other[folder.len()..]), Ok((*blob).clone()));
            }
        } else {
            files.insert(path, Err("is a symbolic link to what the revision does not hold".to_owned()));
        }
    }
    files
}

/// The path that a link at `path` leads to.
fn target_of(path: &str, target: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

struct Git<'a> {
    root: &'a Path,
}

enum Failure {
    /// There is no git.
    Missing,
    /// git said no.
    Said(String),
    /// git could not be talked to.
    Broken(String),
}

impl Failure {
    fn reason(self) -> String {
        match self {
            Self::Missing => "git is not on the PATH".to_owned(),
            Self::Said(reason) | Self::Broken(reason) => reason,
        }
    }
}

impl Git<'_> {
    /// What git says, fed while it is read.
    fn run(&self, args: &[&str], input: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.root).arg("--no-pager").args(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let broken = |error: std::io::Error| Failure::Broken(super::io_reason(&error));
        let mut child = command.spawn().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Failure::Missing,
            _ => broken(error),
        })?;
        let stdin = child.stdin.take();
        let output = std::thread::scope(|scope| {
            // It may end without reading all of its input.
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
            child.wait_with_output()
        });
        let output = output.map_err(broken)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(Failure::Said(said.trim().trim_start_matches("fatal: ").to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_files_and_folders() {
        let entry = |mode: &str, path: &str| Entry { mode: mode.into(), object: String::new(), path: path.into() };
        let entries = [
            entry("100644", "base/a.yaml"),
            entry("120000", "base/b.yaml"),
            entry("120000", "overlays/dev"),
            entry("120000", "overlays/loop"),
            entry("120000", "base/out.yaml"),
            entry("100644", "overlays/prod/o.yaml"),
        ];
        let blobs = ["a", "a.yaml", "./prod", "loop", "../../x", "o"].map(|text| text.as_bytes().to_vec());
        let files = resolve(&entries, &blobs);
        let text = |path: &str| files.get(path).and_then(|file| file.as_ref().ok()).map(Vec::as_slice);
        assert_eq!(text("base/b.yaml"), Some(b"a".as_slice()));
        assert_eq!(text("overlays/dev/o.yaml"), Some(b"o".as_slice()));
        assert!(files["overlays/loop"].is_err() && files["base/out.yaml"].is_err());
    }
}
