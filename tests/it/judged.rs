//! Whole projects before external judges: the reference platform, the examples, and fixtures that set every field
//! of the inventory, in every environment.
//!
//! What platgen believes of its output is tested elsewhere; here others say it. The fixtures are
//! held to completeness by the inventory's own shapes, so a field without an example fails.

use crate::examples::EXAMPLES;
use crate::harness::{Case, repository};
use crate::judges;
use platgen::inventory::{ComponentFile, Root, ScalarKind, Shape, Struct};
use platgen::source::{Files as _, Folder, Node, Origins, SourceKind, SourceMap};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Kubernetes versions that a platform can name, all of which must accept what the oldest does.
const VERSIONS: [&str; 5] = ["1.33", "1.34", "1.35", "1.36", "1.37"];

/// Fixtures, with their environments.
const FIXTURES: &[(&str, &[&str])] = &[
    ("adoption", &["base", "production"]),
    ("every-field", &["base", "lab", "edge"]),
    ("delivery", &["base", "production"]),
    ("expose", &["base", "shared", "short", "nginx", "traefik", "contour", "haproxy", "alb", "gce"]),
    ("gateway", &["base", "production"]),
    ("kong", &["base", "production"]),
    ("mesh", &["base", "istio", "ambient", "plain"]),
    ("own-type", &["base", "production"]),
    ("operators", &["base", "production"]),
    ("postgres", &["base", "production"]),
    ("types", &["base", "production"]),
    ("rabbitmq", &["base"]),
    ("workloads", &["base"]),
    ("corners", &["base"]),
    ("namespaces", &["base", "production"]),
    ("monitoring", &["base", "staging", "production"]),
    ("secrets", &["base", "external", "sealed", "stores", "others", "plain"]),
];

/// The environments of the reference platform.
pub const ENVIRONMENTS: [&str; 4] = ["base", "dev", "staging", "production"];

/// One rendered environment.
struct Rendered {
    /// Project and environment.
    name: String,
    /// The stream.
    yaml: String,
    /// The objects of `-o json`.
    objects: Vec<Value>,
}

/// All environments of all projects, rendered once for all tests.
fn rendered() -> &'static [Rendered] {
    static ALL: LazyLock<Vec<Rendered>> = LazyLock::new(render_all);
    &ALL
}

fn render_all() -> Vec<Rendered> {
    let reference = || Case::new("reference").repository_folder("base").repository_folder("overlays");
    let mut all: Vec<Rendered> =
        ENVIRONMENTS.iter().map(|environment| render("reference", &reference, environment)).collect();
    for (example, environments) in EXAMPLES.iter().chain([&crate::compose_platform::EXAMPLE]) {
        let case = || crate::examples::project(example);
        all.extend(environments.iter().map(|environment| render(example, &case, environment)));
    }
    for (fixture, environments) in FIXTURES {
        let case = || Case::new(fixture).fixture(fixture);
        all.extend(environments.iter().map(|environment| render(fixture, &case, environment)));
    }
    all
}

fn render(project: &str, case: &dyn Fn() -> Case, environment: &str) -> Rendered {
    let run = |format| case().args(["render", environment, "-o", format]).run().code(0).stderr_is_empty();
    let list: Value = serde_json::from_str(run("json").out()).expect("JSON");
    let objects = list["items"].as_array().expect("a List").clone();
    assert!(objects.len() > 5, "{project} {environment}: {} objects", objects.len());
    Rendered { name: format!("{project} {environment}"), yaml: run("yaml").out().to_owned(), objects }
}

/// One stream of all environments: judges start slowly.
fn joined(all: &[Rendered]) -> (String, Vec<&Value>) {
    (all.iter().map(|one| one.yaml.as_str()).collect(), all.iter().flat_map(|one| &one.objects).collect())
}

/// Whether an object's kind is not Kubernetes' own, so that no schema of a version has it.
fn is_custom(object: &Value) -> bool {
    object["apiVersion"].as_str().is_some_and(|version| {
        version.split_once('/').is_some_and(|(group, _)| group.contains('.') && !group.ends_with(".k8s.io"))
            || ["autoscaling.k8s.io/", "gateway.networking.k8s.io/"].iter().any(|group| version.starts_with(group))
    })
}

/// Whether the group's definitions are among those that judges get.
fn is_defined(object: &Value) -> bool {
    const WITHOUT: [&str; 5] =
        ["traefik.io/", "networking.gke.io/", "cloud.google.com/", "security.istio.io/", "barmancloud.cnpg.io/"];
    object["apiVersion"].as_str().is_none_or(|version| !WITHOUT.iter().any(|group| version.starts_with(group)))
}

/// Compares what a judge read with what was meant, object by object and in order.
fn compare(judge: &str, all: &[Rendered], found: &[Value]) {
    let mut found = found.iter();
    for one in all {
        for object in &one.objects {
            let read = found.next();
            let what = format!("{}: {} {}", one.name, object["kind"], object["metadata"]["name"]);
            assert!(read == Some(object), "{judge} reads otherwise: {what}\nwrote {object:#}\nread {read:#?}");
        }
    }
    assert!(found.next().is_none(), "{judge} reads more objects than were written");
}

#[test]
fn the_schemas_of_every_version_accept_every_object() {
    let all = rendered();
    let (stream, objects) = joined(all);
    let custom = objects.iter().filter(|object| is_custom(object)).count();
    for version in VERSIONS {
        let Some(verdict) = judges::kubernetes_validate(&stream, version) else { return };
        assert!(verdict.errors.is_empty(), "Kubernetes {version} refuses {:#?}", verdict.errors);
        assert_eq!(verdict.unknown.len(), custom, "{version}: {:#?}", verdict.unknown);
        assert_eq!(verdict.passed.len(), objects.len() - custom, "{version}");
    }
}

#[test]
fn kubectl_reads_the_stream_as_it_was_meant() {
    let all = rendered();
    if let Some(found) = judges::kubectl_json(&joined(all).0) {
        compare("kubectl", all, &found);
    }
}

#[test]
fn kubectl_reads_the_list_as_it_was_meant() {
    let all = rendered();
    let objects: Vec<&Value> = joined(all).1;
    let list = serde_json::json!({"apiVersion": "v1", "kind": "List", "items": objects});
    if let Some(found) = judges::kubectl_json(&list.to_string()) {
        let found: Vec<Value> = found.into_iter().flat_map(items).collect();
        compare("kubectl", all, &found);
    }
}

/// The objects of a `List`, or the object itself.
fn items(object: Value) -> Vec<Value> {
    match object.get("items").and_then(Value::as_array) {
        Some(items) if object["kind"] == "List" => items.clone(),
        _ => vec![object],
    }
}

#[test]
fn pyyaml_reads_the_stream_as_it_was_meant() {
    let all = rendered();
    for loader in ["SafeLoader", "CSafeLoader"] {
        if let Some(found) = judges::pyyaml_json_with(loader, &joined(all).0) {
            compare(loader, all, &found);
        }
    }
}

#[test]
fn resource_definitions_accept_custom_resources() {
    let all = rendered();
    let custom: Vec<&Value> =
        joined(all).1.into_iter().filter(|object| is_custom(object) && is_defined(object)).collect();
    assert!(custom.len() >= 5, "{} custom resources", custom.len());
    let Some(errors) = judges::resource_definitions(&custom) else { return };
    assert!(errors.is_empty(), "{errors:#?}");
    // The judge sees what it should.
    let monitor = custom.iter().find(|object| object["kind"] == "ServiceMonitor");
    let mut wrong = (*monitor.expect("a monitor")).clone();
    wrong["spec"]["endpoints"][0]["intervall"] = "15s".into();
    wrong["spec"]["endpoints"][0]["interval"] = "often".into();
    let errors = judges::resource_definitions(&[&wrong]).unwrap_or_default();
    assert_eq!(errors.len(), 2, "{errors:#?}");
}

#[test]
fn prometheus_loads_every_rule() {
    let files: Vec<String> = rendered().iter().map(|one| crate::presets::rule_file(&one.objects).to_string()).collect();
    let Some(verdicts) = judges::promtool_check_each(&files) else { return };
    for (one, verdict) in rendered().iter().zip(&verdicts) {
        assert_eq!(*verdict, None, "{}: {}", one.name, verdict.as_deref().unwrap_or_default());
    }
    assert!(files.iter().filter(|file| file.contains("\"alert\"")).count() >= 4, "too few rules to judge");
}

/// What a project shows of the inventory: fields as `Struct.field`, choices as `Choice=text`, short
/// forms as `short Struct`.
#[derive(Default)]
struct Shown(BTreeSet<String>);

impl Shown {
    /// Notes what `node` shows of `shape`.
    fn note(&mut self, shape: &Shape, node: &Node) {
        match shape {
            Shape::Scalar(scalar) => {
                if let (ScalarKind::Choice(_), Some(text)) = (scalar.kind, node.as_str()) {
                    self.0.insert(format!("{}={text}", scalar.name));
                }
            }
            Shape::Struct(concept) => match node.as_map() {
                Some(map) => {
                    for entry in map {
                        let owner = std::iter::once(*concept).chain(concept.also);
                        let mut fields = owner.flat_map(|owner| owner.fields.iter().map(move |field| (owner, field)));
                        let Some((owner, field)) = fields.find(|(_, field)| field.key == entry.key.text) else {
                            continue;
                        };
                        if !entry.value.is_null() {
                            self.0.insert(format!("{}.{}", owner.name, field.key));
                        }
                        self.note(field.shape, &entry.value);
                    }
                }
                None if !node.is_null() => {
                    self.0.insert(format!("short {}", concept.name));
                }
                None => {}
            },
            Shape::Named { value, .. } => {
                node.as_map().into_iter().flat_map(|map| map.iter()).for_each(|entry| self.note(value, &entry.value));
            }
            Shape::List(shape) => node.as_list().into_iter().flatten().for_each(|item| self.note(shape, item)),
        }
    }

    /// Notes all there is to show.
    fn wanted(&mut self, shape: &Shape) {
        match shape {
            Shape::Scalar(scalar) => {
                if let ScalarKind::Choice(texts) = scalar.kind {
                    self.0.extend(texts.iter().map(|text| format!("{}={text}", scalar.name)));
                }
            }
            Shape::Struct(concept) => self.wanted_of(concept),
            Shape::Named { value, .. } => self.wanted(value),
            Shape::List(shape) => self.wanted(shape),
        }
    }

    fn wanted_of(&mut self, concept: &Struct) {
        if concept.short.is_some() {
            self.0.insert(format!("short {}", concept.name));
        }
        for owner in std::iter::once(concept).chain(concept.also) {
            for field in owner.fields {
                // A concept that was met before has been walked.
                if self.0.insert(format!("{}.{}", owner.name, field.key)) {
                    self.wanted(field.shape);
                }
            }
        }
    }
}

/// Documents of a fixture's files, by what they are.
fn documents(fixture: &str) -> Vec<(&'static Shape, Node)> {
    static ROOT: Shape = Shape::Struct(Root::STRUCT);
    static COMPONENT: Shape = Shape::Struct(ComponentFile::STRUCT);
    let folder = Folder::new(repository().join("tests/fixtures").join(fixture));
    let (origins, mut sources, mut sink) = (Origins::default(), SourceMap::default(), platgen::diag::Sink::default());
    let mut found = Vec::new();
    for (top, shape) in [("base", &ROOT), ("overlays", &ROOT), ("templates", &COMPONENT)] {
        for path in folder.list(top).0.into_iter().filter(|path| !path.contains(".yaml.j2")) {
            let text = folder.read(&path).expect("a readable fixture");
            let file = sources.add(path, text, SourceKind::Inventory).expect("a small fixture");
            let documents = platgen::yaml::read(&sources, file, &origins, &mut sink);
            found.extend(documents.into_iter().map(|document| (shape, document)));
        }
    }
    assert!(sink.is_empty(), "{:#?}", sink.diagnostics());
    found
}

#[test]
fn fixtures_set_every_field_of_the_inventory() {
    let (mut shown, mut wanted) = (Shown::default(), Shown::default());
    for (shape, document) in FIXTURES.iter().flat_map(|(fixture, _)| documents(fixture)) {
        shown.note(shape, &document);
    }
    wanted.wanted(&Shape::Struct(Root::STRUCT));
    wanted.wanted(&Shape::Struct(ComponentFile::STRUCT));
    let missing: Vec<&String> = wanted.0.difference(&shown.0).collect();
    assert!(wanted.0.len() > 100, "only {} things to show", wanted.0.len());
    assert!(
        missing.is_empty(),
        "no fixture shows {missing:#?}\nadd an example to `tests/fixtures/every-field/`, so that the judges see it"
    );
}
