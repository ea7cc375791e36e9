//! Asks for an address to open.

use egui::{RichText, TextEdit};

use super::frame::{Answer, DialogFrame, answer_row, show_dialog};
use crate::ui::queue::CommandQueue;
use crate::ui::theme::{Theme, size};
use crate::workspace::Command;

/// The address that is being typed.
#[derive(Debug, Default)]
pub(super) struct UrlDialog {
    text: String,
    is_old: bool,
}

impl UrlDialog {
    /// Shows it; returns whether it is done with.
    pub(super) fn show(&mut self, ctx: &egui::Context, theme: &Theme, queue: &mut CommandQueue) -> bool {
        let dialog = DialogFrame { id: "open url", title: "Open from URL", width: 520.0 };
        let (answer, closed) = show_dialog(ctx, theme, dialog, |ui| {
            let field = TextEdit::singleline(&mut self.text)
                .id(egui::Id::new("url field"))
                .font(Theme::mono(size::MONO))
                .hint_text(RichText::new("https://example.com/design.yaml").color(theme.faint))
                .margin(egui::Margin::symmetric(8, 6))
                .return_key(None)
                .desired_width(f32::INFINITY);
            let field = ui.add(field);
            ui.ctx().accesskit_node_builder(field.id, |node| node.set_label("URL"));
            if !std::mem::replace(&mut self.is_old, true) {
                field.request_focus();
            }
            let text = self.text.trim();
            let fits = is_http(text);
            let (hint, color) = if fits || text.is_empty() || "https://".starts_with(text) {
                ("A design or manifests over http or https. The download can be stopped.", theme.dim)
            } else {
                ("Only addresses that begin with http:// or https:// can be opened.", theme.warning)
            };
            ui.label(RichText::new(hint).font(Theme::plain(size::SMALL + 1.0)).color(color));
            answer_row(ui, theme, ("Open", fits), None, "Cancel")
        });
        if answer == Some(Answer::Accept) {
            queue.push(Command::OpenUrl(self.text.trim().to_owned()));
        }
        closed || answer.is_some()
    }
}

fn is_http(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::is_http;

    #[test]
    fn only_http_addresses() {
        assert!(is_http("HTTPS://example.com/a.yaml"));
        for bad in ["", "https://", "ftp://example.com/a", "file:///a", "example.com", "http://a b"] {
            assert!(!is_http(bad), "{bad}");
        }
    }
}
