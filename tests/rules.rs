//! Every rule on a file of its own: what fires, what does not although it is near, and that no rule goes without.
//!
//! A file in `tests/fixtures/rules` is named by its code and says in comments what is to be found in it:
//!
//! - `url: ftp://example.com/a # expect WP002`: a finding with this code points at this line. A line of its own, `# expect
//!   WP002`, speaks of the next line that is no comment. Several codes may be named.
//! - `# near miss: …` says why what follows is not reported. Each file has at least one.
//! - `# definitions: crds/good` at the top: what of `tests/fixtures/definitions` it is checked with.
//! - `# target: 1.18` and `# root namespace: mesh` at the top are the options of the check.
//!
//! What is known of the images that the files name stands in [`images`].
//!
//! All findings of the file's code have to be named, and all errors. Other warnings and infos may be.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use billfold::editor::{DeriveInput, derive};
use billfold::formats::{OpenOptions, Opened, open_with};
use billfold::model::{Design, Diagnostic, Severity};
use billfold::registry::Registry;
use billfold::validate::{self, Facts, Options};

use crate::tree;

mod images;

const FOLDER: &str = "tests/fixtures/rules";

/// A code and the line that it points at.
type Found = (u32, String);

struct Fixture {
    path: String,
    /// The code that the file is named by.
    code: String,
    options: Options,
    registry: Arc<Registry>,
    expected: BTreeMap<Found, usize>,
    near_misses: usize,
}

/// The codes that a comment names behind `word`.
fn codes_behind<'a>(line: &'a str, word: &str) -> Option<Vec<&'a str>> {
    let (_, rest) = line.split_once('#')?;
    let rest = rest.trim_start().strip_prefix(word)?;
    Some(rest.split([' ', ',']).filter(|code| !code.is_empty()).collect())
}

fn read(path: String) -> Fixture {
    let text = tree::read(&path);
    let code = path.trim_start_matches(FOLDER).trim_matches('/').trim_end_matches(".yaml").to_owned();
    let mut options = Options::default();
    let mut registry = Registry::builtin();
    let mut expected = BTreeMap::new();
    let mut near_misses = 0;
    let mut pending: Vec<&str> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let is_comment = line.trim_start().starts_with('#');
        if let Some(version) = line.strip_prefix("# target: ") {
            options.target = Some(version.parse().unwrap_or_else(|err| panic!("{path}: {err}")));
        }
        if let Some(folder) = line.strip_prefix("# definitions: ") {
            let folder = tree::root().join("tests/fixtures/definitions").join(folder);
            registry = billfold::adapters::definitions::load(None, &[folder]);
        }
        if let Some(namespace) = line.strip_prefix("# root namespace: ") {
            options.root_namespace = Some(namespace.to_owned());
        }
        near_misses += usize::from(is_comment && line.contains("# near miss: "));
        let mut codes = codes_behind(line, "expect ").unwrap_or_default();
        if is_comment {
            pending.append(&mut codes);
            continue;
        }
        codes.append(&mut pending);
        for code in codes {
            *expected.entry((number, code.to_owned())).or_default() += 1;
        }
    }
    assert!(pending.is_empty(), "{path}: nothing follows the last comment");
    Fixture { path, code, options, registry, expected, near_misses }
}

fn fixtures() -> Vec<Fixture> {
    tree::files(FOLDER, ".yaml").into_iter().map(read).collect()
}

/// What is known beside the files.
fn facts() -> Facts {
    Facts { images: images::all(), ..Facts::default() }
}

fn open_fixture(fixture: &Fixture, registry: &Registry) -> Opened {
    let bytes = tree::bytes(&fixture.path);
    open_with(&bytes, registry, OpenOptions { make_filters: false })
        .unwrap_or_else(|err| panic!("{}: {err}", fixture.path))
}

fn checked(fixture: &Fixture, design: Design, registry: &Arc<Registry>) -> Vec<Diagnostic> {
    // As the command line does: manifests are applied as they stand.
    let as_they_stand = !tree::read(&fixture.path).contains("schemaVersion: designs.meshery.io");
    let options = Arc::new(Options { as_they_stand, facts: facts(), ..fixture.options.clone() });
    let input = DeriveInput::new(Arc::new(design), Arc::clone(registry)).with_options(options);
    derive(&input).diagnostics
}

/// What is found in the file: code and line, with the message for the reader of a failure.
fn found(fixture: &Fixture, registry: &Arc<Registry>) -> Vec<(Found, Severity, String)> {
    let opened = open_fixture(fixture, registry);
    let diagnostics = checked(fixture, opened.design, registry);
    let all = opened.findings.iter().chain(&diagnostics);
    all.map(|finding| {
        let position = opened.positions.position(finding.location.subject, &finding.location.path);
        let line = position.map_or(0, |position| position.line);
        ((line, finding.code.to_owned()), finding.severity, finding.message.clone())
    })
    .collect()
}

#[test]
fn each_file_gives_what_its_comments_say() {
    let mut failures = Vec::new();
    for fixture in fixtures() {
        let found = found(&fixture, &fixture.registry);
        let mut left = fixture.expected.clone();
        for (place, severity, message) in &found {
            match left.get_mut(place) {
                Some(count) if *count > 0 => *count -= 1,
                _ if place.1 == fixture.code || *severity == Severity::Error => {
                    failures.push(format!("{}:{}: not named: {} {message}", fixture.path, place.0, place.1));
                }
                _ => {}
            }
        }
        for ((line, code), _) in left.into_iter().filter(|(_, count)| *count > 0) {
            failures.push(format!("{}:{line}: not found: {code}", fixture.path));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn no_code_goes_without_a_case_and_a_near_miss() {
    let fixtures = fixtures();
    for fixture in &fixtures {
        let fires = fixture.expected.keys().any(|(_, code)| *code == fixture.code);
        assert!(fires, "{}: nothing expects {}", fixture.path, fixture.code);
        assert!(fixture.near_misses > 0, "{}: no near miss", fixture.path);
    }
    let named: BTreeSet<&str> = fixtures.iter().map(|fixture| &*fixture.code).collect();
    let reported = validate::reported_codes();
    let missing: Vec<&str> = reported.into_iter().filter(|code| !named.contains(code)).collect();
    assert_eq!(missing, WITHOUT_FILE, "codes without a file in {FOLDER}, or no longer without one");
}

/// What no file can say that is opened with the built-in definitions: relationships of other definitions that do not
/// settle (DS006), definitions themselves (DS009), and what is no readable YAML (FM001) or a template (FM002).
const WITHOUT_FILE: [&str; 4] = ["DS006", "DS009", "FM001", "FM002"];

/// Each quick fix that is offered anywhere in the files can be applied, and what it mends is gone then.
#[test]
fn each_quick_fix_mends_its_finding() {
    let mut failures = Vec::new();
    for fixture in fixtures() {
        let design = open_fixture(&fixture, &fixture.registry).design;
        for finding in checked(&fixture, design.clone(), &fixture.registry) {
            let Some(fix) = finding.fix else { continue };
            let mut mended = design.clone();
            for edit in fix.edits {
                if let Err(err) = mended.apply(edit) {
                    failures.push(format!("{}: {}: {}: {err}", fixture.path, finding.code, fix.label));
                }
            }
            let left = checked(&fixture, mended, &fixture.registry);
            let is_it = |other: &&Diagnostic| {
                (other.code, &other.location, &other.message)
                    == (finding.code, &finding.location, &finding.message)
            };
            if left.iter().any(|other| is_it(&other)) {
                failures
                    .push(format!("{}: {}: still there after {:?}", fixture.path, finding.code, fix.label));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// A ConfigMap, annotations and an EnvoyFilter as a widely read tutorial has them, with what became wrong since.
const TUTORIAL: &str = r#"
apiVersion: v1
kind: ConfigMap
metadata: {name: example-filter, namespace: shop}
binaryData: {example-filter.wasm: AGFzbQEAAAA=}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: frontpage
  namespace: shop
  annotations:
    sidecar.istio.io/userVolume: '[{"name": "wasm", "comfigMap": {"name": "example-filter"}}]'
    sidecar.istio.io/userVolumeMount: '[{"name": "wasm", "mountPath": "/var/lib/wasm"}]'
spec:
  selector: {matchLabels: {app: frontpage}}
  template:
    metadata: {labels: {app: frontpage}}
    spec: {containers: [{name: app, image: "reg.example.com/app:1"}]}
---
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: frontpage, namespace: shop}
spec:
  workloadSelector: {labels: {app: frontpage}}
  configPatches:
  - applyTo: HTTP_FILTER
    match:
      context: SIDECAR_INBOUND
      listener: {filterChain: {filter: {name: envoy.http_connection_manager, subFilter: {name: envoy.router}}}}
    patch:
      operation: INSERT_AFTER
      value:
        config:
          config:
            rootid: example
            fail_open: true
            configuration: '{"a": 1}'
            vm_config:
              runtime: v8
              allow_precompiled: true
              code: {local: {filename: /var/lib/wasm/example.wasm}}
"#;

/// Taken one after the other, the quick fixes make of it what works, and say nothing of it any more but what is
/// worth knowing.
#[test]
fn quick_fixes_alone_mend_the_tutorial() {
    let registry = Registry::builtin();
    let opened = open_with(TUTORIAL.as_bytes(), &registry, OpenOptions { make_filters: false }).unwrap();
    let mut design = opened.design;
    let check = |design: &Design| {
        let input = DeriveInput::new(Arc::new(design.clone()), Arc::clone(&registry));
        derive(&input).diagnostics
    };
    let mut mended = BTreeSet::new();
    while let Some(finding) = check(&design).into_iter().find(|finding| finding.fix.is_some()) {
        assert!(mended.len() < 50, "no end: {finding:?}");
        mended.insert(finding.code);
        for edit in finding.fix.into_iter().flat_map(|fix| fix.edits) {
            design.apply(edit).unwrap();
        }
    }
    let mended: Vec<&str> = mended.into_iter().collect();
    let expected =
        ["AN001", "AN002", "CM004", "EF014", "EF020", "EF021", "EF023", "EF025", "EF032", "EF033", "EF034"];
    assert_eq!(mended, expected);
    let left: Vec<&str> = check(&design).into_iter().map(|finding| finding.code).collect();
    assert_eq!(left, ["MOD005", "EF037"]);
}
