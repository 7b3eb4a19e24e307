//! The only registry of codes: 01xx syntax, 02xx names, 03xx types and calls, 04xx not supported, 05xx run time and
//! input, 06xx content files, 09xx our own faults. A code is never used again for something else.

/// A code such as `KQL0201`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub u16);

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KQL{:04}", self.0)
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $title:literal;)*) => {
        $($(#[$doc])* pub const $name: Code = Code($number);)*
        /// Every code with its title, in order.
        pub const ALL: &[(Code, &str)] = &[$(($name, $title)),*];
    };
}

codes! {
    /// The text is no KQL at this place.
    SYNTAX = 101, "syntax error";
    /// Brackets or expressions are nested deeper than the limit.
    TOO_DEEP = 102, "nested too deeply";
    /// The text is longer than the limit.
    TOO_LONG = 103, "query text too long";
    /// A literal that cannot be read, such as `datetime(2024-13-01)`.
    BAD_LITERAL = 104, "literal cannot be read";
    /// There is no query in the text.
    EMPTY = 105, "no query";

    /// A column that is not there.
    UNKNOWN_COLUMN = 201, "unknown column";
    /// A table that is not there.
    UNKNOWN_TABLE = 202, "unknown table";
    /// A function that does not exist.
    UNKNOWN_FUNCTION = 203, "unknown function";
    /// A name that means several things at its place.
    AMBIGUOUS = 204, "ambiguous name";
    /// A name that is declared twice.
    DUPLICATE_NAME = 205, "name declared twice";
    /// An operator or keyword that KQL does not have.
    UNKNOWN_OPERATOR = 206, "unknown operator";
    /// An option, parameter or property that does not exist.
    UNKNOWN_OPTION = 207, "unknown option";
    /// A known table for which no data was given.
    NO_DATA = 208, "table without data";
    /// A function that calls itself.
    RECURSION = 209, "recursive function";

    /// The wrong number of arguments.
    ARGUMENT_COUNT = 301, "wrong number of arguments";
    /// An argument of the wrong type.
    ARGUMENT_TYPE = 302, "wrong argument type";
    /// A value of the wrong type.
    TYPE_MISMATCH = 303, "wrong type";
    /// Two types that cannot be compared.
    NOT_COMPARABLE = 304, "types cannot be compared";
    /// A constant is required here.
    NOT_CONSTANT = 305, "constant required";
    /// A table stands where a scalar is required, or the reverse.
    NOT_SCALAR = 306, "scalar or table required";
    /// An aggregate where none is allowed, or the reverse.
    AGGREGATE_PLACE = 307, "aggregate out of place";
    /// A value outside what the construct accepts.
    BAD_VALUE = 308, "value not accepted";
    /// A window function over rows without an order.
    NOT_SERIALIZED = 309, "rows are not serialized";
    /// A query parameter without a value.
    MISSING_PARAMETER = 310, "query parameter without a value";

    /// The language has it and this program has not.
    NOT_SUPPORTED = 401, "not supported";
    /// It needs the cloud, a network or an interpreter that is not here.
    NEEDS_SERVICE = 402, "needs a service";

    /// A file or folder cannot be read.
    INPUT = 501, "input cannot be read";
    /// A row or value in a file is broken.
    BAD_ROW = 502, "broken row";
    /// A file is not what its name says, or is cut off.
    BAD_FILE = 503, "broken file";
    /// The memory limit was reached.
    MEMORY = 504, "memory limit reached";
    /// The time limit was reached.
    TIMEOUT = 505, "time limit reached";
    /// Interrupted by the user.
    CANCELLED = 506, "interrupted";
    /// A location that no `--external` maps.
    EXTERNAL = 507, "external location not mapped";
    /// The query failed on a value (`assert`, a bad regular expression in a column, ...).
    RUN_TIME = 508, "run-time error";
    /// A result that could not be written whole.
    OUTPUT = 509, "output cannot be written";

    /// A rule, parser, workbook or template that is not as such files are.
    BAD_CONTENT = 601, "content file at fault";
    /// A setting of a rule names a column that its query does not give.
    CONTENT_COLUMN = 602, "setting names no column of the query";
    /// A rule whose query looks further back than the rule reads.
    SHORT_PERIOD = 603, "period shorter than the lookback";
    /// A workbook parameter or a placeholder without a value.
    NO_VALUE = 604, "placeholder without a value";

    /// A fault of this program.
    INTERNAL = 901, "internal fault";
}
