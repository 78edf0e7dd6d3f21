//! What goes out and comes back is the same.

use super::{super::*, *};
use crate::{
    formats::{self, write},
    recording::{LeadName, Rate, Recording, SampleIndex, SampleRange},
    review::test_support::recording,
};
use proptest::prelude::*;

const LENGTH: u64 = 5000;

fn lead() -> LeadName {
    LeadName::parse("MLII")
}

fn any_beat() -> impl Strategy<Value = Beat> {
    let label = proptest::sample::select(BeatType::settable().collect::<Vec<_>>());
    let fields = (any::<i8>(), 0u8..3, any::<i8>(), "[a-zA-Z0-9(+ ]{0,20}").prop_map(|(subtype, chan, num, text)| {
        let fields = WfdbFields { subtype, chan, num, text };
        (fields != WfdbFields::default()).then(|| Box::new(fields))
    });
    (0..LENGTH, label, fields).prop_map(|(at, label, fields)| Beat {
        sample: SampleIndex(at),
        label,
        source: BeatSource::Imported,
        decided: false,
        fields,
    })
}

fn any_interval() -> impl Strategy<Value = Interval> {
    let rhythm = proptest::sample::select(Rhythm::listed().collect::<Vec<_>>());
    let kind = prop_oneof![
        rhythm.prop_map(IntervalKind::Rhythm),
        Just(IntervalKind::Noise),
        Just(IntervalKind::St),
        Just(IntervalKind::Note)
    ];
    (kind, 0..LENGTH, 0..LENGTH, any::<bool>(), "[a-zA-Z0-9é][a-zA-Z0-9é:@ ]{0,20}[a-z]").prop_map(|(kind, a, b, one, text)| {
        let is_rhythm = matches!(kind, IntervalKind::Rhythm(_));
        Interval {
            kind,
            range: SampleRange::new(a.min(b), a.max(b)),
            lead: (one && !is_rhythm).then(lead),
            text: if is_rhythm { String::new() } else { text },
        }
    })
}

fn content(beats: Vec<Beat>, intervals: Vec<Interval>) -> Content {
    let intervals = intervals.into_iter().enumerate().map(|(n, interval)| (IntervalId(n as u64), interval));
    Content { beats: Beats::new(beats), intervals: intervals.collect(), ..Content::default() }
}

/// The intervals in an order that does not depend on their identities.
fn sorted(intervals: impl IntoIterator<Item = Interval>) -> Vec<String> {
    let mut all: Vec<String> = intervals.into_iter().map(|interval| format!("{interval:?}")).collect();
    all.sort();
    all.dedup();
    all
}

fn source() -> Recording {
    recording(&(0..LENGTH as i32).map(|n| n % 100).collect::<Vec<_>>())
}

/// Rhythms that are not marked as lasting (events) begin at a point and last until the next in WFDB: stretches only.
fn stretches(intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.into_iter().filter(|i| !i.is_event() || matches!(i.kind, IntervalKind::St | IntervalKind::Note)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn wfdb_files_hold_what_was_written(
        beats in proptest::collection::vec(any_beat(), 0..30),
        intervals in proptest::collection::vec(any_interval(), 0..8),
    ) {
        let content = content(beats, stretches(intervals));
        let folder = tempfile::tempdir().unwrap();
        let (set, losses) = wfdb_set(&content, "abc", &[lead()]);
        prop_assert!(losses.is_empty());
        let new = write::NewRecording { annotations: vec![set], sources: Vec::new(), ..write::NewRecording::of(&source(), "r") };
        let written = write::wfdb(folder.path(), &new, None, write::Existing::Keep).unwrap();
        let read = formats::open(&written.path).unwrap();
        let back = incoming(&read.annotations[0], read.rate, read.length, "r.abc", &[lead()]);
        prop_assert_eq!(&read.annotations[0].annotator, "abc");
        prop_assert_eq!(&back.warnings, &Vec::<String>::new());
        prop_assert_eq!(back.baseline.beats.as_slice(), content.beats.as_slice());
        prop_assert_eq!(sorted(back.baseline.intervals), sorted(content.intervals.into_values()));
    }

    #[test]
    fn edf_files_hold_what_was_written(
        beats in proptest::collection::vec(any_beat(), 0..30),
        intervals in proptest::collection::vec(any_interval(), 0..8),
    ) {
        let beats = beats.into_iter().map(|beat| Beat { fields: None, ..beat }).collect();
        let content = content(beats, intervals);
        let folder = tempfile::tempdir().unwrap();
        let (set, losses) = edf_set(&content, "abc");
        prop_assert!(losses.is_empty());
        let written = write::edf(folder.path(), &source(), "r", &[set], write::Existing::Keep).unwrap();
        let read = formats::open(&written.path).unwrap();
        let back = match read.annotations.first() {
            Some(set) => incoming(set, read.rate, read.length, "r.edf", &[lead()]).baseline,
            None => Baseline { beats: Vec::new(), ..crate::review::test_support::baseline(0, 1) },
        };
        prop_assert_eq!(back.beats.as_slice(), content.beats.as_slice());
        prop_assert_eq!(sorted(back.intervals), sorted(content.intervals.into_values()));
    }

    #[test]
    fn csv_tables_hold_the_beats(beats in proptest::collection::vec(any_beat(), 0..30)) {
        let key = ReviewKey { recording: RecordingId::try_from("a".repeat(64)).unwrap(), reviewer: ReviewerId::new() };
        let mut review = Review::new(key, LENGTH);
        let labels = Baseline { beats: Beats::new(beats).as_slice().to_vec(), length: LENGTH, ..crate::review::test_support::baseline(0, 1) };
        let (id, _) = labels.stored();
        let entry = Entry { event: Event::Baseline { baseline: id }, at: Timestamp(0), by: ReviewerId::new(), reason: None };
        review.apply(&entry, Some(std::sync::Arc::new(labels.clone()))).unwrap();
        let rate = Rate::new(250.0).unwrap();
        prop_assert_eq!(csv::read_beats(&csv::beats(&review, rate), rate).unwrap(), labels.beats);
    }

    #[test]
    fn no_table_makes_it_panic(text in "[a-z0-9,\"'\r\n.=]{0,80}") {
        let _ = csv::read_beats(&format!("sample,mnemonic,aux\n{text}"), Rate::HZ_500);
    }
}

#[test]
fn tables_of_others_are_read_by_their_titles() {
    let rate = Rate::new(100.0).unwrap();
    let beats = csv::read_beats("time_s,label\n0.5,N\n1.25,V\n", rate).unwrap();
    assert_eq!(beats.iter().map(|b| (b.sample.0, b.label.key())).collect::<Vec<_>>(), [(50, 'N'), (125, 'V')]);
    assert_eq!(csv::read_beats("sample,label\n1,N\n2,X\n", rate).unwrap_err(), "line 3: `X` is no beat type (WFDB's mnemonics)");
    assert_eq!(csv::read_beats("a,b\n", rate).unwrap_err(), "there is no column `mnemonic` or `label`");
    assert!(csv::read_beats("sample,label\n-1,N\n", rate).unwrap_err().starts_with("line 2"));
}

#[test]
fn rhythms_of_other_programs_last_until_the_next() {
    let set = crate::recording::AnnotationSet {
        annotator: "atr".into(),
        annotations: [(10, "+", "(N"), (500, "+", "(AFIB"), (500, "N", ""), (800, "p", ""), (900, "+", "(N"), (9000, "N", "")]
            .map(|(at, mnemonic, text)| Annotation::new(SampleIndex(at), mnemonic, text.into()))
            .to_vec(),
    };
    let came = incoming(&set, Rate::HZ_500, LENGTH, "r.atr", &[]);
    let rhythms: Vec<(u64, u64, String)> = came
        .baseline
        .intervals
        .iter()
        .filter_map(|i| match &i.kind {
            IntervalKind::Rhythm(rhythm) => Some((i.range.start.0, i.range.end.0, rhythm.code().to_owned())),
            _ => None,
        })
        .collect();
    assert_eq!(rhythms, [(10, 500, "N".into()), (500, 900, "AFIB".into()), (900, LENGTH, "N".into())]);
    assert_eq!(
        came.warnings,
        ["1 annotations stand outside the recording and were left out", "1 annotations `p` are kept as notes"]
    );
}
