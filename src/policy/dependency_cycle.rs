//! `dependency-cycle`: services that need each other to start can't be started in any order.

use super::finding::Found;
use super::{Check, Look, View};
use crate::diag::{Code, Diagnostic};
use crate::source::{Key, Origins, Str};
use crate::text;

pub(super) const CHECK: Check = Check { code: Code::DependencyCycle, look: Look::Each(check) };

/// Warns of every circle once, at the edge that closes it.
fn check(view: &View<'_>, found: &mut Found) {
    let plan = view.plan;
    let edges: Vec<Vec<(&Key, usize)>> = plan
        .services
        .iter()
        .map(|service| {
            let edges = service.spec.depends_on.iter();
            // That a service depends on itself is said where references are checked.
            let edges = edges.filter(|(name, _)| name.text != service.name.text);
            edges.filter_map(|(name, _)| Some((name, *plan.index.get(&name.text)?))).collect()
        })
        .collect();
    // Depth first; a path of its own, because inventories may be deep.
    let mut done = vec![false; edges.len()];
    let mut on_path = vec![false; edges.len()];
    for start in 0..edges.len() {
        let mut path = vec![(start, 0)];
        on_path[start] = !done[start];
        while let Some((at, next)) = path.pop() {
            if done[at] {
                continue;
            }
            let Some((name, to)) = edges[at].get(next).copied() else {
                (done[at], on_path[at]) = (true, false);
                continue;
            };
            path.push((at, next + 1));
            if on_path[to] {
                let from = path.iter().position(|(step, _)| *step == to).unwrap_or_default();
                let names = path[from..].iter().map(|(step, _)| plan.services[*step].name.text.clone());
                let names: Vec<Str> = names.collect();
                found.push(circle(&names, name, view.origins), names);
            } else if !done[to] {
                on_path[to] = true;
                path.push((to, 0));
            }
        }
    }
}

fn circle(names: &[Str], closing: &Key, origins: &Origins) -> Diagnostic {
    let all = || names.iter().map(Str::as_str);
    let message = format!("{} depend on each other in a circle", text::all_of(all()));
    let way = all().chain(all().take(1)).collect::<Vec<_>>().join(" → ");
    Diagnostic::new(Code::DependencyCycle, message)
        .of(origins, closing.origin, "the circle closes here")
        .note(way)
        .help("fine if they start without each other; then let one of them find the other without `dependsOn`")
}
