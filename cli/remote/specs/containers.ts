import type { Spec } from './spec.ts';

const backups =
  'ID id, CONTAINER containerName, MADE createdAt:time, STATE state, NAME name, SIZE bytesTotal:size, PROTECTED protected';

/** What belongs to one container: what of it takes no hand-written verb. */
export const containerSpecs: readonly Spec[] = [
  { words: 'ct log <container>', route: 'containers.log', about: 'the end of what it printed at its boot' },
  {
    words: 'ct undelete <container>',
    route: 'containers.undelete',
    about: 'have a deleted one back (by its id: ct list --deleted)',
  },
  { words: 'ct clone <container> <name>', route: 'containers.clone' },
  {
    words: 'ct changes <container>',
    route: 'containers.changes',
    columns: 'WHAT name:path, KIND kind, IS difference, COUNT count, SIZE bytes:size',
  },
  { words: 'backup list', route: 'backups.listAll', columns: backups },
  { words: 'backup show <backup>', route: 'backups.get' },
  { words: 'backup edit <backup>', route: 'backups.edit' },
  { words: 'backup delete <backup>', route: 'backups.delete' },
  { words: 'backup recover <backup>', route: 'backups.recover' },
  { words: 'backup purge <backup>', route: 'backups.purge' },
  { words: 'backup test <backup>', route: 'backups.test' },
  { words: 'backup report <backup>', route: 'backups.testReport' },
  { words: 'backup commands <backup>', route: 'backups.commands' },
  { words: 'backup compare <backup>', route: 'backups.compare' },
  { words: 'backup preview <backup>', route: 'backups.previewRestore' },
  { words: 'backup restore-into <backup> <container>', route: 'backups.restoreInto' },
  {
    words: 'backup consents <backup>',
    route: 'backups.consents',
    columns: 'ID id, FOR containerId, BY grantedByName, STATE state, UNTIL expiresAt:time',
  },
  { words: 'backup consent <backup> <container>', route: 'backups.consent' },
  { words: 'backup revoke-consent <consent>', route: 'backups.revokeConsent' },
  { words: 'backup check <container>', route: 'backups.check' },
  { words: 'backup check-now <container>', route: 'backups.checkNow' },
  { words: 'backup care <container>', route: 'backups.care' },
  { words: 'backup set-care <container>', route: 'backups.setCare' },
  { words: 'backup settings <container>', route: 'backups.settings' },
  { words: 'backup set-settings <container>', route: 'backups.setSettings' },
  { words: 'backup schedule <container>', route: 'backups.schedule' },
  { words: 'backup set-schedule <container>', route: 'backups.setSchedule', edits: 'backups.schedule' },
  {
    words: 'snapshot list <container>',
    route: 'snapshots.list',
    columns: 'ID id, MADE createdAt:time, STATE state, KIND kind, NAME name, SIZE bytes:size',
  },
  { words: 'snapshot create <container>', route: 'snapshots.create' },
  { words: 'snapshot rollback <snapshot>', route: 'snapshots.rollback' },
  { words: 'snapshot delete <snapshot>', route: 'snapshots.delete' },
  {
    words: 'import list',
    route: 'imports.list',
    columns: 'ID id, FILE fileName, SIZE sizeBytes:size, HERE receivedBytes:size, UNTIL expiresAt:time',
  },
  { words: 'import show <import>', route: 'imports.get' },
  { words: 'import give-up <import>', route: 'imports.giveUp' },
  {
    words: 'forward list <container>',
    route: 'forwards.list',
    columns: 'ID id, PROTOCOL protocol, HOST-PORT hostPort, CONTAINER-PORT containerPort',
  },
  { words: 'forward add <container> <container-port>', route: 'forwards.create' },
  { words: 'forward remove <container> <forward>', route: 'forwards.delete' },
  {
    words: 'hold list <container>',
    route: 'holds.list',
    columns: 'REASON reason, SINCE placedAt:time, BY placedBy, OVER over, MESSAGE message',
  },
  {
    words: 'offer list',
    route: 'handovers.list',
    columns: 'ID id, CONTAINER containerName, FROM from, TO to, STATE state, UNTIL expiresAt:time',
  },
];
