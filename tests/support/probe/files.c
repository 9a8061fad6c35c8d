/* Files of the kernel that steer or show the host, and files and processes of the host itself. */
#include "probe.h"
#include <dirent.h>
#include <ftw.h>
#include <limits.h>
#include <sched.h>
#include <sys/mount.h>

/* With everything lifted that only hides: masks off, read-only mounts writable. What still refuses is a boundary. */
static void lift(void) {
  static const char *const covers[] = {"/proc/acpi",     "/proc/asound",     "/proc/cmdline", "/proc/interrupts",
                                       "/proc/kcore",    "/proc/keys",       "/proc/kmsg",    "/proc/latency_stats",
                                       "/proc/scsi",     "/proc/timer_list", "/sys/firmware", "/proc/sched_debug",
                                       "/sys/devices/virtual/powercap"};
  static const char *const locked[] = {"/sys", "/proc", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sysrq-trigger"};
  if (unshare(CLONE_NEWNS)) return;
  mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
  for (size_t i = 0; i < sizeof covers / sizeof *covers; i++) umount2(covers[i], MNT_DETACH);
  for (size_t i = 0; i < sizeof locked / sizeof *locked; i++) mount(NULL, locked[i], NULL, MS_REMOUNT | MS_BIND, NULL);
  mount(NULL, "/sys", NULL, MS_REMOUNT, NULL); /* the file system itself, besides this mount of it */
}

static int writable(const void *with) { return lift(), result(open(with, O_WRONLY)); }
#define WRITE(path) "write " path, writable, path, 0

static int readable(const void *with) {
  char text[256];
  lift();
  int fd = open(with, O_RDONLY | O_NONBLOCK);
  if (fd < 0) return errno;
  ssize_t length = read(fd, text, sizeof text);
  return length == 0 ? ENODATA : result(length);
}
#define READ(path) "read " path, readable, path, 0

/* Addresses are shown as zeros to who may not know them. */
static int addresses(const void *with) {
  char text[128];
  lift();
  FILE *file = fopen(with, "r");
  if (!file) return errno;
  while (fgets(text, sizeof text, file)) {
    size_t zeros = strspn(text, " 0-");
    if (strchr("123456789abcdef", text[zeros]) && strspn(text, "0123456789abcdef -") > 8) return 0;
  }
  return ENODATA;
}

static int listed(const void *with) {
  lift();
  DIR *list = opendir(with);
  int count = 0;
  if (!list) return errno;
  while (readdir(list)) count++;
  return count > 2 ? 0 : ENODATA;
}

/* Walks. One line for each file that could be written; those that belong to a namespace of ours as one line. */
static const char *walk_top, *walk_word;
static const char *const together[] = {"net/", "devices/virtual/net/", "class/net/", "fs/cgroup/", NULL};
static int seen[8], found_writable;

static int look(const char *path, const struct stat *file, int flag) {
  if (flag != FTW_F || S_ISLNK(file->st_mode) || access(path, W_OK)) return 0;
  const char *name = path + strlen(walk_top);
  found_writable++;
  for (int i = 0; together[i]; i++)
    if (!strncmp(name, together[i], strlen(together[i]))) {
      if (!seen[i]++) also_open("%s %s…", walk_word, together[i]);
      return 0;
    }
  also_open("%s %s", walk_word, name);
  return 0;
}
static int walk(const char *top, const char *word) {
  walk_top = top, walk_word = word;
  lift();
  nftw(top, (void *)look, 32, FTW_PHYS | FTW_MOUNT);
  return found_writable ? (detail("%d files", found_writable), 0) : EACCES;
}
static int walk_settings(const void *with) { return (void)with, walk("/proc/sys/", "setting"); }
static int walk_sys(const void *with) { return (void)with, walk("/sys/", "sysfs"); }

static int walk_proc(const void *with) {
  DIR *list = opendir("/proc");
  (void)with;
  lift();
  for (struct dirent *entry; list && (entry = readdir(list));) {
    char path[PATH_MAX];
    struct stat file;
    snprintf(path, sizeof path, "/proc/%s", entry->d_name);
    if (lstat(path, &file) || !S_ISREG(file.st_mode) || access(path, W_OK)) continue;
    also_open("procfs %s", entry->d_name), found_writable++;
  }
  return found_writable ? 0 : EACCES;
}

/* Limits of the container lie outside of what it can see. */
static int outer_limit(const void *with) {
  static const char *const limits[] = {"memory.max", "pids.max", "cpu.max", "io.max", "memory.limit_in_bytes"};
  (void)with;
  int error = ENOENT;
  for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
    char path[128];
    snprintf(path, sizeof path, "/sys/fs/cgroup/%s", limits[i]);
    int fd = open(path, O_WRONLY);
    if (fd >= 0) return detail("%s", limits[i]), 0;
    if (errno != ENOENT) error = errno;
  }
  return error;
}
static int leave_group(const void *with) {
  (void)with;
  return result(open("/sys/fs/cgroup/../cgroup.procs", O_WRONLY)) ?: (access("/sys/fs/cgroup/../kernel", F_OK) ? 0 : EXDEV);
}

/* Is it the file that the caller told of? */
static int is_told(int base, const char *name) {
  struct stat file;
  unsigned long device, number;
  const char *inode = told("inode");
  if (!inode || sscanf(inode, "%lu:%lu", &device, &number) != 2 || fstatat(base, name, &file, 0)) return 0;
  return file.st_dev == device && file.st_ino == number;
}
static int below(int base, const char *name) {
  char path[PATH_MAX] = "";
  for (int up = 0; up < 16; up++, strcat(path, "../")) {
    char whole[2 * PATH_MAX];
    snprintf(whole, sizeof whole, "%s%s", path, name + 1);
    if (is_told(base, whole)) return 1;
  }
  return 0;
}

/* The host's file through every directory that any process here works in, has as root, or has open. */
int host_file(const void *with) {
  const char *name = told(with);
  if (!name) return EINVAL;
  if (is_told(AT_FDCWD, name)) return 0;
  DIR *processes = opendir("/proc");
  for (struct dirent *process; processes && (process = readdir(processes));) {
    if (process->d_name[0] < '0' || process->d_name[0] > '9') continue;
    char path[PATH_MAX];
    for (int i = -2; i < 64; i++) {
      if (i < 0) snprintf(path, sizeof path, "/proc/%s/%s", process->d_name, i == -1 ? "cwd" : "root");
      else snprintf(path, sizeof path, "/proc/%s/fd/%d", process->d_name, i);
      int base = open(path, O_PATH);
      if (base >= 0 && below(base, name)) return detail("%s", path), 0;
      if (base >= 0) close(base);
    }
  }
  if (processes) closedir(processes);
  return ENOENT;
}

/* A process of the host by its first argument. */
static int host_process(const void *with) {
  const char *token = told(with);
  if (!token) return EINVAL;
  DIR *processes = opendir("/proc");
  for (struct dirent *process; processes && (process = readdir(processes));) {
    char path[PATH_MAX], line[128] = "";
    snprintf(path, sizeof path, "/proc/%s/cmdline", process->d_name);
    int fd = open(path, O_RDONLY);
    if (fd >= 0 && read(fd, line, sizeof line - 1) > 0 && !strcmp(line, token)) return 0;
    if (fd >= 0) close(fd);
  }
  return ESRCH;
}

static int environment(const void *with) {
  static const char *const usual[] = {"PATH=", "HOME=", "TERM=", "container=", "container_uuid=", "DEBIAN_FRONTEND=", "PWD=", "SHLVL=", "OLDPWD=", "_="};
  extern char **environ;
  (void)with;
  for (char **one = environ; *one; one++) {
    size_t i = 0;
    while (i < sizeof usual / sizeof *usual && strncmp(*one, usual[i], strlen(usual[i]))) i++;
    if (i == sizeof usual / sizeof *usual) return detail("%.40s", *one), 0;
  }
  return ENODATA;
}

const struct door file_doors[] = {
    {WRITE("/proc/sys/kernel/core_pattern")},
    {WRITE("/proc/sys/kernel/modprobe")},
    {WRITE("/proc/sys/kernel/hotplug")},
    {WRITE("/proc/sys/kernel/poweroff_cmd")},
    {WRITE("/proc/sys/kernel/usermodehelper/bset")},
    {WRITE("/proc/sys/kernel/sysrq")},
    {WRITE("/proc/sys/kernel/panic")},
    {WRITE("/proc/sys/kernel/kptr_restrict")},
    {WRITE("/proc/sys/kernel/dmesg_restrict")},
    {WRITE("/proc/sys/kernel/randomize_va_space")},
    {WRITE("/proc/sys/kernel/unprivileged_bpf_disabled")},
    {WRITE("/proc/sys/kernel/perf_event_paranoid")},
    {WRITE("/proc/sys/kernel/pid_max")},
    {WRITE("/proc/sys/kernel/ns_last_pid")},
    {WRITE("/proc/sys/vm/drop_caches")},
    {WRITE("/proc/sys/vm/overcommit_memory")},
    {WRITE("/proc/sys/vm/panic_on_oom")},
    {WRITE("/proc/sys/vm/mmap_min_addr")},
    {WRITE("/proc/sys/fs/suid_dumpable")},
    {WRITE("/proc/sys/fs/protected_symlinks")},
    {WRITE("/proc/sys/fs/file-max")},
    {WRITE("/proc/sys/fs/binfmt_misc/register")},
    {WRITE("/proc/sys/user/max_inotify_instances")},
    {WRITE("/proc/sysrq-trigger")},
    {WRITE("/proc/irq/default_smp_affinity")},
    {WRITE("/proc/mtrr")},
    {WRITE("/sys/kernel/uevent_helper")},
    {WRITE("/sys/kernel/mm/ksm/run")},
    {WRITE("/sys/kernel/mm/transparent_hugepage/enabled")},
    {WRITE("/sys/power/state")},
    {WRITE("/sys/devices/system/cpu/cpu1/online")},
    {WRITE("/sys/bus/pci/rescan")},
    {WRITE("/sys/module/kernel/parameters/panic")},
    {WRITE("/sys/block/vda/queue/scheduler")},
    {READ("/proc/kcore")},
    {READ("/proc/kmsg")},
    {READ("/proc/keys")},
    {READ("/proc/timer_list")},
    {READ("/proc/interrupts")},
    {READ("/proc/slabinfo")},
    {READ("/proc/vmallocinfo")},
    {READ("/proc/pagetypeinfo")},
    {READ("/proc/kpagecount")},
    {READ("/proc/cmdline")},
    {"kernel addresses in /proc/kallsyms", addresses, "/proc/kallsyms", 0},
    {"memory map in /proc/iomem", addresses, "/proc/iomem", 0},
    {"list /sys/kernel/debug", listed, "/sys/kernel/debug", 0},
    {"list /sys/kernel/tracing", listed, "/sys/kernel/tracing", 0},
    {"list /sys/kernel/security", listed, "/sys/kernel/security", 0},
    {"list /sys/fs/pstore", listed, "/sys/fs/pstore", 0},
    {"any setting", walk_settings, NULL, 1},
    {"anything in /sys", walk_sys, NULL, 1},
    {"anything in /proc", walk_proc, NULL, 1},
    {"own outer limit", outer_limit, NULL, 1},
    {"leave the control group", leave_group, NULL, 1},
    {"file of the host", host_file, "file", 0},
    {"process of the host", host_process, "token", 0},
    {"environment of the host", environment, NULL, 0},
    DOORS_END,
};
