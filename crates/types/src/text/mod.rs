//! Texts of single values: reading and writing as `tostring`, `todatetime` and the like do.
