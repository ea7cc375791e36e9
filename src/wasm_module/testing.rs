//! Modules for tests, put together from their sections (WebAssembly core specification, 5.5).

fn number(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(value & 0x7f).unwrap();
        value >>= 7;
        bytes.push(if value == 0 { low } else { low | 0x80 });
        if value == 0 {
            return bytes;
        }
    }
}

fn text(text: &str) -> Vec<u8> {
    [number(text.len()), text.as_bytes().to_vec()].concat()
}

/// A section with its length.
pub(crate) fn section(id: u8, content: &[u8]) -> Vec<u8> {
    [vec![id], number(content.len()), content.to_vec()].concat()
}

/// A module that imports and exports functions of type `[] -> []`; all exports are one empty function.
pub(crate) fn module(imports: &[(&str, &str)], exports: &[&str]) -> Vec<u8> {
    let mut import_section = number(imports.len());
    for (module, name) in imports {
        import_section.extend([text(module), text(name), vec![0, 0]].concat());
    }
    let mut export_section = number(exports.len());
    for name in exports {
        export_section.extend([text(name), vec![0], number(imports.len())].concat());
    }
    [
        b"\0asm\x01\0\0\0".to_vec(),
        section(1, &[1, 0x60, 0, 0]),
        section(2, &import_section),
        section(3, &[1, 0]),
        section(7, &export_section),
        section(10, &[1, 2, 0, 0x0b]),
    ]
    .concat()
}

/// The module with one more custom section.
pub(crate) fn with_custom(mut module: Vec<u8>, name: &str, content: &[u8]) -> Vec<u8> {
    module.extend(section(0, &[text(name), content.to_vec()].concat()));
    module
}
