//! What a plain (unquoted) scalar means to which reader. Every decision about types stands in this file.
//!
//! Two tables: the core schema of YAML 1.2, which we follow, and everything that a YAML 1.1 reader may see. The
//! second one decides what is quoted in what we write and what rule DS011 reports.

/// What a plain scalar is by the core schema of YAML 1.2.
///
/// One deliberate difference, shared by the usual readers: whole numbers with a leading zero (`0755`) are text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// `null`, `Null`, `NULL`, `~` or nothing.
    Null,
    /// `true`, `false` and their two other spellings.
    Bool(bool),
    /// A number in decimal, `0x`, `0o`, `.inf` or `.nan` notation.
    Number,
    /// Everything else.
    Text,
}

/// What a YAML 1.1 reader may take a plain scalar for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Yaml11 {
    /// Null.
    Null,
    /// A boolean: `no`, `on`, `y`.
    Bool,
    /// A whole number: `0755`, `1_000`, `0b11`.
    Int,
    /// A number with a fraction or an exponent.
    Float,
    /// A number to the base of 60: `12:30`. `kubectl` does not do this; other readers do.
    Sexagesimal,
    /// A date, with or without a time. `kubectl` keeps it as text; other readers do not.
    Timestamp,
    /// The merge key `<<`.
    Merge,
    /// The default key `=`.
    Default,
}

impl Yaml11 {
    /// Tells whether `kubectl` and the API machinery behind it read the scalar so; the rest is read so by other
    /// YAML 1.1 readers only. Source: kubernetes-sigs/yaml, `goyaml.v2/resolve.go`.
    pub fn in_kubectl(self) -> bool {
        matches!(self, Self::Null | Self::Bool | Self::Int | Self::Float | Self::Merge)
    }

    /// The type in words for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Int | Self::Sexagesimal => "a whole number",
            Self::Float => "a number",
            Self::Timestamp => "a date",
            Self::Merge => "a merge key",
            Self::Default => "a default key",
        }
    }
}

/// Types a plain scalar by the core schema of YAML 1.2.
pub fn resolve_plain(text: &str) -> Plain {
    let Some(first) = text.bytes().next() else { return Plain::Null };
    match first {
        b'~' if text.len() == 1 => Plain::Null,
        b'n' | b'N' if matches!(text, "null" | "Null" | "NULL") => Plain::Null,
        b't' | b'T' if matches!(text, "true" | "True" | "TRUE") => Plain::Bool(true),
        b'f' | b'F' if matches!(text, "false" | "False" | "FALSE") => Plain::Bool(false),
        b'0'..=b'9' | b'+' | b'-' | b'.' if is_core_number(text) => Plain::Number,
        _ => Plain::Text,
    }
}

fn is_core_number(text: &str) -> bool {
    if let Some(digits) = text.strip_prefix("0x") {
        return !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return !digits.is_empty() && digits.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let leading_zero = unsigned.len() > 1 && unsigned.starts_with('0');
    is_decimal(unsigned) && !(leading_zero && unsigned.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?`, without a sign.
fn is_decimal(unsigned: &str) -> bool {
    let bytes = unsigned.as_bytes();
    let whole = digits_at(bytes, 0);
    let mut at = whole;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits_at(bytes, at + 1);
        if whole == 0 && fraction == 0 {
            return false;
        }
        at += 1 + fraction;
    } else if whole == 0 {
        return false;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        if matches!(bytes.get(at), Some(b'+' | b'-')) {
            at += 1;
        }
        let exponent = digits_at(bytes, at);
        if exponent == 0 {
            return false;
        }
        at += exponent;
    }
    at == bytes.len()
}

/// How many decimal digits stand at `at`.
fn digits_at(bytes: &[u8], at: usize) -> usize {
    bytes.iter().skip(at).take_while(|byte| byte.is_ascii_digit()).count()
}

/// The type that some YAML 1.1 reader gives a plain scalar, or `None` when all of them see text.
pub fn yaml_1_1_type(text: &str) -> Option<Yaml11> {
    let Some(first) = text.bytes().next() else { return Some(Yaml11::Null) };
    match first {
        b'~' if text.len() == 1 => Some(Yaml11::Null),
        b'=' if text.len() == 1 => Some(Yaml11::Default),
        b'<' if text == "<<" => Some(Yaml11::Merge),
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' => match text {
            "null" | "Null" | "NULL" => Some(Yaml11::Null),
            "y" | "Y" | "yes" | "Yes" | "YES" | "n" | "N" | "no" | "No" | "NO" | "true" | "True" | "TRUE"
            | "false" | "False" | "FALSE" | "on" | "On" | "ON" | "off" | "Off" | "OFF" => Some(Yaml11::Bool),
            _ => None,
        },
        b'0'..=b'9' | b'+' | b'-' | b'.' => number_1_1(text),
        _ => None,
    }
}

fn number_1_1(text: &str) -> Option<Yaml11> {
    if is_timestamp(text.as_bytes()) {
        return Some(Yaml11::Timestamp);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(Yaml11::Float);
    }
    // Underscores may stand anywhere behind the first character.
    if unsigned.starts_with('_') {
        return None;
    }
    let without_underscores: String;
    let plain = if unsigned.contains('_') {
        without_underscores = unsigned.replace('_', "");
        without_underscores.as_str()
    } else {
        unsigned
    };
    let radix = match plain.as_bytes() {
        [b'0', b'x' | b'X', ..] => Some(16),
        [b'0', b'o' | b'O', ..] => Some(8),
        [b'0', b'b' | b'B', ..] => Some(2),
        _ => None,
    };
    if let Some(radix) = radix {
        let digits = &plain[2..];
        // Underscores alone make some readers fail.
        let has_digits = !digits.is_empty() || plain.len() < unsigned.len();
        return (has_digits && digits.chars().all(|digit| digit.is_digit(radix))).then_some(Yaml11::Int);
    }
    if is_decimal(plain) {
        let whole = plain.bytes().all(|byte| byte.is_ascii_digit());
        return Some(if whole { Yaml11::Int } else { Yaml11::Float });
    }
    is_sexagesimal(plain).then_some(Yaml11::Sexagesimal)
}

/// `[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?`, without a sign.
fn is_sexagesimal(plain: &str) -> bool {
    let (groups, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let mut parts = groups.split(':');
    let first = parts.next().unwrap_or_default();
    let mut count = 0;
    for part in parts {
        count += 1;
        let small = match part.as_bytes() {
            [digit] => digit.is_ascii_digit(),
            [tens, digit] => matches!(tens, b'0'..=b'5') && digit.is_ascii_digit(),
            _ => false,
        };
        if !small {
            return false;
        }
    }
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    count > 0 && !first.is_empty() && digits(first) && digits(fraction)
}

/// Four digits, one or two, one or two, then nothing or a time of day.
fn is_timestamp(text: &[u8]) -> bool {
    let mut at = digits_at(text, 0);
    if at != 4 {
        return false;
    }
    for _ in 0..2 {
        if text.get(at) != Some(&b'-') {
            return false;
        }
        let digits = digits_at(text, at + 1);
        if !(1..=2).contains(&digits) {
            return false;
        }
        at += 1 + digits;
    }
    match text.get(at) {
        None => true,
        Some(b'T' | b't' | b' ' | b'\t') => {
            let time: &[u8] = text.get(at + 1..).unwrap_or_default();
            let hour = time.iter().position(|byte| !matches!(byte, b' ' | b'\t')).unwrap_or(0);
            let digits = digits_at(time, hour);
            (1..=2).contains(&digits) && time.get(hour + digits) == Some(&b':')
        }
        Some(_) => false,
    }
}
