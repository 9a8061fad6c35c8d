'use client';
import { Check, CircleAlert, LoaderCircle, ShieldCheck, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import type { z } from 'zod';
import type { Backup } from '#lib/contract/backups.ts';
import type { Verdict } from '#lib/contract/containers.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { ActionsHead } from './actions-head.tsx';
import { BackupHealthLine } from './backup-health.tsx';
import { BackupTestMark } from './backup-test-mark.tsx';
import { Badge } from './badge.tsx';
import { BringBack, canComeBack, DeletedLine } from './bring-back.tsx';
import { Button, LinkButton } from './button.tsx';
import { DeleteBackupDialog, EditBackupDialog, RestoreDialog } from './dialog-backup.tsx';
import { CommandsDialog, CommandsLine } from './dialog-backup-commands.tsx';
import { TestBackupDialog, TestReportDialog } from './dialog-backup-test.tsx';
import { ConsentDialog, RestoreIntoDialog } from './dialog-consent.tsx';
import { bytes } from './format.ts';
import { RowMenuButton, RowMenuProvider } from './row-menu.tsx';
import { Ago, At, useAt } from './time.tsx';
import type { Tone } from './words.ts';

const states = {
  running: { word: 'Being made', tone: 'busy', icon: LoaderCircle },
  complete: { word: 'Complete', tone: 'good', icon: Check },
  failed: { word: 'Failed', tone: 'bad', icon: CircleAlert },
  removed: { word: 'Deleted', tone: 'idle', icon: Trash2 },
  deleting: { word: 'Being deleted', tone: 'busy', icon: LoaderCircle },
  'pending-prune': { word: 'Deleted, not yet pruned', tone: 'idle', icon: Trash2 },
  deleted: { word: 'Deleted', tone: 'idle', icon: Trash2 },
} as const satisfies Record<Backup['state'], { word: string; tone: Tone; icon: unknown }>;

type Asked = 'restore' | 'edit' | 'delete' | 'consent' | 'restore-into' | 'test' | 'report' | 'commands';

type Props = {
  backups: readonly Backup[];
  /** What the state of the container allows; without it (a list of all) the portal decides when asked. */
  restore?: z.infer<typeof Verdict> | undefined;
  mayRestore: boolean;
  mayEdit: boolean;
  mayDelete: boolean;
  /** Whether this person may consent to its being restored elsewhere, or may do that. */
  mayConsent?: boolean;
  mayRestoreInto?: boolean;
  mayTest?: boolean;
  /** Bring the container of one back, where that is deleted. */
  mayUndelete?: boolean;
  /** Into the files of one. */
  mayLook: boolean;
  /** For so many days a deleted one can be had back; null in a list of all. */
  deletedDays?: number | null;
  planId?: string;
  withContainer?: boolean;
  /** Whether these are all there are, so that the last complete one can be told. */
  whole?: boolean;
};

export function BackupTable({
  backups,
  restore,
  mayRestore,
  mayEdit,
  mayDelete,
  mayConsent = false,
  mayRestoreInto = false,
  mayTest = false,
  mayUndelete = false,
  mayLook,
  deletedDays = null,
  planId,
  withContainer = false,
  whole = false,
}: Props) {
  const [asked, setAsked] = useState<{ backup: Backup; what: Asked } | null>(null);
  const at = useAt();
  const complete = backups.filter((backup) => backup.state === 'complete').length;
  const forbidden = restore !== undefined && !restore.allowed ? said(restore.reason ?? 'Not possible now.') : null;
  return (
    <RowMenuProvider>
      <div className="card">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('Made')}</th>
              {withContainer && <th scope="col">{t('Container')}</th>}
              <th scope="col">{t('State')}</th>
              <th scope="col" className="num">
                {t('Size')}
              </th>
              <th scope="col" className="num">
                {t('New')}
              </th>
              <th scope="col" className="num">
                {t('Deleting frees')}
              </th>
              <th scope="col">{t('Where')}</th>
              <ActionsHead />
            </tr>
          </thead>
          <tbody>
            {backups.map((backup) => (
              <tr key={backup.id}>
                <td className="md:max-w-80">
                  <span className="inline-flex flex-wrap items-center gap-x-2 font-semibold [overflow-wrap:anywhere]">
                    {backup.name === '' ? <At at={backup.createdAt} /> : backup.name}
                    {backup.protected && (
                      <span className="inline-flex items-center gap-1 text-xs font-[550] text-good">
                        <ShieldCheck aria-hidden className="size-3.5" /> {t('protected')}
                      </span>
                    )}
                  </span>
                  <div className="sub [overflow-wrap:anywhere]">
                    {backup.name !== '' && (
                      <>
                        <At at={backup.createdAt} /> ·{' '}
                      </>
                    )}
                    {backup.note !== '' && `${t('“{note}”', { note: backup.note })} · `}
                    <Ago at={backup.createdAt} /> {t('by {name}', { name: backup.actorName })}
                  </div>
                </td>
                {withContainer && (
                  <td data-label={t('Container')} className="[overflow-wrap:anywhere]">
                    {backup.containerDeleted === undefined ? (
                      <Link
                        className="underline decoration-line underline-offset-3 hover:decoration-current"
                        href={`/containers/${backup.containerId}/backups`}
                      >
                        {backup.containerName}
                      </Link>
                    ) : (
                      <>
                        {backup.containerName}
                        <DeletedLine deleted={backup.containerDeleted} />
                      </>
                    )}
                  </td>
                )}
                <td>
                  <Badge tone={states[backup.state].tone} icon={states[backup.state].icon}>
                    {t(states[backup.state].word)}
                  </Badge>
                  <BackupHealthLine backup={backup} />
                  <BackupTestMark
                    test={backup.test}
                    onOpen={mayTest ? () => setAsked({ backup, what: 'report' }) : null}
                  />
                  <CommandsLine commands={backup.commands} />
                </td>
                <td className="num" data-label={t('Size')}>
                  {backup.bytesTotal === null ? '–' : bytes(backup.bytesTotal)}
                </td>
                <td className="num" data-label={t('New')}>
                  {backup.bytesAdded === null ? '–' : bytes(backup.bytesAdded)}
                  {backup.freezeMs !== null && (
                    <div className="sub max-md:inline"> {t('paused {n} ms', { n: Math.round(backup.freezeMs) })}</div>
                  )}
                </td>
                <td className="num" data-label={t('Frees')}>
                  {backup.frees === null ? '–' : t('about {size}', { size: bytes(backup.frees.bytes) })}
                  {backup.frees !== null && (
                    <div className="sub max-md:inline">
                      {' '}
                      {rich('as of {ago}', { ago: <Ago key="ago" at={backup.frees.at} /> })}
                    </div>
                  )}
                </td>
                <td data-label={t('Where')}>
                  {said(backup.location.name)}
                  {!backup.location.offsite && (
                    <div className="sub text-warn max-md:inline"> {t('not safe against loss of this server')}</div>
                  )}
                </td>
                <td className="max-md:pt-2">
                  <div className="flex items-center justify-end gap-1 max-md:justify-start">
                    {mayUndelete && canComeBack(backup) && <BringBack backup={backup} />}
                    {mayLook && backup.state === 'complete' && (
                      <LinkButton size="small" href={`/containers/${backup.containerId}/backups/${backup.id}`}>
                        {t('Files')}
                      </LinkButton>
                    )}
                    {mayRestore && isThere(backup) && (
                      <Button size="small" reason={forbidden} onClick={() => setAsked({ backup, what: 'restore' })}>
                        {t('Restore…')}
                      </Button>
                    )}
                    {(mayEdit || mayDelete || mayRestoreInto || mayTest) && (
                      <RowMenuButton
                        label={t('Actions for the backup of {name} from {at}', {
                          name: backup.containerName,
                          at: at(backup.createdAt),
                        })}
                        items={[
                          ...(mayTest && backup.containerDeleted === undefined
                            ? [
                                {
                                  label: t('Test this backup now…'),
                                  reason:
                                    backup.state === 'complete' ? null : t('Only a complete backup can be tested.'),
                                  onSelect: () => setAsked({ backup, what: 'test' }),
                                },
                              ]
                            : []),
                          ...(mayTest && backup.commands !== null
                            ? [
                                {
                                  label: t('What its commands printed…'),
                                  onSelect: () => setAsked({ backup, what: 'commands' }),
                                },
                              ]
                            : []),
                          ...(mayEdit
                            ? [
                                {
                                  label: t('Name, note, protection…'),
                                  onSelect: () => setAsked({ backup, what: 'edit' }),
                                },
                              ]
                            : []),
                          ...(mayConsent && backup.state === 'complete'
                            ? [{ label: t('Hand on…'), onSelect: () => setAsked({ backup, what: 'consent' }) }]
                            : []),
                          ...(mayRestoreInto && backup.state === 'complete'
                            ? [
                                {
                                  label: t('Restore elsewhere…'),
                                  onSelect: () => setAsked({ backup, what: 'restore-into' }),
                                },
                              ]
                            : []),
                          ...(mayDelete
                            ? [
                                {
                                  label: t('Delete…'),
                                  danger: true,
                                  reason: whyNotDelete(backup),
                                  onSelect: () => setAsked({ backup, what: 'delete' }),
                                },
                              ]
                            : []),
                        ]}
                      />
                    )}
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {asked?.what === 'restore' && (
        <RestoreDialog backup={asked.backup} planId={planId ?? null} onClose={() => setAsked(null)} />
      )}
      {asked?.what === 'test' && <TestBackupDialog backup={asked.backup} onClose={() => setAsked(null)} />}
      {asked?.what === 'report' && <TestReportDialog backup={asked.backup} onClose={() => setAsked(null)} />}
      {asked?.what === 'commands' && <CommandsDialog backup={asked.backup} onClose={() => setAsked(null)} />}
      {asked?.what === 'edit' && <EditBackupDialog backup={asked.backup} onClose={() => setAsked(null)} />}
      {asked?.what === 'consent' && <ConsentDialog backup={asked.backup} onClose={() => setAsked(null)} />}
      {asked?.what === 'restore-into' && <RestoreIntoDialog backup={asked.backup} onClose={() => setAsked(null)} />}
      {asked?.what === 'delete' && (
        <DeleteBackupDialog
          backup={asked.backup}
          last={whole && complete === 1 && asked.backup.state === 'complete'}
          days={deletedDays}
          onClose={() => setAsked(null)}
        />
      )}
    </RowMenuProvider>
  );
}

/** Complete, of a container that is there: it can be restored where it is from. */
const isThere = ({ state, containerDeleted }: Backup) => state === 'complete' && containerDeleted === undefined;

function whyNotDelete(backup: Backup): string | null {
  if (backup.state !== 'complete' && backup.state !== 'failed')
    return t('It is being worked on. Wait until that is done.');
  return backup.protected ? t('It is protected. Take that off first.') : null;
}
