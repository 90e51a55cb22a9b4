//! NetworkPolicies as what they come to: who may call whom, at which ports.
//!
//! A call needs the leave of both ends: the policies of the called pods let it in, and those of the calling
//! pods let it out. Where no policy selects a pod, everything is allowed on its side.

use super::View;
use super::selector::{self, Labelled, Labels};
use super::workloads::{Workload, shown};
use crate::object::{Object, pods};
use crate::source::{Map, Node};
use serde::Serialize;
use std::collections::BTreeMap;

/// Label that every namespace carries with its own name (Kubernetes 1.21 and newer).
const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";

/// An end of a call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "is", rename_all = "lowercase")]
pub enum Peer {
    /// A workload of the platform.
    Workload {
        /// Its name.
        name: String,
        /// Its namespace.
        namespace: String,
    },
    /// Anything else, in words.
    Other {
        /// The words.
        words: String,
    },
}

/// What is allowed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Call {
    /// Who calls.
    pub from: Peer,
    /// Who is called.
    pub to: Peer,
    /// `TCP 8080`; nothing for all.
    pub ports: Vec<String>,
}

/// The policies of an environment, found by the pods they hold for.
pub(super) struct Policies<'v, 'a> {
    workloads: &'v [Workload<'a>],
    namespaces: BTreeMap<&'a str, Labels<'a>>,
    /// Those that hold for each workload's pods, by its position.
    of: Vec<Vec<&'a Object>>,
    labelled: Labelled<'a>,
}

#[derive(Clone, Copy)]
enum Side {
    Ingress,
    Egress,
}

impl Side {
    /// The type of a policy, its rules, and the peers in a rule.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Ingress => ("Ingress", "ingress", "from"),
            Self::Egress => ("Egress", "egress", "to"),
        }
    }
}

impl<'v, 'a> Policies<'v, 'a> {
    pub fn new(view: &View<'a>, workloads: &'v [Workload<'a>]) -> Self {
        let labelled = Labelled::new(workloads.iter().map(Workload::labels));
        let labels = |object: &'a Object| object.tree.at(&["metadata", "labels"]).and_then(Node::as_map);
        let mut namespaces: BTreeMap<&str, Labels<'_>> =
            workloads.iter().map(|workload| (workload.namespace, None)).collect();
        namespaces.extend(view.of_kind("Namespace").map(|object| (object.id.name.as_str(), labels(object))));
        let mut policies = Self { workloads, namespaces, of: vec![Vec::new(); workloads.len()], labelled };
        let everything = Node::map(Map::default(), crate::source::OriginId::NONE);
        for object in view.of_kind("NetworkPolicy") {
            let selector = object.tree.at(&["spec", "podSelector"]).unwrap_or(&everything);
            for at in policies.found(selector, |namespace| namespace == view.namespace(object)) {
                policies.of[at].push(object);
            }
        }
        policies
    }

    /// Whether pods of one workload may call a port of another.
    pub fn allows(&self, from: usize, to: usize, protocol: &str, port: i64) -> bool {
        self.side_allows(Side::Ingress, to, from, protocol, port)
            && self.side_allows(Side::Egress, from, to, protocol, port)
    }

    /// All calls that are allowed by name: between workloads, in from elsewhere, and out to elsewhere. Nobody is
    /// listed for pods that take and make any call.
    pub fn calls(&self) -> Vec<Call> {
        let mut calls: BTreeMap<(Peer, Peer), Vec<String>> = BTreeMap::new();
        for at in 0..self.workloads.len() {
            self.rules(Side::Ingress, at, &mut |peer, ports| {
                self.add_callers(at, peer, ports, &mut calls);
            });
            self.rules(Side::Egress, at, &mut |peer, ports| {
                // Who is here as well is listed as who is called.
                if let Some(other) = peer.filter(|peer| self.peers(at, peer).is_empty()) {
                    add(&mut calls, (self.named(at), Peer::Other { words: words(other) }), ports);
                } else if peer.is_none() {
                    add(&mut calls, (self.named(at), Peer::Other { words: "anything".to_owned() }), ports);
                }
            });
        }
        calls.into_iter().map(|((from, to), ports)| Call { from, to, ports }).collect()
    }

    fn add_callers(
        &self,
        at: usize,
        peer: Option<&'a Node>,
        ports: &[&'a Node],
        calls: &mut BTreeMap<(Peer, Peer), Vec<String>>,
    ) {
        let Some(peer) = peer else {
            add(calls, (Peer::Other { words: "anybody".to_owned() }, self.named(at)), ports);
            return;
        };
        let callers = self.peers(at, peer);
        if callers.is_empty() {
            add(calls, (Peer::Other { words: words(peer) }, self.named(at)), ports);
        }
        for caller in callers.into_iter().filter(|caller| *caller != at) {
            let let_out: Vec<&Node> = ports.iter().copied().filter(|port| self.lets_out(caller, at, port)).collect();
            if !let_out.is_empty() || ports.is_empty() {
                add(calls, (self.named(caller), self.named(at)), &let_out);
            }
        }
    }

    /// Whether the caller's own policies allow a call at a port as the called one's rule names it.
    fn lets_out(&self, caller: usize, called: usize, port: &Node) -> bool {
        let protocol = pods::text(port, &["protocol"]).unwrap_or("TCP");
        match port.get("port").map(|number| self.workloads[called].port(number)) {
            Some(Some(number)) => self.side_allows(Side::Egress, caller, called, protocol, number),
            Some(None) => false,
            None => true,
        }
    }

    fn named(&self, at: usize) -> Peer {
        let workload = &self.workloads[at];
        Peer::Workload { name: workload.name.to_owned(), namespace: workload.namespace.to_owned() }
    }

    /// Whether the policies on one side of a call allow it.
    fn side_allows(&self, side: Side, subject: usize, other: usize, protocol: &str, port: i64) -> bool {
        let mut bound = false;
        let mut allowed = false;
        for policy in self.bound(side, subject) {
            bound = true;
            let (_, field, _) = side.words();
            allowed |= pods::list(&policy.tree, &["spec", field]).any(|rule| {
                let called = if matches!(side, Side::Ingress) { subject } else { other };
                self.rule_allows(side, subject, other, rule) && self.port_allows(called, rule, protocol, port)
            });
        }
        !bound || allowed
    }

    fn rule_allows(&self, side: Side, subject: usize, other: usize, rule: &Node) -> bool {
        let (.., field) = side.words();
        let mut peers = pods::list(rule, &[field]).peekable();
        peers.peek().is_none() || peers.any(|peer| self.peer_is(subject, peer, other))
    }

    fn port_allows(&self, called: usize, rule: &Node, protocol: &str, port: i64) -> bool {
        let mut ports = pods::list(rule, &["ports"]).peekable();
        ports.peek().is_none()
            || ports.any(|allowed| {
                let same = pods::text(allowed, &["protocol"]).unwrap_or("TCP") == protocol;
                let end = allowed.get("endPort").and_then(Node::as_int);
                let first = allowed.get("port").map(|number| self.workloads[called].port(number));
                same && match (first, end) {
                    (None, _) => true,
                    (Some(first), None) => first == Some(port),
                    (Some(first), Some(end)) => first.is_some_and(|first| (first..=end).contains(&port)),
                }
            })
    }

    /// Policies that bind a workload's pods on one side.
    fn bound(&self, side: Side, at: usize) -> impl Iterator<Item = &'a Object> {
        let (kind, field, _) = side.words();
        self.of[at].iter().copied().filter(move |policy| {
            let mut types = pods::list(&policy.tree, &["spec", "policyTypes"]).peekable();
            match types.peek() {
                Some(_) => types.any(|one| one.as_str() == Some(kind)),
                None => kind == "Ingress" || policy.tree.at(&["spec", field]).is_some(),
            }
        })
    }

    /// Each peer of each rule with the rule's ports; no peer stands for everybody.
    fn rules(&self, side: Side, at: usize, each: &mut dyn FnMut(Option<&'a Node>, &[&'a Node])) {
        let (_, field, peers) = side.words();
        for policy in self.bound(side, at) {
            for rule in pods::list(&policy.tree, &["spec", field]) {
                let ports: Vec<&Node> = pods::list(rule, &["ports"]).collect();
                let mut any = false;
                for peer in pods::list(rule, &[peers]) {
                    any = true;
                    each(Some(peer), &ports);
                }
                if !any {
                    each(None, &ports);
                }
            }
        }
    }

    /// Workloads that a peer of a policy of `subject` stands for.
    fn peers(&self, subject: usize, peer: &Node) -> Vec<usize> {
        if peer.get("ipBlock").is_some() {
            return Vec::new();
        }
        let here = self.workloads[subject].namespace;
        let everything = Node::map(Map::default(), crate::source::OriginId::NONE);
        self.found(peer.get("podSelector").unwrap_or(&everything), |namespace| self.namespace_is(here, peer, namespace))
    }

    fn peer_is(&self, subject: usize, peer: &Node, other: usize) -> bool {
        let other = &self.workloads[other];
        peer.get("ipBlock").is_none()
            && self.namespace_is(self.workloads[subject].namespace, peer, other.namespace)
            && peer.get("podSelector").is_none_or(|selector| selector::finds(selector, other.labels()))
    }

    /// Whether a peer is in a namespace: in the policy's own unless it says otherwise.
    fn namespace_is(&self, here: &str, peer: &Node, namespace: &str) -> bool {
        let Some(wanted) = peer.get("namespaceSelector") else { return namespace == here };
        let known = self.namespaces.get_key_value(namespace);
        selector::finds_by(wanted, &|key| {
            let (name, labels) = known?;
            if key == NAMESPACE_NAME { Some(*name) } else { labels.as_ref()?.get(key)?.as_str() }
        })
    }

    /// Workloads that a selector finds in the namespaces that `within` takes.
    fn found(&self, selector: &Node, within: impl Fn(&str) -> bool) -> Vec<usize> {
        let candidates = self.labelled.candidates(selector.get("matchLabels").and_then(Node::as_map));
        let finds = |at: &usize| {
            let workload = &self.workloads[*at];
            within(workload.namespace) && selector::finds(selector, workload.labels())
        };
        candidates.into_iter().filter(finds).collect()
    }
}

fn add(calls: &mut BTreeMap<(Peer, Peer), Vec<String>>, ends: (Peer, Peer), ports: &[&Node]) {
    let known = calls.entry(ends).or_default();
    for port in ports {
        let protocol = pods::text(port, &["protocol"]).unwrap_or("TCP");
        let number = port.get("port").map(shown);
        let end = port.get("endPort").map(|end| format!("–{}", shown(end)));
        let text = format!("{protocol} {}{}", number.unwrap_or_else(|| "any".to_owned()), end.unwrap_or_default());
        if !known.contains(&text) {
            known.push(text);
        }
    }
}

/// A peer that is nobody's here.
fn words(peer: &Node) -> String {
    if let Some(block) = peer.get("ipBlock") {
        let except: Vec<&str> = pods::list(block, &["except"]).filter_map(Node::as_str).collect();
        let cidr = pods::text(block, &["cidr"]).unwrap_or_default();
        return if except.is_empty() { cidr.to_owned() } else { format!("{cidr} except {}", except.join(", ")) };
    }
    let pods = peer.get("podSelector").and_then(selector::argument).map(|selector| format!("pods {selector}"));
    let name = peer.at(&["namespaceSelector", "matchLabels", NAMESPACE_NAME]).and_then(Node::as_str);
    let namespace = match (peer.get("namespaceSelector"), name) {
        (_, Some(name)) => Some(format!("namespace {name}")),
        (Some(selector), None) => Some(
            selector::argument(selector)
                .map_or_else(|| "any namespace".to_owned(), |said| format!("namespaces {said}")),
        ),
        (None, None) => None,
    };
    match (pods, namespace) {
        (Some(pods), Some(namespace)) => format!("{pods} in {namespace}"),
        (one, other) => one.or(other).unwrap_or_else(|| "any pod of the namespace".to_owned()),
    }
}
