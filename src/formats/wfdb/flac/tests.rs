//! Streams of an independent encoder, read window by window.

use super::*;
use flac_codec::encode::{FlacSampleWriter, Options};
use proptest::prelude::*;
use std::{io::Cursor, path::Path};

/// Slow waves of differing size with some noise, so that frames differ in length; channel `c` of three.
fn sample(channel: usize, at: u64) -> i32 {
    let slow = ((at as f64 / (500.0 + 700.0 * channel as f64)).sin() * 3000.0 * (at % 9000) as f64 / 9000.0) as i32;
    slow + (at.wrapping_mul(2_654_435_761) >> 7 & 0x1f) as i32 - 16
}

fn stream(samples: u64, bits: u32, block: u16, declared: bool) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let options = Options::fast().block_size(block).unwrap().no_padding();
    let total = declared.then_some(samples * 3);
    let mut writer = FlacSampleWriter::new(&mut bytes, options, 96_000, bits, 3, total).unwrap();
    let interleaved: Vec<i32> = (0..samples).flat_map(|at| (0..3).map(move |channel| sample(channel, at))).collect();
    writer.write(&interleaved).unwrap();
    writer.finalize().unwrap();
    bytes.into_inner()
}

/// Not decoded at opening, as if it were long.
fn long(bytes: Vec<u8>, format: u32) -> Arc<FlacFile> {
    let content = Arc::new(FileBytes::memory(Path::new("x"), bytes.into()).unwrap());
    Arc::new(FlacFile(file::FlacFile::open_lazily(content, 0, format, 3, 0).unwrap()))
}

fn source(file: &Arc<FlacFile>, channel: usize, length: u64) -> FlacSource {
    FlacSource { file: Arc::clone(file), channel, length, skew: 0 }
}

fn assert_window(source: &FlacSource, start: u64, count: usize) {
    let mut read = vec![7; count];
    source.read(start, &mut read).unwrap();
    for (place, value) in read.into_iter().enumerate() {
        let at = start + place as u64;
        let wanted = if at < source.length { sample(source.channel, at) } else { INVALID_SAMPLE };
        assert_eq!(value, wanted, "sample {at} from {start}");
    }
}

#[test]
fn windows_are_found_wherever_they_lie() {
    const SAMPLES: u64 = 150_000;
    for (bits, format) in [(16, 516), (24, 524)] {
        let bytes = stream(SAMPLES, bits, 256, true);
        for start in [140_001, 3, 75_000, 149_990, 75_100, 20_000, 148_000] {
            let file = long(bytes.clone(), format);
            assert_eq!(file.length(), (SAMPLES, None));
            for channel in [2, 0, 1] {
                assert_window(&source(&file, channel, SAMPLES), start, 700);
            }
        }
        let whole = source(&long(bytes, format), 1, SAMPLES);
        assert_window(&whole, 0, SAMPLES as usize + 5);
        let sum = (0..SAMPLES).map(|at| i64::from(sample(1, at))).sum::<i64>() as i16;
        assert_eq!(whole.stored_checksum().unwrap(), Some(sum));
    }
}

#[test]
fn a_window_costs_its_own_frames() {
    let bytes = stream(400_000, 16, 256, true);
    let file = long(bytes, 516);
    assert_window(&source(&file, 0, 400_000), 250_000, 500);
    let known = file.0.known_frames();
    assert!(known < 100, "{known} of 1563 frames were looked at");
}

/// Silent stretches between noisy ones are what some encoders store so.
#[test]
fn escaped_residuals_are_read() {
    // Alike, a little apart, and far apart: two channels are stored side by side in every way there is.
    for (apart, channels) in [(0, 2), (1, 2), (900, 2), (7, 3)] {
        let value = |channel: u64, at: u64| {
            if (at / 512).is_multiple_of(2) { 0 } else { sample(0, at) + apart * sample(1, at * (channel + 1)) / 1000 }
        };
        let samples: Vec<i32> = (0..10_000).flat_map(|at| (0..channels).map(move |channel| value(channel, at))).collect();
        let mut bytes = Cursor::new(Vec::new());
        let options = Options::best().block_size(4096).unwrap().no_padding();
        let total = Some(samples.len() as u64);
        let mut writer = FlacSampleWriter::new(&mut bytes, options, 96_000, 16, channels as u8, total).unwrap();
        writer.write(&samples).unwrap();
        writer.finalize().unwrap();
        let bytes = bytes.into_inner();
        let mut usual = claxon::FlacReader::new(Cursor::new(&bytes)).unwrap();
        assert!(usual.samples().any(|sample| sample.is_err()), "nothing in this stream is escaped");
        let content = Arc::new(FileBytes::memory(Path::new("x"), bytes.into()).unwrap());
        let file = Arc::new(FlacFile(file::FlacFile::open_lazily(content, 0, 516, channels as usize, 0).unwrap()));
        let mut read = vec![0; 10_000];
        for channel in 0..channels {
            source(&file, channel as usize, 10_000).read_stored(0, &mut read).unwrap();
            assert!(read.iter().zip(0..).all(|(read, at)| *read == value(channel, at)), "{apart} {channel}");
        }
    }
}

#[test]
fn damage_is_told_where_it_is() {
    let mut bytes = stream(100_000, 16, 256, true);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    let long_file = long(bytes.clone(), 516);
    let first = source(&long_file, 0, 100_000);
    assert_window(&first, 10_000, 300);
    assert_window(&first, 90_000, 300);
    assert!(matches!(first.read(0, &mut vec![0; 100_000]), Err(SampleError::Unreadable { .. })));
    // A short one is decoded at once, and what comes before the fault is kept.
    let content = Arc::new(FileBytes::memory(Path::new("x"), bytes.into()).unwrap());
    let short = FlacFile::open(content, 0, 516, 3).unwrap();
    let (length, fault) = short.length();
    assert!(length > 30_000 && length < 70_000 && length.is_multiple_of(256) && fault.is_some(), "{length} {fault:?}");
}

#[test]
fn a_stream_that_was_cut_is_as_long_as_its_last_whole_frame() {
    let mut bytes = stream(100_000, 16, 256, true);
    bytes.truncate(bytes.len() * 2 / 3);
    let file = long(bytes, 516);
    let (length, fault) = file.length();
    assert!(length > 50_000 && length < 80_000 && length.is_multiple_of(256), "{length}");
    assert!(fault.unwrap().contains("of 100000"));
    let source = source(&file, 2, 100_000);
    let mut read = vec![0; 2];
    source.read(length - 1, &mut read).unwrap();
    assert_eq!(read, [sample(2, length - 1), INVALID_SAMPLE]);
}

/// What fuzzing found: a last metadata block that reaches beyond the file.
#[test]
fn a_stream_may_not_end_within_its_metadata() {
    let mut bytes = stream(20_000, 16, 256, true);
    bytes[4] &= 0x7f;
    bytes[42..46].copy_from_slice(&[0x81, 0x7f, 0xff, 0xff]);
    for at_once in [0, u64::MAX] {
        let content = Arc::new(FileBytes::memory(Path::new("x"), bytes.clone().into()).unwrap());
        let opened = file::FlacFile::open_lazily(content, 0, 516, 3, at_once);
        assert!(matches!(opened, Err(FormatError::Damaged { problem, .. }) if problem.contains("metadata")));
    }
}

#[test]
fn a_stream_may_not_declare_more_than_it_can_hold() {
    let mut bytes = stream(1000, 16, 256, true);
    // The 36-bit number of samples ends with byte 25.
    bytes[21] |= 0x0f;
    let content = Arc::new(FileBytes::memory(Path::new("x"), bytes.into()).unwrap());
    assert!(matches!(FlacFile::open(content, 0, 516, 3), Err(FormatError::Damaged { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn damaged_streams_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        start in 0u64..21_000,
        lazily in any::<bool>(),
    ) {
        static WHOLE: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| stream(20_000, 16, 256, true));
        let mut bytes = WHOLE.clone();
        for (at, byte) in changes {
            let length = bytes.len();
            bytes[at.index(length)] = byte;
        }
        let content = Arc::new(FileBytes::memory(Path::new("x"), bytes.into()).unwrap());
        let at_once = if lazily { 0 } else { u64::MAX };
        if let Ok(file) = file::FlacFile::open_lazily(content, 0, 516, 3, at_once) {
            let source = source(&Arc::new(FlacFile(file)), 1, 20_000);
            let _ = source.read(start, &mut [0; 2000]);
            let _ = source.stored_checksum();
        }
    }
}
