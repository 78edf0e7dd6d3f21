//! Files to and from recordings.
