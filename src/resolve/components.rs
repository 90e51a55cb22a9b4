//! `type.yaml` files → component types.

use super::normalise::Normaliser;
use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::{
    At, ComponentFile, Decode as _, Decoder, Field, Project, ScalarKind, Service, Shape, WorkloadKind,
};
use crate::plan::{Component, Variant};
use crate::source::{Entry, Map, Node, OriginId, Origins, SourceMap, Str};
use crate::text;
use std::collections::{BTreeSet, HashSet};

/// The folder of templates that several types share.
pub const COMMON: &str = "common";

/// The template of what brings Secrets about.
const SECRET: &str = "secret.yaml.j2";

/// The type that stands for the platform itself: its objects are rendered once.
pub const PLATFORM: &str = "platform";

/// Whether a type is none that a service can name: its objects follow from something else.
pub(super) fn is_inner(name: &str) -> bool {
    name == PLATFORM || name == super::operated::OPERATED
}

/// Types that are not what their authors meant, which has been said: nothing more is said of services
/// because of that.
#[derive(Debug, Default)]
pub struct Doubtful {
    /// Names of types that could not be made out at all.
    pub(super) faulty: HashSet<String>,
    /// Names of types whose fields are not all known.
    pub(super) vague: HashSet<String>,
}

/// Reads all component types.
pub(super) fn components(
    project: &Project,
    sources: &SourceMap,
    origins: &Origins,
    sink: &mut Sink,
) -> (Vec<Component>, Doubtful) {
    let mut doubtful = Doubtful::default();
    let templates: BTreeSet<&str> = project.templates.iter().map(|template| template.name.as_str()).collect();
    let mut components = Vec::new();
    for (name, documents) in &project.components {
        let mut normaliser = Normaliser::new(sources, origins, "a component type");
        let mut documents = documents.clone();
        for document in &mut documents {
            normaliser.normalise(document, ComponentFile::SHAPE);
        }
        let (refused, faults) = (normaliser.refused, normaliser.sink);
        let silent = faults.is_empty();
        sink.append(faults);
        let layer = super::union::union(documents, origins, sink);
        if layer.is_empty() {
            if silent && !project.incomplete {
                let path = format!("templates/{name}/type.yaml");
                let message = format!("`{path}` is empty");
                let help = "expected at least `summary` and `objects`";
                sink.push(Diagnostic::new(Code::MissingField, message).in_file(path).help(help));
            }
            doubtful.faulty.insert(name.clone());
            continue;
        }
        let node = Node::map(layer, OriginId::NONE);
        let near = node.as_map().and_then(|map| map.iter().next()).map_or(OriginId::NONE, |entry| entry.key.origin);
        let path = format!("templates/{name}/type.yaml");
        let mut decoder = Decoder { origins, sink, refused: &refused, path, near, wanted_by: String::new() };
        let Some(mut file) = ComponentFile::decode(&node, &mut decoder) else {
            doubtful.faulty.insert(name.clone());
            continue;
        };
        let accepts = accepted(&mut file, origins, sink);
        let lists = ["requires", "accepts"].into_iter().filter_map(|list| node.get(list));
        if accepts.is_none() || lists.into_iter().any(|list| refused.contains(&list.origin)) {
            doubtful.vague.insert(name.clone());
        }
        if let Some(defaults) = node.get("defaults") {
            refuse_type(defaults, origins, sink);
        }
        twice(&mut file, origins, sink);
        let objects = file.objects.iter().filter_map(|object| template(name, object, &templates, origins, sink));
        let mut objects: Vec<String> = objects.collect();
        // Nobody who takes secrets can forget what brings them about.
        let secret = [format!("{name}/{SECRET}"), format!("{COMMON}/{SECRET}")];
        let secret = secret.into_iter().find(|path| templates.contains(path.as_str()));
        let takes = accepts.as_ref().is_none_or(|accepts| accepts.iter().any(|field| field == "secrets"));
        objects.extend(secret.filter(|path| takes && name != PLATFORM && !objects.contains(path)));
        let component = Component {
            templates: objects,
            workload: file.workload.map_or(WorkloadKind::Deployment, |kind| kind.value),
            serves: file.serves.is_none_or(|serves| serves.value.0),
            accepts: accepts.unwrap_or_else(known_fields),
            requires: file
                .requires
                .into_iter()
                .map(|field| At { value: field.value.0, origin: field.origin })
                .collect(),
            defaults: node
                .get("defaults")
                .filter(|node| !node.is_null())
                .cloned()
                .unwrap_or_else(|| Node::map(Map::default(), OriginId::NONE)),
            variants: variants(&node, origins, sink),
            name: name.clone(),
            origin: near,
        };
        if !doubtful.vague.contains(name) {
            let of_variants = component.variants.iter().map(|variant| &variant.defaults);
            for defaults in of_variants.chain([&component.defaults]) {
                refuse_foreign(defaults, &component, "", &refused, origins, sink);
            }
        }
        components.push(component);
    }
    (components, doubtful)
}

/// What a type says of services with a value in a field. A field that is none, or a value that it can't have,
/// is said.
fn variants(file: &Node, origins: &Origins, sink: &mut Sink) -> Vec<Variant> {
    let mut variants = Vec::new();
    for Entry { key: field, value: values } in file.get("variants").map(Node::entries).unwrap_or_default() {
        let text_of = |field: &'static Field| match field.shape {
            Shape::Scalar(scalar)
                if matches!(scalar.kind, ScalarKind::Text | ScalarKind::Choice(_)) && field.key != "type" =>
            {
                Some(scalar)
            }
            _ => None,
        };
        let Some(scalar) = Service::STRUCT.field(&field.text).and_then(text_of) else {
            let scalars = Service::STRUCT.all_fields().filter(|field| text_of(field).is_some());
            let message = format!("`{}` is not a field of a service that holds one text", field.text);
            let label = text::suggest(&field.text, scalars.map(|field| field.key).collect::<Vec<_>>());
            sink.push(Diagnostic::new(Code::UnknownField, message).of(origins, field.origin, label));
            continue;
        };
        for Entry { key: value, value: defaults } in values.entries() {
            let legal = match scalar.kind {
                ScalarKind::Choice(choices) => choices.contains(&value.text.as_str()),
                _ => (scalar.check)(&value.text).is_ok(),
            };
            if !legal {
                let message = format!("`{}` is never `{}`", field.text, value.text);
                let label = format!("expected {}", scalar.expected);
                sink.push(Diagnostic::new(Code::InvalidValue, message).of(origins, value.origin, label));
                continue;
            }
            refuse_type(defaults, origins, sink);
            if defaults.is_null() {
                continue;
            }
            let (field, value) = (field.text.clone(), value.text.clone());
            variants.push(Variant { field, value, defaults: defaults.clone() });
        }
    }
    variants
}

/// Takes out objects that a type lays out twice, which is said.
fn twice(file: &mut ComponentFile, origins: &Origins, sink: &mut Sink) {
    let mut kept: Vec<At<crate::inventory::scalar::Word>> = Vec::with_capacity(file.objects.len());
    for object in std::mem::take(&mut file.objects) {
        if let Some(first) = kept.iter().find(|first| first.value == object.value) {
            let message = format!("`{}` is among `objects` twice", object.value);
            let diagnostic = Diagnostic::new(Code::Conflict, message).of(origins, object.origin, "remove this");
            sink.push(diagnostic.of(origins, first.origin, "it is here"));
        } else {
            kept.push(object);
        }
    }
    file.objects = kept;
}

/// Says what the defaults of one layer say in vain: of types that there are not, fields that the type
/// does not take, and a type.
pub(super) fn check_defaults(
    layer: &Map,
    known: &[Component],
    doubtful: &Doubtful,
    refused: &HashSet<OriginId>,
    origins: &Origins,
    sink: &mut Sink,
) {
    let Some(defaults) = layer.get("defaults") else { return };
    refuse_type(defaults, origins, sink);
    for entry in defaults.get("types").map(Node::entries).unwrap_or_default() {
        let name = entry.key.text.as_str();
        let found = known.iter().find(|component| component.name == name && !is_inner(name));
        match found {
            Some(component) if !doubtful.vague.contains(name) => {
                refuse_type(&entry.value, origins, sink);
                refuse_foreign(&entry.value, component, "", refused, origins, sink);
            }
            Some(_) => {}
            None if doubtful.faulty.contains(name) => {}
            None => {
                let names = known.iter().map(|component| component.name.as_str()).filter(|name| !is_inner(name));
                let message = format!("there is no component type `{name}`");
                let label = text::suggest(name, names.collect::<Vec<_>>());
                sink.push(Diagnostic::new(Code::UnknownType, message).of(origins, entry.key.origin, label));
            }
        }
    }
}

/// Defaults lie beneath what is of a type; they can't say which.
fn refuse_type(defaults: &Node, origins: &Origins, sink: &mut Sink) {
    if let Some(entry) = defaults.as_map().and_then(|map| map.entry("type")) {
        let message = "`type` has no place among defaults: each service says what it is";
        sink.push(Diagnostic::new(Code::UnknownField, message).of(origins, entry.key.origin, "remove it"));
    }
}

/// Says which fields of `node` the type does not take. Of those that are refused already it says nothing.
pub(super) fn refuse_foreign(
    node: &Node,
    component: &Component,
    whose: &str,
    refused: &HashSet<OriginId>,
    origins: &Origins,
    sink: &mut Sink,
) {
    let Some(map) = node.as_map() else { return };
    let said = |entry: &&Entry| refused.contains(&entry.value.origin);
    for Entry { key, .. } in map.iter().filter(|entry| !component.accepts.contains(&entry.key.text) && !said(entry)) {
        let message = format!("`{}` is not a field of type `{}`{whose}", key.text, component.name);
        let accepts: Vec<&str> = component.accepts.iter().map(Str::as_str).collect();
        let label = text::nearest(&key.text, accepts.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        let diagnostic = Diagnostic::new(Code::UnknownField, message);
        let diagnostic = diagnostic.of(origins, key.origin, label.clone().unwrap_or_default());
        sink.push(match label {
            Some(_) => diagnostic,
            None => diagnostic.help(format!("it takes {}", text::all_of(accepts))),
        });
    }
}

fn known_fields() -> Vec<Str> {
    Service::STRUCT.all_fields().map(|field| field.key.into()).collect()
}

/// The fields of a service that the type takes. `None` if a name is none, which is said; it is no
/// longer among `requires` then.
fn accepted(file: &mut ComponentFile, origins: &Origins, sink: &mut Sink) -> Option<Vec<Str>> {
    let known = || Service::STRUCT.all_fields().map(|field| field.key);
    let mut accepted: Vec<Str> = vec!["type".into(), "names".into(), "waive".into()];
    let mut whole = true;
    for field in file.requires.iter().chain(&file.accepts) {
        if known().any(|key| key == &*field.value) {
            accepted.push(field.value.0.clone());
        } else {
            whole = false;
            let message = format!("`{}` is not a field of a service", field.value);
            sink.push(Diagnostic::new(Code::UnknownField, message).of(
                origins,
                field.origin,
                text::suggest(&field.value, known()),
            ));
        }
    }
    file.requires.retain(|field| known().any(|key| key == &*field.value));
    whole.then_some(accepted)
}

/// The template behind a name in `objects`: the type's own, else the shared one.
fn template(
    component: &str,
    object: &At<crate::inventory::scalar::Word>,
    templates: &BTreeSet<&str>,
    origins: &Origins,
    sink: &mut Sink,
) -> Option<String> {
    let name = &*object.value;
    let candidates = [format!("{component}/{name}.yaml.j2"), format!("{COMMON}/{name}.yaml.j2")];
    if let Some(found) = candidates.into_iter().find(|candidate| templates.contains(candidate.as_str())) {
        return Some(found);
    }
    let names = templates.iter().filter_map(|path| {
        let (folder, file) = path.split_once('/')?;
        (folder == component || folder == COMMON).then(|| file.strip_suffix(".yaml.j2")).flatten()
    });
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names.dedup();
    let message = format!("there is no template `{name}` in `templates/{component}/` or `templates/{COMMON}/`");
    let label = text::nearest(name, names.iter().copied()).map(|near| format!("did you mean `{near}`?"));
    sink.push(Diagnostic::new(Code::UnknownReference, message).of(origins, object.origin, label.unwrap_or_default()));
    None
}
