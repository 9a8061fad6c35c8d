/**
 * Published ways out of containers through their runtime, each planted anew as the tenant could: by root inside, who owns every file
 * of the root file system. `plant` is a shell script in that root, which sees the host's file as $LETTER (a path that climbs out of any
 * directory) and its directory as $OUT. After planting, the container is started, entered and stopped.
 */
export type Hole = {
  name: string;
  like: string;
  plant: string;
  /** What is then run inside by its shell; it must not print the host's file. */
  enter?: string;
};

/** Puts `target` where `path` was. */
const link = (path: string, target: string) => `rm -rf ${path}; ln -s ${target} ${path}`;
/** A directory that looks like /proc, but whose files are the tenant's. */
const fake =
  'mkdir -p /fake/self/fd /fake/self/attr /fake/sys/kernel /fake/1 && touch /fake/kcore /fake/cmdline /fake/sysrq-trigger /fake/self/attr/exec';

export const holes: readonly Hole[] = [
  { name: '/dev is a link to the root', like: 'CVE-2015-3629', plant: link('/dev', '/') },
  { name: '/dev is a link to the host', like: 'CVE-2015-3629', plant: link('/dev', '$OUT') },
  { name: '/dev is a file', like: 'CVE-2015-3629', plant: 'rm -rf /dev; touch /dev' },
  { name: '/dev/pts is a link to the host', like: 'CVE-2021-30465', plant: link('/dev/pts', '$OUT') },
  { name: '/dev/console is a link to the host', like: 'CVE-2025-52565', plant: link('/dev/console', '$LETTER') },
  {
    name: '/dev/null is a link to the core pattern',
    like: 'CVE-2025-31133',
    plant: link('/dev/null', '/proc/sys/kernel/core_pattern'),
  },
  { name: '/proc is a link to a fake', like: 'CVE-2019-19921', plant: `${fake}; ${link('/proc', '/fake')}` },
  { name: '/proc is a link to the host', like: 'CVE-2023-27561', plant: link('/proc', '$OUT') },
  { name: '/proc is a link upwards', like: 'CVE-2023-28642', plant: link('/proc', '../../../../../../../../proc') },
  { name: '/proc is a file', like: 'CVE-2019-16884', plant: 'rm -rf /proc; touch /proc' },
  { name: '/sys is a link to a fake', like: 'CVE-2023-28642', plant: `mkdir -p /fake; ${link('/sys', '/fake')}` },
  { name: '/sys is a link to /proc', like: 'CVE-2025-52881', plant: link('/sys', '/proc') },
  { name: '/run is a link to /proc', like: 'CVE-2015-3631', plant: link('/run', '/proc') },
  { name: '/run is a link to the host', like: 'CVE-2021-30465', plant: link('/run', '$OUT') },
  { name: '/run/lock climbs', like: 'CVE-2015-1335', plant: link('/run/lock', '$OUT') },
  { name: 'resolv.conf is a link to the host', like: 'CVE-2018-15664', plant: link('/etc/resolv.conf', '$LETTER') },
  { name: 'resolv.conf is a link to nothing', like: 'CVE-2024-45310', plant: link('/etc/resolv.conf', '$OUT/made') },
  { name: '/etc is a link to the host', like: 'CVE-2017-1002101', plant: link('/etc', '$OUT') },
  { name: '/old is a link to the host', like: 'CVE-2015-3627', plant: link('/old', '$OUT') },
  {
    name: 'init is the runtime itself',
    like: 'CVE-2019-5736',
    plant: "rm /sbin/init; printf '#!/proc/self/exe\\n' > /sbin/init; chmod 755 /sbin/init",
  },
  {
    name: 'the shell is the runtime itself',
    like: 'CVE-2019-5736',
    plant: "rm /bin/sh; printf '#!/proc/self/exe\\n' > /bin/sh; chmod 755 /bin/sh",
    enter: 'true',
  },
  {
    name: 'the home is a descriptor of the runtime',
    like: 'CVE-2024-21626',
    plant: link('/root', '/proc/self/fd/7'),
    enter: 'for at in ~ /proc/self/fd/*; do cat $at/../../../../../../../../../tmp/berth-outside-*/letter; done',
  },
];
