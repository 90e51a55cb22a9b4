//! Scalars: as values under their tags, and as keys.

use super::{Anchored, Builder, Frame, Open, Slot, Stop, control, tag_range, unknown_tag};
use crate::diag::Code;
use crate::source::{Key, Node, Str, Value};
use crate::yaml::fault::Fault;
use crate::yaml::scalar::{Plain, resolve, tagged};
use crate::yaml::{characters, syntax};
use granit_parser::{ScalarStyle, Span, Tag};
use std::borrow::Cow;
use std::ops::Range;

impl Builder<'_> {
    pub(super) fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: &Span,
    ) -> Result<(), Stop> {
        let mut range = span.byte_range().unwrap_or(0..0);
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            // The parser's span runs on to the next token.
            let written = self.text.get(range.clone()).unwrap_or("");
            range.end = range.start + written.trim_end().len();
        }
        self.last_scalar = range.clone();
        if style == ScalarStyle::DoubleQuoted && matches!(text, Cow::Owned(_)) {
            self.check_escapes(&range)?;
        }
        let absent = style == ScalarStyle::Plain && range.start == range.end;
        // The parser gives `~` for an absent node.
        let text = if absent { Cow::Borrowed("") } else { text };
        if matches!(self.frames.last(), Some(Frame { open: Open::Map { slot: Slot::Key, .. }, .. })) {
            return self.scalar_key(text, style, anchor, tag, range, span);
        }
        if absent && self.text.as_bytes().get(range.start) == Some(&b':') {
            // The parser's place is before the `:`.
            range = range.start + 1..range.start + 1;
        }
        self.spend(1, &range)?;
        let value = match tag {
            Some(tag) => self.tagged_value(tag, text, style, &range, span)?,
            None if style == ScalarStyle::Plain => self.plain_value(text, &range)?,
            None => Value::String(Str::from(text)),
        };
        let node = Node::new(value, self.locate.at(range.clone()));
        self.finished(node, anchor, range, 1, 0)
    }

    fn plain_value(&mut self, text: Cow<'_, str>, range: &Range<usize>) -> Result<Value, Stop> {
        Ok(match resolve(&text) {
            Plain::Null => Value::Null,
            Plain::Bool(value) => Value::Bool(value),
            Plain::Int(number) => Value::Int(number),
            Plain::Float(number) => Value::Float(number),
            Plain::Text => Value::String(Str::from(text)),
            Plain::NotFinite => {
                let shown = syntax::shorten(&text);
                self.fault(Fault::new(
                    Code::InvalidValue,
                    format!("`{shown}` is a number that JSON and Kubernetes cannot hold"),
                    range.clone(),
                    "quote it if it is text",
                ))?;
                Value::String(Str::from(text))
            }
        })
    }

    fn tagged_value(
        &mut self,
        tag: &Tag,
        text: Cow<'_, str>,
        style: ScalarStyle,
        range: &Range<usize>,
        span: &Span,
    ) -> Result<Value, Stop> {
        // `!` alone asks for a string (YAML 1.2.2, 6.9.1).
        let core = if tag.original() == "!" { Some("str") } else { tag.core_suffix() };
        let Some(core) = core else {
            self.fault(unknown_tag(tag, tag_range(span, range)))?;
            return if style == ScalarStyle::Plain {
                self.plain_value(text, range)
            } else {
                Ok(Value::String(Str::from(text)))
            };
        };
        let shown = syntax::shorten(&text).into_owned();
        if let Some(value) = tagged(core, text) {
            return Ok(value);
        }
        let message = format!("`{shown}` does not fit the tag `{}`", tag.original());
        self.fault(Fault::new(Code::YamlFeature, message, range.clone(), "").and(tag_range(span, range), "the tag"))?;
        Ok(Value::String(Str::from(shown)))
    }

    fn check_escapes(&mut self, range: &Range<usize>) -> Result<(), Stop> {
        let source = self.text.get(range.clone()).unwrap_or("");
        for (place, character) in characters::escaped(source) {
            self.fault(control(character, range.start + place.start..range.start + place.end))?;
        }
        Ok(())
    }

    fn scalar_key(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        range: Range<usize>,
        span: &Span,
    ) -> Result<(), Stop> {
        let plain = style == ScalarStyle::Plain && tag.is_none();
        if plain && text == "<<" {
            return self.merge_key(range);
        }
        if plain && resolve(&text) == Plain::Null {
            self.set_slot(Slot::Refused);
            let (message, label) = if text.is_empty() {
                ("a key is missing before `:`".to_owned(), "expected a key".to_owned())
            } else {
                (format!("`{text}` as a key means no key at all"), format!("quote it: `\"{text}\"`"))
            };
            return self.fault(Fault::new(Code::YamlFeature, message, range, label));
        }
        if let Some(tag) = tag {
            self.tagged_value(tag, text.clone(), style, &range, span)?;
        }
        if anchor != 0 {
            let node = Node::string(&*text, self.locate.at(range.clone()));
            self.anchors.insert(anchor, Anchored { node, range: range.clone(), nodes: 1, height: 0 });
        }
        let origin = self.locate.at(range.clone());
        self.key(Key { text: Str::from(text), origin }, range)
    }
}
