//! What can happen at the desk.

use super::{
    beats::{Pick, Seek},
    compare::Other,
    files::FileMessage,
    findings::FindingMessage,
    intervals::IntervalMessage,
};
use crate::{
    recording::SampleIndex,
    review::{BeatType, ReviewerId, Whose, agreement::findings::Topic},
};
use std::path::PathBuf;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum ReviewMessage {
    /// Reviews are kept in this folder.
    OpenStore(PathBuf),

    /// Ask who reviews.
    AskWho,
    /// Close that dialog.
    CloseWho,
    /// The name field was edited.
    WhoName(String),
    /// The field with the initials was edited.
    WhoInitials(String),
    /// Enter the person in the fields.
    EnterWho,
    /// This person reviews from now on.
    ChooseReviewer(ReviewerId),
    /// Whether the first read of a recording is blind.
    ToggleBlind,
    /// A blind reader asks for labels; it is recorded.
    Reveal(Whose),

    /// The side panel shows the review, or what was read off the recording.
    ShowPanel(bool),
    /// Letters become labels, or shortcuts again.
    ToggleLabelMode,
    /// Esc in label mode: drops what is under way, else leaves.
    Escape,
    /// After a relabelling the next beat is chosen, or not.
    ToggleAdvance,
    /// Choose beats.
    Pick(Pick),
    /// To the next or previous beat of a kind.
    Seek {
        /// The kind.
        what: Seek,
        /// Later; else earlier.
        forward: bool,
        /// Beats between are chosen too.
        extend: bool,
    },
    /// The chosen beats are this.
    Relabel(BeatType),
    /// The chosen beats are what they are labelled as.
    Accept,
    /// Carry out the edit that waits.
    CarryOut,
    /// Drop the edit that waits.
    DropPending,
    /// A beat at the R peak nearest to this; `None`: at the pointer, else in the middle of the page.
    AddBeat(Option<SampleIndex>),
    /// Move the chosen beat by samples.
    MoveBy(i64),
    /// Move the chosen beat to the R peak nearest to the pointer.
    MoveHere,
    /// Delete the chosen beats.
    DeleteBeats,
    /// Move a beat from one place to another; to the R peak nearest to it where `snap` is set.
    MoveFrom {
        /// Its place.
        from: SampleIndex,
        /// The new place.
        to: SampleIndex,
        /// To the R peak near it.
        snap: bool,
    },
    /// Group the beats by their shape.
    FindClusters,
    /// Stop reading and comparing shapes.
    StopShapes,
    /// Correlation from which beats are alike.
    SetLimit(f32),

    /// Take the last step back.
    Undo,
    /// Do it again.
    Redo,
    /// Take back steps until so many are left.
    UndoTo(usize),
    /// The person stands for the review.
    Confirm,
    /// Take a confirmed review up again.
    Reopen,
    /// The reason was edited.
    ReasonEdited(String),
    /// Do what waited for the reason.
    GiveReason,
    /// Do not do it.
    DropReason,
    /// Show or hide the list of steps.
    ToggleHistory,

    /// Compare with another reader.
    Compare(Other),
    /// End the comparison.
    EndComparison,
    /// The chosen beats, or the disagreement in view, as the other has it.
    TakeTheirs,
    /// A finding as the other has it.
    TakeFinding(Topic),

    /// About intervals.
    Interval(IntervalMessage),
    /// About findings and the conclusion.
    Finding(FindingMessage),
    /// About files.
    File(FileMessage),
}
