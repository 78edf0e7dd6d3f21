//! Recordings of any length: a simulated one over and over, with noise that does not repeat.

use efficientecg::{
    formats::write::{NewRecording, NewSignal},
    recording::{Patient, Rate, SampleError, SampleSource, Scale},
    simulate::{COUNTS_PER_MV, demo_recordings},
};
use std::sync::Arc;

#[derive(Debug)]
struct Tape {
    lead: u64,
    pattern: Vec<i16>,
    length: u64,
    /// Leaves so many low bits away.
    shift: u32,
}

impl SampleSource for Tape {
    fn len(&self) -> u64 {
        self.length
    }

    fn read(&self, start: u64, out: &mut [i32]) -> Result<(), SampleError> {
        let turn = self.pattern.len() as u64;
        for (at, slot) in (start..).zip(out.iter_mut()) {
            let noise = ((at * 12 + self.lead).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 60) as i32 - 8;
            let value = self.pattern.get((at % turn) as usize).copied().unwrap_or(0);
            *slot = (i32::from(value) + noise) >> self.shift;
        }
        Ok(())
    }
}

/// The first `leads` of twelve leads at 500 Hz. `coarse`: in 12 bits.
pub fn recording(name: &str, seconds: u64, leads: usize, coarse: bool) -> NewRecording {
    let demo = demo_recordings().swap_remove(0);
    let shift = if coarse { 2 } else { 0 };
    let signals = demo.leads.iter().take(leads).enumerate().map(|(lead, simulated)| {
        let gain = COUNTS_PER_MV / f64::from(1 << shift);
        NewSignal {
            name: simulated.lead.name().to_owned(),
            ecg: true,
            rate: Rate::HZ_500,
            scale: Scale { gain, baseline: 0.0, unit: "mV".to_owned(), millivolts_per_unit: Some(1.0) },
            calibrated: true,
            source: Arc::new(Tape { lead: lead as u64, pattern: simulated.counts.clone(), length: seconds * 500, shift }),
        }
    });
    NewRecording {
        name: name.to_owned(),
        rate: Rate::HZ_500,
        start: None,
        patient: Patient::default(),
        signals: signals.collect(),
        gaps: Vec::new(),
        annotations: Vec::new(),
        comments: Vec::new(),
        simulated: true,
        sources: Vec::new(),
    }
}
