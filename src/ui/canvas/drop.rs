//! What a drop would do: asked in every frame of a drag, said before release, and done on it.
//!
//! Pure over the scene and the editor: a plan holds the command that release would queue, and what to show until then.

use std::collections::HashSet;

use egui::{Pos2, Rect, Vec2};

use super::layout::metric;
use super::projection::{Form, Hit, Scene};
use super::view::to_position;
use crate::editor::{Destination, Dragged, DropEffect, EditCommand, Editor};
use crate::model::{ComponentId, ComponentKind, IdSeed};

/// Nodes, by number.
pub type NodeSet = HashSet<usize, foldhash::fast::FixedState>;

/// How far beside a border of a frame a hit still counts, in canvas points at 100 %.
pub const REACH: f32 = 6.0;

/// What is dragged, as the scene has it.
#[derive(Clone, Debug, PartialEq)]
pub enum Load {
    /// A new component from the palette.
    New(ComponentKind),
    /// Filters, which go into, out of and between wallets, in the order in which they run.
    Filters(Vec<usize>),
    /// Cards and frames, which move.
    Cards(Vec<usize>),
}

impl Load {
    /// What dragging `grabbed` moves, `selected` being selected.
    pub fn of(scene: &Scene, grabbed: usize, selected: impl Iterator<Item = usize>) -> Self {
        let mut nodes: Vec<usize> = selected.collect();
        if !nodes.contains(&grabbed) {
            nodes = vec![grabbed];
        }
        nodes.sort_unstable();
        let is_filter = |node: &usize| scene.nodes[*node].form == Form::Filter;
        if scene.nodes[grabbed].is_held() || nodes.iter().all(is_filter) {
            nodes.retain(is_filter);
            Self::Filters(nodes)
        } else {
            // A filter in a wallet goes where its wallet goes.
            nodes.retain(|&node| !scene.nodes[node].is_held());
            Self::Cards(nodes)
        }
    }

    /// The cards that move with the pointer: those that are dragged, and what lies in dragged frames.
    pub fn carried(&self, scene: &Scene) -> NodeSet {
        match self {
            Self::New(_) => NodeSet::default(),
            Self::Filters(nodes) => nodes.iter().copied().collect(),
            Self::Cards(nodes) => nodes
                .iter()
                .flat_map(|&node| scene.nodes[node].members.iter().copied().chain(std::iter::once(node)))
                .collect(),
        }
    }

    fn dragged(&self, scene: &Scene) -> Dragged {
        match self {
            Self::New(kind) => Dragged::New(kind.clone()),
            Self::Filters(nodes) | Self::Cards(nodes) => Dragged::Existing(ids(scene, nodes)),
        }
    }
}

fn ids(scene: &Scene, nodes: &[usize]) -> Vec<ComponentId> {
    nodes.iter().map(|&node| scene.nodes[node].id).collect()
}

/// What release would queue.
#[derive(Clone, Debug, PartialEq)]
pub enum Release {
    /// Nothing: it is refused, or it would change nothing.
    Nothing,
    /// Cards move, and stay in what holds them.
    Move,
    /// They go somewhere else, or come to be.
    Place(Destination),
}

/// A place in the chain of a wallet, between its filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Insertion {
    /// Node of the wallet.
    pub wallet: usize,
    /// The filter above which it goes, among those that are not dragged; `None`: to the end.
    pub before: Option<usize>,
}

/// What a drop here would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What release queues.
    pub release: Release,
    /// What is said; `None` for a plain move.
    pub effect: Option<DropEffect>,
    /// The node that lights up.
    pub target: Option<usize>,
    /// Where in a chain.
    pub insertion: Option<Insertion>,
}

impl Plan {
    fn plain(release: Release) -> Self {
        Self { release, effect: None, target: None, insertion: None }
    }

    /// Tells whether the drop is refused.
    pub fn is_refused(&self) -> bool {
        matches!(self.effect, Some(DropEffect::Refused(_)))
    }

    /// What is said, if there is something to say.
    pub fn says(&self) -> Option<&str> {
        match self.effect.as_ref()? {
            DropEffect::Allowed(text) | DropEffect::Refused(text) => {
                Some(text).filter(|text| !text.is_empty())
            }
        }
        .map(String::as_str)
    }
}

/// A drag at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Drag<'a> {
    /// What is dragged.
    pub load: &'a Load,
    /// What moves with it.
    pub carried: &'a NodeSet,
    /// Where the pointer is, in canvas points.
    pub pointer: Pos2,
    /// How far it went since the press, in canvas points.
    pub offset: Vec2,
}

impl Drag<'_> {
    /// What a drop now would do.
    pub fn plan(&self, scene: &Scene, editor: &Editor) -> Plan {
        let through = |node: usize| self.carried.contains(&node);
        let hit = scene.hit_except(self.pointer, REACH, through);
        match self.load {
            Load::Filters(filters) => self.plan_filters(scene, editor, hit, filters),
            Load::Cards(cards) => self.plan_cards(scene, editor, hit, cards),
            Load::New(kind) => self.plan_new(scene, editor, hit, kind),
        }
    }

    fn ask(&self, scene: &Scene, editor: &Editor, destination: Destination, target: Option<usize>) -> Plan {
        let effect = editor.drop_effect(&self.load.dragged(scene), destination);
        let release = match effect {
            DropEffect::Allowed(_) => Release::Place(destination),
            DropEffect::Refused(_) => Release::Nothing,
        };
        Plan { release, effect: Some(effect), target, insertion: None }
    }

    /// A card that holds nothing of this kind says why.
    fn ask_card(&self, scene: &Scene, editor: &Editor, node: usize) -> Plan {
        let destination = Destination::Wallet { wallet: scene.nodes[node].id, place: 0 };
        self.ask(scene, editor, destination, Some(node))
    }

    fn ask_wallet(&self, scene: &Scene, editor: &Editor, wallet: usize, at_end: bool) -> Plan {
        let node = &scene.nodes[wallet];
        let staying = || node.held.clone().filter(|filter| !self.carried.contains(filter));
        let below_header = self.pointer.y > node.rect.top() + metric::HEADER;
        let before = staying()
            .find(|&filter| !at_end && below_header && scene.nodes[filter].rect.center().y > self.pointer.y);
        let place = staying().take_while(|&filter| Some(filter) != before).count();
        let insertion = Some(Insertion { wallet, before });
        let destination = Destination::Wallet { wallet: node.id, place };
        if let Load::Filters(filters) = self.load
            && stays_in_place(scene, wallet, filters, place)
        {
            let plan = self.ask(scene, editor, destination, Some(wallet));
            return Plan { release: Release::Nothing, insertion, ..plan };
        }
        Plan { insertion, ..self.ask(scene, editor, destination, Some(wallet)) }
    }

    /// A drop on a card: into its chain if it is a wallet, else with the reason why not.
    fn ask_at(&self, scene: &Scene, editor: &Editor, hit: Hit) -> Option<Plan> {
        match hit {
            Hit::Slot(wallet) => Some(self.ask_wallet(scene, editor, wallet, true)),
            Hit::Node(node) => match (scene.nodes[node].form, scene.nodes[node].holder) {
                (Form::Wallet, _) => Some(self.ask_wallet(scene, editor, node, false)),
                (Form::Filter, Some(wallet)) if scene.nodes[wallet].form == Form::Wallet => {
                    Some(self.ask_wallet(scene, editor, wallet, false))
                }
                (Form::Frame, _) => None,
                _ => Some(self.ask_card(scene, editor, node)),
            },
            Hit::Inside(_) | Hit::Empty => None,
        }
    }

    fn plan_filters(&self, scene: &Scene, editor: &Editor, hit: Hit, filters: &[usize]) -> Plan {
        if let Some(plan) = self.ask_at(scene, editor, hit) {
            return plan;
        }
        if filters.iter().all(|&filter| !scene.nodes[filter].is_held()) {
            return Plan::plain(Release::Move);
        }
        let position = scene.position_of(filters[0], self.offset);
        self.ask(scene, editor, Destination::Canvas(Some(position)), None)
    }

    fn plan_cards(&self, scene: &Scene, editor: &Editor, hit: Hit, cards: &[usize]) -> Plan {
        let has_frame = cards.iter().any(|&card| scene.nodes[card].form == Form::Frame);
        let mut movable =
            cards.iter().copied().filter(|&card| scene.nodes[card].form != Form::Filter).peekable();
        if has_frame || movable.peek().is_none() {
            return Plan::plain(Release::Move);
        }
        let position = Some(scene.position_of(cards[0], self.offset));
        let frame = match hit {
            Hit::Inside(frame) => Some(frame),
            Hit::Node(node) if scene.nodes[node].form == Form::Frame => Some(node),
            Hit::Empty => None,
            Hit::Node(node) | Hit::Slot(node) => return self.ask_card(scene, editor, node),
        };
        if let Some(frame) = frame {
            if movable.all(|card| scene.nodes[card].holder == Some(frame)) {
                return Plan::plain(Release::Move);
            }
            let destination = Destination::Frame { namespace: scene.nodes[frame].id, position };
            return self.ask(scene, editor, destination, Some(frame));
        }
        // A frame follows its cards a little way, so that it can be made larger.
        let follows = |card: usize| {
            let frame = scene.nodes[card].holder;
            frame.is_none_or(|frame| {
                scene.nodes[frame].rect.expand(metric::FRAME_PADDING).contains(self.pointer)
            })
        };
        if movable.all(follows) {
            return Plan::plain(Release::Move);
        }
        self.ask(scene, editor, Destination::Canvas(position), None)
    }

    fn plan_new(&self, scene: &Scene, editor: &Editor, hit: Hit, kind: &ComponentKind) -> Plan {
        // The pointer is at the centre of the card that it carries.
        let card = Rect::from_center_size(self.pointer, metric::new_card(kind));
        if kind.same_kind(&ComponentKind::NAMESPACE) {
            return self.ask(scene, editor, Destination::Canvas(Some(to_position(card.center()))), None);
        }
        let offset = if kind.is_wallet() { metric::wallet_offset(0) } else { Vec2::ZERO };
        let position = Some(to_position(scene.free_near(card).center() - offset));
        let canvas = Destination::Canvas(position);
        if let Some(plan) = self.ask_at(scene, editor, hit) {
            return Plan { insertion: plan.insertion.filter(|_| !plan.is_refused()), ..plan };
        }
        if let Hit::Inside(frame) | Hit::Node(frame) = hit {
            let namespace = scene.nodes[frame].id;
            let plan = self.ask(scene, editor, Destination::Frame { namespace, position }, Some(frame));
            if !plan.is_refused() {
                return plan;
            }
        }
        self.ask(scene, editor, canvas, None)
    }

    /// The command that release queues.
    pub fn command(&self, scene: &Scene, release: &Release, seed: IdSeed) -> Option<EditCommand> {
        match release {
            Release::Nothing => None,
            Release::Move => moved(scene, self.carried, self.offset).map(|moves| EditCommand::Move { moves }),
            Release::Place(destination) => Some(match self.load {
                Load::New(kind) => {
                    EditCommand::AddComponent { kind: kind.clone(), destination: *destination, seed }
                }
                Load::Filters(nodes) | Load::Cards(nodes) => {
                    EditCommand::Place { ids: ids(scene, nodes), destination: *destination }
                }
            }),
        }
    }
}

/// The new centres of `cards` when they move by `offset`; `None` when it moves nothing.
pub fn moved(
    scene: &Scene,
    cards: &NodeSet,
    offset: Vec2,
) -> Option<Vec<(ComponentId, crate::model::Position)>> {
    let mut cards: Vec<usize> = cards.iter().copied().filter(|&card| !scene.nodes[card].is_held()).collect();
    cards.sort_unstable();
    let moves: Vec<_> =
        cards.into_iter().map(|card| (scene.nodes[card].id, scene.position_of(card, offset))).collect();
    (offset != Vec2::ZERO && !moves.is_empty()).then_some(moves)
}

/// Tells whether putting `filters` at `place` (among those that stay) leaves the chain of `wallet` as it is.
fn stays_in_place(scene: &Scene, wallet: usize, filters: &[usize], place: usize) -> bool {
    let held = &scene.nodes[wallet].held;
    let in_order = filters.windows(2).all(|pair| pair[0] + 1 == pair[1]);
    let first = held.start + place;
    in_order && filters.first() == Some(&first) && filters.last().is_some_and(|last| held.contains(last))
}
