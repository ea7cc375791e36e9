//! What a user can ask of a design: one command is one undo step.

use std::sync::Arc;

use super::gesture::Subject;
use super::reorder::Reorder;
use crate::istio::Version;
use crate::model::{ComponentId, ComponentKind, Design, FieldPath, Fix, IdSeed, Position, Value};

/// Where a new or moved component goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Destination {
    /// On the free canvas, in no wallet. `None`: the layout finds a place.
    Canvas(Option<Position>),
    /// Into a wallet's chain, at this place (0 runs first; beyond the end is the end).
    Wallet {
        /// A WasmPlugin or EnvoyFilter.
        wallet: ComponentId,
        /// Place in the chain.
        place: usize,
    },
    /// Into the frame of a Namespace, at this position.
    Frame {
        /// The Namespace component.
        namespace: ComponentId,
        /// Centre of the card; `None`: the layout finds a place.
        position: Option<Position>,
    },
}

/// One gesture on the design. Ids come with it, so that the core makes none.
#[derive(Clone, Debug, PartialEq)]
pub enum EditCommand {
    /// Adds a component of a kind that the registry knows.
    AddComponent {
        /// What.
        kind: ComponentKind,
        /// Where.
        destination: Destination,
        /// Gives the new id.
        seed: IdSeed,
    },
    /// Sets a field. A module field of a plugin with filters goes to its filter (`policy.md`, step 4).
    SetField {
        /// Whose.
        id: ComponentId,
        /// From the component's root. An index one past the end of a list appends.
        path: FieldPath,
        /// The new value.
        value: Value,
    },
    /// Removes a field or a list item: back to "not set".
    UnsetField {
        /// Whose.
        id: ComponentId,
        /// From the component's root.
        path: FieldPath,
    },
    /// Gives a key of a mapping another name, at the same place.
    RenameKey {
        /// Whose.
        id: ComponentId,
        /// Path of the entry.
        path: FieldPath,
        /// The new key.
        key: String,
    },
    /// Replaces the whole configuration by what the YAML tab holds; lowered to one edit for each changed path.
    ReplaceConfiguration {
        /// Whose.
        id: ComponentId,
        /// The new configuration.
        configuration: Value,
    },
    /// Sets `displayName` and, where the kind has it, `metadata.name` together.
    Rename {
        /// Which.
        id: ComponentId,
        /// The new name.
        name: String,
    },
    /// Moves cards on the canvas; filters in wallets move with their plugin and are not named here.
    Move {
        /// New centres.
        moves: Vec<(ComponentId, Position)>,
    },
    /// Puts components elsewhere: into a wallet, out of one, within one, into or out of a frame.
    Place {
        /// Which, in the order that they keep.
        ids: Vec<ComponentId>,
        /// Where; several on the canvas keep their distances to the first.
        destination: Destination,
    },
    /// Puts a plugin elsewhere among the plugins of a chain, by the priorities and the phase that
    /// [`super::reorder()`] answers with.
    ReorderPlugin(Reorder),
    /// Deletes components; a plugin's filters go with it unless they are kept.
    Delete {
        /// Which.
        ids: Vec<ComponentId>,
        /// "Delete, keep filters".
        keep_filters: bool,
    },
    /// Makes copies beside the originals; a filter's copy comes directly after it in its chain.
    Duplicate {
        /// Which.
        ids: Vec<ComponentId>,
        /// Gives the new ids.
        seed: IdSeed,
    },
    /// Puts a fragment, a design or an import of manifests into this design (`product.md`, Clipboard).
    Paste {
        /// What was read from the clipboard.
        fragment: Arc<Design>,
        /// Identification runs among the pasted components: for manifests and whole designs only.
        identify: bool,
        /// Centre of what is pasted; `None`: beside where it was copied.
        position: Option<Position>,
        /// Gives the new ids.
        seed: IdSeed,
    },
    /// Mends a finding.
    ApplyFix {
        /// The finding's fix.
        fix: Fix,
    },
    /// Keeps the component's body out of exports, or puts it back.
    SetReferenceOnly {
        /// Which.
        id: ComponentId,
        /// Whether the body is kept out.
        reference_only: bool,
    },
    /// Makes a joined filter of a hand-written Wasm entry of an EnvoyFilter; nothing in the entry changes.
    MakeFilterFromPatch {
        /// The EnvoyFilter.
        envoy_filter: ComponentId,
        /// Index in `spec.configPatches`.
        entry: usize,
        /// Gives the new id.
        seed: IdSeed,
    },
    /// Makes the parent that a component names and that is not in the design, and joins every component that names it.
    MakeParent {
        /// One that names it.
        child: ComponentId,
        /// The kind of the parent.
        kind: ComponentKind,
        /// Gives the new id.
        seed: IdSeed,
    },
    /// Sets the design's `name`.
    RenameDesign {
        /// The new name.
        name: String,
    },
    /// Sets the version of Istio that the design is for.
    SetIstioVersion {
        /// `None`: the newest one that is known.
        version: Option<Version>,
    },
    /// Evaluates the whole design, identification included ("Evaluate now").
    EvaluateNow,
}

impl EditCommand {
    /// The field that the command gives a value, whole; of two such commands in a row the last one counts.
    pub(super) fn subject(&self) -> Option<Subject> {
        match self {
            Self::SetField { id, path, .. } => Some((*id, path.clone())),
            // Removing the same item of a list twice removes two.
            Self::UnsetField { id, path } if path.iter().all(|segment| segment.as_key().is_some()) => {
                Some((*id, path.clone()))
            }
            Self::ReplaceConfiguration { id, .. } => Some((*id, FieldPath::keys(&["configuration"]))),
            _ => None,
        }
    }
}
