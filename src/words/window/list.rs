//! The worklist, the part below the page, and messages.

use super::super::sections;
use serde::Deserialize;

sections! {
    /// The recordings to go through.
    Worklist {
        heading empty no_match place in_all unread_count watched watched_help previous previous_help next next_help next_unread
        next_unread_help analysed analysed_stopped analysed_help resume stop show_all clear hint filter sort_by name recorded
        status worst quality by_name by_recorded by_status by_worst by_quality name_help recorded_help status_help worst_help
        quality_help unread seen in_review confirmed amended poor check_leads some_leads good normal minor abnormal soon first
        own_tab compare again mark_seen mark_unread no_time hidden running error error_line error_word not_answered rule by_rule
        by_model why id length_leads simulated click unwatched
    }
    /// The part below the page.
    Drawer {
        trends compare messages trends_help compare_help messages_help close
    }
    /// Errors, warnings, repairs.
    Inbox {
        error warning repaired titled engine electrodes quality not_acceptable uncalibrated uncalibrated_leads found taken mark
        mark_help more mark_all badge counts mark_everything unchanged nothing read mark_one mark_one_help opening_cancelled
    }
    /// Trends over the recording.
    Trends {
        no_recording failed computing not_analysed waiting plot empty rr no_beats rate not_measurable classes hidden
        not_classified quality not_judged no_qt qt sampled
    }
    /// Comparison with an earlier recording.
    Serial {
        no_recording no_patient no_start no_earlier failed pending any not_analysed waiting time_unknown before_named now_named
        other_patient no_difference one_difference differences minutes_earlier minutes_later hours_earlier hours_later
        days_earlier days_later no_median picture overlaid only_now only_before rms changed not_measured measurement before now
        change tolerance within not_comparable
    }
    /// Dialogs of the system.
    Choose {
        files folder ecg all
    }
}
