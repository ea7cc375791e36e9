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
}
