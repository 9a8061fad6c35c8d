import { operationSteps } from '#lib/contract/operations.ts';
import type { OperationKind } from '#lib/contract/states.ts';
import { access } from './access.ts';
import { backup } from './backup.ts';
import { backupCheck } from './backup-check.ts';
import { backupDelete } from './backup-delete.ts';
import { backupTest } from './backup-test.ts';
import { clone } from './clone.ts';
import { configure } from './configure.ts';
import { confirm } from './confirm.ts';
import { create } from './create.ts';
import { remove } from './delete.ts';
import { exportContainer } from './export.ts';
import { forwards } from './forwards.ts';
import { handover } from './handover.ts';
import { importContainer } from './import.ts';
import { kill } from './kill.ts';
import { openBackup } from './open-backup.ts';
import { recover } from './recover.ts';
import { reinstall } from './reinstall.ts';
import { repair, repairFinish } from './repair.ts';
import { restart } from './restart.ts';
import { restartPolicy } from './restart-policy.ts';
import { restore } from './restore.ts';
import { restoreFiles } from './restore-files.ts';
import { restoreInto } from './restore-into.ts';
import { rollback } from './rollback.ts';
import { snapshot } from './snapshot.ts';
import { snapshotDelete } from './snapshot-delete.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';
import { templateBuild } from './template-build.ts';
import { undelete } from './undelete.ts';
import { undo } from './undo.ts';
import type { Step, Workflow } from './work.ts';

const workflows: { [K in OperationKind]: Workflow<K> } = {
  access,
  backup,
  'backup-check': backupCheck,
  'backup-test': backupTest,
  'backup-delete': backupDelete,
  clone,
  configure,
  confirm,
  create,
  delete: remove,
  export: exportContainer,
  forwards,
  handover,
  import: importContainer,
  kill,
  'open-backup': openBackup,
  recover,
  reinstall,
  restart,
  'restart-policy': restartPolicy,
  restore,
  'restore-files': restoreFiles,
  'restore-into': restoreInto,
  repair,
  'repair-finish': repairFinish,
  rollback,
  snapshot,
  'snapshot-delete': snapshotDelete,
  start,
  stop,
  'template-build': templateBuild,
  undelete,
  undo,
};

/** A kind's workflow with its steps in the order in which they are shown and run. */
export type OrderedWorkflow = Pick<Workflow<OperationKind>, 'succeeded' | 'failed' | 'events'> & {
  steps: (Step & { name: string })[];
};

export function workflowOf(kind: OperationKind): OrderedWorkflow {
  const { steps, succeeded, failed, events } = workflows[kind] as Workflow<OperationKind>;
  const byName = steps as Record<string, Step>;
  return {
    ...(succeeded === undefined ? {} : { succeeded }),
    ...(failed === undefined ? {} : { failed }),
    ...(events === undefined ? {} : { events }),
    steps: Object.keys(operationSteps[kind]).map((name) => {
      const step = byName[name];
      if (step === undefined) throw new Error(`${kind} has no step ${name}`);
      return { name, ...step };
    }),
  };
}
