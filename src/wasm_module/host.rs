//! What Envoy's host gives to a module: the functions that a module may import.
//!
//! An import that is not here keeps the module from being loaded ("missing import"). From the tables of the C++ host.

use super::AbiVersion;
use super::module_info::Import;

/// Functions of `env` that every version of the ABI has, without their prefix `proxy_`.
const COMMON: &[&str] = &[
    "add_header_map_value",
    "call_foreign_function",
    "define_metric",
    "dequeue_shared_queue",
    "done",
    "enqueue_shared_queue",
    "get_buffer_bytes",
    "get_buffer_status",
    "get_current_time_nanoseconds",
    "get_header_map_pairs",
    "get_header_map_size",
    "get_header_map_value",
    "get_metric",
    "get_property",
    "get_shared_data",
    "get_status",
    "grpc_call",
    "grpc_cancel",
    "grpc_close",
    "grpc_send",
    "grpc_stream",
    "http_call",
    "increment_metric",
    "log",
    "record_metric",
    "register_shared_queue",
    "remove_header_map_value",
    "replace_header_map_value",
    "resolve_shared_queue",
    "send_local_response",
    "set_buffer_bytes",
    "set_effective_context",
    "set_header_map_pairs",
    "set_property",
    "set_shared_data",
    "set_tick_period_milliseconds",
];

/// Functions of `env` beside those of Proxy-Wasm.
const EMSCRIPTEN: &[&str] = &["emscripten_notify_memory_growth", "pthread_equal"];

/// WASI functions that every Envoy with Wasm has, sorted.
const WASI: &[&str] = &[
    "args_get",
    "args_sizes_get",
    "clock_time_get",
    "environ_get",
    "environ_sizes_get",
    "fd_close",
    "fd_fdstat_get",
    "fd_prestat_dir_name",
    "fd_prestat_get",
    "fd_read",
    "fd_seek",
    "fd_write",
    "path_open",
    "proc_exit",
    "random_get",
];

/// The other functions of WASI preview 1, sorted: Envoy has them since 1.33, most of them as stubs.
const LATER_WASI: &[&str] = &[
    "clock_res_get",
    "fd_advise",
    "fd_allocate",
    "fd_datasync",
    "fd_fdstat_set_flags",
    "fd_fdstat_set_rights",
    "fd_filestat_get",
    "fd_filestat_set_size",
    "fd_filestat_set_times",
    "fd_pread",
    "fd_pwrite",
    "fd_readdir",
    "fd_renumber",
    "fd_sync",
    "fd_tell",
    "path_create_directory",
    "path_filestat_get",
    "path_filestat_set_times",
    "path_link",
    "path_readlink",
    "path_remove_directory",
    "path_rename",
    "path_symlink",
    "path_unlink_file",
    "poll_oneoff",
    "proc_raise",
    "sched_yield",
    "sock_accept",
    "sock_recv",
    "sock_send",
    "sock_shutdown",
];

/// What becomes of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// Every host has it.
    Everywhere,
    /// Hosts since Envoy 1.33 have it.
    SinceEnvoy133,
    /// No host has it: the module cannot be loaded.
    Nowhere,
}

/// What becomes of `import` in a module that speaks `abi`.
pub fn resolve(import: &Import, abi: AbiVersion) -> Resolution {
    let is_in = |names: &[&str], name: &str| names.binary_search(&name).is_ok();
    match &*import.module {
        "env" => {
            let is_there = match import.name.strip_prefix("proxy_") {
                Some(name) => is_in(COMMON, name) || is_in(extras(abi), name),
                None => is_in(EMSCRIPTEN, &import.name),
            };
            if is_there { Resolution::Everywhere } else { Resolution::Nowhere }
        }
        "wasi_snapshot_preview1" | "wasi_unstable" => {
            if is_in(WASI, &import.name) {
                Resolution::Everywhere
            } else if is_in(LATER_WASI, &import.name) {
                Resolution::SinceEnvoy133
            } else {
                Resolution::Nowhere
            }
        }
        _ => Resolution::Nowhere,
    }
}

/// Functions that only one version has, without their prefix, sorted.
fn extras(abi: AbiVersion) -> &'static [&'static str] {
    match abi {
        AbiVersion::V0_1_0 => {
            &["clear_route_cache", "continue_request", "continue_response", "get_configuration"]
        }
        AbiVersion::V0_2_0 => &["close_stream", "continue_stream"],
        AbiVersion::V0_2_1 => &["close_stream", "continue_stream", "get_log_level"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        for names in [COMMON, EMSCRIPTEN, WASI, LATER_WASI] {
            assert!(names.windows(2).all(|pair| pair[0] < pair[1]));
        }
        for abi in AbiVersion::ALL {
            assert!(extras(abi).windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    #[test]
    fn an_import_is_there_everywhere_later_or_never() {
        let resolution = |module: &str, name: &str, abi| {
            resolve(&Import { module: module.to_owned(), name: name.to_owned() }, abi)
        };
        assert_eq!(resolution("env", "proxy_log", AbiVersion::V0_1_0), Resolution::Everywhere);
        assert_eq!(resolution("env", "proxy_get_log_level", AbiVersion::V0_2_1), Resolution::Everywhere);
        assert_eq!(resolution("env", "proxy_get_log_level", AbiVersion::V0_2_0), Resolution::Nowhere);
        assert_eq!(resolution("env", "log", AbiVersion::V0_2_1), Resolution::Nowhere);
        assert_eq!(resolution("env", "pthread_equal", AbiVersion::V0_2_1), Resolution::Everywhere);
        assert_eq!(
            resolution("wasi_snapshot_preview1", "poll_oneoff", AbiVersion::V0_2_0),
            Resolution::SinceEnvoy133
        );
        assert_eq!(resolution("wasi_unstable", "fd_write", AbiVersion::V0_2_0), Resolution::Everywhere);
        assert_eq!(resolution("wasi_unstable", "fd_explode", AbiVersion::V0_2_0), Resolution::Nowhere);
        assert_eq!(resolution("gojs", "runtime.wasmExit", AbiVersion::V0_2_0), Resolution::Nowhere);
    }
}
