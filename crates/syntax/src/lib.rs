//! kql-syntax
