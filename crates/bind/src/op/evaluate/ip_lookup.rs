//! `evaluate ipv4_lookup(table, address, network, keys..., unmatched)` and `ipv6_lookup`: rows joined to the networks that their
//! addresses lie in.

use super::Call;
use crate::binder::{Binder, Res};
use crate::op::join::both_sides;
use crate::plan::{Expr, Join, JoinKind, Relation, RelationKind};
use kql_diag::codes;
use kql_syntax::ast;
use kql_types::{Type, Value};

impl Binder<'_> {
    pub(super) fn ip_lookup(&mut self, call: Call<'_>, matches: &str) -> Res<Relation> {
        let (arguments, unmatched) = self.unmatched(call.arguments)?;
        let [table, source, network, keys @ ..] = arguments.as_slice() else {
            return Err(self.fail(
                codes::ARGUMENT_COUNT,
                call.span,
                format!(
                    "{} requires a table, a column with addresses and a column of the table with networks",
                    call.name.text
                ),
            ));
        };
        if let (Some(key), "ipv6_is_match") = (keys.first(), matches) {
            return Err(self.fail(
                codes::ARGUMENT_COUNT,
                key.value.span,
                "ipv6_lookup takes no keys beside the address",
            ));
        }
        let at = self.at(call.span);
        let left = call.input;
        let right = self.isolated_relation(&table.value)?;
        let address = self.column_argument(&source.value, &left)?;
        let range = self.column_argument(&network.value, &right)?;
        for (field, a) in [(&address, source), (&range, network)] {
            if field.ty != Type::String {
                return Err(self.fail(
                    codes::ARGUMENT_TYPE,
                    a.value.span,
                    format!("an address requires a string, not {}", field.ty),
                ));
            }
        }
        let mut on = Vec::new();
        let mut shared = Vec::new();
        for key in keys {
            let l = self.column_argument(&key.value, &left)?;
            let r = self.column_argument(&key.value, &right)?;
            shared.push(r.id);
            let (l, r) = (Expr::column(l.id, l.ty, at), Expr::column(r.id, r.ty, at));
            self.key_pair(l, r, key.value.span, &mut on)?;
        }
        let pair = vec![
            Expr::column(address.id, Type::String, at),
            Expr::column(range.id, Type::String, at),
        ];
        let filter = self.call_or_fold(matches, pair, Type::Bool, at);
        let fields = both_sides(&left.fields, &right.fields, &shared);
        Ok(Relation {
            kind: RelationKind::Join(Box::new(Join {
                left,
                right,
                kind: if unmatched {
                    JoinKind::LeftOuter
                } else {
                    JoinKind::Inner
                },
                on,
                filter: Some(filter),
                hints: Vec::new(),
            })),
            fields,
            span: at,
            ordered: false,
        })
    }

    /// The arguments without the last one, `return_unmatched`, which may have its name.
    fn unmatched<'a>(
        &mut self,
        arguments: &'a [ast::Argument],
    ) -> Res<(Vec<&'a ast::Argument>, bool)> {
        let mut rest: Vec<&ast::Argument> = arguments.iter().collect();
        let is_flag = |a: &&ast::Argument| {
            a.name
                .as_ref()
                .is_some_and(|n| n.text == "return_unmatched")
                || matches!(a.value.kind, ast::ExprKind::Literal(ast::Literal::Bool(_)))
        };
        let Some(flag) = rest.pop_if(|a| is_flag(&&**a)) else {
            return Ok((rest, false));
        };
        let value = self.constant_argument(&flag.value, Type::Bool)?;
        Ok((rest, value == Value::Bool(true)))
    }
}
