//! The version of Istio that a design is checked for, chosen with the mouse and with the keyboard.

use super::*;

fn target(harness: &Harness<'static, App>) -> Option<String> {
    harness.state().workspace().editor().design().istio_version().map(str::to_owned)
}

#[test]
fn the_top_bar_shows_the_target_and_changes_it() {
    let mut harness = new_design();
    click(&mut harness, Role::Button, "Target Istio 1.31");
    for _ in 0..5 {
        press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    }
    press(&mut harness, Modifiers::NONE, Key::Enter);
    settle(&mut harness);
    assert_eq!(target(&harness).as_deref(), Some("1.27"));
    click(&mut harness, Role::Button, "Target Istio 1.27");
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert_eq!(target(&harness).as_deref(), Some("1.27"), "Esc changes nothing");
    press(&mut harness, Modifiers::COMMAND, Key::Z);
    settle(&mut harness);
    assert_eq!(target(&harness), None);
    harness.get_by_role_and_label(Role::Button, "Target Istio 1.31");
}
