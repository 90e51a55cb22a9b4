//! Passwords in command lines: behind the flags by which programs take them, in assignments, in URLs.
//!
//! A flag says nothing without its program: `-p` is a password to `mysql` and a port to others.

use super::credential::{is_name, text as shape, variable as judged};

/// A password in a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Password {
    /// A name for it.
    pub name: String,
    /// It, without quotes.
    pub value: String,
    /// Which word it stands in.
    pub word: usize,
}

/// How a program takes a password.
#[derive(Clone, Copy)]
enum Takes {
    /// Behind the flag, with or without a blank.
    Either(&'static str),
    /// In the same word as the flag: alone, the flag asks for it.
    Joined(&'static str),
    /// In the next word.
    Next(&'static str),
    /// As the last of so many words that are no flags, behind these two: `alias set NAME URL USER PASSWORD`.
    Last(&'static [&'static str], usize),
}

/// How programs are called.
#[derive(Clone, Copy)]
enum Called {
    /// So.
    So(&'static str),
    /// With more behind it: `mysqladmin`, `mariadb-dump`.
    Like(&'static str),
}

/// Programs, and the name that is given to what they are told.
const PROGRAMS: &[(Called, &str, &[Takes])] = &[
    (Called::Like("mysql"), "MYSQL_PASSWORD", &[Takes::Joined("-p")]),
    (Called::Like("mariadb"), "MYSQL_PASSWORD", &[Takes::Joined("-p")]),
    (Called::Like("redis-cli"), "REDIS_PASSWORD", &[Takes::Next("-a"), Takes::Next("--pass")]),
    (Called::Like("valkey-cli"), "REDIS_PASSWORD", &[Takes::Next("-a"), Takes::Next("--pass")]),
    (Called::Like("mongo"), "MONGO_PASSWORD", &[Takes::Either("-p")]),
    (Called::So("sqlcmd"), "MSSQL_PASSWORD", &[Takes::Either("-P")]),
    (Called::So("cqlsh"), "CASSANDRA_PASSWORD", &[Takes::Either("-p")]),
    (Called::So("sshpass"), "SSH_PASSWORD", &[Takes::Either("-p")]),
    (
        Called::So("mc"),
        "MINIO_PASSWORD",
        &[Takes::Last(&["alias", "set"], 4), Takes::Last(&["config", "host", "add"], 4)],
    ),
];

/// Programs whose names begin like one of those, and that take no password: they are the servers.
const SERVERS: &[&str] = &["mysqld", "mysqld_safe", "mariadbd", "mariadbd-safe", "mongod", "mongos"];

/// A program that is being told something.
struct Told {
    name: &'static str,
    takes: &'static [Takes],
    /// Words so far that are no flags.
    plain: Vec<String>,
}

/// Passwords in the words of a command line. A word may be a whole script.
#[must_use]
pub fn of(words: &[String]) -> Vec<Password> {
    found(words, true)
}

/// Those behind flags and names alone, for who has looked for the shapes of credentials already.
#[must_use]
pub fn behind_flags(words: &[String]) -> Vec<Password> {
    found(words, false)
}

fn found(words: &[String], shapes: bool) -> Vec<Password> {
    let tokens: Vec<(usize, &str)> =
        words.iter().enumerate().flat_map(|(at, word)| word.split_whitespace().map(move |token| (at, token))).collect();
    let mut found: Vec<Password> = Vec::new();
    let mut told: Option<Told> = None;
    for (index, (word, raw)) in tokens.iter().enumerate() {
        let token = bare(raw);
        if matches!(*raw, "&&" | "||" | "|" | ";") {
            told = None;
        }
        // A word of its own is a value as a whole, blanks and all.
        let next = tokens.get(index + 1).map(|(at, token)| {
            let whole = words.get(*at).filter(|_| at != word).map_or(*token, String::as_str);
            (*at, bare(whole))
        });
        let mut add = |name: &str, value: &str, word: usize| {
            let value = bare(value);
            if !value.is_empty() && !value.starts_with('$') {
                found.push(Password { name: name.to_owned(), value: value.to_owned(), word });
            }
        };
        let flag = token.trim_start_matches('-');
        if let Some(program) = program(token) {
            told = Some(program);
        }
        if let Some((name, value)) = token.split_once('=') {
            let name = name.trim_start_matches('-');
            if name == "REDISCLI_AUTH" || (shapes || is_name(name)) && judged(name, bare(value)).is_some() {
                add(name, value, *word);
                continue;
            }
        } else if let Some((there, value)) = next
            && flag != token
        {
            if matches!(token, "-u" | "--user") && value.contains(':') {
                add("USER_PASSWORD", value.split_once(':').map_or("", |(_, password)| password), there);
                continue;
            }
            if (shapes || is_name(flag)) && judged(flag, value).is_some() {
                add(flag, value, there);
                continue;
            }
        }
        if let Some(told) = &mut told
            && let Some((value, at)) = told.password(token, *word, next)
        {
            add(told.name, value, at);
            continue;
        }
        if shapes && shape(token).is_some() {
            add("ARGUMENT", token, *word);
        }
    }
    found
}

/// The program that a word starts, if it is one that takes passwords.
fn program(token: &str) -> Option<Told> {
    let name = token.rsplit('/').next()?;
    if SERVERS.contains(&name) || token.contains(['=', ':', '@']) {
        return None;
    }
    let ends = |rest: &str| rest.bytes().all(|c| c.is_ascii_lowercase() || c == b'-' || c == b'_');
    let (_, said, takes) = PROGRAMS.iter().find(|(called, ..)| match called {
        Called::So(whole) => name == *whole,
        Called::Like(begins) => name.strip_prefix(begins).is_some_and(ends),
    })?;
    Some(Told { name: said, takes, plain: Vec::new() })
}

impl Told {
    /// The password that a word is, or that the one behind it is.
    fn password<'t>(
        &mut self,
        token: &'t str,
        word: usize,
        next: Option<(usize, &'t str)>,
    ) -> Option<(&'t str, usize)> {
        let behind = |flag: &str| token.strip_prefix(flag).filter(|rest| !rest.is_empty()).map(|rest| (rest, word));
        for takes in self.takes {
            let found = match *takes {
                Takes::Joined(flag) => behind(flag),
                Takes::Next(flag) => next.filter(|_| token == flag).map(|(at, value)| (value, at)),
                Takes::Either(flag) if token == flag => next.map(|(at, value)| (value, at)),
                Takes::Either(flag) => behind(flag),
                Takes::Last(words, count) => {
                    let begins = words
                        .iter()
                        .enumerate()
                        .all(|(at, word)| self.plain.get(at + 1).is_some_and(|plain| plain == word));
                    let last = self.plain.len() == words.len() + count;
                    (begins && last && !token.starts_with('-')).then_some((token, word))
                }
            };
            if found.is_some() {
                return found;
            }
        }
        if !token.starts_with('-') {
            self.plain.push(token.to_owned());
        }
        None
    }
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
            ("/usr/bin/mysqladmin ping -h localhost -p'hunter2' --silent", vec!["hunter2"]),
            ("mariadb-admin ping -phunter2", vec!["hunter2"]),
            ("redis-cli -a hunter2 ping", vec!["hunter2"]),
            ("valkey-cli --pass hunter2 ping", vec!["hunter2"]),
            ("REDISCLI_AUTH=hunter2 redis-cli ping", vec!["hunter2"]),
            ("mongosh -u root -p hunter2 --eval x", vec!["hunter2"]),
            ("/opt/mssql-tools/bin/sqlcmd -S localhost -U sa -P \"Hunter#2\" -Q x", vec!["Hunter#2"]),
            ("mc alias set local http://minio:9000 minio hunter2 && mc mb local/x", vec!["hunter2"]),
            ("mc config host add local http://minio:9000 minio hunter2", vec!["hunter2"]),
            ("PGPASSWORD=hunter2 psql", vec!["hunter2"]),
            ("migrate mysql://root:hunter2@db/x", vec!["mysql://root:hunter2@db/x"]),
            ("mysqladmin ping -p$MYSQL_ROOT_PASSWORD", vec![]),
            ("mysql -h db -p shop", vec![]),
            ("mysqladmin ping && serve -p8080", vec![]),
            ("mongosh --port 27017 --eval x", vec![]),
            ("mongod --port 27017 -p8080", vec![]),
            ("wait mysql:3306 -p8080", vec![]),
            ("mc ls local/x/y/z a b", vec![]),
            ("redis-server -a x", vec![]),
            ("serve --port=80 -p 8080 --password-file /x", vec![]),
        ] {
            let found: Vec<String> = of(&[text.to_owned()]).into_iter().map(|found| found.value).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn what_has_a_shape_alone_is_behind_no_flag() {
        let words = |text: &str| behind_flags(&[text.to_owned()]).len();
        assert_eq!(
            (words("mysqladmin -px1y2z3"), words("serve --db-password x1y2z3"), words("a postgres://u:x1@h/d")),
            (1, 1, 0)
        );
    }

    #[test]
    fn a_word_of_its_own_is_a_value_as_a_whole() {
        let words = ["sqlcmd", "-P", "two words", "-Q", "SELECT 1"].map(str::to_owned);
        let expected = Password { name: "MSSQL_PASSWORD".to_owned(), value: "two words".to_owned(), word: 2 };
        assert_eq!(of(&words), [expected]);
    }
}
