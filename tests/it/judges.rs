//! Programs that judge what platgen writes: kubectl (Go's YAML), PyYAML (YAML 1.1), and
//! kubernetes-validate (the API's schemas, strict), promtool (Prometheus' rules), and helm.
//!
//! A judge is found through its variable or on `PATH`. Without one a test says `skipped: …` and
//! passes, so that `cargo test` works anywhere; with `PLATGEN_JUDGES=required`, as CI sets it, it fails.

#![allow(dead_code, reason = "a test takes what it needs")]

use crate::harness::feed;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A program that may or may not be there.
struct Judge {
    /// Names its path.
    variable: &'static str,
    /// Sought on `PATH` without the variable.
    program: &'static str,
    /// Arguments under which it ends well if it works at all.
    probe: &'static [&'static str],
}

const KUBECTL: Judge = Judge { variable: "PLATGEN_KUBECTL", program: "kubectl", probe: &["version", "--client"] };
const HELM: Judge = Judge { variable: "PLATGEN_HELM", program: "helm", probe: &["version"] };
const KUBERNETES_VALIDATE: Judge =
    Judge { variable: "PLATGEN_KUBERNETES_VALIDATE", program: "kubernetes-validate", probe: &["--version"] };
const PROMTOOL: Judge = Judge { variable: "PLATGEN_PROMTOOL", program: "promtool", probe: &["--version"] };
const PYYAML: Judge = Judge { variable: "PLATGEN_PYTHON", program: "python3", probe: &["-c", "import yaml"] };

const CRYPTOGRAPHY: Judge =
    Judge { variable: "PLATGEN_PYTHON", program: "python3", probe: &["-c", "import cryptography"] };

/// What a Python program that uses `cryptography` prints for this input; `None` where tests are to be skipped.
pub fn cryptography(script: &str, input: &str) -> Option<String> {
    let mut command = Command::new(CRYPTOGRAPHY.find()?);
    command.args(["-c", script]);
    let output = run(command, input);
    assert!(output.status.success(), "the script failed: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// kubectl, for `kubectl kustomize` and the like; `None` where tests are to be skipped.
pub fn kubectl() -> Option<PathBuf> {
    KUBECTL.find()
}

/// Every kubectl there is: the judge, and the one on `PATH` if that is another. Their kustomizes differ.
pub fn kubectls() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let other = std::env::split_paths(&path).map(|folder| folder.join("kubectl")).find(|program| program.is_file());
    let mut all: Vec<PathBuf> = kubectl().into_iter().collect();
    all.extend(other.filter(|other| {
        !all.is_empty() && works(other, KUBECTL.probe) && all[0] != *other && all[0] != Path::new("kubectl")
    }));
    all
}

/// The folder with the programs of a PostgreSQL server: `PLATGEN_POSTGRES`, where Debian puts them, or on
/// `PATH`; `None` where tests are to be skipped. As root it needs a user `postgres`, since the server
/// refuses root.
pub fn postgres() -> Option<PathBuf> {
    let named = std::env::var_os("PLATGEN_POSTGRES").map(PathBuf::from);
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
    debian.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = debian.into_iter().rev().chain(std::env::split_paths(&path)).collect();
    if let Some(named) = &named {
        folders = vec![named.clone()];
    }
    let programs = ["initdb", "pg_ctl", "pg_dump", "pg_restore", "psql"];
    let found = folders.into_iter().find(|folder| programs.iter().all(|program| folder.join(program).is_file()));
    assert!(found.is_some() || named.is_none(), "`PLATGEN_POSTGRES={named:?}` does not hold {programs:?}");
    let user =
        !is_root() || works(Path::new("setpriv"), &["--reuid=postgres", "--regid=postgres", "--clear-groups", "true"]);
    if let Some(found) = found.filter(|_| user) {
        return Some(found);
    }
    let required = std::env::var_os("PLATGEN_JUDGES").is_some_and(|value| value == "required");
    assert!(
        !required,
        "a PostgreSQL server is required and not there; `PLATGEN_POSTGRES` can name the folder of its programs"
    );
    println!("skipped: no PostgreSQL server; `PLATGEN_POSTGRES` can name the folder of its programs");
    None
}

/// Whether the tests run as root.
pub fn is_root() -> bool {
    std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").expect("/proc")) == 0
}

/// helm; `None` where tests are to be skipped.
pub fn helm() -> Option<PathBuf> {
    HELM.find()
}

/// What `promtool check rules` says of each of several rule files: nothing, if it takes it.
pub fn promtool_check_each(files: &[String]) -> Option<Vec<Option<String>>> {
    let program = PROMTOOL.find()?;
    let check = |text: &String| {
        let file = file(text);
        let mut command = Command::new(&program);
        command.args(["check", "rules", "--lint=none"]).arg(file.path());
        let output = run(command, "");
        (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
    };
    Some(files.iter().map(check).collect())
}

/// What `promtool test rules` says of several tests, each of the rules it comes with, which it calls
/// `rules-0.yaml`, `rules-1.yaml` and so on: nothing, if all hold or nobody can say.
pub fn promtool_test(pairs: &[(String, String)]) -> String {
    let Some(program) = PROMTOOL.find() else { return String::new() };
    let folder = tempfile::Builder::new().prefix("platgen-it-").tempdir().expect("a temporary folder");
    let mut command = Command::new(program);
    command.args(["test", "rules"]).current_dir(folder.path());
    for (at, (rules, test)) in pairs.iter().enumerate() {
        let name = format!("test-{at}.yaml");
        std::fs::write(folder.path().join(format!("rules-{at}.yaml")), rules).expect("a temporary file takes text");
        std::fs::write(folder.path().join(&name), test).expect("a temporary file takes text");
        command.arg(name);
    }
    let output = run(command, "");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    if output.status.success() { String::new() } else { said }
}

/// The documents of a stream as Go's YAML reads them, which is what a cluster gets.
///
/// kubectl prints an object only if it changed something, so it sets a label, which is taken away again;
/// an object that had `labels: {}` comes back without.
pub fn kubectl_json(stream: &str) -> Option<Vec<Value>> {
    const LABEL: &str = "platgen.invalid/judge";
    let file = file(stream);
    let mut command = Command::new(KUBECTL.find()?);
    command
        .args(["label", "--local", "--overwrite", "-o", "json"])
        .arg(format!("{LABEL}=1"))
        .arg("-f")
        .arg(file.path());
    let output = run(command, "");
    assert!(output.status.success(), "kubectl refuses the stream: {}", String::from_utf8_lossy(&output.stderr));
    let mut documents: Vec<Value> = serde_json::Deserializer::from_slice(&output.stdout)
        .into_iter()
        .collect::<Result<_, _>>()
        .expect("kubectl prints JSON");
    for metadata in documents.iter_mut().filter_map(|document| document.get_mut("metadata")?.as_object_mut()) {
        if let Some(labels) = metadata.get_mut("labels").and_then(Value::as_object_mut) {
            labels.remove(LABEL);
            if labels.is_empty() {
                metadata.remove("labels");
            }
        }
    }
    Some(documents)
}

/// The documents of a stream as PyYAML, a YAML 1.1 reader, reads them. What JSON can't hold (dates,
/// keys that aren't strings, infinities) comes as `python:` and its representation.
pub fn pyyaml_json(stream: &str) -> Option<Vec<Value>> {
    pyyaml_json_with("CSafeLoader", stream)
}

/// The same with the loader of this name: `SafeLoader` in Python, `CSafeLoader` by libyaml, which
/// not every build of PyYAML has.
pub fn pyyaml_json_with(loader: &str, stream: &str) -> Option<Vec<Value>> {
    const SCRIPT: &str = r"
import json, math, sys, yaml
def plain(value):
    if isinstance(value, dict):
        return {key if isinstance(key, str) else 'python:' + repr(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, str)) or isinstance(value, float) and math.isfinite(value):
        return value
    return 'python:' + repr(value)
loader = getattr(yaml, sys.argv[1], yaml.SafeLoader)
print(json.dumps([plain(document) for document in yaml.load_all(sys.stdin.buffer, loader)]))
";
    let mut command = Command::new(PYYAML.find()?);
    command.args(["-c", SCRIPT, loader]);
    let output = run(command, stream);
    assert!(output.status.success(), "PyYAML refuses the stream: {}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).expect("the script prints JSON"))
}

/// What the definitions of custom resources in the folder `PLATGEN_CRDS`, else `../shared/crds`, say of objects: nothing, if
/// all pass. Fields that a definition does not have are errors, as with strict field validation.
pub fn resource_definitions(objects: &[&Value]) -> Option<Vec<String>> {
    const SCRIPT: &str = r"
import glob, json, os, sys, yaml, jsonschema
def strict(schema):
    if isinstance(schema, list):
        for item in schema:
            strict(item)
    elif isinstance(schema, dict):
        for item in schema.values():
            strict(item)
        if isinstance(schema.get('properties'), dict) and not schema.get('x-kubernetes-preserve-unknown-fields'):
            schema.setdefault('additionalProperties', False)
schemas = {}
for path in glob.glob(os.path.join(sys.argv[1], '*.yaml')):
    with open(path, encoding='utf-8') as file:
        for document in yaml.load_all(file, getattr(yaml, 'CSafeLoader', yaml.SafeLoader)):
            if isinstance(document, dict) and document.get('kind') == 'CustomResourceDefinition':
                spec = document['spec']
                for version in spec['versions']:
                    key = spec['group'] + '/' + version['name'], spec['names']['kind']
                    schemas[key] = version['schema']['openAPIV3Schema']
said = []
for item in json.load(sys.stdin):
    name = item['kind'] + '/' + item['metadata']['name']
    schema = schemas.get((item['apiVersion'], item['kind']))
    if schema is None:
        said.append(name + ': no definition')
        continue
    # The API server knows these of every object; some definitions leave them out.
    for key in ('apiVersion', 'kind', 'metadata'):
        schema['properties'].pop(key, None)
        item.pop(key)
    schema['required'] = [key for key in schema.get('required', []) if key not in ('apiVersion', 'kind', 'metadata')]
    strict(schema)
    for error in jsonschema.Draft202012Validator(schema).iter_errors(item):
        said.append(name + ': ' + error.json_path + ': ' + error.message)
print(json.dumps(said))
";
    // Beside the repository they may lie, too.
    let beside = crate::harness::repository().join("../shared/crds");
    let named = std::env::var_os("PLATGEN_CRDS").map(PathBuf::from);
    let Some(folder) = named.or_else(|| beside.is_dir().then_some(beside)) else {
        println!("skipped: no definitions of custom resources; `PLATGEN_CRDS` can name their folder");
        return None;
    };
    let mut command = Command::new(PYYAML.find()?);
    command.args(["-c", SCRIPT]).arg(folder);
    let output = run(command, &serde_json::to_string(objects).expect("objects are JSON"));
    assert!(output.status.success(), "the script failed: {}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).expect("the script prints JSON"))
}

/// What kubernetes-validate says of a stream.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Objects that passed, as `kind/name`, kind in lower case.
    pub passed: Vec<String>,
    /// Objects it has no schema for: custom resources, as its own sentence.
    pub unknown: Vec<String>,
    /// Objects that failed, as its own sentence.
    pub errors: Vec<String>,
}

/// Validates every object of a stream against the strict schemas of a Kubernetes version (`1.33`).
/// Release 1.37.0 knows 1.25 to 1.37; a newer version is refused, one between is rounded down.
pub fn kubernetes_validate(stream: &str, version: &str) -> Option<Verdict> {
    let file = file(stream);
    let mut command = Command::new(KUBERNETES_VALIDATE.find()?);
    command.args(["--strict", "-k", version]).arg(file.path());
    let output = run(command, "");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let verdict = verdict(&said);
    let failed = !verdict.errors.is_empty();
    assert!(output.status.success() != failed, "kubernetes-validate failed itself:\n{said}");
    Some(verdict)
}

fn verdict(said: &str) -> Verdict {
    let mut verdict = Verdict::default();
    for line in said.lines() {
        match line.split_once(' ') {
            Some(("INFO", rest)) => {
                let name = rest.split_once(" for resource ").map_or(rest, |(_, name)| name);
                verdict.passed.push(name.split(' ').next().unwrap_or(name).to_owned());
            }
            Some(("WARN", rest)) => verdict.unknown.push(rest.to_owned()),
            Some(("ERROR", rest)) => verdict.errors.push(rest.to_owned()),
            // A value quoted in a sentence may hold line breaks.
            _ => {
                if let Some(last) = verdict.errors.last_mut() {
                    last.push('\n');
                    last.push_str(line);
                }
            }
        }
    }
    verdict
}

impl Judge {
    /// The program's path, or `None` if tests are to be skipped for want of it.
    fn find(&self) -> Option<PathBuf> {
        let named = std::env::var_os(self.variable).map(PathBuf::from);
        let program = named.clone().unwrap_or_else(|| PathBuf::from(self.program));
        let works = works(&program, self.probe);
        assert!(works || named.is_none(), "`{}={}` does not work", self.variable, program.display());
        if works {
            return Some(program);
        }
        let required = std::env::var_os("PLATGEN_JUDGES").is_some_and(|value| value == "required");
        assert!(!required, "`{}` is required and not there; `{}` can name it", self.program, self.variable);
        println!("skipped: no working `{}`; `{}` can name it", self.program, self.variable);
        None
    }
}

fn works(program: &Path, probe: &[&str]) -> bool {
    let status =
        Command::new(program).args(probe).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

fn run(mut command: Command, input: &str) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    feed(command, input.as_bytes().to_vec())
}

fn file(stream: &str) -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new().prefix("platgen-it-").suffix(".yaml").tempfile().expect("a temporary file");
    std::fs::write(file.path(), stream).expect("a temporary file takes text");
    file
}

const STREAM: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  country: no
---
apiVersion: v1
kind: Service
metadata:
  name: b
  labels:
    on: \"off\"
spec:
  portz: []
---
apiVersion: example.org/v1
kind: Custom
metadata:
  name: c
";

#[test]
fn kubectl_reads_as_a_cluster_does() {
    let Some(documents) = kubectl_json(STREAM) else { return };
    let names: Vec<&Value> = documents.iter().map(|document| &document["metadata"]["name"]).collect();
    assert_eq!(names, ["a", "b", "c"]);
    // The label that made kubectl print is gone; Go's YAML reads `no` as a boolean and `on` as a key `true`.
    assert_eq!(documents[0]["metadata"].get("labels"), None);
    assert_eq!(documents[0]["data"]["country"], false);
    assert_eq!(documents[1]["metadata"]["labels"], serde_json::json!({"true": "off"}));
}

#[test]
fn pyyaml_reads_yaml_1_1() {
    let Some(documents) = pyyaml_json("a: 1:30\nb: 2020-01-01\non: .inf\n--- [ä]\n") else { return };
    let expected = serde_json::json!({"a": 90, "b": "python:datetime.date(2020, 1, 1)", "python:True": "python:inf"});
    assert_eq!(documents, [expected, serde_json::json!(["ä"])]);
}

#[test]
fn kubernetes_validate_sorts_objects() {
    let Some(verdict) = kubernetes_validate(STREAM, "1.33") else { return };
    assert_eq!(verdict.passed, [""; 0]);
    assert_eq!(verdict.unknown.len(), 1, "{verdict:?}");
    let [config, service] = verdict.errors.as_slice() else { panic!("{verdict:?}") };
    assert!(config.contains("configmap/a") && service.contains("portz"), "{verdict:?}");
}

#[test]
fn sentences_of_kubernetes_validate_are_understood() {
    let said = "INFO f.yaml passed for resource service/b against version 1.33\nERROR f.yaml did not: 'x\ny'\nWARN no schema\n";
    let expected = Verdict {
        passed: vec!["service/b".into()],
        unknown: vec!["no schema".into()],
        errors: vec!["f.yaml did not: 'x\ny'".into()],
    };
    assert_eq!(verdict(said), expected);
}
