//! Time-stamped annotation lists (TALs) of EDF+. Source: "EDF+ specification", section 2.2.

/// One annotation with its times in seconds from the file's start time.
#[derive(Debug, Clone, PartialEq)]
pub struct EdfAnnotation {
    /// Onset in seconds; may be negative.
    pub onset_s: f64,
    /// Duration in seconds, where given.
    pub duration_s: Option<f64>,
    /// Text.
    pub text: String,
}

/// The lists of one annotation signal in one data record.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Lists {
    /// Onset of the first list when it is time-keeping: its first annotation is empty.
    pub record_onset: Option<f64>,
    pub annotations: Vec<EdfAnnotation>,
    /// Annotations for which there was no room.
    pub left_out: usize,
    /// Why reading stopped before the end.
    pub fault: Option<&'static str>,
}

/// Times beyond this (317 years) are no times.
const LARGEST_SECONDS: f64 = 1e10;

/// How much more is kept: a file that is made to exhaust memory does not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub annotations: usize,
    /// Bytes of text.
    pub text: usize,
}

/// Reads the bytes of one annotation signal in one data record; what is kept is taken from `room`.
pub(super) fn parse(bytes: &[u8], room: &mut Room) -> Lists {
    let mut lists = Lists::default();
    let mut rest = bytes;
    let mut first = true;
    while let Some(start) = rest.iter().position(|b| *b != 0) {
        rest = rest.get(start..).unwrap_or_default();
        let Some(end) = rest.iter().position(|b| *b == 0) else {
            lists.fault = Some("an annotation list does not end");
            return lists;
        };
        let (list, tail) = rest.split_at(end);
        rest = tail;
        if let Err(fault) = one(list, first, &mut lists, room) {
            lists.fault = Some(fault);
            return lists;
        }
        first = false;
    }
    lists
}

/// The lists in the bytes of one annotation signal in one data record as they stand there, each with the NUL that ends it.
pub(in crate::formats) fn stored(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|b| *b == 0).filter(|list| list.len() > 1)
}

/// Onset of the data record whose first annotation signal has these bytes.
pub(in crate::formats) fn record_onset(bytes: &[u8]) -> Option<f64> {
    parse(bytes, &mut Room { annotations: 0, text: 0 }).record_onset
}

/// One list: `onset[\x15duration]\x14text\x14...`.
fn one(list: &[u8], first: bool, lists: &mut Lists, room: &mut Room) -> Result<(), &'static str> {
    let mut parts = list.split(|b| *b == 0x14);
    let stamp = parts.next().unwrap_or_default();
    let mut stamp = stamp.splitn(2, |b| *b == 0x15);
    let onset = stamp.next().unwrap_or_default();
    if !matches!(onset.first(), Some(b'+' | b'-')) {
        return Err("an annotation list does not begin with a signed onset");
    }
    if list.last() != Some(&0x14) {
        return Err("an annotation does not end");
    }
    let onset_s = seconds(onset).ok_or("an onset is no number")?;
    let duration_s = match stamp.next() {
        None | Some([]) => None,
        Some(text) => Some(seconds(text).filter(|d| *d >= 0.0).ok_or("a duration is no number")?),
    };
    for (index, text) in parts.enumerate() {
        if text.is_empty() {
            if first && index == 0 {
                lists.record_onset = Some(onset_s);
            }
            continue;
        }
        if room.annotations == 0 || room.text < text.len() {
            lists.left_out += 1;
            continue;
        }
        room.annotations -= 1;
        room.text -= text.len();
        let text = std::str::from_utf8(text).map_or_else(|_| text.iter().map(|b| char::from(*b)).collect(), str::to_owned);
        lists.annotations.push(EdfAnnotation { onset_s, duration_s, text });
    }
    Ok(())
}

fn seconds(text: &[u8]) -> Option<f64> {
    let value: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    (value.is_finite() && value.abs() < LARGEST_SECONDS).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse_all(bytes: &[u8]) -> Lists {
        parse(bytes, &mut Room { annotations: 1000, text: 10_000 })
    }

    #[test]
    fn what_there_is_no_room_for_is_counted() {
        let lists = parse(b"+0\x14\x14\0+1\x14one\x14two\x14three\x14\0", &mut Room { annotations: 2, text: 100 });
        assert_eq!((lists.annotations.len(), lists.left_out, lists.record_onset), (2, 1, Some(0.0)));
        let lists = parse(b"+1\x14one\x14three\x14two\x14\0", &mut Room { annotations: 9, text: 6 });
        assert_eq!((lists.annotations.len(), lists.left_out), (2, 1));
    }

    fn read(text: &str) -> Vec<(f64, Option<f64>, String)> {
        let lists = parse_all(text.as_bytes());
        assert_eq!(lists.fault, None);
        lists.annotations.into_iter().map(|a| (a.onset_s, a.duration_s, a.text)).collect()
    }

    #[test]
    fn the_specification_s_examples() {
        assert_eq!(parse_all(b"+0\x14\x14\0\0\0").record_onset, Some(0.0));
        assert_eq!(
            read("+180\x14Lights off\x14Close door\x14\0"),
            [(180.0, None, "Lights off".into()), (180.0, None, "Close door".into())]
        );
        assert_eq!(read("+1800.2\x1525.5\x14Apnea\x14\0"), [(1800.2, Some(25.5), "Apnea".into())]);
        assert_eq!(read("-0.065\x14Pre-stimulus\x14\0\0"), [(-0.065, None, "Pre-stimulus".into())]);
        assert_eq!(parse_all(b"+567\x14\x14first\x14\0").record_onset, Some(567.0));
        // Only the first list keeps time.
        assert_eq!(parse_all(b"+1\x14a\x14\0+2\x14\x14\0").record_onset, None);
    }

    #[test]
    fn malformed_lists_are_faults() {
        for text in [
            "+1\x14unended",
            "+1\x14unended\0",
            "1\x14a\x14\0",
            "garbage\0",
            "+x\x14a\x14\0",
            "+1\x15-3\x14a\x14\0",
            "+1e300\x14a\x14\0",
        ] {
            assert!(parse_all(text.as_bytes()).fault.is_some(), "{text:?}");
        }
        assert_eq!(parse_all(b"\0\0\0\0"), Lists::default());
    }

    proptest! {
        #[test]
        fn random_bytes_never_panic(bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(0x14), Just(0x15), Just(0), Just(b'+')], 0..200)) {
            parse_all(&bytes);
        }
    }
}
