//! `serde::Deserializer` for a node of the marked tree.
//!
//! Strict where Kubernetes' own decoder is: no scalar becomes another, except that a whole number
//! is a number, and that a quantity may be written as a number (`cpu: 2`), as `Quantity`'s
//! `UnmarshalJSON` takes both (apimachinery `pkg/api/resource/quantity.go`).

use super::access::{ListAccess, MapAccess, Shape};
use super::{Cursor, FaultKind, Refusal, shown};
use crate::kinds::{formats, rules};
use crate::source::Value;
use crate::text;
use serde::de::{Deserializer, Visitor};

/// One value to be read.
pub(super) struct De<'t, 'c> {
    cursor: &'c Cursor<'t, 'c>,
    /// Nothing is read: the value was refused, and anything harmless will do in its place.
    stand_in: bool,
    /// The struct that the value is a field of.
    owner: Option<Shape>,
}

impl<'t, 'c> De<'t, 'c> {
    /// The value at `cursor`.
    pub fn new(cursor: &'c Cursor<'t, 'c>) -> Self {
        Self { cursor, stand_in: false, owner: None }
    }

    /// The value of a field of `owner`.
    pub fn field(cursor: &'c Cursor<'t, 'c>, owner: Option<Shape>) -> Self {
        Self { cursor, stand_in: false, owner }
    }

    /// Something harmless in the place of the value at `cursor`.
    pub fn stand_in(cursor: &'c Cursor<'t, 'c>) -> Self {
        Self { cursor, stand_in: true, owner: None }
    }

    fn value(&self) -> &'t Value {
        &self.cursor.node.value
    }

    fn wrong_type(&self, expected: &str) -> Refusal {
        let problem = format!("is {}", self.value().kind());
        self.cursor.fault(FaultKind::WrongType, self.cursor.node.origin, &problem, format!("expected {expected}"));
        Refusal::recorded()
    }

    fn integer(&self, min: i64, max: i64, bits: u32) -> Result<i64, Refusal> {
        match self.value() {
            _ if self.stand_in => Ok(0),
            Value::Int(number) if (min..=max).contains(number) => Ok(*number),
            Value::Int(number) => {
                self.cursor.invalid(format!("is `{number}`"), format!("expected a {bits}-bit number, {min} to {max}"));
                Err(Refusal::recorded())
            }
            _ => Err(self.wrong_type("a whole number")),
        }
    }

    fn string(&self) -> Result<&'t str, Refusal> {
        match self.value() {
            _ if self.stand_in => Ok(""),
            Value::String(text) => Ok(text),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => Err(self.wrong_type("a string; write it in quotes")),
            Value::Null | Value::List(_) | Value::Map(_) => Err(self.wrong_type("a string")),
        }
    }

    // These are apart from the visitors, which are compiled for each type there is.

    /// The items of a list.
    #[inline(never)]
    pub fn list(&self) -> Result<ListAccess<'t, 'c>, Refusal> {
        match self.value() {
            _ if self.stand_in => Ok(ListAccess::new(self.cursor, &[])),
            Value::List(items) => Ok(ListAccess::new(self.cursor, items)),
            _ => Err(self.wrong_type("a list")),
        }
    }

    /// The entries of a mapping, read as a struct of this name and fields, or freely.
    #[inline(never)]
    pub fn mapping(&self, of: Option<(&'static str, &'static [&'static str])>) -> Result<MapAccess<'t, 'c>, Refusal> {
        match self.value() {
            _ if self.stand_in => Ok(MapAccess::empty(self.cursor)),
            Value::Map(map) => {
                #[cfg(test)]
                of.iter().for_each(|(name, fields)| super::survey::met(self.cursor, name, fields));
                let shape = of.map(|(name, fields)| Shape { name, fields, rules: rules::of(name) });
                Ok(MapAccess::new(self.cursor, map, shape))
            }
            _ => Err(self.wrong_type("a mapping")),
        }
    }

    /// Looks at a struct as a whole.
    #[inline(never)]
    pub fn has_read(&self, shape: Option<Shape>) {
        if let Some(shape) = shape {
            shape.rules.of_the_whole(self.cursor, shape.name);
        }
    }

    /// Records that the value's key is none of its owner's fields.
    pub fn unknown(&self) {
        let (name, fields) = self.owner.map_or(("the type", [].as_slice()), |owner| (owner.name, owner.fields));
        let problem = format!("is not a field of {name}");
        let label = advice(self.cursor.key(), fields);
        self.cursor.fault(FaultKind::UnknownField, self.cursor.key_origin(), &problem, label);
    }

    fn quantity(&self) -> Result<(), Refusal> {
        let text = match self.value() {
            Value::String(text) => text.to_string(),
            Value::Int(number) => number.to_string(),
            Value::Float(number) => number.to_string(),
            _ => return Err(self.wrong_type("a quantity such as `250m`, `2` or `1Gi`")),
        };
        if crate::kinds::quantity::nanos(&text).is_none() {
            self.cursor.invalid(format!("is `{}`, not a quantity", shown(&text)), formats::QUANTITY.legal);
            return Err(Refusal::recorded());
        }
        Ok(())
    }

    fn time(&self) -> Result<(), Refusal> {
        let text = self.string()?;
        if !(formats::TIME.test)(text) {
            self.cursor.invalid(format!("is `{}`, not {}", shown(text), formats::TIME.name), formats::TIME.legal);
            return Err(Refusal::recorded());
        }
        Ok(())
    }
}

/// The field that was meant, or all there are if they are few.
fn advice(key: &str, fields: &[&str]) -> String {
    const FEW: usize = 12;
    if fields.len() <= FEW {
        return text::suggest(key, fields.iter().copied());
    }
    text::nearest(key, fields.iter().copied()).map(|near| format!("did you mean `{near}`?")).unwrap_or_default()
}

macro_rules! integers {
    ($($method:ident $visit:ident $int:ty, $min:expr, $max:expr;)*) => {
        $(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
                let number = self.integer($min, $max, <$int>::BITS)?;
                #[allow(clippy::cast_sign_loss, reason = "the range is checked")]
                visitor.$visit(number as $int)
            }
        )*
    };
}

impl<'de> Deserializer<'de> for De<'de, '_> {
    type Error = Refusal;

    integers! {
        deserialize_i8 visit_i8 i8, i64::from(i8::MIN), i64::from(i8::MAX);
        deserialize_i16 visit_i16 i16, i64::from(i16::MIN), i64::from(i16::MAX);
        deserialize_i32 visit_i32 i32, i64::from(i32::MIN), i64::from(i32::MAX);
        deserialize_i64 visit_i64 i64, i64::MIN, i64::MAX;
        deserialize_u8 visit_u8 u8, 0, i64::from(u8::MAX);
        deserialize_u16 visit_u16 u16, 0, i64::from(u16::MAX);
        deserialize_u32 visit_u32 u32, 0, i64::from(u32::MAX);
        deserialize_u64 visit_u64 u64, 0, i64::MAX;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        if self.stand_in {
            return visitor.visit_str("");
        }
        match self.value() {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Int(number) => visitor.visit_i64(*number),
            Value::Float(number) => visitor.visit_f64(*number),
            Value::String(text) => visitor.visit_str(text),
            Value::List(items) => visitor.visit_seq(ListAccess::new(self.cursor, items)),
            Value::Map(map) => {
                visitor.visit_map(MapAccess::new(self.cursor, map, Shape::behind(std::any::type_name::<V::Value>())))
            }
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.value() {
            _ if self.stand_in => visitor.visit_bool(false),
            Value::Bool(value) => visitor.visit_bool(*value),
            _ => Err(self.wrong_type("a boolean")),
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "JSON has one type of numbers")]
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self.value() {
            _ if self.stand_in => visitor.visit_f64(0.0),
            Value::Int(number) => visitor.visit_f64(*number as f64),
            Value::Float(number) if number.is_finite() => visitor.visit_f64(*number),
            Value::Float(_) => {
                self.cursor.invalid("is not a finite number", "expected a number that JSON can hold");
                Err(Refusal::recorded())
            }
            _ => Err(self.wrong_type("a number")),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        let text = self.string()?;
        visitor.visit_str(text).map_err(|refusal| {
            // Said in our words: a library's may quote a secret.
            match std::any::type_name::<V::Value>() {
                name if name.ends_with("ByteString") => Refusal::value(
                    "is not base64",
                    "expected standard base64 with padding; plain text goes into `data` of a ConfigMap, `stringData` of a Secret",
                ),
                name if name.ends_with("Timestamp") => Refusal::value("is not a time that exists", ""),
                _ => refusal,
            }
        })
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_str(self.string()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        if self.stand_in || self.cursor.node.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Refusal> {
        if !self.stand_in {
            match name {
                "Quantity" => self.quantity()?,
                "Time" | "MicroTime" => self.time()?,
                _ => {}
            }
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_seq(self.list()?)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_map(self.mapping(None)?)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let entries = self.mapping(Some((name, fields)))?;
        let shape = entries.shape();
        let value = visitor.visit_map(entries);
        self.has_read(shape);
        value
    }

    /// Called for the value of a key that is none of the struct's fields, and only then.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        if !self.stand_in {
            self.unknown();
        }
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct enum identifier
    }
}
