//! What an action does: commands for the program, events for the window.

use super::state::Cx;
use super::{ActionId, availability};
use crate::editor::{Destination, EditCommand};
use crate::model::ComponentKind;
use crate::ui::canvas::CanvasEvent;
use crate::ui::dialogs::{Dialog, PathPurpose};
use crate::ui::queue::{BottomTab, CentreTab, CommandQueue, InspectorTab, LeftTab, Region, UiEvent};
use crate::workspace::{Appearance, Command, fresh_seed};

/// Runs an action, if it can be run now.
pub fn run(id: ActionId, cx: Cx<'_>, queue: &mut CommandQueue) {
    if !availability(id, cx).is_enabled() {
        return;
    }
    if let Some(command) = command(id, cx) {
        queue.push(command);
    } else if let Some(event) = event(id, cx) {
        queue.event(event);
    } else if let ActionId::Insert(index) = id
        && let Some(kind) = ComponentKind::KNOWN.get(index)
    {
        insert(kind.clone(), cx, queue);
    }
}

/// Adds a component where the selection says, and selects it. Starts a design if none is open.
pub fn insert(kind: ComponentKind, cx: Cx<'_>, queue: &mut CommandQueue) {
    let is_blank = cx.workspace.document().is_blank;
    if is_blank {
        queue.push(Command::New);
    }
    let seed = fresh_seed();
    let destination = if is_blank { Destination::Canvas(None) } else { destination_for(&kind, cx) };
    queue.edit(EditCommand::AddComponent { kind, destination, seed });
    queue.push(Command::Select(vec![seed.component(0)]));
}

/// Where a new component goes: a filter into the selected wallet (behind the selected filter), what lives in a namespace
/// into the frame that is selected or holds the selection, all else onto the canvas.
pub fn destination_for(kind: &ComponentKind, cx: Cx<'_>) -> Destination {
    let design = cx.design();
    let Some(primary) = cx.primary().and_then(|id| design.component(id)) else {
        return Destination::Canvas(None);
    };
    if kind.same_kind(&ComponentKind::WASM_FILTER) {
        if primary.kind().is_wallet() {
            return Destination::Wallet { wallet: primary.id(), place: usize::MAX };
        }
        if let Some((wallet, _, place)) = cx.place_in_chain() {
            return Destination::Wallet { wallet, place: place + 1 };
        }
        return Destination::Canvas(None);
    }
    if !cx.workspace.editor().registry().component(kind).is_some_and(|definition| definition.namespaced) {
        return Destination::Canvas(None);
    }
    let holder = design.wallet_of(primary.id()).map_or(primary.id(), |link| link.to);
    let frame = if primary.is(&ComponentKind::NAMESPACE) {
        Some(primary.id())
    } else {
        design.frame_of(holder).map(|link| link.to)
    };
    match frame {
        Some(namespace) => Destination::Frame { namespace, position: None },
        None => Destination::Canvas(None),
    }
}

fn command(id: ActionId, cx: Cx<'_>) -> Option<Command> {
    let edit = |edit| Some(Command::Edit(edit));
    match id {
        ActionId::New => Some(Command::New),
        ActionId::Save => Some(Command::Save),
        ActionId::Quit => Some(Command::Quit),
        ActionId::Undo => Some(Command::Undo),
        ActionId::Redo => Some(Command::Redo),
        ActionId::UndoAll => Some(Command::UndoAll),
        ActionId::Cut => Some(Command::Cut),
        ActionId::Copy => Some(Command::Copy),
        ActionId::CopyAsManifest => Some(Command::CopyAsManifest),
        ActionId::EvaluateNow => Some(Command::EvaluateNow),
        ActionId::ThemeSystem => Some(Command::SetAppearance(Appearance::System)),
        ActionId::ThemeDark => Some(Command::SetAppearance(Appearance::Dark)),
        ActionId::ThemeLight => Some(Command::SetAppearance(Appearance::Light)),
        ActionId::Duplicate => edit(EditCommand::Duplicate { ids: cx.selected(), seed: fresh_seed() }),
        ActionId::Delete => edit(EditCommand::Delete { ids: cx.selected(), keep_filters: false }),
        ActionId::DeleteKeepFilters => edit(EditCommand::Delete { ids: cx.selected(), keep_filters: true }),
        ActionId::MoveEarlier | ActionId::MoveLater => {
            let (wallet, _, place) = cx.place_in_chain()?;
            let place = if id == ActionId::MoveEarlier { place.saturating_sub(1) } else { place + 1 };
            edit(EditCommand::Place {
                ids: cx.selected(),
                destination: Destination::Wallet { wallet, place },
            })
        }
        ActionId::ReferenceOnly => {
            let component = cx.primary().and_then(|id| cx.design().component(id))?;
            edit(EditCommand::SetReferenceOnly {
                id: component.id(),
                reference_only: !component.reference_only(),
            })
        }
        ActionId::MakeParent => {
            let (child, kind, _) = cx.missing_parent()?;
            edit(EditCommand::MakeParent { child, kind, seed: fresh_seed() })
        }
        ActionId::QuickFix => edit(EditCommand::ApplyFix { fix: cx.fix_at_hand()?.clone() }),
        ActionId::SelectAll => {
            Some(Command::Select(cx.design().components().map(crate::model::Component::id).collect()))
        }
        ActionId::ClearSelection => Some(Command::Select(Vec::new())),
        _ => None,
    }
}

fn event(id: ActionId, cx: Cx<'_>) -> Option<UiEvent> {
    let path = |purpose| UiEvent::Open(Dialog::Path(purpose));
    Some(match id {
        ActionId::Open => path(PathPurpose::Open),
        ActionId::Import => path(PathPurpose::Import),
        ActionId::SaveAs => path(PathPurpose::SaveAs),
        ActionId::SaveCopy => path(PathPurpose::SaveCopy),
        ActionId::Export => path(PathPurpose::Export),
        ActionId::OpenUrl => UiEvent::Open(Dialog::Url),
        ActionId::Paste => UiEvent::RequestPaste,
        ActionId::Rename => UiEvent::Open(Dialog::Rename(cx.primary()?)),
        ActionId::RenameDesign => UiEvent::Open(Dialog::RenameDesign),
        ActionId::SetTarget => UiEvent::Open(Dialog::Target),
        ActionId::SetParent => UiEvent::Open(Dialog::SetParent(cx.selected())),
        ActionId::Definitions => UiEvent::Open(Dialog::Definitions),
        ActionId::CommandSearch => UiEvent::Open(Dialog::CommandSearch),
        ActionId::Shortcuts => UiEvent::Open(Dialog::Shortcuts),
        ActionId::About => UiEvent::Open(Dialog::About),
        ActionId::Inspect => UiEvent::Focus(Region::Right),
        ActionId::Find => UiEvent::Canvas(CanvasEvent::Find),
        ActionId::FindNext => UiEvent::Canvas(CanvasEvent::FindNext),
        ActionId::ZoomIn => UiEvent::Canvas(CanvasEvent::ZoomIn),
        ActionId::ZoomOut => UiEvent::Canvas(CanvasEvent::ZoomOut),
        ActionId::ZoomActual => UiEvent::Canvas(CanvasEvent::ZoomActual),
        ActionId::FitAll => UiEvent::Canvas(CanvasEvent::FitAll),
        ActionId::FitSelection => UiEvent::Canvas(CanvasEvent::FitSelection),
        ActionId::NextProblem => UiEvent::StepProblem { forward: true },
        ActionId::PreviousProblem => UiEvent::StepProblem { forward: false },
        ActionId::Focus(region) => UiEvent::Focus(region),
        ActionId::Toggle(region) => UiEvent::Toggle(region),
        ActionId::ShowInsert => UiEvent::ShowLeft(LeftTab::Insert),
        ActionId::ShowOutline => UiEvent::ShowLeft(LeftTab::Outline),
        ActionId::ShowCanvas => UiEvent::ShowCentre(CentreTab::Canvas),
        ActionId::ShowTopology => UiEvent::ShowCentre(CentreTab::Topology),
        ActionId::ShowForm => UiEvent::ShowInspector(InspectorTab::Form),
        ActionId::ShowYaml => UiEvent::ShowInspector(InspectorTab::Yaml),
        ActionId::ShowProblems => UiEvent::ShowBottom(BottomTab::Problems),
        ActionId::ShowChain => UiEvent::ShowBottom(BottomTab::Chain),
        ActionId::ChooseProxy => UiEvent::Open(Dialog::Proxy),
        ActionId::ShowEvaluation => UiEvent::ShowBottom(BottomTab::Evaluation),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::ACTIONS;
    use super::*;
    use crate::ui::view::View;
    use crate::workspace::Workspace;

    /// No action of the list does nothing: each that is enabled pushes a command or an event.
    #[test]
    fn no_action_is_dead() {
        let workspace = Workspace::new(Arc::new(|| {}));
        let view = View::default();
        let cx = Cx { workspace: &workspace, view: &view };
        for action in ACTIONS {
            if availability(action.id, cx).is_enabled() {
                let mut queue = CommandQueue::default();
                run(action.id, cx, &mut queue);
                assert!(!queue.is_empty(), "{} does nothing", action.label);
            }
        }
    }
}
