//! `billfold completions` and `billfold man`: made of the same arguments that the program reads.

use clap::{Args as ClapArgs, CommandFactory as _};
use clap_complete::Shell;

use super::{Args, Exit, output};

/// Print the completions for a shell.
#[derive(Clone, Debug, ClapArgs)]
#[command(after_help = "Example:\n  billfold completions bash > /etc/bash_completion.d/billfold")]
pub struct CompletionsArgs {
    /// The shell.
    shell: Shell,
}

pub(super) fn completions(args: &CompletionsArgs) -> Exit {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "billfold", &mut text);
    output::data(&text)
}

pub(super) fn man() -> Exit {
    let mut text = Vec::new();
    let mut command = Args::command();
    // Gives the subcommands their full names.
    command.build();
    let subcommands = command
        .get_subcommands()
        .filter(|it| it.get_name() != "help")
        .map(|it| clap_mangen::Man::new(it.clone()).title(format!("billfold-{}", it.get_name())));
    for page in std::iter::once(clap_mangen::Man::new(command.clone())).chain(subcommands) {
        let page = page.source(concat!("billfold ", env!("CARGO_PKG_VERSION")));
        if let Err(err) = page.render(&mut text) {
            output::error(&err);
            return Exit::Unusable;
        }
    }
    output::data(&text)
}
