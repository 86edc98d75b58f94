//! `completions SHELL` and `manual DIR`: what shells and `man` want to know of the commands.

use super::output::Output;
use super::{Cli, Fault, error, print, say};
use clap::{Args, CommandFactory};
use std::path::PathBuf;

/// Print completions for a shell.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// bash, zsh, fish, elvish or powershell
    shell: clap_complete::Shell,
}

/// Write manual pages, one for each command.
#[derive(Debug, Args)]
pub(super) struct ManualArgs {
    /// Output directory
    folder: PathBuf,
}

pub(super) fn completions(args: &CompletionsArgs) -> u8 {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "throttlesim", &mut text);
    print(&String::from_utf8_lossy(&text));
    0
}

pub(super) fn manual(args: &ManualArgs) -> Result<u8, Fault> {
    let mut output = Output::default();
    let command = Cli::command();
    let mut add = |command: clap::Command, name: String| {
        let mut page = Vec::new();
        let rendered = clap_mangen::Man::new(command).title(name.clone()).render(&mut page);
        rendered.map_err(|e| Fault::new(error(&e.to_string())))?;
        output.add(args.folder.join(format!("{name}.1")), page);
        Ok::<(), Fault>(())
    };
    for sub in command.get_subcommands() {
        let name = format!("throttlesim-{}", sub.get_name());
        add(sub.clone().name(name.clone()), name)?;
    }
    add(command, "throttlesim".into())?;
    output.write()?;
    say(&format!("manual pages: {}", args.folder.display()));
    Ok(0)
}
