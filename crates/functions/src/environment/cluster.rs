//! Functions that ask a cluster about itself and about who asks. Here the answers are fixed: the cluster and the database are
//! local, and nobody is signed in. What asks how data was stored has no answer.

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

/// The same for all rows, which the page says.
const fn answered(
    name: &'static str,
    summary: &'static str,
    signatures: &'static [Signature],
    kernel: Kernel,
    examples: &'static [Example],
    differs: &'static str,
) -> FunctionSpec {
    FunctionSpec {
        lower: Lower::Kernel(kernel),
        examples,
        differs,
        ..spec(name, summary, signatures, "")
    }
}

fn every(args: &Args<'_>, value: &Value) -> Result<ArrayRef> {
    array_from_values(args.returns, &vec![value.clone(); args.rows])
}

fn text(args: &Args<'_>, answer: &str) -> Result<ArrayRef> {
    every(args, &Value::String(answer.to_owned()))
}

const NOBODY: &str =
    "aaduser=00000000-0000-0000-0000-000000000000;00000000-0000-0000-0000-000000000000";
const NO_CLUSTER: &str = "There is no cluster, and the answer is always this one.";
const NO_USER: &str = "Nobody is signed in, and the answer is always that of the empty principal.";

const TEXT: &[Signature] = &[sig(&[], STRING)];
const CURSOR: &str = "it asks a database how far its data was read in, and files do not say";

/// `current_cluster_endpoint`
pub const ENDPOINT: FunctionSpec = answered(
    "current_cluster_endpoint",
    "The address of the cluster.",
    TEXT,
    |args| text(args, "localhost"),
    &[ex("current_cluster_endpoint()", "localhost")],
    NO_CLUSTER,
);

/// `current_database`
pub const DATABASE: FunctionSpec = answered(
    "current_database",
    "The name of the database in scope.",
    TEXT,
    |args| text(args, "local"),
    &[ex("current_database()", "local")],
    NO_CLUSTER,
);

/// `current_node_id`
pub const NODE: FunctionSpec = answered(
    "current_node_id",
    "The name of the machine of the cluster.",
    TEXT,
    |args| text(args, "localhost"),
    &[ex("current_node_id()", "localhost")],
    NO_CLUSTER,
);

/// `current_principal`
pub const PRINCIPAL: FunctionSpec = answered(
    "current_principal",
    "Who runs the query, by the full name.",
    TEXT,
    |args| text(args, NOBODY),
    &[ex("current_principal()", NOBODY)],
    NO_USER,
);

/// `current_principal_details`
pub const DETAILS: FunctionSpec = answered(
    "current_principal_details",
    "What is known of who runs the query.",
    &[sig(&[], DYNAMIC)],
    details,
    &[ex("current_principal_details().Type", "AadUser")],
    NO_USER,
);

/// `current_principal_is_member_of`
pub const MEMBER: FunctionSpec = answered(
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
    |args| every(args, &Value::Bool(false)),
    &[ex(
        "current_principal_is_member_of('aaduser=user@example.com')",
        "False",
    )],
    NO_USER,
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

fn details(args: &Args<'_>) -> Result<ArrayRef> {
    let nil = "00000000-0000-0000-0000-000000000000";
    let bag = [
        ("UserPrincipalName", ""),
        ("IdentityProvider", ""),
        ("Authority", nil),
        ("Mfa", "False"),
        ("Type", "AadUser"),
        ("DisplayName", ""),
        ("ObjectId", nil),
        ("FQN", NOBODY),
    ]
    .map(|(key, value)| (key.to_owned(), Dyn::String(value.to_owned())));
    every(args, &Value::Dynamic(Dyn::Bag(bag.to_vec())))
}
