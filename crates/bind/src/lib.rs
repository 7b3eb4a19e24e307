//! kql-bind
