/* Mounts, roots and what may be done to a file system. */
#include "probe.h"
#include <linux/fs.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/xattr.h>

/* Every attempt in a mount namespace of its own, so that nothing stays. */
static int own_mounts(void) {
  if (unshare(CLONE_NEWNS)) return errno;
  return result(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
}

static const char *scratch(void) {
  static char path[] = "/tmp/probe-XXXXXX";
  return mkdtemp(path) ? path : "/mnt";
}

struct kind {
  const char *type, *source, *options;
};

/*
 * Open when the kernel lets us make one: refusals are EPERM, EACCES, and ENODEV where the kernel has no such file system. Options are looked
 * at before rights are, so that with options only success counts.
 */
static int mount_kind(const void *with) {
  const struct kind *kind = with;
  int error = own_mounts();
  if (error) return error;
  const char *target = scratch();
  error = result(mount(kind->source, target, kind->type, 0, kind->options));
  rmdir(target);
  return kind->options || error == EPERM || error == EACCES || error == ENODEV ? error : 0;
}
#define KIND(type, source, options) "mount " type, mount_kind, &(const struct kind){type, source, options}

static int overlay(const void *with) {
  (void)with;
  int error = own_mounts();
  if (error) return error;
  const char *target = scratch();
  if (mount("t", target, "tmpfs", 0, NULL) || chdir(target)) return errno;
  mkdir("lower", 0755), mkdir("upper", 0755), mkdir("work", 0755), mkdir("merged", 0755);
  return result(mount("o", "merged", "overlay", 0, "lowerdir=lower,upperdir=upper,workdir=work"));
}

/* cgroup v1: the file release_agent names a program that the kernel runs as root on the host (CVE-2022-0492). */
static int release_agent(const void *with) {
  static const char *const controllers[] = {"memory", "cpu,cpuacct", "pids", "devices", "freezer", "rdma", "cpuset", "blkio", "misc"};
  (void)with;
  int error = own_mounts();
  if (error) return error;
  error = ENODEV;
  const char *target = scratch();
  for (size_t i = 0; i < sizeof controllers / sizeof *controllers; i++) {
    if (mount("c", target, "cgroup", 0, controllers[i])) {
      error = errno;
      continue;
    }
    char path[128];
    snprintf(path, sizeof path, "%s/release_agent", target);
    int fd = open(path, O_WRONLY);
    if (fd >= 0) return detail("%s", controllers[i]), 0;
    error = errno;
    umount2(target, MNT_DETACH);
  }
  return error;
}

static int remount(const void *with) {
  int error = own_mounts();
  return error ? error : result(mount(NULL, with, NULL, MS_REMOUNT | MS_BIND, NULL));
}

static int unmask(const void *with) {
  (void)with;
  int error = own_mounts();
  return error ? error : result(umount2("/proc/kcore", MNT_DETACH));
}

static int force_unmount(const void *with) {
  (void)with;
  int error = own_mounts();
  const char *target = scratch();
  if (error || (error = result(mount("t", target, "tmpfs", 0, NULL)))) return error;
  return result(umount2(target, MNT_FORCE));
}

/* The oldest way out: a chroot below the working directory, then up. Open when we arrive at a root that was not ours. */
static int chroot_out(const void *with) {
  struct stat ours, there;
  (void)with;
  if (stat("/", &ours)) return errno;
  const char *below = scratch();
  int up = open("/", O_RDONLY | O_DIRECTORY);
  if (chroot(below) || fchdir(up)) return errno;
  for (int i = 0; i < 64; i++)
    if (chdir("..")) return errno;
  if (chroot(".") || stat("/", &there)) return errno;
  return ours.st_dev == there.st_dev && ours.st_ino == there.st_ino ? EXDEV : 0;
}

static int init_root(const void *with) {
  struct stat ours, there;
  (void)with;
  if (stat("/", &ours) || stat("/proc/1/root/", &there)) return errno;
  return ours.st_dev == there.st_dev && ours.st_ino == there.st_ino ? EXDEV : 0;
}

static int clone_tree(const void *with) {
  (void)with;
  return result(syscall(SYS_open_tree, AT_FDCWD, "/", 1 /* OPEN_TREE_CLONE */));
}

static int new_mount_api(const void *with) { return result(syscall(SYS_fsopen, with, 0)); }

/* Maps root's files to ids of our choice: only for who owns the file system itself. */
static int idmap_root(const void *with) {
  (void)with;
  int tree = syscall(SYS_open_tree, AT_FDCWD, "/", 1);
  int space = open("/proc/self/ns/user", O_RDONLY);
  if (tree < 0 || space < 0) return errno;
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_IDMAP, .userns_fd = space};
  return result(syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes));
}

static int on_scratch_file(int (*act)(int fd, const char *path)) {
  char path[] = "/tmp/probe-file-XXXXXX";
  int fd = mkstemp(path);
  if (fd < 0) return errno;
  int error = act(fd, path);
  unlink(path);
  return error;
}

/* Overlay's own words about its directories: who can write them can point a merge elsewhere. */
static int set_trusted(int fd, const char *path) {
  (void)path;
  return result(fsetxattr(fd, "trusted.overlay.redirect", "/", 1, 0));
}
static int trusted_attribute(const void *with) { return (void)with, on_scratch_file(set_trusted); }

static int set_immutable(int fd, const char *path) {
  (void)path;
  int flags = FS_IMMUTABLE_FL, none = 0, error = result(ioctl(fd, FS_IOC_SETFLAGS, &flags));
  ioctl(fd, FS_IOC_SETFLAGS, &none);
  return error;
}
static int immutable_file(const void *with) { return (void)with, on_scratch_file(set_immutable); }

static int on_root(unsigned long request, void *argument) {
  int fd = open("/", O_RDONLY | O_DIRECTORY);
  return fd < 0 ? errno : result(ioctl(fd, request, argument));
}
static int freeze(const void *with) { return (void)with, on_root(FIFREEZE, NULL); }
static int trim(const void *with) {
  struct fstrim_range range = {.len = UINT64_MAX};
  return (void)with, on_root(FITRIM, &range);
}

static int forge_whiteout(const void *with) {
  (void)with;
  int error = result(mknod("/tmp/probe-whiteout", S_IFCHR, 0));
  unlink("/tmp/probe-whiteout");
  return error;
}

const struct door mount_doors[] = {
    {KIND("tmpfs", "t", NULL), 0},
    {KIND("ramfs", "r", NULL), 0},
    {KIND("proc", "proc", NULL), 0},
    {KIND("sysfs", "sysfs", NULL), 0},
    {KIND("devpts", "devpts", "newinstance"), 0},
    {KIND("mqueue", "mqueue", NULL), 0},
    {KIND("cgroup2", "cgroup2", NULL), 1},
    {KIND("bpf", "bpf", NULL), 0},
    {KIND("binfmt_misc", "b", NULL), 0},
    {KIND("devtmpfs", "d", NULL), 0},
    {KIND("debugfs", "d", NULL), 0},
    {KIND("tracefs", "t", NULL), 0},
    {KIND("securityfs", "s", NULL), 0},
    {KIND("configfs", "c", NULL), 0},
    {KIND("pstore", "p", NULL), 0},
    {KIND("efivarfs", "e", NULL), 0},
    {KIND("hugetlbfs", "h", NULL), 0},
    {KIND("fuse", "f", "fd=0,rootmode=40000,user_id=0,group_id=0"), 0},
    {KIND("autofs", "a", "fd=0"), 0},
    {KIND("ext4", "/bin/busybox", NULL), 0},
    {KIND("xfs", "/bin/busybox", NULL), 0},
    {KIND("btrfs", "/bin/busybox", NULL), 0},
    {KIND("erofs", "/bin/busybox", NULL), 0},
    {KIND("squashfs", "/bin/busybox", NULL), 0},
    {KIND("vfat", "/bin/busybox", NULL), 0},
    {KIND("nfs", "127.0.0.1:/", "addr=127.0.0.1"), 0},
    {KIND("cifs", "//127.0.0.1/s", NULL), 0},
    {KIND("9p", "n", NULL), 0},
    {KIND("virtiofs", "v", NULL), 0},
    {"mount overlay", overlay, NULL, 0},
    {"cgroup release agent", release_agent, NULL, 1},
    {"make /sys writable", remount, "/sys", 0},
    {"make /proc/sysrq-trigger writable", remount, "/proc/sysrq-trigger", 0},
    {"take a mask off", unmask, NULL, 0},
    {"forced unmount", force_unmount, NULL, 0},
    {"chroot and upwards", chroot_out, NULL, 0},
    {"root of process 1 is another", init_root, NULL, 0},
    {"copy the mount tree", clone_tree, NULL, 0},
    {"new mount interface", new_mount_api, "tmpfs", 0},
    {"idmap the root", idmap_root, NULL, 0},
    {"trusted attribute", trusted_attribute, NULL, 0},
    {"immutable file", immutable_file, NULL, 0},
    {"freeze the file system", freeze, NULL, 1},
    {"trim the file system", trim, NULL, 1},
    {"forge a whiteout", forge_whiteout, NULL, 0},
    DOORS_END,
};
