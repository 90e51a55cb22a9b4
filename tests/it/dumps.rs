//! The scripts that dump and restore databases, as they are rendered, against a real PostgreSQL server.
//! The AWS CLI is a stand-in that keeps a folder.

use crate::judges;
use crate::postgres::{fixture, object, pod, variables};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A script of a ConfigMap, as it was rendered.
fn script(all: &[Value], id: &str, name: &str) -> String {
    let text = object(all, id)["data"][name].as_str();
    text.unwrap_or_else(|| panic!("{id} has no {name}")).to_owned()
}

/// A PostgreSQL server of one test, with an empty database `shop` of `owner`.
struct Server {
    binaries: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
}

impl Server {
    fn start() -> Option<Self> {
        let binaries = judges::postgres()?;
        let folder = tempfile::Builder::new().prefix("platgen-it-").tempdir().expect("a temporary folder");
        // The server refuses root, and must reach its folder as somebody else.
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o777)).expect("rights");
        let port =
            std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port();
        let server = Self { binaries, folder, port };
        let (data, secret) = (server.path("data"), server.path("secret"));
        std::fs::write(&secret, "hush\n").expect("a file");
        std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o644)).expect("rights");
        let text = |path: &Path| path.to_str().expect("a path in UTF-8").to_owned();
        server.administer(&[
            "initdb",
            "--pgdata",
            &text(&data),
            "--username=owner",
            "--auth=scram-sha-256",
            "--no-sync",
            &format!("--pwfile={}", text(&secret)),
            "--locale=C",
            "--encoding=UTF8",
        ]);
        let options = format!("-p {port} -k '' -c listen_addresses=127.0.0.1 -c fsync=off");
        server.administer(&[
            "pg_ctl",
            "start",
            "--pgdata",
            &text(&data),
            "--wait",
            "--log",
            &text(&server.path("server.log")),
            "--options",
            &options,
        ]);
        server.sql("postgres", "CREATE DATABASE shop");
        Some(server)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a program of the server's as a user it accepts.
    fn administer(&self, command: &[&str]) {
        let program = self.binaries.join(command[0]);
        let mut run = if judges::is_root() {
            let mut run = Command::new("setpriv");
            run.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
            run
        } else {
            Command::new(program)
        };
        // The server inherits what it is given: a pipe would never end.
        let status = run
            .args(&command[1..])
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(status.expect("a program").success(), "{command:?}");
    }

    /// What a query answers.
    fn sql(&self, database: &str, query: &str) -> String {
        let mut command = self.command(&self.binaries.join("psql"));
        command.args([
            "--no-psqlrc",
            "--quiet",
            "--tuples-only",
            "--no-align",
            "--set=ON_ERROR_STOP=1",
            "--command",
            query,
        ]);
        let output = command.env("PGDATABASE", database).output().expect("psql");
        assert!(output.status.success(), "{query}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// A program that finds the server, and nothing else of this environment.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        let path = format!("{}:{}:/usr/bin:/bin", self.path("bin").display(), self.binaries.display());
        command.env_clear().env("PATH", path).env("PGHOST", "127.0.0.1").env("PGPORT", self.port.to_string());
        command.env("PGDATABASE", "shop").env("PGUSER", "owner").env("PGPASSWORD", "hush");
        command.stdin(Stdio::null());
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.path("data");
        let data = data.to_str().unwrap_or_default();
        self.administer(&["pg_ctl", "stop", "--pgdata", data, "--mode=immediate"]);
        // What belongs to somebody else is theirs to remove.
        let _ = Command::new("rm").args(["-rf", data]).status();
    }
}

/// Whether this process was told to ignore interrupts, as those are that a shell starts in the background.
fn ignores_interrupts() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 2 != 0)
}

/// Runs rendered scripts against a server and a folder of dumps.
struct Dumps<'a> {
    server: &'a Server,
    scripts: BTreeMap<String, String>,
    variables: BTreeMap<String, String>,
}

impl<'a> Dumps<'a> {
    /// The scripts and settings of a service of the fixture.
    fn of(server: &'a Server, service: &str) -> Self {
        let all = fixture("base");
        let mut scripts = BTreeMap::new();
        let mut set = BTreeMap::new();
        for job in ["backup", "restore"] {
            let id = format!("ConfigMap/{service}-{job}");
            for name in object(&all, &id)["data"].as_object().expect("scripts").keys() {
                scripts.insert(name.clone(), script(&all, &id, name));
            }
            let pod = pod(object(&all, &format!("CronJob/{service}-{job}")));
            for container in ["containers", "initContainers"].iter().filter_map(|list| pod[list].as_array()).flatten() {
                set.extend(variables(container).into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
            }
        }
        set.retain(|name, _| !name.starts_with("PG"));
        let folder = server.path(service);
        std::fs::create_dir_all(&folder).expect("a folder");
        set.insert("BACKUP_FOLDER".to_owned(), folder.to_str().expect("a path").to_owned());
        for (name, text) in &scripts {
            std::fs::write(server.path(name), text).expect("a script");
        }
        Self { server, scripts, variables: set }
    }

    fn command(&self, script: &str) -> Command {
        assert!(self.scripts.contains_key(script), "{script}");
        // Who was started in the background passes on that interrupts are ignored, which no shell can take back.
        let mut command = self.server.command(Path::new(if ignores_interrupts() { "env" } else { "sh" }));
        if ignores_interrupts() {
            command.args(["--default-signal=INT", "sh"]);
        }
        command.arg(self.server.path(script)).envs(&self.variables);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    #[track_caller]
    fn run(&self, script: &str) -> Output {
        let output = self.command(script).output().expect("a shell");
        assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    #[track_caller]
    fn fails(&self, script: &str, variables: &[(&str, &str)], part: &str) {
        let output = self.command(script).envs(variables.iter().copied()).output().expect("a shell");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(part), "{script}: {said}");
    }

    fn folder(&self) -> PathBuf {
        PathBuf::from(&self.variables["BACKUP_FOLDER"])
    }

    /// Names of all files in the folder.
    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder()).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn age(&self, name: &str, age: Duration) {
        let file = std::fs::File::options().write(true).open(self.folder().join(name)).expect("a file");
        file.set_modified(std::time::SystemTime::now() - age).expect("a time");
    }
}

/// So many days and hours.
fn time(days: u64, hours: u64) -> Duration {
    Duration::from_hours(24 * days + hours)
}

/// Whether a file is a dump, or part of one.
fn is(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == extension)
}

const CONTENT: &str = "
CREATE TABLE orders (id serial PRIMARY KEY, item text NOT NULL, price numeric(10, 2), at timestamptz DEFAULT now());
CREATE TABLE lines (\"order\" int REFERENCES orders, amount int CHECK (amount > 0));
CREATE INDEX lines_by_order ON lines (\"order\");
CREATE VIEW dear AS SELECT * FROM orders WHERE price > 500;
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';
INSERT INTO orders (item, price) SELECT 'item ' || n || ' ü', n FROM generate_series(1, 1000) n;
INSERT INTO lines SELECT n, n FROM generate_series(1, 1000) n;
SELECT lo_from_bytea(4711, 'large');
";

/// All that a database holds, as text.
fn content(server: &Server) -> String {
    let query = "SELECT md5(string_agg(o::text, ',' ORDER BY id)) FROM orders o \
        UNION ALL SELECT md5(string_agg(l::text, ',' ORDER BY l::text)) FROM lines l \
        UNION ALL SELECT count(*)::text FROM dear UNION ALL SELECT twice(21)::text \
        UNION ALL SELECT nextval('orders_id_seq')::text UNION ALL SELECT convert_from(lo_get(4711), 'UTF8') \
        UNION ALL SELECT string_agg(indexname, ',' ORDER BY indexname) FROM pg_indexes WHERE schemaname = 'public'";
    server.sql("shop", query)
}

#[test]
fn a_dump_restores_what_was_there() {
    let Some(server) = Server::start() else { return };
    let dumps = Dumps::of(&server, "db");
    server.sql("shop", CONTENT);
    let before = content(&server);
    dumps.run("backup.sh");
    // The sequence moved on by the look at it, behind the dump.
    let [first] = dumps.files().try_into().expect("one file");
    assert!(first.starts_with("db-2") && first.ends_with("Z.dump"), "{first}");
    let damage = "DROP VIEW dear; DROP TABLE lines; DELETE FROM orders WHERE id > 10; UPDATE orders SET item = 'x'; \
        DROP FUNCTION twice; SELECT lo_unlink(4711); ALTER TABLE orders ADD extra int";
    server.sql("shop", damage);
    dumps.run("restore.sh");
    let after = content(&server);
    let but_sequence = |text: &str| -> Vec<String> {
        text.lines().enumerate().filter(|(at, _)| *at != 4).map(|(_, line)| line.to_owned()).collect()
    };
    assert_eq!(but_sequence(&after), but_sequence(&before));
    assert_eq!(server.sql("shop", "SELECT count(*) FROM pg_stats WHERE tablename = 'orders'"), "4");

    // Again and again, and a second dump in the same second has a name of its own.
    dumps.run("restore.sh");
    server.sql("shop", "INSERT INTO orders (item, price) VALUES ('later', 1)");
    dumps.run("backup.sh");
    dumps.run("backup.sh");
    assert_eq!(dumps.files().len(), 3);
    server.sql("shop", "DELETE FROM lines; DELETE FROM orders");
    dumps.run("restore.sh");
    assert_eq!(server.sql("shop", "SELECT count(*) FROM orders"), "1001");
    let mut older = dumps.command("restore.sh");
    assert!(older.env("RESTORE_FILE", &first).status().expect("a shell").success());
    assert_eq!(server.sql("shop", "SELECT count(*) FROM orders"), "1000");

    // What can't be restored changes nothing.
    server.sql("shop", "DELETE FROM lines WHERE amount > 1");
    let bytes = std::fs::read(dumps.folder().join(&first)).expect("a dump");
    std::fs::write(dumps.folder().join("half.dump"), &bytes[..bytes.len() - bytes.len() / 4]).expect("a file");
    dumps.fails("restore.sh", &[("RESTORE_FILE", "half.dump")], "pg_restore: error");
    dumps.fails("restore.sh", &[("RESTORE_FILE", "none.dump")], "there is no dump");
    dumps.fails("restore.sh", &[("RESTORE_FILE", "../secret")], "is the name of a dump, not a path");
    dumps.fails("restore.sh", &[("BACKUP_NAME", "other")], "there is no dump");
    assert_eq!(server.sql("shop", "SELECT count(*) FROM lines"), "1");
}

#[test]
fn dumps_go_past_their_retention_and_never_without_a_new_one() {
    let Some(server) = Server::start() else { return };
    let dumps = Dumps::of(&server, "db");
    server.sql("shop", CONTENT);
    dumps.run("backup.sh");
    dumps.run("backup.sh");
    let old = dumps.files();
    dumps.age(&old[0], time(7, 1));
    dumps.age(&old[1], time(6, 23));
    for (name, age) in [
        ("db-notes.txt", time(90, 0)),
        ("other-20200101T000000Z.dump", time(90, 0)),
        ("db-20200101T000000Z.dump.part", time(0, 2)),
    ] {
        std::fs::write(dumps.folder().join(name), "x").expect("a file");
        dumps.age(name, age);
    }
    std::fs::write(dumps.folder().join("db-20200102T000000Z.dump.part"), "another run's").expect("a file");

    // A dump that fails removes nothing but what a killed run left, and leaves nothing.
    dumps.fails("backup.sh", &[("PGPASSWORD", "wrong")], "password authentication failed");
    dumps.fails("backup.sh", &[("PGDATABASE", "none")], "does not exist");
    let mut kept = old.clone();
    kept.extend(["db-20200102T000000Z.dump.part", "db-notes.txt", "other-20200101T000000Z.dump"].map(str::to_owned));
    kept.sort();
    assert_eq!(dumps.files(), kept);

    let said = dumps.run("backup.sh");
    assert!(String::from_utf8_lossy(&said.stdout).contains(&format!("{}: past its retention", old[0])));
    let now = dumps.files();
    assert!(!now.contains(&old[0]) && now.contains(&old[1]), "{now:?}");
    assert_eq!(now.len(), kept.len(), "one came, one went: {now:?}");
    // All but the new one are past it now.
    for name in now.iter().filter(|name| name.starts_with("db-") && is(name, "dump")) {
        dumps.age(name, time(30, 0));
    }
    dumps.run("backup.sh");
    let left: Vec<String> =
        dumps.files().into_iter().filter(|name| name.starts_with("db-") && is(name, "dump")).collect();
    assert_eq!(left.len(), 1, "{left:?}");
    dumps.run("restore.sh");
}

/// Waits until something is so.
#[track_caller]
fn until(what: &str, mut so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !so() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn signal(child: &Child, signal: &str) {
    let status = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(status.expect("kill").success());
}

#[test]
fn a_dump_that_is_interrupted_leaves_no_half_file() {
    let Some(server) = Server::start() else { return };
    let dumps = Dumps::of(&server, "db");
    server.sql("shop", CONTENT);
    dumps.run("backup.sh");
    let before = dumps.files();
    // Who holds this lock makes pg_dump wait.
    let mut holder = server.command(&server.binaries.join("psql"));
    holder.args(["--no-psqlrc", "--command", "BEGIN; LOCK TABLE orders; SELECT pg_sleep(300)"]);
    let mut holder = holder.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("psql");
    let locks = "SELECT count(*) FROM pg_locks WHERE relation = 'orders'::regclass AND NOT granted";
    until("the lock is held", || {
        server.sql("shop", &locks.replace("NOT granted", "mode = 'AccessExclusiveLock' AND granted")) == "1"
    });
    for (with, leaves) in [("-TERM", 0), ("-INT", 0), ("-KILL", 1)] {
        let mut run = dumps.command("backup.sh").spawn().expect("a shell");
        until("pg_dump waits", || server.sql("shop", locks) == "1");
        assert!(dumps.files().iter().any(|name| is(name, "part")));
        signal(&run, with);
        assert!(!run.wait().expect("an end").success());
        let now = dumps.files();
        assert_eq!(now.len(), before.len() + leaves, "{with}: {now:?}");
        server.sql(
            "shop",
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'orders'::regclass AND NOT granted",
        );
        until("nobody waits", || server.sql("shop", locks) == "0");
    }
    server.sql("shop", "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'orders'::regclass");
    let _ = holder.wait();
    // What the last one left is nobody's dump, and goes when it is old.
    dumps.run("restore.sh");
    let half = dumps.files().into_iter().find(|name| is(name, "part")).expect("a half file");
    dumps.age(&half, time(0, 2));
    dumps.run("backup.sh");
    assert!(dumps.files().iter().all(|name| is(name, "dump")), "{:?}", dumps.files());
}

/// What the AWS CLI does that the scripts ask for, on a folder.
const AWS: &str = r#"#!/bin/sh
set -eu
say() { echo "$AWS_REGION $*" >>"$FAKE_S3.log"; }
case "$1 $2" in
"s3 cp")
  [ "$3" = --only-show-errors ]
  case $4 in
  s3://*) say fetch "$4"; cp -- "$FAKE_S3/${4#s3://}" "$5" ;;
  *) say upload "$5"; mkdir -p "$FAKE_S3/$(dirname "${5#s3://}")"; cp -- "$4" "$FAKE_S3/${5#s3://}" ;;
  esac
  ;;
"s3 rm") say remove "$4"; rm -- "$FAKE_S3/${4#s3://}" ;;
"s3api head-object") wc -c <"$FAKE_S3/$4/$6" ;;
"s3api list-objects-v2")
  [ "$7" = --query ] && [ "$8" = 'Contents[].[Key]' ] && [ "$9" = --output ]
  found=$(cd "$FAKE_S3/$4" && find . -type f -path "./$6*" | sed 's|^\./||' | sort -r)
  echo "${found:-None}"
  ;;
*) echo "what is $*" >&2; exit 2 ;;
esac
"#;

#[test]
fn a_bucket_keeps_what_a_volume_would() {
    let Some(server) = Server::start() else { return };
    let mut dumps = Dumps::of(&server, "log");
    let bucket = server.path("s3/shop-backups/shop/log");
    std::fs::create_dir_all(&bucket).expect("a folder");
    std::fs::create_dir_all(server.path("bin")).expect("a folder");
    let aws = server.path("bin").join("aws");
    std::fs::write(&aws, AWS).expect("a script");
    std::fs::set_permissions(&aws, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("rights");
    dumps.variables.insert("FAKE_S3".to_owned(), server.path("s3").to_str().expect("a path").to_owned());
    server.sql("shop", CONTENT);
    let before = content(&server);
    let kept = |age: Duration| {
        let then = std::time::SystemTime::now() - age;
        let seconds = then.duration_since(std::time::UNIX_EPOCH).expect("a time").as_secs();
        let output =
            Command::new("date").args(["-u", "-d", &format!("@{seconds}"), "+log-%Y%m%dT%H%M%SZ.dump"]).output();
        let name = String::from_utf8_lossy(&output.expect("date").stdout).trim().to_owned();
        std::fs::write(bucket.join(&name), "old").expect("a file");
        name
    };
    let (past, within) = (kept(time(28, 1)), kept(time(27, 23)));
    for other in ["log-notes.txt", "log-2020.dump", "login-20200101T000000Z.dump"] {
        std::fs::write(bucket.join(other), "x").expect("a file");
    }
    dumps.fails("upload.sh", &[], "there is no dump");
    assert!(bucket.join(&past).exists());

    dumps.run("backup.sh");
    let [dump] = dumps.files().try_into().expect("one file");
    dumps.run("upload.sh");
    assert!(bucket.join(&dump).exists() && bucket.join(&within).exists() && !bucket.join(&past).exists());
    for other in ["log-notes.txt", "log-2020.dump", "login-20200101T000000Z.dump"] {
        assert!(bucket.join(other).exists(), "{other}");
    }
    // A clock that is far ahead: the newest stays.
    dumps.variables.insert("BACKUP_RETENTION_MINUTES".to_owned(), "-1000000".to_owned());
    dumps.run("upload.sh");
    assert!(bucket.join(&dump).exists() && !bucket.join(&within).exists());

    std::fs::remove_file(dumps.folder().join(&dump)).expect("a file");
    server.sql("shop", "DROP TABLE lines; DELETE FROM orders");
    dumps.run("download.sh");
    assert_eq!(dumps.files(), std::slice::from_ref(&dump));
    dumps.run("restore.sh");
    assert_eq!(content(&server).lines().next(), before.lines().next());
    dumps.fails("download.sh", &[("RESTORE_FILE", "a/b")], "is the name of a dump, not a path");
    dumps.fails("download.sh", &[("BACKUP_NAME", "none")], "there is no dump");
    let log = std::fs::read_to_string(server.path("s3.log")).expect("a log");
    assert!(log.starts_with(&format!("eu-west-1 upload s3://shop-backups/shop/log/{dump}\n")), "{log}");
}

/// What kubectl does that the script asks for, on a folder; `ready` says whether snapshots become usable.
const KUBECTL: &str = r#"#!/bin/sh
set -eu
case $1 in
create)
  manifest=$(cat)
  name=$(printf '%s\n' "$manifest" | sed -n 's/^  name: //p')
  printf '%s\n' "$manifest" >"$FAKE_CLUSTER/$name"
  ;;
wait) [ -e "$FAKE_CLUSTER/${4##*/}" ] && [ -e "$FAKE_CLUSTER.ready" ] ;;
get)
  case $* in
  *jsonpath*) echo 'no space' ;;
  *)
    [ "$3" = -l ] && [ "$4" = platgen.dev/snapshot-of=db ] && [ "$5 $6" = '-o name' ]
    for each in "$FAKE_CLUSTER"/*; do echo "volumesnapshot.snapshot.storage.k8s.io/${each##*/}"; done
    ;;
  esac
  ;;
delete) [ "$2" = --wait=false ] && rm -- "$FAKE_CLUSTER/${3##*/}" ;;
esac
"#;

#[test]
fn snapshots_go_past_their_retention_and_never_without_a_new_one() {
    let all = fixture("base");
    let folder = tempfile::Builder::new().prefix("platgen-it-").tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name);
    for name in ["bin", "cluster"] {
        std::fs::create_dir(path(name)).expect("a folder");
    }
    std::fs::write(path("bin/kubectl"), KUBECTL).expect("a script");
    std::fs::set_permissions(path("bin/kubectl"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("rights");
    let snapshot = script(&all, "ConfigMap/db-snapshot", "snapshot.sh");
    let container = &pod(object(&all, "CronJob/db-snapshot"))["containers"][0];
    let run = || {
        let mut command = Command::new("sh");
        command.args(["-c", &snapshot]).env_clear().envs(variables(container));
        command.env("PATH", format!("{}:/usr/bin:/bin", path("bin").display())).env("FAKE_CLUSTER", path("cluster"));
        command.stdin(Stdio::null()).output().expect("a shell")
    };
    let names = || -> Vec<String> {
        let entries = std::fs::read_dir(path("cluster")).expect("a folder");
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    };
    let stamp = |hours: u64| {
        let output =
            Command::new("date").args(["-u", "-d", &format!("{hours} hours ago"), "+db-%Y%m%dt%H%M%Sz"]).output();
        String::from_utf8_lossy(&output.expect("date").stdout).trim().to_owned()
    };
    let (past, within) = (stamp(37), stamp(35));
    for name in [past.as_str(), within.as_str(), "db-by-hand", "db-2020t1z"] {
        std::fs::write(path("cluster").join(name), "").expect("a file");
    }
    let failed = run();
    assert!(!failed.status.success() && String::from_utf8_lossy(&failed.stderr).contains("no space"));
    assert_eq!(names().len(), 4, "{:?}", names());
    std::fs::write(path("cluster.ready"), "").expect("a file");
    let made = run();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let now = names();
    assert!(now.len() == 4 && !now.contains(&past) && now.contains(&within), "{now:?}");
    let new = now.iter().find(|name| !["db-by-hand", "db-2020t1z", within.as_str()].contains(&name.as_str()));
    let text = std::fs::read_to_string(path("cluster").join(new.expect("a new one"))).expect("a manifest");
    let manifest: Value = serde_yaml::from_str(&text).expect("YAML");
    let spec = json!({"volumeSnapshotClassName": "quick", "source": {"persistentVolumeClaimName": "data-db-0"}});
    assert_eq!(
        (&manifest["spec"], &manifest["metadata"]["labels"]),
        (&spec, &json!({"platgen.dev/snapshot-of": "db"}))
    );
}
