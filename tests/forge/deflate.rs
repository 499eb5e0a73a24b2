//! RFC 1951 with fixed Huffman codes and the last match only: small, and the same bytes for ever, which no library promises of its compressor.

use std::collections::HashMap;

/// Deflates into one final block.
pub fn deflate(data: &[u8]) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.low_first(1, 1);
    bits.low_first(1, 2);
    let mut seen: HashMap<[u8; 4], usize> = HashMap::new();
    let mut at = 0;
    while at < data.len() {
        let (length, distance) = best(data, at, &seen);
        let step = length.max(1);
        if length == 0 {
            bits.literal(u16::from(data[at]))
        } else {
            bits.copy(length, distance)
        }
        for index in at..at + step.min(16) {
            if let Some(key) = data.get(index..index + 4) {
                seen.insert(key.try_into().unwrap(), index);
            }
        }
        at += step;
    }
    bits.literal(256);
    bits.finish()
}

/// One gzip member (RFC 1952) without name and time.
pub fn gzip(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    out.extend(deflate(data));
    out.extend(crc32(data).to_le_bytes());
    out.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
    out
}

/// CRC-32 as zip and gzip want it.
pub fn crc32(data: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(data);
    crc.sum()
}

fn best(data: &[u8], at: usize, seen: &HashMap<[u8; 4], usize>) -> (usize, usize) {
    let Some(key) = data.get(at..at + 4) else { return (0, 0) };
    let Some(from) = seen.get::<[u8; 4]>(&key.try_into().unwrap()) else { return (0, 0) };
    let distance = at - from;
    if distance > 32_768 {
        return (0, 0);
    }
    let length = data[at..].iter().zip(&data[*from..]).take(258).take_while(|(left, right)| left == right).count();
    (length, distance)
}

#[derive(Default)]
struct Bits {
    out: Vec<u8>,
    held: u64,
    count: u32,
}

impl Bits {
    fn low_first(&mut self, value: u64, width: u32) {
        self.held |= value << self.count;
        self.count += width;
        while self.count >= 8 {
            self.out.push((self.held & 255) as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    fn high_first(&mut self, code: u16, width: u32) {
        self.low_first(u64::from(code.reverse_bits() >> (16 - width)), width);
    }

    fn literal(&mut self, symbol: u16) {
        match symbol {
            0..=143 => self.high_first(0x30 + symbol, 8),
            144..=255 => self.high_first(0x190 + symbol - 144, 9),
            256..=279 => self.high_first(symbol - 256, 7),
            _ => self.high_first(0xc0 + symbol - 280, 8),
        }
    }

    fn copy(&mut self, length: usize, distance: usize) {
        let (symbol, base, extra) = length_code(length);
        self.literal(symbol);
        self.low_first((length - base) as u64, extra);
        let (symbol, base, extra) = distance_code(distance);
        self.high_first(symbol, 5);
        self.low_first((distance - base) as u64, extra);
    }

    fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.out.push((self.held & 255) as u8);
        }
        self.out
    }
}

fn length_code(length: usize) -> (u16, usize, u32) {
    if length == 258 {
        return (285, 258, 0);
    }
    let (mut symbol, mut base) = (257, 3);
    loop {
        let extra = if symbol < 265 { 0 } else { u32::from((symbol - 261) / 4) };
        if length < base + (1 << extra) {
            return (symbol, base, extra);
        }
        base += 1 << extra;
        symbol += 1;
    }
}

fn distance_code(distance: usize) -> (u16, usize, u32) {
    let (mut symbol, mut base) = (0, 1);
    loop {
        let extra = if symbol < 4 { 0 } else { u32::from((symbol - 2) / 2) };
        if distance < base + (1 << extra) {
            return (symbol, base, extra);
        }
        base += 1 << extra;
        symbol += 1;
    }
}
