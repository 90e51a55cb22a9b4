//! `ports` and `expose`: which ports a container listens on, and which of them anybody outside may reach.

use super::context::Context;
use super::keys;
use crate::diag::Code;
use crate::source::{Node, OriginId};

/// Most ports of a range: each is one of a Service.
const MOST: u16 = 64;

/// A port of a container.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Port {
    pub number: u16,
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: &'static str,
    pub name: Option<String>,
    pub app_protocol: Option<String>,
    /// Whether it is published to others than the machine itself.
    pub published: bool,
    pub at: OriginId,
}

impl Context<'_> {
    /// The ports of `ports` and `expose`, each once.
    pub fn ports(&mut self, ports: Option<&Node>, expose: Option<&Node>) -> Vec<Port> {
        let mut found: Vec<Port> = Vec::new();
        for (node, published, what) in [(ports, true, "`ports`"), (expose, false, "`expose`")] {
            let Some(node) = node else { continue };
            let Some(items) = node.as_list() else {
                self.wrong_type(node, what, "a list");
                continue;
            };
            for item in items {
                let added = if item.as_map().is_some() { self.long(item) } else { self.short(item, published, what) };
                for port in added {
                    match found.iter_mut().find(|other| (other.number, other.protocol) == (port.number, port.protocol))
                    {
                        Some(other) => other.published |= port.published,
                        None => found.push(port),
                    }
                }
            }
        }
        found
    }

    /// `[[IP:]HOST:]CONTAINER[/PROTOCOL]`, each a number or a range.
    fn short(&mut self, node: &Node, published: bool, what: &str) -> Vec<Port> {
        let Some(text) = self.scalar(node, what) else { return Vec::new() };
        let (body, protocol) = text.split_once('/').unwrap_or((&text, "tcp"));
        // An address of version 6 stands in brackets.
        let (ip, body) = match body.strip_prefix('[').and_then(|rest| rest.split_once("]:")) {
            Some((ip, rest)) => (Some(ip), rest),
            None => (None, body),
        };
        let parts: Vec<&str> = body.split(':').collect();
        let (ip, host, container) = match (ip, parts.as_slice()) {
            (ip, [container]) => (ip, None, *container),
            (ip, [host, container]) => (ip, Some(*host), *container),
            (None, [ip, host, container]) => (Some(*ip), Some(*host), *container),
            _ => return self.no_port(node, what),
        };
        let legal_host = host.is_none_or(|host| host.is_empty() || range(host).is_some());
        let (Some((first, last)), true, Some(protocol)) = (range(container), legal_host, transport(protocol)) else {
            return self.no_port(node, what);
        };
        let local = ip.is_some_and(is_local);
        if local {
            self.choice(
                node.origin,
                "a port that is published to the machine alone is not exposed",
                "`kubectl port-forward` reaches it",
            );
        }
        // A port without one of the host is published as well, under a number that nobody knows beforehand.
        self.range(node, (first, last), protocol, published && !local)
    }

    fn range(&mut self, node: &Node, (first, last): (u16, u16), protocol: &'static str, published: bool) -> Vec<Port> {
        let most = first.saturating_add(MOST - 1);
        if last > most {
            self.dropped(
                node.origin,
                format!("a Service lists its ports one by one: of the range the first {MOST} were taken"),
                "name those that are used",
            );
        }
        let port = |number| Port { number, protocol, name: None, app_protocol: None, published, at: node.origin };
        (first..=last.min(most)).map(port).collect()
    }

    fn no_port(&mut self, node: &Node, what: &str) -> Vec<Port> {
        let expected = "expected `[HOST:]CONTAINER[/PROTOCOL]` with numbers from 1 to 65535, or ranges of them";
        self.wrong(Code::InvalidValue, node.origin, format!("an entry of {what} is no port"), expected);
        Vec::new()
    }

    fn long(&mut self, node: &Node) -> Vec<Port> {
        let map = self.fields(node, &keys::PORT, "ports");
        let Some(target) = map.get("target") else {
            self.wrong(
                Code::MissingField,
                node.origin,
                "an entry of `ports` has no `target`",
                "`target` is missing here",
            );
            return Vec::new();
        };
        let text = self.scalar(target, "`target`").unwrap_or_default();
        let Some(both) = range(&text) else { return self.no_port(target, "`ports`") };
        let mut scalar =
            |key: &str| map.get(key).and_then(|node| Some((self.scalar(node, &format!("`{key}`"))?, node.origin)));
        let (name, app_protocol, ip) = (scalar("name"), scalar("app_protocol"), scalar("host_ip"));
        let (protocol, published) = (scalar("protocol"), scalar("published"));
        let transport = protocol.as_ref().map_or(Some("TCP"), |(text, _)| transport(text));
        let Some(transport) = transport else {
            let at = protocol.map_or(node.origin, |(_, at)| at);
            self.wrong(
                Code::InvalidValue,
                at,
                "a port's `protocol` is none that Kubernetes has",
                "expected `tcp`, `udp` or `sctp`",
            );
            return Vec::new();
        };
        let local = ip.is_some_and(|(ip, _)| is_local(&ip));
        let mut found = self.range(target, both, transport, published.is_some() && !local);
        if let [port] = found.as_mut_slice() {
            port.name = name.map(|(name, _)| name);
        }
        for port in &mut found {
            port.app_protocol = app_protocol.clone().map(|(text, _)| text);
        }
        found
    }
}

fn is_local(ip: &str) -> bool {
    ip.starts_with("127.") || matches!(ip, "::1" | "localhost")
}

fn transport(text: &str) -> Option<&'static str> {
    match text.to_ascii_lowercase().as_str() {
        "tcp" => Some("TCP"),
        "udp" => Some("UDP"),
        "sctp" => Some("SCTP"),
        _ => None,
    }
}

fn range(text: &str) -> Option<(u16, u16)> {
    let number = |text: &str| text.trim().parse::<u16>().ok().filter(|port| *port > 0);
    match text.split_once('-') {
        Some((first, last)) => Some((number(first)?, number(last)?)).filter(|(first, last)| first <= last),
        None => number(text).map(|port| (port, port)),
    }
}
