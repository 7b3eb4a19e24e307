//! One file a command. Each gives the exit code: 0 all well, 1 a query failed, 2 the command line or an input is wrong,
//! 130 interrupted.

pub mod alerts;
pub mod check;
pub mod explain;
pub mod faults;
pub mod fetch;
pub mod fmt;
pub mod functions;
pub mod init;
pub mod run;
pub mod sarif;
pub mod schema;
pub mod shell;
pub mod test;
pub mod trace;
