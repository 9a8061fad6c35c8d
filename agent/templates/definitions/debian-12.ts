import type { TemplateDefinition } from '../definition.ts';

/** Debian's own files decide; these only say what is different about being a container. */
const hostKeysUnit = `[Unit]
Description=Make the SSH host keys of this container
Before=ssh.service ssh.socket
ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/ssh-keygen -A

[Install]
WantedBy=multi-user.target
RequiredBy=ssh.service
`;

const journal = `[Journal]
Storage=persistent
SystemMaxUse=32M
RuntimeMaxUse=16M
`;

const sshd = `# Root signs in with the keys and the password set in the panel.
PermitRootLogin yes
`;

const archive = (uri: string, suites: string) => `Types: deb
URIs: ${uri}
Suites: ${suites}
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`;
const sources = [
  archive('http://deb.debian.org/debian', 'bookworm bookworm-updates'),
  archive('http://deb.debian.org/debian-security', 'bookworm-security'),
].join('\n');

/** Debian with systemd and an SSH server. */
export const debian12: TemplateDefinition = {
  name: 'debian-12',
  title: 'Debian 12 (bookworm)',
  init: 'systemd',
  sshServer: true,
  release: '12',
  base: {
    kind: 'debian',
    suite: 'bookworm',
    packages: [
      ...['systemd-sysv', 'systemd', 'dbus', 'libpam-systemd', 'openssh-server', 'openssh-sftp-server'],
      ...[
        'iproute2',
        'iputils-ping',
        'ca-certificates',
        'nano',
        'less',
        'procps',
        'curl',
        'cron',
        'logrotate',
        'bash-completion',
      ],
    ],
    strip: [
      ...['etc/ssh/ssh_host_*', 'etc/machine-id', 'var/lib/dbus/machine-id', 'etc/hostname', 'etc/resolv.conf'],
      ...['var/lib/apt/lists/*', 'var/cache/apt/*', 'var/cache/debconf/*-old', 'var/cache/ldconfig/aux-cache'],
      ...['var/log/*', 'var/lib/dpkg/*-old', 'var/lib/systemd/random-seed', 'var/lib/systemd/catalog/database'],
      ...['etc/passwd-', 'etc/group-', 'etc/shadow-', 'etc/gshadow-', 'etc/subuid-', 'etc/subgid-', 'etc/.pwd.lock'],
      // the host's mirror and what kept the build small are not the tenant's settings
      ...[
        'etc/apt/sources.list',
        'etc/apt/sources.list.d/*',
        'etc/apt/apt.conf.d/99mmdebstrap',
        'etc/dpkg/dpkg.cfg.d/99mmdebstrap',
      ],
      ...['root/.bash_history', 'tmp/*', 'run/*', 'dev/*'],
    ],
    mask: [
      ...[
        'systemd-udevd.service',
        'systemd-udevd-kernel.socket',
        'systemd-udevd-control.socket',
        'systemd-udev-trigger.service',
      ],
      ...[
        'systemd-firstboot.service',
        'systemd-networkd.service',
        'systemd-networkd.socket',
        'systemd-timesyncd.service',
      ],
      ...[
        'systemd-modules-load.service',
        'systemd-remount-fs.service',
        'sys-kernel-config.mount',
        'sys-kernel-debug.mount',
      ],
      ...['sys-kernel-tracing.mount', 'sys-fs-fuse-connections.mount', 'dev-hugepages.mount', 'dev-mqueue.mount'],
      ...['proc-sys-fs-binfmt_misc.automount', 'getty@.service', 'getty-static.service', 'serial-getty@.service'],
      ...['systemd-ask-password-console.path', 'systemd-ask-password-wall.path', 'systemd-pstore.service'],
      ...['e2scrub_all.timer', 'e2scrub_reap.service', 'fstrim.timer'],
    ],
    enable: ['berth-ssh-host-keys.service', 'ssh.service', 'console-getty.service'],
  },
  files: [
    { path: 'etc/systemd/system/berth-ssh-host-keys.service', kind: 'file', content: hostKeysUnit },
    { path: 'etc/apt/sources.list.d/debian.sources', kind: 'file', content: sources },
    { path: 'etc/systemd/journald.conf.d', kind: 'directory' },
    { path: 'etc/systemd/journald.conf.d/container.conf', kind: 'file', content: journal },
    { path: 'etc/ssh/sshd_config.d', kind: 'directory' },
    { path: 'etc/ssh/sshd_config.d/50-panel.conf', kind: 'file', content: sshd },
    { path: 'etc/machine-id', kind: 'file', content: '' },
    { path: 'etc/hostname', kind: 'file', content: 'localhost\n' },
    { path: 'etc/hosts', kind: 'file', content: '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n' },
    { path: 'etc/resolv.conf', kind: 'file', content: '' },
    { path: 'var/log/journal', kind: 'directory', mode: 0o755 },
    { path: 'etc/fstab', kind: 'file', content: '' },
  ],
};
