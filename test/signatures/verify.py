# SPDX-License-Identifier: GPL-3.0-only
"""Verifies the signature of a night by what others wrote: verify.py SIGNATURE PUBLIC_KEYS."""

import base64
import json
import sys

from google.protobuf import json_format
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey


def key_of(entry):
    """An Ed25519 key of a public key file; the last 32 bytes of its SPKI are the key (RFC 8410)."""
    body = "".join(line for line in entry["publicKey"].splitlines() if not line.startswith("-"))
    public = base64.b64decode(body)[-32:].hex()
    return SSlibKey(entry["keyid"], "ed25519", "ed25519", {"public": public})


signature, keys = (json.load(open(path, encoding="utf8")) for path in sys.argv[1:])
envelope = Envelope.from_dict(signature)
try:
    accepted = envelope.verify([key_of(entry) for entry in keys["keys"]], 1)
except VerificationError as error:
    sys.exit(f"not verified: {error}")
proto = json_format.Parse(envelope.payload, statement_pb2.Statement())
statement = Statement.copy_from_pb(proto)
statement.validate()
print(
    json.dumps(
        {
            "keyids": list(accepted),
            "predicateType": statement.pb.predicate_type,
            "subjects": {one.name: one.digest["sha256"] for one in statement.pb.subject},
        }
    )
)
