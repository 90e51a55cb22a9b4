//! A project in a temporary folder, the real binary run in it, and what came back.
//!
//! ```ignore
//! Case::new("a typo is an error")
//!     .file("base/inventory.yaml", "platform: {nam: shop}\n")
//!     .args(["render", "base"])
//!     .run()
//!     .code(2)
//!     .stdout("")
//!     .stderr_contains("error[unknown-field]");
//! ```

#![allow(dead_code, reason = "a test takes what it needs")]

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

/// A run of platgen to be: its project, arguments and surroundings.
pub struct Case {
    name: String,
    folder: tempfile::TempDir,
    args: Vec<OsString>,
    cwd: PathBuf,
    stdin: Vec<u8>,
    env: Vec<(OsString, OsString)>,
}

impl Case {
    /// A run in an empty folder; `name` is said when it fails.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            folder: tempfile::Builder::new().prefix("platgen-it-").tempdir().expect("a temporary folder"),
            args: Vec::new(),
            cwd: PathBuf::new(),
            stdin: Vec::new(),
            env: Vec::new(),
        }
    }

    /// Writes a file, and the folders above it; `path` is relative to the case's folder.
    #[must_use]
    pub fn file(self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        let target = self.path(path);
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder).expect("a folder");
        }
        std::fs::write(&target, bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
        self
    }

    /// Copies `tests/fixtures/<behaviour>/` into the case's folder.
    #[must_use]
    pub fn fixture(self, behaviour: &str) -> Self {
        let folder = repository().join("tests/fixtures").join(behaviour);
        self.copy(&folder, "")
    }

    /// Copies a folder of the repository (`base`, `examples/user-service`) to the same path.
    #[must_use]
    pub fn repository_folder(self, folder: &str) -> Self {
        let from = repository().join(folder);
        self.copy(&from, folder)
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Runs in a folder beneath the case's.
    #[must_use]
    pub fn cwd(mut self, folder: &str) -> Self {
        self.cwd = PathBuf::from(folder);
        self
    }

    /// Feeds standard input, which is empty otherwise.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// Sets a variable; of the tests' own environment only `PATH` reaches the run.
    #[must_use]
    pub fn env(mut self, key: &str, value: impl AsRef<OsStr>) -> Self {
        self.env.push((key.into(), value.as_ref().to_owned()));
        self
    }

    /// The place of `path` in the case's folder.
    pub fn path(&self, path: &str) -> PathBuf {
        let relative = Path::new(path);
        let inside = relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        assert!(inside, "{path}: leaves the case's folder");
        self.folder.path().join(relative)
    }

    /// Runs platgen to its end.
    pub fn run(self) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_platgen"));
        command.args(&self.args).current_dir(self.folder.path().join(&self.cwd)).env_clear();
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path))).envs(self.env.iter().cloned());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let output = feed(command, self.stdin);
        let text = |bytes, stream| {
            String::from_utf8(bytes).unwrap_or_else(|error| panic!("{}: {stream} is not UTF-8: {error}", self.name))
        };
        Output {
            stdout: text(output.stdout, "stdout"),
            stderr: text(output.stderr, "stderr"),
            code: output.status.code(),
            name: self.name,
            args: self.args,
            folder: self.folder,
        }
    }

    fn copy(mut self, from: &Path, to: &str) -> Self {
        for entry in walkdir::WalkDir::new(from).sort_by_file_name() {
            let entry = entry.unwrap_or_else(|error| panic!("{}: {error}", self.name));
            if entry.file_type().is_file() {
                let relative = entry.path().strip_prefix(from).expect("walks below its top");
                let target = Path::new(to).join(relative);
                let bytes = std::fs::read(entry.path()).expect("a readable fixture");
                self = self.file(&target.to_string_lossy(), bytes);
            }
        }
        self
    }
}

/// What a run left behind. Its methods fail the test with the whole story.
pub struct Output {
    name: String,
    args: Vec<OsString>,
    folder: tempfile::TempDir,
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Output {
    /// The place of `path` in the case's folder, as the run left it.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Expects this exit code.
    #[track_caller]
    pub fn code(self, expected: i32) -> Self {
        assert!(self.code == Some(expected), "exit code {:?}, expected {expected}\n{self}", self.code);
        self
    }

    /// Expects exactly this on stdout.
    #[track_caller]
    pub fn stdout(self, expected: &str) -> Self {
        assert!(self.stdout == expected, "stdout differs; expected:\n{expected}\n{self}");
        self
    }

    /// Expects exactly this on stderr.
    #[track_caller]
    pub fn stderr(self, expected: &str) -> Self {
        assert!(self.stderr == expected, "stderr differs; expected:\n{expected}\n{self}");
        self
    }

    /// Expects this somewhere on stdout.
    #[track_caller]
    pub fn stdout_contains(self, part: &str) -> Self {
        assert!(self.stdout.contains(part), "stdout lacks `{part}`\n{self}");
        self
    }

    /// Expects this somewhere on stderr.
    #[track_caller]
    pub fn stderr_contains(self, part: &str) -> Self {
        assert!(self.stderr.contains(part), "stderr lacks `{part}`\n{self}");
        self
    }

    /// Expects nothing on stdout.
    #[track_caller]
    pub fn stdout_is_empty(self) -> Self {
        self.stdout("")
    }

    /// Expects nothing on stderr.
    #[track_caller]
    pub fn stderr_is_empty(self) -> Self {
        self.stderr("")
    }

    /// Expects exactly this in a file of the case's folder.
    #[track_caller]
    pub fn file(self, path: &str, expected: &str) -> Self {
        let found = std::fs::read_to_string(self.folder.path().join(path));
        assert!(found.as_deref().is_ok_and(|found| found == expected), "`{path}` is {found:?}\n{self}");
        self
    }

    /// What stdout holds.
    pub fn out(&self) -> &str {
        &self.stdout
    }

    /// What stderr holds.
    pub fn err(&self) -> &str {
        &self.stderr
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(self.out()).unwrap_or_else(|error| panic!("{error}\n{self}"))
    }

    /// The case's folder, which lives as long as this.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// All files beneath a folder, each under a line `== path`: a whole tree as one snapshot.
    pub fn tree(&self, folder: &str) -> String {
        let top = self.folder.path().join(folder);
        let mut out = String::new();
        for entry in walkdir::WalkDir::new(&top).sort_by_file_name() {
            let entry = entry.unwrap_or_else(|error| panic!("{}: {error}", self.name));
            if entry.file_type().is_file() {
                let path = entry.path().strip_prefix(&top).expect("walks below its top");
                let text =
                    String::from_utf8_lossy(&std::fs::read(entry.path()).expect("a file just listed")).into_owned();
                let _ = write!(out, "== {}\n{text}", path.display());
            }
        }
        out
    }
}

impl std::fmt::Display for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "case: {}\nplatgen {:?} ended with {:?}", self.name, self.args, self.code)?;
        write!(f, "--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr)
    }
}

/// Renders `production` and expects exactly one finding: this code at this place, with this text in
/// its excerpt, and nothing on standard output.
#[track_caller]
pub fn one_error(case: Case, code: &str, place: &str, part: &str) -> Output {
    case.args(["render", "production"])
        .run()
        .code(2)
        .stdout_is_empty()
        .stderr_contains(&format!("error[{code}]"))
        .stderr_contains(&format!("--> {place}\n"))
        .stderr_contains(part)
        .stderr_contains("\n1 error; nothing was rendered\n")
}

/// The repository's root.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a command to its end, writing its input while reading its output: neither side waits for
/// the other, however large both are.
pub fn feed(mut command: Command, input: Vec<u8>) -> std::process::Output {
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let stdin = child.stdin.take();
    let writer = std::thread::spawn(move || {
        // A program may end without reading all of its input.
        stdin.map(|mut stdin| stdin.write_all(&input))
    });
    let output = child.wait_with_output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let _ = writer.join();
    output
}

#[test]
fn files_land_in_the_case_s_folder_and_nowhere_else() {
    let case = Case::new("files").file("base/services/web.yaml", "a: 1\n");
    assert_eq!(std::fs::read(case.path("base/services/web.yaml")).unwrap(), b"a: 1\n");
    for outside in ["../x", "/etc/x", "a/../../x"] {
        let path = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| case.path(outside)));
        assert!(path.is_err(), "{outside}");
    }
}

#[test]
fn a_folder_of_the_repository_is_copied_with_its_path() {
    let case = Case::new("copy").repository_folder("tests/it");
    assert!(case.path("tests/it/main.rs").is_file());
}

#[test]
fn input_larger_than_a_pipe_is_fed_and_read() {
    let mut command = Command::new("cat");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let input = vec![b'x'; 1 << 20];
    assert_eq!(feed(command, input.clone()).stdout, input);
}
