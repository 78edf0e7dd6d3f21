//! Age and sex as the reader enters them: reading the field, and keeping what was entered for each file.

use super::{language, state::State};
use crate::{analysis::Demographics, recording::Sex, words::fill};
use std::path::Path;

/// Uses the age in the field; whether that changed anything.
pub fn enter_age(state: &mut State) -> bool {
    let age = match parse_age(&state.age_text) {
        Ok(age) => age,
        Err(()) => {
            let side = &language::window().side;
            state.age_error = Some(match state.entered.age_years {
                None => side.age_wrong_unknown.clone(),
                Some(_) => fill(&side.age_wrong, &[("age", &age_text(&state.entered))]),
            });
            return false;
        }
    };
    state.age_error = None;
    if state.entered.age_years == age {
        return false;
    }
    state.entered.age_years = age;
    remember(state);
    true
}

/// The age in the field: `None` where it is empty. A decimal comma is taken as a point.
fn parse_age(text: &str) -> Result<Option<f32>, ()> {
    match text.trim() {
        "" => Ok(None),
        text => match text.replacen(',', ".", 1).parse::<f32>() {
            Ok(age) if (0.0..=120.0).contains(&age) => Ok(Some(age)),
            _ => Err(()),
        },
    }
}

fn age_text(entered: &Demographics) -> String {
    entered.age_years.map(|age| age.to_string()).unwrap_or_default()
}

/// Keeps what was entered for as long as the window is open: leafing on and back must not lose it.
fn remember(state: &mut State) {
    let Some(path) = state.worklist.current.and_then(|index| state.worklist.path(index)).map(Path::to_path_buf) else { return };
    state.remembered.insert(path, state.entered);
}

/// Uses this sex; whether that changed anything.
pub fn enter_sex(state: &mut State, sex: Option<Sex>) -> bool {
    if state.entered.sex == sex {
        return false;
    }
    state.entered.sex = sex;
    remember(state);
    true
}

/// Puts the age in use back into the field.
pub fn restore_age(state: &mut State) {
    state.age_text = age_text(&state.entered);
    state.age_error = None;
}

/// Takes up what was entered for this file before.
pub fn recall(state: &mut State, path: &Path) {
    state.entered = state.remembered.get(path).copied().unwrap_or_default();
    restore_age(state);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read_as_people_write_them() {
        assert_eq!(parse_age(" 67 "), Ok(Some(67.0)));
        assert_eq!(parse_age("0,5"), Ok(Some(0.5)));
        assert_eq!(parse_age(""), Ok(None));
        for wrong in ["140", "-1", "x", "1,2,3", "nan", "inf"] {
            assert_eq!(parse_age(wrong), Err(()), "{wrong}");
        }
    }
}
