//! WFDB records.

use super::*;

const FORMATS: [WfdbFormat; 6] =
    [WfdbFormat::Bits16, WfdbFormat::Bits24, WfdbFormat::Bits32, WfdbFormat::Packed212, WfdbFormat::Flac516, WfdbFormat::Flac524];

/// Values that a format holds, now and then an invalid one; `largest`: of the format.
fn values(length: usize, seed: u32, largest: i32) -> Vec<i32> {
    let mut state = seed;
    (0..length)
        .map(|index| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            match (state >> 16) % 50 {
                0 => INVALID_SAMPLE,
                1 => -largest,
                2 => largest,
                // A curve with some noise, which FLAC has to predict.
                _ => ((index as f64 / 20.0).sin() * f64::from(largest) * 0.5) as i32 + (state >> 28) as i32,
            }
        })
        .collect()
}

fn reread(recording: &NewRecording, format: Option<WfdbFormat>) -> (Recording, Written) {
    let folder = tempfile::tempdir().unwrap();
    let written = wfdb(folder.path(), recording, format, Existing::Keep).unwrap();
    let read = open(&written.path).unwrap();
    assert_eq!(read.repairs, []);
    for signal in all(&read) {
        assert_eq!(crate::formats::digest(signal).unwrap().unwrap().checksum_ok, Some(true), "{}", signal.label);
    }
    // Some systems keep the files while they are mapped: read everything before they go.
    assert_signals(&read, recording);
    (read, written)
}

#[test]
fn every_format_gives_the_same_samples_back() {
    for format in FORMATS {
        let largest = i32::MAX >> (32 - format.bits());
        let mut written = recording(500.0, 1);
        // Ten leads are two FLAC streams; 4999 samples of three signals leave half a pair in format 212.
        for count in [1, 3, 10] {
            written.signals = (0..count).map(|n| signal(&format!("lead{n}"), 500.0, values(4999, n, largest))).collect();
            let (read, _) = reread(&written, Some(format));
            assert_eq!((read.length, read.start), (4999, written.start), "{format:?}");
            assert_eq!(read.leads.iter().map(|lead| lead.label.clone()).collect::<Vec<_>>().len(), count as usize);
        }
    }
}

#[test]
fn the_smallest_format_that_holds_everything_is_chosen() {
    let format_of = |low: i32, high: i32| {
        let folder = tempfile::tempdir().unwrap();
        let mut written = recording(500.0, 10);
        written.signals = vec![signal("II", 500.0, vec![0, low, high, INVALID_SAMPLE])];
        let path = wfdb(folder.path(), &written, None, Existing::Keep).unwrap().path;
        assert_eq!(samples(source_of(&open(&path).unwrap().leads[0]).0.as_ref()), [0, low, high, INVALID_SAMPLE]);
        std::fs::read_to_string(path).unwrap().lines().nth(1).unwrap().split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(format_of(-32767, 32767), "16");
    // What is the code for an invalid sample in 16 bits is a genuine one here.
    assert_eq!(format_of(-32768, 0), "24");
    assert_eq!(format_of(0, 8_388_607), "24");
    assert_eq!(format_of(-8_388_608, 0), "32");
    assert_eq!(format_of(-i32::MAX, i32::MAX), "32");
}

#[test]
fn a_value_that_does_not_fit_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut written = recording(500.0, 10);
    for (format, value) in [(WfdbFormat::Packed212, 2048), (WfdbFormat::Bits16, -32768), (WfdbFormat::Flac516, 40_000)] {
        written.signals[1] = signal("aVR", 500.0, vec![0, value]);
        let error = wfdb(folder.path(), &written, Some(format), Existing::Keep).unwrap_err().to_string();
        assert!(error.contains("aVR") && error.contains(&value.to_string()), "{error}");
    }
    assert_eq!(files(folder.path()), [""; 0]);
}

#[test]
fn signals_of_different_rates_share_frames() {
    let mut written = recording(250.0, 1000);
    written.signals.push(NewSignal {
        ecg: false,
        scale: Scale { gain: 2.5, baseline: -7.0, unit: "mmHg".into(), millivolts_per_unit: None },
        ..signal("ABP", 125.0, values(500, 7, 2000))
    });
    written.signals.push(signal("V6", 1000.0, values(4000, 9, 2000)));
    written.rate = Rate::new(1000.0).unwrap();
    written.annotations =
        vec![set("atr", vec![annotation(3, "N", ""), annotation(8, "V", "")]), set("qrs", vec![annotation(16, "N", "")])];
    for format in [None, Some(WfdbFormat::Flac524)] {
        let (read, _) = reread(&written, format);
        assert_eq!((read.rate.hz(), read.length), (1000.0, 4000));
        let times: Vec<Vec<u64>> = read.annotations.iter().map(|set| set.annotations.iter().map(|a| a.at.0).collect()).collect();
        assert_eq!(times, [vec![3, 8], vec![16]], "within frames and on them");
    }
    written.signals.push(signal("odd", 125.0 * std::f64::consts::PI, vec![1; 10]));
    let folder = tempfile::tempdir().unwrap();
    let error = wfdb(folder.path(), &written, None, Existing::Keep).unwrap_err().to_string();
    assert!(error.contains("no common frame rate"), "{error}");
}

#[test]
fn what_a_header_cannot_hold_is_said() {
    let mut written = recording(500.0, 100);
    written.patient.name = Some("Somebody".into());
    written.signals[0].scale.baseline = 0.5;
    written.signals[1].scale.unit = "arbitrary units".into();
    written.signals[2].calibrated = false;
    written.signals[2].scale.gain = 200.0;
    written.annotations[0].annotations[1].duration = Some(4);
    written.annotations[0].annotator = "edf".into();
    let folder = tempfile::tempdir().unwrap();
    let done = wfdb(folder.path(), &written, None, Existing::Keep).unwrap();
    let fields: Vec<&str> = done.losses.iter().map(|loss| loss.field.as_str()).collect();
    assert_eq!(fields, ["annotator", "annotations of atr", "baseline of II", "unit of aVR", "patient"], "{:?}", done.losses);
    let read = open(&done.path).unwrap();
    assert!(!find(&read, "V1").calibrated);
    assert_eq!(source_of(find(&read, "aVR")).1.unit, "arbitrary_units");
    assert_eq!(read.annotations[0].annotator, "atr");
}

#[test]
fn comments_say_age_and_sex_once() {
    let mut written = recording(500.0, 100);
    written.comments = vec![" 56 F 1085 x1".into(), "no leading blank".into(), "  SIMULATED".into()];
    let (read, _) = reread(&written, None);
    assert_eq!(read.comments, written.comments);
    assert_eq!((read.patient.age_years, read.patient.sex, read.simulated), (Some(56.0), Some(Sex::Female), true));
    written.comments = vec![" a title".into()];
    let (read, _) = reread(&written, None);
    assert_eq!(read.comments[1..], [" Age: 56", " Sex: F", " a title"]);
    assert!(read.simulated);
}

#[test]
fn notes_at_the_start_stay_notes_and_notes_about_the_file_stay_those() {
    let mut written = recording(500.0, 100);
    let at_start = ["first", "## time resolution: 7", "## annotation type definitions"];
    let notes: Vec<Annotation> = at_start.iter().map(|text| annotation(0, "\"", text)).collect();
    written.annotations = vec![set("atr", [notes, vec![annotation(0, "own", "x"), annotation(7, "\"", "later")]].concat())];
    written.comments = vec![" title".into(), "annotator atr: made by a program".into()];
    let (read, done) = reread(&written, None);
    assert_eq!(read.annotations, written.annotations);
    assert_eq!(read.comments.last().map(String::as_str), Some("annotator atr: made by a program"));
    assert_eq!(done.losses, []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn annotations_keep_every_field(
        entries in prop::collection::vec((
            prop_oneof![0u64..300, 0u64..6_000_000_000], 0usize..12, any::<i8>(), any::<u8>(), any::<i8>(), "[ -~é]{0,40}"
        ), 0..30),
        starts_at_once in any::<bool>(),
    ) {
        const LABELS: [&str; 12] = ["N", "V", "\"", "+", "[46]", "own", "é", "x y", "~", "=", "\"", "/"];
        let mut time = 0;
        let annotations: Vec<Annotation> = entries
            .into_iter()
            .enumerate()
            .map(|(index, (interval, label, subtype, chan, num, text))| {
                time += if index == 0 && starts_at_once { 0 } else { interval };
                // The label of two words becomes a note, which is checked elsewhere.
                let label = if label == 7 { "N" } else { LABELS[label] };
                Annotation { subtype, chan, num, ..annotation(time, label, &text) }
            })
            .collect();
        let mut written = recording(500.0, 10);
        written.annotations = vec![set("qrs", annotations)];
        let (read, _) = reread(&written, None);
        prop_assert_eq!(&read.annotations, &written.annotations);
    }

    #[test]
    fn any_scale_rate_and_length_round_trip(rate in 50u32..2000, length in 1usize..4000, gain in 10.0f64..5000.0, baseline in -1000i32..1000) {
        let mut written = recording(f64::from(rate) / 8.0, length);
        for signal in &mut written.signals {
            signal.scale.gain = gain;
            signal.scale.baseline = f64::from(baseline);
        }
        let (read, done) = reread(&written, None);
        prop_assert_eq!(source_of(&read.leads[0]).1, &written.signals[0].scale);
        prop_assert_eq!(done.losses, []);
    }
}

#[test]
fn labels_beyond_the_eight_free_codes_and_long_texts_are_said() {
    let mut written = recording(500.0, 100);
    let labels = (0..10).map(|n| annotation(n, &format!("own{n}"), "t"));
    let long = annotation(20, "\"", &"é".repeat(200));
    written.annotations = vec![set("atr", labels.chain([long, annotation(30, "two words", "")]).collect())];
    let (read, done) = reread(&written, None);
    let read = &read.annotations[0].annotations;
    assert_eq!(read[7], written.annotations[0].annotations[7]);
    assert_eq!((read[8].mnemonic.as_str(), read[8].text.as_str()), ("\"", "own8 t"));
    assert_eq!(read[10].text, "é".repeat(127));
    assert_eq!((read[11].mnemonic.as_str(), read[11].text.as_str()), ("\"", "two words"));
    assert_eq!(done.losses.len(), 2, "{:?}", done.losses);
}

#[test]
fn notes_about_the_file_keep_255_bytes_and_longer_ones_are_said() {
    let mut written = recording(500.0, 100);
    let (fits, long) = ("x".repeat(255), "é".repeat(128));
    written.comments = vec![format!("annotator atr: {fits}"), format!("annotator atr: {long}")];
    // Labels that no code is left for are part of their texts: 20 + 1 + 240 bytes.
    let labels = (0..8).map(|n| annotation(n, &format!("own{n}"), ""));
    written.annotations = vec![set("atr", labels.chain([annotation(20, &"l".repeat(20), &"t".repeat(240))]).collect())];
    let (read, done) = reread(&written, None);
    assert_eq!(
        read.comments[read.comments.len() - 2..],
        [format!("annotator atr: {fits}"), format!("annotator atr: {}", "é".repeat(127))]
    );
    assert_eq!(read.annotations[0].annotations[8].text, format!("{} {}", "l".repeat(20), "t".repeat(234)));
    let cut: Vec<&str> = done.losses.iter().map(|l| l.lost.as_str()).filter(|lost| lost.contains("255")).collect();
    assert_eq!(cut, ["2 texts longer than 255 bytes"]);
}

#[test]
fn annotation_files_from_before_are_said_with_and_without_a_header() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["sim_1.qrs", "sim_1.edf", "sim_10.qrs"] {
        std::fs::write(folder.path().join(name), [0, 0]).unwrap();
    }
    for existing in [Existing::Keep, Existing::Replace] {
        let losses = wfdb(folder.path(), &recording(500.0, 100), None, existing).unwrap().losses;
        let [left] = losses.as_slice() else { panic!("{losses:?}") };
        assert_eq!((left.field.as_str(), left.lost.contains("(sim_1.qrs)")), ("annotation files", true), "{left}");
    }
}

#[test]
fn signals_shorter_than_the_record_are_said() {
    let mut written = recording(250.0, 1000);
    written.signals.push(signal("V6", 500.0, vec![5; 1990]));
    written.signals.push(signal("V2", 250.0, vec![5; 400]));
    written.rate = Rate::new(500.0).unwrap();
    let (read, done) = reread(&written, None);
    assert_eq!(samples(source_of(find(&read, "V2")).0.as_ref())[399..402], [5, INVALID_SAMPLE, INVALID_SAMPLE]);
    let said: Vec<(&str, &str)> = done.losses.iter().map(|l| (l.field.as_str(), l.lost.split(' ').next().unwrap())).collect();
    assert_eq!(said, [("signal V6", "10"), ("signal V2", "600")]);
}
