import type { TemplateDefinition } from '../definition.ts';
import { addgroup, adduser, chpasswd, deluser } from './tiny-accounts.ts';

const rcS = `#!/bin/sh
# /proc, /sys, /dev and /run are mounted and the network is configured from outside.
mkdir -p /run/lock
for script in /etc/rc.d/S*; do
  [ -x "$script" ] && "$script" start
done
exit 0
`;

const rcK = `#!/bin/sh
for script in $(ls -r /etc/rc.d/S* 2>/dev/null); do
  [ -x "$script" ] && "$script" stop
done
exit 0
`;

const inittab = `::sysinit:/etc/init.d/rcS
::respawn:/sbin/syslogd -n -C128
::shutdown:/etc/init.d/rcK
::restart:/sbin/init
`;

const readme = `A minimal system: busybox and nothing else.
Executable scripts /etc/rc.d/S* are called with "start" at boot and "stop" at shutdown.
`;

/** Busybox init and tools, ready in a tenth of a second. */
export const tiny: TemplateDefinition = {
  name: 'tiny',
  title: 'Tiny (busybox)',
  init: 'busybox',
  sshServer: false,
  release: '1',
  base: { kind: 'busybox', package: 'busybox-static' },
  files: [
    ...['dev', 'etc/init.d', 'etc/rc.d', 'home', 'mnt', 'opt', 'proc', 'run', 'srv', 'sys', 'var/log', 'var/spool'].map(
      (path) => ({ path, kind: 'directory' as const }),
    ),
    { path: 'root', kind: 'directory', mode: 0o700 },
    { path: 'tmp', kind: 'directory', mode: 0o1777 },
    { path: 'var/tmp', kind: 'directory', mode: 0o1777 },
    { path: 'var/run', kind: 'link', target: '../run' },
    { path: 'etc/init.d/rcS', kind: 'file', content: rcS, mode: 0o755 },
    { path: 'etc/init.d/rcK', kind: 'file', content: rcK, mode: 0o755 },
    ...Object.entries({ chpasswd, adduser, addgroup, deluser }).map(([name, content]) => ({
      path: `usr/sbin/${name}`,
      kind: 'file' as const,
      content,
      mode: 0o755,
    })),
    { path: 'etc/inittab', kind: 'file', content: inittab },
    { path: 'etc/README', kind: 'file', content: readme },
    {
      path: 'etc/passwd',
      kind: 'file',
      content:
        'root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/:/bin/false\nnobody:x:65534:65534:nobody:/:/bin/false\n',
    },
    {
      path: 'etc/group',
      kind: 'file',
      content: 'root:x:0:\ndaemon:x:1:\ntty:x:5:\nshadow:x:42:\nusers:x:100:\nnogroup:x:65534:\n',
    },
    {
      path: 'etc/shadow',
      kind: 'file',
      content: 'root:!:20089:0:99999:7:::\ndaemon:*:20089:0:99999:7:::\nnobody:*:20089:0:99999:7:::\n',
      mode: 0o640,
      gid: 42,
    },
    { path: 'etc/shells', kind: 'file', content: '/bin/sh\n/bin/ash\n' },
    { path: 'etc/hosts', kind: 'file', content: '127.0.0.1 localhost\n::1 localhost\n' },
    { path: 'etc/hostname', kind: 'file', content: 'localhost\n' },
    { path: 'etc/resolv.conf', kind: 'file', content: '' },
    {
      path: 'etc/profile',
      kind: 'file',
      content: "export PATH=/usr/sbin:/usr/bin:/sbin:/bin\nexport PS1='\\u@\\h:\\w\\$ '\n",
    },
    { path: 'etc/os-release', kind: 'file', content: 'ID=tiny\nNAME="Tiny"\nPRETTY_NAME="Tiny (busybox)"\n' },
  ],
};
