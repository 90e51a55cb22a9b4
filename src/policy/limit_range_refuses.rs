//! `limit-range-refuses`: a namespace's limits refuse pods or claims that are laid out in it.
//!
//! Source: kubernetes `plugin/pkg/admission/limitranger/admission.go` for what is compared, and
//! `pkg/apis/core/v1/defaults.go`, `SetDefaults_LimitRangeItem`, for what containers are given first.

use super::finding::Found;
use super::{Check, Look, View, pods};
use crate::diag::{Code, Diagnostic};
use crate::kinds::nanos;
use crate::object::Object;
use crate::source::{Entry, Node};

pub(super) const CHECK: Check = Check { code: Code::LimitRangeRefuses, look: Look::Each(check) };

fn check(view: &View<'_>, found: &mut Found) {
    for range in view.objects.iter().filter(|object| object.kind.kind == "LimitRange") {
        let beside = |object: &&Object| object.id.namespace == range.id.namespace;
        for item in pods::list(&range.tree, &["spec", "limits"]) {
            let judge = Judge { view, range, item };
            match pods::text(item, &["type"]) {
                Some("Container") => {
                    for (object, template) in pods::all(view.objects).filter(|(object, _)| beside(object)) {
                        pods::containers(template).for_each(|container| judge.container(object, container, found));
                    }
                }
                Some("Pod") => {
                    for (object, template) in pods::all(view.objects).filter(|(object, _)| beside(object)) {
                        judge.pod(object, template, found);
                    }
                }
                Some("PersistentVolumeClaim") => {
                    view.objects.iter().filter(beside).for_each(|object| judge.claims(object, found));
                }
                _ => {}
            }
        }
    }
}

/// One item of a LimitRange, and what it is compared with.
struct Judge<'v, 'a> {
    view: &'v View<'a>,
    range: &'v Object,
    item: &'v Node,
}

/// How much of a resource something asks for, in billionths, and where that is said.
#[derive(Clone, Copy)]
struct Amount<'a> {
    nanos: i128,
    node: &'a Node,
}

impl Judge<'_, '_> {
    /// Each resource under `min` or `max`.
    fn bounds(&self, bound: &str) -> impl Iterator<Item = (&str, Amount<'_>)> {
        let entries = self.item.get(bound).map(Node::entries).unwrap_or_default();
        entries.filter_map(|Entry { key, value }| Some((key.text.as_str(), amount(value)?)))
    }

    fn given(&self, field: &str, resource: &str) -> Option<Amount<'_>> {
        self.item.at(&[field, resource]).and_then(amount)
    }

    /// What a container's request and limit of a resource are once the namespace's defaults are put in.
    fn settled<'n>(&'n self, container: &'n Node, resource: &str) -> (Option<Amount<'n>>, Option<Amount<'n>>) {
        let own = |side| container.at(&["resources", side, resource]).and_then(amount);
        let default = self.given("default", resource).or_else(|| self.given("max", resource));
        let first = self.given("defaultRequest", resource).or(default).or_else(|| self.given("min", resource));
        (own("requests").or_else(|| own("limits")).or(first), own("limits").or(default))
    }

    fn container(&self, object: &Object, container: &Node, found: &mut Found) {
        let name = pods::text(container, &["name"]).unwrap_or_default();
        let what = format!("container `{name}` of `{}`", object.id.name);
        self.compare(object, &what, container, |resource| self.settled(container, resource), found);
    }

    /// All containers that run side by side; what only one says nothing of is not known.
    fn pod(&self, object: &Object, template: &Node, found: &mut Found) {
        let sum = |side: &str, resource: &str| {
            let amounts = pods::running(template).map(|one| one.at(&["resources", side, resource]).and_then(amount));
            let amounts: Option<Vec<Amount<'_>>> = amounts.collect();
            let node = amounts.as_ref()?.first()?.node;
            Some(Amount { nanos: amounts?.iter().map(|amount| amount.nanos).sum(), node })
        };
        let what = format!("a pod of `{}`", object.id.name);
        let both = |resource: &str| (sum("requests", resource), sum("limits", resource));
        self.compare(object, &what, template, both, found);
    }

    fn claims(&self, object: &Object, found: &mut Found) {
        let own = (object.kind.kind == "PersistentVolumeClaim").then_some(&object.tree);
        let made = pods::list(&object.tree, &["spec", "volumeClaimTemplates"]);
        for claim in own.into_iter().chain(made) {
            let name = pods::text(claim, &["metadata", "name"]).unwrap_or_default();
            let asked = claim.at(&["spec", "resources", "requests", "storage"]).and_then(amount);
            // A claim has no limit that matters: what it asks for is compared with both.
            self.compare(object, &format!("the claim `{name}`"), claim, |_| (asked, asked), found);
        }
    }

    fn compare<'n>(
        &self,
        object: &Object,
        what: &str,
        whole: &Node,
        both: impl Fn(&str) -> (Option<Amount<'n>>, Option<Amount<'n>>),
        found: &mut Found,
    ) {
        let mut refused = |resource: &str, bound: Amount<'_>, least: bool, at: Option<Amount<'_>>, side: &str| {
            let allowed = text(bound.node);
            let (word, than, cure) = if least { ("at least", "less", "more") } else { ("at most", "more", "less") };
            let message = match at {
                Some(asked) => {
                    let asked = text(asked.node);
                    format!(
                        "{what} has {asked} of `{resource}` as its {side}, and its namespace refuses {than} than {allowed}"
                    )
                }
                None => format!("{what} says no {side} of `{resource}`, and its namespace wants {word} {allowed}"),
            };
            let place = at.map_or(whole.origin, |asked| asked.node.origin);
            let diagnostic = Diagnostic::new(Code::LimitRangeRefuses, message)
                .of(self.view.origins, place, "refused when it is created")
                .of(
                    self.view.origins,
                    bound.node.origin,
                    format!("{word} this in namespace `{}`", namespace(self.range)),
                )
                .help(format!("ask for {cure}, or change the namespace's `limitRange`"));
            found.push(diagnostic, self.view.owner(object));
        };
        for (resource, least) in self.bounds("min") {
            match both(resource) {
                (None, _) => refused(resource, least, true, None, "request"),
                (Some(request), _) if request.nanos < least.nanos => {
                    refused(resource, least, true, Some(request), "request");
                }
                (_, Some(limit)) if limit.nanos < least.nanos => refused(resource, least, true, Some(limit), "limit"),
                _ => {}
            }
        }
        for (resource, most) in self.bounds("max") {
            match both(resource) {
                (_, None) => refused(resource, most, false, None, "limit"),
                (_, Some(limit)) if limit.nanos > most.nanos => refused(resource, most, false, Some(limit), "limit"),
                (Some(request), _) if request.nanos > most.nanos => {
                    refused(resource, most, false, Some(request), "request");
                }
                _ => {}
            }
        }
    }
}

fn amount(node: &Node) -> Option<Amount<'_>> {
    Some(Amount { nanos: nanos(&text(node))?, node })
}

/// A quantity as it is written: `4` is one, too.
fn text(node: &Node) -> String {
    node.as_str().map_or_else(|| node.as_int().map_or_else(String::new, |number| number.to_string()), str::to_owned)
}

fn namespace(object: &Object) -> &str {
    object.id.namespace.as_deref().unwrap_or_default()
}
