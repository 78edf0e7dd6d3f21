//! PR interval, bundle branch blocks, fascicular blocks, preexcitation.
//!
//! Source, where no other is named: AHA/ACCF/HRS 2009 Part III (Surawicz, Circulation 119:e235), criteria for adults.

use super::{
    pacing::Paced,
    reader::{Reader, Spec, Truth, Unknown, all, any, by_sex, child},
    rhythm::Main,
    types::{Criteria, CriteriaInput, Group, Severity::*, Statement},
};
use crate::recording::{
    BeatLabel,
    StandardLead::{self, *},
};

/// Intraventricular conduction as other rules must reckon with it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Block {
    None,
    IncompleteRight,
    Right,
    IncompleteLeft,
    Left,
    Nonspecific,
    Preexcitation,
    Paced,
    /// The beats measured are not conducted ones: why.
    Foreign(&'static str),
    Unknown(String),
}

impl Block {
    /// Why QRS voltages, Q waves, ST and T cannot be judged by the ordinary criteria; `None`: they can.
    pub fn hides(&self) -> Option<String> {
        let because = |why: &str| Some(format!("{why}: the ordinary criteria do not hold, changes are secondary"));
        match self {
            Self::Left => because("left bundle branch block"),
            Self::Preexcitation => because("possible ventricular preexcitation"),
            Self::Paced => because("ventricular pacing"),
            Self::Foreign(why) => because(why),
            Self::Unknown(why) => Some(format!("intraventricular conduction is not known ({why}), changes might be secondary")),
            Self::None | Self::IncompleteRight | Self::Right | Self::IncompleteLeft | Self::Nonspecific => None,
        }
    }

    pub fn is_wide(&self) -> bool {
        matches!(self, Self::Right | Self::Left | Self::Nonspecific | Self::Preexcitation | Self::Paced | Self::Foreign(_))
    }
}

/// A fascicular block, which shapes axis and voltages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fascicle {
    None,
    Anterior,
    Posterior,
}

const fn spec(code: &'static str, scp: Option<&'static str>, text: &'static str) -> Spec {
    Spec::new(Group::Conduction, code, scp, Abnormal, text)
}

// AHA/ACC/HRS 2007 Part II, categories H and I.
const SHORT_PR: Spec = spec("AHA 80", None, "Short PR interval").weighing(Variant);
const LONG_PR: Spec = spec("AHA 82", Some("LPR"), "Prolonged PR interval");
const FIRST_DEGREE: Spec = spec("AHA 82", Some("1AVB"), "Prolonged PR interval (first-degree AV block)");
const ANTERIOR: Spec = spec("AHA 101", Some("LAFB"), "Left anterior fascicular block");
const POSTERIOR: Spec = spec("AHA 102", Some("LPFB"), "Left posterior fascicular block");
const LEFT: Spec = spec("AHA 104", Some("CLBBB"), "Left bundle-branch block");
const POSSIBLE_LEFT: Spec = spec("AHA 104+312", Some("CLBBB"), "Possible left bundle-branch block");
const INCOMPLETE_RIGHT: Spec = spec("AHA 105", Some("IRBBB"), "Incomplete right bundle-branch block").weighing(Variant);
const RIGHT: Spec = spec("AHA 106", Some("CRBBB"), "Right bundle-branch block");
const NONSPECIFIC: Spec = spec("AHA 107", Some("IVCD"), "Intraventricular conduction delay");
const BORDERLINE: Spec = spec("AHA 107+301", None, "Borderline intraventricular conduction delay").weighing(Variant);
const PREEXCITATION: Spec = spec("AHA 108+312", Some("WPW"), "Possible ventricular preexcitation");
const INCOMPLETE_LEFT: Spec = spec("X-ILBBB", Some("ILBBB"), "Incomplete left bundle-branch block");

/// Beats that no criterion of conduction was made for.
const VENTRICULAR: &str = "most beats are ventricular";
const UNCLASSIFIED: &str = "most beats are labelled paced or unclassifiable";

/// PR limits in ms (category H of the AHA list; adults).
const PR_LONG: f64 = 200.0;
const PR_SHORT: f64 = 120.0;
/// QRS limits in ms: complete block from 120 on, incomplete from 110 on, normal up to 110.
const COMPLETE: f64 = 120.0;
const INCOMPLETE: f64 = 110.0;
/// A wave up to this in mV is not there (smallest wave: 30 uV, IEC 60601-2-51 annex GG.5).
pub(super) const ABSENT: f64 = 0.03;
/// R peak time in ms above which the left ventricle is late.
const LATE_LEFT: f64 = 60.0;
/// R peak time in V1 in ms above which a pure R wave means right bundle branch block.
const LATE_RIGHT: f64 = 50.0;
/// S wave in ms that is broad in I and V6.
const BROAD_S: f64 = 40.0;
/// R peak time in aVL in ms from which it is that of a left anterior fascicular block.
const LATE_AVL: f64 = 45.0;

pub(super) fn judge(input: &CriteriaInput, main: Main, paced: Paced, out: &mut Criteria) -> (Block, Fascicle) {
    let beats = if paced.ventricular() {
        Some((Block::Paced, "ventricular pacing".to_owned()))
    } else if main == Main::Ventricular {
        Some((Block::Foreign(VENTRICULAR), VENTRICULAR.to_owned()))
    } else if input.rhythm.mostly(BeatLabel::Q) {
        Some((Block::Foreign(UNCLASSIFIED), UNCLASSIFIED.to_owned()))
    } else {
        child(input).map(|reason| (Block::Unknown(reason.clone()), reason))
    };
    if let Some((block, reason)) = beats {
        out.skip(Group::Conduction, "conduction", reason);
        return (block, Fascicle::None);
    }
    if main == Main::Paced {
        out.skip(Group::Conduction, "PR interval", "the atria are paced");
    } else if !main.without_p() {
        out.take(Group::Conduction, "PR interval", pr(input, main));
    }
    let block = match block(input, main) {
        Ok((block, statement)) => {
            statement.into_iter().for_each(|s| out.say(s));
            block
        }
        Err(Unknown(reason)) => {
            out.skip(Group::Conduction, "bundle branch block", reason.as_str());
            Block::Unknown(reason)
        }
    };
    (block.clone(), fascicle(input, &block, out))
}

fn pr(input: &CriteriaInput, main: Main) -> Result<Option<Statement>, Unknown> {
    let mut read = Reader::for_adults(input);
    let pr = read.value("pr")?;
    Ok(if pr > PR_LONG {
        let spec = if main.conducts() { FIRST_DEGREE } else { LONG_PR };
        Some(read.state(spec, format!("PR {pr:.0} ms > {PR_LONG} ms (AHA/ACC/HRS 2007 Part II, code 82)")))
    } else if pr < PR_SHORT {
        Some(read.state(SHORT_PR, format!("PR {pr:.0} ms < {PR_SHORT} ms (AHA/ACC/HRS 2007 Part II, code 80)")))
    } else {
        None
    })
}

type Judged = Result<(Block, Option<Statement>), Unknown>;

fn block(input: &CriteriaInput, main: Main) -> Judged {
    let mut read = Reader::for_adults(input);
    let qrs = read.value("qrs")?;
    if qrs < INCOMPLETE {
        return Ok((Block::None, None));
    }
    if qrs >= COMPLETE && !main.without_p() && main != Main::Paced {
        let mut with_pr = read.clone();
        if let Ok(pr) = with_pr.value("pr")
            && pr < PR_SHORT
        {
            with_pr.caveat("the delta wave is not measured: look for it");
            let rule = format!("PR {pr:.0} ms < {PR_SHORT} ms and QRS {qrs:.0} ms >= {COMPLETE} ms (AHA/ACCF/HRS 2009 Part III)");
            return Ok((Block::Preexcitation, Some(with_pr.state(PREEXCITATION, rule))));
        }
    }
    let (mut right, mut left) = (read.clone(), read.clone());
    let (is_right, is_left) = (right_shape(&mut right), left_shape(&mut left));
    let wide = qrs >= COMPLETE;
    match (is_right, is_left) {
        (Ok(true), Ok(true)) => {
            read.absorb(right);
            read.absorb(left);
            read.caveat("shape of both bundle branch blocks");
            Ok(nonspecific(read, qrs))
        }
        (Ok(true), _) => {
            let (block, spec) = if wide { (Block::Right, RIGHT) } else { (Block::IncompleteRight, INCOMPLETE_RIGHT) };
            let rule = format!(
                "QRS {qrs:.0} ms ({}); r' in V1 or V2, or a pure R with R peak time > {LATE_RIGHT} ms in V1; S longer than R or > \
                 {BROAD_S} ms in I and V6 (AHA/ACCF/HRS 2009 Part III)",
                if wide { ">= 120" } else { "110 to 119" }
            );
            right.seen_in(&[V1, V2, I, V6]);
            Ok((block, Some(right.state(spec, rule))))
        }
        (_, Ok(true)) if wide => Ok((Block::Left, Some(left_statement(left, input, qrs)))),
        (Ok(false), Ok(true)) => incomplete_left(left, input, qrs),
        (Ok(false), Ok(false)) => Ok(nonspecific(read, qrs)),
        (Err(Unknown(reason)), _) | (_, Err(Unknown(reason))) => Err(Unknown(format!("QRS {qrs:.0} ms, but {reason}"))),
    }
}

fn nonspecific(read: Reader, qrs: f64) -> (Block, Option<Statement>) {
    if qrs >= COMPLETE {
        let rule = format!(
            "QRS {qrs:.0} ms >= {COMPLETE} ms without the shape of right or left bundle branch block (AHA/ACCF/HRS 2009 Part III: \
             abnormal above {INCOMPLETE} ms)"
        );
        return (Block::Nonspecific, Some(read.state(NONSPECIFIC, rule)));
    }
    let rule =
        format!("QRS {qrs:.0} ms > {INCOMPLETE} ms, below {COMPLETE} ms, without the shape of a bundle branch block (Part III)");
    (Block::None, (qrs > INCOMPLETE).then(|| read.state(BORDERLINE, rule)))
}

/// Shape of right bundle branch block: rsr', rsR' or rSR' in V1 or V2, or a pure dominant R in V1 with a late peak; S longer than R or
/// longer than 40 ms in I and V6.
fn right_shape(read: &mut Reader) -> Truth {
    let second = |read: &mut Reader, lead| read.size("r2_amplitude", lead).map(|r2| r2 > ABSENT);
    let r2 = [second(read, V1), second(read, V2)];
    let pure = [
        read.size("r_amplitude", V1).map(|r| r > ABSENT),
        read.size("s_amplitude", V1).map(|s| s <= ABSENT),
        read.lead("rpt", V1).map(|t| t > LATE_RIGHT),
    ];
    let broad_s = |read: &mut Reader, lead| {
        let (s, r) = (read.lead("s_duration", lead)?, read.lead("r_duration", lead)?);
        Ok(s > BROAD_S || (s > 0.0 && s > r))
    };
    all([any(r2.into_iter().chain([all(pure)])), broad_s(read, I), broad_s(read, V6)])
}

/// Shape of left bundle branch block: no q in I, V5, V6; R dominant in I and in V5 or V6, with a late peak in V5 or V6 (which stands for
/// "broad, notched or slurred": notches are not measured); V1 mainly negative.
fn left_shape(read: &mut Reader) -> Truth {
    let none = |read: &mut Reader, lead| read.size("q_amplitude", lead).map(|q| q <= ABSENT);
    let q = [none(read, I), none(read, V5), none(read, V6)];
    let up = |read: &mut Reader, lead| Ok(read.size("r_amplitude", lead)? > read.size("s_amplitude", lead)?.max(ABSENT));
    let (up_i, up_v5, up_v6) = (up(read, I), up(read, V5), up(read, V6));
    let late = |read: &mut Reader, lead| read.lead("rpt", lead).map(|t| t > LATE_LEFT);
    let (late_v5, late_v6) = (late(read, V5), late(read, V6));
    let v1 = down(read, V1);
    all([all(q), up_i, any([all([up_v5, late_v5]), all([up_v6, late_v6])]), v1])
}

/// Mainly negative: the deepest of Q, S and S' exceeds the highest of R and R' (QS complexes may be measured as Q or as S).
fn down(read: &mut Reader, lead: StandardLead) -> Truth {
    let r = read.size("r_amplitude", lead)?.max(read.size("r2_amplitude", lead).unwrap_or(0.0));
    let s = read.size("s_amplitude", lead)?.max(read.size("q_amplitude", lead).unwrap_or(0.0));
    Ok(s > r)
}

fn left_statement(mut read: Reader, input: &CriteriaInput, qrs: f64) -> Statement {
    let (limit, whose) = by_sex(input, 140.0, 130.0);
    let strict = all([Ok(qrs >= limit), down(&mut read, V1), down(&mut read, V2)]);
    let mut spec = LEFT;
    read.caveat(match strict {
        Ok(true) => format!(
            "Strauss criteria (2011): QRS >= {limit} ms ({whose}) and QS or rS in V1 and V2 are met; mid-QRS notching is not measured"
        ),
        Ok(false) => {
            // Hypertrophy with a wide QRS complex meets the older criteria too.
            spec = POSSIBLE_LEFT;
            format!("the stricter Strauss criteria (2011: QRS >= {limit} ms ({whose}), QS or rS in V1 and V2) are not met")
        }
        Err(Unknown(reason)) => format!("Strauss criteria (2011) were not judged: {reason}"),
    });
    read.seen_in(&[I, V1, V5, V6]);
    let rule = format!(
        "QRS {qrs:.0} ms >= {COMPLETE} ms; no q in I, V5, V6; R dominant in I and in V5 or V6 with R peak time > {LATE_LEFT} ms there; V1 \
         mainly negative (AHA/ACCF/HRS 2009 Part III; notches are not measured)"
    );
    read.state(spec, rule)
}

/// Incomplete left bundle branch block needs the voltages of left ventricular hypertrophy besides.
fn incomplete_left(mut read: Reader, input: &CriteriaInput, qrs: f64) -> Judged {
    let voltage = super::hypertrophy::voltage(&mut read, input, Fascicle::None);
    match voltage.met.is_empty() {
        false => {
            let rule = format!(
                "QRS {qrs:.0} ms, 110 to 119; no q in I, V5, V6; R peak time > {LATE_LEFT} ms in V5 or V6; voltage of left ventricular \
                 hypertrophy: {} (AHA/ACCF/HRS 2009 Part III)",
                voltage.met.join("; ")
            );
            read.seen_in(&[I, V5, V6]);
            Ok((Block::IncompleteLeft, Some(read.state(INCOMPLETE_LEFT, rule))))
        }
        true => Ok(nonspecific(read, qrs)),
    }
}

fn fascicle(input: &CriteriaInput, block: &Block, out: &mut Criteria) -> Fascicle {
    let narrow_or_right = matches!(block, Block::None | Block::IncompleteRight | Block::Right | Block::IncompleteLeft);
    if !narrow_or_right {
        if let Block::Unknown(reason) = block {
            out.skip(Group::Conduction, "fascicular block", reason.as_str());
        }
        return Fascicle::None;
    }
    let with =
        if *block == Block::Right { "with right bundle branch block the limit QRS < 120 ms falls away" } else { "QRS < 120 ms" };
    let mut anterior = Reader::for_adults(input);
    let mut posterior = Reader::for_adults(input);
    match anterior_block(&mut anterior) {
        Ok(true) => {
            anterior.seen_in(&[AVL, II, III, AVF]);
            let rule = format!(
                "axis -45 to -90 degrees; qR in aVL with R peak time >= {LATE_AVL} ms; rS in II, III, aVF; {with} (AHA/ACCF/HRS 2009 Part III)"
            );
            out.say(anterior.state(ANTERIOR, rule));
            return Fascicle::Anterior;
        }
        Ok(false) => {}
        Err(Unknown(reason)) => out.skip(Group::Conduction, "left anterior fascicular block", reason),
    }
    match posterior_block(&mut posterior, block) {
        Ok(true) => {
            posterior.seen_in(&[I, AVL, III, AVF]);
            let rule = format!(
                "axis 90 to 180 degrees; rS in I and aVL; qR in III and aVF; {with}; no right ventricular hypertrophy by its criteria \
                 (AHA/ACCF/HRS 2009 Part III)"
            );
            out.say(posterior.state(POSTERIOR, rule));
            Fascicle::Posterior
        }
        Ok(false) => Fascicle::None,
        Err(Unknown(reason)) => {
            out.skip(Group::Conduction, "left posterior fascicular block", reason);
            Fascicle::None
        }
    }
}

fn r_then_s(read: &mut Reader, lead: StandardLead) -> Truth {
    let (r, s) = (read.size("r_amplitude", lead)?, read.size("s_amplitude", lead)?);
    Ok(r > ABSENT && s > r)
}

fn q_then_r(read: &mut Reader, lead: StandardLead) -> Truth {
    let (q, r) = (read.size("q_amplitude", lead)?, read.size("r_amplitude", lead)?);
    Ok(q > ABSENT && r > q)
}

fn anterior_block(read: &mut Reader) -> Truth {
    if !(-90.0..=-45.0).contains(&read.value("qrs_axis")?) {
        return Ok(false);
    }
    let late = read.lead("rpt", AVL).map(|t| t >= LATE_AVL);
    all([q_then_r(read, AVL), late, r_then_s(read, II), r_then_s(read, III), r_then_s(read, AVF)])
}

fn posterior_block(read: &mut Reader, block: &Block) -> Truth {
    let axis = read.value("qrs_axis")?;
    if !(axis > 90.0 && axis <= 180.0) {
        return Ok(false);
    }
    let shape = all([r_then_s(read, I), r_then_s(read, AVL), q_then_r(read, III), q_then_r(read, AVF)]);
    let right_ventricle = super::hypertrophy::right_voltage(read, block).map(|met| met.is_empty());
    all([shape, right_ventricle])
}
