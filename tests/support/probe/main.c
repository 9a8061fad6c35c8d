/*
 * probe [--control | --few] [NAME=VALUE …]
 *
 * Tries every door and prints a line each: NAME <tab> open|closed|untried <tab> DETAIL. The caller says what of the host there is to reach
 * (socket=, port=, shm=, file=, inode=DEVICE:NUMBER, token=). With --control it leaves out what would change a host on which it opens. --few
 * tries devices and files only.
 *
 * probe --swap SECONDS NAME NAME …    probe --watch SECONDS NAME=VALUE …    probe --dirty FILE       see hostile.c
 */
#include "probe.h"
#include <dirent.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>

static char **arguments;
static char said[512];
static FILE *more;

const char *told(const char *name) {
  size_t length = strlen(name);
  for (char **one = arguments; *one; one++)
    if (!strncmp(*one, name, length) && (*one)[length] == '=') return *one + length + 1;
  return NULL;
}

void detail(const char *format, ...) {
  va_list list;
  va_start(list, format);
  vsnprintf(said, sizeof said, format, list);
  va_end(list);
}

void also_open(const char *format, ...) {
  va_list list;
  va_start(list, format);
  vfprintf(more, format, list);
  va_end(list);
  fputs("\topen\t\n", more);
}

/* Before anything else is opened: what has been left open for us? */
static void leaked_descriptors(void) {
  DIR *list = opendir("/proc/self/fd");
  int found = 0;
  for (struct dirent *entry; list && (entry = readdir(list));) {
    int fd = atoi(entry->d_name);
    char link[64], target[256] = "";
    if (entry->d_name[0] == '.' || fd < 3 || fd == dirfd(list)) continue;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (readlink(link, target, sizeof target - 1) < 0) continue;
    printf("leaked descriptor\topen\t%d %s\n", fd, target);
    found = 1;
  }
  if (list) closedir(list);
  if (!found) printf("leaked descriptor\tclosed\t\n");
}

static void attempt(const struct door *door) {
  int pipes[2];
  fflush(stdout);
  if (pipe(pipes)) exit(3);
  pid_t child = fork();
  if (child == 0) {
    close(pipes[0]);
    more = fdopen(pipes[1], "w");
    alarm(10);
    int outcome = door->attempt(door->with);
    fprintf(more, "%s\t%s\t%s%s%s\n", door->name, outcome ? "closed" : "open", outcome ? strerrorname_np(outcome) : "",
            outcome && *said ? " " : "", said);
    fflush(more);
    _exit(0);
  }
  close(pipes[1]);
  char line[4096];
  int words = 0;
  FILE *from = fdopen(pipes[0], "r");
  while (fgets(line, sizeof line, from)) {
    fputs(line, stdout);
    words++;
  }
  fclose(from);
  int status = 0;
  waitpid(child, &status, 0);
  if (!words) printf("%s\tclosed\tended by signal %d\n", door->name, WTERMSIG(status));
}

int main(int count, char **argv) {
  arguments = argv + 1;
  const char *mode = count > 1 ? argv[1] : "";
  if (count > 3 && !strcmp(mode, "--swap")) return swap(atof(argv[2]), argv + 3);
  if (count > 2 && !strcmp(mode, "--watch")) return watch(atof(argv[2]));
  if (count > 2 && !strcmp(mode, "--dirty")) return dirty(argv[2]);
  int control = !strcmp(mode, "--control"), few = !strcmp(mode, "--few");
  leaked_descriptors();
  signal(SIGPIPE, SIG_IGN);
  const struct door *groups[] = {mount_doors, device_doors, kernel_doors, socket_doors, file_doors, abi32_doors};
  for (size_t group = 0; group < sizeof groups / sizeof *groups; group++)
    for (const struct door *door = groups[group]; door->name; door++) {
      if (few && groups[group] != device_doors && groups[group] != file_doors) continue;
      if ((control || few) && door->acts_on_host) printf("%s\tuntried\t\n", door->name);
      else attempt(door);
    }
  return 0;
}
