//! What is on the screen, from the file in which Xvfb keeps its frame buffer (an X window dump, 32 bits a pixel).

use std::path::Path;

/// One look at the screen.
pub(crate) struct Picture {
    width: usize,
    height: usize,
    /// Red, green, blue.
    pixels: Vec<u8>,
}

impl Picture {
    /// Reads the file; `None` if it is not of the one form that Xvfb writes here.
    pub(crate) fn read(file: &Path) -> Option<Self> {
        let dump = std::fs::read(file).ok()?;
        let word = |index: usize| {
            let bytes = dump.get(index * 4..index * 4 + 4)?;
            usize::try_from(u32::from_be_bytes(bytes.try_into().ok()?)).ok()
        };
        let (header, width, height, is_big_endian) = (word(0)?, word(4)?, word(5)?, word(7)? == 1);
        let (bits, line, colors) = (word(11)?, word(12)?, word(19)?);
        if bits != 32 {
            return None;
        }
        // An entry of the colour map is 12 bytes.
        let start = header + colors * 12;
        let mut pixels = Vec::with_capacity(width * height * 3);
        for row in 0..height {
            let row = dump.get(start + row * line..)?.get(..width * 4)?;
            for pixel in row.chunks_exact(4) {
                let [a, b, c, d] = [pixel[0], pixel[1], pixel[2], pixel[3]];
                pixels.extend(if is_big_endian { [b, c, d] } else { [c, b, a] });
            }
        }
        Some(Self { width, height, pixels })
    }

    /// The pixels of a part: left, top, width, height.
    pub(crate) fn part(&self, part: [i32; 4]) -> Option<Vec<u8>> {
        let [left, top, width, height] = part.map(|length| usize::try_from(length).unwrap_or(0));
        let row = |y: usize| {
            let start = (y * self.width + left) * 3;
            self.pixels.get(start..start + width * 3)
        };
        (top..top + height).map(row).collect::<Option<Vec<_>>>().map(|rows| rows.concat())
    }

    /// The picture as a PPM file.
    pub(crate) fn portable_pixmap(&self) -> Vec<u8> {
        let mut file = format!("P6 {} {} 255\n", self.width, self.height).into_bytes();
        file.extend(&self.pixels);
        file
    }
}
