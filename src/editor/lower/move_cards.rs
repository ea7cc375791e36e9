//! Moving cards on the canvas: only what moves gets a stored position.

use indexmap::IndexMap;

use crate::model::{ComponentId, Edit, EditError, FieldPath, Position, Value};

use crate::registry::styles;

use super::{Lowered, Lowering, in_words};

impl Lowering<'_, '_> {
    /// Gives cards new centres. The frame of a Namespace takes its members along.
    pub(super) fn move_cards(&mut self, moves: &[(ComponentId, Position)]) -> Result<Lowered, EditError> {
        let mut targets: IndexMap<ComponentId, Position, foldhash::fast::FixedState> =
            moves.iter().copied().collect();
        for (namespace, to) in moves {
            let Some(from) = self.component(*namespace)?.position() else { continue };
            for member in self.tx.design().members(*namespace) {
                // A member that is named itself goes where it was told to.
                let Some(at) = self.component(member.from)?.position() else { continue };
                targets
                    .entry(member.from)
                    .or_insert(Position::new(at.x + to.x - from.x, at.y + to.y - from.y));
            }
        }
        let names: Vec<String> =
            moves.iter().map(|(id, _)| self.name(*id)).collect::<Result<_, EditError>>()?;
        for (id, position) in targets {
            self.set_position(id, position)?;
        }
        Ok(Lowered::new(format!("Move {}", in_words(&names))))
    }

    /// Stores a card's centre, unless it is there already. A position that is no number is left as it is.
    pub(super) fn set_position(&mut self, id: ComponentId, position: Position) -> Result<(), EditError> {
        let in_reach = |coordinate: f64| coordinate.is_finite() && coordinate.abs() <= Position::LIMIT;
        if !(in_reach(position.x) && in_reach(position.y)) {
            return Err(EditError::Refused("this place is too far away".to_owned()));
        }
        let component = self.component(id)?;
        let value = position.to_value();
        let definition = self.registry.component(component.kind()).map(|definition| &**definition);
        let present = component.tree().at(&["styles"]);
        let edits = match present.map(|styles| (styles, styles.at(&["position"]))) {
            Some((_, Some(present @ Value::Map(_)))) => ["x", "y"]
                .into_iter()
                .filter_map(|axis| {
                    let coordinate = value.at(&[axis])?;
                    let is_there = present.at(&[axis]).is_some_and(|present| present.equivalent(coordinate));
                    let path = FieldPath::keys(&["styles", "position", axis]);
                    (!is_there).then(|| Edit::set(id, path, coordinate.clone()))
                })
                .collect(),
            Some((Value::Map(_), _)) => vec![Edit::set(id, FieldPath::keys(&["styles", "position"]), value)],
            _ => vec![Edit::set(id, FieldPath::keys(&["styles"]), styles(definition, Some(position)))],
        };
        edits.into_iter().try_for_each(|edit| self.tx.apply(edit))
    }
}
