//! `evaluate preview(n)`: the first rows, and how many there are, as two results.

use crate::binder::{Binder, Res};
use crate::op::fork::Source;
use crate::plan::ResultTable;
use kql_diag::{Span, codes};
use kql_syntax::ast;

impl Binder<'_> {
    pub(in crate::op) fn preview(
        &mut self,
        source: &Source,
        arguments: &[ast::Argument],
        span: Span,
    ) -> Res<Vec<ResultTable>> {
        self.functions.insert("preview".to_owned());
        let [count] = arguments else {
            let message = "preview requires a number of rows";
            return Err(self.fail(codes::ARGUMENT_COUNT, span, message));
        };
        let rows = self.rows_of(source, span);
        let rows = self.take(rows, &count.value, span)?;
        let all = self.rows_of(source, span);
        let all = self.count(all, None, span)?;
        Ok([rows, all]
            .map(|relation| ResultTable {
                name: "PrimaryResult".to_owned(),
                relation,
                render: None,
            })
            .into())
    }
}
