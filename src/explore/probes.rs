//! Probes: what the kubelet asks, and how a person asks the same.

use super::fronts::{self, Front};
use super::workloads::Workload;
use crate::object::pods;
use crate::source::Node;
use crate::text;
use serde::Serialize;

/// A question to a container, and who asks it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Probe<'a> {
    /// The container.
    pub container: &'a str,
    /// `liveness`, `readiness`, `startup`: those that ask just this.
    pub kinds: Vec<&'static str>,
    /// Whether it goes through the same port as the one before.
    pub repeats: bool,
    /// The question.
    #[serde(flatten)]
    pub check: Check<'a>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "how", rename_all = "lowercase")]
pub enum Check<'a> {
    /// A page.
    Http {
        /// Where from, as `kubectl port-forward` takes it; nothing if only a pod can be named.
        forward: Option<String>,
        /// The port there.
        port: i64,
        /// The port here.
        local: i64,
        /// What curl gets.
        url: String,
        /// Headers, as curl takes them.
        headers: Vec<String>,
    },
    /// The health protocol of gRPC.
    Grpc {
        /// As above.
        forward: Option<String>,
        /// As above.
        port: i64,
        /// As above.
        local: i64,
        /// The service that is asked for, as JSON.
        request: String,
    },
    /// Whether a port is open.
    Tcp {
        /// As above.
        forward: Option<String>,
        /// As above.
        port: i64,
        /// As above.
        local: i64,
    },
    /// A command in the container.
    Exec {
        /// Its words.
        command: Vec<&'a str>,
    },
}

const KINDS: [(&str, &str); 3] =
    [("readinessProbe", "readiness"), ("livenessProbe", "liveness"), ("startupProbe", "startup")];

/// All questions to the containers of a workload, each once.
pub(super) fn of<'a>(
    at: usize,
    workload: &Workload<'a>,
    fronts: &[Front<'a>],
    hides: fn(&str, &str) -> bool,
) -> Vec<Probe<'a>> {
    let mut all: Vec<Probe<'a>> = Vec::new();
    for container in pods::running(workload.template) {
        let Some(name) = pods::text(container, &["name"]) else { continue };
        for (field, kind) in KINDS {
            let Some(check) = container.get(field).and_then(|probe| check(at, workload, probe, fronts, hides)) else {
                continue;
            };
            match all.iter_mut().find(|other| other.container == name && other.check == check) {
                Some(other) => other.kinds.push(kind),
                None => all.push(Probe { container: name, kinds: vec![kind], repeats: false, check }),
            }
        }
    }
    for at in 1..all.len() {
        all[at].repeats = all[at].check.door().is_some_and(|door| all[at - 1].check.door() == Some(door));
    }
    all
}

impl Check<'_> {
    /// What is forwarded for it; nothing for a command.
    fn door(&self) -> Option<(Option<&str>, i64)> {
        match self {
            Self::Http { forward, port, .. } | Self::Grpc { forward, port, .. } | Self::Tcp { forward, port, .. } => {
                Some((forward.as_deref(), *port))
            }
            Self::Exec { .. } => None,
        }
    }
}

/// Whether a word of a command, or a part of an address, may be a credential.
fn telling(word: &str, hides: fn(&str, &str) -> bool) -> bool {
    let named =
        |part: &str| part.trim_start_matches('-').split_once('=').is_some_and(|(name, value)| hides(name, value));
    hides("", word) || word.split(['?', '&', ' ']).any(named)
}

fn check<'a>(
    at: usize,
    workload: &Workload<'a>,
    probe: &'a Node,
    fronts: &[Front<'a>],
    hides: fn(&str, &str) -> bool,
) -> Option<Check<'a>> {
    if let Some(exec) = probe.get("exec") {
        let command: Vec<&str> = pods::list(exec, &["command"]).filter_map(Node::as_str).collect();
        let secret = command.iter().any(|word| telling(word, hides));
        return (!secret && !command.is_empty()).then_some(Check::Exec { command });
    }
    let asked = probe.get("httpGet").or_else(|| probe.get("grpc")).or_else(|| probe.get("tcpSocket"))?;
    let target = workload.port(asked.get("port")?)?;
    let (forward, port) = forward(at, workload, fronts, target);
    let local = if port < 1024 { port + 8000 } else { port };
    if probe.get("httpGet").is_some() {
        let scheme = pods::text(asked, &["scheme"]).unwrap_or("HTTP").to_lowercase();
        let path = pods::text(asked, &["path"]).unwrap_or("/");
        if telling(path, hides) {
            return None;
        }
        let path = address(path);
        let headers = pods::list(asked, &["httpHeaders"]).filter_map(|header| {
            let (name, value) = (pods::text(header, &["name"])?, pods::text(header, &["value"])?);
            (!hides(name, value)).then(|| format!("{name}: {value}"))
        });
        let url = format!("{scheme}://localhost:{local}{path}");
        return Some(Check::Http { forward, port, local, url, headers: headers.collect() });
    }
    if probe.get("grpc").is_some() {
        let service = pods::text(asked, &["service"]).unwrap_or_default();
        let request = serde_json::json!({ "service": service }).to_string();
        return Some(Check::Grpc { forward, port, local, request });
    }
    Some(Check::Tcp { forward, port, local })
}

/// What leads to a container port from outside the cluster, and the port there: a Service, else the workload,
/// of which `kubectl port-forward` does not know every kind.
fn forward(at: usize, workload: &Workload<'_>, fronts: &[Front<'_>], target: i64) -> (Option<String>, i64) {
    match fronts::to(fronts, at, target) {
        Some((front, port)) => (Some(format!("service/{}", front.name)), port),
        None => (workload.finds_pods.then(|| workload.resource.clone()), target),
    }
}

/// A path as it goes over the wire: what has no place in a URL is encoded, what is encoded already stays.
fn address(path: &str) -> String {
    let root = if path.starts_with('/') { "" } else { "/" };
    format!("{root}{}", text::percent_encoded(path, b"/-._~!$&'()*+,;=:@?%#"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_encoded_once() {
        assert_eq!(address("healthz"), "/healthz");
        assert_eq!(address("/a b?x=`y`&z=%20\n"), "/a%20b?x=%60y%60&z=%20%0A");
        assert_eq!(address("/ä"), "/%C3%A4");
    }
}
