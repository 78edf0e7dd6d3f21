//! How sections of a language file are declared: one field a key, so that a key that is missing or too many is an error, and the
//! compiler sees every use.

macro_rules! sections {
    ($($(#[$doc:meta])* $section:ident { $($key:ident)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[allow(missing_docs)] // The English file says what each is.
        pub struct $section { $(pub $key: String,)* }
    )*};
}

pub(super) use sections;
