//! `dependency-cycle`: services that need each other to start can't be started in any order.

use super::finding::Found;
use super::{Check, Look, View};
use crate::diag::{Code, Diagnostic};
use crate::source::{Key, Origins, Str};
use crate::text;
use std::collections::VecDeque;

pub(super) const CHECK: Check = Check { code: Code::DependencyCycle, look: Look::Each(check) };

/// Names of services that a message lists; more would bury it.
const SHOWN: usize = 10;

/// An edge to a service: the key that says so, and the service's position.
type Edge<'a> = (&'a Key, usize);

/// Warns once of all services that can reach each other, at the edge that closes the shortest circle
/// through the first of them. There may be more circles among them than anybody could read of.
fn check(view: &View<'_>, found: &mut Found) {
    let plan = view.plan;
    let edges: Vec<Vec<Edge<'_>>> = plan
        .services
        .iter()
        .map(|service| {
            let edges = service.spec.depends_on.iter();
            // That a service depends on itself is said where references are checked.
            let edges = edges.filter(|(name, _)| name.text != service.name.text);
            edges.filter_map(|(name, _)| Some((name, *plan.index.get(&name.text)?))).collect()
        })
        .collect();
    let mut together = components(&edges);
    together.retain(|members| members.len() > 1);
    together.iter_mut().for_each(|members| members.sort_unstable());
    together.sort_unstable();
    let mut part = vec![usize::MAX; edges.len()];
    for (at, members) in together.iter().enumerate() {
        members.iter().for_each(|member| part[*member] = at);
    }
    for members in &together {
        let Some((way, closing)) = shortest(members[0], &edges, &part) else { continue };
        let name = |at: &usize| plan.services[*at].name.text.clone();
        let others = members.iter().filter(|member| !way.contains(member));
        let names: Vec<Str> = way.iter().chain(others.take(SHOWN)).map(name).collect();
        let diagnostic = circle(&names, way.len(), members.len(), closing, view.origins);
        found.push(diagnostic, members.iter().map(name));
    }
}

/// The strongly connected components (Tarjan, 1972), with a path of its own, because inventories may be
/// deep.
fn components(edges: &[Vec<Edge<'_>>]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let mut number = vec![UNSEEN; edges.len()];
    let mut low = vec![0; edges.len()];
    let mut open = vec![false; edges.len()];
    let (mut stack, mut found, mut next) = (Vec::new(), Vec::new(), 0);
    for start in 0..edges.len() {
        let mut path = if number[start] == UNSEEN { vec![(start, 0)] } else { Vec::new() };
        while let Some((at, edge)) = path.pop() {
            if edge == 0 {
                (number[at], low[at], open[at]) = (next, next, true);
                next += 1;
                stack.push(at);
            } else {
                // Back from the edge before.
                let (_, to) = edges[at][edge - 1];
                if open[to] {
                    low[at] = low[at].min(low[to]);
                }
            }
            if let Some((_, to)) = edges[at].get(edge) {
                path.push((at, edge + 1));
                if number[*to] == UNSEEN {
                    path.push((*to, 0));
                }
                continue;
            }
            if low[at] == number[at] {
                let from = stack.iter().rposition(|member| *member == at).unwrap_or_default();
                let members = stack.split_off(from);
                members.iter().for_each(|member| open[*member] = false);
                found.push(members);
            }
        }
    }
    found
}

/// The shortest way from a service back to it among those of its part, and the edge that closes it.
fn shortest<'a>(start: usize, edges: &[Vec<Edge<'a>>], part: &[usize]) -> Option<(Vec<usize>, &'a Key)> {
    let mut before: Vec<Option<usize>> = vec![None; edges.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for (name, to) in edges[at].iter().filter(|(_, to)| part[*to] == part[start]) {
            if *to == start {
                let mut way = vec![at];
                while let Some(above) = way.last().and_then(|last| before[*last]) {
                    way.push(above);
                }
                way.reverse();
                return Some((way, name));
            }
            if before[*to].is_none() {
                before[*to] = Some(at);
                queue.push_back(*to);
            }
        }
    }
    None
}

/// `names` are those of a circle, `way` of them, and of others that it leads to and from; `all` is how many
/// there are together.
fn circle(names: &[Str], way: usize, all: usize, closing: &Key, origins: &Origins) -> Diagnostic {
    let shown = names.iter().map(Str::as_str).take(SHOWN);
    let message = match all.checked_sub(SHOWN) {
        None | Some(0) => format!("{} depend on each other in a circle", text::all_of(shown)),
        Some(more) => {
            let shown: Vec<String> = shown.map(|name| format!("`{name}`")).collect();
            format!("{} and {more} more services depend on each other in a circle", shown.join(", "))
        }
    };
    let circle = names.iter().map(Str::as_str).take(way.min(SHOWN));
    let gap = (way > SHOWN).then_some("…");
    let way = circle.chain(gap).chain(names.first().map(Str::as_str)).collect::<Vec<_>>().join(" → ");
    Diagnostic::new(Code::DependencyCycle, message)
        .of(origins, closing.origin, "the circle closes here")
        .note(way)
        .help("fine if they start without each other; then let one of them find the other without `dependsOn`")
}
