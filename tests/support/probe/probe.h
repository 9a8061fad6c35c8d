/* The isolation probe: tries doors that lead out of a container and says which of them open. See main.c. */
#ifndef PROBE_H
#define PROBE_H
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/*
 * One door. `attempt` runs in a child of its own and returns 0 when the door opened, else the errno that kept it shut. `with` is what the
 * attempt is made with. A door marked `acts_on_host` would change the host if it opened there, so that the control run leaves it out.
 */
struct door {
  const char *name;
  int (*attempt)(const void *with);
  const void *with;
  int acts_on_host;
};
#define DOORS_END {0, 0, 0, 0}
extern const struct door mount_doors[], device_doors[], kernel_doors[], socket_doors[], file_doors[], abi32_doors[];

int swap(double seconds, char **names);
int watch(double seconds);
int dirty(const char *path);

/* What the caller told of the host as NAME=VALUE, or NULL. */
const char *told(const char *name);
/* Something more to say about the door: shown behind its result. */
void detail(const char *format, ...);
/* Another open door, found while this one was tried. */
void also_open(const char *format, ...);

/* 0 for success, else errno. */
static inline int result(long returned) { return returned == -1 ? errno : 0; }
/* As result(), but any error besides a refusal counts as open: the check for rights was passed, only the arguments were nonsense. */
static inline int let_through(long returned) {
  if (returned != -1) return 0;
  return errno == EPERM || errno == EACCES || errno == ENOSYS ? errno : 0;
}
#endif
