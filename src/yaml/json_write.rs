//! Value trees to JSON text.

use std::fmt::Write as _;

use crate::model::{Number, Value};

/// Writes `value` with two spaces of indent and a line break at the end.
pub(super) fn emit(value: &Value) -> String {
    let mut writer = Writer { out: String::new(), pretty: true };
    writer.value(value, 0);
    writer.out.push('\n');
    writer.out
}

/// Writes `value` as JSON on one line, without blanks and without a line break at the end.
pub fn emit_json_compact(value: &Value) -> String {
    let mut writer = Writer { out: String::new(), pretty: false };
    writer.value(value, 0);
    writer.out
}

struct Writer {
    out: String,
    pretty: bool,
}

impl Writer {
    fn value(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(truth) => self.out.push_str(if *truth { "true" } else { "false" }),
            Value::Number(number) => match json_number(number) {
                Some(digits) => self.out.push_str(&digits),
                None => self.text(number.text()),
            },
            Value::Text(text) => self.text(text),
            Value::List(items) if items.is_empty() => self.out.push_str("[]"),
            Value::List(items) => {
                self.out.push('[');
                for (i, item) in items.iter().enumerate() {
                    self.next_line(i > 0, indent + 2);
                    self.value(item, indent + 2);
                }
                self.next_line(false, indent);
                self.out.push(']');
            }
            Value::Map(map) if map.is_empty() => self.out.push_str("{}"),
            Value::Map(map) => {
                self.out.push('{');
                for (i, (key, value)) in map.iter().enumerate() {
                    self.next_line(i > 0, indent + 2);
                    self.text(key);
                    self.out.push_str(if self.pretty { ": " } else { ":" });
                    self.value(value, indent + 2);
                }
                self.next_line(false, indent);
                self.out.push('}');
            }
        }
    }

    fn next_line(&mut self, comma: bool, indent: usize) {
        if comma {
            self.out.push(',');
        }
        if self.pretty {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(' ', indent));
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push('"');
        let mut rest = text;
        while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20 | 0x7f)) {
            let (before, from) = rest.split_at(at);
            self.out.push_str(before);
            let (escaped, after) = from.split_at(1);
            rest = after;
            let written = match escaped.as_bytes() {
                b"\"" => self.out.write_str("\\\""),
                b"\\" => self.out.write_str("\\\\"),
                b"\n" => self.out.write_str("\\n"),
                b"\r" => self.out.write_str("\\r"),
                b"\t" => self.out.write_str("\\t"),
                bytes => write!(self.out, "\\u{:04x}", bytes.first().copied().unwrap_or_default()),
            };
            debug_assert!(written.is_ok(), "writing to a String cannot fail");
        }
        self.out.push_str(rest);
        self.out.push('"');
    }
}

/// `number` in JSON's notation; `None` for infinity and NaN, which JSON has not.
fn json_number(number: &Number) -> Option<String> {
    let text = number.text();
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    if let Some(digits) = unsigned.strip_prefix("0x") {
        return Some(format!("{sign}{}", decimal(digits, 16)?));
    }
    if let Some(digits) = unsigned.strip_prefix("0o") {
        return Some(format!("{sign}{}", decimal(digits, 8)?));
    }
    let mantissa_end = unsigned.find(['e', 'E']).unwrap_or(unsigned.len());
    let (mantissa, exponent) = unsigned.split_at(mantissa_end);
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(a, b)| (a, Some(b)));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole)
        || !fraction.is_none_or(digits)
        || (whole.is_empty() && fraction.is_none_or(str::is_empty))
    {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        trimmed => trimmed,
    };
    let fraction =
        fraction.map(|digits| if digits.is_empty() { ".0".to_owned() } else { format!(".{digits}") });
    Some(format!("{sign}{whole}{}{exponent}", fraction.unwrap_or_default()))
}

/// Decimal digits of a whole number of any length. The time grows with the square of the length, hence a limit.
fn decimal(digits: &str, radix: u32) -> Option<String> {
    const LONGEST: usize = 10_000;
    const BILLION: u64 = 1_000_000_000;
    if digits.is_empty() || digits.len() > LONGEST {
        return None;
    }
    // Groups of nine decimal digits, the lowest first.
    let mut groups: Vec<u64> = vec![0];
    for digit in digits.chars() {
        let mut carry = u64::from(digit.to_digit(radix)?);
        for group in &mut groups {
            let sum = *group * u64::from(radix) + carry;
            *group = sum % BILLION;
            carry = sum / BILLION;
        }
        if carry > 0 {
            groups.push(carry);
        }
    }
    let mut text = groups.pop().unwrap_or_default().to_string();
    for group in groups.iter().rev() {
        let padded = format!("{group:09}");
        text.push_str(&padded);
    }
    Some(text)
}
