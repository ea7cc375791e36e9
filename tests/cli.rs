//! The command line, run as a program: stdout, stderr and exit codes.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::tree;

/// A run of the program.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn billfold(arguments: &[&str]) -> Ran {
    billfold_with_input(arguments, "")
}

pub(crate) fn billfold_with_input(arguments: &[&str], input: &str) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_billfold"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        // The settings of whoever runs the tests have no part in them.
        .env("BILLFOLD_CONFIG_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-settings"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read its input may be gone already.
    let _ignored = child.stdin.take().unwrap().write_all(input.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    Ran {
        code: status.code().unwrap(),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

fn samples() -> Vec<String> {
    let mut samples: Vec<String> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("designs"))
        .unwrap()
        .map(|entry| format!("designs/{}", entry.unwrap().file_name().to_string_lossy()))
        .collect();
    samples.sort();
    samples
}

pub(crate) fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> String {
    let path: PathBuf = folder.path().join(name);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).unwrap();
    }
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

pub(crate) const PLUGIN: &str = "apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata:\n  name: auth\n  namespace: shop\n\
spec:\n  url: oci://reg.example.com/auth:1.2\n  phase: AUTHN\n  selector:\n    matchLabels:\n      app: shop\n";
pub(crate) const WORKLOAD: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\n  namespace: shop\nspec:\n  selector:\n    \
matchLabels: {app: shop}\n  template:\n    metadata:\n      labels: {app: shop}\n    spec:\n      containers:\n      - name: shop\n        \
image: reg.example.com/shop:1\n";

#[test]
fn check_points_at_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "auth.yaml", PLUGIN);
    let ran = billfold(&["check", &path]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains(&format!("{path}:7:8: warning WP012: ")), "{}", ran.stdout);
    // No workload is in sight: that is an info.
    assert!(ran.stdout.contains(&format!("{path}:10:5: info WP061: ")), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("0 errors, 1 warning, 4 infos\n"), "{}", ran.stdout);
    assert_eq!(billfold(&["check", "--deny", "warning", &path]).code, 1);
}

#[test]
fn check_prints_the_json_that_is_promised() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "auth.yaml", PLUGIN);
    let ran = billfold(&["check", "--format", "json", &path]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let all = json["diagnostics"].as_array().unwrap();
    let first = all.iter().find(|it| it["code"] == "WP012").unwrap();
    assert_eq!(first["severity"], "warning");
    assert_eq!((&first["line"], &first["column"]), (&7.into(), &8.into()));
    assert_eq!(first["object"], "WasmPlugin/shop/auth");
    assert_eq!(first["path"], "/spec/url");
    assert_eq!(first["file"], path.as_str());
    assert!(first["fix"].is_null());
    assert_eq!(json["summary"], serde_json::json!({"errors": 0, "warnings": 1, "infos": 4}));
}

#[test]
fn the_version_and_the_root_namespace_come_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "auth.yaml", &format!("{PLUGIN}  failStrategy: FAIL_RELOAD\n"));
    for (target, is_there) in [("1.26", false), ("v1.27.3", true)] {
        let ran = billfold(&["check", "--target", target, &path]);
        assert_eq!(ran.stdout.contains("WP085"), !is_there, "{target}: {}", ran.stdout);
    }
    let ran = billfold(&["check", "--target", "2.7", &path]);
    assert!(ran.stdout.contains(&format!("{path}:1:1: info VE001: Istio 2.7 is newer")), "{}", ran.stdout);
    let ran = billfold(&["export", "--target", "2.7", &path]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for wrong in [["--target", "latest"], ["--root-namespace", "Istio.System"]] {
        for command in ["check", "export"] {
            let ran = billfold(&[command, wrong[0], wrong[1], &path]);
            assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{wrong:?}: {}", ran.stderr);
        }
    }
}

#[test]
fn modules_that_are_at_hand_are_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let module = folder.path().join("filter.wasm");
    std::fs::write(&module, b"\0asm\x01\0\0\0").unwrap();
    let module = module.display().to_string();
    let plugin = |url: &str| {
        format!(
            "apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\n\
             metadata: {{name: auth, namespace: shop}}\nspec: {{url: \"{url}\"}}\n"
        )
    };
    let image = file(&folder, "image.yaml", &plugin("oci://reg.example.com/auth:1"));
    assert!(!billfold(&["check", &image]).stdout.contains("MOD005"));
    let ran = billfold(&["check", &image, "--module", &format!("auth={module}")]);
    assert!(ran.stdout.contains("MOD005"), "{}", ran.stdout);
    let local = file(&folder, "local.yaml", &plugin(&format!("file://{module}")));
    assert!(billfold(&["check", &local]).stdout.contains("MOD005"));
    let other = billfold(&["check", &image, "--module", &format!("other={module}")]);
    assert!(other.code == 2 && other.stderr.contains("is called other"), "{}", other.stderr);
    let named = billfold(&["check", &image, "--module", &format!("auth={module}")]);
    assert!(named.code != 2 && !named.stderr.contains("is called"), "{}", named.stderr);
    for wrong in ["auth", "=x", "auth=missing.wasm"] {
        assert_eq!(billfold(&["check", &image, "--module", wrong]).code, 2, "{wrong}");
    }
}

#[test]
fn manifests_of_a_directory_are_one_set() {
    let folder = tempfile::tempdir().unwrap();
    file(&folder, "plugins/auth.yaml", PLUGIN);
    file(&folder, "workload.yml", WORKLOAD);
    file(&folder, "values.yaml", "replicas: 3\n");
    file(&folder, ".hidden/broken.yaml", "a: [\n");
    file(&folder, "notes.txt", "no yaml");
    let ran = billfold(&["check", &folder.path().display().to_string()]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(!ran.stdout.contains("WP061"), "the workload stands in another file: {}", ran.stdout);
    assert!(ran.stderr.contains("skipped 1 file"), "{}", ran.stderr);
    let twice = billfold(&[
        "check",
        &folder.path().display().to_string(),
        &folder.path().join("plugins/auth.yaml").display().to_string(),
    ]);
    assert_eq!(twice.stdout, ran.stdout, "a file is read once, however often it is named");
}

#[test]
fn unreadable_input_is_2_and_the_rest_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    let good = file(&folder, "auth.yaml", PLUGIN);
    let bad = file(&folder, "bad.yaml", "a: 1\nb: [1, 2\n");
    let ran = billfold(&["check", &bad, &good, "no-such-file.yaml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.contains("WP012"), "{}", ran.stdout);
    assert!(ran.stdout.contains("FM001"), "{}", ran.stdout);
    assert!(ran.stderr.contains("no-such-file.yaml"), "{}", ran.stderr);
}

#[test]
fn a_template_is_an_info() {
    let folder = tempfile::tempdir().unwrap();
    let path =
        file(&folder, "t.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Values.name }}\n");
    let ran = billfold(&["check", &path]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("info FM002"), "{}", ran.stdout);
}

#[test]
fn what_is_no_argument_is_2() {
    for arguments in [
        &["check"][..],
        &["check", "--format", "html", "x"],
        &["check", "--rule", "WPX", "x"],
        &["chain", "x"],
        &["export"],
        &["--no"],
    ] {
        let ran = billfold(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.stderr);
        assert!(ran.stdout.is_empty(), "{arguments:?}: {}", ran.stdout);
    }
}

#[test]
fn what_is_no_command_is_said_with_the_nearest() {
    for arguments in [&["chek"][..], &["chek", "x"], &["chek", "--format", "json", "x"]] {
        let ran = billfold(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.starts_with("error: there is no command `chek`"), "{}", ran.stderr);
        assert!(ran.stderr.contains("Did you mean `check`?"), "{}", ran.stderr);
    }
    let help = billfold(&["--help"]).stdout;
    for only_with_the_window in ["[FILE]", "--timing"] {
        assert_eq!(help.contains(only_with_the_window), cfg!(feature = "gui"), "{help}");
    }
}

/// A design without the urls that the policy wrote into plugins, so that it has something to do.
fn without_urls(design: &str) -> String {
    let lines: Vec<&str> = design.lines().filter(|line| !line.starts_with("      url:")).collect();
    format!("{}\n", lines.join("\n"))
}

#[test]
fn samples_are_evaluated_already() {
    for sample in samples() {
        let ran = billfold(&["evaluate", &sample]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stderr.contains("nothing changed"), "{sample}: {}", ran.stderr);
        assert_eq!(ran.stdout, std::fs::read_to_string(&sample).unwrap(), "{sample}");
    }
}

#[test]
fn evaluating_its_own_output_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for sample in samples() {
        let text = without_urls(&std::fs::read_to_string(&sample).unwrap());
        let stripped = file(&folder, "stripped.yaml", &text);
        let once = billfold(&["evaluate", &stripped]);
        assert_eq!(once.code, 0, "{}", once.stderr);
        let twice = billfold_with_input(&["evaluate", "-"], &once.stdout);
        assert_eq!(twice.stdout, once.stdout, "{sample}");
        assert!(twice.stderr.contains("nothing changed"), "{sample}: {}", twice.stderr);
    }
}

#[test]
fn evaluate_keeps_comments_unless_it_is_told_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let text = without_urls(&std::fs::read_to_string("designs/hierarchical-parent-wallet.yaml").unwrap());
    let path = file(&folder, "design.yaml", &format!("# kept\n{text}"));
    let before = std::fs::read_to_string(&path).unwrap();
    let ran = billfold(&["evaluate", &path, "-o", &path]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("1 comment") && ran.stderr.contains("--reformat"), "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before, "not a byte is written");
    assert_eq!(billfold(&["evaluate", &path, "-o", &path, "--reformat"]).code, 0);
    assert_ne!(std::fs::read_to_string(&path).unwrap(), before);
}

#[test]
fn definitions_of_others_are_evaluated_too() {
    let folder = tempfile::tempdir().unwrap();
    let definition = "{kind: edge, type: binding, subType: labels, model: {name: kubernetes}, selectors: [{allow: {\
        from: [{kind: Service, patch: {patchStrategy: replace, mutatorRef: [[displayName]]}}], \
        to: [{kind: ConfigMap, patch: {patchStrategy: replace, mutatedRef: [[configuration, data, service]]}}]}}]}";
    let definitions = file(&folder, "definitions/labels.yaml", definition);
    file(&folder, "definitions/component.yaml", "kind: Service\n");
    let design = file(
        &folder,
        "design.yaml",
        "name: d\nschemaVersion: designs.meshery.io/v1beta1\ncomponents:\n\
         - {id: s, displayName: shop, component: {kind: Service, version: v1}, configuration: {}}\n\
         - {id: c, displayName: map, component: {kind: ConfigMap, version: v1}, configuration: {data: {}}}\n\
         relationships:\n- {id: r, kind: edge, type: binding, subType: labels, \
         selectors: [{allow: {from: [{id: s}], to: [{id: c}]}}]}\n",
    );
    assert!(!billfold(&["evaluate", &design]).stdout.contains("service: shop"));
    let directory = format!("{}/definitions", folder.path().display());
    for path in [&definitions, &directory] {
        let ran = billfold(&["evaluate", &design, "--definitions", path]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stdout.contains("service: shop"), "{}{}", ran.stdout, ran.stderr);
        assert_eq!(
            ran.stderr.contains("1 loaded; 1 other file skipped"),
            path == &directory,
            "{}",
            ran.stderr
        );
    }
    let broken = file(&folder, "broken.yaml", "{kind: edge}");
    let ran = billfold(&["evaluate", &design, "--definitions", &broken]);
    assert!(ran.code == 2 && ran.stderr.contains("broken.yaml"), "{}", ran.stderr);
}

#[test]
fn a_dash_is_standard_output_and_the_input_is_never_replaced_by_something_else() {
    let folder = tempfile::tempdir().unwrap();
    let design = file(&folder, "design.yaml", &std::fs::read_to_string(&samples()[0]).unwrap());
    let manifests = file(&folder, "auth.yaml", PLUGIN);
    for arguments in
        [["export", &design, "-o", "-"], ["evaluate", &design, "-o", "-"], ["import", &manifests, "-o", "-"]]
    {
        let ran = billfold(&arguments);
        assert!(ran.code == 0 && !ran.stdout.is_empty(), "{arguments:?}: {}", ran.stderr);
    }
    assert!(!Path::new(env!("CARGO_MANIFEST_DIR")).join("-").exists());
    for arguments in [["export", &design, "-o", &design], ["import", &manifests, "-o", &manifests]] {
        let before = std::fs::read_to_string(arguments[1]).unwrap();
        let ran = billfold(&arguments);
        assert!(ran.code == 2 && ran.stderr.contains("would replace"), "{arguments:?}: {}", ran.stderr);
        assert_eq!(std::fs::read_to_string(arguments[1]).unwrap(), before);
    }
    let out = folder.path().join("out.yaml").display().to_string();
    let ran = billfold(&["export", &design, "-o", &out, "--prune"]);
    assert!(ran.code == 2 && ran.stderr.contains("--prune needs a folder"), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn a_directory_with_a_pipe_or_socket_is_walked() {
    let folder = tempfile::tempdir().unwrap();
    file(&folder, "auth.yaml", PLUGIN);
    let _listener = std::os::unix::net::UnixListener::bind(folder.path().join("socket.yaml")).unwrap();
    let ran = billfold(&["check", &folder.path().display().to_string()]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn what_an_export_cannot_read_is_said() {
    let ran = billfold_with_input(&["export", "-"], &format!("{PLUGIN}---\njust text\n"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("not exported: -:13:1: warning FM003: this is text, no object"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_trace_replaces_no_design() {
    let folder = tempfile::tempdir().unwrap();
    let design = folder.path().join("design.yaml").display().to_string();
    let output = folder.path().join("new.yaml").display().to_string();
    std::fs::copy("designs/edge-security.yaml", &design).unwrap();
    let dotted = folder.path().join(".").join("design.yaml").display().to_string();
    for arguments in [&["--trace", &design][..], &["--trace", &dotted], &["--trace", &output, "-o", &output]]
    {
        let ran = billfold(&[&["evaluate", &design][..], arguments].concat());
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(ran.stderr.contains("which the trace would replace"), "{}", ran.stderr);
    }
    let same = std::fs::read("designs/edge-security.yaml").unwrap() == std::fs::read(&design).unwrap();
    assert!(same && !std::path::Path::new(&output).exists());
}

#[test]
fn a_folder_without_definitions_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display().to_string();
    let ran = billfold(&["evaluate", "designs/edge-security.yaml", "--definitions", &path, "-o", "-"]);
    assert_eq!(ran.code, 0);
    assert!(ran.stderr.contains("definitions: 0 loaded"), "{}", ran.stderr);
}

#[test]
fn the_trace_is_json() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace.json").display().to_string();
    let ran = billfold(&["evaluate", "designs/edge-security.yaml", "--trace", &trace]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let json: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&trace).unwrap()).unwrap();
    for key in [
        "passes",
        "relationshipsAdded",
        "relationshipsRemoved",
        "relationshipsUpdated",
        "componentsUpdated",
        "conflicts",
        "diagnostics",
    ] {
        assert!(json.get(key).is_some(), "{key}");
    }
}

#[test]
fn every_sample_is_exported_whole() {
    for sample in samples() {
        let ran = billfold(&["export", &sample, "--as", "wasmplugin"]);
        assert_eq!(ran.code, 0, "{sample}: {}", ran.stderr);
        assert!(!ran.stdout.contains("WASMFilter"), "{sample}");
        assert_eq!(ran.stdout, billfold(&["export", &sample]).stdout, "same design, same bytes");
    }
}

#[test]
fn a_blocked_object_stops_the_export_unless_it_may_be_partial() {
    let folder = tempfile::tempdir().unwrap();
    let bad = PLUGIN.replace("name: auth", "name: broken").replace("AUTHN", "AUTHZZ");
    let design = file(&folder, "both.yaml", &format!("{PLUGIN}---\n{bad}"));
    let ran = billfold(&["export", &design]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("blocked: WasmPlugin/shop/broken: WP080 "), "{}", ran.stderr);
    assert!(ran.stderr.contains("both.yaml:"), "{}", ran.stderr);
    let partial = billfold(&["export", &design, "--partial"]);
    assert_eq!(partial.code, 1);
    assert!(
        partial.stdout.contains("name: auth") && !partial.stdout.contains("broken"),
        "{}",
        partial.stdout
    );
}

#[test]
fn nothing_to_export_is_1() {
    let folder = tempfile::tempdir().unwrap();
    let design = file(
        &folder,
        "empty.yaml",
        "name: empty\nschemaVersion: designs.meshery.io/v1beta1\ncomponents: []\nrelationships: []\n",
    );
    let ran = billfold(&["export", &design]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("nothing to export: "), "{}", ran.stderr);
}

#[test]
fn an_export_names_what_it_leaves_behind() {
    let folder = tempfile::tempdir().unwrap();
    let target = file(&folder, "out.yaml", &PLUGIN.replace("name: auth", "name: old"));
    let design = file(&folder, "design.yaml", PLUGIN);
    let ran = billfold(&["export", &design, "-o", &target]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("no longer exported: delete WasmPlugin shop/old in the cluster, or both run"),
        "{}",
        ran.stderr
    );
    assert!(std::fs::read_to_string(&target).unwrap().contains("name: auth"));
}

#[test]
fn a_folder_gets_a_file_an_object_and_prune_removes_only_ours() {
    let folder = tempfile::tempdir().unwrap();
    let out = format!("{}/out/", folder.path().display());
    let both = file(&folder, "both.yaml", &format!("{PLUGIN}---\n{WORKLOAD}"));
    assert_eq!(billfold(&["export", &both, "-o", &out]).code, 0);
    let foreign = file(&folder, "out/foreign.yaml", &PLUGIN.replace("name: auth", "name: foreign"));
    let one = file(&folder, "one.yaml", PLUGIN);
    let files = || std::fs::read_dir(&out).unwrap().count();
    let before = files();
    let ran = billfold(&["export", &one, "-o", &out]);
    assert_eq!((ran.code, files()), (0, before), "{}", ran.stderr);
    assert!(ran.stderr.contains("no longer exported"), "{}", ran.stderr);
    let ran = billfold(&["export", &one, "-o", &out, "--prune"]);
    assert_eq!((ran.code, files()), (0, before - 1), "{}", ran.stderr);
    assert!(Path::new(&foreign).exists(), "it is none of ours");
    assert!(ran.stderr.contains(&format!("not removed: {foreign}: no export")), "{}", ran.stderr);
}

#[test]
fn prune_leaves_what_was_edited() {
    let folder = tempfile::tempdir().unwrap();
    let out = format!("{}/out/", folder.path().display());
    let both = file(&folder, "both.yaml", &format!("{PLUGIN}---\n{WORKLOAD}"));
    assert_eq!(billfold(&["export", &both, "-o", &out]).code, 0);
    let deployment = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
    let deployment =
        deployment.into_iter().find(|path| path.to_string_lossy().contains("deployment")).unwrap();
    let written = std::fs::read_to_string(&deployment).unwrap();
    std::fs::write(&deployment, format!("# mine\n{written}")).unwrap();
    let one = file(&folder, "one.yaml", PLUGIN);
    for _ in 0..2 {
        let ran = billfold(&["export", &one, "-o", &out, "--prune"]);
        assert!(deployment.exists(), "{}", ran.stderr);
        let said = format!("not removed: {}: it was edited", deployment.display());
        assert!(ran.stderr.contains(&said), "{}", ran.stderr);
    }
    std::fs::write(&deployment, written).unwrap();
    let ran = billfold(&["export", &one, "-o", &out, "--prune"]);
    assert!(!deployment.exists() && ran.stderr.contains("removed "), "{}", ran.stderr);
}

#[test]
fn no_object_stays_in_a_second_file() {
    let folder = tempfile::tempdir().unwrap();
    let out = format!("{}/out/", folder.path().display());
    let design = file(&folder, "design.yaml", PLUGIN);
    assert_eq!(billfold(&["export", &design, "-o", &out]).code, 0);
    let written = format!("{out}wasmplugin_shop_auth.yaml");
    let old = format!("{out}wasmplugin-shop-auth.yaml");
    std::fs::rename(&written, &old).unwrap();
    let list = format!("{out}.billfold-export");
    let listed = std::fs::read_to_string(&list).unwrap();
    std::fs::write(&list, listed.replace("wasmplugin_shop_auth", "wasmplugin-shop-auth")).unwrap();
    let ran = billfold(&["export", &design, "-o", &out]);
    let said = format!("in a second file: WasmPlugin shop/auth also stands in {old}");
    assert!(ran.stderr.contains(&said), "{}", ran.stderr);
    let ran = billfold(&["export", &design, "-o", &out, "--prune"]);
    assert!(ran.stderr.contains(&format!("removed {old}")), "{}", ran.stderr);
    assert!(!ran.stderr.contains("second file"), "{}", ran.stderr);
    assert!(Path::new(&written).exists() && !Path::new(&old).exists());
}

#[test]
fn an_export_that_breaks_off_knows_its_files_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let out = format!("{}/out/", folder.path().display());
    let two = format!("{PLUGIN}---\n{}", PLUGIN.replace("name: auth", "name: last"));
    let design = file(&folder, "design.yaml", &two);
    let in_the_way = format!("{out}wasmplugin_shop_last.yaml");
    std::fs::create_dir_all(format!("{in_the_way}/x")).unwrap();
    assert_eq!(billfold(&["export", &design, "-o", &out]).code, 2);
    std::fs::remove_dir_all(&in_the_way).unwrap();
    let first = format!("{out}wasmplugin_shop_auth.yaml");
    assert!(Path::new(&first).exists());
    let design = file(&folder, "design.yaml", &PLUGIN.replace("name: auth", "name: last"));
    let ran = billfold(&["export", &design, "-o", &out, "--prune"]);
    assert!(ran.stderr.contains(&format!("removed {first}")), "{}", ran.stderr);
}

#[test]
fn only_what_is_written_is_said_to_be_written_as_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let unknown = PLUGIN.replace("spec:\n", "spec:\n  colour: red\n");
    let ran = billfold(&["export", &file(&folder, "a.yaml", &unknown)]);
    assert!(ran.stderr.contains("written as it stands: "), "{}", ran.stderr);
    let blocked = unknown.replace("spec:\n", "spec:\n  priority: ten\n");
    let ran = billfold(&["export", &file(&folder, "b.yaml", &blocked), "--partial"]);
    assert!(ran.code == 1 && !ran.stderr.contains("written as it stands: "), "{}", ran.stderr);
}

#[test]
fn what_an_api_server_refuses_is_not_exported() {
    for path in tree::files("tests/fixtures/refused", ".yaml") {
        let code = Path::new(&path).file_name().unwrap().to_str().unwrap().split_once('-').unwrap().0;
        let ran = billfold(&["export", &path]);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{path}: {}", ran.stderr);
        let blocked: Vec<&str> = ran.stderr.lines().filter(|line| line.starts_with("blocked: ")).collect();
        assert!(blocked.len() == 1 && blocked[0].contains(&format!(": {code} ")), "{path}: {}", ran.stderr);
        assert!(!blocked[0].contains("and 1 more"), "{path}: {}", ran.stderr);
    }
}

#[test]
fn import_reports_every_object_and_comes_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let manifests = file(&folder, "all.yaml", &format!("{PLUGIN}---\n{WORKLOAD}---\njust text\n"));
    let design = folder.path().join("design.yaml").display().to_string();
    let ran = billfold(&["import", &manifests, "-o", &design]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("WasmPlugin/shop/auth: converted: its module became the filter"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("not understood"), "{}", ran.stderr);
    let exported = billfold(&["export", &design]);
    assert_eq!(exported.code, 0, "{}", exported.stderr);
    let again = billfold_with_input(&["export", "-"], &format!("{PLUGIN}---\n{WORKLOAD}"));
    assert_eq!(exported.stdout, again.stdout);
    assert!(billfold(&["evaluate", &design]).stderr.contains("nothing changed"));
}

#[test]
fn import_says_what_kubectl_reads_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\ndata: {y: yes, n: 'no'}\n";
    let ran = billfold(&["import", &file(&folder, "a.yaml", text), "-o", "-"]);
    let said = "kept as text what kubectl reads otherwise: the key `y` at data.y (a boolean), `yes` at data.y (a boolean)";
    assert!(ran.code == 0 && ran.stderr.contains(said), "{}", ran.stderr);
    // What JSON has no word for stays what it is, and blocks.
    let infinite = format!("{PLUGIN}  pluginConfig: {{ratio: .inf}}\n");
    let design = folder.path().join("design.yaml").display().to_string();
    assert_eq!(billfold(&["import", &file(&folder, "b.yaml", &infinite), "-o", &design]).code, 0);
    let ran = billfold(&["export", &design]);
    assert!(ran.code == 1 && ran.stderr.contains(": SC001 infinity"), "{}", ran.stderr);
}

#[test]
fn import_replaces_a_design_only_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let manifests = file(&folder, "a.yaml", PLUGIN);
    let design = file(&folder, "design.yaml", "mine\n");
    let ran = billfold(&["import", &manifests, "-o", &design]);
    assert!(ran.code == 2 && ran.stderr.contains("--force replaces it"), "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(&design).unwrap(), "mine\n");
    assert_eq!(billfold(&["import", &manifests, "-o", &design, "--force"]).code, 0);
    assert!(std::fs::read_to_string(&design).unwrap().contains("WasmPlugin"));
}

#[test]
fn a_missing_file_is_said_to_be_missing() {
    for command in ["check", "export"] {
        let ran = billfold(&[command, "not-there.yaml"]);
        assert!(ran.code == 2 && ran.stderr.contains("it is not there"), "{command}: {}", ran.stderr);
        assert_eq!(ran.stdout.contains("it is not there"), command == "check", "{}", ran.stdout);
    }
}

#[test]
fn nothing_to_import_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let design = folder.path().join("design.yaml").display().to_string();
    let ran = billfold(&["import", &file(&folder, "values.yaml", "replicas: 1\n"), "-o", &design]);
    assert_ne!(ran.code, 0);
    assert!(!Path::new(&design).exists());
}

#[test]
fn help_completions_and_the_manual_come_from_the_arguments() {
    let help = billfold(&["--help"]);
    assert_eq!(help.code, 0);
    for command in ["check", "chain", "evaluate", "export", "import"] {
        assert!(help.stdout.contains(command), "{command}");
        let own = billfold(&[command, "--help"]);
        assert!(own.stdout.contains("Examples:"), "{command}");
    }
    assert!(!help.stdout.contains("migrate"), "what does not exist is not offered");
    assert!(billfold(&["completions", "bash"]).stdout.contains("_billfold"));
    assert!(billfold(&["man"]).stdout.contains(".TH billfold"));
}
