//! `literal-credential`: a password, token or key stands in the inventory.
//!
//! What is said of it never holds the value, nor the line that does.

use super::finding::Found;
use super::view::View;
use super::{Check, Look};
use crate::diag::{Code, Diagnostic};
use crate::inventory::credential::{Reason, argument, text, variable};
use crate::inventory::scalar::{ConfigKey, EnvName, Text};
use crate::inventory::{At, Named, Probes, SecretRef, passwords};
use crate::plan::PlannedService;
use crate::source::OriginId;
use std::collections::BTreeSet;

pub(super) const CHECK: Check = Check { code: Code::LiteralCredential, look: Look::Each(check) };

/// Whether a variable's value looks like what belongs into a Secret, for who shows variables.
#[must_use]
pub fn is_credential(name: &str, value: &str) -> bool {
    variable(name, value).is_some()
}

fn check(view: &View<'_>, found: &mut Found) {
    for service in &view.plan.services {
        let mut looked = Looked { view, service, found };
        let spec = &service.spec;
        looked.env(&spec.env, None);
        looked.command([&spec.command, &spec.args], None);
        looked.probes(spec.probes.as_ref(), None);
        looked.templates(&spec.secrets);
        if let Some(config) = &spec.config {
            looked.config(&config.data, config.env.is_some_and(|env| env.value.0));
        }
        for (name, container) in spec.containers.iter().chain(spec.init_containers.iter()) {
            looked.env(&container.env, Some(&name.text));
            looked.command([&container.command, &container.args], Some(&name.text));
            looked.probes(container.probes.as_ref(), Some(&name.text));
            looked.templates(&container.secrets);
        }
    }
}

struct Looked<'a, 'v, 'f> {
    view: &'a View<'v>,
    service: &'a PlannedService,
    found: &'f mut Found,
}

impl Looked<'_, '_, '_> {
    fn env(&mut self, env: &Named<EnvName, At<Text>>, container: Option<&str>) {
        for (name, value) in env.iter() {
            if let Some(reason) = variable(&name.text, &value.value) {
                let cure = format!("write `secrets: {{{}: {{}}}}` in place of it", name.text);
                self.say(&format!("`{}`", name.text), container, reason, name.origin, &cure);
            }
        }
    }

    fn config(&mut self, data: &Named<ConfigKey, At<Text>>, variables: bool) {
        for (name, value) in data.iter() {
            let named = variables.then(|| variable(&name.text, &value.value)).flatten();
            if let Some(reason) = named.or_else(|| text(&value.value)) {
                let cure = "take it out of the file: let the program read it from a variable or a file of `secrets`";
                self.say(&format!("`{}` of `config`", name.text), None, reason, name.origin, cure);
            }
        }
    }

    /// A program and its arguments: `command` may name the program, and `args` its flags.
    fn command(&mut self, lists: [&Option<Vec<At<Text>>>; 2], container: Option<&str>) {
        let words: Vec<&At<Text>> = lists.into_iter().flatten().flatten().collect();
        let first = lists[0].as_ref().map_or(0, Vec::len);
        let number = |at: usize| if at < first { at + 1 } else { at - first + 1 };
        let cure = "name a variable of `secrets` in place of it: `--password=$(DB_PASSWORD)`";
        self.words(&words, number, "", container, cure);
    }

    fn probes(&mut self, probes: Option<&Probes>, container: Option<&str>) {
        let Some(probes) = probes else { return };
        let all = [("startup", &probes.startup), ("readiness", &probes.readiness), ("liveness", &probes.liveness)];
        for (name, probe) in all {
            let Some(exec) = probe.as_ref().and_then(|probe| probe.exec.as_ref()) else { continue };
            let words: Vec<&At<Text>> = exec.command.iter().collect();
            let cure = "let a shell read it from a variable of `secrets`: `[/bin/sh, -c, 'mysqladmin ping -p\"$MYSQL_PASSWORD\"']`";
            self.words(&words, |at| at + 1, &format!(" of the {name} probe"), container, cure);
        }
    }

    fn words(
        &mut self,
        words: &[&At<Text>],
        number: impl Fn(usize) -> usize,
        whose: &str,
        container: Option<&str>,
        cure: &str,
    ) {
        let texts: Vec<String> = words.iter().map(|word| word.value.0.to_string()).collect();
        let behind_flags: BTreeSet<usize> = passwords::of(&texts).into_iter().map(|found| found.word).collect();
        for (at, word) in words.iter().enumerate() {
            let behind = behind_flags.contains(&at).then_some(Reason::Flag);
            let Some(reason) = argument(&word.value).or(behind) else { continue };
            self.say(&format!("argument {}{whose}", number(at)), container, reason, word.origin, cure);
        }
    }

    /// What a Secret's key is made of, apart from other keys.
    fn templates(&mut self, secrets: &Named<EnvName, SecretRef>) {
        for (name, reference) in secrets.iter() {
            let Some(reason) = reference.template.as_ref().and_then(|template| text(&template.value)) else { continue };
            let cure = "give the value a key of its own, and name that: `{{ .PASSWORD }}`";
            self.say(&format!("the template of `{}`", name.text), None, reason, name.origin, cure);
        }
    }

    fn say(&mut self, what: &str, container: Option<&str>, reason: Reason, at: OriginId, cure: &str) {
        let name = &self.service.name.text;
        let whose = match container {
            Some(container) => format!("container `{container}` of `{name}`"),
            None => format!("`{name}`"),
        };
        let message = format!("{what} of {whose} {}", reason.words());
        let mut diagnostic = Diagnostic::new(Code::LiteralCredential, message);
        if let Some(span) = self.view.origins.span(at) {
            // Of an argument even the place is the value.
            let span = if what.starts_with("argument") { span.start() } else { span };
            diagnostic = diagnostic.unquoted(span);
        }
        let diagnostic = diagnostic.help(cure).note("its value is not shown; if it was ever committed, change it");
        self.found.push(diagnostic, [name.clone()]);
    }
}
