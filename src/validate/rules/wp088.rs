//! WP088: a number of `pluginConfig` that reaches the module with other digits.
//!
//! istiod keeps each as a 64-bit float and writes the fewest digits that tell it from its neighbours.

use super::rule::Rule;
use crate::model::{Diagnostic, FieldPath, Number, Value};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP088"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let Some(config @ Value::Map(_)) = plugin.module_field("pluginConfig") else { return };
    let mut path = plugin.module_path("pluginConfig");
    visit(config, &mut path, &mut |number, path| {
        if let Some(arrives) = altered(number) {
            let message = format!(
                "{number} reaches the module as {arrives}: write it as text, if the module can read that"
            );
            found.push(Diagnostic::new("WP088", resource.at_path(path), message));
        }
    });
}

fn visit(value: &Value, path: &mut FieldPath, report: &mut impl FnMut(&Number, &FieldPath)) {
    match value {
        Value::Number(number) => report(number, path),
        Value::List(items) => {
            for (place, item) in items.iter().enumerate() {
                path.push(place);
                visit(item, path, report);
                path.pop();
            }
        }
        Value::Map(map) => {
            for (key, value) in map.iter() {
                path.push(key);
                visit(value, path, report);
                path.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Text(_) => {}
    }
}

/// The number as the module reads it, if that is another one.
fn altered(number: &Number) -> Option<String> {
    // What JSON cannot write is SC001.
    let float = number.as_f64().filter(|float| float.is_finite())?;
    let written = number.as_integer().map_or_else(|| number.text().to_owned(), |whole| whole.to_string());
    let arrives = format!("{float:e}");
    (digits(&written) != digits(&arrives)).then(|| float.to_string())
}

/// The digits of a decimal number from the first to the last that is no zero.
fn digits(number: &str) -> String {
    let mantissa = number.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_a_float_does_not_hold() {
        for (text, arrives) in [
            ("9007199254740992", None),
            ("9007199254740993", Some("9007199254740992")),
            ("-9007199254740993", Some("-9007199254740992")),
            ("12345678901234567890", Some("12345678901234567000")),
            ("0.1", None),
            ("1.0", None),
            ("1.50e3", None),
            ("0.12345678901234567890", Some("0.12345678901234568")),
            ("0", None),
            ("-0.0", None),
            ("0xff", None),
            ("100000000000000000000000", None),
            (".inf", None),
        ] {
            assert_eq!(altered(&Number::from_text(text)).as_deref(), arrives, "{text}");
        }
    }
}
