//! What the tests of the workspace share. Only a dev-dependency.
//!
//! Its own tests hold the rules of the workspace: who may depend on whom.
