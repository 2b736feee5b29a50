"""Peer: the way of the article. The whole log in memory, a regular expression per line, PyJWT.

Usage: article.py FILE KEY-FILE [REGEX]. Prints one JSON line of counts.
"""

import json
import re
import sys

import jwt


def read_key(path):
    with open(path, "rb") as file:
        key = file.read()
    if key.startswith(b"-----BEGIN"):
        return key, "RS256"
    return key.removesuffix(b"\n"), "HS256"


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return file.readlines()


def extract_and_verify(lines, pattern, key, algorithm):
    accepted = []
    counts = {"tokens": 0, "accepted": 0, "expired": 0, "bad_signature": 0, "other": 0}
    for line in lines:
        found = re.search(pattern, line)
        if not found:
            continue
        counts["tokens"] += 1
        try:
            accepted.append(jwt.decode(found.group(1), key, algorithms=[algorithm]))
            counts["accepted"] += 1
        except jwt.ExpiredSignatureError:
            counts["expired"] += 1
        except jwt.InvalidSignatureError:
            counts["bad_signature"] += 1
        except jwt.InvalidTokenError:
            counts["other"] += 1
    return accepted, counts


def per_user(accepted):
    users = {}
    for claims in accepted:
        email, tokens, expiry = users.get(claims.get("user_id"), (None, 0, 0))
        users[claims.get("user_id")] = (
            claims.get("email", email),
            tokens + 1,
            max(expiry, claims.get("exp", 0)),
        )
    return users


def main():
    pattern = sys.argv[3] if len(sys.argv) > 3 else r"Token: ([^\s]+)"
    key, algorithm = read_key(sys.argv[2])
    accepted, counts = extract_and_verify(read_lines(sys.argv[1]), pattern, key, algorithm)
    counts["users"] = len(per_user(accepted))
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
