//! Which rows are shown, and in which order.

use super::row::{Row, Work};
use crate::{app::language, words::window::Worklist};
use std::cmp::Ordering;

/// The words of this part.
fn words() -> &'static Worklist {
    &language::window().worklist
}

/// A column of the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Column {
    /// File and patient. As a sort key: as the files were listed.
    #[default]
    Name,
    /// When it was recorded.
    Recorded,
    /// How far people are.
    Status,
    /// The worst finding: sorted by urgency.
    Worst,
    /// Signal quality.
    Quality,
}

impl Column {
    /// All, in the order of their importance.
    pub const ALL: [Self; 5] = [Self::Name, Self::Worst, Self::Status, Self::Recorded, Self::Quality];

    /// Heading.
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => &words().name,
            Self::Recorded => &words().recorded,
            Self::Status => &words().status,
            Self::Worst => &words().worst,
            Self::Quality => &words().quality,
        }
    }

    /// As what the list is sorted by.
    pub fn sorted(self) -> &'static str {
        match self {
            Self::Name => &words().by_name,
            Self::Recorded => &words().by_recorded,
            Self::Status => &words().by_status,
            Self::Worst => &words().by_worst,
            Self::Quality => &words().by_quality,
        }
    }

    /// What pressing the heading does.
    pub fn help(self) -> &'static str {
        match self {
            Self::Name => &words().name_help,
            Self::Recorded => &words().recorded_help,
            Self::Status => &words().status_help,
            Self::Worst => &words().worst_help,
            Self::Quality => &words().quality_help,
        }
    }
}

/// By what the list is sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: Column,
    /// Against the column's usual direction.
    pub reversed: bool,
}

impl Sort {
    /// What pressing a column's heading makes of it.
    pub fn pressed(self, column: Column) -> Self {
        Self { column, reversed: self.column == column && !self.reversed }
    }
}

/// Places of the rows that hold all words of `filter`, sorted. Rows of which the column knows nothing come last in either direction; among
/// equals the list's own order holds.
pub fn order(rows: &[Row], filter: &str, sort: Sort) -> Vec<usize> {
    let words: Vec<String> = filter.split_whitespace().map(str::to_lowercase).collect();
    let mut shown: Vec<usize> = (0..rows.len()).filter(|index| rows[*index].has(&words)).collect();
    let directed = |ordering: Ordering| if sort.reversed { ordering.reverse() } else { ordering };
    shown.sort_by(|a, b| {
        let (first, second) = (&rows[*a], &rows[*b]);
        match sort.column {
            Column::Name => directed(a.cmp(b)),
            Column::Status => directed(first.status.cmp(&second.status)),
            Column::Recorded => known_first(start(first), start(second), |x, y| directed(y.cmp(x))),
            Column::Worst => {
                known_first(urgency(first), urgency(second), |x, y| directed(y.0.cmp(&x.0).then_with(|| y.1.total_cmp(&x.1))))
            }
            Column::Quality => known_first(quality(first), quality(second), |x, y| directed(x.cmp(y))),
        }
    });
    shown
}

fn known_first<T>(a: Option<T>, b: Option<T>, by: impl Fn(&T, &T) -> Ordering) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => by(&a, &b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

fn start(row: &Row) -> Option<chrono::NaiveDateTime> {
    row.facts.as_ref()?.start
}

fn urgency(row: &Row) -> Option<(super::urgency::Urgency, f32)> {
    // An order by what is hidden would give it away.
    let worst = row.summary().filter(|_| !row.is_hidden())?.worst.as_ref()?;
    Some((worst.urgency, worst.probability.unwrap_or(-1.0)))
}

/// Files that cannot be read come before the poorest signal.
fn quality(row: &Row) -> Option<Option<super::row::QualityWord>> {
    match &row.work {
        Work::Failed(_) => Some(None),
        _ => Some(Some(row.summary()?.quality?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::worklist::{
        row::{Facts, QualityWord, ReadStatus, Summary},
        urgency::{Urgency, Worst},
    };

    fn row(name: &str, worst: Option<(Urgency, Option<f32>)>) -> Row {
        let mut row = Row::new(name.into());
        if let Some((urgency, probability)) = worst {
            let worst =
                Worst { label: format!("finding of {name}"), finding: None, probability, uncertain: false, urgency, why: None };
            row.set_work(Work::Done(Summary { worst: Some(worst), quality: Some(QualityWord::Good) }));
        }
        row
    }

    fn sorted(rows: &[Row], column: Column, reversed: bool) -> Vec<usize> {
        order(rows, "", Sort { column, reversed })
    }

    #[test]
    fn the_most_urgent_come_first_and_the_unknown_last() {
        let rows = [
            row("a", None),
            row("b", Some((Urgency::Normal, Some(0.99)))),
            row("c", Some((Urgency::Soon, Some(0.6)))),
            row("d", Some((Urgency::Soon, Some(0.9)))),
            row("e", Some((Urgency::Immediate, None))),
        ];
        assert_eq!(sorted(&rows, Column::Worst, false), [4, 3, 2, 1, 0]);
        assert_eq!(sorted(&rows, Column::Worst, true), [1, 2, 3, 4, 0], "what is not known is last both ways");
        assert_eq!(sorted(&rows, Column::Name, true), [4, 3, 2, 1, 0]);
    }

    #[test]
    fn what_is_hidden_is_neither_sorted_by_nor_found() {
        let mut rows = [row("a", Some((Urgency::Normal, None))), row("b", Some((Urgency::Immediate, None)))];
        rows.iter_mut().for_each(|row| row.set_hidden(true));
        assert_eq!(sorted(&rows, Column::Worst, false), [0, 1]);
        assert!(order(&rows, "finding", Sort::default()).is_empty() && order(&rows, "immediate", Sort::default()).is_empty());
        rows[1].set_status(ReadStatus::Confirmed);
        assert_eq!(sorted(&rows, Column::Worst, false), [1, 0], "who confirmed has seen it");
        assert_eq!(order(&rows, "finding", Sort::default()), [1]);
        rows[0].set_hidden(false);
        assert_eq!(order(&rows, "finding", Sort::default()), [0, 1]);
    }

    #[test]
    fn times_status_and_quality_sort() {
        let day = |day| chrono::NaiveDate::from_ymd_opt(2026, 5, day).and_then(|date| date.and_hms_opt(8, 0, 0));
        let mut rows = [row("a", None), row("b", Some((Urgency::Soon, None))), row("c", None)];
        rows[0].set_facts(Facts { start: day(3), ..Facts::default() });
        rows[1].set_facts(Facts { start: day(9), ..Facts::default() });
        assert_eq!(sorted(&rows, Column::Recorded, false), [1, 0, 2], "newest first");
        assert_eq!(sorted(&rows, Column::Recorded, true), [0, 1, 2]);
        rows[0].set_status(ReadStatus::Seen);
        assert_eq!(sorted(&rows, Column::Status, false), [1, 2, 0], "unread first");
        rows[2].set_work(Work::Failed("broken".into()));
        assert_eq!(sorted(&rows, Column::Quality, false), [2, 1, 0]);
    }

    #[test]
    fn the_filter_wants_every_word() {
        let rows = [row("one", Some((Urgency::Soon, None))), row("two", Some((Urgency::Normal, None)))];
        let shown = |filter: &str| order(&rows, filter, Sort::default());
        assert_eq!(shown(""), [0, 1]);
        assert_eq!(shown("FINDING two"), [1]);
        assert!(shown("one two").is_empty());
    }

    #[test]
    fn a_heading_pressed_twice_turns_the_order() {
        let once = Sort::default().pressed(Column::Worst);
        assert_eq!(once, Sort { column: Column::Worst, reversed: false });
        assert!(once.pressed(Column::Worst).reversed);
        assert!(!once.pressed(Column::Worst).pressed(Column::Worst).reversed);
    }
}
