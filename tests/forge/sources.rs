//! Events of the two sources that publish no proof: entries of an API in pages, and typed events of a settings page.

use serde_json::{Value, json};

use super::edit::{Event, write};
use super::record::time;
use super::token::object;

/// Hours from one event to the next.
const STEP: u64 = 3_600_000 * 31;

/// Six entries of `trustgate/1`: by users, by an API key, by the system.
pub fn entries() -> Vec<Event> {
    let user = |number: u32| {
        json!({"type": "user", "id": format!("user_{number}"), "email": format!("analyst{number}@acme.example"), "name": "Jo Analyst",
            "role": "compliance_analyst", "ip_address": "192.0.2.7", "user_agent": "Mozilla/5.0", "session_id": "sess_abc123"})
    };
    let key = json!({"type": "api_key", "id": "key_xyz789", "name": "Production", "ip_address": "192.0.2.9", "environment": "production"});
    let system = json!({"type": "system", "process": "workflow_engine", "trigger": "rule_auto_approve_low_risk"});
    let list = [
        ("applicant.created", key, json!({"channel": "api"})),
        ("applicant.viewed", user(123), json!({"fields_viewed": ["personal_info", "documents"]})),
        ("document.verified", system.clone(), json!({"document_id": "doc_789", "document_type": "passport", "score": 0.97})),
        (
            "applicant.status_changed",
            user(123),
            json!({"previous_status": "pending_review", "new_status": "approved", "reason": "Zoë: all checks passed"}),
        ),
        ("case.note_added", user(456), json!({"case_id": "case_12"})),
        ("api_key.created", system, json!({"key": null})),
    ];
    let entry = |(index, (action, actor, details)): (usize, (&str, Value, Value))| {
        let at = time(STEP * index as u64);
        object(json!({"id": format!("audit_{:03}", index + 1), "timestamp": at, "action": action, "actor": actor, "details": details}))
    };
    list.into_iter().enumerate().map(entry).collect()
}

/// Six events of `typed-events/1`: a whole life of a matter, and the retention worker.
pub fn typed() -> Vec<Event> {
    let list = [
        ("matter.created", "matter", json!({"snapshot": {"name": "Estate, \"Ash\"", "status": "draft"}})),
        ("matter.updated", "matter", json!({"diff": {"status": ["draft", "open"], "tags": [[], ["urgent"]]}})),
        ("user.role_updated", "user", json!({"diff": {"role": ["member", "admin"]}})),
        ("auth.2fa_enabled", "user", json!({})),
        ("matter.deleted", "matter", json!({"snapshot": {"name": "Estate, \"Ash\"", "status": "open"}})),
        ("audit.events_purged", "audit", json!({"before": "2016-10-08T02:30:00Z", "count": 1204})),
    ];
    let event = |(index, (action, kind, metadata)): (usize, (&str, &str, Value))| {
        let by_system = action.starts_with("audit.");
        let text = |text: &str| if by_system { Value::Null } else { Value::from(text) };
        object(json!({
            "id": format!("01jdc233-4dae-7776-8000-{index:012}"), "actor_user_id": text("01jdc234-aaaa-7776-8000-000000000001"),
            "actor_name": text("Jordan Chen"), "actor_role": text("owner"), "action": action, "resource_type": kind,
            "resource_id": format!("01jdc235-0000-7776-8000-{index:012}"), "metadata": metadata, "ip_address": text("203.0.113.42"),
            "user_agent": text("Mozilla/5.0 (X11)"), "created_at": format!("{}.000Z", time(STEP * index as u64).trim_end_matches('Z'))
        }))
    };
    list.into_iter().enumerate().map(event).collect()
}

/// Canonical lines; the members of these events are in ASCII, so `serde_json` sorts them as RFC 8785 does.
pub fn lines(events: &[Event]) -> Vec<Vec<u8>> {
    events.iter().map(write).collect()
}

/// Pages of this many entries, as `trustgate/1` answers.
pub fn pages(entries: &[Event], size: usize) -> Vec<Value> {
    let page = |(index, part): (usize, &[Event])| json!({"audit_entries": part, "pagination": {"total": entries.len(), "page": index + 1, "per_page": size}});
    entries.chunks(size).enumerate().map(page).collect()
}

/// The table of `typed-events/1`: every column, `metadata` as JSON.
pub fn table(events: &[Event]) -> Vec<Vec<String>> {
    const COLUMNS: [&str; 11] = [
        "id",
        "actor_user_id",
        "actor_name",
        "actor_role",
        "action",
        "resource_type",
        "resource_id",
        "metadata",
        "ip_address",
        "user_agent",
        "created_at",
    ];
    let cell = |event: &Event, name: &str| match &event[name] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let row = |event: &Event| COLUMNS.iter().map(|name| cell(event, name)).collect();
    [COLUMNS.iter().map(|name| (*name).to_owned()).collect()].into_iter().chain(events.iter().map(row)).collect()
}
