//! `billfold chain`: which filters run in a proxy, in which order, and which plugins do not run there.
//!
//! Each design is a mesh of its own. All manifests that are named together are one, as they would meet in a cluster; what the file of
//! their project says of the mesh counts for them.

mod print;
mod select;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::formats::{self, OpenOptions, ReadErrorKind};
use crate::istio::{FilterChain, Landscape, Protocol, Traffic};
use crate::model::Design;
use crate::policy;
use crate::registry::Registry;
use crate::validate::Options;
use crate::wallet::{effective_resources, landscape_among};
use crate::yaml::{self, Document, Format};

use super::assumed::Assumed;
use super::input;
use super::projects::Projects;
use super::{Exit, definitions, output};
use select::{Choice, Chosen};

/// Show which filters run in the proxies of workloads and gateways, and in which order.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Without a choice every workload, gateway and waypoint is shown in turn.\n\
    The text names what else there is; JSON has the HTTP chains only, not those of ports without HTTP.\n\n\
    Exit codes: 0 shown, 2 something could not be read, or what was chosen is not there.\n\n\
    Examples:\n  \
    billfold chain design.yaml\n  \
    billfold chain manifests/ --workload app=cart,version=v1 --direction inbound\n  \
    billfold chain design.yaml --namespace edge --gateway edge-gateway --format json")]
pub struct ChainArgs {
    /// A design, manifests, a directory, or - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    choice: Choice,
    /// Only this traffic of sidecars; a gateway or waypoint has one kind of traffic.
    #[arg(long, value_enum)]
    direction: Option<Direction>,
    /// How to print the chains.
    #[arg(long, value_enum, default_value_t = ChainFormat::Text)]
    format: ChainFormat,
    #[command(flatten)]
    assumed: Assumed,
}

/// The traffic of a sidecar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Direction {
    /// What comes to the workload.
    Inbound,
    /// What the workload sends.
    Outbound,
}

impl Direction {
    fn traffic(self) -> Traffic {
        match self {
            Self::Inbound => Traffic::Inbound,
            Self::Outbound => Traffic::Outbound,
        }
    }
}

/// How `chain` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ChainFormat {
    /// A list for each proxy.
    Text,
    /// One JSON array.
    Json,
}

/// What a run gave.
#[derive(Default)]
struct Shown {
    text: String,
    json: Vec<crate::model::Value>,
    /// Proxies of which something was shown.
    proxies: usize,
    /// Proxies that were chosen.
    chosen: usize,
}

pub(super) fn run(args: &ChainArgs) -> Exit {
    let registry = definitions::of_settings();
    let projects = match Projects::read(&args.paths, &args.assumed.options()) {
        Ok(projects) => projects,
        Err(err) => {
            output::error(&err);
            return Exit::Unusable;
        }
    };
    let Read { designs, is_unreadable } = read(args, &registry, &projects);
    if designs.is_empty() && is_unreadable {
        return Exit::Unusable;
    }
    let mut shown = Shown::default();
    let is_there = designs.iter().any(|(design, _)| args.choice.finds(design));
    for (number, (design, project)) in designs.iter().enumerate() {
        let Some(settings) = projects.settings.get(*project) else { continue };
        // What is in none of them is assumed once.
        let may_assume = !is_there && number == 0;
        show(design, &settings.options, &registry, args, may_assume, &mut shown);
    }
    if shown.chosen == 0 {
        output::note(&args.choice.nothing_found());
        if args.choice.is_made() {
            return Exit::Unusable;
        }
    } else if shown.proxies == 0 {
        output::note("error: --direction is for sidecars: leave it out for a gateway or waypoint");
        return Exit::Unusable;
    }
    let text = match args.format {
        ChainFormat::Text => shown.text,
        ChainFormat::Json => yaml::emit(&crate::model::Value::List(shown.json), Format::Json),
    };
    let printed = output::data(text.as_bytes());
    if is_unreadable { Exit::Unusable } else { printed }
}

/// The designs of the arguments, with their projects: one of each, and one of all manifests of a project together.
struct Read {
    designs: Vec<(Design, usize)>,
    is_unreadable: bool,
}

fn read(args: &ChainArgs, registry: &Arc<Registry>, projects: &Projects) -> Read {
    let (sources, unreadable) = input::read_all(&args.paths);
    let mut read = Read { designs: Vec::new(), is_unreadable: !unreadable.is_empty() };
    for failure in unreadable {
        output::error(&failure.error);
    }
    let mut manifests: BTreeMap<usize, Vec<Document>> = BTreeMap::new();
    for source in sources {
        let project = projects.of_path(source.argument);
        let err = match formats::content(&source.bytes) {
            Ok(formats::Content::Design) => match formats::open(&source.bytes) {
                Ok(opened) => {
                    read.designs.push((opened.design, project));
                    continue;
                }
                Err(err) => err,
            },
            Ok(formats::Content::Manifests(found)) => {
                manifests.entry(project).or_default().extend(found);
                continue;
            }
            Err(err) => err,
        };
        let is_of_no_interest = matches!(
            err.kind,
            ReadErrorKind::Unknown
                | ReadErrorKind::Empty
                | ReadErrorKind::Unsupported
                | ReadErrorKind::Template
        );
        if source.is_named || !is_of_no_interest {
            read.is_unreadable = true;
            let (line, column) = (err.position.line, err.position.column);
            output::note(&format!("error: {}:{line}:{column}: {}", source.name, err.message));
        }
    }
    for (project, documents) in manifests {
        let options = OpenOptions { make_filters: false };
        read.designs.push((formats::open_manifests(documents, registry, options).design, project));
    }
    read
}

fn show(
    design: &Design,
    options: &Options,
    registry: &Arc<Registry>,
    args: &ChainArgs,
    may_assume: bool,
    shown: &mut Shown,
) {
    let (design, _) = policy::evaluated(design, registry, true);
    let effective = effective_resources(&design, registry);
    let mesh = options.mesh_of(&design);
    let Chosen { proxies, places, assumed } = args.choice.choose(&design, may_assume);
    if let Some(note) = assumed {
        output::note(&note);
    }
    let landscape = landscape_among(proxies, &design, &effective, mesh);
    shown.chosen += places.len();
    for place in places {
        let Some(proxy) = landscape.proxies.get(place) else { continue };
        let is_meant = |traffic: &&Traffic| args.direction.is_none_or(|it| it.traffic() == **traffic);
        let mut is_shown = false;
        for traffic in Traffic::of(proxy).iter().filter(is_meant) {
            let chain = landscape.chain(place, *traffic, Protocol::Http);
            match args.format {
                ChainFormat::Json => shown.json.push(print::json(&design, proxy, &chain)),
                ChainFormat::Text => {
                    let scene = Scene { design: &design, landscape: &landscape, place };
                    print::text(&scene, &chain, args.choice.is_one(), &mut shown.text);
                }
            }
            is_shown = true;
        }
        shown.proxies += usize::from(is_shown);
    }
}

/// What a chain is printed with.
struct Scene<'a> {
    design: &'a Design,
    landscape: &'a Landscape<'a>,
    place: usize,
}

impl Scene<'_> {
    fn tcp(&self, http: &FilterChain) -> FilterChain {
        self.landscape.chain(self.place, http.traffic, Protocol::Tcp)
    }
}
