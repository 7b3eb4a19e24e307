//! `ingestion_time()`.

use crate::prelude::*;

/// `ingestion_time`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "ingestion_time",
    summary: "When a row was read into its table.",
    signatures: &[sig(&[], DATETIME)],
    result_name: ResultName::PrefixOnly("$IngestionTime"),
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Special,
    examples: &[
        ex(
            "datatable(TimeGenerated:datetime)[datetime(2024-01-02)] | project t = ingestion_time()",
            "2024-01-02T00:00:00.0000000Z",
        ),
        ex(
            "datatable(a:long)[1] | project t = ingestion_time()",
            "null",
        ),
    ],
    differs: "Files do not say when their rows were read in: it is the column TimeGenerated where there is one, else null.",
};
