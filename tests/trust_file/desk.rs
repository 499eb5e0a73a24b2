//! A folder of one test's files, the keys, and how a refusal is checked.

use std::path::PathBuf;

use tempfile::TempDir;
use unbroken::error::Error;
use unbroken::trust::Trust;

/// RFC 8032 section 7.1, test 1.
pub const ED25519: &str = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
pub const OTHER: &str = "MCowBQYDK2VwAyEAs371qUAjXvKfWYuEunsRGmdM+HNXhcIR7YPa7VRXuFc=";
pub const P256: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEiEb8HQBC3RiUxv5WDFux9lF8kFtKuPK7FZ3gK9t7KWsFFzmdDJ1N9j9EUKQqzP0KfA8fhtvp3vmLf6Mx/9jffg==";
pub const P384: &str = "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEZwxSYYCVxSNo2ozDmBNx8A4Cb3/PimdkdoQxku3nrPrUL9d+U8dtezwyDsdNxCjnr8jLa9b6RPuaDi2mc7TAfNBdDiEvDmYHnPUwAt/XOfLdGBK19Dmv8fQIIUfq2jQ+";
/// 1,024 bits, made for this test.
pub const SHORT_RSA: &str = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDX5+js9g7rkLFHNqHzxAsUDqwKPs8Fjf5gguYkDRQUq7Z+J7f2dYaokBTqTmKT8Ad3uCHeAPXgSbmCVRmVdr7WnxKTm7QUR1d9PkkAaIrbX2QOL2HqSCCd36lG6WcKGgllauTjuwUO53rzaeHchIewkBB4U00zbk7W/sn+OVyiowIDAQAB";
/// 2,048 bits, made for this test.
pub const RSA: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAoNHZzZfyBYGKbdITmDjs7fqOuJn4pxO0fWk8DMrLehMb8Xrq13FsH+6449vKm1EEla3xM6AB5UzsDDVZdQ/3YtItqUy1H/Dvi2DcGKqhP+BoubTYiIOd6dErri70GHljmLEYFxz2m4i2b3Ialihp54IgyOuiin45jTUQv8VTVPhvu98z9Osg2gG37Tbo9fI1OOQTV5g14b98Sl9Db2SDNvmBSOIP37LhnDxgEqadzogsYmO/GtQQEfpFHG3O6cxelhJw8tsI4nTXOA30iTcPRTMaNBgQ618kSdlzlKXXLyrHeBHAEppSLZLGX1T1WQ0GUDeEcTNiqm+20APIEzn9gQIDAQAB";
/// A private key made for this test.
pub const PRIVATE: &str = "MC4CAQAwBQYDK2VwBCIEIGqcnKtE0+57Av4qDSEj+XL1FQ7mw3bAJzYAZfMgleTu";
pub const HASH: &str = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// A folder for one test's files.
pub struct Desk(pub TempDir);

impl Desk {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.path(name), content).expect("a file");
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn read(&self, text: &str) -> Result<Trust, Error> {
        std::fs::write(self.path("trust.toml"), text).expect("a file");
        Trust::read(&self.path("trust.toml"))
    }

    /// The refusal must be exit 2, stand at `place` (`line:column`), hold `words`, and not repeat a secret.
    pub fn refuses(&self, text: &str, place: &str, words: &str) {
        let error = self.read(text).expect_err(text);
        let (what, hint) = (error.to_string(), error.hint());
        assert_eq!(error.exit_code(), 2, "{what}");
        let path = self.path("trust.toml");
        let start = format!("{}:{place}: ", path.display());
        assert!(what.starts_with(&start), "expected {start}, found {what}");
        assert!(what.contains(words), "expected {words:?} in {what}");
        assert!(!hint.is_empty());
        assert_silent(&format!("{what} {hint} {error:?}"));
    }
}

/// No eight characters of the private key may be repeated.
pub fn assert_silent(said: &str) {
    for at in 16..PRIVATE.len() - 8 {
        assert!(!said.contains(&PRIVATE[at..at + 8]), "{said}");
    }
}

pub fn key(id: &str, uses: &str, algorithm: &str, public_key: &str) -> String {
    format!("[[key]]\nid = \"{id}\"\nuse = [{uses}]\nalgorithm = \"{algorithm}\"\npublic_key = \"{public_key}\"\n")
}

pub fn file(tables: &[&str]) -> String {
    format!("version = 1\n{}", tables.concat())
}

pub fn manifest_key() -> String {
    key("a", r#""manifest", "genesis""#, "Ed25519", ED25519)
}

pub fn secret(id: &str, file: &str, rest: &str) -> String {
    format!("[[secret]]\nid = \"{id}\"\nfile = \"{file}\"\n{rest}\n")
}

pub fn anchor(tenant: &str, seq: &str, hash: &str) -> String {
    format!("[[anchor]]\ntenant = \"{tenant}\"\nseq = {seq}\nhash = \"{hash}\"\n")
}

pub fn relying_party(rest: &str) -> String {
    format!("[[relying_party]]\nrp_id = \"acme.example\"\n{rest}\n")
}
