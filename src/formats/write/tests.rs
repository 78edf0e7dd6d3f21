//! What is written is read again, by our own readers.

use super::*;
use crate::{
    formats::open,
    recording::{Data, FileFormat, LeadName, Mnemonic, Recording, SampleIndex, Sex},
};
use proptest::prelude::*;

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

fn recording(rate: f64, length: usize, gain: f64, baseline: f64) -> NewRecording {
    let lead = |name: &str, step: i16| NewLead {
        name: name.into(),
        scale: Scale { gain, baseline, unit: "mV".into(), millivolts_per_unit: Some(1.0) },
        samples: (0..length).map(|i| (i as i16).wrapping_mul(step).max(-32767)).collect(),
    };
    NewRecording {
        name: "sim_1".into(),
        rate: Rate::new(rate).unwrap(),
        start: chrono::NaiveDate::from_ymd_opt(2026, 11, 2).unwrap().and_hms_opt(8, 9, 10),
        patient: Patient { age_years: Some(56.0), sex: Some(Sex::Female), ..Patient::default() },
        leads: vec![lead("II", 3), lead("aVR", -7), lead("V1", 1)],
        annotations: vec![
            annotation(2, "+", "(AFIB"),
            annotation(5, "N", ""),
            annotation(9, "V", ""),
            annotation(9, "\"", "a note"),
        ],
        comments: vec!["made for a test".into()],
        simulated: true,
    }
}

fn digital(recording: &Recording, name: &str) -> Vec<i32> {
    let lead = recording.lead(&LeadName::parse(name)).unwrap();
    let Data::Recorded { source, .. } = &lead.data else { panic!("derived") };
    let mut samples = vec![0; source.len() as usize];
    source.read(0, &mut samples).unwrap();
    samples
}

fn assert_same(read: &Recording, written: &NewRecording) {
    assert_eq!(read.repairs, []);
    assert_eq!(read.start, written.start);
    assert!((read.rate.hz() / written.rate.hz() - 1.0).abs() < 1e-9, "{}", read.rate.hz());
    assert_eq!((read.patient.age_years, read.patient.sex), (Some(56.0), Some(Sex::Female)));
    assert!(read.simulated);
    let length = written.leads[0].samples.len();
    for lead in &written.leads {
        let samples: Vec<i32> = lead.samples.iter().map(|s| i32::from(*s)).collect();
        assert_eq!(digital(read, &lead.name)[..length], samples, "{}", lead.name);
        let Data::Recorded { scale, .. } = &read.lead(&LeadName::parse(&lead.name)).unwrap().data else { panic!() };
        let millivolts = |digital: i32| scale.physical(digital) * scale.millivolts_per_unit.unwrap();
        for value in [-20000, 0, 1, 32767] {
            let (ours, wanted) = (millivolts(value), lead.scale.physical(value));
            // A tenth of a count: the limits of EDF have eight characters.
            assert!((ours - wanted).abs() < 1e-5 * wanted.abs() + 0.1 / lead.scale.gain.abs(), "{ours} {wanted}");
        }
    }
    let [set] = read.annotations.as_slice() else { panic!() };
    let read: Vec<_> = set.annotations.iter().filter(|a| a.text != "padding").map(|a| (a.at.0, a.mnemonic.as_str())).collect();
    assert_eq!(read, [(2, "+"), (5, "N"), (9, "V"), (9, "\"")]);
    assert_eq!(set.annotations[0].text, "(AFIB");
}

#[test]
fn wfdb_round_trips() {
    let folder = tempfile::tempdir().unwrap();
    let written = recording(500.0, 5000, 1000.0, 0.0);
    let header = wfdb(folder.path(), &written, Existing::Keep).unwrap();
    let read = open(&header).unwrap();
    assert_same(&read, &written);
    assert!(read.comments.contains(&" made for a test".to_owned()));
    for lead in &read.leads {
        assert_eq!(crate::formats::digest(lead).unwrap().unwrap().checksum_ok, Some(true));
    }
}

#[test]
fn edf_plus_round_trips() {
    let folder = tempfile::tempdir().unwrap();
    for (index, (rate, length)) in
        [(500.0, 5000), (360.0, 3605), (250.0, 2501), (300.0, 1), (128.5, 1000), (4000.0, 40_000)].into_iter().enumerate()
    {
        let mut written = recording(rate, length, 1000.0, 0.0);
        written.annotations.retain(|_| length > 10);
        written.start = written.start.filter(|_| index != 1);
        let path = edf_plus(&folder.path().join(format!("{index}.edf")), &written, Existing::Keep).unwrap();
        let read = open(&path).unwrap();
        assert_eq!(read.format, FileFormat::EdfPlus);
        if length > 10 {
            assert_same(&read, &written);
        }
        let padded = read.annotations.iter().flat_map(|s| &s.annotations).find(|a| a.text == "padding");
        match padded {
            None => assert_eq!(read.length, length as u64),
            Some(padding) => {
                assert_eq!(padding.at.0, length as u64);
                assert_eq!(read.length, length as u64 + padding.duration.unwrap());
            }
        }
    }
}

#[test]
fn nothing_is_overwritten_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let written = recording(500.0, 500, 1000.0, 0.0);
    let edf = folder.path().join("x.edf");
    edf_plus(&edf, &written, Existing::Keep).unwrap();
    wfdb(folder.path(), &written, Existing::Keep).unwrap();
    let before = std::fs::read(&edf).unwrap();
    let other = recording(500.0, 600, 1000.0, 0.0);
    assert_eq!(edf_plus(&edf, &other, Existing::Keep), Err(WriteError::Exists { path: edf.clone() }));
    assert!(matches!(wfdb(folder.path(), &other, Existing::Keep), Err(WriteError::Exists { .. })));
    assert_eq!(std::fs::read(&edf).unwrap(), before);
    edf_plus(&edf, &other, Existing::Replace).unwrap();
    assert_eq!(open(&edf).unwrap().length, 600);
    let mut bare = other;
    bare.annotations.clear();
    let header = wfdb(folder.path(), &bare, Existing::Replace).unwrap();
    assert!(open(&header).unwrap().annotations.iter().all(|set| set.annotations.is_empty()));
    // No temporary file is left.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4);
}

#[test]
fn what_a_format_cannot_hold_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let edf = folder.path().join("x.edf");
    let good = recording(500.0, 500, 1000.0, 0.0);
    let mut invalid = good.clone();
    invalid.leads[0].samples[3] = i16::MIN;
    assert!(matches!(edf_plus(&edf, &invalid, Existing::Keep), Err(WriteError::Unsuitable { .. })));
    let mut uneven = good.clone();
    uneven.leads[1].samples.pop();
    assert!(matches!(wfdb(folder.path(), &uneven, Existing::Keep), Err(WriteError::Unsuitable { .. })));
    let mut flat = good.clone();
    flat.leads[0].scale.gain = 0.0;
    assert!(matches!(edf_plus(&edf, &flat, Existing::Keep), Err(WriteError::Unsuitable { .. })));
    let mut named = good;
    named.name = "../x".into();
    assert!(matches!(wfdb(folder.path(), &named, Existing::Keep), Err(WriteError::Unsuitable { .. })));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_scale_and_length_round_trip(rate in 50u32..2000, length in 20usize..4000, gain in 10.0f64..5000.0, baseline in -1000i32..1000) {
        let folder = tempfile::tempdir().unwrap();
        let written = recording(f64::from(rate), length, gain, f64::from(baseline));
        assert_same(&open(&wfdb(folder.path(), &written, Existing::Keep).unwrap()).unwrap(), &written);
        let edf = edf_plus(&folder.path().join("x.edf"), &written, Existing::Keep).unwrap();
        assert_same(&open(&edf).unwrap(), &written);
    }
}
