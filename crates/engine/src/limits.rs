//! Memory, threads and spilling: set together, because each is worth little without the others.

use crate::session::SessionOptions;
use crate::spill::SpillFolder;
use datafusion::error::Result;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool, UnboundedMemoryPool};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::SessionState;
use datafusion::prelude::SessionConfig;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// What the program takes before it has read a row.
const PROGRAM: usize = 24 << 20;

/// The least rows of a batch that a memory limit asks for.
const FEW_ROWS: usize = 256;

/// What a merge is given for each run that it reads: its batches, and what the thread that reads it keeps.
const RUN: usize = 20 << 20;

/// So many runs are merged at once with the least memory.
const FEW_RUNS: usize = 4;

/// Rows of a batch: few where memory is little, since a merge of what was spilled holds several batches of each run.
fn batch_rows(options: &SessionOptions) -> usize {
    let most = options
        .memory_limit
        .map_or(usize::MAX, |limit| (limit >> 19).max(FEW_ROWS));
    options.batch_size.clamp(1, most)
}

/// The environment that all steps of one query share. Without a limit nothing spills; `spill` is the folder otherwise.
pub(crate) fn runtime(
    options: &SessionOptions,
    spill: Option<&SpillFolder>,
) -> Result<Arc<RuntimeEnv>> {
    let mut builder = RuntimeEnvBuilder::new();
    builder = match options.memory_limit {
        // The rest is left to the program itself and to what no operator reports: decoding, tables that grow, output.
        Some(limit) => {
            let pool = FairSpillPool::new(limit - limit / 8 - PROGRAM.min(limit / 4));
            let few = NonZeroUsize::new(3).unwrap_or(NonZeroUsize::MIN);
            builder.with_memory_pool(Arc::new(TrackConsumersPool::new(pool, few)))
        }
        None => builder.with_memory_pool(Arc::new(UnboundedMemoryPool::default())),
    };
    let mode = match spill {
        Some(folder) => DiskManagerMode::Directories(vec![folder.path()]),
        None => DiskManagerMode::Disabled,
    };
    let mut disk = DiskManagerBuilder::default().with_mode(mode);
    if let Some(limit) = options.memory_limit {
        disk = disk.with_max_spill_merge_fan_in((limit / RUN).max(FEW_RUNS));
    }
    builder.with_disk_manager_builder(disk).build_arc()
}

/// The folder that a run may spill to.
pub(crate) fn spill(options: &SessionOptions) -> std::io::Result<Option<SpillFolder>> {
    match options.memory_limit {
        Some(_) => SpillFolder::new(options.temp_dir.as_deref()).map(Some),
        None => Ok(None),
    }
}

/// The state that plans one step. `small`: rows come from constants, so one partition keeps their order.
pub(crate) fn state(
    options: &SessionOptions,
    runtime: &Arc<RuntimeEnv>,
    small: bool,
) -> SessionState {
    let threads = if small { 1 } else { options.threads.max(1) };
    let mut config = SessionConfig::new()
        .with_batch_size(batch_rows(options))
        .with_target_partitions(threads);
    {
        let o = config.options_mut();
        // Rows keep the order of their source where nothing asks for another one.
        o.optimizer.enable_round_robin_repartition = false;
        o.execution.parquet.pushdown_filters = true;
        o.execution.parquet.reorder_filters = true;
        o.execution.parquet.schema_force_view_types = true;
        o.execution.collect_statistics = false;
        o.sql_parser.enable_ident_normalization = false;
        o.catalog.create_default_catalog_and_schema = false;
    }
    SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(Arc::clone(runtime))
        // All types and casts are written by the planner.
        .with_analyzer_rules(Vec::new())
        .with_physical_optimizer_rule(Arc::new(kql_plan::GroupOnce))
        .with_physical_optimizer_rule(Arc::new(kql_plan::SharePieces))
        .with_query_planner(Arc::new(kql_plan::Planner))
        .with_optimizer_rules(match options.optimise {
            true => kql_plan::rules(),
            false => Vec::new(),
        })
        .build()
}
