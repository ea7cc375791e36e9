//! The version of Istio that a design is for.

use super::{Lowered, Lowering};
use crate::istio::Version;
use crate::model::{Edit, EditError, FieldPath, Map, Target, Value};

impl Lowering<'_, '_> {
    /// Writes the version, or takes it away: then the newest one that is known counts. What is empty afterwards goes too.
    pub(super) fn set_istio_version(&mut self, version: Option<Version>) -> Result<Lowered, EditError> {
        let billfold = FieldPath::keys(&["metadata", "billfold"]);
        let head = self.tx.design().head();
        let is_alone = head.get(&billfold).and_then(Value::as_map).is_none_or(|it| it.iter().count() <= 1);
        let written = self.tx.design().istio_version().map(str::to_owned);
        let (path, value) = match version {
            Some(version) => (billfold.child("istioVersion"), Some(version.to_string())),
            None if is_alone => (billfold, None),
            None => (billfold.child("istioVersion"), None),
        };
        let is_there = head.get(&path).is_some();
        if written != value && (value.is_some() || is_there) {
            let set = |path, value| Edit::SetField { target: Target::Design, path, value, place: None };
            // Something of another kind in the way is replaced: nothing else reads it.
            if value.is_some() && head.at(&["metadata", "billfold"]).is_some_and(|it| it.as_map().is_none()) {
                let above = FieldPath::keys(&["metadata", "billfold"]);
                self.tx.apply(set(above, Some(Value::Map(Map::new()))))?;
            }
            self.tx.apply(set(path, value.map(Value::from)))?;
        }
        Ok(Lowered::new(match version {
            Some(version) => format!("Set the target to Istio {version}"),
            None => "Set the target to the newest Istio".to_owned(),
        }))
    }
}
