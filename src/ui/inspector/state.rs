//! What the form remembers between frames: what is open, what is typed and not in the design, what to bring into view.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher as _};

use crate::model::{ComponentId, FieldPath, Value};
use crate::ui::widgets::CodeCache;

/// Text in a field that differs from what the design holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Draft {
    /// As typed.
    pub(super) text: String,
    /// What the design held when it was typed; once that changes, the draft is void.
    pub(super) base: Option<Value>,
    /// Why it was not taken over.
    pub(super) problem: Option<String>,
    /// The line in error of a code field.
    pub(super) line: Option<u32>,
}

/// The state of the form of one component. Another selection starts anew, but for what is open.
#[derive(Debug, Default)]
pub(super) struct FormState {
    component: Option<ComponentId>,
    /// Sections that the user opened or closed, by their path.
    open: BTreeMap<FieldPath, bool>,
    pub(super) drafts: BTreeMap<FieldPath, Draft>,
    pub(super) codes: BTreeMap<FieldPath, CodeCache>,
    /// Keys being typed: of an entry, or (under the path of the mapping) of a new one.
    pub(super) keys: BTreeMap<FieldPath, String>,
    pub(super) shown_secrets: BTreeSet<FieldPath>,
    /// The field to bring into view, and whose.
    pub(super) reveal: Option<(ComponentId, FieldPath)>,
    /// The user blanked the URL of a plugin with filters and has not said yet what that means.
    pub(super) asks_about_url: bool,
    /// Findings that no field showed in the last frame: they stand at the top.
    pub(super) homeless: Vec<usize>,
    /// Counts the times that a field got the focus: typing in one go is one step.
    pub(super) session: u64,
    pub(super) search: String,
    /// Gets the focus as soon as it is shown. (Not before: a focus on nothing is an error to screen readers.)
    pub(super) focus_next: Option<egui::Id>,
}

impl FormState {
    /// Starts anew when another component is shown.
    pub(super) fn show_component(&mut self, id: ComponentId) {
        if self.component == Some(id) {
            return;
        }
        let reveal = self.reveal.take().filter(|(component, _)| *component == id);
        *self = Self {
            component: Some(id),
            open: std::mem::take(&mut self.open),
            session: self.session + 1,
            reveal,
            ..Self::default()
        };
    }

    pub(super) fn reveal(&mut self, id: ComponentId, path: &FieldPath) {
        for length in 1..=path.len() {
            self.open.insert(FieldPath::from(&path[..length]), true);
        }
        self.search.clear();
        self.reveal = Some((id, path.clone()));
        if self.component != Some(id) {
            self.show_component(id);
        }
    }

    pub(super) fn focus_name(&mut self) {
        if let Some(id) = self.component {
            self.reveal = Some((id, FieldPath::keys(&["displayName"])));
        }
    }

    /// Whether a section is open; `default` while the user has not said.
    pub(super) fn is_open(&self, path: &FieldPath, default: bool) -> bool {
        self.open.get(path).copied().unwrap_or(default)
    }

    pub(super) fn set_open(&mut self, path: &FieldPath, open: bool) {
        self.open.insert(path.clone(), open);
    }

    /// The key under which changes of one field, typed in one go, make one step.
    pub(super) fn gesture(&self, id: ComponentId, path: &FieldPath) -> u64 {
        let mut hasher = DefaultHasher::new();
        (id, path, self.session).hash(&mut hasher);
        hasher.finish()
    }

    /// The draft of a field, if what it was typed over still stands there.
    pub(super) fn draft(&mut self, path: &FieldPath, value: Option<&Value>) -> Option<&Draft> {
        if self.drafts.get(path).is_some_and(|draft| draft.base.as_ref() != value) {
            self.drafts.remove(path);
        }
        self.drafts.get(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_void_once_the_design_changed() {
        let mut state = FormState::default();
        let path = FieldPath::keys(&["a"]);
        let draft = Draft { text: "x".to_owned(), base: Some(1.into()), problem: None, line: None };
        state.drafts.insert(path.clone(), draft);
        assert!(state.draft(&path, Some(&1.into())).is_some());
        assert!(state.draft(&path, Some(&2.into())).is_none());
        assert!(state.draft(&path, Some(&1.into())).is_none());
    }

    #[test]
    fn revealing_opens_every_section_on_the_way() {
        let mut state = FormState::default();
        let id = ComponentId::from_name("p");
        state.reveal(id, &FieldPath::from(vec!["configuration".into(), "match".into(), 0.into()]));
        assert!(state.is_open(&FieldPath::keys(&["configuration", "match"]), false));
        assert!(state.reveal.is_some());
    }

    #[test]
    fn typing_in_one_go_is_one_step() {
        let mut state = FormState::default();
        let (id, path) = (ComponentId::from_name("p"), FieldPath::keys(&["a"]));
        let first = state.gesture(id, &path);
        assert_eq!(first, state.gesture(id, &path));
        assert_ne!(first, state.gesture(id, &FieldPath::keys(&["b"])));
        state.session += 1;
        assert_ne!(first, state.gesture(id, &path));
    }
}
