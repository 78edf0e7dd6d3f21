//! Who reviews.

use super::{jobs::ReviewJob, update::open_review};
use crate::{
    analysis::Progress,
    app::{
        jobs::Job,
        state::State,
        update::{Effect, notice},
    },
    review::{Clock, Reviewer, ReviewerId, SystemClock, Whose},
};
use std::sync::Arc;

/// The dialog that asks who reviews.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Form {
    /// Name so far.
    pub name: String,
    /// Initials so far; empty: made of the name.
    pub initials: String,
    /// What is wrong.
    pub fault: Option<String>,
    /// Label mode was asked for and begins once this is known.
    pub then_label: bool,
}

/// The people of the store.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// Everybody, imported annotators too.
    pub all: Vec<Reviewer>,
    /// Who reviews.
    pub chosen: Option<ReviewerId>,
    /// The dialog.
    pub form: Option<Form>,
}

impl People {
    /// Who reviews.
    pub fn me(&self) -> Option<&Reviewer> {
        let id = self.chosen.as_ref()?;
        self.all.iter().find(|reviewer| reviewer.id == *id)
    }

    /// People who can review: nobody whose labels came from a file.
    pub fn persons(&self) -> impl Iterator<Item = &Reviewer> {
        self.all.iter().filter(|reviewer| !reviewer.imported)
    }
}

/// Asks who reviews; without a store there is nobody to ask for.
pub(super) fn ask(state: &mut State, then_label: bool) {
    if state.desk.store().is_some() {
        state.desk.people.form = Some(Form { then_label, ..Form::default() });
    } else if let Some(reason) = state.not_editable() {
        notice(state, reason, false);
    }
}

/// Enters the person in the fields, who reviews from now on.
pub(super) fn enter(state: &mut State) -> Vec<Effect> {
    let Some(store) = state.desk.store().cloned() else { return Vec::new() };
    let Some(form) = state.desk.people.form.as_mut() else { return Vec::new() };
    let entered = Reviewer::new(&form.name, &form.initials)
        .and_then(|reviewer| store.add_reviewer(&reviewer, SystemClock.now()).map(|()| reviewer).map_err(Into::into));
    match entered {
        Ok(reviewer) => {
            let id = reviewer.id.clone();
            state.desk.people.all.push(reviewer);
            choose(state, id)
        }
        Err(error) => {
            form.fault = Some(error.to_string());
            Vec::new()
        }
    }
}

/// This person reviews from now on.
pub(super) fn choose(state: &mut State, id: ReviewerId) -> Vec<Effect> {
    let then_label = state.desk.people.form.take().is_some_and(|form| form.then_label);
    if state.desk.people.chosen.as_ref() != Some(&id) || state.desk.session.is_none() {
        super::findings::flush(state);
        super::calipers::leave(state);
        state.desk.people.chosen = Some(id);
        let desk = std::mem::take(&mut state.desk);
        let facts = desk.facts.clone();
        state.desk = super::Desk { facts, ..desk.without_recording() };
    }
    state.desk.label_mode |= then_label;
    state.desk.panel |= then_label;
    if state.desk.session.is_some() { Vec::new() } else { open_review(state) }
}

/// A blind reader asks to see labels.
pub(in crate::app) fn reveal(state: &mut State, whose: &Whose) -> bool {
    let Some(session) = state.desk.session.as_mut() else { return false };
    match session.reveal(whose) {
        Ok(()) => true,
        Err(error) => {
            notice(state, error.to_string(), true);
            false
        }
    }
}

/// Opens the store in a folder.
pub(super) fn open_store(state: &mut State, folder: std::path::PathBuf) -> Vec<Effect> {
    state.desk.shelf = super::Shelf::Opening;
    vec![Effect::Start(Job::Review(ReviewJob::OpenStore { folder }), Arc::new(Progress::new()))]
}
