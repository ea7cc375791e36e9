//! What became of each definition that was read: one list for the command line and the window.

use std::fmt;

use super::relationship_definition::{RelationshipDefinition, Selector, SelectorPairs};
use crate::yaml::Position;

/// What became of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DefinitionState {
    /// It is in force.
    Loaded,
    /// It describes relationships, and no value flows along them.
    Inert,
    /// The program has it already, from itself or from a file before; what was there first stays.
    Known,
    /// It is not used.
    Unsupported,
}

impl DefinitionState {
    /// Every state, the best first.
    pub const ALL: [Self; 4] = [Self::Loaded, Self::Inert, Self::Known, Self::Unsupported];

    /// The state in words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Loaded => "loaded",
            Self::Inert => "inert",
            Self::Known => "known already",
            Self::Unsupported => "not loaded",
        }
    }
}

impl fmt::Display for DefinitionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// What a definition is about, as far as it could be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefinitionSubject {
    /// A relationship.
    Relationship {
        /// `hierarchical-parent-wallet`, in lower case.
        class: String,
        /// The name of the model that defines it; blank for none.
        model: String,
        /// The kinds that may be the child or source: `Pod, Service`; `*` is any.
        from: String,
        /// The kinds that may be the parent or target.
        to: String,
    },
    /// A component.
    Component {
        /// Its kind.
        kind: String,
        /// The name of its model; blank for none.
        model: String,
    },
    /// The file itself: it could not be read, or that is no definition.
    File,
}

/// How many kinds of a side are named.
const NAMED: usize = 4;

/// The kinds of a side in one line; a blank one is any.
pub(super) fn listed<'a>(kinds: impl Iterator<Item = &'a str>) -> String {
    let mut named: Vec<&str> = Vec::new();
    for kind in kinds {
        let kind = if kind.is_empty() { "*" } else { kind };
        if named.len() <= NAMED && !named.contains(&kind) {
            named.push(kind);
        }
    }
    if named.len() > NAMED {
        named[NAMED] = "…";
    }
    named.join(", ")
}

impl From<&RelationshipDefinition> for DefinitionSubject {
    fn from(definition: &RelationshipDefinition) -> Self {
        let side = |selectors: fn(&SelectorPairs) -> &[Selector]| {
            let selectors = definition.selectors.iter().flat_map(|set| selectors(&set.allow));
            listed(selectors.map(|selector| selector.kind.as_deref().unwrap_or_default()))
        };
        Self::Relationship {
            class: definition.class(),
            model: definition.model.clone(),
            from: side(|allow| &allow.from),
            to: side(|allow| &allow.to),
        }
    }
}

impl fmt::Display for DefinitionSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Relationship { class, from, to, .. } if from.is_empty() || to.is_empty() => {
                f.write_str(class)
            }
            Self::Relationship { class, from, to, .. } => write!(f, "{class}, {from} → {to}"),
            Self::Component { kind, .. } if kind.is_empty() => f.write_str("component"),
            Self::Component { kind, .. } => write!(f, "component {kind}"),
            Self::File => Ok(()),
        }
    }
}

/// Something to know about a part of a definition, which is in force without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionRemark {
    /// DS009 for a reference that leads nowhere, DS008 for one in a spelling of other programs.
    pub code: Option<&'static str>,
    /// What, for people.
    pub message: String,
    /// Where in the file, as a JSON Pointer.
    pub pointer: String,
    /// The same as line and column.
    pub position: Option<Position>,
}

/// One definition that was read, or one file that could not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionEntry {
    /// The file, as it was named.
    pub file: String,
    /// Where in it, as a JSON Pointer: not the root for one of several in a list, and where an error stands.
    pub pointer: String,
    /// The same as line and column; `None` when the file could not be opened.
    pub position: Option<Position>,
    /// What it is about.
    pub subject: DefinitionSubject,
    /// What became of it.
    pub state: DefinitionState,
    /// Why, unless it is loaded: a clause for people.
    pub reason: String,
    /// What else there is to know.
    pub remarks: Vec<DefinitionRemark>,
}

impl DefinitionEntry {
    /// `file:line:column`.
    pub fn place(&self) -> String {
        place(&self.file, self.position)
    }
}

/// `file:line:column`; the file alone without a position.
fn place(file: &str, position: Option<Position>) -> String {
    match position {
        Some(Position { line, column }) => format!("{file}:{line}:{column}"),
        None => file.to_owned(),
    }
}

/// What was read beside the definitions of the program, in the order in which it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DefinitionReport {
    /// One for each definition, and for each file that is none and should be.
    pub entries: Vec<DefinitionEntry>,
    /// Files of folders that hold no definition.
    pub skipped: usize,
}

impl DefinitionReport {
    /// How many definitions are in this state.
    pub fn count(&self, state: DefinitionState) -> usize {
        self.entries.iter().filter(|entry| entry.state == state).count()
    }

    /// Tells whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.skipped == 0
    }

    /// Tells whether something is wrong with a definition: it is not used, or a reference of it leads nowhere.
    pub fn has_problems(&self) -> bool {
        self.entries.iter().any(|entry| {
            entry.state == DefinitionState::Unsupported
                || entry.remarks.iter().any(|remark| remark.code == Some("DS009"))
        })
    }

    /// The counts in words: `3 loaded, 1 inert, 2 not loaded; 4 other files skipped`.
    pub fn summary(&self) -> String {
        let counts = DefinitionState::ALL.map(|state| (self.count(state), state));
        let mut parts: Vec<String> = counts
            .into_iter()
            .filter(|(count, state)| *count > 0 || *state == DefinitionState::Loaded)
            .map(|(count, state)| format!("{count} {state}"))
            .collect();
        let skipped = match self.skipped {
            0 => return parts.join(", "),
            1 => "1 other file skipped".to_owned(),
            n => format!("{n} other files skipped"),
        };
        let last = parts.pop().unwrap_or_default();
        parts.push(format!("{last}; {skipped}"));
        parts.join(", ")
    }

    /// A line for each thing that somebody who wrote or fetched these definitions wants to know: what is not in force,
    /// and why, and what in the rest leads nowhere.
    pub fn lines(&self) -> impl Iterator<Item = String> + use<'_> {
        self.entries.iter().flat_map(|entry| {
            let state = (entry.state != DefinitionState::Loaded).then(|| {
                let subject = match &entry.subject {
                    DefinitionSubject::File => String::new(),
                    subject => format!(" {subject}:"),
                };
                format!("{}: {}:{subject} {}", entry.place(), entry.state, entry.reason)
            });
            let remarks = entry.remarks.iter().map(|remark| {
                let code = match remark.code {
                    Some("DS009") => "warning DS009",
                    Some(code) => code,
                    None => "note",
                };
                format!("{}: {code}: {}", place(&entry.file, remark.position), remark.message)
            });
            state.into_iter().chain(remarks)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(state: DefinitionState, subject: DefinitionSubject, reason: &str) -> DefinitionEntry {
        DefinitionEntry {
            file: "a.yaml".to_owned(),
            pointer: String::new(),
            position: Some(Position { line: 3, column: 1 }),
            subject,
            state,
            reason: reason.to_owned(),
            remarks: Vec::new(),
        }
    }

    #[test]
    fn what_is_in_force_needs_no_line_and_all_else_says_why() {
        let subject = DefinitionSubject::Relationship {
            class: "edge-binding-permission".to_owned(),
            model: String::new(),
            from: "Role".to_owned(),
            to: "*".to_owned(),
        };
        let mut report = DefinitionReport::default();
        assert!(report.is_empty());
        assert_eq!(report.summary(), "0 loaded");
        report.entries = vec![
            entry(DefinitionState::Loaded, subject.clone(), ""),
            entry(DefinitionState::Inert, subject, "it has no patch"),
            entry(DefinitionState::Unsupported, DefinitionSubject::File, "not a definition"),
        ];
        report.skipped = 1;
        assert_eq!(
            report.lines().collect::<Vec<_>>(),
            [
                "a.yaml:3:1: inert: edge-binding-permission, Role → *: it has no patch",
                "a.yaml:3:1: not loaded: not a definition"
            ]
        );
        assert_eq!(report.summary(), "1 loaded, 1 inert, 1 not loaded; 1 other file skipped");
        assert!(report.has_problems());
    }
}
