//! `billfold check`: its outputs, its choice of rules, and what is accepted.

use std::process::Command;

use billfold::model::diagnostic::CODES;
use billfold::{validate, yaml};

use crate::cli::{PLUGIN, billfold, billfold_with_input, file};
use crate::tree;

/// The plugin with an annotation.
fn ignoring(says: &str) -> String {
    PLUGIN.replace("spec:\n", &format!("  annotations:\n    billfold.dev/ignore: {says:?}\nspec:\n"))
}

#[test]
fn a_finding_is_shown_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "auth.yaml", PLUGIN);
    let ran = billfold(&["check", "--rule", "WP012", &path]);
    let expected = format!(
        "{path}:7:8: warning WP012: tag 1.2 is mutable: pin the manifest's digest with @sha256:… or in sha256 \
         (WasmPlugin/shop/auth at /spec/url)\n\
         \x20 |\n\
         7 |   url: oci://reg.example.com/auth:1.2\n\
         \x20 |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n\
         \x20 = help: billfold check --explain WP012\n\n\
         0 errors, 1 warning, 0 infos\n"
    );
    assert_eq!(ran.stdout, expected);
    let short = billfold(&["check", "--rule", "WP012", "--format", "short", &path]);
    let lines: Vec<&str> = short.stdout.lines().collect();
    assert_eq!(lines, [expected.lines().next().unwrap(), "0 errors, 1 warning, 0 infos"]);
}

#[test]
fn the_lines_of_a_secret_are_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\ntype: Opaque\n\
                stringData: {a: hunter2, b: yes}\n";
    let ran = billfold(&["check", &file(&folder, "secret.yaml", text)]);
    assert!(ran.stdout.contains("DS011") && !ran.stdout.contains("hunter2"), "{}", ran.stdout);
}

#[test]
fn there_are_colours_only_where_they_are_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "auth.yaml", PLUGIN);
    let colours = |arguments: &[&str], variables: &[(&str, &str)]| {
        let output = Command::new(env!("CARGO_BIN_EXE_billfold"))
            .env("BILLFOLD_CONFIG_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-settings"))
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .envs(variables.iter().copied())
            .args(["check", &path])
            .args(arguments)
            .output()
            .unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(!colours(&[], &[]), "a pipe is no terminal");
    assert!(colours(&["--color", "always"], &[]));
    assert!(colours(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colours(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!colours(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colours(&["--color", "always", "--format", "json"], &[]));
}

#[test]
fn rules_are_chosen_by_code_and_family() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "auth.yaml", PLUGIN);
    let codes = |arguments: &[&str]| -> Vec<String> {
        let ran = billfold(&[&["check", "--format", "json", &path], arguments].concat());
        let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let found = json["diagnostics"].as_array().unwrap();
        found.iter().map(|it| it["code"].as_str().unwrap().to_owned()).collect()
    };
    assert!(codes(&[]).contains(&"WP012".to_owned()));
    assert_eq!(codes(&["--rule", "wp012"]), ["WP012"]);
    assert_eq!(codes(&["--rule", "WP012,WP061"]), ["WP012", "WP061"]);
    assert_eq!(codes(&["--rule", "WP0", "--no-rule", "WP06", "--no-rule", "WP08,WP09,WP07"]), ["WP012"]);
    assert!(codes(&["--rule", "DS"]).is_empty());
    let denied = billfold(&["check", "--deny", "warning", "--no-rule", "WP", &path]);
    assert_eq!(denied.code, 0, "{}", denied.stdout);
    let ran = billfold(&["check", "--rule", "WP0122", &path]);
    assert!(ran.code == 2 && ran.stderr.contains("did you mean WP012?"), "{}", ran.stderr);
}

#[test]
fn the_rules_are_listed_and_explained() {
    let table = billfold(&["check", "--list-rules"]);
    assert_eq!(table.code, 0, "{}", table.stderr);
    let line = "WP012   warning  P        an OCI tag is mutable";
    assert!(table.stdout.lines().any(|it| it == line), "{}", table.stdout);
    let json = billfold(&["check", "--list-rules", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let first = &json[0];
    assert!(["code", "severity", "sources", "summary"].iter().all(|key| first[key].is_string()), "{first}");
    let explained = billfold(&["check", "--explain", "wp012"]);
    assert!(explained.code == 0 && explained.stdout.starts_with("WP012: an OCI tag is mutable\n"));
    assert_eq!(billfold(&["check", "--explain", "WP9999"]).code, 2);
    assert_eq!(billfold(&["check"]).code, 2, "without either there has to be a path");
}

#[test]
fn an_object_accepts_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "auth.yaml", &ignoring("WP012: mirrored registry; WP061: made by CI"));
    let ran = billfold(&["check", "--deny", "warning", "--rule", "WP012,WP061", &path]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.ends_with("0 errors, 0 warnings, 0 infos, 2 ignored\n"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("WP012"), "{}", ran.stdout);
    let ran = billfold(&["check", "--show-ignored", &path]);
    assert!(
        ran.stdout.contains("WP012") && ran.stdout.contains("= ignored: mirrored registry"),
        "{}",
        ran.stdout
    );
    let ran = billfold(&["check", "--show-ignored", "--rule", "WP012,WP061", "--format", "json", &path]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["summary"], serde_json::json!({"errors": 0, "warnings": 0, "infos": 0, "suppressed": 2}));
    assert_eq!(
        (&json["ignored"][0]["code"], &json["ignored"][0]["reason"]),
        (&"WP012".into(), &"mirrored registry".into())
    );
    let ran = billfold(&["export", &path]);
    assert!(ran.stdout.contains("billfold.dev/ignore"), "it is the user's annotation: {}", ran.stdout);
}

#[test]
fn nothing_is_accepted_without_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    for (says, why) in
        [("WP012", "without a reason"), ("WP0122: x", "did you mean WP012?"), ("WP012, X: y", "no rule")]
    {
        let path = file(&folder, "auth.yaml", &ignoring(says));
        let ran = billfold(&["check", &path]);
        assert!(ran.stdout.contains("warning WP012: "), "{says}: {}", ran.stdout);
        let ig001 = ran.stdout.lines().find(|line| line.contains(": warning IG001: ")).unwrap();
        assert!(ig001.starts_with(&format!("{path}:7:26: ")) && ig001.contains(why), "{ig001}");
    }
    let path = file(&folder, "auth.yaml", &ignoring("WP013: old"));
    let ran = billfold(&["check", &path]);
    assert!(ran.stdout.contains(": info IG002: WP013 is ignored here, and finds nothing"), "{}", ran.stdout);
}

#[test]
fn what_is_accepted_blocks_no_export() {
    let folder = tempfile::tempdir().unwrap();
    let bad = PLUGIN.replace("AUTHN", "AUTHZZ");
    assert_eq!(billfold(&["export", &file(&folder, "bad.yaml", &bad)]).code, 1);
    let accepted = ignoring("WP080: a fork of Istio").replace("AUTHN", "AUTHZZ");
    let ran = billfold(&["export", &file(&folder, "accepted.yaml", &accepted)]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("AUTHZZ"), "{}", ran.stdout);
}

/// Input with everything that a report may have to say.
fn much(folder: &tempfile::TempDir) -> String {
    file(folder, "all/auth.yaml", &ignoring("WP061: made by <CI> & co"));
    file(
        folder,
        "all/bad & worse.yaml",
        &PLUGIN.replace("AUTHN", "\"AU<Z\\\"Z\"").replace("name: auth", "name: b"),
    );
    file(folder, "all/broken.yaml", "apiVersion: v1\nkind: Pod\nmetadata: [\n");
    file(
        folder,
        "all/fine.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: shop}\ndata: {a: b}\n",
    );
    folder.path().join("all").display().to_string()
}

#[test]
fn sarif_is_as_its_schema_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = much(&folder);
    let ran = billfold(&["check", "--format", "sarif", &path]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    let sarif: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let schema: serde_json::Value =
        serde_json::from_str(&tree::read("tests/fixtures/reports/sarif.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&sarif).map(|err| format!("{}: {err}", err.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    let of = |code: &str| results.iter().find(|it| it["ruleId"] == code).unwrap();
    assert_eq!(
        of("WP012")["locations"][0]["physicalLocation"]["region"],
        serde_json::json!({"startLine": 9, "startColumn": 8, "endColumn": 38})
    );
    let accepted: Vec<_> = results.iter().filter(|it| it["suppressions"] != serde_json::json!([])).collect();
    assert_eq!((accepted.len(), &accepted[0]["ruleId"]), (1, &"WP061".into()));
    let reason = serde_json::json!([{"kind": "inSource", "justification": "made by <CI> & co"}]);
    assert_eq!(accepted[0]["suppressions"], reason);
    assert_eq!(of("WP080")["suppressions"], serde_json::json!([]));
    assert!(
        of("WP080")["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            .as_str()
            .unwrap()
            .ends_with("/all/bad%20%26%20worse.yaml")
    );
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    assert_eq!(of("FM001")["level"], "error");
}

#[test]
fn junit_has_a_suite_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = much(&folder);
    let ran = billfold(&["check", "--format", "junit", &path]);
    let xml = ran.stdout;
    assert!(
        xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"billfold\" "),
        "{xml}"
    );
    assert_eq!(xml.matches("<testsuite ").count(), 4, "{xml}");
    assert!(xml.contains("name=\"no findings\"/>"), "{xml}");
    assert!(xml.contains("<skipped message=\"ignored: made by &lt;CI&gt; &amp; co\"/>"), "{xml}");
    assert!(xml.contains("<failure type=\"error\" message=\"") && !xml.contains("AU<Z"), "{xml}");
    assert_eq!(xml.matches("<failure ").count(), 2, "warnings fail only where they are denied: {xml}");
    let denied = billfold(&["check", "--format", "junit", "--deny", "info", &path]).stdout;
    assert!(denied.matches("<failure ").count() > 2, "{denied}");
    for element in ["testsuites", "testsuite", "testcase", "failure", "system-out"] {
        let open =
            xml.matches(&format!("<{element}>")).count() + xml.matches(&format!("<{element} ")).count();
        let closed = xml.matches(&format!("</{element}>")).count();
        let empty = xml
            .lines()
            .filter(|it| it.trim().starts_with(&format!("<{element} ")) && it.ends_with("/>"))
            .count();
        assert_eq!(open, closed + empty, "{element}: {xml}");
    }
}

#[test]
fn the_list_has_what_is_reported_without_a_rule_too() {
    let mut reported = std::collections::BTreeSet::new();
    for folder in ["src/policy", "src/registry", "src/formats", "src/editor", "src/cli"] {
        for path in tree::files(folder, ".rs").into_iter().filter(|path| !path.contains("/tests")) {
            let text = tree::read(&path);
            let code = text.split("#[cfg(test)]\nmod").next().unwrap();
            let known = CODES.iter().filter(|info| code.contains(&format!("\"{}\"", info.code)));
            reported.extend(known.map(|info| info.code));
        }
    }
    let listed = validate::reported_codes();
    let missing: Vec<_> = reported.iter().filter(|code| !listed.contains(code)).collect();
    assert!(missing.is_empty(), "reported and not listed: {missing:?}");
    let rules = validate::codes();
    let idle: Vec<_> =
        listed.iter().filter(|code| !rules.contains(code) && !reported.contains(*code)).collect();
    assert!(idle.is_empty(), "listed and reported nowhere: {idle:?}");
}

#[test]
fn what_had_nothing_to_look_at_is_said_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "auth.yaml", PLUGIN);
    assert!(!billfold(&["check", &path]).stdout.contains("not checked"));
    let ran = billfold(&["check", "-v", &path]);
    assert!(
        ran.stdout.contains("WasmPlugin/shop/auth: not checked: image (no network): IMG001, "),
        "{}",
        ran.stdout
    );
    let ran = billfold(&["check", "-v", "--no-rule", "IMG,MOD,WP031", "--format", "short", &path]);
    assert!(!ran.stdout.contains("not checked"), "{}", ran.stdout);
    let ran = billfold(&["check", "-v", "--format", "json", &path]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["unchecked"][0]["object"], "WasmPlugin/shop/auth");
}

#[test]
fn a_project_says_how_it_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let project = |text: &str| file(&folder, "billfold.toml", text);
    let path = file(&folder, "k8s/auth.yaml", PLUGIN);
    let other = file(&folder, "k8s/other.yaml", &PLUGIN.replace("name: auth", "name: other"));
    let all = folder.path().display().to_string();
    let warnings = |arguments: &[&str]| {
        let ran = billfold(&[&["check", "--format", "short"], arguments].concat());
        (ran.code, ran.stdout.matches(" warning WP012: ").count())
    };
    assert_eq!(warnings(&[&all]), (0, 2));
    project("deny = \"warning\"\nno-rule = [\"WP06\", \"WP08\"]\n");
    assert_eq!(warnings(&[&path]), (1, 1));
    assert_eq!(warnings(&[&path, "--deny", "error"]), (0, 1), "the command line goes over it");
    let ran = billfold(&["check", "--rule", "WP061", &path]);
    assert!(ran.stdout.contains("WP061"), "who asks for a rule by name gets it: {}", ran.stdout);
    project(
        "[[ignore]]\nrule = \"WP012\"\npath = \"k8s/auth.yaml\"\nreason = \"mirrored\"\n\
         [[ignore]]\nrule = \"WP013\"\nobject = \"WasmPlugin/**\"\nreason = \"old\"\n",
    );
    assert_eq!(warnings(&[&all]), (0, 1));
    assert_eq!(warnings(&[&path]), (0, 0));
    assert_eq!(warnings(&[&other]), (0, 1));
    let unused = ": info IG002: WP013 is ignored here, and finds nothing";
    let ran = billfold(&["check", &all]);
    assert!(ran.stdout.contains(&format!("billfold.toml:5:1{unused}")), "{}", ran.stdout);
    assert!(!billfold(&["check", &path]).stdout.contains("IG002"), "not all of the project was checked");
    project("target = \"1.26\"\n");
    let newer = file(&folder, "newer.yaml", &format!("{PLUGIN}  failStrategy: FAIL_RELOAD\n"));
    assert!(billfold(&["check", &newer]).stdout.contains("WP085"));
    assert!(!billfold(&["check", "--target", "1.30", &newer]).stdout.contains("WP085"));
}

#[test]
fn a_project_unblocks_what_it_accepts() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "bad.yaml", &PLUGIN.replace("AUTHN", "AUTHZZ"));
    assert_eq!(billfold(&["export", &path]).code, 1);
    file(
        &folder,
        "billfold.toml",
        "[[ignore]]\nrule = \"WP080\"\npath = \"bad.yaml\"\nreason = \"a fork\"\n",
    );
    assert_eq!(billfold(&["export", &path]).code, 0);
}

#[test]
fn a_project_file_that_cannot_be_used_is_2() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "auth.yaml", PLUGIN);
    file(&folder, "billfold.toml", "\nroot-namespce = \"mesh\"\n");
    for command in ["check", "export"] {
        let ran = billfold(&[command, &path]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
        let said = "billfold.toml:2:1: unknown key `root-namespce`: did you mean `root-namespace`?";
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
}

/// Two plugins with what has a quick fix, written as people write.
const TO_FIX: &str = "# the team's plugins\n\
apiVersion: extensions.istio.io/v1alpha1\n\
kind: WasmPlugin\n\
metadata:\n  name:   auth   # by hand\n  namespace: shop\n\
spec:\n  url: oci://reg.example.com/auth:1.2\n  # before anything else\n  phase: authn   # lower case\n  \
selector:\n    matchLabels: { app: shop }\n\
---\n\
apiVersion: extensions.istio.io/v1alpha1\n\
kind: WasmPlugin\n\
metadata: {name: Stats, namespace: shop}\n\
spec: {url: \"oci://reg.example.com/stats:1\", phase: STAT, selector: {matchLabels: {app: shop}}}\n";

#[test]
fn manifests_are_mended_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "auth.yaml", TO_FIX);
    let dry = billfold(&["check", "--fix", "--dry-run", "--rule", "WP080", &path]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), TO_FIX, "{}", dry.stderr);
    for line in ["-  phase: authn   # lower case", "+  phase: AUTHN   # lower case"] {
        assert!(dry.stdout.lines().any(|it| it == line), "{line}: {}{}", dry.stdout, dry.stderr);
    }
    let ran = billfold(&["check", "--fix", "--rule", "WP080", &path]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let fixed = std::fs::read_to_string(&path).unwrap();
    assert_eq!(fixed, TO_FIX.replace("authn", "AUTHN").replace("phase: STAT,", "phase: STATS,"));
    let again = billfold(&["check", "--fix", &path]);
    let after = std::fs::read_to_string(&path).unwrap();
    assert!(after.contains("# by hand") && after.contains("# lower case"), "{after}");
    let twice = billfold(&["check", "--fix", &path]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), after, "{}{}", again.stderr, twice.stderr);
    assert!(!twice.stderr.contains("\nfixed: ") && !twice.stderr.starts_with("fixed: "), "{}", twice.stderr);
}

#[test]
fn a_fix_that_changes_what_the_cluster_does_is_left_to_people() {
    let folder = tempfile::tempdir().unwrap();
    let text = TO_FIX.replace("phase: authn   # lower case", "phase: AUTHN\n  failStrategy: FAIL_OPEN");
    let path = file(&folder, "auth.yaml", &text);
    let ran = billfold(&["check", "--fix", "--rule", "WP083", &path]);
    assert!(
        ran.stdout.contains("WP083") && ran.stdout.contains("FAIL_CLOSE"),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "{}", ran.stderr);
}

#[test]
fn misspelt_words_of_an_envoy_filter_are_mended() {
    let folder = tempfile::tempdir().unwrap();
    let right = "apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: e, namespace: shop}\n\
        spec:\n  configPatches:\n  - applyTo: HTTP_FILTER\n    match: {context: GATEWAY}\n    \
        patch: {operation: INSERT_FIRST, value: {name: a}}\n";
    let wrong = right
        .replace("HTTP_FILTER", "HTTP_FILTR")
        .replace("GATEWAY", "gateway")
        .replace("INSERT_FIRST", "INSERT_FRST");
    let path = file(&folder, "filter.yaml", &wrong);
    let ran = billfold(&["check", "--fix", "--rule", "SC004", &path]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), right, "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn the_selector_of_the_other_kind_is_mended() {
    let folder = tempfile::tempdir().unwrap();
    let text = "apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: e, namespace: shop}\n\
        spec:\n  workloadSelector: {matchLabels: {app: a}}\n  configPatches:\n  - applyTo: HTTP_FILTER\n    \
        patch: {operation: INSERT_FIRST, value: {name: a}}\n---\n\
        apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata: {name: p, namespace: shop}\n\
        spec:\n  url: file:///opt/a.wasm\n  selector: {labels: {app: a}}\n";
    let path = file(&folder, "both.yaml", text);
    let ran = billfold(&["check", "--fix", "--rule", "SC005,WP093", &path]);
    let renamed = |text: &str| ran.stderr.contains(text);
    assert!(renamed("SC005 Rename to labels") && renamed("WP093 Rename to matchLabels"), "{}", ran.stderr);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
}

#[test]
fn the_path_of_a_finding_is_that_of_the_object() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "auth.yaml", &TO_FIX.replace("istio.io/v1alpha1", "istio.io/v1"));
    let ran = billfold(&["check", "--rule", "SC006", "--format", "json", &path]);
    let has = |text: &str| ran.stdout.contains(text);
    assert!(has("\"/apiVersion\"") && !has("/component/"), "{}", ran.stdout);
}

#[test]
fn what_comes_from_standard_input_is_mended_to_standard_output() {
    let ran = billfold_with_input(&["check", "--fix", "--rule", "WP080", "-"], TO_FIX);
    assert_eq!(ran.stdout, TO_FIX.replace("authn", "AUTHN").replace("phase: STAT,", "phase: STATS,"));
    assert!(ran.stderr.contains("fixed: -:10: WP080 ") && ran.stderr.contains("0 errors"), "{}", ran.stderr);
}

#[test]
fn what_cannot_be_mended_as_text_is_said_and_left() {
    let folder = tempfile::tempdir().unwrap();
    let text = TO_FIX
        .replace("phase: authn ", "phase: *p ")
        .replace("namespace: shop\nspec", "labels: {p: &p authn}\n  namespace: shop\nspec");
    let path = file(&folder, "auth.yaml", &text);
    let ran = billfold(&["check", "--fix", "--rule", "WP080", &path]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("not fixed: ") && ran.stderr.contains("change it by hand"), "{}", ran.stderr);
    let after = std::fs::read_to_string(&path).unwrap();
    assert_eq!(after, text.replace("phase: STAT,", "phase: STATS,"), "the other one is made");
}

#[test]
fn a_design_is_mended_as_a_save_writes_it() {
    let folder = tempfile::tempdir().unwrap();
    let design = std::fs::read_to_string("designs/edge-security.yaml").unwrap();
    let broken = design.replacen("phase: AUTHN", "phase: authn", 1);
    assert_ne!(broken, design);
    let path = file(&folder, "design.yaml", &broken);
    let ran = billfold(&["check", "--fix", "--rule", "WP080", &path]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), design);
    let commented = format!("# kept\n{broken}");
    let path = file(&folder, "commented.yaml", &commented);
    let ran = billfold(&["check", "--fix", "--rule", "WP080", &path]);
    assert!(ran.code == 1 && ran.stderr.contains("1 comment, which would be lost"), "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), commented);
    let ran = billfold(&["check", "--fix", "--reformat", "--rule", "WP080", &path]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), design);
}

#[test]
fn mending_twice_is_mending_once_and_leaves_every_file_readable() {
    let folder = tempfile::tempdir().unwrap();
    for fixtures in ["tests/fixtures/rules", "tests/fixtures/manifests", "tests/fixtures/refused"] {
        for path in tree::files(fixtures, ".yaml") {
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let copy = file(&folder, &path, &text);
            let was_readable = yaml::parse(&text).is_ok();
            let once = billfold(&["check", "--fix", "--reformat", &copy]);
            let after = std::fs::read_to_string(&copy).unwrap();
            let twice = billfold(&["check", "--fix", "--reformat", &copy]);
            assert_eq!(
                std::fs::read_to_string(&copy).unwrap(),
                after,
                "{path}: {}{}",
                once.stderr,
                twice.stderr
            );
            assert_eq!(yaml::parse(&after).is_ok(), was_readable, "{path}: {}", once.stderr);
        }
    }
}
