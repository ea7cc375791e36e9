//! The chain of filters of one proxy: Istio's own and the plugins in the order in which they run, in columns of phases.
//!
//! A block can be dragged, or moved with `[` and `]`: within its wallet it changes places with the wallet's filters,
//! elsewhere its plugin gets the priority that gives the shown order. What would change is said before release.

mod blocks;
mod columns;
mod drag;
mod model;

pub use self::model::title as proxy_title;

use egui::{Align, Id, Layout, RichText, Ui};

use self::drag::Drag;
use self::model::{Shown, Wanted};
use super::dialogs::Dialog;
use super::problems::empty_ui;
use super::queue::{CommandQueue, UiEvent};
use super::theme::{Theme, size, space};
use super::widgets::{self, choice_button};
use crate::editor::Revision;
use crate::istio::Traffic;
use crate::model::ComponentId;
use crate::workspace::{Command, Workspace};

/// What it remembers between frames.
#[derive(Debug, Default)]
pub struct ChainState {
    /// The proxy that was chosen; `None`: the one that belongs to the selection.
    picked: Option<ComponentId>,
    /// The direction that was chosen, for proxies that have two.
    traffic: Option<Traffic>,
    made_of: Option<(Revision, Wanted)>,
    shown: Option<Shown>,
    /// The entry at hand.
    current: Option<usize>,
    /// What is being dragged.
    drag: Option<Drag>,
    /// Why the last move with a key was refused.
    refusal: Option<String>,
    takes_focus: bool,
}

impl ChainState {
    /// The identity of the strip, which takes the keyboard.
    pub fn id() -> Id {
        Id::new("chain strip")
    }

    /// Tells whether there is a chain that can take the keyboard.
    pub fn has_chain(&self) -> bool {
        self.shown.is_some()
    }

    /// Gives the chain the keyboard focus in the next frame.
    pub fn take_focus(&mut self) {
        self.takes_focus = true;
    }

    /// Shows the chain of this proxy from now on; `None`: of the one that belongs to the selection.
    pub fn pick(&mut self, proxy: Option<ComponentId>) {
        self.picked = proxy;
    }

    /// Another document was opened.
    pub fn forget_document(&mut self) {
        *self = Self { traffic: self.traffic, ..Self::default() };
    }

    fn refresh(&mut self, workspace: &Workspace) {
        let derived = workspace.derived();
        let wanted = Wanted {
            picked: self.picked,
            selected: workspace.editor().selection().primary(),
            traffic: self.traffic,
        };
        let made_of = Some((derived.revision, wanted));
        if self.made_of == made_of {
            return;
        }
        self.made_of = made_of;
        // What belongs to no proxy, such as a namespace, leaves the chain as it was.
        let before = self.shown.as_ref().map(|shown| shown.proxy);
        let at_hand = self.shown.as_ref().zip(self.current).and_then(|(shown, at)| shown.key_of(at));
        self.shown = model::make(derived, wanted, before);
        self.current = self.shown.as_ref().zip(at_hand).and_then(|(shown, key)| shown.find(&key));
        self.drag = None;
    }
}

/// Fills the panel's body.
pub fn chain_ui(
    ui: &mut Ui,
    state: &mut ChainState,
    workspace: &Workspace,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    state.refresh(workspace);
    ui.spacing_mut().item_spacing.y = 0.0;
    let Some(shown) = &state.shown else {
        state.takes_focus = false;
        let text =
            "Add a workload or a Gateway: its proxy runs the plugins, in the order that is shown here.";
        return empty_ui(ui, theme, "No proxy in this design", text);
    };
    let picks = header_ui(ui, shown, state.picked.is_some(), theme, queue);
    if let Some(traffic) = picks {
        state.traffic = Some(traffic);
    }
    // Of a revision that is no more a chain is shown, but nothing is moved in it.
    let is_present = workspace.derived().revision == workspace.editor().revision();
    blocks::strip_ui(ui, state, workspace, is_present, theme, queue);
}

/// The proxy, the direction, and a summary; returns the direction that was chosen.
fn header_ui(
    ui: &mut Ui,
    shown: &Shown,
    is_picked: bool,
    theme: &Theme,
    queue: &mut CommandQueue,
) -> Option<Traffic> {
    let mut chosen = None;
    ui.horizontal(|ui| {
        ui.set_min_height(34.0);
        ui.add_space(space::M);
        ui.spacing_mut().item_spacing.x = space::XS;
        let name = format!("Proxy: {}", shown.title);
        let proxy = choice_button(ui, theme, &shown.title, &name);
        let hint = if is_picked { "Chosen by hand" } else { "Follows the selection" };
        if proxy.on_hover_text(format!("{hint}. Click to choose the proxy")).clicked() {
            queue.event(UiEvent::Open(Dialog::Proxy));
        }
        if let [_, _, ..] = shown.traffics {
            ui.add_space(space::XS);
            for traffic in shown.traffics {
                let is_on = *traffic == shown.chain.traffic;
                let label = model::capitalised(traffic.word());
                if widgets::segment(ui, theme, &label, is_on).clicked() && !is_on {
                    chosen = Some(*traffic);
                }
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(space::M);
            let text = RichText::new(&shown.summary).font(Theme::plain(size::SMALL + 1.0)).color(theme.dim);
            ui.add(egui::Label::new(text).truncate());
        });
    });
    chosen
}

/// Selects what an entry is made from.
fn select(shown: &Shown, entry: usize, queue: &mut CommandQueue) {
    let entry = shown.chain.entries.get(entry);
    if let Some(id) = entry.and_then(|entry| entry.filter.or(entry.plugin)) {
        queue.push(Command::Select(vec![id]));
    }
}
