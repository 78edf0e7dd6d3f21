//! A measured value in words: with its unit, against its limits, and how far it can be trusted.

use super::format;
use crate::{
    app::{language, theme},
    signal::measurements::Measured,
    words::{fill, window::Measurements},
};
use egui::{Color32, Painter, Pos2, RichText, Shape, Ui, vec2};

/// The words of this part.
fn words() -> &'static Measurements {
    &language::window().measurements
}

/// Below this confidence a value is marked as uncertain.
const UNSURE: f32 = 0.5;

/// Width of the arrow.
pub const ARROW: f32 = 7.0;

/// Where a value lies against its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// Within, or there are none.
    Within,
    /// Below the lower one.
    Below,
    /// Above the upper one.
    Above,
}

impl Against {
    /// Where a measured value lies.
    pub fn of(measured: &Measured) -> Self {
        let (Some(value), Some(limits)) = (measured.value, &measured.limits) else { return Self::Within };
        match (limits.low, limits.high) {
            (_, Some(high)) if value > high => Self::Above,
            (Some(low), _) if value < low => Self::Below,
            _ => Self::Within,
        }
    }

    /// The value with a word that says where it lies.
    fn told(self, value: String) -> String {
        match self {
            Self::Within => value,
            Self::Below => fill(&words().low, &[("value", &value)]),
            Self::Above => fill(&words().high, &[("value", &value)]),
        }
    }

    /// Draws the arrow after a value: up where it is too high, down where it is too low. `left` is its left edge.
    pub fn arrow(self, painter: &Painter, left: Pos2) {
        let up = match self {
            Self::Within => return,
            Self::Below => -1.0,
            Self::Above => 1.0,
        };
        let corner = |x: f32, y: f32| left + vec2(x, -up * y);
        let points = vec![corner(0.0, -3.5), corner(0.5 * ARROW, 4.0), corner(ARROW, -3.5)];
        painter.add(Shape::convex_polygon(points, self.colour(), egui::Stroke::NONE));
    }

    /// Colour of the value.
    pub fn colour(self) -> Color32 {
        if self == Self::Within { theme::ui::text() } else { theme::ui::error() }
    }
}

/// Whether beats and leads agree so little that the value is marked.
pub fn unsure(measured: &Measured) -> bool {
    measured.confidence.is_some_and(|confidence| confidence < UNSURE)
}

/// The value with its unit, and whether it is uncertain: `478 ms`, `62 ms?`.
pub fn value(measured: &Measured) -> String {
    let Some(value) = measured.value else { return "–".to_owned() };
    format!("{}{}", format::measured(value, &measured.unit), if unsure(measured) { "?" } else { "" })
}

/// The value with its unit and where it lies: `478 ms (high)`.
pub fn told(measured: &Measured) -> String {
    Against::of(measured).told(value(measured))
}

/// The value against its limits, for those who hear it: `478 ms, above 450 ms`.
pub fn spoken(measured: &Measured) -> String {
    let Some(number) = measured.value else { return words().not_measurable.clone() };
    let limit = |at: Option<f64>| at.map(|at| format::measured(at, &measured.unit)).unwrap_or_default();
    let limits = measured.limits.as_ref();
    let value = format::measured(number, &measured.unit);
    let against = |text: &str, at: Option<f64>| fill(text, &[("value", &value), ("limit", &limit(at))]);
    let text = match Against::of(measured) {
        Against::Within => value,
        Against::Below => against(&words().below, limits.and_then(|l| l.low)),
        Against::Above => against(&words().above, limits.and_then(|l| l.high)),
    };
    if unsure(measured) { fill(&words().uncertain, &[("value", &text)]) } else { text }
}

/// Everything that is known of a value, line by line.
pub fn details(measured: &Measured) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(reason) = measured.reason.as_deref().filter(|_| measured.value.is_none()) {
        lines.push(fill(&words().not_measurable_because, &[("reason", &language::said(reason))]));
    }
    if let Some(limits) = &measured.limits {
        let number = |value: f64| format::measured(value, &measured.unit);
        let range = match (limits.low, limits.high) {
            (Some(low), Some(high)) => fill(&words().range, &[("low", &number(low)), ("high", &number(high))]),
            (None, Some(high)) => fill(&words().range_to, &[("high", &number(high))]),
            (Some(low), None) => fill(&words().range_from, &[("low", &number(low))]),
            (None, None) => words().range_none.clone(),
        };
        lines.push(fill(&words().limits, &[("range", &range), ("source", &limits.source)]));
    }
    let leads: Vec<String> = measured.leads.iter().map(ToString::to_string).collect();
    let of = match (measured.beats, leads.is_empty()) {
        (Some(1), true) => Some(&words().from_one_beat),
        (Some(_), true) => Some(&words().from_beats),
        (Some(1), false) => Some(&words().from_one_beat_in),
        (Some(_), false) => Some(&words().from_beats_in),
        (None, false) => Some(&words().from_leads),
        (None, true) => None,
    };
    let beats = measured.beats.unwrap_or_default().to_string();
    lines.extend(of.map(|of| fill(of, &[("beats", &beats), ("leads", &leads.join(", "))])));
    if let Some(confidence) = measured.confidence {
        lines.push(fill(&words().confidence, &[("share", &format::percent(confidence))]));
    }
    lines
}

/// Shows what is known of a value: as a tooltip, or below the table.
pub fn show_details(ui: &mut Ui, title: &str, measured: &Measured) {
    ui.set_max_width(340.0);
    ui.label(RichText::new(title).strong());
    for line in details(measured) {
        ui.add(egui::Label::new(RichText::new(line).size(13.0)).wrap());
    }
    if let Some(warning) = &measured.warning {
        ui.add(
            egui::Label::new(RichText::new(format::capital(&language::said(warning))).size(13.0).color(theme::ui::caution()))
                .wrap(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::measurements::Limits;

    fn qtc(value: f64) -> Measured {
        let limits = Limits { low: Some(350.0), high: Some(450.0), source: "AHA 2009".into() };
        Measured { limits: Some(limits), confidence: Some(0.4), beats: Some(11), ..Measured::new(value, "ms") }
    }

    #[test]
    fn limits_are_said_in_signs_and_words() {
        assert_eq!(told(&qtc(478.2)), "478 ms? (high)");
        assert_eq!(spoken(&qtc(478.2)), "478 ms, above 450 ms, uncertain");
        assert_eq!(spoken(&qtc(300.0)), "300 ms, below 350 ms, uncertain");
        assert_eq!(Against::of(&qtc(450.0)), Against::Within);
        assert_eq!(value(&Measured::missing("ms", "no T wave")), "–");
    }

    #[test]
    fn details_name_their_sources() {
        let lines = details(&qtc(478.0));
        assert_eq!(lines[0], "Limits: 350 ms to 450 ms (AHA 2009)");
        assert_eq!(lines[1], "From 11 beats");
        assert_eq!(details(&Measured::missing("ms", "no T wave")), ["Not measurable: no T wave"]);
    }
}
