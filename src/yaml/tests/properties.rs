//! Laws of reading and writing, over random trees and random bytes.

use proptest::prelude::*;

use crate::model::{Map, Number};

use super::*;

/// Texts that are likely to break a writer.
fn nasty_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "b c",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\t",
        "\r\n",
        "\r",
        "\u{85}",
        "\u{2028}",
        "\u{2029}",
        "\u{feff}",
        "😀",
        "é",
        "\u{0}",
        "\u{7}",
        "\u{1b}",
        "\u{7f}",
        "\u{9f}",
        "\u{a0}",
        "\u{202e}",
        "\u{ffff}",
        "\u{10ffff}",
        ": ",
        ":",
        " #",
        "#",
        "- ",
        "-",
        "? ",
        "?",
        "|",
        ">",
        "|-\n",
        "&a",
        "*a",
        "!x",
        "!!str ",
        "%",
        "@",
        "`",
        "'",
        "\"",
        "\\",
        "\\n",
        "{",
        "}",
        "[",
        "]",
        ",",
        "---",
        "...",
        "--- ",
        "~",
        "=",
        "<<",
        "null",
        "true",
        "no",
        "0",
        "1",
        "0x",
        "0755",
        "1_000",
        ":30",
        "e3",
        ".",
        "+",
        ".inf",
        "2024-01-01",
        "<<<<<<< ",
        "{{ x }}",
        "\u{d7ff}",
        "\u{e000}",
    ]);
    prop_oneof![
        6 => prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat()),
        2 => any::<String>(),
        1 => "[ -~\n\t]{0,40}",
        1 => (1usize..400).prop_map(|length| "long ".repeat(length)),
    ]
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>()
            .prop_filter("finite", |number| number.is_finite())
            .prop_map(|number| format!("{number:e}")),
        "-?[1-9][0-9]{0,40}(\\.[0-9]{1,5})?([eE][+-]?[0-9]{1,3})?",
        prop::sample::select(vec!["0", "-0", "0.0", "1E5", "1e+5"]).prop_map(str::to_owned),
    ]
}

fn yaml_number() -> impl Strategy<Value = String> {
    let more = [".inf", "-.INF", "+.Inf", ".nan", ".NaN", "0x1F", "0o17", "+5", ".5", "5.", "-.5e3", "01.5"];
    prop_oneof![3 => number(), 1 => prop::sample::select(more.to_vec()).prop_map(str::to_owned)]
}

fn any_tree(numbers: impl Strategy<Value = String> + 'static) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
        2 => numbers.prop_map(|digits| Value::Number(Number::from_text(&digits))),
        6 => nasty_text().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            prop::collection::vec((nasty_text(), inner), 0..6)
                .prop_map(|entries| Value::Map(entries.into_iter().collect::<Map>())),
        ]
    })
}

/// Text that looks like YAML, right or wrong.
fn yaml_like() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "a",
        "b",
        "key",
        ": ",
        ":",
        "\n",
        "\n  ",
        "\n    ",
        "\n- ",
        "- ",
        "? ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        ",",
        "'",
        "\"",
        "|",
        ">",
        "|-",
        "|2",
        "|+\n",
        ">\n",
        "#",
        " # c",
        "&a ",
        "*a",
        "!!str ",
        "!x ",
        "!",
        "---\n",
        "...\n",
        "%YAML 1.2\n",
        "<<: ",
        "\t",
        " ",
        "  ",
        "\r\n",
        "\\",
        "\\n",
        "\\u0041",
        "é",
        "😀",
        "\u{85}",
        "\u{feff}",
        "1",
        "0x1F",
        "no",
        "~",
        "null",
        "true",
        "1.5",
        "\0",
        "\u{7f}",
        "\"a\"",
        "'b'",
        "\"k\": ",
        "{\"a\": 1}",
        "[1]",
        "&b [",
        "*b",
        "\n:",
        "\r",
    ]);
    prop::collection::vec(pieces, 0..30).prop_map(|pieces| pieces.concat())
}

/// What libyaml, behind `serde_yaml`, makes of a text: the same tree, with our numbers as text.
fn read_by_libyaml(text: &str) -> Result<Value, String> {
    fn convert(value: serde_yaml::Value) -> Result<Value, String> {
        Ok(match value {
            serde_yaml::Value::Null => Value::Null,
            serde_yaml::Value::Bool(truth) => Value::Bool(truth),
            serde_yaml::Value::Number(number) => Value::Number(Number::from_text(&number.to_string())),
            serde_yaml::Value::String(text) => Value::from(text),
            serde_yaml::Value::Sequence(items) => {
                Value::List(items.into_iter().map(convert).collect::<Result<_, _>>()?)
            }
            serde_yaml::Value::Mapping(entries) => {
                let mut map = Map::new();
                for (key, value) in entries {
                    let serde_yaml::Value::String(key) = key else { return Err(format!("key {key:?}")) };
                    map.insert(key, convert(value)?);
                }
                Value::Map(map)
            }
            serde_yaml::Value::Tagged(tagged) => return Err(format!("tag {}", tagged.tag)),
        })
    }
    convert(serde_yaml::from_str(text).map_err(|err| err.to_string())?)
}

fn same_but_numbers(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(_), Value::Number(_)) => true,
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_but_numbers(a, b))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len()
                && a.iter().zip(b.iter()).all(|(a, b)| a.0 == b.0 && same_but_numbers(a.1, b.1))
        }
        _ => a == b,
    }
}

fn small_number() -> impl Strategy<Value = String> {
    (-1_000_000i64..1_000_000).prop_map(|number| number.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn yaml_comes_back_identical(value in any_tree(yaml_number())) {
        let text = emit(&value, Format::Yaml);
        let parsed = parse(&text).map_err(|err| TestCaseError::fail(format!("{err}\n{text}")))?;
        prop_assert_eq!(parsed.documents.len(), 1, "{}", text);
        prop_assert!(parsed.documents[0].value.identical(&value), "{}\n{:?}", text, parsed.documents[0].value);
        prop_assert!(parsed.losses.is_empty());
        prop_assert!(parsed.documents[0].yaml_1_1_hazards().is_empty());
        prop_assert_eq!(emit(&parsed.documents[0].value, Format::Yaml), text);
    }

    #[test]
    fn json_comes_back_identical(value in any_tree(number())) {
        for text in [emit(&value, Format::Json), emit_json_compact(&value)] {
            let parsed = super::super::json::parse(&text).map_err(|err| TestCaseError::fail(format!("{err}\n{text}")))?;
            prop_assert_eq!(parsed.documents.len(), 1);
            prop_assert!(parsed.documents[0].value.identical(&value), "{}", text);
            prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok());
        }
    }

    #[test]
    fn another_yaml_reader_sees_the_same(value in any_tree(small_number())) {
        let text = emit(&value, Format::Yaml);
        let other = read_by_libyaml(&text).map_err(|err| TestCaseError::fail(format!("{err}\n{text}")))?;
        prop_assert!(same_but_numbers(&other, &value), "{}\n{:?}", text, other);
    }

    #[test]
    fn several_documents_come_back(values in prop::collection::vec(any_tree(yaml_number()), 0..4)) {
        let text = emit_documents(&values);
        let parsed = parse(&text).map_err(|err| TestCaseError::fail(format!("{err}\n{text}")))?;
        prop_assert_eq!(parsed.documents.len(), values.len(), "{}", text);
        prop_assert!(parsed.documents.iter().zip(&values).all(|(a, b)| a.value.identical(b)), "{}", text);
    }

    #[test]
    fn any_bytes_are_safe(bytes in prop::collection::vec(prop_oneof![20 => 0u8..0x80, 1 => any::<u8>()], 0..200)) {
        fuzz_round_trip(&bytes);
    }

    #[test]
    fn any_yaml_like_text_is_safe(text in yaml_like()) {
        fuzz_round_trip(text.as_bytes());
    }

    #[test]
    fn error_positions_lie_in_the_text(text in yaml_like()) {
        if let Err(err) = parse(&text) {
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
            let line = text.split('\n').nth(err.line as usize - 1);
            // A lone carriage return is a line break as well.
            if !text.contains('\r') {
                let line = line.ok_or_else(|| TestCaseError::fail(format!("{err} in {text:?}")))?;
                prop_assert!(err.column as usize <= line.chars().count() + 1, "{} in {:?}", err, text);
            }
        }
    }

    #[test]
    fn damaged_text_is_safe(value in any_tree(yaml_number()), at in any::<prop::sample::Index>(), cut in 0usize..8) {
        let mut bytes = emit(&value, Format::Yaml).into_bytes();
        let at = at.index(bytes.len());
        bytes.drain(at..(at + cut).min(bytes.len()));
        fuzz_round_trip(&bytes);
        let mut bytes = emit(&value, Format::Json).into_bytes();
        let at = at.min(bytes.len() - 1);
        bytes.drain(at..(at + cut).min(bytes.len()));
        fuzz_round_trip(&bytes);
    }
}
