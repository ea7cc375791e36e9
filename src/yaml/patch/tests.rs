//! Texts before and after, and what is refused.

use super::*;

/// Sets or removes what is at `pointer` of the first document.
fn changed(text: &str, pointer: &str, value: Option<&str>) -> Result<String, String> {
    let parsed = parse(text).unwrap();
    let mut wanted: Vec<Value> = parsed.documents.into_iter().map(|document| document.value).collect();
    let path = FieldPath::from_pointer(pointer, &wanted[0]);
    let value = value.map(|value| parse(value).unwrap().into_first().unwrap().value);
    wanted[0].set(&path, value).unwrap();
    let patched = patch(text, &wanted).map_err(|err| err.to_string())?;
    let again: Vec<Value> = parse(&patched).unwrap().documents.into_iter().map(|it| it.value).collect();
    assert!(again.iter().zip(&wanted).all(|(a, b)| a.identical(b)), "{patched}");
    Ok(patched)
}

fn check(text: &str, pointer: &str, value: Option<&str>, expected: &str) {
    assert_eq!(changed(text, pointer, value).as_deref(), Ok(expected), "{pointer} of\n{text}");
}

#[test]
fn a_value_is_replaced_and_all_else_stays() {
    check("a:   x   # why\nb: 1\n", "/a", Some("z"), "a:   z   # why\nb: 1\n");
    check("a: \"x\" # why\n", "/a", Some("y z"), "a: \"y z\" # why\n");
    check("a: 'it''s'\n", "/a", Some("z"), "a: z\n");
    check("a: {b: x, c: 2}\n", "/a/b", Some("'y,z'"), "a: {b: \"y,z\", c: 2}\n");
    check("a:\n- b: 1\n- b: 2 # two\n", "/a/1/b", Some("3"), "a:\n- b: 1\n- b: 3 # two\n");
    check("a: x", "/a", Some("'1'"), "a: \"1\"");
    check("größe: x\r\nb: 1\r\n", "/größe", Some("z"), "größe: z\r\nb: 1\r\n");
    check("a:\nb: 1\n", "/a", Some("x"), "a: x\nb: 1\n");
    check("a: ~ # none\n", "/a", Some("x"), "a: x # none\n");
    check("\u{feff}a: x\n", "/a", Some("z"), "\u{feff}a: z\n");
    check("{\"a\": \"x\",\n \"b\": 1}\n", "/b", Some("2"), "{\"a\": \"x\",\n \"b\": 2}\n");
}

#[test]
fn entries_are_added_where_their_neighbours_stand() {
    check("a: 1 # one\n# end\n", "/b", Some("x"), "a: 1 # one\nb: x\n# end\n");
    check("a:\n  b: 1\n\n# next\nc: 2\n", "/a/d", Some("x"), "a:\n  b: 1\n  d: x\n\n# next\nc: 2\n");
    check(
        "l:\n  - n: 1\n    m: 2\n  - n: 3\n",
        "/l/0/k",
        Some("x"),
        "l:\n  - n: 1\n    m: 2\n    k: x\n  - n: 3\n",
    );
    check("a: 1\nl:\n- 1\n- 2\n", "/b", Some("x"), "a: 1\nl:\n- 1\n- 2\nb: x\n");
    check("a: 1", "/b", Some("x"), "a: 1\nb: x");
    check("a: 1\n---\nb: 2\n", "/c", Some("x"), "a: 1\nc: x\n---\nb: 2\n");
    check("a: 1\n", "/b/c", Some("x"), "a: 1\nb:\n  c: x\n");
    check("a: {b: 1}\n", "/a/c", Some("x"), "a: {b: 1, c: x}\n");
    check("a: {}\n", "/a/c", Some("x"), "a: {\"c\":\"x\"}\n");
    check("{\n  \"a\": 1\n}\n", "/b", Some("x"), "{\n  \"a\": 1,\n  \"b\": \"x\"\n}\n");
    check("a: 1\nt: |\n  text\n  # text\n", "/b", Some("x"), "a: 1\nt: |\n  text\n  # text\nb: x\n");
    check("a: 1\r\n", "/b", Some("x"), "a: 1\r\nb: x\r\n");
}

#[test]
fn entries_are_taken_out() {
    check("a: 1\nb:\n  c: 1\n  d: 2\ne: 3\n", "/b", None, "a: 1\ne: 3\n");
    check("l:\n- a: 1\n  b: 2\n", "/l/0/a", None, "l:\n- b: 2\n");
    check("a: {b: 1, c: 2}\n", "/a/b", None, "a: {c: 2}\n");
    check("a: {b: 1, c: 2}\n", "/a/c", None, "a: {b: 1}\n");
    check("a:\n  b: 1\nc: 2\n", "/a/b", None, "a: {}\nc: 2\n");
    check("{\n  \"a\": 1,\n  \"b\": 2\n}\n", "/b", None, "{\n  \"a\": 1\n}\n");
}

#[test]
fn items_come_and_go() {
    check("l:\n- 1\n- 2\n", "/l/2", Some("3"), "l:\n- 1\n- 2\n- 3\n");
    check(
        "l:\n  - a: 1\n    b: 2\nm: 1\n",
        "/l/1",
        Some("{a: 3, b: 4}"),
        "l:\n  - a: 1\n    b: 2\n  - a: 3\n    b: 4\nm: 1\n",
    );
    check("l: [1, 2]\n", "/l/2", Some("3"), "l: [1, 2, 3]\n");
    check("l:\n- 1\n- 2 # two\n- 3\n", "/l/0", None, "l:\n- 2 # two\n- 3\n");
    check("l: [1, 2, 3]\n", "/l/1", None, "l: [1, 3]\n");
}

#[test]
fn what_is_not_understood_is_refused() {
    for (text, pointer, value) in [
        ("a: |\n  x\n  y\n", "/a", Some("z")),
        ("a: x\n  y\n", "/a", Some("z")),
        ("a: &x 1\nb: *x\n", "/a", Some("2")),
        ("a: &x {c: 1}\nb: *x\n", "/b/c", Some("2")),
        ("a: !!str 1\n", "/a", Some("z")),
        ("a: 1\nb: 2 # the reason\n", "/b", None),
    ] {
        let refused = changed(text, pointer, value);
        assert!(refused.is_err(), "{text}: {refused:?}");
    }
}

#[test]
fn random_changes_give_what_was_wanted_or_are_refused() {
    // Every scalar of the manifests that people wrote, one at a time: replaced, or refused, never damaged.
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/manifests");
    let (mut made, mut refused) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let Ok(text) = std::fs::read_to_string(entry.unwrap().path()) else { continue };
        let Ok(parsed) = parse(&text) else { continue };
        let values: Vec<Value> = parsed.documents.into_iter().map(|document| document.value).collect();
        for document in 0..values.len() {
            let mut paths = Vec::new();
            scalars(&values[document], &mut FieldPath::root(), &mut paths);
            for path in paths.into_iter().filter(|path| !path.is_empty()).take(40) {
                let mut wanted = values.clone();
                wanted[document].set(&path, Some("a: [new] #value".into())).unwrap();
                match patch(&text, &wanted) {
                    Ok(patched) => {
                        made += 1;
                        let again = parse(&patched).unwrap().documents;
                        assert!(again.iter().zip(&wanted).all(|(a, b)| a.value.identical(b)));
                    }
                    Err(_) => refused += 1,
                }
            }
        }
    }
    assert!(made > 100 && made > 10 * refused, "{made} made, {refused} refused");
}

fn scalars(value: &Value, path: &mut FieldPath, found: &mut Vec<FieldPath>) {
    match value {
        Value::Map(map) => {
            for (key, value) in map.iter() {
                path.push(key);
                scalars(value, path, found);
                path.pop();
            }
        }
        Value::List(items) => {
            for (index, value) in items.iter().enumerate() {
                path.push(index);
                scalars(value, path, found);
                path.pop();
            }
        }
        _ => found.push(path.clone()),
    }
}
