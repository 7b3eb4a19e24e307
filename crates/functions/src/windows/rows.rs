//! Functions that look at rows before and after: over serialized rows only. The planner has them.

use crate::prelude::*;

const fn window(
    name: &'static str,
    summary: &'static str,
    signatures: &'static [Signature],
    examples: &'static [Example],
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        signatures,
        result_name: ResultName::None,
        nulls: Nulls::Seen,
        volatility: Volatility::Immutable,
        lower: Lower::Special,
        examples,
        differs: "",
    }
}

const COLUMN: Param = arg_of("column", Class::Scalar, "The column to look at.");
const OFFSET: Param = arg("offset", LONG, "How many rows away; 1 when left out.").optional();
const DEFAULT: Param = arg_of(
    "default_value",
    Class::Scalar,
    "What stands where there is no such row; null when left out.",
)
.constant()
.optional();
const RESTART: Param = arg("restart", BOOL, "Where it begins anew.").optional();
const TERM: Param = arg_of("term", Class::NotDynamic, "The value to rank.");

/// `prev`
pub const PREV: FunctionSpec = window(
    "prev",
    "Returns the value of a column some rows before the current one.",
    &[sig_as(&[COLUMN, OFFSET, DEFAULT], Returns::Param(0))],
    &[
        ex(
            "range x from 1 to 3 step 1 | extend p = prev(x) | summarize sum(p)",
            "3",
        ),
        ex(
            "range x from 1 to 3 step 1 | extend p = prev(x, 2, 7) | where x == 2 | project p",
            "7",
        ),
    ],
);
/// `next`
pub const NEXT: FunctionSpec = window(
    "next",
    "Returns the value of a column some rows after the current one.",
    &[sig_as(&[COLUMN, OFFSET, DEFAULT], Returns::Param(0))],
    &[ex(
        "range x from 1 to 3 step 1 | extend n = next(x) | where x == 1 | project n",
        "2",
    )],
);
/// `row_number`
pub const ROW_NUMBER: FunctionSpec = window(
    "row_number",
    "Returns the number of the current row.",
    &[sig(
        &[
            arg("startingIndex", LONG, "The first number; 1 when left out.").optional(),
            RESTART,
        ],
        LONG,
    )],
    &[ex(
        "range x from 5 to 6 step 1 | extend n = row_number(10) | where x == 6 | project n",
        "11",
    )],
);
/// `row_cumsum`
pub const ROW_CUMSUM: FunctionSpec = window(
    "row_cumsum",
    "Returns the sum of a value over all rows up to the current one.",
    &[sig_as(
        &[
            arg_of("term", Class::Number, "The value to sum up."),
            RESTART,
        ],
        Returns::Param(0),
    )],
    &[ex(
        "range x from 1 to 4 step 1 | extend s = row_cumsum(x) | where x == 4 | project s",
        "10",
    )],
);
/// `row_rank_dense`
pub const ROW_RANK_DENSE: FunctionSpec = window(
    "row_rank_dense",
    "Returns how many different values there were in a row, the current one included.",
    &[sig(&[TERM, RESTART], LONG)],
    &[ex(
        "datatable(v:long)[3, 3, 4] | serialize r = row_rank_dense(v) | where v == 4 | project r",
        "2",
    )],
);
/// `row_rank_min`
pub const ROW_RANK_MIN: FunctionSpec = window(
    "row_rank_min",
    "Returns the number of the first row with the current row's value.",
    &[sig(&[TERM, RESTART], LONG)],
    &[ex(
        "datatable(v:long)[3, 3, 4] | serialize r = row_rank_min(v) | where v == 4 | project r",
        "3",
    )],
);
/// `row_window_session`
pub const ROW_WINDOW_SESSION: FunctionSpec = window(
    "row_window_session",
    "Returns the first time of the session that the current row belongs to.",
    &[sig_as(
        &[
            arg("expr", DATETIME, "The time of the row."),
            arg(
                "maxDistanceFromFirst",
                TIMESPAN,
                "How long a session lasts at most.",
            ),
            arg(
                "maxDistanceBetweenNeighbors",
                TIMESPAN,
                "How far apart two rows of a session are at most.",
            ),
            RESTART,
        ],
        Returns::Param(0),
    )],
    &[ex(
        "datatable(t:datetime)[datetime(2024-01-01 10:00), datetime(2024-01-01 10:04), datetime(2024-01-01 11:00)] | serialize s = row_window_session(t, 1h, 5m) | distinct s | count",
        "2",
    )],
);
