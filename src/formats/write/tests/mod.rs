//! What is written is read again, by our own readers.

mod edf;
mod safety;
mod wfdb;

use super::*;
use crate::{
    formats::open,
    recording::{
        Annotation, AnnotationSet, Data, Gap, INVALID_SAMPLE, LeadName, MemorySource, Mnemonic, Patient, Rate, SampleIndex,
        SampleSource, Scale, Sex, Signal,
    },
};
use proptest::prelude::*;
use std::sync::Arc;

fn annotation(at: u64, mnemonic: &str, text: &str) -> Annotation {
    Annotation {
        at: SampleIndex(at),
        duration: None,
        mnemonic: Mnemonic(mnemonic.into()),
        subtype: 0,
        chan: 0,
        num: 0,
        text: text.into(),
    }
}

fn set(annotator: &str, annotations: Vec<Annotation>) -> AnnotationSet {
    AnnotationSet { annotator: annotator.into(), annotations }
}

fn signal(name: &str, rate: f64, samples: Vec<i32>) -> NewSignal {
    NewSignal {
        name: name.into(),
        ecg: true,
        rate: Rate::new(rate).unwrap(),
        scale: Scale { gain: 1000.0, baseline: 0.0, unit: "mV".into(), millivolts_per_unit: Some(1.0) },
        calibrated: true,
        source: Arc::new(MemorySource(samples)),
    }
}

/// Three leads of ramps that fill 16 bits without the code for invalid samples.
fn recording(rate: f64, length: usize) -> NewRecording {
    let lead = |name: &str, step: i16| {
        let samples = (0..length).map(|i| i32::from((i as i16).wrapping_mul(step).max(-32767)));
        signal(name, rate, samples.collect())
    };
    NewRecording {
        name: "sim_1".into(),
        rate: Rate::new(rate).unwrap(),
        start: chrono::NaiveDate::from_ymd_opt(2026, 11, 2).unwrap().and_hms_nano_opt(8, 9, 10, 250_000_000),
        patient: Patient { age_years: Some(56.0), sex: Some(Sex::Female), ..Patient::default() },
        signals: vec![lead("II", 3), lead("aVR", -7), lead("V1", 1)],
        gaps: Vec::new(),
        annotations: vec![set(
            "atr",
            vec![annotation(2, "+", "(AFIB"), annotation(5, "N", ""), annotation(9, "V", ""), annotation(9, "\"", "a note")],
        )],
        comments: vec![" made for a test".into()],
        simulated: true,
        sources: Vec::new(),
    }
}

fn all(recording: &Recording) -> Vec<&Arc<Signal>> {
    recording.leads.iter().chain(&recording.other_signals).filter(|signal| !signal.is_derived()).collect()
}

fn source_of(signal: &Signal) -> (&Arc<dyn SampleSource>, &Scale) {
    let Data::Recorded { source, scale } = &signal.data else { panic!("derived") };
    (source, scale)
}

fn samples(source: &dyn SampleSource) -> Vec<i32> {
    let mut samples = vec![0; source.len() as usize];
    source.read(0, &mut samples).unwrap();
    samples
}

/// The signal of that name, however the format spells it.
fn find<'a>(read: &'a Recording, name: &str) -> &'a Arc<Signal> {
    let found = all(read).into_iter().find(|s| s.label == name || s.lead == LeadName::parse(name));
    found.unwrap_or_else(|| panic!("{name} is not among {:?}", all(read)))
}

/// Samples, rates and physical values, as far as the written signals reach.
fn assert_signals(read: &Recording, written: &NewRecording) {
    assert_eq!(all(read).len(), written.signals.len());
    for signal in &written.signals {
        let found = find(read, &signal.name);
        let (source, scale) = source_of(found);
        let wanted = samples(signal.source.as_ref());
        assert_eq!(samples(source.as_ref())[..wanted.len()], wanted, "{}", signal.name);
        assert!((found.rate.hz() / signal.rate.hz() - 1.0).abs() < 1e-9, "{} {}", found.rate.hz(), signal.rate.hz());
        assert_eq!(found.calibrated, signal.calibrated, "{}", signal.name);
        if signal.calibrated {
            let unit = |scale: &Scale| scale.millivolts_per_unit.unwrap_or(1.0);
            for value in [-20000, 0, 1, 32767] {
                let (ours, wanted) = (scale.physical(value) * unit(scale), signal.scale.physical(value) * unit(&signal.scale));
                // A tenth of a count: the limits of EDF have eight characters.
                let tolerance = 1e-5 * wanted.abs() + 0.1 / signal.scale.gain.abs() * unit(&signal.scale);
                assert!((ours - wanted).abs() < tolerance, "{}: {ours} {wanted}", signal.name);
            }
        }
    }
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
