//! The part of a POSIX shell that generated commands may use, read: words, quotes, substitutions, pipes,
//! assignments. Whatever is beyond that is refused, so that no command goes unread.

use std::iter::Peekable;
use std::str::Chars;

/// A program and its arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simple {
    /// `NAME=value` in front of it, or alone.
    pub assignments: Vec<(String, Word)>,
    /// The program first.
    pub words: Vec<Word>,
}

/// A word without its quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// Its text; a variable is `$NAME`, a substitution `$()`.
    pub text: String,
    /// What is run to make it.
    pub inner: Vec<Simple>,
    /// Variables that it is made of.
    pub variables: Vec<String>,
}

/// All commands of a line, in order; of a pipe each is one.
///
/// # Panics
/// If a shell would not read the line, or read it in a way that this does not know.
pub fn commands(line: &str) -> Vec<Simple> {
    let mut chars = line.chars().peekable();
    let found = list(&mut chars, false);
    assert!(chars.next().is_none(), "unread: {line}");
    found
}

fn list(chars: &mut Peekable<Chars<'_>>, nested: bool) -> Vec<Simple> {
    let mut all = vec![Simple::default()];
    loop {
        match chars.peek() {
            None => break,
            Some(')') if nested => break,
            Some(' ') => drop(chars.next()),
            Some('#') => chars.by_ref().for_each(drop),
            Some('|' | '&' | ';') => {
                let end = chars.next();
                assert!(
                    !matches!((end, chars.peek()), (Some('|'), Some('|')) | (Some('&'), Some('&'))),
                    "a list of commands"
                );
                all.push(Simple::default());
            }
            Some(_) => {
                let word = word(chars);
                let command = all.last_mut().expect("a command");
                let name = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_uppercase() || c == '_');
                match word.text.split_once('=') {
                    Some((left, right)) if command.words.is_empty() && name(left) => {
                        command.assignments.push((left.to_owned(), Word { text: right.to_owned(), ..word }));
                    }
                    _ => command.words.push(word),
                }
            }
        }
    }
    all.retain(|command| *command != Simple::default());
    all
}

fn word(chars: &mut Peekable<Chars<'_>>) -> Word {
    let mut word = Word::default();
    while let Some(&c) = chars.peek() {
        match c {
            ' ' | '|' | '&' | ';' | ')' => break,
            '\'' => {
                chars.next();
                loop {
                    match chars.next().expect("a quote that ends") {
                        '\'' => break,
                        c => word.text.push(c),
                    }
                }
            }
            '"' => {
                chars.next();
                loop {
                    match chars.peek().expect("a quote that ends") {
                        '"' => break,
                        '$' => dollar(chars, &mut word),
                        '`' | '\\' => panic!("`{c}` in double quotes"),
                        _ => word.text.extend(chars.next()),
                    }
                }
                chars.next();
            }
            '$' => dollar(chars, &mut word),
            '\\' => {
                chars.next();
                word.text.push(chars.next().expect("something that is escaped"));
            }
            '*' | '?' | '[' | '{' | '<' | '>' | '`' | '~' | '(' | '!' => {
                // A `!` means something in front of a word alone.
                assert!(c == '!' && !word.text.is_empty(), "bare `{c}` behind `{}`", word.text);
                word.text.extend(chars.next());
            }
            _ => word.text.extend(chars.next()),
        }
    }
    word
}

fn dollar(chars: &mut Peekable<Chars<'_>>, word: &mut Word) {
    chars.next();
    match chars.peek() {
        Some('(') => {
            chars.next();
            word.inner.extend(list(chars, true));
            assert_eq!(chars.next(), Some(')'), "a substitution that ends");
            word.text.push_str("$()");
        }
        Some('\'') => {
            chars.next();
            loop {
                match chars.next().expect("a quote that ends") {
                    '\'' => break,
                    '\\' => match chars.next().expect("something that is escaped") {
                        'n' => word.text.push('\n'),
                        't' => word.text.push('\t'),
                        c => word.text.push(c),
                    },
                    c => word.text.push(c),
                }
            }
        }
        Some(c) if c.is_ascii_alphabetic() => {
            let mut name = String::new();
            while let Some(c) = chars.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                name.push(c);
            }
            word.text.extend(["$", &name]);
            word.variables.push(name);
        }
        other => panic!("`$` before {other:?}"),
    }
}

#[test]
fn lines_are_read_as_a_shell_reads_them() {
    let texts = |line: &str| -> Vec<Vec<String>> {
        commands(line).iter().map(|one| one.words.iter().map(|word| word.text.clone()).collect()).collect()
    };
    assert_eq!(texts("a 'b c' d\"e $F\" # g | h"), [vec!["a", "b c", "de $F"]]);
    assert_eq!(texts("a -l 'x in (y,z)' | b & c"), [vec!["a", "-l", "x in (y,z)"], vec!["b"], vec!["c"]]);
    assert_eq!(texts("a \"$(b -c | d)\" $'e\\nf'"), [vec!["a", "$()", "e\nf"]]);
    let one = &commands("A=b-\"$(date +%s)\"")[0];
    assert_eq!((one.assignments[0].0.as_str(), one.assignments[0].1.text.as_str()), ("A", "b-$()"));
    assert_eq!(one.assignments[0].1.inner[0].words[0].text, "date");
    for bad in ["a 'b", "a \"b", "a $(b", "a `b`", "a *", "a && b", "a > b", "a \"\\b\""] {
        assert!(std::panic::catch_unwind(|| commands(bad)).is_err(), "{bad}");
    }
}
