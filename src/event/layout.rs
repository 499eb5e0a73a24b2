//! Where the fields of a profile stand in its events.

use crate::json::Wanted;
use crate::profile::{ActionForm, ChainRule, ChallengeRule, MacRule, PasskeyRule, Profile, SignatureRule, TokenRule};

/// Where the fields of a profile stand, compiled once and used for every event.
#[derive(Debug, Clone)]
pub struct Layout {
    pub(super) wanted: Wanted,
    pub(super) pointers: Vec<String>,
    pub(super) id: usize,
    pub(super) time: usize,
    pub(super) tenant: Option<usize>,
    /// Of the fields that must be there, those that may be null.
    pub(super) nullable: Vec<usize>,
    /// Strings that must be there and not be empty: the action, and what else the profile requires.
    pub(super) texts: Vec<usize>,
    pub(super) action: usize,
    pub(super) action_form: Option<ActionForm>,
    pub(super) diff: Option<DiffSlots>,
    pub(super) chain: Option<ChainSlots>,
    pub(super) mac: Option<ProofSlots<MacRule>>,
    pub(super) signature: Option<ProofSlots<SignatureRule>>,
    pub(super) passkey: Option<PasskeySlots>,
    pub(super) token: Option<TokenSlots>,
    pub(super) filters: Vec<usize>,
}

#[derive(Debug, Clone)]
pub(super) struct ChainSlots {
    pub(super) link: usize,
    pub(super) own: Option<usize>,
    pub(super) sequence: Option<usize>,
    pub(super) without: Vec<usize>,
    pub(super) rule: ChainRule,
    /// What a link and an own hash look like, in words.
    pub(super) expected: (String, String),
}

#[derive(Debug, Clone)]
pub(super) struct ProofSlots<Rule> {
    pub(super) member: usize,
    pub(super) without: Vec<usize>,
    pub(super) rule: Rule,
    /// What it looks like, in words.
    pub(super) expected: String,
}

#[derive(Debug, Clone)]
pub(super) struct DiffSlots {
    pub(super) member: usize,
    pub(super) always: Vec<String>,
    pub(super) when_present: Vec<String>,
}

#[derive(Debug, Clone)]
pub(super) struct PasskeySlots {
    pub(super) user: usize,
    pub(super) username: Option<usize>,
    pub(super) credential: usize,
    pub(super) kind: usize,
    pub(super) public_key: usize,
    pub(super) assertion: usize,
    pub(super) authenticator_data: usize,
    pub(super) client_data: usize,
    pub(super) signature: usize,
    /// What these members stand in: a list or a text in its place names nobody, but hides who is named.
    pub(super) parents: Vec<usize>,
    /// What the challenge is the digest of.
    pub(super) bound: Option<usize>,
}

#[derive(Debug, Clone)]
pub(super) struct TokenSlots {
    pub(super) member: usize,
    pub(super) event_user: Option<usize>,
}

impl Layout {
    /// Whether what stands at a pointer is the token, or holds it.
    pub(super) fn holds_token(&self, pointer: &str) -> bool {
        let member = self.token.as_ref().and_then(|slots| self.pointers.get(slots.member));
        member.and_then(|member| member.strip_prefix(pointer)).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether events have a member for a token.
    pub fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// Compiles a profile, and the pointers that a filter or a table compares. `None` if one of them is no JSON Pointer.
    pub fn new(profile: &Profile, filters: &[&str]) -> Option<Self> {
        let mut slots = Slots::default();
        let chain = profile.chain.as_ref().map(|rule| slots.chain(rule));
        let fields = &profile.fields;
        let (id, time) = (slots.slot(&fields.id), slots.slot(&fields.time));
        let tenant = fields.tenant.as_ref().map(|pointer| slots.slot(pointer));
        let action = slots.slot(&fields.action);
        let diff = profile.diff.as_ref().map(|rule| DiffSlots {
            member: slots.slot(&rule.member),
            always: rule.always.clone(),
            when_present: rule.when_present.clone(),
        });
        let nullable = slots.all(&fields.nullable);
        let texts = [&fields.action].into_iter().chain(&profile.requires.fields).map(|pointer| slots.slot(pointer)).collect();
        let mac = profile.event_mac.as_ref().map(|rule| slots.proof(&rule.member, &rule.without, rule, rule.text.words(32)));
        let signature = profile.event_signature.as_ref().map(|rule| slots.proof(&rule.member, &rule.without, rule, rule.words()));
        let passkey = profile.passkey.as_ref().map(|rule| slots.passkey(rule));
        let token = profile.token.as_ref().map(|rule| slots.token(rule));
        let filters = filters.iter().map(|pointer| slots.slot(pointer)).collect();
        let pointers: Vec<&str> = slots.0.iter().map(String::as_str).collect();
        let wanted = Wanted::new(&pointers)?;
        Some(Self {
            wanted,
            id,
            time,
            tenant,
            nullable,
            texts,
            action,
            action_form: fields.action_form,
            diff,
            chain,
            mac,
            signature,
            passkey,
            token,
            filters,
            pointers: slots.0,
        })
    }
}

#[derive(Default)]
struct Slots(Vec<String>);

impl Slots {
    fn slot(&mut self, pointer: &str) -> usize {
        let known = self.0.iter().position(|known| known == pointer);
        known.unwrap_or_else(|| {
            self.0.push(pointer.to_owned());
            self.0.len().saturating_sub(1)
        })
    }

    fn all(&mut self, pointers: &[String]) -> Vec<usize> {
        pointers.iter().map(|pointer| self.slot(pointer)).collect()
    }

    fn chain(&mut self, rule: &ChainRule) -> ChainSlots {
        ChainSlots {
            link: self.slot(&rule.link),
            own: rule.own.as_ref().map(|pointer| self.slot(pointer)),
            sequence: rule.sequence.as_ref().map(|pointer| self.slot(pointer)),
            without: self.all(&rule.without),
            rule: rule.clone(),
            expected: (rule.link_words(), rule.text.words(32)),
        }
    }

    fn passkey(&mut self, rule: &PasskeyRule) -> PasskeySlots {
        PasskeySlots {
            user: self.slot(&rule.user),
            username: rule.username.as_ref().map(|pointer| self.slot(pointer)),
            credential: self.slot(&rule.credential),
            kind: self.slot(&rule.kind),
            public_key: self.slot(&rule.public_key),
            assertion: self.slot(&rule.assertion),
            authenticator_data: self.slot(&rule.authenticator_data),
            client_data: self.slot(&rule.client_data),
            signature: self.slot(&rule.signature),
            parents: rule.parents().iter().map(|pointer| self.slot(pointer)).collect(),
            bound: match &rule.challenge {
                ChallengeRule::Opaque => None,
                ChallengeRule::Sha256Jcs(pointer) => Some(self.slot(pointer)),
            },
        }
    }

    fn token(&mut self, rule: &TokenRule) -> TokenSlots {
        TokenSlots { member: self.slot(&rule.member), event_user: rule.event_user.as_ref().map(|pointer| self.slot(pointer)) }
    }

    fn proof<Rule: Clone>(&mut self, member: &str, without: &[String], rule: &Rule, expected: String) -> ProofSlots<Rule> {
        ProofSlots { member: self.slot(member), without: self.all(without), rule: rule.clone(), expected }
    }
}
