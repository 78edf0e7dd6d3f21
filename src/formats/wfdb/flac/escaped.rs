//! Frames that `claxon` does not decode: those whose residuals are partly stored plainly ("escaped"), as some encoders do. `flac-codec` reads them.

use flac_codec::{Error, decode::FlacStreamReader, stream::FrameHeader};
use std::io::ErrorKind;

/// Why a frame was not decoded.
pub(super) enum Fault {
    /// The bytes end before the frame does.
    TooShort,
    /// What is wrong.
    Damaged(String),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match error {
            Error::Io(error) if error.kind() == ErrorKind::UnexpectedEof => Self::TooShort,
            error => Self::Damaged(error.to_string()),
        }
    }
}

/// The samples of the frame that `bytes` begin with, channel after channel, and its size in bytes.
pub(super) fn decode(bytes: &[u8], channels: usize) -> Result<(Vec<i32>, usize), Fault> {
    // The reader below would look for another frame if this were none.
    FrameHeader::read_subset(&mut &*bytes)?;
    let mut rest = bytes;
    let mut reader = FlacStreamReader::new(&mut rest);
    let frame = reader.read()?;
    if usize::from(frame.channels) != channels {
        return Err(Fault::Damaged(format!("it has {} channels", frame.channels)));
    }
    let channel = |channel: usize| frame.samples.iter().skip(channel).step_by(channels).copied();
    let samples = (0..channels).flat_map(channel).collect();
    Ok((samples, bytes.len() - rest.len()))
}
