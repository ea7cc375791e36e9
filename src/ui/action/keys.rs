//! Shortcuts: a chord, and where it acts.

use egui::{Key, Modifiers};

/// Where a shortcut acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Wherever the focus is.
    Everywhere,
    /// Unless text is being edited: the key means something there.
    NotInText,
    /// While the canvas or the Outline has the focus, and no text is edited.
    Canvas,
    /// Shown only: the window gets it as a clipboard event, not as a key.
    Clipboard,
}

/// A chord.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys {
    /// Modifiers; `COMMAND` is Ctrl, on macOS Cmd.
    pub modifiers: Modifiers,
    /// The key.
    pub key: Key,
    /// Where it acts.
    pub scope: Scope,
}

impl Keys {
    /// A chord with a scope.
    pub const fn new(modifiers: Modifiers, key: Key, scope: Scope) -> Self {
        Self { modifiers, key, scope }
    }

    /// Ctrl (Cmd) and a key, everywhere.
    pub const fn command(key: Key) -> Self {
        Self::new(Modifiers::COMMAND, key, Scope::Everywhere)
    }

    /// Ctrl (Cmd), Shift and a key, everywhere.
    pub const fn command_shift(key: Key) -> Self {
        Self::new(Modifiers { shift: true, ..Modifiers::COMMAND }, key, Scope::Everywhere)
    }

    /// A key alone, while the canvas or the Outline has the focus.
    pub const fn canvas(key: Key) -> Self {
        Self::new(Modifiers::NONE, key, Scope::Canvas)
    }

    /// A key alone, everywhere.
    pub const fn plain(key: Key) -> Self {
        Self::new(Modifiers::NONE, key, Scope::Everywhere)
    }

    /// The same chord with another scope.
    #[must_use]
    pub const fn within(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// Tells whether both are pressed with the same keys.
    pub fn same_chord(&self, other: &Self) -> bool {
        self.modifiers == other.modifiers && self.key == other.key
    }

    /// As it is shown: `Ctrl+Shift+S`, `Del`.
    pub fn text(&self) -> String {
        let is_mac = cfg!(target_os = "macos");
        let mut text = String::new();
        let mut add = |is_down: bool, name: &str, mac: &str| {
            if is_down {
                text.push_str(if is_mac { mac } else { name });
            }
        };
        add(self.modifiers.alt, "Alt+", "⌥");
        add(self.modifiers.command, "Ctrl+", "⌘");
        add(self.modifiers.shift, "Shift+", "⇧");
        text + key_name(self.key)
    }
}

fn key_name(key: Key) -> &'static str {
    match key {
        Key::Delete => "Del",
        Key::Escape => "Esc",
        Key::OpenBracket => "[",
        Key::CloseBracket => "]",
        Key::Plus | Key::Equals => "+",
        Key::Minus => "-",
        Key::Num0 => "0",
        Key::Num1 => "1",
        Key::Num2 => "2",
        Key::Num3 => "3",
        Key::Num4 => "4",
        Key::Num5 => "5",
        other => other.name(),
    }
}
