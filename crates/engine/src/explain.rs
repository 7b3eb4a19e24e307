//! The stages of a query as text.

use crate::errors::diagnose;
use crate::limits;
use crate::session::{Prepared, Session, on_large_stack};
use kql_diag::{Diagnostic, Span, codes};
use kql_plan::{Computed, Lowering};
use std::fmt::Write;

/// What `explain` shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The tree.
    Ast,
    /// The bound plan.
    Bound,
    /// The plan as it is lowered.
    Plan,
    /// The plan after its optimiser.
    Optimised,
    /// The operators that run.
    Physical,
}

impl Session {
    /// A stage of a prepared text. Results that need other results first (`toscalar`, `in (table)`, shared tables) are
    /// shown up to the bound plan only.
    ///
    /// # Errors
    /// The first error of the text or of planning.
    pub fn explain(&self, prepared: &Prepared, stage: Stage) -> Result<String, Diagnostic> {
        if stage == Stage::Ast {
            return Ok(format!("{:#?}\n", prepared.ast));
        }
        if let Some(d) = prepared.error() {
            return Err(d.clone());
        }
        let Some(bound) = &prepared.bound else {
            return Err(Diagnostic::error(
                codes::INTERNAL,
                Span::default(),
                "the query is not bound",
            ));
        };
        if stage == Stage::Bound {
            return Ok(format!("{bound:#?}\n"));
        }
        if let Some(step) = bound.steps.first() {
            let span = bound
                .results
                .first()
                .map(|r| r.relation.span)
                .unwrap_or_default();
            let d = Diagnostic::unsupported(
                span,
                format!("this stage of a query that computes a part first ({step:?})"),
            );
            return Err(d.with_help("--emit bound shows it"));
        }
        let tokio = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| {
                Diagnostic::error(
                    codes::INTERNAL,
                    Span::default(),
                    format!("no threads can be had: {e}"),
                )
            })?;
        let runtime = limits::runtime(&self.options).map_err(|e| diagnose(&e, Span::default()))?;
        let work = || {
            let mut out = String::new();
            for table in &bound.results {
                let span = table.relation.span;
                let computed = Computed::default();
                let lowered = Lowering::new(bound, self.workspace.as_ref(), &computed)
                    .lower(&table.relation, true)?;
                let state = limits::state(&self.options, &runtime, lowered.small);
                match stage {
                    Stage::Plan => {
                        let _ = writeln!(out, "{}", lowered.plan.display_indent());
                    }
                    Stage::Optimised => {
                        let plan = state
                            .optimize(&lowered.plan)
                            .map_err(|e| diagnose(&e, span))?;
                        let _ = writeln!(out, "{}", plan.display_indent());
                    }
                    _ => {
                        let plan = tokio
                            .block_on(state.create_physical_plan(&lowered.plan))
                            .map_err(|e| diagnose(&e, span))?;
                        let shown = datafusion::physical_plan::displayable(plan.as_ref());
                        let _ = write!(out, "{}", shown.indent(true));
                    }
                }
            }
            Ok(out)
        };
        on_large_stack(work).unwrap_or_else(|| {
            Err(Diagnostic::error(
                codes::INTERNAL,
                Span::default(),
                "planning stopped unexpectedly",
            ))
        })
    }
}
