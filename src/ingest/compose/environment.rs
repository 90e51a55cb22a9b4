//! `environment` and `env_file`: variables, later ones over earlier ones.

use super::context::{Context, LARGEST, Pair};
use super::credentials::judge;
use super::dotenv;
use super::keys;
use super::names;
use super::paths::{Beside, beside};
use crate::diag::{Code, Diagnostic};
use crate::inventory::credential::is_name;
use crate::source::{Node, OriginId};

/// A variable of a container.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub name: String,
    /// Its value; empty if nobody knows it.
    pub value: String,
    pub at: OriginId,
    pub value_at: OriginId,
    /// What stood there before values were put in place of variables, if any were.
    pub raw: Option<String>,
    /// Whether it holds a credential.
    pub secret: bool,
}

impl Context<'_> {
    /// The file `.env`: values of variables in the Compose file.
    pub fn dotenv(&mut self, path: &str) {
        // There is none in most projects.
        let Ok(text) = self.text(path) else { return };
        for line in self.lines(path, &text, false) {
            let value = line.value.unwrap_or_default();
            if crate::inventory::credential::variable(&line.name, &value).is_some() {
                self.hide(line.value_at, &value);
            }
            self.variables.insert(line.name, value);
        }
    }

    fn lines(&mut self, path: &str, text: &str, raw: bool) -> Vec<Pair> {
        if text.len() > LARGEST {
            let message = format!("`{path}` is larger than {} KiB", LARGEST >> 10);
            self.sink.push(Diagnostic::new(Code::TooLarge, message).in_file(path));
            return Vec::new();
        }
        let Some(id) = self.add(path, text) else { return Vec::new() };
        let (lines, wrong) = dotenv::parse(text, &self.variables, raw);
        let file = self.sources.file(id);
        let at = |(lo, hi): (usize, usize)| OriginId::at(file.span(lo, hi));
        let wrong: Vec<_> = wrong.into_iter().map(|(lo, _)| file.span(lo, lo)).collect();
        let mut pairs = Vec::new();
        let mut unset = Vec::new();
        for line in lines {
            let value_at = at(line.value_at);
            if !line.unset.is_empty() {
                unset.push((value_at, line.unset));
            }
            pairs.push(Pair { name: line.name, at: at(line.at), value: line.value, value_at });
        }
        self.unset.extend(unset);
        for span in wrong {
            // The line may be the rest of a value that holds a secret.
            let diagnostic = Diagnostic::new(Code::InvalidValue, "a line of a file of variables is no `NAME=VALUE`");
            self.sink.push(diagnostic.unquoted(span));
        }
        pairs
    }

    /// All variables of a service, sorted as they stand.
    pub fn environment(&mut self, files: Option<&Node>, own: Option<&Node>, folder: &str) -> Vec<Variable> {
        let mut found: Vec<Variable> = Vec::new();
        for (path, raw, required, at) in files.map(|node| self.env_files(node)).unwrap_or_default() {
            let place = match beside(folder, &path) {
                Beside::Path(place) => place,
                Beside::Outside => {
                    self.dropped(
                        at,
                        "an `env_file` outside of the Compose file's folder is not read",
                        "write its names under `env` and `secrets`",
                    );
                    continue;
                }
            };
            match self.text(&place) {
                Ok(text) => {
                    self.choice(
                        at,
                        "the variables of an `env_file` became `env`, and `secrets` where they look like credentials",
                        "",
                    );
                    let pairs = self.lines(&place, &text, raw);
                    self.add_variables(pairs, &mut found);
                }
                Err(_) if !required => {
                    self.dropped(
                        at,
                        "an `env_file` that is not there was left out",
                        "write its names under `env` and `secrets`",
                    );
                }
                Err(reason) => {
                    self.dropped(
                        at,
                        format!("the variables of an `env_file` are not known, for it can't be read: {reason}"),
                        "put the file beside the Compose file and import again, or write its names under `env` and `secrets`",
                    );
                }
            }
        }
        if let Some(node) = own {
            let pairs = self.pairs(node, "`environment`");
            self.add_variables(pairs, &mut found);
        }
        found
    }

    fn add_variables(&mut self, pairs: Vec<Pair>, found: &mut Vec<Variable>) {
        for Pair { name, at, value, value_at } in pairs {
            if !names::is_variable(&name) {
                self.dropped(
                    at,
                    "a variable with a name that Kubernetes refuses",
                    "a name holds letters, digits, `_`, `-` and `.`, and does not begin with a digit",
                );
                continue;
            }
            let raw = self.raw.get(&value_at).map(|raw| match raw.split_once('=') {
                // In a list the name stands before it.
                Some((before, rest)) if before == name => rest.to_owned(),
                _ => raw.clone(),
            });
            // A name alone: the value is the shell's, or that of `.env`.
            let (value, raw) = match (value, self.variables.get(&name)) {
                (Some(value), _) => (value, raw),
                (None, Some(known)) => (known.clone(), Some(format!("${name}"))),
                // A credential is named, whoever has its value.
                (None, None) if is_name(&name) => (String::new(), Some(format!("${name}"))),
                (None, None) => {
                    self.left_out(&name, at);
                    found.retain(|other| other.name != name);
                    continue;
                }
            };
            if names::has_controls(&value) {
                self.dropped(at, "a value with control characters, which kubectl would damage", "");
                continue;
            }
            let secret = judge(&name, &value, raw.as_deref());
            let variable = Variable { name, value, at, value_at, raw, secret };
            match found.iter_mut().find(|other| other.name == variable.name) {
                Some(other) => *other = variable,
                None => found.push(variable),
            }
        }
    }

    fn env_files(&mut self, node: &Node) -> Vec<(String, bool, bool, OriginId)> {
        let one = std::slice::from_ref(node);
        let items = node.as_list().unwrap_or(one).to_vec();
        let mut found = Vec::new();
        for item in items {
            if item.is_scalar() {
                found.extend(self.scalar(&item, "`env_file`").map(|path| (path, false, true, item.origin)));
                continue;
            }
            let map = self.fields(&item, &keys::ENV_FILE, "env_file");
            let required = map.get("required").and_then(|node| self.flag(node, "`required`")).unwrap_or(true);
            let format = map.get("format").and_then(|node| Some((self.scalar(node, "`format`")?, node.origin)));
            if let Some((format, at)) = format.as_ref().filter(|(format, _)| format != "raw") {
                self.wrong(
                    Code::InvalidValue,
                    *at,
                    format!("`{format}` is no format of an `env_file`"),
                    "expected `raw`",
                );
            }
            match map.get("path").and_then(|node| Some((self.scalar(node, "`path`")?, node.origin))) {
                Some((path, at)) => found.push((path, format.is_some(), required, at)),
                None => self.wrong(
                    Code::MissingField,
                    item.origin,
                    "an entry of `env_file` has no `path`",
                    "`path` is missing here",
                ),
            }
        }
        found
    }

    /// Says that a variable without a value is set nowhere: it is not there, nor what an earlier file says of it.
    fn left_out(&mut self, name: &str, at: OriginId) {
        let message = format!("`{name}` has no value and is set nowhere: it was left out, as Compose does");
        let diagnostic = Diagnostic::new(Code::UnsetVariable, message).of(&self.origins, at, "");
        self.report.push(diagnostic.help("set it in `.env` beside the Compose file and import again, or write its value under `env`; the shell's own variables are not looked at"));
    }

    /// Says which variables are set nowhere and were taken for empty.
    pub fn say_unset(&mut self) {
        let unset = std::mem::take(&mut self.unset);
        for (at, names) in unset {
            for name in names {
                let message = format!("`{name}` is set nowhere: it was taken for empty, as Compose does");
                let diagnostic = Diagnostic::new(Code::UnsetVariable, message).of(&self.origins, at, "");
                self.report.push(diagnostic.help("set it in `.env` beside the Compose file and import again; the shell's own variables are not looked at"));
            }
        }
    }
}
