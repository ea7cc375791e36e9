//! What is wrong, where, how bad it is, and how to mend it; and the one table of all codes.
//!
//! Policy, rules, registry and formats all report with this type.

use std::fmt;

use super::edit::Edit;
use super::ids::{ComponentId, RelationshipId};
use super::path::FieldPath;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The API server or webhook rejects it, or it is certain to fail.
    Error,
    /// Likely wrong.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// The word of the JSON output: `error`, `warning`, `info`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// The design, or the file, as a whole.
    Design,
    /// A component.
    Component(ComponentId),
    /// A relationship.
    Relationship(RelationshipId),
}

/// The place of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    /// What it is about.
    pub subject: Subject,
    /// The field, from the root of the subject's wire object; the root when the whole of it is meant.
    pub path: FieldPath,
}

impl Location {
    /// A field of a component.
    pub fn component(id: ComponentId, path: FieldPath) -> Self {
        Self { subject: Subject::Component(id), path }
    }

    /// A field of a relationship.
    pub fn relationship(id: RelationshipId, path: FieldPath) -> Self {
        Self { subject: Subject::Relationship(id), path }
    }

    /// The design as a whole.
    pub fn design() -> Self {
        Self { subject: Subject::Design, path: FieldPath::root() }
    }
}

/// A way to mend a finding, as one undoable step.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What it does, for the button: "Put into edge-auth".
    pub label: String,
    /// The edits; the policy runs behind them as behind any gesture.
    pub edits: Vec<Edit>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// A code of [`CODES`].
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and what to do, for people.
    pub message: String,
    /// Where.
    pub location: Location,
    /// How to mend it.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A finding with the code's own severity.
    pub fn new(code: &'static str, location: Location, message: impl Into<String>) -> Self {
        let severity = info(code).map_or(Severity::Warning, |info| info.severity);
        debug_assert!(info(code).is_some(), "{code} is not in the table of codes");
        Self { code, severity, message: message.into(), location, fix: None }
    }

    /// The same finding with a severity of its own.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same finding with a way to mend it.
    #[must_use]
    pub fn with_fix(mut self, label: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix = Some(Fix { label: label.into(), edits });
        self
    }

    /// The component that it is about, if it is about one.
    pub fn component(&self) -> Option<ComponentId> {
        match self.location.subject {
            Subject::Component(id) => Some(id),
            Subject::Design | Subject::Relationship(_) => None,
        }
    }
}

/// A code and what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeInfo {
    /// `WP012`.
    pub code: &'static str,
    /// The severity that the table gives it.
    pub severity: Severity,
    /// What it means, in one line.
    pub summary: &'static str,
}

/// What is known of `code`.
pub fn info(code: &str) -> Option<&'static CodeInfo> {
    CODES.binary_search_by(|info| info.code.cmp(code)).ok().map(|index| &CODES[index])
}

const fn error(code: &'static str, summary: &'static str) -> CodeInfo {
    CodeInfo { code, severity: Severity::Error, summary }
}

const fn warning(code: &'static str, summary: &'static str) -> CodeInfo {
    CodeInfo { code, severity: Severity::Warning, summary }
}

const fn note(code: &'static str, summary: &'static str) -> CodeInfo {
    CodeInfo { code, severity: Severity::Info, summary }
}

/// Every code that anything in this program reports, sorted.
pub const CODES: &[CodeInfo] = &[
    error("DS001", "a plugin has neither a filter nor a url of its own"),
    warning("DS002", "a filter is in no wallet and never runs"),
    error("DS003", "a filter has no module"),
    error("DS004", "a filter's config is no mapping"),
    error("DS005", "two relationships write different values to one field"),
    error("DS006", "a set of relationships does not settle"),
    warning("DS007", "a relationship was removed by validation"),
    note("DS008", "legacy references of a wallet relationship"),
    warning("DS009", "a definition's reference does not resolve"),
    error("DS010", "a duplicate id or name, or a name that Kubernetes refuses"),
    warning("DS011", "a plain scalar that kubectl takes for another type"),
    warning("DS012", "a resource of one wallet runs inside the chain of another"),
    warning("DS013", "a plugin's module field was changed outside"),
    note("DS014", "something to know about an evaluation"),
    error("EF031", "a Wasm entry has neither local nor remote code"),
    note("EX001", "an object without a namespace is applied to kubectl's current one"),
    error("FM001", "the text could not be read"),
    note("FM002", "a template, not plain YAML"),
    warning("FM003", "something in the input was not understood"),
    error("SC001", "a value of the wrong type"),
    error("SC002", "a required field is missing"),
    error("SC003", "a value out of bounds"),
    error("SC004", "a value that is not one of the allowed ones"),
    warning("SC005", "a field that the kind's schema does not know"),
    error("SC006", "a version that the kind does not have"),
    error("SC007", "a selector that the labels of its own pods do not fit"),
    error("WP001", "url is missing or empty"),
    error("WP002", "the url's scheme is not supported"),
    error("WP004", "a url that the API accepts and istiod discards"),
    error("WP009", "sha256 is not 64 lower-case hexadecimal digits"),
    warning("WP012", "an OCI tag is mutable"),
    error("WP050", "more than one of selector, targetRef and targetRefs"),
    error("WP052", "a target that a plugin cannot be attached to"),
    error("WP054", "an invalid selector"),
    warning("WP061", "the selector matches no workload in the design"),
    error("WP070", "a port of match is missing, out of range or repeated"),
    error("WP080", "an enum value that does not exist"),
    warning("WP081", "priority is unset while others in its phase set it"),
    warning("WP082", "equal or unset priorities in one phase on one target"),
    error("WP093", "an unknown field of spec"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_unique() {
        assert!(CODES.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert_eq!(info("WP012").map(|info| info.severity), Some(Severity::Warning));
        assert_eq!(info("ZZ999"), None);
    }
}
