//! Patterns of names and paths: `WasmPlugin/shop/*`, `legacy/**`.

/// A pattern: `*` is anything within one part, `**` anything at all, `?` one character; the rest is itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob(Vec<Piece>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    One(char),
    AnyOne,
    /// Any number of characters but `/`.
    Within,
    /// Any number of characters.
    Across,
}

impl Glob {
    /// Reads a pattern; every text is one. `**/` also stands for no folder at all.
    pub fn new(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            pieces.push(match c {
                '*' if rest.next_if_eq(&'*').is_some() => Piece::Across,
                '*' => Piece::Within,
                '?' => Piece::AnyOne,
                c => Piece::One(c),
            });
        }
        Self(pieces)
    }

    /// Tells whether the whole of `text` fits.
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        // Which beginnings of the text the pieces so far fit, by their length.
        let mut fits = vec![false; text.len() + 1];
        fits[0] = true;
        for (place, piece) in self.0.iter().enumerate() {
            let former = fits.clone();
            match piece {
                Piece::One(_) | Piece::AnyOne => {
                    fits[0] = false;
                    for (end, c) in text.iter().enumerate() {
                        let is_it = match piece {
                            Piece::One(own) => own == c,
                            _ => *c != '/',
                        };
                        fits[end + 1] = former[end] && is_it;
                    }
                    // `a/**/b` is `a/b`, too.
                    let follows_across = place > 0 && self.0[place - 1] == Piece::Across;
                    if *piece == Piece::One('/') && follows_across {
                        for end in 0..=text.len() {
                            let is_boundary = end == 0 || text[end - 1] == '/';
                            fits[end] |= former[end] && is_boundary;
                        }
                    }
                }
                Piece::Within | Piece::Across => {
                    for (end, c) in text.iter().enumerate() {
                        fits[end + 1] |= fits[end] && (*piece == Piece::Across || *c != '/');
                    }
                }
            }
        }
        fits[text.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text, fits) in [
            ("WasmPlugin/shop/auth", "WasmPlugin/shop/auth", true),
            ("WasmPlugin/shop/auth", "WasmPlugin/shop/auth2", false),
            ("WasmPlugin/*/auth", "WasmPlugin/shop/auth", true),
            ("WasmPlugin/*", "WasmPlugin/shop/auth", false),
            ("WasmPlugin/**", "WasmPlugin/shop/auth", true),
            ("**", "", true),
            ("*", "a/b", false),
            ("auth-?", "auth-1", true),
            ("auth-?", "auth-", false),
            ("a?b", "a/b", false),
            ("legacy/**/*.yaml", "legacy/a/b/c.yaml", true),
            ("legacy/**/*.yaml", "legacy/c.yaml", true),
            ("**/c.yaml", "c.yaml", true),
            ("**/c.yaml", "xc.yaml", false),
            ("*.yaml", "ü.yaml", true),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(Glob::new(pattern).matches(text), fits, "{pattern} {text}");
        }
        assert!(!Glob::new(&"*a".repeat(200)).matches(&"a".repeat(150)), "no pattern takes for ever");
    }
}
