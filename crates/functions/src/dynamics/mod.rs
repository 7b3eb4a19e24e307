//! The family `dynamics`. Written by `tests/generated.rs`.

pub mod array_concat;
pub mod array_iff;
pub mod array_index_of;
pub mod array_length;
pub mod array_reverse;
pub mod array_rotate;
pub mod array_shift;
pub mod array_slice;
pub mod array_sort;
pub mod array_split;
pub mod array_sum;
pub mod bag_keys;
pub mod bag_merge;
pub mod bag_pack;
pub mod bag_remove_keys;
pub mod bag_set_key;
pub mod bag_writer;
pub mod bag_zip;
pub mod dynamic_to_json;
pub mod elements;
pub mod extract_json;
pub mod json_path;
pub mod pack_array;
pub mod parse_json;
pub mod path;
pub mod repeat;
pub mod sets;
pub mod sub_value;
pub mod treepath;
pub mod zip;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &array_concat::SPEC,
    &array_iff::SPEC,
    &array_iff::IIF,
    &array_index_of::SPEC,
    &array_index_of::HAS,
    &array_length::SPEC,
    &array_length::OLD,
    &array_reverse::SPEC,
    &array_rotate::LEFT,
    &array_rotate::RIGHT,
    &array_shift::LEFT,
    &array_shift::RIGHT,
    &array_slice::SPEC,
    &array_sort::ASC,
    &array_sort::DESC,
    &array_split::SPEC,
    &array_sum::SPEC,
    &bag_keys::SPEC,
    &bag_keys::HAS,
    &bag_merge::SPEC,
    &bag_pack::SPEC,
    &bag_pack::PACK,
    &bag_pack::DICTIONARY,
    &bag_pack::FULL,
    &bag_pack::COLUMNS,
    &bag_pack::ALL,
    &bag_remove_keys::SPEC,
    &bag_set_key::SPEC,
    &bag_zip::SPEC,
    &dynamic_to_json::SPEC,
    &extract_json::SPEC,
    &extract_json::OLD,
    &pack_array::SPEC,
    &parse_json::SPEC,
    &parse_json::OLD,
    &parse_json::TODYNAMIC,
    &parse_json::TOOBJECT,
    &parse_json::GET,
    &path::GET,
    &path::AT,
    &path::INDEX,
    &repeat::SPEC,
    &sets::UNION,
    &sets::INTERSECT,
    &sets::DIFFERENCE,
    &sets::EQUALS,
    &sets::JACCARD,
    &treepath::SPEC,
    &zip::SPEC,
];
