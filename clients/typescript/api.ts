// Made from the OpenAPI document by clients/generate.ts ("npm run client"). Not to be edited.
// biome-ignore-all format: it is made as it is
// biome-ignore-all lint: it is made as it is
export type AcceptInvitation = { token: string; name?: string | undefined; password?: string | undefined };
export type Access = { sshKeys?: (string)[] | undefined; rootPassword?: string | undefined; hostname?: string | undefined };
export type AccountSecurity = { requireFactor: boolean };
export type AddBrandHost = { host: string };
export type AddForward = { protocol?: "tcp" | "udp" | undefined; containerPort: number; hostPort?: number | undefined };
export type AddMember = { kind: "person"; email: string; roles: (Grant)[] } | { kind: "service"; name: string; roles: (Grant)[] };
export type AddMessage = { body: string; internal?: boolean | undefined };
export type AddPasskey = { name: string; response: { [name: string]: unknown } };
export type AdoptOrphan = { planId: string; name?: string | undefined };
export type AroundCommands = { before: InsideCommand | null; after: InsideCommand | null; ifBeforeFails: "fail" | "go-on" };
export type AroundOutcomes = { before: CommandOutcome | null; after: CommandOutcome | null };
export type Assignment = { id: string; role: string; title: string; scope: ScopeKind; tenantId: string | null; tenantName: string | null; labels: (string)[]; containerId: string | null; containerName: string | null };
export type AssignTicket = { assigneeId?: string | null | undefined; priority?: TicketPriority | undefined };
export type AuditEntry = { id: string; at: string; actor: { kind: string; id: string | null; name: string }; onBehalfOf: { id: string; name: string } | null; verb: string; outcome: "allowed" | "denied" | "failed"; tenantId: string | null; targetKind: string; targetId: string | null; targetName: string | null; address: string | null; detail: { [name: string]: unknown } };
export type AuditProblem = { kind: "changed" | "removed" | "cut-off" | "rewritten" | "unsealed"; seq: number | null; untilSeq: number | null; entryId: string | null; detail: string };
export type AuditVerification = { ok: boolean; checkedAt: string; entries: number; waiting: number; head: { seq: number; hash: string } | null; hosts: ({ name: string; answered: boolean; heads: number; newestSeq: number | null })[]; problems: (AuditProblem)[]; problemCount: number };
export type Backup = { id: string; containerId: string; containerName: string; containerDeleted?: { until: string | null } | undefined; name: string; note: string; protected: boolean; scheduled: boolean; state: BackupState; template: { name: string; version: string } | null; files: number | null; bytesTotal: number | null; bytesAdded: number | null; frees: { bytes: number; at: string } | null; freezeMs: number | null; commands: { before: CommandEnd | null; after: CommandEnd | null } | null; verifiedAt: string | null; health: { state: "whole" | "damaged" | "unchecked"; at: string | null; missing: (string)[] }; test: { at: string; passed: boolean; why: string | null; tookMs: number } | null; location: { name: string; offsite: boolean; lostWith: string | null }; createdAt: string; operationId: string; actorName: string; recoverableUntil: string | null };
export type BackupCare = { testEvery: "never" | "week" | "month"; probe: InsideCommand | null; commands: AroundCommands; nextTestAt: string | null; last: { at: string; passed: boolean; why: string | null } | null; failures: number; problem: string | null };
export type BackupCheck = { days: number; part: { done: number; of: number }; lastAt: string | null; roundEndedAt: string | null; nextAt: string | null; problem: string | null; found: ({ what: FindingKind; name: string; healed: "yes" | "next-backup" | "no"; at: string })[] };
export type BackupComparison = { added: Heap; changed: Heap; removed: Heap; same: number; folders: ({ name: string; kind: FileKind; added: Heap; changed: Heap; removed: Heap })[]; first: ({ path: string; kind: FileKind; difference: "added" | "changed" | "removed"; bytesBefore: number | null; bytesAfter: number | null })[]; whole: boolean };
export type BackupLocation = { id: string; name: string; kind: "directory" | "rest" | "s3"; tenantId: string | null; address: string | null; hasCredentials: boolean; appendOnly: boolean; offsite: boolean; isDefault: boolean; backups: number; pendingPrune: number; createdAt: string };
export type BackupSchedule = { enabled: boolean; every: Every; time: string; weekday: number; monthDay: number; zone: string; keep: Keep; nextRunAt: string | null; lastRunAt: string | null; failures: number; problem: string | null; finest: Every | null; maxBackups: number; candidates: ({ id: string; at: string; name: string })[]; goes: (string)[] };
export type BackupSettings = { atLimit: "refuse" | "rotate"; deletedDays: number; plan: { maxBackups: number; maxBackupBytes: number | null; deletedBackupDays: number }; used: { backups: number; bytes: number; bytesAt: string | null; removed: number } };
export type BackupState = "running" | "complete" | "failed" | "removed" | "deleting" | "pending-prune" | "deleted";
export type BerthEvent = { id: string; type: "container" | "operation" | "backup" | "usage" | "host" | "ticket" | "outage" | "people"; containerId: string | null; operationId: string | null; at: string; data: { [name: string]: unknown } };
export type BillingTest = { resellerId: string; resellerName: string; plans: ({ id: string; name: string; price: string | null })[]; templates: ({ id: string; title: string; name: string; version: string })[] };
export type Brand = { resellerId: string; productName: string; supportUrl: string | null; legalUrl: string | null; signInText: string; colours: { light: string; dark: string } | null; sender: { address: string; smtp: Smtp | null } | null; mails: { [name: string]: MailTemplate }; language: "en" | "de" | null; assets: { light: number | null; dark: number | null; favicon: number | null }; hosts: (BrandHost)[]; dkim: (BrandDkimKey)[]; gaps: (string)[] };
export type BrandDkimKey = { id: string; domain: string; record: { name: string; value: string }; provenAt: string | null; missingSince: string | null; signs: boolean };
export type BrandHost = { id: string; host: string; record: { name: string; value: string }; provenAt: string | null };
export type BuildTemplate = { name: string; hostId: string };
export type ChangeBackupLocation = { name?: string | undefined; appendOnly?: boolean | undefined; credentials?: { user: string; password: string } | undefined };
export type ChangedThing = { name: string; kind: FileKind; difference: "new" | "changed" | "deleted" | null; count: number; bytes: number };
export type ChangeLabels = { add?: (string)[] | undefined; remove?: (string)[] | undefined };
export type ChangeMember = { roles: (Grant)[] };
export type ChangePassword = { current: string; next: string };
export type ChangeRole = { title?: string | undefined; about?: string | undefined; permissions?: (Permission)[] | undefined };
export type ChangeServicePlan = { externalServiceId: string; planId: string };
export type ChooseBackupLocation = { locationId: string | null };
export type CloneContainer = { name: string; planId?: string | undefined; start?: boolean | undefined };
export type CloseTicket = { solved?: boolean | undefined };
export type CommandEnd = { exitCode: number | null; timedOut: boolean; tookMs: number };
export type CommandOutcome = { exitCode: number | null; timedOut: boolean; output: string; tookMs: number };
export type Configure = { planId: string };
export type ConfirmFactor = { code: string };
export type Consent = { id: string; ticketId: string; tenantId: string; containerId: string; containerName: string; staff: { id: string; name: string }; scopes: ("console" | "files" | "exec")[]; minutes: number; reason: string; emergency: boolean; state: ConsentState; askedAt: string; grantedAt: string | null; grantedBy: string | null; approvals: (string)[]; approvalsNeeded: number; expiresAt: string | null; endedAt: string | null; endedBy: string | null; lastUsedAt: string | null; mine: boolean; can: { grant: boolean; revoke: boolean; approve: boolean; withdraw: boolean } };
export type ConsentState = "asked" | "granted" | "ended" | "declined" | "expired" | "withdrawn";
export type Container = { id: string; name: string; tenantId: string; tenantName: string; hostId: string; hostName: string; planId: string; planName: string; state: ContainerState; lastKnown: { state: ContainerState; at: string } | null; since: string | null; lastExit: Exit | null; exits: (Exit)[]; restartPolicy: "never" | "on-failure" | "always"; restarts: Restarts | null; hostname: string; template: { id: string; name: string; version: string; title: string }; labels: (string)[]; addresses: (string)[]; resources: Resources; usage: Usage | null; holds: ({ reason: HoldReason; message: string | null; over: "container" | "tenant"; stop: boolean; placedAt: string })[]; repair: { since: string; until: string; readOnly: boolean } | null; can: { [name: string]: Verdict }; operation: Operation | null; lastBackupAt: string | null; locationId: string | null; forwards: ({ id: string; protocol: "tcp" | "udp"; hostPort: number; containerPort: number })[]; forwardAddress: string | null; ssh: string | null; retained: (RetainedVolume)[]; recoveries: (Recovery)[]; sshKeys: (string)[]; createdAt: string; deletedContainerDays: number; deleted: { at: string; until: string; backups: number; newestBackupAt: string | null; addressKept: boolean; lost: boolean } | null };
export type ContainerState = "creating" | "stopped" | "starting" | "running" | "stopping" | "suspended" | "restoring" | "reinstalling" | "repairing" | "migrating" | "deleting" | "deleted" | "unknown";
export type ContainerVerb = "start" | "stop" | "restart" | "kill" | "delete" | "backup" | "restore" | "recover" | "reinstall" | "snapshot" | "rollback" | "repair" | "repair-finish" | "clone" | "export" | "undo" | "confirm" | "configure" | "access" | "restart-policy" | "forwards" | "handover" | "exec" | "console" | "files";
export type CreateBackup = { name?: string | undefined; note?: string | undefined; protected?: boolean | undefined };
export type CreateBackupLocation = { kind: "rest"; name: string; tenantId?: string | undefined; url: string; appendOnly?: boolean | undefined; credentials?: { user: string; password: string } | undefined } | { kind: "s3"; name: string; tenantId?: string | undefined; url: string; appendOnly?: boolean | undefined; bucket: string; prefix?: string | undefined; region?: string | undefined; credentials: { user: string; password: string } };
export type CreateContainer = { name: string; tenantId: string; planId: string; templateId: string; hostId?: string | undefined; sshKeys?: (string)[] | undefined; rootPassword?: string | undefined; start?: boolean | undefined; restartPolicy?: "never" | "on-failure" | "always" | undefined };
export type CreatedWebhook = { id: string; tenantId: string | null; url: string; events: (WebhookEvent)[]; enabled: boolean; problem: string | null; createdAt: string; secret: string };
export type CreatePlan = { name: string; resellerId?: string | null | undefined; price?: string | undefined; resources: ResourcesInput; maxContainers?: number | null | undefined; maxBackups?: number | undefined; maxSnapshots?: number | undefined; maxBackupBytes?: number | null | undefined; backupEvery?: Every | null | undefined; deletedBackupDays?: number | undefined; deletedContainerDays?: number | undefined; maxForwards?: number | undefined; templates?: (string)[] | undefined; retentionHours?: number | undefined; startPriority?: number | undefined; locationId?: string | null | undefined; firstAnswerMinutes?: number | null | undefined; solveMinutes?: number | null | undefined };
export type CreateReseller = { name: string; ownerEmail: string; ownerName: string; quota: Quota };
export type CreateRole = { title: string; about?: string | undefined; base: Role; permissions: (Permission)[]; tenantId?: string | undefined };
export type CreateService = { externalServiceId: string; client: { externalId: string; name: string; email: string; company?: string | undefined }; planId: string; templateId: string; name?: string | undefined; sshKeys?: (string)[] | undefined; rootPassword?: string | undefined };
export type CreateSnapshot = { name?: string | undefined };
export type CreateTenant = { name: string; ownerEmail: string; ownerName: string; resellerId?: string | null | undefined };
export type CreateTicket = { subject: string; body: string; priority?: "low" | "normal" | "high" | "urgent" | undefined; containerId?: string | undefined; operationId?: string | undefined; action?: TicketAction | undefined };
export type CreateToken = { name: string; verbs?: (Permission)[] | undefined; containerIds?: (string)[] | undefined; labels?: (string)[] | undefined; addresses?: (string)[] | undefined; expiresAt?: string | undefined; serviceAccountId?: string | undefined };
export type CreateWebhook = { url: string; events: (WebhookEvent)[]; tenantId?: string | null | undefined };
export type Dashboard = { problems: ({ kind: "host-silent" | "operation-stuck" | "pool-low" | "container-crashed" | "service-down" | "container-orphaned" | "backup-failing" | "backup-damaged" | "backup-test-failed"; title: string; since: string; affected: number; hostId: string | null; operationId: string | null; containerId: string | null })[]; counts: { hosts: number; containers: number; running: number; tenants: number; operationsToday: number; failedToday: number } };
export type DeclareOutage = { hostIds: (string)[]; title: string; message: string };
export type DeclineTicket = { reason: string };
export type EditBackup = { name?: string | undefined; note?: string | undefined; protected?: boolean | undefined };
export type EditPlan = { name?: string | undefined; price?: string | undefined; offered?: boolean | undefined };
export type Empty = {  };
export type EndOutage = { report: string };
export type EnrollRequest = { token: string; csr: string; hostname: string; address: string };
export type EnrollResult = { hostId: string; certificate: string; ca: string; grantKeys: { web: string; worker: string } };
export type ErrorCode = "invalid" | "unauthenticated" | "second_factor_required" | "enrolment_required" | "step_up_required" | "forbidden" | "not_found" | "method_not_allowed" | "busy" | "already" | "state" | "held" | "conflict" | "stale" | "plan_limit" | "changed" | "in_progress" | "key_reused" | "quota_limit" | "no_space" | "too_large" | "rate_limited" | "grant_refused" | "host_unreachable" | "timeout" | "action_failed" | "undo_failed" | "cancelled" | "internal";
export type EscalateTicket = { note?: string | undefined };
export type Every = "hour" | "day" | "week" | "month";
export type ExecRequest = { argv: (string)[]; timeoutMs?: number | undefined };
export type ExecResult = { exitCode: number | null; stdout: string; stderr: string; truncated: boolean; timedOut: boolean };
export type Exit = { cause: ExitCause; status: number; at: string; ranSince: string | null };
export type ExitCause = "stopped" | "killed" | "poweroff" | "reboot" | "crash" | "oom" | "host" | "unseen";
export type Explanation = { verb: Permission; about: string; containerId: string; containerName: string; allowed: boolean; reasons: ({ by: "role" | "token" | "hold" | "state"; text: string })[]; roles: (Role)[] };
export type ExtendRepair = { hours?: number | undefined; onTop?: boolean | undefined };
export type Factor = { authenticator: { since: string } | null; passkeys: ({ id: string; name: string; createdAt: string; lastUsedAt: string | null })[]; passkeysPossible: boolean; recoveryCodesLeft: number; required: (FactorReason)[] };
export type FactorReason = { by: "account" | "role"; name: string };
export type FactorStarted = { secret: string; uri: string; expiresAt: string };
export type FileChanged = { changed: number };
export type FileEdit = { action: "create-folder"; path: string } | { action: "move"; path: string; to: string } | { action: "copy"; path: string; to: string } | { action: "attributes"; paths: (string)[]; mode?: number | undefined; user?: string | number | undefined; group?: string | number | undefined; recursive?: boolean | undefined } | { action: "delete"; paths: (string)[]; permanently?: boolean | undefined } | { action: "put-back"; ids: (string)[] } | { action: "empty-trash"; ids?: (string)[] | undefined };
export type FileEntry = { name: string; kind: FileKind; size: number; mode: number; uid: number; gid: number; user: string | null; group: string | null; modifiedAt: string; target: string | null; leadsTo: FileKind | null };
export type FileKind = "file" | "folder" | "link" | "pipe" | "socket" | "device";
export type FileList = { folder: FileEntry; items: (FileEntry)[]; total: number; nextCursor: string | null };
export type FindingKind = "config" | "key" | "index" | "snapshot" | "pack" | "layer" | "lock" | "copy";
export type Forward = { protocol: "tcp" | "udp"; hostPort: number; containerPort: number; id: string };
export type GiveConsent = { containerId: string; hours?: number | undefined };
export type Grant = { role: string; scope?: ScopeKind | undefined; labels?: (string)[] | undefined; containerId?: string | undefined; tenantId?: string | undefined };
export type GrantConsent = { scopes?: ("console" | "files" | "exec")[] | undefined; minutes?: number | undefined };
export type Heap = { count: number; bytes: number };
export type Hold = { id: string; reason: HoldReason; message: string | null; over: "container" | "tenant"; stop: boolean; placedAt: string; placedBy: string | null; canLift: boolean };
export type HoldReason = "billing" | "abuse" | "reseller" | "provider";
export type Host = { id: string; name: string; address: string; health: "ok" | "silent" | "enrolling" | "disabled" | "lost"; lastSeenAt: string | null; lostAt: string | null; kernel: string | null; cpus: number | null; memoryBytes: number | null; pool: { driver: string; sizeBytes: number; usedBytes: number; reservedBytes: number; reflinks: boolean } | null; engine: { [name: string]: string }; cgroups: "v1" | "v2" | null; simulated: boolean; containers: number; running: number };
export type HostLoss = { hostId: string; hostName: string; lastSeenAt: string | null; refusal: string | null; containers: (LostContainer)[] };
export type IgnoreOrphan = { ignored?: boolean | undefined };
export type ImportContainer = { importId: string; name: string; sshKeys?: (string)[] | undefined; rootPassword?: string | undefined; start?: boolean | undefined };
export type ImportUpload = { id: string; tenantId: string; planId: string; hostId: string; sizeBytes: number; receivedBytes: number; expiresAt: string; fileName: string | null; fingerprint: string | null };
export type InsideCommand = { argv: (string)[]; timeoutMs: number };
export type Keep = { last: number; hourly: number; daily: number; weekly: number; monthly: number; yearly: number };
export type KeepInput = { last?: number | undefined; hourly?: number | undefined; daily?: number | undefined; weekly?: number | undefined; monthly?: number | undefined; yearly?: number | undefined };
export type LabelInUse = { label: string; containers: number };
export type ListServices = { externalServiceId?: string | undefined; cursor?: string | undefined; limit?: number | undefined };
export type LoseHost = { name: string; containerIds?: (string)[] | undefined };
export type LostContainer = { id: string; name: string; tenantId: string; tenantName: string; newestBackupAt: string | null; inDirectory: boolean; newestElsewhereAt: string | null; snapshots: number; retained: number; pending: boolean };
export type MailKind = "first-login" | "invitation" | "reset" | "password-changed" | "factor-on" | "factor-off" | "recovery-code-used" | "passkey-added" | "passkey-removed" | "provider-added" | "provider-removed" | "ticket" | "ticket-late" | "outage" | "outage-over" | "backup-failed" | "backup-damaged" | "backup-test-failed" | "host-lost" | "released-early";
export type MailPreview = { subject: string; body: string };
export type MailTemplate = { subject: string; body: string };
export type Me = { id: string; email: string; name: string; role: Role | null; tenantId: string | null; tenantName: string | null; language: "en" | "de" | null; sessions: ({ id: string; current: boolean; createdAt: string; lastSeenAt: string; userAgent: string; address: string })[] };
export type Member = { id: string; kind: "person" | "service"; state: "member" | "invited"; name: string; email: string | null; assignments: (Assignment)[]; since: string; expiresAt: string | null; lastSeenAt: string | null; factor: boolean; lastOwner: boolean };
export type NewToken = { id: string; name: string; userId: string; userName: string; verbs: (Permission)[] | null; containerIds: (string)[] | null; labels: (string)[] | null; addresses: (string)[] | null; brandId: string | null; createdAt: string; lastUsedAt: string | null; expiresAt: string | null; current: boolean; token: string };
export type OfferTemplate = { offered: boolean };
export type OfferTemplates = { templateIds: (string)[] | null };
export type Operation = { id: string; kind: OperationKind; containerId: string | null; containerName: string | null; tenantId: string | null; hostId: string | null; state: OperationState; lock: "exclusive" | "background" | "emergency"; attempt: number; steps: (OperationStep)[]; percent: number; actor: { kind: "user" | "schedule" | "system"; id: string | null; name: string }; cancelRequested: boolean; can: { cancel: boolean; retry: boolean; undo: boolean; confirm: boolean; resolve: boolean }; error: OperationError | null; evidence: (string)[]; result: { [name: string]: unknown }; queuedAt: string; startedAt: string | null; endedAt: string | null };
export type OperationError = { code: ErrorCode; detail: string; step: string | null; remedy: string | null };
export type OperationKind = "create" | "clone" | "import" | "export" | "undelete" | "start" | "stop" | "restart" | "kill" | "delete" | "backup" | "restore" | "restore-into" | "open-backup" | "restore-files" | "recover" | "reinstall" | "undo" | "confirm" | "configure" | "access" | "restart-policy" | "forwards" | "backup-delete" | "backup-check" | "backup-test" | "snapshot" | "snapshot-delete" | "rollback" | "repair" | "repair-finish" | "handover" | "template-build";
export type OperationState = "queued" | "running" | "undoing" | "succeeded" | "failed" | "cancelled" | "stuck";
export type OperationStep = { name: string; title: string; state: StepState; percent: number | null; message: string | null; deadline: string | null; startedAt: string | null; endedAt: string | null };
export type Orphan = { id: string; state: "orphaned" | "ignored"; hostId: string; hostName: string; name: string; hostname: string; tenantId: string; tenantName: string | null; planId: string | null; power: Power; generation: number; template: { name: string; version: string }; address: string; resources: Resources; firstSeenAt: string };
export type Outage = { id: string; kind: "declared" | "silent"; title: string; startedAt: string; endedAt: string | null; updates: ({ at: string; message: string })[]; report: string | null; hosts: (string)[]; containers: number; tenants: number | null };
export type PasskeyAdded = { id: string; recoveryCodes: (string)[] };
export type PasskeyOptions = { options: { [name: string]: unknown } };
export type PasskeySignIn = { response: { [name: string]: unknown } };
export type Permission = "container.read" | "container.create" | "container.clone" | "container.import" | "container.export" | "container.delete" | "container.undelete" | "container.start" | "container.stop" | "container.restart" | "container.kill" | "container.reinstall" | "container.repair" | "container.access" | "container.configure" | "container.policy" | "container.forwards" | "container.label" | "handover.read" | "handover.offer" | "handover.consent" | "container.exec" | "container.console" | "container.log" | "file.read" | "file.change" | "backup.read" | "backup.create" | "backup.edit" | "backup.configure" | "backup.delete" | "backup.restore" | "backup.consent" | "backup.restore-into" | "location.read" | "location.manage" | "location.choose" | "backup.test" | "snapshot.read" | "snapshot.create" | "snapshot.delete" | "snapshot.rollback" | "operation.read" | "operation.cancel" | "operation.retry" | "operation.undo" | "operation.confirm" | "operation.resolve" | "template.read" | "template.build" | "plan.read" | "plan.create" | "plan.change" | "plan.edit" | "host.read" | "host.enroll" | "host.lose" | "orphan.decide" | "tenant.read" | "tenant.create" | "member.read" | "member.manage" | "staff.read" | "staff.manage" | "role.create" | "access.who" | "hold.put" | "hold.billing" | "hold.abuse" | "hold.reseller" | "hold.provider" | "ticket.read" | "ticket.create" | "ticket.handle" | "ticket.decide" | "access.request" | "access.consent" | "access.emergency" | "outage.read" | "outage.declare" | "reseller.read" | "reseller.create" | "reseller.quota" | "reseller.offer" | "brand.read" | "brand.change" | "billing.run" | "webhook.read" | "webhook.manage" | "factor.reset" | "security.policy" | "identity.manage" | "audit.read" | "audit.verify" | "dashboard.read" | "event.read";
export type PlaceHold = { reason: HoldReason; message?: string | null | undefined; stop?: boolean | undefined };
export type Plan = { id: string; name: string; resellerId: string | null; price: string; offered: boolean; resources: Resources; maxContainers: number | null; maxBackups: number; maxSnapshots: number; maxBackupBytes: number | null; backupEvery: Every | null; deletedBackupDays: number; deletedContainerDays: number; maxForwards: number; templates: (string)[]; retentionHours: number; startPriority: number; locationId: string | null; firstAnswerMinutes: number | null; solveMinutes: number | null };
export type Power = "running" | "stopped" | "starting" | "stopping";
export type PreviewMail = { kind: MailKind; template: MailTemplate };
export type Problem = { type: string; title: string; status: number; code: ErrorCode; detail?: string | undefined; remedy?: string | undefined; reference?: string | undefined; issues?: ({ path: string; message: string })[] | undefined; operationId?: string | undefined };
export type Prove = { password?: string | undefined; code?: string | undefined };
export type PurgeBackup = { password: string };
export type Quota = { maxContainers: number | null; cpuCores: number | null; memoryBytes: number | null; diskBytes: number | null; backupBytes: number | null; hostIds: (string)[] | null; templateIds: (string)[] | null };
export type QuotaState = { resellerId: string; quota: Quota; used: QuotaUse; over: ("maxContainers" | "cpuCores" | "memoryBytes" | "diskBytes" | "backupBytes")[]; notice: string | null; offeredTemplateIds: (string)[] | null };
export type QuotaUse = { maxContainers: number; cpuCores: number; memoryBytes: number; diskBytes: number; backupBytes: number | null };
export type Recover = { paths?: (string)[] | undefined; allSystemFiles?: true | undefined };
export type Recovery = { operationId: string; bytes: number; createdAt: string; expiresAt: string };
export type RecoveryCodes = { recoveryCodes: (string)[] };
export type RedeemReset = { token: string; password: string };
export type Reinstall = { templateId?: string | undefined; keepOld?: boolean | undefined; resetUsers?: boolean | undefined; /** @deprecated */ reset?: boolean | undefined; release?: string | undefined; rootPassword?: string | undefined; sshKeys?: (string)[] | undefined };
export type RenewRecoveryCodes = { code: string };
export type RenewService = { externalServiceId: string; paidUntil?: string | undefined };
export type Repair = { readOnly?: boolean | undefined; access?: "password" | "keys" | undefined; hours?: number | undefined };
export type Repairing = { id: string; kind: OperationKind; containerId: string | null; containerName: string | null; tenantId: string | null; hostId: string | null; state: OperationState; lock: "exclusive" | "background" | "emergency"; attempt: number; steps: (OperationStep)[]; percent: number; actor: { kind: "user" | "schedule" | "system"; id: string | null; name: string }; cancelRequested: boolean; can: { cancel: boolean; retry: boolean; undo: boolean; confirm: boolean; resolve: boolean }; error: OperationError | null; evidence: (string)[]; result: { [name: string]: unknown }; queuedAt: string; startedAt: string | null; endedAt: string | null; rootPassword: string | null };
export type RequestAccess = { scopes: ("console" | "files" | "exec")[]; minutes?: number | undefined; reason: string; emergency?: boolean | undefined };
export type RequestReset = { email: string };
export type Reseller = { id: string; name: string; tenants: number; quota: Quota; used: QuotaUse; over: ("maxContainers" | "cpuCores" | "memoryBytes" | "diskBytes" | "backupBytes")[]; createdAt: string };
export type ResellerDashboard = { problems: (ResellerProblem)[]; states: StateCounts; tickets: (Ticket)[]; quota: QuotaState; tenants: ({ id: string; name: string; containers: number; running: number; memoryBytes: number; diskBytes: number })[]; failed: (Operation)[]; stuck: number };
export type ResellerProblem = { kind: "containers-silent" | "operation-stuck" | "container-crashed" | "backup-damaged" | "backup-failing" | "ticket-late" | "name-unproven" | "mail-key-missing"; title: string; tenant: string | null; since: string; affected: number; operationId: string | null; containerId: string | null; ticketId: string | null; tenantId: string | null };
export type ResetServicePassword = { externalServiceId: string; rootPassword: string };
export type ResolveOperation = { note: string; outcome?: "failed" | "done" | undefined };
export type Resources = { cpuCores: number; cpuShares: number; memoryBytes: number; pids: number; diskBytes: number; inodes: number };
export type ResourcesInput = { cpuCores: number; cpuShares?: number | undefined; memoryBytes: number; pids: number; diskBytes: number; inodes: number };
export type Restarts = { counted: number; limit: number; windowMs: number; nextAt: string | null; gaveUp: boolean };
export type Restore = { release?: string | undefined };
export type RestoreConsent = { id: string; backupId: string; containerId: string; grantedByName: string; createdAt: string; expiresAt: string; state: "given" | "used" | "revoked" | "expired"; usedAt: string | null };
export type RestoreFiles = { paths: (string)[]; target?: string | undefined; mode?: "overwrite" | "keep-both" | "missing" | undefined };
export type RestoreInto = { containerId: string; release?: string | undefined };
export type RestorePreview = { new: Heap; changed: Heap; deleted: Heap; same: number; first: ({ path: string; kind: FileKind; difference: "new" | "changed" | "deleted"; bytesBefore: number | null; bytesAfter: number | null })[]; whole: boolean };
export type RestorePreviewOf = { paths?: (string)[] | undefined; target?: string | undefined };
export type RetainedVolume = { id: string; containerId: string; reason: "restore" | "reinstall" | "rollback" | "undo"; shownAt: "/old" | null; operationId: string; bytes: number; createdAt: string; expiresAt: string };
export type Role = "provider-admin" | "host-operator" | "support" | "auditor" | "reseller-owner" | "reseller-staff" | "tenant-owner" | "tenant-operator" | "tenant-backup" | "tenant-viewer" | "tenant-billing";
export type RoleDetail = { role: string; title: string; about: string; builtIn: boolean; base: Role; tenantId: string | null; permissions: (Permission)[]; holders: ({ id: string; name: string; only: boolean })[]; invitations: number };
export type RoleInfo = { role: string; title: string; about: string; builtIn: boolean; base: Role; tenantId: string | null; permissions: (Permission)[] };
export type ScopeKind = "installation" | "reseller" | "tenant" | "labels" | "container";
export type SecurityPolicy = { factorRoles: (Role)[] };
export type Service = { externalServiceId: string; externalClientId: string; state: ServiceState; next: string; tenantId: string; tenantName: string; ownerEmail: string | null; containerId: string | null; containerName: string | null; containerState: ContainerState | null; address: string | null; ssh: string | null; planId: string | null; planName: string | null; operationId: string | null; paidUntil: string | null; removeAfter: string | null; recoverableUntil: string | null; createdAt: string };
export type ServiceQuery = { externalServiceId: string };
export type ServiceState = "creating" | "active" | "suspended" | "failed" | "terminating" | "terminated";
export type ServiceUsage = { externalServiceId: string; state: ServiceState; at: string | null; diskBytes: number | null; diskLimitBytes: number | null; memoryBytes: number | null; memoryLimitBytes: number | null; cpuCores: number | null; cpuLimitCores: number | null; receivedBytes: number | null; sentBytes: number | null; backupBytes: number | null };
export type SetBackupCare = { testEvery?: "never" | "week" | "month" | undefined; probe?: InsideCommand | null | undefined; commands?: AroundCommands | undefined };
export type SetBackupSchedule = { enabled: boolean; every: Every; time: string; weekday?: number | undefined; monthDay?: number | undefined; zone: string; keep: KeepInput };
export type SetBackupSettings = { atLimit?: "refuse" | "rotate" | undefined; deletedDays?: number | undefined; password?: string | undefined };
export type SetBrand = { productName: string; supportUrl: string | null; legalUrl: string | null; signInText: string; colours: { light: string; dark: string } | null; sender: { address: string; smtp: SmtpInput | null } | null; mails: { [name: string]: MailTemplate }; language?: "en" | "de" | null | undefined; smtpPassword?: string | undefined };
export type SetLabels = { labels: (string)[] };
export type SetRestartPolicy = { restartPolicy: "never" | "on-failure" | "always" };
export type SetSecurityPolicy = { factorRoles: (Role)[] };
export type SetWebhook = { enabled: boolean };
export type SignInLink = { url: string; expiresAt: string };
export type Smtp = { host: string; port: number; secure: boolean; user: string };
export type SmtpInput = { host: string; port: number; secure?: boolean | undefined; user?: string | undefined };
export type Snapshot = { id: string; containerId: string; name: string; kind: "manual" | "automatic"; state: "making" | "present" | "deleting"; bytes: number | null; freezeMs: number | null; template: { name: string; version: string }; createdAt: string; operationId: string; actorName: string };
export type Snapshots = { items: (Snapshot)[]; nextCursor: string | null; max: number };
export type StartFactor = { code?: string | undefined };
export type StartImport = { tenantId: string; planId: string; sizeBytes: number; hostId?: string | undefined; fileName?: string | undefined; fingerprint?: string | undefined };
export type StateCounts = { running: number; stopped: number; suspended: number; repairing: number; creating: number; unknown: number };
export type StepState = "pending" | "running" | "done" | "failed" | "undoing" | "undone" | "skipped";
export type StopContainer = { timeoutMs?: number | undefined };
export type SuspendService = { externalServiceId: string; message?: string | undefined };
export type Template = { id: string; name: string; version: string; title: string; init: "systemd" | "busybox" | "sysvinit"; layers: (string)[]; bytes: number; sshServer: boolean; offered: boolean; createdAt: string };
export type Tenant = { id: string; name: string; resellerId: string | null; containers: number; users: number; createdAt: string };
export type TestReport = { testedAt: string; passed: boolean; why: string | null; tookMs: number; restored: { files: number; bytes: number; tookMs: number } | null; boot: { state: "running" | "degraded" | "up" | "ended" | "timeout"; tookMs: number; failedUnits: (string)[] } | null; probe: CommandOutcome | null; log: string };
export type Ticket = { id: string; number: number; tenantId: string; tenantName: string; containerId: string | null; containerName: string | null; operationId: string | null; subject: string; state: "open" | "waiting" | "closed"; level: "reseller" | "provider"; priority: TicketPriority; assignee: { id: string; name: string } | null; openedBy: string; createdAt: string; updatedAt: string; firstAnswer: { targetAt: string | null; doneAt: string | null; late: boolean }; solution: { targetAt: string | null; doneAt: string | null; late: boolean }; action: { what: TicketAction; words: string; state: "asked" | "approving" | "approved" | "declined"; decidedBy: string | null; decidedAt: string | null; reason: string | null; operationId: string | null } | null };
export type TicketAction = { kind: "plan"; planId: string } | { kind: "container"; name: string; planId: string; templateId: string } | { kind: "template"; name: string };
export type TicketAttachment = { id: string; at: string; author: string; internal: boolean; name: string; type: string; bytes: number };
export type TicketDetail = { id: string; number: number; tenantId: string; tenantName: string; containerId: string | null; containerName: string | null; operationId: string | null; subject: string; state: "open" | "waiting" | "closed"; level: "reseller" | "provider"; priority: TicketPriority; assignee: { id: string; name: string } | null; openedBy: string; createdAt: string; updatedAt: string; firstAnswer: { targetAt: string | null; doneAt: string | null; late: boolean }; solution: { targetAt: string | null; doneAt: string | null; late: boolean }; action: { what: TicketAction; words: string; state: "asked" | "approving" | "approved" | "declined"; decidedBy: string | null; decidedAt: string | null; reason: string | null; operationId: string | null } | null; snapshot: TicketSnapshot | null; messages: (TicketMessage)[]; attachments: (TicketAttachment)[]; consents: (Consent)[]; can: { write: boolean; note: boolean; escalate: boolean; assign: boolean; close: boolean; decide: boolean; requestAccess: boolean }; assignees: ({ id: string; name: string })[] };
export type TicketMessage = { id: string; at: string; side: TicketSide; author: string; kind: "message" | "event"; internal: boolean; body: string };
export type TicketPriority = "low" | "normal" | "high" | "urgent";
export type TicketSide = "tenant" | "reseller" | "provider" | "system";
export type TicketSnapshot = { takenAt: string; container: { id: string; name: string; hostName: string; state: ContainerState; since: string | null; lastKnown: { state: ContainerState; at: string } | null; lastExit: Exit | null; exits: (Exit)[]; restarts: Restarts | null; restartPolicy: "never" | "on-failure" | "always"; template: { id: string; name: string; version: string; title: string }; addresses: (string)[]; resources: Resources; usage: Usage | null; holds: ({ reason: HoldReason; message: string | null; over: "container" | "tenant"; stop: boolean; placedAt: string })[]; lastBackupAt: string | null }; plan: Plan | null; operations: ({ id: string; kind: OperationKind; state: OperationState; attempt: number; steps: (OperationStep)[]; percent: number; actor: { kind: "user" | "schedule" | "system"; id: string | null; name: string }; error: OperationError | null; evidence: (string)[]; queuedAt: string; startedAt: string | null; endedAt: string | null })[] };
export type Token = { id: string; name: string; userId: string; userName: string; verbs: (Permission)[] | null; containerIds: (string)[] | null; labels: (string)[] | null; addresses: (string)[] | null; brandId: string | null; createdAt: string; lastUsedAt: string | null; expiresAt: string | null; current: boolean };
export type TrashItem = { id: string; path: string; kind: FileKind; bytes: number | null; deletedAt: string };
export type TurnOffFactor = { password: string; code: string };
export type Undelete = { backupId?: string | undefined; name?: string | undefined; acceptNewAddress?: boolean | undefined; start?: boolean | undefined };
export type UpdateOutage = { message: string };
export type UploadState = { received: number; entry: FileEntry | null };
export type Usage = { cpuSeconds: number; cpuCores: number; memoryBytes: number; pids: number; diskBytes: number; inodes: number; receivedBytes: number; sentBytes: number };
export type Verdict = { allowed: boolean; reason: string | null };
export type Webhook = { id: string; tenantId: string | null; url: string; events: (WebhookEvent)[]; enabled: boolean; problem: string | null; createdAt: string };
export type WebhookDelivery = { id: string; webhookId: string; event: WebhookEvent | "webhook.test"; state: "waiting" | "delivered" | "failed"; attempts: number; nextAttemptAt: string | null; status: number | null; problem: string | null; body: string; createdAt: string; endedAt: string | null };
export type WebhookEvent = "operation.succeeded" | "operation.failed" | "operation.cancelled" | "operation.stuck";
export type WhoAmI = { id: string; kind: "person" | "service"; name: string; email: string; role: Role | null; tenantId: string | null; tenantName: string | null; assignments: (Assignment)[]; permissions: (Permission)[]; via: "session" | "token"; token: { id: string; name: string; verbs: (Permission)[] | null; containerIds: (string)[] | null; labels: (string)[] | null; addresses: (string)[] | null; brandId: string | null; expiresAt: string | null } | null };
export type WhoCan = { verb: Permission; containerId: string; people: ({ userId: string; name: string; email: string; kind: "person" | "service"; assignments: (Assignment)[] })[] };
export type WrittenSince = { since: string; written: Heap; deleted: number; folders: ({ path: string; written: Heap })[]; whole: boolean };

/** What each address takes and gives, by the operationId of the OpenAPI document. */
export type Api = {
  /** Sign in; sets the session cookie */
  "session.create": { input: { body: { email: string; password: string; code?: string | undefined } | { link: string } }; output: null };
  /** Sign out here */
  "session.delete": { input: {  }; output: null };
  /** Who is signed in */
  "me.get": { input: {  }; output: Me };
  /** Choose what the panel and its mails are read in */
  "me.setLanguage": { input: { body: { language: "en" | "de" | null } }; output: null };
  /** Change the own password; ends all other sessions */
  "me.password": { input: { body: ChangePassword }; output: null };
  /** End one session */
  "me.sessions.revoke": { input: { params: { id: string } }; output: null };
  /** Sign out everywhere */
  "me.sessions.revokeAll": { input: {  }; output: null };
  /** Ask for a reset link by mail; always answers the same */
  "password.requestReset": { input: { body: RequestReset }; output: null };
  /** Set a password with a link from a mail */
  "password.redeemReset": { input: { body: RedeemReset }; output: null };
  /** A program asks to be let in; the person types its code at /device */
  "device.start": { input: { body: { name: string } }; output: { deviceCode: string; userCode: string; path: string; expiresAt: string; intervalSeconds: number } };
  /** Whether the person has agreed; then, once, the token */
  "device.poll": { input: { body: { deviceCode: string } }; output: { state: "waiting" | "approved" | "denied"; token: string | null } };
  /** Let a program in as oneself, or turn it away */
  "device.decide": { input: { body: { userCode: string; approve: boolean } }; output: null };
  /** Tenants */
  "tenants.list": { input: { query?: { cursor?: string | undefined; limit?: number | undefined; q?: string | undefined; resellerId?: string | undefined; kind?: "tenant" | "reseller" | undefined } }; output: { items: (Tenant)[]; nextCursor: string | null } };
  /** Create a tenant; its owner gets a link by mail */
  "tenants.create": { input: { body: CreateTenant }; output: Tenant };
  /** One tenant */
  "tenants.get": { input: { params: { id: string } }; output: Tenant };
  /** Who did what, newest first */
  "audit.list": { input: { query?: { cursor?: string | undefined; limit?: number | undefined; actor?: string | undefined; verb?: string | undefined; target?: string | undefined; outcome?: "allowed" | "denied" | "failed" | undefined; tenantId?: string | undefined; since?: string | undefined; until?: string | undefined; tenant?: string | undefined; from?: string | undefined } }; output: { items: (AuditEntry)[]; nextCursor: string | null } };
  /** All that a search of the record finds, as lines of JSON or as CSV */
  "audit.export": { input: { query?: { format?: "csv" | "jsonl" | undefined; actor?: string | undefined; verb?: string | undefined; target?: string | undefined; outcome?: "allowed" | "denied" | "failed" | undefined; tenantId?: string | undefined; since?: string | undefined; until?: string | undefined; tenant?: string | undefined; from?: string | undefined } }; output: unknown };
  /** Compute the chain of the record anew, and compare it with what the hosts keep */
  "audit.verify": { input: {  }; output: AuditVerification };
  /** Who asks, with which rights over what */
  whoami: { input: {  }; output: WhoAmI };
  /** Why the asker may or may not do something to a container */
  "access.explain": { input: { query: { verb: Permission; container: string } }; output: Explanation };
  /** Who may do something to a container */
  "access.who": { input: { query: { verb: Permission; container: string } }; output: WhoCan };
  /** Built-in roles, and custom ones */
  "roles.list": { input: {  }; output: { items: (RoleInfo)[]; nextCursor: string | null } };
  /** Make a role with fewer rights than a built-in one */
  "roles.create": { input: { body: CreateRole }; output: RoleInfo };
  /** A custom role, and who has it */
  "roles.get": { input: { params: { id: string } }; output: RoleDetail };
  /** Name a custom role, or say anew which rights it has; it counts for whoever has it from their next request */
  "roles.change": { input: { params: { id: string }; body: ChangeRole }; output: RoleInfo };
  /** Delete a custom role: whoever has it loses it, and who has no other is out */
  "roles.delete": { input: { params: { id: string } }; output: null };
  /** Labels in use on the containers one may see */
  "labels.list": { input: { query?: { tenantId?: string | undefined } }; output: { items: (LabelInUse)[]; nextCursor: string | null } };
  /** Live tokens of oneself or of a service account */
  "tokens.list": { input: { query?: { serviceAccountId?: string | undefined } }; output: { items: (Token)[]; nextCursor: string | null } };
  /** Make a token; it is told in this answer alone */
  "tokens.create": { input: { body: CreateToken }; output: NewToken };
  /** End a token, and those made with it */
  "tokens.revoke": { input: { params: { id: string } }; output: null };
  /** The own second factor, and whether one is asked for */
  "me.factor.get": { input: {  }; output: Factor };
  /** Begin with an authenticator app; its secret is told in this answer alone */
  "me.factor.start": { input: { body: StartFactor }; output: FactorStarted };
  /** Confirm it by a code: from then on sign-ins ask for one; all other sessions end */
  "me.factor.confirm": { input: { body: ConfirmFactor }; output: RecoveryCodes };
  /** New recovery codes instead of those before */
  "me.factor.renewCodes": { input: { body: RenewRecoveryCodes }; output: RecoveryCodes };
  /** Sign in by password alone again; needs password and code */
  "me.factor.turnOff": { input: { body: TurnOffFactor }; output: null };
  /** What a browser needs to make a passkey */
  "me.passkeys.options": { input: {  }; output: PasskeyOptions };
  /** Keep a passkey that the browser made */
  "me.passkeys.add": { input: { body: AddPasskey }; output: PasskeyAdded };
  /** Forget a passkey; needs the password */
  "me.passkeys.remove": { input: { params: { id: string }; body: PurgeBackup }; output: null };
  /** What a browser needs to sign in with a passkey */
  "session.passkeyOptions": { input: {  }; output: PasskeyOptions };
  /** Sign in with a passkey; sets the session cookie */
  "session.passkey": { input: { body: PasskeySignIn }; output: null };
  /** Show again who one is, by password or code: what asks for it goes on for a while */
  "me.prove": { input: { body: Prove }; output: null };
  /** Take the second factor of somebody who lost it; they are told by mail, and signed out */
  "people.resetFactor": { input: { params: { id: string } }; output: null };
  /** Whether the account asks its people for a second factor */
  "tenants.security": { input: { params: { id: string } }; output: AccountSecurity };
  /** Ask the people of the account for a second factor, or no longer */
  "tenants.setSecurity": { input: { params: { id: string }; body: AccountSecurity }; output: AccountSecurity };
  /** Which roles must have a second factor */
  "security.get": { input: {  }; output: SecurityPolicy };
  /** Say which roles must have a second factor */
  "security.set": { input: { body: SetSecurityPolicy }; output: SecurityPolicy };
  /** Who else may say who somebody is: for the installation, or for a reseller’s names */
  "identityProviders.list": { input: { query?: { resellerId?: string | undefined } }; output: { items: ({ id: string; resellerId: string | null; issuer: string; name: string; clientId: string; scopes: (string)[]; groupsClaim: string | null; mappings: ({ group: string; role: Role; tenantId: string | null })[]; unknownPeople: "make" | "refuse"; linkByEmail: boolean; exclusive: boolean; trustedFactors: (string)[]; privateNetwork: boolean; enabled: boolean; redirectUris: (string)[]; logoutUris: (string)[]; people: number; lastTry: { at: string; problem: string | null; email: string | null; emailVerified: boolean; groups: (string)[]; roles: (string)[]; factor: boolean } | null; createdAt: string })[]; nextCursor: null } };
  /** Add a provider; its client secret can be written and never read */
  "identityProviders.create": { input: { body: { resellerId: string | null; issuer: string; clientSecret: string; name: string; clientId: string; scopes?: (string)[] | undefined; groupsClaim?: string | null | undefined; mappings?: ({ group: string; role: Role; tenantId: string | null })[] | undefined; unknownPeople?: "make" | "refuse" | undefined; linkByEmail?: boolean | undefined; exclusive?: boolean | undefined; trustedFactors?: (string)[] | undefined; privateNetwork?: boolean | undefined; enabled?: boolean | undefined } }; output: { id: string; resellerId: string | null; issuer: string; name: string; clientId: string; scopes: (string)[]; groupsClaim: string | null; mappings: ({ group: string; role: Role; tenantId: string | null })[]; unknownPeople: "make" | "refuse"; linkByEmail: boolean; exclusive: boolean; trustedFactors: (string)[]; privateNetwork: boolean; enabled: boolean; redirectUris: (string)[]; logoutUris: (string)[]; people: number; lastTry: { at: string; problem: string | null; email: string | null; emailVerified: boolean; groups: (string)[]; roles: (string)[]; factor: boolean } | null; createdAt: string } };
  /** One provider */
  "identityProviders.get": { input: { params: { id: string } }; output: { id: string; resellerId: string | null; issuer: string; name: string; clientId: string; scopes: (string)[]; groupsClaim: string | null; mappings: ({ group: string; role: Role; tenantId: string | null })[]; unknownPeople: "make" | "refuse"; linkByEmail: boolean; exclusive: boolean; trustedFactors: (string)[]; privateNetwork: boolean; enabled: boolean; redirectUris: (string)[]; logoutUris: (string)[]; people: number; lastTry: { at: string; problem: string | null; email: string | null; emailVerified: boolean; groups: (string)[]; roles: (string)[]; factor: boolean } | null; createdAt: string } };
  /** Set a provider as a whole, but for its issuer */
  "identityProviders.set": { input: { params: { id: string }; body: { name: string; clientId: string; scopes?: (string)[] | undefined; groupsClaim?: string | null | undefined; mappings?: ({ group: string; role: Role; tenantId: string | null })[] | undefined; unknownPeople?: "make" | "refuse" | undefined; linkByEmail?: boolean | undefined; exclusive?: boolean | undefined; trustedFactors?: (string)[] | undefined; privateNetwork?: boolean | undefined; enabled?: boolean | undefined; clientSecret?: string | undefined } }; output: { id: string; resellerId: string | null; issuer: string; name: string; clientId: string; scopes: (string)[]; groupsClaim: string | null; mappings: ({ group: string; role: Role; tenantId: string | null })[]; unknownPeople: "make" | "refuse"; linkByEmail: boolean; exclusive: boolean; trustedFactors: (string)[]; privateNetwork: boolean; enabled: boolean; redirectUris: (string)[]; logoutUris: (string)[]; people: number; lastTry: { at: string; problem: string | null; email: string | null; emailVerified: boolean; groups: (string)[]; roles: (string)[]; factor: boolean } | null; createdAt: string } };
  /** Remove a provider: sessions that it opened end, and the roles that followed from it go */
  "identityProviders.remove": { input: { params: { id: string } }; output: null };
  /** Go there and come back without signing anybody in; what it said is kept in `lastTry` */
  "identityProviders.try": { input: { params: { id: string }; body: Empty }; output: { url: string } };
  /** By whom one can sign in under this name */
  "session.providers": { input: {  }; output: { items: ({ id: string; name: string })[]; nextCursor: null } };
  /** Begin to sign in by a provider: where the browser is to go */
  "session.provider": { input: { params: { id: string }; body: { next?: string | undefined } }; output: { url: string } };
  /** Where a provider sends the browser back; leads on to a page */
  "session.providerAnswer": { input: { query?: { state?: string | undefined } }; output: null };
  /** A provider says that somebody has signed out there (OpenID Connect back-channel logout) */
  "session.providerLogout": { input: { params: { id: string } }; output: null };
  /** The code of the second factor, after a provider’s word; sets the session cookie */
  "session.providerCode": { input: { body: RenewRecoveryCodes }; output: { next: string } };
  /** By whom one signs in, and could */
  "me.identities.list": { input: {  }; output: { items: ({ id: string; providerId: string; name: string; createdAt: string; lastUsedAt: string | null })[]; offered: ({ id: string; name: string })[]; password: boolean } };
  /** Connect a provider with the own account: where the browser is to go */
  "me.identities.begin": { input: { body: { providerId: string } }; output: { url: string } };
  /** Disconnect a provider */
  "me.identities.remove": { input: { params: { id: string } }; output: null };
  /** Show again who one is by signing in anew there: where the browser is to go */
  "me.proveBy": { input: { params: { id: string }; body: Empty }; output: { url: string } };
  /** People, service accounts and open invitations */
  "members.list": { input: { params: { id: string } }; output: { items: (Member)[]; nextCursor: string | null } };
  /** Invite a person by mail, or make a service account */
  "members.add": { input: { params: { id: string }; body: AddMember }; output: Member };
  /** One of them */
  "members.get": { input: { params: { id: string; memberId: string } }; output: Member };
  /** Other roles instead of those they have */
  "members.change": { input: { params: { id: string; memberId: string }; body: ChangeMember }; output: Member };
  /** Take their roles, or the invitation back; their sessions and tokens end */
  "members.remove": { input: { params: { id: string; memberId: string } }; output: null };
  /** Send an open invitation again: a new link, and time from now; the one before works no more */
  "members.resend": { input: { params: { id: string; memberId: string }; body: Empty }; output: Member };
  /** The provider’s own people and service accounts with a role over the installation, and open invitations */
  "staff.list": { input: {  }; output: { items: (Member)[]; nextCursor: string | null } };
  /** Invite somebody among the provider’s staff by mail, or make a service account */
  "staff.add": { input: { body: AddMember }; output: Member };
  /** One of them */
  "staff.get": { input: { params: { memberId: string } }; output: Member };
  /** Other roles over the installation instead of those they have */
  "staff.change": { input: { params: { memberId: string }; body: ChangeMember }; output: Member };
  /** Take their roles over the installation, or the invitation back; their sessions and tokens end */
  "staff.remove": { input: { params: { memberId: string } }; output: null };
  /** Send an open invitation again: a new link, and time from now; the one before works no more */
  "staff.resend": { input: { params: { memberId: string }; body: Empty }; output: Member };
  /** Take an invitation up by the token from the mail; who has an account, signed in as it */
  "invitations.accept": { input: { body: AcceptInvitation }; output: null };
  /** What holds a container */
  "holds.list": { input: { params: { id: string } }; output: { items: (Hold)[]; nextCursor: string | null } };
  /** Hold a container: its people can only look, and it is stopped unless told otherwise */
  "holds.place": { input: { params: { id: string }; body: PlaceHold }; output: Hold };
  /** Lift a hold by its reason; with the last one what was wanted before comes back */
  "holds.lift": { input: { params: { id: string }; query: { reason: HoldReason } }; output: null };
  /** What holds all of a tenant */
  "tenantHolds.list": { input: { params: { id: string } }; output: { items: (Hold)[]; nextCursor: string | null } };
  /** Hold all containers of a tenant, and what its people may change */
  "tenantHolds.place": { input: { params: { id: string }; body: PlaceHold }; output: Hold };
  /** Lift a hold on a tenant by its reason */
  "tenantHolds.lift": { input: { params: { id: string }; query: { reason: HoldReason } }; output: null };
  /** Resellers, with their quota and what is used of it */
  "resellers.list": { input: { query?: { cursor?: string | undefined; limit?: number | undefined; q?: string | undefined } }; output: { items: (Reseller)[]; nextCursor: string | null } };
  /** Create a reseller with its quota; its owner gets a link by mail */
  "resellers.create": { input: { body: CreateReseller }; output: Reseller };
  /** One reseller, with its quota and what is used of it */
  "resellers.get": { input: { params: { id: string } }; output: Reseller };
  /** What a reseller may use, and what it does */
  "resellers.quota": { input: { params: { id: string } }; output: QuotaState };
  /** Set what a reseller may use; below what it uses nothing grows any more */
  "resellers.setQuota": { input: { params: { id: string }; body: Quota }; output: QuotaState };
  /** What is broken and for whom, who waits for an answer, a reseller’s tenants and what they take of its quota */
  "resellers.dashboard": { input: { params: { id: string } }; output: ResellerDashboard };
  /** Choose which templates a reseller’s tenants may have */
  "resellers.offer": { input: { params: { id: string }; body: OfferTemplates }; output: QuotaState };
  /** A reseller’s brand, its names, and where the provider would still show */
  "brands.get": { input: { params: { id: string } }; output: Brand };
  /** Set a brand as a whole */
  "brands.set": { input: { params: { id: string }; body: SetBrand }; output: Brand };
  /** Put a picture in place: a PNG file, of which the pixels are kept */
  "brands.setAsset": { input: { params: { id: string; asset: string } }; output: Brand };
  /** Remove a picture */
  "brands.removeAsset": { input: { params: { id: string; asset: string } }; output: Brand };
  /** Claim a host name; the answer says how it is proven */
  "brands.addHost": { input: { params: { id: string }; body: AddBrandHost }; output: BrandHost };
  /** Look for the record that proves a host name */
  "brands.proveHost": { input: { params: { id: string; hostId: string }; body: Empty }; output: BrandHost };
  /** Give a host name up */
  "brands.dropHost": { input: { params: { id: string; hostId: string } }; output: null };
  /** Make a key pair that signs mails from the sender’s address; the answer has the record to publish */
  "brands.addDkim": { input: { params: { id: string }; body: Empty }; output: BrandDkimKey };
  /** Look for the record of a key; from then on it signs */
  "brands.proveDkim": { input: { params: { id: string; keyId: string }; body: Empty }; output: BrandDkimKey };
  /** Throw a key away: mails leave without its signature */
  "brands.dropDkim": { input: { params: { id: string; keyId: string } }; output: null };
  /** How a mail would look; nothing is sent */
  "brands.previewMail": { input: { params: { id: string }; body: PreviewMail }; output: MailPreview };
  /** Whether a name is one of ours, for proxies that get certificates on demand */
  "brands.ask": { input: { query: { domain: string } }; output: null };
  /** A picture of the brand under whose name it is asked for */
  "brands.asset": { input: { params: { asset: string } }; output: unknown };
  /** Make a service: its tenant, if it is the client’s first, and its container */
  "billing.create": { input: { body: CreateService }; output: Service };
  /** Stop a service and leave its owner to look only */
  "billing.suspend": { input: { body: SuspendService }; output: Service };
  /** Lift what suspends a service, and nothing else */
  "billing.unsuspend": { input: { body: ServiceQuery }; output: Service };
  /** Move a service to another plan */
  "billing.changePlan": { input: { body: ChangeServicePlan }; output: Service };
  /** End a service; its files can be had back for the plan’s days */
  "billing.terminate": { input: { body: ServiceQuery }; output: Service };
  /** Write down that a service is paid for; lifts what suspends it */
  "billing.renew": { input: { body: RenewService }; output: Service };
  /** Set the root password inside a service */
  "billing.resetPassword": { input: { body: ResetServicePassword }; output: Service };
  /** A link that signs in a service’s owner, once, within a minute */
  "billing.signInLink": { input: { body: ServiceQuery }; output: SignInLink };
  /** What services use, newest first */
  "billing.usage": { input: { body: ListServices }; output: { items: (ServiceUsage)[]; nextCursor: string | null } };
  /** Services, newest first */
  "billing.list": { input: { body: ListServices }; output: { items: (Service)[]; nextCursor: string | null } };
  /** Whether the token works, whose it is, and what can be sold */
  "billing.test": { input: {  }; output: BillingTest };
  /** What a reseller’s billing program has sold, newest first */
  "resellers.services": { input: { params: { id: string }; query?: { cursor?: string | undefined; limit?: number | undefined } }; output: { items: (Service)[]; nextCursor: string | null } };
  /** Containers, by name; with deleted=true those that can be had back */
  "containers.list": { input: { query?: { cursor?: string | undefined; limit?: number | undefined; q?: string | undefined; state?: ContainerState | undefined; tenantId?: string | undefined; hostId?: string | undefined; planId?: string | undefined; label?: string | undefined; deleted?: string | undefined } }; output: { items: (Container)[]; nextCursor: string | null } };
  /** Create a container */
  "containers.create": { input: { body: CreateContainer }; output: Operation };
  /** One container */
  "containers.get": { input: { params: { id: string } }; output: Container };
  /** Delete a container; it can be had back from its backups for as many days as the plan says */
  "containers.delete": { input: { params: { id: string } }; output: Operation };
  /** Have a deleted container back from a backup, under its id, name and address */
  "containers.undelete": { input: { params: { id: string }; body: Undelete }; output: Operation };
  /** Start */
  "containers.start": { input: { params: { id: string }; body: Empty }; output: Operation };
  /** Shut down by its own init, killed after the time-out */
  "containers.stop": { input: { params: { id: string }; body: StopContainer }; output: Operation };
  /** Stop and start */
  "containers.restart": { input: { params: { id: string }; body: StopContainer }; output: Operation };
  /** Kill at once; accepted also while something else runs */
  "containers.kill": { input: { params: { id: string }; body: Empty }; output: Operation };
  /** Fresh system; the present files are kept for undo */
  "containers.reinstall": { input: { params: { id: string }; body: Reinstall }; output: Operation };
  /** Another container of the tenant with the same files and an identity of its own */
  "containers.clone": { input: { params: { id: string }; body: CloneContainer }; output: Operation };
  /** Boot a rescue system in its place, its files at /repair; the password for it is told in this answer alone */
  "containers.repair": { input: { params: { id: string }; body: Repair }; output: Repairing };
  /** End the repair: the rescue system goes, its own system comes back */
  "containers.repairFinish": { input: { params: { id: string }; body: Empty }; output: Operation };
  /** More time for the repair, counted from now or on top of what is left */
  "containers.repairExtend": { input: { params: { id: string }; body: ExtendRepair }; output: Container };
  /** ssh keys, root password, host name */
  "containers.access": { input: { params: { id: string }; body: Access }; output: Operation };
  /** Move to another plan, live */
  "containers.configure": { input: { params: { id: string }; body: Configure }; output: Operation };
  /** What happens when it ends by itself */
  "containers.restartPolicy": { input: { params: { id: string }; body: SetRestartPolicy }; output: Operation };
  /** Labels, over which people may be given roles */
  "containers.labels": { input: { params: { id: string }; body: SetLabels }; output: Container };
  /** Some labels more or fewer, whatever the others are */
  "containers.changeLabels": { input: { params: { id: string }; body: ChangeLabels }; output: Container };
  /** Run one command inside, at most once */
  "containers.exec": { input: { params: { id: string }; body: ExecRequest }; output: ExecResult };
  /** The end of the boot log */
  "containers.log": { input: { params: { id: string } }; output: { text: string } };
  /** Port forwards */
  "forwards.list": { input: { params: { id: string } }; output: { items: (Forward)[]; nextCursor: string | null } };
  /** Forward a port of the host */
  "forwards.create": { input: { params: { id: string }; body: AddForward }; output: Operation };
  /** Remove a port forward */
  "forwards.delete": { input: { params: { id: string; forwardId: string } }; output: Operation };
  /** Offer a container to another account; whether anybody is reached is not told */
  "handovers.offer": { input: { params: { id: string }; body: { to: RequestReset | { tenantId: string } | { handoverId: string }; note?: string | undefined; days?: number | undefined } }; output: { id: string; state: "asked" | "open" | "moving" | "done" | "declined" | "withdrawn" | "expired"; side: "giver" | "receiver" | "both"; containerId: string; containerName: string; from: string; to: string; offeredBy: string; note: string; what: { plan: string; template: string; resources: Resources; usedBytes: number | null; snapshots: number; forwards: number; sshKeys: (string)[]; backups: number } | null; giver: { by: string; at: string } | null; receiver: { by: string; at: string } | null; operationId: string | null; problem: string | null; createdAt: string; expiresAt: string; endedAt: string | null } };
  /** Offers of containers, given and received, newest first */
  "handovers.list": { input: { query?: { cursor?: string | undefined; limit?: number | undefined; open?: string | undefined; containerId?: string | undefined } }; output: { items: ({ id: string; state: "asked" | "open" | "moving" | "done" | "declined" | "withdrawn" | "expired"; side: "giver" | "receiver" | "both"; containerId: string; containerName: string; from: string; to: string; offeredBy: string; note: string; what: { plan: string; template: string; resources: Resources; usedBytes: number | null; snapshots: number; forwards: number; sshKeys: (string)[]; backups: number } | null; giver: { by: string; at: string } | null; receiver: { by: string; at: string } | null; operationId: string | null; problem: string | null; createdAt: string; expiresAt: string; endedAt: string | null })[]; nextCursor: string | null } };
  /** One offer, with what comes along and who consented */
  "handovers.get": { input: { params: { id: string } }; output: { id: string; state: "asked" | "open" | "moving" | "done" | "declined" | "withdrawn" | "expired"; side: "giver" | "receiver" | "both"; containerId: string; containerName: string; from: string; to: string; offeredBy: string; note: string; what: { plan: string; template: string; resources: Resources; usedBytes: number | null; snapshots: number; forwards: number; sshKeys: (string)[]; backups: number } | null; giver: { by: string; at: string } | null; receiver: { by: string; at: string } | null; operationId: string | null; problem: string | null; createdAt: string; expiresAt: string; endedAt: string | null } };
  /** Consent, as the giving account, to an offer that staff made */
  "handovers.agree": { input: { params: { id: string }; body: Empty }; output: { id: string; state: "asked" | "open" | "moving" | "done" | "declined" | "withdrawn" | "expired"; side: "giver" | "receiver" | "both"; containerId: string; containerName: string; from: string; to: string; offeredBy: string; note: string; what: { plan: string; template: string; resources: Resources; usedBytes: number | null; snapshots: number; forwards: number; sshKeys: (string)[]; backups: number } | null; giver: { by: string; at: string } | null; receiver: { by: string; at: string } | null; operationId: string | null; problem: string | null; createdAt: string; expiresAt: string; endedAt: string | null } };
  /** Take the container over; ask again how far it is */
  "handovers.accept": { input: { params: { id: string }; body: { name?: string | undefined; removeSshKeys?: boolean | undefined } }; output: { id: string; state: "asked" | "open" | "moving" | "done" | "declined" | "withdrawn" | "expired"; side: "giver" | "receiver" | "both"; containerId: string; containerName: string; from: string; to: string; offeredBy: string; note: string; what: { plan: string; template: string; resources: Resources; usedBytes: number | null; snapshots: number; forwards: number; sshKeys: (string)[]; backups: number } | null; giver: { by: string; at: string } | null; receiver: { by: string; at: string } | null; operationId: string | null; problem: string | null; createdAt: string; expiresAt: string; endedAt: string | null } };
  /** Say no, as the receiving account, or as the giving one to an offer that staff made */
  "handovers.decline": { input: { params: { id: string }; body: Empty }; output: { id: string; state: "asked" | "open" | "moving" | "done" | "declined" | "withdrawn" | "expired"; side: "giver" | "receiver" | "both"; containerId: string; containerName: string; from: string; to: string; offeredBy: string; note: string; what: { plan: string; template: string; resources: Resources; usedBytes: number | null; snapshots: number; forwards: number; sshKeys: (string)[]; backups: number } | null; giver: { by: string; at: string } | null; receiver: { by: string; at: string } | null; operationId: string | null; problem: string | null; createdAt: string; expiresAt: string; endedAt: string | null } };
  /** Take an offer back that nobody has accepted yet */
  "handovers.withdraw": { input: { params: { id: string }; body: Empty }; output: { id: string; state: "asked" | "open" | "moving" | "done" | "declined" | "withdrawn" | "expired"; side: "giver" | "receiver" | "both"; containerId: string; containerName: string; from: string; to: string; offeredBy: string; note: string; what: { plan: string; template: string; resources: Resources; usedBytes: number | null; snapshots: number; forwards: number; sshKeys: (string)[]; backups: number } | null; giver: { by: string; at: string } | null; receiver: { by: string; at: string } | null; operationId: string | null; problem: string | null; createdAt: string; expiresAt: string; endedAt: string | null } };
  /** What is in a folder, a page at a time */
  "files.list": { input: { params: { id: string }; query?: { path?: string | undefined; sort?: "name" | "size" | "modified" | "kind" | undefined; descending?: string | undefined; match?: string | undefined; cursor?: string | undefined; limit?: number | undefined } }; output: FileList };
  /** Create, move, copy, delete, put back, change owners and permissions */
  "files.change": { input: { params: { id: string }; body: FileEdit }; output: FileChanged };
  /** What was deleted and is still kept */
  "files.trash": { input: { params: { id: string } }; output: { items: (TrashItem)[]; nextCursor: null } };
  /** Download a file, or a folder as a tar archive */
  "files.read": { input: { params: { id: string }; query: { path: string } }; output: unknown };
  /** Upload a file, at once or in pieces that may go on after an interruption */
  "files.write": { input: { params: { id: string }; query: { path: string; replace?: string | undefined; unchangedSince?: string | undefined; upload?: string | undefined; offset?: number | undefined; size?: number | undefined } }; output: UploadState };
  /** Delete a file or folder into the trash */
  "files.delete": { input: { params: { id: string }; query: { path: string; permanently?: string | undefined } }; output: FileChanged };
  /** What differs from the template, by folder and size */
  "containers.changes": { input: { params: { id: string }; query?: { path?: string | undefined; system?: string | undefined; recover?: string | undefined } }; output: { items: (ChangedThing)[]; total?: number | undefined; whole: boolean; nextCursor: null } };
  /** Put back files as the template has them; the changed ones go into the trash */
  "containers.recover": { input: { params: { id: string }; body: Recover }; output: Operation };
  /** Backups of a container, newest first */
  "backups.list": { input: { params: { id: string }; query?: { cursor?: string | undefined; limit?: number | undefined; q?: string | undefined; since?: string | undefined; until?: string | undefined; state?: BackupState | undefined; tenantId?: string | undefined; removed?: string | undefined } }; output: { items: (Backup)[]; nextCursor: string | null } };
  /** Back up, also while it runs */
  "backups.create": { input: { params: { id: string }; body: CreateBackup }; output: Operation };
  /** Backups of all containers, newest first */
  "backups.listAll": { input: { query?: { cursor?: string | undefined; limit?: number | undefined; q?: string | undefined; since?: string | undefined; until?: string | undefined; state?: BackupState | undefined; tenantId?: string | undefined; removed?: string | undefined } }; output: { items: (Backup)[]; nextCursor: string | null } };
  /** One backup */
  "backups.get": { input: { params: { id: string } }; output: Backup };
  /** Name, annotate or protect a backup */
  "backups.edit": { input: { params: { id: string }; body: EditBackup }; output: Backup };
  /** Delete a backup; it can be had back for as many days as the plan says */
  "backups.delete": { input: { params: { id: string } }; output: Operation };
  /** Have a deleted backup back */
  "backups.recover": { input: { params: { id: string }; body: Empty }; output: Backup };
  /** Delete a deleted backup for good, before its time; asks for the password */
  "backups.purge": { input: { params: { id: string }; body: PurgeBackup }; output: Operation };
  /** How the place where its backups lie is read back, and what was found there */
  "backups.check": { input: { params: { id: string } }; output: BackupCheck };
  /** Read everything back now, where its newest backup lies */
  "backups.checkNow": { input: { params: { id: string }; body: Empty }; output: Operation };
  /** Prove now that it can be restored: in a container of its own, without a network */
  "backups.test": { input: { params: { id: string }; body: Empty }; output: Operation };
  /** The proof of its latest restore test */
  "backups.testReport": { input: { params: { id: string } }; output: TestReport };
  /** What the commands around it printed */
  "backups.commands": { input: { params: { id: string } }; output: AroundOutcomes };
  /** When its backups are tested by restoring them, and how that went */
  "backups.care": { input: { params: { id: string } }; output: BackupCare };
  /** Decide when its backups are tested by restoring them */
  "backups.setCare": { input: { params: { id: string }; body: SetBackupCare }; output: BackupCare };
  /** How backups are kept, and how much of the plan they take */
  "backups.settings": { input: { params: { id: string } }; output: BackupSettings };
  /** Change how backups are kept */
  "backups.setSettings": { input: { params: { id: string }; body: SetBackupSettings }; output: BackupSettings };
  /** When it is backed up by itself, what is kept, and what the next run lets go */
  "backups.schedule": { input: { params: { id: string } }; output: BackupSchedule };
  /** Decide when it is backed up by itself and what is kept */
  "backups.setSchedule": { input: { params: { id: string }; body: SetBackupSchedule }; output: BackupSchedule };
  /** Restore the whole container, the present files kept for undo; or, with paths, these while it goes on */
  "backups.restore": { input: { params: { id: string }; body: { paths?: unknown | undefined; release?: string | undefined } | RestoreFiles }; output: Operation };
  /** What its tenant has consented to: restores into containers of other tenants */
  "backups.consents": { input: { params: { id: string } }; output: { items: (RestoreConsent)[]; nextCursor: string | null } };
  /** Let it be restored once into one container of another tenant */
  "backups.consent": { input: { params: { id: string }; body: GiveConsent }; output: RestoreConsent };
  /** Take a consent back that has not been used */
  "backups.revokeConsent": { input: { params: { id: string } }; output: null };
  /** Restore into a container of another tenant, with the first tenant's consent */
  "backups.restoreInto": { input: { params: { id: string }; body: RestoreInto }; output: Operation };
  /** What restoring would bring, change and delete; does nothing */
  "backups.previewRestore": { input: { params: { id: string }; body: RestorePreviewOf }; output: RestorePreview };
  /** What is in a folder of a backup, a page at a time */
  "backups.files": { input: { params: { id: string }; query?: { path?: string | undefined; sort?: "name" | "size" | "modified" | "kind" | undefined; descending?: string | undefined; match?: string | undefined; cursor?: string | undefined; limit?: number | undefined } }; output: FileList };
  /** Download a file of a backup, or a folder as a tar archive */
  "backups.readFile": { input: { params: { id: string }; query: { path: string } }; output: unknown };
  /** What came, changed and went between a backup and another, or what is there now */
  "backups.compare": { input: { params: { id: string }; query?: { with?: "now" | string | undefined; path?: string | undefined } }; output: BackupComparison };
  /** Snapshots of a container, newest first; they are on its server and no backups */
  "snapshots.list": { input: { params: { id: string }; query?: { cursor?: string | undefined; limit?: number | undefined } }; output: Snapshots };
  /** Hold all files as they are now, also while it runs */
  "snapshots.create": { input: { params: { id: string }; body: CreateSnapshot }; output: Operation };
  /** Put all files back as they were in a snapshot; the present ones are kept for undo */
  "snapshots.rollback": { input: { params: { id: string }; body: Restore }; output: Operation };
  /** Delete a snapshot */
  "snapshots.delete": { input: { params: { id: string } }; output: Operation };
  /** Make one file of it as it is at one instant, kept for a day: tar.zst of the whole system */
  "containers.export": { input: { params: { id: string }; body: Empty }; output: Operation };
  /** The file an export made, by the id of its operation; a download that was cut off goes on with Range: bytes=N- */
  "exports.content": { input: { params: { id: string } }; output: unknown };
  /** Archives on their way, newest first: uploads that may go on, and such of which no container was made yet */
  "imports.list": { input: { query?: { cursor?: string | undefined; limit?: number | undefined; tenantId?: string | undefined } }; output: { items: (ImportUpload)[]; nextCursor: string | null } };
  /** Open an upload of an archive (exported, or a root file system as tar, plain, gzip or zstd) */
  "imports.start": { input: { body: StartImport }; output: ImportUpload };
  /** How much of an archive has come */
  "imports.get": { input: { params: { id: string } }; output: ImportUpload };
  /** Give an archive up: its place and what has come of it are free again */
  "imports.giveUp": { input: { params: { id: string } }; output: null };
  /** A piece of an archive, from an offset on; the answer says where to go on */
  "imports.write": { input: { params: { id: string }; query: { offset: number } }; output: ImportUpload };
  /** Make a container of an archive that has come in full */
  "containers.import": { input: { body: ImportContainer }; output: Operation };
  /** Places where backups go */
  "locations.list": { input: {  }; output: { items: (BackupLocation)[]; nextCursor: string | null } };
  /** Add a place where backups go */
  "locations.create": { input: { body: CreateBackupLocation }; output: BackupLocation };
  /** One place where backups go */
  "locations.get": { input: { params: { id: string } }; output: BackupLocation };
  /** Change its name, what one signs in with, or whether hosts can delete there */
  "locations.change": { input: { params: { id: string }; body: ChangeBackupLocation }; output: BackupLocation };
  /** Remove one that holds no backup and that nothing names */
  "locations.remove": { input: { params: { id: string } }; output: null };
  /** Where backups of its containers go from now on */
  "plans.location": { input: { params: { id: string }; body: ChooseBackupLocation }; output: Plan };
  /** Where its backups go from now on */
  "containers.location": { input: { params: { id: string }; body: ChooseBackupLocation }; output: null };
  /** Operations, newest first */
  "operations.list": { input: { query?: { cursor?: string | undefined; limit?: number | undefined; since?: string | undefined; until?: string | undefined; containerId?: string | undefined; tenantId?: string | undefined; hostId?: string | undefined; state?: OperationState | undefined; kind?: OperationKind | undefined } }; output: { items: (Operation)[]; nextCursor: string | null } };
  /** One operation */
  "operations.get": { input: { params: { id: string } }; output: Operation };
  /** Ask it to stop and undo itself */
  "operations.cancel": { input: { params: { id: string }; body: Empty }; output: Operation };
  /** Try a failed or stuck one again */
  "operations.retry": { input: { params: { id: string }; body: Empty }; output: Operation };
  /** Take back a restore, reinstall, roll-back or recovery of all system files while its old files are kept */
  "operations.undo": { input: { params: { id: string }; body: Restore }; output: Operation };
  /** What was written since it put the old files aside: what an undo takes away */
  "operations.written": { input: { params: { id: string } }; output: WrittenSince };
  /** Release the kept old files; then it cannot be undone */
  "operations.confirm": { input: { params: { id: string }; body: Empty }; output: Operation };
  /** Say that a person has put a stuck one right */
  "operations.resolve": { input: { params: { id: string }; body: ResolveOperation }; output: Operation };
  /** Tickets, those where something happened last first */
  "tickets.list": { input: { query?: { cursor?: string | undefined; limit?: number | undefined; q?: string | undefined; since?: string | undefined; until?: string | undefined; tenantId?: string | undefined; state?: "open" | "waiting" | "closed" | undefined; level?: "reseller" | "provider" | undefined; containerId?: string | undefined; operationId?: string | undefined; mine?: string | undefined } }; output: { items: (Ticket)[]; nextCursor: string | null } };
  /** Ask for help or for something; how the container stands is kept with it */
  "tickets.create": { input: { body: CreateTicket }; output: TicketDetail };
  /** One ticket with its thread */
  "tickets.get": { input: { params: { id: string } }; output: TicketDetail };
  /** Write in a ticket; internal notes are for staff */
  "tickets.message": { input: { params: { id: string }; body: AddMessage }; output: TicketDetail };
  /** Attach a file of at most 5 MB */
  "tickets.attach": { input: { params: { id: string }; query: { name: string; internal?: string | undefined } }; output: TicketDetail };
  /** An attached file, as a download */
  "tickets.attachment": { input: { params: { id: string; attachmentId: string } }; output: unknown };
  /** Hand a reseller’s ticket on to the provider */
  "tickets.escalate": { input: { params: { id: string }; body: EscalateTicket }; output: TicketDetail };
  /** Give it to somebody; say how urgent it is */
  "tickets.assign": { input: { params: { id: string }; body: AssignTicket }; output: TicketDetail };
  /** End it; a word of the tenant opens it again */
  "tickets.close": { input: { params: { id: string }; body: CloseTicket }; output: TicketDetail };
  /** Do what it asks for */
  "tickets.approve": { input: { params: { id: string } }; output: TicketDetail };
  /** Say no to what it asks for, and why */
  "tickets.decline": { input: { params: { id: string }; body: DeclineTicket }; output: TicketDetail };
  /** Ask the tenant for leave to look inside the container */
  "tickets.requestAccess": { input: { params: { id: string }; body: RequestAccess }; output: TicketDetail };
  /** Who asked to look inside, and who may */
  "consents.list": { input: { query?: { containerId?: string | undefined; ticketId?: string | undefined } }; output: { items: (Consent)[]; nextCursor: string | null } };
  /** Let one of the staff look inside for a time */
  "consents.grant": { input: { params: { id: string }; body: GrantConsent }; output: Consent };
  /** Refuse or end it; what is open by it closes at once */
  "consents.revoke": { input: { params: { id: string } }; output: Consent };
  /** Take back what one asked for oneself, or end one’s own access before its time */
  "consents.withdraw": { input: { params: { id: string } }; output: Consent };
  /** Approve the emergency access that another asked for */
  "consents.approve": { input: { params: { id: string } }; output: Consent };
  /** Outages that concern the reader, newest first */
  "outages.list": { input: { query?: { cursor?: string | undefined; limit?: number | undefined; since?: string | undefined; until?: string | undefined; open?: string | undefined } }; output: { items: (Outage)[]; nextCursor: string | null } };
  /** Declare an outage of servers; all whom it concerns are told */
  "outages.declare": { input: { body: DeclareOutage }; output: Outage };
  /** Tell more of it */
  "outages.update": { input: { params: { id: string }; body: UpdateOutage }; output: Outage };
  /** End it with a report */
  "outages.end": { input: { params: { id: string }; body: EndOutage }; output: Outage };
  /** Templates */
  "templates.list": { input: { query?: { cursor?: string | undefined; limit?: number | undefined; q?: string | undefined } }; output: { items: (Template)[]; nextCursor: string | null } };
  /** Build a template on a host */
  "templates.build": { input: { body: BuildTemplate }; output: Operation };
  /** One template */
  "templates.get": { input: { params: { id: string } }; output: Template };
  /** Withdraw a template, so that nothing new is made from it, or offer it again */
  "templates.offer": { input: { params: { id: string }; body: OfferTemplate }; output: Template };
  /** Plans */
  "plans.list": { input: { query?: { cursor?: string | undefined; limit?: number | undefined; q?: string | undefined } }; output: { items: (Plan)[]; nextCursor: string | null } };
  /** Create a plan */
  "plans.create": { input: { body: CreatePlan }; output: Plan };
  /** One plan */
  "plans.get": { input: { params: { id: string } }; output: Plan };
  /** Change a plan’s name and price, and whether it is offered */
  "plans.edit": { input: { params: { id: string }; body: EditPlan }; output: Plan };
  /** Hosts */
  "hosts.list": { input: { query?: { cursor?: string | undefined; limit?: number | undefined; q?: string | undefined; state?: "ok" | "silent" | "enrolling" | "disabled" | "lost" | undefined } }; output: { items: (Host)[]; nextCursor: string | null } };
  /** One host */
  "hosts.get": { input: { params: { id: string } }; output: Host };
  /** A single-use token with which one host may join, good for an hour */
  "hosts.token": { input: { body: { name: string } }; output: { token: string; expiresAt: string } };
  /** An agent joins with its token */
  "hosts.enroll": { input: { body: EnrollRequest }; output: EnrollResult };
  /** What would be lost with a host: of each container, what was written since its newest backup */
  "hosts.loss": { input: { params: { id: string } }; output: HostLoss };
  /** Write off a host that does not answer, or some of its containers, so that they can be had back elsewhere */
  "hosts.lose": { input: { params: { id: string }; body: LoseHost }; output: HostLoss };
  /** Take a host into use again; what was written off with it stays so */
  "hosts.reuse": { input: { params: { id: string } }; output: null };
  /** Containers that only their host knows */
  "orphans.list": { input: {  }; output: { items: (Orphan)[]; nextCursor: string | null } };
  /** Take one in as a container of its tenant; it runs on undisturbed */
  "orphans.adopt": { input: { params: { id: string }; body: AdoptOrphan }; output: Container };
  /** Leave one alone, or stop ignoring it; nothing happens to it on its host */
  "orphans.ignore": { input: { params: { id: string }; body: IgnoreOrphan }; output: null };
  /** What is broken, who is affected, since when */
  "dashboard.get": { input: {  }; output: Dashboard };
  /** Server-sent events; resumes after Last-Event-ID */
  "events.stream": { input: {  }; output: unknown };
  /** This interface as OpenAPI 3.1 */
  "openapi.get": { input: {  }; output: { [name: string]: unknown } };
  /** Webhooks */
  "webhooks.list": { input: { query?: { cursor?: string | undefined; limit?: number | undefined; q?: string | undefined; tenantId?: string | undefined } }; output: { items: (Webhook)[]; nextCursor: string | null } };
  /** Make a webhook; the answer has its secret, which is never told again */
  "webhooks.create": { input: { body: CreateWebhook }; output: CreatedWebhook };
  /** One webhook */
  "webhooks.get": { input: { params: { id: string } }; output: Webhook };
  /** Turn a webhook on or off */
  "webhooks.set": { input: { params: { id: string }; body: SetWebhook }; output: Webhook };
  /** Delete a webhook with its log */
  "webhooks.delete": { input: { params: { id: string } }; output: null };
  /** Send a message that means nothing */
  "webhooks.test": { input: { params: { id: string }; body: Empty }; output: WebhookDelivery };
  /** What a webhook was told and how that went, newest first; kept for 30 days */
  "webhooks.deliveries": { input: { params: { id: string }; query?: { cursor?: string | undefined; limit?: number | undefined } }; output: { items: (WebhookDelivery)[]; nextCursor: string | null } };
  /** Send what was sent before once more, as a message of its own */
  "webhooks.replay": { input: { params: { id: string }; body: Empty }; output: WebhookDelivery };
};

export type Field = {
  shape: 'string' | 'number' | 'boolean' | 'strings' | 'json';
  required?: true;
  choices?: readonly unknown[];
  about?: string;
  deprecated?: true;
};
export type Address = {
  method: string;
  /** Below /api/v1. */
  path: string;
  status: number;
  summary: string;
  query?: Readonly<Record<string, Field>>;
  body?: Readonly<Record<string, Field>>;
  bytes?: 'body' | 'answer';
  deprecated?: true;
};
export const addresses: Readonly<Record<keyof Api, Address>> = {
  "session.create": {"method":"POST","path":"/session","status":204,"summary":"Sign in; sets the session cookie","body":{"email":{"shape":"string"},"password":{"shape":"string"},"code":{"shape":"string"},"link":{"shape":"string"}}},
  "session.delete": {"method":"DELETE","path":"/session","status":204,"summary":"Sign out here"},
  "me.get": {"method":"GET","path":"/me","status":200,"summary":"Who is signed in"},
  "me.setLanguage": {"method":"PUT","path":"/me/language","status":204,"summary":"Choose what the panel and its mails are read in","body":{"language":{"shape":"string","required":true}}},
  "me.password": {"method":"POST","path":"/me/password","status":204,"summary":"Change the own password; ends all other sessions","body":{"current":{"shape":"string","required":true},"next":{"shape":"string","required":true}}},
  "me.sessions.revoke": {"method":"DELETE","path":"/me/sessions/{id}","status":204,"summary":"End one session"},
  "me.sessions.revokeAll": {"method":"DELETE","path":"/me/sessions","status":204,"summary":"Sign out everywhere"},
  "password.requestReset": {"method":"POST","path":"/password/reset-request","status":204,"summary":"Ask for a reset link by mail; always answers the same","body":{"email":{"shape":"string","required":true}}},
  "password.redeemReset": {"method":"POST","path":"/password/reset","status":204,"summary":"Set a password with a link from a mail","body":{"token":{"shape":"string","required":true},"password":{"shape":"string","required":true}}},
  "device.start": {"method":"POST","path":"/device/start","status":201,"summary":"A program asks to be let in; the person types its code at /device","body":{"name":{"shape":"string","required":true}}},
  "device.poll": {"method":"POST","path":"/device/poll","status":200,"summary":"Whether the person has agreed; then, once, the token","body":{"deviceCode":{"shape":"string","required":true}}},
  "device.decide": {"method":"POST","path":"/device/decide","status":204,"summary":"Let a program in as oneself, or turn it away","body":{"userCode":{"shape":"string","required":true},"approve":{"shape":"boolean","required":true}}},
  "tenants.list": {"method":"GET","path":"/tenants","status":200,"summary":"Tenants","query":{"cursor":{"shape":"string"},"limit":{"shape":"number"},"q":{"shape":"string","about":"part of the name, whatever the case"},"resellerId":{"shape":"string"},"kind":{"shape":"string","choices":["tenant","reseller"]}}},
  "tenants.create": {"method":"POST","path":"/tenants","status":201,"summary":"Create a tenant; its owner gets a link by mail","body":{"name":{"shape":"string","required":true},"ownerEmail":{"shape":"string","required":true},"ownerName":{"shape":"string","required":true},"resellerId":{"shape":"string"}}},
  "tenants.get": {"method":"GET","path":"/tenants/{id}","status":200,"summary":"One tenant"},
  "audit.list": {"method":"GET","path":"/audit","status":200,"summary":"Who did what, newest first","query":{"cursor":{"shape":"string"},"limit":{"shape":"number"},"actor":{"shape":"string"},"verb":{"shape":"string"},"target":{"shape":"string"},"outcome":{"shape":"string","choices":["allowed","denied","failed"]},"tenantId":{"shape":"string"},"since":{"shape":"string","about":"from then on: a day, or an instant"},"until":{"shape":"string","about":"before then: a day, or an instant"},"tenant":{"shape":"string","deprecated":true},"from":{"shape":"string","deprecated":true}}},
  "audit.export": {"method":"GET","path":"/audit/export","status":200,"summary":"All that a search of the record finds, as lines of JSON or as CSV","query":{"format":{"shape":"string","choices":["csv","jsonl"]},"actor":{"shape":"string"},"verb":{"shape":"string"},"target":{"shape":"string"},"outcome":{"shape":"string","choices":["allowed","denied","failed"]},"tenantId":{"shape":"string"},"since":{"shape":"string","about":"from then on: a day, or an instant"},"until":{"shape":"string","about":"before then: a day, or an instant"},"tenant":{"shape":"string","deprecated":true},"from":{"shape":"string","deprecated":true}},"bytes":"answer"},
  "audit.verify": {"method":"POST","path":"/audit/verify","status":200,"summary":"Compute the chain of the record anew, and compare it with what the hosts keep"},
  whoami: {"method":"GET","path":"/whoami","status":200,"summary":"Who asks, with which rights over what"},
  "access.explain": {"method":"GET","path":"/access/explain","status":200,"summary":"Why the asker may or may not do something to a container","query":{"verb":{"shape":"string","required":true,"choices":["container.read","container.create","container.clone","container.import","container.export","container.delete","container.undelete","container.start","container.stop","container.restart","container.kill","container.reinstall","container.repair","container.access","container.configure","container.policy","container.forwards","container.label","handover.read","handover.offer","handover.consent","container.exec","container.console","container.log","file.read","file.change","backup.read","backup.create","backup.edit","backup.configure","backup.delete","backup.restore","backup.consent","backup.restore-into","location.read","location.manage","location.choose","backup.test","snapshot.read","snapshot.create","snapshot.delete","snapshot.rollback","operation.read","operation.cancel","operation.retry","operation.undo","operation.confirm","operation.resolve","template.read","template.build","plan.read","plan.create","plan.change","plan.edit","host.read","host.enroll","host.lose","orphan.decide","tenant.read","tenant.create","member.read","member.manage","staff.read","staff.manage","role.create","access.who","hold.put","hold.billing","hold.abuse","hold.reseller","hold.provider","ticket.read","ticket.create","ticket.handle","ticket.decide","access.request","access.consent","access.emergency","outage.read","outage.declare","reseller.read","reseller.create","reseller.quota","reseller.offer","brand.read","brand.change","billing.run","webhook.read","webhook.manage","factor.reset","security.policy","identity.manage","audit.read","audit.verify","dashboard.read","event.read"]},"container":{"shape":"string","required":true}}},
  "access.who": {"method":"GET","path":"/access/who","status":200,"summary":"Who may do something to a container","query":{"verb":{"shape":"string","required":true,"choices":["container.read","container.create","container.clone","container.import","container.export","container.delete","container.undelete","container.start","container.stop","container.restart","container.kill","container.reinstall","container.repair","container.access","container.configure","container.policy","container.forwards","container.label","handover.read","handover.offer","handover.consent","container.exec","container.console","container.log","file.read","file.change","backup.read","backup.create","backup.edit","backup.configure","backup.delete","backup.restore","backup.consent","backup.restore-into","location.read","location.manage","location.choose","backup.test","snapshot.read","snapshot.create","snapshot.delete","snapshot.rollback","operation.read","operation.cancel","operation.retry","operation.undo","operation.confirm","operation.resolve","template.read","template.build","plan.read","plan.create","plan.change","plan.edit","host.read","host.enroll","host.lose","orphan.decide","tenant.read","tenant.create","member.read","member.manage","staff.read","staff.manage","role.create","access.who","hold.put","hold.billing","hold.abuse","hold.reseller","hold.provider","ticket.read","ticket.create","ticket.handle","ticket.decide","access.request","access.consent","access.emergency","outage.read","outage.declare","reseller.read","reseller.create","reseller.quota","reseller.offer","brand.read","brand.change","billing.run","webhook.read","webhook.manage","factor.reset","security.policy","identity.manage","audit.read","audit.verify","dashboard.read","event.read"]},"container":{"shape":"string","required":true}}},
  "roles.list": {"method":"GET","path":"/roles","status":200,"summary":"Built-in roles, and custom ones"},
  "roles.create": {"method":"POST","path":"/roles","status":201,"summary":"Make a role with fewer rights than a built-in one","body":{"title":{"shape":"string","required":true},"about":{"shape":"string"},"base":{"shape":"string","required":true,"choices":["provider-admin","host-operator","support","auditor","reseller-owner","reseller-staff","tenant-owner","tenant-operator","tenant-backup","tenant-viewer","tenant-billing"]},"permissions":{"shape":"strings","required":true},"tenantId":{"shape":"string"}}},
  "roles.get": {"method":"GET","path":"/roles/{id}","status":200,"summary":"A custom role, and who has it"},
  "roles.change": {"method":"PATCH","path":"/roles/{id}","status":200,"summary":"Name a custom role, or say anew which rights it has; it counts for whoever has it from their next request","body":{"title":{"shape":"string"},"about":{"shape":"string"},"permissions":{"shape":"strings"}}},
  "roles.delete": {"method":"DELETE","path":"/roles/{id}","status":204,"summary":"Delete a custom role: whoever has it loses it, and who has no other is out"},
  "labels.list": {"method":"GET","path":"/labels","status":200,"summary":"Labels in use on the containers one may see","query":{"tenantId":{"shape":"string"}}},
  "tokens.list": {"method":"GET","path":"/tokens","status":200,"summary":"Live tokens of oneself or of a service account","query":{"serviceAccountId":{"shape":"string"}}},
  "tokens.create": {"method":"POST","path":"/tokens","status":201,"summary":"Make a token; it is told in this answer alone","body":{"name":{"shape":"string","required":true},"verbs":{"shape":"strings"},"containerIds":{"shape":"strings"},"labels":{"shape":"strings"},"addresses":{"shape":"strings"},"expiresAt":{"shape":"string"},"serviceAccountId":{"shape":"string"}}},
  "tokens.revoke": {"method":"DELETE","path":"/tokens/{id}","status":204,"summary":"End a token, and those made with it"},
  "me.factor.get": {"method":"GET","path":"/me/factor","status":200,"summary":"The own second factor, and whether one is asked for"},
  "me.factor.start": {"method":"POST","path":"/me/factor","status":201,"summary":"Begin with an authenticator app; its secret is told in this answer alone","body":{"code":{"shape":"string"}}},
  "me.factor.confirm": {"method":"POST","path":"/me/factor/confirm","status":200,"summary":"Confirm it by a code: from then on sign-ins ask for one; all other sessions end","body":{"code":{"shape":"string","required":true}}},
  "me.factor.renewCodes": {"method":"POST","path":"/me/factor/recovery-codes","status":200,"summary":"New recovery codes instead of those before","body":{"code":{"shape":"string","required":true}}},
  "me.factor.turnOff": {"method":"POST","path":"/me/factor/turn-off","status":204,"summary":"Sign in by password alone again; needs password and code","body":{"password":{"shape":"string","required":true},"code":{"shape":"string","required":true}}},
  "me.passkeys.options": {"method":"POST","path":"/me/passkeys/options","status":200,"summary":"What a browser needs to make a passkey"},
  "me.passkeys.add": {"method":"POST","path":"/me/passkeys","status":201,"summary":"Keep a passkey that the browser made","body":{"name":{"shape":"string","required":true},"response":{"shape":"json","required":true}}},
  "me.passkeys.remove": {"method":"POST","path":"/me/passkeys/{id}/remove","status":204,"summary":"Forget a passkey; needs the password","body":{"password":{"shape":"string","required":true}}},
  "session.passkeyOptions": {"method":"POST","path":"/session/passkey/options","status":200,"summary":"What a browser needs to sign in with a passkey"},
  "session.passkey": {"method":"POST","path":"/session/passkey","status":204,"summary":"Sign in with a passkey; sets the session cookie","body":{"response":{"shape":"json","required":true}}},
  "me.prove": {"method":"POST","path":"/me/proof","status":204,"summary":"Show again who one is, by password or code: what asks for it goes on for a while","body":{"password":{"shape":"string"},"code":{"shape":"string"}}},
  "people.resetFactor": {"method":"POST","path":"/people/{id}/reset-factor","status":204,"summary":"Take the second factor of somebody who lost it; they are told by mail, and signed out"},
  "tenants.security": {"method":"GET","path":"/tenants/{id}/security","status":200,"summary":"Whether the account asks its people for a second factor"},
  "tenants.setSecurity": {"method":"PUT","path":"/tenants/{id}/security","status":200,"summary":"Ask the people of the account for a second factor, or no longer","body":{"requireFactor":{"shape":"boolean","required":true}}},
  "security.get": {"method":"GET","path":"/security-policy","status":200,"summary":"Which roles must have a second factor"},
  "security.set": {"method":"PUT","path":"/security-policy","status":200,"summary":"Say which roles must have a second factor","body":{"factorRoles":{"shape":"strings","required":true}}},
  "identityProviders.list": {"method":"GET","path":"/identity-providers","status":200,"summary":"Who else may say who somebody is: for the installation, or for a reseller’s names","query":{"resellerId":{"shape":"string"}}},
  "identityProviders.create": {"method":"POST","path":"/identity-providers","status":201,"summary":"Add a provider; its client secret can be written and never read","body":{"resellerId":{"shape":"string","required":true},"issuer":{"shape":"string","required":true},"clientSecret":{"shape":"string","required":true},"name":{"shape":"string","required":true},"clientId":{"shape":"string","required":true},"scopes":{"shape":"strings"},"groupsClaim":{"shape":"string"},"mappings":{"shape":"json"},"unknownPeople":{"shape":"string","choices":["make","refuse"]},"linkByEmail":{"shape":"boolean"},"exclusive":{"shape":"boolean"},"trustedFactors":{"shape":"strings"},"privateNetwork":{"shape":"boolean"},"enabled":{"shape":"boolean"}}},
  "identityProviders.get": {"method":"GET","path":"/identity-providers/{id}","status":200,"summary":"One provider"},
  "identityProviders.set": {"method":"PUT","path":"/identity-providers/{id}","status":200,"summary":"Set a provider as a whole, but for its issuer","body":{"name":{"shape":"string","required":true},"clientId":{"shape":"string","required":true},"scopes":{"shape":"strings"},"groupsClaim":{"shape":"string"},"mappings":{"shape":"json"},"unknownPeople":{"shape":"string","choices":["make","refuse"]},"linkByEmail":{"shape":"boolean"},"exclusive":{"shape":"boolean"},"trustedFactors":{"shape":"strings"},"privateNetwork":{"shape":"boolean"},"enabled":{"shape":"boolean"},"clientSecret":{"shape":"string"}}},
  "identityProviders.remove": {"method":"DELETE","path":"/identity-providers/{id}","status":204,"summary":"Remove a provider: sessions that it opened end, and the roles that followed from it go"},
  "identityProviders.try": {"method":"POST","path":"/identity-providers/{id}/try","status":200,"summary":"Go there and come back without signing anybody in; what it said is kept in `lastTry`","body":{}},
  "session.providers": {"method":"GET","path":"/session/providers","status":200,"summary":"By whom one can sign in under this name"},
  "session.provider": {"method":"POST","path":"/session/providers/{id}","status":200,"summary":"Begin to sign in by a provider: where the browser is to go","body":{"next":{"shape":"string"}}},
  "session.providerAnswer": {"method":"GET","path":"/session/provider-answer","status":303,"summary":"Where a provider sends the browser back; leads on to a page","query":{"state":{"shape":"string"}}},
  "session.providerLogout": {"method":"POST","path":"/session/providers/{id}/logout","status":204,"summary":"A provider says that somebody has signed out there (OpenID Connect back-channel logout)","bytes":"body"},
  "session.providerCode": {"method":"POST","path":"/session/provider-code","status":200,"summary":"The code of the second factor, after a provider’s word; sets the session cookie","body":{"code":{"shape":"string","required":true}}},
  "me.identities.list": {"method":"GET","path":"/me/identities","status":200,"summary":"By whom one signs in, and could"},
  "me.identities.begin": {"method":"POST","path":"/me/identities","status":200,"summary":"Connect a provider with the own account: where the browser is to go","body":{"providerId":{"shape":"string","required":true}}},
  "me.identities.remove": {"method":"DELETE","path":"/me/identities/{id}","status":204,"summary":"Disconnect a provider"},
  "me.proveBy": {"method":"POST","path":"/me/identities/{id}/proof","status":200,"summary":"Show again who one is by signing in anew there: where the browser is to go","body":{}},
  "members.list": {"method":"GET","path":"/tenants/{id}/members","status":200,"summary":"People, service accounts and open invitations"},
  "members.add": {"method":"POST","path":"/tenants/{id}/members","status":201,"summary":"Invite a person by mail, or make a service account","body":{"kind":{"shape":"string","required":true,"choices":["person","service"]},"email":{"shape":"string"},"roles":{"shape":"json","required":true},"name":{"shape":"string"}}},
  "members.get": {"method":"GET","path":"/tenants/{id}/members/{memberId}","status":200,"summary":"One of them"},
  "members.change": {"method":"PATCH","path":"/tenants/{id}/members/{memberId}","status":200,"summary":"Other roles instead of those they have","body":{"roles":{"shape":"json","required":true}}},
  "members.remove": {"method":"DELETE","path":"/tenants/{id}/members/{memberId}","status":204,"summary":"Take their roles, or the invitation back; their sessions and tokens end"},
  "members.resend": {"method":"POST","path":"/tenants/{id}/members/{memberId}/resend","status":200,"summary":"Send an open invitation again: a new link, and time from now; the one before works no more","body":{}},
  "staff.list": {"method":"GET","path":"/staff","status":200,"summary":"The provider’s own people and service accounts with a role over the installation, and open invitations"},
  "staff.add": {"method":"POST","path":"/staff","status":201,"summary":"Invite somebody among the provider’s staff by mail, or make a service account","body":{"kind":{"shape":"string","required":true,"choices":["person","service"]},"email":{"shape":"string"},"roles":{"shape":"json","required":true},"name":{"shape":"string"}}},
  "staff.get": {"method":"GET","path":"/staff/{memberId}","status":200,"summary":"One of them"},
  "staff.change": {"method":"PATCH","path":"/staff/{memberId}","status":200,"summary":"Other roles over the installation instead of those they have","body":{"roles":{"shape":"json","required":true}}},
  "staff.remove": {"method":"DELETE","path":"/staff/{memberId}","status":204,"summary":"Take their roles over the installation, or the invitation back; their sessions and tokens end"},
  "staff.resend": {"method":"POST","path":"/staff/{memberId}/resend","status":200,"summary":"Send an open invitation again: a new link, and time from now; the one before works no more","body":{}},
  "invitations.accept": {"method":"POST","path":"/invitations/accept","status":204,"summary":"Take an invitation up by the token from the mail; who has an account, signed in as it","body":{"token":{"shape":"string","required":true},"name":{"shape":"string"},"password":{"shape":"string"}}},
  "holds.list": {"method":"GET","path":"/containers/{id}/holds","status":200,"summary":"What holds a container"},
  "holds.place": {"method":"POST","path":"/containers/{id}/holds","status":201,"summary":"Hold a container: its people can only look, and it is stopped unless told otherwise","body":{"reason":{"shape":"string","required":true,"choices":["billing","abuse","reseller","provider"]},"message":{"shape":"string"},"stop":{"shape":"boolean"}}},
  "holds.lift": {"method":"DELETE","path":"/containers/{id}/holds","status":204,"summary":"Lift a hold by its reason; with the last one what was wanted before comes back","query":{"reason":{"shape":"string","required":true,"choices":["billing","abuse","reseller","provider"]}}},
  "tenantHolds.list": {"method":"GET","path":"/tenants/{id}/holds","status":200,"summary":"What holds all of a tenant"},
  "tenantHolds.place": {"method":"POST","path":"/tenants/{id}/holds","status":201,"summary":"Hold all containers of a tenant, and what its people may change","body":{"reason":{"shape":"string","required":true,"choices":["billing","abuse","reseller","provider"]},"message":{"shape":"string"},"stop":{"shape":"boolean"}}},
  "tenantHolds.lift": {"method":"DELETE","path":"/tenants/{id}/holds","status":204,"summary":"Lift a hold on a tenant by its reason","query":{"reason":{"shape":"string","required":true,"choices":["billing","abuse","reseller","provider"]}}},
  "resellers.list": {"method":"GET","path":"/resellers","status":200,"summary":"Resellers, with their quota and what is used of it","query":{"cursor":{"shape":"string"},"limit":{"shape":"number"},"q":{"shape":"string","about":"part of the name, whatever the case"}}},
  "resellers.create": {"method":"POST","path":"/resellers","status":201,"summary":"Create a reseller with its quota; its owner gets a link by mail","body":{"name":{"shape":"string","required":true},"ownerEmail":{"shape":"string","required":true},"ownerName":{"shape":"string","required":true},"quota":{"shape":"json","required":true}}},
  "resellers.get": {"method":"GET","path":"/resellers/{id}","status":200,"summary":"One reseller, with its quota and what is used of it"},
  "resellers.quota": {"method":"GET","path":"/resellers/{id}/quota","status":200,"summary":"What a reseller may use, and what it does"},
  "resellers.setQuota": {"method":"PUT","path":"/resellers/{id}/quota","status":200,"summary":"Set what a reseller may use; below what it uses nothing grows any more","body":{"maxContainers":{"shape":"number","required":true},"cpuCores":{"shape":"number","required":true},"memoryBytes":{"shape":"number","required":true},"diskBytes":{"shape":"number","required":true},"backupBytes":{"shape":"number","required":true},"hostIds":{"shape":"strings","required":true},"templateIds":{"shape":"strings","required":true}}},
  "resellers.dashboard": {"method":"GET","path":"/resellers/{id}/dashboard","status":200,"summary":"What is broken and for whom, who waits for an answer, a reseller’s tenants and what they take of its quota"},
  "resellers.offer": {"method":"PUT","path":"/resellers/{id}/templates","status":200,"summary":"Choose which templates a reseller’s tenants may have","body":{"templateIds":{"shape":"strings","required":true}}},
  "brands.get": {"method":"GET","path":"/brands/{id}","status":200,"summary":"A reseller’s brand, its names, and where the provider would still show"},
  "brands.set": {"method":"PUT","path":"/brands/{id}","status":200,"summary":"Set a brand as a whole","body":{"productName":{"shape":"string","required":true},"supportUrl":{"shape":"json","required":true},"legalUrl":{"shape":"json","required":true},"signInText":{"shape":"string","required":true},"colours":{"shape":"json","required":true},"sender":{"shape":"json","required":true},"mails":{"shape":"json","required":true},"language":{"shape":"string"},"smtpPassword":{"shape":"string"}}},
  "brands.setAsset": {"method":"PUT","path":"/brands/{id}/assets/{asset}","status":200,"summary":"Put a picture in place: a PNG file, of which the pixels are kept","bytes":"body"},
  "brands.removeAsset": {"method":"DELETE","path":"/brands/{id}/assets/{asset}","status":200,"summary":"Remove a picture"},
  "brands.addHost": {"method":"POST","path":"/brands/{id}/hosts","status":201,"summary":"Claim a host name; the answer says how it is proven","body":{"host":{"shape":"string","required":true}}},
  "brands.proveHost": {"method":"POST","path":"/brands/{id}/hosts/{hostId}/prove","status":200,"summary":"Look for the record that proves a host name","body":{}},
  "brands.dropHost": {"method":"DELETE","path":"/brands/{id}/hosts/{hostId}","status":204,"summary":"Give a host name up"},
  "brands.addDkim": {"method":"POST","path":"/brands/{id}/dkim","status":201,"summary":"Make a key pair that signs mails from the sender’s address; the answer has the record to publish","body":{}},
  "brands.proveDkim": {"method":"POST","path":"/brands/{id}/dkim/{keyId}/prove","status":200,"summary":"Look for the record of a key; from then on it signs","body":{}},
  "brands.dropDkim": {"method":"DELETE","path":"/brands/{id}/dkim/{keyId}","status":204,"summary":"Throw a key away: mails leave without its signature"},
  "brands.previewMail": {"method":"POST","path":"/brands/{id}/mail-preview","status":200,"summary":"How a mail would look; nothing is sent","body":{"kind":{"shape":"string","required":true,"choices":["first-login","invitation","reset","password-changed","factor-on","factor-off","recovery-code-used","passkey-added","passkey-removed","provider-added","provider-removed","ticket","ticket-late","outage","outage-over","backup-failed","backup-damaged","backup-test-failed","host-lost","released-early"]},"template":{"shape":"json","required":true}}},
  "brands.ask": {"method":"GET","path":"/brands/ask","status":204,"summary":"Whether a name is one of ours, for proxies that get certificates on demand","query":{"domain":{"shape":"string","required":true}}},
  "brands.asset": {"method":"GET","path":"/brand/assets/{asset}","status":200,"summary":"A picture of the brand under whose name it is asked for","bytes":"answer"},
  "billing.create": {"method":"POST","path":"/billing/create","status":200,"summary":"Make a service: its tenant, if it is the client’s first, and its container","body":{"externalServiceId":{"shape":"string","required":true},"client":{"shape":"json","required":true},"planId":{"shape":"string","required":true},"templateId":{"shape":"string","required":true},"name":{"shape":"string"},"sshKeys":{"shape":"strings"},"rootPassword":{"shape":"string"}}},
  "billing.suspend": {"method":"POST","path":"/billing/suspend","status":200,"summary":"Stop a service and leave its owner to look only","body":{"externalServiceId":{"shape":"string","required":true},"message":{"shape":"string"}}},
  "billing.unsuspend": {"method":"POST","path":"/billing/unsuspend","status":200,"summary":"Lift what suspends a service, and nothing else","body":{"externalServiceId":{"shape":"string","required":true}}},
  "billing.changePlan": {"method":"POST","path":"/billing/change-plan","status":200,"summary":"Move a service to another plan","body":{"externalServiceId":{"shape":"string","required":true},"planId":{"shape":"string","required":true}}},
  "billing.terminate": {"method":"POST","path":"/billing/terminate","status":200,"summary":"End a service; its files can be had back for the plan’s days","body":{"externalServiceId":{"shape":"string","required":true}}},
  "billing.renew": {"method":"POST","path":"/billing/renew","status":200,"summary":"Write down that a service is paid for; lifts what suspends it","body":{"externalServiceId":{"shape":"string","required":true},"paidUntil":{"shape":"string"}}},
  "billing.resetPassword": {"method":"POST","path":"/billing/reset-password","status":200,"summary":"Set the root password inside a service","body":{"externalServiceId":{"shape":"string","required":true},"rootPassword":{"shape":"string","required":true}}},
  "billing.signInLink": {"method":"POST","path":"/billing/sign-in-link","status":200,"summary":"A link that signs in a service’s owner, once, within a minute","body":{"externalServiceId":{"shape":"string","required":true}}},
  "billing.usage": {"method":"POST","path":"/billing/usage","status":200,"summary":"What services use, newest first","body":{"externalServiceId":{"shape":"string"},"cursor":{"shape":"string"},"limit":{"shape":"number"}}},
  "billing.list": {"method":"POST","path":"/billing/list","status":200,"summary":"Services, newest first","body":{"externalServiceId":{"shape":"string"},"cursor":{"shape":"string"},"limit":{"shape":"number"}}},
  "billing.test": {"method":"POST","path":"/billing/test","status":200,"summary":"Whether the token works, whose it is, and what can be sold"},
  "resellers.services": {"method":"GET","path":"/resellers/{id}/services","status":200,"summary":"What a reseller’s billing program has sold, newest first","query":{"cursor":{"shape":"string"},"limit":{"shape":"number"}}},
  "containers.list": {"method":"GET","path":"/containers","status":200,"summary":"Containers, by name; with deleted=true those that can be had back","query":{"cursor":{"shape":"string"},"limit":{"shape":"number"},"q":{"shape":"string","about":"part of the name, whatever the case"},"state":{"shape":"string","choices":["creating","stopped","starting","running","stopping","suspended","restoring","reinstalling","repairing","migrating","deleting","deleted","unknown"]},"tenantId":{"shape":"string"},"hostId":{"shape":"string"},"planId":{"shape":"string"},"label":{"shape":"string"},"deleted":{"shape":"string"}}},
  "containers.create": {"method":"POST","path":"/containers","status":202,"summary":"Create a container","body":{"name":{"shape":"string","required":true},"tenantId":{"shape":"string","required":true},"planId":{"shape":"string","required":true},"templateId":{"shape":"string","required":true},"hostId":{"shape":"string"},"sshKeys":{"shape":"strings"},"rootPassword":{"shape":"string"},"start":{"shape":"boolean"},"restartPolicy":{"shape":"string","choices":["never","on-failure","always"]}}},
  "containers.get": {"method":"GET","path":"/containers/{id}","status":200,"summary":"One container"},
  "containers.delete": {"method":"DELETE","path":"/containers/{id}","status":202,"summary":"Delete a container; it can be had back from its backups for as many days as the plan says"},
  "containers.undelete": {"method":"POST","path":"/containers/{id}/undelete","status":202,"summary":"Have a deleted container back from a backup, under its id, name and address","body":{"backupId":{"shape":"string"},"name":{"shape":"string"},"acceptNewAddress":{"shape":"boolean"},"start":{"shape":"boolean"}}},
  "containers.start": {"method":"POST","path":"/containers/{id}/start","status":202,"summary":"Start","body":{}},
  "containers.stop": {"method":"POST","path":"/containers/{id}/stop","status":202,"summary":"Shut down by its own init, killed after the time-out","body":{"timeoutMs":{"shape":"number"}}},
  "containers.restart": {"method":"POST","path":"/containers/{id}/restart","status":202,"summary":"Stop and start","body":{"timeoutMs":{"shape":"number"}}},
  "containers.kill": {"method":"POST","path":"/containers/{id}/kill","status":202,"summary":"Kill at once; accepted also while something else runs","body":{}},
  "containers.reinstall": {"method":"POST","path":"/containers/{id}/reinstall","status":202,"summary":"Fresh system; the present files are kept for undo","body":{"templateId":{"shape":"string"},"keepOld":{"shape":"boolean"},"resetUsers":{"shape":"boolean"},"reset":{"shape":"boolean","deprecated":true},"release":{"shape":"string"},"rootPassword":{"shape":"string"},"sshKeys":{"shape":"strings"}}},
  "containers.clone": {"method":"POST","path":"/containers/{id}/clone","status":202,"summary":"Another container of the tenant with the same files and an identity of its own","body":{"name":{"shape":"string","required":true},"planId":{"shape":"string"},"start":{"shape":"boolean"}}},
  "containers.repair": {"method":"POST","path":"/containers/{id}/repair","status":202,"summary":"Boot a rescue system in its place, its files at /repair; the password for it is told in this answer alone","body":{"readOnly":{"shape":"boolean"},"access":{"shape":"string","choices":["password","keys"]},"hours":{"shape":"number"}}},
  "containers.repairFinish": {"method":"POST","path":"/containers/{id}/repair/finish","status":202,"summary":"End the repair: the rescue system goes, its own system comes back","body":{}},
  "containers.repairExtend": {"method":"POST","path":"/containers/{id}/repair/extend","status":200,"summary":"More time for the repair, counted from now or on top of what is left","body":{"hours":{"shape":"number"},"onTop":{"shape":"boolean"}}},
  "containers.access": {"method":"PUT","path":"/containers/{id}/access","status":202,"summary":"ssh keys, root password, host name","body":{"sshKeys":{"shape":"strings"},"rootPassword":{"shape":"string"},"hostname":{"shape":"string"}}},
  "containers.configure": {"method":"PUT","path":"/containers/{id}/plan","status":202,"summary":"Move to another plan, live","body":{"planId":{"shape":"string","required":true}}},
  "containers.restartPolicy": {"method":"PUT","path":"/containers/{id}/restart-policy","status":202,"summary":"What happens when it ends by itself","body":{"restartPolicy":{"shape":"string","required":true,"choices":["never","on-failure","always"]}}},
  "containers.labels": {"method":"PUT","path":"/containers/{id}/labels","status":200,"summary":"Labels, over which people may be given roles","body":{"labels":{"shape":"strings","required":true}}},
  "containers.changeLabels": {"method":"PATCH","path":"/containers/{id}/labels","status":200,"summary":"Some labels more or fewer, whatever the others are","body":{"add":{"shape":"strings"},"remove":{"shape":"strings"}}},
  "containers.exec": {"method":"POST","path":"/containers/{id}/exec","status":200,"summary":"Run one command inside, at most once","body":{"argv":{"shape":"strings","required":true},"timeoutMs":{"shape":"number"}}},
  "containers.log": {"method":"GET","path":"/containers/{id}/log","status":200,"summary":"The end of the boot log"},
  "forwards.list": {"method":"GET","path":"/containers/{id}/port-forwards","status":200,"summary":"Port forwards"},
  "forwards.create": {"method":"POST","path":"/containers/{id}/port-forwards","status":202,"summary":"Forward a port of the host","body":{"protocol":{"shape":"string","choices":["tcp","udp"]},"containerPort":{"shape":"number","required":true},"hostPort":{"shape":"number"}}},
  "forwards.delete": {"method":"DELETE","path":"/containers/{id}/port-forwards/{forwardId}","status":202,"summary":"Remove a port forward"},
  "handovers.offer": {"method":"POST","path":"/containers/{id}/handover","status":201,"summary":"Offer a container to another account; whether anybody is reached is not told","body":{"to":{"shape":"json","required":true},"note":{"shape":"string"},"days":{"shape":"number"}}},
  "handovers.list": {"method":"GET","path":"/handovers","status":200,"summary":"Offers of containers, given and received, newest first","query":{"cursor":{"shape":"string"},"limit":{"shape":"number"},"open":{"shape":"string"},"containerId":{"shape":"string"}}},
  "handovers.get": {"method":"GET","path":"/handovers/{id}","status":200,"summary":"One offer, with what comes along and who consented"},
  "handovers.agree": {"method":"POST","path":"/handovers/{id}/agree","status":200,"summary":"Consent, as the giving account, to an offer that staff made","body":{}},
  "handovers.accept": {"method":"POST","path":"/handovers/{id}/accept","status":200,"summary":"Take the container over; ask again how far it is","body":{"name":{"shape":"string"},"removeSshKeys":{"shape":"boolean"}}},
  "handovers.decline": {"method":"POST","path":"/handovers/{id}/decline","status":200,"summary":"Say no, as the receiving account, or as the giving one to an offer that staff made","body":{}},
  "handovers.withdraw": {"method":"POST","path":"/handovers/{id}/withdraw","status":200,"summary":"Take an offer back that nobody has accepted yet","body":{}},
  "files.list": {"method":"GET","path":"/containers/{id}/files","status":200,"summary":"What is in a folder, a page at a time","query":{"path":{"shape":"string","about":"base64 of the absolute path"},"sort":{"shape":"string","choices":["name","size","modified","kind"]},"descending":{"shape":"string"},"match":{"shape":"string"},"cursor":{"shape":"string"},"limit":{"shape":"number"}}},
  "files.change": {"method":"POST","path":"/containers/{id}/files","status":200,"summary":"Create, move, copy, delete, put back, change owners and permissions","body":{"action":{"shape":"string","required":true,"choices":["create-folder","move","copy","attributes","delete","put-back","empty-trash"]},"path":{"shape":"string","about":"base64 of the absolute path"},"to":{"shape":"string","about":"base64 of the absolute path"},"paths":{"shape":"strings"},"mode":{"shape":"number"},"user":{"shape":"string"},"group":{"shape":"string"},"recursive":{"shape":"boolean"},"permanently":{"shape":"boolean"},"ids":{"shape":"strings"}}},
  "files.trash": {"method":"GET","path":"/containers/{id}/files/trash","status":200,"summary":"What was deleted and is still kept"},
  "files.read": {"method":"GET","path":"/containers/{id}/files/content","status":200,"summary":"Download a file, or a folder as a tar archive","query":{"path":{"shape":"string","required":true,"about":"base64 of the absolute path"}},"bytes":"answer"},
  "files.write": {"method":"PUT","path":"/containers/{id}/files/content","status":200,"summary":"Upload a file, at once or in pieces that may go on after an interruption","query":{"path":{"shape":"string","required":true,"about":"base64 of the absolute path"},"replace":{"shape":"string"},"unchangedSince":{"shape":"string"},"upload":{"shape":"string"},"offset":{"shape":"number"},"size":{"shape":"number"}},"bytes":"body"},
  "files.delete": {"method":"DELETE","path":"/containers/{id}/files/content","status":200,"summary":"Delete a file or folder into the trash","query":{"path":{"shape":"string","required":true,"about":"base64 of the absolute path"},"permanently":{"shape":"string"}}},
  "containers.changes": {"method":"GET","path":"/containers/{id}/changes","status":200,"summary":"What differs from the template, by folder and size","query":{"path":{"shape":"string","about":"base64 of the absolute path"},"system":{"shape":"string"},"recover":{"shape":"string"}}},
  "containers.recover": {"method":"POST","path":"/containers/{id}/recover","status":202,"summary":"Put back files as the template has them; the changed ones go into the trash","body":{"paths":{"shape":"strings"},"allSystemFiles":{"shape":"string","choices":[true]}}},
  "backups.list": {"method":"GET","path":"/containers/{id}/backups","status":200,"summary":"Backups of a container, newest first","query":{"cursor":{"shape":"string"},"limit":{"shape":"number"},"q":{"shape":"string","about":"part of the name, whatever the case"},"since":{"shape":"string","about":"from then on: a day, or an instant"},"until":{"shape":"string","about":"before then: a day, or an instant"},"state":{"shape":"string","choices":["running","complete","failed","removed","deleting","pending-prune","deleted"]},"tenantId":{"shape":"string"},"removed":{"shape":"string"}}},
  "backups.create": {"method":"POST","path":"/containers/{id}/backups","status":202,"summary":"Back up, also while it runs","body":{"name":{"shape":"string"},"note":{"shape":"string"},"protected":{"shape":"boolean"}}},
  "backups.listAll": {"method":"GET","path":"/backups","status":200,"summary":"Backups of all containers, newest first","query":{"cursor":{"shape":"string"},"limit":{"shape":"number"},"q":{"shape":"string","about":"part of the name, whatever the case"},"since":{"shape":"string","about":"from then on: a day, or an instant"},"until":{"shape":"string","about":"before then: a day, or an instant"},"state":{"shape":"string","choices":["running","complete","failed","removed","deleting","pending-prune","deleted"]},"tenantId":{"shape":"string"},"removed":{"shape":"string"}}},
  "backups.get": {"method":"GET","path":"/backups/{id}","status":200,"summary":"One backup"},
  "backups.edit": {"method":"PATCH","path":"/backups/{id}","status":200,"summary":"Name, annotate or protect a backup","body":{"name":{"shape":"string"},"note":{"shape":"string"},"protected":{"shape":"boolean"}}},
  "backups.delete": {"method":"DELETE","path":"/backups/{id}","status":202,"summary":"Delete a backup; it can be had back for as many days as the plan says"},
  "backups.recover": {"method":"POST","path":"/backups/{id}/recover","status":200,"summary":"Have a deleted backup back","body":{}},
  "backups.purge": {"method":"POST","path":"/backups/{id}/purge","status":202,"summary":"Delete a deleted backup for good, before its time; asks for the password","body":{"password":{"shape":"string","required":true}}},
  "backups.check": {"method":"GET","path":"/containers/{id}/backup-check","status":200,"summary":"How the place where its backups lie is read back, and what was found there"},
  "backups.checkNow": {"method":"POST","path":"/containers/{id}/backup-check","status":202,"summary":"Read everything back now, where its newest backup lies","body":{}},
  "backups.test": {"method":"POST","path":"/backups/{id}/test","status":202,"summary":"Prove now that it can be restored: in a container of its own, without a network","body":{}},
  "backups.testReport": {"method":"GET","path":"/backups/{id}/test","status":200,"summary":"The proof of its latest restore test"},
  "backups.commands": {"method":"GET","path":"/backups/{id}/commands","status":200,"summary":"What the commands around it printed"},
  "backups.care": {"method":"GET","path":"/containers/{id}/backup-care","status":200,"summary":"When its backups are tested by restoring them, and how that went"},
  "backups.setCare": {"method":"PUT","path":"/containers/{id}/backup-care","status":200,"summary":"Decide when its backups are tested by restoring them","body":{"testEvery":{"shape":"string","choices":["never","week","month"]},"probe":{"shape":"json"},"commands":{"shape":"json"}}},
  "backups.settings": {"method":"GET","path":"/containers/{id}/backup-settings","status":200,"summary":"How backups are kept, and how much of the plan they take"},
  "backups.setSettings": {"method":"PUT","path":"/containers/{id}/backup-settings","status":200,"summary":"Change how backups are kept","body":{"atLimit":{"shape":"string","choices":["refuse","rotate"]},"deletedDays":{"shape":"number"},"password":{"shape":"string"}}},
  "backups.schedule": {"method":"GET","path":"/containers/{id}/backup-schedule","status":200,"summary":"When it is backed up by itself, what is kept, and what the next run lets go"},
  "backups.setSchedule": {"method":"PUT","path":"/containers/{id}/backup-schedule","status":200,"summary":"Decide when it is backed up by itself and what is kept","body":{"enabled":{"shape":"boolean","required":true},"every":{"shape":"string","required":true,"choices":["hour","day","week","month"]},"time":{"shape":"string","required":true},"weekday":{"shape":"number"},"monthDay":{"shape":"number"},"zone":{"shape":"string","required":true},"keep":{"shape":"json","required":true}}},
  "backups.restore": {"method":"POST","path":"/backups/{id}/restore","status":202,"summary":"Restore the whole container, the present files kept for undo; or, with paths, these while it goes on","body":{"paths":{"shape":"strings"},"release":{"shape":"string"},"target":{"shape":"string","about":"base64 of the absolute path"},"mode":{"shape":"string","choices":["overwrite","keep-both","missing"]}}},
  "backups.consents": {"method":"GET","path":"/backups/{id}/consents","status":200,"summary":"What its tenant has consented to: restores into containers of other tenants"},
  "backups.consent": {"method":"POST","path":"/backups/{id}/consents","status":201,"summary":"Let it be restored once into one container of another tenant","body":{"containerId":{"shape":"string","required":true},"hours":{"shape":"number"}}},
  "backups.revokeConsent": {"method":"DELETE","path":"/restore-consents/{id}","status":204,"summary":"Take a consent back that has not been used"},
  "backups.restoreInto": {"method":"POST","path":"/backups/{id}/restore-into","status":202,"summary":"Restore into a container of another tenant, with the first tenant's consent","body":{"containerId":{"shape":"string","required":true},"release":{"shape":"string"}}},
  "backups.previewRestore": {"method":"POST","path":"/backups/{id}/restore/preview","status":200,"summary":"What restoring would bring, change and delete; does nothing","body":{"paths":{"shape":"strings"},"target":{"shape":"string","about":"base64 of the absolute path"}}},
  "backups.files": {"method":"GET","path":"/backups/{id}/files","status":200,"summary":"What is in a folder of a backup, a page at a time","query":{"path":{"shape":"string","about":"base64 of the absolute path"},"sort":{"shape":"string","choices":["name","size","modified","kind"]},"descending":{"shape":"string"},"match":{"shape":"string"},"cursor":{"shape":"string"},"limit":{"shape":"number"}}},
  "backups.readFile": {"method":"GET","path":"/backups/{id}/files/content","status":200,"summary":"Download a file of a backup, or a folder as a tar archive","query":{"path":{"shape":"string","required":true,"about":"base64 of the absolute path"}},"bytes":"answer"},
  "backups.compare": {"method":"GET","path":"/backups/{id}/compare","status":200,"summary":"What came, changed and went between a backup and another, or what is there now","query":{"with":{"shape":"string"},"path":{"shape":"string","about":"base64 of the absolute path"}}},
  "snapshots.list": {"method":"GET","path":"/containers/{id}/snapshots","status":200,"summary":"Snapshots of a container, newest first; they are on its server and no backups","query":{"cursor":{"shape":"string"},"limit":{"shape":"number"}}},
  "snapshots.create": {"method":"POST","path":"/containers/{id}/snapshots","status":202,"summary":"Hold all files as they are now, also while it runs","body":{"name":{"shape":"string"}}},
  "snapshots.rollback": {"method":"POST","path":"/snapshots/{id}/rollback","status":202,"summary":"Put all files back as they were in a snapshot; the present ones are kept for undo","body":{"release":{"shape":"string"}}},
  "snapshots.delete": {"method":"DELETE","path":"/snapshots/{id}","status":202,"summary":"Delete a snapshot"},
  "containers.export": {"method":"POST","path":"/containers/{id}/export","status":202,"summary":"Make one file of it as it is at one instant, kept for a day: tar.zst of the whole system","body":{}},
  "exports.content": {"method":"GET","path":"/exports/{id}/content","status":200,"summary":"The file an export made, by the id of its operation; a download that was cut off goes on with Range: bytes=N-","bytes":"answer"},
  "imports.list": {"method":"GET","path":"/imports","status":200,"summary":"Archives on their way, newest first: uploads that may go on, and such of which no container was made yet","query":{"cursor":{"shape":"string"},"limit":{"shape":"number"},"tenantId":{"shape":"string"}}},
  "imports.start": {"method":"POST","path":"/imports","status":201,"summary":"Open an upload of an archive (exported, or a root file system as tar, plain, gzip or zstd)","body":{"tenantId":{"shape":"string","required":true},"planId":{"shape":"string","required":true},"sizeBytes":{"shape":"number","required":true},"hostId":{"shape":"string"},"fileName":{"shape":"string"},"fingerprint":{"shape":"string"}}},
  "imports.get": {"method":"GET","path":"/imports/{id}","status":200,"summary":"How much of an archive has come"},
  "imports.giveUp": {"method":"DELETE","path":"/imports/{id}","status":204,"summary":"Give an archive up: its place and what has come of it are free again"},
  "imports.write": {"method":"PUT","path":"/imports/{id}/content","status":200,"summary":"A piece of an archive, from an offset on; the answer says where to go on","query":{"offset":{"shape":"number","required":true}},"bytes":"body"},
  "containers.import": {"method":"POST","path":"/containers/import","status":202,"summary":"Make a container of an archive that has come in full","body":{"importId":{"shape":"string","required":true},"name":{"shape":"string","required":true},"sshKeys":{"shape":"strings"},"rootPassword":{"shape":"string"},"start":{"shape":"boolean"}}},
  "locations.list": {"method":"GET","path":"/backup-locations","status":200,"summary":"Places where backups go"},
  "locations.create": {"method":"POST","path":"/backup-locations","status":201,"summary":"Add a place where backups go","body":{"kind":{"shape":"string","required":true,"choices":["rest","s3"]},"name":{"shape":"string","required":true},"tenantId":{"shape":"string"},"url":{"shape":"string","required":true},"appendOnly":{"shape":"boolean"},"credentials":{"shape":"json"},"bucket":{"shape":"string"},"prefix":{"shape":"string"},"region":{"shape":"string"}}},
  "locations.get": {"method":"GET","path":"/backup-locations/{id}","status":200,"summary":"One place where backups go"},
  "locations.change": {"method":"PATCH","path":"/backup-locations/{id}","status":200,"summary":"Change its name, what one signs in with, or whether hosts can delete there","body":{"name":{"shape":"string"},"appendOnly":{"shape":"boolean"},"credentials":{"shape":"json"}}},
  "locations.remove": {"method":"DELETE","path":"/backup-locations/{id}","status":204,"summary":"Remove one that holds no backup and that nothing names"},
  "plans.location": {"method":"PUT","path":"/plans/{id}/backup-location","status":200,"summary":"Where backups of its containers go from now on","body":{"locationId":{"shape":"string","required":true}}},
  "containers.location": {"method":"PUT","path":"/containers/{id}/backup-location","status":204,"summary":"Where its backups go from now on","body":{"locationId":{"shape":"string","required":true}}},
  "operations.list": {"method":"GET","path":"/operations","status":200,"summary":"Operations, newest first","query":{"cursor":{"shape":"string"},"limit":{"shape":"number"},"since":{"shape":"string","about":"from then on: a day, or an instant"},"until":{"shape":"string","about":"before then: a day, or an instant"},"containerId":{"shape":"string"},"tenantId":{"shape":"string"},"hostId":{"shape":"string"},"state":{"shape":"string","choices":["queued","running","undoing","succeeded","failed","cancelled","stuck"]},"kind":{"shape":"string","choices":["create","clone","import","export","undelete","start","stop","restart","kill","delete","backup","restore","restore-into","open-backup","restore-files","recover","reinstall","undo","confirm","configure","access","restart-policy","forwards","backup-delete","backup-check","backup-test","snapshot","snapshot-delete","rollback","repair","repair-finish","handover","template-build"]}}},
  "operations.get": {"method":"GET","path":"/operations/{id}","status":200,"summary":"One operation"},
  "operations.cancel": {"method":"POST","path":"/operations/{id}/cancel","status":202,"summary":"Ask it to stop and undo itself","body":{}},
  "operations.retry": {"method":"POST","path":"/operations/{id}/retry","status":202,"summary":"Try a failed or stuck one again","body":{}},
  "operations.undo": {"method":"POST","path":"/operations/{id}/undo","status":202,"summary":"Take back a restore, reinstall, roll-back or recovery of all system files while its old files are kept","body":{"release":{"shape":"string"}}},
  "operations.written": {"method":"GET","path":"/operations/{id}/written","status":200,"summary":"What was written since it put the old files aside: what an undo takes away"},
  "operations.confirm": {"method":"POST","path":"/operations/{id}/confirm","status":202,"summary":"Release the kept old files; then it cannot be undone","body":{}},
  "operations.resolve": {"method":"POST","path":"/operations/{id}/resolve","status":200,"summary":"Say that a person has put a stuck one right","body":{"note":{"shape":"string","required":true},"outcome":{"shape":"string","choices":["failed","done"]}}},
  "tickets.list": {"method":"GET","path":"/tickets","status":200,"summary":"Tickets, those where something happened last first","query":{"cursor":{"shape":"string"},"limit":{"shape":"number"},"q":{"shape":"string","about":"part of the name, whatever the case"},"since":{"shape":"string","about":"from then on: a day, or an instant"},"until":{"shape":"string","about":"before then: a day, or an instant"},"tenantId":{"shape":"string"},"state":{"shape":"string","choices":["open","waiting","closed"]},"level":{"shape":"string","choices":["reseller","provider"]},"containerId":{"shape":"string"},"operationId":{"shape":"string"},"mine":{"shape":"string"}}},
  "tickets.create": {"method":"POST","path":"/tickets","status":201,"summary":"Ask for help or for something; how the container stands is kept with it","body":{"subject":{"shape":"string","required":true},"body":{"shape":"string","required":true},"priority":{"shape":"string","choices":["low","normal","high","urgent"]},"containerId":{"shape":"string"},"operationId":{"shape":"string"},"action":{"shape":"json"}}},
  "tickets.get": {"method":"GET","path":"/tickets/{id}","status":200,"summary":"One ticket with its thread"},
  "tickets.message": {"method":"POST","path":"/tickets/{id}/messages","status":200,"summary":"Write in a ticket; internal notes are for staff","body":{"body":{"shape":"string","required":true},"internal":{"shape":"boolean"}}},
  "tickets.attach": {"method":"POST","path":"/tickets/{id}/attachments","status":200,"summary":"Attach a file of at most 5 MB","query":{"name":{"shape":"string","required":true},"internal":{"shape":"string"}},"bytes":"body"},
  "tickets.attachment": {"method":"GET","path":"/tickets/{id}/attachments/{attachmentId}","status":200,"summary":"An attached file, as a download","bytes":"answer"},
  "tickets.escalate": {"method":"POST","path":"/tickets/{id}/escalate","status":200,"summary":"Hand a reseller’s ticket on to the provider","body":{"note":{"shape":"string"}}},
  "tickets.assign": {"method":"POST","path":"/tickets/{id}/assign","status":200,"summary":"Give it to somebody; say how urgent it is","body":{"assigneeId":{"shape":"string"},"priority":{"shape":"string","choices":["low","normal","high","urgent"]}}},
  "tickets.close": {"method":"POST","path":"/tickets/{id}/close","status":200,"summary":"End it; a word of the tenant opens it again","body":{"solved":{"shape":"boolean"}}},
  "tickets.approve": {"method":"POST","path":"/tickets/{id}/approve","status":200,"summary":"Do what it asks for"},
  "tickets.decline": {"method":"POST","path":"/tickets/{id}/decline","status":200,"summary":"Say no to what it asks for, and why","body":{"reason":{"shape":"string","required":true}}},
  "tickets.requestAccess": {"method":"POST","path":"/tickets/{id}/request-access","status":200,"summary":"Ask the tenant for leave to look inside the container","body":{"scopes":{"shape":"strings","required":true},"minutes":{"shape":"number"},"reason":{"shape":"string","required":true},"emergency":{"shape":"boolean"}}},
  "consents.list": {"method":"GET","path":"/access-consents","status":200,"summary":"Who asked to look inside, and who may","query":{"containerId":{"shape":"string"},"ticketId":{"shape":"string"}}},
  "consents.grant": {"method":"POST","path":"/access-consents/{id}/grant","status":200,"summary":"Let one of the staff look inside for a time","body":{"scopes":{"shape":"strings"},"minutes":{"shape":"number"}}},
  "consents.revoke": {"method":"POST","path":"/access-consents/{id}/revoke","status":200,"summary":"Refuse or end it; what is open by it closes at once"},
  "consents.withdraw": {"method":"POST","path":"/access-consents/{id}/withdraw","status":200,"summary":"Take back what one asked for oneself, or end one’s own access before its time"},
  "consents.approve": {"method":"POST","path":"/access-consents/{id}/approve","status":200,"summary":"Approve the emergency access that another asked for"},
  "outages.list": {"method":"GET","path":"/outages","status":200,"summary":"Outages that concern the reader, newest first","query":{"cursor":{"shape":"string"},"limit":{"shape":"number"},"since":{"shape":"string","about":"from then on: a day, or an instant"},"until":{"shape":"string","about":"before then: a day, or an instant"},"open":{"shape":"string"}}},
  "outages.declare": {"method":"POST","path":"/outages","status":201,"summary":"Declare an outage of servers; all whom it concerns are told","body":{"hostIds":{"shape":"strings","required":true},"title":{"shape":"string","required":true},"message":{"shape":"string","required":true}}},
  "outages.update": {"method":"POST","path":"/outages/{id}/updates","status":200,"summary":"Tell more of it","body":{"message":{"shape":"string","required":true}}},
  "outages.end": {"method":"POST","path":"/outages/{id}/end","status":200,"summary":"End it with a report","body":{"report":{"shape":"string","required":true}}},
  "templates.list": {"method":"GET","path":"/templates","status":200,"summary":"Templates","query":{"cursor":{"shape":"string"},"limit":{"shape":"number"},"q":{"shape":"string","about":"part of the name, whatever the case"}}},
  "templates.build": {"method":"POST","path":"/templates","status":202,"summary":"Build a template on a host","body":{"name":{"shape":"string","required":true},"hostId":{"shape":"string","required":true}}},
  "templates.get": {"method":"GET","path":"/templates/{id}","status":200,"summary":"One template"},
  "templates.offer": {"method":"PATCH","path":"/templates/{id}","status":200,"summary":"Withdraw a template, so that nothing new is made from it, or offer it again","body":{"offered":{"shape":"boolean","required":true}}},
  "plans.list": {"method":"GET","path":"/plans","status":200,"summary":"Plans","query":{"cursor":{"shape":"string"},"limit":{"shape":"number"},"q":{"shape":"string","about":"part of the name, whatever the case"}}},
  "plans.create": {"method":"POST","path":"/plans","status":201,"summary":"Create a plan","body":{"name":{"shape":"string","required":true},"resellerId":{"shape":"string"},"price":{"shape":"string"},"resources":{"shape":"json","required":true},"maxContainers":{"shape":"number"},"maxBackups":{"shape":"number"},"maxSnapshots":{"shape":"number"},"maxBackupBytes":{"shape":"number"},"backupEvery":{"shape":"string"},"deletedBackupDays":{"shape":"number"},"deletedContainerDays":{"shape":"number"},"maxForwards":{"shape":"number"},"templates":{"shape":"strings"},"retentionHours":{"shape":"number"},"startPriority":{"shape":"number"},"locationId":{"shape":"string"},"firstAnswerMinutes":{"shape":"number"},"solveMinutes":{"shape":"number"}}},
  "plans.get": {"method":"GET","path":"/plans/{id}","status":200,"summary":"One plan"},
  "plans.edit": {"method":"PATCH","path":"/plans/{id}","status":200,"summary":"Change a plan’s name and price, and whether it is offered","body":{"name":{"shape":"string"},"price":{"shape":"string"},"offered":{"shape":"boolean"}}},
  "hosts.list": {"method":"GET","path":"/hosts","status":200,"summary":"Hosts","query":{"cursor":{"shape":"string"},"limit":{"shape":"number"},"q":{"shape":"string","about":"part of the name, whatever the case"},"state":{"shape":"string","choices":["ok","silent","enrolling","disabled","lost"]}}},
  "hosts.get": {"method":"GET","path":"/hosts/{id}","status":200,"summary":"One host"},
  "hosts.token": {"method":"POST","path":"/hosts/tokens","status":201,"summary":"A single-use token with which one host may join, good for an hour","body":{"name":{"shape":"string","required":true}}},
  "hosts.enroll": {"method":"POST","path":"/hosts/enroll","status":201,"summary":"An agent joins with its token","body":{"token":{"shape":"string","required":true},"csr":{"shape":"string","required":true},"hostname":{"shape":"string","required":true},"address":{"shape":"string","required":true}}},
  "hosts.loss": {"method":"GET","path":"/hosts/{id}/loss","status":200,"summary":"What would be lost with a host: of each container, what was written since its newest backup"},
  "hosts.lose": {"method":"POST","path":"/hosts/{id}/lost","status":200,"summary":"Write off a host that does not answer, or some of its containers, so that they can be had back elsewhere","body":{"name":{"shape":"string","required":true},"containerIds":{"shape":"strings"}}},
  "hosts.reuse": {"method":"DELETE","path":"/hosts/{id}/lost","status":204,"summary":"Take a host into use again; what was written off with it stays so"},
  "orphans.list": {"method":"GET","path":"/orphans","status":200,"summary":"Containers that only their host knows"},
  "orphans.adopt": {"method":"POST","path":"/orphans/{id}/adopt","status":200,"summary":"Take one in as a container of its tenant; it runs on undisturbed","body":{"planId":{"shape":"string","required":true},"name":{"shape":"string"}}},
  "orphans.ignore": {"method":"POST","path":"/orphans/{id}/ignore","status":204,"summary":"Leave one alone, or stop ignoring it; nothing happens to it on its host","body":{"ignored":{"shape":"boolean"}}},
  "dashboard.get": {"method":"GET","path":"/dashboard","status":200,"summary":"What is broken, who is affected, since when"},
  "events.stream": {"method":"GET","path":"/events","status":200,"summary":"Server-sent events; resumes after Last-Event-ID","bytes":"answer"},
  "openapi.get": {"method":"GET","path":"/openapi.json","status":200,"summary":"This interface as OpenAPI 3.1"},
  "webhooks.list": {"method":"GET","path":"/webhooks","status":200,"summary":"Webhooks","query":{"cursor":{"shape":"string"},"limit":{"shape":"number"},"q":{"shape":"string","about":"part of the name, whatever the case"},"tenantId":{"shape":"string"}}},
  "webhooks.create": {"method":"POST","path":"/webhooks","status":201,"summary":"Make a webhook; the answer has its secret, which is never told again","body":{"url":{"shape":"string","required":true},"events":{"shape":"strings","required":true},"tenantId":{"shape":"string"}}},
  "webhooks.get": {"method":"GET","path":"/webhooks/{id}","status":200,"summary":"One webhook"},
  "webhooks.set": {"method":"PATCH","path":"/webhooks/{id}","status":200,"summary":"Turn a webhook on or off","body":{"enabled":{"shape":"boolean","required":true}}},
  "webhooks.delete": {"method":"DELETE","path":"/webhooks/{id}","status":204,"summary":"Delete a webhook with its log"},
  "webhooks.test": {"method":"POST","path":"/webhooks/{id}/test","status":201,"summary":"Send a message that means nothing","body":{}},
  "webhooks.deliveries": {"method":"GET","path":"/webhooks/{id}/deliveries","status":200,"summary":"What a webhook was told and how that went, newest first; kept for 30 days","query":{"cursor":{"shape":"string"},"limit":{"shape":"number"}}},
  "webhooks.replay": {"method":"POST","path":"/webhook-deliveries/{id}/replay","status":201,"summary":"Send what was sent before once more, as a message of its own","body":{}},
};
