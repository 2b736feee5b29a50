"""The reading half of the article, to compare with: what a plain Python program accepts.

Prints one JSON line per accepted token: the line number and the payload. Judged by the clock of
the machine, or by `--now SECONDS` since the epoch. Needs PyJWT.

Usage: python3 test/oracle/article.py [--now SECONDS] LOG SECRET-FILE
"""

import argparse
import datetime
import json
import re

import jwt
import jwt.api_jwt

TOKEN = re.compile(r"Token: ([^\s]+)")


def stop_clock(seconds):
    """PyJWT has no option for the time: its module gets a datetime whose now() stands still."""

    class StoppedClock(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(seconds, tz)

    jwt.api_jwt.datetime = StoppedClock


def read_secret(path):
    with open(path, "rb") as file:
        return file.read().removesuffix(b"\n")


def accepted(lines, secret):
    for number, line in enumerate(lines, start=1):
        found = TOKEN.search(line)
        if not found:
            continue
        try:
            yield number, jwt.decode(found.group(1), secret, algorithms=["HS256"])
        except jwt.InvalidTokenError:
            continue


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--now", type=float)
    parser.add_argument("log")
    parser.add_argument("secret_file")
    args = parser.parse_args()
    if args.now is not None:
        stop_clock(args.now)
    # Only a newline ends a line, so that the numbers are those of `grep -n`.
    with open(args.log, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        for number, payload in accepted(file, read_secret(args.secret_file)):
            print(json.dumps({"line": number, "payload": payload}, sort_keys=True))


if __name__ == "__main__":
    main()
