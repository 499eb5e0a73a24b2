#!/usr/bin/env python3
"""Alters small bundles at random, from a seed, and compares what two verifiers say: the program, and verify.py beside this file.

Usage: differ.py --binary PATH [--seed N] [--cases N] [--keep FOLDER] [--ignore MEMBER]
Each disagreement is made smaller (fewer edits), grouped with those that look alike, and its bundle is kept in FOLDER.
Exits with 1 when there is a disagreement.
"""
import argparse
import base64
import collections
import functools
import hashlib
import hmac
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import verify as second

TENANT, OTHER = "tnt_acme", "tnt_globex"
PKCS8 = bytes.fromhex("302e020100300506032b657004220420")
SEEDS = {"acme": bytes(range(32)), "unknown": bytes(range(1, 33))}
MAC_KEYS = {"right": b"an-example-only-32-byte-mac-key!", "forger": b"some-other-key-of-32-bytes-here!"}
ZEROS = "sha256:" + "0" * 64


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


@functools.lru_cache(10_000)
def signature_file(message, key):
    with tempfile.TemporaryDirectory() as folder:
        secret, data = pathlib.Path(folder, "key"), pathlib.Path(folder, "data")
        secret.write_bytes(PKCS8 + SEEDS[key])
        data.write_bytes(message)
        run = ["openssl", "pkeyutl", "-sign", "-keyform", "DER", "-inkey", str(secret), "-rawin", "-in", str(data)]
        signature = subprocess.run(run, check=True, capture_output=True).stdout
    entry = {"algorithm": "Ed25519", "key_id": key, "signature": base64.b64encode(signature).decode()}
    return canonical({"format": "audit-signature/1", "signatures": [entry]})


class Log:
    """Events of one profile, as lines; None is never a line."""

    def __init__(self, profile, count, start, tenant=TENANT, macs=True, label=""):
        self.profile, self.tenant, self.macs, self.start = profile, tenant, macs, start
        self.genesis = canonical({"created_at": "2026-10-01T00:00:00Z", "format": "audit-genesis/1", "nonce": "n" + label,
                                  "profile": profile, "tenant_id": tenant})
        numbered = profile == "file-transfer/1"
        self.first_link = digest(b"earlier" + label.encode()) if start > 1 else digest(self.genesis) if numbered else ZEROS
        self.lines, link = [], self.first_link
        for seq in range(start, start + count):
            self.lines.append(self.event(seq, link, label))
            link = self.hash(self.lines[-1])

    def event(self, seq, link, label=""):
        time = f"2026-10-{1 + seq % 27:02d}T{seq % 24:02d}:00:00Z"
        common = {"id": f"evt_{label}{seq}", "tenant_id": self.tenant, "action": "file.read", "prev_hash": link}
        if self.profile == "file-transfer/1":
            value = {**common, "seq": seq, "actor": {"id": "usr", "type": "user"}, "network": {"ip": "192.0.2.7"}, "permissions": [],
                     "occurred_at": f"2026-10-02T{seq // 60 % 24:02d}:{seq % 60:02d}:00Z"}
        else:
            value = {**common, "created_at": time, "actor_id": None, "actor_type": None, "resource_type": "file", "resource_id": "7",
                     "request_id": None, "ip": None, "user_agent": None, "metadata": {"n": seq}}
        return self.sealed(value, "right")

    def sealed(self, value, key):
        """The line of this event, its own hash and its MAC made anew; without a key the MAC stays as it is."""
        if self.profile == "qustody/1":
            value = {name: member for name, member in value.items() if name != "entry_hash"}
            return canonical({**value, "entry_hash": digest(canonical(value))})
        if self.macs and key:
            body = canonical({name: member for name, member in value.items() if name != "hmac"})
            extracted = hmac.digest(self.tenant.encode(), MAC_KEYS[key], "sha256")
            epoch = hmac.digest(extracted, b"audit-bundle/1 event-mac 2026-10\x01", "sha256")
            value = {**value, "hmac": "hmac-sha256:" + hmac.digest(epoch, body, "sha256").hex()}
        return canonical(value)

    def hash(self, line):
        value = parsed(line)
        if value is None:
            return digest(line)
        return digest(canonical({name: member for name, member in value.items() if self.profile != "qustody/1" or name != "entry_hash"}))


def parsed(line):
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) and canonical(value) == line else None


class Tamperer:
    """Edits of a list of lines. Each takes its own generator, so that edits can be left out one by one."""

    def __init__(self, log, lines):
        self.log, self.lines = log, lines

    def at(self, rng):
        return rng.randrange(len(self.lines))

    def change(self, i, **members):
        value = parsed(self.lines[i])
        if value is not None:
            self.lines[i] = canonical({**value, **members})

    def relink(self, start, key):
        for i in range(start, len(self.lines)):
            value = parsed(self.lines[i])
            if value is not None:
                link = self.log.hash(self.lines[i - 1]) if i else value.get("prev_hash")
                self.lines[i] = self.log.sealed({**value, "prev_hash": link}, key)

    def modify(self, rng):
        self.change(self.at(rng), action=f"forged.{rng.randrange(9)}")

    def modify_own(self, rng):
        """As one would edit the event itself well, without its neighbours."""
        i = self.at(rng)
        self.modify_at(i, rng)
        value = parsed(self.lines[i])
        if value is not None:
            self.lines[i] = self.log.sealed(value, rng.choice([None, "right", "forger"]))

    def modify_at(self, i, rng):
        self.change(i, action=f"forged.{rng.randrange(9)}")

    def reforge(self, rng):
        i = self.at(rng)
        self.modify_at(i, rng)
        self.relink(i, rng.choice([None, None, "right", "forger"]))

    def rewrite_run(self, rng):
        i = self.at(rng)
        rest = self.lines[i + rng.randint(1, 3):]
        del self.lines[len(self.lines) - len(rest):]
        self.modify_at(i, rng)
        self.relink(i, rng.choice([None, "right"]))
        self.lines += rest

    def edit_link(self, rng):
        others = [self.log.hash(line) for line in self.lines] + [self.log.first_link, digest(b"nothing"), ZEROS]
        self.change(self.at(rng), prev_hash=rng.choice(others))

    def edit_own(self, rng):
        if self.log.profile == "qustody/1":
            self.change(self.at(rng), entry_hash=digest(b"own"))

    def edit_seq(self, rng):
        if self.log.profile == "file-transfer/1":
            i = self.at(rng)
            self.change(i, seq=max(1, self.log.start + i + rng.choice([-3, -1, 1, 2, 5])))
            if rng.random() < 0.4:
                self.relink(i, rng.choice([None, "right"]))

    def edit_tenant(self, rng):
        self.change(self.at(rng), tenant_id=OTHER)

    def edit_time(self, rng):
        member = "occurred_at" if self.log.profile == "file-transfer/1" else "created_at"
        self.change(self.at(rng), **{member: rng.choice(["2026-09-30T23:59:59Z", "2026-10-30T00:00:00.5Z", "2026-12-01T00:00:00Z", "no time"])})

    def edit_id(self, rng):
        value = parsed(self.lines[self.at(rng)])
        if value is not None:
            self.change(self.at(rng), id=value["id"])

    def malform(self, rng):
        member = rng.choice(["prev_hash", "prev_hash", "seq", "entry_hash", "hmac", "id", "tenant_id"])
        i = self.at(rng)
        value = parsed(self.lines[i])
        if value is None or member not in value:
            return
        if rng.random() < 0.5:
            del value[member]
            self.lines[i] = canonical(value)
        else:
            self.change(i, **{member: rng.choice([None, 0, "", "sha256:ABC"])})

    def delete(self, rng):
        i = self.at(rng)
        del self.lines[i:i + rng.randint(1, 3)]
        if rng.random() < 0.3:
            self.relink(i, None)

    def head_cut(self, rng):
        del self.lines[:rng.randint(1, 3)]

    def tail_cut(self, rng):
        del self.lines[-rng.randint(1, 3):]

    def insert_duplicate(self, rng):
        self.lines.insert(rng.randint(0, len(self.lines)), self.lines[self.at(rng)])

    def insert_own(self, rng):
        i = rng.randint(0, len(self.lines))
        link = self.log.hash(self.lines[i - 1]) if i else self.log.first_link
        self.lines.insert(i, self.log.event(rng.choice([self.log.start + i, 99]), rng.choice([link, digest(b"x")]), "new"))
        if rng.random() < 0.3:
            self.relink(i + 1, None)

    def splice(self, rng):
        foreign = Log(self.log.profile, rng.randint(1, 3), rng.choice([1, self.log.start + 2, 50]), OTHER, self.log.macs, "b").lines
        i = rng.randint(0, len(self.lines))
        self.lines[i:i + rng.choice([0, len(foreign)])] = foreign
        if rng.random() < 0.2:
            self.relink(i, None)

    def swap(self, rng):
        i, j = self.at(rng), self.at(rng)
        self.lines[i], self.lines[j] = self.lines[j], self.lines[i]

    def swap_neighbours(self, rng):
        i = self.at(rng)
        self.lines[i:i + 2] = self.lines[i:i + 2][::-1]

    def move(self, rng):
        i = self.at(rng)
        size = rng.randint(1, 3)
        block = self.lines[i:i + size]
        del self.lines[i:i + size]
        j = rng.randint(0, len(self.lines))
        self.lines[j:j] = block

    def reverse(self, rng):
        self.lines.reverse()

    def corrupt(self, rng):
        i = self.at(rng)
        line = bytearray(self.lines[i])
        if line:
            line[rng.randrange(len(line))] = rng.choice(b'\x00"{}x,\xff\\9 ')
        self.lines[i] = bytes(line).replace(b"\n", b"")

    def respace(self, rng):
        i = self.at(rng)
        self.lines[i] = rng.choice([self.lines[i].replace(b":", b": ", 1), self.lines[i] + b"\r", self.lines[i].replace(b"a", b"\\u0061", 1)])

    def fork(self, rng):
        i = self.at(rng)
        value = parsed(self.lines[i])
        if value is not None:
            self.lines.insert(rng.choice([i, i + 1]), self.log.sealed({**value, "action": "fork", "id": "evt_fork"}, "right"))


IGNORED = set()
EDITS = [name for name in vars(Tamperer) if not name.startswith("_") and name not in ("at", "change", "relink", "modify_at")]


class Case:
    def __init__(self, seed):
        rng = random.Random(seed)
        self.profile = rng.choice(["file-transfer/1", "file-transfer/1", "qustody/1"])
        self.count, self.start = rng.randint(5, 14), rng.choice([1, 1, 1, 41])
        self.edits = [(rng.choice(EDITS), rng.random()) for _ in range(rng.choice([1, 1, 2, 2, 3]))]
        self.refreshed, self.key = rng.random() < 0.5, rng.choice(["acme", "acme", "acme", "unknown"])
        self.mac_key, self.declared = rng.random() < 0.5, rng.random() < 0.9
        self.carry_genesis = self.start == 1 or rng.random() < 0.2
        self.gzip_or_cut = rng.choice(["", "", "", "", "cut", "no chain"])
        self.real_count, self.statement = rng.random() < 0.15, rng.choice(["", "", "", "", "last", "first"])
        self.anchor = rng.choice([None, None, None, 0 if self.profile == "file-transfer/1" else 2, 1, 3, 40, 44, 90])

    def write(self, folder):
        log = Log(self.profile, self.count, self.start, macs=self.declared)
        good = log.lines[:]
        tamperer = Tamperer(log, log.lines[:])
        for name, seed in self.edits:
            if tamperer.lines:
                getattr(tamperer, name)(random.Random(seed))
        before, after = (b"".join(line + b"\n" for line in lines) for lines in (good, tamperer.lines))
        if self.gzip_or_cut == "cut":
            after = after[:-random.Random(self.count).randint(1, 40)]
        members = {"events.ndjson": after}
        listed = {"events.ndjson": (after if self.refreshed else before, "events")}
        if self.profile == "file-transfer/1" and self.carry_genesis:
            members |= {"genesis.json": log.genesis, "genesis.sig": signature_file(log.genesis, "acme")}
            listed |= {"genesis.json": (log.genesis, "genesis"), "genesis.sig": (members["genesis.sig"], "genesis-signature")}
        count = len(tamperer.lines) if self.refreshed and self.real_count else len(good)
        manifest = {
            "format": "audit-bundle/1", "bundle_id": "bnd", "profile": self.profile, "tenant_id": TENANT,
            "created_at": "2026-11-01T00:10:00Z", "period": {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"},
            "selection": "complete",
            "events": {"count": count, "first_id": json.loads(good[0])["id"], "last_id": json.loads(good[-1])["id"]} if count
            else {"count": 0, "first_id": None, "last_id": None},
            "chain": {"first_prev_hash": log.first_link, "last_hash": log.hash(good[-1])},
            "files": [{"path": path, "role": role, "size": len(data), "sha256": digest(data)} for path, (data, role) in listed.items()],
        }
        if self.statement == "last" and tamperer.lines:     # the producer itself signs what is there now
            manifest["chain"]["last_hash"] = log.hash(tamperer.lines[-1])
        if self.statement == "first":
            manifest["chain"]["first_prev_hash"] = digest(b"another start")
        if self.gzip_or_cut == "no chain":
            del manifest["chain"]
        if self.profile == "file-transfer/1" and self.declared:
            manifest["event_mac"] = {"key_id": "acme-mac"}
        members["manifest.json"] = canonical(manifest)
        members["manifest.sig"] = signature_file(members["manifest.json"], self.key)
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "bundle").mkdir(parents=True)
        for name, data in members.items():
            (folder / "bundle" / name).write_bytes(data)
        (folder / "acme.pem").write_bytes(public_key("acme"))
        (folder / "mac.key").write_bytes(MAC_KEYS["right"])
        secret = '[[secret]]\nid = "acme-mac"\nkind = "tenant"\ntenant = "tnt_acme"\nfile = "mac.key"\n' if self.mac_key else ""
        key = '[[key]]\nid = "acme"\nuse = ["manifest", "genesis"]\nalgorithm = "Ed25519"\nfile = "acme.pem"\n'
        anchored = log.genesis if self.anchor == 0 else good[self.anchor % len(good)] if self.anchor else b""
        number = self.anchor and (self.anchor if self.anchor < 40 or self.start > 1 else 3)
        anchor = f'[[anchor]]\ntenant = "{TENANT}"\nseq = {number}\nhash = "{log.hash(anchored) if self.anchor else digest(anchored)}"\n'
        (folder / "trust.toml").write_text("version = 1\n" + key + secret + (anchor if self.anchor is not None else ""))

    def smaller(self):
        for i in range(len(self.edits)):
            yield self.edited(edits=self.edits[:i] + self.edits[i + 1:])
        for count in range(2, self.count):
            yield self.edited(count=count)
        for name, value in (("gzip_or_cut", ""), ("refreshed", False), ("key", "acme"), ("mac_key", False), ("declared", True), ("start", 1), ("real_count", False), ("statement", ""), ("anchor", None)):
            if getattr(self, name) != value:
                yield self.edited(**{name: value})

    def edited(self, **values):
        other = object.__new__(Case)
        other.__dict__ = {**self.__dict__, **values}
        return other


@functools.lru_cache
def public_key(key):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "key")
        path.write_bytes(PKCS8 + SEEDS[key])
        return subprocess.run(["openssl", "pkey", "-inform", "DER", "-in", str(path), "-pubout"], check=True, capture_output=True).stdout


def ranges(listed):
    return [i for one in listed or [] for i in range(one["from"], one["to"] + 1)]


def first(binary, folder):
    run = [binary, "verify", str(folder / "bundle"), "--trust", str(folder / "trust.toml"), "--format", "json", "--no-progress",
           "--jobs", "1", "--max-findings", "100000"]
    run = subprocess.run(run, capture_output=True)
    try:
        bundle = json.loads(run.stdout)["bundles"][0]
    except (ValueError, LookupError):
        return {"verdict": "no report", "exit_code": run.returncode}
    breaks, point = [f for f in bundle["findings"] if f["break"]], bundle["break_point"]
    return {
        "verdict": bundle["verdict"], "exit_code": run.returncode, "rows": {row["id"]: row["status"] for row in bundle["checks"] if row["id"] in second.ROWS},
        "breaks": [{"cause": f["break"]["cause"], "event": f["event"]["number"], "missing": f["break"]["missing"] and [
            f["break"]["missing"]["count"], f["break"]["missing"]["exact"]]} for f in breaks],
        "break_point": point and {"code": point["code"], "event": point["event"]["number"]},
        "proven": ranges(bundle["proven"]), "consistent": ranges(bundle["consistent"]),
    }


def comparable(result):
    breaks = sorted((b["event"], b["cause"], str(b["missing"])) for b in result.get("breaks", []))
    return {**result, "breaks": breaks}


def differences(binary, case, folder):
    case.write(folder)
    ours = second.verify(folder / "bundle", second.Trust(folder / "trust.toml"))
    one, two = comparable(first(binary, folder)), comparable(ours)
    return {name: (one.get(name), two.get(name)) for name in two if name not in IGNORED and one.get(name) != two.get(name)}


def kinds(found):
    """What a disagreement is about, without the events that it is at."""
    def abstract(name, pair):
        if name == "rows":
            one, two = pair
            return tuple((row, (one or {}).get(row), two.get(row)) for row in two if (one or {}).get(row) != two.get(row))
        if name == "breaks":
            return tuple(sorted(b[1] for b in pair[0] or [])), tuple(sorted(b[1] for b in pair[1]))
        if name == "break_point":
            return tuple(p and p["code"] for p in pair)
        return pair if name in ("verdict", "exit_code") else ()
    return tuple((name, abstract(name, found[name])) for name in sorted(found))


def minimise(binary, case, folder):
    found, wanted = differences(binary, case, folder), None
    wanted = set(name for name, _ in kinds(found))
    progress = True
    while progress:
        progress = False
        for smaller in case.smaller():
            other = differences(binary, smaller, folder)
            if other and set(other) <= wanted:
                case, found, progress = smaller, other, True
                break
    differences(binary, case, folder)
    return case, found


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--binary", required=True)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--cases", type=int, default=500)
    arguments.add_argument("--keep", type=pathlib.Path)
    arguments.add_argument("--ignore", action="append", default=[], help="a member of the comparison, such as consistent")
    given = arguments.parse_args()
    IGNORED.update(given.ignore)
    groups, agreed, statistics = {}, 0, collections.Counter()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary, "case")
        for seed in range(given.seed, given.seed + given.cases):
            case = Case(seed)
            found = differences(given.binary, case, folder)
            if not found:
                agreed += 1
                continue
            statistics[kinds(found)] += 1
            if kinds(found) in groups:
                continue
            groups[kinds(found)] = True
            case, found = minimise(given.binary, case, folder)
            short = kinds(found)
            if groups.get(("short", short)):
                continue
            groups["short", short] = True
            name = given.keep / f"d{seed}" if given.keep else None
            if name:
                shutil.rmtree(name, ignore_errors=True)
                shutil.copytree(folder, name)
            print(f"\n== seed {seed} {name or ''}\n   {vars(case)}")
            for key, (one, two) in found.items():
                if key == "rows" and one:
                    one, two = [{row: rows[row] for row in rows if one[row] != two[row]} for rows in (one, two)]
                print(f"   {key}: program {one}\n   {' ' * len(key)}  second  {two}", flush=True)
    print(f"\n{agreed} of {given.cases} cases agree; {len(statistics)} kinds of disagreement")
    sys.exit(1 if statistics else 0)


if __name__ == "__main__":
    main()
