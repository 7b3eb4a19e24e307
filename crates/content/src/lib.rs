//! kql-content
