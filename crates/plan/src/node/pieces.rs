//! Which scans share their files' pieces among threads.
//!
//! Files are divided evenly among the partitions of a scan, but their rows are not equally dear: a time range or a filter
//! leaves one thread with most of them. Below an aggregate no row needs its place, so there the files are cut finer and
//! each thread takes the next piece when it has nothing to do. Where the partitions are asked for one after the other
//! there are more of them, so that no thread is far ahead of the rows that are waited for. Everywhere else a partition
//! keeps to its own files, since the order of the partitions is the order of the rows.

use crate::node::in_order::InOrderExec;
use crate::node::once::with_children;
use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::datasource::listing::{FileRange, PartitionedFile};
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfig, FileScanConfigBuilder};
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

/// What somebody above asks of the rows of a scan.
#[derive(Debug, Clone, Copy)]
enum Asked {
    /// These partitions, each in its order.
    Partitions,
    /// Their order, in any number of partitions.
    Order,
    /// The rows: so many pieces for each partition.
    Rows(u64),
}

/// Decides for each scan of Parquet files whether its partitions share them.
#[derive(Debug, Clone, Copy, Default)]
pub struct SharePieces;

impl PhysicalOptimizerRule for SharePieces {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        share(plan, Asked::Partitions)
    }

    fn name(&self) -> &str {
        "SharePieces"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// The plan with its scans cut.
fn share(plan: Arc<dyn ExecutionPlan>, asked: Asked) -> Result<Arc<dyn ExecutionPlan>> {
    if let Some(scan) = plan.downcast_ref::<DataSourceExec>() {
        let config = scan.data_source().downcast_ref::<FileScanConfig>();
        return Ok(match config.and_then(|c| cut(c, asked)) {
            Some(config) => DataSourceExec::from_data_source(config),
            None => plan,
        });
    }
    let children = plan.children();
    if children.is_empty() {
        return Ok(plan);
    }
    let asked = below(plan.as_ref(), asked);
    // Many tables are work enough to divide, and to open a piece is not for nothing.
    let asked = match (u64::try_from(children.len()), asked) {
        (Ok(tables), Asked::Rows(n)) if plan.is::<UnionExec>() => {
            Asked::Rows((n / tables.max(1)).max(1))
        }
        _ => asked,
    };
    with_children(&plan, |_, child| share(child, asked))
}

/// What a node asks of those below it.
fn below(plan: &dyn ExecutionPlan, asked: Asked) -> Asked {
    if let Some(a) = plan.downcast_ref::<AggregateExec>() {
        return match (a.mode(), asked) {
            (AggregateMode::Partial, Asked::Partitions | Asked::Order) => Asked::Rows(PIECES),
            (_, Asked::Order) => Asked::Partitions,
            _ => asked,
        };
    }
    let row_by_row =
        plan.is::<ProjectionExec>() || plan.is::<FilterExec>() || plan.is::<UnionExec>();
    let any_order = row_by_row
        || plan.is::<HashJoinExec>()
        || plan.is::<RepartitionExec>()
        || plan.is::<CoalescePartitionsExec>();
    match asked {
        Asked::Rows(_) if any_order => asked,
        Asked::Order if row_by_row => asked,
        _ if plan.is::<InOrderExec>() => Asked::Order,
        _ => Asked::Partitions,
    }
}

/// The scan with its files cut for what is asked.
fn cut(config: &FileScanConfig, asked: Asked) -> Option<FileScanConfig> {
    let parquet = config.file_source().file_type() == "parquet";
    if !parquet || config.file_groups.len() < 2 || config.output_partitioning.is_some() {
        return None;
    }
    let keeps_order = !matches!(asked, Asked::Rows(_));
    let builder = FileScanConfigBuilder::from(config.clone()).with_preserve_order(keeps_order);
    let count = match asked {
        Asked::Partitions => return Some(builder.build()),
        Asked::Order => PIECES,
        Asked::Rows(count) => count,
    };
    let groups = config.file_groups.iter().flat_map(|group| {
        let whole = group.iter().map(length).fold(0u64, u64::saturating_add);
        let size = whole.div_ceil(count.max(1)).max(SMALLEST);
        let pieces = group.iter().flat_map(|f| pieces(f, size)).collect();
        match keeps_order {
            true => gathered(pieces, size),
            false => vec![FileGroup::new(pieces)],
        }
    });
    let groups = groups.collect();
    Some(builder.with_file_groups(groups).build())
}

/// Pieces in groups of about a size, in their order.
fn gathered(pieces: Vec<PartitionedFile>, size: u64) -> Vec<FileGroup> {
    let mut groups = Vec::new();
    let mut group = Vec::new();
    let mut bytes = 0u64;
    for piece in pieces {
        bytes = bytes.saturating_add(length(&piece));
        group.push(piece);
        if bytes >= size {
            groups.push(FileGroup::new(std::mem::take(&mut group)));
            bytes = 0;
        }
    }
    if !group.is_empty() || groups.is_empty() {
        groups.push(FileGroup::new(group));
    }
    groups
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
