#!/usr/bin/env python3
"""Makes the example bundle of the specification: always the same bytes.

Needs Python 3.8 and OpenSSL 3 on the path; nothing else. The keys are published here, so they protect nothing: never trust them.
Usage: python3 make.py   (writes beside itself)
"""
import base64
import hashlib
import hmac
import json
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BUNDLE = HERE / "bundle"
TENANT = "tnt_acme"
EXPORT_KEY_ID = "acme-export-2026"
MAC_KEY_ID = "acme-mac"
SEED = bytes(range(32))                          # the Ed25519 private key (RFC 8032, section 5.1.5)
MAC_KEY = b"an-example-only-32-byte-mac-key!"    # the tenant key
PKCS8_ED25519 = bytes.fromhex("302e020100300506032b657004220420")    # RFC 8410, section 7


def canonical(value):
    """RFC 8785, for what occurs here: ASCII names, small integers, no escapes but those that json writes the same way."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True).stdout


def sign(message):
    with tempfile.TemporaryDirectory() as folder:
        key, data = pathlib.Path(folder, "key.der"), pathlib.Path(folder, "data")
        key.write_bytes(PKCS8_ED25519 + SEED)
        data.write_bytes(message)
        return openssl("pkeyutl", "-sign", "-keyform", "DER", "-inkey", str(key), "-rawin", "-in", str(data))


def public_pem():
    with tempfile.TemporaryDirectory() as folder:
        key = pathlib.Path(folder, "key.der")
        key.write_bytes(PKCS8_ED25519 + SEED)
        return openssl("pkey", "-inform", "DER", "-in", str(key), "-pubout")


def signature_file(message):
    signature = base64.b64encode(sign(message)).decode()
    return canonical({
        "format": "audit-signature/1",
        "signatures": [{"algorithm": "Ed25519", "key_id": EXPORT_KEY_ID, "signature": signature}],
    })


def epoch_key(epoch):
    """HKDF-SHA-256 (RFC 5869): one block of output is 32 bytes."""
    extracted = hmac.digest(TENANT.encode(), MAC_KEY, "sha256")
    return hmac.digest(extracted, b"audit-bundle/1 event-mac " + epoch.encode() + b"\x01", "sha256")


def event(seq, prev_hash, event_id, occurred_at, action, **more):
    members = {
        "action": action,
        "actor": {"id": "usr_7", "name": "Zoë Faß", "type": "user"},
        "id": event_id,
        "network": {"ip": "192.0.2.7"},
        "occurred_at": occurred_at,
        "permissions": ["file:read"],
        "prev_hash": prev_hash,
        "seq": seq,
        "tenant_id": TENANT,
        **more,
    }
    tag = hmac.new(epoch_key("2026-10"), canonical(members), hashlib.sha256).hexdigest()
    return canonical({**members, "hmac": "hmac-sha256:" + tag})


def main():
    genesis = canonical({
        "created_at": "2026-10-01T08:00:00Z",
        "format": "audit-genesis/1",
        "nonce": "b2f1c7d09e5a4c3388d1e0f6a7b4c5d2",
        "profile": "file-transfer/1",
        "tenant_id": TENANT,
    })
    report = {"name": "q3.pdf", "sha256": digest(b"the third quarter"), "size": 17, "version": "1"}
    first = event(1, digest(genesis), "evt_01", "2026-10-01T08:05:00Z", "session.open")
    second = event(2, digest(first), "evt_02", "2026-10-01T08:05:12.5Z", "file.download", file=report, transfer={"protocol": "sftp"})
    third = event(3, digest(second), "evt_03", "2026-10-01T10:06:00+02:00", "session.close")
    events = b"".join(line + b"\n" for line in (first, second, third))

    members = {"events.ndjson": events, "genesis.json": genesis, "genesis.sig": signature_file(genesis)}
    roles = {"events.ndjson": "events", "genesis.json": "genesis", "genesis.sig": "genesis-signature"}
    manifest = json.dumps({
        "format": "audit-bundle/1",
        "bundle_id": "bnd_example",
        "profile": "file-transfer/1",
        "tenant_id": TENANT,
        "created_at": "2026-11-01T00:10:00Z",
        "period": {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"},
        "selection": "complete",
        "events": {"count": 3, "first_id": "evt_01", "last_id": "evt_03"},
        "chain": {"first_prev_hash": digest(genesis), "last_hash": digest(third)},
        "event_mac": {"key_id": MAC_KEY_ID},
        "files": [{"path": path, "role": roles[path], "size": len(data), "sha256": digest(data)} for path, data in members.items()],
    }, indent=1).encode() + b"\n"

    members["manifest.json"] = manifest
    members["manifest.sig"] = signature_file(manifest)
    BUNDLE.mkdir(exist_ok=True)
    for path, data in members.items():
        (BUNDLE / path).write_bytes(data)
    (HERE / "acme.pem").write_bytes(public_pem())
    (HERE / "acme-mac.key").write_bytes(MAC_KEY)
    (HERE / "trust.toml").write_text(f"""version = 1

[[key]]
id = "{EXPORT_KEY_ID}"
use = ["manifest", "genesis"]
algorithm = "Ed25519"
file = "acme.pem"
tenant = ["{TENANT}"]

[[secret]]
id = "{MAC_KEY_ID}"
kind = "tenant"
tenant = "{TENANT}"
file = "acme-mac.key"

[[anchor]]
tenant = "{TENANT}"
seq = 0
hash = "{digest(genesis)}"
""")


if __name__ == "__main__":
    main()
