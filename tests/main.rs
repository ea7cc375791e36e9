//! The one integration test binary: every file beside this one is a module of it.
//!
//! One binary links once, so a new test file costs no link. `architecture.rs` holds that none is forgotten here.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what failed by panicking")]

mod architecture;
mod chain;
mod check;
mod cli;
mod definitions;
mod differential;
mod formats;
mod fuzz;
mod journey;
mod licences;
mod meshery;
mod naive;
mod no_leaks;
mod properties;
mod readme;
mod reference;
mod rules;
mod samples;
mod saves;
mod schema;
mod source;
mod tree;
mod webhook;
#[cfg(feature = "gui")]
mod ui;
#[cfg(all(feature = "gui", target_os = "linux"))]
mod window;
