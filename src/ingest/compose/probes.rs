//! A health check as probes: readiness, and startup where Compose gives it time to start.

use super::credentials::is_credential;
use super::health::{Ask, Check};
use super::lay::Laying;
use super::project::Kind;
use crate::ingest::layout::Yaml;

impl Laying<'_, '_, '_> {
    pub(super) fn probes(&mut self, out: &mut Yaml) {
        let planned = self.planned;
        let own = &planned[self.at];
        let Some(check) = &own.service.health else { return };
        if let (Ask::Database("postgres"), Kind::Postgres) | (Ask::Database("redis"), Kind::Redis) =
            (&check.ask, own.kind)
        {
            return self.context.choice(
                check.at,
                "the health check of a database need not be said: its type has probes that do the same",
                "",
            );
        }
        let Some((key, handler)) = self.handler(check) else { return };
        let mut probes = Yaml::Map(Vec::new());
        let mut timed = Yaml::map([(key, handler.clone())]);
        // What Compose takes unless it is told.
        for (name, said, usual) in [
            ("periodSeconds", check.interval, 10),
            ("timeoutSeconds", check.timeout, 1),
            ("failureThreshold", check.retries, 3),
        ] {
            if let Some(number) = said.filter(|number| *number > 0 && *number != usual) {
                timed.put(name, Yaml::Int(i64::try_from(number).unwrap_or(1)));
            }
        }
        let plain = match (&timed, &check.ask) {
            (Yaml::Map(entries), Ask::Http { port, path, tls: false })
                if entries.len() == 1 && own.ports.first().is_some_and(|first| first.number == *port) =>
            {
                Some(Yaml::text(path))
            }
            _ => None,
        };
        probes.put("readiness", plain.unwrap_or(timed));
        if let Some(start) = check.start.filter(|start| *start > 0) {
            let period = check.start_interval.or(check.interval).unwrap_or(10).clamp(1, 10);
            let times = start.div_ceil(period) + check.retries.unwrap_or(3);
            let mut startup = Yaml::map([(key, handler)]);
            startup.put("periodSeconds", Yaml::Int(i64::try_from(period).unwrap_or(10)));
            if let Some(timeout) = check.timeout.filter(|timeout| *timeout > 1) {
                startup.put("timeoutSeconds", Yaml::Int(i64::try_from(timeout).unwrap_or(1)));
            }
            startup.put("failureThreshold", Yaml::Int(i64::try_from(times).unwrap_or(30)));
            probes.put("startup", startup);
        }
        self.context.choice(
            check.at,
            "a health check became readiness: whoever fails it gets no requests",
            "it is no reason to start a container again; what is, is `probes.liveness`",
        );
        out.put("probes", probes);
    }

    fn handler(&mut self, check: &Check) -> Option<(&'static str, Yaml)> {
        let planned = self.planned;
        let own = &planned[self.at];
        let port = |number: u16| own.port(number).map(|(index, port)| (index > 0).then(|| port.name.clone()));
        let of_port = |number: u16| -> Option<Yaml> {
            let mut map = Yaml::Map(Vec::new());
            if let Some(name) = port(number)? {
                map.put("port", Yaml::text(name));
            }
            Some(map)
        };
        match &check.ask {
            Ask::Http { port: number, path, tls } => {
                let mut get = Yaml::map([("path", Yaml::text(path))]);
                if let Some(name) = port(*number)? {
                    get.put("port", Yaml::text(name));
                }
                if *tls {
                    get.put("scheme", Yaml::text("HTTPS"));
                }
                Some(("httpGet", get))
            }
            // An empty mapping would not be written.
            Ask::Tcp(number) | Ask::Grpc(number) => {
                let key = if matches!(check.ask, Ask::Tcp(_)) { "tcpSocket" } else { "grpc" };
                let map = of_port(*number)?;
                let first = own.ports.first().map(|port| port.name.clone()).unwrap_or_default();
                Some((key, if map.is_empty() { Yaml::map([("port", Yaml::text(first))]) } else { map }))
            }
            Ask::Database(_) => self.exec(check, &[]),
            Ask::Exec(words, _) => {
                let words = words.clone();
                self.exec(check, &words)
            }
        }
    }

    /// A command that holds no credential.
    fn exec(&mut self, check: &Check, words: &[String]) -> Option<(&'static str, Yaml)> {
        let own = self.own();
        let shell = matches!(check.ask, Ask::Exec(_, true));
        let words: Vec<String> = match &check.ask {
            Ask::Database("postgres") => vec!["pg_isready".into(), "--quiet".into(), "--host=127.0.0.1".into()],
            Ask::Database(_) => vec!["redis-cli".into(), "ping".into()],
            _ => words.to_vec(),
        };
        let mut safe = Vec::new();
        for word in &words {
            let mut word = word.clone();
            for variable in
                own.service.env.iter().filter(|variable| is_credential(variable) && variable.value.len() >= 3)
            {
                if word.contains(&variable.value) && shell {
                    word = word.replace(&variable.value, &format!("${{{}}}", variable.name));
                }
            }
            safe.push(word);
        }
        let leaks = safe.iter().any(|word| {
            let known =
                own.service.env.iter().any(|variable| {
                    is_credential(variable) && variable.value.len() >= 3 && word.contains(&variable.value)
                });
            known || self.context.known.holds(word) || crate::inventory::credential::argument(word).is_some()
        }) || !crate::inventory::passwords::of(&safe).is_empty();
        if leaks {
            self.context.hide(check.at, "");
            let help = "have it read the credential from a variable, in a shell: `[/bin/sh, -c, …]`";
            let diagnostic = crate::diag::Diagnostic::new(
                crate::diag::Code::ImportDropped,
                "a health check with a credential in its command was left out",
            )
            .help(help);
            let span = self.context.origins.span(check.at);
            self.context.report.push(match span {
                Some(span) => diagnostic.unquoted(span.start()),
                None => diagnostic,
            });
            return None;
        }
        Some(("exec", Yaml::map([("command", Yaml::texts(safe))])))
    }
}
