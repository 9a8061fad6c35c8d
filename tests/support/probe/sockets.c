/* Sockets: kinds of address, netlink, and what of the host answers. */
#include "probe.h"
#include <arpa/inet.h>
#include <linux/audit.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

/* Open when the kernel has the family, whatever it says about the kind of socket: its module is then loaded and its code reached. */
static int family(const void *with) {
  int error = result(socket((int)(intptr_t)with, SOCK_RAW, 0));
  return error == EPERM || error == EACCES || error == EAFNOSUPPORT || error == ENOSYS ? error : 0;
}
/* The kernel reads 32 bits of the register, a filter may compare 64. */
static int family_with_high_bits(const void *with) {
  int error = result(syscall(SYS_socket, 0x100000000L | (long)(intptr_t)with, SOCK_STREAM, 0));
  return error == EPERM || error == EACCES || error == EAFNOSUPPORT || error == ENOSYS ? error : 0;
}
static int pair(const void *with) {
  int ends[2], error = result(socketpair((int)(intptr_t)with, SOCK_STREAM, 0, ends));
  return error == EPERM || error == EACCES || error == EAFNOSUPPORT || error == ENOSYS ? error : 0;
}
#define FAMILY(name, number) "socket " name, family, (void *)(intptr_t)number, 0

static int raw_icmp(const void *with) { return (void)with, result(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP)); }
/* Every protocol can be named; whether the kernel listens in our network namespace is another matter. */
static int protocol(const void *with) {
  struct nlmsghdr nothing = {.nlmsg_len = sizeof nothing, .nlmsg_type = NLMSG_NOOP};
  int fd = socket(AF_NETLINK, SOCK_RAW, (int)(intptr_t)with);
  return fd < 0 ? errno : result(send(fd, &nothing, sizeof nothing, 0));
}
#define NETLINK(name, number) "netlink " name, protocol, (void *)(intptr_t)number, 0

/* Asks over netlink and gives the errno of the answer. */
static int ask(int protocol, void *request, size_t length) {
  struct {
    struct nlmsghdr head;
    struct nlmsgerr body;
    char rest[4096];
  } answer;
  struct timeval patience = {.tv_sec = 2};
  int fd = socket(AF_NETLINK, SOCK_RAW, protocol);
  if (fd < 0) return errno;
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (send(fd, request, length, 0) < 0 || recv(fd, &answer, sizeof answer, 0) < 0) return errno;
  return answer.head.nlmsg_type == NLMSG_ERROR ? -answer.body.error : 0;
}

static int audit(const void *with) {
  struct {
    struct nlmsghdr head;
    struct audit_status body;
  } request = {.head = {.nlmsg_len = sizeof request, .nlmsg_type = AUDIT_GET, .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK}};
  return (void)with, ask(NETLINK_AUDIT, &request, sizeof request);
}

/* A network device in a namespace of our own, so that nothing stays. */
static int new_link(const void *with) {
  struct {
    struct nlmsghdr head;
    struct ifinfomsg body;
    struct rtattr info;
    struct rtattr kind;
    char name[8];
  } request = {.head = {.nlmsg_len = sizeof request,
                        .nlmsg_type = RTM_NEWLINK,
                        .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL},
               .info = {.rta_len = 16, .rta_type = IFLA_LINKINFO},
               .kind = {.rta_len = 12, .rta_type = IFLA_INFO_KIND}};
  strncpy(request.name, with, sizeof request.name);
  return ask(NETLINK_ROUTE, &request, sizeof request);
}

static int host_socket(const void *with) {
  const char *name = told(with);
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (!name) return EINVAL;
  strncpy(address.sun_path + 1, name, sizeof address.sun_path - 2);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  return result(connect(fd, (void *)&address, offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name)));
}

static int host_port(const void *with) {
  const char *port = told(with);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (!port) return EINVAL;
  address.sin_port = htons(atoi(port));
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  return result(connect(fd, (void *)&address, sizeof address));
}

static int host_memory(const void *with) {
  const char *key = told(with);
  return key ? result(shmget(atoi(key), 0, 0)) : EINVAL;
}

const struct door socket_doors[] = {
    {FAMILY("vsock", 40)},
    {"socket vsock (high bits set)", family_with_high_bits, (void *)40, 0},
    {"socket pair vsock", pair, (void *)40, 0},
    {FAMILY("alg", 38)},
    {FAMILY("key", 15)},
    {FAMILY("xdp", 44)},
    {FAMILY("tipc", 30)},
    {FAMILY("rds", 21)},
    {FAMILY("can", 29)},
    {FAMILY("bluetooth", 31)},
    {FAMILY("nfc", 39)},
    {FAMILY("smc", 43)},
    {FAMILY("kcm", 41)},
    {FAMILY("qipcrtr", 42)},
    {FAMILY("pppox", 24)},
    {FAMILY("rxrpc", 33)},
    {FAMILY("phonet", 35)},
    {FAMILY("ieee802154", 36)},
    {FAMILY("caif", 37)},
    {FAMILY("llc", 26)},
    {FAMILY("mctp", 45)},
    {FAMILY("ax25", 3)},
    {FAMILY("ipx", 4)},
    {FAMILY("appletalk", 5)},
    {FAMILY("netrom", 6)},
    {FAMILY("atmpvc", 8)},
    {FAMILY("x25", 9)},
    {FAMILY("rose", 11)},
    {FAMILY("decnet", 12)},
    {FAMILY("atmsvc", 20)},
    {FAMILY("isdn", 34)},
    {FAMILY("iucv", 32)},
    {FAMILY("packet", AF_PACKET)},
    {"raw icmp socket", raw_icmp, NULL, 0},
    {NETLINK("process events", NETLINK_CONNECTOR)},
    {NETLINK("iscsi", NETLINK_ISCSI)},
    {NETLINK("scsi", NETLINK_SCSITRANSPORT)},
    {NETLINK("crypto", NETLINK_CRYPTO)},
    {NETLINK("rdma", NETLINK_RDMA)},
    {NETLINK("ecryptfs", NETLINK_ECRYPTFS)},
    {NETLINK("selinux", NETLINK_SELINUX)},
    {"state of the host's audit", audit, NULL, 0},
    {"new dummy interface", new_link, "dummy", 1},
    {"new bridge", new_link, "bridge", 1},
    {"abstract socket of the host", host_socket, "socket", 0},
    {"loopback port of the host", host_port, "port", 0},
    {"shared memory of the host", host_memory, "shm", 0},
    DOORS_END,
};
