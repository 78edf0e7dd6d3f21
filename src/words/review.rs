//! The words of the review: labels, findings, people, files.

use super::sections;
use crate::review::{BeatType, Certainty, IntervalKind, State};
use serde::Deserialize;
use std::collections::BTreeMap;

sections! {
    /// The panel as a whole, and the two faces of the side panel.
    Panel {
        reading reading_help heading heading_help hidden show_machine beats intervals findings conclusion others files export export_help
        import import_help say_who reason confirm confirm_help reopen reopen_help undo undo_help nothing_to_undo redo redo_help
        nothing_to_redo steps steps_help label_mode label_mode_help last_step
    }
    /// Why nothing can be edited.
    Refused {
        no_recording no_folder opening_store failed nobody opening_review not_opened store_failed not_kept
    }
    /// What was done, or why it was not.
    Said {
        choose_beat choose_beat_how no_uncertain_after no_uncertain_before no_type_after no_type_before no_beat_after no_beat_before
        hidden several_labels point_first choose_one undone redone undone_steps taken_up confirmed machine_silent compare_first
        no_difference_after no_difference_before agree_here choose_finding no_statement interval_begins measures_only
    }
    /// The bar of label mode.
    Bar {
        label_mode label_mode_help hint leave opening no_beat chosen preview do_it leave_it
    }
    /// Beats in the panel.
    Beats {
        hidden none choose_type tally like like_help same_type same_type_help all all_help clear chosen relabel ask do_it leave_it delete
        delete_help advance previous next uncertain of_type disagreement no_class
    }
    /// Shapes and groups of them.
    Shapes {
        group group_help limit limit_help stop stop_help reading grouping comparing summary tile hidden_label share unreadable_here alike
        unreadable
    }
    /// A beat in words.
    Beat {
        beat label hidden machine machine_sure uncertain imported added moved decided was new
    }
    /// Intervals in the panel, and the dialog with one.
    Intervals {
        mark_view mark_view_help none many show span edit edit_one delete delete_one change_heading mark_heading search_hint search from to lead
        all_leads remark keep cancel say_what seconds
    }
    /// Findings in the panel.
    Findings {
        none absent accept accept_one reject reject_one remove remove_one remark remark_one certainty added machine machine_uncertain
        machine_absent rule rule_absent add add_hint no_statement codes_scp codes_aha codes_snomed
    }
    /// The conclusion.
    Conclusion {
        field phrases
    }
    /// Comparison with another reader.
    Compare {
        machine with with_hidden busy no_kappa summary paired corner no_beat previous next previous_one next_one keys take take_help
        near same_class differ only_yours only_theirs neither findings findings_none present absent nothing take_finding row
    }
    /// Files out and in.
    Files {
        export_heading unconfirmed folder annotator annotator_help write writing close import_heading import_text file file_hint own read
        reading choose say_folder wfdb edf csv json training came there other_there nothing_in folder_title file_title
    }
    /// The list of steps.
    Steps {
        heading text text_redo step undo_to undo_to_help none close
    }
    /// Who reviews, and why a confirmed review is changed.
    People {
        heading text person else_heading name initials blind blind_help enter cancel imported unknown reason_heading reason_text reason
        undo redo reopen change leave
    }
    /// Whether anybody stands for it: in the header of the page and in the bar below.
    Tag {
        confirmed unconfirmed amended help opening_store not_kept who who_help person_help standing
    }
    /// Keys of label mode, for the list of keys.
    LabelKeys {
        heading text next_beat uncertain this_type disagreement take carry_out of_type like all add move_here move_by delete interval escape
        mouse
    }
    /// Where a review stands.
    States {
        unread in_review confirmed amended
    }
    /// How sure a person is.
    Certainties {
        definite probable possible
    }
}

/// The review's language file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // Each names its section.
pub struct ReviewWords {
    pub panel: Panel,
    pub refused: Refused,
    pub said: Said,
    pub bar: Bar,
    pub beats: Beats,
    pub shapes: Shapes,
    pub beat: Beat,
    pub intervals: Intervals,
    pub findings: Findings,
    pub conclusion: Conclusion,
    pub compare: Compare,
    pub files: Files,
    pub steps: Steps,
    pub people: People,
    pub tag: Tag,
    pub label_keys: LabelKeys,
    pub states: States,
    pub certainties: Certainties,
    /// Names of beat types by mnemonic.
    pub beat_types: BTreeMap<String, String>,
    /// Names of intervals: rhythms by AUX name, others by what they are.
    pub kinds: BTreeMap<String, String>,
}

impl ReviewWords {
    /// Name of a beat type.
    pub fn beat_type(&self, label: BeatType) -> &str {
        self.beat_types.get(&label.key().to_string()).map_or(label.name(), String::as_str)
    }

    /// Name of a kind of interval; rhythms that no list has keep their code.
    pub fn kind<'a>(&'a self, kind: &'a IntervalKind) -> &'a str {
        let key = match kind {
            IntervalKind::Rhythm(rhythm) => rhythm.code(),
            IntervalKind::Noise => "noise",
            IntervalKind::St => "st_change",
            IntervalKind::Note => "note",
        };
        self.kinds.get(key).map_or(kind.name(), String::as_str)
    }

    /// Where a review stands.
    pub fn state(&self, state: State) -> &str {
        match state {
            State::Unread => &self.states.unread,
            State::InReview => &self.states.in_review,
            State::Confirmed => &self.states.confirmed,
            State::Amended => &self.states.amended,
        }
    }

    /// How sure.
    pub fn certainty(&self, certainty: Certainty) -> &str {
        match certainty {
            Certainty::Definite => &self.certainties.definite,
            Certainty::Probable => &self.certainties.probable,
            Certainty::Possible => &self.certainties.possible,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        review::{BeatType, IntervalKind, Rhythm},
        words::Language,
    };

    #[test]
    fn every_type_and_kind_has_a_name_and_english_is_the_domain_s() {
        for language in Language::ALL {
            let words = &language.words().review;
            for label in BeatType::all() {
                let own = words.beat_types.get(&label.key().to_string());
                assert!(own.is_some(), "{label} in {}", language.code());
                assert!(language != Language::English || own.map(String::as_str) == Some(label.name()));
            }
            let others = [IntervalKind::Noise, IntervalKind::St, IntervalKind::Note];
            for kind in Rhythm::listed().map(IntervalKind::Rhythm).chain(others) {
                assert!(language != Language::English || words.kind(&kind) == kind.name(), "{kind:?}");
            }
            assert_eq!(words.kinds.len(), Rhythm::listed().count() + 3);
        }
    }
}
