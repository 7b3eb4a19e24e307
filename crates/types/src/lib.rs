//! kql-types
