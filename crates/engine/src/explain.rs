//! The stages of a query as text.

use crate::run::{ResultInfo, Sink};
use crate::session::{Prepared, Session};
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::display::DisplayableExecutionPlan;
use datafusion::physical_plan::{ExecutionPlan, displayable};
use kql_diag::{Diagnostic, Span, codes};
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
    /// The operators with what they measured while they ran.
    Analyze,
}

impl Session {
    /// A stage of a prepared text. What must be computed first (`toscalar`, `in (table)`, shared tables) is run for all
    /// stages behind the bound plan, because what follows is planned with its values; the results themselves are run for
    /// [`Stage::Analyze`] only.
    ///
    /// # Errors
    /// The first error of the text, of planning or of what was run.
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
        self.run_showing(bound, &mut Unseen, Some(stage))
            .map(|(_, text)| text)
    }
}

/// Rows that nobody looks at.
struct Unseen;

impl Sink for Unseen {
    fn begin(&mut self, _: &ResultInfo, _: &SchemaRef) -> std::io::Result<()> {
        Ok(())
    }

    fn batch(&mut self, _: &RecordBatch) -> std::io::Result<()> {
        Ok(())
    }

    fn end(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What a run shows of its plans.
#[derive(Debug)]
pub(crate) struct Shown {
    stage: Option<Stage>,
    /// The plans until now, each under its title.
    pub(crate) text: String,
    title: String,
}

impl Shown {
    pub(crate) fn of(stage: Option<Stage>) -> Self {
        Shown {
            stage,
            text: String::new(),
            title: String::new(),
        }
    }

    /// Whether the results are planned and not run.
    pub(crate) fn plans_only(&self) -> bool {
        self.stage.is_some_and(|s| s != Stage::Analyze)
    }

    /// A plan is made.
    pub(crate) fn planned(
        &mut self,
        title: &str,
        lowered: &LogicalPlan,
        optimised: &LogicalPlan,
        physical: &dyn ExecutionPlan,
    ) {
        let shown = match self.stage {
            None => return,
            Some(Stage::Plan) => format!("{}\n", lowered.display_indent()),
            Some(Stage::Optimised) => format!("{}\n", optimised.display_indent()),
            Some(Stage::Analyze) => {
                title.clone_into(&mut self.title);
                return;
            }
            Some(_) => displayable(physical).indent(true).to_string(),
        };
        let _ = write!(self.text, "-- {title}\n{shown}");
    }

    /// A plan has run to its end.
    pub(crate) fn ran(&mut self, plan: &dyn ExecutionPlan) {
        if self.stage == Some(Stage::Analyze) {
            let shown = DisplayableExecutionPlan::with_metrics(plan);
            let _ = write!(self.text, "-- {}\n{}", self.title, shown.indent(true));
        }
    }
}
