//! Signal files compressed with FLAC.

use super::{WfdbFormat, signals::Blocks};
use crate::formats::write::{WriteError, atomic::Pending};
use flac_codec::encode::{FlacSampleWriter, Options};

/// Means nothing in WFDB, whose header has the rate; this is what its own programs write, because sampling rates of ECGs are none that FLAC
/// streams usually have.
const NOMINAL_RATE: u32 = 96_000;

/// FLAC frames from one point of the seek table to the next: 16 of 4096 samples, two minutes at 500 Hz.
const SEEK_EVERY: usize = 16;

/// Samples of a channel in a frame.
const BLOCK: u16 = 4096;

/// Channels that a stream can have.
pub(super) const CHANNELS: usize = 8;

/// Samples of each channel that a stream can have (36 bits in its header).
const LONGEST: u64 = (1 << 36) - 1;

/// Encodes all channels of a file.
pub(super) fn write(pending: &mut Pending, blocks: &mut Blocks<'_>, format: WfdbFormat) -> Result<(), WriteError> {
    let path = pending.path().to_owned();
    let unwritable = |reason: String| WriteError::Unwritable { path: path.clone(), reason: format!("FLAC: {reason}") };
    let failed = |error: flac_codec::Error| unwritable(error.to_string());
    let channels = blocks.per_frame.len();
    let total = blocks.total();
    if total / channels.max(1) as u64 > LONGEST {
        return Err(WriteError::unsuitable(&path, "length", "a FLAC stream holds fewer samples; choose format 16 or 24"));
    }
    // Fixed predictors suit the slow curves of an ECG.
    let options = Options::fast().block_size(BLOCK).map_err(|e| unwritable(e.to_string()))?;
    let options = options.no_padding().seektable_frames(SEEK_EVERY);
    let count = u8::try_from(channels).unwrap_or(u8::MAX);
    let mut encoder =
        FlacSampleWriter::new(&mut *pending, options, NOMINAL_RATE, format.bits(), count, Some(total)).map_err(failed)?;
    let mut interleaved = Vec::new();
    while blocks.next(&path)? {
        interleaved.clear();
        let samples = blocks.values.first().map_or(0, Vec::len);
        for sample in 0..samples {
            interleaved.extend(blocks.values.iter().filter_map(|values| values.get(sample)));
        }
        encoder.write(&interleaved).map_err(failed)?;
    }
    encoder.finalize().map_err(failed)
}
