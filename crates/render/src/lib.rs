//! kql-render
