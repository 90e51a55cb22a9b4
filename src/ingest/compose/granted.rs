//! `secrets` and `configs` of a service: values of Secrets as files, and texts that became files.

use super::attached::Attaching;
use super::images::Role;
use super::names;
use super::paths::{Beside, beside};
use super::project::Kind;
use super::volumes::{Definition, From, Mount, Source};
use super::wiring::SecretUse;
use crate::diag::{Code, Diagnostic};
use crate::ingest::layout::Yaml;
use crate::source::OriginId;

impl Attaching<'_, '_, '_> {
    /// A value of a Secret at a path. A folder for such files is mounted whole; anywhere else that would hide what
    /// is there, so the file is mounted alone.
    pub fn secret_at(&mut self, variable: String, of: Option<(String, String)>, path: &str) {
        if path.strip_prefix("/run/secrets/").is_some_and(|name| !name.contains('/')) {
            self.out.secrets.insert(variable, SecretUse { of, path: Some(path.to_owned()), file: false });
            return;
        }
        let (secret, key) = of.clone().unwrap_or_else(|| (self.own().service.name.clone(), variable.clone()));
        let name = self.name(path.rsplit('/').next().unwrap_or("secret"));
        let source = Yaml::map([("secretName", Yaml::text(secret))]);
        let volume = [("mountPath", Yaml::text(path)), ("subPath", Yaml::text(key)), ("secret", source)];
        self.out.volumes.push((name, Yaml::map(volume)));
        self.out.secrets.insert(variable, SecretUse { of, path: None, file: true });
    }

    /// `secrets` and `configs` of the service.
    pub fn grants(&mut self) {
        let service = &self.own().service;
        for grant in &service.secrets {
            let Some(definition) = self.definitions.secrets.get(&grant.source).cloned() else {
                let label = crate::text::suggest(&grant.source, self.definitions.secrets.keys().map(String::as_str));
                self.context.wrong(
                    Code::UnknownReference,
                    grant.at,
                    format!("the secret `{}` is not one of `secrets`", grant.source),
                    label,
                );
                continue;
            };
            self.grant_secret(grant.at, &grant.source, grant.target.as_deref(), &definition);
        }
        for grant in &service.configs {
            let Some(definition) = self.definitions.configs.get(&grant.source).cloned() else {
                let label = crate::text::suggest(&grant.source, self.definitions.configs.keys().map(String::as_str));
                self.context.wrong(
                    Code::UnknownReference,
                    grant.at,
                    format!("the config `{}` is not one of `configs`", grant.source),
                    label,
                );
                continue;
            };
            self.definitions.used_configs.insert(grant.source.clone());
            let target = match grant.target.as_deref() {
                Some(target) if target.starts_with('/') => target.to_owned(),
                Some(target) => format!("/{target}"),
                None => format!("/{}", grant.source),
            };
            self.grant_config(grant.at, &grant.source, &target, definition.from);
        }
    }

    fn grant_secret(&mut self, at: OriginId, source: &str, target: Option<&str>, definition: &Definition) {
        let own = self.own();
        let file = target.map_or_else(
            || format!("/run/secrets/{source}"),
            |target| if target.starts_with('/') { target.to_owned() } else { format!("/run/secrets/{target}") },
        );
        // The password of a database is the type's own matter.
        if own.kind == Kind::Postgres
            && own
                .service
                .env
                .iter()
                .any(|variable| variable.name == "POSTGRES_PASSWORD_FILE" && variable.value == file)
        {
            return;
        }
        let variable = names::variable(source);
        let readers = self.definitions.readers.get(source).cloned().unwrap_or_default();
        let database = readers.iter().find(|reader| {
            let one = &self.planned[**reader];
            one.kind == Kind::Postgres
                && one.service.env.iter().any(|variable| {
                    variable.name == "POSTGRES_PASSWORD_FILE" && variable.value == format!("/run/secrets/{source}")
                })
        });
        // A store has what its clients need, whoever is named first.
        let store =
            readers.iter().find(|reader| self.planned[**reader].known.is_some_and(|known| known.role == Role::Store));
        let owner = store.or(readers.first()).copied().unwrap_or(self.at);
        let of = match (database, readers.first()) {
            (Some(database), _) => Some((self.planned[*database].service.name.clone(), "POSTGRES_PASSWORD".to_owned())),
            (None, Some(_)) if owner != self.at => Some((self.planned[owner].service.name.clone(), variable.clone())),
            _ => None,
        };
        let what = match (&of, &definition.from) {
            (Some((service, _)), _) => format!("`{source}` refers to the Secret of `{service}`"),
            (None, From::File(_)) => format!(
                "`{source}` is not in the inventory: put the file's content into the Secret `{}`, under the key `{variable}`",
                own.service.name
            ),
            (None, _) => format!(
                "`{source}` is not in the inventory: put its value into the Secret `{}`, under the key `{variable}`",
                own.service.name
            ),
        };
        let diagnostic = Diagnostic::new(Code::ImportSecret, what).of(&self.context.origins, at, "");
        self.context.report.push(diagnostic);
        self.secret_at(variable, of, &file);
    }

    fn grant_config(&mut self, at: OriginId, source: &str, target: &str, from: From) {
        let text = match from {
            From::Content(text) => Ok(text),
            From::Environment(variable) => {
                self.context.variables.get(&variable).cloned().ok_or_else(|| "its variable is set nowhere".to_owned())
            }
            From::File(file) => match beside(self.folder, &file) {
                Beside::Path(path) => self.context.text(&path),
                Beside::Outside => Err("it is outside of the Compose file's folder".to_owned()),
            },
            From::External => Err("it is kept outside of the file".to_owned()),
        };
        let mount = Mount { source: Source::Anonymous, target: target.to_owned(), read_only: true, sub_path: None, at };
        match text {
            _ if !names::is_path(target) => self.context.dropped(at, "a config is mounted at no legal path", ""),
            Ok(text) => self.file(&mount, source, &text),
            Err(reason) => self.context.dropped(
                at,
                format!("the content of a config is not known: {reason}"),
                "name the file in `config.files`",
            ),
        }
    }
}
