//! `explain` knows every leaf, and what it says is true: change a line of the inventory, and every
//! field that changes had named that line.

use crate::harness::{Case, repository};
use platgen::load::Wanted;
use platgen::object::Object;
use platgen::pipeline::{Compilation, Settings, compile};
use platgen::source::{Files as _, Folder, Memory, Node, Origin, SourceKind, Span, Value};
use platgen::trace::{Explanation, Question};
use std::collections::{BTreeMap, BTreeSet};

const FOLDERS: [&str; 3] = ["base", "overlays", "templates"];

/// A project in memory.
pub fn memory(root: &std::path::Path) -> Memory {
    let folder = Folder::new(root);
    let paths = FOLDERS.iter().flat_map(|name| folder.list(name).0);
    paths.fold(Memory::default(), |memory, path| {
        let text = folder.read(&path).expect("a readable file");
        memory.with(path, text)
    })
}

fn traced(files: &Memory, environment: &str) -> Compilation {
    let wanted = [environment.to_owned()];
    compile(files, Settings { wanted: Wanted::These(&wanted), tracing: true, skeleton_cache: true })
}

/// Kinds whose objects are called by the name of another: what is named, and what follows.
const ALIKE: [(&str, &str); 3] = [("Deployment", "Rollout"), ("Secret", "ExternalSecret"), ("Secret", "SealedSecret")];

/// Explanations by object and path.
type Leaves = BTreeMap<(String, String), Explanation>;

/// Explanations of all leaves, by object and path. Namespaces are left out of the object's name: a
/// leaf that changes them must not make everything incomparable. What the platform has of its own
/// in each namespace is told apart by where the inventory declares the namespace.
fn leaves(compilation: &Compilation) -> Leaves {
    let environment = &compilation.environments[0];
    let layers = compilation.layers.texts();
    let question = Question {
        plan: &environment.plan,
        objects: &environment.objects,
        owners: &environment.owners,
        layers: &layers,
    };
    let place = |name: &str| environment.plan.namespaces.iter().position(|namespace| *namespace.name.value == *name);
    // What the inventory names is told apart by what it names it by: else nothing could be compared
    // once that changes.
    let adopted = |object: &Object| {
        let service = &environment.plan.services[*environment.owners.get(&object.id)?];
        let of = service.of.as_ref().map_or(&*service.name.text, |of| &*of.text);
        let mut names = environment.plan.service(of)?.spec.names.iter();
        let kind = object.kind.kind;
        let found = names.find(|(key, name)| {
            let of_kind = key.text.split('/').next().unwrap_or_default();
            let same = of_kind == kind || [(of_kind, kind)].iter().any(|pair| ALIKE.contains(pair));
            same && *name.value.0 == *object.id.name
        });
        found.map(|(key, _)| format!("{of}: {}", key.text))
    };
    let name = |object: &Object| match (object.kind.kind, object.id.namespace.as_deref()) {
        ("Namespace", _) => format!("Namespace {:?}", place(&object.id.name)),
        (kind, Some(namespace)) if !environment.owners.contains_key(&object.id) => {
            format!("{kind}/{} {:?}", object.id.name, place(namespace))
        }
        (kind, _) => match adopted(object) {
            Some(key) => format!("{kind} {key}"),
            None => format!("{kind}/{}", object.id.name),
        },
    };
    let all = environment.objects.iter().flat_map(|object| {
        let explanations = question.all(object, &compilation.origins);
        let name = name(object);
        explanations.into_iter().map(move |explanation| ((name.clone(), explanation.path.clone()), explanation))
    });
    all.collect()
}

#[test]
fn every_leaf_of_every_object_has_an_answer() {
    answered(repository(), &["base", "dev", "staging", "production"]);
}

/// Expects an answer for every leaf of a project's objects.
#[track_caller]
pub fn answered(root: &std::path::Path, environments: &[&str]) {
    let files = memory(root);
    for environment in environments {
        let compilation = traced(&files, environment);
        assert!(!compilation.has_errors(), "{:#?}", compilation.diagnostics);
        let leaves = leaves(&compilation);
        assert!(leaves.len() > 200, "{environment}: {} leaves", leaves.len());
        for ((object, path), explanation) in leaves {
            assert!(
                explanation.is_known() && explanation.laid.is_some(),
                "{environment}: {object} {path}: {explanation:?}"
            );
        }
    }
}

/// A scalar somebody wrote: where, and what.
fn written(compilation: &Compilation) -> Vec<(Span, Value)> {
    fn walk(node: &Node, compilation: &Compilation, found: &mut Vec<(Span, Value)>) {
        match &node.value {
            Value::Map(map) => map.iter().for_each(|entry| walk(&entry.value, compilation, found)),
            Value::List(items) => items.iter().for_each(|item| walk(item, compilation, found)),
            Value::Null => {}
            value => {
                if let Origin::Text(span) = compilation.origins.get(node.origin)
                    && compilation.sources.file_of(span).kind == SourceKind::Inventory
                {
                    found.push((span, value.clone()));
                }
            }
        }
    }
    let mut found = Vec::new();
    for layer in compilation.layers.texts() {
        layer.iter().for_each(|entry| walk(&entry.value, compilation, &mut found));
    }
    found.sort_by_key(|(span, _)| *span);
    found.dedup_by_key(|(span, _)| *span);
    found
}

/// Other texts for a scalar, the likeliest to be legal first.
fn others(text: &str) -> Vec<String> {
    let choices = [
        ["conservative-down", "aggressive-up"],
        ["url", "host"],
        ["ScheduleAnyway", "DoNotSchedule"],
        ["restricted", "baseline"],
        ["true", "false"],
        ["http", "metrics"],
        ["http", "https"],
        ["GET", "PATCH"],
        ["PUT", "POST"],
        ["orders", "catalog"],
        ["grpc", "http"],
        ["go", "java"],
        ["node", "go"],
        ["hard", "soft"],
        ["NoSchedule", "NoExecute"],
        ["get", "watch"],
        ["Europe/Berlin", "Europe/Paris"],
        ["list", "create"],
        ["Replace", "Forbid"],
        ["OnFailure", "Never"],
        ["Local", "Cluster"],
        ["ClientIP", "None"],
        ["ReadWriteMany", "ReadOnlyMany"],
        ["Off", "Initial"],
        ["host", "address"],
        ["Prefix", "Exact"],
        ["admin", "http"],
        ["letsencrypt", "wild"],
        ["ClusterIssuer", "Issuer"],
        ["user", "database"],
        ["data", "batch"],
        ["baseline", "privileged"],
        ["auto", "none"],
        ["RollingUpdate", "Recreate"],
        ["Retain", "Delete"],
        ["aws", "azure"],
        ["gcp", "aws"],
        ["latest-hash", "stable-hash"],
        ["linkerd", "istio"],
        ["UDP", "TCP"],
        ["Recreate", "RollingUpdate"],
        ["grpc", "metrics"],
        ["grpc", "tcp"],
        ["critical", "warning"],
        ["all", "metrics"],
        ["ClusterSecretStore", "SecretStore"],
        ["external", "existing"],
        ["sealed", "existing"],
        ["file", "env"],
        ["strict", "cluster-wide"],
        ["AverageValue", "Value"],
        ["currentReplicasIfHigher", "currentReplicasIfLower"],
        ["static", "currentReplicas"],
        ["conservative-down-aggressive-up", "aggressive-up"],
        ["\"@hourly\"", "\"@weekly\""],
        ["\"@daily\"", "\"@monthly\""],
        ["WARNING", "ERROR"],
        ["DELETE", "PATCH"],
        ["RS256", "RS512"],
        ["250ms", "400ms"],
        ["99.9%", "99.5%"],
    ];
    let swapped =
        choices.iter().flat_map(|[a, b]| [(a, b), (b, a)]).filter(|(a, _)| **a == text).map(|(_, b)| (*b).to_owned());
    let digits = text.find(|c: char| c.is_ascii_digit()).map(|at| {
        let end = text[at..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |end| at + end);
        let number: u64 = text[at..end].parse().unwrap_or(0);
        format!("{}{}{}", &text[..at], number + 1, &text[end..])
    });
    let longer = match text.strip_suffix('"') {
        Some(inner) => format!("{inner}x\""),
        None => format!("{}x{}", text.trim_end(), &text[text.trim_end().len()..]),
    };
    let mut others: Vec<String> = swapped.collect();
    // A version or an image is text with a number in it.
    others.extend(digits);
    others.extend(text.strip_prefix('/').map(|rest| format!("/x{rest}")));
    others.push(longer);
    others
}

#[test]
fn what_a_line_changes_names_that_line() {
    perturb(&memory(repository()), &["base", "staging", "production"], 20);
}

#[test]
fn what_a_line_of_a_gateway_changes_names_that_line() {
    let files = memory(&repository().join("tests/fixtures/gateway"));
    perturb(&files, &["base", "production"], 20);
}

/// Lists whose items refer to objects.
const REFERENCES: [&str; 3] = ["subjects", "identityRefs", "requiredAuthenticationRefs"];

/// A leaf without the positions of list items in its path: its object, its path, its value.
fn unnumbered((object, path): &(String, String), value: &Node) -> (String, String, String) {
    let mut list = "";
    let part = |part| {
        // A reference is told from others by what it names, which is what changes.
        let of_references = REFERENCES.iter().any(|name| list.ends_with(name));
        list = part;
        match part.split_once(']').filter(|_| of_references) {
            Some((_, rest)) => rest,
            None => part.trim_start_matches(|c: char| c.is_ascii_digit()),
        }
    };
    let path = path.split('[').map(part).collect::<Vec<_>>();
    (object.clone(), path.join("["), format!("{:?}", value.value))
}

fn values(leaves: &Leaves) -> BTreeSet<(String, String, String)> {
    leaves.iter().map(|(key, leaf)| unnumbered(key, &leaf.value)).collect()
}

/// Changes every line of a project, one at a time, and expects every field that follows to name it;
/// at least `least` lines must have another legal value.
pub fn perturb(files: &Memory, environments: &[&str], least: usize) {
    for environment in environments {
        let compilation = traced(files, environment);
        let before = leaves(&compilation);
        let (mut tried, mut effective, mut skipped, mut unnamed) = (0, 0, Vec::new(), Vec::new());
        for (span, _) in written(&compilation) {
            let file = compilation.sources.file_of(span);
            let text = compilation.sources.slice(span);
            let (lo, hi) = ((span.lo - file.start) as usize, (span.hi - file.start) as usize);
            let changed = others(text).into_iter().find_map(|other| {
                let source = format!("{}{other}{}", &file.text[..lo], &file.text[hi..]);
                let compilation = traced(&files.clone().with(file.name.clone(), source), environment);
                (!compilation.has_errors()).then_some(compilation)
            });
            let Some(changed) = changed else {
                skipped.push(format!("{} `{text}`", compilation.sources.place(span)));
                continue;
            };
            tried += 1;
            let after = leaves(&changed);
            let names = |explanation: Option<&Explanation>| {
                explanation.is_some_and(|explanation| {
                    explanation.sources.iter().chain(&explanation.because).any(|source| source.span.lo == span.lo)
                })
            };
            let (was, is) = (values(&before), values(&after));
            for key in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
                let (old, new) = (before.get(key), after.get(key));
                if old.map(|old| &old.value) != new.map(|new| &new.value) {
                    effective += 1;
                    let (object, path) = key;
                    // One item less in a list moves the others, which are what they were.
                    let moved = |leaf: Option<&Explanation>, there: &BTreeSet<_>| {
                        leaf.is_none_or(|leaf| there.contains(&unnumbered(key, &leaf.value)))
                    };
                    // What is there before and after says it both times: what took something away, too.
                    // But an object that went to another namespace is another, and so is an item that moved up.
                    let other = |leaves: &Leaves| {
                        leaves
                            .get(&(object.clone(), "metadata.namespace".to_owned()))
                            .map(|leaf| leaf.value.value.clone())
                    };
                    let same = old.is_some() && new.is_some() && other(&before) == other(&after);
                    let named = if same && !moved(old, &is) && !moved(new, &was) {
                        names(old) && names(new)
                    } else {
                        names(old) || names(new)
                    };
                    if !(named || moved(old, &is) && moved(new, &was)) {
                        unnamed.push(format!(
                            "{object} {path} changed with {} `{text}`: {:?} became {:?}",
                            compilation.sources.place(span),
                            old.map(|old| &old.value.value),
                            new.map(|new| &new.value.value),
                        ));
                    }
                }
            }
        }
        println!("{environment}: {tried} lines changed, {effective} fields followed");
        assert!(unnamed.is_empty(), "{environment}: fields changed without naming the line\n{}", unnamed.join("\n"));
        assert!(tried >= least && effective > tried, "{environment}: {tried} tried, {effective} effective");
        assert!(skipped.len() * 5 <= tried, "{environment}: no other legal text was found for {skipped:#?}");
    }
}

/// What switches something off is what a sum lacks it by.
#[test]
fn what_takes_away_names_itself() {
    let base = "platform: {name: shop, quota: auto, monitoring: {alerts: all}, mesh: {kind: linkerd, proxy: {resources: {requests: {cpu: 50m, memory: 64Mi}, limits: {cpu: 1, memory: 128Mi}}}}}
services:
  main:
    type: postgres
    version: \"17\"
    database: {name: shop, user: owner}
    storage: 1Gi
    secrets: {POSTGRES_PASSWORD: {secret: owner}}
    exporter: true
  web:
    type: web
    image: web:1
    ports: {http: 8080}
    replicas: 2
    resources: {requests: {cpu: 200m, memory: 100Mi}, limits: {memory: 200Mi}}
    vpa: {mode: \"Off\", minAllowed: {cpu: 1, memory: 1Gi}, maxAllowed: {cpu: 2, memory: 2Gi}}
    dependsOn: {main: {env: {DATABASE_URL: url}}}
";
    perturb(&Memory::default().with("base/shop.yaml", base), &["base"], 12);
    for (wanted, unwanted) in [("exporter: true", "exporter: false"), ("\"Off\"", "Initial")] {
        for text in [base.to_owned(), base.replace(wanted, unwanted)] {
            let line =
                text.lines().position(|line| line.contains(unwanted) || line.contains(wanted)).unwrap_or_default();
            for resource in ["requests.cpu", "requests.memory", "limits.memory"] {
                Case::new("takes")
                    .file("base/shop.yaml", &text)
                    .args(["explain", "base", "ResourceQuota/quota", &format!("spec.hard[\"{resource}\"]")])
                    .run()
                    .code(0)
                    .stdout_contains(&format!("base/shop.yaml:{}:", line + 1));
            }
        }
    }
}

#[test]
fn a_value_tells_its_winner_its_losers_and_its_template() {
    Case::new("explain")
        .file("base/platform.yaml", "platform: {name: shop}\ndefaults: {resources: {limits: {memory: 300Mi}}}\n")
        .file("base/web.yaml", "services:\n  web:\n    type: web\n    image: web:1\n    ports: {http: 8080}\n    resources: {limits: {memory: 1Gi}}\n")
        .file("overlays/production/overlay.yaml", "services:\n  web: {resources: {limits: {memory: 2Gi}}}\n")
        .file("templates/web/x.md", "")
        .args(["explain", "production", "Deployment/web", "spec.template.spec.containers[name=web].resources.limits.memory"])
        .run()
        .code(0)
        .stderr_is_empty()
        .stdout_contains("2Gi\n  from  services.web.resources.limits.memory  overlays/production/overlay.yaml:2:38\n")
        .stdout_contains("  over  1Gi                                   base/web.yaml:6:34\n")
        .stdout_contains("  over  300Mi                                 base/platform.yaml:2:41   (defaults)\n")
        .stdout_contains("  over  256Mi                                 defaults.yaml:19:22   (built in)\n")
        .stdout_contains("  laid  templates/common/container.yaml.j2:");
}

#[test]
fn questions_that_lead_nowhere_are_answered_with_what_there_is() {
    let ask = |args: &[&str]| {
        Case::new("nowhere")
            .repository_folder("base")
            .repository_folder("overlays")
            .args(["explain", "production"])
            .args(args)
            .run()
            .code(2)
            .stdout_is_empty()
    };
    ask(&["Deploment/web"]).stderr_contains("did you mean `Deployment`?");
    ask(&["Deployment/wbe"]).stderr_contains("did you mean `web`?");
    ask(&["Deployment/web", "spec.replica"]).stderr_contains("`spec` has no `replica`");
    ask(&["Deployment/web", "spec.template.spec.containers[name=x].image"]).stderr_contains("are called `web`");
    ask(&["web.imag"]).stderr_contains("did you mean `image`?");
}
