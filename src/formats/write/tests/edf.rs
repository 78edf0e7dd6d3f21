//! EDF+ and BDF+ files.

use super::*;
use crate::recording::FileFormat;

fn reread(recording: &NewRecording) -> (Recording, Written) {
    let folder = tempfile::tempdir().unwrap();
    let written = edf_plus(folder.path(), recording, Existing::Keep).unwrap();
    let read = open(&written.path).unwrap();
    assert_eq!(read.repairs, []);
    assert_eq!(read.start, recording.start);
    assert_signals(&read, recording);
    (read, written)
}

/// Position, duration, label and text, without what the writer adds.
fn listed(read: &Recording) -> Vec<(u64, Option<u64>, String, String)> {
    let all = read.annotations.iter().flat_map(|set| &set.annotations);
    let own = all.filter(|a| a.text != "padding" && !a.text.starts_with("no signal"));
    own.map(|a| (a.at.0, a.duration, a.mnemonic.0.clone(), a.text.clone())).collect()
}

#[test]
fn rates_and_lengths_round_trip() {
    for (rate, length) in
        [(500.0, 5000), (360.0, 3605), (250.0, 2501), (300.0, 12), (128.5, 1000), (4000.0, 40_000), (100.0 / 3.0, 70)]
    {
        let written = recording(rate, length);
        let (read, done) = reread(&written);
        assert_eq!(read.format, FileFormat::EdfPlus);
        assert_eq!((read.patient.age_years, read.patient.sex, read.simulated), (Some(56.0), Some(Sex::Female), true));
        let read_notes: Vec<_> = listed(&read).into_iter().map(|(at, _, label, text)| (at, label, text)).collect();
        let entry = |at: u64, label: &str, text: &str| (at, label.to_owned(), text.to_owned());
        assert_eq!(read_notes, [entry(2, "+", "(AFIB"), entry(5, "N", "N"), entry(9, "V", "V"), entry(9, "\"", "a note")]);
        let padding = read.annotations.iter().flat_map(|s| &s.annotations).find(|a| a.text == "padding");
        match padding {
            None => assert_eq!(read.length, length as u64),
            Some(padding) => {
                assert_eq!(padding.at.0, length as u64);
                assert_eq!(read.length, length as u64 + padding.duration.unwrap());
                assert!(done.losses.iter().any(|loss| loss.field == "length"));
            }
        }
    }
}

#[test]
fn gaps_and_several_rates_keep_their_times() {
    let slow = |length: usize| NewSignal {
        ecg: false,
        scale: Scale { gain: 2.5, baseline: -7.0, unit: "mmHg".into(), millivolts_per_unit: None },
        ..signal("ABP", 125.0, (0..length as i32).collect())
    };
    // A run of a whole number of seconds, one that leaves a rest, one shorter than a second between gaps shorter than that.
    for (length, gaps) in [
        (5000, vec![(1000, 2500)]),
        (5004, vec![(1000, 2500)]),
        (5004, vec![(1000, 1008), (1508, 2508), (2512, 4000)]),
        (5004, vec![(0, 500), (4500, 5004)]),
        (5001, vec![(7, 9), (1003, 1010)]),
    ] {
        let mut written = recording(500.0, length);
        written.signals.push(slow(length / 4));
        written.gaps = gaps.iter().map(|(start, end)| Gap::new(*start, *end)).collect();
        for signal in &mut written.signals {
            let mut values = samples(signal.source.as_ref());
            let per = (500.0 / signal.rate.hz()) as u64;
            for gap in &written.gaps {
                let (start, end) = (gap.start.0.div_ceil(per) as usize, (gap.end.0 / per) as usize);
                values[start.min(end)..end].fill(INVALID_SAMPLE);
            }
            signal.source = Arc::new(MemorySource(values));
        }
        written.annotations =
            vec![set("atr", vec![annotation(700, "N", ""), annotation(3000, "V", ""), annotation(4400, "N", "")])];
        let folder = tempfile::tempdir().unwrap();
        let done = edf_plus(folder.path(), &written, Existing::Keep).unwrap();
        let read = open(&done.path).unwrap();
        assert_eq!(read.repairs, [], "{gaps:?}");
        let shift = gaps.first().filter(|gap| gap.0 == 0).map_or(0, |gap| gap.1);
        for signal in &written.signals {
            let wanted = samples(signal.source.as_ref());
            let found = samples(source_of(find(&read, &signal.name)).0.as_ref());
            let shift = (shift as f64 * signal.rate.hz() / 500.0) as usize;
            for (index, value) in wanted.iter().enumerate().skip(shift).filter(|(_, value)| **value != INVALID_SAMPLE) {
                assert_eq!(found[index - shift], *value, "{} {index} {gaps:?}", signal.name);
            }
        }
        let times: Vec<u64> = listed(&read).into_iter().map(|(at, ..)| at + shift).collect();
        assert_eq!(times, [700, 3000, 4400]);
        if gaps.len() == 1 {
            assert_eq!(read.gaps, written.gaps, "{gaps:?}");
        }
    }
}

#[test]
fn wide_samples_make_it_bdf() {
    let mut written = recording(500.0, 1000);
    written.signals[1] = signal("aVR", 500.0, (0..1000).map(|i| (i - 500) * 16_777).collect());
    let (read, done) = reread(&written);
    assert_eq!((read.format, done.path.extension().unwrap().to_str()), (FileFormat::BdfPlus, Some("bdf")));
    written.signals[1] = signal("aVR", 500.0, vec![8_388_608; 1000]);
    let folder = tempfile::tempdir().unwrap();
    let error = edf_plus(folder.path(), &written, Existing::Keep).unwrap_err().to_string();
    assert!(error.contains("aVR") && error.contains("8388608"), "{error}");
    assert_eq!(files(folder.path()), [""; 0]);
}

#[test]
fn invalid_samples_and_unknown_scales_are_said() {
    let mut written = recording(500.0, 1000);
    let mut values = samples(written.signals[0].source.as_ref());
    values[100..150].fill(INVALID_SAMPLE);
    values[990..].fill(INVALID_SAMPLE);
    written.signals[0].source = Arc::new(MemorySource(values));
    written.signals[2].calibrated = false;
    let folder = tempfile::tempdir().unwrap();
    let done = edf_plus(folder.path(), &written, Existing::Keep).unwrap();
    let read = open(&done.path).unwrap();
    let stretches: Vec<_> = read.annotations[0].annotations.iter().filter(|a| a.text == "no signal: II").collect();
    assert_eq!(stretches.iter().map(|a| (a.at.0, a.duration)).collect::<Vec<_>>(), [(100, Some(50)), (990, Some(10))]);
    let found = samples(source_of(find(&read, "II")).0.as_ref());
    assert_eq!((found[100], found[149], found[999]), (-32768, -32768, -32768));
    assert!(!find(&read, "V1").calibrated);
    let fields: Vec<&str> = done.losses.iter().map(|loss| loss.field.as_str()).collect();
    assert_eq!(fields, ["scale of V1", "signal II", "comments"], "{:?}", done.losses);
}

#[test]
fn awkward_names_and_texts_stay_readable() {
    let mut written = recording(500.0, 1000);
    written.signals[0].name = "a name of more than sixteen characters".into();
    written.signals[1].name = "EDF Annotations".into();
    written.signals[2].scale.unit = "µV".into();
    written.patient.name = Some("Müller, Zoë ".repeat(12));
    let notes =
        [annotation(1, "\"", "N"), annotation(2, "N", "V"), annotation(3, "p", ""), annotation(4, "\"", "über\u{14}alles\n2")];
    written.annotations = vec![set("atr", notes.into())];
    let folder = tempfile::tempdir().unwrap();
    let done = edf_plus(folder.path(), &written, Existing::Keep).unwrap();
    let read = open(&done.path).unwrap();
    assert_eq!(read.repairs, []);
    let labels: Vec<&str> = all(&read).iter().map(|signal| signal.label.as_str()).collect();
    assert!(labels.contains(&"a name of more t") && labels.contains(&"Signal EDF Annot"), "{labels:?}");
    let beats: Vec<_> = listed(&read).into_iter().filter(|(_, _, label, _)| label != "\"").map(|(at, ..)| at).collect();
    assert_eq!(beats, [2], "no note has become a beat");
    assert!(listed(&read).iter().any(|(at, _, _, text)| (*at, text.as_str()) == (4, "über alles\n2")));
    assert!(done.losses.iter().any(|loss| loss.field == "patient"));
    assert!(done.losses.iter().all(|loss| !loss.to_string().contains("Müller")), "patient data is not repeated");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_scale_and_length_round_trip(rate in 50u32..2000, length in 20usize..4000, gain in 10.0f64..5000.0, baseline in -1000i32..1000) {
        let mut written = recording(f64::from(rate), length);
        for signal in &mut written.signals {
            signal.scale.gain = gain;
            signal.scale.baseline = f64::from(baseline);
        }
        let _ = reread(&written);
    }

    #[test]
    fn annotations_keep_their_places(
        entries in prop::collection::vec((0u64..9000, prop::option::of(0u64..3000), 0usize..5, "[ -~éß℃]{1,30}"), 0..60),
        rate in prop_oneof![Just(500.0), Just(360.0), Just(128.5), Just(1000.0 / 3.0)],
    ) {
        const LABELS: [&str; 5] = ["N", "V", "\"", "+", "F"];
        let mut annotations: Vec<Annotation> = entries
            .into_iter()
            .map(|(at, duration, label, text)| {
                let text = match LABELS[label] { "\"" => format!("a {text}"), "+" => "(VT".into(), _ => String::new() };
                Annotation { duration, ..annotation(at, LABELS[label], &text) }
            })
            .collect();
        annotations.sort_by_key(|annotation| annotation.at);
        let mut written = recording(rate, 4000);
        written.annotations = vec![set("atr", annotations.clone())];
        let (read, _) = reread(&written);
        let mut wanted: Vec<_> = annotations
            .into_iter()
            .map(|a| (a.at.0, a.duration, a.mnemonic.0.clone(), if a.text.is_empty() { a.mnemonic.0 } else { a.text }))
            .collect();
        let mut found = listed(&read);
        // Annotations of the same moment may stand in different records.
        wanted.sort();
        found.sort();
        prop_assert_eq!(found, wanted);
    }
}

#[test]
fn a_copy_has_the_records_that_the_reader_shows() {
    let folder = tempfile::tempdir().unwrap();
    let original = edf_plus(folder.path(), &recording(500.0, 6000), Existing::Keep).unwrap().path;
    let bytes = std::fs::read(&original).unwrap();
    let whole = open(&original).unwrap().length;
    let stored: u64 = std::str::from_utf8(&bytes[236..244]).unwrap().trim().parse().unwrap();
    for (count, shown) in [("10.0", 10), ("1e1", 10), ("10.5", stored), ("-1", stored), ("999", stored)] {
        let mut changed = bytes.clone();
        changed[236..244].copy_from_slice(format!("{count:<8}").as_bytes());
        let path = folder.path().join("changed.edf");
        std::fs::write(&path, changed).unwrap();
        let source = open(&path).unwrap();
        assert_eq!(source.length, whole / stored * shown, "{count}");
        let written = edf(folder.path(), &source, "copy", &[], Existing::Replace).unwrap();
        let copy = open(&written.path).unwrap();
        assert_eq!((copy.length, copy.repairs), (source.length, vec![]), "{count}");
    }
}
