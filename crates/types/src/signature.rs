//! What functions, aggregates and operators take and give.

use crate::Type;

/// Which types a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// This type, or what KQL converts to it without being asked (int to long, long to real, ...; a dynamic argument is
    /// converted as well).
    Of(Type),
    /// One of these, each as in `Of`.
    OneOf(&'static [Type]),
    /// Any scalar.
    Scalar,
    /// Any scalar but dynamic.
    NotDynamic,
    /// Any scalar but bool.
    NotBool,
    /// Any scalar but real and bool.
    NotRealOrBool,
    /// int, long.
    Integer,
    /// int, long, real, decimal.
    Number,
    /// Numbers and bool.
    NumberOrBool,
    /// Numbers, datetime, timespan.
    Summable,
    /// Summable and string (what has an order).
    Orderable,
    /// string, dynamic.
    StringOrDynamic,
    /// A dynamic that holds an array.
    DynamicArray,
    /// A dynamic that holds a bag.
    DynamicBag,
    /// Any scalar; all parameters of this class get one common type.
    CommonScalar,
    /// As `CommonScalar`, where a dynamic among them gives way to the other type.
    CommonScalarOrDynamic,
    /// An orderable; all parameters of this class get one common type.
    CommonOrderable,
    /// The type of the first parameter.
    Parameter0,
    /// The type of the second parameter.
    Parameter1,
    /// `typeof(...)` or a type's name.
    TypeLiteral,
    /// A table.
    Table,
    /// `*` only (`count(*)`), or any scalar.
    ScalarOrStar,
}

/// Whether an argument must be known before the query runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constness {
    /// Any expression.
    Any,
    /// It folds to a constant.
    Constant,
    /// A literal.
    Literal,
    /// A column of the input.
    Column,
}

/// One parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Param {
    /// Its name in the reference.
    pub name: &'static str,
    /// Which types.
    pub class: Class,
    /// How often it is there at least: 0 makes it optional.
    pub min: u16,
    /// How often at most.
    pub max: u16,
    /// Whether it must be constant.
    pub constness: Constness,
    /// The texts that are allowed, in lower case; empty means all.
    pub values: &'static [&'static str],
    /// One sentence.
    pub doc: &'static str,
}

impl Param {
    /// The same, but it may be left out.
    pub const fn optional(self) -> Param {
        Param { min: 0, ..self }
    }

    /// The same, `min` to `max` times. Neighbouring parameters that repeat do so together (`case`).
    pub const fn repeated(self, min: u16, max: u16) -> Param {
        Param { min, max, ..self }
    }

    /// The same, but it must fold to a constant.
    pub const fn constant(self) -> Param {
        Param {
            constness: Constness::Constant,
            ..self
        }
    }

    /// The same, but it must be a literal.
    pub const fn literal(self) -> Param {
        Param {
            constness: Constness::Literal,
            ..self
        }
    }

    /// The same, limited to these texts.
    pub const fn one_of(self, values: &'static [&'static str]) -> Param {
        Param { values, ..self }
    }
}

/// What a call gives.
#[derive(Debug, Clone, Copy)]
pub enum Returns {
    /// Always this type.
    Of(Type),
    /// The type of an argument.
    Param(usize),
    /// The type of an argument, int made long.
    ParamPromoted(usize),
    /// The common type of the `Common*` arguments.
    Common,
    /// The same, where dynamic gives way.
    CommonNotDynamic,
    /// The widest number type of the arguments.
    Widest,
    /// The type that the argument names (`typeof(long)`).
    TypeLiteral(usize),
    /// Anything else: from the types of the arguments.
    Custom(fn(&[Type]) -> Type),
}

/// One way to call a function.
#[derive(Debug, Clone, Copy)]
pub struct Signature {
    /// In order.
    pub params: &'static [Param],
    /// The result.
    pub returns: Returns,
}

impl Signature {
    /// The parameter that the argument at `index` of `count` goes to, with neighbouring repeated parameters taken in
    /// turn; none when the count does not fit.
    pub fn param_for(&self, index: usize, count: usize) -> Option<usize> {
        let layout = self.layout(count)?;
        layout.get(index).copied()
    }

    /// For each of `count` arguments the parameter that it goes to, or none when the count does not fit.
    pub fn layout(&self, count: usize) -> Option<Vec<usize>> {
        let least: usize = self.params.iter().map(|p| usize::from(p.min)).sum();
        let most = self
            .params
            .iter()
            .fold(0usize, |n, p| n.saturating_add(usize::from(p.max)));
        if count < least || count > most {
            return None;
        }
        let mut out = Vec::with_capacity(count);
        let mut extra = count - least;
        let mut i = 0;
        while i < self.params.len() {
            // A run of repeated neighbours is one group.
            let mut end = i;
            while end < self.params.len() && self.params[end].max > 1 {
                end += 1;
            }
            if end == i {
                let p = &self.params[i];
                if p.min == 1 {
                    out.push(i);
                } else if extra > 0 {
                    extra -= 1;
                    out.push(i);
                }
                i += 1;
                continue;
            }
            let width = end - i;
            let min = usize::from(self.params[i].min);
            let more = (extra / width).min(usize::from(self.params[i].max) - min);
            for _ in 0..min + more {
                out.extend(i..end);
            }
            extra -= more * width;
            i = end;
        }
        (extra == 0).then_some(out)
    }
}

/// A signature.
pub const fn sig(params: &'static [Param], returns: Type) -> Signature {
    Signature {
        params,
        returns: Returns::Of(returns),
    }
}

/// A signature whose type depends on its arguments.
pub const fn sig_as(params: &'static [Param], returns: Returns) -> Signature {
    Signature { params, returns }
}

/// A required parameter of one type.
pub const fn arg(name: &'static str, ty: Type, doc: &'static str) -> Param {
    arg_of(name, Class::Of(ty), doc)
}

/// A required parameter of a class.
pub const fn arg_of(name: &'static str, class: Class, doc: &'static str) -> Param {
    Param {
        name,
        class,
        min: 1,
        max: 1,
        constness: Constness::Any,
        values: &[],
        doc,
    }
}
