//! SQLite's errors in the store's words.

use super::{BUSY_S, StoreError};
use rusqlite::{Error, ErrorCode};
use std::path::Path;

/// What an error means for the person.
pub(super) fn fault(path: &Path, error: &Error) -> StoreError {
    let path = path.to_path_buf();
    let reason = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full { path },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => StoreError::ReadOnly { path, reason },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy { path, seconds: BUSY_S },
        Some(ErrorCode::NotADatabase) => StoreError::Foreign { path, reason },
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged { path, problem: reason },
        _ => StoreError::Other { path, reason },
    }
}
