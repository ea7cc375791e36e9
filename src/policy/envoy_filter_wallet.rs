//! The EnvoyFilter as a wallet: each filter owns one entry of its patches.

use super::engine::Engine;
use super::units::Unit;

impl<'e> Engine<'e, '_> {
    /// Lets each filter's module group stand in its own entry.
    pub(super) fn settle_entries(&mut self, _unit: &Unit<'e>) {}
}
