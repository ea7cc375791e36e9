//! The line of a text that a finding is about.

use std::collections::BTreeMap;

/// Lines longer than this were not written by people; what else stands in them is nobody's business.
const LONGEST: usize = 4000;

/// Texts by the names of their files; cut into lines when they are asked for.
pub(super) struct Texts<'a> {
    texts: BTreeMap<&'a str, &'a [u8]>,
    lines: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Texts<'a> {
    pub(super) fn new(files: &'a [(&'a str, &'a [u8])]) -> Self {
        Self { texts: files.iter().copied().collect(), lines: BTreeMap::new() }
    }

    /// The line `number` (from 1) of a file, without its break.
    pub(super) fn line(&mut self, file: &str, number: u32) -> Option<&'a str> {
        let (&name, bytes) = self.texts.get_key_value(file)?;
        let lines = self.lines.entry(name).or_insert_with(|| {
            let text = std::str::from_utf8(bytes).unwrap_or_default();
            text.strip_prefix('\u{feff}').unwrap_or(text).lines().collect()
        });
        let line = lines.get(usize::try_from(number).ok()?.checked_sub(1)?)?;
        (line.len() <= LONGEST).then_some(*line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_and_very_long_ones_are_not_shown() {
        let long = format!("\u{feff}a: 1\r\nb: {}\nc: 2", "x".repeat(LONGEST));
        let files = [("a.yaml", long.as_bytes()), ("b.yaml", &[0xff_u8, 0x0a][..])];
        let mut texts = Texts::new(&files);
        assert_eq!(texts.line("a.yaml", 1), Some("a: 1"));
        assert_eq!(texts.line("a.yaml", 2), None);
        assert_eq!(texts.line("a.yaml", 3), Some("c: 2"));
        assert_eq!((texts.line("a.yaml", 4), texts.line("a.yaml", 0)), (None, None));
        assert_eq!((texts.line("b.yaml", 1), texts.line("c.yaml", 1)), (None, None));
    }
}
