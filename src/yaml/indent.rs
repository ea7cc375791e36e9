//! Lines between brackets or quotes that are not indented enough for the parser.
//!
//! By the letter of YAML 1.2 the bracket that closes `args: [` must stand deeper than `args`. Most people put it
//! right below, and `kubectl` and most other readers agree. When the parser stumbles over such a line, this
//! module finds all of them and pads them with spaces, which changes no value: inside brackets and quotes the
//! indentation means nothing.
//!
//! It is a rough reading, good for text that is valid otherwise. Where it is wrong, the parser stumbles again and
//! the text is refused as it would have been without it.

/// A line and the spaces in front of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pad {
    /// The line, from 1.
    pub(super) line: u32,
    pub(super) columns: u32,
}

/// Finds the lines to pad and gives the padded text; `None` if there is none, or too much to pad.
pub(super) fn padded(text: &str) -> Option<(String, Vec<Pad>)> {
    const ROOM: usize = 1024 * 1024;
    let pads = Finder::default().find(text);
    let total: usize = pads.iter().map(|pad| pad.columns as usize).sum();
    if pads.is_empty() || total > text.len() + ROOM {
        return None;
    }
    let mut padded = String::with_capacity(text.len() + total);
    let mut rest = pads.iter().peekable();
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        if let Some(pad) = rest.next_if(|pad| pad.line == number) {
            padded.extend(std::iter::repeat_n(' ', pad.columns as usize));
        }
        padded.push_str(line);
    }
    Some((padded, pads))
}

/// Where a line begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Outside of everything.
    #[default]
    Block,
    /// In a literal or folded text.
    TextBlock,
    /// Between brackets.
    Flow,
    /// Between quotes of this kind.
    Quotes(u8),
}

#[derive(Debug, Default)]
struct Finder {
    place: Place,
    /// How many brackets are open.
    depth: usize,
    /// The column of the key or dash that the current value belongs to, plus one; 0 at the root.
    parent: usize,
    /// Between brackets: whether a quote here would begin a quoted text.
    at_token: bool,
    pads: Vec<Pad>,
}

fn is_blank(byte: Option<&u8>) -> bool {
    matches!(byte, None | Some(b' ' | b'\t' | b'\r'))
}

/// The first place from `at` on that holds no blank.
fn skip_blanks(line: &[u8], at: usize) -> usize {
    let blanks = line.iter().skip(at).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    at + blanks
}

impl Finder {
    fn find(mut self, text: &str) -> Vec<Pad> {
        for (number, line) in (1u32..).zip(text.split('\n')) {
            let line = line.as_bytes();
            let indent = line.iter().take_while(|byte| **byte == b' ').count();
            let is_empty = line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
            let is_marker = (line.starts_with(b"---") || line.starts_with(b"...")) && is_blank(line.get(3));
            if is_empty {
                continue;
            }
            if self.place == Place::TextBlock {
                if indent >= self.parent && !is_marker {
                    continue;
                }
                self.place = Place::Block;
            }
            if is_marker {
                // Ends whatever was open, rightly or not.
                self.place = Place::Block;
                self.depth = 0;
                self.parent = 0;
                self.block(line, 3);
                continue;
            }
            match self.place {
                Place::Block | Place::TextBlock => {
                    self.parent = 0;
                    self.block(line, 0);
                }
                Place::Flow | Place::Quotes(_) => {
                    if let Some(missing) = self.parent.checked_sub(indent).filter(|missing| *missing > 0) {
                        self.pads
                            .push(Pad { line: number, columns: u32::try_from(missing).unwrap_or(u32::MAX) });
                    }
                    self.inside(line, 0);
                }
            }
        }
        self.pads
    }

    /// Reads on outside of brackets and quotes.
    fn block(&mut self, line: &[u8], mut at: usize) {
        loop {
            at = skip_blanks(line, at);
            let Some(&byte) = line.get(at) else { return };
            match byte {
                b'-' | b'?' | b':' if is_blank(line.get(at + 1)) => {
                    self.parent = at + 1;
                    at += 1;
                }
                b'&' | b'!' | b'*' => {
                    while !is_blank(line.get(at)) {
                        at += 1;
                    }
                }
                b'#' => return,
                b'|' | b'>' => {
                    self.place = Place::TextBlock;
                    return;
                }
                b'[' | b'{' => {
                    let start = at;
                    self.place = Place::Flow;
                    self.depth = 0;
                    match self.inside(line, at) {
                        Some(end) => at = self.after_value(line, start, end),
                        None => return,
                    }
                }
                b'"' | b'\'' => {
                    let start = at;
                    self.place = Place::Quotes(byte);
                    match self.inside(line, at + 1) {
                        Some(end) => at = self.after_value(line, start, end),
                        None => return,
                    }
                }
                _ => {
                    // Plain text up to a colon, a comment, or the end of the line.
                    let colon = (at..line.len()).find(|i| {
                        (line[*i] == b':' && is_blank(line.get(i + 1)))
                            || (line[*i] == b'#' && is_blank(line.get(i.wrapping_sub(1))))
                    });
                    match colon {
                        Some(colon) if line[colon] == b':' => {
                            self.parent = at + 1;
                            at = colon + 1;
                        }
                        _ => return,
                    }
                }
            }
        }
    }

    /// Where to read on behind a quoted text or a bracket that ended at `end`: it may have been a key.
    fn after_value(&mut self, line: &[u8], start: usize, end: usize) -> usize {
        let colon = skip_blanks(line, end);
        if line.get(colon) == Some(&b':') && is_blank(line.get(colon + 1)) {
            self.parent = start + 1;
            return colon + 1;
        }
        // Only a comment can follow.
        line.len()
    }

    /// Reads on between brackets or quotes; gives the place behind them if they end on this line.
    fn inside(&mut self, line: &[u8], mut at: usize) -> Option<usize> {
        while let Some(&byte) = line.get(at) {
            match (self.place, byte) {
                (Place::Quotes(b'"'), b'\\') => at += 1,
                (Place::Quotes(b'\''), b'\'') if line.get(at + 1) == Some(&b'\'') => at += 1,
                (Place::Quotes(quote), _) if byte == quote => {
                    if self.depth == 0 {
                        self.place = Place::Block;
                        return Some(at + 1);
                    }
                    self.place = Place::Flow;
                    self.at_token = false;
                }
                (Place::Quotes(_), _) | (_, b' ' | b'\t' | b'\r') => {}
                (_, b'#') if at == 0 || is_blank(line.get(at - 1)) => return None,
                (_, b'"' | b'\'') if self.at_token => self.place = Place::Quotes(byte),
                (_, b'[' | b'{') => {
                    self.depth += 1;
                    self.at_token = true;
                }
                (_, b']' | b'}') => {
                    self.depth = self.depth.saturating_sub(1);
                    self.at_token = false;
                    if self.depth == 0 {
                        self.place = Place::Block;
                        return Some(at + 1);
                    }
                }
                (_, b',') => self.at_token = true,
                (_, b':') => {
                    // Behind a quoted key the value may follow at once.
                    let is_json_like = at > 0 && matches!(line[at - 1], b'"' | b'\'' | b']' | b'}');
                    self.at_token = is_json_like || is_blank(line.get(at + 1));
                }
                _ => self.at_token = false,
            }
            at += 1;
        }
        None
    }
}
