//! What an action can do at this moment: its label, whether it is on, and why it cannot be run.

use std::borrow::Cow;

use super::{Action, ActionId};
use crate::model::{ComponentId, ComponentKind, Design, Fix, Subject};
use crate::ui::queue::{BottomTab, CentreTab, InspectorTab, LeftTab, Region};
use crate::ui::view::View;
use crate::workspace::{Appearance, Workspace};

/// What actions look at.
#[derive(Clone, Copy)]
pub struct Cx<'a> {
    /// The running program.
    pub workspace: &'a Workspace,
    /// The window.
    pub view: &'a View,
}

/// Whether an action can be run now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// It can.
    Enabled,
    /// It cannot; the reason, for the tooltip.
    Disabled(&'static str),
}

impl Availability {
    /// Tells whether it can be run.
    pub fn is_enabled(self) -> bool {
        self == Self::Enabled
    }
}

const ENABLED: Availability = Availability::Enabled;

impl<'a> Cx<'a> {
    /// The design as it is now.
    pub fn design(&self) -> &'a Design {
        self.workspace.editor().design()
    }

    /// The component that the inspector shows.
    pub fn primary(&self) -> Option<ComponentId> {
        self.workspace.editor().selection().primary()
    }

    /// The selected components in the order of selecting.
    pub fn selected(&self) -> Vec<ComponentId> {
        self.workspace.editor().selection().iter().collect()
    }

    /// The first parent that the one selected component names and that is not in the design: whose, which kind, its name.
    pub fn missing_parent(&self) -> Option<(ComponentId, ComponentKind, String)> {
        let child = self.primary().filter(|_| self.workspace.editor().selection().len() == 1)?;
        let (kind, name) = self.workspace.editor().missing_parents(child).into_iter().next()?;
        Some((child, kind, name))
    }

    /// The wallet, chain length and place of the one selected filter.
    pub fn place_in_chain(&self) -> Option<(ComponentId, usize, usize)> {
        let filter = self.primary().filter(|_| self.workspace.editor().selection().len() == 1)?;
        let wallet = self.design().wallet_of(filter)?.to;
        let chain = self.design().chain(wallet);
        let place = chain.iter().position(|link| link.from == filter)?;
        Some((wallet, chain.len(), place))
    }

    /// The fix of the problem at hand, else the first one of the selected component.
    pub fn fix_at_hand(&self) -> Option<&'a Fix> {
        let diagnostics = &self.workspace.derived().diagnostics;
        let shown = self.view.problem.and_then(|index| diagnostics.get(index));
        shown.and_then(|diagnostic| diagnostic.fix.as_ref()).or_else(|| {
            let subject = Subject::Component(self.primary()?);
            diagnostics
                .iter()
                .filter(|diagnostic| diagnostic.location.subject == subject)
                .find_map(|diagnostic| diagnostic.fix.as_ref())
        })
    }
}

/// The label now: "Undo" says what it undoes, "Create Namespace edge" what it makes.
pub fn label<'a>(action: &Action, cx: Cx<'a>) -> Cow<'a, str> {
    if action.id == ActionId::MakeParent {
        let missing = cx.missing_parent();
        return missing.map_or(action.label.into(), |(_, kind, name)| {
            format!("Create {} {name}", kind.in_words()).into()
        });
    }
    let history = cx.workspace.editor().history();
    let step = match action.id {
        ActionId::Undo => history.undo_label(),
        ActionId::Redo => history.redo_label(),
        _ => None,
    };
    match step {
        Some(step) => format!("{}: {}", action.label, lower_first(step)).into(),
        None => action.label.into(),
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        // An acronym or a kind keeps its capitals.
        (Some(first), Some(second)) if second.is_lowercase() && !text[1..].contains(char::is_uppercase) => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

/// Whether a switch is on; `None` for what is no switch.
pub fn checked(id: ActionId, cx: Cx<'_>) -> Option<bool> {
    let view = cx.view;
    match id {
        ActionId::Toggle(region) => Some(view.is_open(region)),
        ActionId::ShowInsert => Some(view.left_open && view.left == LeftTab::Insert),
        ActionId::ShowOutline => Some(view.left_open && view.left == LeftTab::Outline),
        ActionId::ShowCanvas => Some(view.centre == CentreTab::Canvas),
        ActionId::ShowTopology => Some(view.centre == CentreTab::Topology),
        ActionId::ShowForm => Some(view.right_open && view.inspector == InspectorTab::Form),
        ActionId::ShowYaml => Some(view.right_open && view.inspector == InspectorTab::Yaml),
        ActionId::ShowProblems => Some(view.bottom_open && view.bottom == BottomTab::Problems),
        ActionId::ShowChain => Some(view.bottom_open && view.bottom == BottomTab::Chain),
        ActionId::ShowEvaluation => Some(view.bottom_open && view.bottom == BottomTab::Evaluation),
        ActionId::ThemeSystem => Some(cx.workspace.appearance() == Appearance::System),
        ActionId::ThemeDark => Some(cx.workspace.appearance() == Appearance::Dark),
        ActionId::ThemeLight => Some(cx.workspace.appearance() == Appearance::Light),
        ActionId::ReferenceOnly => {
            let component = cx.primary().and_then(|id| cx.design().component(id));
            Some(component.is_some_and(crate::model::Component::reference_only))
        }
        _ => None,
    }
}

/// Whether the action can be run now, and why not.
pub fn availability(id: ActionId, cx: Cx<'_>) -> Availability {
    if cx.workspace.document().is_blank && needs_document(id) {
        return Availability::Disabled("Open or start a design first");
    }
    let selection = cx.workspace.editor().selection();
    let history = cx.workspace.editor().history();
    let unless = |reason: &'static str, possible: bool| {
        if possible { ENABLED } else { Availability::Disabled(reason) }
    };
    match id {
        ActionId::Undo => unless("Nothing to undo", history.undo_label().is_some()),
        ActionId::Redo => unless("Nothing to redo", history.redo_label().is_some()),
        ActionId::UndoAll => unless("Nothing to undo", history.depth() > 0),
        ActionId::Cut
        | ActionId::Copy
        | ActionId::CopyAsManifest
        | ActionId::Duplicate
        | ActionId::Delete
        | ActionId::SetParent
        | ActionId::ClearSelection
        | ActionId::FitSelection
        | ActionId::Inspect => unless("Select a component first", !selection.is_empty()),
        ActionId::Rename => match selection.len() {
            0 => Availability::Disabled("Select a component first"),
            1 => ENABLED,
            _ => Availability::Disabled("Select one component only"),
        },
        ActionId::ReferenceOnly => {
            let component = cx.primary().and_then(|id| cx.design().component(id));
            match component {
                None => Availability::Disabled("Select a component first"),
                Some(_) if selection.len() > 1 => Availability::Disabled("Select one component only"),
                Some(component) => unless(
                    "A WasmFilter is never exported by itself",
                    !component.is(&ComponentKind::WASM_FILTER),
                ),
            }
        }
        ActionId::DeleteKeepFilters => {
            let has_filters = selection.iter().any(|id| !cx.design().chain(id).is_empty());
            unless("Select a plugin that has filters first", has_filters)
        }
        ActionId::MakeParent => match selection.len() {
            0 => Availability::Disabled("Select a component first"),
            1 => unless("It names no namespace that is missing here", cx.missing_parent().is_some()),
            _ => Availability::Disabled("Select one component only"),
        },
        ActionId::MoveEarlier => match cx.place_in_chain() {
            None => Availability::Disabled("Select one filter of a chain first"),
            Some((_, _, place)) => unless("It runs first already", place > 0),
        },
        ActionId::MoveLater => match cx.place_in_chain() {
            None => Availability::Disabled("Select one filter of a chain first"),
            Some((_, length, place)) => unless("It runs last already", place + 1 < length),
        },
        ActionId::SelectAll => unless("The design is empty", cx.design().components().len() > 0),
        ActionId::NextProblem | ActionId::PreviousProblem => {
            unless("No problems", !cx.workspace.derived().diagnostics.is_empty())
        }
        ActionId::QuickFix => unless(
            "No problem at hand that can be mended: go to one with F8 first",
            cx.fix_at_hand().is_some(),
        ),
        _ => ENABLED,
    }
}

/// Actions that mean nothing while no document is open.
fn needs_document(id: ActionId) -> bool {
    !matches!(
        id,
        ActionId::New
            | ActionId::Open
            | ActionId::OpenUrl
            | ActionId::Import
            | ActionId::Definitions
            | ActionId::Quit
            | ActionId::Paste
            | ActionId::Insert(_)
            | ActionId::CommandSearch
            | ActionId::Focus(Region::Menus)
            | ActionId::ThemeSystem
            | ActionId::ThemeDark
            | ActionId::ThemeLight
            | ActionId::Shortcuts
            | ActionId::About
    )
}

#[cfg(test)]
mod tests {
    use super::lower_first;

    #[test]
    fn a_step_reads_on_behind_a_colon() {
        assert_eq!(lower_first("Move 3 components"), "move 3 components");
        assert_eq!(lower_first("Add WasmPlugin"), "Add WasmPlugin");
        assert_eq!(lower_first("YAML"), "YAML");
        assert_eq!(lower_first(""), "");
    }
}
