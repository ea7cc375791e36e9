//! Where cards are drawn: the stored positions, and a place for everything that has none.
//!
//! Pure and deterministic: the same items give the same places. What is stored stays where it is; what is not goes
//! where nothing else is, wallets to the left and what they select to the right. Nothing here reaches the file.

use std::collections::HashMap;

use egui::{Pos2, Rect, Vec2, pos2, vec2};

use super::hit::Grid;

/// Sizes of cards and gaps, in canvas points.
pub mod metric {
    use egui::{Vec2, vec2};

    use crate::model::ComponentKind;

    /// Width of a wallet card.
    pub const WALLET_WIDTH: f32 = 290.0;
    /// Height of a wallet's header.
    pub const HEADER: f32 = 44.0;
    /// Between a wallet's border and what it holds.
    pub const WALLET_PADDING: f32 = 10.0;
    /// Between the filters of a wallet.
    pub const FILTER_GAP: f32 = 7.0;
    /// A filter card, in a wallet or loose.
    pub const FILTER: Vec2 = vec2(WALLET_WIDTH - 2.0 * WALLET_PADDING, 54.0);
    /// Height of the place to drop a filter.
    pub const SLOT: f32 = 44.0;
    /// Every other card.
    pub const CARD: Vec2 = vec2(200.0, 62.0);
    /// From the cards to the border of their frame, at the left, right and bottom.
    pub const FRAME_PADDING: f32 = 36.0;
    /// The same at the top, where the title stands.
    pub const FRAME_TOP: f32 = 44.0;
    /// A frame that holds nothing.
    pub const FRAME_EMPTY: Vec2 = vec2(400.0, 220.0);
    /// Between cards of one column.
    pub const GAP: f32 = 32.0;
    /// Between columns of one side.
    pub const COLUMN_GAP: f32 = 56.0;
    /// Between the wallets and what they select: room for the edges and their labels.
    pub const SIDE_GAP: f32 = 190.0;
    /// The height to which a column is filled before another begins, however small the group.
    pub const COLUMN: f32 = 900.0;
    /// Between frames.
    pub const FRAME_GAP: f32 = 48.0;

    /// Size of a wallet of so many filters.
    pub fn wallet(filters: usize) -> Vec2 {
        let chain = filters as f32 * (FILTER.y + FILTER_GAP);
        vec2(WALLET_WIDTH, HEADER + WALLET_PADDING + chain + SLOT + WALLET_PADDING)
    }

    /// How large a new component of this kind is.
    pub fn new_card(kind: &ComponentKind) -> Vec2 {
        if kind.is_wallet() {
            wallet(0)
        } else if kind.same_kind(&ComponentKind::WASM_FILTER) {
            FILTER
        } else if kind.same_kind(&ComponentKind::NAMESPACE) {
            FRAME_EMPTY
        } else {
            CARD
        }
    }

    /// From the stored position of a wallet of so many filters to its centre. A wallet grows downwards: its header
    /// stays where it is when filters come and go. With two filters the stored position is the centre.
    pub fn wallet_offset(filters: usize) -> Vec2 {
        vec2(0.0, (wallet(filters).y - wallet(2).y) / 2.0)
    }
}

/// Place number `place` of a wallet's chain.
pub fn filter_rect(wallet: Rect, place: usize) -> Rect {
    let top =
        metric::HEADER + metric::WALLET_PADDING + place as f32 * (metric::FILTER.y + metric::FILTER_GAP);
    Rect::from_min_size(wallet.min + vec2(metric::WALLET_PADDING, top), metric::FILTER)
}

/// The place to drop a filter, below the `filters` that a wallet has.
pub fn slot_rect(wallet: Rect, filters: usize) -> Rect {
    Rect::from_min_size(filter_rect(wallet, filters).min, vec2(metric::FILTER.x, metric::SLOT))
}

/// The box around these cards; `None` when there are none.
pub fn frame_around(cards: impl Iterator<Item = Rect>) -> Option<Rect> {
    let around = cards.fold(Rect::NOTHING, Rect::union);
    around.is_positive().then(|| {
        Rect::from_min_max(
            around.min - vec2(metric::FRAME_PADDING, metric::FRAME_TOP),
            around.max + Vec2::splat(metric::FRAME_PADDING),
        )
    })
}

/// On which side of its frame a card is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Wallets and loose filters.
    Left,
    /// What wallets select, and everything else.
    Right,
}

/// One card to be placed; filters in wallets go with their wallet and are none.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// How large it is drawn.
    pub size: Vec2,
    /// Its stored centre.
    pub stored: Option<Pos2>,
    /// Index of the frame that it lies in.
    pub frame: Option<usize>,
    /// Left or right.
    pub side: Side,
    /// The first item that acts on this one: it is put beside it, in that one's order.
    pub follows: Option<usize>,
    /// A filter in no wallet: it gives way to the card that it would lie on.
    pub gives_way: bool,
}

/// Where everything is drawn.
#[derive(Clone, Debug, Default)]
pub struct Placed {
    /// In the order of the items.
    pub cards: Vec<Rect>,
    /// In the order of the frames.
    pub frames: Vec<Rect>,
}

/// Places `items`, and the frames that hold them; `frames` are the stored centres, which count for an empty frame.
pub fn place(items: &[Item], frames: &[Option<Pos2>]) -> Placed {
    let mut layout = Layout {
        items,
        cards: vec![Rect::NOTHING; items.len()],
        frames: vec![Rect::NOTHING; frames.len()],
        taken: Taken::default(),
        bounds: Rect::NOTHING,
    };
    layout.place_stored(frames);
    let groups = layout.groups_to_place(frames);
    let mut blocks = Vec::new();
    for group in groups {
        if layout.has_room_of_its_own(group.frame) && group.items.len() <= MOST_TO_FIT_IN {
            layout.fit_in(&group);
        } else {
            blocks.push(Block::of(items, group));
        }
    }
    layout.put_blocks(blocks);
    Placed { cards: layout.cards, frames: layout.frames }
}

/// Up to so many cards are fitted in among their neighbours; more get a block of their own.
const MOST_TO_FIT_IN: usize = 24;

/// Cards of one frame (or of none) that have no place yet.
struct Group {
    frame: Option<usize>,
    items: Vec<usize>,
}

struct Layout<'a> {
    items: &'a [Item],
    cards: Vec<Rect>,
    frames: Vec<Rect>,
    taken: Taken,
    bounds: Rect,
}

impl Layout<'_> {
    fn set(&mut self, item: usize, rect: Rect) {
        self.cards[item] = rect;
        self.taken.insert(rect);
        self.bounds = self.bounds.union(rect);
        if let Some(frame) = self.items[item].frame
            && let Some(around) = frame_around(std::iter::once(rect))
        {
            self.frames[frame] = self.frames[frame].union(around);
            self.bounds = self.bounds.union(self.frames[frame]);
        }
    }

    fn place_stored(&mut self, frames: &[Option<Pos2>]) {
        let stored = |gives_way: bool| {
            let items = self.items.iter().enumerate();
            items
                .filter(move |(_, item)| item.gives_way == gives_way)
                .filter_map(|(index, item)| Some((index, Rect::from_center_size(item.stored?, item.size))))
        };
        let (firm, yielding): (Vec<_>, Vec<_>) = (stored(false).collect(), stored(true).collect());
        for (index, rect) in firm {
            self.set(index, rect);
        }
        for (index, rect) in yielding {
            let rect = match self.taken.first_clash(rect.shrink(8.0)) {
                Some(card) => self.taken.beside(rect, card),
                None => rect,
            };
            self.set(index, rect);
        }
        let holds = self.items.iter().filter_map(|item| item.frame);
        let mut is_empty = vec![true; frames.len()];
        for frame in holds {
            is_empty[frame] = false;
        }
        for (frame, stored) in frames.iter().enumerate() {
            if let (true, Some(centre)) = (is_empty[frame], stored) {
                self.set_empty_frame(frame, Rect::from_center_size(*centre, metric::FRAME_EMPTY));
            }
        }
    }

    fn set_empty_frame(&mut self, frame: usize, rect: Rect) {
        self.frames[frame] = rect;
        self.bounds = self.bounds.union(rect);
    }

    /// What has no place yet: the frames in order, then what lies in none.
    fn groups_to_place(&self, frames: &[Option<Pos2>]) -> Vec<Group> {
        let mut groups: Vec<Group> =
            (0..frames.len()).map(|frame| Group { frame: Some(frame), items: Vec::new() }).collect();
        groups.push(Group { frame: None, items: Vec::new() });
        let unframed = frames.len();
        let mut holds = vec![false; frames.len()];
        for (index, item) in self.items.iter().enumerate() {
            if let Some(frame) = item.frame {
                holds[frame] = true;
            }
            if item.stored.is_none() {
                groups[item.frame.unwrap_or(unframed)].items.push(index);
            }
        }
        groups.retain(|group| match group.frame {
            Some(frame) if !holds[frame] => frames[frame].is_none(),
            _ => !group.items.is_empty(),
        });
        for group in &mut groups {
            group.items.sort_by_key(|&item| (self.items[item].follows.unwrap_or(usize::MAX), item));
        }
        groups
    }

    fn has_room_of_its_own(&self, frame: Option<usize>) -> bool {
        match frame {
            Some(frame) => self.frames[frame].is_positive(),
            None => self.items.iter().any(|item| item.frame.is_none() && item.stored.is_some()),
        }
    }

    /// Puts a few cards below their neighbours of the same side.
    fn fit_in(&mut self, group: &Group) {
        let neighbours = |side: Option<Side>| {
            let items = self.items.iter().zip(&self.cards);
            items
                .filter(move |(item, rect)| {
                    item.frame == group.frame
                        && item.stored.is_some()
                        && rect.is_positive()
                        && side.is_none_or(|side| item.side == side)
                })
                .map(|(_, rect)| *rect)
                .fold(Rect::NOTHING, Rect::union)
        };
        let all = neighbours(None);
        let columns = [Side::Left, Side::Right].map(|side| {
            let column = neighbours(Some(side));
            if column.is_positive() {
                return pos2(column.left(), column.bottom() + metric::GAP);
            }
            match side {
                Side::Left => pos2(all.left(), all.bottom() + metric::GAP),
                Side::Right => pos2(all.right() + metric::SIDE_GAP, all.top()),
            }
        });
        let [mut left, mut right] = columns;
        for &item in &group.items {
            let Item { size, side, .. } = self.items[item];
            let next = if side == Side::Left { &mut left } else { &mut right };
            let rect = self.free_in_frame(Rect::from_min_size(*next, size), group.frame);
            next.y = rect.bottom() + metric::GAP;
            self.set(item, rect);
        }
    }

    /// The highest free place at or below `rect` that keeps the frame of the card clear of other frames.
    fn free_in_frame(&self, mut rect: Rect, frame: Option<usize>) -> Rect {
        loop {
            let clear = self.taken.free_below(rect);
            let Some(around) = frame_around(std::iter::once(clear)) else { return clear };
            let claimed = if frame.is_some() { around } else { clear };
            let other = self.frames.iter().enumerate().filter(|(index, _)| Some(*index) != frame);
            let clash =
                other.map(|(_, other)| *other).find(|other| other.is_positive() && other.intersects(claimed));
            match clash {
                Some(other) => {
                    let down = other.bottom() + metric::FRAME_GAP + (clear.top() - claimed.top());
                    rect = Rect::from_min_size(pos2(rect.left(), down), rect.size());
                }
                None => return clear,
            }
        }
    }

    /// Puts whole blocks in rows below everything else.
    fn put_blocks(&mut self, blocks: Vec<Block>) {
        let start = if self.bounds.is_positive() {
            self.bounds.left_bottom() + vec2(0.0, metric::FRAME_GAP)
        } else {
            Pos2::ZERO
        };
        let area: f32 = blocks.iter().map(|block| block.size.x * block.size.y).sum();
        let width = (area.sqrt() * 1.5).max(1500.0);
        let (mut at, mut row_height) = (start, 0.0_f32);
        for block in blocks {
            if at.x > start.x && at.x + block.size.x > start.x + width {
                at = pos2(start.x, at.y + row_height + metric::FRAME_GAP);
                row_height = 0.0;
            }
            match block.group.frame {
                Some(frame) if block.group.items.is_empty() => {
                    self.set_empty_frame(frame, Rect::from_min_size(at, block.size));
                }
                _ => {
                    for (item, rect) in block.cards {
                        self.set(item, rect.translate(at.to_vec2()));
                    }
                }
            }
            at.x += block.size.x + metric::FRAME_GAP;
            row_height = row_height.max(block.size.y);
        }
    }
}

/// The cards of one group, placed relative to the group's corner.
struct Block {
    group: Group,
    cards: Vec<(usize, Rect)>,
    size: Vec2,
}

impl Block {
    fn of(items: &[Item], group: Group) -> Self {
        if group.items.is_empty() {
            return Self { group, cards: Vec::new(), size: metric::FRAME_EMPTY };
        }
        let padding = match group.frame {
            Some(_) => vec2(metric::FRAME_PADDING, metric::FRAME_TOP),
            None => Vec2::ZERO,
        };
        let mut cards = Vec::with_capacity(group.items.len());
        let (mut left, mut extent) = (padding.x, padding);
        let limit = height_limit(items, &group.items);
        for strip in strips(items, &group.items, limit) {
            let mut right = left;
            for (side, gap) in [(&strip.lefts, metric::SIDE_GAP), (&strip.rights, 2.0 * metric::COLUMN_GAP)] {
                if side.is_empty() {
                    continue;
                }
                let mut flow = Flow { at: pos2(right, padding.y), top: padding.y, width: 0.0, limit };
                for &index in side {
                    let rect = flow.next(items[index].size);
                    extent = extent.max(rect.max.to_vec2());
                    cards.push((index, rect));
                }
                right = flow.at.x + flow.width + gap;
            }
            left = right;
        }
        let margin = if group.frame.is_some() { metric::FRAME_PADDING } else { 0.0 };
        Self { group, cards, size: extent + Vec2::splat(margin) }
    }
}

/// How high a column may get: low enough that a large group is no endless column.
fn height_limit(items: &[Item], group: &[usize]) -> f32 {
    let sizes = group.iter().map(|&item| items[item].size + vec2(metric::SIDE_GAP, metric::GAP));
    let area: f32 = sizes.map(|size| size.x * size.y).sum();
    (area * 0.6).sqrt().max(metric::COLUMN)
}

/// A column of wallets and what they act on, beside it.
#[derive(Default)]
struct Strip {
    lefts: Vec<usize>,
    rights: Vec<usize>,
}

fn strips(items: &[Item], group: &[usize], limit: f32) -> Vec<Strip> {
    let mut strips = vec![Strip::default()];
    let mut strip_of = HashMap::new();
    let mut height = 0.0;
    for &index in group.iter().filter(|&&index| items[index].side == Side::Left) {
        if height > 0.0 && height + items[index].size.y > limit {
            strips.push(Strip::default());
            height = 0.0;
        }
        height += items[index].size.y + metric::GAP;
        strip_of.insert(index, strips.len() - 1);
        if let Some(strip) = strips.last_mut() {
            strip.lefts.push(index);
        }
    }
    let last = strips.len() - 1;
    for &index in group.iter().filter(|&&index| items[index].side == Side::Right) {
        let strip = items[index].follows.and_then(|leader| strip_of.get(&leader)).copied().unwrap_or(last);
        strips[strip].rights.push(index);
    }
    strips
}

/// Columns that are filled from the top, one after the other.
struct Flow {
    at: Pos2,
    top: f32,
    width: f32,
    limit: f32,
}

impl Flow {
    fn next(&mut self, size: Vec2) -> Rect {
        if self.at.y > self.top && self.at.y + size.y > self.top + self.limit {
            self.at = pos2(self.at.x + self.width + metric::COLUMN_GAP, self.top);
            self.width = 0.0;
        }
        let rect = Rect::from_min_size(self.at, size);
        self.at.y = rect.bottom() + metric::GAP;
        self.width = self.width.max(size.x);
        rect
    }
}

/// The places that are taken.
#[derive(Default)]
struct Taken {
    grid: Grid,
    rects: Vec<Rect>,
}

impl Taken {
    fn insert(&mut self, rect: Rect) {
        self.grid.insert(self.rects.len() as u32, rect);
        self.rects.push(rect);
    }

    fn first_clash(&self, rect: Rect) -> Option<Rect> {
        let clashes = |taken: &&Rect| taken.intersects(rect);
        match self.grid.near(rect) {
            Some(near) => {
                near.iter().filter_map(|&number| self.rects.get(number as usize)).find(clashes).copied()
            }
            None => self.rects.iter().find(clashes).copied(),
        }
    }

    /// The place nearest to `rect` on a side of `card` that is free, else below the one at its right.
    fn beside(&self, rect: Rect, card: Rect) -> Rect {
        let sides = [
            vec2(card.right() + metric::GAP - rect.left(), 0.0),
            vec2(card.left() - metric::GAP - rect.right(), 0.0),
            vec2(0.0, card.bottom() + metric::GAP - rect.top()),
            vec2(0.0, card.top() - metric::GAP - rect.bottom()),
        ];
        let places = sides.map(|shift| (shift.length(), rect.translate(shift)));
        let free = places
            .into_iter()
            .filter(|(_, place)| self.first_clash(place.expand(metric::GAP / 4.0)).is_none());
        let nearest = free.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, place)| place);
        nearest.unwrap_or_else(|| self.free_below(rect.translate(sides[0])))
    }

    /// Moves `rect` down until it clashes with nothing. Each turn passes a card for good, so this ends.
    fn free_below(&self, mut rect: Rect) -> Rect {
        for _ in 0..=self.rects.len() {
            let Some(taken) = self.first_clash(rect.expand(metric::GAP / 4.0)) else { break };
            let down = (taken.bottom() + metric::GAP).max(rect.top().next_up());
            rect = Rect::from_min_size(pos2(rect.left(), down), rect.size());
        }
        rect
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "multiples of a half are exact")]
mod tests {
    use super::*;

    fn card(side: Side, frame: Option<usize>) -> Item {
        let extent = if side == Side::Left { metric::wallet(2) } else { metric::CARD };
        Item { size: extent, stored: None, frame, side, follows: None, gives_way: false }
    }

    fn assert_apart(rects: &[Rect]) {
        for (i, a) in rects.iter().enumerate() {
            assert!(a.is_positive() && a.is_finite(), "{i}: {a:?}");
            for (j, b) in rects.iter().enumerate().skip(i + 1) {
                assert!(!a.intersects(*b), "{i} and {j} overlap: {a:?} {b:?}");
            }
        }
    }

    #[test]
    fn wallets_go_left_and_what_they_select_right() {
        let items = [card(Side::Right, Some(0)), card(Side::Left, Some(0)), card(Side::Right, Some(0))];
        let placed = place(&items, &[None]);
        assert_apart(&placed.cards);
        assert!(placed.cards[1].right() + 100.0 < placed.cards[0].left());
        assert_eq!(placed.cards[0].left(), placed.cards[2].left());
        assert_eq!(placed.cards[0].top(), placed.cards[1].top());
        assert_eq!(Some(placed.frames[0]), frame_around(placed.cards.iter().copied()));
    }

    #[test]
    fn stored_positions_are_kept_and_nothing_is_put_on_them() {
        let mut items: Vec<Item> = (0..40u8)
            .map(|i| {
                card(
                    if i % 3 == 0 { Side::Left } else { Side::Right },
                    (i < 20).then_some(usize::from(i % 2)),
                )
            })
            .collect();
        items[3].stored = Some(pos2(100.0, 200.0));
        items[4].stored = Some(pos2(3600.0, 250.0));
        items[30].stored = Some(pos2(-2500.0, 900.0));
        let placed = place(&items, &[None, None, Some(pos2(5000.0, 0.0)), None]);
        assert_eq!(placed.cards[3].center(), pos2(100.0, 200.0));
        assert_eq!(placed.cards[30].center(), pos2(-2500.0, 900.0));
        assert_apart(&placed.cards);
        assert_eq!(placed.frames[2].center(), pos2(5000.0, 0.0), "an empty frame has its own place");
        assert_eq!(placed.frames[3].size(), metric::FRAME_EMPTY);
        assert_apart(&placed.frames);
        for (item, rect) in items.iter().zip(&placed.cards) {
            for (frame, around) in placed.frames.iter().enumerate() {
                let inside = item.frame == Some(frame);
                assert_eq!(around.contains_rect(*rect), inside, "{item:?}");
            }
        }
    }

    #[test]
    fn a_loose_filter_gives_way_to_the_card_that_it_lies_on() {
        let plugin = Item { stored: Some(pos2(0.0, 0.0)), ..card(Side::Left, None) };
        let filter = Item { size: metric::FILTER, gives_way: true, ..plugin };
        let far = Item { stored: Some(pos2(900.0, 0.0)), ..filter };
        let placed = place(&[filter, plugin, filter, far], &[]);
        assert_eq!(placed.cards[1].center(), pos2(0.0, 0.0));
        assert_eq!(placed.cards[0].top(), placed.cards[1].bottom() + metric::GAP, "beside is nearest below");
        assert_apart(&placed.cards);
        assert_eq!(placed.cards[3].center(), pos2(900.0, 0.0));
    }

    #[test]
    fn the_same_items_give_the_same_places() {
        let items: Vec<Item> = (0..300u16)
            .map(|i| card(if i % 4 == 0 { Side::Left } else { Side::Right }, Some(usize::from(i % 7))))
            .collect();
        let once = place(&items, &[None; 7]);
        let twice = place(&items, &[None; 7]);
        assert_eq!(once.cards, twice.cards);
        assert_apart(&once.cards);
        assert_apart(&once.frames);
        let bounds = once.frames.iter().copied().fold(Rect::NOTHING, Rect::union);
        let aspect = bounds.width() / bounds.height();
        assert!((0.3..4.0).contains(&aspect), "a large design is no endless column: {aspect}");
    }

    #[test]
    fn what_is_selected_stands_beside_who_selects_it() {
        let mut items: Vec<Item> = (0..60).map(|_| card(Side::Left, Some(0))).collect();
        items.extend((0..60).map(|leader| Item { follows: Some(leader), ..card(Side::Right, Some(0)) }));
        let placed = place(&items, &[None]);
        assert_apart(&placed.cards);
        for leader in 0..60 {
            let (wallet, workload) = (placed.cards[leader], placed.cards[leader + 60]);
            let across = workload.left() - wallet.right();
            assert!((100.0..1000.0).contains(&across), "{leader}: {across}");
        }
    }

    #[test]
    fn far_away_positions_end() {
        let wild = Item { stored: Some(pos2(8e6, 8e6)), gives_way: true, ..card(Side::Left, None) };
        let items = vec![wild; 50];
        let placed = place(&items, &[]);
        assert_eq!(placed.cards.len(), 50);
    }

    #[test]
    fn filters_stand_below_each_other_above_the_slot() {
        let wallet = Rect::from_min_size(Pos2::ZERO, metric::wallet(2));
        let (first, second, slot) = (filter_rect(wallet, 0), filter_rect(wallet, 1), slot_rect(wallet, 2));
        assert!(first.bottom() < second.top() && second.bottom() < slot.top());
        assert_eq!(slot.bottom() + metric::WALLET_PADDING, wallet.bottom());
    }
}
