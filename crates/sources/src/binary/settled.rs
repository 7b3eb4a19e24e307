//! Conditions that a footer answers for every row are not tested row by row.
//!
//! DataFusion leaves out the row groups of which no row can pass a filter, and tests each row of the others. Mostly every
//! row of them passes: a time range covers whole files. Here each piece of a file is read with those conditions alone that
//! its row groups leave open, and a column that only the others need is not read at all.

use super::local::LocalFiles;
use arrow::datatypes::{DataType, Schema};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, ScalarValue};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{
    FileOpener, FileScanConfig, FileScanConfigBuilder, FileSource, ParquetSource,
};
use datafusion::datasource::table_schema::TableSchema;
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::expressions::{BinaryExpr, Column, IsNotNullExpr, Literal};
use datafusion::physical_expr::projection::ProjectionExprs;
use datafusion::physical_expr::{
    EquivalenceProperties, PhysicalExpr, PhysicalSortExpr, conjunction, split_conjunction,
};
use datafusion::physical_plan::filter_pushdown::FilterPushdownPropagation;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use datafusion::physical_plan::{DisplayFormatType, SortOrderPushdownResult};
use datafusion_datasource::morsel::{MorselPlanner, Morselizer};
use object_store::ObjectStore;
use parquet::arrow::arrow_reader::statistics::StatisticsConverter;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// A scan of Parquet files that tests what the footers leave open.
pub(super) struct SettledSource {
    /// With all conditions: what DataFusion plans with.
    all: ParquetSource,
    /// The same without conditions.
    bare: ParquetSource,
    files: Arc<LocalFiles>,
}

impl SettledSource {
    /// A scan without conditions so far.
    pub(super) fn new(source: ParquetSource, files: &Arc<LocalFiles>) -> Self {
        SettledSource {
            all: source.clone(),
            bare: source,
            files: Arc::clone(files),
        }
    }

    /// This scan with what DataFusion has made of one of its two.
    fn with(
        &self,
        all: &Arc<dyn FileSource>,
        bare: Option<&Arc<dyn FileSource>>,
    ) -> Arc<dyn FileSource> {
        let parquet = |s: &Arc<dyn FileSource>| s.downcast_ref::<ParquetSource>().cloned();
        let bare = match bare {
            Some(bare) => parquet(bare),
            None => Some(self.bare.clone()),
        };
        match (parquet(all), bare) {
            (Some(all), Some(bare)) => Arc::new(SettledSource {
                all,
                bare,
                files: Arc::clone(&self.files),
            }),
            _ => Arc::clone(all),
        }
    }
}

impl FileSource for SettledSource {
    fn create_file_opener(
        &self,
        object_store: Arc<dyn ObjectStore>,
        base_config: &FileScanConfig,
        partition: usize,
    ) -> Result<Arc<dyn FileOpener>> {
        self.all
            .create_file_opener(object_store, base_config, partition)
    }

    fn create_morselizer(
        &self,
        object_store: Arc<dyn ObjectStore>,
        base_config: &FileScanConfig,
        partition: usize,
    ) -> Result<Box<dyn Morselizer>> {
        let all = self
            .all
            .create_morselizer(Arc::clone(&object_store), base_config, partition)?;
        let filter = self.all.filter();
        let conditions = filter.iter().flat_map(split_conjunction);
        let conditions: Vec<_> = conditions
            .map(|e| (Arc::clone(e), Condition::of(e)))
            .collect();
        if conditions.iter().all(|(_, c)| c.is_none()) {
            return Ok(all);
        }
        // What a reader takes from the scan, without its files.
        let config = FileScanConfigBuilder::new(
            base_config.object_store_url.clone(),
            Arc::new(self.bare.clone()),
        )
        .with_limit(base_config.limit)
        .with_preserve_order(base_config.preserve_order)
        .with_expr_adapter(base_config.expr_adapter_factory.clone())
        .build();
        Ok(Box::new(Settling {
            all,
            conditions,
            bare: self.bare.clone(),
            files: Arc::clone(&self.files),
            object_store,
            config,
            partition,
            made: Mutex::default(),
        }))
    }

    fn table_schema(&self) -> &TableSchema {
        self.all.table_schema()
    }

    fn with_batch_size(&self, batch_size: usize) -> Arc<dyn FileSource> {
        let bare = self.bare.with_batch_size(batch_size);
        self.with(&self.all.with_batch_size(batch_size), Some(&bare))
    }

    fn filter(&self) -> Option<Arc<dyn PhysicalExpr>> {
        self.all.filter()
    }

    fn projection(&self) -> Option<&ProjectionExprs> {
        self.all.projection()
    }

    fn metrics(&self) -> &ExecutionPlanMetricsSet {
        self.all.metrics()
    }

    fn file_type(&self) -> &str {
        self.all.file_type()
    }

    fn fmt_extra(&self, t: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.all.fmt_extra(t, f)
    }

    fn try_pushdown_filters(
        &self,
        filters: Vec<Arc<dyn PhysicalExpr>>,
        config: &ConfigOptions,
    ) -> Result<FilterPushdownPropagation<Arc<dyn FileSource>>> {
        let mut pushed = self.all.try_pushdown_filters(filters, config)?;
        pushed.updated_node = pushed.updated_node.map(|all| self.with(&all, None));
        Ok(pushed)
    }

    fn try_pushdown_sort(
        &self,
        _order: &[PhysicalSortExpr],
        _properties: &EquivalenceProperties,
    ) -> Result<SortOrderPushdownResult<Arc<dyn FileSource>>> {
        // Files of this machine say nothing of an order.
        Ok(SortOrderPushdownResult::Unsupported)
    }

    fn try_pushdown_projection(
        &self,
        projection: &ProjectionExprs,
    ) -> Result<Option<Arc<dyn FileSource>>> {
        let all = self.all.try_pushdown_projection(projection)?;
        let bare = self.bare.try_pushdown_projection(projection)?;
        Ok(all
            .zip(bare)
            .map(|(all, bare)| self.with(&all, Some(&bare))))
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        self.all.apply_expressions(f)
    }
}

/// Plans the reading of pieces, each with the conditions that it needs.
struct Settling {
    all: Box<dyn Morselizer>,
    conditions: Vec<(Arc<dyn PhysicalExpr>, Option<Condition>)>,
    bare: ParquetSource,
    files: Arc<LocalFiles>,
    object_store: Arc<dyn ObjectStore>,
    config: FileScanConfig,
    partition: usize,
    /// By which conditions are open.
    made: Mutex<HashMap<Vec<bool>, Arc<dyn Morselizer>>>,
}

impl fmt::Debug for Settling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settling")
            .field("conditions", &self.conditions)
            .finish_non_exhaustive()
    }
}

impl Morselizer for Settling {
    fn plan_file(&self, file: PartitionedFile) -> Result<Box<dyn MorselPlanner>> {
        let Some((schema, footer)) = self.files.footer(&file) else {
            return self.all.plan_file(file);
        };
        let groups = groups(footer, &file);
        let settled = |c: &Condition| c.holds(schema, footer, &groups);
        let conditions = self.conditions.iter();
        let open: Vec<bool> = conditions
            .map(|(_, c)| !c.as_ref().is_some_and(settled))
            .collect();
        if open.iter().all(|o| *o) {
            return self.all.plan_file(file);
        }
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.get(&open) {
            return known.plan_file(file);
        }
        let left = self.conditions.iter().zip(&open).filter(|(_, open)| **open);
        let left: Vec<_> = left.map(|((e, _), _)| Arc::clone(e)).collect();
        let source = match left.is_empty() {
            true => self.bare.clone(),
            false => self.bare.with_predicate(conjunction(left)),
        };
        let store = Arc::clone(&self.object_store);
        let new: Arc<dyn Morselizer> = source
            .create_morselizer(store, &self.config, self.partition)?
            .into();
        made.insert(open, Arc::clone(&new));
        new.plan_file(file)
    }
}

/// The row groups of a piece: those that begin in it, as DataFusion counts them.
fn groups<'f>(footer: &'f ParquetMetaData, file: &PartitionedFile) -> Vec<&'f RowGroupMetaData> {
    let begins = |g: &&RowGroupMetaData| match (&file.range, g.columns().first()) {
        (Some(range), Some(first)) => {
            let at = first
                .dictionary_page_offset()
                .unwrap_or_else(|| first.data_page_offset());
            range.start <= at && at < range.end
        }
        _ => true,
    };
    footer.row_groups().iter().filter(begins).collect()
}

/// A condition that minimum, maximum and the number of nulls can answer.
#[derive(Debug)]
enum Condition {
    /// A column against a whole number or a time.
    Compare(String, Operator, ScalarValue),
    /// A column is not null.
    NotNull(String),
}

impl Condition {
    fn of(expr: &Arc<dyn PhysicalExpr>) -> Option<Condition> {
        if let Some(test) = expr.downcast_ref::<IsNotNullExpr>() {
            let column = test.arg().downcast_ref::<Column>()?;
            return Some(Condition::NotNull(column.name().to_owned()));
        }
        let test = expr.downcast_ref::<BinaryExpr>()?;
        let column = test.left().downcast_ref::<Column>()?;
        let value = test.right().downcast_ref::<Literal>()?.value();
        let ordered = matches!(
            test.op(),
            Operator::Lt | Operator::LtEq | Operator::Gt | Operator::GtEq
        );
        // Their minimum and maximum are values of the column in the order of the values, whoever wrote the file.
        let exact = matches!(
            value.data_type(),
            DataType::Int32 | DataType::Int64 | DataType::Timestamp(..)
        );
        (ordered && exact && !value.is_null())
            .then(|| Condition::Compare(column.name().to_owned(), *test.op(), value.clone()))
    }

    /// Whether it is known to hold for every row of the groups.
    fn holds(
        &self,
        schema: &Schema,
        footer: &ParquetMetaData,
        groups: &[&RowGroupMetaData],
    ) -> bool {
        self.known(schema, footer, groups).unwrap_or(false)
    }

    fn known(
        &self,
        schema: &Schema,
        footer: &ParquetMetaData,
        groups: &[&RowGroupMetaData],
    ) -> Option<bool> {
        let (Condition::Compare(column, ..) | Condition::NotNull(column)) = self;
        let descr = footer.file_metadata().schema_descr();
        let statistics = StatisticsConverter::try_new(column, schema, descr)
            .ok()?
            .with_missing_null_counts_as_zero(false);
        let nulls = statistics
            .row_group_null_counts(groups.iter().copied())
            .ok()?;
        if nulls.iter().any(|n| n != Some(0)) {
            return Some(false);
        }
        let Condition::Compare(_, op, value) = self else {
            return Some(true);
        };
        let least = matches!(op, Operator::Gt | Operator::GtEq);
        let ends = match least {
            true => statistics.row_group_mins(groups.iter().copied()).ok()?,
            false => statistics.row_group_maxes(groups.iter().copied()).ok()?,
        };
        if ends.data_type() != &value.data_type() {
            return None;
        }
        for i in 0..ends.len() {
            let end = ScalarValue::try_from_array(&ends, i).ok()?;
            let order = (!end.is_null()).then(|| end.partial_cmp(value)).flatten()?;
            let holds = match op {
                Operator::Gt => order.is_gt(),
                Operator::GtEq => order.is_ge(),
                Operator::Lt => order.is_lt(),
                _ => order.is_le(),
            };
            if !holds {
                return Some(false);
            }
        }
        Some(true)
    }
}

#[cfg(test)]
mod tests;
