//! ST depression and T inversion by territory. The QT interval is judged in `qt`.
//!
//! Source: fourth Universal Definition of Myocardial Infarction (Thygesen 2018, Circulation 138:e618).

use super::{
    conduction::Block,
    infarction::skip_territories,
    reader::{Reader, Spec, Truth, child, names},
    st,
    territory::{Seen, seen},
    types::{Criteria, CriteriaInput, Group, Severity::*},
};
use crate::recording::StandardLead::{self, *};

const ST_DEPRESSION: Spec = Spec::new(Group::Repolarisation, "AHA 502", Some("STD_"), Abnormal, "ST depression");
const T_INVERSION: Spec = Spec::new(Group::Repolarisation, "AHA 147+367", Some("INVT"), Abnormal, "T-wave inversion");

/// Leads in which ST and T follow the QRS complex of right bundle branch block.
const RIGHT_CHEST: [StandardLead; 3] = [V1, V2, V3];

pub(super) fn judge(input: &CriteriaInput, block: &Block, lvh: bool, out: &mut Criteria) {
    if let Some(reason) = child(input).or_else(|| block.hides()) {
        out.skip(Group::Repolarisation, "ST depression and T waves", reason);
        return;
    }
    if *block == Block::Right {
        let reason = "right bundle branch block: changes there are secondary";
        out.skip(Group::Repolarisation, "ST depression and T waves in V1 to V3", reason);
    }
    let secondary = |lead| *block == Block::Right && RIGHT_CHEST.contains(&lead);
    type Rule = fn(&mut Reader, StandardLead) -> Truth;
    let kinds: [(Spec, Rule, String); 2] = [
        (
            ST_DEPRESSION,
            |read, lead| st::depressed(read, lead),
            format!("ST <= -{} mV at the J point and 60 ms behind it, horizontal or downsloping", st::DEPRESSION),
        ),
        (
            T_INVERSION,
            |read, lead| st::inverted(read, lead),
            format!("T <= -{} mV where R is larger than S or at least 0.5 mV, V1 and aVR not counted", st::INVERSION),
        ),
    ];
    for (spec, rule, words) in kinds {
        let mut probe = Reader::new(input);
        let (found, unknown) = seen(|lead| if secondary(lead) { Ok(false) } else { rule(&mut probe, lead) });
        skip_territories(Group::Repolarisation, spec.text, unknown, out);
        for Seen { territory, leads } in found {
            let mut read = st::reread(input, &leads, rule);
            if lvh {
                read.caveat("may be secondary to ventricular hypertrophy (AHA 153)");
            }
            if block.is_wide() {
                read.caveat("the QRS complex is wide: the change may be secondary");
            }
            let posterior = spec.code == ST_DEPRESSION.code && leads.iter().filter(|l| RIGHT_CHEST.contains(l)).count() >= 2;
            if posterior {
                read.caveat("ST depression in V1 to V3 may mirror posterior infarction: record V7 to V9");
            }
            let rule = format!("{words}; in two contiguous leads: {} (4th Universal Definition of MI, 2018)", names(&leads));
            let mut statement = read.state(spec, rule);
            statement.text = format!("{}, {} ({})", spec.text, territory.name, names(&leads));
            if posterior {
                statement.text.push_str(": consider posterior MI");
            }
            out.say(statement);
        }
    }
}
