//! What a query says, with the place of each part. No name is resolved and no type is known here.
//!
//! Scalars and tables share one [`Expr`]: `let x = (T | count)` and `let x = (1 + 2)` look alike until names are known.
//! Long lists (pipes, `and`, `or`, `in`) are vectors, never deep trees.

// The fields of variants say what they are by their names.
#![allow(missing_docs)]

mod operators;

pub use operators::{
    ColumnDeclOpt, EdgeDirection, ExpandItem, FindColumn, GraphOutput, GraphPart, Operator,
    OperatorKind, ParsePart, ReorderDirection, ScanStep, SeriesItem, SortKey, TopNestedLevel,
};

use kql_diag::Span;
use std::sync::Arc;

/// A whole text: statements in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// In the order of the text.
    pub statements: Vec<Statement>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// `let name = expr` (scalar or table: the binder knows).
    Let {
        name: Name,
        value: Arc<Expr>,
        span: Span,
    },
    /// `let name = view (params) { body }`
    LetFunction {
        name: Name,
        function: Arc<Function>,
        span: Span,
    },
    /// `set name` or `set name = value`
    Set {
        name: Name,
        value: Option<Expr>,
        span: Span,
    },
    /// `declare query_parameters(a:long = 1, ...)`
    QueryParameters {
        parameters: Vec<Parameter>,
        span: Span,
    },
    /// `alias database name = expr`
    Alias {
        name: Name,
        target: Expr,
        span: Span,
    },
    /// `declare pattern name ...`
    Pattern {
        name: Name,
        definition: Option<Pattern>,
        span: Span,
    },
    /// `restrict access to (a, b) with (x = y)`
    Restrict {
        targets: Vec<Expr>,
        properties: Vec<Property>,
        span: Span,
    },
    /// A query that gives a result.
    Query { expr: Expr, span: Span },
}

/// A name as written: `Level`, `['a b']`, `["a b"]`. `text` is the bare name.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// Without brackets and quotes.
    pub text: String,
    /// Whether it stood in brackets.
    pub bracketed: bool,
    /// Where.
    pub span: Span,
}

/// The body of a user function.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// `view`
    pub view: bool,
    /// In order.
    pub parameters: Vec<Parameter>,
    /// `let`s before the result.
    pub statements: Vec<Statement>,
    /// The result; none for an empty body.
    pub body: Option<Box<Expr>>,
    /// From the parameters to the closing brace.
    pub span: Span,
}

/// `name:type = default`, or a table `T:(a:string, *)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The name.
    pub name: Name,
    /// What it takes.
    pub kind: ParameterKind,
    /// Only scalars can have one.
    pub default: Option<Expr>,
    /// Where.
    pub span: Span,
}

/// What a parameter takes.
#[derive(Debug, Clone, PartialEq)]
pub enum ParameterKind {
    /// A scalar type by name (`long`, `dynamic`, ...).
    Scalar(Name),
    /// A table with at least these columns; `open` when `*` is among them.
    Table {
        columns: Vec<ColumnDecl>,
        open: bool,
    },
}

/// `name:type`.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnDecl {
    /// Column name.
    pub name: Name,
    /// Type name as written.
    pub type_name: Name,
    /// Values of a graph or scan default, where the place allows `= expr`.
    pub default: Option<Expr>,
}

/// `declare pattern` with its cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// `(a:string, b:string)`
    pub parameters: Vec<Parameter>,
    /// `[path:string]`
    pub path: Option<Parameter>,
    /// `("x").["y"] = { body }`
    pub cases: Vec<PatternCase>,
}

/// One case of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct PatternCase {
    /// Values of the arguments.
    pub arguments: Vec<Expr>,
    /// Value of the path.
    pub path: Option<Expr>,
    /// What it stands for.
    pub body: Function,
    /// Where.
    pub span: Span,
}

/// An expression with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// A scalar or a table.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A constant.
    Literal(Literal),
    /// A column, variable, table or function without parentheses.
    Name(Name),
    /// `*`
    Star,
    /// `Event*`, `*_s`: a name with at least one `*`.
    Wildcard(Name),
    /// `base.member`; `database("x").T` is this too. A member may be a `*` wildcard.
    Member { base: Box<Expr>, member: Name },
    /// `base[index]`
    Index { base: Box<Expr>, index: Box<Expr> },
    /// `f(a, name = b)`. `callee` is a plain name; `database("x").f(1)` is `MethodCall`.
    Call {
        name: Name,
        arguments: Vec<Argument>,
    },
    /// `base.f(a)`
    MethodCall {
        base: Box<Expr>,
        name: Name,
        arguments: Vec<Argument>,
    },
    /// `-a`, `+a`
    Unary { op: UnaryOp, operand: Box<Expr> },
    /// `a + b`, `a has b`, `a == b`.
    Binary {
        op: BinaryOp,
        op_span: Span,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// `a and b and c`
    And(Vec<Expr>),
    /// `a or b or c`
    Or(Vec<Expr>),
    /// `a in (b, c)`, `a has_any (b, c)`; the list may be one table.
    In {
        op: InOp,
        op_span: Span,
        value: Box<Expr>,
        list: Vec<Expr>,
    },
    /// `a between (b .. c)`
    Between {
        negated: bool,
        value: Box<Expr>,
        low: Box<Expr>,
        high: Box<Expr>,
    },
    /// `entity_group [database("a"), database("b")]`
    EntityGroup(Vec<Expr>),
    /// `typeof(long)`, `typeof(a:long, b:string)`, `typeof(*, a:long)`: the name is empty in the first form and for `*`.
    TypeOf(Vec<ColumnDecl>),
    /// `(expr)`: kept because it ends a chain of assignments and names, and so that text prints back as it was.
    Paren(Box<Expr>),
    /// `source | op | op`. Without a source the first operator stands on its own (`print 1`, `range x ...`,
    /// `union A, B`, `search "x"`, `find ...`), or takes the rows of the place (the body of `mv-apply`, `fork`, ...).
    Pipe {
        source: Option<Box<Expr>>,
        operators: Vec<Operator>,
    },
    /// `datatable(a:long)[1, 2]`
    DataTable {
        columns: Vec<ColumnDecl>,
        values: Vec<Expr>,
    },
    /// `externaldata(a:long)[@"url"] with (format="csv")`
    ExternalData {
        columns: Vec<ColumnDecl>,
        locations: Vec<Expr>,
        properties: Vec<Property>,
    },
    /// `view () { ... }` or `(a:long) { ... }` where an expression may stand.
    Lambda(Arc<Function>),
    /// A place that could not be read; a diagnostic says why.
    Error,
}

/// A constant, decoded.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `true`, `bool(true)`
    Bool(bool),
    /// `int(5)`
    Int(i32),
    /// `5`, `0xff`, `long(5)`
    Long(i64),
    /// `1.5`, `real(1)`, `real(nan)`, `double(+inf)`
    Real(f64),
    /// `decimal(1.5)`, normalised decimal text such as `-1.5`.
    Decimal(String),
    /// Every string form, decoded; adjacent literals joined. `verbatim` or `obfuscated` forms differ only in the text.
    String(String),
    /// Ticks of 100 ns since 0001-01-01.
    DateTime(i64),
    /// `datetime(8:00)`: a time of the day on which the query runs, as ticks of 100 ns since midnight.
    TimeOfDay(i64),
    /// Ticks of 100 ns.
    TimeSpan(i64),
    /// Sixteen bytes in the order of the text.
    Guid([u8; 16]),
    /// `dynamic(...)`
    Dynamic(Dynamic),
    /// `long(null)`: the type's name as KQL calls it (`bool`, `int`, `long`, `real`, `decimal`, `datetime`, `timespan`,
    /// `guid`, `dynamic`).
    Null(&'static str),
}

/// The inside of `dynamic(...)`: JSON and KQL literals.
#[derive(Debug, Clone, PartialEq)]
pub enum Dynamic {
    /// `null`
    Null,
    /// Any literal with a value.
    Scalar(Box<Literal>),
    /// `[...]`
    Array(Vec<Dynamic>),
    /// `{...}` in the order of the text.
    Bag(Vec<(String, Dynamic)>),
}

/// `-a` or `+a`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `-`
    Minus,
    /// `+`
    Plus,
}

macro_rules! operators {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs)]
        pub enum $name { $($variant),* }
        impl $name {
            /// As KQL writes it.
            pub fn text(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }
            /// From KQL's text.
            pub fn from_text(text: &str) -> Option<Self> {
                match text { $($text => Some($name::$variant),)* _ => None }
            }
        }
    };
}

operators! {
    /// Operators with two operands. `<>` is `!=`, `notcontains` is `!contains`, and so on: one variant a meaning.
    /// `Colon` is `a : b` of `search` and `find`.
    BinaryOp {
        Add = "+", Subtract = "-", Multiply = "*", Divide = "/", Modulo = "%",
        Equal = "==", NotEqual = "!=", Less = "<", LessEqual = "<=", Greater = ">", GreaterEqual = ">=",
        EqualCi = "=~", NotEqualCi = "!~",
        Has = "has", NotHas = "!has", HasCs = "has_cs", NotHasCs = "!has_cs",
        HasPrefix = "hasprefix", NotHasPrefix = "!hasprefix",
        HasPrefixCs = "hasprefix_cs", NotHasPrefixCs = "!hasprefix_cs",
        HasSuffix = "hassuffix", NotHasSuffix = "!hassuffix",
        HasSuffixCs = "hassuffix_cs", NotHasSuffixCs = "!hassuffix_cs",
        Contains = "contains", NotContains = "!contains",
        ContainsCs = "contains_cs", NotContainsCs = "!contains_cs",
        StartsWith = "startswith", NotStartsWith = "!startswith",
        StartsWithCs = "startswith_cs", NotStartsWithCs = "!startswith_cs",
        EndsWith = "endswith", NotEndsWith = "!endswith",
        EndsWithCs = "endswith_cs", NotEndsWithCs = "!endswith_cs",
        Like = "like", NotLike = "notlike", LikeCs = "likecs", NotLikeCs = "notlikecs",
        MatchesRegex = "matches regex", Colon = ":",
    }
}

operators! {
    /// Operators with a list on their right side.
    InOp {
        In = "in", NotIn = "!in", InCi = "in~", NotInCi = "!in~", HasAny = "has_any", HasAll = "has_all",
    }
}

/// `expr` or `name = expr`.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// For calls by name.
    pub name: Option<Name>,
    /// The value; `*` is [`ExprKind::Star`].
    pub value: Expr,
}

/// `expr`, `name = expr` or `(a, b) = expr`.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedExpr {
    /// Empty when no name is given.
    pub names: Vec<Name>,
    /// The value.
    pub value: Expr,
    /// Where.
    pub span: Span,
}

/// `name = value` of an operator (`kind=inner`, `hint.strategy=shuffle`, `withsource=S`). The value is a name or literal.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// With its dots: `hint.strategy`.
    pub name: Name,
    /// The value; names stay names.
    pub value: Expr,
}
