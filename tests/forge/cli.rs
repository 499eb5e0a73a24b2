//! The forge's command line: `good`, `fixtures`, `fault`, `list`. See `mod.rs` for what it is and is not.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a tool for tests")]

#[path = "mod.rs"]
mod forge;

use std::io;
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand, ValueEnum};
use forge::container::Files;
use forge::record::{Profile, Proof};
use forge::{scenarios, stream};

#[derive(Parser)]
#[command(about = "Makes bundles, good and bad, the same bytes every time")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// One fixture
    Fault {
        name: String,
        #[arg(long)]
        out: PathBuf,
    },
    /// All fixtures, into a folder that may exist
    Fixtures {
        #[arg(long)]
        out: PathBuf,
    },
    /// A good bundle of any size: a folder, or an archive if the name ends in .zip
    Good {
        #[arg(long)]
        events: u64,
        #[arg(long)]
        out: PathBuf,
        #[arg(long, value_enum, default_value_t = Kind::FileTransfer)]
        profile: Kind,
        #[arg(long)]
        gzip: bool,
        /// Ed25519 signatures instead of HMACs
        #[arg(long)]
        sign: bool,
        /// Say that a folder is meant whatever the name
        #[arg(long)]
        folder: bool,
    },
    /// Names of the fixtures
    List,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    #[value(name = "file-transfer/1", alias = "file-transfer")]
    FileTransfer,
    #[value(name = "qustody/1", alias = "qustody")]
    Qustody,
}

fn main() -> io::Result<()> {
    match Arguments::parse().command {
        Command::Fault { name, out } => {
            let scenario = scenarios::all().into_iter().find(|scenario| scenario.name == name);
            write_all(&scenario.ok_or_else(|| io::Error::other(format!("no fixture is called {name}; see `list`")))?.all_files(), &out)
        }
        Command::Fixtures { out } => write_all(&scenarios::tree(), &out),
        Command::Good { events, out, profile, gzip, sign, folder } => {
            if folder && out.extension().is_some_and(|extension| extension == "zip") {
                return Err(io::Error::other("--folder, but the name ends in .zip"));
            }
            let (profile, proof) = match (profile, sign) {
                (Kind::Qustody, _) => (Profile::Qustody, Proof::None),
                (Kind::FileTransfer, true) => (Profile::FileTransfer, Proof::Signature),
                (Kind::FileTransfer, false) => (Profile::FileTransfer, Proof::Mac),
            };
            stream::good(&stream::Order { profile, events, gzip, proof }, &out)
        }
        Command::List => {
            for scenario in scenarios::all() {
                println!("{:<45} {}", scenario.name, scenario.expects[0].1.why);
            }
            Ok(())
        }
    }
}

fn write_all(files: &Files, out: &Path) -> io::Result<()> {
    for (path, bytes) in files {
        let path = out.join(path);
        std::fs::create_dir_all(path.parent().unwrap())?;
        std::fs::write(path, bytes)?;
    }
    Ok(())
}
