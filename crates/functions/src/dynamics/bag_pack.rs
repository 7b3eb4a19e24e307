//! `bag_pack(key, value, ...)` and its other names.

use crate::prelude::*;

/// `bag_pack`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "bag_pack",
    summary: "Makes a bag of names and values.",
    signatures: &[sig(
        &[
            arg("key", STRING, "A name.").repeated(1, 32767),
            arg_of("value", Class::Scalar, "Its value.").repeated(1, 32767),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(bag_pack),
    examples: &[
        ex(
            "bag_pack('Level', 'Information', 'ProcessID', 1234, 'Data', bag_pack('url', 'www.bing.com'))",
            r#"{"Level":"Information","ProcessID":1234,"Data":{"url":"www.bing.com"}}"#,
        ),
        ex(
            "bag_pack('missing', long(null), 't', 1d)",
            r#"{"missing":null,"t":"1.00:00:00"}"#,
        ),
    ],
    differs: "Where a name is repeated the last value counts; Kusto does not document which does.",
};

/// `pack`
pub const PACK: FunctionSpec = FunctionSpec {
    name: "pack",
    summary: "The old name of `bag_pack`.",
    signatures: &[sig(
        &[
            arg("key", STRING, "A name.").repeated(1, 32767),
            arg_of("value", Class::Scalar, "Its value.").repeated(1, 32767),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(bag_pack),
    examples: &[ex("pack('a', 1)", r#"{"a":1}"#)],
    differs: "Where a name is repeated the last value counts; Kusto does not document which does.",
};

/// `pack_dictionary`
pub const DICTIONARY: FunctionSpec = FunctionSpec {
    name: "pack_dictionary",
    summary: "The old name of `bag_pack`.",
    signatures: &[sig(
        &[
            arg("key", STRING, "A name.").repeated(1, 32767),
            arg_of("value", Class::Scalar, "Its value.").repeated(1, 32767),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(bag_pack),
    examples: &[ex("pack_dictionary('a', 1)", r#"{"a":1}"#)],
    differs: "Where a name is repeated the last value counts; Kusto does not document which does.",
};

/// `pack_all_ignore_empty`
pub const FULL: FunctionSpec = FunctionSpec {
    name: "pack_all_ignore_empty",
    summary: "Makes a bag of names and values, without those that are null or the empty text: what `pack_all(true)` is.",
    signatures: &[sig(
        &[
            arg("key", STRING, "A name.").repeated(1, 32767),
            arg_of("value", Class::Scalar, "Its value.").repeated(1, 32767),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(pack_all_ignore_empty),
    examples: &[ex(
        "pack_all_ignore_empty('a', '', 'b', long(null), 'c', 0)",
        r#"{"c":0}"#,
    )],
    differs: "",
};

/// `bag_pack_columns`
pub const COLUMNS: FunctionSpec = FunctionSpec {
    name: "bag_pack_columns",
    summary: "Makes a bag of columns, named as they are.",
    signatures: &[sig(
        &[arg_of("value", Class::Scalar, "A column.").repeated(1, 32767)],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Special,
    examples: &[
        ex(
            "datatable(Id:string, Value:string, Other:long)['A', 'val_a', 1] | project tostring(bag_pack_columns(Id, Value))",
            r#"{"Id":"A","Value":"val_a"}"#,
        ),
        ex(
            "datatable(a:long)[long(null)] | project tostring(bag_pack_columns(a))",
            r#"{"a":null}"#,
        ),
    ],
    differs: "",
};

/// `pack_all`
pub const ALL: FunctionSpec = FunctionSpec {
    name: "pack_all",
    summary: "Makes a bag of all columns, named as they are.",
    signatures: &[sig(
        &[arg(
            "ignore_null_empty",
            BOOL,
            "Whether nulls and empty texts are left out.",
        )
        .literal()
        .optional()],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Special,
    examples: &[
        ex(
            "datatable(a:long, b:string)[1, ''] | project tostring(pack_all())",
            r#"{"a":1,"b":""}"#,
        ),
        ex(
            "datatable(a:long, b:string)[1, ''] | project tostring(pack_all(true))",
            r#"{"a":1}"#,
        ),
    ],
    differs: "",
};

fn bag_pack(args: &Args<'_>) -> Result<ArrayRef> {
    pack(args, |_| true)
}

fn pack_all_ignore_empty(args: &Args<'_>) -> Result<ArrayRef> {
    pack(args, |v| !matches!(v, DynRef::Null | DynRef::String("")))
}

fn pack(args: &Args<'_>, keep: fn(&DynRef<'_>) -> bool) -> Result<ArrayRef> {
    let mut pairs = Vec::with_capacity(args.len() / 2);
    for i in (0..args.len() / 2).map(|i| i * 2) {
        pairs.push((args.str(i)?, args.any(i + 1)?));
    }
    // Constant names are looked through once; others row by row.
    let names: Option<Vec<&str>> = pairs.iter().map(|(name, _)| name.constant()).collect();
    let unique = names.is_some_and(|mut names| {
        names.sort_unstable();
        names.windows(2).all(|w| w.first() != w.last())
    });
    dyn_result(args.rows, |row, w| {
        w.begin_bag();
        for (i, (name, value)) in pairs.iter().enumerate() {
            let name = name.get(row);
            let mut value = value.get(row);
            if !unique {
                let same = |(other, _): &&(Strs<'_>, Any<'_>)| other.get(row) == name;
                if pairs.iter().take(i).any(|p| same(&p)) {
                    continue;
                }
                if let Some((_, last)) = pairs.iter().skip(i + 1).rfind(same) {
                    value = last.get(row);
                }
            }
            if keep(&value) {
                w.key(name);
                w.value(value);
            }
        }
        w.end();
    })
}
