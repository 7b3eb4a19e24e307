//! kql-functions
