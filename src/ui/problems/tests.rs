//! The list of findings, by role and label.
