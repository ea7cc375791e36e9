//! Tests of reading and writing: tables first, laws in `properties`.

mod errors;
mod limits;
mod positions;
mod properties;
mod reading;
mod writing;

use super::*;

/// The only document of `text`, as compact JSON.
fn read(text: &str) -> String {
    match parse(text) {
        Ok(parsed) => {
            let documents: Vec<_> =
                parsed.documents.iter().map(|document| emit_json_compact(&document.value)).collect();
            documents.join(" / ")
        }
        Err(err) => format!("error at {err}"),
    }
}

/// The first document's tree.
fn tree(text: &str) -> Value {
    parse(text).unwrap().into_first().unwrap().value
}
