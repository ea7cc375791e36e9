//! Rules over values, rules that mean harm, and our own rules against the code that stands for them.

use proptest::prelude::*;

use super::*;
use crate::istio::module_url;
use crate::model::ComponentKind;
use crate::registry::structural::{self, ViolationKind};
use crate::registry::{DefinitionFile, Registry};

/// A registry with a kind `Thing`, whose `spec` has this schema.
fn registry(spec: &str) -> Registry {
    let text = format!(
        "{{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, spec: {{group: example.com, scope: \
         Namespaced, names: {{kind: Thing}}, versions: [{{name: v1, served: true, storage: true, schema: \
         {{openAPIV3Schema: {{type: object, properties: {{spec: {spec}}}}}}}}}]}}}}"
    );
    let file =
        DefinitionFile { name: "thing.yaml".to_owned(), content: Ok(text.into_bytes()), is_named: true };
    Registry::builtin().with_definitions([file])
}

fn manifest(text: &str) -> Map {
    let parsed = crate::yaml::parse(text).unwrap().into_first().unwrap();
    parsed.value.as_map().cloned().unwrap()
}

/// What the rules of a `spec` with this schema find in this value of it, in words.
#[track_caller]
fn found(spec: &str, value: &str) -> Vec<String> {
    let registry = registry(spec);
    let kind = ComponentKind::parse("Thing", "example.com/v1");
    let lines: Vec<String> = registry.report().lines().collect();
    let schema = registry.checked_schema(&kind).unwrap_or_else(|| panic!("{lines:?}"));
    let text = format!("{{apiVersion: example.com/v1, kind: Thing, metadata: {{name: t}}, spec: {value}}}");
    let shown = |finding| match finding {
        Finding::Broken { path, message } => format!("{}: {message}", path.to_pointer()),
        Finding::Unknown { reason, .. } => format!("unknown: {reason}"),
    };
    check(schema, &manifest(&text)).into_iter().map(shown).collect()
}

/// An object with these properties and one rule.
fn with_rule(rule: &str, properties: &str) -> String {
    let rule = crate::yaml::emit_json_compact(&rule.into());
    format!(
        "{{type: object, properties: {{{properties}}}, x-kubernetes-validations: [{{rule: {rule}, message: no}}]}}"
    )
}

#[test]
fn rules_are_evaluated_as_an_api_server_would() {
    const NUMBERS: &str = "a: {type: integer}, b: {type: integer, default: 2}, c: {type: number}";
    const TEXTS: &str = "s: {type: string}, l: {type: array, items: {type: string}}, m: {type: object, \
                         additionalProperties: {type: string}}, namespace: {type: string}, a-b: {type: string}";
    for (rule, properties, value, holds) in [
        ("self.a < self.b", NUMBERS, "{a: 1}", true),
        ("self.a < self.b", NUMBERS, "{a: 1, b: 1}", false),
        ("has(self.a)", NUMBERS, "{a: null}", false),
        ("has(self.b)", NUMBERS, "{}", true),
        ("self.c > 0.5", NUMBERS, "{c: 1}", true),
        ("self.a == 5", NUMBERS, "{a: 5.0}", true),
        ("has(self.a) ? self.a > 1 : true", NUMBERS, "{}", true),
        ("self.s.startsWith('a') && self.s.size() <= 2", TEXTS, "{s: ab}", true),
        ("self.s.matches('^[a-z]+$')", TEXTS, "{s: aB}", false),
        ("self.s.find('[0-9]+') == '12'", TEXTS, "{s: a12b}", true),
        ("self.s.findAll('[0-9]+') == ['12', '3']", TEXTS, "{s: a12b3}", true),
        ("self.l.all(x, x.size() > 0)", TEXTS, "{l: [a, '']}", false),
        ("self.l.exists_one(x, x == 'a')", TEXTS, "{l: [a, b]}", true),
        ("self.l.map(x, x + '!').filter(x, x != 'a!').size() == 1", TEXTS, "{l: [a, b]}", true),
        ("self.l.isSorted()", TEXTS, "{l: [a, b]}", true),
        ("self.l.indexOf('b') == 1", TEXTS, "{l: [a, b]}", true),
        ("self.s.split(',').size() == 2 && self.l.join('-') == 'a-b'", TEXTS, "{s: 'x,y', l: [a, b]}", true),
        ("self.s.lowerAscii() == 'a' && self.s.replace('A', 'b') == 'b'", TEXTS, "{s: A}", true),
        ("self.m.all(k, self.m[k] != '')", TEXTS, "{m: {a: b, c: ''}}", false),
        ("'a' in self.m && !('z' in self.m)", TEXTS, "{m: {a: b}}", true),
        ("self.__namespace__ == 'x' && self.a__dash__b == 'y'", TEXTS, "{namespace: x, a-b: y}", true),
        ("!has(self.unknown)", TEXTS, "{unknown: 1}", true),
        ("isURL(self.s) && url(self.s).getScheme() == 'oci'", TEXTS, "{s: 'oci://a:1/b'}", true),
        (
            "url(self.s).getHostname() == 'a' && url(self.s).getPort() == '1'",
            TEXTS,
            "{s: 'oci://a:1/b'}",
            true,
        ),
        ("url(self.s).getQuery()['x'] == ['1', '2']", TEXTS, "{s: 'http://a/?x=1&x=2'}", true),
        ("url(self.s).getEscapedPath() == '/b%20c'", TEXTS, "{s: 'http://a/b c'}", true),
        // Where Go and the WHATWG part.
        ("isURL(self.s)", TEXTS, "{s: 'oci://name:tag'}", false),
        ("url(self.s).getHost() == 'a%b'", TEXTS, "{s: 'http://a%25b/'}", true),
        ("quantity(self.s).isGreaterThan(quantity('1Gi'))", TEXTS, "{s: 2Gi}", true),
        ("ip(self.s).family() == 4", TEXTS, "{s: 10.0.0.1}", true),
    ] {
        let expected: &[&str] = if holds { &[] } else { &["/spec: no"] };
        assert_eq!(found(&with_rule(rule, properties), value), expected, "{rule} on {value}");
    }
}

#[test]
fn a_message_is_made_and_placed_as_the_rule_says() {
    let spec = "{type: object, properties: {a: {type: integer}, l: {type: array, items: {type: string, \
                x-kubernetes-validations: [{rule: \"self != 'x'\"}]}}}, x-kubernetes-validations: [{rule: self.a > 1, \
                message: plain, messageExpression: \"'a is ' + string(self.a)\", fieldPath: .a}, {rule: self.a > 1, message: \
                plain, messageExpression: \"self.nothing\"}]}";
    assert_eq!(
        found(spec, "{a: 1, l: [y, x]}"),
        ["/spec/a: a is 1", "/spec: plain", "/spec/l/1: failed rule: self != 'x'"]
    );
    assert_eq!(found(spec, "{a: 2, l: [y]}"), [""; 0]);
    assert_eq!(field_path(".a[0]['b.c'].d").map(|path| path.to_pointer()), Some("/a/0/b.c/d".to_owned()));
    assert_eq!(field_path("a"), None);
}

#[test]
fn rules_about_a_change_do_not_run() {
    assert_eq!(found(&with_rule("self.a >= oldSelf.a", "a: {type: integer}"), "{a: 1}"), [""; 0]);
    let optional = "{type: object, x-kubernetes-preserve-unknown-fields: true, x-kubernetes-validations: [{rule: \
                    'oldSelf.hasValue()', optionalOldSelf: true}]}";
    assert_eq!(found(optional, "{}"), [""; 0]);
}

/// An API server refuses the object then.
#[test]
fn a_rule_that_stops_does_not_hold() {
    let spec = with_rule("self.a > 1", "a: {type: integer}");
    assert_eq!(found(&spec, "{}"), ["/spec: there is no `a` where a rule needs it: self.a > 1"]);
    let spec = with_rule("1 / self.a == 1", "a: {type: integer}");
    assert_eq!(found(&spec, "{a: 0}"), ["/spec: it divides by zero where a rule needs it: 1 / self.a == 1"]);
}

/// Each of these would hang the program, fill its memory or end it.
#[test]
fn a_hostile_rule_is_reported_and_ends() {
    const LIST: &str = "l: {type: array, items: {type: string}}, s: {type: string}";
    let value = format!("{{l: [{}], s: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}}", "x, ".repeat(300));
    let deep =
        |open: &str, close: &str, depth: usize| format!("{}true{}", open.repeat(depth), close.repeat(depth));
    for (rule, reason) in [
        (
            "self.l.all(a, self.l.all(b, self.l.all(c, self.l.all(d, a == b || c == d))))".to_owned(),
            "it would take too long",
        ),
        (
            "self.l.map(a, self.l.map(b, self.l.map(c, [a, b, c]))).size() > 0".to_owned(),
            "it would take too long",
        ),
        (format!("[self.s]{}.size() > 0", ".map(x, x + x)".repeat(64)), "it would take too long"),
        ("lists.range(1000000000).size() > 0".to_owned(), "it would take too long"),
        (
            format!("'{}'.replace('a', '{}') != ''", "a".repeat(900), "b".repeat(900)),
            "it would take too long",
        ),
        ("'%.999999999f'.format([1.0]) != ''".to_owned(), "it would take too long"),
        (
            "self.l.all(a, self.l.all(b, a.matches('(x{100}){100}' + a + b)))".to_owned(),
            "Error executing function 'matches': the regular expression is wrong or too large",
        ),
        (deep("(", ")", 60), "it is nested too deeply"),
        (deep("[true].all(x, ", ")", 30), "it is nested too deeply"),
        (format!("r'\\' == 'a' || {}", deep("(", ")", 70)), "it is nested too deeply"),
        (format!("{}true", "true ? false : ".repeat(200)), "it is nested too deeply"),
        (format!("1{} > 0", " + 1".repeat(900)), "it is nested too deeply"),
        (format!("self{} == 1", ".a".repeat(1900)), "it is nested too deeply"),
        (format!("'{}' == ''", "x".repeat(5000)), "it has more than 4096 characters"),
    ] {
        let shown: String = rule.chars().take(80).collect();
        let found = found(&with_rule(&rule, LIST), &value);
        assert_eq!(found, [format!("unknown: {reason}")], "{shown}");
    }
    for rule in ["self.", "self.a ==", "Thing{a: 1} == 1", "nonsense(self)", "1", ">{{{{{?[(((({{"] {
        let found = found(&with_rule(rule, LIST), "{s: a}");
        assert!(matches!(found.as_slice(), [one] if one.starts_with("unknown: ")), "{rule}: {found:?}");
    }
}

/// The budget is that of the whole object: many rules that each stay within it do not add up.
#[test]
fn many_rules_share_one_budget() {
    let rule = "{rule: 'self.all(a, self.all(b, self.all(c, a + b + c > 0)))'}";
    let rules = vec![rule; 200].join(", ");
    let spec = format!("{{type: array, items: {{type: integer}}, x-kubernetes-validations: [{rules}]}}");
    let found = found(&spec, &format!("[{}]", "1, ".repeat(60)));
    assert!(found.iter().any(|line| line == "unknown: it would take too long"), "{}", found.len());
}

fn scalar() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b*", "''", "v1", "x*y"]).prop_map(ToOwned::to_owned)
}

fn labels() -> impl Strategy<Value = String> {
    prop::collection::btree_map(prop::sample::select(vec!["app", "''", "a*", "'*'"]), scalar(), 0..3)
        .prop_map(|map| {
            let entries: Vec<String> =
                map.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
            format!("{{{}}}", entries.join(", "))
        })
}

/// `key: value`, or nothing.
fn maybe(key: &'static str, value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop::option::of(value)
        .prop_map(move |value| value.map_or(String::new(), |value| format!("{key}: {value}, ")))
}

fn reference() -> impl Strategy<Value = String> {
    maybe("namespace", prop::sample::select(vec!["''", "shop"]).prop_map(ToOwned::to_owned))
        .prop_map(|namespace| format!("{{kind: Gateway, name: g, {namespace}}}"))
}

fn variable() -> impl Strategy<Value = String> {
    let from =
        maybe("valueFrom", prop::sample::select(vec!["INLINE", "HOST", "null"]).prop_map(ToOwned::to_owned));
    let value = maybe("value", prop::sample::select(vec!["x", "''", "null"]).prop_map(ToOwned::to_owned));
    (from, value).prop_map(|(from, value)| format!("{{name: A, {from}{value}}}"))
}

fn url() -> impl Strategy<Value = String> {
    "(oci|OCI|http|file|ftp|a|10\\.0|)(:|://|:/|/|)[a-z:@#% 0-9]{0,6}(:[0-9a]{0,2})?(/[a-z:%]{0,4})?"
        .prop_map(|url| crate::yaml::emit_json_compact(&url.into()))
}

fn module() -> impl Strategy<Value = String> {
    (url(), maybe("vmConfig", variable().prop_map(|env| format!("{{env: [{env}]}}"))))
        .prop_map(|(url, vm)| format!("url: {url}, {vm}"))
}

/// A text of this form, or null, which counts as absent.
fn or_null(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop_oneof![9 => value, 1 => Just("null".to_owned())]
}

/// The messages of our rules that do not hold, and those that the code finds, as `path: message`.
fn compared(kind: &ComponentKind, text: &str) -> (Vec<String>, Vec<String>) {
    let manifest = manifest(text);
    let registry = Registry::builtin();
    let schema = &registry.component(kind).unwrap().schema;
    let mut by_rules: Vec<String> = run(schema, &manifest, Which::All)
        .into_iter()
        .map(|finding| match finding {
            Finding::Broken { path, message } => format!("{}: {message}", path.to_pointer()),
            Finding::Unknown { rule, reason } => panic!("{rule}: {reason} on {text}"),
        })
        .collect();
    let mut by_code = Vec::new();
    let value = Value::Map(manifest);
    for violation in structural::check_manifest(schema, &value) {
        let pointer = violation.path.to_pointer();
        let parent = || pointer.rsplit_once('/').map_or("", |(parent, _)| parent).to_owned();
        let key = violation.path.last().and_then(Segment::as_key).unwrap_or_default();
        let found = match violation.kind {
            ViolationKind::Exclusive if key == "lua" || key == "wasm" => {
                (parent(), "exactly one of wasm or lua must be set")
            }
            ViolationKind::Exclusive if violation.message.contains("workloadSelector") => {
                (parent(), "only one of targetRefs or workloadSelector can be set")
            }
            ViolationKind::Exclusive if pointer == "/spec/targetRefs" || pointer == "/spec/targetRef" => {
                (parent(), "only one of targetRefs or selector can be set")
            }
            ViolationKind::Condition if key == "value" => {
                (parent(), "value may only be set when valueFrom is INLINE")
            }
            ViolationKind::Condition | ViolationKind::Required if key == "waypoint" => {
                (parent(), "only support waypointMatch when context is WAYPOINT")
            }
            ViolationKind::Bound if key == "portNumber" => (pointer, "port must be between 1-65535"),
            ViolationKind::Format if key == "namespace" => {
                (pointer, "cross namespace referencing is not currently supported")
            }
            ViolationKind::Format if violation.message.starts_with("the key") && key.is_empty() => {
                (parent(), "key must not be empty")
            }
            ViolationKind::Format if violation.message.starts_with("the key") => {
                (parent(), "wildcard not allowed in label key match")
            }
            ViolationKind::Format if parent().ends_with("abels") => {
                (pointer, "wildcard not allowed in label value match")
            }
            _ => continue,
        };
        by_code.push(format!("{}: {}", found.0, found.1));
    }
    for path in ["/spec/url", "/spec/wasm/url"] {
        let keys: Vec<&str> = path.split('/').skip(1).collect();
        if value.text_at(&keys).is_some_and(|url| !module_url::crd_accepts(url)) {
            by_code.push(format!("{path}: {}", module_url::CRD_MESSAGE));
        }
    }
    let spec = value.at(&["spec"]).and_then(Value::as_map);
    if kind.same_kind(&ComponentKind::TRAFFIC_EXTENSION)
        && spec.is_some_and(|it| it.get("wasm").is_none() && it.get("lua").is_none())
    {
        // The rule TE001.
        by_code.push("/spec: exactly one of wasm or lua must be set".to_owned());
    }
    for list in [&mut by_rules, &mut by_code] {
        list.sort();
        list.dedup();
    }
    (by_rules, by_code)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// What our definitions say in CEL and what runs in its place are the same.
    #[test]
    fn our_rules_and_the_code_in_their_place_agree(
        selector in maybe("selector", or_null(labels().prop_map(|labels| format!("{{matchLabels: {labels}}}")))),
        refs in maybe("targetRefs", or_null(reference().prop_map(|it| format!("[{it}]")))),
        one in maybe("targetRef", reference()),
        module in module(),
        has_wasm in any::<bool>(),
        lua in maybe("lua", Just("{inlineCode: x}".to_owned())),
    ) {
        let plugin = format!("{{spec: {{{selector}{refs}{one}{module}}}}}");
        let (by_rules, by_code) = compared(&ComponentKind::WASM_PLUGIN, &plugin);
        prop_assert_eq!(by_rules, by_code, "{}", plugin);
        let wasm = if has_wasm { format!("wasm: {{{module}}}, ") } else { String::new() };
        let extension = format!("{{spec: {{{selector}{refs}{wasm}{lua}}}}}");
        let (by_rules, by_code) = compared(&ComponentKind::TRAFFIC_EXTENSION, &extension);
        prop_assert_eq!(by_rules, by_code, "{}", extension);
    }

    /// The same for an EnvoyFilter.
    #[test]
    fn our_rules_of_envoy_filters_agree(
        selector in maybe("workloadSelector", or_null(labels().prop_map(|labels| format!("{{labels: {labels}}}")))),
        refs in maybe("targetRefs", or_null(reference().prop_map(|it| format!("[{it}]")))),
        context in maybe("context", prop::sample::select(vec!["ANY", "WAYPOINT", "null"]).prop_map(ToOwned::to_owned)),
        waypoint in maybe("waypoint", or_null(prop::sample::select(vec!["{}", "{portNumber: 0}", "{portNumber: 80}", "{portNumber: 70000}"]).prop_map(ToOwned::to_owned))),
    ) {
        let filter = format!(
            "{{spec: {{{selector}{refs}configPatches: [{{applyTo: HTTP_FILTER, match: {{{context}{waypoint}}}}}]}}}}"
        );
        let (by_rules, by_code) = compared(&ComponentKind::ENVOY_FILTER, &filter);
        prop_assert_eq!(by_rules, by_code, "{}", filter);
    }
}
