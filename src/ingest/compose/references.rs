//! Where a text names another service: the hosts of URLs and addresses in it.

use super::service::Service;
use std::collections::BTreeMap;

/// Names under which services are found, and which service it is.
#[derive(Debug, Default)]
pub(super) struct Hosts(BTreeMap<String, usize>);

impl Hosts {
    /// All names of all services; a service's own name wins over another's alias.
    pub fn of(services: &[Service]) -> Self {
        Self::of_all(&services.iter().collect::<Vec<_>>())
    }

    /// All names of all services.
    pub fn of_all(services: &[&Service]) -> Self {
        let mut hosts = BTreeMap::new();
        for (at, service) in services.iter().enumerate() {
            for alias in &service.aliases {
                hosts.entry(alias.clone()).or_insert(at);
            }
        }
        for (at, service) in services.iter().enumerate() {
            hosts.insert(service.key.clone(), at);
        }
        Self(hosts)
    }

    /// The service with this name.
    pub fn get(&self, host: &str) -> Option<usize> {
        self.0.get(host).copied()
    }
}

/// A host in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// The service.
    pub to: usize,
    /// Bytes of the host.
    pub at: (usize, usize),
    /// The port behind it.
    pub port: Option<u16>,
}

/// All hosts in a text: behind `://` or `@`, or before `:` and a port.
pub(super) fn references(text: &str, hosts: &Hosts) -> Vec<Reference> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(offset) = text[start..].find(is_word) {
        let lo = start + offset;
        let hi = text[lo..].find(|c: char| !is_word(c)).map_or(text.len(), |end| lo + end);
        start = hi;
        let Some(to) = hosts.get(&text[lo..hi]) else { continue };
        let (before, after) = (&text[..lo], &text[hi..]);
        let port = after.strip_prefix(':').and_then(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let ends = rest[end..].chars().next().is_none_or(|c| !c.is_alphabetic() && c != ':' && c != '@');
            rest[..end].parse::<u16>().ok().filter(|port| *port > 0 && ends)
        });
        let is_url = before.ends_with("://") || (before.ends_with('@') && before.contains("://"));
        // A user before a password looks like a host before a port.
        let is_user =
            before.ends_with("://") && after.find('@').is_some_and(|at| !after[..at].contains(['/', '?', ' ']));
        let begins =
            before.is_empty() || before.ends_with([',', ' ', '=', ';', '"', '\'', '(', '[', '|', '/', '\n', '{']);
        let ends = after.is_empty() || !after.starts_with('@');
        if !is_user && ends && (is_url || (begins && port.is_some())) {
            found.push(Reference { to, at: (lo, hi), port });
        }
    }
    found
}

/// A text with the services' names in the inventory in place of hosts.
pub(super) fn renamed(text: &str, found: &[Reference], name: impl Fn(usize) -> String) -> String {
    let mut out = String::new();
    let mut start = 0;
    for reference in found {
        out.push_str(&text[start..reference.at.0]);
        out.push_str(&name(reference.to));
        start = reference.at.1;
    }
    out.push_str(&text[start..]);
    out
}

/// The parts of a URL with one host.
#[derive(Debug, PartialEq)]
pub(super) struct Url<'a> {
    pub scheme: &'a str,
    pub user: Option<&'a str>,
    pub password: Option<&'a str>,
    pub host: &'a str,
    pub port: Option<u16>,
    /// What stands behind the port, with its `/` or `?`.
    pub rest: &'a str,
}

impl<'a> Url<'a> {
    /// Reads a text that is a URL as a whole.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let legal = |c: u8| c.is_ascii_alphanumeric() || b"+.-:".contains(&c);
        if scheme.is_empty() || !scheme.bytes().all(legal) || text.contains(char::is_whitespace) {
            return None;
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at(end);
        let (login, place) = match authority.rsplit_once('@') {
            Some((login, place)) => (Some(login), place),
            None => (None, authority),
        };
        let (user, password) = match login {
            Some(login) => {
                login.split_once(':').map_or((Some(login), None), |(user, password)| (Some(user), Some(password)))
            }
            None => (None, None),
        };
        let (host, port) = match place.split_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (place, None),
        };
        (!host.is_empty() && !host.contains(',')).then_some(Self { scheme, user, password, host, port, rest: tail })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts() -> Hosts {
        let service =
            |key: &str, alias: &str| Service { key: key.into(), aliases: vec![alias.into()], ..Service::default() };
        Hosts::of(&[service("db", "database"), service("kafka", "broker"), service("guest", "g")])
    }

    #[test]
    fn hosts_are_found_where_hosts_stand() {
        let found =
            |text: &str| references(text, &hosts()).into_iter().map(|found| (found.to, found.port)).collect::<Vec<_>>();
        assert_eq!(found("postgres://u:p@db:5432/db"), [(0, Some(5432))]);
        assert_eq!(found("jdbc:postgresql://database/app"), [(0, None)]);
        assert_eq!(found("kafka:9092,broker:9093"), [(1, Some(9092)), (1, Some(9093))]);
        assert_eq!(found("PLAINTEXT://kafka:9092"), [(1, Some(9092))]);
        assert_eq!(found("amqp://guest:guest@db"), [(0, None)]);
        assert_eq!(found("wait db:5432 -- run"), [(0, Some(5432))]);
        for text in ["db", "the db is", "db-2:80", "mydb:80", "guest:guest", "db:latest", "x@db"] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn urls_are_taken_apart() {
        let url = Url::parse("postgresql+asyncpg://app:p%40w@db:5432/app?ssl=off").unwrap();
        assert_eq!((url.scheme, url.user, url.password), ("postgresql+asyncpg", Some("app"), Some("p%40w")));
        assert_eq!((url.host, url.port, url.rest), ("db", Some(5432), "/app?ssl=off"));
        assert!(Url::parse("db:5432").is_none() && Url::parse("mongodb://a:1,b:2/x").is_none());
    }
}
