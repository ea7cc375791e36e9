//! The inspector, by role and label.
