//! Messages of texts that cannot be read, with line and column.

use super::*;

#[test]
fn errors_say_what_and_where() {
    let table = [
        ("a: 1\nb: 2\na: 3\n", "3:1 the key `a` stands twice in this mapping, first on line 1"),
        ("{\"a\": 1,\n \"a\": 2}", "2:2 the key `a` stands twice in this mapping, first on line 1"),
        ("a: \"open\nb: 1\n", "1:4 the quoted text that begins here is never closed"),
        ("{\"a\": \"open\n}", "1:7 the quoted text that begins here is never closed"),
        ("a:\n\tb: 1\n", "2:1 a tab stands where only spaces may indent"),
        ("a:\n  b: 1\n \tc: 2\n", "3:2 a tab stands where only spaces may indent"),
        (
            "a: b: c\n",
            "1:5 a `:` cannot stand here: the text before it needs quotes, or the indentation is wrong",
        ),
        ("a: 1\nb\n", "2:2 a `:` is missing: expected `key: value`"),
        ("a: [1, 2\nb: 3\n", "2:2 a `:` cannot stand here; is a bracket before this not closed?"),
        ("a: *x\n", "1:4 this alias has no anchor (`&name`) before it"),
        ("a: &x [*x]\n", "1:8 this alias stands inside its own anchor, or its anchor is in another document"),
        (
            "a: &x 1\n---\nb: *x\n",
            "3:4 this alias stands inside its own anchor, or its anchor is in another document",
        ),
        ("a: !thing 1\n", "1:4 the tag `!thing` is not supported"),
        ("a: !!binary aGk=\n", "1:4 the tag `!!binary` is not supported"),
        ("a: !!int x\n", "1:4 `x` does not fit the tag `!!int`"),
        ("a: !!map [1]\n", "1:4 a list does not fit the tag `!!map`"),
        ("a: !!str {b: 1}\n", "1:4 a mapping does not fit the tag `!!str`"),
        ("a: !!seq x\n", "1:4 `x` does not fit the tag `!!seq`"),
        ("!!int x: 1\n", "1:1 `x` does not fit the tag `!!int`"),
        ("!thing x: 1\n", "1:1 the tag `!thing` is not supported"),
        ("--- |\none\n---\ntwo\n", "2:1 a text block that is a whole document must be indented"),
        ("?", "1:2 a key is missing after the `?`"),
        ("? [a]\n: b\n", "1:3 a key must be a text, not a list or a mapping"),
        ("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n", "2:1 unresolved merge conflict marker"),
        (
            "{\"a\": 1,\n<<<<<<< HEAD\n\"b\": 1\n=======\n\"b\": 2\n>>>>>>> x\n}",
            "2:1 unresolved merge conflict marker",
        ),
        ("<<<<<<< HEAD\na: 1\n", "1:1 unresolved merge conflict marker"),
        ("a: {{ .Values.x }}\n", "1:4 this looks like a template (`{{ … }}`): render it first"),
        (
            "{{- if .Values.x }}\na: 1\n{{- end }}\n",
            "1:1 this looks like a template (`{{ … }}`): render it first",
        ),
        ("{\"a\": \"{{ x }}\", \"b\": 1 \"c\": 2}", "1:25 expected `,` or `}` here"),
        ("{\n\t\"a\": 1,\n\t\"b\" 2\n}", "3:6 expected `:` here"),
        (
            "a: 1\nb:\n  {{- include \"x\" . | nindent 4 }}\nc: d: e\n",
            "3:3 this looks like a template (`{{ … }}`): render it first",
        ),
        (
            "a: 1\n{{- if .x }}\nb: 1\n{{- end }}\n",
            "2:1 this looks like a template (`{{ … }}`): render it first",
        ),
        (
            "{\"a\": 1,\n \"a\": 1,\n<<<<<<< HEAD\n\"b\": 1\n=======\n\"b\": 2\n>>>>>>> x\n}",
            "3:1 unresolved merge conflict marker",
        ),
        ("{% if x %}\na: 1\n", "1:1 this looks like a template (`{{ … }}`): render it first"),
        ("a: @b\n", "1:4 text that begins with this character needs quotes"),
        ("a: %b\n", "1:4 text that begins with this character needs quotes"),
        ("a: \"\\q\"\n", "1:4 the quoted text that begins here has an unknown escape (`\\` and a letter)"),
        ("a: 'x' y\n", "1:8 something follows the closing quote; is a quote inside the text not escaped?"),
        ("a: |x\n  y\n", "1:4 text cannot follow `|` or `>` on the same line"),
        ("a:\n  - 1\n - 2\n", "3:2 expected a key here: the indentation does not fit the lines above"),
        (
            "a: 1\n  b: 2\n",
            "2:4 a `:` cannot stand here: the text before it needs quotes, or the indentation is wrong",
        ),
        ("a: ]\n", "1:4 this closing bracket has no opening one"),
        ("a: 1\0\n", "1:5 a NUL character cannot stand here"),
        ("{\"a\": 1", "1:8 expected `,` or `}` here"),
        ("{\"a\" 1}", "1:6 expected `:` here"),
        ("[\"a\" \"b\"]", "1:6 expected `,` or `]` here"),
        ("{\"a\": 01 \"b\": 2}", "1:7 this is not a number in JSON's notation"),
        (
            "{\"a\": \"\\ud83d\" \"b\"}",
            "1:8 this escape is no character: `\\u` takes four hexadecimal digits, surrogates come in pairs",
        ),
        ("{\"é\": nul \"x\"}", "read as {\"é\":\"nul \\\"x\\\"\"}"),
        ("{\"a\": tru}", "read as {\"a\":\"tru\"}"),
        ("{", "1:2 expected a key in double quotes here"),
        ("[", "1:2 the text ends too early: a value is missing"),
        ("{\"a\":\n", "2:1 the text ends too early: a value is missing"),
        ("é: \"ü\n", "1:4 the quoted text that begins here is never closed"),
        (
            "a:\n  b:\n    - c\n   d: 1\n",
            "4:4 expected a key here: the indentation does not fit the lines above",
        ),
    ];
    let mut wrong = Vec::new();
    for (text, expected) in table {
        let found = match parse(text) {
            Ok(parsed) => format!("read as {}", emit_json_compact(&parsed.documents[0].value)),
            Err(err) => format!("{} {}", err.position(), err.message),
        };
        if found != expected {
            wrong.push(format!("{text:?}\n  {found}\n  {expected}\n"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.concat());
}
