//! Texts in the YAML tab of a plugin with filters: whatever is typed on the way, one filter is edited, and a text that is
//! back at what it was changes nothing.

use proptest::prelude::*;

use super::*;
use crate::yaml::{self, Format};

const MODULE: [&str; 2] = ["configuration", "wasmFilter"];
const CONFIG: [&str; 2] = ["configuration", "config"];

/// What the filters of a chain have for a config: texts of both notations, a mapping, and none.
const CONFIGS: [Option<&str>; 4] =
    [Some("{\"realm\": \"edge\", \"n\": 1.50}"), Some("claims:\n  - a\n  - b\n"), None, Some("{}")];

/// A plugin with a module of its own and `count` filters.
fn chain(count: usize, first_config: usize) -> (Session, ComponentId, Vec<ComponentId>) {
    let mut session = Session::new();
    let plugin = session.plugin();
    session.set(plugin, &["configuration", "spec", "url"], "oci://reg.example.com/own:1".into());
    session.set(plugin, &["configuration", "spec", "phase"], "AUTHN".into());
    let names = ["basic-auth", "jwt-claims", "rate-limit"];
    let filters = names[..count].iter().enumerate().map(|(n, name)| {
        let filter = session.filter(plugin, name);
        if let Some(config) = CONFIGS[(first_config + n) % CONFIGS.len()] {
            session.set(filter, &CONFIG, config.into());
        }
        filter
    });
    let filters = filters.collect();
    (session, plugin, filters)
}

fn text_of(session: &Session, id: ComponentId) -> String {
    let configuration = session.editor.design().component(id).unwrap().configuration().unwrap().clone();
    yaml::emit(&configuration.into(), Format::Yaml)
}

/// Types `text` as the tab does: what is no mapping is not taken over.
fn enter(session: &mut Session, id: ComponentId, text: &str) {
    let Ok(parsed) = yaml::parse(text) else { return };
    let configuration = parsed.into_first().map_or(Value::Null, |document| document.value);
    if configuration.is_null() || configuration.as_map().is_some() {
        let command = EditCommand::ReplaceConfiguration { id, configuration };
        session.editor.apply_coalesced(command, 7).unwrap();
    }
}

#[test]
fn a_url_typed_anew_is_the_url_of_the_filter_that_had_it() {
    let (mut session, plugin, filters) = chain(2, 0);
    let before = session.editor.design().clone();
    let depth = session.editor.history().depth();
    let text = text_of(&session, plugin);
    let (old, new) = ("oci://reg.example.com/basic-auth:1", "oci://reg.example.com/new:1");
    let shorter = (0..old.len()).rev().map(|end| &old[..end]);
    for url in shorter.chain((1..=new.len()).map(|end| &new[..end])) {
        enter(&mut session, plugin, &text.replace(old, url));
    }
    assert_eq!(session.text(filters[0], &MODULE), Some(new));
    assert_eq!(session.text(filters[0], &CONFIG), CONFIGS[0]);
    assert_eq!(session.editor.design().component(filters[1]), before.component(filters[1]));
    assert_eq!(session.editor.history().depth(), depth + 1, "typing in one go is one step");
    enter(&mut session, plugin, &text);
    assert_eq!(*session.editor.design(), before);
    assert_eq!(session.editor.history().depth(), depth);
}

#[test]
fn a_save_in_the_middle_of_typing_redirects_nothing() {
    let (mut session, plugin, filters) = chain(2, 0);
    let before = session.editor.design().clone();
    let text = text_of(&session, plugin);
    let old = "oci://reg.example.com/basic-auth:1";
    enter(&mut session, plugin, &text.replace(old, ""));
    let saved = session.editor.design().clone();
    session.editor.mark_saved(session.editor.history().state());
    enter(&mut session, plugin, &text.replace(old, "o"));
    enter(&mut session, plugin, &text.replace(old, "oci://reg.example.com/new:1"));
    assert_eq!(session.text(filters[0], &MODULE), Some("oci://reg.example.com/new:1"));
    assert_eq!(session.editor.design().component(filters[1]), before.component(filters[1]));
    let typed = session.editor.design().clone();
    session.editor.undo().unwrap();
    assert_eq!(*session.editor.design(), saved);
    assert!(!session.editor.is_dirty());
    session.editor.redo().unwrap();
    assert_eq!(*session.editor.design(), typed);
    session.editor.undo_all().unwrap();
    assert_ne!(*session.editor.design(), before, "back to the empty design");
}

#[test]
fn what_cannot_be_said_leaves_what_was_said_before() {
    let (mut session, plugin, _) = chain(2, 0);
    let text = text_of(&session, plugin).replace("basic-auth:1", "basic-auth:2");
    enter(&mut session, plugin, &text);
    let typed = session.editor.design().clone();
    let list = EditCommand::ReplaceConfiguration { id: plugin, configuration: Value::List(Vec::new()) };
    assert!(session.editor.apply_coalesced(list, 7).is_err());
    assert_eq!(*session.editor.design(), typed);
    enter(&mut session, plugin, &text.replace("basic-auth:2", "basic-auth:3"));
    session.editor.undo().unwrap();
    assert_ne!(*session.editor.design(), typed, "still one step");
}

#[test]
fn cutting_the_module_out_clears_one_filter() {
    for steps_of_their_own in [false, true] {
        let (mut session, plugin, filters) = chain(3, 0);
        let before = session.editor.design().clone();
        let text = text_of(&session, plugin);
        let value = yaml::parse(&text).unwrap().into_first().unwrap().value;
        let mut cut = value.clone();
        let spec = cut.as_map_mut().unwrap().get_mut("spec").unwrap().as_map_mut().unwrap();
        for key in ["url", "pluginConfig"] {
            assert!(spec.remove(key).is_some());
        }
        let command = EditCommand::ReplaceConfiguration { id: plugin, configuration: cut };
        if steps_of_their_own {
            session.apply(command);
        } else {
            session.editor.apply_coalesced(command, 7).unwrap();
        }
        assert_eq!((session.text(filters[0], &MODULE), session.text(filters[0], &CONFIG)), (None, None));
        for filter in &filters[1..] {
            assert_eq!(session.editor.design().component(*filter), before.component(*filter));
        }
        if steps_of_their_own {
            session.editor.undo().unwrap();
        } else {
            enter(&mut session, plugin, &text);
        }
        assert_eq!(*session.editor.design(), before);
    }
}

#[test]
fn a_spec_that_comes_back_gives_the_filter_its_module_again() {
    for way in 0..3 {
        let (mut session, plugin, filters) = chain(1, 0);
        let mut whole = session.editor.design().component(plugin).unwrap().configuration().unwrap().clone();
        let spec = whole.get("spec").cloned().unwrap();
        let config = |session: &Session| {
            let text = session.text(filters[0], &CONFIG).unwrap_or_default();
            yaml::parse(text).unwrap().into_first().map(|document| document.value)
        };
        let shown = config(&session);
        let path = FieldPath::keys(&["configuration", "spec"]);
        match way {
            // The text, in two steps.
            0 => {
                let configuration = Value::from(whole.clone());
                whole.remove("spec");
                session.apply(EditCommand::ReplaceConfiguration { id: plugin, configuration: whole.into() });
                assert_eq!(session.text(filters[0], &MODULE), None);
                session.apply(EditCommand::ReplaceConfiguration { id: plugin, configuration });
            }
            // The field.
            1 => {
                session.apply(EditCommand::UnsetField { id: plugin, path: path.clone() });
                assert_eq!(session.text(filters[0], &MODULE), None);
                session.apply(EditCommand::SetField { id: plugin, path, value: spec });
            }
            // Its key.
            _ => {
                let rename = |path: &FieldPath, key: &str| EditCommand::RenameKey {
                    id: plugin,
                    path: path.clone(),
                    key: key.to_owned(),
                };
                session.apply(rename(&path, "odd"));
                assert_eq!(session.text(filters[0], &MODULE), None);
                session.apply(rename(&FieldPath::keys(&["configuration", "odd"]), "spec"));
            }
        }
        assert_eq!(session.text(filters[0], &MODULE), Some("oci://reg.example.com/basic-auth:1"), "{way}");
        assert_eq!(config(&session), shown, "{way}");
        let url = ["configuration", "spec", "url"];
        assert_eq!(session.text(plugin, &url), Some("oci://reg.example.com/basic-auth:1"), "{way}");
        assert_eq!(session.text(plugin, &["configuration", "spec", "phase"]), Some("AUTHN"), "{way}");
    }
}

/// How a text is changed: numbers in place of lines and characters.
#[derive(Clone, Debug)]
enum Typing {
    /// Cuts lines.
    Cut { from: usize, count: usize },
    /// Moves a line.
    Move { from: usize, to: usize },
    /// Cuts the rest of a line behind some characters.
    Shorten { line: usize, keep: usize },
    /// Writes something behind a line.
    Append { line: usize, what: usize },
    /// Begins with the first text again.
    Restore,
}

const PIECES: [&str; 9] = [
    "x",
    " null",
    " {",
    " {a: 1}",
    "\n  url: oci://reg.example.com/typed:1",
    "\n  pluginConfig: a",
    "\n  pluginConfig:\n    a: 1",
    "\nspec: {url: oci://reg.example.com/jwt-claims:1}",
    "\n  pluginName: root",
];

fn typing() -> impl Strategy<Value = Typing> {
    let n = || 0..24_usize;
    prop_oneof![
        3 => (n(), 1..6_usize).prop_map(|(from, count)| Typing::Cut { from, count }),
        1 => (n(), n()).prop_map(|(from, to)| Typing::Move { from, to }),
        2 => (n(), n()).prop_map(|(line, keep)| Typing::Shorten { line, keep }),
        2 => (n(), 0..PIECES.len()).prop_map(|(line, what)| Typing::Append { line, what }),
        1 => Just(Typing::Restore),
    ]
}

fn typed(first: &str, text: &str, typing: &Typing) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let count = lines.len();
    match typing {
        Typing::Restore => return first.to_owned(),
        _ if count == 0 => return PIECES[7].to_owned(),
        Typing::Cut { from, count: some } => {
            let from = from % count;
            lines.drain(from..(from + some).min(count));
        }
        Typing::Move { from, to } => {
            let line = lines.remove(from % count);
            lines.insert(to % count, line);
        }
        Typing::Shorten { line, keep } => {
            let line = &mut lines[line % count];
            *line = line.chars().take(*keep).collect();
        }
        Typing::Append { line, what } => lines[line % count].push_str(PIECES[*what]),
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_text_that_is_back_changes_nothing_and_no_text_changes_another_filter(
        count in 1..4_usize,
        first_config in 0..CONFIGS.len(),
        typings in proptest::collection::vec(typing(), 1..12),
        save in proptest::option::of(0..12_usize),
    ) {
        let (mut session, plugin, filters) = chain(count, first_config);
        let before = session.editor.design().clone();
        let depth = session.editor.history().depth();
        let first = text_of(&session, plugin);
        let mut text = first.clone();
        for (n, typing) in typings.iter().enumerate() {
            text = typed(&first, &text, typing);
            enter(&mut session, plugin, &text);
            for filter in &filters[1..] {
                prop_assert_eq!(session.editor.design().component(*filter), before.component(*filter), "{}", text);
            }
            if save == Some(n) {
                session.editor.mark_saved(session.editor.history().state());
            }
        }
        enter(&mut session, plugin, &first);
        prop_assert_eq!(session.editor.design(), &before);
        while session.editor.history().depth() > depth {
            session.editor.undo().unwrap();
        }
        prop_assert_eq!(session.editor.design(), &before);
    }

    #[test]
    fn one_text_changes_the_owner_alone(
        count in 1..4_usize,
        first_config in 0..CONFIGS.len(),
        typings in proptest::collection::vec(typing(), 1..8),
    ) {
        let (mut session, plugin, filters) = chain(count, first_config);
        let before = session.editor.design().clone();
        let first = text_of(&session, plugin);
        let text = typings.iter().fold(first.clone(), |text, typing| typed(&first, &text, typing));
        enter(&mut session, plugin, &text);
        for filter in &filters[1..] {
            prop_assert_eq!(session.editor.design().component(*filter), before.component(*filter), "{}", text);
        }
    }
}
