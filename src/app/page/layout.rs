//! Which lead stands where: tables, no drawing.

use crate::recording::{LeadName, StandardLead};

/// The layouts a reader can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LayoutKind {
    /// Columns of three leads, each the next stretch of time, above a rhythm strip.
    Columns,
    /// One row a lead, all at the same time.
    Rows,
}

impl LayoutKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Columns, Self::Rows];
}

/// One row of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Indices of leads, one a column; a single one takes the whole width.
    pub leads: Vec<usize>,
    /// A rhythm strip: repeats a lead that also stands in a column.
    pub rhythm: bool,
}

/// The page as a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Top to bottom.
    pub rows: Vec<Row>,
    /// Columns of the rows that are no rhythm strip.
    pub columns: usize,
    /// The row above which beats are labelled.
    pub beat_row: usize,
}

impl Layout {
    /// Lays out `leads` (in the recording's order). With too few leads for columns both kinds are the same: rows.
    pub fn new(kind: LayoutKind, leads: &[LeadName]) -> Self {
        let count = leads.len();
        let rhythm = rhythm_lead(leads);
        let columns = match kind {
            LayoutKind::Rows => 1,
            LayoutKind::Columns => columns_for(count),
        };
        if columns == 1 {
            let rows = (0..count).map(|lead| Row { leads: vec![lead], rhythm: false }).collect();
            return Self { rows, columns: 1, beat_row: if kind == LayoutKind::Rows { 0 } else { rhythm.unwrap_or(0) } };
        }
        let height = count / columns;
        let mut rows: Vec<Row> = (0..height)
            .map(|row| Row { leads: (0..columns).map(|column| column * height + row).collect(), rhythm: false })
            .collect();
        if let Some(lead) = rhythm {
            rows.push(Row { leads: vec![lead], rhythm: true });
        }
        let beat_row = rows.len().saturating_sub(1);
        Self { rows, columns, beat_row }
    }

    /// Name for the toolbar, e.g. `3 x 4 + rhythm`.
    pub fn name(kind: LayoutKind, leads: usize) -> String {
        let columns = columns_for(leads);
        match kind {
            LayoutKind::Columns if columns > 1 => format!("{} × {columns} + rhythm", leads / columns),
            _ => format!("{leads} × 1"),
        }
    }

    /// Whether the columns show consecutive stretches of time.
    pub fn is_sequential(&self) -> bool {
        self.columns > 1
    }
}

/// Columns without an empty frame: the most, up to four, that divide the leads into columns of three or more.
fn columns_for(leads: usize) -> usize {
    [4, 3, 2].into_iter().find(|columns| leads.is_multiple_of(*columns) && leads / columns >= 3).unwrap_or(1)
}

/// The lead for the rhythm strip: II, else what stands for it, else V1, else the first.
pub fn rhythm_lead(leads: &[LeadName]) -> Option<usize> {
    let exact = |wanted: StandardLead| leads.iter().position(|lead| lead.standard() == Some(wanted));
    exact(StandardLead::II)
        .or_else(|| leads.iter().position(|lead| lead.nearest_standard() == Some(StandardLead::II)))
        .or_else(|| exact(StandardLead::V1))
        .or(if leads.is_empty() { None } else { Some(0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> Vec<LeadName> {
        (0..count)
            .map(|i| StandardLead::ALL.get(i).map_or_else(|| LeadName::Other(format!("X{i}")), |lead| LeadName::Standard(*lead)))
            .collect()
    }

    #[test]
    fn every_lead_stands_exactly_once_and_no_frame_is_empty() {
        for count in 1..=20 {
            for kind in LayoutKind::ALL {
                let layout = Layout::new(kind, &names(count));
                let mut seen: Vec<usize> =
                    layout.rows.iter().filter(|row| !row.rhythm).flat_map(|row| row.leads.clone()).collect();
                seen.sort_unstable();
                assert_eq!(seen, (0..count).collect::<Vec<_>>(), "{count} leads, {kind:?}");
                for row in layout.rows.iter().filter(|row| !row.rhythm) {
                    assert_eq!(row.leads.len(), layout.columns);
                }
                assert!(layout.beat_row < layout.rows.len());
            }
        }
    }

    #[test]
    fn twelve_leads_stand_as_on_paper() {
        let leads = names(12);
        let layout = Layout::new(LayoutKind::Columns, &leads);
        let read: Vec<Vec<String>> =
            layout.rows.iter().map(|row| row.leads.iter().map(|lead| leads[*lead].to_string()).collect()).collect();
        assert_eq!(
            read,
            [vec!["I", "aVR", "V1", "V4"], vec!["II", "aVL", "V2", "V5"], vec!["III", "aVF", "V3", "V6"], vec!["II"]]
        );
        assert!(layout.rows[3].rhythm);
        assert_eq!(Layout::name(LayoutKind::Columns, 12), "3 × 4 + rhythm");
        assert_eq!(Layout::name(LayoutKind::Rows, 12), "12 × 1");
    }

    #[test]
    fn few_leads_get_whole_rows() {
        for count in [1, 2, 3] {
            let layout = Layout::new(LayoutKind::Columns, &names(count));
            assert_eq!((layout.columns, layout.rows.len()), (1, count));
        }
        let eight = Layout::new(LayoutKind::Columns, &names(8));
        assert_eq!((eight.columns, eight.rows.len()), (2, 5));
    }

    #[test]
    fn the_rhythm_strip_prefers_lead_two() {
        assert_eq!(rhythm_lead(&[LeadName::parse("V5"), LeadName::parse("MLII")]), Some(1));
        assert_eq!(rhythm_lead(&[LeadName::parse("ECG1")]), Some(0));
        assert_eq!(rhythm_lead(&[]), None);
    }
}
