//! A joined filter of a Wasm entry that somebody wrote by hand into an EnvoyFilter.

use crate::model::view::{EnvoyFilterView, PatchEntry, WasmFilterView};
use crate::model::{ComponentId, ComponentKind, Edit, EditError, IdSeed, Map, Relationship, Value};

use crate::policy::relationship;
use crate::wallet::entry::{CODE, EntryConfig, EntryGroup, patch_name};
use crate::wallet::in_notation;

use super::{Lowered, Lowering};

impl Lowering<'_, '_> {
    /// Makes a filter that holds what the entry says, joined to it by name. Nothing in the entry changes.
    pub(super) fn make_filter_from_patch(
        &mut self,
        envoy_filter: ComponentId,
        entry: usize,
        seed: IdSeed,
    ) -> Result<Lowered, EditError> {
        let refused = |reason: &str| EditError::Refused(reason.to_owned());
        let parent = self.name(envoy_filter)?;
        let view = EnvoyFilterView::cast(self.component(envoy_filter)?);
        let entries: Vec<PatchEntry<'_>> = view.map(|view| view.entries().collect()).unwrap_or_default();
        let entry = *entries
            .get(entry)
            .filter(|entry| entry.is_wasm())
            .ok_or_else(|| refused("this entry of configPatches is no Wasm filter any more"))?;
        let patch = entry.name().filter(|name| !name.trim().is_empty());
        let patch = patch.ok_or_else(|| refused("this patch has no name yet; set patch.value.name first"))?;
        if entries.iter().filter(|other| other.name() == Some(patch)).count() > 1 {
            return Err(refused("several patches have this name; give this one a name of its own first"));
        }
        let own_entries = |id: ComponentId| {
            let chain = self.tx.design().chain(id);
            chain.iter().any(|link| {
                let relationship = self.tx.design().relationship(link.relationship);
                relationship.and_then(|it| patch_name(it, link.pair)) == Some(patch)
            })
        };
        if own_entries(envoy_filter) {
            return Err(refused("this patch belongs to a filter already"));
        }
        let configuration = configuration(entry).map_err(refused)?;
        let name = patch.strip_prefix(&format!("{parent}.")).unwrap_or(patch).to_owned();
        let patch = patch.to_owned();
        let kind = ComponentKind::WASM_FILTER;
        let definition = self.registry.component(&kind);
        let definition = definition.ok_or_else(|| refused("this program does not know WASMFilter"))?;

        let id = seed.component(0);
        let component = self.new_component(definition, id, &name, None, configuration);
        self.tx.apply(Edit::AddComponent { index: None, component: component.into() })?;
        let relationship = relationship::wallet(self.tx.design(), id, envoy_filter);
        let relationship = relationship.ok_or_else(|| refused("a filter cannot be joined to this"))?;
        let relationship = owning(&relationship, &patch);
        self.join(None, relationship)?;
        Ok(Lowered::selecting(format!("Make filter {name} from a patch of {parent}"), vec![id]))
    }
}

/// The configuration of a filter that says what the entry says; the reason where no filter can.
fn configuration(entry: PatchEntry<'_>) -> Result<Map, &'static str> {
    let group = EntryGroup::of(entry.value);
    let group = group.ok_or("this patch has neither local nor remote code; set its code first")?;
    let mut configuration = Map::new();
    configuration.insert(WasmFilterView::URL, group.source.into());
    match group.config {
        None => {}
        Some(EntryConfig::Text(text)) => {
            configuration.insert(WasmFilterView::CONFIG, text.into());
        }
        Some(EntryConfig::Mapping(map)) => {
            configuration.insert(WasmFilterView::CONFIG, in_notation(&map, None));
        }
        Some(EntryConfig::Other(_)) => {
            return Err("the configuration of this patch is of a type that a filter cannot give");
        }
    }
    let sha256 = entry.value.at(&CODE).and_then(|code| code.text_at(&["remote", "sha256"]));
    if let Some(sha256) = sha256.filter(|text| !text.trim().is_empty()) {
        configuration.insert(WasmFilterView::SHA256, sha256.into());
    }
    if let Some(root_id) = group.root_id {
        configuration.insert(WasmFilterView::PLUGIN_NAME, root_id.into());
    }
    Ok(configuration)
}

/// The relationship, owning the entry of this name.
fn owning(relationship: &Relationship, patch: &str) -> Relationship {
    let mut tree = relationship.tree().clone();
    if let Some(tree) = tree.as_map_mut() {
        if !matches!(tree.get("metadata"), Some(Value::Map(_))) {
            tree.insert("metadata", Value::Map(Map::new()));
        }
        if let Some(metadata) = tree.get_mut("metadata").and_then(Value::as_map_mut) {
            metadata.insert("billfold", Value::from([("patch", patch.into())]));
        }
    }
    Relationship::from_tree(relationship.id(), tree)
}
