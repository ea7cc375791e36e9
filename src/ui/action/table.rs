//! The table of actions, in the order of the menus.

use egui::{Key, Modifiers};

use super::keys::{Keys, Scope};
use super::{Action, ActionId, Menu};
use crate::ui::queue::Region;

const fn action(
    id: ActionId,
    label: &'static str,
    menu: Option<(Menu, u8)>,
    keys: &'static [Keys],
    words: &'static str,
) -> Action {
    Action { id, label, menu, keys, words }
}

const SHIFT_A: Keys = Keys::new(Modifiers::SHIFT, Key::A, Scope::Canvas);
const SHIFT_F8: Keys = Keys::new(Modifiers::SHIFT, Key::F8, Scope::Everywhere);
const ALT_ENTER: Keys = Keys::new(Modifiers::ALT, Key::Enter, Scope::Everywhere);
const UNDO: Keys = Keys::command(Key::Z).within(Scope::NotInText);
const REDO: Keys = Keys::command_shift(Key::Z).within(Scope::NotInText);
const REDO_Y: Keys = Keys::command(Key::Y).within(Scope::NotInText);
const SELECT_ALL: Keys = Keys::command(Key::A).within(Scope::NotInText);
const DELETE: Keys = Keys::canvas(Key::Delete);
const BACKSPACE: Keys = Keys::canvas(Key::Backspace);

const fn clipboard(key: Key) -> Keys {
    Keys::command(key).within(Scope::Clipboard)
}

/// Every action of the program, in the order of the menus.
pub static ACTIONS: &[Action] = &[
    action(
        ActionId::New,
        "New design",
        Some((Menu::File, 0)),
        &[Keys::command(Key::N)],
        "create empty blank",
    ),
    action(
        ActionId::Open,
        "Open…",
        Some((Menu::File, 0)),
        &[Keys::command(Key::O)],
        "load file design manifest",
    ),
    action(ActionId::OpenUrl, "Open from URL…", Some((Menu::File, 0)), &[], "download address http https"),
    action(ActionId::Import, "Import manifests…", Some((Menu::File, 0)), &[], "kubernetes yaml convert"),
    action(ActionId::Save, "Save", Some((Menu::File, 1)), &[Keys::command(Key::S)], "write file"),
    action(
        ActionId::SaveAs,
        "Save as…",
        Some((Menu::File, 1)),
        &[Keys::command_shift(Key::S)],
        "write file name",
    ),
    action(ActionId::SaveCopy, "Save a copy…", Some((Menu::File, 1)), &[], "write file backup"),
    action(
        ActionId::Export,
        "Export…",
        Some((Menu::File, 2)),
        &[Keys::command(Key::E)],
        "write manifests kubernetes yaml apply",
    ),
    action(ActionId::Quit, "Quit", Some((Menu::File, 3)), &[Keys::command(Key::Q)], "exit close"),
    action(ActionId::Undo, "Undo", Some((Menu::Edit, 0)), &[UNDO], "take back"),
    action(ActionId::Redo, "Redo", Some((Menu::Edit, 0)), &[REDO, REDO_Y], "again"),
    action(ActionId::UndoAll, "Undo all", Some((Menu::Edit, 0)), &[], "revert original"),
    action(ActionId::Cut, "Cut", Some((Menu::Edit, 1)), &[clipboard(Key::X)], "clipboard"),
    action(ActionId::Copy, "Copy", Some((Menu::Edit, 1)), &[clipboard(Key::C)], "clipboard"),
    action(
        ActionId::CopyAsManifest,
        "Copy as manifest",
        Some((Menu::Edit, 1)),
        &[],
        "clipboard kubernetes yaml",
    ),
    action(ActionId::Paste, "Paste", Some((Menu::Edit, 1)), &[clipboard(Key::V)], "clipboard yaml"),
    action(
        ActionId::Duplicate,
        "Duplicate",
        Some((Menu::Edit, 1)),
        &[Keys::command(Key::D).within(Scope::NotInText)],
        "copy clone",
    ),
    action(ActionId::Rename, "Rename…", Some((Menu::Edit, 2)), &[Keys::plain(Key::F2)], "name"),
    action(
        ActionId::SetParent,
        "Set parent…",
        Some((Menu::Edit, 2)),
        &[Keys::canvas(Key::P)],
        "put into plugin wallet namespace",
    ),
    action(
        ActionId::MakeParent,
        "Create missing parent",
        Some((Menu::Edit, 2)),
        &[],
        "make namespace frame join",
    ),
    action(
        ActionId::MoveEarlier,
        "Move earlier in the chain",
        Some((Menu::Edit, 2)),
        &[Keys::canvas(Key::OpenBracket)],
        "reorder order before first",
    ),
    action(
        ActionId::MoveLater,
        "Move later in the chain",
        Some((Menu::Edit, 2)),
        &[Keys::canvas(Key::CloseBracket)],
        "reorder order after last",
    ),
    action(ActionId::ReferenceOnly, "Reference only", Some((Menu::Edit, 2)), &[], "keep out of export body"),
    action(ActionId::Delete, "Delete", Some((Menu::Edit, 3)), &[DELETE, BACKSPACE], "remove"),
    action(ActionId::DeleteKeepFilters, "Delete, keep filters", Some((Menu::Edit, 3)), &[], "remove plugin"),
    action(ActionId::SelectAll, "Select all", Some((Menu::Edit, 4)), &[SELECT_ALL], "everything"),
    action(
        ActionId::ClearSelection,
        "Clear selection",
        Some((Menu::Edit, 4)),
        &[Keys::canvas(Key::Escape)],
        "deselect none",
    ),
    action(
        ActionId::Inspect,
        "Inspect",
        Some((Menu::Edit, 4)),
        &[Keys::canvas(Key::Enter)],
        "show form properties",
    ),
    action(ActionId::RenameDesign, "Rename design…", Some((Menu::Edit, 5)), &[], "document name title"),
    action(
        ActionId::SetTarget,
        "Target Istio version…",
        Some((Menu::Edit, 5)),
        &[],
        "mesh release check for",
    ),
    action(
        ActionId::Insert(0),
        "Add WasmPlugin",
        Some((Menu::Insert, 0)),
        &[Keys::canvas(Key::A)],
        "new insert wallet istio",
    ),
    action(
        ActionId::Insert(1),
        "Add WasmFilter",
        Some((Menu::Insert, 0)),
        &[SHIFT_A],
        "new insert module chain",
    ),
    action(ActionId::Insert(2), "Add EnvoyFilter", Some((Menu::Insert, 0)), &[], "new insert wallet"),
    action(ActionId::Insert(3), "Add Workload", Some((Menu::Insert, 1)), &[], "new insert deployment pod"),
    action(ActionId::Insert(4), "Add Gateway", Some((Menu::Insert, 1)), &[], "new insert"),
    action(ActionId::Insert(5), "Add Namespace", Some((Menu::Insert, 1)), &[], "new insert frame"),
    action(ActionId::Insert(6), "Add Service", Some((Menu::Insert, 1)), &[], "new insert"),
    action(ActionId::Insert(7), "Add Secret", Some((Menu::Insert, 1)), &[], "new insert pull"),
    action(ActionId::Insert(8), "Add ConfigMap", Some((Menu::Insert, 1)), &[], "new insert"),
    action(
        ActionId::CommandSearch,
        "Command search",
        Some((Menu::View, 0)),
        &[Keys::command(Key::K), Keys::command_shift(Key::P)],
        "palette actions",
    ),
    action(
        ActionId::Find,
        "Find on canvas",
        Some((Menu::View, 0)),
        &[Keys::command(Key::F)],
        "search component",
    ),
    action(ActionId::FindNext, "Find next", Some((Menu::View, 0)), &[Keys::plain(Key::F3)], "search"),
    action(
        ActionId::ZoomIn,
        "Zoom in",
        Some((Menu::View, 1)),
        &[Keys::command(Key::Plus), Keys::command(Key::Equals)],
        "nearer larger",
    ),
    action(
        ActionId::ZoomOut,
        "Zoom out",
        Some((Menu::View, 1)),
        &[Keys::command(Key::Minus)],
        "farther smaller",
    ),
    action(
        ActionId::ZoomActual,
        "Zoom to 100 %",
        Some((Menu::View, 1)),
        &[Keys::canvas(Key::Num0)],
        "actual size reset",
    ),
    action(ActionId::FitAll, "Fit all", Some((Menu::View, 1)), &[Keys::canvas(Key::Num1)], "zoom everything"),
    action(
        ActionId::FitSelection,
        "Fit selection",
        Some((Menu::View, 1)),
        &[Keys::canvas(Key::Num2)],
        "zoom",
    ),
    action(ActionId::ShowCanvas, "Canvas", Some((Menu::View, 2)), &[], "show design"),
    action(ActionId::ShowTopology, "Topology", Some((Menu::View, 2)), &[], "show graph relationships"),
    action(
        ActionId::Toggle(Region::Left),
        "Left panel",
        Some((Menu::View, 3)),
        &[Keys::command(Key::B)],
        "show hide toggle insert outline",
    ),
    action(
        ActionId::Toggle(Region::Bottom),
        "Bottom panel",
        Some((Menu::View, 3)),
        &[Keys::command(Key::J)],
        "show hide toggle problems",
    ),
    action(
        ActionId::Toggle(Region::Right),
        "Inspector",
        Some((Menu::View, 3)),
        &[Keys::command(Key::I)],
        "show hide toggle right form yaml",
    ),
    action(ActionId::ShowInsert, "Show Insert", None, &[], "palette components"),
    action(ActionId::ShowOutline, "Show Outline", None, &[], "tree list"),
    action(ActionId::ShowForm, "Show form", None, &[], "inspector fields"),
    action(ActionId::ShowYaml, "Show YAML", None, &[], "inspector text"),
    action(ActionId::ShowProblems, "Show problems", None, &[], "findings errors warnings"),
    action(ActionId::ShowChain, "Show chain", None, &[], "filters order proxy phases"),
    action(ActionId::ChooseProxy, "Show the chain of…", None, &[], "filters order proxy workload gateway"),
    action(ActionId::ShowEvaluation, "Show evaluation", None, &[], "trace policy"),
    action(ActionId::Focus(Region::Left), "Focus left panel", None, &[Keys::command(Key::Num1)], "go to"),
    action(ActionId::Focus(Region::Centre), "Focus canvas", None, &[Keys::command(Key::Num2)], "go to"),
    action(ActionId::Focus(Region::Right), "Focus inspector", None, &[Keys::command(Key::Num3)], "go to"),
    action(
        ActionId::Focus(Region::Bottom),
        "Focus problems",
        None,
        &[Keys::command(Key::Num4)],
        "go to bottom",
    ),
    action(
        ActionId::Focus(Region::Preview),
        "Focus export preview",
        None,
        &[Keys::command(Key::Num5)],
        "go to manifests",
    ),
    action(ActionId::Focus(Region::Menus), "Focus menus", None, &[Keys::plain(Key::F10)], "go to menu bar"),
    action(
        ActionId::NextProblem,
        "Next problem",
        Some((Menu::View, 4)),
        &[Keys::plain(Key::F8)],
        "finding error warning",
    ),
    action(
        ActionId::PreviousProblem,
        "Previous problem",
        Some((Menu::View, 4)),
        &[SHIFT_F8],
        "finding error warning",
    ),
    action(ActionId::QuickFix, "Quick fix", Some((Menu::View, 4)), &[ALT_ENTER], "mend repair problem"),
    action(
        ActionId::EvaluateNow,
        "Evaluate now",
        Some((Menu::View, 4)),
        &[],
        "policy relationships identify",
    ),
    action(
        ActionId::Definitions,
        "Relationship definitions…",
        Some((Menu::View, 4)),
        &[],
        "meshery kinds components registry reload settings folder",
    ),
    action(ActionId::ThemeSystem, "System colours", Some((Menu::View, 5)), &[], "theme appearance colors"),
    action(ActionId::ThemeDark, "Dark colours", Some((Menu::View, 5)), &[], "theme appearance night colors"),
    action(ActionId::ThemeLight, "Light colours", Some((Menu::View, 5)), &[], "theme appearance day colors"),
    action(
        ActionId::Shortcuts,
        "Keyboard shortcuts",
        Some((Menu::Help, 0)),
        &[Keys::plain(Key::F1)],
        "keys help",
    ),
    action(ActionId::About, "About Billfold", Some((Menu::Help, 0)), &[], "version licence"),
];
