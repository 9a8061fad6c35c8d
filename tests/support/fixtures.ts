/**
 * Made-up but valid objects of the contract, for unit tests and for looking at pages. Built by functions with fixed
 * ids and times relative to `now`, so that a picture can be taken again.
 */

import type { Me } from '#lib/contract/account.ts';
import type { Usage } from '#lib/contract/agent-state.ts';
import type { AuditEntry } from '#lib/contract/audit.ts';
import type { Backup } from '#lib/contract/backups.ts';
import type { Container } from '#lib/contract/containers.ts';
import type { Dashboard } from '#lib/contract/dashboard.ts';
import type { Host } from '#lib/contract/hosts.ts';
import { type Operation, type OperationStep, operationSteps } from '#lib/contract/operations.ts';
import type { Plan } from '#lib/contract/plans.ts';
import { ContainerVerb, type OperationKind, type OperationState, permitted } from '#lib/contract/states.ts';
import type { Template } from '#lib/contract/templates.ts';
import type { Tenant } from '#lib/contract/tenants.ts';

const gb = 1024 ** 3;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A UUIDv7 that stays the same: `kind` tells tables apart, `n` rows. */
export function id(kind: number, n: number): string {
  return `0190${kind.toString(16).padStart(4, '0')}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
}
export function ago(ms: number, now = Date.now()): string {
  return new Date(now - ms).toISOString();
}

export function usage(over: Partial<Usage> = {}): Usage {
  return {
    cpuSeconds: 5120,
    cpuCores: 0.4,
    memoryBytes: Math.round(1.1 * gb),
    pids: 61,
    diskBytes: Math.round(8.2 * gb),
    inodes: 41_000,
    receivedBytes: Math.round(3.1 * gb),
    sentBytes: Math.round(11.4 * gb),
    ...over,
  };
}

export const plan: Plan = {
  id: id(2, 1),
  name: 'Business M',
  resellerId: null,
  price: '',
  offered: true,
  resources: { cpuCores: 2, cpuShares: 1024, memoryBytes: 2 * gb, pids: 512, diskBytes: 20 * gb, inodes: 1_000_000 },
  maxContainers: null,
  maxBackups: 10,
  maxSnapshots: 3,
  maxBackupBytes: null,
  deletedBackupDays: 7,
  deletedContainerDays: 14,
  backupEvery: 'hour',
  maxForwards: 10,
  templates: [],
  retentionHours: 24,
  startPriority: 50,
  locationId: null,
  firstAnswerMinutes: null,
  solveMinutes: null,
};
export const template: Template = {
  id: id(3, 1),
  name: 'debian-12',
  version: '2026.11.1',
  title: 'Debian 12',
  init: 'systemd',
  layers: [`sha256:${'4f1c'.repeat(16)}`],
  bytes: 104_857_600,
  sshServer: true,
  offered: true,
  createdAt: ago(9 * dayMs),
};

function step(kind: OperationKind, state: OperationState, percent: number): OperationStep[] {
  const names = Object.entries(operationSteps[kind]);
  const at = Math.min(names.length - 1, Math.floor((percent / 100) * names.length));
  return names.map(([name, title], index) => {
    const done = state === 'succeeded' || index < at;
    const failing = index === at && (state === 'failed' || state === 'stuck');
    const running = index === at && state === 'running';
    return {
      name,
      title,
      state: done ? 'done' : failing ? 'failed' : running ? 'running' : 'pending',
      percent: running ? 62 : null,
      message: null,
      deadline: null,
      startedAt: done || running ? ago(30_000) : null,
      endedAt: done ? ago(12_000) : null,
    };
  });
}

export function operation(kind: OperationKind, state: OperationState, over: Partial<Operation> = {}): Operation {
  const active = ['queued', 'running', 'undoing', 'stuck'].includes(state);
  const percent = over.percent ?? (state === 'queued' ? 0 : state === 'succeeded' ? 100 : 45);
  return {
    id: id(4, 1),
    kind,
    containerId: id(1, 1),
    containerName: 'web-1',
    tenantId: id(5, 1),
    hostId: id(6, 1),
    state,
    lock: 'exclusive',
    attempt: 1,
    steps: step(kind, state, percent),
    percent,
    actor: { kind: 'user', id: id(7, 1), name: 'Owner' },
    cancelRequested: false,
    can: {
      cancel: state === 'running' || state === 'queued',
      retry: state === 'failed' || state === 'stuck',
      undo: state === 'stuck',
      confirm: false,
      resolve: state === 'stuck',
    },
    error: null,
    evidence: [],
    result: {},
    queuedAt: ago(43_000),
    startedAt: state === 'queued' ? null : ago(42_000),
    endedAt: active ? null : ago(3 * hourMs),
    ...over,
  };
}

export function container(n: number, over: Partial<Container> = {}): Container {
  const state = over.state ?? 'running';
  const holds = over.holds ?? [];
  const can: Container['can'] = {};
  for (const verb of ContainerVerb.options) {
    const verdict = permitted(verb, { state, holds, templateName: over.template?.name ?? 'debian-12' });
    can[verb] = verdict.allowed ? { allowed: true, reason: null } : { allowed: false, reason: verdict.reason };
  }
  return {
    id: id(1, n),
    name: `web-${n}`,
    tenantId: id(5, 1),
    tenantName: 'Example Ltd',
    hostId: id(6, 1),
    hostName: 'fra-07',
    planId: plan.id,
    planName: plan.name,
    state,
    lastKnown: null,
    since: ago(18 * dayMs),
    lastExit: null,
    exits: [],
    restartPolicy: 'on-failure',
    restarts: null,
    repair: null,
    hostname: `web-${n}`,
    template: { id: template.id, name: template.name, version: template.version, title: template.title },
    labels: [],
    addresses: [`10.88.0.${(n % 250) + 2}`],
    resources: plan.resources,
    usage: usage(),
    holds,
    can,
    operation: null,
    lastBackupAt: ago(3 * hourMs),
    locationId: null,
    forwards: [{ id: id(8, 1), protocol: 'tcp', hostPort: 20_022, containerPort: 22 }],
    forwardAddress: '203.0.113.7',
    ssh: 'ssh -p 20022 root@203.0.113.7',
    retained: [],
    recoveries: [],
    sshKeys: [`ssh-ed25519 ${'A'.repeat(68)} laptop`],
    createdAt: ago(60 * dayMs),
    deletedContainerDays: 14,
    deleted: null,
    ...over,
  };
}

export function backup(n: number, over: Partial<Backup> = {}): Backup {
  return {
    id: id(9, n),
    containerId: id(1, 1),
    containerName: 'web-1',
    name: '',
    protected: false,
    scheduled: false,
    health: { state: 'whole', at: ago(n * dayMs), missing: [] },
    test: null,
    commands: null,
    frees: { bytes: 31 * 1024 * 1024, at: ago(n * dayMs) },
    recoverableUntil: null,
    note: n === 1 ? 'before plugin update' : '',
    state: 'complete',
    template: { name: template.name, version: template.version },
    files: 20_412,
    bytesTotal: Math.round(8.2 * gb),
    bytesAdded: 38 * 1024 * 1024,
    freezeMs: 31,
    verifiedAt: ago(n * dayMs - hourMs),
    location: { name: 'this server', offsite: false, lostWith: null },
    createdAt: ago(n * dayMs),
    operationId: id(4, n),
    actorName: 'Owner',
    ...over,
  };
}

export function host(n: number, over: Partial<Host> = {}): Host {
  return {
    id: id(6, n),
    name: `fra-0${n}`,
    address: `https://192.0.2.${n}:7443`,
    health: 'ok',
    lastSeenAt: ago(2000),
    lostAt: null,
    kernel: '6.12.43',
    cpus: 16,
    memoryBytes: 64 * gb,
    pool: { driver: 'image', sizeBytes: 900 * gb, usedBytes: 412 * gb, reservedBytes: 640 * gb, reflinks: true },
    engine: { runc: '1.3.6', restic: '0.19.1' },
    cgroups: 'v1',
    simulated: false,
    containers: 42,
    running: 40,
    ...over,
  };
}

export const tenant: Tenant = {
  id: id(5, 1),
  name: 'Example Ltd',
  resellerId: null,
  containers: 3,
  users: 2,
  createdAt: ago(60 * dayMs),
};

export function me(role: Me['role']): Me {
  const staff = role === 'provider-admin' || role === 'support';
  return {
    id: id(7, 1),
    email: staff ? 'admin@example.test' : 'owner@example.test',
    name: staff ? 'Administrator' : 'Owner',
    role,
    tenantId: staff ? null : id(5, 1),
    tenantName: staff ? null : 'Example Ltd',
    language: null,
    sessions: [
      {
        id: id(10, 1),
        current: true,
        createdAt: ago(2 * hourMs),
        lastSeenAt: ago(1000),
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
        address: '203.0.113.99',
      },
      {
        id: id(10, 2),
        current: false,
        createdAt: ago(9 * dayMs),
        lastSeenAt: ago(dayMs),
        userAgent:
          'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36',
        address: '198.51.100.4',
      },
    ],
  };
}

export function auditEntry(n: number, over: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: id(11, n),
    at: ago(n * 7 * minuteMs),
    actor: { kind: 'user', id: id(7, 1), name: 'Owner' },
    onBehalfOf: null,
    verb: 'container.restart',
    outcome: 'allowed',
    tenantId: id(5, 1),
    targetKind: 'container',
    targetId: id(1, 1),
    targetName: 'web-1',
    address: '203.0.113.99',
    detail: {},
    ...over,
  };
}

export function dashboard(problems: Dashboard['problems'] = []): Dashboard {
  return {
    problems,
    counts: { hosts: 3, containers: 412, running: 398, tenants: 57, operationsToday: 231, failedToday: 2 },
  };
}
