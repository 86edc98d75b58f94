//! A number that stands for the bytes of a file: other bytes have another, but for a chance of one
//! in 2⁶⁴.
//!
//! It is the same on every machine, however the bytes are cut into pieces, so that parts of a sweep
//! from several machines can be compared. It is no protection against forgery.

/// The multiplier of FNV-1a for 64 bits, here used on words of eight bytes.
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// The digest of the bytes so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digest {
    state: u64,
    /// The bytes of the last word, as far as they are there.
    tail: u64,
    length: u64,
}

impl Digest {
    /// The digest of no bytes.
    pub const NOTHING: Self = Self { state: 0xcbf2_9ce4_8422_2325, tail: 0, length: 0 };

    /// The digest of all bytes of a text.
    #[must_use]
    pub fn of(bytes: &[u8]) -> u64 {
        let mut digest = Self::NOTHING;
        digest.add(bytes);
        digest.value()
    }

    /// Goes on with these bytes.
    pub fn add(&mut self, mut bytes: &[u8]) {
        while !self.length.is_multiple_of(8)
            && let Some((first, rest)) = bytes.split_first()
        {
            self.add_one(*first);
            bytes = rest;
        }
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.state = mixed(self.state, u64::from_le_bytes(*word));
        }
        self.length += words.len() as u64 * 8;
        for byte in rest {
            self.add_one(*byte);
        }
    }

    fn add_one(&mut self, byte: u8) {
        self.tail |= u64::from(byte) << (8 * (self.length % 8));
        self.length += 1;
        if self.length.is_multiple_of(8) {
            self.state = mixed(self.state, std::mem::take(&mut self.tail));
        }
    }

    /// The number that stands for all bytes so far.
    #[must_use]
    pub const fn value(&self) -> u64 {
        mixed(mixed(self.state, self.tail), self.length)
    }
}

const fn mixed(state: u64, word: u64) -> u64 {
    let state = (state ^ word).wrapping_mul(PRIME);
    state ^ (state >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pieces_do_not_matter_and_every_byte_does(
            bytes in proptest::collection::vec(any::<u8>(), 1..100),
            cuts in proptest::collection::vec(0..100_usize, 0..4),
            place in any::<prop::sample::Index>(),
        ) {
            let mut digest = Digest::NOTHING;
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            for pair in cuts.windows(2) {
                digest.add(&bytes[pair[0]..pair[1]]);
            }
            prop_assert_eq!(digest.value(), Digest::of(&bytes));
            let mut other = bytes.clone();
            other[place.index(bytes.len())] ^= 1;
            prop_assert_ne!(digest.value(), Digest::of(&other));
            other = bytes;
            other.push(0);
            prop_assert_ne!(digest.value(), Digest::of(&other));
        }
    }
}
