//! The program: a window without a subcommand, the command line with one.

fn main() {}
