//! Layers → one merge → one decode → [`Plan`].
//!
//! From the lowest: the built-in layer, the type's `type.yaml`, the base's defaults, the base's
//! defaults for the type, the base's service, then the same three of each overlay. Overlay wins:
//! its default beats a base service's own value, and `explain` says so.

mod access;
mod adoption;
mod autoscaling;
mod cluster;
mod companions;
mod components;
mod containers;
mod delivery;
mod exporter;
mod expose;
mod files;
mod gateway;
mod laid;
mod merge;
mod mesh;
mod modes;
mod monitoring;
mod namespaces;
mod node_network;
mod normalise;
mod operated;
mod receivers;
mod references;
mod sealed;
mod secret_files;
mod secrets;
mod services;
mod union;
mod workload;

pub use components::{Doubtful, PLATFORM};

use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::{Decode as _, Decoder, MountedFiles, Platform, Project, Root, SecretFiles, Struct};
use crate::plan::{Component, Plan, PlannedSecrets, Selectors};
use crate::source::{Key, Map, Node, OriginId, Origins, SourceMap, Value};
use crate::text;
use normalise::Normaliser;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// A project's layers, checked and normalised: what all its environments share.
#[derive(Debug)]
pub struct Layers {
    builtin: Map,
    base: Map,
    overlays: Vec<(String, Map)>,
    environments: Vec<String>,
    files: BTreeMap<String, MountedFiles>,
    secrets: BTreeMap<String, SecretFiles>,
    sealed: BTreeMap<String, Vec<sealed::SealedValues>>,
    reveal: bool,
    components: Arc<Vec<Component>>,
    types: Doubtful,
    incomplete: bool,
    refused: HashSet<OriginId>,
}

/// Checks every document and joins those of each folder.
pub fn layers(project: &mut Project, sources: &SourceMap, origins: &Origins, sink: &mut Sink) -> Layers {
    let mut refused = HashSet::new();
    let (components, types) = components::components(project, sources, origins, sink);
    let mut layer = |documents: Vec<Node>, sink: &mut Sink| {
        let checked: Vec<(Node, Normaliser<'_>)> = documents
            .into_par_iter()
            .map(|mut document| {
                let mut normaliser = Normaliser::new(sources, origins, "an inventory file");
                normaliser.normalise(&mut document, Root::SHAPE);
                union::forget_empty(&mut document, &normaliser.refused, sources, origins);
                (document, normaliser)
            })
            .collect();
        let mut documents = Vec::with_capacity(checked.len());
        for (document, normaliser) in checked {
            refused.extend(normaliser.refused);
            sink.append(normaliser.sink);
            documents.push(document);
        }
        union::union(documents, origins, sink)
    };
    let builtin = layer(std::mem::take(&mut project.builtin), sink);
    let base = layer(std::mem::take(&mut project.base), sink);
    if let Some(entry) = base.entry("extends") {
        let message = "`extends` has no place in `base/`: only overlays build on something";
        sink.push(Diagnostic::new(Code::UnknownField, message).of(origins, entry.key.origin, ""));
    }
    let overlays =
        std::mem::take(&mut project.overlays).into_iter().map(|(name, documents)| (name, layer(documents, sink)));
    let overlays: Vec<(String, Map)> = overlays.collect();
    for layer in std::iter::once(&base).chain(overlays.iter().map(|(_, layer)| layer)) {
        components::check_defaults(layer, &components, &types, &refused, origins, sink);
        if let Some(platform) = layer.get("platform").filter(|platform| union::deletes(platform)) {
            let message = "`null` would delete `platform`, and every environment has one";
            let label = "remove it, or write `null` to the fields that are to go";
            sink.push(Diagnostic::new(Code::InvalidValue, message).of(origins, platform.origin, label));
        }
    }
    let sealed = project.secrets.iter().map(|(name, files)| (name.clone(), sealed::read(&files.sealed, origins, sink)));
    let sealed = sealed.collect();
    let environments = std::mem::take(&mut project.environments);
    Layers {
        builtin,
        base,
        overlays,
        environments,
        files: std::mem::take(&mut project.files),
        secrets: std::mem::take(&mut project.secrets),
        sealed,
        reveal: project.reveal,
        components: Arc::new(components),
        types,
        incomplete: project.incomplete,
        refused,
    }
}

impl Layers {
    /// What the layers that people write say, lowest first: for histories.
    #[must_use]
    pub fn texts(&self) -> Vec<&Map> {
        std::iter::once(&self.base).chain(self.overlays.iter().map(|(_, layer)| layer)).collect()
    }

    /// What the layers of an environment say, lowest first.
    #[must_use]
    pub fn of(&self, environment: &str) -> Vec<&Map> {
        let overlay = |name: &str| self.overlays.iter().find(|(other, _)| other == name).map(|(_, layer)| layer);
        let layer = |name: &str| if name == "base" { Some(&self.base) } else { overlay(name) };
        self.chain(environment).into_iter().filter_map(layer).collect()
    }

    /// Whether a type lays out objects with this template. Types that could not be made out may do so.
    #[must_use]
    pub fn lays_out(&self, template: &str) -> bool {
        let folder = template.split('/').next().unwrap_or_default();
        self.incomplete
            || self.types.faulty.contains(folder)
            || self.components.iter().any(|component| component.templates.iter().any(|name| name == template))
    }

    /// Names of all environments, those that nobody asked for included.
    #[must_use]
    pub fn environments(&self) -> Vec<&str> {
        std::iter::once("base").chain(self.environments.iter().map(String::as_str)).collect()
    }

    /// Names of the layers of an environment, lowest first: `base`, what it extends, itself.
    #[must_use]
    pub fn chain(&self, environment: &str) -> Vec<&str> {
        let mut above: Vec<&str> = Vec::new();
        let mut next = Some(environment);
        while let Some((name, layer)) = next.and_then(|next| self.overlays.iter().find(|(name, _)| name == next)) {
            // A circle has been said where the layers are joined.
            if above.contains(&name.as_str()) {
                break;
            }
            above.push(name);
            next = layer.get("extends").and_then(Node::as_str);
        }
        std::iter::once("base").chain(above.into_iter().rev()).collect()
    }

    /// The layers above the built-in one for an environment, lowest first.
    fn stack(&self, environment: &str, origins: &Origins, sink: &mut Sink) -> Vec<&Map> {
        let mut above: Vec<(&str, &Map)> = Vec::new();
        let mut next = environment.to_owned();
        while next != "base" {
            let Some((name, layer)) = self.overlays.iter().find(|(name, _)| *name == next) else { break };
            above.push((name, layer));
            let Some(extends) = layer.get("extends") else { break };
            let Some(parent) = extends.as_str() else { break };
            if above.iter().any(|(name, _)| *name == parent) {
                let message = format!("`overlays/{name}` extends itself by way of `{parent}`");
                sink.push(Diagnostic::new(Code::Conflict, message).of(
                    origins,
                    extends.origin,
                    "the circle closes here",
                ));
                break;
            }
            if parent != "base" && !self.environments.iter().any(|name| name == parent) {
                let message = format!("`overlays/{name}` extends `{parent}`, for which there is no overlay");
                let label = text::suggest(parent, self.environments.iter().map(String::as_str));
                sink.push(Diagnostic::new(Code::UnknownEnvironment, message).of(origins, extends.origin, label));
                break;
            }
            parent.clone_into(&mut next);
        }
        std::iter::once(&self.base).chain(above.into_iter().rev().map(|(_, layer)| layer)).collect()
    }
}

/// Merges and decodes one environment. `None` if the platform itself is faulty, which has been said.
pub fn plan(layers: &Layers, environment: &str, origins: &Origins, sink: &mut Sink) -> Option<Plan> {
    let mut faults = Sink::default();
    let plan = planned(layers, environment, origins, &mut faults);
    if layers.incomplete {
        [Code::MissingField, Code::UnknownService, Code::UnknownPort].into_iter().for_each(|code| faults.forget(code));
    }
    sink.append(faults);
    plan
}

fn planned(layers: &Layers, environment: &str, origins: &Origins, sink: &mut Sink) -> Option<Plan> {
    let stack = layers.stack(environment, origins, sink);
    let merger = merge::Merger { origins, refused: &layers.refused };
    let platform = platform(layers, &stack, &merger, origins, sink);
    services::deleted_in_vain(&stack, &layers.refused, origins, sink);
    let namespaces =
        platform.as_ref().map_or_else(Vec::new, |(platform, _)| namespaces::namespaces(platform, origins, sink));
    let services = services::services(layers, environment, &stack, &merger, &namespaces, origins, sink);
    let (platform, platform_node) = platform?;
    let namespace = namespaces[0].name.clone();
    let index = services.iter().enumerate().map(|(at, service)| (service.name.text.clone(), at)).collect();
    let components = Arc::clone(&layers.components);
    let environment = environment.to_owned();
    let secrets = PlannedSecrets::default();
    let selectors = Selectors::new(&services);
    let mut plan = Plan {
        environment,
        platform,
        platform_node,
        namespace,
        namespaces,
        services,
        secrets,
        components,
        index,
        selectors,
    };
    gateway::connect(&mut plan, origins);
    let (defined, deleted) = (services::defined(&stack), services::deleted(&stack));
    let at_odds = references::check(&plan, &defined, &deleted, &layers.refused, origins, sink);
    references::of_faulty(&plan, &stack, (&defined, &deleted), origins, sink);
    for (service, at_odds) in plan.services.iter_mut().zip(at_odds) {
        service.contradicts_itself = at_odds;
    }
    plan.secrets = secrets::secrets(&plan, layers, origins, sink);
    receivers::check(&plan, origins, sink);
    gateway::check(&plan, origins, sink);
    cluster::check(&plan, origins, sink);
    mesh::check(&plan, origins, sink);
    expose::check(&plan, origins, sink);
    Some(plan)
}

fn platform(
    layers: &Layers,
    stack: &[&Map],
    merger: &merge::Merger<'_>,
    origins: &Origins,
    sink: &mut Sink,
) -> Option<(Platform, Node)> {
    let all = std::iter::once(&layers.builtin).chain(stack.iter().copied());
    let present = all.filter_map(|layer| layer.get("platform")).filter(|node| !node.is_null());
    let mut node = Node::map(Map::default(), OriginId::NONE);
    present.for_each(|above| merger.lay(&mut node, above));
    let near = layers.base.entry("platform").map_or(OriginId::NONE, |entry| entry.key.origin);
    complete(&mut node, Platform::STRUCT);
    let before = sink.diagnostics().len();
    let path = "platform".to_owned();
    let mut decoder = Decoder { origins, sink, refused: &layers.refused, path, near, wanted_by: String::new() };
    let platform = Platform::decode(&node, &mut decoder);
    if near.is_none() && sink.diagnostics().len() > before {
        sink.truncate(before);
        let message = "nothing under `base/` says what the platform is";
        let help = "write `platform: {name: …}` in `base/platform.yaml`";
        sink.push(Diagnostic::new(Code::MissingField, message).in_file("base/").help(help));
    }
    platform.map(|platform| (platform, node))
}

/// Puts the fields of every struct into the order of its concept, absent ones as null, and drops
/// deleted names from mappings: templates can read every field there is and nothing else, and no
/// order depends on which layer said what.
fn complete(node: &mut Node, of: &Struct) {
    let Value::Map(map) = &mut node.value else { return };
    let mut given = Arc::unwrap_or_clone(std::mem::take(map));
    let mut whole = Map::with_capacity(of.fields.len() + of.also.map_or(0, |also| also.fields.len()));
    for field in of.all_fields() {
        let (key, value) = match given.position(field.key) {
            Some(at) => {
                let mut value = std::mem::replace(given.value_at_mut(at), Node::null(OriginId::NONE));
                complete_shape(&mut value, field.shape);
                (given.key_at(at).clone(), value)
            }
            None => (Key::fixed(field.key, OriginId::NONE), Node::null(OriginId::NONE)),
        };
        whole.push(key, value);
    }
    *map = Arc::new(whole);
}

fn complete_shape(node: &mut Node, shape: &crate::inventory::Shape) {
    use crate::inventory::Shape;
    match shape {
        Shape::Struct(of) => complete(node, of),
        Shape::Named { value: Shape::Scalar(_), .. } if !has_null(node) => {}
        Shape::Named { value, .. } => {
            let Value::Map(map) = &mut node.value else { return };
            let map = Arc::make_mut(map);
            map.retain(|entry| !entry.value.is_null());
            map.values_mut().for_each(|node| complete_shape(node, value));
        }
        Shape::Scalar(_) | Shape::List(_) => {}
    }
}

fn has_null(node: &Node) -> bool {
    node.as_map().is_some_and(|map| map.iter().any(|entry| entry.value.is_null()))
}
