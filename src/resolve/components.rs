//! `type.yaml` files → component types.

use super::normalise::Normaliser;
use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::{At, ComponentFile, Decode as _, Decoder, Project, Service, WorkloadKind};
use crate::plan::Component;
use crate::source::{Map, Node, OriginId, Origins, SourceMap, Str};
use crate::text;
use std::collections::BTreeSet;

/// The folder of templates that several types share.
pub const COMMON: &str = "common";

/// The type that stands for the platform itself: its objects are rendered once.
pub const PLATFORM: &str = "platform";

/// Reads all component types.
pub(super) fn components(project: &Project, sources: &SourceMap, origins: &Origins, sink: &mut Sink) -> Vec<Component> {
    let templates: BTreeSet<&str> = project.templates.iter().map(|template| template.name.as_str()).collect();
    let mut components = Vec::new();
    for (name, documents) in &project.components {
        let mut normaliser = Normaliser::new(sources, origins);
        let mut documents = documents.clone();
        for document in &mut documents {
            normaliser.normalise(document, ComponentFile::SHAPE);
        }
        let (refused, faults) = (normaliser.refused, normaliser.sink);
        sink.append(faults);
        let layer = super::union::union(documents, origins, sink);
        let node = Node::map(layer, OriginId::NONE);
        let near = node.as_map().and_then(|map| map.iter().next()).map_or(OriginId::NONE, |entry| entry.key.origin);
        let path = format!("templates/{name}/type.yaml");
        let mut decoder = Decoder { origins, sink, refused: &refused, path, near, wanted_by: String::new() };
        let Some(file) = ComponentFile::decode(&node, &mut decoder) else { continue };
        components.push(Component {
            templates: file
                .objects
                .iter()
                .filter_map(|object| template(name, object, &templates, origins, sink))
                .collect(),
            accepts: accepted(&file, origins, sink),
            workload: file.workload.map_or(WorkloadKind::Deployment, |kind| kind.value),
            serves: file.serves.is_none_or(|serves| serves.value.0),
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
    components
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
