#!/usr/bin/env python3
"""Makes the example of the pages on passkeys and tokens: one action that a user signed, one of the system. Always the same bytes.

Needs Python 3.8 and OpenSSL 3 on the path; nothing else. The keys are published here, so they protect nothing: never trust them.
Usage: python3 make.py   (writes beside itself)
"""
import base64
import hashlib
import json
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CREDENTIAL_SEED = bytes(range(64, 96))           # the Ed25519 private keys (RFC 8032, section 5.1.5)
ISSUER_SEED = bytes(range(96, 128))
PKCS8_ED25519 = bytes.fromhex("302e020100300506032b657004220420")    # RFC 8410, section 7
SYSTEM = {"assertion": None, "id": None, "kind": None, "publicKey": None}


def canonical(value):
    """RFC 8785, for what occurs here: ASCII names, no escapes but those that json writes the same way."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(seed, *arguments, data=b""):
    with tempfile.TemporaryDirectory() as folder:
        key, message = pathlib.Path(folder, "key.der"), pathlib.Path(folder, "message")
        key.write_bytes(PKCS8_ED25519 + seed)
        message.write_bytes(data)
        names = {"KEY": str(key), "MESSAGE": str(message)}
        command = ["openssl", *(names.get(word, word) for word in arguments)]
        return subprocess.run(command, check=True, capture_output=True).stdout


def sign(seed, data):
    return openssl(seed, "pkeyutl", "-sign", "-keyform", "DER", "-inkey", "KEY", "-rawin", "-in", "MESSAGE", data=data)


def public(seed, form):
    return openssl(seed, "pkey", "-inform", "DER", "-in", "KEY", "-pubout", "-outform", form)


def assertion():
    """An assertion as a browser and an authenticator make it: the client data is signed as the bytes stand there, whatever their order."""
    challenge = base64url(hashlib.sha256(b"an example's random challenge").digest())
    client = json.dumps({
        "type": "webauthn.get",
        "challenge": challenge,
        "origin": "https://app.acme.example",
        "crossOrigin": False,
    }, separators=(",", ":")).encode()
    flags = 0x01 | 0x04                          # UP, UV
    authenticator = hashlib.sha256(b"acme.example").digest() + bytes([flags]) + (41).to_bytes(4, "big")
    signed = authenticator + hashlib.sha256(client).digest()
    return {"authenticatorData": base64url(authenticator), "clientData": base64url(client), "signature": base64url(sign(CREDENTIAL_SEED, signed))}


def token():
    header = {"alg": "EdDSA", "kid": "auth-2026", "typ": "JWT"}
    claims = {
        "iss": "auth.acme.example",
        "sub": "or-acme",
        "https://custom/app_metadata": {"userId": "us-01"},
        "iat": 1791187200,                       # 2026-10-05T08:00:00Z
        "exp": 1791190800,                       # 2026-10-05T09:00:00Z
        "jti": "tok-01",
    }
    signed = ".".join(base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    return signed + "." + base64url(sign(ISSUER_SEED, signed.encode()))


def main():
    credential_pem, issuer_pem = (public(seed, "PEM") for seed in (CREDENTIAL_SEED, ISSUER_SEED))
    user = {
        "id": "uj-01", "action": "POST /wallets", "datePerformed": "2026-10-05T08:05:00Z", "userId": "us-01", "username": "ada@acme.example",
        "actionToken": token(),
        "firstFactorCredential": {"id": "cr-01", "kind": "Fido2", "publicKey": credential_pem.decode(), "assertion": assertion()},
    }
    system = {
        "id": "to-02", "action": "policies:archive", "datePerformed": "2026-10-05T08:06:00Z", "userId": None, "username": None,
        "actionToken": None, "firstFactorCredential": SYSTEM,
    }
    x = base64url(public(ISSUER_SEED, "DER")[-32:])
    jwks = {"keys": [{"alg": "EdDSA", "crv": "Ed25519", "kid": "auth-2026", "kty": "OKP", "use": "sig", "x": x}]}
    spki = base64.b64encode(public(CREDENTIAL_SEED, "DER")).decode()
    trust = f"""version = 1

[[relying_party]]
rp_id = "acme.example"
origins = ["https://app.acme.example"]

[[issuer]]
issuer = "auth.acme.example"
jwks = "acme-jwks.json"

[[credential]]
id = "cr-01"
user = "us-01"
public_key = "{spki}"
"""
    files = {
        "details.ndjson": canonical(user) + b"\n" + canonical(system) + b"\n",
        "credential.pem": credential_pem,
        "issuer.pem": issuer_pem,
        "acme-jwks.json": canonical(jwks) + b"\n",
        "trust.toml": trust.encode(),
    }
    for name, data in files.items():
        HERE.joinpath(name).write_bytes(data)


if __name__ == "__main__":
    main()
