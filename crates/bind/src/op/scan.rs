//! `scan`: sequences of rows.

use crate::binder::{Binder, Res};
use crate::expr::Row;
use crate::plan::{
    Expr, Field, Relation, RelationKind, ScanGiven, ScanOutput, ScanState, ScanStep, ScanSteps,
};
use kql_diag::{Span, codes};
use kql_syntax::ast;
use kql_types::{Type, Value};
use std::collections::HashSet;

impl Binder<'_> {
    pub(super) fn scan_op(
        &mut self,
        input: Relation,
        parameters: &[ast::Property],
        declare: &[ast::ColumnDecl],
        steps: &[ast::ScanStep],
        span: Span,
    ) -> Res<Relation> {
        let input = self.serialize(input, span);
        let mut fields = input.fields.clone();
        let mut outputs: Vec<ScanOutput> = Vec::new();
        // The field of each output.
        let mut places: Vec<usize> = Vec::new();
        for c in declare {
            let Some(ty) = Type::from_name(&c.type_name.text) else {
                let message = format!("type `{}` not found", c.type_name.text);
                return Err(self.fail(codes::TYPE_MISMATCH, c.type_name.span, message));
            };
            let otherwise = match &c.default {
                None => Expr::literal(Value::null(ty), self.at(c.name.span)),
                Some(d) => {
                    let d = self.constant(d, "a default")?;
                    self.assigned(d, ty)?
                }
            };
            let id = self.column(ty);
            places.push(fields.len());
            self.new_field(&mut fields, &c.name, id, ty)?;
            outputs.push(ScanOutput { id, ty, otherwise });
        }
        // Columns of the input that a step gives another value.
        let targets = steps.iter().flat_map(|s| &s.assignments);
        for name in targets.flat_map(|a| &a.names) {
            let at = self.at(name.span);
            let place = fields.iter().position(|f| f.name == name.text);
            let Some((place, field)) = place.and_then(|i| Some((i, fields.get_mut(i)?))) else {
                return Err(self.unknown_column(&name.text, name.span, &fields));
            };
            if !places.contains(&place) {
                let otherwise = Expr::column(field.id, field.ty, at);
                let id = self.column(field.ty);
                field.id = id;
                let ty = field.ty;
                outputs.push(ScanOutput { id, ty, otherwise });
                places.push(place);
            }
        }
        let match_id = self.scan_parameters(parameters, &mut fields)?;
        let seen = input.fields.clone();
        let outer = std::mem::take(&mut self.states);
        let mut states = Vec::new();
        let bound = self.scan_steps(
            steps,
            &fields,
            match_id.is_some(),
            &seen,
            &places,
            &mut states,
        );
        self.states = outer;
        let bound = bound?;
        let mut used = HashSet::new();
        for s in &bound {
            for e in std::iter::once(&s.condition).chain(s.assignments.iter().map(|(_, e)| e)) {
                crate::prune::columns_of(e, &mut |id| {
                    used.insert(id);
                });
            }
        }
        states.retain(|s: &ScanState| used.contains(&s.id));
        let partition = self.partition.clone();
        Ok(Relation {
            kind: RelationKind::ScanSteps(Box::new(ScanSteps {
                input,
                partition,
                match_id,
                outputs,
                states,
                steps: bound,
            })),
            fields,
            span: self.at(span),
            ordered: true,
        })
    }

    /// One more column of the result.
    fn new_field(
        &mut self,
        fields: &mut Vec<Field>,
        name: &ast::Name,
        id: crate::plan::ColumnId,
        ty: Type,
    ) -> Res<()> {
        if fields.iter().any(|f| f.name == name.text) {
            let message = format!("column `{}` is there already", name.text);
            return Err(self.fail(codes::DUPLICATE_NAME, name.span, message));
        }
        let name = name.text.clone();
        fields.push(Field { name, id, ty });
        Ok(())
    }

    fn scan_parameters(
        &mut self,
        parameters: &[ast::Property],
        fields: &mut Vec<Field>,
    ) -> Res<Option<crate::plan::ColumnId>> {
        let mut match_id = None;
        for p in parameters {
            match &p.value.kind {
                ast::ExprKind::Name(n) if p.name.text == "with_match_id" && match_id.is_none() => {
                    let id = self.column(Type::Long);
                    self.new_field(fields, n, id, Type::Long)?;
                    match_id = Some(id);
                }
                _ => {
                    let message = format!("scan does not take this `{}`", p.name.text);
                    return Err(self.fail(codes::UNKNOWN_OPTION, p.name.span, message));
                }
            }
        }
        Ok(match_id)
    }

    fn scan_steps(
        &mut self,
        steps: &[ast::ScanStep],
        fields: &[Field],
        numbered: bool,
        seen: &[Field],
        places: &[usize],
        states: &mut Vec<ScanState>,
    ) -> Res<Vec<ScanStep>> {
        let row = Row::of(seen);
        let remembered = fields.len() - usize::from(numbered);
        let mut bound = Vec::with_capacity(steps.len());
        for (k, step) in steps.iter().enumerate() {
            if self.states.iter().any(|(n, _)| *n == step.name.text) {
                let message = format!("step `{}` stands twice", step.name.text);
                return Err(self.fail(codes::DUPLICATE_NAME, step.name.span, message));
            }
            if step.optional {
                return Err(self.unsupported(step.name.span, "an optional step of scan"));
            }
            let mut mine = Vec::with_capacity(remembered);
            for (i, f) in fields.iter().take(remembered).enumerate() {
                let id = self.column(f.ty);
                let of = places.iter().position(|p| *p == i).ok_or(f.id);
                let (step, ty) = (k, f.ty);
                states.push(ScanState { id, ty, step, of });
                mine.push(Field { id, ..f.clone() });
            }
            self.states.push((step.name.text.clone(), mine));
            let given = match step.output.as_ref().map(|o| (o.text.as_str(), o.span)) {
                None | Some(("all", _)) => ScanGiven::All,
                Some(("last", _)) => ScanGiven::Last,
                Some(("none", _)) => ScanGiven::None,
                Some((_, at)) => {
                    let message = "output of a step is all, last or none";
                    return Err(self.fail(codes::BAD_VALUE, at, message));
                }
            };
            let condition = self.condition(&step.condition, row)?;
            let mut assignments: Vec<(usize, Expr)> = Vec::new();
            for a in &step.assignments {
                let [name] = a.names.as_slice() else {
                    let message = "a step requires `column = value`";
                    return Err(self.fail(codes::SYNTAX, a.span, message));
                };
                let place = fields.iter().position(|f| f.name == name.text);
                let output = places.iter().position(|p| Some(*p) == place);
                let ty = place.and_then(|p| fields.get(p)).map(|f| f.ty);
                let (Some(output), Some(ty)) = (output, ty) else {
                    return Err(self.unknown_column(&name.text, name.span, fields));
                };
                if assignments.iter().any(|(o, _)| *o == output) {
                    let message = format!("column `{}` is made twice", name.text);
                    return Err(self.fail(codes::DUPLICATE_NAME, name.span, message));
                }
                let value = self.expr(&a.value, row)?;
                assignments.push((output, self.assigned(value, ty)?));
            }
            bound.push(ScanStep {
                given,
                condition,
                assignments,
            });
        }
        Ok(bound)
    }

    /// A value for a column of a type: only numbers become wider.
    fn assigned(&mut self, value: Expr, ty: Type) -> Res<Expr> {
        let wider = match (value.ty, ty) {
            (a, b) if a == b => true,
            (Type::Int, Type::Long) => true,
            (Type::Int | Type::Long, Type::Real | Type::Decimal) => true,
            _ => value.as_literal().is_some_and(Value::is_null),
        };
        if wider {
            return Ok(self.cast(value, ty));
        }
        let message = format!("the column requires {ty}, not {}", value.ty);
        Err(self.fail(codes::TYPE_MISMATCH, value.span, message))
    }
}
