//! The services of one environment: layers merged and decoded, service by service in parallel.

use super::Layers;
use super::companions::{self, Companion};
use super::components::{self, PLATFORM};
use super::files;
use super::laid::Laid;
use super::merge::Merger;
use super::operated::{self, OPERATED, Operated};
use super::{containers, modes, namespaces, union};
use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::{At, Decode as _, Decoder, Service};
use crate::plan::{Component, Neighbours, PlannedNamespace, PlannedService};
use crate::source::{Key, Map, Node, OriginId, Origins, Str};
use crate::text;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Keys of all services that any layer defines, faulty ones included, by name.
pub(super) fn defined<'a>(stack: &[&'a Map]) -> BTreeMap<&'a str, &'a Key> {
    let mut defined = BTreeMap::new();
    for services in stack.iter().filter_map(|layer| layer.get("services")) {
        if union::deletes(services) {
            defined.clear();
        }
        for entry in services.entries() {
            if entry.value.is_null() {
                defined.remove(entry.key.text.as_str());
            } else {
                defined.entry(entry.key.text.as_str()).or_insert(&entry.key);
            }
        }
    }
    defined
}

/// Where services that some layer defines are deleted, by name.
pub(super) fn deleted<'a>(stack: &[&'a Map]) -> BTreeMap<&'a str, OriginId> {
    let mut deleted = BTreeMap::new();
    let mut there: BTreeSet<&str> = BTreeSet::new();
    for services in stack.iter().filter_map(|layer| layer.get("services")) {
        if union::deletes(services) {
            deleted.extend(std::mem::take(&mut there).into_iter().map(|name| (name, services.origin)));
        }
        for entry in services.entries() {
            let name = entry.key.text.as_str();
            if entry.value.is_null() {
                deleted.insert(name, entry.value.origin);
                there.remove(name);
            } else {
                deleted.remove(name);
                there.insert(name);
            }
        }
    }
    deleted
}

/// Says which layers delete services that nothing beneath them defines.
pub(super) fn deleted_in_vain(stack: &[&Map], refused: &HashSet<OriginId>, origins: &Origins, sink: &mut Sink) {
    for (level, layer) in stack.iter().enumerate() {
        for entry in layer.get("services").map(Node::entries).unwrap_or_default() {
            if !entry.value.is_null() || refused.contains(&entry.value.origin) {
                continue;
            }
            let name = entry.key.text.as_str();
            let beneath = defined(&stack[..level]);
            if beneath.contains_key(name) {
                continue;
            }
            let message = format!("`{name}` is deleted, and no layer beneath defines it");
            let near = text::nearest(name, beneath.keys().copied());
            let label = near.map_or_else(|| "remove it".to_owned(), |near| format!("did you mean `{near}`?"));
            sink.push(Diagnostic::new(Code::UnknownService, message).of(origins, entry.key.origin, label));
        }
    }
}

/// Merges and decodes all services, sorted by name, each in its namespace.
pub(super) fn services(
    layers: &Layers,
    environment: &str,
    stack: &[&Map],
    merger: &Merger<'_>,
    namespaces: &[PlannedNamespace],
    origins: &Origins,
    sink: &mut Sink,
) -> Vec<PlannedService> {
    let beneath: HashMap<&str, Beneath> = layers
        .components
        .iter()
        .map(|component| (component.name.as_str(), Beneath::new(layers, stack, component, merger)))
        .collect();
    let defined: Vec<(&str, &Key)> = defined(stack).into_iter().collect();
    let mut fields = Node::map(Map::default(), OriginId::NONE);
    super::complete(&mut fields, Service::STRUCT);
    let files = files::Shelf::new(layers, environment);
    let resolver = Resolver { layers, files, stack, merger, origins, beneath, fields };
    let resolved: Vec<(Option<(PlannedService, Node)>, Sink)> = defined
        .par_iter()
        .map(|(name, key)| {
            let mut sink = Sink::default();
            let service = resolver.service(name, key, &mut sink);
            (service, sink)
        })
        .collect();
    let mut services = Vec::with_capacity(resolved.len());
    let mut wholes = Vec::with_capacity(resolved.len());
    for (service, faults) in resolved {
        sink.append(faults);
        let Some((service, whole)) = service else { continue };
        services.push(service);
        wholes.push(whole);
    }
    namespaces::place(&mut services, namespaces, origins, sink);
    // What a service brings with it can lead to others: all of them are known by now.
    let neighbours = Neighbours { namespaces, services: &services };
    let brought: Vec<(Vec<PlannedService>, Option<companions::Edge>, Sink)> = services
        .par_iter()
        .zip(&wholes)
        .map(|(service, whole)| {
            let mut sink = Sink::default();
            let edge = companions::edges(service, whole, neighbours, origins);
            (resolver.companions(neighbours, service, whole, &mut sink), edge, sink)
        })
        .collect();
    let mut companions = Vec::new();
    for (service, (of_one, edge, faults)) in services.iter_mut().zip(brought) {
        sink.append(faults);
        companions.extend(of_one);
        if let Some((bucket, port)) = edge {
            service.spec.depends_on.add(bucket, port);
        }
    }
    namespaces::place(&mut companions, namespaces, origins, &mut Sink::default());
    for companion in companions {
        let Ok(taken) = defined.binary_search_by_key(&companion.name.text.as_str(), |(name, _)| name) else {
            let at = services.partition_point(|other: &PlannedService| other.name.text < companion.name.text);
            services.insert(at, companion);
            continue;
        };
        let of = companion.of.as_ref().map_or("", |of| of.text.as_str());
        let message = format!("`{}` is a name that `{of}` needs for itself", companion.name.text);
        let diagnostic = Diagnostic::new(Code::Conflict, message).of(origins, defined[taken].1.origin, "rename this");
        sink.push(diagnostic.of(origins, companion.name.origin, "what follows from this is called so"));
    }
    services
}

/// What lies beneath the services of one type, merged once.
struct Beneath {
    /// Up to the base's defaults for the type.
    base: Node,
    /// Each overlay's defaults.
    overlays: Vec<Option<Node>>,
    /// The two parts of `base` that variants of the type lie between: what is built in, what the base says.
    around: Option<(Option<Node>, Option<Node>)>,
    /// What lies beneath a companion: its type's own, and of the layers' defaults [`PLACEMENT`] alone.
    companion: Node,
}

/// Defaults that hold for companions, too: where pods run and what objects are marked with. What else
/// is said of all services of a type (probes, autoscaling, ports) was not said of these.
const PLACEMENT: &[&str] = &[
    "labels",
    "annotations",
    "podAnnotations",
    "nodeSelector",
    "tolerations",
    "priorityClassName",
    "dnsPolicy",
    "dnsConfig",
    "mesh",
];

impl Beneath {
    fn new(layers: &Layers, stack: &[&Map], component: &Component, merger: &Merger<'_>) -> Self {
        let general = |layer: &Map| {
            let mut defaults = layer.get("defaults")?.as_map()?.clone();
            // General defaults hold for the types that take them.
            defaults.retain(|entry| component.accepts.contains(&entry.key.text));
            Some(Node::map(defaults, OriginId::NONE))
        };
        let own = |layer: &Map| {
            layer.get("defaults")?.at(&["types", &component.name]).filter(|node| !node.is_null()).cloned()
        };
        // The highest layer with a null in place of its defaults; those beneath it say nothing. What is built
        // in and what the type says are not a layer's: only the null of a field deletes those.
        let null =
            |node: Option<&Node>| node.is_some_and(|node| node.is_null() && !merger.refused.contains(&node.origin));
        let whole = |layer: &&Map| layer.get("defaults").is_some_and(union::deletes);
        let typed = |layer: &&Map| {
            let Some(defaults) = layer.get("defaults") else { return false };
            null(defaults.get("types")) || null(defaults.at(&["types", &component.name]))
        };
        let of_all = stack.iter().rposition(whole).unwrap_or(0);
        let of_type = stack.iter().rposition(typed).unwrap_or(0).max(of_all);
        let said = |(level, layer): (usize, &&Map)| {
            let general = general(layer).filter(|_| level >= of_all);
            [general, own(layer).filter(|_| level >= of_type)]
        };
        let mut said: Vec<[Option<Node>; 2]> = stack.iter().enumerate().map(said).collect();
        let lay = |nodes: Vec<Option<Node>>| merger.stacked(nodes.into_iter().flatten());
        let placed = said.clone().into_iter().flatten().map(|defaults| {
            let mut defaults = defaults?;
            defaults.as_map_mut()?.retain(|entry| PLACEMENT.contains(&entry.key.text.as_str()));
            Some(defaults)
        });
        let typed = [general(&layers.builtin), Some(component.defaults.clone())];
        let companion = lay(typed.clone().into_iter().chain(placed).collect());
        let overlays = said.drain(1..).map(|of_layer| lay(of_layer.into())).collect();
        let varies = !component.variants.is_empty();
        Self {
            companion: companion.unwrap_or_else(|| Node::map(Map::default(), OriginId::NONE)),
            overlays,
            around: varies.then(|| (lay(typed.into()), lay(said.clone().into_iter().flatten().collect()))),
            base: {
                let builtin = [general(&layers.builtin), Some(component.defaults.clone())];
                let beneath = lay(builtin.into_iter().chain(said.into_iter().flatten()).collect());
                beneath.unwrap_or_else(|| Node::map(Map::default(), OriginId::NONE))
            },
        }
    }
}

impl Beneath {
    /// What lies beneath a service of a type with variants, those it has among it; `own` is what the layers
    /// say of it. `None` if it has none.
    fn with_variants(&self, component: &Component, own: &[Option<&Node>], merger: &Merger<'_>) -> Option<Node> {
        let (built_in, said) = self.around.as_ref()?;
        let mut node = built_in.clone().unwrap_or_else(|| Node::map(Map::default(), OriginId::NONE));
        let mut any = false;
        for variant in &component.variants {
            let field = |node: &Node| node.get(&variant.field).filter(|node| !node.is_null()).cloned();
            let layers = own.iter().enumerate().rev().find_map(|(level, own)| {
                let defaults = || field(self.overlays.get(level.checked_sub(1)?)?.as_ref()?);
                own.and_then(field).or_else(defaults)
            });
            let Some(chosen) = layers.or_else(|| field(&self.base)) else { continue };
            if chosen.as_str() == Some(variant.value.as_str()) {
                let laid = Laid { origins: merger.origins, rule: "variant", from: chosen.origin };
                merger.lay(&mut node, &laid.of(&variant.defaults));
                any = true;
            }
        }
        if let Some(said) = said {
            merger.lay(&mut node, said);
        }
        any.then_some(node)
    }
}

struct Resolver<'a> {
    layers: &'a Layers,
    files: files::Shelf<'a>,
    stack: &'a [&'a Map],
    merger: &'a Merger<'a>,
    origins: &'a Origins,
    beneath: HashMap<&'a str, Beneath>,
    /// A service of which nothing is known: its fields are those of all services, at the same places.
    fields: Node,
}

impl Resolver<'_> {
    /// A service, and what was merged, before anything of it was written out.
    fn service(&self, name: &str, key: &Key, sink: &mut Sink) -> Option<(PlannedService, Node)> {
        // What each layer says of it; a layer that deletes it starts over.
        let mut own: Vec<Option<&Node>> = Vec::with_capacity(self.stack.len());
        for layer in self.stack {
            let services = layer.get("services");
            let node = services.and_then(|services| services.get(name));
            if node.is_some_and(Node::is_null) || services.is_some_and(union::deletes) {
                own.iter_mut().for_each(|below| *below = None);
            }
            own.push(node.filter(|node| !node.is_null()));
        }
        let at = self.component(name, key, &own, sink)?;
        let component = &self.layers.components[at];
        own.iter().flatten().for_each(|node| self.refuse_foreign(node, name, component, sink));
        let beneath = self.beneath.get(component.name.as_str())?;
        let mut node = beneath.with_variants(component, &own, self.merger).unwrap_or_else(|| beneath.base.clone());
        for (level, own) in own.iter().enumerate() {
            if let Some(defaults) = level.checked_sub(1).and_then(|overlay| beneath.overlays[overlay].as_ref()) {
                self.merger.lay(&mut node, defaults);
            }
            if let Some(own) = own {
                self.merger.lay(&mut node, own);
            }
        }
        if let Some(map) = node.as_map_mut() {
            map.retain(|entry| component.accepts.contains(&entry.key.text));
        }
        node.origin = key.origin;
        // A name that is deleted leaves the mapping, and must be remembered: a default bears it, too.
        let alerts = node.get("alerts").map(Node::entries).unwrap_or_default();
        let silenced = alerts.filter(|entry| entry.value.is_null()).map(|entry| entry.key.text.clone()).collect();
        let managed = modes::is_managed(&node);
        let before = sink.diagnostics().len();
        let defaults = &component.defaults;
        Operated { name, own: &own, defaults, origins: self.origins }.settle(&mut node, sink);
        // What can't be told to the operator is no news where its objects are laid out.
        let told = sink.diagnostics().len() == before;
        let operated = told && operated::is_operated(&node);
        companions::pin(&mut node, self.origins);
        let whole = node.clone();
        modes::settle(name, &mut node, self.origins, sink);
        if !managed && !operated {
            super::exporter::expand(name, &mut node, self.origins, sink);
        }
        containers::fill(&mut node, self.merger);
        self.complete(&mut node);
        self.files.fill(&mut node, self.origins, sink);
        self.files.keys(&mut node, self.origins, sink);
        let mut decoder = Decoder {
            origins: self.origins,
            sink,
            refused: &self.layers.refused,
            path: format!("services.{name}"),
            near: key.origin,
            wanted_by: String::new(),
        };
        let spec = Service::decode(&node, &mut decoder);
        decoder.wanted_by = format!(", which type `{}` needs", component.name);
        let mut complete = true;
        // One that somebody else runs has what its own pods would need.
        let needed = |required: &&At<Str>| !managed || required.value != "storage";
        for required in component.requires.iter().filter(needed) {
            let value = node.get(&required.value);
            let empty = value.is_none_or(|value| value.is_null() || value.as_map().is_some_and(Map::is_empty));
            if empty && value.is_none_or(|value| !self.layers.refused.contains(&value.origin)) {
                decoder.missing(&required.value, value);
            }
            complete &= !empty;
        }
        let mut spec = Box::new(spec.filter(|_| complete)?);
        spec.name_only_port();
        let name = Key::new(name, key.origin);
        let outside = || self.layers.components.iter().position(|component| component.name == modes::OUTSIDE);
        let by_operator = || self.layers.components.iter().position(|component| component.name == OPERATED);
        let component = match (managed, operated) {
            (true, _) => outside()?,
            (_, true) => by_operator()?,
            _ => at,
        };
        let service = PlannedService {
            name,
            of: None,
            spec,
            node,
            component,
            // Which is its own is looked up when all services are there.
            namespace: 0,
            silenced,
            contradicts_itself: false,
        };
        // A database that is half told would say the rest of it again.
        told.then_some((service, whole))
    }

    /// Puts all fields of a service in their places.
    fn complete(&self, node: &mut Node) {
        super::complete(node, Service::STRUCT);
        if let (Some(map), Some(fields)) = (node.as_map_mut(), self.fields.as_map()) {
            map.share_index(fields);
        }
    }

    /// The services that one brings with it, each over the defaults of its type.
    ///
    /// `whole` is what was merged, before anything of it was written out.
    fn companions(
        &self,
        neighbours: Neighbours<'_>,
        service: &PlannedService,
        whole: &Node,
        sink: &mut Sink,
    ) -> Vec<PlannedService> {
        let found = companions::of(service, whole, neighbours, self.origins, sink);
        let resolved = found.into_iter().filter_map(|companion| self.companion(service, companion, sink));
        resolved.collect()
    }

    fn companion(&self, of: &PlannedService, companion: Companion, sink: &mut Sink) -> Option<PlannedService> {
        let kind = companion.node.get("type").and_then(Node::as_str)?;
        // A type that could not be made out has been said.
        let at = self.layers.components.iter().position(|component| component.name == kind)?;
        let mut node = self.beneath.get(kind)?.companion.clone();
        self.merger.lay(&mut node, &companion.node);
        node.origin = companion.name.origin;
        containers::fill(&mut node, self.merger);
        self.complete(&mut node);
        let mut decoder = Decoder {
            origins: self.origins,
            sink,
            refused: &self.layers.refused,
            path: format!("services.{}", companion.name.text),
            near: companion.name.origin,
            wanted_by: String::new(),
        };
        let mut spec = Box::new(Service::decode(&node, &mut decoder)?);
        spec.name_only_port();
        let of = Some(of.name.clone());
        Some(PlannedService {
            name: companion.name,
            of,
            spec,
            node,
            component: at,
            // Which is its own is looked up when all services are there.
            namespace: 0,
            silenced: Vec::new(),
            contradicts_itself: false,
        })
    }

    /// Position of the service's type.
    fn component(&self, name: &str, key: &Key, own: &[Option<&Node>], sink: &mut Sink) -> Option<usize> {
        let named = own.iter().flatten().rev().find_map(|node| node.get("type"));
        let Some(named) = named.filter(|named| !named.is_null()) else {
            let beneath = own.first().is_some_and(Option::is_none) && named.is_none();
            if let Some(near) = beneath.then(|| self.near(name)).flatten() {
                // An overlay says little of a service, and seldom defines one.
                let message = format!("no layer beneath defines `{name}`, and it has no `type`");
                let diagnostic = Diagnostic::new(Code::UnknownService, message);
                let diagnostic = diagnostic.of(self.origins, key.origin, format!("did you mean `{}`?", near.text));
                sink.push(diagnostic.of(self.origins, near.origin, format!("`{}` is defined here", near.text)));
            } else if named.is_none_or(|null| !self.layers.refused.contains(&null.origin)) {
                let message = format!("`services.{name}` has no `type`");
                let label = format!("expected {}", text::one_of(self.types()));
                let at = named.map_or(key.origin, |null| null.origin);
                sink.push(Diagnostic::new(Code::MissingField, message).of(self.origins, at, label));
            }
            return None;
        };
        let wanted = named.as_str().unwrap_or_default();
        let at = self
            .layers
            .components
            .iter()
            .position(|component| component.name == wanted && !components::is_inner(wanted));
        if at.is_none() && !self.layers.types.faulty.contains(wanted) {
            let message = format!("there is no component type `{wanted}`");
            let label = text::suggest(wanted, self.types().collect::<Vec<_>>());
            let help = match wanted {
                PLATFORM => "that is the type of the platform's own objects, which no service can be".to_owned(),
                OPERATED => "that is a `mode` of type `postgres`".to_owned(),
                _ => format!("a type is a folder `templates/{wanted}/` with a `type.yaml`"),
            };
            sink.push(Diagnostic::new(Code::UnknownType, message).of(self.origins, named.origin, label).help(help));
        }
        at
    }

    /// The service that may have been meant by a name: one that the base defines.
    fn near(&self, name: &str) -> Option<&Key> {
        let base = self.stack.first()?.get("services")?.as_map()?;
        let names = base.iter().filter(|entry| !entry.value.is_null()).map(|entry| entry.key.text.as_str());
        Some(&base.entry(text::nearest(name, names)?)?.key)
    }

    fn types(&self) -> impl Iterator<Item = &str> {
        self.layers
            .components
            .iter()
            .map(|component| component.name.as_str())
            .filter(|name| !components::is_inner(name))
    }

    /// Says which fields the service has that its type does not take.
    fn refuse_foreign(&self, node: &Node, name: &str, component: &Component, sink: &mut Sink) {
        if !self.layers.types.vague.contains(&component.name) {
            components::refuse_foreign(
                node,
                component,
                &format!(", which `{name}` is"),
                &self.layers.refused,
                self.origins,
                sink,
            );
        }
    }
}
