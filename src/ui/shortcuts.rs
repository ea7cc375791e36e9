//! From keys to actions. Chords are taken before the frame, single keys after it: what a view has consumed is gone by then.

use egui::text_selection::LabelSelectionState;
use egui::{Event, Id, Key, Modifiers};

use super::action::{self, ACTIONS, ActionId, Cx, Keys, Scope};
use super::canvas::CanvasState;
use super::command_palette::CommandPalette;
use super::evaluation::EvaluationState;
use super::outline::OutlineState;
use super::preview::PreviewState;
use super::queue::{CommandQueue, UiEvent};
use crate::model::Position;
use crate::workspace::Command;

/// Takes chords and clipboard events, unless a dialog is open.
pub fn before_frame(ctx: &egui::Context, cx: Cx<'_>, pointer: Option<Position>, queue: &mut CommandQueue) {
    let in_text = ctx.text_edit_focused();
    let reads = ctx.memory(|memory| memory.has_focus(PreviewState::id()));
    if !in_text {
        let copies = reads || ctx.memory(|memory| memory.has_focus(EvaluationState::list_id()));
        take_clipboard(ctx, cx, pointer, copies, queue);
    }
    for action in ACTIONS {
        for keys in action.keys {
            let acts = match keys.scope {
                Scope::Everywhere => true,
                Scope::NotInText => !(in_text || reads && action.id == ActionId::SelectAll),
                Scope::Canvas | Scope::Clipboard => false,
            };
            let Some(place) = acts.then(|| take(ctx, *keys)).flatten() else { continue };
            queue.event(UiEvent::Run(action.id));
            if action.id == ActionId::CommandSearch {
                keep_typed(ctx, place);
            }
        }
    }
}

/// Keeps for the command search what was typed behind its chord before the next frame: letters are no keys of the canvas
/// then.
fn keep_typed(ctx: &egui::Context, place: usize) {
    let mut typed = String::new();
    ctx.input_mut(|input| {
        let behind = input.events.split_off(place.min(input.events.len()));
        for event in behind {
            match event {
                Event::Text(text) => typed.push_str(&text),
                Event::Key { .. } => {}
                other => input.events.push(other),
            }
        }
    });
    CommandPalette::start_with(ctx, typed);
}

/// Takes single keys while the canvas, the Outline or nothing has the focus. Not to be called in a frame that began with
/// an open menu: its keys are the menu's.
pub fn after_frame(ctx: &egui::Context, queue: &mut CommandQueue) {
    if ctx.text_edit_focused() {
        return;
    }
    let focused = ctx.memory(egui::Memory::focused);
    if focused.is_some_and(|id| !takes_letters(id)) {
        return;
    }
    for action in ACTIONS {
        for keys in action.keys {
            if keys.scope == Scope::Canvas && take(ctx, *keys).is_some() {
                queue.event(UiEvent::Run(action.id));
            }
        }
    }
}

/// The nudge that the arrow keys ask for while the canvas has the focus, in the design's units.
pub fn take_nudge(ctx: &egui::Context) -> Option<(f32, f32)> {
    if !ctx.memory(|memory| memory.has_focus(CanvasState::id())) {
        return None;
    }
    let mut sum = (0.0, 0.0);
    ctx.input_mut(|input| {
        for (key, x, y) in [
            (Key::ArrowLeft, -1.0, 0.0),
            (Key::ArrowRight, 1.0, 0.0),
            (Key::ArrowUp, 0.0, -1.0),
            (Key::ArrowDown, 0.0, 1.0),
        ] {
            // Shift first: a key without modifiers matches with Shift too.
            let far = input.count_and_consume_key(Modifiers::SHIFT, key) as f32 * 10.0;
            let near = input.count_and_consume_key(Modifiers::NONE, key) as f32;
            sum.0 += x * (far + near);
            sum.1 += y * (far + near);
        }
    });
    (sum != (0.0, 0.0)).then_some(sum)
}

fn takes_letters(focused: Id) -> bool {
    focused == CanvasState::id() || focused == OutlineState::id()
}

/// Takes the events of a chord; returns where the first stood, if it was pressed. Held keys repeat only where repeating
/// makes sense.
fn take(ctx: &egui::Context, keys: Keys) -> Option<usize> {
    let is_it = |event: &Event| matches!(event, Event::Key { key, pressed: true, modifiers, .. } if *key == keys.key && fits(*modifiers, keys));
    ctx.input_mut(|input| {
        let place = input.events.iter().position(is_it);
        input.events.retain(|event| !is_it(event));
        place
    })
}

/// The plus key needs Shift on many keyboards.
fn fits(pressed: Modifiers, keys: Keys) -> bool {
    if keys.key == Key::Plus {
        return pressed.matches_logically(keys.modifiers) && !pressed.alt;
    }
    pressed.matches_exact(keys.modifiers)
}

/// Takes what the system says of its clipboard. What is copied is the text instead where one is read or selected, and what a list has.
fn take_clipboard(
    ctx: &egui::Context,
    cx: Cx<'_>,
    position: Option<Position>,
    copies: bool,
    queue: &mut CommandQueue,
) {
    let selected = || ctx.plugin::<LabelSelectionState>().lock().has_selection();
    let keeps_text = copies || selected();
    let run = |id: ActionId, queue: &mut CommandQueue| action::run(id, cx, queue);
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            match event {
                Event::Copy | Event::Cut if keeps_text => return true,
                Event::Copy => run(ActionId::Copy, queue),
                Event::Cut => run(ActionId::Cut, queue),
                Event::Paste(text) => queue.push(Command::Paste { text: text.clone(), position }),
                _ => return true,
            }
            false
        });
    });
}
