//! The one place that knows the order of the stages.
//!
//! Files → documents → plan → facts → rendered trees → typed objects. Every stage returns what it
//! could make of its input beside its diagnostics, so one run shows the faults of all stages; who
//! wants objects asks whether there were errors first.

mod comparison;

pub use comparison::{Cause, Difference, Side, Told, ToldField, differ};

use crate::derive::{Derivation, Envelopes, PLATFORM_NAMES, SERVICE_NAMES};
use crate::diag::{Code, Diagnostic, Levels, Severity, Sink};
use crate::emit::Format;
use crate::inventory::TemplateFile;
use crate::kinds::{self, Version};
use crate::load::{self, Wanted};
use crate::object::{Duplicate, Object, ObjectId, ObjectSet};
use crate::plan::Plan;
use crate::render::{Context, Names, Stats, TemplateSource, Templates};
use crate::resolve::{self, Layers, PLATFORM};
use crate::source::{Files, Key, Node, Origins, SourceKind, SourceMap};
use crate::transform::{self, Patch};
use crate::{emit, policy, text, typecheck};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What templates can read.
const NAMES: Names = Names { service: SERVICE_NAMES, platform: PLATFORM_NAMES };

/// How to compile.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    /// Which environments.
    pub wanted: Wanted<'a>,
    /// Whether to keep histories, for `explain`.
    pub tracing: bool,
    /// Whether to reuse the parsed shape of a template's output.
    pub skeleton_cache: bool,
}

/// A compiled project.
#[derive(Debug)]
pub struct Compilation {
    /// All texts.
    pub sources: SourceMap,
    /// All histories.
    pub origins: Origins,
    /// The layers, for histories; environments share them.
    pub layers: Layers,
    /// The environments in the order they were asked for, else sorted, `base` first.
    pub environments: Vec<Environment>,
    /// What there is to say, in the order of places.
    pub diagnostics: Vec<Diagnostic>,
    /// How the renders went.
    pub stats: Stats,
}

impl Compilation {
    /// Whether anything is an error: then the objects are not to be used.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The environment with this name.
    #[must_use]
    pub fn environment(&self, name: &str) -> Option<&Environment> {
        self.environments.iter().find(|environment| environment.plan.environment == name)
    }
}

/// One compiled environment.
#[derive(Debug)]
pub struct Environment {
    /// Its plan.
    pub plan: Plan,
    /// Its objects in the order of the stream.
    pub objects: ObjectSet,
    /// The service each object belongs to; the platform's own are missing.
    pub owners: HashMap<ObjectId, usize>,
}

/// Compiles a project.
///
/// Only histories know which line of the inventory a template laid out. They cost time, so they are
/// kept from the start for who asks, and otherwise in a second run if objects turn out to be faulty.
pub fn compile(files: &dyn Files, settings: Settings<'_>) -> Compilation {
    compile_as(files, settings, None)
}

/// Compiles a project and notes which service each object belongs to.
pub fn compile_with_owners(files: &dyn Files, settings: Settings<'_>) -> Compilation {
    let compilation = run(files, settings, None, true, false);
    // Faults of objects are told by their histories. Somebody may have mended the files meanwhile, so owners are
    // noted again.
    if compilation.has_errors() {
        run(files, Settings { tracing: true, ..settings }, None, true, false)
    } else {
        compilation
    }
}

/// Compiles a project for a stream of this format, which is the one thing that holds values of files that
/// git does not track. Wherever nobody can ask for the tree of an object any
/// more (no history is kept, no patch follows), it is laid out at once and only its text is kept.
pub fn compile_to(files: &dyn Files, settings: Settings<'_>, format: Format) -> Compilation {
    compile_as(files, settings, Some(format))
}

fn compile_as(files: &dyn Files, settings: Settings<'_>, format: Option<Format>) -> Compilation {
    let laid = format.filter(|_| !settings.tracing);
    let mut compilation = run(files, settings, laid, settings.tracing, format.is_some());
    if format.is_some() && compilation.has_errors() {
        // Who is told what is wrong is told it of a project whose values nobody has read.
        let unread = run(files, settings, laid, settings.tracing, false);
        if unread.has_errors() {
            compilation = unread;
        } else {
            compilation.diagnostics.iter_mut().for_each(withhold);
        }
    }
    let of_objects = |diagnostic: &Diagnostic| {
        matches!(diagnostic.code, Code::InvalidObjectValue | Code::WrongObjectType | Code::DuplicateObject)
    };
    if settings.tracing || !compilation.diagnostics.iter().any(of_objects) {
        return compilation;
    }
    run(files, Settings { tracing: true, ..settings }, None, true, false)
}

/// What the checks say of a project that compiles, in the order of places; of one that doesn't
/// nothing is said but that. Environments are looked at side by side.
///
/// Findings point to lines of the inventory, and waivers go by services: both are histories, which
/// are kept in a second run if there is anything to say.
pub fn check(files: &dyn Files, settings: Settings<'_>, levels: &Levels) -> (Compilation, Vec<Diagnostic>) {
    let compilation = run(files, settings, None, true, false);
    if compilation.has_errors() {
        return (compile(files, settings), Vec::new());
    }
    if !compilation.origins.tracing() && compilation.silent() {
        return (compilation, Vec::new());
    }
    let traced = compilation.origins.tracing();
    let compilation = if traced { compilation } else { compile(files, Settings { tracing: true, ..settings }) };
    let findings = compilation.findings(levels);
    (compilation, findings)
}

impl Compilation {
    /// An environment as the tree needs to know it. Its objects must have been compiled with their owners.
    #[must_use]
    pub fn side<'a>(&'a self, environment: &'a Environment) -> emit::Side<'a> {
        let defined = |key: &'a Key| {
            let file = self.origins.span(key.origin).map(|span| self.sources.file_of(span));
            file.filter(|file| file.kind == SourceKind::Inventory).map_or("base/", |file| file.name.as_str())
        };
        let service = |object: &Object| {
            let name = &environment.plan.services[*environment.owners.get(&object.id)?].name;
            Some((name.text.as_str(), defined(name)))
        };
        let objects = environment.objects.as_slice();
        let services = objects.iter().map(service).collect();
        emit::Side { environment: &environment.plan.environment, objects, services }
    }

    /// What stands in the way of a kustomize tree of objects that are legal.
    #[must_use]
    pub fn unbuildable(&self) -> Vec<Diagnostic> {
        let mut sink = Sink::default();
        sink.extend(emit::unbuildable(self.environments.iter().flat_map(|one| &one.objects), &self.origins));
        sink.each(|diagnostic| own_files_first(diagnostic, &self.sources));
        fold(sink.into_sorted())
    }

    fn views(&self) -> Vec<policy::View<'_>> {
        let all = self.environments.iter();
        let chain = |one: &Environment| self.layers.chain(&one.plan.environment);
        all.map(|one| policy::View::new(&one.plan, &one.objects, &one.owners, &self.origins, chain(one))).collect()
    }

    /// Whether no check has anything to say, and nothing is waived.
    fn silent(&self) -> bool {
        policy::silent(&self.views())
    }

    fn findings(&self, levels: &Levels) -> Vec<Diagnostic> {
        let views = self.views();
        let compiled = |name: &str| self.environment(name).is_some();
        let rest: Vec<&str> = self.layers.environments().into_iter().filter(|name| !compiled(name)).collect();
        // Layers that environments nobody asked for are made of, too.
        let elsewhere: HashSet<&str> = rest.iter().flat_map(|name| self.layers.chain(name)).collect();
        let whole = |span| {
            let name = &self.sources.file_of(span).name;
            let layer = name.strip_prefix("overlays/").and_then(|rest| rest.split('/').next()).unwrap_or("base");
            !elsewhere.contains(layer)
        };
        let mut sink = Sink::default();
        sink.extend(policy::check(&views, rest.is_empty(), &whole));
        sink.each(|diagnostic| {
            diagnostic.keep(&self.sources.secrets);
            own_files_first(diagnostic, &self.sources);
        });
        sink.regrade(levels);
        sink.into_sorted()
    }
}

/// `owners` says whether to note which service each object belongs to, `reveal` whether the values of files
/// that git does not track become part of the objects.
fn run(files: &dyn Files, settings: Settings<'_>, format: Option<Format>, owners: bool, reveal: bool) -> Compilation {
    let origins = Origins::new(settings.tracing);
    let mut sources = SourceMap::default();
    let mut sink = Sink::default();
    let shelf = load::shelf(files, &mut sources, &mut sink);
    let written = shelf.templates.iter().map(|TemplateFile { name, file, builtin }| TemplateSource {
        trusted: *builtin,
        ..TemplateSource::new(name, sources.file(*file))
    });
    let written: Vec<TemplateSource> = written.collect();
    let mut of_templates = Sink::default();
    let (templates, (mut project, layers)) = rayon::join(
        || Templates::load(&written, Some(&NAMES), settings.tracing, settings.skeleton_cache, &mut of_templates),
        || {
            let mut project = load::load(files, shelf, &settings.wanted, reveal, &origins, &mut sources, &mut sink);
            let layers = resolve::layers(&mut project, &sources, &origins, &mut sink);
            (project, layers)
        },
    );
    sink.append(of_templates);
    for template in project.templates.iter().filter(|template| !template.builtin) {
        let name = &template.name;
        if !layers.lays_out(name) && !templates.includes(name) {
            sink.push(unused(name, &layers, &templates));
        }
    }
    let known = layers.environments();
    let names: Vec<&str> = match settings.wanted {
        Wanted::All => known,
        Wanted::These(these) => {
            let mut seen = HashSet::new();
            let these = these.iter().map(String::as_str);
            these.filter(|name| known.contains(name)).filter(|name| seen.insert(*name)).collect()
        }
    };
    let raw = std::mem::take(&mut project.raw).into_iter().map(|(name, layer)| {
        let patches = transform::read(&layer.patches, &sources, &origins, &mut sink);
        (name, Raw { patches, objects: layer.objects })
    });
    let raw = raw.collect();
    let stages =
        Stages { origins: &origins, templates: &templates, raw: &raw, sound: !sink.has_errors(), format, owners };
    let compiled: Vec<(Option<Environment>, Sink)> =
        names.par_iter().map(|name| stages.environment(&layers, name)).collect();
    let mut environments = Vec::with_capacity(compiled.len());
    for (environment, faults) in compiled {
        sink.append(faults);
        environments.extend(environment);
    }
    let stats = templates.stats().into_values().fold(Stats::default(), |sum, stats| Stats {
        renders: sum.renders + stats.renders,
        misses: sum.misses + stats.misses,
    });
    sink.each(|diagnostic| {
        diagnostic.keep(&sources.secrets);
        own_files_first(diagnostic, &sources);
    });
    let diagnostics = fold(sink.into_sorted());
    Compilation { sources, origins, layers, environments, diagnostics, stats }
}

/// What all environments share.
struct Stages<'a> {
    origins: &'a Origins,
    templates: &'a Templates,
    raw: &'a BTreeMap<String, Raw>,
    /// Whether nothing was wrong before the environments came apart.
    sound: bool,
    /// What objects are written as, if nothing but their text is wanted.
    format: Option<Format>,
    /// Whether to note which service each object belongs to.
    owners: bool,
}

/// What a layer says about objects directly.
struct Raw {
    patches: Vec<Patch>,
    objects: Vec<Node>,
}

impl Stages<'_> {
    fn environment(&self, layers: &Layers, name: &str) -> (Option<Environment>, Sink) {
        let mut sink = Sink::default();
        let Some(plan) = resolve::plan(layers, name, self.origins, &mut sink) else { return (None, sink) };
        let derivation = Derivation::new(&plan, self.origins);
        let raw: Vec<&Raw> = layers.chain(name).into_iter().filter_map(|layer| self.raw.get(layer)).collect();
        let format = self.format.filter(|_| raw.iter().all(|raw| raw.patches.is_empty() && raw.objects.is_empty()));
        let target = plan.platform.kubernetes.parse().unwrap_or(Version::OLDEST);
        let own = plan.components.iter().find(|component| component.name == PLATFORM);
        // What others change of the objects counts for quotas as they change it.
        let as_laid_out = raw.iter().all(|raw| raw.patches.is_empty() && raw.objects.is_empty());
        let count = |objects: &[Object]| derivation.envelopes(objects.iter().map(|object| (object.kind, &object.tree)));
        // Derived, rendered and checked in one go: what one service needs is still at hand, and gone
        // before the next one is begun.
        let compiled: Vec<(Vec<Object>, Option<Envelopes>, Sink)> = plan
            .services
            .par_iter()
            .map(|service| {
                let mut sink = Sink::default();
                let facts = derivation.service(service, &mut sink);
                let context = Context::new(facts.into_names());
                // Nobody wrote a companion: what decides that it is there decides all that it lays out.
                let context = if service.of.is_some() { context.because(service.name.origin) } else { context };
                let mut objects = self.objects(&plan.component(service).templates, &context, target, &mut sink);
                let envelopes = as_laid_out.then(|| count(&objects));
                settle(&mut objects, format);
                (objects, envelopes, sink)
            })
            .collect();
        let mut all = Vec::with_capacity(compiled.iter().map(|(objects, ..)| objects.len()).sum());
        let mut envelopes = Envelopes::default();
        let mut owners = HashMap::new();
        let mut adoptions = Adoptions::default();
        for (at, (objects, counted, mut faults)) in compiled.into_iter().enumerate() {
            counted.into_iter().for_each(|counted| envelopes.merge(counted));
            if plan.services[at].contradicts_itself {
                faults.forget(Code::InvalidObjectValue);
            }
            adoptions.note(&plan, at, &objects, faults.has_errors());
            sink.append(faults);
            if self.owners {
                owners.extend(objects.iter().map(|object| (object.id.clone(), at)));
            }
            all.extend(objects);
        }
        adoptions.check(&plan, self.origins, &mut sink);
        let written: Vec<&[Node]> = raw.iter().map(|raw| raw.objects.as_slice()).collect();
        for tree in transform::manifests(&written, &plan.namespace, self.origins, &mut sink) {
            all.extend(typecheck::check(tree, target, self.origins, &mut sink));
        }
        // The platform's own come last: its quotas are sized by what all others come to.
        if let Some(component) = own {
            if !as_laid_out {
                envelopes = self.envelopes(&derivation, &all, &raw, name);
            }
            let context = Context::new(derivation.platform(&envelopes, &mut sink).into_names());
            let mut objects = self.objects(&component.templates, &context, target, &mut sink);
            settle(&mut objects, format);
            all.splice(0..0, objects);
        }
        drop(derivation);
        let (objects, duplicates) = ObjectSet::of(all);
        sink.extend(duplicates.iter().map(|twice| self.twice(twice)));
        let objects = self.patched(objects, &raw, name, target, &mut sink);
        (Some(Environment { plan, objects, owners }), sink)
    }

    /// What the objects come to as they will be once patches have changed them.
    fn envelopes(&self, derivation: &Derivation<'_>, objects: &[Object], raw: &[&Raw], name: &str) -> Envelopes {
        let patches: Vec<&Patch> = raw.iter().flat_map(|raw| &raw.patches).collect();
        if patches.is_empty() {
            return derivation.envelopes(objects.iter().map(|object| (object.kind, &object.tree)));
        }
        // What is wrong with a patch is said when all objects are there.
        let set = ObjectSet::of(objects.to_vec()).0;
        let patched = transform::apply(set, patches, name, false, self.origins, &mut Sink::default());
        let kind = |tree: &Node| {
            let text = |key| tree.get(key).and_then(Node::as_str);
            kinds::lookup(text("apiVersion")?, text("kind")?)
        };
        let changed = patched.changed.iter().filter_map(|tree| Some((kind(tree)?, tree)));
        let untouched = patched.untouched.iter().map(|object| (object.kind, &object.tree));
        derivation.envelopes(untouched.chain(changed))
    }

    /// The objects after the patches of their layers, typed again where anything changed.
    fn patched(&self, objects: ObjectSet, raw: &[&Raw], name: &str, target: Version, sink: &mut Sink) -> ObjectSet {
        let patches: Vec<&Patch> = raw.iter().flat_map(|raw| &raw.patches).collect();
        if patches.is_empty() {
            return objects;
        }
        let complete = self.sound && !sink.has_errors();
        let patched = transform::apply(objects, patches, name, complete, self.origins, sink);
        let changed = patched.changed.into_iter();
        let checked: Vec<Object> =
            changed.filter_map(|tree| typecheck::check(tree, target, self.origins, sink)).collect();
        // No patch changes an identity, so there are no duplicates.
        ObjectSet::of(patched.untouched.into_iter().chain(checked).collect()).0
    }

    fn twice(&self, Duplicate { first, second }: &Duplicate) -> Diagnostic {
        let name =
            |object: &Object| object.tree.at(&["metadata", "name"]).map_or(object.tree.origin, |name| name.origin);
        Diagnostic::new(Code::DuplicateObject, format!("`{}` is laid out twice", first.id))
            .of(self.origins, name(second), "again with this name")
            .of(self.origins, name(first), "first with this one")
    }

    /// The objects of one service, or of the platform.
    fn objects(&self, templates: &[String], context: &Context, target: Version, sink: &mut Sink) -> Vec<Object> {
        let mut objects = Vec::with_capacity(templates.len());
        for template in templates {
            let Ok(trees) = self.templates.render(template, context, self.origins, sink) else {
                for tree in self.templates.rest(template, context, self.origins) {
                    typecheck::check_rest(&tree, target, self.origins, sink);
                }
                continue;
            };
            objects.extend(trees.into_iter().filter_map(|tree| typecheck::check(tree, target, self.origins, sink)));
        }
        objects
    }
}

/// What services have that name their objects, each with its companions'.
#[derive(Default)]
struct Adoptions {
    /// By position of the service; nothing of one some of whose objects are faulty.
    objects: BTreeMap<usize, Option<Vec<ObjectId>>>,
}

impl Adoptions {
    fn note(&mut self, plan: &Plan, at: usize, objects: &[Object], faulty: bool) {
        let of = plan.services[at].of.as_ref().and_then(|of| plan.index.get(&of.text)).copied().unwrap_or(at);
        if plan.services[of].spec.names.is_empty() {
            return;
        }
        let noted = self.objects.entry(of).or_insert_with(|| Some(Vec::new()));
        match noted {
            _ if faulty => *noted = None,
            Some(all) => all.extend(objects.iter().map(|object| object.id.clone())),
            None => {}
        }
    }

    fn check(&self, plan: &Plan, origins: &Origins, sink: &mut Sink) {
        for (at, objects) in &self.objects {
            let Some(objects) = objects else { continue };
            sink.extend(typecheck::unused(plan, &plan.services[*at], objects, origins));
        }
    }
}

/// Lays out objects of which nothing but their text is wanted.
fn settle(objects: &mut [Object], format: Option<Format>) {
    let mut room = String::new();
    let Some(format) = format else { return };
    objects.iter_mut().for_each(|object| emit::settle(object, format, &mut room));
}

/// A template of the project's own that nothing leads to.
fn unused(name: &str, layers: &Layers, templates: &Templates) -> Diagnostic {
    let used =
        templates.names().filter(|other| *other != name && (layers.lays_out(other) || templates.includes(other)));
    let message = format!("no type lays out `{name}`, and no template includes it");
    let help = match text::nearest(name, used) {
        Some(near) => format!("did you mean `templates/{near}`?"),
        None => "name it among the `objects` of a `type.yaml`, or remove it".to_owned(),
    };
    Diagnostic::new(Code::UnreadFile, message).in_file(format!("templates/{name}")).help(help)
}

/// Takes all words out of a diagnostic that are there only because of a secret value, and may quote it.
fn withhold(diagnostic: &mut Diagnostic) {
    if matches!(diagnostic.code, Code::MissingSecret | Code::ExposedSecret) {
        return;
    }
    "a secret value makes an object faulty".clone_into(&mut diagnostic.message);
    diagnostic.labels.iter_mut().for_each(|label| label.text.clear());
    diagnostic.help.clear();
    diagnostic.notes = vec!["what is wrong is not shown: it may quote the value".to_owned()];
}

/// Of several places the one to go to is in a file that can be changed.
fn own_files_first(diagnostic: &mut Diagnostic, sources: &SourceMap) {
    diagnostic.labels.sort_by_key(|label| sources.file_of(label.span).kind == SourceKind::Builtin);
}

/// Faults of one template line say the same for every object it lays out: the first is kept, and
/// how many more there are.
fn fold(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept: Vec<(Diagnostic, usize)> = Vec::with_capacity(diagnostics.len());
    for diagnostic in diagnostics {
        let same = kept.last_mut().filter(|(last, _)| {
            last.code == diagnostic.code
                && last.labels.first().is_some_and(|first| diagnostic.labels.first() == Some(first))
                && last.labels.len() == diagnostic.labels.len()
                && last.labels.last().map(|label| &label.text) == diagnostic.labels.last().map(|label| &label.text)
                && last.help == diagnostic.help
        });
        match same {
            Some((_, more)) => *more += 1,
            None => kept.push((diagnostic, 0)),
        }
    }
    let noted = |(diagnostic, more): (Diagnostic, usize)| match more {
        0 => diagnostic,
        more => diagnostic.note(format!("and the same in {more} more")),
    };
    kept.into_iter().map(noted).collect()
}
