//! Which signature a call means, and its arguments in the types of that signature.

use super::convert::{common, wider};
use crate::binder::{Binder, Res};
use crate::plan::Expr;
use kql_diag::{Span, codes};
use kql_types::{Class, Constness, FunctionFacts, Param, Returns, Signature, Type};

/// How far an argument is from a parameter: 0 is exact; none does not fit.
fn distance(
    class: Class,
    ty: Type,
    first: Option<Type>,
    second: Option<Type>,
    literal: bool,
) -> Option<u32> {
    let to = |t: Type| -> Option<u32> {
        if t == ty {
            return Some(0);
        }
        match (ty, t) {
            (Type::Int, Type::Long) => Some(1),
            (Type::Int | Type::Long, Type::Real) => Some(2),
            (Type::Int | Type::Long | Type::Real, Type::Decimal) => Some(3),
            (Type::Long, Type::Int) => Some(4),
            (Type::Real | Type::Decimal, Type::Int | Type::Long) => Some(8),
            (Type::Decimal, Type::Real) => Some(5),
            // A dynamic value is read as a string, and as nothing else without a conversion.
            (Type::Dynamic, Type::String) => Some(6),
            (Type::Dynamic, _) => None,
            (Type::Int | Type::Long, Type::Bool)
            | (Type::Bool, Type::Int | Type::Long | Type::Real) => Some(9),
            (Type::String, Type::Guid) if literal => Some(7),
            (_, Type::Dynamic) => Some(10),
            _ => None,
        }
    };
    let when = |ok: bool| if ok { Some(1) } else { None };
    let dynamic = if ty == Type::Dynamic { Some(7) } else { None };
    match class {
        Class::Of(t) => to(t),
        Class::OneOf(ts) => ts.iter().filter_map(|t| to(*t)).min(),
        Class::Scalar
        | Class::CommonScalar
        | Class::CommonScalarOrDynamic
        | Class::ScalarOrStar => Some(2),
        Class::NotDynamic => when(ty != Type::Dynamic).or(dynamic),
        Class::NotBool => when(ty != Type::Bool),
        Class::NotRealOrBool => when(!matches!(ty, Type::Bool | Type::Real)),
        Class::Integer => when(ty.is_integer()).or(if ty.is_number() { Some(8) } else { None }),
        Class::Number => when(ty.is_number()).or(if ty == Type::Bool { Some(9) } else { None }),
        Class::NumberOrBool => when(ty.is_number() || ty == Type::Bool).or(dynamic),
        Class::Summable => {
            when(ty.is_summable())
                .or(dynamic)
                .or(if ty == Type::Bool { Some(9) } else { None })
        }
        Class::Orderable | Class::CommonOrderable => Some(2),
        Class::StringOrDynamic => when(matches!(ty, Type::String | Type::Dynamic)),
        Class::DynamicArray | Class::DynamicBag => {
            to(Type::Dynamic).filter(|_| ty == Type::Dynamic)
        }
        Class::Parameter0 => to(first?),
        Class::Parameter1 => to(second?),
        Class::TypeLiteral => when(ty == Type::String),
        Class::Table => None,
    }
}

fn wanted(class: Class, ty: Type, first: Type, second: Type, shared: Option<Type>) -> Type {
    match class {
        Class::Of(t) => t,
        Class::OneOf(ts) if ts.contains(&ty) => ty,
        Class::OneOf(ts) => ts
            .iter()
            .copied()
            .find(|t| wider(ty, *t) == Some(*t))
            .or(ts.first().copied())
            .unwrap_or(ty),
        Class::Integer | Class::Number | Class::Summable | Class::NumberOrBool
            if matches!(ty, Type::Dynamic | Type::Bool) =>
        {
            if class == Class::Integer {
                Type::Long
            } else {
                Type::Real
            }
        }
        Class::Integer if !ty.is_integer() => Type::Long,
        Class::NotDynamic if ty == Type::Dynamic => Type::String,
        Class::CommonScalar | Class::CommonOrderable | Class::CommonScalarOrDynamic => {
            shared.unwrap_or(ty)
        }
        Class::Parameter0 => first,
        Class::Parameter1 => second,
        Class::TypeLiteral => Type::String,
        _ => ty,
    }
}

impl Binder<'_> {
    /// Chooses a signature and converts the arguments to it.
    pub fn resolve(
        &mut self,
        facts: &FunctionFacts,
        arguments: Vec<Expr>,
        span: Span,
    ) -> Res<(Vec<Expr>, Type)> {
        let count = arguments.len();
        let first = arguments.first().map(|a| a.ty);
        let second = arguments.get(1).map(|a| a.ty);
        let mut best: Option<(u32, &Signature, Vec<usize>)> = None;
        let mut counts = false;
        let mut worst_argument = None;
        for s in facts.signatures {
            let Some(layout) = s.layout(count) else {
                continue;
            };
            counts = true;
            let mut total = 0;
            let mut fits = true;
            for (i, (a, p)) in arguments.iter().zip(&layout).enumerate() {
                match distance(
                    s.params[*p].class,
                    a.ty,
                    first,
                    second,
                    a.as_literal().is_some(),
                ) {
                    Some(d) => total += d,
                    None => {
                        fits = false;
                        worst_argument = Some((i, s.params[*p]));
                        break;
                    }
                }
            }
            if fits && best.as_ref().is_none_or(|(t, _, _)| total < *t) {
                best = Some((total, s, layout));
            }
        }
        let Some((_, signature, layout)) = best else {
            if !counts {
                return Err(self.wrong_count(facts, count, span));
            }
            let (i, p) = worst_argument
                .unwrap_or((0, kql_types::signature::arg_of("value", Class::Scalar, "")));
            let at = arguments.get(i).map_or(span, |a| a.span);
            let ty = arguments.get(i).map_or(Type::Dynamic, |a| a.ty);
            return Err(self.report(kql_diag::Diagnostic::error(
                codes::ARGUMENT_TYPE,
                at,
                format!(
                    "`{}` requires {} for `{}`, not {ty}",
                    facts.name,
                    class_name(p.class),
                    p.name
                ),
            )));
        };
        self.check_constants(facts, signature, &layout, &arguments)?;
        let mut shared: Option<Type> = None;
        for (a, p) in arguments.iter().zip(&layout) {
            let class = signature.params[*p].class;
            let gives_way = class == Class::CommonScalarOrDynamic;
            if matches!(
                class,
                Class::CommonScalar | Class::CommonOrderable | Class::CommonScalarOrDynamic
            ) {
                shared = match shared {
                    None => Some(a.ty),
                    Some(t) => match common(t, a.ty, gives_way).or_else(|| {
                        // What is compared may be of several number types; what is chosen may not.
                        (class == Class::CommonOrderable)
                            .then(|| wider(t, a.ty))
                            .flatten()
                    }) {
                        Some(t) => Some(t),
                        None => {
                            return Err(self.report(kql_diag::Diagnostic::error(
                                codes::ARGUMENT_TYPE,
                                a.span,
                                format!(
                                    "`{}` requires values of one type, and {} is not {t}",
                                    facts.name, a.ty
                                ),
                            )));
                        }
                    },
                };
            }
        }
        let widest = arguments
            .iter()
            .map(|a| a.ty)
            .filter(|t| t.is_number())
            .reduce(|a, b| wider(a, b).unwrap_or(a));
        let types: Vec<Type> = arguments.iter().map(|a| a.ty).collect();
        let number_widest = matches!(signature.returns, Returns::Widest);
        let first = first.unwrap_or(Type::Dynamic);
        let converted: Vec<Expr> = arguments
            .into_iter()
            .zip(&layout)
            .map(|(a, p)| {
                let class = signature.params[*p].class;
                let mut ty = wanted(class, a.ty, first, second.unwrap_or(first), shared);
                if number_widest
                    && class == Class::Number
                    && let Some(w) = widest
                {
                    ty = w;
                }
                self.cast(a, ty)
            })
            .collect();
        let argument = |n: usize| converted.get(n).map_or(Type::Dynamic, |a: &Expr| a.ty);
        let returns = match signature.returns {
            Returns::Of(t) => t,
            Returns::Param(n) => argument(n),
            Returns::ParamPromoted(n) => match argument(n) {
                Type::Int => Type::Long,
                t => t,
            },
            Returns::Common | Returns::CommonNotDynamic => shared.unwrap_or(Type::Dynamic),
            Returns::Widest => widest.unwrap_or(Type::Real),
            Returns::TypeLiteral(n) => converted
                .get(n)
                .and_then(|a| a.as_literal())
                .and_then(|v| v.as_str())
                .and_then(Type::from_name)
                .unwrap_or(Type::Dynamic),
            Returns::Custom(f) => f(&types),
        };
        Ok((converted, returns))
    }

    fn check_constants(
        &mut self,
        facts: &FunctionFacts,
        signature: &Signature,
        layout: &[usize],
        arguments: &[Expr],
    ) -> Res<()> {
        for (a, p) in arguments.iter().zip(layout) {
            let p: &Param = &signature.params[*p];
            if matches!(p.constness, Constness::Constant | Constness::Literal)
                && !super::is_constant(a)
            {
                return Err(self.report(kql_diag::Diagnostic::error(
                    codes::NOT_CONSTANT,
                    a.span,
                    format!("`{}` requires a constant for `{}`", facts.name, p.name),
                )));
            }
            if !p.values.is_empty()
                && let Some(text) = a.as_literal().and_then(|v| v.as_str())
                && !p.values.iter().any(|v| v.eq_ignore_ascii_case(text))
            {
                return Err(self.report(
                    kql_diag::Diagnostic::error(
                        codes::BAD_VALUE,
                        a.span,
                        format!("`{}` does not know `{text}` for `{}`", facts.name, p.name),
                    )
                    .with_help(format!("one of {}", p.values.join(", "))),
                ));
            }
        }
        Ok(())
    }

    /// Reports a call with too few or too many arguments.
    pub fn wrong_count(
        &mut self,
        facts: &FunctionFacts,
        count: usize,
        span: Span,
    ) -> crate::binder::Poison {
        let least = facts
            .signatures
            .iter()
            .map(|s| s.params.iter().map(|p| usize::from(p.min)).sum::<usize>())
            .min();
        let most = facts
            .signatures
            .iter()
            .map(|s| s.params.iter().map(|p| usize::from(p.max)).sum::<usize>())
            .max();
        let (least, most) = (least.unwrap_or(0), most.unwrap_or(0));
        let want = if least == most {
            format!("{least}")
        } else {
            format!("{least} to {most}")
        };
        let noun = if want == "1" { "argument" } else { "arguments" };
        self.report(kql_diag::Diagnostic::error(
            codes::ARGUMENT_COUNT,
            span,
            format!("`{}` requires {want} {noun}, not {count}", facts.name),
        ))
    }
}

fn class_name(class: Class) -> String {
    match class {
        Class::Of(t) => t.name().to_owned(),
        Class::OneOf(ts) => ts.iter().map(|t| t.name()).collect::<Vec<_>>().join(" or "),
        Class::Integer => "an integer".to_owned(),
        Class::Number => "a number".to_owned(),
        Class::NumberOrBool => "a number or bool".to_owned(),
        Class::Summable => "a number, datetime or timespan".to_owned(),
        Class::StringOrDynamic => "string or dynamic".to_owned(),
        Class::DynamicArray => "a dynamic array".to_owned(),
        Class::DynamicBag => "a dynamic property bag".to_owned(),
        Class::NotBool => "anything but bool".to_owned(),
        Class::NotRealOrBool => "anything but real and bool".to_owned(),
        Class::TypeLiteral => "typeof(...)".to_owned(),
        _ => "another type".to_owned(),
    }
}
