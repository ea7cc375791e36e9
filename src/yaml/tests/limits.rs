//! Caps of size, depth and alias expansion.

use super::*;

/// The texts of `count` things, one after the other.
fn many(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect::<Vec<_>>().concat()
}

fn too_large(text: &str) -> ParseError {
    let err = parse(text).unwrap_err();
    assert_eq!(err.kind, ParseErrorKind::TooLarge, "{err}");
    err
}

#[test]
fn depth_is_capped() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("{a: ", "}")] {
        let nested = |levels: usize| format!("{}1{}", open.repeat(levels), close.repeat(levels));
        assert!(parse(&nested(MAX_DEPTH)).is_ok());
        let err = too_large(&nested(MAX_DEPTH + 1));
        assert_eq!(err.line, 1);
        too_large(&nested(20_000));
        too_large(&open.repeat(100_000));
    }
    too_large(&"- ".repeat(100_000));
    assert!(parse(&"? ".repeat(100_000)).is_err());
    too_large(&format!("a:\n{}", many(500, |level| format!("{}a:\n", " ".repeat(level + 1)))));
}

#[test]
fn aliases_count_for_depth() {
    let half = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    too_large(&format!("a: &x {half}\nb: {}*x{}\n", "[".repeat(60), "]".repeat(60)));
}

#[test]
fn billion_laughs_fail_fast() {
    let text = many(12, |level| match level {
        0 => "a0: &a0 [lol,lol,lol,lol,lol,lol,lol,lol,lol]\n".to_owned(),
        _ => format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 9].join(",")),
    });
    too_large(&text);
    // The same with few nodes and much text.
    let text = format!("a: &a {}\nb:\n{}", "x".repeat(1_000_000), "- *a\n".repeat(1000));
    too_large(&text);
    // And with merge keys.
    let text = many(40, |level| match level {
        0 => "a0: &a0 {x: lol}\n".to_owned(),
        _ => format!("a{level}: &a{level} {{p: {{<<: *a{0}}}, q: {{<<: *a{0}}}}}\n", level - 1),
    });
    too_large(&text);
}

#[test]
fn flow_collections_are_read_ahead_only_so_far() {
    let text = format!("[{}]\n", "a,".repeat(700_000));
    too_large(&text);
}

#[test]
fn long_inputs_take_linear_time() {
    // Each of these took minutes if something were quadratic.
    let n = 50_000;
    let flat_list = format!("[{}1]", "1,".repeat(n));
    let flat_json = format!("{{{}\"z\":1}}", many(n, |i| format!("\"k{i}\":{i},")));
    let flat_yaml = many(n, |i| format!("k{i}: {i}\n"));
    let anchors = many(n, |i| format!("- &a{i} x\n"));
    let comments = "# x\n".repeat(n);
    let blanks = format!("{}a: 1\n", "\n".repeat(n));
    let long_line = format!("a: {}\n", "word ".repeat(n));
    let quotes = format!("a: \"{}\"\n", "\\\" ".repeat(n));
    let block = format!("a: |\n{}", "  line\n\n".repeat(n));
    let pairs = format!("[{}z: 1]", many(n / 4, |i| format!("k{i}: {i}, ")));
    let documents = "--- a\n".repeat(n);
    for text in [
        flat_list, flat_json, flat_yaml, anchors, comments, blanks, long_line, quotes, block, pairs,
        documents,
    ] {
        let parsed = parse(&text).unwrap();
        for document in &parsed.documents {
            assert!(!emit(&document.value, Format::Yaml).is_empty());
        }
    }
}
