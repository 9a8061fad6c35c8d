/**
 * What portal and agent say to each other. The agent serves this over HTTPS with mutual TLS:
 *
 *   GET    /healthz                              no grant: {@link Health}
 *   PUT    /v1/actions/:actionId                 {@link ActionRequest} → application/x-ndjson of {@link ActionEvent}
 *   GET    /v1/actions/:actionId                 the same stream for an action already known; 404 otherwise
 *   DELETE /v1/actions/:actionId                 asks an action that runs to give up: {@link Cancelling}
 *   GET    /v1/host                              {@link HostInfo}           grant `host.read`
 *   GET    /v1/inventory                         {@link Inventory}          grant `inventory.read`; `?settled=true`: of what it told
 *                                                before nothing is to be stopped
 *   GET    /v1/records                           {@link HostRecords}        grant `inventory.read`
 *   GET    /v1/containers/:id/log?bytes=         text: last bytes of the boot log; grant `log.read`
 *   POST   /v1/containers/:id/exec/:execId       {@link ExecRequest} → {@link ExecResult}; grant `exec.run`
 *   GET    /v1/containers/:id/console/:sessionId WebSocket; grant `console.open`
 *   DELETE /v1/containers/:id/console/:sessionId ends a session; grant `console.open`
 *   POST   /v1/containers/:id/files/:callId       framed {@link FileCall} and content → framed answer and content (files.ts,
 *                                                framed.ts); grant `files.read` or `files.change` over the call
 *
 *   GET    /v1/containers/:id/exports/:exportId?offset=  bytes of an exported file from there on; grant `export.read` over the
 *                                                order; {@link totalHeader} tells the size of the whole
 *   PUT    /v1/uploads/:uploadId                 framed {@link UploadOrder} (transfers.ts) and a piece of an archive → how much has
 *                                                come; grant `import.write` over the order
 *   DELETE /v1/uploads/:uploadId                 forgets what has come of it, and takes no more; grant `import.write` over `{}`
 *
 *   POST   /v1/identity/request                  {@link IdentityRequest}: a new key, and a request for its certificate
 *   PUT    /v1/identity/certificate              {@link IdentityCertificate}: the certificate for that key
 *   PUT    /v1/identity/grant-keys               {@link IdentityGrantKeys}: which keys' grants to take from now on
 *
 *   PUT    /v1/audit/heads                       {@link AuditHeadOrder}: a signed head of the audit record, kept for good
 *   GET    /v1/audit/heads?after=                {@link AuditHeads}: those kept, by their place, a page at a time
 *
 * Heads take no grant: they are signed by the authority and hold no secret; only the worker gives them, web and worker read them.
 * The three of `identity` take no grant but the worker's certificate: what they bring is signed by the authority itself, so that a
 * host which slept through a change of grant keys can still be told of it.
 *
 * Every answer carries `berth-time` (the agent's clock, ISO 8601) and `berth-boot-id`. Errors are problem details.
 *
 * Action streams: any number of `progress` and `alive` lines, then exactly one `result`. A cut connection changes
 * nothing: PUT the same again and the stream goes on, or the stored result is repeated. The same id with another
 * body is 409 `conflict`. One that gave up because it was asked to ends with `cancelled` and has left nothing. Only success and deterministic refusals (`retryable: false`) are final for an action id; after
 * `retryable: true` the same PUT runs it again.
 */

import { z } from 'zod';
import {
  BackupLocation,
  BackupRef,
  locationSecrets,
  RepositoryRef,
  ResticSnapshotId,
  repositorySecrets,
} from './agent-backups.ts';
import { mostDeeds } from './agent-state.ts';
import { ErrorCode } from './errors.ts';
import {
  ContainerPassword,
  Hostname,
  KeyContent,
  Line,
  mostRemovedKeys,
  PortForward,
  Resources,
  SshPublicKey,
} from './fields.ts';
import { FilesRecovered, FilesRestored, Recover, RestoreOrder } from './files.ts';
import { ActionId, Bytes, Digest, Id, Instant } from './ids.ts';
import { AroundCommands, AroundOutcomes, Finding, InsideCommand, toldFindings, toldMissing } from './integrity.ts';
import { normalStartPriority, RestartPolicy, StartPriority } from './restarts.ts';
import { TemplateRef } from './templates.ts';
import { ImportReport } from './transfers.ts';

/** Raised by a change that the version before would not understand. Portal and agent speak with the versions next to their own. */
export const contractVersion = 1;

/** In every answer: the agent's version of this. Absent: 1. */
export const contractHeader = 'berth-contract';

/** Of an exported file: bytes of the whole. */
export const totalHeader = 'berth-total-bytes';

const onContainer = { containerId: Id, generation: z.int().positive() };
const onHost = { containerId: z.null(), generation: z.null() };

const none = z.strictObject({});

/** How long init may take to shut down before it is killed. */
const StopTimeoutMs = z.int().min(0).max(600_000).default(60_000);

/** What the container's tenant knows the panel as; absent: from a portal of before. */
const Product = Line(100);

/**
 * What holds in files that a container gets of what the panel says: its host name, keys that log in, and keys that do not any more (`all`:
 * none but those). What else stands in authorized_keys stays. Refused when removed keys cannot be taken out; `accessKept` false: not all
 * of the rest could be written. Agents of before do not know it.
 */
export const KeptAccess = z.object({
  hostname: Hostname,
  sshKeys: z.array(SshPublicKey).max(50),
  removedSshKeys: z.union([z.literal('all'), z.array(KeyContent).max(mostRemovedKeys)]),
});
export type KeptAccess = z.infer<typeof KeptAccess>;

const Access = z.object({ hostname: Hostname.optional(), sshKeys: z.array(SshPublicKey).max(50).optional() });

/**
 * Every verb: the shape of its arguments, of its secrets (never stored, covered by the grant through their hash), of its
 * result, and whether it concerns a container or the host.
 */
export const actionVerbs = {
  /**
   * Makes range, address, volume `volumeId` and root file system. Does not start. Layers the host lacks are fetched, verified,
   * from `layersFrom` if it is given: so a backup restores on a host that has no template.
   */
  'container.create': {
    scope: onContainer,
    args: z.object({
      tenantId: Id,
      name: z.string(),
      hostname: Hostname,
      volumeId: Id,
      template: TemplateRef,
      resources: Resources,
      restartPolicy: RestartPolicy.default('on-failure'),
      startPriority: StartPriority.default(normalStartPriority),
      sshKeys: z.array(SshPublicKey).max(50).default([]),
      layersFrom: BackupLocation.optional(),
    }),
    secrets: z.object({ rootPassword: ContainerPassword.optional(), ...locationSecrets }),
    result: z.object({ address: z.ipv4(), idBase: z.int() }),
  },
  /**
   * Makes a container that is a copy of another of the same tenant on this host, at one instant, also while that runs: same template
   * and files, own range, address, machine id, ssh host keys and host name. Does not start. `snapshotId` names what is held
   * meanwhile; `bytes`: what the copy takes of the pool.
   */
  'container.clone': {
    scope: onContainer,
    args: z.object({
      sourceId: Id,
      snapshotId: Id,
      tenantId: Id,
      name: z.string(),
      hostname: Hostname,
      volumeId: Id,
      resources: Resources,
      restartPolicy: RestartPolicy.default('on-failure'),
      startPriority: StartPriority.default(normalStartPriority),
    }),
    secrets: none,
    result: z.object({ address: z.ipv4(), idBase: z.int(), bytes: Bytes }),
  },
  /**
   * Makes a container that was deleted anew, with the files of a backup of it, in which `access` holds ({@link KeptAccess}). It gets `address`
   * where this host has kept that for it; else it is refused (`conflict`), or with `anyAddress` it gets another. Does not start.
   */
  'container.recreate': {
    scope: onContainer,
    args: z.object({
      tenantId: Id,
      name: z.string(),
      hostname: Hostname,
      volumeId: Id,
      template: TemplateRef,
      resources: Resources,
      restartPolicy: RestartPolicy.default('on-failure'),
      startPriority: StartPriority.default(normalStartPriority),
      address: z.ipv4().nullable(),
      anyAddress: z.boolean(),
      repository: RepositoryRef,
      resticSnapshotId: ResticSnapshotId,
      access: KeptAccess.optional(),
    }),
    secrets: repositorySecrets,
    result: z.object({
      ...{ address: z.ipv4(), idBase: z.int(), files: z.int(), bytes: Bytes },
      accessKept: z.boolean().optional(),
    }),
  },
  /**
   * The system as a snapshot holds it in one file, merged with its layers ({@link file://./transfers.ts}), to be fetched until
   * `expiresAt`. Earlier ones of the container go. `bytes`: of the file; `contentBytes`: of the files in it.
   */
  'container.export': {
    scope: onContainer,
    args: z.object({
      ...{ exportId: Id, snapshotId: Id, name: z.string(), exportedAt: Instant, expiresAt: Instant },
      product: Product.optional(),
    }),
    secrets: none,
    result: z.object({ bytes: Bytes, entries: z.int(), contentBytes: Bytes, sockets: z.int(), devices: z.int() }),
  },
  /**
   * Makes a container of an archive that was uploaded: its whole system in its own private area. Does not start. The archive stays, until
   * `archive.forget`: the container may have to be made of it once more.
   */
  'container.import': {
    scope: onContainer,
    args: z.object({
      uploadId: Id,
      tenantId: Id,
      name: z.string(),
      hostname: Hostname,
      volumeId: Id,
      resources: Resources,
      restartPolicy: RestartPolicy.default('on-failure'),
      startPriority: StartPriority.default(normalStartPriority),
      sshKeys: z.array(SshPublicKey).max(50).default([]),
    }),
    secrets: z.object({ rootPassword: ContainerPassword.optional() }),
    result: z.object({ address: z.ipv4(), idBase: z.int(), template: TemplateRef, report: ImportReport }),
  },
  /** An archive that the container was made of, or that was made of it, is not needed any more. One that is gone is no error. */
  'archive.forget': { scope: onContainer, args: z.object({ archiveId: Id }), secrets: none, result: none },
  'container.start': { scope: onContainer, args: none, secrets: none, result: z.object({ startedAt: Instant }) },
  'container.stop': {
    scope: onContainer,
    args: z.object({ timeoutMs: StopTimeoutMs }),
    secrets: none,
    result: z.object({ how: z.enum(['already', 'clean', 'killed']), tookMs: z.int() }),
  },
  'container.restart': {
    scope: onContainer,
    args: z.object({ timeoutMs: StopTimeoutMs }),
    secrets: none,
    result: z.object({ startedAt: Instant }),
  },
  'container.kill': { scope: onContainer, args: none, secrets: none, result: none },
  /** Thaws the container's volumes if something left them frozen. Waits for nobody. `thawed`: how many were. */
  'container.thaw': { scope: onContainer, args: none, secrets: none, result: z.object({ thawed: z.int() }) },
  /**
   * Removes the container and all its volumes and snapshots; backups stay. Deleting what is gone succeeds. Until
   * `keepAddressUntil` nobody else gets its address; without that, one kept before is given up.
   */
  'container.delete': {
    scope: onContainer,
    args: z.strictObject({ keepAddressUntil: Instant.optional() }),
    secrets: none,
    result: none,
  },
  /** New limits, live; what is absent stays. A changed disk size while it runs is applied at the next start (`pending`). */
  'container.configure': {
    scope: onContainer,
    args: z.object({
      resources: Resources.optional(),
      restartPolicy: RestartPolicy.optional(),
      startPriority: StartPriority.optional(),
    }),
    secrets: none,
    result: z.object({ pending: z.array(z.string()) }),
  },
  'container.access': {
    scope: onContainer,
    args: Access,
    secrets: z.object({ rootPassword: ContainerPassword.optional() }),
    result: none,
  },
  /**
   * The container is another tenant's from now on: consoles are ended, and it meets the containers of that tenant on the network and no
   * longer those of the one before. It goes on running.
   */
  'container.handover': {
    scope: onContainer,
    args: z.object({ tenantId: Id, name: z.string() }),
    secrets: none,
    result: none,
  },
  /** Replaces the whole set of port forwards. */
  'container.forwards': {
    scope: onContainer,
    args: z.object({ forwards: z.array(PortForward).max(200) }),
    secrets: none,
    result: none,
  },
  /** A fresh, empty private area, reserved against the pool, used by nothing yet. */
  'volume.create': { scope: onContainer, args: z.object({ volumeId: Id }), secrets: none, result: none },
  /** A new volume filled from a backup, with the layers it needs fetched and verified, used by nothing yet. */
  'volume.restore': {
    scope: onContainer,
    args: z.object({
      volumeId: Id,
      repository: RepositoryRef,
      resticSnapshotId: ResticSnapshotId,
      layers: z.array(Digest).min(1),
    }),
    secrets: repositorySecrets,
    result: z.object({ files: z.int(), bytes: Bytes }),
  },
  /** A new volume with what a snapshot of the container holds, used by nothing yet. `bytes`: what it takes of the pool. */
  'volume.copy': {
    scope: onContainer,
    args: z.object({ volumeId: Id, snapshotId: Id }),
    secrets: none,
    result: z.object({ bytes: Bytes }),
  },
  /**
   * Makes a backup's files ready to be looked at by `files.read` with its id, for as long as somebody looks and some minutes more. An
   * agent that starts anew knows nothing of it.
   */
  'backup.open': { scope: onContainer, args: BackupRef, secrets: repositorySecrets, result: none },
  /**
   * Puts files of a backup into the container's own, running or not; only those are fetched. Repeating it finds what is there
   * already.
   */
  'files.restore': {
    scope: onContainer,
    args: BackupRef.extend({ order: RestoreOrder }),
    secrets: repositorySecrets,
    result: FilesRestored,
  },
  /**
   * Puts back what the template has and was changed or deleted, into the container as it runs, or as its rescue system has it; the changed
   * versions go into the trash. Carried out again, it finds what is there already.
   */
  'files.recover': { scope: onContainer, args: Recover, secrets: none, result: FilesRecovered },
  'volume.delete': { scope: onContainer, args: z.object({ volumeId: Id }), secrets: none, result: none },
  /**
   * Makes `volumeId` the container's private area on `template`; the present volume becomes retained. A running container is
   * stopped before and started after. `carryIdentity` copies host name, passwords, users and ssh keys from the present
   * system; `oldAt` shows the present system read-only at /old for as long as its volume is retained. `access`: {@link KeptAccess}.
   */
  'container.swap': {
    scope: onContainer,
    args: z.object({
      volumeId: Id,
      template: TemplateRef,
      carryIdentity: z.boolean(),
      oldAt: z.literal('/old').nullable(),
      access: KeptAccess.optional(),
      stopTimeoutMs: StopTimeoutMs,
    }),
    secrets: none,
    result: z.object({
      retainedVolumeId: Id,
      retainedBytes: Bytes,
      wasRunning: z.boolean(),
      accessKept: z.boolean().optional(),
    }),
  },
  /**
   * Boots a fresh system on the container's template, from a small volume `volumeId` made for it, under the container's name and
   * address, with the container's own files at /repair. Refused in repair. If it does not start, the container is as it was.
   */
  'repair.begin': {
    scope: onContainer,
    args: z.object({
      volumeId: Id,
      readOnly: z.boolean(),
      sshKeys: z.array(SshPublicKey).max(50),
      stopTimeoutMs: StopTimeoutMs,
      product: Product.optional(),
    }),
    secrets: z.object({ rootPassword: ContainerPassword.optional() }),
    result: z.object({ startedAt: Instant }),
  },
  /**
   * Ends the repair: the rescue system goes with all of it. `running`: whether the container is wanted running again; one that does
   * not start is left stopped. Out of repair there is nothing to do.
   */
  'repair.end': {
    scope: onContainer,
    args: z.object({ stopTimeoutMs: StopTimeoutMs }),
    secrets: none,
    result: z.object({ running: z.boolean() }),
  },
  /**
   * Point-in-time copy of the present volume, also while it runs. `freezeMs` is how long writes stood still. `keep`: until it is
   * deleted; else the host removes it after a day, should whoever ordered it not have done so. `commands` are run inside, if the
   * container runs, right before and right after; when the first fails and that is not to be passed over, no snapshot is made.
   */
  'snapshot.create': {
    scope: onContainer,
    args: z.object({ snapshotId: Id, keep: z.boolean().default(false), commands: AroundCommands.optional() }),
    secrets: none,
    result: z.object({ freezeMs: z.number(), bytes: Bytes, commands: AroundOutcomes.optional() }),
  },
  'snapshot.delete': { scope: onContainer, args: z.object({ snapshotId: Id }), secrets: none, result: none },
  'backup.upload': {
    scope: onContainer,
    args: z.object({ backupId: Id, snapshotId: Id, repository: RepositoryRef }),
    secrets: repositorySecrets,
    result: z.object({
      resticSnapshotId: z.string(),
      files: z.int(),
      bytesTotal: Bytes,
      bytesAdded: Bytes,
      /** The location lies on the host itself, wherever its name seems to lead. */
      sameServer: z.boolean().default(false),
      template: TemplateRef,
      resources: Resources,
      hostname: Hostname,
    }),
  },
  /** Makes the location hold every layer, reads back what was written, and says `complete` only if all of it is right. */
  'backup.verify': {
    scope: onContainer,
    args: z.object({
      backupId: Id,
      repository: RepositoryRef,
      resticSnapshotId: z.string(),
      layers: z.array(Digest).min(1),
    }),
    secrets: repositorySecrets,
    result: z.object({ complete: z.literal(true), verifiedAt: Instant }),
  },
  /**
   * Forgets a snapshot at its location (null: none is known), and with `backupId` whatever else an upload of that backup left
   * there without being able to say so. `pendingPrune`: it lies where hosts cannot delete, and waits for a maintenance run.
   */
  'backup.delete': {
    scope: onHost,
    args: z.object({ repository: RepositoryRef, resticSnapshotId: z.string().nullable(), backupId: Id.optional() }),
    secrets: repositorySecrets,
    result: z.object({ pendingPrune: z.boolean().default(false) }),
  },
  /**
   * What snapshots of a repository take together at their location, and for those of `each`, which are among them, what only
   * that one needs. Those that are gone count nothing.
   */
  'backup.measure': {
    scope: onHost,
    args: z.object({
      repository: RepositoryRef,
      resticSnapshotIds: z.array(ResticSnapshotId).max(1100),
      each: z.array(ResticSnapshotId).max(10),
    }),
    secrets: repositorySecrets,
    result: z.object({
      bytes: Bytes,
      counted: z.array(ResticSnapshotId),
      each: z.array(z.object({ resticSnapshotId: ResticSnapshotId, freesBytes: Bytes })),
    }),
  },
  /**
   * Reads a part of a repository and of the layers beside it, and compares: `part.n` of `part.of`, the same data each time. All that has
   * a copy is put back, what is damaged otherwise is taken out, to be stored again by the next backup that still has it.
   * `snapshots`: all that the portal knows there; `readAll`: of this one everything is read. `damaged`: those that lack
   * something, with some names of it. `layersLost`: damaged, and the host has no other copy.
   */
  'backup.check': {
    scope: onHost,
    args: z.object({
      repository: RepositoryRef,
      part: z.object({ n: z.int().min(1), of: z.int().min(1).max(256) }).refine(({ n, of }) => n <= of),
      snapshots: z.array(z.object({ resticSnapshotId: ResticSnapshotId, readAll: z.boolean() })).max(20_000),
      /** Backups of other hosts in the same repository: nothing is looked at of them, and nothing kept for them is dropped. */
      others: z.array(ResticSnapshotId).max(20_000).default([]),
      layers: z.array(z.object({ digest: Digest, always: z.boolean() })).max(1000),
    }),
    secrets: repositorySecrets,
    result: z.object({
      checkedAt: Instant,
      found: z.array(Finding).max(toldFindings),
      damaged: z.array(
        z.object({ resticSnapshotId: ResticSnapshotId, missing: z.array(z.string().max(1000)).max(toldMissing) }),
      ),
      layersLost: z.array(Digest),
    }),
  },
  /**
   * Proves that a backup can be restored: it is fetched into a container of its own, `trialId`, with the resources given and no network;
   * its init is waited for, the probe is run inside, and all of it is removed. `passed: false` says `why`, in words for people; what
   * keeps the test itself from being done is an error. `state`: of systemd `running` or `degraded` (with the units that failed), of other
   * inits `up`; `ended` and `timeout` are failures. `log` and `output` are the last of what was printed.
   */
  'backup.test': {
    scope: onHost,
    args: z.object({
      trialId: Id,
      volumeId: Id,
      repository: RepositoryRef,
      resticSnapshotId: ResticSnapshotId,
      template: TemplateRef,
      resources: Resources,
      hostname: Hostname,
      bootTimeoutMs: z.int().min(1000).max(600_000).default(180_000),
      probe: InsideCommand.nullable(),
    }),
    secrets: repositorySecrets,
    result: z.object({
      testedAt: Instant,
      passed: z.boolean(),
      why: z.string().nullable(),
      tookMs: z.int(),
      restored: z.object({ files: z.int(), bytes: Bytes, tookMs: z.int() }).nullable(),
      boot: z
        .object({
          state: z.enum(['running', 'degraded', 'up', 'ended', 'timeout']),
          tookMs: z.int(),
          failedUnits: z.array(z.string()),
        })
        .nullable(),
      probe: z
        .object({ exitCode: z.int().nullable(), timedOut: z.boolean(), output: z.string(), tookMs: z.int() })
        .nullable(),
      log: z.string(),
    }),
  },
  /** Builds a template from its definition file on the host; the digest depends on nothing but the definition and the packages. */
  'template.build': {
    scope: onHost,
    args: z.object({ name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,40}$/) }),
    secrets: none,
    result: z.object({ template: TemplateRef, title: z.string(), bytes: Bytes, sshServer: z.boolean().default(false) }),
  },
  /**
   * Removes layers that neither `keep` names nor anything on the host uses, and that the host has had for `keepYoungerThanMs`: one that
   * was built or fetched a moment ago may be wanted by what the portal did not know yet when it wrote `keep`. No container loses a layer
   * by this: what is about to use one has either written that down, then the layer stays, or is told that the host does not hold it.
   */
  'layers.collect': {
    scope: onHost,
    args: z.object({ keep: z.array(Digest), keepYoungerThanMs: z.int().min(0).default(0) }),
    secrets: none,
    result: z.object({ removed: z.array(Digest), freedBytes: Bytes }),
  },
  /** The portal has {@link LocalDeed}s of the inventory in its audit record: they are told no more. */
  'local.told': {
    scope: onHost,
    args: z.object({ actionIds: z.array(ActionId).min(1).max(mostDeeds) }),
    secrets: none,
    result: none,
  },
} as const;

export type ActionVerb = keyof typeof actionVerbs;

export const ActionVerb = z.enum(Object.keys(actionVerbs) as [ActionVerb, ...ActionVerb[]]);

export type ActionArgs<V extends ActionVerb> = z.infer<(typeof actionVerbs)[V]['args']>;

export type ActionArgsInput<V extends ActionVerb> = z.input<(typeof actionVerbs)[V]['args']>;

export type ActionSecrets<V extends ActionVerb> = z.infer<(typeof actionVerbs)[V]['secrets']>;

export type ActionResult<V extends ActionVerb> = z.infer<(typeof actionVerbs)[V]['result']>;

/** The envelope; `args` and `secrets` are then parsed with the verb's own schemas. */
export const ActionRequest = z.strictObject({
  verb: ActionVerb,
  containerId: Id.nullable(),
  generation: z.int().positive().nullable(),
  args: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string(), z.unknown()).default({}),
});
export type ActionRequest = z.infer<typeof ActionRequest>;

export const ActionFailure = z.object({
  code: ErrorCode,
  detail: z.string(),
  /** True: the same PUT may be tried again. False: final for this action id. */
  retryable: z.boolean(),
});

export const ActionEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('alive') }),
  z.object({
    type: z.literal('progress'),
    message: z.string(),
    percent: z.number().min(0).max(100).nullable(),
    /** For a countdown before a kill: when it is over, by the agent's clock. */
    deadline: Instant.optional(),
  }),
  z.discriminatedUnion('ok', [
    z.object({ type: z.literal('result'), ok: z.literal(true), result: z.record(z.string(), z.unknown()) }),
    z.object({ type: z.literal('result'), ok: z.literal(false), error: ActionFailure }),
  ]),
]);
export type ActionEvent = z.infer<typeof ActionEvent>;

/** `cancelling`: it will give up, unless it is past the point of no return. False: it does not run, or cannot. */
export const Cancelling = z.object({ cancelling: z.boolean() });
export type Cancelling = z.infer<typeof Cancelling>;

/** What may be asked of an agent besides actions; the web key signs these and nothing else. */
export const ReadVerb = z.enum([
  'host.read',
  'inventory.read',
  'log.read',
  'exec.run',
  'console.open',
  'files.read',
  'files.change',
  'export.read',
  'import.write',
]);
export type ReadVerb = z.infer<typeof ReadVerb>;

/**
 * The claims of a grant: a JWS (EdDSA, `kid` = issuer) in the `berth-grant` header. `argsHash` is {@link file://./args-hash.ts}
 * of `{args, secrets}` for actions and of the request body (or `{}`) for reads. `jti` is the action id, or for exec and console
 * the exec or session id.
 */
export const GrantClaims = z.object({
  iss: z.enum(['web', 'worker']),
  /** The host's id. */
  aud: Id,
  /** Who asked: `user:<id>`, `schedule:<id>` or `system`. */
  sub: z.string(),
  verb: z.union([ActionVerb, ReadVerb]),
  containerId: Id.nullable(),
  generation: z.int().positive().nullable(),
  operationId: Id.nullable(),
  /**
   * Actions only: rises whenever a worker takes the operation up. An agent refuses a lower one than it has seen for the
   * operation (`stale`), so a worker that was taken for dead and wakes has no effect. Absent counts as 0.
   */
  fence: z.int().nonnegative().optional(),
  argsHash: z.string(),
  jti: z.union([ActionId, Id]),
  iat: z.int(),
  exp: z.int(),
});
export type GrantClaims = z.infer<typeof GrantClaims>;

export const grantHeader = 'berth-grant';
export const readGrantSeconds = 30;
export const operationGrantSeconds = 300;
