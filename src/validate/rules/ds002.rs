//! DS002: a filter outside any wallet never runs.

use super::rule::Rule;
use crate::model::{
    Component, ComponentId, ComponentKind, Design, Diagnostic, Edit, FieldPath, Location, Status,
};
use crate::validate::Context;
use crate::wallet::relationship;

/// Half of a wallet card's usual size in Meshery's units: how near a filter must lie to count as lying on the card.
const CARD_REACH: (f64, f64) = (18.0, 16.0);

pub(super) const RULE: Rule = Rule::of_design(&["DS002"], check);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let design = context.design;
    for filter in design.of_kind(&ComponentKind::WASM_FILTER) {
        if design.wallet_of(filter.id()).is_some() {
            continue;
        }
        let location = Location::component(filter.id(), FieldPath::root());
        let mut finding = Diagnostic::new("DS002", location, "filter is in no wallet: it never runs");
        if let Some(wallet) = former_wallet(design, filter.id()).or_else(|| wallet_under(design, filter)) {
            let relationship = relationship::wallet(design, filter.id(), wallet);
            if let Some(relationship) = relationship {
                let edit = Edit::AddRelationship { index: None, relationship: relationship.into() };
                finding = finding.with_fix(format!("Put into {}", design.name_of(wallet)), vec![edit]);
            }
        }
        found.push(finding);
    }
}

/// The wallet of a `deleted` wallet relationship of this filter.
fn former_wallet(design: &Design, filter: ComponentId) -> Option<ComponentId> {
    design
        .links_from(filter)
        .into_iter()
        .find(|link| {
            design
                .relationship(link.relationship)
                .is_some_and(|it| it.is_wallet() && it.status() == Status::Deleted)
                && design.component(link.to).is_some_and(|parent| parent.kind().is_wallet())
        })
        .map(|link| link.to)
}

/// The wallet whose card lies under the filter's stored position, the nearest one.
fn wallet_under(design: &Design, filter: &Component) -> Option<ComponentId> {
    let here = filter.position()?;
    design
        .components()
        .filter(|component| component.kind().is_wallet())
        .filter_map(|wallet| {
            let there = wallet.position()?;
            let (dx, dy) = ((here.x - there.x).abs(), (here.y - there.y).abs());
            (dx <= CARD_REACH.0 && dy <= CARD_REACH.1).then_some((dx + dy, wallet.id()))
        })
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, id)| id)
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{check, fixes};

    #[test]
    fn a_loose_filter_is_reported() {
        check("DS002", "plugin p\nfilter f wasmFilter=x\nfilter g in=p wasmFilter=y\n", &["f "]);
    }

    #[test]
    fn the_fix_is_the_plugin_under_it() {
        let design = "plugin p at=0,0\nplugin q at=100,0\nfilter f wasmFilter=x at=95,3\nfilter g at=50,50\n";
        assert_eq!(fixes("DS002", design), ["Put into q"]);
    }
}
