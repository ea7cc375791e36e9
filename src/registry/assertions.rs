//! What the schema of a CRD demands beyond what our own definitions need: patterns, bounds that are no whole numbers, and
//! forms of which a value must fit some.

use std::sync::Arc;

use regex::{Regex, RegexBuilder};

use crate::model::Value;

use super::field_spec::FieldSpec;

/// How much a pattern may take once compiled, in bytes.
const PATTERN_SIZE: usize = 1 << 20;

/// Further demands on a value. All of them must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assertions {
    /// A regular expression that a text must fit somewhere.
    pub pattern: Option<Pattern>,
    /// The smallest number, and whether it is itself excluded.
    pub minimum: Option<(f64, bool)>,
    /// The largest number, and whether it is itself excluded.
    pub maximum: Option<(f64, bool)>,
    /// The number of which it must be a multiple.
    pub multiple_of: Option<f64>,
    /// The fewest entries of a mapping.
    pub min_properties: Option<usize>,
    /// The allowed values, where they are not all texts.
    pub values: Vec<Value>,
    /// Forms that a value must fit, all of them.
    pub all_of: Vec<Arc<FieldSpec>>,
    /// Forms of which it must fit one.
    pub any_of: Vec<Arc<FieldSpec>>,
    /// Forms of which it must fit one and no other.
    pub one_of: Vec<Arc<FieldSpec>>,
    /// A form that it must not fit.
    pub not: Option<Arc<FieldSpec>>,
}

/// A regular expression. Go's dialect, which API servers use, and Rust's agree but for oddities.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

impl Pattern {
    /// Compiles `text`; an error is its reason in one line.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let compiled = RegexBuilder::new(text).size_limit(PATTERN_SIZE).dfa_size_limit(PATTERN_SIZE).build();
        compiled.map(Self).map_err(|err| {
            let text = err.to_string();
            text.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_owned()
        })
    }

    /// Tells whether it fits somewhere in `text`.
    pub fn fits(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// The expression.
    pub fn text(&self) -> &str {
        self.0.as_str()
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Assertions {
    /// These, unless they demand nothing.
    pub(super) fn into_option(self) -> Option<Arc<Self>> {
        (self != Self::default()).then(|| Arc::new(self))
    }
}
