//! Messages to the user that are not about a field of the design.

use crate::model::Severity;

/// Identity of a notice while the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NoticeId(pub u64);

/// One message, until it is dismissed or fades.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Its identity.
    pub id: NoticeId,
    /// How bad.
    pub severity: Severity,
    /// What happened, in one sentence.
    pub title: String,
    /// What to do, or more of it; may be empty. Paths and URLs stand last.
    pub detail: String,
    /// The operation that failed: the notice goes when it succeeds.
    pub(super) about: Option<&'static str>,
}

/// More notices than this are not kept: the oldest goes.
const LIMIT: usize = 12;

/// The notices, oldest first.
#[derive(Debug, Default)]
pub(super) struct Notices {
    shown: Vec<Notice>,
    count: u64,
}

impl Notices {
    /// Shows a message. The same once more takes the place of the earlier one.
    pub(super) fn add(&mut self, severity: Severity, title: impl AsRef<str>, detail: impl Into<String>) {
        self.push(None, severity, title.as_ref(), detail.into());
    }

    fn push(&mut self, about: Option<&'static str>, severity: Severity, title: &str, detail: String) {
        self.count += 1;
        let notice = Notice { id: NoticeId(self.count), severity, title: sentence(title), detail, about };
        self.shown.retain(|other| {
            (other.severity, &other.title, &other.detail) != (severity, &notice.title, &notice.detail)
        });
        if self.shown.len() == LIMIT {
            self.shown.remove(0);
        }
        self.shown.push(notice);
    }

    /// Shows that an operation (the key of its job) failed, until it succeeds: an error whose text has its path or URL,
    /// or what to do, on lines of their own.
    pub(super) fn add_failure(&mut self, operation: &'static str, text: &str) {
        self.add_about(operation, Severity::Error, text);
    }

    /// Shows why an operation did nothing, until it succeeds.
    pub(super) fn add_about(&mut self, operation: &'static str, severity: Severity, text: &str) {
        let (title, detail) = text.split_once('\n').unwrap_or((text, ""));
        self.push(Some(operation), severity, title, detail.to_owned());
    }

    /// An operation succeeded: what was said about its failures is settled.
    pub(super) fn succeeded(&mut self, operation: &str) {
        self.shown.retain(|notice| notice.about != Some(operation));
    }

    /// Shows a text: its first line is the title.
    pub(super) fn add_text(&mut self, severity: Severity, text: &str) {
        let (title, detail) = text.split_once('\n').unwrap_or((text, ""));
        self.add(severity, title, detail);
    }

    pub(super) fn dismiss(&mut self, id: NoticeId) {
        self.shown.retain(|notice| notice.id != id);
    }

    pub(super) fn shown(&self) -> &[Notice] {
        &self.shown
    }
}

/// The text with a capital letter in front.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    // A name keeps its spelling: `design.yaml could not be read`.
    let is_word = text
        .split_whitespace()
        .next()
        .is_some_and(|word| word.chars().all(|c| c.is_alphabetic() || c == '\''));
    match chars.next() {
        Some(first) if is_word => first.to_uppercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_message_stands_once_and_old_ones_go() {
        let mut notices = Notices::default();
        notices.add(Severity::Info, "saved", "");
        notices.add(Severity::Error, "broken", "path");
        notices.add(Severity::Info, "saved", "");
        let titles: Vec<_> = notices.shown().iter().map(|notice| notice.title.as_str()).collect();
        assert_eq!(titles, ["Broken", "Saved"]);
        let id = notices.shown()[0].id;
        notices.dismiss(id);
        assert_eq!(notices.shown().len(), 1);
        for n in 0..40 {
            notices.add(Severity::Info, format!("number {n}"), "");
        }
        assert_eq!(notices.shown().len(), LIMIT);
    }

    #[test]
    fn a_file_name_keeps_its_spelling() {
        assert_eq!(sentence("design.yaml could not be read"), "design.yaml could not be read");
        assert_eq!(sentence("a name cannot be blank"), "A name cannot be blank");
    }
}
