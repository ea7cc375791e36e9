//! What a drop would do, said before it happens: the effect, or the reason of refusal.
//!
//! Asked in every frame of a drag, so nothing here walks through the whole design.

use crate::model::view::EnvoyFilterView;
use crate::model::{ComponentId, ComponentKind, Design, Link, Value};
use crate::policy::Candidate;
use crate::wallet::{ModuleGroup, module_group};

use super::Editor;
use super::command::Destination;
use super::may_put::may_put;

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
        let drag = Drag::new(&self.design, dragged);
        let effect = match destination {
            Destination::Wallet { wallet, place } => {
                self.check(&drag, wallet).map(|()| drag.wallet_effect(wallet, place))
            }
            Destination::Frame { namespace, .. } => {
                self.check(&drag, namespace).map(|()| drag.frame_effect(namespace))
            }
            Destination::Canvas(_) => Ok(drag.canvas_effect()),
        };
        match effect {
            Ok(effect) => DropEffect::Allowed(effect),
            Err(reason) => DropEffect::Refused(reason),
        }
    }

    /// Refuses when one of what is dragged may not lie in `parent`.
    fn check(&self, drag: &Drag<'_>, parent: ComponentId) -> Result<(), String> {
        let check = |child: Candidate<'_>| {
            may_put(&self.design, &self.registry, child, parent).map_err(|refusal| sentence(&refusal.0))
        };
        match drag.kind {
            Some(kind) => check(Candidate::New(kind)),
            None => drag.ids.iter().try_for_each(|id| check(Candidate::Existing(*id))),
        }
    }
}

/// What is dragged, over a design.
struct Drag<'a> {
    design: &'a Design,
    /// A new component.
    kind: Option<&'a ComponentKind>,
    /// Components of the design, without filters that their plugin carries along.
    ids: Vec<ComponentId>,
}

impl<'a> Drag<'a> {
    fn new(design: &'a Design, dragged: &'a Dragged) -> Self {
        match dragged {
            Dragged::New(kind) => Self { design, kind: Some(kind), ids: Vec::new() },
            Dragged::Existing(ids) => {
                let is_carried = |id: &ComponentId| {
                    ids.len() > 1 && design.wallet_of(*id).is_some_and(|link| ids.contains(&link.to))
                };
                let ids = ids.iter().copied().filter(|id| !is_carried(id)).collect();
                Self { design, kind: None, ids }
            }
        }
    }

    /// "basic-auth", "a WasmFilter", or "3 filters".
    fn what(&self, many: &str) -> String {
        match (self.kind, self.ids.as_slice()) {
            (Some(kind), _) => new_name(kind),
            (None, [one]) => self.design.name_of(*one),
            (None, ids) => format!("{} {many}", ids.len()),
        }
    }

    fn wallet_effect(&self, wallet: ComponentId, place: usize) -> String {
        let chain = self.design.chain(wallet);
        let present = |id: &ComponentId| chain.iter().position(|link| link.from == *id);
        let others = chain.len() - self.ids.iter().filter(|id| present(id).is_some()).count();
        let number = place.min(others) + 1;
        let what = self.what("filters");
        if let Some(from) = self.ids.first().and_then(present)
            && self.ids.iter().all(|id| present(id).is_some())
        {
            let stays = self.ids.iter().enumerate().all(|(n, id)| present(id) == Some(number - 1 + n));
            return if stays {
                format!("Stays no. {}", from + 1)
            } else {
                format!("Moves {what} to no. {number}")
            };
        }
        let verb = if self.kind.is_some() { "Adds" } else { "Puts" };
        let as_number = if self.ids.len() > 1 { "from" } else { "as" };
        let behind = if chain.is_empty() && self.has_own_patches(wallet) {
            ", after the patches that are there"
        } else {
            ""
        };
        format!("{verb} {what} {as_number} no. {number}{behind}")
    }

    /// Tells whether an EnvoyFilter has entries that somebody wrote by hand: those of a first filter run behind them.
    fn has_own_patches(&self, wallet: ComponentId) -> bool {
        let view = self.design.component(wallet).and_then(EnvoyFilterView::cast);
        view.is_some_and(|view| view.entries().next().is_some())
    }

    fn frame_effect(&self, namespace: ComponentId) -> String {
        let name = self.design.name_of(namespace);
        let stays = |id: &ComponentId| self.design.frame_of(*id).is_some_and(|link| link.to == namespace);
        if self.kind.is_some() {
            format!("Adds {}, with metadata.namespace {name}", self.what("components"))
        } else if self.ids.iter().all(stays) {
            format!("Moves {}", self.what("components"))
        } else {
            format!("Sets metadata.namespace to {name}")
        }
    }

    fn canvas_effect(&self) -> String {
        let what = self.what("components");
        if self.kind.is_some() {
            return format!("Adds {what}");
        }
        if let &[id] = self.ids.as_slice() {
            if let Some(link) = self.design.wallet_of(id) {
                return format!("Takes {what} out{}", self.left_in_wallet(id, link));
            }
            if let Some(link) = self.design.frame_of(id) {
                let field = ["configuration", "metadata", "namespace"];
                let parent = self.design.name_of(link.to);
                return format!(
                    "Takes {what} out of {parent}{}",
                    self.given_back(link, &field, "metadata.namespace")
                );
            }
        }
        let lies =
            |id: &ComponentId| self.design.wallet_of(*id).is_some() || self.design.frame_of(*id).is_some();
        if self.ids.iter().any(lies) { format!("Takes {what} out") } else { format!("Moves {what}") }
    }

    /// What becomes of the wallet's fields when this filter leaves it.
    fn left_in_wallet(&self, filter: ComponentId, link: Link) -> String {
        let parent = self.design.name_of(link.to);
        let is_plugin = self.design.component(link.to).is_some_and(|it| it.is(&ComponentKind::WASM_PLUGIN));
        if !is_plugin || module_group::owner(self.design, link.to) != Some(filter) {
            return format!(" of {parent}");
        }
        let can_own = |id: &ComponentId| {
            self.design.component(*id).and_then(ModuleGroup::of).is_some_and(|group| group.can_be_written())
        };
        let next = self.design.chain(link.to).into_iter().map(|link| link.from).filter(|id| *id != filter);
        match next.into_iter().find(can_own) {
            Some(next) => format!(": spec.url of {parent} comes from {} then", self.design.name_of(next)),
            None => {
                self.given_back(link, &["configuration", "spec", "url"], &format!("spec.url of {parent}"))
            }
        }
    }

    /// ": spec.url goes back to oci://…", or that it is unset; nothing where the relationship has no record of the field.
    fn given_back(&self, link: Link, field: &[&str], name: &str) -> String {
        let record = self.design.relationship(link.relationship).and_then(|it| it.billfold("wrote"));
        let is_field = |entry: &&Value| {
            let path = entry.at(&["path"]).and_then(Value::as_list).unwrap_or_default();
            path.len() == field.len()
                && path.iter().zip(field).all(|(key, name)| key.as_text() == Some(*name))
        };
        match record.and_then(Value::as_list).unwrap_or_default().iter().find(is_field) {
            None => String::new(),
            Some(entry) => match entry.text_at(&["before"]) {
                Some(before) => format!(": {name} goes back to {}", shortened(before)),
                None => format!(": {name} is not set then"),
            },
        }
    }
}

fn new_name(kind: &ComponentKind) -> String {
    let word = kind.in_words();
    let vowel = word.starts_with(['A', 'E', 'I', 'O']);
    format!("{} {word}", if vowel { "an" } else { "a" })
}

/// At most this many characters of a value are said; of a URL the end tells most.
const SAID: usize = 48;

fn shortened(text: &str) -> String {
    let count = text.chars().count();
    if count <= SAID {
        text.to_owned()
    } else {
        std::iter::once('…').chain(text.chars().skip(count - SAID)).collect()
    }
}

/// The reason as a sentence of its own.
fn sentence(reason: &str) -> String {
    let mut chars = reason.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
