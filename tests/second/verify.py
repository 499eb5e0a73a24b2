#!/usr/bin/env python3
"""A second verifier of `audit-bundle/1`, written from the pages of `spec/` alone, to be compared with the first.

It is for comparison on small bundles, not for use: it reads everything into memory, leaves signatures to the `openssl` program
(which does not test all that bundle.md, section 7, asks of Ed25519), knows Ed25519 and ES256 only, and no filtered exports.

Usage: verify.py BUNDLE [--trust trust.toml] [--after [SEQ@]HASH] [--tenant ID]
Prints {verdict, exit_code, rows, breaks, break_point, proven, consistent}; exits with the exit code.
"""
import argparse
import base64
import calendar
import functools
import gzip
import hashlib
import hmac
import io
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
import zlib

from breaks import Path
from strict import Invalid, Number, canonical, parse

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
NAME = re.compile(r"(?!\.)[A-Za-z0-9._-]{1,128}")
KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
TENANT = re.compile(r"[A-Za-z0-9._-]{1,64}")
TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|([+-])(\d\d):(\d\d))", re.ASCII)
ROLES = ["events", "genesis", "genesis-signature", "credentials", "table", "other"]
ROWS = """container.structure manifest.signature manifest.files manifest.counts manifest.period manifest.tenant manifest.filter
    manifest.previous genesis.signature event.readable event.unique chain.links chain.sequence chain.time chain.anchor event.mac
    event.signature table.match""".split()
LIMIT = 16_777_216
LAST_INSTANT = calendar.timegm((9999, 12, 30, 22, 0, 0)) * 10**9


class NoBundle(Exception):
    """Exit code 4."""


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def matches(pattern, value):
    return isinstance(value, str) and not isinstance(value, Number) and pattern.fullmatch(value) is not None


def instant(text):
    """Nanoseconds since 1970 in UTC; None for what is no time (bundle.md, section 1)."""
    found = matches(TIME, text) and TIME.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(x) for x in found.groups()[:6])
    offset_hour, offset_minute = int(found[10] or 0), int(found[11] or 0)
    if not 1 <= month <= 12 or hour > 23 or minute > 59 or second > 59 or offset_hour > 23 or offset_minute > 59:
        return None
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= day <= (29 if month == 2 and leap else 28 if month == 2 else calendar.mdays[month]):
        return None
    past = year + 400 if year < 400 else year        # the calendar repeats after 400 years; timegm does not know year 0
    seconds = calendar.timegm((past, month, day, hour, minute, second)) - (146_097 * 86_400 if past != year else 0)
    seconds -= (offset_hour * 60 + offset_minute) * 60 * (-1 if found[9] == "-" else 1)
    nanoseconds = seconds * 10**9 + int((found[7] or "0").ljust(9, "0"))
    return nanoseconds if nanoseconds <= LAST_INSTANT else None


def month(nanoseconds):
    days = nanoseconds // (86_400 * 10**9) + 719_468        # days since 0000-03-01
    era, day = divmod(days, 146_097)
    year = (day - day // 1460 + day // 36_524 - day // 146_096) // 365
    index = (5 * (day - (365 * year + year // 4 - year // 100)) + 2) // 153
    return f"{year + era * 400 + (index >= 10):04d}-{index + 3 if index < 10 else index - 9:02d}"


def unbase64(text, size):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data).decode() == text and (size is None or len(data) == size) else None


@functools.lru_cache(100_000)
def signed_by(pem, algorithm, message, signature):
    with tempfile.TemporaryDirectory() as folder:
        names = [pathlib.Path(folder, name) for name in ("key", "message", "signature")]
        for name, data in zip(names, (pem, message, signature)):
            name.write_bytes(data)
        how = ["-rawin"] if algorithm == "Ed25519" else ["-rawin", "-digest", "sha256"]
        run = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(names[0]), *how, "-in", str(names[1]), "-sigfile", str(names[2])]
        return subprocess.run(run, capture_output=True).returncode == 0


class Trust:
    def __init__(self, path):
        data = tomllib.loads(pathlib.Path(path).read_text()) if path else {}
        folder = pathlib.Path(path).parent if path else None
        self.keys = {key["id"]: {**key, "pem": (folder / key["file"]).read_bytes()} for key in data.get("key", [])}
        self.secrets = [{**secret, "bytes": (folder / secret["file"]).read_bytes()} for secret in data.get("secret", [])]
        self.anchors = [{**anchor, "after": False} for anchor in data.get("anchor", [])]

    def epoch_key(self, key_id, tenant, epoch):
        for secret in self.secrets:
            if secret["id"] != key_id or secret.get("tenant", tenant) != tenant:
                continue
            if secret["kind"] == "tenant":
                extracted = hmac.digest(tenant.encode(), secret["bytes"], "sha256")
                return hmac.digest(extracted, b"audit-bundle/1 event-mac " + epoch.encode() + b"\x01", "sha256")
            if secret.get("epoch") == epoch:
                return secret["bytes"]
        return None


class Event:
    """One line, by its profile."""

    def __init__(self, line, profile):
        self.problems, self.canonical, self.value = [], True, None
        self.id = self.link = self.own = self.seq = self.time = self.tenant = self.mac = self.signature = None
        self.own_member = "entry_hash" if profile == "qustody/1" else None
        try:
            self.value = parse(line)
        except Invalid as invalid:
            self.problems.append("event." + str(invalid))
        self.readable = self.value is not None
        if not self.readable:
            self.hash = digest(line)
            return
        if canonical(self.value) != line:
            self.problems.append("event.not-canonical")
        self.hash = self.relinked(None)
        fields = self.file_transfer() if profile == "file-transfer/1" else self.qustody()
        if not all(fields):
            self.problems.append("event.field")

    def take(self, name, pattern=re.compile(".+", re.DOTALL)):
        value = self.value.get(name)
        return value if matches(pattern, value) else None

    def common(self, time):
        self.id, self.link, self.tenant = self.take("id"), self.take("prev_hash", DIGEST), self.take("tenant_id", TENANT)
        self.time = instant(self.value.get(time))
        return [self.id, self.link, self.tenant, self.time is not None, self.take("action")]

    def file_transfer(self):
        seq, actor = self.value.get("seq"), self.value.get("actor")
        self.seq = (seq.integer() or None) if isinstance(seq, Number) else None
        texts = [isinstance(actor, dict) and matches(re.compile("(?s).+"), actor.get(name)) for name in ("id", "type")]
        self.carries_mac, self.carries_signature = "hmac" in self.value, "signature" in self.value
        tag, seal = self.value.get("hmac"), self.value.get("signature")
        self.tag = tag[12:] if matches(re.compile("hmac-sha256:[0-9a-f]{64}"), tag) else None
        self.seal = unbase64(seal[8:], 64) if matches(re.compile("ed25519:.+"), seal) else None
        self.sealed_bytes = canonical(self.value, ("hmac", "signature"))
        forms = [not self.carries_mac or self.tag, not self.carries_signature or self.seal]
        return [*self.common("occurred_at"), self.seq, *texts, *forms]

    def qustody(self):
        self.own = self.take("entry_hash", DIGEST)
        return [*self.common("created_at"), self.own]

    def relinked(self, link):
        value = self.value if link is None else {**self.value, "prev_hash": link}
        return digest(canonical(value, (self.own_member,)))


def open_container(path):
    """The members, and whether the container keeps its rules (what zipfile shows of them)."""
    path = pathlib.Path(path)
    if path.is_dir():
        names = sorted(p.name for p in path.iterdir())
        members = {p.name: p.read_bytes() for p in path.iterdir() if p.is_file() and not p.is_symlink()}
        for name in (".DS_Store", "Thumbs.db", "desktop.ini"):
            members.pop(name, None)
            names = [other for other in names if other != name]
    else:
        data = path.read_bytes()
        if not data.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")) and b"PK\5\6" not in data[-65_557:]:
            raise NoBundle("no zip and no folder")
        try:
            members, names = unzip(data)
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error):
            return {}, False
    sound = all(NAME.fullmatch(name) for name in names) and len({n.lower() for n in names}) == len(names) and set(names) == set(members)
    if "manifest.json" not in members and sound:
        raise NoBundle("no manifest.json")
    return members, sound


def unzip(data):
    """Rule 2 of bundle.md, section 4: local headers, data and the directory tile the file."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
    offset = 0
    for entry in entries:
        if entry.header_offset != offset or entry.flag_bits & ~0x80E or entry.compress_type not in (0, 8) or entry.comment:
            raise zipfile.BadZipFile("no tiling")
        head = data[offset:offset + 30]
        offset += 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little") + entry.compress_size
        if entry.flag_bits & 8:
            offset += 16 if data[offset:offset + 4] == b"PK\7\x08" else 12
    if offset != archive.start_dir or archive.comment:
        raise zipfile.BadZipFile("no tiling")
    return {entry.filename: archive.read(entry) for entry in entries}, [entry.filename for entry in entries]


def form(value, required, optional=None):
    """An object with exactly these members in these forms; a form is a function."""
    both = {**required, **(optional or {})}
    return isinstance(value, dict) and set(required) <= set(value) <= set(both) and all(both[name](value[name]) for name in value)


def is_text(value):
    return matches(re.compile("(?s).+"), value)


def like(pattern):
    return lambda value: matches(re.compile(pattern) if isinstance(pattern, str) else pattern, value)


def is_size(value):
    return isinstance(value, Number) and value.integer() is not None


MANIFEST = {
    "format": lambda value: value == "audit-bundle/1", "bundle_id": like(KEY_ID), "profile": like(r"[A-Za-z0-9._/-]{1,64}"),
    "tenant_id": like(TENANT), "created_at": lambda value: instant(value) is not None,
    "period": lambda value: form(value, {"from": instant_is, "to": instant_is}) and instant(value["from"]) < instant(value["to"]),
    "selection": like("complete"),
    "events": lambda value: form(value, {"count": is_size, "first_id": id_or_null, "last_id": id_or_null})
    and all((value[name] is None) == (value["count"].integer() == 0) for name in ("first_id", "last_id")),
    "files": lambda value: isinstance(value, list) and all(form(file, FILE) for file in value)
    and len({file["path"].lower() for file in value}) == len(value),
}
OPTIONAL = {
    "chain": lambda value: form(value, {"first_prev_hash": like(DIGEST), "last_hash": like(DIGEST)}),
    "event_mac": lambda value: form(value, {"key_id": like(KEY_ID)}),
    "event_signature": lambda value: form(value, {"key_id": like(KEY_ID)}),
    "previous": lambda value: form(value, {"bundle_id": like(KEY_ID), "last_hash": like(DIGEST)}),
}
FILE = {"path": lambda value: matches(NAME, value) and value not in ("manifest.json", "manifest.sig"),
        "role": lambda value: value in ROLES, "size": is_size, "sha256": like(DIGEST)}
SIGNATURE = {"algorithm": is_text, "key_id": like(KEY_ID), "signature": lambda value: matches(re.compile(".*"), value) and unbase64(value, None) is not None}


def instant_is(value):
    return instant(value) is not None


def id_or_null(value):
    return value is None or is_text(value)


def roles_fit(files):
    roles = [file["role"] for file in files]
    hidden = any(file["role"] == "other" and re.search(r"\.(csv|json|ndjson)(\.gz)?$", file["path"].lower()) for file in files)
    return roles.count("events") == 1 and roles.count("genesis") == roles.count("genesis-signature") <= 1 \
        and max(roles.count("credentials"), roles.count("table")) <= 1 and not hidden


class Verification:
    def __init__(self, members, sound, trust, after=(), tenant=None):
        self.members, self.trust, self.expected_tenant = members, trust, tenant
        self.anchors = [*after, *trust.anchors]
        self.rows = dict.fromkeys(ROWS, "untested")
        self.required, self.event_findings, self.path, self.events = set(ROWS[:6]) | {"event.readable", "event.unique", "chain.links"}, [], None, []
        self.known = False
        self.set("container.structure", [sound])
        self.manifest = self.read_manifest()
        if self.manifest:
            self.verify_bundle()

    def set(self, row, outcomes):
        """The worst of many tests; True, None (untested), False. A row that tested nothing is untested."""
        outcomes = list(outcomes)
        self.rows[row] = "refuted" if False in outcomes else "untested" if None in outcomes or not outcomes else "upheld"

    def refute(self, row):
        self.rows[row] = "refuted"

    def found(self, row, event, code):
        self.event_findings.append((event, ROWS.index(row), code))

    def read_manifest(self):
        data = self.members.get("manifest.json")
        try:
            manifest = None if data is None or len(data) > LIMIT else parse(data)
        except Invalid:
            manifest = None
        if manifest is None or not form(manifest, MANIFEST, OPTIONAL) or not roles_fit(manifest["files"]):
            self.refute("container.structure")
            return None
        claims = {*manifest, *(file["role"] for file in manifest["files"])}
        self.known = manifest["profile"] in ("file-transfer/1", "qustody/1")
        if "credentials" in claims or manifest["profile"] == "qustody/1" and claims & {"event_mac", "event_signature", "genesis"}:
            self.refute("container.structure")
        return manifest

    def verify_bundle(self):
        manifest, self.role = self.manifest, {file["role"]: file["path"] for file in self.manifest["files"]}
        self.tenant, self.numbered = manifest["tenant_id"], manifest["profile"] == "file-transfer/1"
        self.created = instant(manifest["created_at"])
        self.rows["manifest.signature"] = self.detached("manifest.json", "manifest.sig", "manifest", self.tenant, self.created)
        self.set("manifest.files", self.check_files())
        self.rows["manifest.filter"] = "not-applicable"
        if "table" in self.role:
            self.required.add("table.match")
        else:
            self.rows["table.match"] = "not-applicable"
        self.check_previous()
        lines = self.read_lines() if self.known else None
        if lines is None:
            return self.required.update(ROWS[9:] if not self.known else ())
        self.events = [Event(line, manifest["profile"]) for line in lines]
        self.check_events()
        self.check_macs()
        self.check_event_signatures()
        self.check_chain()
        self.check_genesis()
        self.check_anchors()

    def detached(self, name, signature_name, use, tenant, created):
        """The status of a detached signature (bundle.md, section 7)."""
        data = self.members.get(signature_name)
        if data is None:
            return "untested"
        try:
            value = parse(data)
            well_formed = canonical(value) == data and form(value, {"format": like("audit-signature/1"), "signatures": lambda x: isinstance(x, list)}) \
                and all(form(entry, SIGNATURE) for entry in value["signatures"])
            ids = [entry["key_id"] for entry in value["signatures"]] if well_formed else []
        except Invalid:
            well_formed = False
        if not well_formed or len(set(ids)) != len(ids) or len(data) > LIMIT:
            return "refuted"
        entries = [(entry, self.trust.keys[entry["key_id"]]) for entry in value["signatures"] if entry["key_id"] in self.trust.keys]
        fit = [
            entry["algorithm"] == key["algorithm"]
            and signed_by(key["pem"], key["algorithm"], self.members[name], unbase64(entry["signature"], None))
            and use in key["use"] and tenant in key.get("tenant", [tenant])
            and instant(key.get("not_before", "0000-01-01T00:00:00Z")) <= created <= instant(key.get("not_after", "9999-12-30T22:00:00Z"))
            for entry, key in entries
        ]
        return "refuted" if False in fit else "upheld" if fit else "untested"

    def check_files(self):
        listed = {file["path"]: file for file in self.manifest["files"]}
        for name, file in listed.items():
            data = self.members.get(name)
            yield data is not None and len(data) == file["size"].integer() and digest(data) == file["sha256"]
        yield all(name in listed or name in ("manifest.json", "manifest.sig") for name in self.members)

    def check_previous(self):
        previous, chain = self.manifest.get("previous"), self.manifest.get("chain")
        if previous is None:
            self.rows["manifest.previous"] = "not-applicable"
            return
        self.required.add("manifest.previous")
        self.set("manifest.previous", [previous["last_hash"] == chain["first_prev_hash"] if chain else None])

    def read_lines(self):
        """The lines of the events file; None where it is not there. `event.readable` is judged in part."""
        self.whole = True
        name = self.role["events"]
        data = self.members.get(name)
        if data is None:
            return None
        if name.endswith(".gz"):
            data, self.whole = self.decompress(data)
        lines = data.split(b"\n")
        unfinished = lines.pop()
        if unfinished and self.whole:
            self.whole = False
            lines.append(unfinished)
            self.found("event.readable", len(lines), "event.no-newline")
        return lines

    @staticmethod
    def decompress(data):
        stream, out = zlib.decompressobj(31), b""
        try:
            for byte in data:
                out += stream.decompress(bytes([byte]))
        except zlib.error:
            return out, False
        return out, stream.eof and not stream.unused_data

    def check_events(self):
        manifest, events = self.manifest, self.events
        start, end = (instant(manifest["period"][name]) for name in ("from", "to"))
        times = [event.time for event in events]
        self.set("event.readable", [not event.problems for event in events] + [True] * bool(events) + [False] * (not self.whole))
        for i, event in enumerate(events, 1):
            for problem in event.problems:
                self.found("event.readable", i, problem)
        count = manifest["events"]["count"].integer()
        ends = [(events[k].id, manifest["events"][name]) for k, name in ((0, "first_id"), (-1, "last_id"))] if events else []
        counted = [count == len(events)] + [own == stated for own, stated in ends if own is not None]
        self.set("manifest.counts", [] if not events and not count else counted)
        inside = [None if time is None else start <= time < end for time in times]
        late = [False] * any(time is not None and time > self.created for time in times)
        self.set("manifest.period", inside + late)
        own = [None if event.tenant is None else event.tenant == self.tenant for event in events]
        self.set("manifest.tenant", own + [False] * (self.expected_tenant not in (None, self.tenant)))
        for i, event in enumerate(events, 1):
            if inside[i - 1] is False:
                self.found("manifest.period", i, "manifest.period")
            if own[i - 1] is False:
                self.found("manifest.tenant", i, "manifest.tenant")
        ids = [event.id for event in events]
        repeated = [i for i, name in enumerate(ids) if name is not None and name in ids[:i]]
        self.set("event.unique", [None if name is None else i not in repeated for i, name in enumerate(ids)])
        for i in repeated:
            self.found("event.unique", i + 1, "event.duplicate-id")
        self.check_pairs("chain.time", times, lambda a, b: a <= b, "chain.time")
        self.check_pairs("chain.sequence", [event.seq for event in events], lambda a, b: b == a + 1, None)

    def check_pairs(self, row, values, holds, code):
        if not self.numbered:
            self.rows[row] = "not-applicable"
            return
        self.required.add(row)
        pairs = [None if None in pair else holds(*pair) for pair in zip(values, values[1:])]
        self.set(row, pairs + [True] * (len(values) == 1))
        for i, outcome in enumerate(pairs, 2):
            if code and outcome is False:
                self.found(row, i, code)

    def check_macs(self):
        declared = self.manifest.get("event_mac")
        neither = self.numbered and not declared and "event_signature" not in self.manifest
        carried = self.numbered and any(event.readable and event.carries_mac for event in self.events)
        if not declared:
            self.rows["event.mac"] = "untested" if carried or neither else "not-applicable"
            self.required |= {"event.mac"} if carried or neither else set()
            return
        self.required.add("event.mac")
        for event in self.events:
            if event.readable and event.tag and event.time is not None:
                key = self.trust.epoch_key(declared["key_id"], self.tenant, month(event.time))
                event.mac = None if key is None else hmac.digest(key, event.sealed_bytes, "sha256").hex() == event.tag
            elif event.readable and not event.carries_mac and self.trust.secrets:
                event.mac = False
        missing = [False for event in self.events if event.readable and not event.carries_mac]
        self.set("event.mac", [event.mac for event in self.events] + missing)
        self.find_seals("event.mac", [event.mac for event in self.events], "carries_mac")

    def find_seals(self, row, outcomes, carries):
        tested = [outcome for outcome in outcomes if outcome is not None]
        key_is_wrong = len(tested) > 1 and not any(tested)
        for i, event in enumerate(self.events, 1):
            if event.readable and not getattr(event, carries):
                self.found(row, i, row + "-missing")
            elif outcomes[i - 1] is False and not key_is_wrong:
                self.found(row, i, row)

    def check_event_signatures(self):
        declared = self.manifest.get("event_signature")
        carried = self.numbered and any(event.readable and event.carries_signature for event in self.events)
        if not declared:
            self.rows["event.signature"] = "untested" if carried else "not-applicable"
            self.required |= {"event.signature"} if carried else set()
            return
        self.required.add("event.signature")
        key, outcomes = self.trust.keys.get(declared["key_id"]), []
        for event in self.events:
            fits = None
            if key and event.readable and event.seal:
                fits = signed_by(key["pem"], "Ed25519", event.sealed_bytes, event.seal)
            if fits is not None:
                event.mac = fits and event.mac is not False
            outcomes.append(False if event.readable and not event.carries_signature else fits)
        misused = key is not None and ("event" not in key["use"] or self.tenant not in key.get("tenant", [self.tenant]))
        self.set("event.signature", outcomes + [False] * misused)
        self.find_seals("event.signature", outcomes, "carries_signature")

    def check_chain(self):
        chain = self.manifest.get("chain")
        self.genesis = self.members.get(self.role.get("genesis"))
        first, last = (chain["first_prev_hash"], chain["last_hash"]) if chain else (None, None)
        self.first_link = first
        genesis = None if self.genesis is None else digest(self.genesis)
        trusted = self.rows["manifest.signature"] == "upheld"
        path = self.path = Path(self.events, self.tenant, first, last, self.manifest["events"]["count"].integer(), genesis, trusted)
        seams = [path.seam(i) for i in range(1, len(self.events) + 1)] if self.events else []
        own = [i for i, event in enumerate(self.events, 1) if event.own and event.own != event.hash and i not in path.relinked]
        broken = [False] * bool(path.breaks or own or (path.first_links_differ or (0, ""))[1] == "chain.first-link")
        untested = [None] * (chain is None)
        self.set("chain.links", [seam is not None or None for seam in seams] + untested + broken)
        for i in own:
            self.found("chain.links", i, "chain.own-hash")
        if self.numbered:
            started = self.events and genesis and self.events[0].seq is not None and genesis in (first, self.events[0].link)
            if path.gaps_in_sequence or started and self.events[0].seq != 1:
                self.refute("chain.sequence")
            for i in path.gaps_in_sequence:
                self.found("chain.sequence", i, "chain.sequence-gap")
        for name in ("chain.links",):
            if path.first_links_differ and path.first_links_differ[1] == "chain.first-link":
                self.found(name, *path.first_links_differ)

    def check_genesis(self):
        row, first = "genesis.signature", self.events[0] if self.events else None
        if "genesis" not in self.role:
            starts = self.numbered and first is not None and first.seq == 1
            self.rows[row] = "untested" if starts else "not-applicable"
            self.required |= {row} if starts else set()
            return
        self.required.add(row)
        if self.genesis is None or self.role["genesis-signature"] not in self.members:
            return
        try:
            block = parse(self.genesis)
            sound = canonical(block) == self.genesis and len(self.genesis) <= LIMIT and form(block, {
                "created_at": instant_is, "format": like("audit-genesis/1"), "nonce": like("(?s).{1,128}"), "profile": is_text, "tenant_id": is_text})
        except Invalid:
            sound = False
        if not sound:
            return self.refute(row)
        self.rows[row] = self.detached(self.role["genesis"], self.role["genesis-signature"], "genesis", block["tenant_id"], instant(block["created_at"]))
        fits = block["profile"] == self.manifest["profile"] and block["tenant_id"] == self.tenant
        fits = fits and (first is None or first.time is None or instant(block["created_at"]) <= first.time)
        if not fits or (self.path.first_links_differ or (0, ""))[1] == "genesis.mismatch":
            self.refute(row)

    def check_anchors(self):
        """verification.md, section 4."""
        outcomes, numbers, hashes, links = [], [event.seq for event in self.events], self.path.h[1:], self.path.p[1:]
        genesis = None if self.genesis is None else digest(self.genesis)
        a, b = (numbers[0], numbers[-1]) if numbers else (None, None)
        numbers = [event.seq if event.tenant in (None, self.tenant) else None for event in self.events]
        for anchor in self.anchors:
            seq, value = anchor.get("seq"), anchor["hash"]
            if anchor.get("tenant", self.tenant) != self.tenant or not self.events:
                continue
            first = None if links[0] is None else links[0] == value
            if seq is None:
                outcomes.append(first)
            elif not self.numbered:
                held = value == links[0] or value in hashes
                outcomes += [True] if held else [None] if anchor["after"] else []
            elif seq in numbers:
                outcomes.append((seq, value) in zip(numbers, hashes))
                if not outcomes[-1]:
                    self.found("chain.anchor", numbers.index(seq) + 1, "chain.anchor")
            elif seq == 0 and a == 1 and genesis is not None:
                outcomes.append(genesis == value)
            elif a is not None and seq == a - 1:
                outcomes.append(first)
                if outcomes[-1] is False:
                    self.found("chain.anchor", 1, "chain.anchor")
            elif a is not None and b is not None and a <= seq <= b:
                outcomes.append(False)
            elif seq == 0 and genesis is not None and not anchor["after"]:
                outcomes.append(genesis == value)
            elif anchor["after"]:
                outcomes.append(None if a is None or b is None else False)
        self.set("chain.anchor", outcomes)
        self.required |= {"chain.anchor"} if outcomes else set()
        if not outcomes:
            self.rows["chain.anchor"] = "not-applicable"

    def result(self):
        upheld = {row for row, status in self.rows.items() if status == "upheld"}
        if {"manifest.signature", "manifest.files", "chain.links", "chain.sequence"} <= upheld and self.manifest.get("event_mac"):
            self.required.discard("event.mac")
        proof = {"manifest.signature", "manifest.files"} <= upheld or upheld & {"chain.links", "event.mac", "event.signature"}
        missing = [row for row in self.required if self.rows[row] == "untested"]
        verdict = "fail" if "refuted" in self.rows.values() else "incomplete" if missing or not proof or not self.events else "pass"
        breaks = sorted(self.path.breaks, key=lambda b: (b.event, b.section)) if self.path else []
        point = {"code": "chain." + breaks[0].cause, "event": breaks[0].event} if breaks else None
        if not breaks and self.event_findings:
            event, _, code = min(self.event_findings)
            point = {"code": code, "event": event}
        proven = sorted(self.path.proven) if self.path else []
        return {
            "verdict": verdict, "exit_code": {"pass": 0, "fail": 1, "incomplete": 3}[verdict], "rows": self.rows,
            "breaks": [{"cause": b.cause, "event": b.event, "missing": b.missing and [b.missing, b.exact]} for b in breaks],
            "break_point": point, "proven": proven, "consistent": sorted(self.path.consistent()) if self.path else [],
        }


def verify(path, trust=None, after=(), tenant=None):
    try:
        members, sound = open_container(path)
        return Verification(members, sound, trust or Trust(None), after, tenant).result()
    except NoBundle:
        return {"verdict": None, "exit_code": 4, "rows": {}, "breaks": [], "break_point": None, "proven": [], "consistent": []}


def anchor(text):
    number, _, value = text.rpartition("@")
    return {"hash": value, "after": True, **({"seq": int(number)} if number else {})}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("bundle")
    arguments.add_argument("--trust")
    arguments.add_argument("--after", type=anchor, action="append", default=[])
    arguments.add_argument("--tenant")
    given = arguments.parse_args()
    result = verify(given.bundle, Trust(given.trust), given.after, given.tenant)
    print(json.dumps(result, indent=1))
    sys.exit(result["exit_code"])


if __name__ == "__main__":
    main()
