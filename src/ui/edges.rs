//! The edges of the panels: they are dragged with the mouse or moved with the arrow keys, and where they stand is
//! remembered for the next run.

use egui::accesskit::Role;
use egui::{Context, EventFilter, Id, Key, Modifiers, PanelState, Ui};

use super::queue::CommandQueue;
use super::theme::Theme;
use super::widgets::focus_visible;
use crate::workspace::{Command, PanelSizes, Workspace};

/// How far an arrow key moves an edge, in points.
const STEP: f32 = 16.0;

/// Identity of the left panel.
pub const LEFT: &str = "left panel";
/// Identity of the inspector.
pub const RIGHT: &str = "right panel";
/// Identity of the panel at the bottom.
pub const BOTTOM: &str = "bottom panel";
/// Identity of the export preview's panel.
pub const PREVIEW: &str = "preview panel";

/// The edge of one panel.
struct Edge {
    panel: &'static str,
    /// The accessible name.
    name: &'static str,
    is_height: bool,
    /// The key that makes the panel larger, and the one that makes it smaller.
    keys: [Key; 2],
    size: fn(&mut PanelSizes) -> &mut Option<f32>,
}

const EDGES: [Edge; 4] = [
    Edge {
        panel: LEFT,
        name: "Width of the left panel",
        is_height: false,
        keys: [Key::ArrowRight, Key::ArrowLeft],
        size: |sizes| &mut sizes.left,
    },
    Edge {
        panel: RIGHT,
        name: "Width of the inspector",
        is_height: false,
        keys: [Key::ArrowLeft, Key::ArrowRight],
        size: |sizes| &mut sizes.right,
    },
    Edge {
        panel: BOTTOM,
        name: "Height of the bottom panel",
        is_height: true,
        keys: [Key::ArrowUp, Key::ArrowDown],
        size: |sizes| &mut sizes.bottom,
    },
    Edge {
        panel: PREVIEW,
        name: "Width of the export preview",
        is_height: false,
        keys: [Key::ArrowLeft, Key::ArrowRight],
        size: |sizes| &mut sizes.preview,
    },
];

impl Edge {
    fn id(&self) -> Id {
        Id::new(self.panel)
    }

    /// The identity that egui gives to what is dragged.
    fn handle(&self) -> Id {
        self.id().with("__resize")
    }

    fn length(&self, ctx: &Context) -> Option<f32> {
        let size = PanelState::load(ctx, self.id())?.size();
        Some(if self.is_height { size.y } else { size.x })
    }

    /// Has the panel made anew, from its remembered size.
    fn forget(&self, ctx: &Context) {
        ctx.data_mut(|data| data.remove::<PanelState>(self.id()));
    }

    /// Names the edge, shows that it has the focus, and returns the size that the arrow keys ask for.
    fn focusable(&self, ui: &Ui, theme: &Theme) -> Option<f32> {
        let ctx = ui.ctx();
        let handle = self.handle();
        let is_shown = ctx.viewport(|viewport| viewport.this_pass.widgets.contains(handle));
        let response = ctx.read_response(handle).filter(|_| is_shown)?;
        let length = self.length(ctx)?;
        ctx.accesskit_node_builder(handle, |node| {
            node.set_role(Role::Splitter);
            node.set_label(self.name);
            node.set_numeric_value(f64::from(length));
        });
        if !response.has_focus() {
            return None;
        }
        if focus_visible(ctx) {
            let rect = response.rect;
            let line = if self.is_height {
                [rect.left_center(), rect.right_center()]
            } else {
                [rect.center_top(), rect.center_bottom()]
            };
            ui.painter().line_segment(line, theme.focus_ring());
        }
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(handle, filter));
        let pressed = |key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        let steps = pressed(self.keys[0]) as f32 - pressed(self.keys[1]) as f32;
        (steps != 0.0).then_some((length + steps * STEP).max(STEP))
    }
}

/// What is known of the places of the edges.
#[derive(Debug, Default)]
pub struct EdgesState {
    /// The sizes as they are remembered.
    remembered: PanelSizes,
    /// The sizes before a button of the mouse went down.
    before: PanelSizes,
}

impl EdgesState {
    /// Takes over sizes that an earlier run has left: they may be read only after the first frame.
    pub fn begin(&mut self, ctx: &Context, workspace: &Workspace) {
        if self.remembered != workspace.panel_sizes() {
            self.remembered = workspace.panel_sizes();
            for edge in EDGES {
                edge.forget(ctx);
            }
        }
    }

    /// Has the sizes remembered that the user has changed: those that are others after a drag than before it, or were
    /// changed with the keyboard.
    pub fn end(&mut self, ui: &Ui, theme: &Theme, queue: &mut CommandQueue) {
        let ctx = ui.ctx();
        let (is_down, released) = ctx.input(|input| (input.pointer.any_down(), input.pointer.any_released()));
        let mut sizes = self.remembered;
        for edge in EDGES {
            let now = edge.length(ctx);
            let before = (edge.size)(&mut self.before);
            if released && now != *before {
                *(edge.size)(&mut sizes) = now;
            }
            if !is_down {
                *before = now;
            }
            if let Some(asked) = edge.focusable(ui, theme) {
                *(edge.size)(&mut sizes) = Some(asked);
                edge.forget(ctx);
            }
        }
        if sizes != self.remembered {
            self.remembered = sizes;
            queue.push(Command::SetPanelSizes(sizes));
        }
    }
}
