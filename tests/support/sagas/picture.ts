/** All there is about one container, in the portal's rows, the agent's records and the machine, in a form that can be compared. */
import type { SimBench } from '../sim-bench.ts';

type Files = Record<string, string | null>;

export type Picture = {
  portal: {
    tenantId: string;
    present: boolean;
    /** Deleted, and can be had back: its address and ports are kept. */
    recoverable: boolean;
    address: string | null;
    planId: string;
    templateId: string;
    volumeId: string;
    hostname: string;
    sshKeys: string[];
    restartPolicy: string;
    desired: string;
    repairing: boolean;
    forwards: string[];
    /** Volumes kept for undo, oldest first. */
    retained: string[];
    /** Backups that the portal says are whole, those deleted that can be had back among them. */
    backups: string[];
    /** Snapshots that the portal says are there. */
    snapshots: string[];
    removed: number;
    /** Backups and snapshots neither whole nor given up. */
    unsettled: string[];
    activeOperations: number;
  };
  host: {
    tenantId: string;
    state: string;
    address: string;
    desired: string;
    volumeId: string;
    layers: string[];
    resources: string;
    hostname: string;
    restartPolicy: string;
    old: string | null;
    /** The rescue system's volume, in repair. */
    repair: string | null;
    forwards: string[];
    volumes: Record<string, string>;
    snapshots: string[];
  } | null;
  machine: {
    running: boolean;
    /** Files of every volume of the container that exists. */
    files: Record<string, Files>;
    mounted: string[];
    roots: string[];
    /** The volume shown at /old now; a released one goes when the container stops. */
    shown: string | null;
    /** Everything on the machine that is nobody's. */
    garbage: string[];
    /** restic snapshots of the tenant. */
    backups: string[];
  };
  reservedBytes: number;
  /** Of that for kept files: as much as they took when they were put aside. */
  keptBytes: number;
  /** Of archives that nobody has made a container of yet. */
  uploadedBytes: number;
};

const query = `select json_build_object(
  'tenantId', c.tenant_id,
  'present', c.deleted_at is null, 'recoverable', c.undelete_until is not null, 'address', c.address, 'planId', c.plan_id, 'templateId', c.template_id, 'volumeId', c.volume_id,
  'hostname', c.hostname, 'sshKeys', c.ssh_keys, 'desired', c.desired, 'restartPolicy', c.restart_policy, 'repairing', c.repair_until is not null,
  'forwards', coalesce((select json_agg(f.protocol || f.host_port || ':' || f.container_port order by f.protocol, f.host_port)
     from port_forwards f where f.container_id = c.id), '[]'),
  'retained', coalesce((select json_agg(r.volume_id order by r.created_at, r.id) from retained_volumes r
     where r.container_id = c.id and r.consumed_at is null), '[]'),
  'backups', coalesce((select json_agg(b.restic_snapshot_id order by b.restic_snapshot_id) from backups b
     where b.container_id = c.id and b.state in ('complete', 'removed')), '[]'),
  'removed', (select count(*) from backups b where b.container_id = c.id and b.state = 'removed'),
  'snapshots', coalesce((select json_agg(s.id order by s.id) from snapshots s
     where s.container_id = c.id and s.state = 'present'), '[]'),
  'unsettled', coalesce((select json_agg(x.state) from (
     select state from backups where container_id = c.id and state in ('running', 'deleting')
     union all select state from snapshots where container_id = c.id and state in ('making', 'deleting')) x), '[]'),
  'activeOperations', (select count(*) from operations o where o.container_id = c.id
     and o.state in ('queued', 'running', 'undoing', 'stuck'))
) as it from containers c where c.id = $1`;

export async function pictureOf(bench: SimBench, containerId: string): Promise<Picture> {
  const { rows } = await bench.portal.super.$client.query<{ it: Picture['portal'] }>(query, [containerId]);
  const it = rows[0]?.it;
  if (it === undefined) throw new Error('the container has no row');
  const { core, world } = bench.host;
  const { store, adapters } = core;
  const { tenantId } = it;
  const portal = it;
  const ofTenant = (id: string) => world.disk.backups[id]?.repository.endsWith(`:${tenantId}`) === true;
  const record = store.containers.find(containerId);
  const volumes = store.volumes.ofContainer(containerId);
  const snapshots = store.volumes.listSnapshots().filter((one) => one.containerId === containerId);
  const forwards = (store.forwards.byContainer().get(containerId) ?? []).map(
    (one) => `${one.protocol}${one.hostPort}:${one.containerPort}`,
  );
  const named = new Set(store.volumes.list().map((one) => one.id));
  const namedSnapshots = new Set(store.volumes.listSnapshots().map((one) => one.id));
  const containers = new Set(store.containers.list().map((one) => one.id));
  const filesOf = (id: string): [string, Files][] => {
    const volume = world.disk.volumes[id];
    return volume === undefined ? [] : [[id, structuredClone(volume.files)]];
  };
  return {
    portal,
    host:
      record === undefined
        ? null
        : {
            tenantId: record.tenantId,
            state: record.state,
            address: record.address,
            desired: record.desired,
            volumeId: record.volumeId,
            layers: record.template.layers,
            resources: JSON.stringify(Object.entries(record.resources).sort()),
            hostname: record.hostname,
            restartPolicy: record.restartPolicy,
            old: record.old?.volumeId ?? null,
            repair: record.repair?.volumeId ?? null,
            forwards: forwards.sort(),
            volumes: Object.fromEntries(volumes.map((one) => [one.id, one.state])),
            snapshots: snapshots.map((one) => one.id),
          },
    machine: {
      running: adapters.runtime.state(containerId).running,
      files: Object.fromEntries(volumes.flatMap((one) => filesOf(one.id))),
      mounted: [...world.mountedVolumes].sort(),
      roots: [...world.roots.keys()],
      shown: world.roots.get(containerId)?.old ?? null,
      garbage: [
        ...Object.keys(world.disk.volumes).filter((id) => !named.has(id)),
        ...Object.keys(world.disk.snapshots).filter((id) => !namedSnapshots.has(id)),
        ...[...world.roots.keys()].filter((id) => !containers.has(id)),
        ...world.snapshotMounts.keys(),
        ...Object.keys(world.disk.transfers).filter((id) => store.transfers.find(id) === undefined),
      ],
      backups: Object.keys(world.disk.backups).filter(ofTenant).sort(),
    },
    reservedBytes: store.volumes.reservedBytes(),
    keptBytes: volumes.filter((one) => one.state === 'retained').reduce((sum, one) => sum + one.reservedBytes, 0),
    uploadedBytes: store.transfers
      .list()
      .filter((one) => one.kind === 'upload')
      .reduce((sum, one) => sum + one.reservedBytes, 0),
  };
}

/**
 * Where portal, agent and machine contradict each other, or something is left that nobody needs. Holds whenever nothing is
 * under way for the container and the host has had its minute. Only one container is on the host.
 */
export function contradictions(picture: Picture): string[] {
  const { portal, host, machine } = picture;
  const wrong: string[] = [];
  const must = (what: string, a: unknown, b: unknown) => {
    const [x, y] = [JSON.stringify(a), JSON.stringify(b)];
    if (x !== y) wrong.push(`${what}: ${x} but ${y}`);
  };
  must('no operation is active', portal.activeOperations, 0);
  must('no backup or snapshot is unsettled', portal.unsettled, []);
  must('no garbage', machine.garbage, []);
  must('backups of rows and location', portal.backups, machine.backups);
  if (!portal.present || host === null) {
    must('present at portal and host', portal.present, host !== null);
    must('nothing runs, is mounted or reserved', [machine.running, machine.mounted, machine.roots], [false, [], []]);
    must('nothing is reserved but what waits to be made a container of', picture.reservedBytes, picture.uploadedBytes);
    if (!portal.recoverable) must('no forwards', portal.forwards, []);
    must('nothing retained', portal.retained, []);
    must('no snapshots', portal.snapshots, []);
    return wrong;
  }
  must('the record is present', host.state, 'present');
  must('volume', portal.volumeId, host.volumeId);
  must('restart policy', portal.restartPolicy, host.restartPolicy);
  must('host name', portal.hostname, host.hostname);
  must('in repair', portal.repairing, host.repair !== null);
  must('forwards', portal.forwards, host.forwards);
  const expected = {
    ...Object.fromEntries(portal.retained.map((id) => [id, 'retained'])),
    [portal.volumeId]: 'current',
    ...(host.repair === null ? {} : { [host.repair]: 'spare' }),
  };
  const leaving = (id: string) => host.volumes[id] === 'discarded' && machine.shown === id;
  const volumes = Object.entries(host.volumes).filter(([id]) => !leaving(id));
  const onDisk = Object.keys(machine.files).filter((id) => !leaving(id));
  must('volumes', Object.entries(expected).sort(), volumes.sort());
  must('volumes on disk', Object.keys(expected).sort(), onDisk.sort());
  must('snapshots', portal.snapshots, host.snapshots);
  must('runs as desired', machine.running, host.desired === 'running');
  must('roots', machine.roots.length, machine.running ? 1 : 0);
  const beside = [machine.shown, host.repair].filter((id) => id !== null);
  const mounted = machine.running ? [host.volumeId, ...beside] : [];
  must('mounted volumes', machine.mounted, mounted.sort());
  return wrong;
}

/** Of kept files only these follow the settings, when a switch to them was tried (decision 31). */
const followSettings = ['/etc/hostname', '/root/.ssh/authorized_keys'];

/** What may differ between before an operation and after it was undone: nothing of this. */
export function lasting({ portal, host, machine, reservedBytes, keptBytes }: Picture) {
  const { activeOperations: _active, ...rows } = portal;
  const { mounted: _mounted, roots: _roots, garbage: _garbage, files, ...rest } = machine;
  const kept = structuredClone(files);
  for (const own of portal.retained.map((id) => kept[id])) {
    for (const path of followSettings) delete own?.[path];
  }
  return { portal: rows, host, machine: { ...rest, files: kept }, reservedBytes: reservedBytes - keptBytes };
}
