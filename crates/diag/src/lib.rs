//! kql-diag
