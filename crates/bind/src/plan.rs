//! The bound plan: names are resolved to [`ColumnId`]s, every expression has a type and every conversion is written.
//!
//! A column id is made once and never again, so the plan has no shadowing, no duplicates and no case questions. What the
//! user calls a column stands only in a relation's [`Field`]s; `project-rename`, `project-away`, `project-reorder` and
//! plain `project` are therefore no steps of the plan at all, only other fields over the same relation.

// The fields of variants say what they are by their names.
#![allow(missing_docs)]

mod expr;

pub use expr::{Expr, ExprKind, PathStep};

use kql_diag::Span;
use kql_types::{Type, Value};

/// A column of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColumnId(pub u32);

/// A scalar that is computed before the query (`toscalar`): an index into [`BoundQuery::scalars`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScalarId(pub u32);

/// A relation that is computed once and used several times: an index into [`BoundQuery::shared`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SharedId(pub u32);

/// A set of values that is computed before the query (`x in (T | project y)`): an index into [`BoundQuery::sets`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SetId(pub u32);

/// A column as the user sees it at one place of the query.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The user's name.
    pub name: String,
    /// Which column.
    pub id: ColumnId,
    /// Its type.
    pub ty: Type,
}

/// Everything that a text asks for.
#[derive(Debug, Clone, Default)]
pub struct BoundQuery {
    /// What must be computed first, in this order: each step may use the steps before it.
    pub steps: Vec<Step>,
    /// By [`ScalarId`].
    pub scalars: Vec<ScalarQuery>,
    /// By [`SharedId`].
    pub shared: Vec<Relation>,
    /// By [`SetId`]: relations of one field.
    pub sets: Vec<Relation>,
    /// The results in order.
    pub results: Vec<ResultTable>,
    /// The type of every column, by [`ColumnId`].
    pub column_types: Vec<Type>,
    /// The options of `set` that mean something here.
    pub options: Vec<(String, Value)>,
}

/// One thing to compute before the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A scalar.
    Scalar(ScalarId),
    /// A shared relation.
    Shared(SharedId),
    /// A set.
    Set(SetId),
}

/// `toscalar(...)`: the first field of the first row, else the null of the type.
#[derive(Debug, Clone)]
pub struct ScalarQuery {
    /// Where it comes from; its first field counts.
    pub relation: Relation,
    /// The type.
    pub ty: Type,
}

/// One result.
#[derive(Debug, Clone)]
pub struct ResultTable {
    /// `PrimaryResult` or the name that `as`, `fork` or `facet` gave.
    pub name: String,
    /// The rows; its fields are the columns.
    pub relation: Relation,
    /// What `render` said.
    pub render: Option<Render>,
}

/// What `render` knows by name.
pub const CHARTS: [&str; 21] = [
    "3Dchart",
    "anomalychart",
    "areachart",
    "barchart",
    "card",
    "columnchart",
    "graph",
    "ladderchart",
    "linechart",
    "list",
    "piechart",
    "pivotchart",
    "plotly",
    "sankey",
    "scatterchart",
    "stackedareachart",
    "table",
    "timechart",
    "timeline",
    "timepivot",
    "treemap",
];

/// `render timechart with (title = "x")`.
#[derive(Debug, Clone, PartialEq)]
pub struct Render {
    /// `timechart`, `table`, ...
    pub kind: String,
    /// Properties in order; names lists are joined with commas.
    pub properties: Vec<(String, Value)>,
}

/// Rows with fields.
#[derive(Debug, Clone)]
pub struct Relation {
    /// How the rows come to be.
    pub kind: RelationKind,
    /// What the user sees, in order. Every id is a column of `kind`; one id may stand twice.
    pub fields: Vec<Field>,
    /// Where it is written.
    pub span: Span,
    /// Whether the rows have an order that later steps may rely on (`sort`, `serialize`, `range`, `top`, `datatable`).
    pub ordered: bool,
}

/// A new column and its value.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The new column.
    pub id: ColumnId,
    /// Its value.
    pub value: Expr,
}

/// The steps of a plan.
#[derive(Debug, Clone)]
pub enum RelationKind {
    /// A table. Columns that nobody uses have been taken out.
    Scan {
        /// The catalog's name of it.
        table: String,
        /// `(new id, the source's column name)`.
        columns: Vec<(ColumnId, String, Type)>,
        /// Whether it is known to have no row: a known table without data.
        empty: bool,
    },
    /// `externaldata`.
    External {
        /// The columns of the file in order, all of them; the id is none where nobody uses the column.
        columns: Vec<(Option<ColumnId>, String, Type)>,
        /// As written.
        locations: Vec<String>,
        /// `format`, `ignoreFirstRecord`, `zipPattern`, ... in lower case.
        properties: Vec<(String, Value)>,
    },
    /// Constant rows (`datatable`, `print` of constants, `getschema`).
    Values {
        /// The columns.
        columns: Vec<(ColumnId, Type)>,
        /// The rows; each has a value a column.
        rows: Vec<Vec<Value>>,
    },
    /// `range x from a to b step c`: all three are constants or scalars of earlier steps.
    Range {
        column: ColumnId,
        from: Expr,
        to: Expr,
        step: Expr,
    },
    /// A relation that was computed before; `(new id, its id there)`.
    Shared {
        id: SharedId,
        columns: Vec<(ColumnId, ColumnId)>,
    },
    /// Rows for which the predicate is true.
    Filter {
        input: Box<Relation>,
        predicate: Expr,
    },
    /// The input's columns and these. Assignments see the input's columns only, not each other.
    Extend {
        input: Box<Relation>,
        assignments: Vec<Assignment>,
    },
    /// A row a group. No keys: one row, also over nothing. No aggregates: `distinct`.
    Aggregate {
        input: Box<Relation>,
        keys: Vec<Assignment>,
        aggregates: Vec<Aggregate>,
    },
    /// Sorted rows; with `partition` the order is that within equal values of these columns.
    Sort {
        input: Box<Relation>,
        keys: Vec<SortKey>,
    },
    /// The first rows (of each group of equal `partition` columns), in the input's order.
    Limit {
        input: Box<Relation>,
        count: Expr,
        partition: Vec<ColumnId>,
    },
    /// `top`: sort and limit in one, so that the engine may keep a heap.
    Top {
        input: Box<Relation>,
        keys: Vec<SortKey>,
        count: Expr,
        partition: Vec<ColumnId>,
    },
    /// A join; see [`Join`].
    Join(Box<Join>),
    /// Rows of all inputs.
    Union {
        inputs: Vec<Relation>,
        columns: Vec<UnionColumn>,
    },
    /// The same rows; no work from above is done below this place.
    Fence { input: Box<Relation> },
    /// The same rows in a fixed order from here on.
    Serialize { input: Box<Relation> },
    /// Window functions over serialized rows (`prev`, `row_number`), restarted for each value of `partition`.
    Window {
        input: Box<Relation>,
        calls: Vec<WindowCall>,
        partition: Vec<ColumnId>,
    },
    /// A new column that numbers the rows of the input, unique and stable (used by `mv-apply`).
    RowId { input: Box<Relation>, id: ColumnId },
    /// `mv-expand`; see [`MvExpand`].
    MvExpand(Box<MvExpand>),
    /// `parse`; see [`Parse`].
    Parse(Box<Parse>),
    /// `parse-kv`; see [`ParseKv`].
    ParseKv(Box<ParseKv>),
    /// `scan`; see [`ScanSteps`].
    ScanSteps(Box<ScanSteps>),
    /// `make-series`; see [`MakeSeries`].
    MakeSeries(Box<MakeSeries>),
    /// The nodes of a graph; see [`crate::graph::GraphNodes`].
    GraphNodes(Box<crate::graph::GraphNodes>),
    /// The matches of a pattern in a graph; see [`crate::graph::GraphMatch`].
    GraphMatch(Box<crate::graph::GraphMatch>),
    /// One of two plans of the same rows; see [`Either`].
    Either(Box<Either>),
    /// A random sample of rows.
    Sample { input: Box<Relation>, count: Expr },
    /// `evaluate plugin(...)` and table operators that are made like plugins (`reduce`, `scan`, ...): a named node with
    /// inputs, constant arguments, column arguments and output columns. The planner knows each by name.
    Custom(Box<Custom>),
}

/// Two plans of the same rows; which is better follows from how many rows an earlier step gave.
#[derive(Debug, Clone)]
pub struct Either {
    /// The earlier step.
    pub groups: SharedId,
    /// The table whose rows they are groups of.
    pub table: String,
    /// The plan for few groups.
    pub few: Relation,
    /// The plan for many.
    pub many: Relation,
}

/// A column of a union.
#[derive(Debug, Clone)]
pub struct UnionColumn {
    /// The new column.
    pub id: ColumnId,
    /// Its type.
    pub ty: Type,
    /// The input (by its place) and the value there, in order; null in the inputs that are not named.
    pub values: Vec<(usize, Expr)>,
}

impl UnionColumn {
    /// The value in an input, if it has one.
    pub fn value(&self, input: usize) -> Option<&Expr> {
        let at = self.values.binary_search_by_key(&input, |(i, _)| *i).ok()?;
        self.values.get(at).map(|(_, e)| e)
    }
}

/// A named step of its own.
#[derive(Debug, Clone)]
pub struct Custom {
    /// `pivot`, `bag_unpack`, `scan`, ...
    pub name: String,
    /// The rows it works on.
    pub inputs: Vec<Relation>,
    /// Its arguments, in an order that belongs to the name.
    pub arguments: Vec<Expr>,
    /// Constants by name.
    pub settings: Vec<(String, Value)>,
    /// What it adds or gives.
    pub outputs: Vec<(ColumnId, String, Type)>,
    /// Whether the input's columns are still there besides the outputs.
    pub keeps_input: bool,
    /// Where it is written.
    pub span: Span,
}

/// One aggregate of a summarize.
#[derive(Debug, Clone)]
pub struct Aggregate {
    /// One column, or several (`arg_max(x, *)`, `percentiles`).
    pub outputs: Vec<ColumnId>,
    /// The catalog's name (`sum`, never `sumif`: see `filter`).
    pub function: String,
    /// Arguments, converted.
    pub arguments: Vec<Expr>,
    /// Only rows for which this is true.
    pub filter: Option<Expr>,
    /// Where.
    pub span: Span,
}

/// One key of a sort.
#[derive(Debug, Clone)]
pub struct SortKey {
    /// The key.
    pub value: Expr,
    /// Ascending.
    pub ascending: bool,
    /// Nulls first. (An empty string is no null.)
    pub nulls_first: bool,
}

/// The kinds of join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum JoinKind {
    /// One left row a key, then inner.
    InnerUnique,
    Inner,
    LeftOuter,
    RightOuter,
    FullOuter,
    LeftSemi,
    LeftAnti,
    RightSemi,
    RightAnti,
}

/// `join` or `lookup`. Columns of both sides keep their ids; for semi and anti joins only one side's are there. Null keys
/// match null keys.
#[derive(Debug, Clone)]
pub struct Join {
    /// Left.
    pub left: Relation,
    /// Right.
    pub right: Relation,
    /// Kind.
    pub kind: JoinKind,
    /// Pairs of equal keys, left and right, of one type. Empty: a cross join (`on 1 == 1` has been taken out).
    pub on: Vec<(Expr, Expr)>,
    /// What else holds of a pair (`ipv4_lookup`).
    pub filter: Option<Expr>,
    /// `hint.*` as written.
    pub hints: Vec<(String, Value)>,
}

/// One window function.
#[derive(Debug, Clone)]
pub struct WindowCall {
    /// The new column.
    pub id: ColumnId,
    /// `prev`, `next`, `row_number`, `row_cumsum`, `row_rank_dense`, `row_rank_min`, `row_window_session`.
    pub function: String,
    /// Converted.
    pub arguments: Vec<Expr>,
    /// Where.
    pub span: Span,
}

/// `mv-expand`.
#[derive(Debug, Clone)]
pub struct MvExpand {
    /// Input.
    pub input: Relation,
    /// `(dynamic value, new column, its type after "to typeof")`.
    pub items: Vec<(Expr, ColumnId, Type)>,
    /// `with_itemindex`
    pub index: Option<ColumnId>,
    /// `bagexpansion=array`: a property becomes `[key, value]` instead of `{key: value}`.
    pub bag_as_array: bool,
    /// Most rows from one row.
    pub limit: Option<Expr>,
}

/// `parse` and `parse-where`.
#[derive(Debug, Clone)]
pub struct Parse {
    /// Input.
    pub input: Relation,
    /// The text.
    pub source: Expr,
    /// `simple`, `relaxed` or `regex`.
    pub kind: ParseKind,
    /// Letters of `flags` (`i`, `m`, `s`, `U`).
    pub flags: String,
    /// In order.
    pub parts: Vec<ParsePart>,
    /// Only rows that match.
    pub filter: bool,
}

/// How a parse pattern is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParseKind {
    /// Text as it is; a value that cannot be converted fails the row.
    Simple,
    /// Text as it is; a value that cannot be converted is null.
    Relaxed,
    /// Regular expressions.
    Regex,
}

/// A part of a parse pattern.
#[derive(Debug, Clone, PartialEq)]
pub enum ParsePart {
    /// Anything.
    Star,
    /// This text or regular expression.
    Text(String),
    /// Up to the next part, into a new column.
    Column(ColumnId, Type),
}

/// `parse-kv`.
#[derive(Debug, Clone)]
pub struct ParseKv {
    /// Input.
    pub input: Relation,
    /// The text.
    pub source: Expr,
    /// Keys with their new columns.
    pub keys: Vec<(String, ColumnId, Type)>,
    /// How keys and values are told apart.
    pub mode: KvMode,
    /// Opening and closing quotes.
    pub quotes: Vec<(char, char)>,
    /// What takes a quote's meaning away.
    pub escapes: Vec<char>,
}

/// How `parse-kv` tells keys and values apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KvMode {
    /// A text between pairs and one between a key and its value.
    Delimiters {
        pair: String,
        kv: String,
        /// A value goes on to the next key.
        greedy: bool,
    },
    /// Whatever is no letter and no digit.
    Words,
    /// Two groups: the key and its value.
    Regex(String),
}

/// `scan`: rows in order against steps that remember what matched.
#[derive(Debug, Clone)]
pub struct ScanSteps {
    /// Input.
    pub input: Relation,
    /// Rows of other values are scanned by themselves.
    pub partition: Vec<ColumnId>,
    /// The number of the sequence.
    pub match_id: Option<ColumnId>,
    /// Declared columns, and columns of the input that a step gives another value.
    pub outputs: Vec<ScanOutput>,
    /// What expressions read of what steps remember.
    pub states: Vec<ScanState>,
    /// In order.
    pub steps: Vec<ScanStep>,
}

/// A column that `scan` gives.
#[derive(Debug, Clone)]
pub struct ScanOutput {
    /// The new column.
    pub id: ColumnId,
    /// Its type.
    pub ty: Type,
    /// Its value where a step does not give it one: a constant or a column of the input.
    pub otherwise: Expr,
}

/// `step.column`: a column of the row that matched a step last.
#[derive(Debug, Clone)]
pub struct ScanState {
    /// What expressions call it.
    pub id: ColumnId,
    /// Its type.
    pub ty: Type,
    /// The step by its place.
    pub step: usize,
    /// An output by its place, or a column of the input.
    pub of: Result<usize, ColumnId>,
}

/// A step of `scan`.
#[derive(Debug, Clone)]
pub struct ScanStep {
    /// Which rows are given.
    pub given: ScanGiven,
    /// When a row matches.
    pub condition: Expr,
    /// Values of outputs by their places.
    pub assignments: Vec<(usize, Expr)>,
}

/// Which of the rows that match a step are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScanGiven {
    /// Every one.
    All,
    /// The last one of a sequence.
    Last,
    /// None.
    None,
}

/// `make-series`.
#[derive(Debug, Clone)]
pub struct MakeSeries {
    /// Input.
    pub input: Relation,
    /// Each with the value of an empty bin.
    pub aggregates: Vec<(Aggregate, Expr)>,
    /// The axis.
    pub on: Expr,
    /// First bin; none: the smallest value.
    pub from: Option<Expr>,
    /// Past the last bin; none: past the greatest value.
    pub to: Option<Expr>,
    /// Width.
    pub step: Expr,
    /// Groups.
    pub by: Vec<Assignment>,
    /// The array of the bins' starts.
    pub axis: ColumnId,
    /// `in range(a, b, step)`: the end belongs to the series.
    pub inclusive: bool,
}
