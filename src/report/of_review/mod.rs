//! The reader's side of a report out of a kept review.

mod trail;

use super::reviewed::{EpisodeKind, Reviewed, ReviewedBeat, ReviewedEpisode, ReviewedFinding, Status, Verdict};
use crate::{
    recording::LabelMap,
    review::{
        Baseline, Beat, BeatType, Beats, Certainty, IntervalKind, Review, ReviewError, Reviewer, State, Timestamp, Version, load,
        store::{RecordingFacts, ReviewHead, Store},
    },
};
use chrono::{DateTime, NaiveDateTime};

impl Reviewed {
    /// What a kept review says, with its audit trail. `reviewer`: whose it is.
    ///
    /// # Errors
    /// A store that cannot be read, or whose entries do not fit together.
    pub fn from_store(
        store: &dyn Store,
        head: &ReviewHead,
        reviewer: &Reviewer,
        facts: &RecordingFacts,
    ) -> Result<Self, ReviewError> {
        let review = load(store, &head.key, facts.length)?;
        let people = store.reviewers()?;
        let audit = trail::entries(&store.entries(&head.key, Version(0))?, &people, facts.rate)?;
        Ok(Self { audit, ..Self::of(&review, reviewer, Some(head.changed)) })
    }

    /// What a review says now, without its trail. `changed`: when it was last edited.
    pub fn of(review: &Review, reviewer: &Reviewer, changed: Option<Timestamp>) -> Self {
        let status = match review.state() {
            State::Unread => Status::Unread,
            State::InReview => Status::InReview,
            State::Confirmed => Status::Confirmed,
            State::Amended => Status::Amended,
        };
        let unread = status == Status::Unread;
        let since = review.confirmation().map(|confirmation| confirmation.at).or(changed);
        let changed = review.baseline().map_or(0, |baseline| beats_changed(baseline, &review.content().beats));
        // Without labels of a machine every beat is the reader's.
        let own = review.baseline().is_none() && !review.content().beats.is_empty();
        let count = if own { review.content().beats.len() } else { changed };
        Self {
            status,
            reader: (!unread).then(|| reviewer.name.clone()),
            time: since.filter(|_| !unread).and_then(utc),
            conclusion: review.content().conclusion.clone(),
            findings: findings(review),
            episodes: if unread { Vec::new() } else { episodes(review) },
            beats: (count > 0).then(|| beats(&review.content().beats)),
            beats_changed: count,
            audit: Vec::new(),
        }
    }
}

fn utc(at: Timestamp) -> Option<NaiveDateTime> {
    DateTime::from_timestamp_millis(at.0).map(|at| at.naive_utc())
}

/// Findings that were judged; those left alone stay the machine's.
fn findings(review: &Review) -> Vec<ReviewedFinding> {
    let judged = review.findings().filter_map(|finding| {
        let judgement = finding.judgement?;
        let verdict = match (judgement.verdict, finding.machine) {
            (crate::review::Verdict::Present, Some(_)) => Verdict::Accepted,
            (crate::review::Verdict::Present, None) => Verdict::Added,
            (crate::review::Verdict::Absent, _) => Verdict::Rejected,
        };
        Some(ReviewedFinding {
            task: finding.key.task.clone(),
            code: finding.key.code.clone(),
            label: review.finding_label(finding.key),
            verdict,
            certainty: match judgement.certainty {
                Certainty::Definite => String::new(),
                other => other.name().to_owned(),
            },
            note: judgement.comment.trim().to_owned(),
        })
    });
    judged.collect()
}

/// Marked stretches. What the first labels had and the reader left stands too: the reader saw it.
fn episodes(review: &Review) -> Vec<ReviewedEpisode> {
    let mut out: Vec<ReviewedEpisode> = review
        .content()
        .intervals
        .values()
        .map(|interval| ReviewedEpisode {
            kind: match &interval.kind {
                IntervalKind::Rhythm(rhythm) => {
                    EpisodeKind::Rhythm { code: rhythm.code().to_owned(), name: rhythm.name().to_owned() }
                }
                IntervalKind::Noise => EpisodeKind::Noise,
                IntervalKind::St => EpisodeKind::St,
                IntervalKind::Note => EpisodeKind::Note,
            },
            lead: interval.lead.as_ref().map(ToString::to_string),
            from: interval.range.start,
            to: interval.range.end,
            text: interval.text.trim().to_owned(),
        })
        .collect();
    out.sort_by_key(|episode| (episode.from, episode.to));
    out
}

/// Beats by class. What only looks like a beat is none.
fn beats(beats: &Beats) -> Vec<ReviewedBeat> {
    let real = beats.as_slice().iter().filter(|beat| beat.label != BeatType::Artifact);
    real.map(|beat| ReviewedBeat { sample: beat.sample, label: beat.label.class(LabelMap::Aami) }).collect()
}

/// How many beats are not as the first labels had them: relabelled, moved and added ones, and those deleted. A moved beat counts once.
fn beats_changed(baseline: &Baseline, now: &Beats) -> usize {
    let window = baseline.rate.samples_in(crate::scoring::WINDOW_S);
    let first = Beats::new(baseline.beats.clone());
    let differs = |beat: &&Beat| first.at(beat.sample).is_none_or(|before| before.label != beat.label);
    let gone = |beat: &&Beat| now.nearest(beat.sample, window).is_none();
    now.as_slice().iter().filter(differs).count() + first.as_slice().iter().filter(gone).count()
}
