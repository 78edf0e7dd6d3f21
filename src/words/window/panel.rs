//! The side panel: patient, measurements, median beats, signal quality.

use super::super::sections;
use serde::Deserialize;

sections! {
    /// The side panel: patient, beats, signal quality, model.
    Side {
        notice nothing patient age ninety from_file sex age_in_years unknown_age entered age_wrong_unknown age_wrong female male
        unknown beats detected classes no_classes class_n class_s class_v class_f class_q class_count one_uncertain uncertain
        not_classified quality recording acceptable not_acceptable not_judged valid usable not_usable leads other_leads plain
        model version hash engine no_model reading signal model_time total
    }
    /// The first read without the machine.
    Blind {
        heading hidden show show_help
    }
    /// The list of calipers.
    Calipers {
        heading none delete delete_all
    }
    /// The measurement table.
    Measurements {
        heading rate further ranged click qtc clear no_place place place_all place_in lengths sought nothing_lit none_in_view
        no_reason missing not_measurable not_measurable_because low high below above uncertain limits range range_to range_from
        range_none from_one_beat from_beats from_one_beat_in from_beats_in from_leads confidence by_lead by_lead_unit in_lead
        in_lead_value p_amplitude q_amplitude q_duration r_amplitude r_duration s_amplitude s_duration r2_amplitude s2_amplitude
        qrs_pp st_j60 st_j80 st_j st_slope t_amplitude rpt level_j level_j60
    }
    /// What measurements are measured on.
    Spans {
        p_p p_qrs qrs_qrs qrs_t p qrs t qrs_and_t j j60 j80 j_slope rr
    }
    /// Median beats in the panel.
    Median {
        heading caption larger larger_help window picture
    }
    /// Numbers and units.
    Units {
        years not_a_number per_minute counts length_s length_min length_h
    }
    /// Suspected exchanges of electrodes; why is what the signal analysis says.
    Electrodes {
        arms right_arm_left_leg right_arm_right_leg left_arm_right_leg arms_with_legs chest
    }
}
