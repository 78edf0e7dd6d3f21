//! SVG: one file a page, text as text.

use crate::report::{
    page::{Anchor, Area, Colour, Item, PT_PER_MM, Page, Part, Point, Role, Stroke, Text, Weight},
    text::{Face, printable},
};
use std::fmt::Write;

/// A page as an SVG file of its true size.
pub fn svg(page: &Page, language: &str) -> String {
    let (width, height) = (number(page.width), number(page.height));
    let mut out = Writer { out: String::with_capacity(1 << 18), clips: 0 };
    out.put(&format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}" xml:lang="{language}" font-family="{}, sans-serif">"##,
        families()
    ));
    out.put(&format!("<title>{}</title>", escaped(&page.name)));
    out.put(&format!(r##"<rect width="{width}" height="{height}" fill="#ffffff"/>"##));
    page.parts.iter().for_each(|part| out.part(part));
    out.put("</svg>");
    out.out
}

/// Families in the order in which they are asked for a character.
fn families() -> String {
    let mut names: Vec<String> = Face::ALL.into_iter().map(|face| format!("'{}'", face.family())).collect();
    names.dedup();
    names.join(", ")
}

struct Writer {
    out: String,
    clips: usize,
}

impl Writer {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn part(&mut self, part: &Part) {
        match &part.role {
            Role::Figure(alt) => self.put(&format!(r#"<g role="img" aria-label="{}">"#, escaped(alt))),
            Role::Decoration => self.put(r#"<g aria-hidden="true">"#),
            _ => self.put("<g>"),
        }
        part.items.iter().for_each(|item| self.item(item));
        part.parts.iter().for_each(|part| self.part(part));
        self.put("</g>");
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Lines { lines, stroke } => {
                let mut d = String::new();
                for line in lines {
                    path(&mut d, line);
                }
                self.put(&format!(r#"<path d="{d}" fill="none" {} stroke-linejoin="round"/>"#, stroked(*stroke)));
            }
            Item::Areas { areas, fill, stroke } => {
                let fill = fill.map_or("none".to_owned(), colour);
                let edge = stroke.map(stroked).unwrap_or_default();
                let mut d = String::new();
                for area in areas {
                    let _ = write!(
                        d,
                        "M{} {}h{}v{}h-{}z",
                        number(area.x),
                        number(area.y),
                        number(area.width),
                        number(area.height),
                        number(area.width)
                    );
                }
                self.put(&format!(r#"<path d="{d}" fill="{fill}" {edge}/>"#));
            }
            Item::Shape { corners, fill } => {
                let mut d = String::new();
                path(&mut d, corners);
                self.put(&format!(r#"<path d="{d}z" fill="{}"/>"#, colour(*fill)));
            }
            Item::Text(text) => self.text(text),
            Item::Picture { area, png } => {
                let Area { x, y, width, height } = *area;
                self.put(&format!(
                    r#"<image x="{}" y="{}" width="{}" height="{}" xlink:href="data:image/png;base64,{}"/>"#,
                    number(x),
                    number(y),
                    number(width),
                    number(height),
                    base64(png)
                ));
            }
            Item::Clip { area, items } => {
                self.clips += 1;
                let id = self.clips;
                self.put(&format!(
                    r#"<clipPath id="c{id}"><rect x="{}" y="{}" width="{}" height="{}"/></clipPath><g clip-path="url(#c{id})">"#,
                    number(area.x),
                    number(area.y),
                    number(area.width),
                    number(area.height)
                ));
                items.iter().for_each(|item| self.item(item));
                self.put("</g>");
            }
        }
    }

    fn text(&mut self, text: &Text) {
        let anchor = match text.anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let weight = if text.style.weight == Weight::Bold { r#" font-weight="bold""# } else { "" };
        self.put(&format!(
            r#"<text x="{}" y="{}" font-size="{}" fill="{}"{anchor}{weight} xml:space="preserve">{}</text>"#,
            number(text.at.x),
            number(text.at.y),
            number(text.style.size / PT_PER_MM),
            colour(text.style.colour),
            escaped(text.text.trim_end())
        ));
    }
}

fn path(d: &mut String, line: &[Point]) {
    for (index, point) in line.iter().enumerate() {
        let _ = write!(d, "{}{} {}", if index == 0 { 'M' } else { 'L' }, number(point.x), number(point.y));
    }
}

fn stroked(stroke: Stroke) -> String {
    format!(r#"stroke="{}" stroke-width="{}""#, colour(stroke.colour), number(stroke.width))
}

fn colour(colour: Colour) -> String {
    format!("#{:02x}{:02x}{:02x}", colour.0, colour.1, colour.2)
}

/// Thousandths of a millimetre.
fn number(value: f32) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// As text of XML: what it does not allow is gone already.
fn escaped(text: &str) -> String {
    printable(text).0.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let value = group.iter().fold(0u32, |value, byte| value << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for digit in 0..4 {
            let index = (value >> (18 - 6 * digit) & 63) as usize;
            out.push(if digit <= group.len() { DIGITS[index] as char } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::page::Type;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn a_name_cannot_break_the_file() {
        let style = Type { size: 8.0, weight: Weight::Regular, colour: Colour(0, 0, 0) };
        let text = Text { at: Point { x: 1.0, y: 2.0 }, anchor: Anchor::Start, style, text: "<b>\"&\u{1}\u{FFFE}".into() };
        let part = Part::new(Role::Figure("a \"b\"".into()), vec![Item::Text(text)]);
        let page = Page { width: 10.0, height: 10.0, name: "<x>".into(), parts: vec![part] };
        let svg = svg(&page, "en");
        assert!(svg.contains("&lt;b&gt;&quot;&amp;") && !svg.contains('\u{1}') && svg.contains("<title>&lt;x&gt;</title>"));
    }
}
