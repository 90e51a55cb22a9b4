//! Passwords in command lines: behind the flags by which programs take them, in assignments, in URLs.

use crate::inventory::credential::{text as shape, variable as judged};

/// Programs that take a password behind `-p`, without a blank.
const MYSQL: &[&str] = &["mysql", "mysqladmin", "mysqldump", "mariadb", "mariadb-admin", "mariadb-dump"];

/// Passwords in the words of a command line, each with a name for it. A word may be a whole script.
pub(super) fn of(words: &[String]) -> Vec<(String, String)> {
    let mut tokens = words.iter().flat_map(|word| word.split_whitespace()).map(bare).peekable();
    let mut found = Vec::new();
    let mut program = "";
    while let Some(token) = tokens.next() {
        let next = tokens.peek().copied();
        let mut add = |name: &str, value: &str| {
            let value = bare(value);
            if !value.is_empty() && !value.starts_with('$') {
                found.push((name.to_owned(), value.to_owned()));
            }
        };
        let flag = token.trim_start_matches('-');
        if MYSQL.contains(&token.rsplit('/').next().unwrap_or("")) {
            program = "mysql";
        }
        if token.rsplit('/').next().is_some_and(|name| matches!(name, "redis-cli" | "valkey-cli")) {
            program = "redis";
        }
        match (token.split_once('='), next) {
            (Some((name, value)), _)
                if judged(&super::credentials::telling(name.trim_start_matches('-')), bare(value)).is_some() =>
            {
                add(name.trim_start_matches('-'), value);
            }
            (None, Some(value)) if matches!(token, "-u" | "--user") && value.contains(':') => {
                add("USER_PASSWORD", value.split_once(':').map_or("", |(_, password)| password));
            }
            (None, Some(value)) if program == "redis" && token == "-a" => add("REDIS_PASSWORD", value),
            (None, Some(value)) if flag != token && judged(flag, value).is_some() => add(flag, value),
            (None, _) if program == "mysql" && token.starts_with("-p") && token.len() > 2 => {
                add("MYSQL_PASSWORD", &token[2..]);
            }
            _ if shape(token).is_some() => add("ARGUMENT", token),
            _ => {}
        }
    }
    found
}

fn bare(token: &str) -> &str {
    token.trim_matches(['"', '\'', ';', '`'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_assignments_and_urls_are_known() {
        for (text, expected) in [
            ("serve --admin-password hunter2", vec!["hunter2"]),
            ("serve --admin-password=hunter2 -v", vec!["hunter2"]),
            ("sh -c 'curl -u admin:hunter2 http://x'", vec!["hunter2"]),
            ("mysqladmin ping -uroot -phunter2", vec!["hunter2"]),
            ("redis-cli -a hunter2 ping", vec!["hunter2"]),
            ("PGPASSWORD=hunter2 psql", vec!["hunter2"]),
            ("migrate mysql://root:hunter2@db/x", vec!["mysql://root:hunter2@db/x"]),
            ("mysqladmin ping -p$MYSQL_ROOT_PASSWORD", vec![]),
            ("serve --port=80 -p 8080 --password-file /x", vec![]),
        ] {
            let found: Vec<String> = of(&[text.to_owned()]).into_iter().map(|(_, value)| value).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
