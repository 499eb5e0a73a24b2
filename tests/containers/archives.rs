//! Archives: by ordinary tools, packed again, cut off, with a bit flipped, too large.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use unbroken::bundle::{Container, Limits, ReadFault, Whole};
use unbroken::digest::Digest;
use unbroken::error::Error;
use unbroken::finding::Code;

use super::{Members, Outcome, folder, members, open_bytes, open_one, run, write};

/// A small archive by Python, stored or deflated, with fixed times.
fn python_zip(folder: &Path, arguments: &str) -> Vec<u8> {
    let script = format!(
        r#"
import io, os, sys, zipfile
class Pipe(io.RawIOBase):
    def writable(self): return True
    def write(self, data): return sys.stdout.buffer.write(data)
stream, method, large = {arguments}
target = Pipe() if stream else io.BytesIO()
with zipfile.ZipFile(target, "w", method) as archive:
    for name in sorted(os.listdir(".")):
        with archive.open(zipfile.ZipInfo(name), "w", force_zip64=large) as member:
            member._compress_type = method
            member.write(open(name, "rb").read())
        archive.getinfo(name)
if not stream: sys.stdout.buffer.write(target.getvalue())
"#
    );
    run("python3", &["-c", &script], folder)
}

#[test]
fn what_ordinary_tools_write_is_read() {
    let temporary = folder();
    let expected = members();
    let inner = write(temporary.path(), &expected);
    for stream in ["True", "False"] {
        for method in [0, 8] {
            for large in ["True", "False"] {
                let arguments = format!("{stream}, {method}, {large}");
                let bytes = python_zip(&inner, &arguments);
                assert_eq!(open_bytes(temporary.path(), &bytes), Outcome::Read(expected.clone()), "{arguments}");
            }
        }
    }
    for arguments in [&["-q", "-", "-r", "."][..], &["-q", "-0", "-", "-r", "."], &["-q", "-X", "-9", "-", "-r", "."]] {
        let bytes = run("zip", arguments, &inner);
        assert_eq!(open_bytes(temporary.path(), &bytes), Outcome::Read(expected.clone()), "{arguments:?}");
    }
    for arguments in [&["-q", "-r", "../plain.zip", "."][..], &["-q", "-fz", "-r", "../plain.zip", "."]] {
        run("zip", arguments, &inner);
        assert_eq!(open_one(&temporary.path().join("plain.zip")), Outcome::Read(expected.clone()), "{arguments:?}");
        fs::remove_file(temporary.path().join("plain.zip")).unwrap();
    }
    for method in [zip::CompressionMethod::Stored, zip::CompressionMethod::Deflated] {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in &expected {
            writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default().compression_method(method)).unwrap();
            writer.write_all(bytes).unwrap();
        }
        let bytes = writer.finish().unwrap().into_inner();
        assert_eq!(open_bytes(temporary.path(), &bytes), Outcome::Read(expected.clone()), "{method}");
    }
}

#[test]
fn an_archive_that_was_packed_again_says_so() {
    let temporary = folder();
    write(temporary.path(), &members());
    run("zip", &["-q", "-r", "again.zip", "bundle"], temporary.path());
    assert_eq!(open_one(&temporary.path().join("again.zip")), Outcome::Finding(Code::ContainerRepacked));
    fs::create_dir(temporary.path().join("bundle/__MACOSX")).unwrap();
    fs::write(temporary.path().join("bundle/__MACOSX/._a"), b"x").unwrap();
    run("zip", &["-q", "-r", "../mac.zip", "."], &temporary.path().join("bundle"));
    assert_eq!(open_one(&temporary.path().join("mac.zip")), Outcome::Finding(Code::ContainerRepacked));
}

#[test]
fn every_cut_of_a_good_archive_is_refused() {
    let temporary = folder();
    let inner = write(temporary.path(), &members());
    for arguments in ["True, 8, True", "False, 0, False"] {
        let good = python_zip(&inner, arguments);
        for length in 0..good.len() {
            match open_bytes(temporary.path(), &good[..length]) {
                Outcome::Error(4) if length < 4 => {}
                Outcome::Finding(code) if length >= 4 => assert!([Code::ContainerBroken, Code::ContainerAmbiguous].contains(&code)),
                other => panic!("{length}: {other:?}"),
            }
        }
        for (extra, place) in [(b"x".to_vec(), 0), (b"x".to_vec(), good.len()), (good.clone(), 0)] {
            let mut bytes = good.clone();
            bytes.splice(place..place, extra);
            assert!(matches!(open_bytes(temporary.path(), &bytes), Outcome::Finding(_)), "{place}");
        }
    }
}

/// What a byte of an archive by Python may be without saying anything about members: places in the local headers and in the directory.
fn free_places(good: &[u8]) -> Vec<usize> {
    let mut free = Vec::new();
    for at in 0..good.len().saturating_sub(4) {
        free.extend(match &good[at..at + 4] {
            // Version needed; time and date.
            b"PK\x03\x04" => [at + 4..at + 6, at + 10..at + 14, 0..0, 0..0].into_iter().flatten().collect::<Vec<_>>(),
            // Versions; time and date; internal attributes; external attributes.
            b"PK\x01\x02" => [at + 4..at + 8, at + 12..at + 16, at + 36..at + 38, at + 38..at + 42].into_iter().flatten().collect(),
            // Versions in the zip64 end record.
            b"PK\x06\x06" => (at + 12..at + 16).collect(),
            // Number of disks in its locator: 0 and 1 both mean one.
            b"PK\x06\x07" => vec![at + 16],
            _ => vec![],
        });
    }
    free
}

#[test]
fn every_flipped_bit_of_a_good_archive_is_refused_or_says_nothing() {
    let temporary = folder();
    let expected: Members =
        [("manifest.json", &b"{\"a\":1,\"a\":1,\"a\":1}"[..]), ("e", b"xy\n")].map(|(name, bytes)| (name.to_owned(), bytes.to_vec())).into();
    let inner = write(temporary.path(), &expected);
    for arguments in ["False, 8, False", "True, 0, False", "True, 8, True"] {
        let good = python_zip(&inner, arguments);
        let free = free_places(&good);
        for at in 0..good.len() {
            for bit in 0..8 {
                let mut bytes = good.clone();
                bytes[at] ^= 1 << bit;
                match open_bytes(temporary.path(), &bytes) {
                    Outcome::Read(members) => {
                        assert_eq!(members, expected, "{arguments}: byte {at}, bit {bit}");
                        assert!(free.contains(&at), "{arguments}: byte {at}, bit {bit} is free");
                    }
                    Outcome::Error(4) => panic!("{arguments}: byte {at}, bit {bit} is no finding"),
                    Outcome::Finding(_) | Outcome::Error(_) => {}
                }
            }
        }
    }
}

#[test]
fn limits_are_errors_that_name_their_flag() {
    let temporary = folder();
    let mut many = members();
    many.insert("bomb".to_owned(), vec![0; 20 * 1024 * 1024]);
    let inner = write(temporary.path(), &many);
    run("zip", &["-q", "-r", "../bomb.zip", "."], &inner);
    let path = [temporary.path().join("bomb.zip")];
    let flag = |limits: Limits| {
        let container = Container::open(&path, &limits)?;
        match container.read("bomb", u64::MAX) {
            Err(ReadFault::Error(error)) => Err(error),
            other => panic!("{:?}", other.map(|_| ())),
        }
    };
    for (limits, expected) in [
        (Limits::default(), "--max-ratio"),
        (Limits { max_unpacked: 1000, ..Limits::default() }, "--max-unpacked"),
        (Limits { max_entries: 3, ..Limits::default() }, "--max-entries"),
    ] {
        let error: Result<(), Error> = flag(limits);
        assert!(matches!(&error, Err(Error::Limit { flag, .. }) if *flag == expected), "{error:?}");
    }
    let container = Container::open(&path, &Limits::default()).unwrap();
    assert_eq!(container.read("bomb", 1000).unwrap(), Whole::Larger(20 * 1024 * 1024));
}

#[test]
fn an_archive_is_digested_and_read_from_one_state() {
    let temporary = folder();
    let mut expected = members();
    let noise: Vec<u8> = (0..20_000_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for large in [false, true] {
        if large {
            expected.insert("noise.bin".to_owned(), noise.clone());
        }
        let home = folder();
        let inner = write(home.path(), &expected);
        let bytes = python_zip(&inner, "False, 0, False");
        let path = temporary.path().join("a.zip");
        fs::write(&path, &bytes).unwrap();
        let container = Container::open(&[path], &Limits::default()).unwrap();
        assert_eq!((container.sha256(), container.bytes()), (Some(Digest::of(&bytes)), bytes.len() as u64));
        std::thread::scope(|scope| {
            for (name, bytes) in &expected {
                let container = &container;
                scope.spawn(move || assert!(container.read(name, 1 << 30).unwrap() == Whole::Bytes(bytes.clone())));
            }
        });
    }
}
