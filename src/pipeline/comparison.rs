//! What differs between two sides, and the lines of the inventory that are behind it.
//!
//! The comparison knows objects, histories know lines; here they meet. A line is a cause if one side's value
//! was made from it and the other side's was not, or from other words in its place.

mod guesses;

use super::{Compilation, Environment};
use crate::diff::{self, Change, FieldChange, Image, Item, Renamed, What};
use crate::merge::leaves;
use crate::source::{Node, OriginId, SourceKind, Value};
use crate::trace::{Explanation, Index, Role, Source, explain};
use guesses::Guesses;
use std::collections::BTreeSet;

/// One side of a comparison.
pub enum Side<'a> {
    /// An environment of a project that was compiled with histories.
    Compiled {
        /// The project.
        compilation: &'a Compilation,
        /// The environment.
        environment: &'a Environment,
        /// What is put before the names of its files, such as `HEAD~1:`.
        prefix: String,
    },
    /// Objects from elsewhere.
    Read(Vec<Item>),
}

/// A line that somebody wrote, behind a difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    /// Its file, from the project's root; with the earlier side's prefix if it is there.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What it is in the inventory, if it is in one.
    pub path: Option<String>,
    /// Whether only the earlier side says it.
    pub gone: bool,
    /// Whether it is no line behind the difference, but the service it is in: what was there before is not known,
    /// and a line that is gone can't be named.
    pub whole: bool,
}

/// A field that differs, and what is behind it.
#[derive(Clone, Debug)]
pub struct ToldField {
    /// The field.
    pub change: FieldChange,
    /// The lines behind it.
    pub causes: Vec<Cause>,
}

/// An object that differs, and what is behind it.
#[derive(Clone, Debug)]
pub struct Told {
    /// The object.
    pub change: Change,
    /// Its fields.
    pub fields: Vec<ToldField>,
    /// The lines behind all of it.
    pub causes: Vec<Cause>,
}

/// All that differs.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// What the earlier side is called.
    pub from: String,
    /// What the later side is called.
    pub to: String,
    /// The objects.
    pub objects: Vec<Told>,
    /// Namespaces that are called differently.
    pub namespaces: Vec<(String, String)>,
    /// Between two environments: images that only the later one runs.
    pub images: Option<Vec<Image>>,
}

impl Told {
    /// Whether an overlay says it on purpose, rather than that it follows from something.
    #[must_use]
    pub fn on_purpose(&self) -> bool {
        self.causes.iter().any(Cause::in_overlay)
    }
}

impl Cause {
    /// Whether it stands in an overlay.
    #[must_use]
    pub fn in_overlay(&self) -> bool {
        self.file.starts_with("overlays/")
    }
}

impl Cause {
    /// Whether it says what a namespace is called, which is no difference between environments.
    fn names_a_namespace(&self) -> bool {
        self.path.as_deref().is_some_and(|path| {
            path == "platform.namespace"
                || path
                    .strip_prefix("platform.namespaces.")
                    .and_then(|rest| rest.rsplit_once('.'))
                    .is_some_and(|(_, last)| last == "name")
        })
    }
}

/// Each once, and no mapping beside what is in it.
fn most_telling(causes: &mut Vec<Cause>) {
    let mut seen = BTreeSet::new();
    causes.retain(|cause| seen.insert(cause.clone()));
    let within = |path: &str, top: &str| path.strip_prefix(top).is_some_and(|rest| rest.starts_with(['.', '[']));
    let holds = |top: &Cause| {
        let top_path = top.path.as_deref().unwrap_or_default();
        seen.iter().any(|other| {
            other.gone == top.gone
                && other.path.as_deref().is_some_and(|path| !top_path.is_empty() && within(path, top_path))
        })
    };
    causes.retain(|cause| !holds(cause));
}

/// Compares two sides.
#[must_use]
pub fn differ(before: &Side<'_>, after: &Side<'_>) -> Difference {
    let (renamed, same) = (renamed(before, after), same(before, after));
    let (old, new) = (before.items(), after.items());
    let (before, after) = (Histories::of(before), Histories::of(after));
    let changes = diff::compare(&old, &new, &renamed);
    let guesses = after.as_ref().filter(|_| before.is_none()).map(|after| Guesses::new(after, &changes));
    let teller = Teller { before, after, same, guesses: guesses.unwrap_or_default() };
    let objects = changes.into_iter().map(|change| teller.tell(change)).collect();
    let pairs = renamed.pairs().map(|(before, after)| (before.to_string(), after.to_string()));
    let images = teller.same.then(|| diff::images(&old, &new));
    Difference { objects, namespaces: pairs.collect(), images, ..Difference::default() }
}

/// Whether both sides are environments of one compilation.
fn same(before: &Side<'_>, after: &Side<'_>) -> bool {
    match (before, after) {
        (Side::Compiled { compilation: one, .. }, Side::Compiled { compilation: other, .. }) => {
            std::ptr::eq(*one, *other)
        }
        _ => false,
    }
}

/// Namespaces of two environments, paired by what they are for.
fn renamed(before: &Side<'_>, after: &Side<'_>) -> Renamed {
    let (Side::Compiled { environment: old, .. }, Side::Compiled { environment: new, .. }) = (before, after) else {
        return Renamed::default();
    };
    if !same(before, after) {
        return Renamed::default();
    }
    let pair = |space: &crate::plan::PlannedNamespace| {
        let key = space.key.as_ref().map(|key| &key.text);
        let other = new.plan.namespaces.iter().find(|other| other.key.as_ref().map(|key| &key.text) == key)?;
        Some((space.name.value.clone(), other.name.value.clone()))
    };
    Renamed(old.plan.namespaces.iter().filter_map(pair).collect())
}

impl Side<'_> {
    fn items(&self) -> Vec<Item> {
        match self {
            Self::Compiled { environment, .. } => {
                environment.objects.iter().filter_map(|object| Item::of(&object.tree)).collect()
            }
            Self::Read(items) => items.clone(),
        }
    }
}

/// Who can be asked where values of a side come from.
struct Histories<'a> {
    compilation: &'a Compilation,
    environment: &'a Environment,
    prefix: &'a str,
    /// One for all objects, since it is as large as the inventory: what services share goes by its layer's name.
    index: Index,
    /// What the layers say, by path and words.
    said: BTreeSet<(String, String)>,
}

impl<'a> Histories<'a> {
    fn of(side: &'a Side<'a>) -> Option<Self> {
        let Side::Compiled { compilation, environment, prefix } = side else { return None };
        let layers = compilation.layers.texts();
        let index = Index::new(&environment.plan, &layers, None);
        let mut histories = Self { compilation, environment, prefix, index, said: BTreeSet::new() };
        let mut said = BTreeSet::new();
        for layer in layers {
            layer.iter().for_each(|entry| histories.note(&entry.value, &entry.key.text, &mut said));
        }
        histories.said = said;
        Some(histories)
    }

    fn note(&self, node: &Node, path: &str, said: &mut BTreeSet<(String, String)>) {
        let words = |origin: OriginId| {
            self.compilation.origins.span(origin).map(|span| self.compilation.sources.slice(span).to_owned())
        };
        said.extend(words(node.origin).map(|words| (path.to_owned(), words)));
        match &node.value {
            Value::Map(map) => {
                for entry in map.iter() {
                    let key = &entry.key.text;
                    let path = if key.contains('.') { format!("{path}[\"{key}\"]") } else { format!("{path}.{key}") };
                    said.extend(words(entry.key.origin).map(|words| (path.clone(), words)));
                    self.note(&entry.value, &path, said);
                }
            }
            Value::List(items) => {
                items.iter().enumerate().for_each(|(at, item)| self.note(item, &format!("{path}[{at}]"), said));
            }
            _ => {}
        }
    }

    /// What all leaves of a value were made from, and what decided that they are there.
    fn sources(&self, node: &Node) -> Vec<Source> {
        let mut found: Vec<Source> = Vec::new();
        for (_, leaf) in leaves(node).into_iter().filter(|(_, leaf)| !leaf.origin.is_none()) {
            let Explanation { sources, because, .. } =
                explain(String::new(), leaf, &self.index, &self.compilation.origins);
            for source in sources.into_iter().chain(because) {
                if !found.iter().any(|there| there.span == source.span) {
                    found.push(source);
                }
            }
        }
        found.retain(|source| self.compilation.sources.file_of(source.span).kind != SourceKind::Builtin);
        found
    }

    /// The lines that a value was made from.
    fn made_from(&self, node: Option<&Node>) -> Vec<Cause> {
        let sources = node.map(|node| self.sources(node)).unwrap_or_default();
        let from = sources.iter().filter(|source| source.role == Role::From);
        from.map(|source| self.cause(source, false)).collect()
    }

    /// What a source says, wherever it stands.
    fn words(&self, source: &Source) -> (String, String) {
        let text = self.compilation.sources.slice(source.span).to_owned();
        let path = source.path.clone();
        (path.unwrap_or_else(|| self.compilation.sources.file_of(source.span).name.clone()), text)
    }

    fn cause(&self, source: &Source, gone: bool) -> Cause {
        let place = self.compilation.sources.place(source.span);
        let file = format!("{}{}", self.prefix, place.file.name);
        Cause { file, line: place.line, column: place.column, path: source.path.clone(), gone, whole: false }
    }
}

struct Teller<'a> {
    before: Option<Histories<'a>>,
    after: Option<Histories<'a>>,
    /// Whether both sides are of one compilation: then it is the overlays that differ.
    same: bool,
    /// What can be said where the earlier side has no histories.
    guesses: Guesses,
}

impl Teller<'_> {
    fn tell(&self, change: Change) -> Told {
        let tell = |field: &FieldChange| ToldField { change: field.clone(), causes: self.causes(field) };
        let fields: Vec<ToldField> = change.fields.iter().map(tell).collect();
        let mut causes: Vec<Cause> = fields.iter().flat_map(|field| field.causes.iter().cloned()).collect();
        if change.what != What::Changed {
            causes = self.existence(&change);
        }
        most_telling(&mut causes);
        if let (None, Some(after)) = (&self.before, &self.after) {
            self.guesses.complete(after, &change, &mut causes);
        }
        // Nobody applies one environment over another.
        let impacts = if self.same { Vec::new() } else { change.impacts };
        Told { change: Change { impacts, ..change }, fields, causes }
    }

    /// The lines behind one field.
    fn causes(&self, field: &FieldChange) -> Vec<Cause> {
        let sources = |side: &Option<Histories<'_>>, node: &Option<Node>| match (side, node) {
            (Some(side), Some(node)) => side.sources(node),
            _ => Vec::new(),
        };
        let (old, new) = (sources(&self.before, &field.before), sources(&self.after, &field.after));
        let Some(after) = &self.after else {
            // Objects from elsewhere came later: what the inventory says of them is all there is to say.
            return self.before.iter().flat_map(|side| old.iter().map(|source| side.cause(source, true))).collect();
        };
        let Some(before) = &self.before else {
            return self.guesses.field(after, field);
        };
        let (old_words, new_words): (BTreeSet<_>, BTreeSet<_>) =
            (old.iter().map(|one| before.words(one)).collect(), new.iter().map(|one| after.words(one)).collect());
        // Where one side has no such field, what both inventories say is not why.
        let fresh = |words: &(String, String)| {
            !old_words.contains(words) && (self.same || field.before.is_some() || !before.said.contains(words))
        };
        let lost = |words: &(String, String)| {
            !new_words.contains(words) && (self.same || field.after.is_some() || !after.said.contains(words))
        };
        let mut causes: Vec<Cause> =
            new.iter().filter(|source| fresh(&after.words(source))).map(|source| after.cause(source, false)).collect();
        if causes.is_empty() || self.same {
            let gone = old.iter().filter(|source| lost(&before.words(source)));
            causes.extend(gone.map(|source| before.cause(source, true)));
        }
        if self.same {
            causes.retain(Cause::in_overlay);
            causes.retain(|cause| !cause.names_a_namespace());
        }
        most_telling(&mut causes);
        causes
    }

    /// The lines behind an object that only one side has.
    fn existence(&self, change: &Change) -> Vec<Cause> {
        let (side, other, tree, gone) = match change.what {
            What::Added => (&self.after, &self.before, &change.after, false),
            _ => (&self.before, &self.after, &change.before, true),
        };
        let (Some(side), Some(tree)) = (side, tree) else { return Vec::new() };
        let parts: Vec<&[&str]> = vec![&["kind"], &["metadata", "name"], &[]];
        for part in parts {
            let Some(node) = tree.at(part) else { continue };
            let sources = side.sources(node).into_iter();
            let mut causes: Vec<Cause> = sources
                .filter(|source| {
                    self.same || other.as_ref().is_none_or(|other| !other.said.contains(&side.words(source)))
                })
                .map(|source| side.cause(&source, gone))
                .collect();
            if self.same {
                causes.retain(Cause::in_overlay);
            }
            if other.is_none() {
                causes.truncate(guesses::MOST);
            }
            if !causes.is_empty() {
                return causes;
            }
        }
        Vec::new()
    }
}
