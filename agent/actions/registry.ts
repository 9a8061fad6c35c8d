import type { ActionVerb } from '#lib/contract/agent.ts';
import { access } from './access.ts';
import { deleteBackup, measure, upload, verify } from './backup.ts';
import { check } from './check.ts';
import { clone } from './clone.ts';
import { create } from './create.ts';
import type { AnyAction } from './definition.ts';
import { remove } from './delete.ts';
import { exportContainer, forgetArchive } from './export.ts';
import { openBackup, restoreFiles } from './files.ts';
import { buildTemplate, collectLayers } from './host.ts';
import { importContainer } from './import.ts';
import { thaw, told } from './local.ts';
import { kill, restart, start, stop } from './power.ts';
import { recoverFiles } from './recover.ts';
import { recreate } from './recreate.ts';
import { beginRepair, endRepair } from './repair.ts';
import { configure, forwards, handOver } from './settings.ts';
import { createSnapshot, deleteSnapshot } from './snapshot.ts';
import { swap } from './swap.ts';
import { test } from './trial.ts';
import { copyVolume, createVolume, deleteVolume, restoreVolume } from './volume.ts';

/** Every verb of the contract and what carries it out. */
export const registry = {
  'container.create': create,
  'container.clone': clone,
  'container.recreate': recreate,
  'container.export': exportContainer,
  'container.import': importContainer,
  'archive.forget': forgetArchive,
  'container.start': start,
  'container.stop': stop,
  'container.restart': restart,
  'container.kill': kill,
  'container.thaw': thaw,
  'container.delete': remove,
  'container.configure': configure,
  'container.access': access,
  'container.handover': handOver,
  'container.forwards': forwards,
  'volume.create': createVolume,
  'volume.restore': restoreVolume,
  'backup.open': openBackup,
  'files.restore': restoreFiles,
  'files.recover': recoverFiles,
  'volume.copy': copyVolume,
  'volume.delete': deleteVolume,
  'container.swap': swap,
  'repair.begin': beginRepair,
  'repair.end': endRepair,
  'snapshot.create': createSnapshot,
  'snapshot.delete': deleteSnapshot,
  'backup.upload': upload,
  'backup.verify': verify,
  'backup.measure': measure,
  'backup.check': check,
  'backup.test': test,
  'backup.delete': deleteBackup,
  'template.build': buildTemplate,
  'layers.collect': collectLayers,
  'local.told': told,
} satisfies Record<ActionVerb, AnyAction>;
