//! The command line: arguments → settings. No work happens here.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Every Kubernetes object of a platform from a short service inventory.
#[derive(Debug, Parser)]
#[command(name = "platgen", version, arg_required_else_help = true, infer_long_args = false)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Args, Debug)]
pub struct Global {
    /// The project: a folder with `base/` [default: the nearest one above]
    #[arg(short = 'C', long, global = true, value_name = "DIR")]
    pub project: Option<PathBuf>,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// Say nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more; twice for where the time goes
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Threads to use [default: one per processor]
    #[arg(long, global = true, value_name = "N", hide_short_help = true, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// Parse every template's output anew: slower, and the same bytes
    #[arg(long, global = true, hide_short_help = true)]
    pub no_skeleton_cache: bool,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal
    Auto,
    /// Also in a pipe
    Always,
    /// Nowhere
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start a project: a small inventory and three environments
    Init(InitArgs),
    /// Make an inventory of what there is already
    Import(ImportArgs),
    /// Write all objects of an environment to standard output
    Render(RenderArgs),
    /// Write all environments as a kustomize tree, or check that it is current
    Build(BuildArgs),
    /// Look for what is wrong in all environments
    Check(CheckArgs),
    /// Write all environments in the form of another tool
    Export(ExportArgs),
    /// Say what differs from another environment, a git revision, or objects from elsewhere, and what applying it does
    Diff(DiffArgs),
    /// Say where a value comes from, or what a code means
    Explain(ExplainArgs),
    /// Change values of an environment's own files, comments and order kept
    Set(SetArgs),
    /// Write or verify `snapshots/<environment>.yaml`
    Snapshot(SnapshotArgs),
    /// Render from within kustomize
    Plugin(PluginArgs),
    /// Encrypt one secret value for the sealed-secrets controller, into the overlay
    Seal(SealArgs),
    /// Write the runbook of an environment, or of all: deploy, verify, scale, roll back, restore, troubleshoot
    Docs(DocsArgs),
    /// Write what depends on what, and what is reached from outside, as a graph
    Graph(GraphArgs),
    /// Write the JSON Schema of inventory files, for editors
    Schema(SchemaArgs),
    /// Write what a shell needs to complete this command line
    Completions(CompletionsArgs),
    /// Write the manual page
    Man,
}

/// Arguments of `init`.
#[derive(Args, Debug)]
pub struct InitArgs {
    /// Where to; made if it is not there [default: here]
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Begin with the services of a Compose file, as `import compose` does
    #[arg(long, value_name = "FILE")]
    pub from_compose: Option<PathBuf>,
}

/// Arguments of `import`.
#[derive(Args, Debug)]
pub struct ImportArgs {
    /// What there is
    #[command(subcommand)]
    pub from: ImportFrom,
}

/// What an inventory is made of.
#[derive(Debug, Subcommand)]
pub enum ImportFrom {
    /// Services of a Compose file, as Docker and Podman run it
    Compose(ComposeArgs),
}

/// Arguments of `import compose`.
#[derive(Args, Debug)]
pub struct ComposeArgs {
    /// The Compose file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Where to write a project with three environments [default: the inventory alone, to standard output]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write nothing and end with 1 if anything has no counterpart
    #[arg(long)]
    pub strict: bool,
}

/// Arguments of `render`.
#[derive(Args, Debug)]
pub struct RenderArgs {
    /// The environment: the name of an overlay, or `base`
    #[arg(value_name = "ENV")]
    pub environment: String,
    /// Only objects of this service; may be given several times
    #[arg(short, long = "service", value_name = "SERVICE")]
    pub services: Vec<String>,
    /// Only objects of this kind, such as `Deployment` or `deployments`; may be given several times
    #[arg(short, long = "kind", value_name = "KIND")]
    pub kinds: Vec<String>,
    /// Only objects that live in the cluster, or in its namespaces
    #[arg(long, value_enum, default_value_t = Reach::All)]
    pub scope: Reach,
    /// How to write the objects
    #[arg(short, long, value_enum, default_value_t = Output::Yaml)]
    pub output: Output,
    /// Allow a stream without any object
    #[arg(long)]
    pub allow_empty: bool,
}

/// Where objects live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reach {
    /// In the cluster, without a namespace
    Cluster,
    /// In a namespace
    Namespaced,
    /// Either
    All,
}

/// How to write objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// YAML documents
    Yaml,
    /// One JSON `List`
    Json,
    /// KYAML documents: flow style, all strings quoted, as `kubectl -o kyaml`
    Kyaml,
}

/// Arguments of `export`.
#[derive(Args, Debug)]
pub struct ExportArgs {
    /// Which tool
    #[command(subcommand)]
    pub form: ExportForm,
}

/// What environments are exported as.
#[derive(Debug, Subcommand)]
pub enum ExportForm {
    /// One Helm chart: what differs between environments is a value, `values-<environment>.yaml` says which
    Helm(HelmArgs),
}

/// Arguments of `export helm`.
#[derive(Args, Debug)]
pub struct HelmArgs {
    /// Folder of the chart
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The chart's version
    #[arg(long, value_name = "VERSION", default_value = "0.1.0", value_parser = chart_version)]
    pub chart_version: String,
}

/// A version of a chart (semver.org, 2): Helm refuses others.
fn chart_version(text: &str) -> Result<String, String> {
    let (rest, build) = text.split_once('+').map_or((text, None), |(rest, build)| (rest, Some(build)));
    let (core, before) = rest.split_once('-').map_or((rest, None), |(core, before)| (core, Some(before)));
    let number = |part: &str| {
        (1..=9).contains(&part.len())
            && part.bytes().all(|c| c.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let word = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
    let numeric = |part: &str| part.bytes().all(|c| c.is_ascii_digit());
    let fine = core.split('.').count() == 3
        && core.split('.').all(number)
        && before.is_none_or(|before| before.split('.').all(|part| word(part) && (!numeric(part) || number(part))))
        && build.is_none_or(|build| build.split('.').all(word));
    if fine {
        Ok(text.to_owned())
    } else {
        Err("a version is `MAJOR.MINOR.PATCH`, as semantic versioning has it".to_owned())
    }
}

/// Arguments of `build`.
#[derive(Args, Debug)]
pub struct BuildArgs {
    /// Where to [default: `k8s` in the project]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Only the base and this environment; what is there of others stays; may be given several times
    #[arg(short, long = "env", value_name = "ENV")]
    pub environments: Vec<String>,
    /// How objects are spread over files
    #[arg(long, value_enum, default_value_t = TreeLayout::Kind)]
    pub layout: TreeLayout,
    /// Write nothing: say which files, objects and lines of the inventory differ, and end with 1 if any does
    #[arg(long)]
    pub check: bool,
}

/// How objects are spread over files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TreeLayout {
    /// A file for each service and kind; one for all of what is read across services
    Kind,
    /// A file for each service
    Service,
    /// A file for each object
    Object,
    /// A folder for each environment, without base and overlays; the folder itself with `--out` and one `--env`
    Flat,
}

/// Arguments of `check`.
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// The environments [default: all]
    #[arg(value_name = "ENV")]
    pub environments: Vec<String>,
    /// How to write findings
    #[arg(long, value_enum, default_value_t = Report::Human)]
    pub format: Report,
    /// Take findings of this code for errors; may be given several times
    #[arg(long, value_name = "CODE")]
    pub deny: Vec<String>,
    /// Take findings of this code for warnings; may be given several times
    #[arg(long, value_name = "CODE")]
    pub warn: Vec<String>,
    /// Say nothing of this code; may be given several times
    #[arg(long, value_name = "CODE")]
    pub allow: Vec<String>,
}

/// How to write findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Report {
    /// With excerpts, for people
    Human,
    /// One JSON document
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
}

/// Arguments of `diff`.
#[derive(Args, Debug)]
pub struct DiffArgs {
    /// The environment: the name of an overlay, or `base`
    #[arg(value_name = "ENV")]
    pub environment: String,
    /// Another environment: what differs there, such as `diff staging production`
    #[arg(value_name = "OTHER", conflicts_with_all = ["against", "git"])]
    pub other: Option<String>,
    /// Objects in a file, a folder, a kustomization of `build`, or standard input (`-`): what applying the environment to
    /// them does
    #[arg(long, value_name = "PATH", conflicts_with = "git")]
    pub against: Option<PathBuf>,
    /// The same environment at a git revision [default: HEAD]
    #[arg(long, value_name = "REV")]
    pub git: Option<String>,
    /// How to write the difference
    #[arg(long, value_enum, default_value_t = DiffFormat::Human)]
    pub format: DiffFormat,
}

/// How to write a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people
    Human,
    /// One JSON document
    Json,
    /// For a comment of a pull request
    Markdown,
}

/// Arguments of `snapshot`.
#[derive(Args, Debug)]
pub struct SnapshotArgs {
    /// The environments [default: all]
    #[arg(value_name = "ENV")]
    pub environments: Vec<String>,
    /// Write nothing; say what is not as it would be written
    #[arg(long)]
    pub check: bool,
}

/// Arguments of `plugin`.
#[derive(Args, Debug)]
pub struct PluginArgs {
    /// What to do
    #[command(subcommand)]
    pub task: PluginTask,
}

/// What to do about the plugin.
#[derive(Debug, Subcommand)]
pub enum PluginTask {
    /// Put the exec plugin where kustomize looks for it
    Install,
    /// Try which of kustomize's ways to start plugins work here
    Doctor,
}

/// Arguments of `set`.
#[derive(Args, Debug)]
pub struct SetArgs {
    /// The environment whose files change: the name of an overlay, or `base`
    #[arg(value_name = "ENV")]
    pub environment: String,
    /// What to set, such as `web.image.tag=1.5.0` or `platform.registry=ghcr.io/acme`; `null` deletes
    #[arg(value_name = "PATH=VALUE", required = true)]
    pub assignments: Vec<String>,
}

/// Arguments of `seal`.
#[derive(Args, Debug)]
pub struct SealArgs {
    /// The environment: the name of an overlay, or `base`
    #[arg(value_name = "ENV")]
    pub environment: String,
    /// The service that reads the value
    #[arg(value_name = "SERVICE")]
    pub service: String,
    /// The name it has there: one of the service's `secrets`
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Take the value from this environment variable instead of standard input
    #[arg(long, value_name = "VARIABLE")]
    pub from_env: Option<String>,
    /// The controller's certificate, as `kubeseal --fetch-cert` prints it [default: `platform.secrets.sealed.certificate`]
    #[arg(long, value_name = "FILE")]
    pub cert: Option<PathBuf>,
    /// Keep a line break at the end of standard input
    #[arg(long, conflicts_with = "from_env")]
    pub exact: bool,
}

/// Arguments of `docs`.
#[derive(Args, Debug)]
pub struct DocsArgs {
    /// The environment: the name of an overlay, or `base` [default: all, a folder each]
    #[arg(value_name = "ENV")]
    pub environment: Option<String>,
    /// Where to: a folder of its own
    #[arg(short, long, value_name = "DIR")]
    pub out: PathBuf,
    /// With scripts that deploy: `deploy.sh` and `deploy.ps1`
    #[arg(long)]
    pub scripts: bool,
}

/// Arguments of `graph`.
#[derive(Args, Debug)]
pub struct GraphArgs {
    /// The environment: the name of an overlay, or `base`
    #[arg(value_name = "ENV", default_value = "base")]
    pub environment: String,
    /// How to write the graph
    #[arg(long, value_enum, default_value_t = GraphFormat::Mermaid)]
    pub format: GraphFormat,
}

/// How to write a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// A Mermaid flowchart, which forges show in Markdown
    Mermaid,
    /// For Graphviz
    Dot,
    /// Refused: Graphviz draws it
    #[value(hide = true)]
    Svg,
}

/// Arguments of `completions`.
#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// Arguments of `schema`.
#[derive(Args, Debug)]
pub struct SchemaArgs {
    /// The files it describes
    #[arg(long, value_enum, default_value_t = Described::Inventory)]
    pub of: Described,
    /// For editors, or for readers
    #[arg(long, value_enum, default_value_t = SchemaFormat::Json)]
    pub format: SchemaFormat,
}

/// What a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Described {
    /// Files of `base/` and of overlays
    Inventory,
    /// A component type's `type.yaml`
    Type,
}

/// How to write a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaFormat {
    /// JSON Schema, draft 7
    Json,
    /// The reference page: every field with its type, default and short form
    Markdown,
}

/// Arguments of `explain`.
#[derive(Args, Debug)]
pub struct ExplainArgs {
    /// The environment, or the code of a finding
    #[arg(value_name = "ENV|CODE")]
    pub environment: String,
    /// An object, `KIND/NAME` or `KIND/NAMESPACE/NAME`, or a place in the inventory, `SERVICE.PATH`
    #[arg(value_name = "KIND/NAME|SERVICE.PATH")]
    pub subject: Option<String>,
    /// A field of the object, such as `spec.replicas` [default: every leaf]
    pub field: Option<String>,
    /// How to write the answer
    #[arg(short, long, value_enum, default_value_t = Answer::Human)]
    pub output: Answer,
}

/// How to write an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Answer {
    /// For people
    Human,
    /// One JSON document
    Json,
}
