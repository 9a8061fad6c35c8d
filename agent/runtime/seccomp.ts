/**
 * System calls refused to containers. A deny list, as LXC has it: short, so that it costs no measurable time at start (an allow
 * list of 400 calls costs 10–20 ms), and open, because a system container runs anything. The first boundary is the user namespace:
 * a call that needs a right outside it fails anyway. Listed here is what
 * - acts on the host as a whole and is asked with a right the namespace does grant, or with none (the kernel log, vsock);
 * - opens much kernel code to attack and is of use to few (io_uring, userfaultfd, perf, kernel keys, eBPF);
 * - must stay refused should the user namespace ever be got around (modules, kexec, raw i/o, clock, swap, handles).
 *
 * Left open on purpose: mount and the new mount API, clone and unshare with new user namespaces (systemd's sandboxing and
 * containers in a container need them; rights in such a namespace end at ours), ptrace, reboot (acts on the pid namespace: that is how
 * `reboot` and `poweroff` inside work).
 */
const notPermitted = [
  'kexec_load',
  'kexec_file_load',
  'init_module',
  'finit_module',
  'delete_module',
  // Opens files by number past every path check: the way out of containers on a shared file system.
  'open_by_handle_at',
  'swapon',
  'swapoff',
  'acct',
  'settimeofday',
  'stime',
  'clock_settime',
  'clock_settime64',
  'iopl',
  'ioperm',
  'pciconfig_read',
  'pciconfig_write',
  'pciconfig_iobase',
  // The host's kernel log.
  'syslog',
  'bpf',
  'perf_event_open',
  'userfaultfd',
  'lookup_dcookie',
  'nfsservctl',
  'vm86',
  'vm86old',
] as const;

/** Answered as if the kernel did not have them, so that programs take their other way. */
const notImplemented = [
  // Kernel keys are shared by all containers' users of one quota and have been a way to learn of others; systemd goes without.
  'add_key',
  'request_key',
  'keyctl',
  'io_uring_setup',
  'io_uring_enter',
  'io_uring_register',
] as const;

const EPERM = 1;
const EACCES = 13;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;
const AF_PACKET = 17;
const MNT_FORCE = 1;

/**
 * Families of addresses below AF_PACKET that are refused with all above it; unix, inet, inet6, netlink and packet are left. Above
 * lies vsock, which has no namespace and would reach the machine's hypervisor. The rest is kernel code that systems in containers
 * have no use for, some of which the kernel would load for whoever asks. 3 AX.25, 4 IPX, 5 AppleTalk, 6 NET/ROM, 8 ATM,
 * 9 X.25, 11 ROSE, 12 DECnet, 15 PF_KEY. libseccomp refuses these two by socketcall, as 32-bit programs may ask, altogether, for its
 * arguments lie in memory, where no filter can look.
 */
const oldFamilies = [3, 4, 5, 6, 8, 9, 11, 12, 15] as const;

const refusedFamily = (value: number, op: 'SCMP_CMP_EQ' | 'SCMP_CMP_GT') => ({
  names: ['socket', 'socketpair'],
  action: 'SCMP_ACT_ERRNO',
  errnoRet: EAFNOSUPPORT,
  args: [{ index: 0, value, op }],
});

/** `linux.seccomp` of the OCI configuration. The foreign architectures of x86-64 are named so that the list holds for them too. */
export function seccompProfile() {
  return {
    defaultAction: 'SCMP_ACT_ALLOW',
    architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
    syscalls: [
      { names: [...notPermitted], action: 'SCMP_ACT_ERRNO', errnoRet: EPERM },
      { names: [...notImplemented], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS },
      // A filter compares all 64 bits of the register, the kernel reads 32: "above" also catches a family with high bits set.
      refusedFamily(AF_PACKET, 'SCMP_CMP_GT'),
      ...oldFamilies.map((family) => refusedFamily(family, 'SCMP_CMP_EQ')),
      {
        // Forced unmounting gives up a network file system for everybody who has it mounted.
        names: ['umount2'],
        action: 'SCMP_ACT_ERRNO',
        errnoRet: EACCES,
        args: [{ index: 1, value: MNT_FORCE, valueTwo: MNT_FORCE, op: 'SCMP_CMP_MASKED_EQ' }],
      },
    ],
  };
}
