//! WFDB headers (`.hea`). Source: the WFDB Applications Guide, header(5).

use crate::{
    formats::{FormatError, limits::FASTEST_HZ},
    recording::Repair,
};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use std::path::Path;

/// Signals a header may declare: far above any recorder, low enough that a false count allocates nothing.
const MOST_SIGNALS: usize = 4096;

/// What some editors put before a text; no part of it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Segments a header may list.
const MOST_SEGMENTS: usize = 1 << 16;

/// Samples per frame a signal may declare.
const MOST_SAMPLES_PER_FRAME: u64 = 100_000;

/// A parsed header.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// Record name.
    pub name: String,
    /// Frames per second.
    pub frame_rate: f64,
    /// Frames per signal; `None` when the header does not tell.
    pub frames: Option<u64>,
    /// Start, when the header gives both date and time.
    pub start: Option<NaiveDateTime>,
    /// Number of signals declared.
    pub signal_count: usize,
    /// The signals in order; none in a multi-segment header.
    pub signals: Vec<SignalSpec>,
    /// The segments of a multi-segment record.
    pub segments: Vec<SegmentSpec>,
    /// Comment lines without their `#`.
    pub comments: Vec<String>,
    /// What was wrong and what was assumed.
    pub repairs: Vec<Repair>,
}

/// One segment line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentSpec {
    /// Name of the segment's record; `~` for a stretch without signals.
    pub name: String,
    /// Its length in frames; 0 for a layout segment.
    pub frames: u64,
}

/// One signal line.
#[derive(Debug, Clone, PartialEq)]
pub struct SignalSpec {
    /// Signal file name as written.
    pub file_name: String,
    /// Storage format number.
    pub format: u32,
    /// Samples in each frame.
    pub samples_per_frame: u64,
    /// Frames by which the stored signal lags.
    pub skew: u64,
    /// Bytes before the first sample.
    pub byte_offset: u64,
    /// Counts per unit; `None` when absent or 0 (uncalibrated).
    pub gain: Option<f64>,
    /// Count that means 0 units.
    pub baseline: f64,
    /// Unit.
    pub unit: String,
    /// Declared first sample, from which format 8 counts; the ADC zero when absent.
    pub initial: i32,
    /// Declared checksum of the stored samples.
    pub checksum: Option<i16>,
    /// Description: the lead's name.
    pub description: String,
}

/// Whether the first bytes of a file are those of a WFDB header: after comments, a record line `name count [rate ...]`.
pub fn looks_like_header(start: &[u8]) -> bool {
    let text = String::from_utf8_lossy(start.strip_prefix(BYTE_ORDER_MARK).unwrap_or(start));
    let Some(line) = text.split(['\n', '\r']).map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')) else {
        return false;
    };
    let mut fields = line.split_ascii_whitespace();
    let (Some(name), Some(count)) = (fields.next(), fields.next()) else { return false };
    let record = name.split('/').next().unwrap_or_default();
    let name_fits = !record.is_empty() && record.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let rate_fits = fields.next().is_none_or(|rate| {
        rate.split(['/', '(']).next().is_some_and(|hz| hz.parse::<f64>().is_ok_and(|hz| hz.is_finite() && hz >= 0.0))
    });
    name_fits && count.bytes().all(|b| b.is_ascii_digit()) && rate_fits
}

/// Names of the segments of a multi-segment header; none for any other.
pub(in crate::formats) fn segment_names(path: &Path, bytes: &[u8]) -> Vec<String> {
    parse(path, bytes).map(|header| header.segments.into_iter().map(|segment| segment.name).collect()).unwrap_or_default()
}

/// Reads a header's text. `path` is named in errors.
///
/// # Errors
/// [`FormatError::Header`] for a field that makes the record unreadable, [`FormatError::NoSignals`] for a record without signals.
pub fn parse(path: &Path, bytes: &[u8]) -> Result<Header, FormatError> {
    let mut repairs = Vec::new();
    let bytes = match bytes.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => {
            repairs.push(Repair::new("header text", "a byte order mark", "passed over"));
            rest
        }
        None => bytes,
    };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            repairs.push(Repair::new("header text", "bytes that are no UTF-8", "Latin-1"));
            bytes.iter().map(|b| char::from(*b)).collect()
        }
    };
    // Old systems end lines with a carriage return alone.
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    let comments = text
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix('#'))
        .map(|comment| comment.trim_end().to_owned())
        .collect();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let fail = |field: &str, found: &str, problem: &str| FormatError::Header {
        path: path.into(),
        field: field.into(),
        found: shorten(found),
        problem: problem.into(),
    };

    let record_line = lines.next().ok_or_else(|| fail("record line", "", "the header has none"))?;
    let mut fields = record_line.split_ascii_whitespace();
    let name_field = fields.next().unwrap_or_default();
    let (name, segments) = name_field.split_once('/').map_or((name_field, None), |(name, n)| (name, Some(n)));
    let count_field = fields.next().unwrap_or_default();
    let count: usize = count_field.parse().map_err(|_| fail("number of signals", count_field, "a whole number is needed"))?;
    if count == 0 {
        return Err(FormatError::NoSignals { path: path.into() });
    }
    if count > MOST_SIGNALS {
        return Err(fail("number of signals", count_field, "more than any recorder writes (limit 4096)"));
    }
    let frame_rate = match fields.next() {
        None => {
            repairs.push(Repair::new("sampling frequency", "absent", "250 Hz, the format's default"));
            250.0
        }
        Some(field) => {
            frequency(field).ok_or_else(|| fail("sampling frequency", field, "a number above zero and up to 10 MHz is needed"))?
        }
    };
    let frames = match fields.next() {
        None => None,
        Some(field) => {
            let frames: u64 =
                field.parse().map_err(|_| fail("number of samples per signal", field, "a whole number is needed"))?;
            (frames > 0).then_some(frames)
        }
    };
    let start = start_time(fields, &mut repairs);

    let mut header = Header {
        name: name.to_owned(),
        frame_rate,
        frames,
        start,
        signal_count: count,
        signals: Vec::new(),
        segments: Vec::new(),
        comments,
        repairs: Vec::new(),
    };
    if let Some(number) = segments {
        let number: usize = number
            .parse()
            .ok()
            .filter(|n| (1..=MOST_SEGMENTS).contains(n))
            .ok_or_else(|| fail("number of segments", number, "a whole number up to 65536 is needed"))?;
        header.segments = lines
            .by_ref()
            .take(number + 1)
            .map(segment_line)
            .collect::<Option<_>>()
            .ok_or_else(|| fail("segment line", record_line, "each segment needs a name and a length"))?;
        if header.segments.len() != number {
            return Err(fail(
                "number of segments",
                name_field,
                &format!(
                    "the header lists {}",
                    if header.segments.len() > number { "more".to_owned() } else { header.segments.len().to_string() }
                ),
            ));
        }
        header.repairs = repairs;
        return Ok(header);
    }
    for index in 0..count {
        let line =
            lines.next().ok_or_else(|| fail("number of signals", count_field, &format!("the header describes only {index}")))?;
        header.signals.push(signal_line(line, index, &mut repairs, &fail)?);
    }
    header.repairs = repairs;
    Ok(header)
}

/// `fs[/counter[(base)]]`; the counter frequency plays no part in what is shown.
fn frequency(field: &str) -> Option<f64> {
    let hz: f64 = field.split('/').next()?.split('(').next()?.parse().ok()?;
    (hz > 0.0 && hz <= FASTEST_HZ).then_some(hz)
}

/// Base time and date, in either order: some writers put the date first.
fn start_time<'a>(fields: impl Iterator<Item = &'a str>, repairs: &mut Vec<Repair>) -> Option<NaiveDateTime> {
    let (mut time, mut date) = (None, None);
    for field in fields {
        if field.contains(':') {
            time = NaiveTime::parse_from_str(field, "%H:%M:%S%.f").or_else(|_| NaiveTime::parse_from_str(field, "%H:%M")).ok();
            if time.is_none() {
                repairs.push(Repair::new("base time", field, "unknown start time"));
            }
        } else {
            date = NaiveDate::parse_from_str(field, "%d/%m/%Y").or_else(|_| NaiveDate::parse_from_str(field, "%d-%b-%Y")).ok();
            // Of a year in two digits the century would be a guess.
            date = date.filter(|date| date.year() >= 1000);
            if date.is_none() {
                repairs.push(Repair::new("base date", field, "unknown start date"));
            }
        }
    }
    if let (Some(time), None) = (time, date) {
        repairs.push(Repair::new("base date", format!("none with base time {time}"), "unknown start date"));
    }
    Some(NaiveDateTime::new(date?, time?))
}

/// `name length`.
fn segment_line(line: &str) -> Option<SegmentSpec> {
    let mut fields = line.split_ascii_whitespace();
    Some(SegmentSpec { name: fields.next()?.to_owned(), frames: fields.next()?.parse().ok()? })
}

fn signal_line(
    line: &str,
    index: usize,
    repairs: &mut Vec<Repair>,
    fail: &dyn Fn(&str, &str, &str) -> FormatError,
) -> Result<SignalSpec, FormatError> {
    let mut rest = line;
    let mut next = || -> Option<&str> {
        rest = rest.trim_start();
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (field, tail) = rest.split_at(end);
        rest = tail;
        Some(field)
    };
    let file_name = next().unwrap_or_default().to_owned();
    let format_field = next().ok_or_else(|| fail(&format!("signal {index}"), line, "the storage format is absent"))?;
    let layout = StorageField::parse(format_field)
        .ok_or_else(|| fail(&format!("storage format of signal {index}"), format_field, "not `format[xspf][:skew][+offset]`"))?;
    if layout.samples_per_frame == 0 || layout.samples_per_frame > MOST_SAMPLES_PER_FRAME {
        return Err(fail(&format!("samples per frame of signal {index}"), format_field, "must be between 1 and 100000"));
    }
    let gain_field = next().map(str::to_owned);
    let _resolution = next();
    let adc_zero_field = next().map(str::to_owned);
    let initial = next().and_then(|field| field.parse::<i32>().ok());
    let checksum_field = next().map(str::to_owned);
    let _block_size = next();
    let description = rest.trim().to_owned();

    let adc_zero = match adc_zero_field.as_deref() {
        None => 0.0,
        Some(field) => number(field).unwrap_or_else(|| {
            repairs.push(Repair::new(format!("ADC zero of signal {index}"), shorten(field), "0"));
            0.0
        }),
    };
    let (gain, baseline, unit) = match gain_field.as_deref() {
        None => (None, None, None),
        Some(field) => GainField::parse(field).map_or_else(
            || {
                repairs.push(Repair::new(format!("gain of signal {index}"), shorten(field), UNCALIBRATED));
                (None, None, None)
            },
            |parsed| (parsed.gain, parsed.baseline, parsed.unit),
        ),
    };
    // An unreadable gain is listed already. Signals without a file have no samples to scale.
    if gain.is_none() && gain_field.as_deref().is_none_or(|field| GainField::parse(field).is_some()) && layout.format != 0 {
        let found = gain_field.as_deref().map_or_else(|| "absent".to_owned(), shorten);
        repairs.push(Repair::new(format!("gain of signal {index}"), found, UNCALIBRATED));
    }
    // Written as signed or unsigned 16 bits, depending on the writer.
    let checksum = checksum_field.as_deref().and_then(|field| field.parse::<i64>().ok()).map(|sum| sum as i16);
    Ok(SignalSpec {
        file_name,
        format: layout.format,
        samples_per_frame: layout.samples_per_frame,
        skew: layout.skew,
        byte_offset: layout.byte_offset,
        gain,
        baseline: baseline.unwrap_or(adc_zero),
        unit: unit.unwrap_or_else(|| "mV".to_owned()),
        initial: initial.unwrap_or(adc_zero as i32),
        checksum,
        description,
    })
}

/// `format[xspf][:skew][+offset]`.
struct StorageField {
    format: u32,
    samples_per_frame: u64,
    skew: u64,
    byte_offset: u64,
}

impl StorageField {
    fn parse(field: &str) -> Option<Self> {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let take = |text: &mut &str| -> Option<u64> {
            let (number, rest) = text.split_at(digits(text));
            *text = rest;
            number.parse().ok()
        };
        let mut rest = field;
        let format = u32::try_from(take(&mut rest)?).ok()?;
        let (mut samples_per_frame, mut skew, mut byte_offset) = (1, 0, 0);
        while let Some(mark) = rest.chars().next() {
            rest = rest.get(mark.len_utf8()..)?;
            let value = take(&mut rest)?;
            match mark {
                'x' => samples_per_frame = value,
                ':' => skew = value,
                '+' => byte_offset = value,
                _ => return None,
            }
        }
        Some(Self { format, samples_per_frame, skew, byte_offset })
    }
}

/// `gain[(baseline)][/unit]`.
struct GainField {
    gain: Option<f64>,
    baseline: Option<f64>,
    unit: Option<String>,
}

impl GainField {
    fn parse(field: &str) -> Option<Self> {
        let (numbers, unit) = match field.split_once('/') {
            Some((numbers, unit)) => (numbers, (!unit.is_empty()).then(|| unit.to_owned())),
            None => (field, None),
        };
        let (gain, baseline) = match numbers.split_once('(') {
            Some((gain, rest)) => (gain, Some(number(rest.strip_suffix(')')?)?)),
            None => (numbers, None),
        };
        let gain = number(gain)?;
        Some(Self { gain: (gain != 0.0).then_some(gain), baseline, unit })
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|value| value.is_finite())
}

/// What is assumed without a gain.
const UNCALIBRATED: &str = "unknown: the signal is uncalibrated, drawn at 200 counts per unit";

/// A header's field as quoted in a message: header content may be arbitrarily long.
fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Header, FormatError> {
        parse(Path::new("r.hea"), text.as_bytes())
    }

    #[test]
    fn every_field_of_a_signal_line_is_read() {
        let header = read(
            "# before\nr 2 125/360(7) 75000 17:27:45 15/08/1994\nr.dat 212x4:3+24 12.84(-1605)/mmHg 12 5 -943 -23651 0 Arterial pressure\nr.dat 212\n# 69 M\n",
        )
        .unwrap();
        assert_eq!((header.name.as_str(), header.frame_rate, header.frames), ("r", 125.0, Some(75000)));
        assert_eq!(header.start.unwrap().to_string(), "1994-08-15 17:27:45");
        assert_eq!(header.comments, [" before", " 69 M"]);
        let signal = &header.signals[0];
        assert_eq!((signal.format, signal.samples_per_frame, signal.skew, signal.byte_offset), (212, 4, 3, 24));
        assert_eq!((signal.gain, signal.baseline, signal.unit.as_str()), (Some(12.84), -1605.0, "mmHg"));
        assert_eq!((signal.checksum, signal.description.as_str()), (Some(-23651), "Arterial pressure"));
        let bare = &header.signals[1];
        assert_eq!((bare.gain, bare.baseline, bare.unit.as_str(), bare.checksum), (None, 0.0, "mV", None));
    }

    #[test]
    fn baseline_is_the_adc_zero_unless_given() {
        let signals = read("r 3 360 10\nr.dat 212 200 11 1024 0 62503 0 MLII\nr.dat 212 200(0) 11 1024\nr.dat 212 0 11 1024\n")
            .unwrap()
            .signals;
        assert_eq!(signals.iter().map(|s| s.baseline).collect::<Vec<_>>(), [1024.0, 0.0, 1024.0]);
        assert_eq!(signals.iter().map(|s| s.gain).collect::<Vec<_>>(), [Some(200.0), Some(200.0), None]);
        assert_eq!(signals[0].checksum, Some(62503u16 as i16));
    }

    #[test]
    fn date_before_time_is_understood() {
        assert_eq!(
            read("r 1 500 5000 15-May-2020 15:35:30\nr.mat 16+24").unwrap().start.unwrap().to_string(),
            "2020-05-15 15:35:30"
        );
        for unknown in ["15:35:30", "15:35:30 01/02/03", "15:35:30 31/02/2003", "99:00 01/02/2003"] {
            let header = read(&format!("r 1 500 5000 {unknown}\nr.mat 16+24 200")).unwrap();
            assert_eq!(header.start, None, "{unknown}");
            assert!(!header.repairs.is_empty(), "{unknown}");
        }
    }

    #[test]
    fn lines_may_end_in_any_way() {
        let text = "# c\nr 1 360 10\nr.dat 16 200 16 0 0 0 0 II\n# 56 F\n";
        let usual = read(text).unwrap();
        for end in ["\r\n", "\r", "\n\n"] {
            let other = text.replace('\n', end);
            assert_eq!(read(&other).unwrap(), usual, "{end:?}");
            assert!(looks_like_header(other.as_bytes()), "{end:?}");
        }
    }

    #[test]
    fn unreadable_headers_name_the_field() {
        let field = |text: &str| match read(text) {
            Err(FormatError::Header { field, .. }) => field,
            other => panic!("{text:?}: {other:?}"),
        };
        assert_eq!(field("r x"), "number of signals");
        assert_eq!(field("r 99999999999"), "number of signals");
        assert_eq!(field("r 5000 1"), "number of signals");
        assert_eq!(field("r 2 360 10\nr.dat 16\n"), "number of signals");
        assert_eq!(field("r 1 0 10\nr.dat 16\n"), "sampling frequency");
        assert_eq!(field("r 1 nan 10\nr.dat 16\n"), "sampling frequency");
        assert_eq!(field("r 1 360 -4\nr.dat 16\n"), "number of samples per signal");
        assert_eq!(field("r 1 360 4\nr.dat sixteen\n"), "storage format of signal 0");
        assert_eq!(field("r 1 360 4\nr.dat 16x0\n"), "samples per frame of signal 0");
        assert_eq!(field("r/2 1 360 4\na 2\n"), "number of segments");
        assert_eq!(field("r/2 1 360 4\na 2\nb"), "segment line");
        assert_eq!(read("r/2 1 360 4\na 2\n~ 2").unwrap().segments[1], SegmentSpec { name: "~".into(), frames: 2 });
        assert!(matches!(read("r 0 360"), Err(FormatError::NoSignals { .. })));
    }

    #[test]
    fn headers_are_told_from_other_text() {
        for header in ["100 2 360 650000", "# c\r\n\r\nA00002 1 300 9000\r\n", "s/3 2 360", "r 1", "m 6 62.4725/999.56 14400"] {
            assert!(looks_like_header(header.as_bytes()), "{header}");
        }
        for other in ["", "# only a comment", "Hello world", "a,b 2", "one", "r 2 fast", "0       X X X X"] {
            assert!(!looks_like_header(other.as_bytes()), "{other}");
        }
    }
}
