//! Files as tables: formats, compression, folders, schemas, `externaldata`.
//!
//! This crate (and `content`) is the only one that reads files, and it reads only what the user named. A table is opened
//! when a query names it; text formats are streamed in batches, Parquet is pruned by DataFusion. Nothing is unpacked to the
//! disk, and no network is used.

mod binary;
pub mod builtin;
mod convert;
mod discover;
mod entry;
mod error;
mod external;
mod format;
mod known;
mod logs;
mod mapping;
mod open;
mod places;
mod schema_file;
mod table;
mod tables;
mod text;
mod user_agents;

pub use error::SourceError;
pub use external::{ExternalMap, mirror_places};
pub use places::look_up_places;
pub use table::{StoredColumn, Table};
pub use tables::{
    BadRows, DataSpec, Skipped, SourceOptions, Tables, WATCHLIST, WATCHLIST_ROWS, watchlist_of,
};
pub use user_agents::look_up_user_agents;
