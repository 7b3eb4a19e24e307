//! One line about each operator, for help and completion.

/// Name, how it is written, what it does.
pub const OPERATORS: [(&str, &str, &str); 42] = [
    (
        "as",
        "as NAME",
        "names the rows, for later steps and as a result",
    ),
    (
        "assert-schema",
        "assert-schema (COLUMN:TYPE, ...)",
        "fails unless the columns are these",
    ),
    ("consume", "consume", "runs everything and gives nothing"),
    ("count", "count", "how many rows"),
    (
        "distinct",
        "distinct COLUMN, ...",
        "rows that differ in these columns",
    ),
    (
        "evaluate",
        "evaluate PLUGIN(...)",
        "a plugin: bag_unpack, pivot, narrow, ...",
    ),
    ("extend", "extend NAME = VALUE, ...", "adds columns"),
    (
        "facet",
        "facet by COLUMN, ... [with (STEPS)]",
        "a result for each column",
    ),
    ("filter", "filter CONDITION", "the same as where"),
    (
        "find",
        "find [in (TABLES)] where CONDITION",
        "rows of several tables",
    ),
    (
        "fork",
        "fork (STEPS) (STEPS)",
        "several results from the same rows",
    ),
    (
        "getschema",
        "getschema",
        "the columns and their types as rows",
    ),
    ("invoke", "invoke FUNCTION(...)", "a function over the rows"),
    (
        "join",
        "join [kind=KIND] (TABLE) on COLUMN, ...",
        "rows with their matches in another table; innerunique unless kind says else",
    ),
    ("limit", "limit N", "the same as take"),
    (
        "lookup",
        "lookup (TABLE) on COLUMN, ...",
        "adds the columns of a small table",
    ),
    (
        "make-series",
        "make-series VALUE on TIME from A to B step S by COLUMN",
        "arrays over equal steps",
    ),
    (
        "mv-apply",
        "mv-apply COLUMN on (STEPS)",
        "steps over the elements of an array, for each row",
    ),
    (
        "mv-expand",
        "mv-expand COLUMN [to typeof(TYPE)]",
        "a row for each element of an array or bag",
    ),
    (
        "order",
        "order by COLUMN [asc|desc], ...",
        "the same as sort",
    ),
    (
        "parse",
        "parse COLUMN with 'text' NAME:TYPE 'text' ...",
        "columns from parts of a text",
    ),
    (
        "parse-kv",
        "parse-kv COLUMN as (KEY:TYPE, ...) with (...)",
        "columns from keys and values in a text",
    ),
    (
        "parse-where",
        "parse-where COLUMN with ...",
        "parse, and only rows that fit",
    ),
    (
        "partition",
        "partition by COLUMN (STEPS)",
        "steps over the rows of each value",
    ),
    ("print", "print NAME = VALUE, ...", "one row of values"),
    (
        "project",
        "project COLUMN, NAME = VALUE, ...",
        "these columns only",
    ),
    (
        "project-away",
        "project-away COLUMN, ...",
        "without these columns; `*` fits any",
    ),
    (
        "project-keep",
        "project-keep COLUMN, ...",
        "these columns in the order they have",
    ),
    (
        "project-rename",
        "project-rename NEW = OLD, ...",
        "other names for columns",
    ),
    (
        "project-reorder",
        "project-reorder COLUMN, ...",
        "these columns first",
    ),
    (
        "range",
        "range NAME from A to B step S",
        "a row for each value",
    ),
    (
        "render",
        "render KIND [with (PROPERTY = VALUE)]",
        "how the result is drawn; .help render says more",
    ),
    ("sample", "sample N", "some rows at random"),
    (
        "scan",
        "scan declare (...) with (step NAME: CONDITION => ...;)",
        "sequences of rows by state",
    ),
    (
        "search",
        "search [in (TABLES)] 'word'",
        "rows with a word in any column",
    ),
    (
        "serialize",
        "serialize [NAME = VALUE]",
        "keeps the order, for row_number, prev and next",
    ),
    (
        "sort",
        "sort by COLUMN [asc|desc], ...",
        "sorts, descending unless asc is said",
    ),
    (
        "summarize",
        "summarize NAME = AGGREGATE(...) by COLUMN, ...",
        "a row for each group",
    ),
    ("take", "take N", "up to N rows, whichever come"),
    (
        "top",
        "top N by COLUMN [asc|desc]",
        "the first N rows of an order",
    ),
    (
        "union",
        "union [kind=outer|inner] [withsource=NAME] TABLE, ...",
        "the rows of several tables",
    ),
    (
        "where",
        "where CONDITION",
        "rows for which a condition is true",
    ),
];

/// What there is to say about an operator.
pub fn find(name: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    OPERATORS.iter().find(|(n, _, _)| *n == name)
}
