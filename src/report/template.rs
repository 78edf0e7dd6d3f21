//! The institution's part of a report: a small TOML file.
//!
//! ```toml
//! institution = "St. Example Hospital, Cardiology"
//! address = "1 Example Street, Exampletown"
//! logo = "logo.png"            # beside this file
//! device = "Cardiograph X"     # where files do not say it
//! header = "Internal use only" # one line above the traces
//! footer = "Tel. 555 0100"     # one line at the foot of every page
//! ```

use super::ReportError;
use serde::Deserialize;
use std::{fs::File, io::Read, path::Path, sync::Arc};

/// Most bytes of a template.
const MOST_TEMPLATE: u64 = 64 * 1024;
/// Most bytes of a logo.
const MOST_LOGO: u64 = 2 * 1024 * 1024;
/// Most pixels of a logo on a side.
const MOST_PIXELS: u32 = 4000;
/// Most characters of a text.
const MOST_CHARACTERS: usize = 200;

/// The institution's name, logo and fixed texts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Template {
    /// Name.
    pub institution: Option<String>,
    /// Address or department.
    pub address: Option<String>,
    /// Recorder, where files do not tell one.
    pub device: Option<String>,
    /// One line above the traces.
    pub header: Option<String>,
    /// One line at the foot of every page.
    pub footer: Option<String>,
    /// Logo.
    pub logo: Option<Logo>,
}

/// A picture that was read and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Logo {
    /// The bytes of the PNG file.
    pub png: Arc<[u8]>,
    /// Width by height.
    pub ratio: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    institution: Option<String>,
    address: Option<String>,
    device: Option<String>,
    header: Option<String>,
    footer: Option<String>,
    logo: Option<String>,
}

impl Template {
    /// Reads a template and its logo.
    ///
    /// # Errors
    /// [`ReportError::Template`], naming the file, the field and what would be right.
    pub fn read(path: &Path) -> Result<Self, ReportError> {
        let failed = |reason: String| ReportError::Template { file: path.display().to_string(), reason };
        let bytes = limited(path, MOST_TEMPLATE).map_err(failed)?;
        let text = String::from_utf8(bytes).map_err(|_| failed("it is not text in UTF-8".into()))?;
        let written: Written = toml::from_str(&text).map_err(|error| {
            let line = error.span().and_then(|span| text.get(..span.start)).map_or(1, |before| before.matches('\n').count() + 1);
            failed(format!("line {line}: {}", error.message().replace('\n', " ")))
        })?;
        let checked = |name: &str, value: Option<String>| match value {
            Some(value) if value.trim().is_empty() => Ok(None),
            Some(value) if value.chars().count() > MOST_CHARACTERS || value.chars().any(char::is_control) => {
                Err(failed(format!("`{name}` must be one line of at most {MOST_CHARACTERS} characters")))
            }
            other => Ok(other),
        };
        let logo = written.logo.map(|name| {
            let logo = path.parent().unwrap_or(Path::new("")).join(&name);
            Logo::read(&logo).map_err(|reason| failed(format!("`logo`: {}: {reason}", logo.display())))
        });
        Ok(Self {
            institution: checked("institution", written.institution)?,
            address: checked("address", written.address)?,
            device: checked("device", written.device)?,
            header: checked("header", written.header)?,
            footer: checked("footer", written.footer)?,
            logo: logo.transpose()?,
        })
    }
}

impl Logo {
    fn read(path: &Path) -> Result<Self, String> {
        let png: Arc<[u8]> = limited(path, MOST_LOGO)?.into();
        let size = png_size(&png).ok_or("it is no PNG picture")?;
        if size.0 == 0 || size.1 == 0 || size.0 > MOST_PIXELS || size.1 > MOST_PIXELS {
            return Err(format!("it has {} by {} pixels; 1 to {MOST_PIXELS} on a side can be used", size.0, size.1));
        }
        // Both renderers must be able to read it, or a page would come out without it.
        resvg::tiny_skia::Pixmap::decode_png(&png).map_err(|error| format!("it is damaged ({error})"))?;
        krilla::image::Image::from_png(krilla::Data::from(png.to_vec()), false)
            .map_err(|error| format!("it is damaged ({error})"))?;
        Ok(Self { png, ratio: size.0 as f32 / size.1 as f32 })
    }
}

/// Width and height from the first chunk, before any pixel is decoded.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    if rest.get(4..8)? != b"IHDR" {
        return None;
    }
    let number = |from: usize| Some(u32::from_be_bytes(rest.get(from..from + 4)?.try_into().ok()?));
    Some((number(8)?, number(12)?))
}

fn limited(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > most { Err(format!("it is longer than {most} bytes")) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use resvg::tiny_skia::Pixmap;

    fn written(text: &str) -> Result<Template, ReportError> {
        let folder = tempfile::tempdir().unwrap();
        let logo = Pixmap::new(40, 10).unwrap().encode_png().unwrap();
        std::fs::write(folder.path().join("logo.png"), &logo).unwrap();
        std::fs::write(folder.path().join("broken.png"), &logo[..logo.len() / 2]).unwrap();
        let path = folder.path().join("t.toml");
        std::fs::write(&path, text).unwrap();
        Template::read(&path)
    }

    #[test]
    fn a_template_is_read_with_its_logo() {
        let template = written("institution = \"Klinik\"\nlogo = \"logo.png\"\nfooter = \" \"").unwrap();
        assert_eq!(template.institution.as_deref(), Some("Klinik"));
        assert_eq!(template.footer, None);
        assert_eq!(template.logo.unwrap().ratio, 4.0);
    }

    #[test]
    fn faults_name_the_field_and_the_remedy() {
        for (text, said) in [
            ("name = \"x\"", "unknown field"),
            ("institution = 3", "line 1"),
            ("\nlogo = \"absent.png\"", "`logo`"),
            ("logo = \"broken.png\"", "damaged"),
            ("logo = \"t.toml\"", "no PNG"),
            ("footer = \"a\\nb\"", "one line"),
        ] {
            let error = written(text).unwrap_err().to_string();
            assert!(error.contains(said) && error.contains("t.toml"), "{text}: {error}");
        }
    }
}
