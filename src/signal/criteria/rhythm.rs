//! The main rhythm: exactly one statement, or the reason why none is made. Rate, sinus arrhythmia and pauses beside it.

use super::{
    pacing::Paced,
    reader::{Reader, Spec, Unknown, child},
    types::{Criteria, CriteriaInput, Group, Severity::*, Statement},
};
use crate::{recording::BeatLabel, signal::robust::median_f64};

/// What kind of rhythm the other rules may reckon with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Main {
    /// Sinus rhythm at any rate.
    Sinus,
    /// P waves before the QRS complexes with a constant PR, not known to be of the sinus node.
    Atrial,
    /// Irregular without P waves.
    Fibrillation,
    /// Regular without P waves.
    WithoutP,
    /// Most beats are ventricular.
    Ventricular,
    /// The pacemaker's.
    Paced,
    /// Judged, and none of these.
    Undetermined,
    /// Not judged.
    Unknown,
}

impl Main {
    /// A PR interval means conduction from atria to ventricles.
    pub fn conducts(self) -> bool {
        matches!(self, Self::Sinus | Self::Atrial)
    }

    /// No P wave belongs to the QRS complexes.
    pub fn without_p(self) -> bool {
        matches!(self, Self::Fibrillation | Self::WithoutP | Self::Ventricular)
    }
}

const fn spec(code: &'static str, scp: Option<&'static str>, text: &'static str) -> Spec {
    Spec::new(Group::Rhythm, code, scp, Abnormal, text)
}

// AHA/ACC/HRS 2007 Part II, categories C to G.
const SINUS: Spec = spec("AHA 20", Some("SR"), "Sinus rhythm").weighing(Normal);
const TACHYCARDIA: Spec = spec("AHA 21", Some("STACH"), "Sinus tachycardia");
const BRADYCARDIA: Spec = spec("AHA 22", Some("SBRAD"), "Sinus bradycardia");
const ARRHYTHMIA: Spec = spec("AHA 23", Some("SARRH"), "Sinus arrhythmia").weighing(Variant);
const SUPRAVENTRICULAR: Spec = spec("AHA 40", None, "Supraventricular rhythm with P waves");
const ECTOPIC_ATRIAL: Spec = spec("AHA 34+312", None, "Possible ectopic atrial rhythm");
const FIBRILLATION: Spec = spec("AHA 50+312", Some("AFIB"), "Irregular rhythm without P waves: possible atrial fibrillation");
const NARROW_TACHYCARDIA: Spec = spec("AHA 56", Some("SVTAC"), "Narrow-QRS tachycardia");
const WIDE_TACHYCARDIA: Spec = spec("AHA 76", None, "Wide-QRS tachycardia").weighing(Urgent);
const UNCERTAIN: Spec = spec("AHA 27", None, "Uncertain supraventricular rhythm");
const VENTRICULAR_TACHYCARDIA: Spec = spec("AHA 70+312", None, "Possible ventricular tachycardia").weighing(Urgent);
const ACCELERATED: Spec = spec("AHA 64+312", None, "Possible accelerated idioventricular rhythm");
const IDIOVENTRICULAR: Spec = spec("AHA 63+312", None, "Possible idioventricular rhythm").weighing(Urgent);
const UNDETERMINED: Spec = spec("X-RHYTHM", None, "Undetermined rhythm");
const SINUS_PAUSE: Spec = spec("AHA 26+312", None, "Pause: possible sinus pause or arrest");
const PAUSE: Spec = spec("X-PAUSE", None, "Pause");
const STANDSTILL: Spec =
    spec("X-ASYSTOLE", None, "No beats: asystole, ventricular fibrillation or a signal too small").weighing(Urgent);

/// P waves before most QRS complexes: of those that could be judged. Delineators miss some small P waves and see some that are noise.
const MOST: f64 = 0.7;
/// Without P waves: fewer than this.
const FEW: f64 = 0.3;
/// PR counts as constant where that share of it lies ...
const CONSTANT_SHARE: f64 = 0.75;
/// ... this near its median, in ms: 2.5 standard deviations of a measured PQ (10 ms, IEC 60601-2-51).
const CONSTANT_MS: f64 = 25.0;
/// Axis of a sinus P wave in degrees (AHA/ACC/HRS 2007 Part II; normal P axis 0 to 75).
const SINUS_P_AXIS: std::ops::RangeInclusive<f64> = 0.0..=75.0;
/// P waves are low and their axis is uncertain by some 15 degrees; of PTB-XL's normal ECGs 96 % lie between -11 and 80. Only beyond these is
/// another origin stated; between the two ranges sinus rhythm stands with a remark.
const PERHAPS_SINUS_P_AXIS: std::ops::RangeInclusive<f64> = -30.0..=105.0;
/// Root mean square of successive RR differences over the mean RR from which a rhythm counts as irregular (Dash et al. 2009, Ann Biomed
/// Eng 37:1701 use RMSSD/mean RR > 0.1 for atrial fibrillation).
const IRREGULAR: f64 = 0.1;
/// Rates in bpm: AHA/ACC/HRS list, sinus rhythm 60 to 100. The 2018 ACC/AHA/HRS bradycardia guideline takes 50 as the limit: between 50
/// and 60 the statement stands, weighing less.
const SLOW: f64 = 60.0;
const VERY_SLOW: f64 = 50.0;
const FAST: f64 = 100.0;
/// Sinus arrhythmia: shortest and longest PP differ by more than 160 ms and 10 %. Texts give 120 or 160 ms; the stricter is used.
const ARRHYTHMIA_MS: f64 = 160.0;
const ARRHYTHMIA_SHARE: f64 = 0.1;
/// Pause in seconds: shorter ones follow ectopic beats. From 3 s on it is beyond doubt a finding.
const PAUSE_S: f64 = 2.0;
/// No QRS complex for 4 s: asystole as in the PhysioNet/CinC 2015 challenge (Clifford 2015).
const STANDSTILL_S: f64 = 4.0;
/// Wide QRS complex in ms (AHA/ACCF/HRS 2009 Part III).
const WIDE_MS: f64 = 120.0;

pub(super) fn judge(input: &CriteriaInput, paced: Paced, out: &mut Criteria) -> Main {
    let main = if paced.dominant() {
        Main::Paced
    } else {
        match main_rhythm(input) {
            Ok((main, statement)) => {
                out.say(statement);
                main
            }
            Err(Unknown(reason)) => {
                out.skip(Group::Rhythm, "rhythm", reason);
                Main::Unknown
            }
        }
    };
    if main == Main::Sinus {
        if let Some(reason) = child(input) {
            out.skip(Group::Rhythm, "rate limits", reason);
        } else if let Err(Unknown(reason)) = Reader::new(input).value("heart_rate") {
            out.skip(Group::Rhythm, "rate", reason);
        }
        out.take(Group::Rhythm, "sinus arrhythmia", sinus_arrhythmia(input));
    }
    pauses(input, main, out);
    main
}

fn main_rhythm(input: &CriteriaInput) -> Result<(Main, Statement), Unknown> {
    let facts = input.rhythm;
    if facts.beats() < 3 {
        return Err(Unknown("fewer than 3 beats".to_owned()));
    }
    if facts.mostly(BeatLabel::V) {
        return Ok((Main::Ventricular, ventricular(input)));
    }
    let Some((share, judged)) = facts.p_share() else {
        return Err(Unknown("P waves could be judged in too few beats".to_owned()));
    };
    let mut read = Reader::new(input);
    read.keep("p_share", share);
    read.keep("beats_judged_for_p", judged as f64);
    let p = format!("P wave before {:.0} % of {judged} QRS complexes", share * 100.0);
    if share >= MOST {
        return with_p(read, &p, input);
    }
    let Some((irregularity, differences)) = facts.irregularity() else {
        return Err(Unknown(format!("{p}; too few RR intervals to tell whether it is regular")));
    };
    read.keep("rr_irregularity", irregularity);
    let irregular = irregularity >= IRREGULAR;
    let rr =
        format!("RMSSD / mean RR {irregularity:.2} over {differences} differences ({IRREGULAR} and more: irregular; Dash 2009)");
    if share > FEW {
        return Ok((Main::Undetermined, read.state(UNDETERMINED, format!("{p}: neither most ({MOST}) nor few ({FEW}); {rr}"))));
    }
    if irregular {
        let rate = read.value("heart_rate").ok();
        read.caveat("atrial flutter with changing conduction looks the same");
        let mut statement = read.state(FIBRILLATION, format!("{p} (at most {FEW}); {rr}"));
        if let Some(rate) = rate.filter(|r| *r > FAST || *r < SLOW) {
            let (modifier, words) = if rate > FAST { ("+346", "rapid") } else { ("+347", "slow") };
            statement.code.push_str(modifier);
            statement.text.push_str(&format!(", {words} ventricular response"));
            statement.rule.push_str(&format!("; ventricular rate {rate:.0} bpm"));
        }
        return Ok((Main::Fibrillation, statement));
    }
    Ok((Main::WithoutP, regular_without_p(read, &format!("{p} (at most {FEW}); {rr}"))))
}

/// P waves before most beats.
fn with_p<'a>(mut read: Reader<'a>, p: &str, input: &'a CriteriaInput<'a>) -> Result<(Main, Statement), Unknown> {
    let Some((pr, constant)) = input.rhythm.pr_constancy(CONSTANT_MS) else {
        return Err(Unknown(format!("{p}, but PR was measured in fewer than 3 beats")));
    };
    read.keep("pr_median", pr);
    read.keep("pr_constant_share", constant);
    let pr = format!("PR within {CONSTANT_MS} ms of its median {pr:.0} ms in {:.0} % of beats", constant * 100.0);
    if constant < CONSTANT_SHARE {
        let rule = format!(
            "{p}; {pr}: not constant ({CONSTANT_SHARE} needed). AV block, AV dissociation and changing pacemakers are not told apart"
        );
        return Ok((Main::Undetermined, read.state(UNDETERMINED, rule)));
    }
    let axis = match read.value("p_axis") {
        Ok(axis) => axis,
        Err(Unknown(reason)) => {
            read.caveat(format!("whether it is sinus rhythm was not judged: {reason}"));
            let rule = format!("{p}; {pr}; the axis of the P wave, which tells sinus rhythm from others, is not known");
            return Ok((Main::Atrial, read.state(SUPRAVENTRICULAR, rule)));
        }
    };
    if !PERHAPS_SINUS_P_AXIS.contains(&axis) {
        read.caveat("exchanged limb electrodes give the same picture");
        let rule = format!("{p}; {pr}; P axis {axis:.0} degrees, in sinus rhythm 0 to 75");
        return Ok((Main::Atrial, read.state(ECTOPIC_ATRIAL, rule)));
    }
    if !SINUS_P_AXIS.contains(&axis) {
        read.caveat(format!(
            "P axis {axis:.0} degrees is unusual for sinus rhythm (0 to 75): an atrial origin elsewhere is possible"
        ));
    }
    let mut rule = format!("{p} (at least {MOST}); {pr}; P axis {axis:.0} degrees (0 to 75; AHA/ACC/HRS 2007 Part II)");
    let mut spec = SINUS;
    if child(input).is_none()
        && let Ok(rate) = read.value("heart_rate")
    {
        if rate > FAST {
            spec = TACHYCARDIA;
            rule.push_str(&format!("; rate {rate:.0} bpm > {FAST}"));
        } else if rate < SLOW {
            spec = BRADYCARDIA.weighing(if rate < VERY_SLOW { Abnormal } else { Variant });
            rule.push_str(&format!(
                "; rate {rate:.0} bpm < {SLOW} (the limit of that list; the 2018 bradycardia guideline takes {VERY_SLOW})"
            ));
        } else {
            rule.push_str(&format!("; rate {rate:.0} bpm (60 to 100)"));
        }
    }
    Ok((Main::Sinus, read.state(spec, rule)))
}

fn regular_without_p(mut read: Reader, seen: &str) -> Statement {
    let (qrs, rate) = (read.value("qrs").ok(), read.value("heart_rate").ok());
    let width = qrs.map_or("QRS duration not known".to_owned(), |q| format!("QRS {q:.0} ms"));
    let speed = rate.map_or("rate not known".to_owned(), |r| format!("rate {r:.0} bpm"));
    let spec = match (qrs.map(|q| q >= WIDE_MS), rate.map(|r| r > FAST)) {
        (Some(true), Some(true)) => WIDE_TACHYCARDIA,
        (Some(false), Some(true)) => NARROW_TACHYCARDIA,
        (Some(false), _) => UNCERTAIN,
        _ => UNDETERMINED,
    };
    read.caveat("atrial flutter with regular conduction and P waves hidden in the T wave look the same");
    read.state(spec, format!("{seen}; {width} (wide: {WIDE_MS} and more); {speed} (fast: above {FAST})"))
}

fn ventricular(input: &CriteriaInput) -> Statement {
    let facts = input.rhythm;
    let mut read = Reader::new(input);
    let beats = facts.count(BeatLabel::V);
    read.keep("ventricular_beats", beats as f64);
    read.keep("labelled_beats", facts.labelled() as f64);
    let rate = read.value("heart_rate").ok();
    let spec = match rate {
        Some(rate) if rate > FAST => VENTRICULAR_TACHYCARDIA,
        // AHA: idioventricular rhythm is slow (up to about 40), the accelerated one 50 to 100; 50 parts them here.
        Some(rate) if rate >= VERY_SLOW => ACCELERATED,
        Some(_) => IDIOVENTRICULAR,
        None => UNDETERMINED,
    };
    let speed = rate.map_or("rate not known".to_owned(), |r| format!("rate {r:.0} bpm (above {FAST}: tachycardia)"));
    read.caveat("bundle branch block and paced beats may be taken for ventricular ones");
    read.state(spec, format!("{beats} of {} labelled beats are ventricular; {speed}", facts.labelled()))
}

fn sinus_arrhythmia(input: &CriteriaInput) -> Result<Option<Statement>, Unknown> {
    let Some((spread, mean)) = input.rhythm.spread() else {
        return Err(Unknown("fewer than 3 RR intervals between ordinary beats".to_owned()));
    };
    let mut read = Reader::new(input);
    read.keep("rr_spread", spread);
    read.keep("rr_mean_ordinary", mean);
    Ok((spread > ARRHYTHMIA_MS && spread > ARRHYTHMIA_SHARE * mean).then(|| {
        let rule = format!(
            "in sinus rhythm, shortest and longest RR of ordinary beats differ by {spread:.0} ms within 12 in a row (more than \
             {ARRHYTHMIA_MS} ms and 10 % of the mean {mean:.0} ms; others take 120 ms)"
        );
        read.state(ARRHYTHMIA, rule)
    }))
}

fn pauses(input: &CriteriaInput, main: Main, out: &mut Criteria) {
    let facts = input.rhythm;
    let intervals: Vec<f64> = (0..facts.rr.len()).filter_map(|b| facts.rr_after(b)).collect();
    let still = facts.longest_without_beat.filter(|s| s.is_finite());
    let longest = intervals.iter().copied().chain(still).fold(0.0, f64::max);
    if intervals.is_empty() && still.is_none() {
        out.skip(Group::Rhythm, "pauses", "no RR intervals");
        return;
    }
    let mut read = Reader::new(input);
    if longest >= STANDSTILL_S {
        read.keep("longest_without_beat", longest);
        read.caveat("beats too small for the detector, and electrodes that came off, look the same");
        let rule =
            format!("no beat for {longest:.1} s ({STANDSTILL_S} s and more: asystole, as in the PhysioNet/CinC 2015 challenge)");
        out.say(read.state(STANDSTILL, rule));
        return;
    }
    let long: Vec<f64> = intervals.iter().copied().filter(|rr| *rr > PAUSE_S).collect();
    let (Some(longest), Some(usual)) = (long.iter().copied().reduce(f64::max), median_f64(&intervals)) else { return };
    if usual > PAUSE_S {
        // Every beat is late: that is a rate, not a pause.
        return;
    }
    read.keep("longest_rr", longest);
    read.keep("pauses", long.len() as f64);
    let spec = if main == Main::Sinus { SINUS_PAUSE } else { PAUSE };
    let spec = if longest >= 3.0 { spec.weighing(Urgent) } else { spec };
    let rule =
        format!("{} RR interval(s) longer than {PAUSE_S} s, the longest {longest:.2} s (3 s and more: weighs more)", long.len());
    let mut statement = read.state(spec, rule);
    statement.text.push_str(&format!(" ({longest:.1} s)"));
    out.say(statement);
}
