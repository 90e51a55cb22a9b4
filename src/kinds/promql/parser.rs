//! Grammar and types of PromQL, in one pass by binding strength.

use super::functions::{aggregation, function, names};
use super::lexer::{Token, Word, word};
use super::{PromqlFault, Type};
use crate::text;
use std::ops::Range;

/// How deep expressions may nest; Prometheus has no limit, a stack has.
const DEEPEST: usize = 100;

/// Binding strength of `-x`: as strong as `*`, so that `-2 ^ 2` is `-(2 ^ 2)`.
const UNARY: u8 = 5;

/// An expression that was read.
#[derive(Clone, Copy)]
struct Read {
    of: Type,
    /// A plain selector, which may become a range.
    selector: bool,
    /// Something that takes `offset` and `@`.
    movable: bool,
    from: usize,
}

impl Read {
    fn value(of: Type, from: usize) -> Self {
        Self { of, selector: false, movable: false, from }
    }
}

struct Parser<'a> {
    text: &'a str,
    selectors: &'a [&'a str],
    next: Word,
    /// End of the last word taken.
    end: usize,
    depth: usize,
    /// Within square brackets, where a `:` is no part of a name.
    ranges: bool,
}

type Parsed<T> = Result<T, PromqlFault>;

/// Checks a whole text; see [`super::check_promql`].
pub(super) fn check(text: &str, selectors: &[&str]) -> Parsed<()> {
    let next = word(text, 0, false)?;
    let mut parser = Parser { text, selectors, next, end: 0, depth: 0, ranges: false };
    let read = parser.expression(0)?;
    if parser.next.token != Token::End {
        return Err(parser.unexpected("an operator or the end"));
    }
    match read.of {
        Type::Scalar | Type::Vector => Ok(()),
        other => Err(PromqlFault::new(read.from..parser.end, format!("a rule's expression can't be {}", other.name()))),
    }
}

fn fault<T>(at: Range<usize>, what: impl Into<String>) -> Parsed<T> {
    Err(PromqlFault::new(at, what))
}

/// Binding strength of a binary operator, and whether it compares.
fn binary(word: &str) -> Option<(u8, bool)> {
    match word.to_ascii_lowercase().as_str() {
        "or" => Some((1, false)),
        "and" | "unless" => Some((2, false)),
        "==" | "!=" | ">" | "<" | ">=" | "<=" => Some((3, true)),
        "+" | "-" => Some((4, false)),
        "*" | "/" | "%" | "atan2" => Some((5, false)),
        "^" => Some((6, false)),
        _ => None,
    }
}

/// Whether a pattern of names, ranges and counts, as in `api-[a-z0-9]+-[a-z0-9]{5}`, matches the empty text; nothing
/// for a pattern that holds more. Few do, and to parse one takes a hundred times as long.
fn plain_pattern(pattern: &str) -> Option<bool> {
    let mut empty = false;
    for mut rest in pattern.as_bytes().split(|byte| *byte == b'|') {
        empty |= rest.is_empty();
        while !rest.is_empty() {
            let one = one_character(rest)?;
            rest = match &rest[one..] {
                [b'+', tail @ ..] | [b'{', b'1'..=b'9', b'}', tail @ ..] => tail,
                tail => tail,
            };
        }
    }
    Some(empty)
}

/// Length of what stands for one character at the beginning of a pattern: a letter as in names, or ranges of them.
fn one_character(pattern: &[u8]) -> Option<usize> {
    let range = |range: &[u8]| matches!(range, [from, b'-', to] if from <= to && from.is_ascii_alphanumeric() && to.is_ascii_alphanumeric());
    match pattern {
        [b'[', ranges @ ..] => {
            let end = ranges.iter().position(|byte| *byte == b']').filter(|end| *end > 0)?;
            ranges[..end].chunks(3).all(range).then_some(end + 2)
        }
        [letter, ..] if letter.is_ascii_alphanumeric() || matches!(letter, b'_' | b'-') => Some(1),
        _ => None,
    }
}

impl<'a> Parser<'a> {
    fn peek(&self) -> &'a str {
        &self.text[self.next.at.clone()]
    }

    fn take(&mut self) -> Parsed<Word> {
        let next = word(self.text, self.next.at.end, self.ranges)?;
        self.end = self.next.at.end;
        Ok(std::mem::replace(&mut self.next, next))
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.next.token, Token::Sign(next) if next == sign)
    }

    fn accept(&mut self, sign: &str) -> Parsed<bool> {
        let there = self.is(sign);
        if there {
            self.take()?;
        }
        Ok(there)
    }

    fn expect(&mut self, sign: &str) -> Parsed<()> {
        if self.accept(sign)? { Ok(()) } else { Err(self.unexpected(&format!("`{sign}`"))) }
    }

    /// Whether the next word is this keyword, in any case.
    fn keyword(&self, keyword: &str) -> bool {
        self.next.token == Token::Name && self.peek().eq_ignore_ascii_case(keyword)
    }

    fn unexpected(&self, wanted: &str) -> PromqlFault {
        match self.next.token {
            Token::End => PromqlFault::new(self.end..self.end, format!("it ends where {wanted} was expected")),
            _ => PromqlFault::new(self.next.at.clone(), format!("`{}`, expected {wanted}", self.peek())),
        }
    }

    fn expression(&mut self, weakest: u8) -> Parsed<Read> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return fault(self.next.at.clone(), "it is nested too deeply");
        }
        let mut left = self.unary()?;
        loop {
            let operator = match self.next.token {
                Token::Sign(_) | Token::Name => binary(self.peek()),
                _ => None,
            };
            let Some((strength, compares)) = operator.filter(|(strength, _)| *strength > weakest) else { break };
            left = self.binary(left, strength, compares)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn binary(&mut self, left: Read, strength: u8, compares: bool) -> Parsed<Read> {
        let left_end = self.end;
        let operator = self.take()?;
        let name = self.text[operator.at.clone()].to_ascii_lowercase();
        let set = strength <= 2;
        let mut bool_modifier = false;
        if self.keyword("bool") {
            if !compares {
                return fault(self.next.at.clone(), format!("`bool` belongs to comparisons, not to `{name}`"));
            }
            self.take()?;
            bool_modifier = true;
        }
        let matching = self.matching(set)?;
        // `^` binds to the right.
        let right = self.expression(if strength == 6 { 5 } else { strength })?;
        for (side, end) in [(left, left_end), (right, self.end)] {
            if !matches!(side.of, Type::Scalar | Type::Vector) {
                let what = format!("`{name}` takes numbers and instant vectors, and this is {}", side.of.name());
                return fault(side.from..end, what);
            }
        }
        let scalars = [left, right].iter().filter(|side| side.of == Type::Scalar).count();
        if let Some(at) = matching.filter(|_| scalars > 0) {
            return fault(at, "labels are matched between two instant vectors, and one side is a number");
        }
        if set && scalars > 0 {
            return fault(operator.at, format!("`{name}` takes instant vectors, and one side is a number"));
        }
        if compares && scalars == 2 && !bool_modifier {
            return fault(operator.at, format!("two numbers are compared by `{name} bool`"));
        }
        let of = if scalars == 2 { Type::Scalar } else { Type::Vector };
        Ok(Read::value(of, left.from))
    }

    /// `on (…)`, `ignoring (…)` and their `group_left (…)`: where they stand.
    fn matching(&mut self, set: bool) -> Parsed<Option<Range<usize>>> {
        if !self.keyword("on") && !self.keyword("ignoring") {
            return Ok(None);
        }
        let at = self.take()?.at;
        self.labels()?;
        if self.keyword("group_left") || self.keyword("group_right") {
            let group = self.take()?.at;
            if set {
                return fault(group, "sets are matched many to many: no grouping");
            }
            if self.is("(") {
                self.labels()?;
            }
        }
        Ok(Some(at))
    }

    /// `(a, b)`.
    fn labels(&mut self) -> Parsed<()> {
        self.expect("(")?;
        while !self.accept(")")? {
            let name = self.next.token == Token::Name && !self.peek().contains(':');
            if !name && self.next.token != Token::Text {
                return Err(self.unexpected("a label's name or `)`"));
            }
            self.take()?;
            if !self.is(")") && !self.accept(",")? {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
        Ok(())
    }

    fn unary(&mut self) -> Parsed<Read> {
        let from = self.next.at.start;
        if self.accept("-")? || self.accept("+")? {
            let read = self.expression(UNARY)?;
            if !matches!(read.of, Type::Scalar | Type::Vector) {
                return fault(read.from..self.end, format!("a sign before {}", read.of.name()));
            }
            return Ok(Read::value(read.of, from));
        }
        let mut read = self.primary()?;
        loop {
            read = if self.is("[") {
                self.range(read)?
            } else if self.keyword("offset") || self.is("@") {
                self.moved(read)?
            } else {
                return Ok(read);
            };
        }
    }

    fn primary(&mut self) -> Parsed<Read> {
        let from = self.next.at.start;
        match self.next.token {
            Token::Number | Token::Duration => {
                // A duration is a number of seconds since Prometheus 3; older ones refuse it.
                if self.next.token == Token::Duration {
                    return Err(self.unexpected("an expression: durations stand in `[…]` and behind `offset`"));
                }
                self.take()?;
                Ok(Read::value(Type::Scalar, from))
            }
            Token::Text => {
                self.take()?;
                Ok(Read::value(Type::Text, from))
            }
            Token::Sign("(") => {
                self.take()?;
                let read = self.expression(0)?;
                self.expect(")")?;
                Ok(Read::value(read.of, from))
            }
            Token::Sign("{") => self.selector(from, false),
            Token::Name => self.named(from),
            Token::Variable => Err(self.unexpected("an expression: `$…` stands among matchers, as in `up{$selector}`")),
            Token::Sign(_) | Token::End => Err(self.unexpected("an expression")),
        }
    }

    /// What begins with a name: a number, an aggregation, a function or a selector.
    fn named(&mut self, from: usize) -> Parsed<Read> {
        let word = self.take()?;
        let name = &self.text[word.at.clone()];
        let number = name.eq_ignore_ascii_case("inf") || name.eq_ignore_ascii_case("nan");
        if number && !self.is("{") && !self.is("(") {
            return Ok(Read::value(Type::Scalar, from));
        }
        if let Some(known) = aggregation(name)
            && (self.is("(") || self.keyword("by") || self.keyword("without"))
        {
            return self.aggregation(name, known.parameter, from);
        }
        if self.is("(") {
            return self.call(name, word.at);
        }
        self.selector(from, true)
    }

    fn aggregation(&mut self, name: &str, parameter: Option<Type>, from: usize) -> Parsed<Read> {
        let before = self.grouping()?;
        self.expect("(")?;
        if let Some(wanted) = parameter {
            self.argument(name, wanted)?;
            self.expect(",")?;
        }
        self.argument(name, Type::Vector)?;
        if self.is(",") {
            let takes = if parameter.is_some() { "a parameter and an instant vector" } else { "one instant vector" };
            return fault(self.next.at.clone(), format!("`{name}` takes {takes}"));
        }
        self.expect(")")?;
        if !before {
            self.grouping()?;
        }
        Ok(Read::value(Type::Vector, from))
    }

    /// `by (…)` or `without (…)`.
    fn grouping(&mut self) -> Parsed<bool> {
        let there = self.keyword("by") || self.keyword("without");
        if there {
            self.take()?;
            self.labels()?;
        }
        Ok(there)
    }

    fn argument(&mut self, of: &str, wanted: Type) -> Parsed<()> {
        let read = self.expression(0)?;
        if read.of == wanted {
            return Ok(());
        }
        let mut what = format!("`{of}` takes {} here, and this is {}", wanted.name(), read.of.name());
        if wanted == Type::Matrix && read.of == Type::Vector {
            what.push_str(": write a range such as `[5m]` behind it");
        }
        fault(read.from..self.end, what)
    }

    fn call(&mut self, name: &str, at: Range<usize>) -> Parsed<Read> {
        let Some(function) = function(name) else {
            let near = text::nearest(name, names());
            let cure = near.map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
            return fault(at, format!("there is no function `{name}`{cure}"));
        };
        self.expect("(")?;
        let mut count = 0;
        while !self.is(")") {
            let wanted = match function.takes.get(count) {
                Some(wanted) => *wanted,
                None if function.repeats => function.takes[function.takes.len() - 1],
                None => {
                    let most = text::count(function.takes.len(), "argument");
                    return fault(self.next.at.clone(), format!("`{name}` takes {most}"));
                }
            };
            self.argument(name, wanted)?;
            count += 1;
            if !self.is(")") && !self.accept(",")? {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
        self.expect(")")?;
        if count < function.takes.len() - function.optional {
            let least = text::count(function.takes.len() - function.optional, "argument");
            return fault(at.start..self.end, format!("`{name}` takes {least}"));
        }
        Ok(Read::value(function.gives, at.start))
    }

    /// A metric's name that was taken, or none, and matchers in braces.
    fn selector(&mut self, from: usize, named: bool) -> Parsed<Read> {
        let mut selects = named;
        if self.accept("{")? {
            while !self.accept("}")? {
                selects |= self.matcher(named)?;
                if !self.is("}") && !self.accept(",")? {
                    return Err(self.unexpected("`,` or `}`"));
                }
            }
        }
        if !selects {
            let what = "it selects every series there is: at least one matcher must not match the empty text";
            return fault(from..self.end, what);
        }
        Ok(Read { of: Type::Vector, selector: true, movable: true, from })
    }

    /// One matcher; whether it refuses the empty text.
    fn matcher(&mut self, named: bool) -> Parsed<bool> {
        if self.next.token == Token::Variable {
            let name = &self.peek()[1..];
            if !self.selectors.contains(&name) {
                let legal = text::suggest(name, self.selectors.iter().copied());
                return fault(self.next.at.clone(), format!("there is no `${name}`: {legal}"));
            }
            self.take()?;
            return Ok(true);
        }
        let fine = self.next.token == Token::Name && !self.peek().contains(':') || self.next.token == Token::Text;
        if !fine {
            return Err(self.unexpected("a label's name or `}`"));
        }
        let label = self.take()?;
        // The metric's own name in quotes (Prometheus 3).
        if label.token == Token::Text && (self.is(",") || self.is("}")) {
            return Ok(true);
        }
        if named && &self.text[label.at.clone()] == "__name__" {
            return fault(label.at, "the metric's name stands before the braces already");
        }
        let Token::Sign(operator @ ("=" | "!=" | "=~" | "!~")) = self.next.token else {
            return Err(self.unexpected("`=`, `!=`, `=~` or `!~`"));
        };
        self.take()?;
        if self.next.token != Token::Text {
            return Err(self.unexpected("a text in quotes"));
        }
        let value = self.take()?;
        let inner = &self.text[value.at.start + 1..value.at.end - 1];
        match operator {
            "=" => Ok(!inner.is_empty()),
            "!=" => Ok(inner.is_empty()),
            _ => self.pattern(inner, &value).map(|empty| (operator == "=~") != empty),
        }
    }

    /// Whether a pattern matches the empty text; a fault where no dialect takes it.
    fn pattern(&self, inner: &str, value: &Word) -> Parsed<bool> {
        let raw = self.text[value.at.clone()].starts_with('`');
        let pattern = if raw { inner.to_owned() } else { inner.replace("\\\\", "\\") };
        if let Some(empty) = plain_pattern(&pattern) {
            return Ok(empty);
        }
        match regex_syntax::parse(&pattern) {
            // Only what stands at the edge of a word needs a character there.
            Ok(tree) => Ok(tree.properties().minimum_len() == Some(0) && !tree.properties().look_set().contains_word()),
            Err(error) => {
                let error = error.to_string();
                let sure = ["unclosed group", "unopened group", "unclosed character class", "missing expression"];
                match sure.into_iter().find(|sure| error.contains(sure)) {
                    Some(what) => fault(value.at.clone(), format!("not a regular expression: {what}")),
                    // RE2 takes a little that this dialect does not.
                    None => Ok(false),
                }
            }
        }
    }

    /// `[5m]` behind a selector, `[1h:5m]` behind an instant vector.
    fn range(&mut self, read: Read) -> Parsed<Read> {
        self.ranges = true;
        self.take()?;
        self.duration("a range such as `[5m]`")?;
        let subquery = self.accept(":")?;
        if subquery && !self.is("]") {
            self.duration("a step such as `5m`, or `]`")?;
        }
        self.ranges = false;
        self.expect("]")?;
        if subquery && read.of != Type::Vector {
            return fault(
                read.from..self.end,
                format!("a subquery is made of an instant vector, and this is {}", read.of.name()),
            );
        }
        if !subquery && !read.selector {
            return fault(
                read.from..self.end,
                "a range belongs to a selector; write a subquery such as `[1h:]` for an expression's",
            );
        }
        Ok(Read { of: Type::Matrix, selector: false, movable: true, from: read.from })
    }

    fn duration(&mut self, wanted: &str) -> Parsed<()> {
        let zero = !self.peek().bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        match self.next.token {
            Token::Duration if zero => fault(self.next.at.clone(), "a duration here is longer than nothing"),
            Token::Duration => self.take().map(|_| ()),
            _ => Err(self.unexpected(wanted)),
        }
    }

    /// `offset 5m`, `@ end()`.
    fn moved(&mut self, read: Read) -> Parsed<Read> {
        let word = self.take()?;
        if !read.movable {
            return fault(word.at, "it stands behind a selector, a range or a subquery");
        }
        if word.token == Token::Name {
            self.accept("-")?;
            if self.next.token != Token::Duration {
                return Err(self.unexpected("a duration such as `5m`"));
            }
            self.take()?;
        } else if self.keyword("start") || self.keyword("end") {
            self.take()?;
            self.expect("(")?;
            self.expect(")")?;
        } else {
            if !self.accept("-")? {
                self.accept("+")?;
            }
            if self.next.token != Token::Number {
                return Err(self.unexpected("a time in seconds, `start()` or `end()`"));
            }
            self.take()?;
        }
        // Nothing makes a range of it any more.
        Ok(Read { selector: false, ..read })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn plain_patterns_are_what_the_parser_says(pattern in r"(a|b|z|0|9|-|_|\||\[a-z\]|\[z-a\]|\[a-z0-9\]|\[|\]|\{5\}|\{0\}|\+|\+\+){0,6}") {
            if let Some(empty) = plain_pattern(&pattern) {
                let tree = regex_syntax::parse(&pattern).unwrap();
                prop_assert_eq!(empty, tree.properties().minimum_len() == Some(0));
            }
        }
    }
}
