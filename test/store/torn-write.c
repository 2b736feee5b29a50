/*
 * Loaded into a program (LD_PRELOAD): its write number TORN_AT to a database or to the log beside it
 * ends after the first page, or does nothing where it has no more than that; then the process is killed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const size_t PAGE = 4096;

static int ends_with(const char *path, ssize_t length, const char *end) {
  ssize_t size = strlen(end);
  return length > size && memcmp(path + length - size, end, size) == 0;
}

static int is_store(int fd) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path);
  return ends_with(path, length, ".duckdb") || ends_with(path, length, ".duckdb.wal");
}

static int is_torn(int fd) {
  static int writes = 0;
  const char *torn_at = getenv("TORN_AT");
  return torn_at != NULL && is_store(fd) && __sync_add_and_fetch(&writes, 1) == atoi(torn_at);
}

static size_t part_of(size_t count) { return count > PAGE ? PAGE : 0; }

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  ssize_t (*real)(int, const void *, size_t, off64_t);
  *(void **)&real = dlsym(RTLD_NEXT, "pwrite64");
  if (!is_torn(fd)) return real(fd, bytes, count, offset);
  real(fd, bytes, part_of(count), offset);
  return raise(SIGKILL);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
  return pwrite64(fd, bytes, count, offset);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  ssize_t (*real)(int, const void *, size_t);
  *(void **)&real = dlsym(RTLD_NEXT, "write");
  if (!is_torn(fd)) return real(fd, bytes, count);
  real(fd, bytes, part_of(count));
  return raise(SIGKILL);
}
