//! Identities of the things in a design.
//!
//! An id is a UUID. A file may hold any text as an id: text that is no UUID is mapped to one by `UUIDv5`, always the
//! same for the same text, and the file keeps its own spelling. This module makes no random ids: callers hand them in.

use std::fmt;

use uuid::Uuid;

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID made by the caller.
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// Returns the id that `text` stands for, or `None` when the text is blank.
            pub fn from_text(text: &str) -> Option<Self> {
                let text = text.trim();
                if text.is_empty() {
                    return None;
                }
                Some(Self(Uuid::try_parse(text).unwrap_or_else(|_| name_uuid(text))))
            }

            /// Returns an id that is the same for the same name, on every machine.
            pub fn from_name(name: &str) -> Self {
                Self(name_uuid(name))
            }

            /// The UUID itself.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    };
}

id_type! {
    /// Identity of a component within one design.
    ComponentId
}

id_type! {
    /// Identity of a relationship within one design.
    RelationshipId
}

/// The `UUIDv5` of `name` in the DNS namespace, as Meshery derives its own ids.
pub fn name_uuid(name: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_DNS, name.as_bytes())
}

/// A source of fresh ids within one gesture: the seed comes from the caller, the rest follows from it.
///
/// The same seed gives the same ids, so that a command can be replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdSeed(pub Uuid);

impl IdSeed {
    /// The id number `n` of this seed; number 0 is the seed itself.
    pub fn id(self, n: usize) -> Uuid {
        if n == 0 { self.0 } else { Uuid::new_v5(&self.0, &n.to_be_bytes()) }
    }

    /// The component id number `n` of this seed.
    pub fn component(self, n: usize) -> ComponentId {
        ComponentId::new(self.id(n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_no_uuid_has_a_stable_id() {
        let upper = ComponentId::from_text("38ED4B60-7E98-4F95-AFEC-C1ED9AD1B7A6").unwrap();
        let lower = ComponentId::from_text("38ed4b60-7e98-4f95-afec-c1ed9ad1b7a6").unwrap();
        assert_eq!(upper, lower);
        assert_eq!(ComponentId::from_text("mine"), ComponentId::from_text(" mine "));
        assert_eq!(ComponentId::from_text("  "), None);
    }

    #[test]
    fn a_seed_gives_distinct_ids_again_and_again() {
        let seed = IdSeed(name_uuid("gesture"));
        assert_eq!(seed.id(0), seed.0);
        assert_ne!(seed.id(1), seed.id(2));
        assert_eq!(seed.id(2), seed.id(2));
    }
}
