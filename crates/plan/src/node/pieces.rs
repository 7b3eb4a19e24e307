//! Which scans share their files' pieces among threads.
//!
//! Files are divided evenly among the partitions of a scan, but their rows are not equally dear: a time range or a filter
//! leaves one thread with most of them. Below an aggregate no row needs its place, so there the files are cut finer and
//! each thread takes the next piece when it has nothing to do. Everywhere else a partition keeps to its own files, since
//! the order of the partitions is the order of the rows.

use crate::node::once::with_children;
use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::datasource::listing::{FileRange, PartitionedFile};
use datafusion::datasource::physical_plan::{
    FileGroup, FileScanConfig, FileScanConfigBuilder, ParquetSource,
};
use datafusion::datasource::source::DataSourceExec;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode};
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::joins::HashJoinExec;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::repartition::RepartitionExec;
use datafusion::physical_plan::union::UnionExec;
use std::sync::Arc;

/// Pieces for each partition of a scan that is alone.
const PIECES: u64 = 8;

/// Smaller pieces cost more than they are worth.
const SMALLEST: u64 = 4 << 20;

/// Decides for each scan of Parquet files whether its partitions share them.
#[derive(Debug, Clone, Copy, Default)]
pub struct SharePieces;

impl PhysicalOptimizerRule for SharePieces {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        share(plan, None)
    }

    fn name(&self) -> &str {
        "SharePieces"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// `pieces`: how many for a partition, where nobody above asks for the order of the rows.
fn share(plan: Arc<dyn ExecutionPlan>, pieces: Option<u64>) -> Result<Arc<dyn ExecutionPlan>> {
    if let Some(scan) = plan.downcast_ref::<DataSourceExec>() {
        let config = scan.data_source().downcast_ref::<FileScanConfig>();
        return Ok(match config.and_then(|c| cut(c, pieces)) {
            Some(config) => DataSourceExec::from_data_source(config),
            None => plan,
        });
    }
    let children = plan.children();
    if children.is_empty() {
        return Ok(plan);
    }
    let pieces = match plan.downcast_ref::<AggregateExec>() {
        Some(a) if *a.mode() == AggregateMode::Partial => pieces.or(Some(PIECES)),
        Some(_) => pieces,
        None => pieces.filter(|_| passes(plan.as_ref())),
    };
    // Many tables are work enough to divide, and to open a piece is not for nothing.
    let pieces = match u64::try_from(children.len()) {
        Ok(tables) if plan.is::<UnionExec>() => pieces.map(|n| (n / tables.max(1)).max(1)),
        _ => pieces,
    };
    with_children(&plan, |_, child| share(child, pieces))
}

/// Whether the rows of a node are the same set in whatever order those below it come.
fn passes(plan: &dyn ExecutionPlan) -> bool {
    plan.is::<ProjectionExec>()
        || plan.is::<FilterExec>()
        || plan.is::<HashJoinExec>()
        || plan.is::<UnionExec>()
        || plan.is::<RepartitionExec>()
        || plan.is::<CoalescePartitionsExec>()
}

/// The scan with its files cut for sharing, or with files that stay where they are.
fn cut(config: &FileScanConfig, count: Option<u64>) -> Option<FileScanConfig> {
    let parquet = config.file_source().downcast_ref::<ParquetSource>();
    if parquet.is_none() || config.file_groups.len() < 2 || config.output_partitioning.is_some() {
        return None;
    }
    let builder = FileScanConfigBuilder::from(config.clone()).with_preserve_order(count.is_none());
    let Some(count) = count else {
        return Some(builder.build());
    };
    let groups = config.file_groups.iter().map(|group| {
        let whole = group.iter().map(length).fold(0u64, u64::saturating_add);
        let size = whole.div_ceil(count.max(1)).max(SMALLEST);
        FileGroup::new(group.iter().flat_map(|f| pieces(f, size)).collect())
    });
    Some(builder.with_file_groups(groups.collect()).build())
}

/// The bytes of a file that are to be read.
fn range(file: &PartitionedFile) -> (u64, u64) {
    let whole = file.object_meta.size;
    match &file.range {
        Some(r) => (
            u64::try_from(r.start).unwrap_or(0),
            u64::try_from(r.end).unwrap_or(whole),
        ),
        None => (0, whole),
    }
}

fn length(file: &PartitionedFile) -> u64 {
    let (start, end) = range(file);
    end.saturating_sub(start)
}

/// A file in pieces of about a size. A row group belongs to the piece in which it begins.
fn pieces(file: &PartitionedFile, size: u64) -> Vec<PartitionedFile> {
    let (start, end) = range(file);
    let count = length(file).div_ceil(size.max(1)).max(1);
    if count == 1 {
        return vec![file.clone()];
    }
    let step = length(file).div_ceil(count);
    let mut out = Vec::new();
    let mut from = start;
    while from < end {
        let to = from.saturating_add(step).min(end);
        let (Ok(first), Ok(last)) = (i64::try_from(from), i64::try_from(to)) else {
            return vec![file.clone()];
        };
        let mut piece = file.clone();
        piece.range = Some(FileRange {
            start: first,
            end: last,
        });
        out.push(piece);
        from = to;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pieces follow each other from the first byte to the last.
    #[test]
    fn pieces_are_the_file() {
        for (size, piece) in [(1, 4), (100, 7), (100, 100), (101, 100), (99, 1)] {
            let file = PartitionedFile::new("f.parquet", size);
            let mut at = 0;
            for p in pieces(&file, piece) {
                let (start, end) = range(&p);
                assert_eq!(start, at);
                assert!(end > start && end - start <= piece);
                at = end;
            }
            assert_eq!(at, size);
        }
    }
}
