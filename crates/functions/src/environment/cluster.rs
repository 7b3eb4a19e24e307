//! Functions that ask a cluster about itself and about who asks: they have their types, and there is nobody to answer.

use crate::prelude::*;

const fn spec(
    name: &'static str,
    summary: &'static str,
    signatures: &'static [Signature],
    why: &'static str,
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        signatures,
        result_name: ResultName::None,
        nulls: Nulls::Seen,
        volatility: Volatility::Stable,
        lower: Lower::Unanswered(why),
        examples: &[],
        differs: "",
    }
}

const TEXT: &[Signature] = &[sig(&[], STRING)];
const CLUSTER: &str = "it asks a cluster about itself, and this query runs without one";
const USER: &str = "it asks a cluster who runs the query, and this query runs without one";
const CURSOR: &str = "it asks a database how far its data was read in, and files do not say";

/// `current_cluster_endpoint`
pub const ENDPOINT: FunctionSpec = spec(
    "current_cluster_endpoint",
    "The address of the cluster.",
    TEXT,
    CLUSTER,
);

/// `current_database`
pub const DATABASE: FunctionSpec = spec(
    "current_database",
    "The name of the database in scope.",
    TEXT,
    CLUSTER,
);

/// `current_node_id`
pub const NODE: FunctionSpec = spec(
    "current_node_id",
    "The name of the machine of the cluster.",
    TEXT,
    CLUSTER,
);

/// `current_principal`
pub const PRINCIPAL: FunctionSpec = spec(
    "current_principal",
    "Who runs the query, by the full name.",
    TEXT,
    USER,
);

/// `current_principal_details`
pub const DETAILS: FunctionSpec = spec(
    "current_principal_details",
    "What is known of who runs the query.",
    &[sig(&[], DYNAMIC)],
    USER,
);

/// `current_principal_is_member_of`
pub const MEMBER: FunctionSpec = spec(
    "current_principal_is_member_of",
    "Whether who runs the query is one of these, or belongs to one of these groups.",
    &[sig(
        &[arg_of(
            "group",
            Class::StringOrDynamic,
            "A user, group or application by the full name, or an array of them.",
        )
        .repeated(1, 64)],
        BOOL,
    )],
    USER,
);

/// `cursor_current`
pub const CURSOR_CURRENT: FunctionSpec = spec(
    "cursor_current",
    "How far the data of the database was read in by now.",
    TEXT,
    CURSOR,
);

/// `current_cursor`
pub const CURRENT_CURSOR: FunctionSpec = spec(
    "current_cursor",
    "The old name of `cursor_current`.",
    TEXT,
    CURSOR,
);

/// `cursor_before_or_at`
pub const CURSOR_BEFORE: FunctionSpec = spec(
    "cursor_before_or_at",
    "Whether a row was read in no later than a cursor.",
    &[sig(&[arg("cursor", STRING, "The cursor.")], BOOL)],
    CURSOR,
);

/// `row_id`
pub const ROW_ID: FunctionSpec = spec(
    "row_id",
    "Where a row is stored.",
    TEXT,
    "it tells where a cluster keeps a row, and files do not say",
);

/// `rowstore_ordinal_range`
pub const ROWSTORE: FunctionSpec = spec(
    "rowstore_ordinal_range",
    "Where rows are stored.",
    &[sig(&[], DYNAMIC)],
    "it tells where a cluster keeps its rows, and files do not say",
);

/// `cursor_after`
pub const CURSOR_AFTER: FunctionSpec = FunctionSpec {
    name: "cursor_after",
    summary: "Whether a row was read in after a cursor; after the empty cursor all were.",
    signatures: &[sig(&[arg("cursor", STRING, "The cursor.")], BOOL)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(cursor_after),
    examples: &[ex("cursor_after('')", "True")],
    differs: "Only the empty cursor is known: files do not say when their rows were read in.",
};

fn cursor_after(args: &Args<'_>) -> Result<ArrayRef> {
    let cursor = args.str(0)?;
    try_bool_result(args.rows, |row| match cursor.get(row) {
        "" => Ok(Some(true)),
        _ => Err(KernelError::new(
            "cursor_after knows the empty cursor only: files do not say when their rows were read in",
        )),
    })
}
