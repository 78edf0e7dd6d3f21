//! Results as text, byte for byte as `bxb` and `rxr` of WFDB 10.7.0 print them (their options `-S -`, `-L - -` and `-v`).

use super::{BeatComparison, BeatMatrix, Mismatch, RunComparison, RunKind, RunLength, RunMatrix, Share};
use crate::recording::BeatLabel;
use std::fmt::Write as _;

/// Who is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Names<'a> {
    /// Record name.
    pub record: &'a str,
    /// Reference annotator.
    pub reference: &'a str,
    /// Test annotator.
    pub test: &'a str,
}

impl Names<'_> {
    fn heading(&self, what: &str) -> String {
        format!(
            "{what} comparison results for record {}\nReference annotator: {}\n     Test annotator: {}\n\n",
            self.record, self.reference, self.test
        )
    }
}

/// The standard report of `bxb -S -`.
pub fn beat_report(names: &Names<'_>, comparison: &BeatComparison) -> String {
    let mut out = names.heading("Beat-by-beat");
    let matrix = &comparison.matrix;
    beat_table(&mut out, matrix);
    let statistics = matrix.statistics();
    for (name, share) in [
        ("           QRS sensitivity", statistics.qrs_sensitivity),
        (" QRS positive predictivity", statistics.qrs_predictivity),
        ("           VEB sensitivity", statistics.veb_sensitivity),
        (" VEB positive predictivity", statistics.veb_predictivity),
        ("          SVEB sensitivity", statistics.sveb_sensitivity),
        ("SVEB positive predictivity", statistics.sveb_predictivity),
    ] {
        out += &statistic(name, share);
    }
    out += "     RMS RR interval error: ";
    match comparison.rr_rms_ms() {
        Some(error) => out += &format!("{error:6.2} ms\n"),
        None => out += "     -\n",
    }
    out += &statistic("\n  Beats missed in shutdown", matrix.missed_in_shutdown());
    for label in [BeatLabel::N, BeatLabel::S, BeatLabel::V, BeatLabel::F] {
        out += &statistic(&format!("      {label} missed in shutdown"), matrix.missed_in_shutdown_of(label));
    }
    out + &format!("       Total shutdown time: {:5} seconds\n", comparison.shutdown_s)
}

fn beat_table(out: &mut String, matrix: &BeatMatrix) {
    *out += "               Algorithm\n        n    s    v    f    q    o    x\n   ____________________________________\n";
    for row in ["N", "S", "V", "F", "Q", "O", "X"] {
        // Where the reference has no beat the test annotator has one.
        let columns = if matches!(row, "O" | "X") { "NSVFQ" } else { "NSVFQOX" };
        *out += &format!(" {row} |");
        for column in columns.chars() {
            let _ = write!(out, " {:4}", matrix.sum(row, column.encode_utf8(&mut [0; 4])));
        }
        *out += "\n";
    }
    *out += "\n";
}

fn statistic(name: &str, share: Share) -> String {
    match share.percent() {
        Some(percent) => format!("{name}: {percent:6.2}% ({}/{})\n", share.hits, share.of),
        None => format!("{name}:      -  ({}/{})\n", share.hits, share.of),
    }
}

/// The two lines of `bxb -L - -`.
pub fn beat_lines(record: &str, comparison: &BeatComparison) -> String {
    let matrix = &comparison.matrix;
    let mut out = format!("{record:>4}");
    // Width, reference classes and test classes of each column.
    for (width, reference, test) in [
        (5, "N", "NFQ"),
        (3, "S", "NFQ"),
        (3, "V", "NFQ"),
        (3, "FQ", "NFQ"),
        (3, "OX", "NFQ"),
        (3, "N", "S"),
        (3, "S", "S"),
        (3, "V", "S"),
        (3, "FQ", "S"),
        (3, "OX", "S"),
        (3, "N", "V"),
        (3, "S", "V"),
        (4, "V", "V"),
        (3, "FQ", "V"),
        (3, "OX", "V"),
        (3, "N", "OX"),
        (3, "S", "OX"),
        (3, "V", "OX"),
        (3, "FQ", "OX"),
    ] {
        let _ = write!(out, " {:width$}", matrix.sum(reference, test));
    }
    let mut shutdown = format!("{record:>4}");
    for row in ["N", "S", "V", "F", "Q"] {
        let _ = write!(shutdown, " {:4}", matrix.sum(row, "X"));
    }
    shutdown += "  ";
    let statistics = matrix.statistics();
    let mut missed = vec![matrix.missed_in_shutdown()];
    missed.extend([BeatLabel::N, BeatLabel::S, BeatLabel::V, BeatLabel::F].map(|label| matrix.missed_in_shutdown_of(label)));
    // Both lines go to standard output: `bxb` begins the second before the first one's statistics.
    out += &shutdown;
    for share in [
        statistics.qrs_sensitivity,
        statistics.qrs_predictivity,
        statistics.veb_sensitivity,
        statistics.veb_predictivity,
        statistics.sveb_sensitivity,
        statistics.sveb_predictivity,
    ] {
        out += &in_line(share);
    }
    match comparison.rr_rms_ms() {
        Some(error) => out += &format!(" {error:6.2}\n"),
        None => out += "     -\n",
    }
    for share in missed {
        out += &in_line(share);
    }
    out += &format!("{:5} seconds", comparison.shutdown_s);
    for row in ["N", "S", "V", "F", "Q"] {
        let _ = write!(out, " {}", matrix.beats(row));
    }
    out + "\n"
}

fn in_line(share: Share) -> String {
    share.percent().map_or_else(|| "      -".to_owned(), |percent| format!(" {percent:6.2}"))
}

/// The lines that `bxb -v` writes to standard error: `V(108307)/N(108310)`.
pub fn mismatch_lines(mismatches: &[Mismatch]) -> String {
    let mut out = String::new();
    for m in mismatches {
        let _ = writeln!(out, "{}({})/{}({})", m.reference.letter(), m.reference_at, m.test.letter(), m.test_at);
    }
    out
}

/// The standard report of `rxr -S -` for one kind of run (it prints the ventricular ones first).
pub fn run_report(names: &Names<'_>, kind: RunKind, comparison: &RunComparison) -> String {
    let mut out = names.heading(match kind {
        RunKind::Ventricular => "VE run-by-run",
        RunKind::Supraventricular => "SVE run-by-run",
    });
    run_table(&mut out, &comparison.by_reference);
    out += "\n      (Run Sensitivity Summary Matrix)\n\n\n";
    run_table(&mut out, &comparison.by_test);
    out += "\n (Run Positive Predictivity Summary Matrix)\n\n";
    for (length, sensitivity, predictivity) in [
        (RunLength::Couplet, "            Couplet sensitivity", "  Couplet positive predictivity"),
        (RunLength::Short, "          Short run sensitivity", "Short run positive predictivity"),
        (RunLength::Long, "           Long run sensitivity", " Long run positive predictivity"),
    ] {
        out += &run_statistic(sensitivity, comparison.sensitivity(length));
        out += &run_statistic(predictivity, comparison.predictivity(length));
    }
    out + "\n"
}

fn run_table(out: &mut String, matrix: &RunMatrix) {
    *out += "               Algorithm Run Length\n          0    1    2    3    4    5   >5\n     ____________________________________\n";
    for (row, counts) in matrix.counts.iter().enumerate() {
        let name = if row == super::LONGEST { "  >5".to_owned() } else { format!("{row:4}") };
        *out += &format!("{name} |");
        for (column, count) in counts.iter().enumerate() {
            // No run on either side is no event.
            if row == 0 && column == 0 {
                *out += "     ";
            } else {
                let _ = write!(out, " {count:4}");
            }
        }
        *out += "\n";
    }
}

fn run_statistic(name: &str, share: Share) -> String {
    match share.percent() {
        Some(percent) => format!("{name}: {:3}% ({}/{})\n", rounded(percent), share.hits, share.of),
        None => format!("{name}:   -  ({}/{})\n", share.hits, share.of),
    }
}

/// The lines of `rxr -L - -`: ventricular runs, then supraventricular ones.
pub fn run_line(record: &str, comparison: &RunComparison) -> String {
    let mut out = format!("{record:>4}");
    let shares = RunLength::ALL.map(|length| [comparison.sensitivity(length), comparison.predictivity(length)]);
    for share in shares.iter().flatten() {
        let _ = write!(out, " {:3} {:3}", share.hits, share.of - share.hits);
    }
    out += " ";
    for share in shares.iter().flatten() {
        out += &share.percent().map_or_else(|| "   -".to_owned(), |percent| format!(" {:3}", rounded(percent)));
    }
    out + "\n"
}

fn rounded(percent: f64) -> u64 {
    (percent + 0.5) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C rounds exact ties of the decimal form to even: 3.125 is 3.12 there.
    #[test]
    fn percentages_are_rounded_as_in_c() {
        let text = |hits, of| in_line(Share { hits, of });
        assert_eq!(text(1, 32), "   3.12");
        assert_eq!(text(3, 32), "   9.38");
        assert_eq!(text(1, 1), " 100.00");
        assert_eq!(text(0, 0), "      -");
    }

    #[test]
    fn undefined_statistics_are_dashes() {
        assert_eq!(statistic("x", Share::default()), "x:      -  (0/0)\n");
        assert_eq!(run_statistic("x", Share::default()), "x:   -  (0/0)\n");
        assert_eq!(run_statistic("x", Share { hits: 1, of: 8 }), "x:  13% (1/8)\n");
    }
}
