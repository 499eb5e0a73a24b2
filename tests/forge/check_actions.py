#!/usr/bin/env python3
"""Checks honest passkey actions without a line of the forge or of the verifier: assertions, tokens and tables, with json, hashlib, csv and openssl.

    python3 tests/forge/check_actions.py fixtures    every fixture whose name starts with good-actions, good-raw, good-passkey or good-token
    python3 tests/forge/check_actions.py FILE …      one fixture's bundle.zip or events.ndjson, with the trust.toml beside it
"""
import base64, csv, gzip, hashlib, io, json, pathlib, subprocess, sys, tempfile, tomllib, zipfile
from datetime import datetime


def decode(text):
    assert "=" not in text and "+" not in text and "/" not in text, text
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    assert base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == text, "not strict"
    return raw


def openssl(pem, message, signature, raw, options=()):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name, data in (("key.pem", pem), ("message", message), ("signature", signature)):
            (folder / name).write_bytes(data)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "message", "-sigfile", "signature"]
        digest = "sha384" if b"MHYwEAYHKoZIzj0CAQYFK4EEACID" in pem else "sha256"
        command += ([] if raw else ["-digest", digest]) + [part for option in options for part in ("-pkeyopt", option)]
        return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


def pem_of(spki):
    body = base64.encodebytes(spki).decode().replace("\n", "")
    return ("-----BEGIN PUBLIC KEY-----\n" + "\n".join(body[at:at + 64] for at in range(0, len(body), 64)) + "\n-----END PUBLIC KEY-----\n").encode()


def is_ed25519(pem):
    lines = pem.decode().split("\n")
    return base64.b64decode("".join(lines[1:-2]))[:12].hex() == "302a300506032b6570032100"


def spki_of(pem):
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "key.pem").write_bytes(pem)
        kind = ["-RSAPublicKey_in"] if b"RSA PUBLIC KEY" in pem else ["-pubin"]
        tool = ["openssl", "rsa"] if b"RSA PUBLIC KEY" in pem else ["openssl", "pkey"]
        done = subprocess.run([*tool, *kind, "-in", "key.pem", "-pubout", "-outform", "DER"], cwd=folder, capture_output=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


def seconds(text):
    return datetime.fromisoformat(text).timestamp()


def assertion(event, trust, party, vouched):
    factor = event["firstFactorCredential"]
    if factor is None or factor["assertion"] is None:
        assert event["userId"] is None and (factor is None or factor["id"] is None) and event["actionToken"] is None, "stripped"
        return None
    pinned = {credential["id"]: credential for credential in trust.get("credential", [])}.get(factor["id"])
    stated = factor["publicKey"]
    stated = None if stated.startswith("SHA256:") else spki_of(stated.replace("\\n", "\n").encode())
    if pinned:
        assert pinned["user"] == event["userId"], "user"
        spki = base64.b64decode(pinned["public_key"])
        assert stated in (None, spki), "two keys"
    else:
        spki = stated or vouched[factor["id"]]
    proof = factor["assertion"]
    client = decode(proof["clientData"])
    data = json.loads(client.removeprefix(b"\xef\xbb\xbf"))
    signature, message = decode(proof["signature"]), client
    fido = factor["kind"] == "Fido2"
    assert data["type"] == ("webauthn.get" if fido else "key.get"), data["type"]
    assert data["origin"] in party["origins"], data["origin"]
    assert party.get("cross_origin") or not (data.get("crossOrigin") or "topOrigin" in data), "cross origin"
    decode(data["challenge"])
    counter = None
    if fido:
        raw = decode(proof["authenticatorData"])
        assert raw[:32] == hashlib.sha256(party["rp_id"].encode()).digest(), "rp id"
        flags, counter = raw[32], int.from_bytes(raw[33:37], "big")
        assert flags & 1, "user presence"
        assert flags & 4 or party.get("user_verification", "required") != "required", "user verification"
        assert flags & 8 or not flags & 16, "backup"
        assert bool(flags & 0xC0) == (len(raw) > 37), "length"
        message = raw + hashlib.sha256(client).digest()
    else:
        assert proof["authenticatorData"] is None
    pem = pem_of(spki)
    assert openssl(pem, message, signature, is_ed25519(pem)), "openssl refuses the assertion"
    return factor["id"], event["datePerformed"], counter, proof["clientData"], data["challenge"], proof["authenticatorData"]


def token(event, trust, folder):
    text = event["actionToken"]
    if text is None:
        return
    head, body, signature = text.split(".")
    header, claims = json.loads(decode(head)), json.loads(decode(body))
    issuer = next((issuer for issuer in trust.get("issuer", []) if issuer["issuer"] == claims["iss"]), None)
    keys = {key["kid"]: key for key in json.loads((folder / issuer["jwks"]).read_bytes())["keys"]} if issuer else {}
    pinned = next((key for key in trust["key"] if key["id"] == header["kid"] and key["use"] == ["token"]), None)
    assert pinned or header["kid"] in keys, "no trusted key"
    key, raw, options = keys.get(header["kid"], {}), decode(signature), ()
    if pinned and not issuer:
        key, spki = {"kty": pinned["algorithm"].replace("Ed25519", "OKP")}, base64.b64decode(pinned["public_key"])
        assert header["alg"] == pinned["algorithm"].replace("Ed25519", "EdDSA")
    elif key["kty"] == "OKP":
        assert header["alg"] == "EdDSA"
        spki = bytes.fromhex("302a300506032b6570032100") + decode(key["x"])
    elif key["kty"] == "EC":
        assert header["alg"] == "ES256" and len(raw) == 64
        spki = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200") + b"\x04" + decode(key["x"]) + decode(key["y"])
        part = lambda value: b"\x02" + bytes([len(value)]) + value
        parts = [part((b"\0" if half[0] > 127 else b"") + half) for half in (raw[:32].lstrip(b"\0"), raw[32:].lstrip(b"\0"))]
        raw = b"\x30" + bytes([sum(map(len, parts))]) + b"".join(parts)
    else:
        assert header["alg"] in ("RS256", "PS256")
        number = lambda value: b"\x02\x82" + (len(value) + 1).to_bytes(2, "big") + b"\0" + value
        inner = number(decode(key["n"])) + b"\x02\x03\x01\x00\x01"
        inner = b"\x30\x82" + len(inner).to_bytes(2, "big") + inner
        bits = b"\x03\x82" + (len(inner) + 1).to_bytes(2, "big") + b"\0" + inner
        spki = bytes.fromhex("300d06092a864886f70d0101010500") + bits
        spki = b"\x30\x82" + len(spki).to_bytes(2, "big") + spki
        options = ("rsa_padding_mode:pss",) if header["alg"] == "PS256" else ()
    assert openssl(pem_of(spki), f"{head}.{body}".encode(), raw, key["kty"] == "OKP", options), "openssl refuses the token"
    assert claims["sub"] == "tnt_acme", "organisation"
    assert claims.get("https://custom/app_metadata", {}).get("userId", event["userId"]) == event["userId"], "user"
    if event["datePerformed"]:
        now = seconds(event["datePerformed"])
        assert claims.get("exp", now) >= now - 60 and claims.get("iat", now) <= now + 60 and claims.get("nbf", 0) <= now + 60, "time"


def replays(used):
    rising = {}
    for credential, _, counter, *_ in sorted(used, key=lambda use: seconds(use[1])):
        if counter is not None:
            before = rising.get(credential, 0)
            assert counter > before or counter == before == 0, f"counter of {credential}"
            rising[credential] = counter
    challenges = [use[4] for use in used]
    assert len(set(challenges)) == len(challenges), "challenge twice"


def table(data, events):
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    head, rows = rows[0], rows[1:]
    factor = lambda event: (event["firstFactorCredential"] or {}).get("id")
    field = {"auditEventId": "id", "Audit Log ID": "id", "timestamp": "datePerformed", "Date Performed": "datePerformed", "userId": "userId",
             "User ID": "userId", "Username": "username", "actionPath": "action", "Action Path": "action", "signatureToken": "actionToken"}
    by_id = {event["id"]: event for event in events}
    ids = [row[head.index("auditEventId" if "auditEventId" in head else "Audit Log ID")] for row in rows]
    assert sorted(ids) == sorted(by_id), "rows"
    for row, id in zip(rows, ids):
        for name, cell in zip(head, row, strict=True):
            event = by_id[id]
            if name in field and "datePerformed" == field[name]:
                assert seconds(cell) == seconds(event["datePerformed"]), (id, name)
            elif name in field:
                assert cell == (event[field[name]] or ""), (id, name)
            elif "redential" in name:
                assert cell == (factor(event) or ""), (id, name)


def events_of(name, data):
    data = gzip.decompress(data) if name.endswith(".gz") else data
    if ".ndjson" in name:
        return [json.loads(line) for line in data.splitlines()]
    value = json.loads(data)
    return value if isinstance(value, list) else [value]


def check(folder, names, members):
    trust = tomllib.loads((folder / "trust.toml").read_text())
    found = [event for name in names if ".csv" not in name for event in events_of(name, members[name])]
    known = json.loads(members.get("credentials.json", b'{"credentials":[]}'))["credentials"]
    vouched = {entry["id"]: base64.b64decode(entry["public_key"]) for entry in known}
    used = []
    for number, event in enumerate(found, 1):
        try:
            used.append(assertion(event, trust, trust["relying_party"][0], vouched))
            token(event, trust, folder)
        except (AssertionError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise AssertionError(f"{folder.name}: event {number}: {error}") from error
    replays([use for use in used if use])
    for name in names:
        if ".csv" in name:
            table(members[name], found)
    print(f"ok  {folder.name}  {', '.join(names)}  {len(found)} events, {len([use for use in used if use])} assertions")


def check_path(path):
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        check(path.parent, [name for name in members if name.startswith("events.")], members)
    else:
        check(path.parent, [path.name], {path.name: path.read_bytes()})


def main():
    for name in sys.argv[1:]:
        path = pathlib.Path(name)
        if (path / "good").is_dir():
            folders = [folder for prefix in ("actions", "raw", "passkey", "token", "replay", "table", "rules") for folder in sorted(path.glob(f"good-{prefix}-*/"))]
            for folder in [path / "good-actions", *folders]:
                names = [file.name for file in sorted(folder.iterdir()) if file.name.split(".")[0] in ("event", "events", "week-1", "week-2")]
                if not (folder / "acme-jwks.json").exists():
                    continue
                if (folder / "bundle.zip").exists():
                    check_path(folder / "bundle.zip")
                if names:
                    check(folder, names, {name: (folder / name).read_bytes() for name in names})
        else:
            check_path(path)


main()
