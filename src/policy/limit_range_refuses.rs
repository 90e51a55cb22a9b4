//! `limit-range-refuses`: a namespace's limits refuse pods or claims that are laid out in it.
//!
//! Source: kubernetes `plugin/pkg/admission/limitranger/admission.go` for what is compared, and
//! `pkg/apis/core/v1/defaults.go`, `SetDefaults_LimitRangeItem`, for what containers are given first.

use super::finding::Found;
use super::{Check, Look, View, pods};
use crate::diag::{Code, Diagnostic};
use crate::kinds::{nanos, of_nanos};
use crate::object::Object;
use crate::source::{Entry, Node};

pub(super) const CHECK: Check = Check { code: Code::LimitRangeRefuses, look: Look::Each(check) };

fn check(view: &View<'_>, found: &mut Found) {
    for range in view.objects.iter().filter(|object| object.kind.kind == "LimitRange") {
        let beside = |object: &&Object| object.id.namespace == range.id.namespace;
        let all = view.objects.iter().filter(|object| object.kind.kind == "LimitRange").filter(beside);
        let all = all.flat_map(|range| pods::list(&range.tree, &["spec", "limits"]));
        let defaults: Vec<&Node> = all.filter(|item| pods::text(item, &["type"]) == Some("Container")).collect();
        for item in pods::list(&range.tree, &["spec", "limits"]) {
            let judge = Judge { view, range, item, defaults: &defaults };
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
    /// The items of the namespace that give containers what they don't say.
    defaults: &'v [&'v Node],
}

/// How much of a resource something asks for, in billionths, and where that is said.
#[derive(Clone, Copy)]
struct Amount<'a> {
    nanos: i128,
    node: &'a Node,
}

impl Amount<'_> {
    /// As it is written, if it is; a sum is no node's.
    fn words(&self) -> String {
        let written = text(self.node);
        if nanos(&written) == Some(self.nanos) { written } else { of_nanos(self.nanos) }
    }
}

/// What is asked for and what it may be.
type Both<'a> = (Option<Amount<'a>>, Option<Amount<'a>>);

impl Judge<'_, '_> {
    /// Each resource under `min` or `max`.
    fn bounds(&self, bound: &str) -> impl Iterator<Item = (&str, Amount<'_>)> {
        let entries = self.item.get(bound).map(Node::entries).unwrap_or_default();
        entries.filter_map(|Entry { key, value }| Some((key.text.as_str(), amount(value)?)))
    }

    /// What a container's request and limit of a resource are once the namespace's defaults are put in.
    fn settled<'n>(&'n self, container: &'n Node, resource: &str) -> Both<'n> {
        let own = |side| container.at(&["resources", side, resource]).and_then(amount);
        let given = |fields: &[&str]| {
            let of = |item: &&'n Node| fields.iter().find_map(|field| item.at(&[*field, resource]).and_then(amount));
            self.defaults.iter().find_map(of)
        };
        let limit = given(&["default", "max"]);
        let request = given(&["defaultRequest", "default", "max", "min"]);
        (own("requests").or_else(|| own("limits")).or(request), own("limits").or(limit))
    }

    fn container(&self, object: &Object, container: &Node, found: &mut Found) {
        let name = pods::text(container, &["name"]).unwrap_or_default();
        let what = format!("container `{name}` of `{}`", object.id.name);
        self.compare(object, &what, container, |resource| self.settled(container, resource), found);
    }

    /// What a pod as a whole has, as the API counts it.
    fn pod(&self, object: &Object, template: &Node, found: &mut Found) {
        let what = format!("a pod of `{}`", object.id.name);
        self.compare(object, &what, template, |resource| self.whole(template, resource), found);
    }

    /// What is said of the pod itself, else the sum over what runs side by side, or the most that there is while its
    /// init containers run, if that is more. Containers that say nothing add nothing.
    fn whole<'n>(&'n self, template: &'n Node, resource: &str) -> Both<'n> {
        let own = |side| template.at(&["spec", "resources", side, resource]).and_then(amount);
        let summed = |pick: fn(Both<'n>) -> Option<Amount<'n>>| {
            let of = |container: &'n Node| pick(self.settled(container, resource));
            let (mut side, mut peak) = (None, None);
            for container in pods::list(template, &["spec", "initContainers"]) {
                let with = plus(side, of(container));
                peak = most(peak, with);
                if pods::text(container, &["restartPolicy"]) == Some("Always") {
                    side = with;
                }
            }
            let running = pods::list(template, &["spec", "containers"]).fold(side, |sum, one| plus(sum, of(one)));
            most(running, peak)
        };
        (
            own("requests").or_else(|| summed(|(request, _)| request)),
            own("limits").or_else(|| summed(|(_, limit)| limit)),
        )
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
        both: impl Fn(&str) -> Both<'n>,
        found: &mut Found,
    ) {
        let mut refused = |resource: &str, bound: Amount<'_>, least: bool, at: Option<Amount<'_>>, side: &str| {
            let allowed = text(bound.node);
            let (word, than, cure) = if least { ("at least", "less", "more") } else { ("at most", "more", "less") };
            let message = match at {
                Some(asked) => {
                    let asked = asked.words();
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
        // What a claim asks for is all it says.
        let claims = pods::text(self.item, &["type"]) == Some("PersistentVolumeClaim");
        let limits = if claims { "request" } else { "limit" };
        for (resource, most) in self.bounds("max") {
            match both(resource) {
                (_, None) => refused(resource, most, false, None, limits),
                (_, Some(limit)) if limit.nanos > most.nanos => refused(resource, most, false, Some(limit), limits),
                (Some(request), _) if request.nanos > most.nanos => {
                    refused(resource, most, false, Some(request), "request");
                }
                _ => {}
            }
        }
        for (resource, ratio) in self.bounds("maxLimitRequestRatio") {
            self.ratio(object, (what, whole), (resource, ratio), both(resource), found);
        }
    }

    /// How many times the request a limit may be.
    fn ratio(
        &self,
        object: &Object,
        (what, whole): (&str, &Node),
        (resource, most): (&str, Amount<'_>),
        both: Both<'_>,
        found: &mut Found,
    ) {
        let allowed = text(most.node);
        let (message, place) = match both {
            (None, _) => (format!("{what} says no request of `{resource}`"), whole.origin),
            (_, None) => (format!("{what} says no limit of `{resource}`"), whole.origin),
            // Twice as many digits as quantities have fit.
            (Some(request), Some(limit))
                if request.nanos == 0
                    || limit.nanos.saturating_mul(1_000_000_000) > request.nanos.saturating_mul(most.nanos) =>
            {
                let (request_text, limit_text) = (request.words(), limit.words());
                let message =
                    format!("{what} has {limit_text} of `{resource}` as its limit and requests {request_text}");
                (message, limit.node.origin)
            }
            _ => return,
        };
        let message = format!("{message}, and its namespace lets a limit be {allowed} times the request at most");
        let diagnostic = Diagnostic::new(Code::LimitRangeRefuses, message)
            .of(self.view.origins, place, "refused when it is created")
            .of(
                self.view.origins,
                most.node.origin,
                format!("at most so many times in namespace `{}`", namespace(self.range)),
            )
            .help("request more, lower the limit, or change the namespace's `limitRange`");
        found.push(diagnostic, self.view.owner(object));
    }
}

/// The sum of what is known.
fn plus<'n>(a: Option<Amount<'n>>, b: Option<Amount<'n>>) -> Option<Amount<'n>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(Amount { nanos: a.nanos.saturating_add(b.nanos), node: a.node }),
        (a, b) => a.or(b),
    }
}

/// The larger of two.
fn most<'n>(a: Option<Amount<'n>>, b: Option<Amount<'n>>) -> Option<Amount<'n>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if b.nanos > a.nanos { b } else { a }),
        (a, b) => a.or(b),
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
