//! What a drop would do, said before it happens: the effect, or the reason of refusal.
//!
//! Asked in every frame of a drag, so nothing here walks through the whole design.

use crate::model::{ComponentId, ComponentKind};
use crate::policy::{Candidate, can_contain};

use super::Editor;
use super::command::Destination;

/// What is being dragged, or is about to be added.
#[derive(Clone, Debug, PartialEq)]
pub enum Dragged {
    /// A new component from the palette.
    New(ComponentKind),
    /// Components that are in the design.
    Existing(Vec<ComponentId>),
}

/// What would happen on release, said before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DropEffect {
    /// It may be dropped here; what will happen: "Adds add-header as no. 3".
    Allowed(String),
    /// It may not; the reason.
    Refused(String),
}

impl DropEffect {
    /// Tells whether it may be dropped.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }

    /// The effect, or the reason of refusal.
    pub fn text(&self) -> &str {
        match self {
            Self::Allowed(text) | Self::Refused(text) => text,
        }
    }
}

impl Editor {
    /// Tells what dropping `dragged` at `destination` would do. Quick: it is asked in every frame of a drag.
    pub fn drop_effect(&self, dragged: &Dragged, destination: Destination) -> DropEffect {
        let effect = match destination {
            Destination::Wallet { wallet, place } => self.wallet_effect(dragged, wallet, place),
            Destination::Frame { namespace, .. } => self.frame_effect(dragged, namespace),
            Destination::Canvas(_) => Ok(self.canvas_effect(dragged)),
        };
        match effect {
            Ok(effect) => DropEffect::Allowed(effect),
            Err(reason) => DropEffect::Refused(reason),
        }
    }

    /// Refuses when one of what is dragged may not lie in `parent`.
    fn check(&self, dragged: &Dragged, parent: ComponentId) -> Result<(), String> {
        let check = |child: Candidate<'_>| {
            can_contain(&self.design, &self.registry, child, parent).map_err(|refusal| sentence(&refusal.0))
        };
        match dragged {
            Dragged::New(kind) => check(Candidate::New(kind)),
            Dragged::Existing(ids) => ids.iter().try_for_each(|id| check(Candidate::Existing(*id))),
        }
    }

    /// "basic-auth", or "3 filters".
    fn what(&self, dragged: &Dragged, many: &str) -> String {
        match dragged {
            Dragged::New(kind) => new_name(kind),
            Dragged::Existing(ids) => match ids.as_slice() {
                [one] => self.design.name_of(*one),
                ids => format!("{} {many}", ids.len()),
            },
        }
    }

    fn wallet_effect(&self, dragged: &Dragged, wallet: ComponentId, place: usize) -> Result<String, String> {
        self.check(dragged, wallet)?;
        let chain = self.design.chain(wallet);
        let present = |id: &ComponentId| chain.iter().position(|link| link.from == *id);
        let ids: &[ComponentId] = match dragged {
            Dragged::New(_) => &[],
            Dragged::Existing(ids) => ids,
        };
        let others = chain.len() - ids.iter().filter(|id| present(id).is_some()).count();
        let number = place.min(others) + 1;
        let what = self.what(dragged, "filters");
        if let Some(from) = ids.first().and_then(present)
            && ids.iter().all(|id| present(id).is_some())
        {
            let stays = ids.iter().enumerate().all(|(n, id)| present(id) == Some(number - 1 + n));
            return Ok(if stays {
                format!("Stays no. {}", from + 1)
            } else {
                format!("Moves {what} to no. {number}")
            });
        }
        let verb = match dragged {
            Dragged::New(_) => "Adds",
            Dragged::Existing(_) => "Puts",
        };
        Ok(format!("{verb} {what} {} no. {number}", if ids.len() > 1 { "from" } else { "as" }))
    }

    fn frame_effect(&self, dragged: &Dragged, namespace: ComponentId) -> Result<String, String> {
        self.check(dragged, namespace)?;
        let name = self.design.name_of(namespace);
        let stays = |id: &ComponentId| self.design.frame_of(*id).is_some_and(|link| link.to == namespace);
        Ok(match dragged {
            Dragged::Existing(ids) if ids.iter().all(stays) => {
                format!("Moves {}", self.what(dragged, "components"))
            }
            Dragged::Existing(_) => format!("Sets metadata.namespace to {name}"),
            Dragged::New(_) => format!("Adds {} to {name}", self.what(dragged, "components")),
        })
    }

    fn canvas_effect(&self, dragged: &Dragged) -> String {
        let what = self.what(dragged, "components");
        let Dragged::Existing(ids) = dragged else { return format!("Adds {what}") };
        if let &[id] = ids.as_slice() {
            if let Some(link) = self.design.wallet_of(id) {
                return format!("Takes {what} out of {}", self.design.name_of(link.to));
            }
            if let Some(link) = self.design.frame_of(id) {
                return format!("Takes {what} out of {}", self.design.name_of(link.to));
            }
        }
        let lies =
            |id: &ComponentId| self.design.wallet_of(*id).is_some() || self.design.frame_of(*id).is_some();
        if ids.iter().any(lies) { format!("Takes {what} out") } else { format!("Moves {what}") }
    }
}

fn new_name(kind: &ComponentKind) -> String {
    let vowel = kind.kind.starts_with(['A', 'E', 'I', 'O']);
    format!("{} {}", if vowel { "an" } else { "a" }, kind.kind)
}

/// The reason as a sentence of its own.
fn sentence(reason: &str) -> String {
    let mut chars = reason.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
