//! A description fitted to the leads that a recording has.

use super::description::{Columns, Description, Shows, Wanted};
use crate::recording::{LeadName, StandardLead};

/// A lead's place in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Index of the lead in the recording.
    pub lead: usize,
    /// Turned over, as -aVR in the Cabrera order.
    pub inverted: bool,
}

/// One row of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// One place a column; a single one takes the whole width.
    pub places: Vec<Place>,
    /// A rhythm strip: repeats a lead that also stands in a column.
    pub rhythm: bool,
}

/// The page as a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Top to bottom.
    pub rows: Vec<Row>,
    /// Columns of the rows that are divided; 1 where none is.
    pub columns: usize,
    /// What those columns show.
    pub time: Columns,
    /// What stands in the frames.
    pub shows: Shows,
    /// The row above which beats are labelled.
    pub beat_row: usize,
}

impl Layout {
    /// One row a lead, in the recording's order.
    pub fn rows(leads: &[LeadName]) -> Self {
        let places = (0..leads.len()).map(|lead| Place { lead, inverted: false }).collect::<Vec<_>>();
        Self::of(reflowed(&places, 1), 1, Columns::Sequential, Shows::Strips, rhythm_lead(leads))
    }

    fn of(rows: Vec<Row>, columns: usize, time: Columns, shows: Shows, rhythm: Option<usize>) -> Self {
        let of_rhythm_lead = |row: &Row| matches!(row.places[..], [place] if Some(place.lead) == rhythm);
        let strip = rows.iter().rposition(|row| row.rhythm && of_rhythm_lead(row)).or(rows.iter().rposition(|row| row.rhythm));
        let beat_row = strip.or(if rows.len() <= 3 { rows.iter().position(of_rhythm_lead) } else { None }).unwrap_or(0);
        Self { rows, columns, time, shows, beat_row }
    }

    /// Whether columns show consecutive stretches of time.
    pub fn is_sequential(&self) -> bool {
        self.columns > 1 && self.time == Columns::Sequential
    }

    /// What it is as fitted, e.g. `3 × 4 + 1 strip`.
    pub fn words(&self) -> String {
        let strips = self.rows.iter().filter(|row| row.rhythm).count();
        let rest = match strips {
            0 => String::new(),
            1 => " + 1 strip".to_owned(),
            many => format!(" + {many} strips"),
        };
        format!("{} × {}{rest}", self.rows.len() - strips, self.columns)
    }
}

impl Description {
    /// Fits the layout to a recording's leads. `chosen` is the lead that is shown where one is.
    ///
    /// Every lead stands once, beside rhythm strips. Where all leads that are named are there, they stand as written and others follow
    /// in rows of their own; where some are missing, those that are there fill fewer columns, so that no frame is empty.
    pub fn arrange(&self, leads: &[LeadName], chosen: usize) -> Layout {
        let rhythm_of = rhythm_lead(leads);
        if self.shows == Shows::OneLead {
            let lead = chosen.min(leads.len().saturating_sub(1));
            let rows = if leads.is_empty() { Vec::new() } else { reflowed(&[Place { lead, inverted: false }], 1) };
            return Layout::of(rows, 1, Columns::Sequential, self.shows, rhythm_of);
        }
        let mut free = vec![true; leads.len()];
        let mut take = |wanted: &Wanted| {
            let place = find(leads, wanted).filter(|place| free[place.lead])?;
            free[place.lead] = false;
            Some(place)
        };
        let found: Vec<Vec<Option<Place>>> = self.rows.iter().map(|row| row.iter().map(&mut take).collect()).collect();
        let others: Vec<Place> =
            free.iter().enumerate().filter(|(_, free)| **free).map(|(lead, _)| Place { lead, inverted: false }).collect();
        let width = self.rows.first().map_or(1, Vec::len);
        let complete: Option<Vec<Vec<Place>>> = found.iter().map(|row| row.iter().copied().collect()).collect();
        let (mut rows, columns) = match complete.filter(|rows| !rows.is_empty()) {
            Some(complete) => {
                let mut rows: Vec<Row> = complete.into_iter().map(|places| Row { places, rhythm: false }).collect();
                rows.extend(reflowed(&others, 1));
                (rows, width)
            }
            None => {
                // Column by column, as the page is read.
                let by_columns =
                    (0..width).flat_map(|column| found.iter().filter_map(move |row| row.get(column).copied().flatten()));
                let places: Vec<Place> = by_columns.chain(others).collect();
                let columns = columns_for(places.len(), width);
                (reflowed(&places, columns), columns)
            }
        };
        if columns > 1 {
            rows.extend(self.strips(leads).into_iter().map(|place| Row { places: vec![place], rhythm: true }));
        }
        Layout::of(rows, columns, self.columns, self.shows, rhythm_of)
    }

    /// Rhythm strips of the leads that are there. Where none is of those that are asked for, the lead that stands for II.
    fn strips(&self, leads: &[LeadName]) -> Vec<Place> {
        let mut strips: Vec<Place> = self.rhythm.iter().filter_map(|wanted| find(leads, wanted)).collect();
        if strips.is_empty() && !self.rhythm.is_empty() {
            strips.extend(rhythm_lead(leads).map(|lead| Place { lead, inverted: false }));
        }
        strips
    }
}

/// The lead that was asked for. One that the file itself has turned over (`-aVR`) is taken as it is.
fn find(leads: &[LeadName], wanted: &Wanted) -> Option<Place> {
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b) || a.to_lowercase() == b.to_lowercase();
    let named = |name: &str| leads.iter().position(|lead| same(&lead.to_string(), name));
    if wanted.inverted
        && let Some(lead) = named(&wanted.to_string())
    {
        return Some(Place { lead, inverted: false });
    }
    named(&wanted.lead.to_string()).map(|lead| Place { lead, inverted: wanted.inverted })
}

/// Columns without an empty frame: the most, up to `most`, that divide the leads into columns of three or more.
fn columns_for(leads: usize, most: usize) -> usize {
    (2..=most).rev().find(|columns| leads.is_multiple_of(*columns) && leads / columns >= 3).unwrap_or(1)
}

/// Fills so many columns one after the other. `columns` divides the number of places.
fn reflowed(places: &[Place], columns: usize) -> Vec<Row> {
    let height = places.len() / columns.max(1);
    let row = |row: usize| (0..columns).filter_map(|column| places.get(column * height + row).copied()).collect();
    (0..height).map(|index| Row { places: row(index), rhythm: false }).collect()
}

/// The lead for the rhythm strip: II, else what stands for it, else V1, else the first.
pub fn rhythm_lead(leads: &[LeadName]) -> Option<usize> {
    let exact = |wanted: StandardLead| leads.iter().position(|lead| lead.standard() == Some(wanted));
    exact(StandardLead::II)
        .or_else(|| leads.iter().position(|lead| lead.nearest_standard() == Some(StandardLead::II)))
        .or_else(|| exact(StandardLead::V1))
        .or(if leads.is_empty() { None } else { Some(0) })
}
