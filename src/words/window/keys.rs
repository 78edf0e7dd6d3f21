//! Keys and what they do.

use super::super::sections;
use serde::Deserialize;

sections! {
    /// What keys do.
    Keyboard {
        open_files open_folder report path close next previous next_unread filter_list toggle_list new_tab step_tab trends
        compare scroll_second scroll_page ends zoom fit columns rows gain speed speed_two six_by_two one_lead median_beats
        step_lead true_size filters waves step_finding evidence calipers caliper_by_key caliper_kind caliper_next caliper_end
        caliper_snap caliper_sample caliper_far caliper_delete magnifier superimpose pin tangent go_to step_beat step_class
        step_event play ask read_first label_mode undo history confirm judge add_finding conclusion export import escape
        messages writing colours settings help
    }
    /// What stands on keys.
    KeyNames {
        ctrl alt shift page_down page_up escape left right up down home end backspace enter space insert delete tab
    }
    /// The list of keys.
    Help {
        heading how mouse defaults close press key change waiting focus taken
    }
}
