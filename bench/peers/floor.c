// The floor: find "Token: ", check the HS256 signature with the SHA extensions, count. No JSON, no
// report, one thread, the file mapped. Nothing that verifies every token on this core can be faster
// than this by much. Usage: floor FILE SECRET-FILE. Exit 3 where the processor lacks the extensions.
#define _GNU_SOURCE
#include <cpuid.h>
#include <fcntl.h>
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint32_t K[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// The state is kept the way sha256rnds2 wants it: {A,B,E,F} and {C,D,G,H}, highest lane first.
typedef struct {
  __m128i abef, cdgh;
} State;

static State initial(void) {
  return (State){_mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c),
                 _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19)};
}

static inline void compress(State *s, const uint8_t *block) {
  const __m128i swap = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
  __m128i w[4], abef = s->abef, cdgh = s->cdgh;
  for (int i = 0; i < 4; i++)
    w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 16 * i)), swap);
#pragma GCC unroll 16
  for (int i = 0; i < 16; i++) {
    __m128i wk = _mm_add_epi32(w[i & 3], _mm_load_si128((const __m128i *)(K + 4 * i)));
    cdgh = _mm_sha256rnds2_epu32(cdgh, abef, wk);
    abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(wk, 0x0e));
    if (i < 12) {  // words 4i+16 .. 4i+19 of the message schedule
      __m128i t = _mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]);
      t = _mm_add_epi32(t, _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4));
      w[i & 3] = _mm_sha256msg2_epu32(t, w[(i + 3) & 3]);
    }
  }
  s->abef = _mm_add_epi32(s->abef, abef);
  s->cdgh = _mm_add_epi32(s->cdgh, cdgh);
}

static void digest(const State *s, uint8_t *out) {
  uint32_t a[4], c[4];
  _mm_storeu_si128((__m128i *)a, s->abef);
  _mm_storeu_si128((__m128i *)c, s->cdgh);
  const uint32_t words[8] = {a[3], a[2], c[3], c[2], a[1], a[0], c[1], c[0]};
  for (int i = 0; i < 8; i++) {
    uint32_t big = __builtin_bswap32(words[i]);
    memcpy(out + 4 * i, &big, 4);
  }
}

// `hashed` bytes are already in the state; this adds the last `n` and the padding.
static void finish(State *s, const uint8_t *data, size_t n, uint64_t hashed, uint8_t *out) {
  uint64_t bits = __builtin_bswap64((hashed + n) * 8);
  for (; n >= 64; n -= 64, data += 64) compress(s, data);
  uint8_t tail[128] = {0};
  memcpy(tail, data, n);
  tail[n] = 0x80;
  size_t size = n < 56 ? 64 : 128;
  memcpy(tail + size - 8, &bits, 8);
  compress(s, tail);
  if (size == 128) compress(s, tail + 64);
  digest(s, out);
}

static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void base64url(const uint8_t *mac, char *out) {  // 32 bytes, 43 characters
  for (int i = 0; i < 30; i += 3) {
    uint32_t v = (uint32_t)mac[i] << 16 | (uint32_t)mac[i + 1] << 8 | mac[i + 2];
    *out++ = DIGITS[v >> 18];
    *out++ = DIGITS[v >> 12 & 63];
    *out++ = DIGITS[v >> 6 & 63];
    *out++ = DIGITS[v & 63];
  }
  uint32_t v = (uint32_t)mac[30] << 16 | (uint32_t)mac[31] << 8;
  *out++ = DIGITS[v >> 18];
  *out++ = DIGITS[v >> 12 & 63];
  *out++ = DIGITS[v >> 6 & 63];
}

static int has_sha_extensions(void) {
  unsigned a, b, c, d;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
}

int main(int argc, char **argv) {
  if (!has_sha_extensions()) return 3;
  if (argc < 3) return 2;
  uint8_t secret[4096];
  int fd = open(argv[2], O_RDONLY);
  ssize_t length = read(fd, secret, sizeof secret);
  if (length < 0) return 2;
  close(fd);
  if (length && secret[length - 1] == '\n') length--;

  uint8_t key[64] = {0}, inner_pad[64], outer_pad[64];
  if (length <= 64) {
    memcpy(key, secret, (size_t)length);
  } else {
    State s = initial();
    finish(&s, secret, (size_t)length, 0, key);
  }
  for (int i = 0; i < 64; i++) inner_pad[i] = key[i] ^ 0x36, outer_pad[i] = key[i] ^ 0x5c;
  State inner_start = initial(), outer_start = initial();
  compress(&inner_start, inner_pad);
  compress(&outer_start, outer_pad);

  fd = open(argv[1], O_RDONLY);
  struct stat st;
  if (fd < 0 || fstat(fd, &st)) return 2;
  const char *log = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
  if (log == MAP_FAILED) return 2;
  const char *end = log + st.st_size, *at = log;
  uint64_t tokens = 0, verified = 0;
  while ((at = memmem(at, (size_t)(end - at), "Token: ", 7))) {
    const char *token = at + 7, *stop = memchr(token, '\n', (size_t)(end - token));
    at = stop ? stop : end;
    tokens++;
    if (at - token < 44) continue;
    const char *dot = at - 44;  // an HS256 signature is the last 43 characters
    if (*dot != '.') continue;
    uint8_t mac[32];
    char text[43];
    State inner = inner_start, outer = outer_start;
    finish(&inner, (const uint8_t *)token, (size_t)(dot - token), 64, mac);
    finish(&outer, mac, 32, 64, mac);
    base64url(mac, text);
    verified += memcmp(text, dot + 1, 43) == 0;
  }
  printf("{\"tokens\":%lu,\"verified\":%lu}\n", (unsigned long)tokens, (unsigned long)verified);
  return 0;
}
