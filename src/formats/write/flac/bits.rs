//! Bits, the most significant first.

/// Bits being gathered to bytes.
#[derive(Debug, Default)]
pub(super) struct Bits {
    pub bytes: Vec<u8>,
    /// Bits that are no whole byte yet, in the lower `count` bits.
    gathered: u64,
    count: u32,
}

impl Bits {
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        (self.gathered, self.count) = (0, 0);
    }

    /// The lower `width` bits (at most 32) of `value`.
    pub(super) fn put(&mut self, value: u32, width: u32) {
        self.gathered = self.gathered << width | (u64::from(value) & ((1 << width) - 1));
        self.count += width;
        while self.count >= 8 {
            self.count -= 8;
            self.bytes.push((self.gathered >> self.count) as u8);
        }
    }

    /// `zeros` times 0, then 1.
    pub(super) fn put_unary(&mut self, zeros: u32) {
        for _ in 0..zeros / 32 {
            self.put(0, 32);
        }
        self.put(1, zeros % 32 + 1);
    }

    /// Zeros up to the next whole byte.
    pub(super) fn align(&mut self) {
        self.put(0, (8 - self.count % 8) % 8);
    }
}

/// CRC-8 of a frame's header: x8 + x2 + x + 1.
pub(super) fn crc8(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| (0..8).fold(crc ^ byte, |crc, _| if crc & 0x80 != 0 { crc << 1 ^ 0x07 } else { crc << 1 }))
}

/// CRC-16 of a frame: x16 + x15 + x2 + 1.
pub(super) fn crc16(bytes: &[u8]) -> u16 {
    const TABLE: [u16; 256] = {
        let mut table = [0; 256];
        let mut index = 0;
        while index < 256 {
            let mut crc = (index as u16) << 8;
            let mut bit = 0;
            while bit < 8 {
                crc = if crc & 0x8000 != 0 { crc << 1 ^ 0x8005 } else { crc << 1 };
                bit += 1;
            }
            table[index] = crc;
            index += 1;
        }
        table
    };
    bytes.iter().fold(0, |crc: u16, byte| crc << 8 ^ TABLE[usize::from((crc >> 8) as u8 ^ byte)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_and_checksums_are_those_of_the_specification() {
        let mut bits = Bits::default();
        bits.put(0b101, 3);
        bits.put_unary(70);
        bits.put(0xffff_ffff, 32);
        bits.align();
        assert_eq!(bits.bytes, [0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xc0]);
        // The check values of CRC-8/SMBUS and CRC-16/UMTS.
        assert_eq!((crc8(b"123456789"), crc16(b"123456789")), (0xf4, 0xfee8));
    }
}
