//! The rate-corrected QT interval.
//!
//! Sources: AHA/ACCF/HRS 2009 Part IV (Rautaharju, Circulation 119:e241): prolonged from 450 ms in men and 460 ms in women on, by a
//! linear correction, not with an unstable rate, and with regard to a wide QRS complex.

use super::{
    conduction::Block,
    reader::{Reader, Spec, Unknown, by_sex, child},
    rhythm::Main,
    types::{Criteria, CriteriaInput, Group, Severity::*, Statement},
};

const LONG: Spec = Spec::new(Group::Repolarisation, "AHA 148", Some("LNGQT"), Abnormal, "Prolonged QT interval");
const SHORT: Spec = Spec::new(Group::Repolarisation, "AHA 149", None, Abnormal, "Short QT interval");

/// Prolonged, in ms: men, women.
const PROLONGED: (f64, f64) = (450.0, 460.0);
/// Prolonged whatever the QRS complex and the rate may add, in ms: the limit of high risk (AHA/ACC 2010 on torsades in hospital, Drew,
/// Circulation 121:1047).
const MARKED: f64 = 500.0;
/// Short, in ms. Part IV calls 390 ms and less short, which many healthy young men have; the limit of the short QT syndrome (2015 ESC
/// guideline on ventricular arrhythmias: QTc up to 340 ms) is used instead, so that the statement means something.
const SHORTENED: f64 = 340.0;
/// Formulas in order of preference: Part IV asks for a linear one, Framingham's (Sagie 1992); of the others Fridericia's varies least
/// with the rate, Bazett's most.
const FORMULAS: [(&str, &str); 4] =
    [("qtc_framingham", "Framingham"), ("qtc_fridericia", "Fridericia"), ("qtc_hodges", "Hodges"), ("qtc_bazett", "Bazett")];
/// The rate is unstable when RR varies by more than this share of its mean.
const UNSTABLE: f64 = 0.1;
/// QRS in ms from which it lengthens QT by itself.
const WIDE: f64 = 120.0;

pub(super) fn judge(input: &CriteriaInput, main: Main, block: &Block, out: &mut Criteria) {
    if let Some(reason) = child(input) {
        out.skip(Group::Repolarisation, "QT interval", reason);
        return;
    }
    out.take(Group::Repolarisation, "QT interval", qt(input, main, block));
}

fn qt(input: &CriteriaInput, main: Main, block: &Block) -> Result<Option<Statement>, Unknown> {
    let mut read = Reader::for_adults(input);
    let mut first = None;
    let corrected = FORMULAS.iter().find_map(|(name, formula)| match read.value(name) {
        Ok(value) => Some((value, *formula)),
        Err(reason) => {
            first.get_or_insert(reason);
            None
        }
    });
    let Some((qtc, formula)) = corrected else {
        return Err(first.unwrap_or_else(|| Unknown("no corrected QT interval".to_owned())));
    };
    let mut doubts = Vec::new();
    match read.value("qrs") {
        Ok(qrs) if qrs >= WIDE => doubts.push(format!("QRS {qrs:.0} ms lengthens QT by itself")),
        Err(_) => doubts.push("the QRS duration is not known".to_owned()),
        Ok(_) if block.is_wide() => doubts.push("abnormal conduction lengthens QT by itself".to_owned()),
        Ok(_) => {}
    }
    if main == Main::Fibrillation {
        doubts.push("the rhythm is irregular".to_owned());
    } else if let (Ok(sd), Ok(mean)) = (read.value("rr_sd"), read.value("rr_mean"))
        && sd > UNSTABLE * mean
    {
        doubts.push(format!("the rate is unstable (RR {mean:.0} ms, standard deviation {sd:.0} ms)"));
    }
    let source = "AHA/ACCF/HRS 2009 Part IV";
    let (limit, whose) = by_sex(input, PROLONGED.0, PROLONGED.1);
    let doubt = doubts.join("; ");
    if qtc >= limit && (doubts.is_empty() || qtc >= MARKED) {
        let mut rule = format!("QTc {qtc:.0} ms ({formula}) >= {limit} ms ({whose}; {source})");
        if !doubts.is_empty() {
            rule = format!("QTc {qtc:.0} ms ({formula}) >= {MARKED} ms, the limit used where QT is doubtful (AHA/ACC 2010)");
            read.caveat(doubt);
        }
        return Ok(Some(read.state(LONG.weighing(if qtc >= MARKED { Urgent } else { Abnormal }), rule)));
    }
    if !doubts.is_empty() {
        return Err(Unknown(format!("{doubt}; QTc {qtc:.0} ms ({formula}) is below {MARKED} ms")));
    }
    Ok((qtc <= SHORTENED).then(|| {
        let rule = format!("QTc {qtc:.0} ms ({formula}) <= {SHORTENED} ms (2015 ESC; Part IV calls 390 ms and less short)");
        read.state(SHORT, rule)
    }))
}
