//! The text of a log: its bytes, or what they hold if they are compressed by gzip.

use super::counted::Bytes;
use flate2::read::MultiGzDecoder;
use std::io::{self, Read};

/// The text of a log.
#[derive(Debug)]
pub(super) enum Source {
    Plain(Bytes),
    Compressed(Box<MultiGzDecoder<Bytes>>),
}

impl Source {
    pub fn new(bytes: Bytes) -> Self {
        match bytes.is_gzip {
            true => Self::Compressed(Box::new(MultiGzDecoder::new(bytes))),
            false => Self::Plain(bytes),
        }
    }

    /// The bytes that it is read from.
    pub fn file(&self) -> &Bytes {
        match self {
            Self::Plain(bytes) => bytes,
            Self::Compressed(decoder) => decoder.get_ref(),
        }
    }
}

impl Read for Source {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(bytes) => bytes.read(room),
            Self::Compressed(decoder) => decoder.read(room),
        }
    }
}
