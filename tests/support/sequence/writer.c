/*
 * Writes numbers in one order into the directory it is given, for ever. Step n: a new content of data-<n mod 64>, by another name,
 * fsync, rename, fsync of the directory; then a record in the journal, with fsync; then a block of `ring`, in place, without.
 * tests/support/sequence.ts tells whether what it finds is what was there at some moment between two of these writes.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void must(int ok, const char *what) {
  if (ok) return;
  perror(what);
  exit(1);
}

static void put(int fd, const char *bytes, size_t length) {
  must(write(fd, bytes, length) == (ssize_t)length, "write");
}

int main(int argc, char **argv) {
  must(argc == 2 && chdir(argv[1]) == 0, "chdir");
  int directory = open(".", O_RDONLY | O_DIRECTORY);
  int journal = open("journal", O_WRONLY | O_CREAT | O_APPEND, 0644);
  int ring = open("ring", O_WRONLY | O_CREAT, 0644);
  must(directory >= 0 && journal >= 0 && ring >= 0, "open");
  static char block[4096];
  for (unsigned long long n = 1;; n++) {
    char record[33], name[32], temporary[40];
    snprintf(record, sizeof record, "%031llu\n", n);

    snprintf(name, sizeof name, "data-%llu", n % 64);
    snprintf(temporary, sizeof temporary, "%s.new", name);
    int data = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    must(data >= 0, "open");
    for (unsigned long long records = 1 + n * 7919 % 1500; records > 0; records--) put(data, record, 32);
    must(fsync(data) == 0 && close(data) == 0, "fsync");
    must(rename(temporary, name) == 0 && fsync(directory) == 0, "rename");

    put(journal, record, 32);
    must(fsync(journal) == 0, "fsync");

    for (size_t at = 0; at < sizeof block; at += 32) memcpy(block + at, record, 32);
    must(pwrite(ring, block, sizeof block, (off_t)(n % 256 * sizeof block)) == (ssize_t)sizeof block, "pwrite");
    usleep(1000);
  }
}
