//! Modules that are put together byte by byte, and broken ones.

use proptest::prelude::*;

use super::super::testing::{module, section, with_custom};
use super::*;

#[test]
fn a_module_says_what_it_wants_and_offers() {
    let bytes = module(
        &[("env", "proxy_log"), ("wasi_snapshot_preview1", "fd_write"), ("env", "proxy_log")],
        &["proxy_abi_version_0_2_0", "proxy_abi_version_0_2_1", "malloc", "proxy_on_request_headers"],
    );
    let info = ModuleInfo::read(&bytes).unwrap();
    assert_eq!(info.size, bytes.len());
    assert_eq!(info.sha256.len(), 64);
    assert_eq!(info.abi_versions, [AbiVersion::V0_2_0, AbiVersion::V0_2_1]);
    assert_eq!(info.abi(), Some(AbiVersion::V0_2_1));
    let imports: Vec<String> = info.imports.iter().map(ToString::to_string).collect();
    assert_eq!(imports, ["env.proxy_log", "wasi_snapshot_preview1.fd_write"]);
    assert!(info.has_allocator() && info.handles_http() && !info.handles_connections());
    assert!(info.is_proxy_wasm());
}

#[test]
fn the_digest_is_that_of_the_bytes() {
    let info = ModuleInfo::read(b"\0asm\x01\0\0\0").unwrap();
    assert_eq!(info.sha256, "93a44bbb96c751218e4c00d479e4c14358122a389acca16205b1e4d0dc5f9476");
}

#[test]
fn producers_and_other_sections_are_listed() {
    let producers = [&[1, 8][..], b"language", &[1, 4], b"Rust", &[4], b"1.95"].concat();
    let bytes = with_custom(module(&[], &[]), "producers", &producers);
    let bytes = with_custom(bytes, "precompiled_wee8_v9", &[1, 2, 3]);
    let info = ModuleInfo::read(&bytes).unwrap();
    assert_eq!(info.sections, ["producers", "precompiled_wee8_v9"]);
    let made = Producer { role: "language".to_owned(), name: "Rust".to_owned(), version: "1.95".to_owned() };
    assert_eq!(info.producers, [made]);
    let odd = with_custom(module(&[], &[]), "producers", &[9, 9, 9]);
    assert!(ModuleInfo::read(&odd).unwrap().producers.is_empty(), "what tools say breaks nothing");
}

#[test]
fn what_is_no_module_is_said() {
    let message = |bytes: &[u8]| ModuleInfo::read(bytes).unwrap_err().to_string();
    assert_eq!(message(b""), "it is empty");
    assert!(message(b"\0as").contains("ends after a few bytes"));
    assert!(message(b"\x1f\x8b\x08\0").contains("gzip"));
    assert!(message(b"(module)").contains("text form"));
    assert!(message(b"<html>").contains("error page"));
    assert!(message(b"AGFzbQEAAAA=").contains("base64"));
    assert_eq!(ModuleInfo::read(b"\0asm\x0d\0\x01\0"), Err(ModuleError::Component));
    let whole = module(&[("env", "proxy_log")], &["malloc"]);
    assert!(message(&whole[..whole.len() - 3]).starts_with("it cannot be read: "));
    let mut twice = whole.clone();
    twice.extend(section(99, &[]));
    assert!(message(&twice).starts_with("it cannot be read: "));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        tail in proptest::collection::vec(any::<u8>(), 0..200),
        cut in 0..400_usize,
        flips in proptest::collection::vec((0..400_usize, any::<u8>()), 0..6),
    ) {
        let mut bytes = module(&[("env", "proxy_log")], &["malloc", "proxy_abi_version_0_2_1"]);
        bytes.extend(tail);
        bytes.truncate(cut.max(4));
        for (place, byte) in flips {
            if let Some(it) = bytes.get_mut(place) {
                *it = byte;
            }
        }
        drop(ModuleInfo::read(&bytes));
    }
}
