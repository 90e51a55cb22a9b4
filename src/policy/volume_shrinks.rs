//! `volume-shrinks`: production has less room than staging.
//!
//! Volumes grow and never shrink, and data moves from one environment to the other: what fits
//! staging should fit production.

use super::finding::Found;
use super::view::{PRODUCTION, STAGING, View, promotions};
use super::{Check, Look, pods};
use crate::diag::{Code, Diagnostic};
use crate::kinds::nanos;
use crate::object::Object;
use crate::source::Node;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check { code: Code::VolumeShrinks, look: Look::Together(check) };

fn check(views: &[View<'_>], found: &mut [Found]) {
    for (staging, production) in promotions(views) {
        let before: HashMap<String, &Node> = volumes(&views[staging]).map(|(_, volume, size)| (volume, size)).collect();
        for (object, volume, size) in volumes(&views[production]) {
            let Some(other) = before.get(&volume) else { continue };
            let (Some(here), Some(there)) = (size.as_str(), other.as_str()) else { continue };
            if nanos(here) >= nanos(there) {
                continue;
            }
            let view = &views[production];
            let name = &view.plan.environment;
            let message = format!("{volume} has {here} in `{name}` and {there} in `{STAGING}`");
            let diagnostic = Diagnostic::new(Code::VolumeShrinks, message)
                .of(view.origins, size.origin, format!("{here} in `{name}`"))
                .of(view.origins, other.origin, format!("{there} in `{STAGING}`"))
                .help(format!("give {PRODUCTION} {there} or more, or {STAGING} {here}"));
            found[production].push(diagnostic, view.owner(object));
        }
    }
}

/// Every claim to a volume: the object that makes it, what to call it, and its size.
fn volumes<'a>(view: &View<'a>) -> impl Iterator<Item = (&'a Object, String, &'a Node)> + use<'a> {
    let size = |claim: &'a Node| claim.at(&["spec", "resources", "requests", "storage"]);
    view.objects.iter().flat_map(move |object| {
        let own = (object.kind.kind == "PersistentVolumeClaim")
            .then(|| Some((object, format!("the volume `{}`", object.id.name), size(&object.tree)?)))
            .flatten();
        let templates = pods::list(&object.tree, &["spec", "volumeClaimTemplates"]).filter_map(move |claim| {
            let name = pods::text(claim, &["metadata", "name"])?;
            Some((object, format!("the volume `{name}` of `{}`", object.id.name), size(claim)?))
        });
        let operated = (object.kind.kind == "Cluster")
            .then(|| {
                Some((
                    object,
                    format!("the volume of `{}`", object.id.name),
                    object.tree.at(&["spec", "storage", "size"])?,
                ))
            })
            .flatten();
        own.into_iter().chain(operated).chain(templates)
    })
}
