//! Q waves and ST elevation by territory.
//!
//! Source: fourth Universal Definition of Myocardial Infarction (Thygesen 2018, Circulation 138:e618), tables on ST-T changes and on
//! Q waves. It asks for two contiguous leads, symptoms and a new change: the first is judged here, the others are the reader's.

use super::{
    conduction::{ABSENT, Block, Fascicle},
    reader::{Reader, Spec, Truth, Unknown, child, names},
    st,
    territory::{Seen, Territory, seen},
    types::{Criteria, CriteriaInput, Group, Severity::*},
};
use crate::recording::StandardLead::{self, *};

const ST_ELEVATION: Spec = Spec::new(Group::Infarction, "AHA 501", Some("STE_"), Abnormal, "ST elevation");

/// Q wave in V2, V3: any longer than this in ms.
const Q_CHEST_MS: f64 = 20.0;
/// Q wave elsewhere: at least this long in ms and this deep in mV.
const Q_MS: f64 = 30.0;
const Q_MV: f64 = 0.1;
/// A QS complex smaller than this in mV is not told from noise.
const QS_MV: f64 = 0.1;

pub(super) fn judge(input: &CriteriaInput, (block, fascicle): (&Block, Fascicle), lvh: bool, out: &mut Criteria) {
    let hidden = child(input).or_else(|| block.hides());
    if let Some(reason) = hidden {
        out.skip(Group::Infarction, "Q waves and ST elevation", reason);
        return;
    }
    q_waves(input, fascicle, lvh, out);
    st_elevation(input, block, lvh, out);
}

pub(super) fn skip_territories(group: Group, what: &str, unknown: Vec<(Territory, Unknown)>, out: &mut Criteria) {
    for (territory, Unknown(reason)) in unknown {
        out.skip(group, &format!("{what}, {}", territory.name), reason);
    }
}

/// V1 never counts: a QS complex there is normal.
fn pathological_q(read: &mut Reader, lead: StandardLead) -> Truth {
    if matches!(lead, AVR | V1) {
        return Ok(false);
    }
    let (q, r) = (read.size("q_amplitude", lead)?, read.size("r_amplitude", lead)?);
    if r <= ABSENT {
        // A QS complex may have been measured as Q or as S.
        let s = read.size("s_amplitude", lead).unwrap_or(0.0);
        return Ok(q.max(s) >= QS_MV);
    }
    if q <= ABSENT {
        return Ok(false);
    }
    let lasts = read.lead("q_duration", lead)?;
    Ok(match lead {
        V2 | V3 => lasts > Q_CHEST_MS,
        _ => q >= Q_MV && lasts >= Q_MS,
    })
}

fn q_waves(input: &CriteriaInput, fascicle: Fascicle, lvh: bool, out: &mut Criteria) {
    let mut probe = Reader::new(input);
    let (found, unknown) = seen(|lead| pathological_q(&mut probe, lead));
    skip_territories(Group::Infarction, "Q waves", unknown, out);
    for Seen { territory, leads } in found {
        let mut read = st::reread(input, &leads, pathological_q);
        let anterior = matches!(territory.scp, "ASMI" | "AMI");
        if anterior && (lvh || fascicle == Fascicle::Anterior) {
            read.caveat("ventricular hypertrophy and left anterior fascicular block can take away R in V2 to V4");
        }
        read.caveat("electrode positions, lung disease and cardiomyopathy give Q waves too; the age is not told");
        let spec = Spec::new(Group::Infarction, territory.infarction, Some(territory.scp), Abnormal, "");
        let rule = format!(
            "Q waves in {}: V2, V3 any Q > {Q_CHEST_MS} ms or QS; others Q >= {Q_MS} ms and >= {Q_MV} mV or QS; in two contiguous leads \
             (4th Universal Definition of MI, 2018)",
            names(&leads)
        );
        let mut statement = read.state(spec, rule);
        statement.text = format!("Q waves in {}: possible {} MI of indeterminate age", names(&leads), territory.name);
        out.say(statement);
    }
}

fn st_elevation(input: &CriteriaInput, block: &Block, lvh: bool, out: &mut Criteria) {
    let mut probe = Reader::new(input);
    let (found, unknown) = seen(|lead| st::elevated(&mut probe, input, lead));
    skip_territories(Group::Infarction, "ST elevation", unknown, out);
    if found.is_empty() {
        return;
    }
    // Depression elsewhere speaks for infarction and against early repolarisation and pericarditis.
    let (depressed, _) = seen(|lead| st::depressed(&mut probe, lead));
    let (limit, whose) = st::v2_v3_limit(input);
    for Seen { territory, leads } in found {
        let reciprocal: Vec<StandardLead> = depressed
            .iter()
            .filter(|d| d.territory.name != territory.name)
            .flat_map(|d| d.leads.iter().copied())
            .filter(|l| !leads.contains(l))
            .collect();
        let mut read = st::reread(input, &leads, |read, lead| st::elevated(read, input, lead));
        if lvh {
            read.caveat("the limits hold without left ventricular hypertrophy: it raises ST in V1 to V3 by itself");
        }
        if *block == Block::Nonspecific {
            read.caveat("the QRS complex is wide: the change may be secondary");
        }
        let mut rule = format!(
            "ST at the J point in {}: >= {} mV in two contiguous leads, V2 and V3 >= {limit} mV ({whose}) (4th Universal Definition of MI, 2018)",
            names(&leads),
            st::ELEVATION
        );
        let spec = if reciprocal.is_empty() {
            read.caveat("early repolarisation, pericarditis and an old aneurysm are not told from acute injury");
            ST_ELEVATION
        } else {
            rule.push_str(&format!("; with ST depression in {}", names(&reciprocal)));
            ST_ELEVATION.weighing(Urgent)
        };
        let mut statement = read.state(spec, rule);
        statement.text = format!("ST elevation, {} ({})", territory.name, names(&leads));
        if !reciprocal.is_empty() {
            statement.text.push_str(&format!(", with ST depression in {}: consider acute infarction", names(&reciprocal)));
        }
        out.say(statement);
    }
}
