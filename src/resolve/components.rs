//! `type.yaml` files → component types.

use super::normalise::Normaliser;
use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::{At, ComponentFile, Decode as _, Decoder, Project, Service};
use crate::plan::Component;
use crate::source::{Map, Node, OriginId, Origins, SourceMap, Str};
use crate::text;
use std::collections::BTreeSet;

/// The folder of templates that several types share.
pub const COMMON: &str = "common";

/// The type that stands for the platform itself: its objects are rendered once.
pub const PLATFORM: &str = "platform";

/// Reads all component types. The second list names those that could not be read, which has been
/// said: their services are left out and not complained about.
pub(super) fn components(
    project: &Project,
    sources: &SourceMap,
    origins: &Origins,
    sink: &mut Sink,
) -> (Vec<Component>, BTreeSet<String>) {
    let templates: BTreeSet<&str> = project.templates.iter().map(|template| template.name.as_str()).collect();
    let (mut components, mut faulty) = (Vec::new(), BTreeSet::new());
    for (name, documents) in &project.components {
        let path = format!("templates/{name}/type.yaml");
        let mut normaliser = Normaliser::new(sources, origins, "a component type");
        let mut documents = documents.clone();
        for document in &mut documents {
            normaliser.normalise(document, ComponentFile::SHAPE);
        }
        let (refused, faults) = (normaliser.refused, normaliser.sink);
        sink.append(faults);
        let layer = super::union::union(documents, origins, sink);
        let node = Node::map(layer, OriginId::NONE);
        let near = node.as_map().and_then(|map| map.iter().next()).map_or(OriginId::NONE, |entry| entry.key.origin);
        if near.is_none() {
            // Nothing in it that could be pointed at.
            if !is_told(&path, sources, sink) {
                let diagnostic = Diagnostic::new(Code::MissingField, format!("`{path}` is empty")).in_file(path);
                sink.push(diagnostic.help("a component type has a `summary` and lists its `objects`"));
            }
            faulty.insert(name.clone());
            continue;
        }
        // What a type takes decides what its services may say: without it nothing can be said of them.
        let unsure = ["requires", "accepts"].iter().filter_map(|key| node.get(key));
        let unsure = unsure.flat_map(|list| std::iter::once(list).chain(list.as_list().into_iter().flatten()));
        let unsure = unsure.filter(|node| node.is_null()).any(|node| refused.contains(&node.origin));
        let mut decoder = Decoder { origins, sink, refused: &refused, path, near, wanted_by: String::new() };
        let Some(file) = ComponentFile::decode(&node, &mut decoder).filter(|_| !unsure) else {
            faulty.insert(name.clone());
            continue;
        };
        components.push(Component {
            templates: file
                .objects
                .iter()
                .filter_map(|object| template(name, object, &templates, origins, sink))
                .collect(),
            accepts: accepted(&file, origins, sink),
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
            name: name.clone(),
            origin: near,
        });
    }
    (components, faulty)
}

/// Whether something has been said of the file at `path`.
fn is_told(path: &str, sources: &SourceMap, sink: &Sink) -> bool {
    sink.diagnostics().iter().any(|said| {
        said.path.as_deref() == Some(path)
            || said.labels.first().is_some_and(|label| sources.file_of(label.span).name == path)
    })
}

/// The fields of a service that the type takes; a name that is none is said.
fn accepted(file: &ComponentFile, origins: &Origins, sink: &mut Sink) -> Vec<Str> {
    let known = || Service::STRUCT.all_fields().map(|field| field.key);
    let mut accepted: Vec<Str> = vec!["type".into()];
    for field in file.requires.iter().chain(&file.accepts) {
        if known().any(|key| key == &*field.value) {
            accepted.push(field.value.0.clone());
        } else {
            let message = format!("`{}` is not a field of a service", field.value);
            sink.push(Diagnostic::new(Code::UnknownField, message).of(
                origins,
                field.origin,
                text::suggest(&field.value, known()),
            ));
        }
    }
    accepted
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
