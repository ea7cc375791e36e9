//! How a kind of component looks: the letters of its tile, and the colours of its card.
//!
//! Kinds that come from files of others have no style of their own: two letters of the name tell them apart, and a hue
//! that is always the same for the same kind, whether its definition is at hand or not.
#![expect(clippy::unreadable_literal, reason = "colours are read as RRGGBB")]

use egui::Color32;

use super::theme::rgb;
use crate::model::ComponentKind;

/// The look of one kind of component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KindStyle {
    /// What stands in the tile.
    pub letters: Letters,
    /// The tile; [`super::Theme::on_tile`] text stands on it.
    pub tile: Color32,
    /// The body of the kind's card on the canvas.
    pub surface: Color32,
    /// The header band of the card.
    pub header: Color32,
    /// The card's border.
    pub stroke: Color32,
    /// Text in the kind's hue, on `surface` or `header`.
    pub text: Color32,
}

impl KindStyle {
    /// The style of a kind of which only the name is known.
    pub(super) fn for_kind(self, kind: &ComponentKind) -> Self {
        let known =
            [(ComponentKind::SERVICE, 'S'), (ComponentKind::SECRET, 'K'), (ComponentKind::CONFIG_MAP, 'C')];
        if let Some((_, letter)) = known.iter().find(|(known, _)| known.same_kind(kind)) {
            return Self { letters: Letters::one(*letter), ..self };
        }
        // FNV-1a: the same on every machine and in every version.
        let bytes = kind.group.bytes().chain([b'/']).chain(kind.kind.bytes());
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let tile = HUES[(hash >> 32) as usize % HUES.len()];
        Self { letters: Letters::of_name(&kind.kind), tile, ..self }
    }
}

/// Tiles of kinds without a style of their own, for both themes.
const HUES: [Color32; 6] =
    [rgb(0x8a4668), rgb(0x7a4d9c), rgb(0x3f6f8f), rgb(0x4c7040), rgb(0x8d5638), rgb(0x5c6470)];

/// One or two letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letters {
    utf8: [u8; 8],
    length: u8,
}

impl Letters {
    /// One letter.
    pub(super) const fn one(letter: char) -> Self {
        let mut utf8 = [0; 8];
        let length = letter.encode_utf8(&mut utf8).len() as u8;
        Self { utf8, length }
    }

    /// Of `PriorityClass` the capitals "PC", of `Ingress` "In"; of a name without a letter or digit "?".
    fn of_name(name: &str) -> Self {
        let mut capitals = name.chars().filter(|letter| letter.is_uppercase());
        let mut all = name.chars().filter(|letter| letter.is_alphanumeric());
        let (first, second) = match (capitals.next(), capitals.next()) {
            (Some(first), Some(second)) => (first, Some(second)),
            _ => (all.next().unwrap_or('?'), all.next()),
        };
        let mut letters = Self::one(first);
        if let Some(second) = second {
            let from = usize::from(letters.length);
            letters.length += second.encode_utf8(&mut letters.utf8[from..]).len() as u8;
        }
        letters
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.utf8[..usize::from(self.length)]).unwrap_or("?")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_letters_tell_kinds_apart() {
        let letters = |name: &str| Letters::of_name(name).as_str().to_owned();
        for (name, expected) in [
            ("IPAddress", "IP"),
            ("PriorityClass", "PC"),
            ("VirtualService", "VS"),
            ("Ingress", "In"),
            ("queue", "qu"),
            ("Q", "Q"),
            ("", "?"),
            ("-", "?"),
            ("Ünïcode", "Ün"),
            ("𝔄𝔅", "𝔄𝔅"),
        ] {
            assert_eq!(letters(name), expected, "{name}");
        }
    }
}
