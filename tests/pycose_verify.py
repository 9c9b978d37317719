"""Verifies Evidence with a COSE library that we did not write.

usage: pycose_verify.py TOKEN PUBLIC_KEY   (a file; x and y of P-256, hexadecimal)

Prints the nonce that the token answers, in hexadecimal. Exits with 1 if the signature
does not verify.
"""

import sys

import cbor2
from pycose.algorithms import Es256
from pycose.headers import Algorithm
from pycose.keys import EC2Key
from pycose.messages import CoseMessage, Sign1Message

NONCE = 10


def main() -> int:
    path, key = sys.argv[1:]
    point = bytes.fromhex(key)
    with open(path, "rb") as file:
        message = CoseMessage.decode(file.read())
    if not isinstance(message, Sign1Message) or message.phdr[Algorithm] is not Es256:
        print("not a COSE_Sign1 with ES256", file=sys.stderr)
        return 1
    message.key = EC2Key(crv="P_256", x=point[:32], y=point[32:])
    if not message.verify_signature():
        print("the signature does not verify", file=sys.stderr)
        return 1
    print(cbor2.loads(message.payload)[NONCE].hex())
    return 0


if __name__ == "__main__":
    sys.exit(main())
