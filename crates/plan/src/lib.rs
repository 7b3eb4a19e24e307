//! kql-plan
