//! A service's environment: its own variables, secrets by reference, and where its dependencies are.
//!
//! Kubernetes expands `$(VAR)` only for variables that stand before the one that uses them, so the
//! list is put in dependency order; a circle can't be, and is an error.

use super::facts::map;
use super::network::port_of;
use super::{identity, secret_files};
use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::scalar::EnvName;
use crate::inventory::{Container, DATABASE_PASSWORD, DATABASE_USERNAME, Database, Named, PortSpec, SecretRef, Wire};
use crate::plan::{Plan, PlannedService};
use crate::source::{Key, Node, OriginId, Origins, Str};
use std::collections::HashMap;

const RULE: &str = "wiring";

/// One variable: `{name, value}` or `{name, valueFrom}`.
struct Variable {
    name: Key,
    /// The text that may refer to other variables.
    text: Option<Str>,
    node: Node,
}

/// `env` and `envFrom` of a service's container.
///
/// `fitted` is what follows from its limits; whatever the inventory sets under the same name wins.
pub(super) fn environment(
    plan: &Plan,
    service: &PlannedService,
    fitted: Vec<(Key, Node)>,
    origins: &Origins,
    sink: &mut Sink,
) -> (Node, Node) {
    let free = fitted.into_iter().filter(|(name, _)| !sets(service, &name.text));
    let mut variables: Vec<Variable> = free.map(|(name, value)| plain(name, value)).collect();
    for (name, dependency) in service.spec.depends_on.iter() {
        if let Some(target) = plan.service(&name.text) {
            let (host, at) = host_of(plan, service, target, name);
            wire(target, (host, &at), dependency, origins, &mut variables);
        }
    }
    variables.extend(secret_variables(service, &service.spec.secrets, origins));
    for (name, value) in service.spec.env.iter() {
        variables.push(plain(name.clone(), Node::string(value.value.0.clone(), value.origin)));
    }
    (listed(ordered(variables, service, origins, sink)), env_from(service, origins))
}

/// `env` of a container beside the service's own.
pub(super) fn container_environment(
    service: &PlannedService,
    container: &Container,
    origins: &Origins,
    sink: &mut Sink,
) -> Node {
    let secrets = secret_variables(service, &container.secrets, origins).into_iter();
    let plain = container
        .env
        .iter()
        .map(|(name, value)| plain(name.clone(), Node::string(value.value.0.clone(), value.origin)));
    listed(ordered(secrets.chain(plain).collect(), service, origins, sink))
}

/// Secret values that a container sees as variables, and the paths of those it sees as files.
fn secret_variables(service: &PlannedService, secrets: &Named<EnvName, SecretRef>, origins: &Origins) -> Vec<Variable> {
    // The owner's is the operator's to read.
    let owner = |name: &Key| {
        service.operated().is_some() && [DATABASE_PASSWORD, DATABASE_USERNAME].contains(&name.text.as_str())
    };
    let plainly = secrets.iter().filter(|(name, reference)| !reference.is_file() && !owner(name));
    let values = plainly.map(|(name, reference)| {
        let Some(form) = reference.r#as else { return secret_variable(name, secret_of(service, name, reference)) };
        let name = Key::new(name.text.clone(), origins.derived("secrets", &[name.origin, form.origin]));
        let mut at = secret_of(service, &name, reference);
        at.secret.origin = origins.derived("secrets", &[at.secret.origin, form.origin]);
        secret_variable(&name, at)
    });
    let paths = secret_files::paths(secrets, origins).into_iter().map(|(name, path)| plain(name, path));
    values.chain(paths).collect()
}

fn listed(variables: Vec<Variable>) -> Node {
    let items: Vec<Node> = variables.into_iter().map(|variable| variable.node).collect();
    let origin = items.first().map_or(OriginId::NONE, |item| item.origin);
    Node::list(items, origin)
}

/// Whether the inventory sets a variable of the service's own container.
fn sets(service: &PlannedService, name: &str) -> bool {
    let spec = &service.spec;
    let config = spec.config.as_ref().filter(|config| config.env.is_some_and(|env| env.value.0));
    spec.env.get(name).is_some()
        || spec.secrets.get(name).is_some()
        || config.is_some_and(|config| config.data.get(name).is_some())
        || spec.depends_on.iter().any(|(_, dependency)| dependency.env.get(name).is_some())
}

/// The name under which a dependent finds a service: its Service's, or the host outside.
fn host_of(plan: &Plan, service: &PlannedService, target: &PlannedService, edge: &Key) -> (Str, [OriginId; 5]) {
    if let Some(host) = &target.spec.host {
        return (host.value.0.clone(), [host.origin, OriginId::NONE, OriginId::NONE, OriginId::NONE, OriginId::NONE]);
    }
    let (host, [namespace, there, here, named]) = plan.host(service, target);
    (host, [edge.origin, namespace, there, here, named])
}

/// Scheme of the URL of a port: its application protocol where that is one, as in `redis` or `amqp`.
fn scheme<'a>(target: &PlannedService, port: &'a PortSpec) -> &'a str {
    match port.app_protocol.as_ref().map(|protocol| &*protocol.value.0) {
        // Spoken over HTTP, and dialled as such.
        Some("grpc" | "h2c" | "http2") => "http",
        Some(protocol) if protocol.contains('/') => "http",
        Some(protocol) => protocol,
        // Where nothing is expected references are checked.
        None if target.spec.host.is_some() => port.expected_scheme().unwrap_or("https"),
        None => "http",
    }
}

fn env_from(service: &PlannedService, origins: &Origins) -> Node {
    let config = service.spec.config.as_ref().filter(|config| !config.data.is_empty());
    match config.and_then(|config| config.env).filter(|env| env.value.0) {
        Some(env) => {
            let name = service.object("ConfigMap");
            let from = origins.derived("config", &[env.origin, service.renamed("ConfigMap")]);
            let reference = map(env.origin, [("name", Node::string(name.value, from))]);
            Node::list(vec![map(env.origin, [("configMapRef", reference)])], env.origin)
        }
        None => Node::null(OriginId::NONE),
    }
}

fn plain(name: Key, value: Node) -> Variable {
    let text = value.as_str().map(Into::into);
    let node = map(name.origin, [("name", Node::string(name.text.clone(), name.origin)), ("value", value)]);
    Variable { name, text, node }
}

/// Name of a Secret and a key in it.
pub(super) struct SecretKey {
    pub secret: Node,
    pub key: Node,
}

pub(super) fn secret_of(service: &PlannedService, name: &Key, reference: &SecretRef) -> SecretKey {
    let secret = match &reference.secret {
        Some(secret) => Node::string(secret.value.0.clone(), secret.origin),
        None => identity::object(service, "Secret"),
    };
    let key = match &reference.key {
        Some(key) => Node::string(key.value.0.clone(), key.origin),
        None => Node::string(name.text.clone(), name.origin),
    };
    SecretKey { secret, key }
}

impl SecretKey {
    /// The same reference, made because of `wire`.
    fn wired(mut self, wire: OriginId, origins: &Origins) -> Self {
        self.secret.origin = origins.derived(RULE, &[wire, self.secret.origin]);
        self.key.origin = origins.derived(RULE, &[wire, self.key.origin]);
        self
    }
}

fn secret_variable(name: &Key, at: SecretKey) -> Variable {
    let reference = map(name.origin, [("name", at.secret), ("key", at.key)]);
    let source = map(name.origin, [("secretKeyRef", reference)]);
    let node = map(name.origin, [("name", Node::string(name.text.clone(), name.origin)), ("valueFrom", source)]);
    Variable { name: name.clone(), text: None, node }
}

/// The variables that tell where one dependency is.
fn wire(
    target: &PlannedService,
    (host, at): (Str, &[OriginId]),
    dependency: &crate::inventory::Dependency,
    origins: &Origins,
    variables: &mut Vec<Variable>,
) {
    let Some((_, port)) = port_of(target, dependency) else { return };
    let chosen = dependency.port.as_ref().map_or(OriginId::NONE, |port| port.origin);
    let alone = host.to_string();
    // An address of version 6 stands in brackets before a port.
    let host = if host.contains(':') { format!("[{host}]").into() } else { host };
    let number = port.port.value.0;
    for (name, wire) in dependency.env.iter() {
        let text = |value: String, from: &[OriginId]| {
            let mut all = vec![wire.origin];
            all.extend_from_slice(from);
            plain(name.clone(), Node::string(value, origins.derived(RULE, &all)))
        };
        let database = target.spec.database.as_ref();
        let variable = match (wire.value, database) {
            (Wire::Host, _) => text(alone.clone(), at),
            (Wire::Address, _) => text(format!("{host}:{number}"), &[at, &[port.port.origin, chosen]].concat()),
            (Wire::Port, _) => text(number.to_string(), &[port.port.origin, chosen]),
            (Wire::Url, None) => {
                let scheme = scheme(target, port);
                let protocol = port.app_protocol.as_ref().map_or(OriginId::NONE, |protocol| protocol.origin);
                let mut from = [at, &[port.port.origin, chosen, protocol]].concat();
                let login = target.password().map(|(secret, _)| {
                    from.push(secret.origin);
                    let name = password_variable(target, (name, wire.origin), dependency, origins, variables);
                    format!(":$({name})@")
                });
                text(format!("{scheme}://{}{host}:{number}", login.unwrap_or_default()), &from)
            }
            (Wire::Url, Some(database)) => {
                let password = password_variable(target, (name, wire.origin), dependency, origins, variables);
                let Database { name: db, user } = database;
                let url = format!("postgresql://{}:$({password})@{host}:{number}/{}", &*user.value, &*db.value);
                text(url, &[at, &[port.port.origin, chosen, user.origin, db.origin]].concat())
            }
            (Wire::Database, Some(database)) => text(database.name.value.0.to_string(), &[database.name.origin]),
            (Wire::User, Some(database)) => text(database.user.value.0.to_string(), &[database.user.origin]),
            (Wire::Password, _) => match password_of(target) {
                Some(at) => secret_variable(name, at.wired(wire.origin, origins)),
                None => continue,
            },
            (Wire::Pool, _) => match dependency.pool {
                Some(pool) => text(pool.value.0.to_string(), &[pool.origin]),
                // Said where references are checked.
                None => continue,
            },
            // Not a database: said where references are checked.
            (Wire::Database | Wire::User, None) => continue,
        };
        variables.push(variable);
    }
}

fn password_of(target: &PlannedService) -> Option<SecretKey> {
    let (name, reference) = target.password()?;
    Some(secret_of(target, name, reference))
}

/// The variable that holds the password for a URL: the one the service asks for, else one of its own.
fn password_variable(
    target: &PlannedService,
    (url, wire): (&Key, OriginId),
    dependency: &crate::inventory::Dependency,
    origins: &Origins,
    variables: &mut Vec<Variable>,
) -> Str {
    if let Some((name, _)) = dependency.env.iter().find(|(_, wire)| wire.value == Wire::Password) {
        return name.text.clone();
    }
    let name = Key::new(format!("{}_PASSWORD", url.text), origins.derived(RULE, &[wire, url.origin]));
    if let Some(at) = password_of(target) {
        variables.push(secret_variable(&name, at.wired(wire, origins)));
    }
    name.text
}

/// Variables so that each stands behind those it names; otherwise in the order given.
fn ordered(variables: Vec<Variable>, service: &PlannedService, origins: &Origins, sink: &mut Sink) -> Vec<Variable> {
    // Few environments refer to anything.
    if variables.iter().filter_map(|variable| variable.text.as_deref()).all(|text| references(text).next().is_none()) {
        return variables;
    }
    let names: HashMap<Str, usize> =
        variables.iter().enumerate().map(|(at, variable)| (variable.name.text.clone(), at)).collect();
    let needs: Vec<Vec<usize>> = variables
        .iter()
        .map(|variable| {
            variable
                .text
                .as_deref()
                .into_iter()
                .flat_map(references)
                .filter_map(|name| names.get(name).copied())
                .collect()
        })
        .collect();
    let mut order = Vec::with_capacity(variables.len());
    let mut state = vec![State::New; variables.len()];
    for at in 0..variables.len() {
        if let Err(circle) = visit(at, &needs, &mut state, &mut order) {
            let variable = &variables[circle];
            let message = format!("the variables of `{}` refer to each other in a circle", service.name.text);
            let diagnostic = Diagnostic::new(Code::Conflict, message);
            let label = format!("`{}` can't stand behind itself", variable.name.text);
            sink.push(
                diagnostic
                    .of(origins, variable.name.origin, label)
                    .help("write `$$(VAR)` for text that is no reference"),
            );
            return variables;
        }
    }
    let mut slots: Vec<Option<Variable>> = variables.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| slots[at].take()).collect()
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

/// Depth first, without recursion on the number of variables a file may hold.
fn visit(start: usize, needs: &[Vec<usize>], state: &mut [State], order: &mut Vec<usize>) -> Result<(), usize> {
    let mut stack = vec![(start, 0)];
    while let Some((at, next)) = stack.pop() {
        if state[at] == State::Done {
            continue;
        }
        state[at] = State::Open;
        match needs[at].get(next) {
            Some(need) if state[*need] == State::Open => return Err(at),
            Some(need) => {
                stack.push((at, next + 1));
                stack.push((*need, 0));
            }
            None => {
                state[at] = State::Done;
                order.push(at);
            }
        }
    }
    Ok(())
}

/// Names in `$(NAME)` references; `$$` is an escape.
fn references(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let at = rest.find('$')?;
            let tail = &rest[at + 1..];
            if let Some(escaped) = tail.strip_prefix('$') {
                rest = escaped;
            } else if let Some(open) = tail.strip_prefix('(') {
                let end = open.find(')')?;
                rest = &open[end + 1..];
                return Some(&open[..end]);
            } else {
                rest = tail;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_as_kubernetes_finds_them() {
        let found = |text| references(text).collect::<Vec<_>>();
        assert_eq!(found("a$(B)c$(D)"), ["B", "D"]);
        assert_eq!(found("$$(B) $C $(E"), Vec::<&str>::new());
        assert_eq!(found("$$$(B)"), ["B"]);
    }

    #[test]
    fn a_long_chain_is_put_in_order() {
        let needs: Vec<Vec<usize>> =
            (0..100_000).map(|at| if at + 1 < 100_000 { vec![at + 1] } else { vec![] }).collect();
        let (mut state, mut order) = (vec![State::New; needs.len()], Vec::new());
        visit(0, &needs, &mut state, &mut order).unwrap();
        assert_eq!((order[0], order[99_999]), (99_999, 0));
        assert_eq!(visit(0, &[vec![1], vec![0]], &mut [State::New; 2], &mut Vec::new()), Err(1));
    }
}
