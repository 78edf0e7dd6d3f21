//! PDF/A-2a by krilla: vector graphics, embedded subset fonts, tags, outline, metadata.

use crate::report::{
    ReportError,
    page::{Anchor, Area, Colour, Document, Item, PT_PER_MM, Page, Part, Point, Role, Stroke, Text},
    text::{Face, kept},
};
use krilla::{
    Data,
    color::rgb,
    configure::{Accessibility, Archival, ConfigurationBuilder},
    destination::XyzDestination,
    geom::{self, PathBuilder, Rect, Size, Transform},
    image::Image,
    metadata::{DateTime, Metadata, TextDirection},
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::{Fill, FillRule, LineCap, LineJoin},
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind, TagTree},
    text::{Font, GlyphId, KrillaGlyph},
};
use std::{
    num::NonZeroU16,
    sync::{Arc, OnceLock},
};

/// A document as a PDF file. The same document gives the same bytes.
///
/// # Errors
/// [`ReportError::Pdf`] when the document breaks a rule of PDF/A-2a or PDF/UA-1.
pub fn pdf(document: &Document) -> Result<Vec<u8>, ReportError> {
    let failed = |reason: String| ReportError::Pdf { reason };
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| failed(format!("{error:?}")))?;
    let mut out = krilla::Document::new_with(krilla::SerializeSettings { configuration, ..Default::default() });
    let mut tree = TagTree::new().with_lang(Some(document.language.to_owned()));
    let mut outline = Outline::new();
    for (index, page) in document.pages.iter().enumerate() {
        let settings = Size::from_wh(page.width * PT_PER_MM, page.height * PT_PER_MM)
            .map(PageSettings::new)
            .ok_or_else(|| failed(format!("a page cannot be {} by {} mm", page.width, page.height)))?;
        let mut started = out.start_page_with(settings);
        let mut surface = started.surface();
        tree.push(tagged(page, &mut surface));
        surface.finish();
        started.finish();
        outline.push_child(OutlineNode::new(page.name.clone(), XyzDestination::new(index, geom::Point::from_xy(0.0, 0.0))));
    }
    out.set_tag_tree(tree);
    out.set_outline(outline);
    out.set_metadata(metadata(document));
    out.finish().map_err(|error| failed(format!("{error:?}")))
}

fn metadata(document: &Document) -> Metadata {
    use chrono::{Datelike, Timelike};
    let at = document.made;
    let part = |value: u32| u8::try_from(value).unwrap_or(0);
    let made = DateTime::new(u16::try_from(at.year()).unwrap_or(1970))
        .month(part(at.month()))
        .day(part(at.day()))
        .hour(part(at.hour()))
        .minute(part(at.minute()))
        .second(part(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(document.title.clone())
        .description(document.subject.clone())
        .authors(document.authors.clone())
        .language(document.language.to_owned())
        .creator(document.software.clone())
        .creation_date(made)
        .text_direction(TextDirection::LeftToRight)
}

fn font(face: Face) -> Font {
    static FONTS: [OnceLock<Font>; Face::ALL.len()] = [const { OnceLock::new() }; Face::ALL.len()];
    // The files are part of the program; a test reads each.
    FONTS[face as usize].get_or_init(|| Font::new(Data::from(face.data()), 0).unwrap_or_else(|| unreachable!("{face:?}"))).clone()
}

/// Draws a page and gives back its tags.
fn tagged(page: &Page, surface: &mut Surface) -> TagGroup {
    let mut group = TagGroup::new(Tag::Section);
    page.parts.iter().for_each(|part| draw(part, surface, &mut group));
    group
}

fn draw(part: &Part, surface: &mut Surface, parent: &mut TagGroup) {
    let kind: TagKind = match &part.role {
        Role::Decoration => {
            surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
            part.all_items().for_each(|item| paint(item, surface));
            surface.end_tagged();
            return;
        }
        Role::Figure(alt) => {
            let id = surface.start_tagged(ContentTag::Other);
            part.all_items().for_each(|item| paint(item, surface));
            surface.end_tagged();
            parent.push(TagGroup::with_children(Tag::Figure(Some(alt.clone())), vec![id.into()]));
            return;
        }
        Role::Section => Tag::Section.into(),
        Role::Heading(level) => Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(spoken(part))).into(),
        Role::Paragraph => Tag::P.into(),
        Role::Table => Tag::Table.into(),
        Role::Row => Tag::TR.into(),
        Role::HeadCell => Tag::TH(TableHeaderScope::Both).into(),
        Role::Cell => Tag::TD.into(),
    };
    let mut group = TagGroup::new(kind);
    for item in &part.items {
        if let Item::Text(_) = item {
            let id = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
            paint(item, surface);
            surface.end_tagged();
            group.push(id);
        } else {
            surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
            paint(item, surface);
            surface.end_tagged();
        }
    }
    part.parts.iter().for_each(|part| draw(part, surface, &mut group));
    parent.push(group);
}

/// The text of a part.
fn spoken(part: &Part) -> String {
    let texts = part.all_items().filter_map(|item| match item {
        Item::Text(text) => Some(text.text.trim()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join(" ")
}

fn paint(item: &Item, surface: &mut Surface) {
    match item {
        Item::Lines { lines, stroke } => {
            let mut builder = PathBuilder::new();
            for line in lines {
                for (index, point) in line.iter().enumerate() {
                    let (x, y) = pt(*point);
                    if index == 0 { builder.move_to(x, y) } else { builder.line_to(x, y) }
                }
            }
            surface.set_fill(None);
            surface.set_stroke(Some(stroked(*stroke)));
            if let Some(path) = builder.finish() {
                surface.draw_path(&path);
            }
        }
        Item::Areas { areas, fill, stroke } => {
            let mut builder = PathBuilder::new();
            for area in areas {
                if let Some(rect) = rect(*area) {
                    builder.push_rect(rect);
                }
            }
            surface.set_fill(fill.map(filled));
            surface.set_stroke(stroke.map(stroked));
            if let Some(path) = builder.finish() {
                surface.draw_path(&path);
            }
        }
        Item::Shape { corners, fill } => {
            let mut builder = PathBuilder::new();
            for (index, point) in corners.iter().enumerate() {
                let (x, y) = pt(*point);
                if index == 0 { builder.move_to(x, y) } else { builder.line_to(x, y) }
            }
            builder.close();
            surface.set_fill(Some(filled(*fill)));
            surface.set_stroke(None);
            if let Some(path) = builder.finish() {
                surface.draw_path(&path);
            }
        }
        Item::Text(text) => write(text, surface),
        Item::Picture { area, png } => {
            let data: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::new(png.clone());
            let size = Size::from_wh(area.width * PT_PER_MM, area.height * PT_PER_MM);
            // Templates are checked when they are read.
            if let (Ok(image), Some(size)) = (Image::from_png(Data::from(data), false), size) {
                surface.push_transform(&Transform::from_translate(area.x * PT_PER_MM, area.y * PT_PER_MM));
                surface.draw_image(image, size);
                surface.pop();
            }
        }
        Item::Clip { area, items } => {
            let mut builder = PathBuilder::new();
            if let Some(rect) = rect(*area) {
                builder.push_rect(rect);
            }
            let Some(path) = builder.finish() else { return };
            surface.push_clip_path(&path, &FillRule::NonZero);
            items.iter().for_each(|item| paint(item, surface));
            surface.pop();
        }
    }
}

fn write(text: &Text, surface: &mut Surface) {
    let shaped = kept(&text.text, text.style.weight);
    let size = text.style.size;
    let (x, y) = pt(text.at);
    let mut x = match text.anchor {
        Anchor::Start => x,
        Anchor::Middle => x - 0.5 * shaped.width * size,
        Anchor::End => x - shaped.width * size,
    };
    surface.set_stroke(None);
    surface.set_fill(Some(filled(text.style.colour)));
    for run in &shaped.runs {
        let glyphs: Vec<KrillaGlyph> = run
            .glyphs
            .iter()
            .map(|g| KrillaGlyph::new(GlyphId::new(g.id), g.advance, g.x_offset, g.y_offset, 0.0, g.range.clone(), None))
            .collect();
        surface.draw_glyphs(geom::Point::from_xy(x, y), &glyphs, font(run.face), &shaped.text, size, false);
        x += run.width * size;
    }
}

/// Hundredths of a point (0.0035 mm): finer than any printer, and numbers stay short.
fn fine(value: f32) -> f32 {
    (value * PT_PER_MM * 100.0).round() / 100.0
}

fn pt(point: Point) -> (f32, f32) {
    (fine(point.x), fine(point.y))
}

fn rect(area: Area) -> Option<Rect> {
    Rect::from_ltrb(fine(area.x), fine(area.y), fine(area.right()), fine(area.bottom()))
}

fn filled(colour: Colour) -> Fill {
    Fill { paint: rgb::Color::new(colour.0, colour.1, colour.2).into(), ..Fill::default() }
}

fn stroked(stroke: Stroke) -> krilla::paint::Stroke {
    krilla::paint::Stroke {
        paint: rgb::Color::new(stroke.colour.0, stroke.colour.1, stroke.colour.2).into(),
        width: fine(stroke.width),
        line_cap: LineCap::Butt,
        line_join: LineJoin::Round,
        ..Default::default()
    }
}
