//! Input as it happened: a button and where the pointer went afterwards are two frames.
//!
//! egui looks once a frame at what lies under the pointer, where it is at the end. If a slow frame takes a press and the
//! movement after it together, the press would be that of whatever the pointer has reached by then: a quick drag out of the
//! palette would begin on the canvas.

use egui::{Event, RawInput};

/// Events that wait for the next frame.
#[derive(Debug, Default)]
pub struct Held {
    events: Vec<Event>,
}

impl Held {
    /// Leaves in `input` what belongs to one frame and keeps the rest; returns whether there is a rest.
    pub fn take_turns(&mut self, input: &mut RawInput) -> bool {
        let mut events = std::mem::take(&mut self.events);
        events.append(&mut input.events);
        let is_button = |event: &Event| matches!(event, Event::PointerButton { .. });
        let is_move = |event: &Event| matches!(event, Event::PointerMoved(_));
        if let Some(button) = events.iter().position(is_button)
            && events[button..].iter().any(is_move)
        {
            self.events = events.split_off(button + 1);
        }
        input.events = events;
        !self.events.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use egui::{Modifiers, PointerButton, pos2};

    use super::*;

    fn button(pressed: bool) -> Event {
        let (pos, button) = (pos2(1.0, 1.0), PointerButton::Primary);
        Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE }
    }

    fn frames(events: Vec<Event>) -> Vec<usize> {
        let mut held = Held::default();
        let mut input = RawInput { events, ..RawInput::default() };
        let mut counts = Vec::new();
        loop {
            let rest = held.take_turns(&mut input);
            counts.push(input.events.len());
            if !rest {
                return counts;
            }
            input.events.clear();
        }
    }

    #[test]
    fn a_press_and_the_way_from_it_are_two_frames() {
        let to = |x: f32| Event::PointerMoved(pos2(x, 1.0));
        assert_eq!(frames(vec![to(1.0), button(true), to(400.0), button(false)]), [2, 2]);
        assert_eq!(frames(vec![button(true), to(9.0), button(false), to(400.0)]), [1, 2, 1]);
    }

    #[test]
    fn a_click_is_one_frame() {
        assert_eq!(frames(vec![Event::PointerMoved(pos2(1.0, 1.0)), button(true), button(false)]), [3]);
        assert_eq!(frames(Vec::new()), [0]);
    }
}
