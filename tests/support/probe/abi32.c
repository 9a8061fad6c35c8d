/* The same kernel by its other entrances: the 32-bit one (int 0x80) and x32. A list of refused calls must hold there too. */
#include "probe.h"
#include <sys/mman.h>

static long low_call(long number, long a, long b, long c, long d, long e) {
  long returned;
  __asm__ volatile("int $0x80" : "=a"(returned) : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e) : "memory", "r8", "r9", "r10", "r11");
  if ((int)returned >= 0) return (int)returned;
  errno = -(int)returned;
  return -1;
}

struct call {
  long number, a, b, c, d, e;
};
static int call32(const void *with) {
  const struct call *one = with;
  return let_through(low_call(one->number, one->a, one->b, one->c, one->d, one->e));
}
static int call_x32(const void *with) {
  const struct call *one = with;
  return let_through(syscall(0x40000000L | one->number, one->a, one->b, one->c, one->d, one->e));
}

/* socketcall takes its arguments from memory, where no filter can look. */
static int socketcall(const void *with) {
  int *arguments = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  arguments[0] = (int)(intptr_t)with, arguments[1] = 1, arguments[2] = 0;
  int error = result(low_call(102, 1, (long)arguments, 0, 0, 0));
  return error == EPERM || error == EACCES || error == EAFNOSUPPORT || error == ENOSYS ? error : 0;
}
static int socket32(const void *with) {
  int error = result(low_call(359, (long)with, 1, 0, 0, 0));
  return error == EPERM || error == EACCES || error == EAFNOSUPPORT || error == ENOSYS ? error : 0;
}

#define CALL32(name, ...) name " (32-bit)", call32, &(const struct call){__VA_ARGS__}, 0
#define CALLX32(name, ...) name " (x32)", call_x32, &(const struct call){__VA_ARGS__}, 0

const struct door abi32_doors[] = {
    {"socket vsock (32-bit)", socket32, (void *)40, 0},
    {"socket vsock (socketcall)", socketcall, (void *)40, 0},
    {"socket alg (socketcall)", socketcall, (void *)38, 0},
    {"socket inet (socketcall)", socketcall, (void *)2, 0},
    {"socket inet (32-bit)", socket32, (void *)2, 0},
    {CALL32("bpf", 357, 0, 0, 0)},
    {CALL32("perf events", 336, 0, 0, -1, -1, 0)},
    {CALL32("userfaultfd", 374, 0)},
    {CALL32("io_uring", 425, 1, 0)},
    {CALL32("keyctl", 288, 0, -3, 1)},
    {CALL32("open by handle", 342, -100, 0, 0)},
    {CALL32("load a module", 128, 0, 0, 0)},
    {CALL32("kexec", 283, 0, 0, 0, -1)},
    {CALL32("kernel log by call", 103, 10, 0, 0)},
    {CALL32("i/o ports", 101, 0x80, 1, 1)},
    {CALL32("virtual 8086 mode", 166, 0, 0)},
    {CALLX32("bpf", 321, 0, 0, 0)},
    {CALLX32("perf events", 298, 0, 0, -1, -1, 0)},
    {CALLX32("keyctl", 250, 0, -3, 1)},
    DOORS_END,
};
