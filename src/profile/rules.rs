//! What a profile must keep, beyond names and types of its keys. A profile that could make a proof mean less than its reader thinks is refused.

use super::pointers::{Named, event_pointers, other_pointers, proofs};
use super::{ChainRule, EventAlgorithm, FirstLink, Hashed, Names, Profile, TableRule};
use crate::finding::CheckId;
use crate::json::Wanted;

/// What is wrong with a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The key: names and indexes of items, joined by dots.
    pub key: String,
    /// One sentence.
    pub what: String,
    /// What to do.
    pub hint: String,
}

type Checked = Result<(), Wrong>;

/// Whether a profile keeps all rules.
pub fn check(profile: &Profile) -> Checked {
    let named = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._/-".contains(&byte));
    require((1..=64).contains(&profile.name.len()) && named(&profile.name), "name", || {
        (format!("expected a name, found \"{}\"", profile.name), "1 to 64 of A-Z a-z 0-9 . _ / -, for example my-app/1")
    })?;
    require(is_line(&profile.source), "source", || {
        ("expected what the source is, in one line of 1 to 256 characters".to_owned(), "it is shown where profiles are listed")
    })?;
    for Named { key, pointer } in event_pointers(profile).into_iter().chain(other_pointers(profile)) {
        check_pointer(&key, pointer)?;
    }
    require(profile.purges.as_ref().is_none_or(|rule| is_line(&rule.action)), "purges.action", || {
        ("expected the action of events that record a purge, in one line of 1 to 256 characters".to_owned(), "leave it out where the source has none")
    })?;
    check_nullable(profile)?;
    profile.chain.as_ref().map_or(Ok(()), |rule| check_chain(profile, rule))?;
    check_proofs(profile)?;
    check_passkey(profile)?;
    check_diff(profile)?;
    profile.table.iter().enumerate().try_for_each(|(index, rule)| check_table(profile, rule, index))?;
    check_claims(profile)
}

fn require(holds: bool, key: &str, words: impl FnOnce() -> (String, &'static str)) -> Checked {
    if holds {
        return Ok(());
    }
    let (what, hint) = words();
    Err(Wrong { key: key.to_owned(), what, hint: hint.to_owned() })
}

fn is_line(text: &str) -> bool {
    (1..=256).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

fn check_pointer(key: &str, pointer: &str) -> Checked {
    require(!pointer.is_empty() && Wanted::new(&[pointer]).is_some(), key, || {
        (
            format!("expected a JSON Pointer (RFC 6901), found \"{pointer}\""),
            "a slash before each name, as in /actor/id; ~1 for a slash in a name, ~0 for ~",
        )
    })
}

fn check_nullable(profile: &Profile) -> Checked {
    let fields = &profile.fields;
    let must = [Some(&fields.time), fields.tenant.as_ref()];
    profile.fields.nullable.iter().enumerate().try_for_each(|(index, pointer)| {
        let known = must.into_iter().flatten().chain(&profile.requires.fields).any(|field| field == pointer);
        require(known, &format!("fields.nullable.{index}"), || {
            (format!("\"{pointer}\" is no field that may be null"), "time, tenant, and what requires.fields lists; id and action are never null")
        })
    })
}

/// The name of the root member through which a pointer leads, with its slash.
fn root(pointer: &str) -> &str {
    let end = pointer.char_indices().skip(1).find(|(_, character)| *character == '/').map_or(pointer.len(), |(at, _)| at);
    pointer.get(..end).unwrap_or(pointer)
}

/// Members left out of what is hashed, signed or sealed: none of them may hold what an event says.
fn check_without(profile: &Profile, key: &str, without: &[String], proof: Option<&str>) -> Checked {
    let fields = &profile.fields;
    for (index, pointer) in without.iter().enumerate() {
        let key = format!("{key}.{index}");
        require(root(pointer) == pointer, &key, || {
            (format!("expected a member of the root object, found \"{pointer}\""), "members are left out whole: one slash, one name")
        })?;
        let kept = [("id", &fields.id), ("time", &fields.time), ("action", &fields.action)].into_iter().find(|(_, field)| root(field) == pointer);
        require(kept.is_none(), &key, || {
            let field = kept.map_or("", |(name, _)| name);
            (
                format!("\"{pointer}\" holds the event's {field}, which must never be left out"),
                "a proof that does not cover it would prove nothing about the event",
            )
        })?;
        require(!without.iter().take(index).any(|other| other == pointer), &key, || (format!("\"{pointer}\" stands here twice"), "leave one out"))?;
    }
    let covered = proof.filter(|proof| !without.iter().any(|pointer| pointer == root(proof)));
    require(covered.is_none(), key, || {
        let member = root(covered.unwrap_or_default());
        (format!("expected \"{member}\" in it, found {without:?}"), "nothing can be computed over itself: the member that holds it is left out")
    })
}

fn check_chain(profile: &Profile, rule: &ChainRule) -> Checked {
    match rule.hashed {
        Hashed::Canonical => check_without(profile, "chain.without", &rule.without, rule.own.as_deref())?,
        Hashed::Raw => {
            require(rule.without.is_empty(), "chain.without", || {
                ("members can be left out of the canonical form only".to_owned(), "write hashed = \"canonical\", or leave `without` out")
            })?;
            require(rule.own.is_none(), "chain.own", || {
                (
                    "an event cannot hold the hash of all of its bytes".to_owned(),
                    "write hashed = \"canonical\" and leave the own hash out by `without`",
                )
            })?;
        }
    }
    let link_out = rule.without.iter().position(|pointer| pointer == root(&rule.link));
    require(link_out.is_none(), &format!("chain.without.{}", link_out.unwrap_or_default()), || {
        ("the link must not be left out".to_owned(), "a hash that does not cover the link says nothing of the events before")
    })?;
    require(rule.names == Names::Hash || rule.own.is_some(), "chain.names", || {
        ("\"whole\" needs an own hash".to_owned(), "without `own`, leave `names` and `without` out: then the link is of the whole event")
    })?;
    let places = [Some(&rule.link), rule.own.as_ref(), rule.sequence.as_ref()];
    let places: Vec<&String> = places.into_iter().flatten().collect();
    let twice = places.iter().enumerate().any(|(index, place)| places.iter().take(index).any(|other| other == place));
    require(!twice, "chain", || ("link, own and sequence stand at one place".to_owned(), "each has its own member"))?;
    require(is_prefix(&rule.text.prefix), "chain.text.prefix", prefix_words)?;
    let start = match &rule.first {
        FirstLink::Text(text) => ("text", text),
        FirstLink::DigestOf(text) => ("digest-of", text),
        FirstLink::Absent | FirstLink::Genesis | FirstLink::Null | FirstLink::Zero => return Ok(()),
    };
    require(start.1.chars().count() <= 256, &format!("chain.first.{}", start.0), || {
        ("expected at most 256 characters".to_owned(), "it is the text that the source's first event has as its link")
    })
}

fn is_prefix(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

fn prefix_words() -> (String, &'static str) {
    ("expected a prefix of at most 64 printable ASCII characters".to_owned(), "for example sha256: or nothing")
}

fn check_proofs(profile: &Profile) -> Checked {
    for (table, member, without) in proofs(profile) {
        check_without(profile, &format!("{table}.without"), without, Some(member))?;
    }
    let prefixes = [
        ("event_mac.text.prefix", profile.event_mac.as_ref().map(|rule| &rule.text.prefix)),
        ("event_signature.text.prefix", profile.event_signature.as_ref().map(|rule| &rule.text.prefix)),
    ];
    prefixes.into_iter().try_for_each(|(key, prefix)| require(prefix.is_none_or(|prefix| is_prefix(prefix)), key, prefix_words))?;
    let Some(rule) = &profile.event_signature else {
        return Ok(());
    };
    require(rule.form.is_none() || rule.algorithm == EventAlgorithm::Es256, "event_signature.form", || {
        ("an Ed25519 signature has one form".to_owned(), "leave `form` out; it is for ES256")
    })
}

fn check_passkey(profile: &Profile) -> Checked {
    // without it, an event whose token somebody took away looks like one of the system
    let nameless = profile.token.as_ref().is_some_and(|rule| rule.event_user.is_none() && profile.passkey.is_none());
    require(!nameless, "token.event_user", || {
        ("expected the pointer of the user that the event names, found nothing".to_owned(), "say where the event names its user")
    })?;
    let Some(rule) = &profile.passkey else {
        return Ok(());
    };
    require(!rule.webauthn.is_empty() || !rule.raw.is_empty(), "passkey", || {
        ("expected kinds of credentials in webauthn or raw, found none".to_owned(), "name each kind as the events write it")
    })?;
    let kinds: Vec<(String, &String)> = [("webauthn", &rule.webauthn), ("raw", &rule.raw)]
        .into_iter()
        .flat_map(|(key, kinds)| kinds.iter().enumerate().map(move |(index, kind)| (format!("passkey.{key}.{index}"), kind)))
        .collect();
    kinds.iter().enumerate().try_for_each(|(index, (key, kind))| {
        require(!kinds.iter().take(index).any(|(_, other)| other == kind), key, || {
            (format!("the kind \"{kind}\" stands here twice"), "each kind stands once, in webauthn or in raw")
        })
    })
}

/// Which events are updates, their actions tell.
fn check_diff(profile: &Profile) -> Checked {
    let Some(rule) = &profile.diff else {
        return Ok(());
    };
    require(!rule.always.is_empty() || !rule.when_present.is_empty(), "diff", || {
        ("expected actions in `always` or `when_present`, found none".to_owned(), "for example always = [\"*.updated\"]")
    })?;
    let lists = [("always", &rule.always), ("when_present", &rule.when_present)];
    let mut actions = lists.into_iter().flat_map(|(key, list)| list.iter().enumerate().map(move |(index, action)| (key, index, action)));
    actions.try_for_each(|(key, index, action)| {
        require(!action.is_empty(), &format!("diff.{key}.{index}"), || {
            ("expected an action, found an empty text".to_owned(), "a star stands for any run of characters: *.updated")
        })
    })
}

fn check_table(profile: &Profile, rule: &TableRule, table: usize) -> Checked {
    let columns = format!("table.{table}.columns");
    let fields = || rule.columns.iter().filter_map(|column| column.field.as_deref());
    require(fields().any(|field| field == profile.fields.id), &columns, || {
        (format!("expected a column for the id, {}, found none", profile.fields.id), "without it no row can be found in the events")
    })?;
    for (index, column) in rule.columns.iter().enumerate() {
        let before = || rule.columns.iter().take(index);
        let key = format!("{columns}.{index}");
        require(!column.name.is_empty() && !before().any(|other| other.name == column.name), &format!("{key}.name"), || {
            (format!("expected each column once, found \"{}\" again", column.name), "a column has a name, and no two have the same")
        })?;
        let inside = |one: &str, other: &str| other.strip_prefix(one).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let clash = |other: &str| column.field.as_deref().is_some_and(|field| inside(field, other) || inside(other, field));
        require(!before().filter_map(|other| other.field.as_deref()).any(clash), &format!("{key}.field"), || {
            ("two columns stand for one field, or one for a part of another".to_owned(), "leave `field` out of one of them")
        })?;
    }
    require(rule.truncated.as_ref().is_none_or(|mark| !mark.is_empty()), &format!("table.{table}.truncated"), || {
        ("expected how the last line starts, found an empty text".to_owned(), "leave `truncated` out where the source never cuts its tables")
    })?;
    let names = |rule: &TableRule| rule.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
    let twice = profile.table.iter().take(table).any(|other| names(other) == names(rule));
    require(!twice, &columns, || ("two tables have the same columns".to_owned(), "then nobody knows which of them a file is"))
}

fn check_claims(profile: &Profile) -> Checked {
    let lists = [("requires.claims", &profile.requires.claims), ("requires.one_of", &profile.requires.one_of)];
    let mut seen: Vec<CheckId> = Vec::new();
    for (list, claims) in lists {
        for (index, claim) in claims.iter().enumerate() {
            let key = format!("{list}.{index}");
            require(!seen.contains(claim), &key, || {
                (format!("{claim} stands here twice"), "a claim is required, or one of several, and named once")
            })?;
            seen.push(*claim);
            require(has(profile, *claim), &key, || {
                (format!("this profile has no rule for {claim}"), "add the table that says where the proof stands, or take the claim out")
            })?;
        }
    }
    Ok(())
}

/// Whether events of this profile can have what a row tests.
pub fn has(profile: &Profile, claim: CheckId) -> bool {
    let chain = profile.chain.as_ref();
    match claim {
        CheckId::ChainLinks => chain.is_some(),
        CheckId::ChainSequence => chain.is_some_and(|rule| rule.sequence.is_some()),
        CheckId::ChainTime => profile.order.time.is_some(),
        CheckId::EventMac => profile.event_mac.is_some(),
        CheckId::EventPasskey => profile.passkey.is_some(),
        CheckId::EventReplay => profile.passkey.is_some() || profile.token.is_some(),
        CheckId::EventSignature => profile.event_signature.is_some(),
        CheckId::EventToken => profile.token.is_some(),
        CheckId::GenesisSignature => chain.is_some_and(|rule| rule.first == FirstLink::Genesis),
        CheckId::PagesComplete => profile.pages.is_some(),
        CheckId::TableMatch => !profile.table.is_empty(),
        _ => false,
    }
}
