//! What a run cost.

use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::metrics::MetricValue;

/// What a run cost.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Stats {
    /// Seconds from the text to the last row.
    pub seconds: f64,
    /// Seconds of them before the first operator ran.
    pub plan_seconds: f64,
    /// Rows of all results.
    pub rows: u64,
    /// Bytes that were read from files.
    pub bytes_scanned: u64,
    /// Parquet row groups that were read.
    pub row_groups_scanned: u64,
    /// Parquet row groups that the files have.
    pub row_groups_total: u64,
}

impl Stats {
    /// Adds what the scans of a plan counted.
    pub(crate) fn add(&mut self, plan: &dyn ExecutionPlan) {
        if let Some(metrics) = plan.metrics() {
            let mut matched: Option<u64> = None;
            let mut pruned = 0u64;
            for m in metrics.iter() {
                let name = m.value().name().to_owned();
                match m.value() {
                    MetricValue::PruningMetrics {
                        pruning_metrics, ..
                    } if name.starts_with("row_groups_pruned") => {
                        let count = |n: usize| u64::try_from(n).unwrap_or(0);
                        pruned += count(pruning_metrics.pruned());
                        // Filters follow each other: what the last one kept is what is read.
                        let kept = count(pruning_metrics.matched());
                        matched = Some(matched.map_or(kept, |m| m.min(kept)));
                    }
                    value if name == "bytes_scanned" => {
                        self.bytes_scanned += u64::try_from(value.as_usize()).unwrap_or(0);
                    }
                    _ => {}
                }
            }
            if let Some(matched) = matched {
                self.row_groups_scanned += matched;
                self.row_groups_total += matched + pruned;
            }
        }
        for child in plan.children() {
            self.add(child.as_ref());
        }
    }
}
