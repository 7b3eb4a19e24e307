//! `avg` of types where a double would lose digits: datetime, timespan, decimal.

use arrow::array::ArrayRef;
use kql_functions::adapter::{Args, decimal_result, long_result};
use kql_functions::aggregate::{Aggregator, GroupState, Groups};
use kql_functions::spec::{AggregateCall, Result};
use kql_types::Type;

/// Makes the state.
pub(crate) fn exact_average(call: &AggregateCall<'_>) -> Result<Box<dyn Aggregator>> {
    Ok(Groups::<Average>::boxed(
        call.types.first().copied().unwrap_or(Type::TimeSpan),
    ))
}

#[derive(Debug, Default)]
struct Average {
    sum: i128,
    count: i64,
}

impl GroupState for Average {
    type Config = Type;

    fn new(_config: &Type) -> Self {
        Average::default()
    }

    fn add(&mut self, config: &Type, args: &Args<'_>, row: usize) -> Result<()> {
        let value = if *config == Type::Decimal {
            args.decimal(0)?.get(row)
        } else {
            args.long(0)?.get(row).map(i128::from)
        };
        if let Some(v) = value {
            self.sum = self.sum.saturating_add(v);
            self.count += 1;
        }
        Ok(())
    }

    fn merge(&mut self, _config: &Type, other: Self) {
        self.sum = self.sum.saturating_add(other.sum);
        self.count += other.count;
    }

    fn save(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.sum.to_le_bytes());
        out.extend_from_slice(&self.count.to_le_bytes());
    }

    fn load(_config: &Type, bytes: &[u8]) -> Option<Self> {
        Some(Average {
            sum: i128::from_le_bytes(bytes.get(..16)?.try_into().ok()?),
            count: i64::from_le_bytes(bytes.get(16..24)?.try_into().ok()?),
        })
    }

    fn finish(config: &Type, groups: Vec<Self>) -> Result<ArrayRef> {
        let average = |row: usize| {
            groups
                .get(row)
                .filter(|g| g.count > 0)
                .map(|g| g.sum / i128::from(g.count))
        };
        if *config == Type::Decimal {
            decimal_result(groups.len(), average)
        } else {
            long_result(groups.len(), |row| {
                average(row).and_then(|v| i64::try_from(v).ok())
            })
        }
    }

    fn heap_size(&self) -> usize {
        0
    }
}
