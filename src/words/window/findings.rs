//! What the model and the rules say.

use super::super::sections;
use serde::Deserialize;

sections! {
    /// The findings of the record.
    Findings {
        analysing_heading analysing cancel heading failed again cancelled one_of mean refused_here absent all_absent refused
        untrained no_answer all_refused here here_verdict most_likely most_likely_uncertain uncertain present not_present
        starting probability threshold unknown_code
    }
    /// What an answer is made of.
    Explain {
        heading hide show window features no_features others leads pending failed none unknown sum unexplained segments
        not_divided sought all rest pr adds_up evidence_in
    }
    /// The chosen beat.
    Beat {
        heading not_classified uncertain title let_go let_go_help pending failed no_class none looked alone given given_two
        given_elsewhere show_class tangent marked not_measurable not_measurable_because
    }
    /// Statements by rule.
    Rules {
        heading not_asked none by_rules not_judged in_leads rule confidence disagree sides
    }
}
