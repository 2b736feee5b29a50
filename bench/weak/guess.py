"""The loop that a person would write: one HMAC a line. Prints candidates a second."""
import hashlib
import hmac
import sys
import time

path, text, seconds = sys.argv[1], sys.argv[2].encode(), float(sys.argv[3])
tried = 0
start = time.perf_counter()
with open(path, "rb") as lines:
    for line in lines:
        hmac.new(line.rstrip(b"\r\n"), text, hashlib.sha256).digest()
        tried += 1
        if tried % 4096 == 0 and time.perf_counter() - start > seconds:
            break
print(round(tried / (time.perf_counter() - start)))
