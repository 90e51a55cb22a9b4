//! The one place that knows the order of the stages.
//!
//! Files → documents → plan → facts → rendered trees → typed objects → patched and typed again.
//! Every stage returns what it
//! could make of its input beside its diagnostics, so one run shows the faults of all stages; who
//! wants objects asks whether there were errors first.

use crate::derive::{self, Facts};
use crate::diag::{Code, Diagnostic, Severity, Sink};
use crate::kinds::Version;
use crate::load::{self, Wanted};
use crate::object::{Duplicate, Object, ObjectId, ObjectSet};
use crate::plan::Plan;
use crate::render::{Context, Stats, TemplateSource, Templates};
use crate::resolve::{self, Layers, PLATFORM};
use crate::source::{Files, Node, Origins, SourceMap};
use crate::transform::{self, Patch};
use crate::{policy, typecheck};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};

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
pub fn compile(files: &dyn Files, settings: Settings<'_>) -> Compilation {
    let origins = Origins::new(settings.tracing);
    let mut sources = SourceMap::default();
    let mut sink = Sink::default();
    let mut project = load::load(files, &settings.wanted, &origins, &mut sources, &mut sink);
    let template_files =
        project.templates.iter().map(|template| TemplateSource { name: template.name.clone(), file: template.file });
    let templates =
        Templates::load(&sources, template_files.collect(), settings.tracing, settings.skeleton_cache, &mut sink);
    let mut names = vec!["base".to_owned()];
    match settings.wanted {
        Wanted::All => names.extend(project.environments.iter().cloned()),
        Wanted::These(these) => {
            let known = |name: &&String| *name == "base" || project.environments.contains(name);
            let mut seen = HashSet::new();
            names = these.iter().filter(known).filter(|name| seen.insert(*name)).cloned().collect();
        }
    }
    let layers = resolve::layers(&mut project, &sources, &origins, &mut sink);
    let raw = std::mem::take(&mut project.raw).into_iter().map(|(name, layer)| {
        let patches = transform::read(&layer.patches, &sources, &origins, &mut sink);
        (name, Raw { patches, objects: layer.objects })
    });
    let raw = raw.collect();
    let stages = Stages { origins: &origins, templates: &templates, raw: &raw, sound: !sink.has_errors() };
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
        policy::check(&plan, self.origins, &mut sink);
        let derived = derive::derive(&plan, self.origins, &mut sink);
        let target = plan.platform.kubernetes.parse().unwrap_or(Version::OLDEST);
        let own = plan.components.iter().find(|component| component.name == PLATFORM);
        let platform = own.map(|component| (None, component.templates.as_slice(), &derived.platform));
        let services = plan.services.iter().zip(&derived.services).enumerate();
        let services =
            services.map(|(at, (service, facts))| (Some(at), plan.component(service).templates.as_slice(), facts));
        let jobs: Vec<(Option<usize>, &[String], &Facts)> = platform.into_iter().chain(services).collect();
        let rendered: Vec<(Vec<Object>, Sink)> =
            jobs.par_iter().map(|(_, templates, facts)| self.objects(templates, facts, target)).collect();
        let contradicts_itself = |owner: Option<usize>| owner.is_some_and(|at| plan.services[at].contradicts_itself);
        let mut objects = ObjectSet::default();
        let mut owners = HashMap::new();
        for ((owner, ..), (made, mut faults)) in jobs.iter().zip(rendered) {
            if contradicts_itself(*owner) {
                faults.forget(Code::InvalidObjectValue);
            }
            sink.append(faults);
            if self.origins.tracing() {
                owners.extend(made.iter().filter_map(|object| Some((object.id.clone(), (*owner)?))));
            }
            for object in made {
                if let Err(twice) = objects.insert(object) {
                    sink.push(self.twice(&twice));
                }
            }
        }
        let raw: Vec<&Raw> = layers.chain(name).into_iter().filter_map(|layer| self.raw.get(layer)).collect();
        let written: Vec<&[Node]> = raw.iter().map(|raw| raw.objects.as_slice()).collect();
        for tree in transform::manifests(&written, &plan.namespace, self.origins, &mut sink) {
            let object = typecheck::check(tree, target, self.origins, &mut sink);
            if let Some(Err(twice)) = object.map(|object| objects.insert(object)) {
                sink.push(self.twice(&twice));
            }
        }
        let objects = self.patched(objects, &raw, name, target, &mut sink);
        (Some(Environment { plan, objects, owners }), sink)
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
        let checked = changed.filter_map(|tree| typecheck::check(tree, target, self.origins, sink));
        let mut objects = ObjectSet::default();
        for object in patched.untouched.into_iter().chain(checked.collect::<Vec<_>>()) {
            // A patch that changed an identity has been refused, and its object is as it was.
            let _ = objects.insert(object);
        }
        objects
    }

    fn twice(&self, Duplicate { first, second }: &Duplicate<'_>) -> Diagnostic {
        Diagnostic::new(Code::DuplicateObject, format!("`{}` is laid out twice", first.id))
            .of(self.origins, second.tree.origin, "again here")
            .of(self.origins, first.tree.origin, "first here")
    }

    /// The objects of one service, or of the platform.
    fn objects(&self, templates: &[String], facts: &Facts, target: Version) -> (Vec<Object>, Sink) {
        let mut sink = Sink::default();
        let context = Context::new(facts.names());
        let mut objects = Vec::with_capacity(templates.len());
        for template in templates {
            for tree in self.templates.render(template, &context, self.origins, &mut sink) {
                objects.extend(typecheck::check(tree, target, self.origins, &mut sink));
            }
        }
        (objects, sink)
    }
}

/// Faults of one template line say the same for every object it lays out: the first is kept, and
/// how many more there are.
fn fold(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept: Vec<(Diagnostic, usize)> = Vec::with_capacity(diagnostics.len());
    for diagnostic in diagnostics {
        let same = kept.last_mut().filter(|(last, _)| {
            last.code == diagnostic.code
                && last.labels.len() == 1
                && last.labels == diagnostic.labels
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
