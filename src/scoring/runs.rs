//! Run-by-run comparison of ectopic beats. Source: EC57; rxr(1).

use super::{
    NEVER, ScoringError, Settings, Share, Side, Time,
    track::{shuts_down, time_of},
};
use crate::recording::{Annotation, BeatLabel};
use std::ops::RangeInclusive;

/// Runs are told apart up to this length; longer ones, fibrillation and flutter count as this.
pub const LONGEST: usize = 6;

/// Which ectopic beats make the runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// Ventricular: V and F beats, ventricular flutter and fibrillation.
    Ventricular,
    /// Supraventricular: S beats, atrial fibrillation and flutter.
    Supraventricular,
}

/// The classes of EC57 by number of beats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunLength {
    /// Two beats.
    Couplet,
    /// Three to five.
    Short,
    /// Six and more.
    Long,
}

impl RunLength {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Couplet, Self::Short, Self::Long];

    fn beats(self) -> RangeInclusive<usize> {
        match self {
            Self::Couplet => 2..=2,
            Self::Short => 3..=5,
            Self::Long => LONGEST..=LONGEST,
        }
    }
}

/// Counts of runs: rows are lengths 0 to [`LONGEST`] in the reference, columns in the test annotations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunMatrix {
    /// `[reference][test]`.
    pub counts: [[u64; LONGEST + 1]; LONGEST + 1],
}

impl RunMatrix {
    fn count(&mut self, reference: usize, test: usize) {
        if let Some(count) = self.counts.get_mut(reference).and_then(|row| row.get_mut(test)) {
            *count += 1;
        }
    }

    fn sum(&self, reference: RangeInclusive<usize>, test: RangeInclusive<usize>) -> u64 {
        let row = |row: &[u64; LONGEST + 1]| row.get(test.clone()).map_or(0, |cells| cells.iter().sum::<u64>());
        self.counts.get(reference).map_or(0, |rows| rows.iter().map(row).sum())
    }

    /// Adds another recording's counts.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.counts.iter_mut().flatten().zip(other.counts.iter().flatten()) {
            *mine += theirs;
        }
    }
}

/// Runs of one kind in two annotations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunComparison {
    /// Every run of the reference, against the longest run of the test annotator at the same place.
    pub by_reference: RunMatrix,
    /// Every run of the test annotator, against the longest run of the reference at the same place.
    pub by_test: RunMatrix,
}

impl RunComparison {
    /// Runs of this length in the reference that the test annotator has at least as long a class of run for.
    pub fn sensitivity(&self, length: RunLength) -> Share {
        let beats = length.beats();
        let hits = self.by_reference.sum(beats.clone(), *beats.start()..=LONGEST);
        Share { hits, of: hits + self.by_reference.sum(beats.clone(), 0..=beats.start() - 1) }
    }

    /// Runs of this length in the test annotations that the reference has at least as long a class of run for.
    pub fn predictivity(&self, length: RunLength) -> Share {
        let beats = length.beats();
        let hits = self.by_test.sum(*beats.start()..=LONGEST, beats.clone());
        Share { hits, of: hits + self.by_test.sum(0..=beats.start() - 1, beats) }
    }

    /// Adds another recording's counts.
    pub fn add(&mut self, other: &Self) {
        self.by_reference.add(&other.by_reference);
        self.by_test.add(&other.by_test);
    }
}

/// Compares run by run. Both lists are in time order and count in samples of `settings.rate`.
///
/// Where the annotations of one recording end does not colour the beginning of the next look at them: `rxr` reads a left-over annotation there.
///
/// # Errors
/// [`ScoringError::NoAnnotations`] where an annotator has none in the test period: `rxr` then gives no answer either.
pub fn compare_runs(
    reference: &[Annotation],
    test: &[Annotation],
    kind: RunKind,
    settings: &Settings,
) -> Result<RunComparison, ScoringError> {
    let mut comparison = RunComparison::default();
    let (sides, others) = ((reference, Side::Reference), (test, Side::Test));
    each_run(sides, others.0, kind, settings, |of_reference, of_test| comparison.by_reference.count(of_reference, of_test))?;
    each_run(others, sides.0, kind, settings, |of_test, of_reference| comparison.by_test.count(of_reference, of_test))?;
    Ok(comparison)
}

/// What an annotation means for runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    Beat(BeatLabel),
    /// Ventricular flutter or fibrillation begins.
    VentricularFibrillation,
    /// It ends.
    VentricularFibrillationEnds,
    /// Atrial flutter or fibrillation begins.
    AtrialFibrillation,
    /// It ends.
    AtrialFibrillationEnds,
    /// Shutdown begins.
    Shutdown,
    Other,
}

impl Event {
    /// How the event bears on runs of this kind.
    fn role(self, kind: RunKind) -> Role {
        use BeatLabel::{F, N, Q, S, V};
        use RunKind::{Supraventricular, Ventricular};
        match (self, kind) {
            (Self::Beat(V | F), Ventricular) | (Self::Beat(S), Supraventricular) => Role::Ectopic,
            (Self::Beat(N | S | V | F | Q), _) | (Self::Shutdown, _) => Role::Break,
            (Self::VentricularFibrillation, Ventricular) | (Self::AtrialFibrillation, Supraventricular) => Role::Episode,
            (Self::VentricularFibrillationEnds, Ventricular) | (Self::AtrialFibrillationEnds, Supraventricular) => {
                Role::EpisodeEnd
            }
            (Self::VentricularFibrillation | Self::AtrialFibrillation, _) => Role::OtherEpisode,
            (Self::VentricularFibrillationEnds | Self::AtrialFibrillationEnds | Self::Other, _) => Role::None,
        }
    }
}

/// How an event bears on the runs that are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A beat of the kind: it makes a run longer.
    Ectopic,
    /// A beat of another kind, or shutdown: it ends a run.
    Break,
    /// Fibrillation of the kind begins: a run of the greatest length.
    Episode,
    /// It ends.
    EpisodeEnd,
    /// Fibrillation of the other kind begins.
    OtherEpisode,
    /// Nothing.
    None,
}

/// One annotator's annotations, and the rhythm they have told so far.
struct Reader<'a> {
    annotations: &'a [Annotation],
    next: usize,
    /// The annotation in question and its time: nothing at 0 before the first.
    current: Option<&'a Annotation>,
    time: Time,
    settings: &'a Settings,
    atrial_fibrillation: bool,
    ventricular_fibrillation: bool,
    shut_down: bool,
}

impl<'a> Reader<'a> {
    fn new(annotations: &'a [Annotation], settings: &'a Settings) -> Self {
        Self {
            annotations,
            next: 0,
            current: None,
            time: 0,
            settings,
            atrial_fibrillation: false,
            ventricular_fibrillation: false,
            shut_down: false,
        }
    }

    /// Goes on to the next annotation; false, and staying, at the end.
    fn advance(&mut self) -> bool {
        let Some(annotation) = self.annotations.get(self.next) else { return false };
        self.next += 1;
        self.current = Some(annotation);
        self.time = time_of(annotation);
        true
    }

    /// What the current annotation means. It takes part in the rhythm: asked again, the same beginning is none any more.
    fn event(&mut self) -> Event {
        let Some(annotation) = self.current else { return Event::Other };
        if let Some(label) = BeatLabel::from_mnemonic(&annotation.mnemonic, self.settings.map) {
            // In atrial fibrillation every normal beat is a supraventricular one.
            let in_fibrillation = self.atrial_fibrillation && label == BeatLabel::N;
            return Event::Beat(if in_fibrillation { BeatLabel::S } else { label });
        }
        match annotation.mnemonic.as_str() {
            "~" if shuts_down(annotation) => {
                let already = std::mem::replace(&mut self.shut_down, true);
                if already { Event::Other } else { Event::Shutdown }
            }
            "~" => {
                self.shut_down = false;
                Event::Other
            }
            "[" => self.begin_ventricular(),
            "]" => self.end_ventricular(),
            "+" if annotation.text.starts_with("(AF") => {
                if std::mem::replace(&mut self.atrial_fibrillation, true) {
                    return Event::Other;
                }
                self.ventricular_fibrillation = false;
                Event::AtrialFibrillation
            }
            "+" if annotation.text.starts_with("(VF") => self.begin_ventricular(),
            "+" if annotation.text.is_empty() => Event::Other,
            "+" if self.atrial_fibrillation => {
                self.atrial_fibrillation = false;
                Event::AtrialFibrillationEnds
            }
            "+" => self.end_ventricular(),
            _ => Event::Other,
        }
    }

    fn begin_ventricular(&mut self) -> Event {
        if std::mem::replace(&mut self.ventricular_fibrillation, true) {
            return Event::Other;
        }
        self.atrial_fibrillation = false;
        Event::VentricularFibrillation
    }

    fn end_ventricular(&mut self) -> Event {
        if std::mem::replace(&mut self.ventricular_fibrillation, false) {
            Event::VentricularFibrillationEnds
        } else {
            Event::Other
        }
    }

    fn role(&mut self, kind: RunKind) -> Role {
        self.event().role(kind)
    }
}

/// A run being followed: its length so far (0: none), and where its partner is looked for.
#[derive(Debug, Clone, Copy, Default)]
struct Run {
    length: usize,
    from: Time,
    to: Time,
}

/// Calls `count(length, partner's length)` for every run of `of`, partners being looked for in `partner`.
fn each_run(
    of: (&[Annotation], Side),
    partner: &[Annotation],
    kind: RunKind,
    settings: &Settings,
    mut count: impl FnMut(usize, usize),
) -> Result<(), ScoringError> {
    let mut reader = Reader::new(of.0, settings);
    let mut partner = Partner { reader: Reader::new(partner, settings), kind, fibrillating_to: 0, ended: false };
    let window = settings.window;
    let mut run = state_at_start(&mut reader, kind).ok_or(ScoringError::NoAnnotations { side: of.1 })?;
    loop {
        let role = reader.role(kind);
        let (from, to) = (reader.time.saturating_sub(window), reader.time.saturating_add(window));
        match role {
            Role::Ectopic if run.length == 0 => run = Run { length: 1, from, to },
            Role::Ectopic => run = Run { length: (run.length + 1).min(LONGEST), to, ..run },
            Role::Episode if run.length == 0 => run = Run { length: LONGEST, from, ..run },
            Role::EpisodeEnd if run.length > 0 => run.to = to,
            Role::Break if run.length > 0 => {
                count(run.length, partner.longest(run.from, run.to));
                run.length = 0;
            }
            _ => {}
        }
        if !reader.advance() {
            // A run that lasts to the end of the file ends with it.
            if run.length > 0 && settings.end.is_none_or(|end| reader.time <= end) {
                count(run.length, partner.longest(run.from, run.to));
            }
            return Ok(());
        }
        if settings.end.is_some_and(|end| reader.time > end) {
            return Ok(());
        }
    }
}

/// Reads through the learning period: the run at the beginning of the test period, of the greatest length in fibrillation, else none. `None`
/// where nothing stands in the test period and nothing told of fibrillation before it.
fn state_at_start(reader: &mut Reader<'_>, kind: RunKind) -> Option<Run> {
    let (start, window) = (reader.settings.start, reader.settings.window);
    let mut length = None;
    loop {
        if !reader.advance() {
            break;
        }
        if reader.time >= start {
            length = length.or(Some(0));
            break;
        }
        match reader.event() {
            Event::VentricularFibrillationEnds | Event::AtrialFibrillationEnds => length = Some(0),
            event if event.role(kind) == Role::Episode => length = Some(LONGEST),
            _ => {}
        }
    }
    match length? {
        0 => Some(Run::default()),
        length => Some(Run { length, from: start.saturating_sub(window), to: start.saturating_add(window) }),
    }
}

/// The other annotator, in whom the partners of runs are looked for, from each run to the next.
struct Partner<'a> {
    reader: Reader<'a>,
    kind: RunKind,
    /// Where the fibrillation ends that was met last.
    fibrillating_to: Time,
    /// Nothing is left.
    ended: bool,
}

impl Partner<'_> {
    /// Length of the longest run from `from` to `to`, both inclusive.
    fn longest(&mut self, from: Time, to: Time) -> usize {
        if self.fibrillating_to > from {
            return LONGEST;
        }
        if self.ended {
            return 0;
        }
        while self.reader.time < from {
            if self.reader.role(self.kind) == Role::Episode {
                self.skip_episode();
                if self.fibrillating_to == NEVER {
                    return LONGEST;
                }
                if self.reader.time > from {
                    self.fibrillating_to = self.reader.time;
                    return LONGEST;
                }
            }
            if !self.reader.advance() {
                self.ended = true;
                return 0;
            }
        }
        let (mut longest, mut length) = (0, 0);
        while self.reader.time <= to {
            match self.reader.role(self.kind) {
                Role::Ectopic => length = (length + 1).min(LONGEST),
                Role::Episode => {
                    self.skip_episode();
                    if self.fibrillating_to != NEVER {
                        self.fibrillating_to = self.reader.time;
                    }
                    return LONGEST;
                }
                Role::Break | Role::OtherEpisode => {
                    longest = longest.max(length);
                    length = 0;
                }
                Role::EpisodeEnd | Role::None => {}
            }
            if !self.reader.advance() {
                self.ended = true;
                break;
            }
        }
        longest.max(length)
    }

    /// Reads on to the annotation that ends the fibrillation: its end, fibrillation of the other kind, or shutdown. Without one it lasts for ever.
    fn skip_episode(&mut self) {
        loop {
            if !self.reader.advance() {
                self.fibrillating_to = NEVER;
                return;
            }
            let event = self.reader.event();
            if event == Event::Shutdown || matches!(event.role(self.kind), Role::EpisodeEnd | Role::OtherEpisode) {
                return;
            }
        }
    }
}
