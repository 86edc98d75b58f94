//! `serve SCENARIO`: a local endpoint that throttles as the provider does, until it is stopped.

mod listen;
mod opened;
mod speed;

pub(super) use opened::opened;

use super::{Changes, Fault, error, inputs, output, print, progress, say};
use crate::report::served;
use crate::scenario::Taken;
use crate::serve::net::{Authority, Bounds, Listener, Options};
use crate::serve::{Clock, HEADERS, Pace, Stand};
use crate::study::Verdict;
use clap::{ArgGroup, Args, ValueEnum};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Answer calls on this machine as the provider would, with the limits of a scenario.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, group = secure())]
pub(super) struct ServeArgs {
    /// A scenario or a catalogue: a file, or the name of a catalogue such as sp-api
    #[arg(value_name = "SCENARIO|CATALOG")]
    what: String,
    /// Port to listen on; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,
    /// Address to listen on; with any other than the default, other machines may call too
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    listen: IpAddr,
    /// Answer https on the same port, with a certificate for any host
    #[arg(long)]
    tls: bool,
    /// Answer clients that use it as a proxy, instead of the hosts that they call; includes --tls
    #[arg(long)]
    proxy: bool,
    /// Write the certificate authority that https clients must trust (PEM)
    #[arg(long, value_name = "FILE", requires = "secure")]
    ca: Option<PathBuf>,
    /// Seconds that pass for the provider in each second
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    speed: Option<u32>,
    /// What moves the provider's clock
    #[arg(
        long,
        value_enum,
        value_name = "CLOCK",
        default_value = "wall",
        conflicts_with = "speed"
    )]
    clock: Clocked,
    /// Where calls say their account: header:NAME, query:NAME, path:N or address (overrides the
    /// scenario's)
    #[arg(long, value_name = "PLACE")]
    account: Option<Taken>,
    /// Where calls say their application, in the same form
    #[arg(long, value_name = "PLACE")]
    application: Option<Taken>,
    /// Write one line for each call (JSON Lines)
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Replace one value of the scenario, for example clients.accounts=3
    #[arg(long = "set", value_name = "ADDRESS=VALUE")]
    sets: Vec<String>,
    /// Random seed (overrides the scenario's)
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Print the address, results and errors only
    #[arg(short, long)]
    quiet: bool,
}

/// The options with which clients need the authority.
fn secure() -> ArgGroup {
    ArgGroup::new("secure").args(["tls", "proxy"]).multiple(true)
}

/// What moves the provider's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Clocked {
    /// Time itself
    Wall,
    /// Requests only: POST /_throttlesim/clock {"advance": "45m"}
    Manual,
}

const EXAMPLES: &str = "\
Examples:
  throttlesim serve sp-api --port 8080
  throttlesim serve mine.toml --clock manual --log calls.jsonl
  throttlesim serve amazon-pay --proxy --ca ca.pem

It prints one line with its address when it is ready, and stops on Ctrl-C. With --tls or --proxy let
clients trust ca.pem (SSL_CERT_FILE, REQUESTS_CA_BUNDLE, NODE_EXTRA_CA_CERTS); with --proxy set
HTTPS_PROXY. No request is passed on to any other host.";

impl ServeArgs {
    const fn has_tls(&self) -> bool {
        self.tls || self.proxy
    }

    /// Says something besides results.
    fn tell(&self, text: &str) {
        if !self.quiet {
            say(text);
        }
    }
}

pub(super) fn serve(args: &ServeArgs) -> Result<u8, Fault> {
    let changes = Changes { sets: args.sets.clone(), seed: args.seed, replications: None };
    let mut opened = opened(&args.what, &changes)?;
    let serving = &mut opened.scenario.serving;
    serving.account = args.account.clone().or(serving.account.take());
    serving.application = args.application.clone().or(serving.application.take());
    if let Some(speed) = args.speed {
        speed::check(&opened.scenario, speed)?;
    }
    // Before anything is written: a port that is taken must not cost an earlier run its files.
    let listener = Listener::new(SocketAddr::new(args.listen, args.port));
    let listener = listener.map_err(|why| Fault::new(listen::unstarted(&why)))?;
    let log = args.log.as_deref().map(log).transpose()?;
    let pace = match args.clock {
        Clocked::Wall => Pace::Times(args.speed.unwrap_or(1)),
        Clocked::Manual => Pace::ByHand,
    };
    let is_quiet = args.quiet;
    let notify = move |text: &str| {
        if !is_quiet {
            say(&format!("note: {text}"));
        }
    };
    let desk = Stand::new(opened, Clock::new(pace), log, Box::new(notify));
    let desk = Arc::new(desk);
    for assumption in desk.assumptions() {
        args.tell(&format!("assumed: {assumption}"));
    }
    let options = options(args)?;
    if !args.listen.is_loopback() {
        say(&format!("warning: other machines may call {}, too", args.listen));
    }
    // Before anyone can call: a signal that comes early must not cost the log its calls.
    progress::listen();
    let address = listener.address();
    let answers = Arc::<Stand>::clone(&desk);
    let server = listener.start(answers, &options);
    let tls = if args.has_tls() { format!(" and https://{address}") } else { String::new() };
    print(&format!("listening on http://{address}{tls}\n"));
    progress::wait_until_stopped();
    server.stop();
    let seen = desk.seen();
    print(&served::text(&seen, &desk.likeness()).unwrap_or_default());
    if let (Some(path), Some(why)) = (&args.log, &seen.unlogged) {
        let message = format!("{}: {why}: the log is incomplete", path.display());
        return Err(Fault::new(error(&message)));
    }
    Ok(match seen.verdicts().filter_map(|(_, judged)| judged.verdict()).max() {
        None | Some(Verdict::Met) => 0,
        Some(Verdict::Failed) => 1,
        Some(Verdict::Inconclusive) => 3,
    })
}

/// How the listener answers; with TLS, the authority is written.
fn options(args: &ServeArgs) -> Result<Options, Fault> {
    let bounds = Bounds::default();
    let notices = listen::notices(args.ca.as_deref(), bounds.connections);
    let is_quiet = args.quiet;
    let mut options = Options {
        is_proxy: args.proxy,
        names: &HEADERS,
        bounds,
        notify: Arc::new(move |notice| {
            if !is_quiet {
                notices(notice);
            }
        }),
        authority: None,
    };
    if args.has_tls() {
        let authority = Authority::new(args.listen);
        let authority =
            authority.map_err(|e| Fault::new(error(&format!("cannot make a certificate: {e}"))))?;
        match &args.ca {
            Some(file) => {
                output::write_one(file, "--ca", |out| out.write_all(authority.pem().as_bytes()))?;
                args.tell(&format!("certificate authority: {}", file.display()));
            }
            None => args.tell("note: clients trust the certificate only with --ca FILE"),
        }
        options.authority = Some(Arc::new(authority));
    }
    Ok(options)
}

/// A new file for one line a call.
fn log(path: &Path) -> Result<Box<dyn Write + Send>, Fault> {
    inputs::check(path)?;
    let file = File::create(path).map_err(|reason| {
        let path = path.display();
        Fault::new(error(&format!("cannot write {path}: {reason}: name another place with --log")))
    })?;
    Ok(Box::new(BufWriter::new(file)))
}
