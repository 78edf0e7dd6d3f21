//! Frames. Source: RFC 9639, section 9.

use super::{
    BLOCK,
    bits::{Bits, crc8, crc16},
};

/// The highest order of the fixed predictors.
const HIGHEST_ORDER: usize = 4;

/// At most 2 to this many partitions of a block's rests, each with a Rice parameter of its own.
const MOST_PARTITIONS: u32 = 6;

/// The largest Rice parameters that can be told: in four bits and in five, without the value that means an escape.
const LARGEST_PARAMETER: u32 = 14;
const LARGEST_WIDE_PARAMETER: u32 = 30;

/// Encodes frames of a stream, one after the other.
pub(super) struct Encoder {
    bits: u32,
    out: Bits,
    rests: Vec<u32>,
}

/// How a block's rests are coded.
struct Coding {
    /// Two to this many partitions.
    partitions: u32,
    parameters: Vec<u32>,
    /// Bits that it takes, the parameters too.
    cost: u64,
}

impl Encoder {
    /// `bits`: of a sample, 16 or 24.
    pub(super) fn new(bits: u32) -> Self {
        Self { bits, out: Bits::default(), rests: Vec::with_capacity(BLOCK) }
    }

    /// The bytes of frame `number`. All channels have as many samples, 1 to 4096.
    pub(super) fn frame<'a>(&mut self, number: u64, channels: impl ExactSizeIterator<Item = &'a [i32]>) -> &[u8] {
        self.out.clear();
        let count = channels.len();
        for (index, samples) in channels.enumerate() {
            if index == 0 {
                self.header(number, count, samples.len());
            }
            self.channel(samples);
        }
        self.out.align();
        let crc = crc16(&self.out.bytes);
        self.out.put(u32::from(crc), 16);
        &self.out.bytes
    }

    fn header(&mut self, number: u64, channels: usize, samples: usize) {
        // The sync code, and that all blocks have one size.
        self.out.put(0xfff8, 16);
        // 4096, or the size itself after the number.
        self.out.put(if samples == BLOCK { 0b1100 } else { 0b0111 }, 4);
        // 96 kHz.
        self.out.put(0b1011, 4);
        self.out.put(channels as u32 - 1, 4);
        self.out.put(if self.bits == 16 { 0b100 } else { 0b110 }, 3);
        self.out.put(0, 1);
        for byte in coded_number(number) {
            self.out.put(u32::from(byte), 8);
        }
        if samples != BLOCK {
            self.out.put(samples as u32 - 1, 16);
        }
        let crc = crc8(&self.out.bytes);
        self.out.put(u32::from(crc), 8);
    }

    fn channel(&mut self, samples: &[i32]) {
        let first = samples.first().copied().unwrap_or(0);
        if samples.iter().all(|sample| *sample == first) {
            self.out.put(0, 8);
            self.out.put(first as u32, self.bits);
            return;
        }
        let order = best_order(samples);
        self.rests.clear();
        self.rests.extend(rests(samples, order).map(zigzag));
        let coding = best_coding(&self.rests, samples.len(), order);
        let warm_up = samples.get(..order).unwrap_or_default();
        if coding.cost + order as u64 * u64::from(self.bits) + 6 >= samples.len() as u64 * u64::from(self.bits) {
            // Noise: as it is.
            self.out.put(1 << 1, 8);
            samples.iter().for_each(|sample| self.out.put(*sample as u32, self.bits));
            return;
        }
        self.out.put((8 | order as u32) << 1, 8);
        warm_up.iter().for_each(|sample| self.out.put(*sample as u32, self.bits));
        let wide = coding.is_wide();
        self.out.put(u32::from(wide), 2);
        self.out.put(coding.partitions, 4);
        for (rests, parameter) in partitions(&self.rests, samples.len(), order, coding.partitions).zip(&coding.parameters) {
            self.out.put(*parameter, if wide { 5 } else { 4 });
            for rest in rests {
                self.out.put_unary(rest >> parameter);
                self.out.put(*rest, *parameter);
            }
        }
    }
}

impl Coding {
    fn is_wide(&self) -> bool {
        self.parameters.iter().any(|parameter| *parameter > LARGEST_PARAMETER)
    }
}

/// What the predictor of `order` leaves of samples `order..`.
fn rests(samples: &[i32], order: usize) -> impl Iterator<Item = i64> {
    samples.windows(order + 1).map(move |window| {
        let at = |back: usize| window.get(order - back).map_or(0, |sample| i64::from(*sample));
        match order {
            0 => at(0),
            1 => at(0) - at(1),
            2 => at(0) - 2 * at(1) + at(2),
            3 => at(0) - 3 * at(1) + 3 * at(2) - at(3),
            _ => at(0) - 4 * at(1) + 6 * at(2) - 4 * at(3) + at(4),
        }
    })
}

/// 0, -1, 1, -2 ... as 0, 1, 2, 3 ...: rests of 24-bit samples have at most 28 bits.
fn zigzag(rest: i64) -> u32 {
    (rest << 1 ^ rest >> 63) as u32
}

/// The order that leaves least.
fn best_order(samples: &[i32]) -> usize {
    let left = |order: usize| rests(samples, order).map(i64::unsigned_abs).sum::<u64>();
    (0..=HIGHEST_ORDER.min(samples.len() - 1)).min_by_key(|order| left(*order)).unwrap_or(0)
}

/// The rests of each partition. The first is shorter by the samples that stand before them.
fn partitions(rests: &[u32], samples: usize, order: usize, partitions: u32) -> impl Iterator<Item = &[u32]> {
    let size = samples >> partitions;
    (0..1usize << partitions).map(move |index| {
        let start = (index * size).saturating_sub(order);
        rests.get(start..(index + 1) * size - order).unwrap_or_default()
    })
}

fn best_coding(rests: &[u32], samples: usize, order: usize) -> Coding {
    let possible = |count: &u32| samples.is_multiple_of(1 << count) && samples >> count > order;
    let codings = (0..=MOST_PARTITIONS).filter(possible).map(|count| {
        let best: Vec<(u32, u64)> = partitions(rests, samples, order, count).map(best_parameter).collect();
        let mut coding =
            Coding { partitions: count, parameters: best.iter().map(|(parameter, _)| *parameter).collect(), cost: 0 };
        let width = if coding.is_wide() { 5 } else { 4 };
        coding.cost = best.iter().map(|(_, cost)| cost + width).sum();
        coding
    });
    codings.min_by_key(|coding| coding.cost).unwrap_or(Coding { partitions: 0, parameters: vec![0], cost: u64::MAX / 2 })
}

/// The Rice parameter that codes the rests shortest, and the bits they then take.
fn best_parameter(rests: &[u32]) -> (u32, u64) {
    let sum: u64 = rests.iter().map(|rest| u64::from(*rest)).sum();
    let count = rests.len() as u64;
    let cost =
        |parameter: u32| count * u64::from(parameter + 1) + rests.iter().map(|rest| u64::from(rest >> parameter)).sum::<u64>();
    // The mean's logarithm is the best one or next to it.
    let mean = (sum / count.max(1)).max(1).ilog2();
    let near = mean.saturating_sub(1)..=(mean + 1).min(LARGEST_WIDE_PARAMETER);
    near.map(|parameter| (parameter, cost(parameter))).min_by_key(|(_, cost)| *cost).unwrap_or((0, 0))
}

/// A frame's number in the way of UTF-8, up to 36 bits.
fn coded_number(number: u64) -> Vec<u8> {
    if number < 0x80 {
        return vec![number as u8];
    }
    // Bytes after the first, each of six bits; the first has what is left after its marks.
    let more = (1..=6).find(|more| number < 1 << (6 * more + 6 - more)).unwrap_or(6);
    let marks = (0xff00u16 >> (more + 1)) as u8;
    let first = marks | (number >> (6 * more)) as u8;
    std::iter::once(first).chain((0..more).rev().map(|byte| 0x80 | (number >> (6 * byte) & 0x3f) as u8)).collect()
}

#[cfg(test)]
mod tests {
    use super::coded_number;

    #[test]
    fn numbers_are_coded_as_utf_8() {
        for number in [0, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10_ffff] {
            if let Some(c) = char::from_u32(number) {
                assert_eq!(coded_number(u64::from(number)), c.to_string().as_bytes(), "{number:x}");
            }
        }
        assert_eq!(coded_number((1 << 36) - 1), [0xfe, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf]);
    }
}
