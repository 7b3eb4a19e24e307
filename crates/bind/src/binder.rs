//! The state of binding one text.

use crate::env::Env;
use crate::expr::Collector;
use crate::plan::{
    BoundQuery, ColumnId, Expr, Field, Relation, RelationKind, ScalarId, ScalarQuery, SetId,
    SharedId, Step,
};
use crate::scope::Scope;
use kql_diag::{Code, Diagnostic, Source, Span, codes};
use kql_syntax::ast;
use kql_types::{FunctionCatalog, Type};
use std::collections::BTreeSet;

/// What binding found.
#[derive(Debug, Default)]
pub struct Bound {
    /// The plan; complete only when no diagnostic is an error.
    pub query: BoundQuery,
    /// Findings in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Tables that the text names, sorted.
    pub tables: Vec<String>,
    /// Functions that the text names, sorted.
    pub functions: Vec<String>,
    /// Texts of stored functions, for spans whose source is 1 and more.
    pub sources: Vec<Source>,
    /// Locations that `externaldata` reads.
    pub externals: Vec<String>,
    /// Whether the last result may have columns that follow only from the data.
    pub open_schema: bool,
}

/// A fault was reported already: whoever gets this says nothing more of it.
#[derive(Debug, Clone, Copy)]
pub struct Poison;

/// A result whose fault was reported.
pub type Res<T> = Result<T, Poison>;

/// Calls of user functions inside each other.
const MOST_CALLS: usize = 64;
/// Parts of expressions that a text may stand for once its variables and functions are put in.
const MOST_PARTS: usize = 4_000_000;
/// What an operator counts as.
pub const PARTS_OF_OPERATOR: usize = 50;

pub struct Binder<'a> {
    pub scope: &'a dyn Scope,
    pub catalog: &'a dyn FunctionCatalog,
    pub out: BoundQuery,
    pub diagnostics: Vec<Diagnostic>,
    pub tables: BTreeSet<String>,
    pub functions: BTreeSet<String>,
    pub sources: Vec<Source>,
    /// The source that spans of the text at hand point into.
    pub source: u32,
    /// Names at the place at hand.
    pub env: Env,
    /// Stored functions that were read, by name; none where one could not be.
    pub stored: std::collections::HashMap<String, Option<std::rc::Rc<crate::env::UserFunction>>>,
    pub externals: BTreeSet<String>,
    /// Scans of tables with rows until now.
    pub scans: usize,
    /// User functions that are being bound, outermost first.
    pub calls: Vec<String>,
    /// Where aggregates and window functions of the operator at hand go.
    pub collector: Option<Collector>,
    /// What `render` said of the result at hand.
    pub render: Option<crate::plan::Render>,
    /// What `as` called the result at hand.
    pub result_name: Option<String>,
    /// The rows on which a body without a source works (`mv-apply`, `fork`, ...).
    pub implicit: Vec<Relation>,
    /// The columns that the body at hand is partitioned by (`mv-apply`, `partition`).
    pub partition: Vec<ColumnId>,
    /// The value of the partition whose body starts with a table of its own.
    pub partition_value: Option<ColumnId>,
    /// All subtables of that body, where some may have lost their rows.
    pub subtables: Option<crate::op::subtables::Subtables>,
    /// The steps of the `scan` at hand and the columns that they remember.
    pub states: Vec<(String, Vec<Field>)>,
    /// An operator before the place at hand could not be bound: names that are missing may be its names.
    pub quiet_names: bool,
    /// A plugin's columns are not known: names that are not found may be theirs.
    pub open_schema: bool,
    /// Names that `let` has declared at the top of the text.
    pub declared: std::collections::HashSet<String>,
    /// The call at hand whose several columns the operator takes.
    pub several: Option<Span>,
    /// What `set query_now` said.
    pub now: Option<i64>,
    /// Parts that were bound so far.
    pub parts: usize,
    /// What stands beside the pipe at hand instead of rows.
    pub graph: Option<crate::op::graph::GraphValue>,
    /// The pattern whose variables can be named here.
    pub graph_scope: Option<Box<crate::op::graph::GraphScope>>,
}

/// Binds a text.
pub fn bind(query: &ast::Query, scope: &dyn Scope, catalog: &dyn FunctionCatalog) -> Bound {
    let mut b = Binder {
        scope,
        catalog,
        out: BoundQuery::default(),
        diagnostics: Vec::new(),
        tables: BTreeSet::new(),
        functions: BTreeSet::new(),
        sources: Vec::new(),
        source: 0,
        env: Env::default(),
        stored: std::collections::HashMap::new(),
        scans: 0,
        externals: BTreeSet::new(),
        calls: Vec::new(),
        collector: None,
        render: None,
        result_name: None,
        implicit: Vec::new(),
        partition: Vec::new(),
        partition_value: None,
        subtables: None,
        states: Vec::new(),
        quiet_names: false,
        open_schema: false,
        declared: std::collections::HashSet::new(),
        several: None,
        now: None,
        parts: 0,
        graph: None,
        graph_scope: None,
    };
    b.query(query);
    crate::inline::inline_single_uses(&mut b.out);
    Bound {
        query: b.out,
        diagnostics: b.diagnostics,
        tables: b.tables.into_iter().collect(),
        functions: b.functions.into_iter().collect(),
        sources: b.sources,
        externals: b.externals.into_iter().collect(),
        open_schema: b.open_schema,
    }
}

impl Binder<'_> {
    /// A new column.
    pub fn column(&mut self, ty: Type) -> ColumnId {
        let id = ColumnId(u32::try_from(self.out.column_types.len()).unwrap_or(u32::MAX));
        self.out.column_types.push(ty);
        id
    }

    /// The type of a column.
    pub fn type_of(&self, id: ColumnId) -> Type {
        let types = &self.out.column_types;
        let at = usize::try_from(id.0).unwrap_or(usize::MAX);
        types.get(at).copied().unwrap_or(Type::Dynamic)
    }

    /// What `now()` means.
    pub fn time(&self) -> i64 {
        self.now.unwrap_or_else(|| self.scope.now())
    }

    /// A place in the text at hand.
    pub fn at(&self, span: Span) -> Span {
        span.in_source(self.source)
    }

    /// Reports a fault.
    pub fn report(&mut self, diagnostic: Diagnostic) -> Poison {
        // One fault is told once, also when its function is called many times.
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
        Poison
    }

    /// Reports an error at a place of the text at hand.
    pub fn fail(&mut self, code: Code, span: Span, message: impl Into<String>) -> Poison {
        let span = self.at(span);
        self.report(Diagnostic::error(code, span, message))
    }

    /// Reports a construct that is not made yet.
    pub fn unsupported(&mut self, span: Span, what: impl AsRef<str>) -> Poison {
        let span = self.at(span);
        self.report(Diagnostic::unsupported(span, what))
    }

    /// Counts parts. Variables and functions that use each other twice make a short text a plan without end.
    pub fn spend(&mut self, parts: usize, span: Span) -> Res<()> {
        let before = self.parts;
        self.parts = before.saturating_add(parts);
        if self.parts <= MOST_PARTS {
            return Ok(());
        }
        if before <= MOST_PARTS {
            let message = format!(
                "the query is too large: with its variables and functions put in it has more than {MOST_PARTS} parts"
            );
            self.fail(codes::TOO_DEEP, span, message);
        }
        Err(Poison)
    }

    /// Enters a user function. Functions of one name are told apart by where they are declared.
    pub fn enter(&mut self, name: &str, source: u32, declared: Span, span: Span) -> Res<()> {
        let key = format!("{name} {source}:{}", declared.start);
        if self.calls.contains(&key) {
            return Err(self.fail(
                codes::RECURSION,
                span,
                format!("function `{name}` calls itself"),
            ));
        }
        if self.calls.len() >= MOST_CALLS {
            return Err(self.fail(
                codes::TOO_DEEP,
                span,
                format!("more than {MOST_CALLS} functions call each other"),
            ));
        }
        self.calls.push(key);
        Ok(())
    }

    /// Registers a scalar that is computed first.
    pub fn add_scalar(&mut self, relation: Relation, ty: Type) -> ScalarId {
        let id = ScalarId(u32::try_from(self.out.scalars.len()).unwrap_or(u32::MAX));
        self.out.scalars.push(ScalarQuery { relation, ty });
        self.out.steps.push(Step::Scalar(id));
        id
    }

    /// Registers a set that is computed first.
    pub fn add_set(&mut self, relation: Relation) -> SetId {
        let id = SetId(u32::try_from(self.out.sets.len()).unwrap_or(u32::MAX));
        self.out.sets.push(relation);
        self.out.steps.push(Step::Set(id));
        id
    }

    /// Registers a relation that is computed once.
    pub fn add_shared(&mut self, relation: Relation) -> SharedId {
        let id = SharedId(u32::try_from(self.out.shared.len()).unwrap_or(u32::MAX));
        self.out.shared.push(relation);
        self.out.steps.push(Step::Shared(id));
        id
    }

    /// One more use of a shared relation, with columns of its own.
    pub fn use_shared(
        &mut self,
        id: SharedId,
        fields: &[Field],
        ordered: bool,
        span: Span,
    ) -> Relation {
        let mut columns: Vec<(ColumnId, ColumnId)> = Vec::with_capacity(fields.len());
        let mut mine = Vec::with_capacity(fields.len());
        for f in fields {
            let new = match columns.iter().find(|(_, old)| *old == f.id) {
                Some((new, _)) => *new,
                None => {
                    let new = self.column(f.ty);
                    columns.push((new, f.id));
                    new
                }
            };
            mine.push(Field {
                name: f.name.clone(),
                id: new,
                ty: f.ty,
            });
        }
        Relation {
            kind: RelationKind::Shared { id, columns },
            fields: mine,
            span: self.at(span),
            ordered,
        }
    }

    /// The relation with new columns computed from it; its fields stay as they are.
    pub fn extend(
        &mut self,
        input: Relation,
        assignments: Vec<crate::plan::Assignment>,
    ) -> Relation {
        if assignments.is_empty() {
            return input;
        }
        let (fields, span, ordered) = (input.fields.clone(), input.span, input.ordered);
        Relation {
            kind: RelationKind::Extend {
                input: Box::new(input),
                assignments,
            },
            fields,
            span,
            ordered,
        }
    }

    /// The column that an expression is, or a new one over the relation.
    pub fn as_column(
        &mut self,
        value: Expr,
        assignments: &mut Vec<crate::plan::Assignment>,
    ) -> ColumnId {
        if let crate::plan::ExprKind::Column(id) = value.kind {
            return id;
        }
        let id = self.column(value.ty);
        assignments.push(crate::plan::Assignment { id, value });
        id
    }
}
