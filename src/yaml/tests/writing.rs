//! How each value is written, so that any reader takes it for the same.

use crate::model::{Map, Number};

use super::*;

#[test]
fn the_style_is_kubectls() {
    let text = "\
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata:
  name: authn
  annotations: {}
spec:
  selector:
    matchLabels:
      app: back-golang
  url: oci://reg.example.com/authn:v1.2.3
  match:
  - mode: SERVER
    ports:
    - number: 8080
  - mode: CLIENT
  matrix:
  - - 1
    - 2
  - []
  priority: 10
  pluginConfig:
    script: |
      first
        second

      last
    strip: |-
      a
      b
    keep: |+
      a

    ids:
    - no-op
    nothing: null
    args:
    - --port=80
    - -x
    - \"-\"
    - \"- y\"
    - \"a: b\"
    - \"a #b\"
    - a#b:c
    - |-
      in a list
       indented
    - - |
        deeper
";
    assert_eq!(emit(&tree(text), Format::Yaml), text);
}

#[test]
fn texts_that_a_reader_would_retype_are_quoted() {
    let quoted = "y Y n N yes Yes no NO on off true False null ~ 0755 1_000 12:30 12:30:45 2024-01-01 = << 1e3 123e4567 \
                  0x1F .5 5. 0 -1 +1 0b1 0o17 .inf -.inf .nan 2024-01-01T00:00:00Z 0xDEADBEEF 1. 1:0 00 -07 +0x1F \
                  - ? : --- ... ---x ...x ?x :x -- @x `x %x !x &x *x |x >x #x 'x \"x [x ]x {x }x ,x x:";
    for text in quoted
        .split_whitespace()
        .filter(|text| *text != "--")
        .chain(["", " ", " x", "x ", "x: y", "x #y", "- x"])
    {
        let value = Value::from(text);
        let written = emit(&value, Format::Yaml);
        assert!(written.starts_with('"'), "{text:?} became {written}");
        let key = emit(&Value::Map([(text, Value::from(1))].into()), Format::Yaml);
        assert!(key.starts_with('"'), "{text:?} became {key}");
    }
    let plain = "x istio 10.0.0.1 v1.2.3 a:b http://x/#y 8080:80 100m 5s --port=80 -x -- a,b a[0] a{b} it's say\"so\" ~x =x \
                 <x <<x x=y é 日本 😀 ./x .x ..x x# 1.2.3 true-ish nope onward yes! 1e 0x e3 1,000 x@y x|y x>y x&y x*y \\d+ $x";
    for text in plain.split_whitespace() {
        assert_eq!(emit(&Value::from(text), Format::Yaml), format!("{text}\n"));
    }
}

#[test]
fn texts_of_several_lines() {
    for (text, expected) in [
        ("a\nb", "k: |-\n  a\n  b\n"),
        ("a\nb\n", "k: |\n  a\n  b\n"),
        ("a\nb\n\n", "k: |+\n  a\n  b\n\n"),
        ("a\n", "k: |\n  a\n"),
        ("\na\n", "k: |\n\n  a\n"),
        ("  a\nb\n", "k: |2\n    a\n  b\n"),
        ("\n  a\nb", "k: |2-\n\n    a\n  b\n"),
        ("\ta\nb\n\n", "k: |2+\n  \ta\n  b\n\n"),
        ("a \nb\t\nc\n", "k: |\n  a \n  b\t\n  c\n"),
        ("a\n  \nb\n", "k: |\n  a\n    \n  b\n"),
        ("# a\n- b\n", "k: |\n  # a\n  - b\n"),
        // These cannot stand as they are, or only unsafely.
        ("\n", "k: \"\\n\"\n"),
        ("\n\n", "k: \"\\n\\n\"\n"),
        ("a\n  ", "k: \"a\\n  \"\n"),
        ("a\n  \n", "k: \"a\\n  \\n\"\n"),
        ("a\r\nb\n", "k: \"a\\r\\nb\\n\"\n"),
        ("a\u{85}b\n", "k: \"a\\x85b\\n\"\n"),
        ("a\u{2028}b", "k: \"a\\u2028b\"\n"),
        ("a\u{feff}b", "k: \"a\\ufeffb\"\n"),
        ("a\u{202e}b", "k: \"a\\u202eb\"\n"),
        ("\0\u{1b}\u{7f}", "k: \"\\x00\\x1b\\x7f\"\n"),
        ("\u{10ffff}x", "k: \u{10ffff}x\n"),
        ("\u{ffff}", "k: \"\\uffff\"\n"),
        ("a\tb", "k: \"a\\tb\"\n"),
        ("say \"so\" \\", "k: say \"so\" \\\n"),
        ("\"so\" \\", "k: \"\\\"so\\\" \\\\\"\n"),
    ] {
        let value = Value::from([("k", Value::from(text))]);
        let written = emit(&value, Format::Yaml);
        assert_eq!(written, expected, "{text:?}");
        assert!(tree(&written).identical(&value), "{text:?}");
        // As the whole document, and inside lists.
        for value in [Value::from(text), Value::from(vec![Value::from(vec![Value::from(text), value])])] {
            let written = emit(&value, Format::Yaml);
            assert!(tree(&written).identical(&value), "{written}");
        }
    }
}

#[test]
fn long_keys_are_set_off() {
    let key = "k".repeat(5000);
    let list = Value::from(vec![Value::from(1), Value::from([("a", 2.into())])]);
    for inner in [
        Value::Null,
        "a\nb\n".into(),
        list,
        [("x", 1.into()), ("y", Value::Null)].into(),
        Value::List(Vec::new()),
    ] {
        let map: Map = [(key.clone(), inner.clone()), ("z".to_owned(), inner)].into();
        let value = Value::from(vec![Value::from([("deep", Value::Map(map))])]);
        let written = emit(&value, Format::Yaml);
        assert!(written.contains("? kkk"));
        assert!(tree(&written).identical(&value), "{}", &written[5000..]);
    }
}

#[test]
fn documents_are_separated() {
    let values = [tree("a: 1\n"), Value::Null, Value::from("x"), Value::Map(Map::new())];
    assert_eq!(emit_documents(&values), "a: 1\n---\nnull\n---\nx\n---\n{}\n");
    assert_eq!(emit_documents(&[]), "");
}

#[test]
fn json_is_always_valid() {
    let numbers = "1 -0 1.50 1E5 0x1F 0o17 +5 .5 -.5 5. 01.5 +.5e3 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF .inf -.inf .nan";
    let list: Vec<_> =
        numbers.split_whitespace().map(|digits| Value::Number(Number::from_text(digits))).collect();
    let json = emit_json_compact(&Value::List(list));
    assert_eq!(
        json,
        "[1,-0,1.50,1E5,31,15,5,0.5,-0.5,5.0,1.5,0.5e3,22300745198530623141535718272648361505980415,\".inf\",\"-.inf\",\".nan\"]"
    );
    let value = tree("a: {}\nb: []\nc: [1, {d: \"x\\ty\"}]\n");
    let pretty =
        "{\n  \"a\": {},\n  \"b\": [],\n  \"c\": [\n    1,\n    {\n      \"d\": \"x\\ty\"\n    }\n  ]\n}\n";
    assert_eq!(emit(&value, Format::Json), pretty);
    serde_json::from_str::<serde_json::Value>(&json).unwrap();
}
