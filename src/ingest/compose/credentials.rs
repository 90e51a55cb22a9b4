//! Credentials of services: which variables hold one, who hands out which, and how it is said that one was kept out.

use super::context::Context;
use super::environment::Variable;
use super::project::{Kind, Planned};
use super::references::Url;
use crate::diag::{Code, Diagnostic};
use crate::inventory::credential::{is_name, variable as judged};
use crate::inventory::passwords;
use crate::source::OriginId;
use std::collections::BTreeMap;

/// What a credential is, without being it: equal for equal values.
pub(super) fn identity(value: &str, raw: Option<&str>) -> Option<String> {
    if !value.is_empty() {
        return Some(value.to_owned());
    }
    let raw = raw.filter(|raw| !raw.is_empty())?;
    // `${NAME}` and `${NAME:?message}` are `$NAME`.
    let inner = raw.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    let name = inner.and_then(|inner| inner.split([':', '?']).next()).filter(|name| !name.contains(['$', '-', '+']));
    Some(name.map_or_else(|| raw.to_owned(), |name| format!("${name}")))
}

/// Whether a variable holds a credential: by its name and value, or by its name alone where its value is somebody
/// else's.
pub(super) fn is_credential(variable: &Variable) -> bool {
    variable.secret
}

/// The same of a variable that is read.
pub(super) fn judge(name: &str, value: &str, raw: Option<&str>) -> bool {
    let reference = raw.is_some_and(|raw| raw.contains('$'));
    judged(name, value).is_some()
        || (is_name(name) && reference)
        || reports(value)
        || (value.contains(' ') && !passwords::behind_flags(&[value.to_owned()]).is_empty())
}

/// Whether a text holds the address at which Sentry takes reports: a key in the place of a user, and the number of a
/// project last. Pages show theirs, so an inventory may; what a Compose file has is kept out, to be on the safe side.
pub(super) fn reports(text: &str) -> bool {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '}' | ']'));
    let mut urls = words.filter_map(|word| {
        let at = word.find("https://").or_else(|| word.find("http://"))?;
        Url::parse(&word[at..])
    });
    urls.any(|url| {
        let key = url.password.is_none() && url.user.is_some_and(|user| user.len() >= 8 && !user.starts_with('$'));
        let project = url.rest.split(['?', '#']).next().and_then(|path| path.rsplit('/').next()).unwrap_or("");
        key && !project.is_empty() && project.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Credentials that services hand out: service, name of the key, what it is.
#[derive(Debug, Default)]
pub(super) struct Owned {
    keys: Vec<(usize, String, String)>,
    /// Positions of what is first of its value.
    first: BTreeMap<String, usize>,
}

impl Owned {
    /// The first of all that has this value under a name that tells it.
    pub fn first(&self, identity: &str) -> Option<(usize, &str)> {
        self.first.get(identity).and_then(|at| self.keys.get(*at)).map(|(at, key, _)| (*at, key.as_str()))
    }

    /// The key of `service` with this value.
    pub fn key(&self, service: usize, identity: &str) -> Option<&str> {
        self.keys.iter().find(|(at, _, other)| *at == service && other == identity).map(|(_, key, _)| key.as_str())
    }

    /// Whether a server asks for a password.
    pub fn has_password(&self, service: usize) -> bool {
        self.keys.iter().any(|(at, key, _)| *at == service && PASSWORDS.contains(&key.as_str()))
    }

    /// What all of them are.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|(.., identity)| identity.as_str())
    }

    /// Passwords of databases and caches: service, key, what it is.
    pub fn passwords(&self) -> impl Iterator<Item = (usize, &str, &str)> {
        let all = self.keys.iter().filter(|(_, key, _)| PASSWORDS.contains(&key.as_str()));
        all.map(|(at, key, identity)| (*at, key.as_str(), identity.as_str()))
    }
}

/// Names of variables that hold the password of a database or cache.
pub(super) const PASSWORDS: &[&str] = &["POSTGRES_PASSWORD", "REDIS_PASSWORD", "VALKEY_PASSWORD"];

/// Credentials of all services.
pub(super) fn owned(planned: &[Planned]) -> Owned {
    let mut keys = Vec::new();
    for (at, one) in planned.iter().enumerate() {
        for variable in one.service.env.iter().filter(|variable| is_credential(variable)) {
            if let Some(identity) = identity(&variable.value, variable.raw.as_deref()) {
                // A cache's password has one name, and a gateway has no use for what is called `KONG_…`.
                match (one.kind, variable.name.as_str()) {
                    (Kind::Redis, "VALKEY_PASSWORD") => keys.push((at, "REDIS_PASSWORD".to_owned(), identity)),
                    (Kind::Gateway, name) if name.starts_with("KONG_") => {}
                    _ => keys.push((at, variable.name.clone(), identity)),
                }
            }
        }
        for variable in &one.service.env {
            if let Some(secret) = variable.value.strip_prefix("/run/secrets/")
                && let Some(name) = variable.name.strip_suffix("_FILE")
                && one.kind == Kind::Postgres
            {
                keys.push((at, name.to_owned(), format!("secret {secret}")));
            }
        }
        if let Some(password) = redis_password(&one.service.command).filter(|_| one.kind == Kind::Redis) {
            keys.push((at, "REDIS_PASSWORD".to_owned(), password));
        }
    }
    let mut first = BTreeMap::new();
    for (at, (.., identity)) in keys.iter().enumerate() {
        first.entry(identity.clone()).or_insert(at);
    }
    Owned { keys, first }
}

/// The password that the arguments of a Redis server ask for.
pub(super) fn redis_password(command: &[String]) -> Option<String> {
    let words: Vec<&str> = command.iter().flat_map(|word| word.split_whitespace()).collect();
    let at = words.iter().position(|word| *word == "--requirepass")?;
    words.get(at + 1).map(|word| (*word).to_owned())
}

impl Context<'_> {
    /// Says that a value was kept out, and never shows it.
    pub fn kept(&mut self, name: &str, (at, value_at): (OriginId, OriginId), value: &str, what: &str) {
        self.unset.remove(&value_at);
        let spelled = self.origins.spelling(at, &self.sources).unwrap_or_default();
        let listed =
            spelled.trim_start_matches(['"', '\'']).strip_prefix(name).is_some_and(|rest| rest.starts_with('='));
        if value_at == at && listed {
            self.hide_behind(at, value);
        } else {
            self.hide(value_at, value);
        }
        let message = format!("`{name}` holds a credential, which is not in the inventory: {what}");
        let mut diagnostic = Diagnostic::new(Code::ImportSecret, message);
        if let Some(span) = self.origins.span(at) {
            // The place of a name alone is shown; where a value is in it, only where it begins.
            let text = self.sources.slice(span);
            let named = text.find('=').filter(|end| text[..*end].trim_start_matches(['"', '\'']) == name);
            let shown = match named.and_then(|end| u32::try_from(end).ok()) {
                Some(end) => crate::source::Span::new(span.lo, span.lo + end),
                None if at == value_at => span.start(),
                None => span,
            };
            diagnostic = diagnostic.unquoted(shown);
        }
        self.report.push(diagnostic);
    }

    /// Hides what stands behind the first `=` of a text.
    fn hide_behind(&mut self, at: OriginId, value: &str) {
        let Some(span) = self.origins.span(at) else { return };
        let skip = self.sources.slice(span).find('=').map_or(0, |at| at + 1);
        let lo = span.lo + u32::try_from(skip).unwrap_or(0);
        let hidden = crate::source::Span::new(lo.min(span.hi), span.hi);
        self.sources.secrets.add(hidden, vec![hidden], vec![value.to_owned()]);
    }
}
