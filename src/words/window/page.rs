//! The page and what is painted onto it and beside it.

use super::super::sections;
use serde::Deserialize;

sections! {
    /// The page with what is printed around it.
    Page {
        opening drop formats choose let_go no_signals only_annotations other_signals not_opened simulated simulated_help id
        one_lead_hz leads_hz one_repair repairs repairs_help clock elapsed centred uncalibrated median_beats one_lead sequential
        same_time simultaneous not_calibrated true_size true_share no_waves waves_sought waves_larger waves_not_sought picture
        position
    }
    /// What is written onto the paper.
    Paint {
        reading no_signal uncalibrated derived being_measured no_median tangent no_tangent magnified samples_missing lead_off flat
        saturated wander noise mains_hum no_rate no_scale
    }
    /// The legend of the evidence on the page.
    Legend {
        hidden not_on_median scale_beat scale_windows scale_record choose looked against for_up_to strongest_at strongest_help unseen
    }
    /// A stretch beside the page.
    Pinned {
        title unpin go go_help picture
    }
    /// Leads over one another.
    Superimposed {
        title toggle all none beat beginning uncalibrated picture
    }
    /// The dialog that measures a screen.
    Calibrate {
        heading ruler card hold_ruler hold_card right no_screen cancel remembered bar shorter_much shorter longer longer_much
        dpi drag
    }
}
