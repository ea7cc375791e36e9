//! A window of one part for its tests: the theme is there, and what is drawn is what the test gives.

use egui::Ui;
use egui_kittest::{Harness, HarnessBuilder};

use super::theme::{self, Theme};

/// A harness that draws `state` with `draw`, from the second frame on: the first installs the theme.
pub(super) fn harness<S>(
    builder: HarnessBuilder<S>,
    state: S,
    mut draw: impl FnMut(&mut Ui, &mut S, &Theme) + 'static,
) -> Harness<'static, S> {
    let mut is_installed = false;
    builder.build_ui_state(
        move |ui, state| {
            if !is_installed {
                theme::install(ui.ctx());
                is_installed = true;
                ui.ctx().request_repaint();
                return;
            }
            let theme = Theme::of(ui.ctx());
            draw(ui, state, &theme);
        },
        state,
    )
}
