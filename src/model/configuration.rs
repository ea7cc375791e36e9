//! The neutral value tree: what YAML and JSON have in common, with the order of keys and the digits of numbers kept.
//!
//! Designs, manifests and definitions are all trees of this kind; typed views read from them and never replace
//! them, so that what this program does not understand survives.
//! `==` compares mappings without their key order and numbers by their text; [`Value::equivalent`] compares meaning.

use std::fmt;

use smol_str::SmolStr;

use super::map::Map;
use super::path::{FieldPath, Segment};

/// The most mappings and lists that may stand inside one another in a document: deeper ones are not read, so no edit makes
/// them.
pub const MAX_DEPTH: usize = 128;

/// One node of a tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Absent on purpose (`null`, `~`, nothing after the colon).
    #[default]
    Null,
    /// `true` or `false` of the YAML 1.2 core schema.
    Bool(bool),
    /// A number, with the digits of its source.
    Number(Number),
    /// Text; up to 23 bytes of it stand in the node itself, and a longer one is shared by its copies.
    Text(SmolStr),
    /// A sequence.
    List(Vec<Self>),
    /// A mapping; keys are texts.
    Map(Map),
}

/// A number as it was written, so that no digit is lost between reading and writing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number(Box<str>);

impl Number {
    /// Wraps `text`, which the caller has recognized as a number of YAML 1.2 or JSON.
    pub fn from_text(text: &str) -> Self {
        Self(text.into())
    }

    /// The digits as they were written.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The value, when it is an integer that fits.
    pub fn as_i64(&self) -> Option<i64> {
        i64::try_from(self.as_integer()?).ok()
    }

    /// The value as an integer; `0x` and `0o` prefixes are read as YAML 1.2 does.
    pub fn as_integer(&self) -> Option<i128> {
        let text = self.text();
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let magnitude = if let Some(hex) = digits.strip_prefix("0x") {
            i128::from_str_radix(hex, 16).ok()?
        } else if let Some(octal) = digits.strip_prefix("0o") {
            i128::from_str_radix(octal, 8).ok()?
        } else if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            digits.parse().ok()?
        } else {
            return None;
        };
        Some(sign * magnitude)
    }

    /// The value as a whole number, however it is written: to Kubernetes `5.0` is 5.
    #[expect(
        clippy::float_cmp,
        reason = "a float is a whole number exactly when rounding does not change it"
    )]
    pub fn as_whole(&self) -> Option<i128> {
        let whole = |number: f64| {
            (number.is_finite() && number.trunc() == number && number.abs() < 1e18).then_some(number as i128)
        };
        self.as_integer().or_else(|| self.as_f64().and_then(whole))
    }

    /// The value as a float, as a JSON reader with 64-bit floats sees it.
    pub fn as_f64(&self) -> Option<f64> {
        match self.text() {
            ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
            "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
            ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
            text => match self.as_integer() {
                Some(integer) => Some(integer as f64),
                None => text.parse().ok(),
            },
        }
    }

    /// Tells whether both mean the same number, whatever their spelling.
    pub fn equivalent(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        match (self.as_integer(), other.as_integer()) {
            (Some(a), Some(b)) => a == b,
            _ => match (self.as_f64(), other.as_f64()) {
                (Some(a), Some(b)) => a.partial_cmp(&b) == Some(std::cmp::Ordering::Equal),
                _ => false,
            },
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(number.to_string().into())
    }
}

/// Why a path could not be written: a scalar or a gap stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is in the way")]
pub struct PathBlocked(pub FieldPath);

impl Value {
    /// How many mappings and lists stand inside one another here, this one included: 0 for a scalar.
    pub fn height(&self) -> usize {
        match self {
            Self::Map(map) => map.height(),
            Self::List(items) => 1 + items.iter().map(Self::height).max().unwrap_or(0),
            _ => 0,
        }
    }

    /// The text, if this is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The mapping, if this is one.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The mapping, if this is one, to change it.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The items, if this is a list.
    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The integer, if this is one that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// The number, if this is one that is whole, however it is written, and fits.
    pub fn as_whole(&self) -> Option<i64> {
        match self {
            Self::Number(number) => i64::try_from(number.as_whole()?).ok(),
            _ => None,
        }
    }

    /// The number as a float, if this is a number.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(number) => number.as_f64(),
            _ => None,
        }
    }

    /// Tells whether no number in it is infinity or NaN, which JSON cannot write.
    pub fn is_finite(&self) -> bool {
        match self {
            Self::Null | Self::Bool(_) | Self::Text(_) => true,
            Self::Number(number) => number.as_f64().is_none_or(f64::is_finite),
            Self::List(items) => items.iter().all(Self::is_finite),
            Self::Map(map) => map.iter().all(|(_, value)| value.is_finite()),
        }
    }

    /// The truth value, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// Tells whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Tells whether this counts as absent for the policy: null or blank text.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// What kind of value this is, in words for people.
    pub fn kind_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }

    /// Compares meaning: numbers by value, mappings without key order.
    pub fn equivalent(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.equivalent(b),
            (Self::List(a), Self::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.equivalent(b))
            }
            (Self::Map(a), Self::Map(b)) => {
                a.is_same(b)
                    || a.len() == b.len()
                        && a.iter()
                            .all(|(key, value)| b.get(key).is_some_and(|other| value.equivalent(other)))
            }
            _ => self == other,
        }
    }

    /// Compares everything that a file could show, key order included.
    pub fn identical(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(a), Self::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.identical(b))
            }
            (Self::Map(a), Self::Map(b)) => {
                a.is_same(b)
                    || a.len() == b.len()
                        && a.iter().zip(b.iter()).all(|(a, b)| a.0 == b.0 && a.1.identical(b.1))
            }
            _ => self == other,
        }
    }

    /// The value at a path of keys. The quick way for fixed paths.
    pub fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |value, key| value.as_map()?.get(key))
    }

    /// The text at a path of keys.
    pub fn text_at(&self, keys: &[&str]) -> Option<&str> {
        self.at(keys)?.as_text()
    }

    /// The value at `path`, read from this node on.
    pub fn get(&self, path: &[Segment]) -> Option<&Self> {
        path.iter().try_fold(self, |value, segment| match (segment, value) {
            (Segment::Key(key), Self::Map(map)) => map.get(key),
            (Segment::Index(index), Self::List(items)) => items.get(*index),
            _ => None,
        })
    }

    /// The value at `path`, to change it in place.
    pub fn get_mut(&mut self, path: &[Segment]) -> Option<&mut Self> {
        path.iter().try_fold(self, |value, segment| match (segment, value) {
            (Segment::Key(key), Self::Map(map)) => map.get_mut(key),
            (Segment::Index(index), Self::List(items)) => items.get_mut(*index),
            _ => None,
        })
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl From<Vec<Self>> for Value {
    fn from(items: Vec<Self>) -> Self {
        Self::List(items)
    }
}

impl<const N: usize> From<[(&str, Self); N]> for Value {
    fn from(entries: [(&str, Self); N]) -> Self {
        Self::Map(entries.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_small() {
        assert!(size_of::<Value>() <= 32, "{}", size_of::<Value>());
    }

    #[test]
    fn numbers_keep_digits_and_compare_by_value() {
        let hex = Number::from_text("0x1F");
        assert_eq!(hex.as_i64(), Some(31));
        assert!(hex.equivalent(&Number::from(31)));
        assert_ne!(hex, Number::from(31));
        assert_eq!(Number::from_text("12345678901234567890").as_i64(), None);
        assert!(Number::from_text("1.0").equivalent(&Number::from(1)));
    }

    #[test]
    fn order_counts_for_identity_only() {
        let ab = Value::from([("a", 1.into()), ("b", 2.into())]);
        let ba = Value::from([("b", 2.into()), ("a", 1.into())]);
        assert_eq!(ab, ba);
        assert!(ab.equivalent(&ba));
        assert!(!ab.identical(&ba));
    }
}
