//! One annotator's beats in time order, with the shutdowns and the fibrillation between them.

use super::{NEVER, Settings, Side, Time};
use crate::recording::{Annotation, BeatLabel};

/// Bits of a `~` annotation's subtype that are both set when neither signal is readable (annot(5)).
const BOTH_UNREADABLE: i8 = 0x30;

/// A beat, the virtual one at time 0 before all others, or (at [`NEVER`]) the end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Beat {
    pub time: Time,
    /// `None`: no beat stands here.
    pub label: Option<BeatLabel>,
}

impl Beat {
    const BEFORE_ALL: Self = Self { time: 0, label: None };
    const END: Self = Self { time: NEVER, label: None };
}

/// A stretch from `start` to `end`, inclusive.
#[derive(Debug, Clone, Copy)]
struct Episode {
    start: Time,
    /// `None`: nothing tells where it ends, so it lasts.
    end: Option<Time>,
}

/// The last two episodes of a kind: the latest may lie ahead of the current beat, because the next beat is read in advance.
#[derive(Debug, Clone, Copy, Default)]
struct Episodes {
    latest: Option<Episode>,
    before: Option<Episode>,
}

impl Episodes {
    /// A new episode. Until its end is known it carries the end of the one before: where an annotation file stops within a second
    /// episode, that is what `bxb` counts with.
    fn begin(&mut self, start: Time) {
        self.before = self.latest;
        self.latest = Some(Episode { start, end: self.before.and_then(|episode| episode.end) });
    }

    fn end(&mut self, end: Time) {
        if let Some(latest) = &mut self.latest {
            latest.end = Some(end);
        }
    }

    fn set(&mut self, start: Time, end: Time) {
        if let Some(latest) = &mut self.latest {
            *latest = Episode { start, end: Some(end) };
        }
    }

    fn covers(&self, time: Time) -> bool {
        let latest = self.latest.is_some_and(|e| e.start <= time && e.end.is_none_or(|end| time <= end));
        latest || self.before.is_some_and(|e| e.start <= time && e.end.is_some_and(|end| time <= end))
    }

    /// Whether one begins from `from` on and before `to`.
    fn begins_within(&self, from: Time, to: Time) -> bool {
        [self.latest, self.before].iter().flatten().any(|e| from <= e.start && e.start < to)
    }
}

/// Whether a `~` annotation says that neither signal is readable.
pub(super) fn shuts_down(annotation: &Annotation) -> bool {
    annotation.mnemonic.as_str() == "~" && annotation.subtype & BOTH_UNREADABLE == BOTH_UNREADABLE
}

/// The time of an annotation.
pub(super) fn time_of(annotation: &Annotation) -> Time {
    Time::try_from(annotation.at.0).unwrap_or(NEVER - 1).min(NEVER - 1)
}

/// One annotator's beats, read one ahead.
#[derive(Debug)]
pub(super) struct Track<'a> {
    annotations: &'a [Annotation],
    next: usize,
    side: Side,
    settings: Settings,
    /// The beat in question.
    pub current: Beat,
    /// The beat after it.
    pub upcoming: Beat,
    /// From the beat before to the current one; `None` where there is no such interval or something unreadable or fibrillation lies within.
    pub rr: Option<Time>,
    shutdowns: Episodes,
    fibrillation: Episodes,
    /// Samples in shutdown so far.
    pub shutdown: Time,
}

impl<'a> Track<'a> {
    /// At the virtual beat before all others.
    pub fn new(annotations: &'a [Annotation], side: Side, settings: Settings) -> Self {
        Self {
            annotations,
            next: 0,
            side,
            settings,
            current: Beat::BEFORE_ALL,
            upcoming: Beat::BEFORE_ALL,
            rr: None,
            shutdowns: Episodes::default(),
            fibrillation: Episodes::default(),
            shutdown: 0,
        }
    }

    /// Goes on to the next beat.
    pub fn advance(&mut self) {
        let from = self.current.time;
        self.current = self.upcoming;
        let to = self.current.time;
        let broken = self.fibrillation.begins_within(from, to) || self.shutdowns.begins_within(from, to);
        self.rr = (from != 0 && to != NEVER && !broken).then(|| to.saturating_sub(from));
        self.upcoming = self.read();
    }

    /// Whether this annotator had shut down at `time`, which must be that of a current beat.
    pub fn shut_down_at(&self, time: Time) -> bool {
        self.shutdowns.covers(time)
    }

    /// Whether this annotator marks fibrillation at `time`, which must be that of a current beat.
    pub fn fibrillation_at(&self, time: Time) -> bool {
        self.fibrillation.covers(time)
    }

    fn take(&mut self) -> Option<&'a Annotation> {
        let annotation = self.annotations.get(self.next)?;
        self.next += 1;
        Some(annotation)
    }

    /// The next beat; shutdowns and fibrillation on the way are noted.
    fn read(&mut self) -> Beat {
        while let Some(annotation) = self.take() {
            let time = time_of(annotation);
            if let label @ Some(_) = BeatLabel::from_mnemonic(&annotation.mnemonic, self.settings.map) {
                return Beat { time, label };
            }
            let more = match annotation.mnemonic.as_str() {
                "~" if shuts_down(annotation) => self.shut_down(time),
                "[" => self.fibrillate(time),
                _ => true,
            };
            if !more {
                break;
            }
        }
        Beat::END
    }

    /// A shutdown begins at `time`; false where the file ends in it.
    ///
    /// It ends at the next annotation, when that says that a signal is readable. Otherwise the mark stands alone somewhere within the shutdown, as in
    /// the AHA database: the shutdown then reaches from one match window after the last beat or fibrillation to one before the next annotation.
    fn shut_down(&mut self, time: Time) -> bool {
        self.shutdowns.begin(time);
        let Some(following) = self.annotations.get(self.next) else {
            match (self.side, self.settings.end) {
                (Side::Reference, _) => self.shutdowns.end(NEVER),
                (Side::Test, Some(end)) => self.shutdown += end.saturating_sub(time),
                (Side::Test, None) => {}
            }
            return false;
        };
        let (mut start, mut end) = (time, time_of(following));
        if following.mnemonic.as_str() == "~" && !shuts_down(following) {
            self.next += 1;
        } else {
            let fibrillated = self.fibrillation.latest.and_then(|episode| episode.end);
            let last = fibrillated.filter(|end| *end > self.current.time).unwrap_or(self.current.time);
            end = end.saturating_sub(self.settings.window);
            start = last.saturating_add(self.settings.window).min(end);
        }
        self.shutdowns.set(start, end);
        self.shutdown = self.shutdown.saturating_add(end.saturating_sub(start));
        true
    }

    /// Fibrillation begins at `time`: annotations up to its end are no beats. False where the file ends in it.
    fn fibrillate(&mut self, time: Time) -> bool {
        self.fibrillation.begin(time);
        while let Some(annotation) = self.take() {
            if annotation.mnemonic.as_str() == "]" {
                self.fibrillation.end(time_of(annotation));
                return true;
            }
        }
        false
    }
}
