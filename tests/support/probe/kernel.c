/* System calls that act on the host as a whole, or open much kernel code. Arguments are nonsense where success would have an effect. */
#include "probe.h"
#include <linux/bpf.h>
#include <linux/fanotify.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/timex.h>
#include <time.h>

struct call {
  long number, a, b, c, d, e;
};
static int call(const void *with) {
  const struct call *one = with;
  return let_through(syscall(one->number, one->a, one->b, one->c, one->d, one->e));
}
#define CALL(...) call, &(const struct call){__VA_ARGS__}, 0

static int bpf_map(const void *with) {
  union bpf_attr attributes = {.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
  return (void)with, result(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes));
}
static int bpf_program(const void *with) {
  struct bpf_insn code[] = {{.code = 0xb7}, {.code = 0x95}}; /* r0 = 0; exit */
  union bpf_attr attributes = {.prog_type = BPF_PROG_TYPE_SOCKET_FILTER, .insn_cnt = 2, .insns = (uintptr_t)code, .license = (uintptr_t) "GPL"};
  return (void)with, result(syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof attributes));
}
static int perf(const void *with) {
  struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE, .size = sizeof attributes, .config = PERF_COUNT_SW_CPU_CLOCK};
  return (void)with, result(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
}
static int uring(const void *with) {
  struct io_uring_params parameters = {0};
  return (void)with, result(syscall(SYS_io_uring_setup, 1, &parameters));
}
static int key_add(const void *with) {
  return (void)with, result(syscall(SYS_add_key, "user", "probe", "x", 1, -2 /* the process's own ring */));
}
static int key_request(const void *with) {
  long got = syscall(SYS_request_key, "user", "absent", NULL, 0);
  return (void)with, got == -1 && errno == ENOKEY ? 0 : result(got);
}

/* Opens a file by its number on the file system (the "shocker" way out, 2014). */
static int by_handle(const void *with) {
  struct {
    struct file_handle head;
    unsigned char body[128];
  } handle = {.head.handle_bytes = 128};
  int mount;
  (void)with;
  int from = open("/etc", O_RDONLY | O_DIRECTORY);
  if (name_to_handle_at(AT_FDCWD, "/etc", &handle.head, &mount, 0)) {
    handle.head.handle_bytes = 8; /* the file system has no handles: ask with a made-up one whether we may */
    handle.head.handle_type = 1;
  }
  return let_through(open_by_handle_at(from, &handle.head, O_RDONLY));
}
static int handle_name(const void *with) {
  struct file_handle handle = {.handle_bytes = 0};
  int mount;
  (void)with;
  return let_through(name_to_handle_at(AT_FDCWD, "/", &handle, &mount, 0));
}

static int set_clock(const void *with) {
  struct timespec now;
  (void)with;
  clock_gettime(CLOCK_REALTIME, &now);
  return result(clock_settime(CLOCK_REALTIME, &now));
}
static int tune_clock(const void *with) {
  struct timex wrong = {.modes = ADJ_TICK, .tick = 1};
  return (void)with, let_through(adjtimex(&wrong));
}
static int read_kernel_log(const void *with) {
  char text[64];
  return (void)with, result(syscall(SYS_syslog, 3, text, sizeof text));
}
static int real_time(const void *with) {
  struct sched_param parameters = {.sched_priority = 1};
  return (void)with, result(sched_setscheduler(0, SCHED_FIFO, &parameters));
}
static int higher_priority(const void *with) { return (void)with, result(setpriority(PRIO_PROCESS, 0, -20)); }
static int real_time_io(const void *with) { return (void)with, result(syscall(SYS_ioprio_set, 1, 0, 1 << 13)); }
static int more_files(const void *with) {
  struct rlimit limit;
  (void)with;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_max += 1;
  return result(setrlimit(RLIMIT_NOFILE, &limit));
}
static int spared_by_oom(const void *with) {
  (void)with;
  int fd = open("/proc/self/oom_score_adj", O_WRONLY);
  return fd < 0 ? errno : result(write(fd, "-1000", 5));
}
static int watch_every_file(const void *with) { return (void)with, result(syscall(SYS_fanotify_init, FAN_CLASS_CONTENT, 0)); }
static int watch_own_files(const void *with) { return (void)with, result(syscall(SYS_fanotify_init, FAN_CLASS_NOTIF | FAN_REPORT_FID, 0)); }
static int trace(const void *with) { return (void)with, result(ptrace(PTRACE_TRACEME, 0, 0, 0)); }
static int new_namespace(const void *with) { return result(unshare((int)(intptr_t)with)); }

/* A mask of `line` in /proc/self/status that has one of `bits`. */
static int has_bits(const char *line, uint64_t bits) {
  char text[256];
  FILE *status = fopen("/proc/self/status", "r");
  int error = ENODATA;
  while (status && fgets(text, sizeof text, status))
    if (!strncmp(text, line, strlen(line))) {
      uint64_t mask = strtoull(text + strlen(line), NULL, 16);
      error = mask & bits ? (detail("%llx", (unsigned long long)(mask & bits)), 0) : EPERM;
    }
  return error;
}
/* MODULE 16, RAWIO 17, RESOURCE 24, TIME 25, MAC 32 and 33, SYSLOG 34, WAKE 35, AUDIT_READ 37, PERFMON 38, BPF 39, CHECKPOINT_RESTORE 40 */
static int forbidden_capability(const void *with) { return (void)with, has_bits("CapBnd:", 0x1ef03030000ULL); }
static int inheritable_capability(const void *with) { return (void)with, has_bits("CapInh:", ~0ULL); }
static int ambient_capability(const void *with) { return (void)with, has_bits("CapAmb:", ~0ULL); }

const struct door kernel_doors[] = {
    {"bpf map", bpf_map, NULL, 0},
    {"bpf program", bpf_program, NULL, 0},
    {"perf events", perf, NULL, 0},
    {"userfaultfd", CALL(SYS_userfaultfd, 0)},
    {"io_uring", uring, NULL, 0},
    {"keyctl", CALL(SYS_keyctl, 0, -3, 1)},
    {"add a key", key_add, NULL, 0},
    {"request a key", key_request, NULL, 0},
    {"kexec", CALL(SYS_kexec_load, 0, 0, 0, -1)},
    {"kexec from file", CALL(SYS_kexec_file_load, -1, -1, 0, 0, -1)},
    {"load a module", CALL(SYS_init_module, 0, 0, 0)},
    {"load a module from file", CALL(SYS_finit_module, -1, (long)"", 0)},
    {"remove a module", CALL(SYS_delete_module, (long)"berth_absent", O_NONBLOCK)},
    {"open by handle", by_handle, NULL, 0},
    {"name a handle", handle_name, NULL, 0},
    {"swap on", CALL(SYS_swapon, (long)"/absent", 0)},
    {"swap off", CALL(SYS_swapoff, (long)"/absent")},
    {"process accounting", CALL(SYS_acct, (long)"/absent")},
    {"set the clock", set_clock, NULL, 1},
    {"tune the clock", tune_clock, NULL, 0},
    {"i/o privilege", CALL(SYS_iopl, 3)},
    {"i/o ports", CALL(SYS_ioperm, 0x80, 1, 1)},
    {"kernel log by call", read_kernel_log, NULL, 0},
    {"profiling cookie", CALL(SYS_lookup_dcookie, 1, 0, 0)},
    {"reboot", CALL(SYS_reboot, 0xfee1dead, 672274793, 0x1234)},
    {"segment table", CALL(SYS_modify_ldt, 0, 0, 0)},
    {"real-time priority", real_time, NULL, 0},
    {"higher priority", higher_priority, NULL, 0},
    {"real-time i/o", real_time_io, NULL, 0},
    {"raise a hard limit", more_files, NULL, 0},
    {"be spared by the OOM killer", spared_by_oom, NULL, 0},
    {"decide on every file access", watch_every_file, NULL, 0},
    {"watch own files", watch_own_files, NULL, 0},
    {"trace a process", trace, NULL, 0},
    {"new user namespace", new_namespace, (void *)CLONE_NEWUSER, 0},
    {"new network namespace", new_namespace, (void *)CLONE_NEWNET, 0},
    {"new time namespace", new_namespace, (void *)0x80, 0},
    {"capability that is withheld", forbidden_capability, NULL, 0},
    {"inheritable capability", inheritable_capability, NULL, 0},
    {"ambient capability", ambient_capability, NULL, 0},
    DOORS_END,
};
