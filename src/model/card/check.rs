//! What a card must fulfil in itself, and together with its graph.

use super::{Calibration, Card, Curve, FeatureSpec, InputSpec, Kind, SCHEMA, TaskSpec, Window};
use crate::model::{
    engine::{ElementType, Port, Session},
    names,
};
use std::collections::BTreeSet;

/// Longest record a card may ask to be taken at once, in seconds: a bound on memory, not a clinical one.
const LONGEST_WINDOW_S: f64 = 600.0;

impl Card {
    /// What of the graph's inputs and outputs does not fit the card, if anything.
    pub(super) fn graph_fault(&self, session: &dyn Session) -> Option<String> {
        let features = self.input.features.len();
        let fixed = |dimension: Option<usize>, wanted: usize| dimension.is_none_or(|d| d == wanted);
        let find = |ports: &[Port], name: &str| ports.iter().find(|p| p.name == name).cloned();
        if session.inputs().is_empty() || session.outputs().is_empty() {
            return Some("the graph has no inputs or no outputs (an empty file?)".to_owned());
        }
        let wanted = names::ports(self.kind);
        for &(name, rank, element) in wanted.inputs {
            let Some(port) = find(session.inputs(), name) else {
                return Some(format!("the graph has no input `{name}` (it has {})", port_names(session.inputs())));
            };
            if port.element != ElementType::Other && port.element != element {
                return Some(format!("input `{name}` is of type {:?}, needed is {element:?}", port.element));
            }
            if let Some(shape) = &port.shape {
                if shape.len() != rank {
                    return Some(format!("input `{name}` has {} dimensions, needed are {rank}", shape.len()));
                }
                if rank == 2 && name != "lead_ids" && !fixed(shape[1], features) {
                    return Some(format!("input `{name}` takes {:?} features, the card lists {features}", shape[1]));
                }
            }
        }
        if let Some(extra) = session.inputs().iter().find(|p| wanted.inputs.iter().all(|(name, ..)| *name != p.name)) {
            return Some(format!("the graph wants an input `{}` that the contract does not know", extra.name));
        }
        for &(name, rank, class_dimension) in wanted.outputs {
            let Some(port) = find(session.outputs(), name) else {
                return Some(format!("the graph has no output `{name}` (it has {})", port_names(session.outputs())));
            };
            let Some(shape) = &port.shape else { continue };
            if shape.len() != rank {
                return Some(format!("output `{name}` has {} dimensions, needed are {rank}", shape.len()));
            }
            if let Some(classes) = shape.get(class_dimension).copied().flatten()
                && classes < self.class_count()
            {
                return Some(format!("output `{name}` has {classes} classes, the card uses {}", self.class_count()));
            }
            if name == "feature_evidence" && !fixed(shape[2], features) {
                return Some(format!("output `{name}` is for {:?} features, the card lists {features}", shape[2]));
            }
        }
        // Who limits a distance counts on being refused: not to be able to is no trifle.
        if self.familiarity.is_some() {
            let Some(port) = find(session.outputs(), names::DISTANCE) else {
                return Some(format!("the card has `familiarity`, the graph no output `{}`", names::DISTANCE));
            };
            if let Some(shape) = port.shape.filter(|shape| shape.len() != 1) {
                return Some(format!("output `{}` has {} dimensions, needed is 1", names::DISTANCE, shape.len()));
            }
        }
        None
    }

    /// The first field that cannot be right, and why.
    pub(super) fn check(&self) -> Result<(), (String, String)> {
        let fault = |field: &str, reason: String| Err((field.to_owned(), reason));
        if self.schema != SCHEMA {
            return fault("schema", format!("`{}` is not `{SCHEMA}`", self.schema));
        }
        if self.name.trim().is_empty() || self.version.trim().is_empty() {
            return fault("name", "name and version must not be empty".to_owned());
        }
        if self.sha256.len() != 64 || !self.sha256.chars().all(|c| c.is_ascii_hexdigit()) {
            return fault("sha256", format!("`{}` is not 64 hexadecimal digits", self.sha256));
        }
        self.input.check(self.kind)?;
        if let Some(familiarity) = &self.familiarity {
            let limits = familiarity.lead_counts.values().chain([&familiarity.limit]);
            if let Some(limit) = limits.into_iter().find(|limit| !(limit.is_finite() && **limit > 0.0)) {
                return fault("familiarity", format!("{limit} is no distance above 0"));
            }
            if self.kind == Kind::Waves {
                return fault("familiarity", "a wave model has no distance".to_owned());
            }
        }
        if self.tasks.is_empty() {
            return fault("tasks", "there is no task".to_owned());
        }
        let mut names = BTreeSet::new();
        let mut outputs = BTreeSet::new();
        for task in &self.tasks {
            let field = format!("tasks.{}", task.task);
            if !names.insert(&task.task) {
                return fault(&field, "the task is listed twice".to_owned());
            }
            task.check(&self.input.leads).map_err(|(name, reason)| (format!("{field}.{name}"), reason))?;
            for class in &task.classes {
                if !outputs.insert(class.output) {
                    return fault(&field, format!("output {} belongs to two classes", class.output));
                }
            }
        }
        Ok(())
    }
}

impl InputSpec {
    fn check(&self, kind: Kind) -> Result<(), (String, String)> {
        let fault = |field: &str, reason: String| Err((format!("input.{field}"), reason));
        if !(self.rate_hz >= 10.0 && self.rate_hz <= 10_000.0) {
            return fault("rate_hz", format!("{} Hz is outside 10 to 10,000", self.rate_hz));
        }
        let [low, high] = self.band_hz;
        if !(low >= 0.0 && high > low && high <= self.rate_hz / 2.0) {
            return fault("band_hz", format!("{low} to {high} Hz is no band below half of {} Hz", self.rate_hz));
        }
        if !(self.clip_mv > 0.0 && self.clip_mv.is_finite()) {
            return fault("clip_mv", format!("{} mV is not above 0", self.clip_mv));
        }
        if self.hop == 0 || self.hop as f64 > self.rate_hz {
            return fault("hop", format!("{} samples a token", self.hop));
        }
        if self.leads.last().map(String::as_str) != Some("other") {
            return fault("leads", "the last must be `other`".to_owned());
        }
        let mut features = BTreeSet::new();
        for feature in &self.features {
            let FeatureSpec { name, mean, sd, min, max, .. } = feature;
            if !features.insert(name) {
                return fault("features", format!("`{name}` is listed twice"));
            }
            if !(mean.is_finite() && *sd > 0.0 && sd.is_finite()) {
                return fault("features", format!("`{name}`: mean {mean}, sd {sd} cannot normalise a value"));
            }
            let limits = [min, max].into_iter().flatten();
            if limits.clone().any(|v| v.is_nan()) || matches!((min, max), (Some(low), Some(high)) if low > high) {
                return fault("features", format!("`{name}`: {min:?} to {max:?} is no range"));
            }
        }
        match (kind, self.window) {
            (Kind::Record | Kind::Waves, Window::Record { min_s, max_s, long_window_s }) => {
                if !(min_s > 0.0
                    && max_s >= min_s
                    && max_s <= LONGEST_WINDOW_S
                    && long_window_s >= min_s
                    // A remainder shorter than `min_s` joins the last window.
                    && long_window_s + min_s <= max_s)
                {
                    return fault(
                        "window",
                        format!("{min_s} to {max_s} s, long windows of {long_window_s} s (at most {LONGEST_WINDOW_S})"),
                    );
                }
            }
            (Kind::Beat, Window::Beat { before_s, after_s, max_leads }) => {
                let length = before_s + after_s;
                if !(before_s > 0.0
                    && after_s > 0.0
                    && length * self.rate_hz >= self.hop as f64
                    && length <= 10.0
                    && max_leads > 0)
                {
                    return fault("window", format!("{before_s} s before, {after_s} s after, {max_leads} leads"));
                }
            }
            (kind, window) => return fault("window", format!("{window:?} does not belong to a {kind:?} model")),
        }
        Ok(())
    }
}

impl TaskSpec {
    fn check(&self, leads: &[String]) -> Result<(), (String, String)> {
        let fault = |field: &str, reason: String| Err((field.to_owned(), reason));
        if self.classes.is_empty() {
            return fault("classes", "there is no class".to_owned());
        }
        if self.min_leads == 0 || self.max_leads.is_some_and(|most| most < self.min_leads) {
            return fault("min_leads", format!("{} to {:?} leads", self.min_leads, self.max_leads));
        }
        let asked = self.prefer_leads.iter().flatten().chain(self.requires_leads.iter().flatten().flatten());
        for lead in asked {
            if !leads.contains(lead) {
                return fault("prefer_leads, requires_leads", format!("`{lead}` is not among the card's leads"));
            }
        }
        if self.requires_leads.as_ref().is_some_and(|sets| sets.is_empty() || sets.iter().any(Vec::is_empty)) {
            return fault("requires_leads", "an empty set is no requirement; write null".to_owned());
        }
        let mut codes = BTreeSet::new();
        for class in &self.classes {
            if !codes.insert(&class.code) {
                return fault("classes", format!("code `{}` is listed twice", class.code));
            }
            if class.output > 100_000 {
                return fault("classes", format!("`{}`: output {} is out of range", class.code, class.output));
            }
            if !(0.0..=1.0).contains(&class.threshold) {
                return fault("classes", format!("`{}`: threshold {} is no probability", class.code, class.threshold));
            }
            if let Some([low, high]) = class.uncertain
                && !(0.0 <= low && low <= high && high <= 1.0)
            {
                return fault(
                    "classes",
                    format!("`{}`: uncertain from {low} to {high} is no range of probabilities", class.code),
                );
            }
        }
        match &self.calibration {
            Calibration::None => Ok(()),
            Calibration::Temperature { temperature } if *temperature > 0.0 && temperature.is_finite() => Ok(()),
            Calibration::Temperature { temperature } => fault("calibration", format!("temperature {temperature} is not above 0")),
            Calibration::Isotonic { curves } => {
                match self.classes.iter().find(|c| !curves.get(&c.code).is_some_and(Curve::is_rising)) {
                    Some(class) => fault("calibration", format!("class `{}` has no rising curve of probabilities", class.code)),
                    None => Ok(()),
                }
            }
        }
    }
}

impl Curve {
    fn is_rising(&self) -> bool {
        let probabilities = |v: &[f32]| v.iter().all(|p| (0.0..=1.0).contains(p));
        !self.x.is_empty()
            && self.x.len() == self.y.len()
            && probabilities(&self.x)
            && probabilities(&self.y)
            && self.x.windows(2).all(|w| w[0] < w[1])
            && self.y.windows(2).all(|w| w[0] <= w[1])
    }
}

fn port_names(ports: &[Port]) -> String {
    ports.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ")
}
