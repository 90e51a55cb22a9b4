//! `healthcheck`: what a container is asked, and how often.

use super::context::Context;
use super::keys;
use super::units::words;
use crate::diag::Code;
use crate::source::{Node, OriginId};

/// What a health check does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Ask {
    /// A request over HTTP to the container itself.
    Http { port: u16, path: String, tls: bool },
    /// A connection to one of its ports.
    Tcp(u16),
    /// The health service of gRPC.
    Grpc(u16),
    /// `pg_isready`, `redis-cli ping`: what the types of databases do by themselves.
    Database(&'static str),
    /// A command; the second is whether it is for a shell.
    Exec(Vec<String>, bool),
}

/// A health check.
#[derive(Clone, Debug)]
pub(super) struct Check {
    pub ask: Ask,
    pub at: OriginId,
    pub interval: Option<u64>,
    pub timeout: Option<u64>,
    pub retries: Option<u64>,
    pub start: Option<u64>,
    pub start_interval: Option<u64>,
}

impl Context<'_> {
    /// Reads a health check; nothing if it is disabled.
    pub fn health(&mut self, node: &Node) -> Option<Check> {
        let map = self.fields(node, &keys::HEALTH, "healthcheck");
        let named = |key: &str| map.get(key).filter(|node| !node.is_null());
        let mut seconds = |key: &str| named(key).and_then(|node| self.duration(node, &format!("`{key}`")));
        let (interval, timeout) = (seconds("interval"), seconds("timeout"));
        let (start, start_interval) = (seconds("start_period"), seconds("start_interval"));
        let retries = named("retries").and_then(|node| self.number(node, "`retries`", 0..=1000));
        let retries = retries.and_then(|number| u64::try_from(number).ok());
        let disabled = named("disable").is_some_and(|node| self.flag(node, "`disable`") == Some(true));
        let test = named("test").cloned();
        let ask = test.as_ref().and_then(|node| self.ask(node));
        if disabled || ask.is_none() && test.as_ref().is_some_and(is_none) {
            self.choice(
                node.origin,
                "a health check that is switched off became the type's own probes",
                "a service that nobody asks gets requests before it is ready: `probes: {readiness: null}` if that is meant",
            );
            return None;
        }
        let Some(ask) = ask else {
            if test.is_none() {
                self.dropped(
                    node.origin,
                    "a health check without `test` is the image's own, which Kubernetes does not look at",
                    "write it under `probes`",
                );
            }
            return None;
        };
        if let Some(node) = named("start_interval").filter(|_| start.is_none()) {
            self.choice(node.origin, "`start_interval` without `start_period` says nothing", "");
        }
        let at = test.map_or(node.origin, |node| node.origin);
        Some(Check { ask, at, interval, timeout, retries, start, start_interval })
    }

    fn ask(&mut self, node: &Node) -> Option<Ask> {
        let Some(_) = node.as_list() else {
            let text = self.scalar(node, "`test`")?;
            self.hide_passwords(std::slice::from_ref(&text), &[node.origin]);
            return Some(understood_shell(&text));
        };
        let (list, places): (Vec<String>, Vec<OriginId>) = self.texts(node, "`test`").into_iter().unzip();
        self.hide_passwords(&list, &places);
        match list.split_first() {
            Some((first, rest)) if first == "CMD" && !rest.is_empty() => {
                Some(understood(rest).unwrap_or_else(|| Ask::Exec(rest.to_vec(), false)))
            }
            Some((first, rest)) if first == "CMD-SHELL" && !rest.is_empty() => Some(understood_shell(&rest.join(" "))),
            Some((first, [])) if first == "NONE" => None,
            _ => {
                self.wrong(
                    Code::InvalidValue,
                    node.origin,
                    "`test` is no health check",
                    "expected `CMD`, `CMD-SHELL` or `NONE`, and a command behind the first two",
                );
                None
            }
        }
    }
}

fn is_none(node: &Node) -> bool {
    node.as_list().and_then(<[Node]>::first).and_then(Node::as_str) == Some("NONE")
}

/// A command for a shell: one that is understood if it is a single command with `|| exit 1` behind it.
fn understood_shell(text: &str) -> Ask {
    let exec = || Ask::Exec(vec!["/bin/sh".to_owned(), "-c".to_owned(), text.to_owned()], true);
    let mut plain = text.trim();
    for end in ["|| exit 1", "|| false", "||exit 1", "|| kill 1"] {
        plain = plain.strip_suffix(end).unwrap_or(plain).trim_end();
    }
    for end in ["2>&1", ">/dev/null", "> /dev/null", "&>/dev/null"] {
        plain = plain.strip_suffix(end).unwrap_or(plain).trim_end();
    }
    if let Some(port) = opened(plain) {
        return Ask::Tcp(port);
    }
    let simple = !plain.contains(['|', ';', '&', '>', '<', '`', '\n']) && !plain.contains("$(");
    let words = if simple { words(plain) } else { None };
    words.and_then(|words| understood(&words)).unwrap_or_else(exec)
}

/// Bash's own way to open a connection: `</dev/tcp/localhost/8080`.
fn opened(text: &str) -> Option<u16> {
    let rest = text.split_once("/dev/tcp/")?.1;
    let (host, rest) = rest.split_once('/')?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let tail = rest[end..].trim_matches(['\'', '"', ' ', ';']);
    (is_self(host) && tail.is_empty()).then(|| rest[..end].parse().ok()).flatten()
}

/// What a command asks, if it is one that Kubernetes has a probe for.
fn understood(words: &[String]) -> Option<Ask> {
    let program = words.first()?.rsplit('/').next()?;
    let rest = &words[1..];
    match program {
        "sh" | "bash" | "ash" if rest.first().is_some_and(|word| word == "-c") && rest.len() == 2 => {
            match understood_shell(&rest[1]) {
                Ask::Exec(..) => None,
                ask => Some(ask),
            }
        }
        // What a request says beside its address is not what a probe says.
        "curl" | "wget" | "httpie" | "http" => {
            let odd = |word: &String| {
                matches!(word.as_str(), "-X" | "--request" | "-d" | "--data" | "-H" | "--header" | "-u" | "--user")
                    || word.starts_with("--header=")
                    || word.starts_with("--post-")
            };
            if rest.iter().any(odd) {
                return None;
            }
            let mut addresses = rest.iter().filter(|word| !word.starts_with('-')).filter_map(|word| address(word));
            let found = addresses.next()?;
            addresses.next().is_none().then_some(found)
        }
        "nc" | "ncat" | "netcat" => {
            let plain: Vec<&String> = rest.iter().filter(|word| !word.starts_with('-')).collect();
            let (host, port) = (plain.first()?, plain.get(1)?);
            is_self(host).then(|| port.parse().ok().map(Ask::Tcp)).flatten()
        }
        "pg_isready" => Some(Ask::Database("postgres")),
        "redis-cli" | "valkey-cli" if rest.iter().any(|word| word.eq_ignore_ascii_case("ping")) => {
            Some(Ask::Database("redis"))
        }
        "grpc_health_probe" => {
            let address = rest.iter().find_map(|word| word.trim_start_matches('-').strip_prefix("addr="))?;
            let (host, port) = address.rsplit_once(':')?;
            (host.is_empty() || is_self(host)).then(|| port.parse().ok().map(Ask::Grpc)).flatten()
        }
        _ => None,
    }
}

/// An address of the container itself.
fn address(word: &str) -> Option<Ask> {
    let (tls, rest) = match word.split_once("://") {
        Some(("http", rest)) => (false, rest),
        Some(("https", rest)) => (true, rest),
        Some(_) => return None,
        None => (false, word),
    };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !host.ends_with(':') => (host, port.parse::<u16>().ok().filter(|port| *port > 0)?),
        _ => (authority, if tls { 443 } else { 80 }),
    };
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let legal = path.bytes().all(|c| c.is_ascii_graphic()) && !path.contains('$');
    (is_self(host) && legal).then_some(Ask::Http { port, path, tls })
}

fn is_self(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0" | "[::1]" | "::1" | "$HOSTNAME" | "${HOSTNAME}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_connections_are_understood_and_nothing_else() {
        let http = |port, path: &str, tls| Ask::Http { port, path: path.to_owned(), tls };
        for (text, expected) in [
            ("curl -f http://localhost:3000/health || exit 1", http(3000, "/health", false)),
            ("curl --fail -s localhost:8080 > /dev/null", http(8080, "/", false)),
            ("wget --no-verbose --tries=1 --spider https://127.0.0.1/x?y=1 || exit 1", http(443, "/x?y=1", true)),
            ("wget -qO- http://[::1]:9200/_cat", http(9200, "/_cat", false)),
            ("nc -z localhost 3306", Ask::Tcp(3306)),
            ("bash -c '</dev/tcp/localhost/5672'", Ask::Tcp(5672)),
            ("pg_isready -U app -d app", Ask::Database("postgres")),
            ("redis-cli ping", Ask::Database("redis")),
            ("/bin/grpc_health_probe -addr=:50051", Ask::Grpc(50051)),
        ] {
            assert_eq!(understood_shell(text), expected, "{text}");
        }
        for text in [
            "curl -f http://localhost/a && test -f /x",
            "curl -H 'Host: x' http://localhost/",
            "curl http://example.com/",
            "curl http://localhost:99999/",
            "redis-cli ping | grep PONG",
            "mysqladmin ping",
        ] {
            assert!(matches!(understood_shell(text), Ask::Exec(_, true)), "{text}");
        }
    }
}
