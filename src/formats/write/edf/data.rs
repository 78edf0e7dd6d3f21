//! The data records.

use super::{Width, header::SignalText, lists::Lists, records::Records};
use crate::{
    formats::write::{NewRecording, WriteError, atomic::Pending, frames::Frames},
    recording::INVALID_SAMPLE,
};

/// Samples of all signals together that are read at a time.
const BLOCK: u64 = 1 << 18;

/// Writes every record: each signal's samples, then the annotations.
pub(super) fn write(
    pending: &mut Pending,
    recording: &NewRecording,
    frames: &Frames,
    records: &Records,
    signals: &[SignalText],
    lists: &Lists,
    width: Width,
) -> Result<(), WriteError> {
    let list_bytes = lists.bytes(width);
    let record_samples = records.frames * frames.per_frame.iter().sum::<u64>();
    let at_once = (BLOCK / record_samples.max(1)).max(1);
    let mut values: Vec<Vec<i32>> = vec![Vec::new(); signals.len()];
    let mut bytes = Vec::new();
    for run in &records.runs {
        let mut record = 0;
        while record < run.records {
            let count = (run.records - record).min(at_once);
            let first = record * records.frames;
            let stored = (run.frames - first).min(count * records.frames);
            for (index, (signal, per)) in recording.signals.iter().zip(&frames.per_frame).enumerate() {
                let (Some(values), Some(text)) = (values.get_mut(index), signals.get(index)) else { continue };
                values.resize((stored * per) as usize, INVALID_SAMPLE);
                signal.source.read((run.start + first) * per, values).map_err(|e| WriteError::source(pending.path(), &e))?;
                let (low, high) = text.limits.digital;
                for value in values.iter_mut() {
                    if *value == INVALID_SAMPLE {
                        *value = low;
                    } else if *value < low || *value > high {
                        let problem = "its samples changed while they were being written";
                        return Err(WriteError::unsuitable(pending.path(), format!("signal {}", signal.name), problem));
                    }
                }
                let last = values.last().copied().unwrap_or(low);
                values.resize((count * records.frames * per) as usize, last);
            }
            bytes.clear();
            for number in 0..count {
                for (values, per) in values.iter().zip(&frames.per_frame) {
                    let samples = (records.frames * per) as usize;
                    let values = values.get(number as usize * samples..(number as usize + 1) * samples).unwrap_or_default();
                    values.iter().for_each(|value| bytes.extend_from_slice(&value.to_le_bytes()[..width.bytes()]));
                }
                let list = lists.record((run.first + record + number) as usize);
                bytes.extend_from_slice(list);
                bytes.resize(bytes.len() + list_bytes - list.len(), 0);
            }
            pending.put(&bytes)?;
            record += count;
        }
    }
    Ok(())
}
