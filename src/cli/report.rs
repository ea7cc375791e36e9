//! Findings as text for people and as JSON for programs.

use crate::model::{Map, Severity, Value};
use crate::yaml::{self, Format};

use super::engine::Finding;

/// How many findings of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Summary {
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) infos: usize,
}

impl Summary {
    /// Counts findings.
    pub(super) fn of(findings: &[Finding]) -> Self {
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            infos: count(Severity::Info),
        }
    }
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let counted = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
        write!(
            f,
            "{}, {}, {}",
            counted(self.errors, "error"),
            counted(self.warnings, "warning"),
            counted(self.infos, "info")
        )
    }
}

/// Sorts by file, line, column and code.
pub(super) fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (&a.file, a.position, a.code, &a.path, &a.message)
            .cmp(&(&b.file, b.position, b.code, &b.path, &b.message))
    });
}

/// One finding in one line: `design.yaml:12:5: warning WP012: tag 1.4 is mutable: … (WasmPlugin/edge/edge-auth at /spec/url)`.
pub(super) fn line(finding: &Finding) -> String {
    let place = finding.position.map_or(String::new(), |(row, column)| format!(":{row}:{column}"));
    let at = if finding.path.is_empty() { String::new() } else { format!(" at {}", finding.path) };
    let object = finding.object.as_ref().map_or(String::new(), |object| format!(" ({object}{at})"));
    format!("{}{place}: {} {}: {}{object}", finding.file, finding.severity, finding.code, finding.message)
}

/// All findings as text, with a summary at the end.
pub(super) fn text(findings: &[Finding]) -> String {
    let mut lines = Vec::new();
    for finding in findings {
        lines.push(line(finding));
        lines.extend(finding.fix.as_ref().map(|fix| format!("  fix: {fix}")));
    }
    lines.push(format!("{}\n", Summary::of(findings)));
    lines.join("\n")
}

/// All findings as the JSON of `product.md`.
pub(super) fn json(findings: &[Finding]) -> String {
    let optional = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::from);
    let number = |number: Option<u32>| number.map_or(Value::Null, |number| Value::from(i64::from(number)));
    let diagnostics = findings.iter().map(|finding| {
        Value::from([
            ("code", finding.code.into()),
            ("severity", finding.severity.word().into()),
            ("message", finding.message.as_str().into()),
            ("file", finding.file.as_str().into()),
            ("line", number(finding.position.map(|position| position.0))),
            ("column", number(finding.position.map(|position| position.1))),
            ("object", optional(&finding.object)),
            ("path", finding.path.as_str().into()),
            ("fix", optional(&finding.fix)),
        ])
    });
    let summary = Summary::of(findings);
    let count = |count: usize| Value::from(i64::try_from(count).unwrap_or(i64::MAX));
    let summary = Map::from([
        ("errors", count(summary.errors)),
        ("warnings", count(summary.warnings)),
        ("infos", count(summary.infos)),
    ]);
    let tree =
        Value::from([("diagnostics", Value::List(diagnostics.collect())), ("summary", Value::Map(summary))]);
    yaml::emit(&tree, Format::Json)
}
