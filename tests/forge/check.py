#!/usr/bin/env python3
"""Checks good bundles without a line of the forge or of the verifier: json, hashlib, hmac, zipfile, and openssl for the signatures.

    python3 tests/forge/check.py fixtures            every fixture whose name starts with good
    python3 tests/forge/check.py BUNDLE.zip|FOLDER   these, with acme's keys
"""
import base64, gzip, hashlib, hmac, json, pathlib, subprocess, sys, tempfile, tomllib, zipfile


def sha(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def seed(name):
    return hashlib.sha256(b"unbroken forge, not a secret: " + name.encode()).digest()


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def epoch_key(tenant, epoch):
    prk = hmac.new(tenant.encode(), seed(tenant + " mac"), "sha256").digest()
    return hmac.new(prk, b"audit-bundle/1 event-mac " + epoch.encode() + b"\x01", "sha256").digest()


def epoch_of(text):
    import datetime
    return datetime.datetime.fromisoformat(text).astimezone(datetime.timezone.utc).strftime("%Y-%m")


def openssl(spki, message, signature, raw):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "key.der").write_bytes(spki)
        (folder / "message").write_bytes(message)
        (folder / "signature").write_bytes(signature)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-rawin", "-in", "message", "-sigfile", "signature"]
        command += [] if raw else ["-digest", "sha256"]
        return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


def signatures(members, name, signature, trust):
    document = json.loads(members[signature])
    assert canonical(document) == members[signature], "signature file not canonical"
    keys = {key["id"]: key for key in trust.get("key", [])}
    for entry in document["signatures"]:
        value = base64.b64decode(entry["signature"], validate=True)
        if entry["algorithm"] == "HS256":
            assert hmac.digest(seed("acme shared"), members[name], "sha256") == value, "HS256"
        elif entry["key_id"] in keys:
            spki = base64.b64decode(keys[entry["key_id"]]["public_key"])
            assert openssl(spki, members[name], value, entry["algorithm"] == "Ed25519"), "openssl refuses " + entry["key_id"]


def members_of(path):
    if path.is_dir():
        return {file.name: file.read_bytes() for file in path.iterdir() if not file.name.startswith(".")}
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def event(line, index, manifest, link, trust):
    value = json.loads(line)
    assert canonical(value) == line, f"event {index + 1} not canonical"
    if "chain" not in manifest:
        return None, None
    assert value["prev_hash"] == link, f"event {index + 1}: link"
    assert value["tenant_id"] == manifest["tenant_id"]
    if manifest["profile"] == "qustody/1":
        stated = value.pop("entry_hash")
        assert sha(canonical(value)) == stated, f"event {index + 1}: own hash"
        return stated, None
    body = canonical({name: member for name, member in value.items() if name not in ("hmac", "signature")})
    if "event_mac" in manifest:
        tag = hmac.digest(epoch_key(value["tenant_id"], epoch_of(value["occurred_at"])), body, "sha256").hex()
        assert value["hmac"] == "hmac-sha256:" + tag, f"event {index + 1}: hmac"
    if "event_signature" in manifest and index < 20:
        key = next(key for key in trust["key"] if key["id"] == manifest["event_signature"]["key_id"])
        raw = base64.b64decode(value["signature"].removeprefix("ed25519:"), validate=True)
        assert openssl(base64.b64decode(key["public_key"]), body, raw, True), f"event {index + 1}: signature"
    return sha(line), value["seq"]


def check(path, trust_file):
    members, trust = members_of(path), tomllib.loads(trust_file.read_text())
    signatures(members, "manifest.json", "manifest.sig", trust)
    manifest = json.loads(members["manifest.json"])
    for entry in manifest["files"]:
        assert len(members[entry["path"]]) == entry["size"] and sha(members[entry["path"]]) == entry["sha256"], entry["path"]
    assert set(members) == {entry["path"] for entry in manifest["files"]} | {"manifest.json", "manifest.sig"}
    by_role = {entry["role"]: entry["path"] for entry in manifest["files"]}
    chain = manifest.get("chain", {"first_prev_hash": None, "last_hash": None})
    link = chain["first_prev_hash"]
    if "genesis" in by_role:
        signatures(members, by_role["genesis"], by_role["genesis-signature"], trust)
    data = members[by_role["events"]]
    data = gzip.decompress(data) if by_role["events"].endswith(".gz") else data
    lines = data.split(b"\n")
    assert lines.pop() == b"", "no final LF"
    first = None
    for index, line in enumerate(lines):
        link, seq = event(line, index, manifest, link, trust)
        first = seq if index == 0 else first
        assert seq is None or seq == first + index, "sequence"
    if first == 1:
        assert sha(members[by_role["genesis"]]) == chain["first_prev_hash"], "genesis"
    assert link == chain["last_hash"], "last hash"
    assert len(lines) == manifest["events"]["count"]
    assert [json.loads(line)["id"] for line in (lines[0], lines[-1])] == [manifest["events"]["first_id"], manifest["events"]["last_id"]]
    print(f"ok  {path}  {len(lines)} events, longest {max(map(len, lines))} bytes")


def main():
    for name in sys.argv[1:]:
        path = pathlib.Path(name)
        if (path / "good").is_dir():
            for folder in sorted(path.glob("good*/")):
                bundle = next((path for path in (folder / "bundle.zip", folder / "bundle") if path.exists()), None)
                # a raw export has nothing that is checked here
                if bundle:
                    check(bundle, folder / "trust.toml")
        else:
            check(path, path.parent / "trust.toml")


main()
