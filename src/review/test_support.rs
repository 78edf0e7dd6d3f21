//! What the tests of this layer share.

use super::{Baseline, BaselineSource, Beat, BeatSource, BeatType};
use crate::recording::{Data, FileFormat, LeadName, MemorySource, Patient, Rate, Recording, SampleIndex, Scale, Signal};
use std::sync::Arc;

/// One lead of these samples at 250 Hz.
pub fn recording(samples: &[i32]) -> Recording {
    let scale = Scale { gain: 200.0, baseline: 0.0, unit: "mV".into(), millivolts_per_unit: Some(1.0) };
    let rate = Rate::new(250.0).expect("a rate");
    let signal = Signal {
        label: "MLII".into(),
        lead: LeadName::parse("MLII"),
        rate,
        calibrated: true,
        declared_checksum: None,
        data: Data::Recorded { source: Arc::new(MemorySource(samples.to_vec())), scale },
    };
    Recording {
        path: "memory.hea".into(),
        name: "memory".into(),
        format: FileFormat::Wfdb,
        start: None,
        rate,
        length: samples.len() as u64,
        leads: vec![Arc::new(signal)],
        other_signals: Vec::new(),
        gaps: Vec::new(),
        patient: Patient::default(),
        annotations: Vec::new(),
        repairs: Vec::new(),
        comments: Vec::new(),
        simulated: false,
    }
}

/// A machine's beat.
pub fn machine_beat(sample: u64, label: BeatType, uncertain: bool) -> Beat {
    Beat {
        sample: SampleIndex(sample),
        label,
        source: BeatSource::Machine { probability: Some(0.5), uncertain },
        decided: false,
        fields: None,
    }
}

/// Beats `N` of a machine, `step` samples apart, every tenth `V` and every seventh uncertain.
pub fn baseline(beats: u64, step: u64) -> Baseline {
    Baseline {
        source: BaselineSource::Machine { models: vec!["test 1".into()] },
        rate: Rate::new(250.0).expect("a rate"),
        length: beats * step,
        beats: (0..beats)
            .map(|n| {
                let label = if n % 10 == 9 { BeatType::VentricularPremature } else { BeatType::Normal };
                machine_beat(n * step, label, n % 7 == 6)
            })
            .collect(),
        intervals: Vec::new(),
        findings: Vec::new(),
    }
}
