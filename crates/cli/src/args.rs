//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Run published KQL (Kusto) queries unchanged, offline, on local files.
#[derive(Debug, Parser)]
#[command(
    name = "kql",
    version,
    about,
    disable_help_subcommand = true,
    args_conflicts_with_subcommands = true
)]
pub struct Cli {
    /// What to do; nothing starts the REPL.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What the REPL sees when no command is given.
    #[command(flatten)]
    pub session: SessionArgs,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run queries.
    Run(RunArgs),
    /// Make a workspace folder with a sample.
    Init(InitArgs),
    /// Fetch what externaldata of queries reads into a folder.
    Fetch(FetchArgs),
    /// Parse and bind only: queries, rules, parsers, workbooks, or folders of them.
    Check(CheckArgs),
    /// Show a stage of a query.
    Explain(ExplainArgs),
    /// The tables in scope with their columns and types.
    Schema(SchemaArgs),
    /// The function reference.
    Functions(FunctionsArgs),
    /// Run query tests: rows, a query, and what should come of it.
    Test(TestArgs),
    /// Lay out query files: one step of a pipe a line.
    Fmt(FmtArgs),
    /// Type queries.
    Repl(SessionArgs),
    /// Print completions for a shell.
    Completions(CompletionsArgs),
    /// Print the man page, or write one for each command.
    Man(ManArgs),
}

/// `kql completions`
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `kql man`
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The folder that takes the pages.
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

/// Where queries come from.
#[derive(Debug, Args, Default)]
pub struct QueryArgs {
    /// Files with queries; `-` is standard input, `FILE#2` or `FILE#"Heading"` picks one of several.
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub files: Vec<String>,
    /// The text of a query.
    #[arg(short = 'q', long = "query", value_name = "TEXT")]
    pub query: Vec<String>,
}

/// What queries see and how they run.
#[derive(Debug, Clone, Args, Default)]
pub struct SessionArgs {
    /// A file, folder or glob; `NAME=PATH` gives the table's name.
    #[arg(long, value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    pub data: Vec<String>,
    /// Where externaldata finds a location: `URL=PATH`, or a folder laid out as host/path.
    #[arg(long, value_name = "URL=PATH")]
    pub external: Vec<String>,
    /// Stored functions: .kql files or folders of them.
    #[arg(long, value_name = "PATH")]
    pub functions: Vec<PathBuf>,
    /// Watchlists: a folder with NAME.csv or NAME.json for `_GetWatchlist('NAME')`.
    #[arg(long, value_name = "DIR")]
    pub watchlists: Vec<PathBuf>,
    /// A folder with any of kql.toml, tables/, functions/, watchlists/, external/; by default the next folder upward that
    /// has a kql.toml.
    #[arg(long, value_name = "DIR")]
    pub workspace: Option<PathBuf>,
    /// A MaxMind City database (GeoLite2-City.mmdb) for geo_info_from_ip_address.
    #[arg(long, value_name = "FILE")]
    pub geoip: Option<PathBuf>,
    /// The regexes.yaml of the uap-core project for parse_user_agent.
    #[arg(long, value_name = "FILE")]
    pub user_agents: Option<PathBuf>,
    /// A function of Defender that gives nulls where no table answers it, such as FileProfile.
    #[arg(long, value_name = "NAME")]
    pub null_functions: Vec<String>,
    /// Leave out legs of a fuzzy union that have an error in a stored function, though they read rows.
    #[arg(long)]
    pub skip_broken_legs: bool,
    /// The time range of tables with a TimeGenerated: P1D, or FROM/TO, where either may be a duration.
    #[arg(long, value_name = "ISO8601")]
    pub timespan: Option<String>,
    /// A value of `declare query_parameters`.
    #[arg(long, value_name = "NAME=VALUE")]
    pub param: Vec<String>,
    /// What now() means: a time, or `data` for the newest time in the data.
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,
    /// Known tables without data are empty tables.
    #[arg(long)]
    pub empty_tables: bool,
    /// Known columns that the data lacks are part of `*`.
    #[arg(long)]
    pub full_schema: bool,
    /// What to do with rows that cannot be read.
    #[arg(long, value_enum, default_value_t = BadRowsArg::Fail)]
    pub bad_rows: BadRowsArg,
    /// Memory that operators may hold before they spill, such as 512MB or 2GB.
    #[arg(long, value_name = "SIZE")]
    pub memory_limit: Option<String>,
    /// Threads.
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// The longest that a query may run, such as 30s or 5m.
    #[arg(long, value_name = "TIME")]
    pub timeout: Option<String>,
    /// Where operators spill to.
    #[arg(long, value_name = "DIR")]
    pub temp_dir: Option<PathBuf>,
    /// Rows of a batch (for tests).
    #[arg(long, value_name = "N", hide = true)]
    pub batch_size: Option<usize>,
    /// Plans run as they are written (for tests).
    #[arg(long, hide = true)]
    pub no_optimise: bool,
    /// Diagnostics as text or as a JSON object a line.
    #[arg(long, value_enum, default_value_t = DiagnosticsArg::Text)]
    pub diagnostics: DiagnosticsArg,
}

/// `--bad-rows`.
#[derive(Debug, Clone, Copy, Default, ValueEnum, PartialEq, Eq)]
pub enum BadRowsArg {
    /// Stop with the place.
    #[default]
    Fail,
    /// Leave them out and count them.
    Skip,
}

/// `--diagnostics`.
#[derive(Debug, Clone, Copy, Default, ValueEnum, PartialEq, Eq)]
pub enum DiagnosticsArg {
    /// With a caret.
    #[default]
    Text,
    /// An object a line.
    Json,
}

/// `--format`.
#[derive(Debug, Clone, Copy, ValueEnum, PartialEq, Eq)]
pub enum Format {
    /// Aligned columns.
    Table,
    /// A line a value, values in full.
    Record,
    /// What `render` draws, as text; a table where nothing is drawn.
    Chart,
    /// What `render` draws, as a picture of lines.
    Svg,
    /// What `render` draws, as a picture of dots.
    Png,
    /// One object with all results.
    Json,
    /// An object a row.
    Jsonl,
    /// Comma-separated.
    Csv,
    /// Tab-separated.
    Tsv,
    /// A Markdown table.
    Markdown,
    /// A Parquet file.
    Parquet,
    /// An Arrow file.
    Arrow,
    /// A page with the table, and with what `render` draws; it needs nothing else.
    Html,
    /// The frames that Kusto answers with (version 2).
    Kusto,
}

/// `kql run`
#[derive(Debug, Args)]
pub struct RunArgs {
    #[command(flatten)]
    pub queries: QueryArgs,
    #[command(flatten)]
    pub session: SessionArgs,
    /// How rows are written; by default what the name of `-o FILE` says, else `table` on a terminal and `jsonl` in a pipe.
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// The file that rows are written to.
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// What the rule would have raised, in place of its rows.
    #[arg(long)]
    pub alerts: bool,
    /// Runs a rule at each of its times from one time to another, and lists all alerts.
    #[arg(long, value_name = "FROM..TO", conflicts_with = "timespan")]
    pub replay: Option<String>,
    /// One JSON line of figures on standard error at the end.
    #[arg(long)]
    pub stats: bool,
    /// The rows after each step, on standard error; every step is a run of its own.
    #[arg(long)]
    pub trace: bool,
}

/// `kql test`
#[derive(Debug, Args)]
pub struct TestArgs {
    /// Test files (NAME.test.yaml), or folders with them.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Only tests whose file or name holds this text.
    #[arg(long, value_name = "TEXT")]
    pub filter: Vec<String>,
    /// Write expectations that are not met anew, in place.
    #[arg(long)]
    pub update: bool,
    /// Run again whenever a file changes.
    #[arg(long)]
    pub watch: bool,
    /// Say which steps and branches no test has tried.
    #[arg(long)]
    pub coverage: bool,
    /// A report for other programs: junit, sarif or json; on standard output, or in a file.
    #[arg(long, value_name = "KIND[=FILE]")]
    pub report: Vec<String>,
    /// Tests at a time.
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Stored functions that every test sees.
    #[arg(long, value_name = "PATH")]
    pub functions: Vec<PathBuf>,
    /// Watchlists that every test sees.
    #[arg(long, value_name = "DIR")]
    pub watchlists: Vec<PathBuf>,
    /// Where externaldata finds a location: `URL=PATH`, or a folder laid out as host/path.
    #[arg(long, value_name = "URL=PATH")]
    pub external: Vec<String>,
    /// A value of `declare query_parameters`.
    #[arg(long, value_name = "NAME=VALUE")]
    pub param: Vec<String>,
    /// A folder with any of kql.toml, functions/, watchlists/, external/, for every test; its tables are not seen.
    #[arg(long, value_name = "DIR")]
    pub workspace: Option<PathBuf>,
    /// The longest that a query may run, such as 30s or 5m.
    #[arg(long, value_name = "TIME")]
    pub timeout: Option<String>,
    /// Memory that operators may hold before they spill, such as 512MB or 2GB.
    #[arg(long, value_name = "SIZE")]
    pub memory_limit: Option<String>,
}

/// `kql init`
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder.
    #[arg(value_name = "DIR", default_value = ".")]
    pub folder: PathBuf,
}

/// `kql fetch`
#[derive(Debug, Args)]
pub struct FetchArgs {
    #[command(flatten)]
    pub queries: QueryArgs,
    #[command(flatten)]
    pub session: SessionArgs,
    /// The folder, laid out as host/path; --external finds its files.
    #[arg(long, value_name = "DIR", default_value = "external")]
    pub to: PathBuf,
    /// Without it nothing is fetched, and what is wanted is listed.
    #[arg(long)]
    pub allow_network: bool,
}

/// `kql check`
#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub queries: QueryArgs,
    #[command(flatten)]
    pub session: SessionArgs,
    /// One JSON object a query on standard output; the same as `--format json`.
    #[arg(long)]
    pub json: bool,
    /// How the findings are written.
    #[arg(long, value_enum)]
    pub format: Option<CheckFormat>,
    /// What each query needs, also where no folder is named.
    #[arg(long)]
    pub report: bool,
}

/// `kql check --format`
#[derive(Debug, Clone, Copy, ValueEnum, PartialEq, Eq)]
pub enum CheckFormat {
    /// For people.
    Text,
    /// One JSON object a query.
    Json,
    /// A SARIF log, as code scanning reads it.
    Sarif,
}

/// `kql explain`
#[derive(Debug, Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    pub queries: QueryArgs,
    #[command(flatten)]
    pub session: SessionArgs,
    /// Which stage.
    #[arg(long, value_enum, default_value_t = Emit::Physical)]
    pub emit: Emit,
}

/// `--emit`.
#[derive(Debug, Clone, Copy, ValueEnum, PartialEq, Eq)]
pub enum Emit {
    /// The syntax tree.
    Ast,
    /// The bound plan.
    Bound,
    /// The plan as it is lowered.
    Plan,
    /// The plan after its optimiser.
    Optimised,
    /// The operators that run.
    Physical,
    /// The operators with what they measured: this runs the query.
    Analyze,
}

/// `kql schema`
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Tables; all with data when none is named.
    pub names: Vec<String>,
    #[command(flatten)]
    pub session: SessionArgs,
}

/// `kql functions`
#[derive(Debug, Args)]
pub struct FunctionsArgs {
    /// A function or aggregate; the list when none is named.
    pub name: Option<String>,
}

/// `kql fmt`
#[derive(Debug, Args)]
pub struct FmtArgs {
    /// Files, which are written back; `-` is standard input and goes to standard output.
    #[arg(value_name = "FILE")]
    pub files: Vec<String>,
    /// The text of a query; goes to standard output.
    #[arg(short = 'q', long = "query", value_name = "TEXT")]
    pub query: Vec<String>,
    /// Write nothing, and fail where a text is not formatted.
    #[arg(long)]
    pub check: bool,
    /// Diagnostics as text or as a JSON object a line.
    #[arg(long, value_enum, default_value_t = DiagnosticsArg::Text)]
    pub diagnostics: DiagnosticsArg,
}
