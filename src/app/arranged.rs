//! The page as it is laid out, kept until something it depends on changes: it is asked for many times a frame.

use super::{
    jobs::Opened,
    page::geometry::{Geometry, PageScale},
    state::State,
};
use crate::layout::{Catalogue, Layout, LayoutId, Shows};
use std::{cell::RefCell, sync::Arc};

/// Points a column needs for its lead's name.
const NARROWEST_COLUMN: f32 = 40.0;

/// What was last laid out.
#[derive(Debug, Default)]
pub struct Arranged(RefCell<Option<(Basis, Arc<Layout>, Geometry)>>);

/// All that a layout follows from. Recording and layouts are held, so that their addresses stay theirs.
#[derive(Debug)]
struct Basis {
    opened: Option<Arc<Opened>>,
    layouts: Arc<Catalogue>,
    id: LayoutId,
    lead: usize,
    size: [f32; 2],
    scale: PageScale,
}

impl Basis {
    fn of(state: &State) -> Self {
        Self {
            opened: state.opened.clone(),
            layouts: state.paper.layouts.clone(),
            id: state.view.layout.clone(),
            lead: state.paper.lead,
            size: state.page_size,
            scale: state.view.scale,
        }
    }

    fn holds(&self, state: &State) -> bool {
        let same = match (&self.opened, &state.opened) {
            (None, None) => true,
            (Some(kept), Some(now)) => Arc::ptr_eq(kept, now),
            _ => false,
        };
        same && Arc::ptr_eq(&self.layouts, &state.paper.layouts)
            && self.id == state.view.layout
            && self.lead == state.paper.lead
            && self.size == state.page_size
            && self.scale == state.view.scale
    }
}

impl State {
    /// The page as a table. Columns too narrow for a name, of a very short recording, become rows.
    pub fn layout(&self) -> Arc<Layout> {
        self.arranged().0
    }

    /// The page's measures.
    pub fn geometry(&self) -> Geometry {
        self.arranged().1
    }

    fn arranged(&self) -> (Arc<Layout>, Geometry) {
        if let Some((basis, layout, geometry)) = &*self.arranged.0.borrow()
            && basis.holds(self)
        {
            return (layout.clone(), *geometry);
        }
        let (layout, geometry) = self.arrange();
        let layout = Arc::new(layout);
        *self.arranged.0.borrow_mut() = Some((Basis::of(self), layout.clone(), geometry));
        (layout, geometry)
    }

    fn arrange(&self) -> (Layout, Geometry) {
        let names = self.lead_names();
        let duration = self.recording().map_or(f64::INFINITY, |recording| recording.duration_s());
        let measure = |layout: &Layout| Geometry::new(self.page_size, self.view.scale, layout, duration);
        let layout = self.paper.layouts.get_or_first(&self.view.layout).arrange(&names, self.paper.lead);
        let geometry = measure(&layout);
        let (_, width) = geometry.cell(0, layout.columns);
        if layout.columns > 1 && layout.shows == Shows::Strips && width < NARROWEST_COLUMN {
            let rows = Layout::rows(&names);
            let geometry = measure(&rows);
            return (rows, geometry);
        }
        (layout, geometry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::page::scale::Speed;

    #[test]
    fn what_is_kept_follows_every_change() {
        let mut state = State::default();
        let changes: [fn(&mut State); 4] = [
            |state| state.view.scale.speed = Speed::Mm50,
            |state| state.page_size = [700.0, 900.0],
            |state| state.view.layout = LayoutId::new("12x1"),
            |state| state.paper.layouts = Arc::new(Catalogue::standard()),
        ];
        for change in changes {
            let before = state.layout();
            assert!(Arc::ptr_eq(&before, &state.layout()), "kept while nothing changes");
            change(&mut state);
            assert!(!Arc::ptr_eq(&before, &state.layout()));
            assert_eq!((*state.layout()).clone(), state.arrange().0);
            assert_eq!(state.geometry(), state.arrange().1);
        }
    }
}
