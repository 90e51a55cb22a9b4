//! `pdb-blocks-drain`: a budget that lets no pod go keeps every node it has one on.
//!
//! What counts is the smallest number of pods the environment can reach: there a budget lets the
//! fewest go.

use super::finding::Found;
use super::workloads::Workload;
use super::{Check, Look, View, workloads};
use crate::diag::{Code, Diagnostic};
use crate::kinds::{Share, disruptions};
use crate::object::Object;
use crate::source::{Node, Str};
use crate::text;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check { code: Code::PdbBlocksDrain, look: Look::Each(check) };

/// Where the search for a number of pods that would do ends.
const ENOUGH: i64 = 200;

fn check(view: &View<'_>, found: &mut Found) {
    let workloads = workloads::all(view);
    let budgets: Vec<&Object> =
        view.objects.iter().filter(|object| object.kind.kind == "PodDisruptionBudget").collect();
    let labelled = Labelled::new(&workloads);
    let mut budgets_of: Vec<Vec<&Object>> = vec![Vec::new(); workloads.len()];
    for budget in &budgets {
        let held = labelled.held(budget, &workloads);
        held.iter().for_each(|at| budgets_of[*at].push(budget));
        let held: Vec<&Workload<'_>> = held.into_iter().map(|at| &workloads[at]).collect();
        blocked(view, budget, &held, found);
    }
    for (workload, all) in workloads.iter().zip(budgets_of) {
        if let [first, second, ..] = all[..] {
            let name = &workload.object.id.name;
            let message =
                format!("the pods of `{name}` are in {}, so none can be evicted", text::count(all.len(), "budget"));
            let place =
                |budget: &Object| budget.tree.at(&["metadata", "name"]).map_or(budget.tree.origin, |name| name.origin);
            let diagnostic = Diagnostic::new(Code::PdbBlocksDrain, message)
                .of(view.origins, place(second), format!("`{}`", second.id.name))
                .of(view.origins, place(first), format!("`{}`", first.id.name))
                .help("the eviction API refuses pods with more than one budget: keep one");
            found.push(diagnostic, view.owner(workload.object));
        }
    }
}

/// Workloads by namespace and each label of their pods, so that a budget is not held against all others' pods.
struct Labelled<'a> {
    of: HashMap<(Option<&'a str>, &'a str, &'a str), Vec<usize>>,
}

impl<'a> Labelled<'a> {
    fn new(workloads: &[Workload<'a>]) -> Self {
        let mut of: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, workload) in workloads.iter().enumerate() {
            let labels = workload.template.at(&["metadata", "labels"]).and_then(Node::as_map);
            for label in labels.into_iter().flatten() {
                let namespace = workload.object.id.namespace.as_deref();
                let Some(value) = label.value.as_str() else { continue };
                of.entry((namespace, label.key.text.as_str(), value)).or_default().push(at);
            }
        }
        Self { of }
    }

    /// Positions of the workloads whose pods a budget is for.
    fn held(&self, budget: &Object, workloads: &[Workload<'_>]) -> Vec<usize> {
        let Some(selector) = budget.tree.at(&["spec", "selector"]) else { return Vec::new() };
        let holds = |at: &usize| {
            let workload = &workloads[*at];
            workload.object.id.namespace == budget.id.namespace && workload.selected_by(selector)
        };
        let wanted = selector.get("matchLabels").map(Node::entries).unwrap_or_default();
        let labelled = wanted.map(|label| {
            let namespace = budget.id.namespace.as_deref();
            self.of.get(&(namespace, label.key.text.as_str(), label.value.as_str().unwrap_or_default()))
        });
        // The rarest label says nearly all.
        match labelled.min_by_key(|found| found.map_or(0, Vec::len)) {
            Some(found) => found.into_iter().flatten().copied().filter(holds).collect(),
            None => (0..workloads.len()).filter(holds).collect(),
        }
    }
}

/// Says so if a budget never lets one of these pods go.
fn blocked(view: &View<'_>, budget: &Object, held: &[&Workload<'_>], found: &mut Found) {
    let field = |key: &str| budget.tree.at(&["spec", key]);
    let (most, least) = (field("maxUnavailable"), field("minAvailable"));
    let (Some(bound), share) = (most.or(least), [most, least].map(|node| node.and_then(Share::of))) else { return };
    let fewest: i64 = held.iter().map(|workload| workload.fewest().value).sum();
    if fewest == 0 || disruptions(fewest, share[0], share[1]) > 0 {
        return;
    }
    let pods = text::count(usize::try_from(fewest).unwrap_or(usize::MAX), "pod");
    let name = &budget.id.name;
    let message = format!("the budget `{name}` never lets one of {pods} go: their nodes can't be drained");
    let (key, said) =
        if most.is_some() { ("maxUnavailable", "may be missing") } else { ("minAvailable", "must be there") };
    let shown = shown(bound);
    let mut diagnostic =
        Diagnostic::new(Code::PdbBlocksDrain, message).of(view.origins, bound.origin, format!("{key}: {shown} {said}"));
    for workload in held {
        let scale = workload.fewest();
        let pods = text::count(usize::try_from(scale.value).unwrap_or(usize::MAX), "pod");
        diagnostic = diagnostic.of(view.origins, scale.node.origin, format!("as few as {pods}"));
    }
    if let (None, Some(Share::Percent(percent))) = (share[0], share[1]) {
        diagnostic = diagnostic.note(format!("{percent} % of {fewest}, rounded up, is {fewest}"));
    }
    let mut fits = vec!["`maxUnavailable: 1`".to_owned()];
    if most.is_none() && fewest > 1 {
        fits.push(format!("`minAvailable: {}`", fewest - 1));
    }
    let enough = (fewest + 1..=ENOUGH).find(|pods| disruptions(*pods, share[0], share[1]) > 0);
    fits.extend(enough.map(|pods| format!("{pods} pods at least")));
    let subjects: Vec<Str> = held.iter().filter_map(|workload| view.owner(workload.object)).collect();
    let last = fits.pop().unwrap_or_default();
    let fits = if fits.is_empty() { last } else { format!("{} or {last}", fits.join(", ")) };
    found.push(diagnostic.help(format!("fits with {fits}")), subjects);
}

fn shown(node: &Node) -> String {
    match (node.as_int(), node.as_str()) {
        (Some(number), _) => number.to_string(),
        (None, text) => text.unwrap_or_default().to_owned(),
    }
}
