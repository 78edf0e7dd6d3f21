//! Beats of one shape together, with their mean beat: what is relabelled at once in a long recording.

use super::shapes::{BEFORE, PART, POINTS, SHAPE_HZ, Shapes, ShapesError, Template};
use crate::recording::{LeadName, SampleIndex};

/// Correlation from which beats have one shape, unless another is asked for.
pub const DEFAULT_LIMIT: f32 = 0.9;
/// Shapes that are told apart at most. Beats of any more join the nearest.
const MOST: usize = 48;
/// A template stops moving after so many beats: the first beats of a day do not decide, and the last do not either.
const SETTLED: f32 = 500.0;

/// Beats of one shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Its beats, ascending.
    pub beats: Vec<SampleIndex>,
    /// The mean beat of each lead of [`Clusters::leads`], in millivolts, 8 ms a point, without its mean.
    pub mean: Vec<Vec<f32>>,
}

/// All shapes of a recording, the most frequent first.
#[derive(Debug, Clone, PartialEq)]
pub struct Clusters {
    /// The leads of the mean beats.
    pub leads: Vec<LeadName>,
    /// The shapes.
    pub clusters: Vec<Cluster>,
    /// Beats without a readable signal around them.
    pub unreadable: Vec<SampleIndex>,
}

impl Clusters {
    /// Points a second of the mean beats.
    pub const HZ: f64 = SHAPE_HZ;
    /// Index of R in them.
    pub const R: usize = BEFORE;
}

/// Groups shapes: each beat joins the template that it correlates with best, from `limit` on, or begins one; then templates that came to be alike are
/// joined, and all beats choose again. Time grows with the number of beats. `goes_on` as in [`Shapes::read`].
///
/// # Errors
/// [`ShapesError::Cancelled`].
pub fn cluster(shapes: &Shapes, limit: f32, goes_on: &dyn Fn(f32) -> bool) -> Result<Clusters, ShapesError> {
    let readable: Vec<usize> = (0..shapes.len()).filter(|beat| shapes.readable.get(*beat) == Some(&true)).collect();
    let mut templates = learnt(shapes, &readable, limit, goes_on)?;
    join(&mut templates, limit);
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); templates.len()];
    for (part, beats) in readable.chunks(PART).enumerate() {
        if !goes_on(0.5 + 0.5 * (part * PART) as f32 / readable.len() as f32) {
            return Err(ShapesError::Cancelled);
        }
        for beat in beats {
            if let Some((index, _)) = best(&templates, shapes.of(*beat))
                && let Some(members) = members.get_mut(index)
            {
                members.push(*beat);
            }
        }
    }
    members.retain(|members| !members.is_empty());
    members.sort_by_key(|members| std::cmp::Reverse(members.len()));
    let sample = |beat: &usize| shapes.beats.get(*beat).copied();
    let clusters = members
        .iter()
        .map(|members| Cluster { beats: members.iter().filter_map(sample).collect(), mean: mean(shapes, members) })
        .collect();
    let unreadable = (0..shapes.len()).filter(|beat| shapes.readable.get(*beat) == Some(&false)).filter_map(|beat| sample(&beat));
    Ok(Clusters { leads: shapes.leads.clone(), clusters, unreadable: unreadable.collect() })
}

/// The templates that a first pass finds, each with its number of beats.
fn learnt(
    shapes: &Shapes,
    readable: &[usize],
    limit: f32,
    goes_on: &dyn Fn(f32) -> bool,
) -> Result<Vec<(Template, f32)>, ShapesError> {
    let mut templates: Vec<(Template, f32)> = Vec::new();
    for (part, beats) in readable.chunks(PART).enumerate() {
        if !goes_on(0.5 * (part * PART) as f32 / readable.len() as f32) {
            return Err(ShapesError::Cancelled);
        }
        for beat in beats {
            let shape = shapes.of(*beat);
            let found = best(&templates, shape);
            let full = templates.len() >= MOST;
            match found.and_then(|(index, fit)| templates.get_mut(index).map(|template| (template, fit))) {
                Some(((template, count), fit)) if fit >= limit => {
                    *count += 1.0;
                    if *count <= SETTLED {
                        let share = 1.0 / *count;
                        let points = template.points.iter().zip(shape).map(|(old, new)| old + (f32::from(*new) - old) * share);
                        *template = Template::of(points.collect());
                    }
                }
                Some(((_, count), _)) if full => *count += 1.0,
                _ => templates.push((Template::of(shape.iter().map(|point| f32::from(*point)).collect()), 1.0)),
            }
        }
    }
    Ok(templates)
}

/// Joins templates that are alike to the more frequent one.
fn join(templates: &mut Vec<(Template, f32)>, limit: f32) {
    templates.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut kept: Vec<(Template, f32)> = Vec::new();
    for (template, count) in templates.drain(..) {
        let rounded: Vec<i16> = template.points.iter().map(|point| *point as i16).collect();
        match kept.iter_mut().find(|(other, _)| other.correlation(&rounded) >= limit) {
            Some((_, sum)) => *sum += count,
            None => kept.push((template, count)),
        }
    }
    *templates = kept;
}

fn best(templates: &[(Template, f32)], shape: &[i16]) -> Option<(usize, f32)> {
    let fits = templates.iter().map(|(template, _)| template.correlation(shape)).enumerate();
    fits.max_by(|a, b| a.1.total_cmp(&b.1))
}

fn mean(shapes: &Shapes, members: &[usize]) -> Vec<Vec<f32>> {
    let mut sums = vec![0i64; shapes.leads.len() * POINTS];
    for beat in members {
        for (sum, point) in sums.iter_mut().zip(shapes.of(*beat)) {
            *sum += i64::from(*point);
        }
    }
    let millivolts = |sum: &i64| (*sum as f64 / members.len() as f64 / 1000.0) as f32;
    sums.chunks(POINTS).map(|lead| lead.iter().map(millivolts).collect()).collect()
}
