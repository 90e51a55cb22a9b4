//! Raw manifests and raw patches: what a project says about objects directly.
//!
//! Manifests join the objects that are laid out; then patches change them.
//! One visible order: the base's patches, then those of each overlay from the lowest to the
//! environment's own, in each folder the files by their bytes and the documents from the top. What
//! comes out is checked again like everything else, so a patch can't make what a template couldn't.
//!
//! Does not belong here: how a patch changes a tree (`merge`), reading files (`load`).

mod inline;
mod manifests;
mod read;
mod selector;
mod target;

pub use manifests::manifests;
pub use read::read;
pub use target::Target;

use crate::diag::{Code, Diagnostic, Sink};
use crate::merge::{self, Operation, PatchFault, keys};
use crate::object::{Object, ObjectId, ObjectSet};
use crate::source::{Node, OriginId, Origins};
use crate::text;
use std::collections::HashMap;

/// One patch: what it changes, and how.
#[derive(Debug)]
pub struct Patch {
    target: Target,
    body: Body,
    /// The document.
    origin: OriginId,
}

#[derive(Debug)]
enum Body {
    /// Looks like the object; without what only names it.
    Strategic(Node),
    /// Operations in order.
    Json(Vec<Operation>),
}

/// Objects after their patches.
#[derive(Debug)]
pub struct Patched {
    /// The objects that no patch touched.
    pub untouched: Vec<Object>,
    /// Trees of those that were: to be checked again.
    pub changed: Vec<Node>,
}

/// An object on its way through the patches.
struct Passing {
    object: Object,
    touched: bool,
    deleted: bool,
}

/// Applies patches in order to the objects of an environment. If those are all there are
/// (`complete`), a patch without an object is a mistake; if some failed, it says nothing.
pub fn apply<'p>(
    objects: ObjectSet,
    patches: impl IntoIterator<Item = &'p Patch>,
    environment: &str,
    complete: bool,
    origins: &Origins,
    sink: &mut Sink,
) -> Patched {
    let passing = |object| Passing { object, touched: false, deleted: false };
    let mut all: Vec<Passing> = objects.into_objects().map(passing).collect();
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, Passing { object, .. }) in all.iter().enumerate() {
        by_name.entry(object.id.name.to_string()).or_default().push(at);
    }
    for patch in patches {
        let matches = |at: &usize| !all[*at].deleted && patch.target.matches(&all[*at].object);
        let found: Vec<usize> = match patch.target.exact_name() {
            Some(name) => by_name.get(name).into_iter().flatten().copied().filter(|at| matches(at)).collect(),
            None => (0..all.len()).filter(matches).collect(),
        };
        if found.is_empty() && !complete {
            continue;
        }
        if found.is_empty() {
            let objects = all.iter().filter(|passing| !passing.deleted).map(|passing| &passing.object);
            sink.push(unmatched(patch, &objects, environment, origins));
        } else if found.len() > 1 && patch.target.is_one() {
            let ids: Vec<String> = found.iter().map(|at| all[*at].object.id.to_string()).collect();
            let message = format!("a patch matches {}", text::all_of(ids.iter().map(String::as_str)));
            let diagnostic = Diagnostic::new(Code::Patch, message).of(origins, patch.origin, "name the namespace, too");
            sink.push(diagnostic);
        } else {
            for at in found {
                change(&mut all[at], patch, origins, sink);
            }
        }
    }
    let mut patched = Patched { untouched: Vec::new(), changed: Vec::new() };
    for Passing { object, touched, .. } in all.into_iter().filter(|passing| !passing.deleted) {
        if touched {
            patched.changed.push(object.tree);
        } else {
            patched.untouched.push(object);
        }
    }
    patched
}

fn change(passing: &mut Passing, patch: &Patch, origins: &Origins, sink: &mut Sink) {
    let object = &mut passing.object;
    let mut faults = Vec::new();
    let changed = match &patch.body {
        Body::Strategic(tree) => {
            let fields = keys::of(object.kind.group(), object.kind.kind);
            merge::strategic(&object.tree, tree, fields, origins, &mut faults)
        }
        Body::Json(operations) => {
            let mut tree = object.tree.clone();
            match merge::apply_json(&mut tree, operations, origins) {
                Ok(()) => Some(tree),
                Err(fault) => {
                    faults.push(fault);
                    Some(object.tree.clone())
                }
            }
        }
    };
    if let Some(tree) = &changed
        && ObjectId::of(tree).as_ref() != Some(&object.id)
    {
        faults.push(PatchFault {
            origin: patch.origin,
            message: "a patch can't change the kind, namespace or name of an object".to_owned(),
            label: String::new(),
        });
    }
    let sound = faults.is_empty();
    sink.extend(faults.into_iter().map(|fault| located(fault, Some(&object.id), origins)));
    match changed {
        // What a refused patch made of it would only be refused again.
        _ if !sound => {}
        Some(tree) => (object.tree, passing.touched) = (tree, true),
        None => passing.deleted = true,
    }
}

/// A fault of a patch as a diagnostic.
fn located(fault: PatchFault, id: Option<&ObjectId>, origins: &Origins) -> Diagnostic {
    let message = match id {
        Some(id) => format!("{id}: {}", fault.message),
        None => fault.message,
    };
    Diagnostic::new(Code::Patch, message).of(origins, fault.origin, fault.label)
}

/// A patch nobody needs is a patch that missed.
fn unmatched<'o>(
    patch: &Patch,
    objects: &(impl Iterator<Item = &'o Object> + Clone),
    environment: &str,
    origins: &Origins,
) -> Diagnostic {
    let message = format!("a patch for {} matches no object of `{environment}`", patch.target);
    let label = match patch.target.nearest(objects) {
        Some(near) => format!("did you mean `{}` ({})?", near.id, near.id.gvk.api_version()),
        None => "`platgen render` shows what there is".to_owned(),
    };
    Diagnostic::new(Code::Patch, message).of(origins, patch.target.origin, label)
}
