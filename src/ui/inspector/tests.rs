//! The inspector as a person or a screen reader meets it: by role and label.

use egui::accesskit::Role;
use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::*;
use crate::editor::{Destination, EditCommand, derive};
use crate::model::{ComponentKind, Design, IdSeed, Value, ids::name_uuid};
use crate::registry::Registry;
use crate::workspace::Command;

struct Bench {
    editor: Editor,
    derived: Derived,
    state: InspectorState,
    queue: CommandQueue,
    shows_yaml: bool,
}

impl Bench {
    fn run(&mut self) {
        drop(self.queue.take_events());
        for command in self.queue.take_commands() {
            match command {
                Command::Edit(edit) => self.editor.apply(edit).unwrap(),
                Command::EditCoalesced(edit, key) => self.editor.apply_coalesced(edit, key).unwrap(),
                Command::Select(ids) => self.editor.selection_mut().set(ids),
                other => panic!("the inspector does not ask for {other:?}"),
            }
            self.derived = derive(&self.editor.derive_input());
        }
    }

    fn id(&self, name: &str) -> ComponentId {
        let design = self.editor.design();
        let mut components = design.components();
        components.find(|component| design.name_of(component.id()) == name).unwrap().id()
    }

    fn configured(&self, name: &str, keys: &[&str]) -> Option<Value> {
        self.editor.design().component(self.id(name)).unwrap().configured(keys).cloned()
    }
}

/// A plugin with one filter, a second plugin without, a secret with data. The first plugin is selected.
fn editor() -> Editor {
    let mut editor = Editor::open(Design::default(), Registry::builtin());
    let plugin = IdSeed(name_uuid("edge-auth"));
    let canvas = Destination::Canvas(None);
    let wallet = Destination::Wallet { wallet: plugin.component(0), place: 0 };
    for (name, kind, destination) in [
        ("edge-auth", ComponentKind::WASM_PLUGIN, canvas),
        ("basic-auth", ComponentKind::WASM_FILTER, wallet),
        ("tracing", ComponentKind::WASM_PLUGIN, canvas),
        ("regcred", ComponentKind::SECRET, canvas),
    ] {
        let seed = IdSeed(name_uuid(name));
        let (id, name) = (seed.component(0), name.to_owned());
        editor.apply(EditCommand::AddComponent { kind, destination, seed }).unwrap();
        editor.apply(EditCommand::Rename { id, name }).unwrap();
    }
    let mut set = |name: &str, path: &[&str], value: &str| {
        let id = IdSeed(name_uuid(name)).component(0);
        let path = FieldPath::keys(path);
        editor.apply(EditCommand::SetField { id, path, value: value.into() }).unwrap();
    };
    set("basic-auth", &["configuration", "wasmFilter"], "oci://reg.example.com/basic-auth:1");
    set("edge-auth", &["configuration", "spec", "phase"], "AUTHN");
    set("regcred", &["configuration", "stringData", "token"], "hush-hush");
    editor.selection_mut().set([plugin.component(0)]);
    editor
}

fn harness(shows_yaml: bool, prepare: impl FnOnce(&mut Bench)) -> Harness<'static, Bench> {
    let editor = editor();
    let derived = derive(&editor.derive_input());
    let mut bench = Bench {
        editor,
        derived,
        state: InspectorState::default(),
        queue: CommandQueue::default(),
        shows_yaml,
    };
    prepare(&mut bench);
    bench.derived = derive(&bench.editor.derive_input());
    let window = Harness::builder().with_size(vec2(380.0, 2600.0)).with_max_steps(16);
    let mut harness = crate::ui::bench::harness(window, bench, |ui, bench, theme| {
        let input = Input { editor: &bench.editor, derived: &bench.derived };
        if bench.shows_yaml {
            yaml_tab::show(ui, &mut bench.state.yaml, input, theme, &mut bench.queue);
        } else {
            show_form(ui, &mut bench.state, input, theme, &mut bench.queue);
        }
        if !bench.queue.is_empty() {
            ui.ctx().request_repaint();
        }
        bench.run();
    });
    harness.run();
    harness
}

fn form() -> Harness<'static, Bench> {
    harness(false, |_| {})
}

fn select(name: &'static str) -> impl FnOnce(&mut Bench) {
    move |bench| {
        let id = bench.id(name);
        bench.editor.selection_mut().set([id]);
    }
}

fn type_into(harness: &mut Harness<'_, Bench>, label: &str, text: &str) {
    harness.get_by_label(label).focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run();
    if text.is_empty() {
        harness.key_press(Key::Delete);
    } else {
        harness.get_by_label(label).type_text(text);
    }
    harness.run();
}

const PRIORITY: &[&str] = &["spec", "priority"];

#[test]
fn a_number_is_typed_as_one_step() {
    let mut harness = form();
    let depth = harness.state().editor.history().depth();
    assert!(harness.query_by_label("not set: runs last").is_some());
    type_into(&mut harness, "Priority", "4");
    harness.get_by_label("Priority").type_text("2");
    harness.run();
    assert_eq!(harness.state().configured("edge-auth", PRIORITY), Some(42.into()));
    assert_eq!(harness.state().editor.history().depth(), depth + 1);
    harness.get_by_label("Reset Priority").click();
    harness.run();
    assert_eq!(harness.state().configured("edge-auth", PRIORITY), None);
    assert!(harness.query_by_label("not set: runs last").is_some());
}

#[test]
fn what_is_no_number_stays_in_the_field_and_out_of_the_design() {
    let mut harness = form();
    type_into(&mut harness, "Priority", "12x");
    assert_eq!(harness.state().configured("edge-auth", PRIORITY), None);
    assert_eq!(harness.get_by_label("Priority").value().as_deref(), Some("12x"));
    assert!(harness.query_by_label_contains("must be a whole number").is_some());
    type_into(&mut harness, "Priority", "12");
    assert_eq!(harness.state().configured("edge-auth", PRIORITY), Some(12.into()));
    assert!(harness.query_by_label_contains("must be a whole number").is_none());
}

#[test]
fn a_choice_says_what_it_means() {
    let mut harness = form();
    assert_eq!(harness.get_by_label("Phase").value().as_deref(), Some("AUTHN"));
    harness.get_by_label("Phase").click();
    harness.run();
    harness.get_by_label("AUTHZ").click();
    harness.run();
    assert_eq!(harness.state().configured("edge-auth", &["spec", "phase"]), Some("AUTHZ".into()));
    assert_eq!(harness.get_by_label("Fail strategy").value().as_deref(), Some("FAIL_CLOSE"));
}

#[test]
fn the_name_renames_the_object_too() {
    let mut harness = form();
    type_into(&mut harness, "Name", "front");
    assert_eq!(harness.state().configured("front", &["metadata", "name"]), Some("front".into()));
    type_into(&mut harness, "Name", "");
    assert!(harness.query_by_label("A component needs a name.").is_some());
    assert_eq!(harness.state().configured("front", &["metadata", "name"]), Some("front".into()));
}

#[test]
fn a_url_that_an_error_of_the_filter_holds_back_is_not_said_to_be_unset() {
    let mut harness = harness(false, |bench| {
        let (id, path) = (bench.id("basic-auth"), FieldPath::keys(&["configuration", "config"]));
        bench.editor.apply(EditCommand::SetField { id, path, value: "- no\n- mapping".into() }).unwrap();
    });
    harness.run();
    assert_eq!(harness.get_by_label("URL").value().as_deref(), Some(""));
    let count = |label: &str| harness.query_all_by_label(label).count();
    assert_eq!(count("held back by DS004 in filter basic-auth"), 2, "the URL and the config");
    assert!(count("not set by filter basic-auth") >= 1, "the others are not set");
}

#[test]
fn module_fields_say_where_they_come_from_and_edit_the_filter() {
    let mut harness = form();
    assert_eq!(harness.get_by_label("URL").value().as_deref(), Some("oci://reg.example.com/basic-auth:1"));
    assert!(harness.query_all_by_label("not set by filter basic-auth").count() >= 2);
    type_into(&mut harness, "URL", "oci://reg.example.com/basic-auth:2");
    let url = harness.state().configured("basic-auth", &["wasmFilter"]);
    assert_eq!(url, Some("oci://reg.example.com/basic-auth:2".into()));
    harness.get_all_by_label("from filter basic-auth").next().unwrap().click();
    harness.run();
    let selected = harness.state().editor.selection().primary();
    assert_eq!(selected, Some(harness.state().id("basic-auth")));
}

#[test]
fn blanking_the_url_of_a_filter_asks() {
    let mut harness = form();
    type_into(&mut harness, "URL", "");
    assert!(
        harness.state().configured("edge-auth", &["spec", "url"]).is_some(),
        "nothing happens before the answer"
    );
    harness.get_by_label("Take the filter out").click();
    harness.run();
    let state = harness.state();
    assert!(state.editor.design().chain(state.id("edge-auth")).is_empty());
    assert_eq!(state.configured("edge-auth", &["spec", "url"]), None);
}

#[test]
fn labels_are_added_renamed_and_removed() {
    let mut harness = form();
    harness.get_by_label("Add to Workload selector").click();
    harness.run();
    harness.get_by_label("New key of Workload selector").type_text("app");
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    type_into(&mut harness, "Workload selector app", "web");
    let selector = &["spec", "selector", "matchLabels"];
    let labels = |app: &str| Some(Value::from([(app, "web".into())]));
    assert_eq!(harness.state().configured("edge-auth", selector), labels("app"));
    type_into(&mut harness, "Key of Workload selector app", "tier");
    assert_eq!(harness.state().configured("edge-auth", selector), labels("app"), "not while it is typed");
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(harness.state().configured("edge-auth", selector), labels("tier"));
    harness.get_by_label("Remove Workload selector tier").click();
    harness.run();
    assert!(harness.state().configured("edge-auth", selector).is_none());
}

#[test]
fn list_items_are_added_and_removed() {
    let mut harness = form();
    harness.get_by_label("Targets").click();
    harness.run();
    harness.get_by_label("Add to Targets").click();
    harness.run();
    let count = |harness: &Harness<'_, Bench>| {
        let list = harness.state().configured("edge-auth", &["spec", "targetRefs"]);
        list.and_then(|list| list.as_list().map(<[Value]>::len))
    };
    assert_eq!(count(&harness), Some(1));
    harness.get_by_label("Remove Targets 1").click();
    harness.run();
    assert_eq!(count(&harness), None);
}

#[test]
fn a_secret_is_hidden_until_a_click() {
    let mut harness = harness(false, select("regcred"));
    let shows = |harness: &Harness<'_, Bench>| {
        let is_secret = |value: Option<String>| value.is_some_and(|value| value.contains("hush-hush"));
        let nodes = harness.get_all_by(|_| true);
        let mut nodes = nodes.map(|node| (node.accesskit_node().label(), node.accesskit_node().value()));
        nodes.any(|(label, value)| is_secret(label) || is_secret(value))
    };
    assert!(!shows(&harness));
    harness.get_by_role_and_label(Role::Button, "Text data token").click();
    harness.run();
    assert!(shows(&harness));
}

#[test]
fn a_secret_is_hidden_in_yaml_too() {
    let mut harness = harness(true, select("regcred"));
    assert!(harness.query_by_label("Configuration as YAML").is_none());
    harness.get_by_label("Show it").click();
    harness.run();
    let text = harness.get_by_label("Configuration as YAML").value().unwrap();
    assert!(text.contains("hush-hush"), "{text}");
}

#[test]
fn a_field_is_brought_into_view_with_the_focus() {
    let mut harness = form();
    let id = harness.state().id("edge-auth");
    let path = FieldPath::keys(&["configuration", "metadata", "namespace"]);
    assert!(harness.query_by_label("Namespace").is_none(), "metadata is closed");
    harness.state_mut().state.reveal(id, &path);
    harness.run();
    assert!(harness.get_by_label("Namespace").is_focused());
}

#[test]
fn fields_that_the_schema_does_not_know_are_shown() {
    let harness = harness(false, |bench| {
        let id = bench.id("edge-auth");
        let path = FieldPath::keys(&["configuration", "spec", "colour"]);
        bench.editor.apply(EditCommand::SetField { id, path, value: "green".into() }).unwrap();
    });
    assert!(harness.query_by_label("Other fields").is_some());
    assert!(harness.query_by_label("green").is_some());
    assert!(harness.query_by_label_contains("WP093").is_some(), "its finding stands there");
}

#[test]
fn a_finding_stands_under_its_field() {
    let harness = harness(false, |bench| {
        let id = bench.id("tracing");
        bench.editor.selection_mut().set([id]);
        let path = FieldPath::keys(&["configuration", "spec", "phase"]);
        bench.editor.apply(EditCommand::SetField { id, path, value: "AUTHZZ".into() }).unwrap();
    });
    let phase = harness.get_by_label("Phase").rect();
    let finding =
        harness.get_all_by_label_contains("WP080").find(|node| node.rect().top() > phase.top()).unwrap();
    assert!(finding.rect().top() - phase.bottom() < 12.0, "directly below");
}

#[test]
fn a_filter_can_be_taken_out_and_put_back() {
    let mut harness = harness(false, select("basic-auth"));
    assert!(harness.query_by_label("No. 1 of 1").is_some());
    harness.get_by_label("Take out").click();
    harness.run();
    assert!(harness.query_by_label("In no wallet").is_some());
    harness.get_by_label("Put into…").click();
    harness.run();
    harness.get_by_role_and_label(Role::Button, "tracing").click();
    harness.run();
    let state = harness.state();
    assert_eq!(state.editor.design().chain(state.id("tracing")).len(), 1);
}

#[test]
fn yaml_that_cannot_be_read_is_marked_and_not_taken_over() {
    let mut harness = harness(true, select("tracing"));
    let before = harness.state().editor.design().clone();
    type_into(&mut harness, "Configuration as YAML", "metadata:\n  name: [tracing\n");
    assert!(harness.query_by_label_contains("Not taken over: line ").is_some());
    assert_eq!(*harness.state().editor.design(), before);
    type_into(&mut harness, "Configuration as YAML", "metadata:\n  name: tracing\nspec:\n  priority: 7\n");
    assert!(harness.query_by_label_contains("Not taken over").is_none());
    assert_eq!(harness.state().configured("tracing", PRIORITY), Some(7.into()));
    harness.state_mut().editor.undo().unwrap();
    harness.run();
    let text = harness.get_by_label("Configuration as YAML").value().unwrap();
    assert!(!text.contains("priority"), "{text}");
}

/// While its URL is blank the plugin shows the module of the next filter, which may be the same.
#[test]
fn a_url_that_is_blanked_and_typed_again_is_the_first_filters() {
    let mut harness = harness(true, |bench| {
        let seed = IdSeed(name_uuid("second"));
        let destination = Destination::Wallet { wallet: bench.id("edge-auth"), place: 1 };
        let kind = ComponentKind::WASM_FILTER;
        bench.editor.apply(EditCommand::AddComponent { kind, destination, seed }).unwrap();
        let path = FieldPath::keys(&["configuration", "wasmFilter"]);
        let value = "oci://reg.example.com/basic-auth:1".into();
        bench.editor.apply(EditCommand::SetField { id: seed.component(0), path, value }).unwrap();
        select("edge-auth")(bench);
    });
    let before = harness.state().editor.design().clone();
    let text = harness.get_by_label("Configuration as YAML").value().unwrap();
    for url in ["", "oci://reg.example.com/basic-auth:2", "", "oci://reg.example.com/basic-auth:1"] {
        let text = text.replace("oci://reg.example.com/basic-auth:1", url);
        type_into(&mut harness, "Configuration as YAML", &text);
        if url.is_empty() {
            assert_ne!(*harness.state().editor.design(), before);
        }
    }
    assert_eq!(*harness.state().editor.design(), before);
}

#[test]
fn nothing_and_several_selected() {
    let mut harness = harness(false, |bench| bench.editor.selection_mut().clear());
    type_into(&mut harness, "Name of the design", "Edge");
    assert_eq!(harness.state().editor.design().name(), "Edge");
    let ids = [harness.state().id("edge-auth"), harness.state().id("tracing")];
    harness.state_mut().editor.selection_mut().set(ids);
    harness.run();
    assert!(harness.query_by_label("2 components selected").is_some());
    harness.get_by_label("Delete").click();
    harness.run();
    assert!(!harness.state().editor.design().components().any(|it| it.is(&ComponentKind::WASM_PLUGIN)));
}

/// Below the fold there is no room in view; the field is as high as its text all the same.
#[test]
fn a_code_field_is_as_high_as_its_text_wherever_it_stands() {
    let text = "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3,\n  \"d\": 4,\n  \"e\": 5,\n  \"f\": 6\n}";
    let height = |window: f32| {
        let mut harness = harness(false, |bench| {
            let path = FieldPath::keys(&["configuration", "config"]);
            let set = EditCommand::SetField { id: bench.id("basic-auth"), path, value: text.into() };
            bench.editor.apply(set).unwrap();
            bench.derived = derive(&bench.editor.derive_input());
        });
        harness.set_size(vec2(360.0, window));
        harness.run();
        let top = |role, label| harness.get_by_role_and_label(role, label).rect().top();
        top(Role::ComboBox, "Fail strategy") - top(Role::TextInput, "Root id")
    };
    assert!((height(2000.0) - height(300.0)).abs() < 1.0, "{} and {}", height(2000.0), height(300.0));
}

#[test]
fn a_finding_about_a_selector_stands_at_its_labels() {
    let selector = |bench: &mut Bench| {
        let path = FieldPath::keys(&["configuration", "spec", "selector", "matchLabels", "app"]);
        let set = EditCommand::SetField { id: bench.id("edge-auth"), path, value: "nobody".into() };
        bench.editor.apply(set).unwrap();
        bench.derived = derive(&bench.editor.derive_input());
    };
    let harness = harness(false, selector);
    let top = |label: &str| harness.get_by_label_contains(label).rect().top();
    assert!(top("matches no workload") > top("Remove Workload selector app"), "at the top of the form");
    assert!(top("matches no workload") < top("Targets"));
}
