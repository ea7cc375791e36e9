//! `JUnit`'s XML: a suite a file, a case a finding. What makes the command fail is a failure, what was accepted is skipped.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Report, line, object};
use crate::cli::engine::Finding;

/// All findings. A file without any has one case, which passes, so that it is seen to have been checked.
pub(super) fn junit(report: &Report<'_>) -> String {
    let mut files: BTreeMap<&str, Vec<&Finding>> =
        report.files.iter().map(|(name, _)| (*name, Vec::new())).collect();
    for finding in report.findings.iter().chain(report.ignored) {
        files.entry(&finding.file).or_default().push(finding);
    }
    let cases: usize = files.values().map(|findings| findings.len().max(1)).sum();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    _ = writeln!(
        out,
        "<testsuites name=\"billfold\" tests=\"{cases}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">",
        report.findings.iter().filter(|it| it.is_denied).count(),
        report.ignored.len()
    );
    for (file, findings) in files {
        let denied = findings.iter().filter(|it| it.is_denied).count();
        let skipped = findings.iter().filter(|it| it.ignored.is_some()).count();
        let file = escaped(file);
        _ = writeln!(
            out,
            "  <testsuite name=\"{file}\" tests=\"{}\" failures=\"{denied}\" errors=\"0\" skipped=\"{skipped}\">",
            findings.len().max(1)
        );
        if findings.is_empty() {
            _ = writeln!(out, "    <testcase classname=\"{file}\" name=\"no findings\"/>");
        }
        for finding in findings {
            case(finding, &file, &mut out);
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn case(finding: &Finding, file: &str, out: &mut String) {
    let name = escaped(&format!("{}{}", finding.code, object(finding)));
    let row = finding.position.map_or(String::new(), |(row, _)| format!(" line=\"{row}\""));
    _ = writeln!(out, "    <testcase classname=\"{file}\" name=\"{name}\" file=\"{file}\"{row}>");
    let (message, whole) = (escaped(&finding.message), escaped(&line(finding)));
    if let Some(reason) = &finding.ignored {
        _ = writeln!(out, "      <skipped message=\"{}\"/>", escaped(&format!("ignored: {reason}")));
        _ = writeln!(out, "      <system-out>{whole}</system-out>");
    } else if finding.is_denied {
        let severity = finding.severity;
        _ = writeln!(out, "      <failure type=\"{severity}\" message=\"{message}\">{whole}</failure>");
    } else {
        _ = writeln!(out, "      <system-out>{whole}</system-out>");
    }
    out.push_str("    </testcase>\n");
}

/// A text for XML; characters that no XML may hold are replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn no_text_breaks_the_xml() {
        assert_eq!(
            escaped("a<b> & \"c\"\u{1b}\u{ffff}\n'ü"),
            "a&lt;b&gt; &amp; &quot;c&quot;\u{fffd}\u{fffd}&#10;'ü"
        );
    }
}
