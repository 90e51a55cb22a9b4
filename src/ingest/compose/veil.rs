//! Where credentials stand in a text, as a text: found before anything of it is understood, so that no
//! excerpt of it, not even that of a syntax error, shows one.

use super::credentials::reports;
use crate::inventory::credential::{is_name, text as shape, variable as judged};
use crate::inventory::passwords;

/// Byte ranges of values that are called or look like credentials, in order.
pub(super) fn credentials(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        within(line.trim_end_matches(['\n', '\r']), start, &mut found);
        start += line.len();
    }
    found
}

/// Those of one line: whatever follows a credential's name, to the end of the line.
fn within(line: &str, start: usize, found: &mut Vec<(usize, usize)>) {
    for (at, c) in line.char_indices() {
        if !matches!(c, ':' | '=') {
            continue;
        }
        let name = line[..at].trim_end_matches(['"', '\'', ' ']);
        let begins = name
            .rfind(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.'))
            .map_or(0, |at| at + name[at..].chars().next().map_or(1, char::len_utf8));
        if !is_name(name[begins..].trim_start_matches('-')) {
            continue;
        }
        let value = line[at + 1..].trim_start();
        let lo = line.len() - value.len();
        if !value.is_empty() {
            found.push((start + lo, start + line.len()));
        }
        return;
    }
    let password = || {
        // A list within a line is words, too.
        let words = line.replace(['[', ']', ',', '"', '\''], " ");
        passwords::behind_flags(&[words]).first().and_then(|found| line.find(&found.value))
    };
    let flags = line.trim_start().trim_start_matches("- ").contains(" -");
    let password = if flags { password() } else { None };
    if let Some(lo) = password.filter(|_| shape(line).is_none()) {
        found.push((start + lo, start + line.len()));
    } else if shape(line).is_some() || reports(line) {
        let lo = line.find(|c: char| !c.is_whitespace()).unwrap_or(0);
        found.push((start + lo, start + line.len()));
    }
}

/// Whether a file holds a credential: a setting that is called like one, a statement that sets a password, or
/// anything with a credential's shape.
pub(super) fn holds(text: &str) -> bool {
    shape(text).is_some() || reports(text) || text.lines().any(|line| statement(line) || setting(line))
}

/// `name = value`, `"name": "value"`, `<name>value</name>`.
fn setting(line: &str) -> bool {
    line.char_indices().filter(|(_, c)| matches!(c, ':' | '=' | '>' | ' ')).any(|(at, _)| {
        let name = line[..at].trim_end_matches(['"', '\'', ' ']);
        let name = name.rsplit(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.')).next();
        let value = line[at + 1..].split('<').next().unwrap_or("").trim_matches(['"', '\'', ' ', ',', ';', '=', ':']);
        let name = name.map(|name| name.trim_start_matches('-'));
        // Words of a sentence are no values.
        let single = !value.contains(' ');
        single && name.is_some_and(|name| judged(name, value).is_some())
    })
}

/// SQL that gives somebody a password.
fn statement(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    ["password '", "password('", "password=('", "identified by '"].iter().any(|start| lower.contains(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_with_credentials_are_known_from_those_without() {
        for text in [
            "[db]\npassword = hunter2\n",
            "spring:\n  datasource:\n    password: hunter2\n",
            "{\"apiKey\": \"8f14e45fceea167a\"}",
            "<password>hunter2</password>",
            "CREATE USER app WITH PASSWORD 'hunter2';",
            "ALTER USER root IDENTIFIED BY 'x';",
            "requirepass hunter2\nmasterauth x\nuser-password hunter2",
            "url: amqp://a:b@c",
        ] {
            assert!(holds(text), "{text}");
        }
        assert!(reports("{\"dsn\": \"https://examplePublicKey@o0.ingest.sentry.io:9000/prefix/1?x\"}"));
        for text in
            ["https://shop@x.io/1", "https://examplePublicKey@x.io/a", "https://x.io/1", "https://$KEYOFMINE@x/1"]
        {
            assert!(!reports(text), "{text}");
        }
        for text in [
            "server { listen 80; location / { proxy_pass http://web:3000; } }",
            "upload_max_filesize = 64M",
            "CREATE TABLE users (id int, password text NOT NULL);",
            "password: ${DB_PASSWORD}\ntoken_ttl: 15m",
            "# the password is in the vault",
            "#!/bin/sh\npg_isready",
        ] {
            assert!(!holds(text), "{text}");
        }
    }

    #[test]
    fn values_behind_telling_names_and_of_telling_shapes_are_found() {
        for (text, expected) in [
            ("a: 1\n  DB_PASSWORD: hunter2\nb: 2", vec!["hunter2"]),
            ("- \"API_KEY=abc\"", vec!["abc\""]),
            ("env: {A: b, SMTP_PASS: x, C: d}", vec!["x, C: d}"]),
            ("command: serve --admin-token=abc --port=80", vec!["abc --port=80"]),
            ("  URL: postgres://u:pw123456@db/x", vec!["URL: postgres://u:pw123456@db/x"]),
            ("test: mysqladmin ping -uroot -phunter2 -s", vec!["hunter2 -s"]),
            ("test: [CMD, redis-cli, -a, hunter2]", vec!["hunter2]"]),
            ("DSN: https://examplePublicKey@sentry.io/1", vec!["DSN: https://examplePublicKey@sentry.io/1"]),
            ("TOKEN_TTL: 15m\nimage: a:b", vec![]),
        ] {
            let found: Vec<&str> = credentials(text).into_iter().map(|(lo, hi)| &text[lo..hi]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
