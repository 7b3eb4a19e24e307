//! kql-sources
