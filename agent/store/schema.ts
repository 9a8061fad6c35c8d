/**
 * The agent's durable memory, one string a schema version. Ids are UUIDs in text, instants ISO 8601 in text, sizes bytes,
 * shapes of the contract JSON. Nothing here is secret, but it is root-only all the same.
 */
export const migrations: readonly string[] = [
  `
CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- The ledger. A row is written before the first effect of its action. \`committed\` is null until the action's one
-- transaction on the records below; from then on the action can only be finished, never undone by a crash.
CREATE TABLE actions (
  id TEXT PRIMARY KEY,
  body_hash TEXT NOT NULL,
  verb TEXT NOT NULL,
  container_id TEXT,
  generation INTEGER,
  actor TEXT NOT NULL,
  args TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'succeeded', 'failed', 'interrupted')),
  committed TEXT,
  outcome TEXT,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  CHECK ((state = 'running') = (ended_at IS NULL))
) STRICT;
CREATE INDEX actions_running ON actions (state) WHERE state = 'running';
CREATE INDEX actions_ended ON actions (ended_at);

-- Commands run inside containers at most once each. Their output is a tenant's and never kept on disk.
CREATE TABLE execs (
  id TEXT PRIMARY KEY,
  container_id TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  started_at TEXT NOT NULL
) STRICT;

-- Highest generation accepted for a container; outlives it, so that an old order cannot bring a deleted container back.
CREATE TABLE generations (
  container_id TEXT PRIMARY KEY,
  generation INTEGER NOT NULL
) STRICT;

CREATE TABLE containers (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('preparing', 'present', 'deleting')),
  owner_action TEXT,
  tenant_id TEXT NOT NULL,
  name TEXT NOT NULL,
  hostname TEXT NOT NULL,
  desired TEXT NOT NULL DEFAULT 'stopped' CHECK (desired IN ('running', 'stopped')),
  id_base INTEGER NOT NULL UNIQUE,
  address TEXT NOT NULL UNIQUE,
  volume_id TEXT NOT NULL,
  template TEXT NOT NULL,
  resources TEXT NOT NULL,
  old_volume_id TEXT,
  old_template TEXT,
  -- A boot is owed while boots_wanted > boots_done: it tells a restart of ours from a poweroff inside, also after a crash.
  boots_wanted INTEGER NOT NULL DEFAULT 0,
  boots_done INTEGER NOT NULL DEFAULT 0,
  boot_id TEXT,
  since TEXT NOT NULL,
  last_exit TEXT,
  CHECK ((state = 'preparing') = (owner_action IS NOT NULL)),
  CHECK ((old_volume_id IS NULL) = (old_template IS NULL))
) STRICT;

-- preparing: being made by owner_action. spare: complete, used by nothing yet. current: a container's private area.
-- retained: put aside by a swap. discarded: to be removed as soon as nothing holds it.
CREATE TABLE volumes (
  id TEXT PRIMARY KEY,
  container_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('preparing', 'spare', 'current', 'retained', 'discarded')),
  owner_action TEXT,
  quota_bytes INTEGER NOT NULL,
  quota_inodes INTEGER NOT NULL,
  -- Size the file system really has; less or more than quota_bytes while a resize waits for the next start.
  applied_bytes INTEGER NOT NULL,
  reserved_bytes INTEGER NOT NULL CHECK (reserved_bytes >= 0),
  layers TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CHECK ((state = 'preparing') = (owner_action IS NOT NULL))
) STRICT;
CREATE INDEX volumes_container ON volumes (container_id);
CREATE UNIQUE INDEX volumes_current ON volumes (container_id) WHERE state = 'current';

CREATE TABLE snapshots (
  id TEXT PRIMARY KEY,
  container_id TEXT NOT NULL,
  volume_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('preparing', 'present')),
  owner_action TEXT,
  reserved_bytes INTEGER NOT NULL CHECK (reserved_bytes >= 0),
  -- As they were at that instant; a backup carries them.
  template TEXT NOT NULL,
  resources TEXT NOT NULL,
  hostname TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CHECK ((state = 'preparing') = (owner_action IS NOT NULL))
) STRICT;
CREATE INDEX snapshots_container ON snapshots (container_id);

CREATE TABLE forwards (
  protocol TEXT NOT NULL CHECK (protocol IN ('tcp', 'udp')),
  host_port INTEGER NOT NULL,
  container_id TEXT NOT NULL REFERENCES containers (id) ON DELETE CASCADE,
  container_port INTEGER NOT NULL,
  PRIMARY KEY (protocol, host_port)
) STRICT;
CREATE INDEX forwards_container ON forwards (container_id);
`,
  `
-- Highest fence seen in an operation's grants: whoever comes with a lower one was replaced by another worker.
CREATE TABLE fences (
  operation_id TEXT PRIMARY KEY,
  fence INTEGER NOT NULL,
  seen_at TEXT NOT NULL
) STRICT;
CREATE INDEX fences_seen ON fences (seen_at);
`,
  `
-- Null: ordered by the portal. 0: ordered by root of this host, and the portal has not been told yet. 1: it has.
ALTER TABLE actions ADD COLUMN told INTEGER CHECK (told IN (0, 1));
CREATE INDEX actions_untold ON actions (ended_at) WHERE told = 0;
`,
  `
-- The latest ends, newest first, in place of the last one alone; how the container comes back.
ALTER TABLE containers ADD COLUMN exits TEXT NOT NULL DEFAULT '[]';
UPDATE containers SET exits = json_array(json(last_exit)) WHERE last_exit IS NOT NULL;
ALTER TABLE containers DROP COLUMN last_exit;
ALTER TABLE containers ADD COLUMN restart_policy TEXT NOT NULL DEFAULT 'on-failure'
  CHECK (restart_policy IN ('never', 'on-failure', 'always'));
ALTER TABLE containers ADD COLUMN start_priority INTEGER NOT NULL DEFAULT 50;
-- How many of the newest ends weigh against it; none since a person last started or stopped it.
ALTER TABLE containers ADD COLUMN weighing INTEGER NOT NULL DEFAULT 0;
`,
  // What was shown at /old beside a volume when a swap put it aside; taking the swap back shows it again.
  `
ALTER TABLE volumes ADD COLUMN old_volume_id TEXT;
ALTER TABLE volumes ADD COLUMN old_template TEXT;
`,
  // Kept until deleted by name; others are forgotten after a day.
  `
ALTER TABLE snapshots ADD COLUMN kept INTEGER NOT NULL DEFAULT 0 CHECK (kept IN (0, 1));
`,
  // In repair: the rescue system's volume, whether it sees the real files read-only, and what was desired before.
  `
ALTER TABLE containers ADD COLUMN repair_volume_id TEXT;
ALTER TABLE containers ADD COLUMN repair_read_only INTEGER CHECK (repair_read_only IN (0, 1));
ALTER TABLE containers ADD COLUMN repair_before TEXT CHECK (repair_before IN ('running', 'stopped'));
`,
  // What the panel's audit record was, as the authority signed it. Nothing here ever changes or deletes one.
  `
CREATE TABLE audit_heads (
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  jws TEXT NOT NULL,
  taken_at TEXT NOT NULL,
  PRIMARY KEY (seq, hash)
) STRICT;
CREATE TRIGGER audit_heads_stay BEFORE DELETE ON audit_heads BEGIN SELECT RAISE(ABORT, 'heads of the audit record stay'); END;
CREATE TRIGGER audit_heads_same BEFORE UPDATE ON audit_heads BEGIN SELECT RAISE(ABORT, 'heads of the audit record stay'); END;
`,
  // Addresses of deleted containers that can be had back: nobody else gets them until then.
  `
CREATE TABLE kept_addresses (
  container_id TEXT PRIMARY KEY,
  address TEXT NOT NULL UNIQUE,
  until TEXT NOT NULL
) STRICT;
`,
  // Archives of whole systems: exported ones, to be fetched, and uploads, of nobody yet.
  `
CREATE TABLE transfers (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('export', 'upload')),
  container_id TEXT,
  state TEXT NOT NULL CHECK (state IN ('preparing', 'present')),
  owner_action TEXT,
  reserved_bytes INTEGER NOT NULL CHECK (reserved_bytes >= 0),
  expires_at TEXT NOT NULL,
  CHECK ((state = 'preparing') = (owner_action IS NOT NULL)),
  CHECK ((kind = 'export') = (container_id IS NOT NULL))
) STRICT;
`,
  // Commands that have to be run inside containers, because those before them were.
  `
CREATE TABLE owed_commands (
  container_id TEXT PRIMARY KEY,
  action_id TEXT NOT NULL,
  boot_id TEXT,
  argv TEXT NOT NULL,
  timeout_ms INTEGER NOT NULL
) STRICT;
  `,
  // When a swap put a volume aside, by this host's clock: what changed later was written since.
  `
ALTER TABLE volumes ADD COLUMN retained_at TEXT;
`,
];
