//! Tables for people, as the source writes them: CSV (RFC 4180) in either set of columns.

use serde_json::Value;

use super::edit::Event;

/// The two sets of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// `auditEventId,timestamp,…`, with the token.
    Api,
    /// `Date Performed,Audit Log ID,…`, for people.
    People,
}

impl Columns {
    fn head(self) -> &'static [&'static str] {
        match self {
            Self::Api => &["auditEventId", "timestamp", "userId", "credentialId", "actionPath", "actionMetadata", "signatureToken"],
            Self::People => &["Date Performed", "Audit Log ID", "User ID", "Username", "Primary Credential ID", "Action Path", "Summary"],
        }
    }

    fn row(self, event: &Event) -> Vec<String> {
        let text = |pointer: &str| Value::Object(event.clone()).pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let credential = "/firstFactorCredential/id";
        let fields = match self {
            Self::Api => ["/id", "/datePerformed", "/userId", credential, "/action", "", "/actionToken"],
            Self::People => ["/datePerformed", "/id", "/userId", "/username", credential, "/action", ""],
        };
        let own = match self {
            Self::Api => format!(r#"{{"request":"{}"}}"#, text("/id")),
            Self::People => format!("Action {}, by hand", text("/action")),
        };
        fields.iter().map(|pointer| if pointer.is_empty() { own.clone() } else { text(pointer) }).collect()
    }
}

/// A table: the first row is the names of the columns.
pub fn rows(columns: Columns, events: &[Event]) -> Vec<Vec<String>> {
    let head = columns.head().iter().map(|name| (*name).to_owned()).collect();
    [head].into_iter().chain(events.iter().map(|event| columns.row(event))).collect()
}

/// Quoted where RFC 4180 needs it, with LF.
pub fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    let plain = |cell: &String| if cell.contains([',', '"', '\n', '\r']) { quoted(cell) } else { cell.clone() };
    written(rows, plain, "\n")
}

/// Everything quoted, with CRLF.
pub fn csv_quoted(rows: &[Vec<String>]) -> Vec<u8> {
    written(rows, |cell| quoted(cell), "\r\n")
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

fn written(rows: &[Vec<String>], cell: fn(&String) -> String, end: &str) -> Vec<u8> {
    rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(",") + end).collect::<String>().into_bytes()
}
