/* Devices: nodes of our own making, nodes that are there, the terminal. */
#include "probe.h"
#include <ftw.h>
#include <linux/tty.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>

struct node {
  mode_t kind;
  unsigned major, minor;
};

/* Making a node counts only if it opens afterwards. */
static int make_node(const void *with) {
  const struct node *node = with;
  const char *path = "/tmp/probe-node";
  unlink(path);
  if (mknod(path, node->kind | 0600, makedev(node->major, node->minor))) return errno;
  int error = result(open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
  unlink(path);
  return error;
}
#define NODE(name, kind, major, minor) "make " name, make_node, &(const struct node){kind, major, minor}, 0

static int open_node(const void *with) { return result(open(with, O_RDWR | O_NONBLOCK | O_NOCTTY)); }
#define PRESENT(path) path, open_node, path, 0

/* What every container has, by major and minor number. */
static int is_usual(dev_t device) {
  static const unsigned usual[][2] = {{1, 3}, {1, 5}, {1, 7}, {1, 8}, {1, 9}, {5, 0}, {5, 1}, {5, 2}, {0, 0}};
  for (const unsigned(*one)[2] = usual; (*one)[0]; one++)
    if (major(device) == (*one)[0] && minor(device) == (*one)[1]) return 1;
  return major(device) >= 136 && major(device) <= 143; /* pseudo terminals */
}

static int foreign;
static int look(const char *path, const struct stat *found, int flag) {
  (void)flag;
  if ((S_ISCHR(found->st_mode) || S_ISBLK(found->st_mode)) && !is_usual(found->st_rdev) && !foreign++) detail("%s", path);
  return 0;
}
static int foreign_node(const void *with) {
  (void)with;
  ftw("/dev", look, 16);
  return foreign ? 0 : ENXIO;
}

static int push_into_terminal(const void *with) {
  int fd = open(with, O_RDWR | O_NOCTTY);
  return fd < 0 ? errno : result(ioctl(fd, TIOCSTI, "x"));
}
static int take_console(const void *with) {
  int fd = open(with, O_RDWR | O_NOCTTY);
  return fd < 0 ? errno : result(ioctl(fd, TIOCCONS, 0));
}

const struct door device_doors[] = {
    {NODE("memory node", S_IFCHR, 1, 1)},
    {NODE("port node", S_IFCHR, 1, 4)},
    {NODE("kernel log node", S_IFCHR, 1, 11)},
    {NODE("disk node sda", S_IFBLK, 8, 0)},
    {NODE("disk node vda", S_IFBLK, 254, 0)},
    {NODE("loop node", S_IFBLK, 7, 0)},
    {NODE("loop control node", S_IFCHR, 10, 237)},
    {NODE("fuse node", S_IFCHR, 10, 229)},
    {NODE("tun node", S_IFCHR, 10, 200)},
    {NODE("kvm node", S_IFCHR, 10, 232)},
    {NODE("btrfs control node", S_IFCHR, 10, 234)},
    {NODE("null node", S_IFCHR, 1, 3)},
    {PRESENT("/dev/mem")},
    {PRESENT("/dev/port")},
    {PRESENT("/dev/kmsg")},
    {PRESENT("/dev/fuse")},
    {PRESENT("/dev/kvm")},
    {PRESENT("/dev/net/tun")},
    {PRESENT("/dev/loop-control")},
    {PRESENT("/dev/loop0")},
    {PRESENT("/dev/sda")},
    {PRESENT("/dev/vsock")},
    {PRESENT("/dev/vhost-net")},
    {PRESENT("/dev/userfaultfd")},
    {PRESENT("/dev/cpu/0/msr")},
    {PRESENT("/dev/mapper/control")},
    {PRESENT("/dev/btrfs-control")},
    {PRESENT("/dev/autofs")},
    {PRESENT("/dev/tty1")},
    {PRESENT("/dev/vcs1")},
    {PRESENT("/dev/cpu_dma_latency")},
    {"a device nobody expects", foreign_node, NULL, 0},
    {"push into the console", push_into_terminal, "/dev/console", 1},
    {"take over the console", take_console, "/dev/console", 1},
    DOORS_END,
};
