# Short names for what this project does often. `just` lists them.

_list:
    @just --list

# Open the window on a design.
run design="designs/edge-security.yaml":
    cargo run --release -- {{design}}

# Every test; `just test wallet` those with that in their name.
test filter="":
    cargo test {{filter}}

# Format and lint as CI does.
lint:
    cargo fmt
    cargo clippy --all-targets -- -D warnings
    cargo clippy --all-targets --no-default-features -- -D warnings

# Measure; benches/README.md says what the numbers mean.
bench filter="":
    cargo bench {{filter}}

# Feed one entry point with random input for a while (needs nightly and cargo-fuzz).
fuzz target="open" seconds="60":
    cargo +nightly fuzz run {{target}} -- -max_total_time={{seconds}}

# Make docs/rules.md anew, of the table of codes and the files in tests/fixtures/rules.
rules:
    BILLFOLD_WRITE_DOCS=1 cargo test --no-default-features --test main reference::

# Take the pictures of the README again (needs Xvfb and ImageMagick).
screenshots:
    .ci/screenshots

# All that has to hold before a change lands.
ci:
    .ci/run
