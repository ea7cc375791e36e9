//! Small shared controls.
