//! What the evaluation of rules may cost, so that a hostile rule ends soon.
//!
//! Each turn of a loop costs what it copies, and whatever can grow faster than its rule is long is measured. The count
//! belongs to the thread: rules are evaluated one after the other.

use std::cell::Cell;

use kube_cel::cel::{ExecutionError, Value};

/// What all rules of one object may cost together: about a second in the worst case.
const OF_OBJECT: u64 = 2_000_000;
/// What one of them may cost. Real rules take a few hundred.
const OF_RULE: u64 = 500_000;

/// How a cost that is beyond the budget is called.
const OVER: &str = "it would take too long";

thread_local! {
    static LEFT: Cell<u64> = const { Cell::new(0) };
    /// What is left of it for the rule that runs.
    static LEFT_OF_RULE: Cell<u64> = const { Cell::new(0) };
    /// What one turn of a loop costs by itself: the size of what the rules look at.
    static TURN: Cell<u64> = const { Cell::new(1) };
}

/// Starts anew, for rules over a value of this size.
pub(super) fn start(size: u64) {
    LEFT.set(OF_OBJECT);
    TURN.set(1 + size / 1024);
}

/// Starts a rule over that value.
pub(super) fn start_rule() {
    LEFT_OF_RULE.set(OF_RULE.min(LEFT.get()));
}

/// Tells whether an error says that the budget was used up.
pub(super) fn is_over(err: &ExecutionError) -> bool {
    matches!(err, ExecutionError::FunctionError { message, .. } if message == OVER)
}

/// Takes `cost` off what is left.
pub(super) fn charge(cost: u64) -> Result<(), ExecutionError> {
    let left = LEFT_OF_RULE.get();
    let paid = cost.min(left);
    LEFT_OF_RULE.set(left - paid);
    LEFT.set(LEFT.get().saturating_sub(paid));
    if paid < cost { Err(over()) } else { Ok(()) }
}

/// Takes the cost of one turn of a loop off.
pub(super) fn charge_turn() -> Result<(), ExecutionError> {
    charge(TURN.get())
}

/// The error of what is never tried.
pub(super) fn over() -> ExecutionError {
    ExecutionError::function_error("rule", OVER)
}

/// What it costs to copy `value`.
pub(super) fn size(value: &Value) -> u64 {
    match value {
        Value::List(items) => 1 + items.iter().map(size).sum::<u64>(),
        Value::Map(map) => 1 + map.map.values().map(|value| 1 + size(value)).sum::<u64>(),
        Value::String(text) => 1 + text.len() as u64 / 16,
        Value::Bytes(bytes) => 1 + bytes.len() as u64 / 16,
        _ => 1,
    }
}
