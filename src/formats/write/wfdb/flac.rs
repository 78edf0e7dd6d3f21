//! Signal files compressed with FLAC.

use super::{WfdbFormat, signals::Blocks};
use crate::formats::write::{WriteError, atomic::Pending, flac};

/// Encodes all channels of a file.
pub(super) fn write(pending: &mut Pending, blocks: &mut Blocks<'_>, format: WfdbFormat) -> Result<(), WriteError> {
    let path = pending.path().to_owned();
    let channels = blocks.per_frame.len();
    let samples = blocks.total() / channels.max(1) as u64;
    if samples > flac::LONGEST {
        return Err(WriteError::unsuitable(path, "length", "a FLAC stream holds fewer samples; choose format 16 or 24"));
    }
    let mut stream = flac::Stream::new(pending, channels, format.bits(), samples)?;
    while blocks.next(&path)? {
        stream.put(&blocks.values)?;
    }
    stream.finish()
}
