//! The facts about one module.

use std::collections::BTreeSet;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use wasmparser::{BinaryReaderError, Encoding, Parser, Payload, ProducersSectionReader, TypeRef};

use super::AbiVersion;

/// A function that a module wants from its host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    /// `env`, `wasi_snapshot_preview1`.
    pub module: String,
    /// The function's name.
    pub name: String,
}

/// `env.proxy_log`.
impl std::fmt::Display for Import {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.module, self.name)
    }
}

/// A tool that had a part in making a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Producer {
    /// `language`, `processed-by` or `sdk`.
    pub role: String,
    /// `Rust`, `TinyGo`.
    pub name: String,
    /// Its version, as it says.
    pub version: String,
}

/// What a module says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModuleInfo {
    /// Size in bytes.
    pub size: usize,
    /// The SHA-256 of the bytes, in lower-case hexadecimal digits.
    pub sha256: String,
    /// The versions of Proxy-Wasm that it says it speaks, oldest first.
    pub abi_versions: Vec<AbiVersion>,
    /// The functions that it wants from its host, sorted, each once.
    pub imports: Vec<Import>,
    /// Imports that are no functions: memories, tables, globals.
    pub other_imports: Vec<Import>,
    /// The names of the functions that it offers.
    pub functions: BTreeSet<String>,
    /// Names of custom sections, in their order.
    pub sections: Vec<String>,
    /// What it was made with.
    pub producers: Vec<Producer>,
}

/// Why bytes are no module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModuleError {
    /// There is nothing.
    #[error("it is empty")]
    Empty,
    /// The first four bytes are others.
    #[error("it does not begin as a Wasm module does: {0}")]
    Magic(&'static str),
    /// A WebAssembly component, which only other hosts run.
    #[error("it is a WebAssembly component, not a core module")]
    Component,
    /// It ends early, or makes no sense somewhere.
    #[error("it cannot be read: {message} at byte {offset}")]
    Malformed {
        /// Where.
        offset: u64,
        /// What.
        message: String,
    },
}

/// What became of reading a module.
pub type ModuleFact = Result<Arc<ModuleInfo>, ModuleError>;

const MAGIC: &[u8] = b"\0asm";

impl ModuleInfo {
    /// Reads a module. Its code is not looked at.
    pub fn read(bytes: &[u8]) -> Result<Self, ModuleError> {
        if bytes.is_empty() {
            return Err(ModuleError::Empty);
        }
        if !bytes.starts_with(MAGIC) {
            return Err(ModuleError::Magic(guess(bytes)));
        }
        let mut info =
            Self { size: bytes.len(), sha256: hexadecimal(&Sha256::digest(bytes)), ..Self::default() };
        for payload in Parser::new(0).parse_all(bytes) {
            info.add(payload?)?;
        }
        info.imports.sort_unstable();
        info.imports.dedup();
        let has = |abi: &AbiVersion| info.functions.contains(abi.marker());
        info.abi_versions = AbiVersion::ALL.into_iter().filter(has).collect();
        Ok(info)
    }

    fn add(&mut self, payload: Payload<'_>) -> Result<(), ModuleError> {
        match payload {
            Payload::Version { encoding: Encoding::Component, .. } => return Err(ModuleError::Component),
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    let is_function = matches!(import.ty, TypeRef::Func(_) | TypeRef::FuncExact(_));
                    let list = if is_function { &mut self.imports } else { &mut self.other_imports };
                    list.push(Import { module: import.module.to_owned(), name: import.name.to_owned() });
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if matches!(
                        export.kind,
                        wasmparser::ExternalKind::Func | wasmparser::ExternalKind::FuncExact
                    ) {
                        self.functions.insert(export.name.to_owned());
                    }
                }
            }
            Payload::UnknownSection { id, range, .. } => {
                let message = format!("there is no section of kind {id}");
                return Err(ModuleError::Malformed { offset: range.start, message });
            }
            Payload::CustomSection(section) => {
                self.sections.push(section.name().to_owned());
                if section.name() == "producers" {
                    let reader = wasmparser::BinaryReader::new(section.data(), section.data_offset());
                    // What tools say of themselves keeps no module from running.
                    self.producers.extend(producers(reader).unwrap_or_default());
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The version that Envoy's host takes: of several the newest.
    pub fn abi(&self) -> Option<AbiVersion> {
        self.abi_versions.last().copied()
    }

    /// Tells whether the host can ask it for memory; without that Envoy refuses it.
    pub fn has_allocator(&self) -> bool {
        ["malloc", "proxy_on_memory_allocate"].iter().any(|name| self.functions.contains(*name))
    }

    /// Tells whether it offers a callback of HTTP streams.
    pub fn handles_http(&self) -> bool {
        self.has_callback(&["proxy_on_request_", "proxy_on_response_"])
    }

    /// Tells whether it offers a callback of connections.
    pub fn handles_connections(&self) -> bool {
        self.has_callback(&[
            "proxy_on_new_connection",
            "proxy_on_downstream_data",
            "proxy_on_upstream_data",
            "proxy_on_downstream_connection_close",
            "proxy_on_upstream_connection_close",
        ])
    }

    fn has_callback(&self, beginnings: &[&str]) -> bool {
        self.functions.iter().any(|name| beginnings.iter().any(|beginning| name.starts_with(beginning)))
    }

    /// Tells whether it has anything of Proxy-Wasm: a marker, a callback, or an import.
    pub fn is_proxy_wasm(&self) -> bool {
        let is_ours = |name: &String| name.starts_with("proxy_");
        self.functions.iter().any(is_ours) || self.imports.iter().map(|import| &import.name).any(is_ours)
    }
}

impl From<BinaryReaderError> for ModuleError {
    fn from(err: BinaryReaderError) -> Self {
        Self::Malformed { offset: err.offset(), message: err.message().to_owned() }
    }
}

fn producers(reader: wasmparser::BinaryReader<'_>) -> Result<Vec<Producer>, BinaryReaderError> {
    let mut found = Vec::new();
    for field in ProducersSectionReader::new(reader)? {
        let field = field?;
        for value in field.values {
            let value = value?;
            found.push(Producer {
                role: field.name.to_owned(),
                name: value.name.to_owned(),
                version: value.version.to_owned(),
            });
        }
    }
    Ok(found)
}

/// What bytes that are no module probably are.
fn guess(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x1f, 0x8b, ..] => "it is gzip, unpack it first",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "it is zstd, unpack it first",
        [b'(', ..] => "it is the text form of a module",
        [b'{', ..] => "it is JSON",
        [b'<', ..] => "it is HTML or XML, perhaps the error page of a download",
        bytes if bytes.get(257..262) == Some(b"ustar") => "it is a tar archive, unpack it first",
        bytes if MAGIC.starts_with(bytes) => "it ends after a few bytes",
        bytes if bytes.starts_with(b"AGFzbQ") => "it is base64 of a module",
        _ => "its first bytes are others",
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests;
