//! The desk's slow work, on threads of its own.

use super::{
    files::ExportOrder,
    shapes::{Found as FoundShapes, Read, Wanted},
};
use crate::{
    analysis::{Analysis, Progress},
    app::jobs::{Backend, Failure, guarded},
    recording::{LabelMap, Rate, Recording, SampleIndex},
    review::{
        Baseline, BaselineSource, Beats, Clock, Labels, RecordingId, Review, ReviewKey, Reviewer, ReviewerId, Session, State,
        SystemClock,
        agreement::{self, Comparison, findings::Opinions},
        exchange::Incoming,
        load,
        select::{Shapes, ShapesError, cluster},
        store::{RecordingFacts, SqliteStore, Store},
    },
    words::{Words, fill},
};
use std::{
    collections::HashMap,
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What is to be done.
pub enum ReviewJob {
    /// Open the store.
    OpenStore {
        /// Its folder.
        folder: PathBuf,
    },
    /// Open a reader's review of a recording.
    Open {
        /// The store.
        store: Arc<dyn Store>,
        /// The recording.
        recording: Arc<Recording>,
        /// What the store knows it by, where that is known already.
        facts: Option<RecordingFacts>,
        /// The reader.
        reviewer: ReviewerId,
        /// A new review is a blind first read.
        blind: bool,
        /// Number of the attempt.
        number: u64,
    },
    /// Make the machine's labels ready for the review.
    Labels {
        /// The recording.
        recording: Arc<Recording>,
        /// What the machine says.
        analysis: Arc<Analysis>,
        /// The recording's number.
        generation: u64,
        /// Number of the analysis.
        run: u64,
    },
    /// Read the shapes of all beats, and find those that are alike or group them.
    Shapes {
        /// The recording.
        recording: Arc<Recording>,
        /// The beats.
        beats: Arc<[SampleIndex]>,
        /// Their shapes, where they were read before.
        shapes: Option<Arc<Shapes>>,
        /// What is wanted of them.
        wanted: Wanted,
        /// Correlation from which beats are alike.
        limit: f32,
        /// Number of the job.
        number: u64,
        /// The recording's number.
        generation: u64,
    },
    /// Another reader's beats.
    Theirs {
        /// The store.
        store: Arc<dyn Store>,
        /// Which review.
        key: ReviewKey,
        /// Samples of the recording.
        length: u64,
        /// Number of the comparison.
        number: u64,
        /// The recording's number.
        generation: u64,
    },
    /// Compare two readers.
    Compare {
        /// One's own beats.
        ours: Box<Beats>,
        /// The other's.
        theirs: Box<Beats>,
        /// Rate of both.
        rate: Rate,
        /// Samples of the recording.
        length: u64,
        /// Which types make up a class.
        map: LabelMap,
        /// Number of the comparison.
        number: u64,
        /// The recording's number.
        generation: u64,
    },
    /// Write labels.
    Export {
        /// The review as it is.
        review: Box<Review>,
        /// Whose.
        reviewer: Reviewer,
        /// The recording.
        recording: Arc<Recording>,
        /// Where and how.
        order: ExportOrder,
        /// The recording's number.
        generation: u64,
    },
    /// Read another annotator's labels.
    Import {
        /// The store.
        store: Arc<dyn Store>,
        /// The recording.
        recording: Arc<Recording>,
        /// What the store knows it by.
        facts: RecordingFacts,
        /// The file; `None`: the recording itself.
        path: Option<PathBuf>,
        /// Which annotations; `None`: the file's only ones.
        annotator: Option<String>,
        /// The reader's language.
        words: &'static Words,
        /// The recording's number.
        generation: u64,
    },
    /// The system's dialog.
    Browse {
        /// A folder instead of a file.
        folder: bool,
        /// The reader's language.
        words: &'static Words,
    },
}

/// What came of it.
pub enum ReviewEvent {
    /// [`ReviewJob::OpenStore`].
    StoreOpened(Result<Stored, Failure>),
    /// [`ReviewJob::Open`].
    Opened {
        /// Number of the attempt.
        number: u64,
        /// The review.
        result: Result<Box<Found>, Failure>,
    },
    /// [`ReviewJob::Labels`].
    Labels {
        /// The recording's number.
        generation: u64,
        /// Number of the analysis.
        run: u64,
        /// The labels.
        result: Result<Box<Labels>, Failure>,
    },
    /// [`ReviewJob::Shapes`].
    Shapes {
        /// The recording's number.
        generation: u64,
        /// Number of the job.
        number: u64,
        /// Shapes and what was found.
        result: Result<(Read, FoundShapes), Failure>,
    },
    /// [`ReviewJob::Theirs`].
    Theirs {
        /// The recording's number.
        generation: u64,
        /// Number of the comparison.
        number: u64,
        /// Their beats, and what they say of findings.
        result: Result<(Beats, Opinions), Failure>,
    },
    /// [`ReviewJob::Compare`].
    Compared {
        /// The recording's number.
        generation: u64,
        /// Number of the comparison.
        number: u64,
        /// What it found.
        result: Result<Box<Comparison>, Failure>,
    },
    /// [`ReviewJob::Export`].
    Exported {
        /// The recording's number.
        generation: u64,
        /// What was written, and what is not in it.
        result: Result<Vec<String>, Failure>,
    },
    /// [`ReviewJob::Import`].
    Imported {
        /// The recording's number.
        generation: u64,
        /// The further reader, and what was left out.
        result: Result<(Reviewer, Vec<String>), Failure>,
    },
    /// [`ReviewJob::Browse`]; `None`: the dialog was closed.
    Browsed(Option<PathBuf>),
}

/// An opened store.
pub struct Stored {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Everybody in it.
    pub people: Vec<Reviewer>,
    /// Who reviewed last.
    pub last: Option<ReviewerId>,
    /// How far reviews by persons are, by where their recordings were last seen; of several the one changed last.
    pub standing: Vec<(PathBuf, State)>,
}

/// An opened review.
pub struct Found {
    /// The review.
    pub session: Session,
    /// What the store knows the recording by.
    pub facts: RecordingFacts,
    /// Everybody in the store.
    pub people: Vec<Reviewer>,
    /// Other readers who have a review of the recording.
    pub others: Vec<Reviewer>,
}

impl fmt::Debug for ReviewJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReviewJob")
    }
}

impl fmt::Debug for ReviewEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReviewEvent")
    }
}

/// Does a job.
pub fn run(backend: &dyn Backend, job: ReviewJob, progress: &Progress) -> ReviewEvent {
    match job {
        ReviewJob::OpenStore { folder } => ReviewEvent::StoreOpened(guarded(progress, || open_store(&folder))),
        ReviewJob::Open { store, recording, facts, reviewer, blind, number } => {
            let result = guarded(progress, || open(store, &recording, facts, &reviewer, blind).map(Box::new));
            ReviewEvent::Opened { number, result }
        }
        ReviewJob::Labels { recording, analysis, generation, run } => {
            let result = guarded(progress, || Ok(Box::new(Labels::from(Baseline::of(&recording, &analysis)))));
            ReviewEvent::Labels { generation, run, result }
        }
        ReviewJob::Shapes { recording, beats, shapes, wanted, limit, number, generation } => {
            let result = guarded(progress, || {
                let read = read(&recording, beats, shapes, progress)?;
                let found = find(&read.shapes, wanted, limit, progress)?;
                Ok((read, found))
            });
            ReviewEvent::Shapes { generation, number, result }
        }
        ReviewJob::Theirs { store, key, length, number, generation } => {
            let result = guarded(progress, || {
                let review = load(store.as_ref(), &key, length).map_err(Failure::new)?;
                Ok((review.content().beats.clone(), Opinions::of_reader(&review)))
            });
            ReviewEvent::Theirs { generation, number, result }
        }
        ReviewJob::Compare { ours, theirs, rate, length, map, number, generation } => {
            let result =
                guarded(progress, || agreement::compare(&ours, &theirs, rate, length, map).map(Box::new).map_err(Failure::new));
            ReviewEvent::Compared { generation, number, result }
        }
        ReviewJob::Export { review, reviewer, recording, order, generation } => {
            let result = guarded(progress, || backend.export_review(&review, &reviewer, &recording, &order));
            ReviewEvent::Exported { generation, result }
        }
        ReviewJob::Import { store, recording, facts, path, annotator, words, generation } => {
            let result = guarded(progress, || {
                let came = backend.import_labels(&recording, path.as_deref(), annotator.as_deref())?;
                import(store, &facts, came, words)
            });
            ReviewEvent::Imported { generation, result }
        }
        ReviewJob::Browse { folder, words } => ReviewEvent::Browsed(browse(folder, words)),
    }
}

fn open_store(folder: &Path) -> Result<Stored, Failure> {
    let store = SqliteStore::open(folder).map_err(Failure::new)?;
    let people = store.reviewers().map_err(Failure::new)?;
    let is_person = |id: &ReviewerId| people.iter().any(|reviewer| reviewer.id == *id && !reviewer.imported);
    // The last changed comes first.
    let heads = store.reviews().map_err(Failure::new)?;
    let places: HashMap<RecordingId, String> =
        store.recordings().map_err(Failure::new)?.into_iter().filter_map(|facts| Some((facts.id, facts.place?))).collect();
    let by_persons = heads.iter().filter(|head| is_person(&head.key.reviewer)).rev();
    let standing = by_persons.filter_map(|head| Some((PathBuf::from(places.get(&head.key.recording)?), head.state))).collect();
    let last = heads.into_iter().map(|head| head.key.reviewer).find(|id| is_person(id));
    let last = last.or_else(|| people.iter().find(|reviewer| !reviewer.imported).map(|reviewer| reviewer.id.clone()));
    Ok(Stored { store: Arc::new(store), people, last, standing })
}

fn open(
    store: Arc<dyn Store>,
    recording: &Recording,
    facts: Option<RecordingFacts>,
    reviewer: &ReviewerId,
    blind: bool,
) -> Result<Found, Failure> {
    let facts = match facts {
        Some(facts) => facts,
        None => RecordingFacts::of(RecordingId::of(recording).map_err(Failure::new)?, recording),
    };
    let session = Session::open(store.clone(), Arc::new(SystemClock), &facts, reviewer, blind).map_err(Failure::new)?;
    let people = store.reviewers().map_err(Failure::new)?;
    let heads = store.reviews().map_err(Failure::new)?;
    let reads = |person: &&Reviewer| {
        person.id != *reviewer && heads.iter().any(|head| head.key.recording == facts.id && head.key.reviewer == person.id)
    };
    let others = people.iter().filter(reads).cloned().collect();
    Ok(Found { session, facts, people, others })
}

/// Stages of the jobs about shapes; the window shows its own words for them.
pub const READING: &str = "reading shapes";
/// See [`READING`].
pub const GROUPING: &str = "grouping shapes";
/// See [`READING`].
pub const COMPARING: &str = "comparing shapes";

fn stopped(error: ShapesError) -> Failure {
    match error {
        ShapesError::Cancelled => Failure::Cancelled,
        other => Failure::new(other),
    }
}

fn read(
    recording: &Recording,
    beats: Arc<[SampleIndex]>,
    known: Option<Arc<Shapes>>,
    progress: &Progress,
) -> Result<Read, Failure> {
    let shapes = match known {
        Some(shapes) => shapes,
        None => {
            let reading = |share: f32| progress.report(READING, 0.7 * share).is_ok();
            Arc::new(Shapes::read(recording, &beats, &reading).map_err(stopped)?)
        }
    };
    Ok(Read { beats, shapes })
}

fn find(shapes: &Shapes, wanted: Wanted, limit: f32, progress: &Progress) -> Result<FoundShapes, Failure> {
    let stage = if wanted == Wanted::Clusters { GROUPING } else { COMPARING };
    let goes_on = |share: f32| progress.report(stage, 0.7 + 0.3 * share).is_ok();
    match wanted {
        Wanted::Like(at) => Ok(FoundShapes::Alike(at, shapes.similar(at, limit, &goes_on).map_err(stopped)?)),
        Wanted::Clusters => Ok(FoundShapes::Clusters(Box::new(cluster(shapes, limit, &goes_on).map_err(stopped)?))),
    }
}

/// The further reader with the labels that came.
fn import(
    store: Arc<dyn Store>,
    facts: &RecordingFacts,
    came: Incoming,
    words: &Words,
) -> Result<(Reviewer, Vec<String>), Failure> {
    let words = &words.review.files;
    let Incoming { baseline, mut warnings } = came;
    if baseline.beats.is_empty() && baseline.intervals.is_empty() {
        return Err(Failure::new(&words.nothing_in));
    }
    let (name, beats) = (name_of(&baseline), baseline.beats.len());
    let wanted = Reviewer::imported(&name).map_err(Failure::new)?;
    let known = store.reviewers().map_err(Failure::new)?.into_iter().find(|known| known.imported && known.name == wanted.name);
    let reader = match known {
        Some(known) => known,
        None => {
            store.add_reviewer(&wanted, SystemClock.now()).map_err(Failure::new)?;
            wanted
        }
    };
    let mut session = Session::open(store, Arc::new(SystemClock), facts, &reader.id, false).map_err(Failure::new)?;
    let told = match session.review().baseline() {
        Some(there) if there.stored().0 == baseline.stored().0 => fill(&words.there, &[("name", &name)]),
        Some(_) => return Err(Failure::new(fill(&words.other_there, &[("name", &name)]))),
        None => {
            session.labels_arrived(baseline).map_err(Failure::new)?;
            fill(&words.came, &[("name", &name), ("count", &beats.to_string())])
        }
    };
    warnings.insert(0, told);
    Ok((reader, warnings))
}

/// What the further reader is called: annotator and file, so that two files do not become one reader.
fn name_of(baseline: &Baseline) -> String {
    match &baseline.source {
        BaselineSource::Imported { annotator, file } if file.is_empty() => annotator.clone(),
        BaselineSource::Imported { annotator, file } => format!("{annotator} ({file})"),
        BaselineSource::Machine { .. } => "imported".to_owned(),
    }
}

fn browse(folder: bool, words: &Words) -> Option<PathBuf> {
    let words = &words.review.files;
    let dialog = rfd::FileDialog::new();
    if folder {
        return dialog.set_title(&words.folder_title).pick_folder();
    }
    dialog.set_title(&words.file_title).pick_file()
}
