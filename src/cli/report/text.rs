//! Findings for people: what is wrong, and the line that it is about with a mark under the value.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar as _;

use super::source_line::Texts;
use super::{Report, line, object, place};
use crate::cli::checked::NotChecked;
use crate::cli::engine::Finding;
use crate::model::Severity;
use crate::yaml::value_width;

/// The widest part of a line that is shown, in columns of a terminal.
const WIDEST: usize = 120;
/// How much of a line that is cut is shown before the value.
const BEFORE: usize = 40;
/// How wide a tab is shown.
const TAB: &str = "    ";

/// Whether there are colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Paint(pub(in crate::cli) bool);

impl Paint {
    const BOLD: &str = "1";
    const FAINT: &str = "2";
    const MARGIN: &str = "1;34";
    const HINT: &str = "36";

    fn severity(severity: Severity) -> &'static str {
        match severity {
            Severity::Error => "1;31",
            Severity::Warning => "1;33",
            Severity::Info => "1;36",
        }
    }

    fn paint(self, style: &str, text: &str) -> String {
        if self.0 && !text.is_empty() { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Each finding in a line, and a summary.
pub(super) fn short(report: &Report<'_>) -> String {
    let mut lines = Vec::new();
    for finding in report.findings {
        lines.push(line(finding));
        lines.extend(finding.fix.as_ref().map(|fix| format!("  fix: {fix}")));
    }
    for finding in report.ignored.iter().filter(|_| report.shows_ignored) {
        lines.push(format!("{}; ignored: {}", line(finding), finding.ignored.as_deref().unwrap_or_default()));
    }
    lines.extend(report.unchecked.iter().map(not_checked));
    lines.push(format!("{}\n", report.summary()));
    lines.join("\n")
}

/// Each finding with its line, and a summary.
pub(super) fn text(report: &Report<'_>, texts: &mut Texts<'_>, paint: Paint) -> String {
    let mut out = String::new();
    let mut explained: Vec<&str> = Vec::new();
    for finding in report.findings {
        let is_first = !explained.contains(&finding.code);
        if is_first {
            explained.push(finding.code);
        }
        one(finding, is_first, texts, paint, &mut out);
    }
    for finding in report.ignored.iter().filter(|_| report.shows_ignored) {
        one(finding, false, texts, paint, &mut out);
    }
    for unchecked in report.unchecked {
        _ = writeln!(out, "{}", not_checked(unchecked));
    }
    if !report.unchecked.is_empty() {
        out.push('\n');
    }
    _ = writeln!(out, "{}", report.summary());
    out
}

/// `WasmPlugin/shop/auth: not checked: image (no network): IMG001, IMG002`.
fn not_checked(unchecked: &NotChecked) -> String {
    format!("{}: not checked: {}: {}", unchecked.object, unchecked.what, unchecked.codes.join(", "))
}

fn one(finding: &Finding, is_first: bool, texts: &mut Texts<'_>, paint: Paint, out: &mut String) {
    let severity = Paint::severity(finding.severity);
    let word = paint.paint(severity, &format!("{} {}", finding.severity, finding.code));
    let message = paint.paint(Paint::BOLD, &finding.message);
    let object = paint.paint(Paint::FAINT, &object(finding));
    _ = writeln!(out, "{}: {word}: {message}{object}", place(finding));
    let shown = finding
        .position
        .filter(|_| !finding.is_secret())
        .and_then(|(row, column)| Some((row, column, texts.line(&finding.file, row)?)));
    let number = shown.map_or(String::new(), |(row, ..)| row.to_string());
    let margin = |number: &str, mark: &str, width: usize| {
        paint.paint(Paint::MARGIN, format!("{number:>width$} {mark}").trim_end())
    };
    if let Some((_, column, line)) = shown {
        let cut = Cut::of(line, column);
        let marks = paint.paint(severity, &"^".repeat(cut.marks));
        _ = writeln!(out, "{}", margin("", "|", number.len()));
        _ = writeln!(out, "{} {}", margin(&number, "|", number.len()), cut.text);
        _ = writeln!(out, "{} {}{marks}", margin("", "|", number.len()), " ".repeat(cut.before));
    }
    let mut note = |word: &str, text: &str| {
        let word = paint.paint(Paint::HINT, word);
        _ = writeln!(out, "{} {word}: {text}", margin("", "=", number.len()));
    };
    if let Some(fix) = &finding.fix {
        note("fix", fix);
    }
    if let Some(reason) = &finding.ignored {
        note("ignored", reason);
    } else if is_first {
        note("help", &format!("billfold check --explain {}", finding.code));
    }
    out.push('\n');
}

/// A line as it is shown, cut around its value.
struct Cut {
    text: String,
    /// Columns before the marks.
    before: usize,
    /// Columns under the value.
    marks: usize,
}

impl Cut {
    fn of(line: &str, column: u32) -> Self {
        let cells: Vec<(char, usize)> = line.chars().map(|c| (c, width(c))).collect();
        let start = usize::try_from(column).unwrap_or(1).saturating_sub(1).min(cells.len());
        let end = (start + value_width(line, column)).min(cells.len());
        let wide = |cells: &[(char, usize)]| cells.iter().map(|(_, width)| width).sum::<usize>();
        let (mut from, mut to) = (0, cells.len());
        if wide(&cells) > WIDEST {
            from = start;
            while from > 0 && wide(&cells[from - 1..start]) <= BEFORE {
                from -= 1;
            }
            to = from;
            while to < cells.len() && wide(&cells[from..=to]) <= WIDEST {
                to += 1;
            }
        }
        let mut text = String::new();
        if from > 0 {
            text.push('…');
        }
        for (c, _) in &cells[from..to] {
            match c {
                '\t' => text.push_str(TAB),
                c if c.is_control() => text.push('\u{fffd}'),
                c => text.push(*c),
            }
        }
        if to < cells.len() {
            text.push('…');
        }
        let before = wide(&cells[from..start]) + usize::from(from > 0);
        let marks = wide(&cells[start..end.clamp(start, to.max(start))]).max(1);
        Self { text, before, marks }
    }
}

/// The columns that a character takes. Control characters are shown as one that is not, so that no text can steer the
/// terminal.
fn width(c: char) -> usize {
    match c {
        '\t' => TAB.len(),
        c if c.is_control() => 1,
        c => c.width().unwrap_or(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str, column: u32) -> String {
        let cut = Cut::of(line, column);
        format!("{}\n{}{}", cut.text, " ".repeat(cut.before), "^".repeat(cut.marks))
    }

    #[test]
    fn the_marks_are_under_the_value() {
        assert_eq!(shown("  url: a:1 # x", 8), "  url: a:1 # x\n       ^^^");
        assert_eq!(shown("\turl: x", 7), "    url: x\n         ^", "a tab is four columns");
        assert_eq!(shown("日本: 値x", 5), "日本: 値x\n      ^^^", "wide characters are two");
        assert_eq!(shown("e\u{301}: x", 5), "e\u{301}: x\n   ^", "what combines has no width");
        assert_eq!(shown("a: \x1b[31mred", 4), "a: \u{fffd}[31mred\n   ^^^^^^^^");
        assert_eq!(shown("", 1), "\n^");
        assert_eq!(shown("a", 99), "a\n ^");
    }

    #[test]
    fn a_long_line_is_cut_around_the_value() {
        let line = format!("{} url: oci://x {}", "a".repeat(200), "b".repeat(200));
        let cut = Cut::of(&line, 207);
        assert!(cut.text.starts_with("…a") && cut.text.ends_with("b…"), "{}", cut.text);
        assert!(cut.text.chars().count() <= WIDEST + 2);
        let marked: String = cut.text.chars().skip(cut.before).take(7).collect();
        assert_eq!(marked, "oci://x");
        let long_value = format!("url: {}", "x".repeat(500));
        let cut = Cut::of(&long_value, 6);
        assert_eq!((cut.before, cut.marks), (5, WIDEST - 5));
    }

    #[test]
    fn colours_are_there_only_on_request() {
        assert_eq!(Paint(false).paint(Paint::BOLD, "x"), "x");
        assert_eq!(Paint(true).paint(Paint::BOLD, "x"), "\x1b[1mx\x1b[0m");
        assert_eq!(Paint(true).paint(Paint::BOLD, ""), "");
    }
}
