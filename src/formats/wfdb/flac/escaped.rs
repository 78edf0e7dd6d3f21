//! Frames that `claxon` does not decode: those whose residuals are partly stored plainly ("escaped"), as some encoders do. Source: RFC 9639, section
//! 9.2.
//!
//! `flac-codec` takes the frame apart and checks its sum; the samples are put together here, because its own sums may overflow on frames that were
//! made to do so.

use flac_codec::{
    Error,
    stream::{ChannelAssignment, Frame, ResidualPartition, Residuals, Subframe, SubframeWidth},
};
use std::io::ErrorKind;

/// Coefficients of the fixed predictors of order 0 to 4, the newest sample's first.
const FIXED: [&[i32]; 5] = [&[], &[1], &[2, -1], &[3, -3, 1], &[4, -6, 4, -1]];

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
    let mut rest = bytes;
    let frame = Frame::read_subset(&mut rest)?;
    if frame.subframes.len() != channels {
        return Err(Fault::Damaged(format!("it has {} channels", frame.subframes.len())));
    }
    let mut restored: Vec<Vec<i64>> = Vec::with_capacity(channels);
    for subframe in &frame.subframes {
        restored.push(match subframe {
            SubframeWidth::Common(subframe) => samples(subframe),
            // Only a side channel of 32-bit samples is so wide, and no WFDB format has those.
            SubframeWidth::Wide(_) => return Err(Fault::Damaged("its samples are too wide".into())),
        });
    }
    if let [a, b] = restored.as_mut_slice() {
        for (a, b) in a.iter_mut().zip(b) {
            (*a, *b) = apart(&frame.header.channel_assignment, *a, *b);
        }
    }
    let samples = restored.into_iter().flatten().map(|value| value as i32).collect();
    Ok((samples, bytes.len() - rest.len()))
}

/// Two channels from the two that are stored.
fn apart(assignment: &ChannelAssignment, a: i64, b: i64) -> (i64, i64) {
    match assignment {
        ChannelAssignment::Independent(_) => (a, b),
        ChannelAssignment::LeftSide => (a, a.wrapping_sub(b)),
        ChannelAssignment::SideRight => (a.wrapping_add(b), b),
        ChannelAssignment::MidSide => {
            let middle = a << 1 | b & 1;
            (middle.wrapping_add(b) >> 1, middle.wrapping_sub(b) >> 1)
        }
    }
}

/// One stored channel.
fn samples(subframe: &Subframe<i32>) -> Vec<i64> {
    let wide = |samples: &[i32]| samples.iter().copied().map(i64::from).collect::<Vec<_>>();
    let (samples, wasted) = match subframe {
        Subframe::Constant { block_size, sample, wasted_bps } => (vec![i64::from(*sample); usize::from(*block_size)], wasted_bps),
        Subframe::Verbatim { samples, wasted_bps } => (wide(samples), wasted_bps),
        Subframe::Fixed { order, warm_up, residuals, wasted_bps } => {
            let coefficients = FIXED.get(usize::from(*order)).copied().unwrap_or_default();
            (predicted(wide(warm_up), coefficients, 0, residuals), wasted_bps)
        }
        Subframe::Lpc { warm_up, coefficients, shift, residuals, wasted_bps, .. } => {
            (predicted(wide(warm_up), coefficients, *shift, residuals), wasted_bps)
        }
    };
    samples.into_iter().map(|sample| sample.wrapping_shl(*wasted)).collect()
}

/// Every sample is a weighted sum of those before it, shifted down, and a residual.
fn predicted(mut samples: Vec<i64>, coefficients: &[i32], shift: u32, residuals: &Residuals<i32>) -> Vec<i64> {
    let mut push = |residual: i64| {
        let before = samples.iter().rev().zip(coefficients);
        let sum = before.fold(0i64, |sum, (sample, weight)| sum.wrapping_add(sample.wrapping_mul(i64::from(*weight))));
        samples.push(sum.wrapping_shr(shift).wrapping_add(residual));
    };
    match residuals {
        Residuals::Method0 { partitions } => partitions.iter().for_each(|partition| each(partition, &mut push)),
        Residuals::Method1 { partitions } => partitions.iter().for_each(|partition| each(partition, &mut push)),
    }
    samples
}

fn each<const MOST: u32>(partition: &ResidualPartition<MOST, i32>, push: &mut impl FnMut(i64)) {
    match partition {
        ResidualPartition::Standard { residuals, .. } | ResidualPartition::Escaped { residuals, .. } => {
            residuals.iter().for_each(|residual| push(i64::from(*residual)));
        }
        ResidualPartition::Constant { partition_len } => (0..*partition_len).for_each(|_| push(0)),
    }
}
