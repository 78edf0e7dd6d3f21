//! Annotation lists and time lines: the data records behind a sound header of EDF+ with gaps.
#![no_main]

use efficientecg_fuzz::{Files, open};
use libfuzzer_sys::fuzz_target;
use std::fmt::Write;

/// Samples of the one signal, and half the bytes of the annotation signal, in a data record.
const SAMPLES: usize = 4;
const LIST: usize = 12;

fuzz_target!(|data: &[u8]| {
    let Some((kind, records)) = data.split_first() else { return };
    let reserved = if kind & 1 == 0 { "EDF+D" } else { "EDF+C" };
    let duration = if kind & 2 == 0 { "1" } else { "0.016" };
    let mut header = format!("{:<8}{:<80}{:<80}01.02.0304.05.06{:<8}{reserved:<44}{:<8}{duration:<8}{:<4}", 0, "X X X X", "Startdate 01-FEB-2003 X X X", 768, -1, 2);
    let fields = [
        ("ECG II", "EDF Annotations", 16),
        ("", "", 80),
        ("uV", "", 8),
        ("-100", "-1", 8),
        ("100", "1", 8),
        ("-2048", "-32768", 8),
        ("2047", "32767", 8),
        ("", "", 80),
    ];
    for (signal, list, width) in fields {
        let _ = write!(header, "{signal:<width$}{list:<width$}");
    }
    let _ = write!(header, "{SAMPLES:<8}{LIST:<8}{:<64}", "");
    let mut file = header.into_bytes();
    file.extend(records);
    // The last record is made whole.
    let size = (SAMPLES + LIST) * 2;
    file.resize(768 + records.len().div_ceil(size).max(1) * size, 0);
    open("x.edf", Files::from([("x.edf".to_owned(), file.into())]));
});
