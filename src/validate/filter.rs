//! Which codes are reported: a choice of rules and families of rules.

use std::fmt;
use std::str::FromStr;

use crate::model::diagnostic::{CODES, info};
use crate::registry::structural::nearest;

/// A code, or the beginning of several: `WP012`, `WP0`, `WP`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CodePattern(String);

impl CodePattern {
    /// Tells whether `code` is meant.
    pub fn matches(&self, code: &str) -> bool {
        code.starts_with(&self.0)
    }
}

impl fmt::Display for CodePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is the beginning of no code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule `{typed}`{}", tip(*nearest))]
pub struct UnknownCode {
    typed: String,
    nearest: Option<&'static str>,
}

fn tip(nearest: Option<&str>) -> String {
    match nearest {
        Some(code) => format!(": did you mean {code}?"),
        None => ": billfold check --list-rules names them all".to_owned(),
    }
}

impl FromStr for CodePattern {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let pattern = Self(text.trim().to_ascii_uppercase());
        if !pattern.0.is_empty() && CODES.iter().any(|info| pattern.matches(info.code)) {
            return Ok(pattern);
        }
        Err(unknown(text))
    }
}

/// The code that `text` names, in the table's own letters.
pub fn code(text: &str) -> Result<&'static str, UnknownCode> {
    info(&text.trim().to_ascii_uppercase()).map(|info| info.code).ok_or_else(|| unknown(text))
}

fn unknown(text: &str) -> UnknownCode {
    let typed = text.trim().to_owned();
    let nearest = nearest(&typed, CODES.iter().map(|info| info.code));
    UnknownCode { typed, nearest }
}

/// A choice of codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeFilter {
    /// Only these; empty: all.
    pub only: Vec<CodePattern>,
    /// These not.
    pub without: Vec<CodePattern>,
}

impl CodeFilter {
    /// Tells whether findings of `code` are reported.
    pub fn passes(&self, code: &str) -> bool {
        let is_named = |patterns: &[CodePattern]| patterns.iter().any(|pattern| pattern.matches(code));
        (self.only.is_empty() || is_named(&self.only)) && !is_named(&self.without)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(texts: &[&str]) -> Vec<CodePattern> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn codes_and_families_are_chosen() {
        for (only, without, passing) in [
            (&[][..], &[][..], ["WP012", "WP085", "DS001"].as_slice()),
            (&["WP"], &[], &["WP012", "WP085"]),
            (&["wp0"], &["WP01"], &["WP085"]),
            (&["WP012", "DS"], &[], &["WP012", "DS001"]),
            (&[], &["WP", "DS001"], &[]),
        ] {
            let filter = CodeFilter { only: patterns(only), without: patterns(without) };
            let passed: Vec<&str> =
                ["WP012", "WP085", "DS001"].into_iter().filter(|code| filter.passes(code)).collect();
            assert_eq!(passed, passing, "{only:?} {without:?}");
        }
    }

    #[test]
    fn what_is_no_code_is_said_with_the_nearest() {
        let said = |text: &str| text.parse::<CodePattern>().unwrap_err().to_string();
        assert_eq!(said("WP0122"), "there is no rule `WP0122`: did you mean WP012?");
        assert!(said("").contains("--list-rules"));
        assert!(said("nonsense").contains("--list-rules"));
        assert_eq!(code(" wp012"), Ok("WP012"));
        assert!(code("WP").is_err(), "a family is no code");
    }
}
