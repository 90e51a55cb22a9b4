//! Templates and one service's facts make marked trees.
//!
//! A template is readable YAML with holes. Rendering it never prints a value: the engine
//! (minijinja) lays out text in which each value is a numbered hole (`holes`), that text is parsed
//! once per distinct shape into a `skeleton`, and the values are put into its gaps as the typed
//! nodes they are (`fill`). So a value can't break the YAML around it, a number stays a number,
//! and all but the first object of a shape cost no parsing.
//!
//! * `load` and `lower` say what a template may hold; `expression` does for its expressions.
//! * `context` and `functions` are what templates see; `trace` logs what they look at.
//! * `places` leads from rendered text back to template text; `fault` words the engine's errors.
//!
//! Does not belong here: reading files, the meaning of any field, computing what templates show
//! (`derive`), checking what they make (`typecheck`).

mod cache;
mod context;
mod expression;
mod fault;
mod fill;
mod functions;
mod gone;
mod holes;
mod load;
mod lower;
mod names;
mod places;
mod skeleton;
#[cfg(test)]
mod tests;
mod trace;

pub use context::Context;
pub use names::Names;

use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{Node, Origins, SourceFile, Span};
use crate::text;
use cache::Cache;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use places::Unit;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use trace::Log;

/// Steps of the engine that one render may take: a second's worth, a hundred thousand times what a
/// usual template needs. What a render lays out is bounded as well ([`holes::MAX_LAID`]); this
/// bounds what lays out nothing.
const FUEL: u64 = 50_000_000;

/// Deepest nesting of blocks, includes (each counts ten) and macros (four) of one render. There is
/// no recursion, so honest templates stay far below; a thread's stack bears it.
const MAX_NESTING: usize = 120;

/// A template to load.
#[derive(Clone, Debug)]
pub struct TemplateSource {
    /// What `include` and [`Templates::render`] call it: `web/deployment.yaml.j2`.
    pub name: String,
    /// Its text.
    pub text: Arc<str>,
    /// Position of the text's first byte among all sources.
    pub start: u32,
    /// Whether it is known to be safe to parse: one of ours, which tests parse with all the care that
    /// is taken with others'.
    pub trusted: bool,
}

impl TemplateSource {
    /// A template in a file of whatever text.
    #[must_use]
    pub fn new(name: impl Into<String>, file: &SourceFile) -> Self {
        Self { name: name.into(), text: Arc::clone(&file.text), start: file.start, trusted: false }
    }

    /// The text at a span of it.
    fn slice(&self, span: Span) -> &str {
        let within = |at: u32| at.saturating_sub(self.start) as usize;
        self.text.get(within(span.lo)..within(span.hi)).unwrap_or_default()
    }
}

/// How often a template was rendered, and how often its output had to be parsed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Renders that reached their end.
    pub renders: u64,
    /// Those among them whose skeleton was not there yet.
    pub misses: u64,
}

impl std::fmt::Display for Stats {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { renders, misses } = self;
        // A thousandth is as fine as anybody needs it.
        let share = (renders - misses) * 1000 / (*renders).max(1);
        write!(f, "{renders} renders, {misses} of them parsed, {}.{} % from the cache", share / 10, share % 10)
    }
}

/// A template reads what is not there; that has been said.
#[derive(Clone, Copy, Debug)]
pub struct Undefined;

/// The templates of a run: immutable, shared by all threads.
pub struct Templates {
    environment: Environment<'static>,
    units: BTreeMap<String, Arc<Unit>>,
    /// The same, by their place among all sources.
    placed: Vec<Arc<Unit>>,
    names: BTreeSet<String>,
    undefined: BTreeSet<String>,
    included: BTreeSet<String>,
    marks: Vec<u32>,
    caches: BTreeMap<String, Cache>,
    tracing: bool,
    cached: bool,
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Templates").field("names", &self.names).field("tracing", &self.tracing).finish_non_exhaustive()
    }
}

impl Templates {
    /// Checks and compiles templates. What is wrong with any of them goes into `sink`; such a
    /// template renders to nothing. `known` are the names that contexts will give, if that is known.
    ///
    /// With `tracing`, each leaf of a render gets an [`Origin::Laid`](crate::source::Origin::Laid),
    /// at several times the cost. Without `cache`, each render is parsed anew: the result is the
    /// same.
    pub fn load(
        templates: &[TemplateSource],
        known: Option<&Names>,
        tracing: bool,
        cache: bool,
        sink: &mut Sink,
    ) -> Self {
        let loaded = load::load(templates, known, tracing, sink);
        let mut environment = environment(tracing);
        let mut units = loaded.units;
        units.retain(|name, unit| {
            let added = environment.add_template_owned(name.clone(), unit.lowered.clone());
            if added.is_err() {
                // What `lower` writes is the engine's own language.
                let message = format!("`{name}` can't be compiled; this is a bug in platgen");
                sink.push(Diagnostic::new(Code::TemplateSyntax, message).at(unit.line(unit.start), ""));
            }
            added.is_ok()
        });
        let mut placed: Vec<Arc<Unit>> = units.values().cloned().collect();
        placed.sort_by_key(|unit| unit.start);
        let caches = units.keys().map(|name| (name.clone(), Cache::default())).collect();
        Self {
            environment,
            units,
            placed,
            names: loaded.names,
            undefined: loaded.undefined,
            included: loaded.included,
            marks: loaded.marks,
            caches,
            tracing,
            cached: cache,
        }
    }

    /// Renders one template: a tree per document, none for a template that lays out nothing.
    ///
    /// What goes wrong goes into `sink`, at its place in the template. A template that
    /// [`load`](Self::load) refused gives nothing and says nothing again.
    ///
    /// # Errors
    /// If it reads what is not there.
    pub fn render(
        &self,
        name: &str,
        context: &Context,
        origins: &Origins,
        sink: &mut Sink,
    ) -> Result<Vec<Node>, Undefined> {
        if self.undefined.contains(name) {
            return Err(Undefined);
        }
        let log = self.tracing.then(|| Log::new(context));
        self.laid_out(name, context, log, origins, sink)
    }

    /// What can be laid out of a template although it reads what is not there: the values it reads are `null`. Good
    /// for finding its other faults, and for nothing else.
    pub fn rest(&self, name: &str, context: &Context, origins: &Origins) -> Vec<Node> {
        // What is wrong with the template's layout was found when nothing else was, or hangs on what isn't there.
        let mut ignored = Sink::default();
        self.laid_out(name, context, Some(Log::tolerant(context)), origins, &mut ignored).unwrap_or_default()
    }

    fn laid_out(
        &self,
        name: &str,
        context: &Context,
        log: Option<Log>,
        origins: &Origins,
        sink: &mut Sink,
    ) -> Result<Vec<Node>, Undefined> {
        let (Some(cache), Ok(template)) = (self.caches.get(name), self.environment.get_template(name)) else {
            if !self.names.contains(name) {
                let message = format!("there is no template `{}`", crate::kinds::shown(name));
                let nearest = text::nearest(name, self.names.iter().map(String::as_str));
                let diagnostic = Diagnostic::new(Code::TemplateFault, message).in_file(name);
                sink.extend([nearest
                    .iter()
                    .fold(diagnostic, |told, name| told.help(format!("did you mean `{name}`?")))]);
            }
            return Ok(Vec::new());
        };
        let root = log.as_ref().map_or_else(|| context.value(), Log::root);
        let rendered = match template.render_captured(root) {
            Ok(rendered) => rendered,
            Err(error) => {
                let fault = fault::diagnostic(&error, |name| self.units.get(name).map(AsRef::as_ref));
                let undefined = fault.code == Code::UndefinedVariable;
                sink.push(fault);
                return if undefined { Err(Undefined) } else { Ok(Vec::new()) };
            }
        };
        let text = rendered.output();
        if text.is_empty() {
            cache.nothing();
            return Ok(Vec::new());
        }
        let parse = || skeleton::parse(text, &self.placed, &self.marks, self.tracing);
        let parsed = if self.cached { cache.get(text, parse) } else { cache.bypass(parse) };
        let skeleton = match parsed.as_ref() {
            Ok(skeleton) => skeleton,
            Err(faults) => {
                sink.extend(faults.iter().cloned());
                return Ok(Vec::new());
            }
        };
        let values: &[Value] = rendered.state().get_extension::<holes::Holes>().map_or(&[], |holes| &holes.values);
        let reads = log.filter(|_| self.tracing).map(|log| log.finish());
        Ok(fill::fill(skeleton, values, reads.as_ref().map(|reads| (reads, origins)), sink))
    }

    /// The names of all templates, those that were refused included.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Whether another template includes the one of this name.
    #[must_use]
    pub fn includes(&self, name: &str) -> bool {
        self.included.contains(name)
    }

    /// Whether there is a template of this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Renders and misses of each template, by name.
    #[must_use]
    pub fn stats(&self) -> BTreeMap<String, Stats> {
        let stats = |cache: &Cache| {
            let (renders, misses) = cache.counts();
            Stats { renders, misses }
        };
        self.caches.iter().map(|(name, cache)| (name.clone(), stats(cache))).collect()
    }
}

/// An engine that knows nothing but what templates may use.
fn environment(tracing: bool) -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_syntax(load::lowered_syntax());
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // What tells a macro's output from data: only output is ever escaped, so only it is "safe".
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(MAX_NESTING);
    environment.set_debug(false);
    functions::register(&mut environment);
    if tracing {
        trace::register(&mut environment);
        environment.set_formatter(holes::format_traced);
    } else {
        environment.set_formatter(holes::format);
    }
    environment
}
