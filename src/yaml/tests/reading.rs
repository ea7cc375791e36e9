//! What each way to write a value is read as.

use crate::model::Number;

use super::*;

#[test]
fn plain_scalars_follow_the_core_schema() {
    use Plain::{Bool, Null, Number, Text};
    let table = [
        (Null, "null Null NULL ~"),
        (Bool(true), "true True TRUE"),
        (Bool(false), "false False FALSE"),
        (
            Number,
            "0 1 -1 +1 12345678901234567890 123456789012345678901234567890 0o17 0x1F 0xff 1.0 1. .5 -.5 +.5 1e3 \
             1E3 1e+3 1.5e-3 123e4567 .inf -.inf +.INF .Inf .nan .NaN .NAN 01.5 -0 -0.0 0",
        ),
        (
            Text,
            "nULL tRUE yes no on off y n Yes NO 0755 00 -07 1_000 0b11 12:30 12:30:45 2024-01-01 \
             2024-01-01T10:00:00Z 0o8 0xg 0x 0o 0X1F 0O17 -0x1F +0o7 .in .e1 . - + +- 1e 1e+ e3 1..2 1.2.3 10.0.0.1 \
             - .infinity inf NaN nan = << 1- ++1 0b1 1,000 v1 istio",
        ),
    ];
    for (expected, texts) in table {
        for text in texts.split_whitespace() {
            assert_eq!(resolve_plain(text), expected, "{text:?}");
        }
    }
    assert_eq!(resolve_plain(""), Null);
}

#[test]
fn yaml_1_1_readers_see_more_types() {
    use Yaml11::{Bool, Default, Float, Int, Merge, Null, Sexagesimal, Timestamp};
    let table = [
        (Some(Null), "null Null NULL ~"),
        (Some(Bool), "y Y yes Yes YES n N no No NO true True TRUE false on On ON off Off OFF"),
        (
            Some(Int),
            "0 7 -7 +7 0755 0899 1_000 1__0 1_ 0b11 0B11 -0b1 0x_ 0x1F 0X1f 0x_1F -0x1F 0o17 0O17 +0o7 00 \
             123456789012345678901234567890",
        ),
        (Some(Float), "1.0 1. .5 1_000.5 1e3 1E3 1.5e-3 .inf -.INF .nan 123e4567 01.5 685_230.15e+03 .5_0"),
        (Some(Sexagesimal), "12:30 12:30:45 190:20:30 190:20:30.15 -1:20 1_0:20 0:0"),
        (Some(Timestamp), "2024-01-01 2024-1-2 2024-01-01T10:00:00Z 2001-12-14t21:59:43.10-05:00"),
        (Some(Merge), "<<"),
        (Some(Default), "="),
        (
            None,
            "yEs nO oN tRUE nULL 8080:80 12:60 1:2:345 10.0.0.1 1.2.3 _1 -_1 . - + .. 0b12 0x 0o 0xg 2024-01 \
             2024-01-01-01 20240-01-01 1e 1:2:3e4 v1 latest 2024-01-01x :30 12: == <<< yes! 1_000m 100m 5s",
        ),
    ];
    for (expected, texts) in table {
        for text in texts.split_whitespace() {
            assert_eq!(yaml_1_1_type(text), expected, "{text:?}");
        }
    }
    assert_eq!(yaml_1_1_type(""), Some(Null));
    assert_eq!(yaml_1_1_type("2001-12-14 21:59:43.10 -5"), Some(Timestamp));
    assert_eq!(yaml_1_1_type("2001-12-14 at noon"), None);
}

#[test]
fn yaml_is_read() {
    let table = [
        ("a: 1\nb: [x, 'y', \"z\"]\n", r#"{"a":1,"b":["x","y","z"]}"#),
        ("b: 1\na: 2\n", r#"{"b":1,"a":2}"#),
        ("- 1\n-\n- ~\n- \"\"\n", r#"[1,null,null,""]"#),
        ("a:\n- 1\n- 2\nb: c\n", r#"{"a":[1,2],"b":"c"}"#),
        ("a:\n  - b: 1\n    c: 2\n  - - x\n    - y\n", r#"{"a":[{"b":1,"c":2},["x","y"]]}"#),
        ("text: |\n  one\n   two\n\n  three\n\nnext: 1\n", r#"{"text":"one\n two\n\nthree\n","next":1}"#),
        ("text: |-\n  one\n  two\n", r#"{"text":"one\ntwo"}"#),
        ("text: |+\n  one\n\n\nnext: 1\n", r#"{"text":"one\n\n\n","next":1}"#),
        ("text: >\n  one\n  two\n\n  three\n", r#"{"text":"one two\nthree\n"}"#),
        ("text: |2\n    one\n  two\n", r#"{"text":"  one\ntwo\n"}"#),
        ("text: |\n  one\n  two", r#"{"text":"one\ntwo"}"#),
        ("text: &x |+\n  one", r#"{"text":"one"}"#),
        ("text: &x |\n  one\n ", r#"{"text":"one\n"}"#),
        ("text: |+\n  one", r#"{"text":"one"}"#),
        ("text: |\n  one\n  ", r#"{"text":"one\n"}"#),
        ("text: |\n  one\n# end", r#"{"text":"one\n"}"#),
        ("--- |\n ---\n one\n--- 2\n", r#""---\none\n" / 2"#),
        ("text: one\n  two\n", r#"{"text":"one two"}"#),
        ("text: \"one\n  two\\\n  three\"\n", r#"{"text":"one twothree"}"#),
        ("no: no\non: 0755\n", r#"{"no":"no","on":"0755"}"#),
        ("1: a\ntrue: b\n~: c\n: d\n1.50: e\n", r#"{"1":"a","true":"b","~":"c","":"d","1.50":"e"}"#),
        ("? a\n: b\n? c\n", r#"{"a":"b","c":null}"#),
        ("a: !!str 5\nb: !!int \"5\"\nc: ! 5\nd: !!float 1\n", r#"{"a":"5","b":5,"c":"5","d":1}"#),
        (
            "a: !!null ''\nb: !!bool 'true'\nc: !!map {}\nd: !!seq []\n",
            r#"{"a":null,"b":true,"c":{},"d":[]}"#,
        ),
        ("a: !<tag:yaml.org,2002:str> 5\n", r#"{"a":"5"}"#),
        ("a: &x {b: 1}\nc: *x\nd: [*x, *x]\n", r#"{"a":{"b":1},"c":{"b":1},"d":[{"b":1},{"b":1}]}"#),
        (
            "a: &x 1\n&y k: *x\nl: *y\n*y : m\n",
            "error at line 4, column 1: the key `k` stands twice in this mapping, first on line 2",
        ),
        ("%YAML 1.1\n---\na: 1\n...\n", r#"{"a":1}"#),
        ("a: 1\r\nb:\r\n- 2\r\n", r#"{"a":1,"b":[2]}"#),
        ("\u{feff}a: 1\n", r#"{"a":1}"#),
        ("a: 'it''s'\nb: \"\\u263a \\x41 \\t\\/\"\n", r#"{"a":"it's","b":"☺ A \t/"}"#),
        ("{a: 1, b: [c, d,], 'e':f}\n", r#"{"a":1,"b":["c","d"],"e":"f"}"#),
        ("[a: 1, {b: c}]\n", r#"[{"a":1},{"b":"c"}]"#),
        ("a\n---\nb\n---\n- c\n", r#""a" / "b" / ["c"]"#),
        ("---\n---\n# nothing\n---\na: 1\n---\n", r#"{"a":1}"#),
        ("", ""),
        ("# only a comment\n", ""),
        ("---\n", ""),
        ("null\n---\n~\n", "null / null"),
        ("key: a#b\nurl: http://x/#y\n", r#"{"key":"a#b","url":"http://x/#y"}"#),
        (
            "a: - b\n",
            "error at line 1, column 4: a `-` cannot begin a list here: put it on its own line, or quote the text",
        ),
        ("a: -b\nc: ?d\ne: :f\n", r#"{"a":"-b","c":"?d","e":":f"}"#),
    ];
    for (text, expected) in table {
        assert_eq!(read(text), expected, "{text:?}");
    }
}

#[test]
fn closing_brackets_may_stand_below_their_key() {
    let table = [
        ("a: [\n  1,\n  2\n]\nb: 3\n", r#"{"a":[1,2],"b":3}"#),
        (
            "s:\n  - n: x\n    a: [\n    'it''s]',\n  \"\\\"]\", y'z\n  ]\n  - n: {\n}\n",
            r#"{"s":[{"n":"x","a":["it's]","\"]","y'z"]},{"n":{}}]}"#,
        ),
        (
            "a: {\n\"b\":[1],\n# ]\nc: http://x/#y,d: 'e\nf'\n}\n",
            r#"{"a":{"b":[1],"c":"http://x/#y","d":"e f"}}"#,
        ),
        ("- [\n1\n]\n- |\n  [\n- [ # [\n2\n]\n", r#"[[1],"[\n",[2]]"#),
        ("t: |\n  [ {\n\nq: \"a\nb\"\nk: [\n]\n", r#"{"t":"[ {\n","q":"a b","k":[]}"#),
        ("? &a [\n: x\n", "error at line 1, column 3: a key must be a text, not a list or a mapping"),
        (
            "a: [\n1\n---\nb: [\n1\n]\n",
            "error at line 3, column 1: expected `,` or `]` here: a `[` before this is not closed",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(read(text), expected, "{text:?}");
    }
    let document = parse("é:\n  a: [\n  ü, b,\n c: d\n]\ne: 1\n").unwrap().into_first().unwrap();
    let at = |pointer: &str| {
        let path = crate::model::FieldPath::from_pointer(pointer, &document.value);
        document.source.key_position(&document.value, &path).to_string()
    };
    assert_eq!(["/é/a/1", "/é/a/2/c", "/e"].map(at), ["3:6", "4:2", "6:1"]);
}

#[test]
fn merge_keys_are_resolved() {
    let table = [
        // The entries stand where the merge key stood; own entries win, wherever they stand.
        (
            "base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\n  z: 4\n",
            r#"{"base":{"x":1,"y":2},"use":{"x":1,"y":3,"z":4}}"#,
        ),
        ("base: &b {x: 1, y: 2}\nuse:\n  y: 3\n  <<: *b\n", r#"{"base":{"x":1,"y":2},"use":{"y":3,"x":1}}"#),
        (
            "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc:\n  <<: [*a, *b]\n",
            r#"{"a":{"x":1},"b":{"x":2,"y":2},"c":{"x":1,"y":2}}"#,
        ),
        ("<<: {x: 1}\n<<: {x: 2, y: 2}\n", r#"{"x":1,"y":2}"#),
        ("\"<<\": {x: 1}\n", r#"{"<<":{"x":1}}"#),
        ("<<: [1]\n", "error at line 1, column 5: `<<` takes a mapping or a list of mappings"),
        ("a: 1\n<<: text\n", "error at line 2, column 5: `<<` takes a mapping or a list of mappings"),
        // A chain of merges.
        (
            "a: &a {x: 1}\nb: &b\n  <<: *a\n  y: 2\nc:\n  <<: *b\n",
            r#"{"a":{"x":1},"b":{"x":1,"y":2},"c":{"x":1,"y":2}}"#,
        ),
    ];
    for (text, expected) in table {
        assert_eq!(read(text), expected, "{text:?}");
    }
}

#[test]
fn json_is_read() {
    let table = [
        (r#"{"a": [1, 2.50, -0, 1E5, true, null, "x"]}"#, r#"{"a":[1,2.50,-0,1E5,true,null,"x"]}"#),
        (r#"{"a":123456789012345678901234567890}"#, r#"{"a":123456789012345678901234567890}"#),
        (
            r#"{"a":"\ud83d\ude00 \u00e9 \/ \b\f\n\r\t \" \\"}"#,
            "{\"a\":\"😀 é / \\u0008\\u000c\\n\\r\\t \\\" \\\\\"}",
        ),
        ("\t{\t\"a\"\t:\t1\t}\r\n", r#"{"a":1}"#),
        ("{}", "{}"),
        ("[]\n", "[]"),
        ("[[], {}, [[]]]", "[[],{},[[]]]"),
        ("{\"a\":1}\n{\"b\":2}\n[3]\n", r#"{"a":1} / {"b":2} / [3]"#),
        ("{\"a\":1}{\"b\":2}", r#"{"a":1} / {"b":2}"#),
        (r#"{"<<": 1, "": 2}"#, r#"{"<<":1,"":2}"#),
        (r#"{"a": "no", "b": "0755"}"#, r#"{"a":"no","b":"0755"}"#),
    ];
    for (text, expected) in table {
        assert_eq!(read(text), expected, "{text:?}");
        assert_eq!(parse(text).unwrap().format, Format::Json, "{text:?}");
    }
    // What JSON forbids may still be YAML in flow style.
    for text in
        ["{\"a\": 1,}", "{a: 1}", "{'a': 1}", "{\"a\": 1} # done", "[0x1F]", "{\"a\": 1}\n---\n{\"b\": 2}\n"]
    {
        assert_eq!(parse(text).map(|parsed| parsed.format), Ok(Format::Yaml), "{text:?}");
    }
}

#[test]
fn numbers_keep_their_digits() {
    for digits in
        ["123456789012345678901234567890", "1.50", "0x1F", "0o17", "-0", "1e3", ".5", "+7", ".nan", "1."]
    {
        let number = Value::Number(Number::from_text(digits));
        let text = emit(&number, Format::Yaml);
        assert_eq!(text, format!("{digits}\n"));
        assert!(tree(&text).identical(&number));
    }
}

#[test]
fn losses_are_counted() {
    let table = [
        ("a: 1\n", ""),
        ("# one\na: 1 # two\n  # three\nb: # four\n- c # five\n", "5 comments"),
        ("a: \"# no\"\nb: '# no'\nc: no#no\nd: |\n  # no\n  x # no\n", ""),
        ("d: | # yes\n  # no\n# yes\n", "2 comments"),
        ("a: [1, # yes\n 2] # yes\n", "2 comments"),
        ("a: >\n  # no\n\n # yes\nb: &x 1\nc: *x\n", "1 comment, 1 anchor"),
        ("a: &x 1\nb: &y [*x]\nc: *y\n---\nd: 1\n---\ne: 1\n", "2 anchors, 2 further documents"),
        ("{\"a\": 1}\n{\"b\": 2}\n", "1 further document"),
        ("--- # yes\na: 1\n... # yes\n#yes\n", "3 comments"),
        ("a: plain # yes\n  # yes\n\nb: 1\n", "2 comments"),
        ("a: text\n  more#no more # yes\n", "1 comment"),
        ("\"# no\": 1\n'# no too': 2\n? # yes\n  k\n: # yes\n  v\n", "2 comments"),
    ];
    for (text, expected) in table {
        let losses = parse(text).unwrap().losses;
        assert_eq!(losses.describe(), expected, "{text:?}");
        assert_eq!(losses.is_empty(), expected.is_empty());
    }
}

#[test]
fn bytes_are_utf_8() {
    assert!(parse_bytes(b"\xef\xbb\xbfa: \xc3\xa9\n").is_ok());
    for (bytes, expected) in [
        (&b"\xff\xfea\0:\0"[..], "line 1, column 1: this file is UTF-16; save it as UTF-8"),
        (b"a\0:\0 \x001\0", "line 1, column 1: this file is UTF-16; save it as UTF-8"),
        (b"\0a\0:", "line 1, column 1: this file is UTF-16; save it as UTF-8"),
        (
            b"a: \xc3\xa9\nb: x\xff",
            "line 2, column 5: this file is not UTF-8 text: a byte here is part of no character",
        ),
    ] {
        assert_eq!(parse_bytes(bytes).unwrap_err().to_string(), expected);
    }
}

#[test]
fn typed_files_say_where_they_are_wrong() {
    #[derive(Debug, serde::Serialize, serde::Deserialize, PartialEq)]
    struct Settings {
        zoom: f32,
        recent: Vec<String>,
    }
    let settings = Settings { zoom: 1.5, recent: vec!["a.yaml".to_owned()] };
    let text = to_string(&settings).unwrap();
    assert_eq!(from_str::<Settings>(&text).unwrap(), settings);
    let err = from_str::<Settings>("zoom: 1\nrecent: 5\n").unwrap_err();
    assert_eq!((err.line, err.kind), (2, ParseErrorKind::Type));
    assert!(!err.message.contains(" at line"), "{err}");
}
