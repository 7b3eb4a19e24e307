//! Tabular operators and their parts.

use super::{Argument, ColumnDecl, Expr, Name, NamedExpr, Property, Statement};
use kql_diag::Span;

/// One step of a pipe with its place (from the operator's word to its end).
#[derive(Debug, Clone, PartialEq)]
pub struct Operator {
    /// What it does.
    pub kind: OperatorKind,
    /// The whole operator.
    pub span: Span,
    /// Its word, for messages.
    pub word: Span,
}

/// `expr asc nulls first`.
#[derive(Debug, Clone, PartialEq)]
pub struct SortKey {
    /// The key; may carry a name (`sort by x = a + b`).
    pub expr: NamedExpr,
    /// `asc` (true) or `desc` (false); none when not written.
    pub ascending: Option<bool>,
    /// `nulls first` (true) or `nulls last` (false); none when not written.
    pub nulls_first: Option<bool>,
}

/// One column of `mv-expand` or `mv-apply`: `name = expr to typeof(long)`.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpandItem {
    /// What is expanded.
    pub expr: NamedExpr,
    /// `to typeof(type)`
    pub to_type: Option<Name>,
}

/// A part of a `parse` pattern.
#[derive(Debug, Clone, PartialEq)]
pub enum ParsePart {
    /// `*`
    Star(Span),
    /// Text (or a regular expression when `kind=regex`).
    Text(String, Span),
    /// `name` or `name:type`
    Column(ColumnDeclOpt),
}

/// `name` with an optional type.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnDeclOpt {
    /// The name.
    pub name: Name,
    /// The type, as written.
    pub type_name: Option<Name>,
}

/// One series of `make-series`: `name = agg default = 0`.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesItem {
    /// The aggregate.
    pub expr: NamedExpr,
    /// `default = value`
    pub default: Option<Expr>,
}

/// One level of `top-nested`.
#[derive(Debug, Clone, PartialEq)]
pub struct TopNestedLevel {
    /// How many; none means all.
    pub count: Option<Expr>,
    /// `of`
    pub of: NamedExpr,
    /// `with others = expr`
    pub others: Option<Expr>,
    /// `by`
    pub by: NamedExpr,
    /// `asc` or `desc`.
    pub ascending: Option<bool>,
}

/// One `step` of `scan`.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanStep {
    /// Its name.
    pub name: Name,
    /// `optional`
    pub optional: bool,
    /// `output = all | last | none`
    pub output: Option<Name>,
    /// The condition.
    pub condition: Expr,
    /// `=> column = expr, ...`
    pub assignments: Vec<NamedExpr>,
    /// Where.
    pub span: Span,
}

/// A column list item of `find ... project`, `name`, `name:type`, `pack(*)` or `pack_all()`.
#[derive(Debug, Clone, PartialEq)]
pub struct FindColumn {
    /// The column, or `pack`.
    pub expr: Expr,
    /// A declared type.
    pub type_name: Option<Name>,
}

/// One pattern of `graph-match`: nodes and edges in turn.
#[derive(Debug, Clone, PartialEq)]
pub enum GraphPart {
    /// `(name)`; empty name when anonymous.
    Node(Option<Name>, Span),
    /// `-[name*1..5]->`, `<-[e]-`, `-[e]-`, `-->`, `<--`, `--`.
    Edge {
        name: Option<Name>,
        direction: EdgeDirection,
        range: Option<(Expr, Expr)>,
        span: Span,
    },
}

/// Which way an edge of a graph pattern goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EdgeDirection {
    /// `-->`
    Right,
    /// `<--`
    Left,
    /// `--`
    Any,
}

/// Every tabular operator. `parameters` are the `name=value` pairs right after the operator's word.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum OperatorKind {
    As {
        parameters: Vec<Property>,
        name: Name,
    },
    AssertSchema {
        columns: Vec<ColumnDecl>,
    },
    Consume {
        parameters: Vec<Property>,
    },
    Count {
        name: Option<Name>,
    },
    Distinct {
        parameters: Vec<Property>,
        items: Vec<NamedExpr>,
    },
    /// `evaluate bag_unpack(d) : (*, a:long)`; `schema_open` when the `*` is there.
    Evaluate {
        parameters: Vec<Property>,
        name: Name,
        arguments: Vec<Argument>,
        schema: Option<Vec<ColumnDecl>>,
        schema_open: bool,
    },
    ExecuteAndCache,
    Extend {
        items: Vec<NamedExpr>,
    },
    Facet {
        by: Vec<Expr>,
        with: Option<Box<Expr>>,
    },
    Find {
        parameters: Vec<Property>,
        tables: Vec<Expr>,
        predicate: Option<Box<Expr>>,
        project: Option<Vec<FindColumn>>,
        project_smart: bool,
        project_away: Vec<Expr>,
    },
    /// Each branch is a pipe without a source.
    Fork {
        branches: Vec<(Option<Name>, Expr)>,
    },
    GetSchema,
    GraphMarkComponents {
        parameters: Vec<Property>,
    },
    GraphMatch {
        parameters: Vec<Property>,
        patterns: Vec<Vec<GraphPart>>,
        condition: Option<Box<Expr>>,
        project: Vec<NamedExpr>,
        shortest: bool,
    },
    /// `graph-to-table nodes as N with_node_id=id, edges as E ...`
    GraphToTable {
        outputs: Vec<GraphOutput>,
    },
    GraphWhere {
        edges: bool,
        predicate: Box<Expr>,
    },
    Invoke {
        name: Name,
        arguments: Vec<Argument>,
    },
    Join {
        parameters: Vec<Property>,
        right: Box<Expr>,
        on: Vec<Expr>,
        on_word: bool,
    },
    Lookup {
        parameters: Vec<Property>,
        right: Box<Expr>,
        on: Vec<Expr>,
    },
    MacroExpand {
        parameters: Vec<Property>,
        group: Box<Expr>,
        scope: Name,
        statements: Vec<Statement>,
        body: Option<Box<Expr>>,
    },
    MakeGraph {
        parameters: Vec<Property>,
        source: Name,
        target: Name,
        directed: bool,
        /// `with Nodes on Id, ...`
        nodes: Vec<(Expr, Name)>,
        /// `with_node_id = name`
        node_id: Option<Name>,
        /// `partitioned-by column (subgraph)`
        partition: Option<(Name, Box<Expr>)>,
    },
    MakeSeries {
        parameters: Vec<Property>,
        items: Vec<SeriesItem>,
        on: Box<NamedExpr>,
        from: Option<Box<Expr>>,
        to: Option<Box<Expr>>,
        step: Option<Box<Expr>>,
        /// `in range(a, b, step)`
        in_range: Option<(Box<Expr>, Box<Expr>, Box<Expr>)>,
        by: Vec<NamedExpr>,
    },
    MvApply {
        parameters: Vec<Property>,
        items: Vec<ExpandItem>,
        limit: Option<Box<Expr>>,
        id: Option<Box<Expr>>,
        body: Box<Expr>,
    },
    MvExpand {
        parameters: Vec<Property>,
        items: Vec<ExpandItem>,
        limit: Option<Box<Expr>>,
    },
    Parse {
        where_: bool,
        parameters: Vec<Property>,
        source: Box<Expr>,
        parts: Vec<ParsePart>,
    },
    ParseKv {
        source: Box<Expr>,
        columns: Vec<ColumnDecl>,
        properties: Vec<Property>,
    },
    Partition {
        parameters: Vec<Property>,
        by: Box<Expr>,
        scope: Option<Box<Expr>>,
        body: Box<Expr>,
        braces: bool,
    },
    PartitionBy {
        parameters: Vec<Property>,
        by: Name,
        body: Box<Expr>,
    },
    Print {
        items: Vec<NamedExpr>,
    },
    Project {
        items: Vec<NamedExpr>,
    },
    ProjectAway {
        items: Vec<Expr>,
    },
    ProjectByNames {
        items: Vec<Expr>,
    },
    ProjectKeep {
        items: Vec<Expr>,
    },
    ProjectRename {
        items: Vec<NamedExpr>,
    },
    ProjectReorder {
        items: Vec<(Expr, Option<ReorderDirection>)>,
    },
    Range {
        name: Name,
        from: Box<Expr>,
        to: Box<Expr>,
        step: Box<Expr>,
    },
    Reduce {
        parameters: Vec<Property>,
        by: Box<Expr>,
        with: Vec<Property>,
    },
    /// `render timechart with (title="x")`; properties without `with` are here too.
    Render {
        kind: Name,
        properties: Vec<Property>,
    },
    Sample {
        count: Box<Expr>,
    },
    SampleDistinct {
        count: Box<Expr>,
        of: Box<Expr>,
    },
    Scan {
        parameters: Vec<Property>,
        order_by: Vec<SortKey>,
        partition_by: Vec<Expr>,
        declare: Vec<ColumnDecl>,
        steps: Vec<ScanStep>,
    },
    Search {
        parameters: Vec<Property>,
        tables: Vec<Expr>,
        predicate: Box<Expr>,
    },
    Serialize {
        items: Vec<NamedExpr>,
    },
    Sort {
        parameters: Vec<Property>,
        keys: Vec<SortKey>,
    },
    Summarize {
        parameters: Vec<Property>,
        aggregates: Vec<NamedExpr>,
        by: Vec<NamedExpr>,
        by_word: bool,
    },
    Take {
        count: Box<Expr>,
    },
    Top {
        parameters: Vec<Property>,
        count: Box<Expr>,
        keys: Vec<SortKey>,
        others: Option<Box<Expr>>,
    },
    TopHitters {
        count: Box<Expr>,
        of: Box<Expr>,
        by: Option<Box<Expr>>,
    },
    TopNested {
        levels: Vec<TopNestedLevel>,
    },
    Union {
        parameters: Vec<Property>,
        tables: Vec<Expr>,
    },
    Where {
        parameters: Vec<Property>,
        predicate: Box<Expr>,
    },
    /// An operator whose word is not KQL's, or whose rest could not be read; a diagnostic says so.
    Error,
}

/// `graph-to-table nodes as N with_node_id = id`.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphOutput {
    /// `edges` rather than `nodes`.
    pub edges: bool,
    /// `as name`
    pub name: Option<Name>,
    /// `with_node_id = x`, `with_source_id = x`, `with_target_id = x`.
    pub properties: Vec<Property>,
}

/// How `project-reorder` orders what a wildcard matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ReorderDirection {
    Asc,
    Desc,
    GrannyAsc,
    GrannyDesc,
}
