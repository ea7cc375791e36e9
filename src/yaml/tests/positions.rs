//! Where things stand in a text, and what reads differently in YAML 1.1.

use crate::model::FieldPath;

use super::*;

fn document(text: &str) -> Document {
    parse(text).unwrap().into_first().unwrap()
}

/// `value / key` positions of the node at a JSON Pointer.
fn at(document: &Document, pointer: &str) -> String {
    let path = FieldPath::from_pointer(pointer, &document.value);
    let value = document.source.position(&document.value, &path);
    let key = document.source.key_position(&document.value, &path);
    format!("{value} {key}")
}

const YAML: &str = "\
# a comment
apiVersion: v1
spec:
  url: oci://x
  match:
  - mode: SERVER
    ports: [1, 22]
  - é: ünï
    z: |
      text
  none:
last: end
";

#[test]
fn yaml_positions_are_of_values_and_keys() {
    let document = document(YAML);
    for (pointer, expected) in [
        ("", "2:1 2:1"),
        ("/apiVersion", "2:13 2:1"),
        ("/spec", "4:3 3:1"),
        ("/spec/url", "4:8 4:3"),
        ("/spec/match", "6:5 5:3"),
        ("/spec/match/0", "6:5 6:5"),
        ("/spec/match/0/mode", "6:11 6:5"),
        ("/spec/match/0/ports", "7:12 7:5"),
        ("/spec/match/0/ports/1", "7:16 7:16"),
        ("/spec/match/1/é", "8:8 8:5"),
        ("/spec/match/1/z", "10:7 9:5"),
        ("/spec/none", "11:7 11:3"),
        ("/last", "12:7 12:1"),
        // What is not there falls back to its nearest parent.
        ("/spec/urll", "4:3 4:3"),
        ("/spec/match/7/x", "6:5 6:5"),
        ("/spec/url/deeper/still", "4:8 4:8"),
        ("/nothing", "2:1 2:1"),
    ] {
        assert_eq!(at(&document, pointer), expected, "{pointer}");
    }
}

#[test]
fn json_positions_are_of_values_and_keys() {
    let document = document("{\n  \"é\": {\"b\": [10, {\"c\": \"ü\"}, true]}, \"d\": null\n}\n");
    for (pointer, expected) in [
        ("", "1:1 1:1"),
        ("/é", "2:8 2:3"),
        ("/é/b", "2:14 2:9"),
        ("/é/b/0", "2:15 2:15"),
        ("/é/b/1", "2:19 2:19"),
        ("/é/b/1/c", "2:25 2:20"),
        ("/é/b/2", "2:31 2:31"),
        ("/d", "2:44 2:39"),
    ] {
        assert_eq!(at(&document, pointer), expected, "{pointer}");
    }
}

#[test]
fn aliases_and_merges_keep_positions() {
    let text = "a: &x\n  b: 1\nc: *x\nd:\n  e: 2\n  <<: *x\n  f: 3\ng:\n- <<: [{h: 1}, *x]\n";
    let document = document(text);
    for (pointer, expected) in [
        ("/a", "1:4 1:1"),
        ("/c", "3:4 3:1"),
        ("/c/b", "2:6 2:3"),
        ("/d/e", "5:6 5:3"),
        ("/d/b", "2:6 2:3"),
        ("/d/f", "7:6 7:3"),
        ("/g/0/h", "9:12 9:9"),
        ("/g/0/b", "2:6 2:3"),
    ] {
        assert_eq!(at(&document, pointer), expected, "{pointer}");
    }
}

#[test]
fn later_documents_have_positions_in_the_same_text() {
    let parsed = parse("a: 1\n---\n\nb:\n  c: 2\n").unwrap();
    assert_eq!(at(&parsed.documents[1], "/b/c"), "5:6 5:3");
    assert_eq!(parsed.documents[1].position(), Position { line: 4, column: 1 });
}

#[test]
fn lines_lead_to_nodes() {
    let document = document(YAML);
    for (line, expected) in [
        (1, ""),
        (2, "/apiVersion"),
        (3, "/spec"),
        (4, "/spec/url"),
        (5, "/spec/match"),
        (6, "/spec/match/0/mode"),
        (7, "/spec/match/0/ports/1"),
        (8, "/spec/match/1/é"),
        (9, "/spec/match/1/z"),
        (10, "/spec/match/1/z"),
        (11, "/spec/none"),
        (12, "/last"),
        (99, "/last"),
    ] {
        assert_eq!(document.source.path_at(&document.value, line).to_pointer(), expected, "line {line}");
    }
}

#[test]
fn hazards_are_found_where_they_stand() {
    let text = "on: push\nenv:\n- name: A\n  value: no\n- value: 'no'\n- value: 0755\n- value: 12:30:45\n\
                - value: 755\n- value: true\n- value: !!str no\n- {1_000: x, 2: v, true: z}\n- a\n  b\n";
    let document = document(text);
    let found: Vec<_> = document
        .yaml_1_1_hazards()
        .iter()
        .map(|hazard| {
            let part = if hazard.is_key { "key" } else { "value" };
            let (path, at, text) = (&hazard.path, hazard.position, &hazard.text);
            format!("{path} {part} {at} {text} {:?} {}", hazard.read_as, hazard.read_as.in_kubectl())
        })
        .collect();
    assert_eq!(
        found,
        [
            "on key 1:1 on Bool true",
            "env[0].value value 4:10 no Bool true",
            "env[2].value value 6:10 0755 Int true",
            "env[3].value value 7:10 12:30:45 Sexagesimal false",
            "env[7].1_000 key 11:4 1_000 Int true",
        ]
    );
    let text = "a: &x no\nb: *x\nc: &m {d: off}\ne:\n  <<: *m\n";
    let paths: Vec<_> =
        self::document(text).yaml_1_1_hazards().iter().map(|hazard| hazard.path.to_string()).collect();
    assert_eq!(paths, ["a", "b", "c.d", "e.d"]);
    assert!(self::document("{\"a\": \"no\"}").yaml_1_1_hazards().is_empty());
}

#[test]
fn a_foreign_tree_is_harmless() {
    let document = document("a: 1\n");
    let other = tree("x: {y: [1, 2, 3, {z: 1}]}\n");
    let path = FieldPath::from_pointer("/x/y/3/z", &other);
    let position = document.source.position(&other, &path);
    assert_eq!(position.line, 1);
    assert_eq!(SourceMap::default().position(&other, &path), Position::START);
    document.source.path_at(&other, 1);
}
