//! Findings in the words of each output: a finding, how many there are, and the file that each format has.

mod json;
mod junit;
mod sarif;
mod source_line;
mod text;

use clap::ValueEnum;

use crate::model::Severity;

use super::checked::NotChecked;
use super::engine::Finding;
use source_line::Texts;

pub(super) use text::Paint;

/// How `check` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// For people: each finding with the line that it is about.
    Text,
    /// A line for each finding.
    Short,
    /// One JSON object.
    Json,
    /// SARIF 2.1.0, which code hosts show beside the lines.
    Sarif,
    #[value(help = "JUnit's XML, which most build servers show")]
    Junit,
}

/// All that a report says.
pub(super) struct Report<'a> {
    /// What was found, sorted.
    pub(super) findings: &'a [Finding],
    /// What was found and accepted, sorted.
    pub(super) ignored: &'a [Finding],
    /// Whether what was accepted is listed, too.
    pub(super) shows_ignored: bool,
    /// What could not be looked at, if that is asked for.
    pub(super) unchecked: &'a [NotChecked],
    /// The files that were checked, by name, with their texts.
    pub(super) files: &'a [(&'a str, &'a [u8])],
    /// Whether every file could be read.
    pub(super) is_complete: bool,
}

impl Report<'_> {
    /// The report as it is printed.
    pub(super) fn print(&self, format: ReportFormat, paint: Paint) -> String {
        match format {
            ReportFormat::Text => text::text(self, &mut Texts::new(self.files), paint),
            ReportFormat::Short => text::short(self),
            ReportFormat::Json => json::json(self),
            ReportFormat::Sarif => sarif::sarif(self, &mut Texts::new(self.files)),
            ReportFormat::Junit => junit::junit(self),
        }
    }

    fn summary(&self) -> Summary {
        Summary::of(self.findings, self.ignored.len())
    }
}

/// How many findings of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Summary {
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) infos: usize,
    /// Accepted, and counted nowhere else.
    pub(super) ignored: usize,
}

impl Summary {
    /// Counts findings.
    fn of(findings: &[Finding], ignored: usize) -> Self {
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            infos: count(Severity::Info),
            ignored,
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
        )?;
        if self.ignored > 0 {
            write!(f, ", {} ignored", self.ignored)?;
        }
        Ok(())
    }
}

/// Sorts by file, line, column and code.
pub(super) fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (&a.file, a.position, a.code, &a.path, &a.message)
            .cmp(&(&b.file, b.position, b.code, &b.path, &b.message))
    });
}

/// `design.yaml:12:5`, or the file alone.
fn place(finding: &Finding) -> String {
    match finding.position {
        Some((row, column)) => format!("{}:{row}:{column}", finding.file),
        None => finding.file.clone(),
    }
}

/// ` (WasmPlugin/edge/edge-auth at /spec/url)`, or nothing.
fn object(finding: &Finding) -> String {
    let at = if finding.path.is_empty() { String::new() } else { format!(" at {}", finding.path) };
    finding.object.as_ref().map_or(String::new(), |object| format!(" ({object}{at})"))
}

/// One finding in one line: `design.yaml:12:5: warning WP012: tag 1.4 is mutable: … (WasmPlugin/edge/edge-auth at /spec/url)`.
pub(super) fn line(finding: &Finding) -> String {
    format!(
        "{}: {} {}: {}{}",
        place(finding),
        finding.severity,
        finding.code,
        finding.message,
        object(finding)
    )
}
