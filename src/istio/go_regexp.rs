//! Tells whether Go's `regexp` takes an expression, as istiod compiles it (RE2's syntax).
//!
//! Not a matcher: it reads the expression once and says what Go would refuse first. Where Go knows a list of names
//! (`\p{Greek}`) any name passes.

/// The most repetitions that Go takes.
const MOST_REPEATS: u32 = 1000;

/// The deepest groups that Go takes.
const DEEPEST: usize = 1000;

/// `Err` says why Go refuses `expression`.
pub fn check(expression: &str) -> Result<(), String> {
    let mut reader = Reader { rest: expression, groups: 0, can_repeat: false, is_repeated: false };
    while let Some(c) = reader.next() {
        match c {
            '\\' => reader.escape(false)?,
            '[' => reader.class()?,
            '(' => reader.open_group()?,
            ')' => {
                let Some(groups) = reader.groups.checked_sub(1) else {
                    return Err("`)` without `(`".to_owned());
                };
                reader.groups = groups;
                reader.operand();
            }
            '|' => reader.can_repeat = false,
            '*' | '+' | '?' => reader.repeat(&c.to_string())?,
            '{' => reader.counted_repeat()?,
            _ => reader.operand(),
        }
    }
    if reader.groups > 0 { Err("a `(` has no `)`".to_owned()) } else { Ok(()) }
}

struct Reader<'a> {
    rest: &'a str,
    groups: usize,
    /// Something stands before that can be repeated, and whether it is repeated already.
    can_repeat: bool,
    is_repeated: bool,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn take(&mut self, prefix: &str) -> bool {
        self.rest.strip_prefix(prefix).inspect(|rest| self.rest = rest).is_some()
    }

    fn operand(&mut self) {
        self.can_repeat = true;
        self.is_repeated = false;
    }

    fn repeat(&mut self, operator: &str) -> Result<(), String> {
        if !self.can_repeat {
            return Err(format!("nothing stands before `{operator}` that could be repeated"));
        }
        if self.is_repeated {
            return Err(format!("`{operator}` repeats what is repeated already"));
        }
        // The lazy form.
        self.take("?");
        self.is_repeated = true;
        Ok(())
    }

    /// `{2}`, `{2,}` or `{2,5}`; another brace is a brace.
    fn counted_repeat(&mut self) -> Result<(), String> {
        let counts = self.rest.split_once('}').and_then(|(counts, rest)| {
            let (least, most) = counts.split_once(',').unwrap_or((counts, counts));
            let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            (is_number(least) && (most.is_empty() || is_number(most))).then_some((least, most, rest))
        });
        let Some((least, most, rest)) = counts else {
            self.operand();
            return Ok(());
        };
        let number = |text: &str| text.parse::<u32>().unwrap_or(u32::MAX);
        let (low, high) = (number(least), if most.is_empty() { 0 } else { number(most) });
        if low > MOST_REPEATS || high > MOST_REPEATS || (!most.is_empty() && low > high) {
            return Err(format!("`{{{least},{most}}}` is no count from 0 to {MOST_REPEATS}"));
        }
        self.rest = rest;
        self.repeat("{}")
    }

    fn open_group(&mut self) -> Result<(), String> {
        self.groups += 1;
        if self.groups > DEEPEST {
            return Err("too many groups stand inside one another".to_owned());
        }
        if !self.take("?") {
            self.can_repeat = false;
            return Ok(());
        }
        if self.take("P<") || self.is_named_group() {
            let name = self.rest.split_once('>').map(|(name, rest)| {
                self.rest = rest;
                name
            });
            let is_word = |name: &&str| {
                !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            };
            self.can_repeat = false;
            return name.filter(is_word).map(|_| ()).ok_or_else(|| "a group has no valid name".to_owned());
        }
        self.flags()
    }

    /// `(?<name>`; not the look-behinds `(?<=` and `(?<!`, which Go does not have.
    fn is_named_group(&mut self) -> bool {
        let is_named = self.rest.starts_with('<') && !self.rest[1..].starts_with(['=', '!']);
        is_named && self.take("<")
    }

    /// `(?i)`, `(?i-s:`, `(?:`.
    fn flags(&mut self) -> Result<(), String> {
        let end = self.rest.find([':', ')']);
        let (flags, is_group) = match end {
            Some(end) => (&self.rest[..end], self.rest[end..].starts_with(':')),
            None => return Err("a `(?` has no end".to_owned()),
        };
        let (on, off) = flags.split_once('-').unwrap_or((flags, "i"));
        let known = |text: &str| text.chars().all(|flag| "imsU".contains(flag));
        if !known(on) || !known(off) || off.is_empty() || (flags.is_empty() && !is_group) {
            return Err("`(?` with what Go does not know: it has no look-around".to_owned());
        }
        self.rest = &self.rest[flags.len() + 1..];
        self.can_repeat = false;
        if !is_group {
            self.groups -= 1;
        }
        Ok(())
    }

    fn escape(&mut self, in_class: bool) -> Result<(), String> {
        let Some(c) = self.next() else { return Err("a `\\` at the end".to_owned()) };
        match c {
            'p' | 'P' => {
                // `\p{Greek}`, or `\pL` with one letter.
                let is_sound = if self.take("{") { self.skip_to('}') } else { self.next().is_some() };
                if !is_sound {
                    return Err(format!("`\\{c}` without the name of a class"));
                }
            }
            'x' => {
                let is_sound = if self.take("{") {
                    let digits = self.rest.split('}').next().unwrap_or_default();
                    let is_number =
                        u32::from_str_radix(digits, 16).is_ok_and(|it| char::from_u32(it).is_some());
                    is_number && self.skip_to('}')
                } else {
                    let digits = self.rest.get(..2).unwrap_or_default();
                    let is_number = u8::from_str_radix(digits, 16).is_ok();
                    is_number.then(|| self.rest = &self.rest[2..]).is_some()
                };
                if !is_sound {
                    return Err("`\\x` without two hexadecimal digits".to_owned());
                }
            }
            'Q' if !in_class => {
                let end = self.rest.find("\\E").map_or(self.rest.len(), |end| end + 2);
                self.rest = &self.rest[end..];
            }
            // A character in octal digits.
            '1'..='7' if self.rest.starts_with(|next| ('0'..='7').contains(&next)) => {}
            '1'..='9' => return Err(format!("`\\{c}`: Go has no references to groups")),
            'A' | 'z' | 'b' | 'B' if !in_class => {}
            'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'a' | 'f' | 'n' | 'r' | 't' | 'v' | '0' => {}
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => {}
            c => return Err(format!("`\\{c}` is no escape that Go knows")),
        }
        if !in_class {
            self.operand();
        }
        Ok(())
    }

    fn skip_to(&mut self, end: char) -> bool {
        let Some((_, rest)) = self.rest.split_once(end) else { return false };
        self.rest = rest;
        true
    }

    fn class(&mut self) -> Result<(), String> {
        self.take("^");
        let mut is_first = true;
        let mut low: Option<char> = None;
        loop {
            if self.take("[:") {
                if !self.skip_to(']') {
                    break;
                }
                (low, is_first) = (None, false);
                continue;
            }
            let Some(c) = self.next() else { break };
            match c {
                ']' if !is_first => {
                    self.operand();
                    return Ok(());
                }
                '\\' => {
                    self.escape(true)?;
                    low = None;
                }
                '-' if low.is_some() && !self.rest.starts_with([']', '\\']) => {
                    let high = self.next().unwrap_or('-');
                    if low.is_some_and(|low| low > high) {
                        return Err(format!("`{}-{high}` is no range", low.unwrap_or_default()));
                    }
                    low = None;
                }
                c => low = Some(c),
            }
            is_first = false;
        }
        Err("a `[` has no `]`".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn what_go_takes() {
        for expression in [
            "",
            "^1\\.9.*",
            r"^1\.(1[0-9]|2\d)(\.|$)",
            "a{2}",
            "a{2,}",
            "a{2,5}?",
            "a{,5}",
            "{",
            "x{y}",
            "(?i)a",
            "(?:a|b)+",
            "(?P<minor>\\d+)",
            "(?<minor>\\d+)",
            "[]a]",
            "[^]a]",
            "[a-z-]",
            r"[\w-]",
            "[[:alpha:]]",
            r"\pL\p{Greek}",
            r"\Qa*b\E*",
            r"\x{10FFFF}",
            r"\x41",
            "a|",
            r"\12",
            "^*",
            "()",
            "(|a)*",
            "a??",
        ] {
            assert_eq!(check(expression), Ok(()), "{expression}");
        }
    }

    #[test]
    fn what_go_refuses() {
        for expression in [
            "(",
            ")",
            "a(b",
            "*a",
            "a**",
            "a|*",
            "(*)",
            "+",
            "a{1001}",
            "a{5,2}",
            "[",
            "[]",
            "[z-a]",
            "[a",
            r"\",
            r"\1",
            r"\y",
            "(?=a)",
            "(?!a)",
            "(?<=a)",
            "(?<!a)",
            "(?P<>a)",
            "(?P<a",
            "(?x)a",
            r"\xZ",
            r"\p{Greek",
        ] {
            assert!(check(expression).is_err(), "{expression}");
        }
    }
}
