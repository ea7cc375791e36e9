//! The program as its users meet it: the real window on a screen of its own, a real mouse, a real keyboard.
//!
//! Places are found by name through the accessibility tree, as a screen reader finds them; every wait is for something
//! that can be seen, and ends after a while with a picture of the screen.

mod access;
mod picture;
mod screen;

use std::path::Path;

use screen::Screen;

const MODULE: &str = "oci://reg.example.com/filters/add-header@sha256:\
                      6a1c0e9f5b3d48a27c91e04fd2b86a35170c9be8f4d2a6537b81e0c5d94f3a72";

const PLUGIN: &str = "WasmPlugin wasm-plugin-1, 1 filter";
const FILTER: &str = "WasmFilter wasm-filter-1, 1 of 1 in wasm-plugin-1";

#[test]
fn a_design_is_drawn_with_the_mouse_exported_saved_opened_again_and_taken_back() {
    let mut screen = Screen::new();
    let folder = screen.folder().to_path_buf();
    let (design, manifests, copy) =
        (folder.join("journey.yaml"), folder.join("manifests.yaml"), folder.join("copy.yaml"));

    // Drag a plugin onto the canvas, and a filter into it.
    screen.start(&[]);
    screen.click("New design");
    screen.drag("Add WasmPlugin", "Canvas", "WasmPlugin");
    screen.wait_for("WasmPlugin wasm-plugin-1, no filters");
    screen.drag("Add WasmFilter", "WasmPlugin wasm-plugin-1, no filters", "no. 1");
    screen.wait_for(FILTER);

    // Give the filter a module: the plugin's manifest is there. Set the phase: the manifest has it.
    screen.click(FILTER);
    screen.type_into("Module", MODULE);
    screen.wait_for(&format!("  url: {MODULE}"));
    screen.click_top(PLUGIN);
    screen.choose("Phase", "STATS");
    screen.wait_for("  phase: STATS");

    screen.keys("ctrl+s");
    screen.enter_path(&design);
    screen.wait_for_title("journey.yaml — Billfold");
    screen.keys("ctrl+e");
    screen.enter_path(&manifests);
    let exported = screen.wait_for_file(&manifests);
    assert_eq!(exported, include_str!("fixtures/window/manifests.yaml"), "the exported file");
    screen.keys("ctrl+q");
    screen.wait_for_end();

    // Open it again: all of it is there. Change it, and take everything back.
    screen.start(&[path_text(&design)]);
    let reopened = "WasmPlugin wasm-plugin-1, STATS, 1 filter";
    screen.wait_for(reopened);
    screen.wait_for(FILTER);
    screen.wait_for_title("journey.yaml — Billfold");
    screen.drag("Add WasmFilter", reopened, "no. 2");
    screen.wait_for("WasmFilter wasm-filter-2, 2 of 2 in wasm-plugin-1");
    screen.wait_for_title("journey.yaml ● — Billfold");
    screen.keys("ctrl+k");
    screen.type_into_focused("Search actions and components", "undo all");
    screen.keys("Return");
    screen.wait_for(FILTER);
    screen.wait_for_title("journey.yaml — Billfold");
    screen.keys("ctrl+shift+s");
    screen.enter_path(&copy);
    screen.wait_for_title("copy.yaml — Billfold");
    let (before, after) = (screen.wait_for_file(&design), screen.wait_for_file(&copy));
    assert!(before.contains("phase: STATS"), "the saved design has no phase:\n{before}");
    assert_eq!(before, after, "taking everything back leaves something");
    screen.keys("ctrl+q");
    screen.wait_for_end();
}

fn path_text(path: &Path) -> &str {
    path.to_str().expect("the folder for temporary files has a name in UTF-8")
}
