//! What a run cost.

use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::metrics::MetricValue;

/// What a run cost.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Stats {
    /// Seconds from the text to the last row.
    pub seconds: f64,
    /// Seconds of them that were spent on reading the text, binding, optimising and planning.
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
            // Each partition counts its own files. The statistics are looked at first, so they see every row group; what
            // other filters prune later is taken off.
            let (mut seen, mut kept) = (0u64, 0u64);
            for m in metrics.iter() {
                let name = m.value().name();
                match m.value() {
                    MetricValue::PruningMetrics {
                        pruning_metrics, ..
                    } => {
                        let count = |n: usize| u64::try_from(n).unwrap_or(0);
                        let pruned = count(pruning_metrics.pruned());
                        match name {
                            "row_groups_pruned_statistics" => {
                                let matched = count(pruning_metrics.matched());
                                seen += matched + pruned;
                                kept += matched;
                            }
                            "row_groups_pruned_bloom_filter" | "limit_pruned_row_groups" => {
                                kept = kept.saturating_sub(pruned);
                            }
                            _ => {}
                        }
                    }
                    value if name == "bytes_scanned" => {
                        self.bytes_scanned += u64::try_from(value.as_usize()).unwrap_or(0);
                    }
                    _ => {}
                }
            }
            self.row_groups_scanned += kept;
            self.row_groups_total += seen;
        }
        for child in plan.children() {
            self.add(child.as_ref());
        }
    }
}
