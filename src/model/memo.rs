//! A place for what has been worked out from a value, until the value changes.

use std::any::Any;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// Keeps one thing that was worked out, of whatever type: who owns the memo need not know what others ask of it.
/// Copies share it.
///
/// It is no part of the value that it belongs to: all memos are equal.
#[derive(Clone, Default)]
pub(super) struct Memo(OnceLock<Arc<dyn Any + Send + Sync>>);

/// What was worked out: in its place, or made anew as something else is kept there.
#[derive(Debug)]
pub enum Kept<'a, T> {
    /// It is kept.
    There(&'a T),
    /// It was made for this question.
    Fresh(T),
}

impl<T> Deref for Kept<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::There(kept) => kept,
            Self::Fresh(fresh) => fresh,
        }
    }
}

impl Memo {
    /// What was worked out before, or what `make` gives now. There is one place: when a thing of another type is kept
    /// there, this one is made anew each time.
    pub(super) fn get<T: Any + Send + Sync>(&self, make: impl Fn() -> T) -> Kept<'_, T> {
        let kept = self.0.get_or_init(|| Arc::new(make()));
        kept.downcast_ref().map_or_else(|| Kept::Fresh(make()), Kept::There)
    }

    /// What is kept, if it is of this type.
    pub(super) fn peek<T: Any>(&self) -> Option<&T> {
        self.0.get()?.downcast_ref()
    }

    /// Keeps `value`, unless something is kept already.
    pub(super) fn keep<T: Any + Send + Sync>(&self, value: T) {
        self.0.get_or_init(|| Arc::new(value));
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memo")
    }
}

impl PartialEq for Memo {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_worked_out_once() {
        let memo = Memo::default();
        assert_eq!(*memo.get(|| 1), 1);
        assert_eq!(*memo.get(|| 2), 1);
        assert_eq!(*memo.get(|| "other"), "other");
        assert_eq!(*memo.clone().get(|| 3), 1);
        memo.keep(4);
        assert_eq!((memo.peek(), memo.peek::<&str>()), (Some(&1), None));
    }
}
