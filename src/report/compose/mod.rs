//! From content to pages.

mod audit;
mod beats;
mod columns;
mod ecg;
mod evidence;
mod first;
mod flow;
mod frame;
mod free;
mod grid;
mod holter;
mod median;
mod scale;
mod strip;
mod style;
mod trace;

use super::{
    Report, ReportError, ReportInput,
    content::Content,
    options::{ReportOptions, Section},
    page::{Area, Document, Page, Part, Role},
};
use crate::words::{Words, fill};

/// What every page is composed from.
struct Context<'a> {
    input: &'a ReportInput<'a>,
    options: &'a ReportOptions,
    content: &'a Content,
    words: &'static Words,
}

/// Makes a report.
pub(super) fn report(input: &ReportInput, options: &ReportOptions) -> Result<Report, ReportError> {
    let words = options.language.words();
    let [usual, more @ ..] = ecg::ABOVE;
    let plan = ecg::Plan::new(input.recording, options, usual);
    let content = Content::new(input, options, plan.shown_s());
    let plan = roomy(&Context { input, options, content: &content, words }, plan, &more);
    // Where less paper shows less time, the content says so.
    let content = Content { page: content.page.showing(plan.shown_s()), ..content };
    let context = Context { input, options, content: &content, words };
    let mut pages = first::pages(&context, &plan)?;
    let mut left_out = Vec::new();
    for section in &options.sections {
        let made = match section {
            Section::Evidence => {
                let (made, sentences) = evidence::pages(&context)?;
                left_out.extend(sentences);
                Ok(made)
            }
            Section::Median => median::pages(&context),
            Section::Beats => beats::pages(&context)?,
            Section::Holter => holter::pages(&context)?,
            Section::Audit => audit::pages(&context),
        };
        match made {
            Ok(made) => pages.extend(made),
            Err(sentence) => left_out.push(sentence),
        }
    }
    frame::finish(&context, &mut pages);
    let document = Document {
        title: format!("{}: {}", words.report.title, content.recording.record),
        subject: format!("{} {}", content.status, content.notice),
        authors: content.institution.iter().cloned().chain(content.review.reader.iter().cloned()).collect(),
        language: options.language.code(),
        software: content.software.clone(),
        made: input.made,
        pages,
    };
    Ok(Report { content, document, left_out })
}

/// The plan, or the first with more room above its paper that spares a second page, or at least keeps together what the reader says.
fn roomy(context: &Context, plan: ecg::Plan, more: &[f32]) -> ecg::Plan {
    let mut best = (first::fits(context, &plan), plan);
    for above in more {
        if best.0 == first::Fits::All {
            break;
        }
        let larger = ecg::Plan::new(context.input.recording, context.options, *above);
        let fits = first::fits(context, &larger);
        if fits > best.0 {
            best = (fits, larger);
        }
    }
    best.1
}

impl Context<'_> {
    /// A page without anything but its name.
    fn blank(&self, name: &str) -> Page {
        let (width, height) = self.options.paper.size();
        Page { width, height, name: name.to_owned(), parts: Vec::new() }
    }

    /// A page with a heading, and what is left of it.
    fn titled(&self, heading: &str) -> (Page, Area) {
        let mut page = self.blank(heading);
        let body = scale::body(self.options.paper.size());
        let text = flow::cut(heading, style::TITLE.weight, style::TITLE.size, body.width);
        page.parts.push(Part::new(Role::Heading(2), vec![style::text(body.x, body.y + 4.0, style::TITLE, text)]));
        (page, Area { y: body.y + 6.5, height: body.height - 6.5, ..body })
    }

    /// Speed and gain in words.
    fn scale_words(&self) -> String {
        self.words_of(scale::Scale::new(self.options.speed, self.options.gain))
    }

    /// A speed and a gain in words.
    fn words_of(&self, scale: scale::Scale) -> String {
        let speed = self.words.trimmed(scale.mm_per_s.into(), 1);
        let gain = self.words.trimmed(scale.mm_per_mv.into(), 1);
        format!("{}  {}", fill(&self.words.paper.speed, &[("speed", &speed)]), fill(&self.words.paper.gain, &[("gain", &gain)]))
    }
}
