//! Good bundles of any size, written once from start to end: digests are taken on the way, memory stays small.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::bundle::{ACME, Bundle, Start, log, signature_file};
use super::keys::{hex, tenant_key};
use super::record::{Log, Profile, Proof, Style};
use super::trust::TrustFile;

/// What to write.
pub struct Order {
    pub profile: Profile,
    pub events: u64,
    pub gzip: bool,
    pub proof: Proof,
}

/// Writes a bundle: a folder, or an archive where the name ends in `.zip`; beside it `trust.toml` and `acme-mac.key`.
pub fn good(order: &Order, out: &Path) -> io::Result<()> {
    let beside = if out.extension().is_some_and(|extension| extension == "zip") {
        archive(order, File::create_new(out)?)?;
        out.parent().unwrap_or(Path::new(""))
    } else {
        folder(order, out)?;
        out.parent().unwrap_or(Path::new(""))
    };
    fs::write(beside.join("trust.toml"), TrustFile::standard().text())?;
    fs::write(beside.join("acme-mac.key"), tenant_key(ACME))
}

fn folder(order: &Order, out: &Path) -> io::Result<()> {
    fs::create_dir(out)?;
    let file = File::create_new(out.join(events_name(order)))?;
    for (name, bytes) in rest(order, &events(order, BufWriter::with_capacity(1 << 20, file))?) {
        fs::write(out.join(name), bytes)?;
    }
    Ok(())
}

fn archive(order: &Order, out: impl Write + Seek) -> io::Result<()> {
    let method = if order.gzip { CompressionMethod::Stored } else { CompressionMethod::Deflated };
    let options = SimpleFileOptions::default().compression_method(method).compression_level((!order.gzip).then_some(1)).large_file(true);
    let mut zip = ZipWriter::new(out);
    zip.start_file(events_name(order), options)?;
    let written = events(order, BufWriter::with_capacity(1 << 20, &mut zip))?;
    for (name, bytes) in rest(order, &written) {
        zip.start_file(name, options.large_file(false))?;
        zip.write_all(&bytes)?;
    }
    zip.finish()?;
    Ok(())
}

fn events_name(order: &Order) -> &'static str {
    if order.gzip { "events.ndjson.gz" } else { "events.ndjson" }
}

/// What the manifest needs to know of the events file.
struct Written {
    size: u64,
    sha256: String,
    first: Vec<u8>,
    last: Vec<u8>,
    last_hash: String,
}

fn events(order: &Order, out: impl Write) -> io::Result<Written> {
    let mut log = log(order.profile, ACME, Start::First);
    log.style = Style::Full;
    log.proof = order.proof;
    log.step = (31 * 86_400_000 / order.events.max(1)).clamp(1, 2_220_000);
    let mut hashing = Hashing { out, state: Sha256::new(), size: 0 };
    let (first, last) = if order.gzip {
        let mut packed = GzEncoder::new(&mut hashing, Compression::fast());
        let ends = lines(&mut log, order.events, &mut packed)?;
        packed.finish()?;
        ends
    } else {
        lines(&mut log, order.events, &mut hashing)?
    };
    hashing.out.flush()?;
    Ok(Written { size: hashing.size, sha256: format!("sha256:{}", hex(&hashing.state.finalize())), first, last, last_hash: log.next_link })
}

fn lines(log: &mut Log, count: u64, out: &mut impl Write) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let (mut first, mut last) = (Vec::new(), String::new());
    // the clock stands still near the end of the month rather than leave it
    let end = 31 * 86_400_000 - 1;
    for index in 0..count {
        last = log.line();
        log.clock = log.clock.min(end);
        if index == 0 {
            first = last.clone().into_bytes();
        }
        last.push('\n');
        out.write_all(last.as_bytes())?;
    }
    last.pop();
    Ok((first, last.into_bytes()))
}

/// Genesis, manifest and signatures.
fn rest(order: &Order, written: &Written) -> Vec<(String, Vec<u8>)> {
    let mut bundle = Bundle::honest(order.profile, Start::First, 1, order.proof);
    let id = |line: &[u8]| serde_json::from_slice::<Value>(line).map_or(Value::Null, |event| event["id"].clone());
    bundle.manifest.insert("events".to_owned(), json!({"count": order.events, "first_id": id(&written.first), "last_id": id(&written.last)}));
    bundle.manifest["chain"]["last_hash"] = json!(written.last_hash);
    let mut files = bundle.files();
    files[0] = json!({"path": events_name(order), "role": "events", "sha256": written.sha256, "size": written.size});
    bundle.manifest.insert("files".to_owned(), files);
    let manifest = bundle.manifest_bytes();
    let mut rest: Vec<(String, Vec<u8>)> = bundle.members.iter().map(|member| (member.name.to_owned(), member.bytes.clone())).collect();
    rest.push(("manifest.sig".to_owned(), signature_file(&manifest, &bundle.signers)));
    rest.push(("manifest.json".to_owned(), manifest));
    rest
}

struct Hashing<W> {
    out: W,
    state: Sha256,
    size: u64,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.state.update(&bytes[..count]);
        self.size += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
