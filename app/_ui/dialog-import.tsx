'use client';
import { Upload } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import { ImportUpload } from '#lib/contract/transfers.ts';
import { t } from '#lib/language/text.ts';
import { address } from './address.ts';
import { call, problemOf } from './api.ts';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { uploadPieces } from './files/upload.ts';
import { Choice, Form, FormProblem, SelectField, TextField } from './form.tsx';
import { bytes } from './format.ts';
import { useRefresh, useShowOperation } from './live.tsx';
import { Progress } from './meter.tsx';
import { planWords } from './plan-words.ts';
import { ChoicesSkeleton } from './skeleton.tsx';
import { useChoices, useOffered } from './use-choices.ts';

/** `planIds`: those to choose from; without it all there are. `tenantId`: for whom; without it one is chosen. */
type Props = { tenantId?: string; planIds?: readonly string[] };

export function ImportContainer(props: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Upload aria-hidden /> {t('Import…')}
      </Button>
      {open && <ImportDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function ImportDialog({ tenantId, planIds, onClose }: Props & { onClose: () => void }) {
  const { items: plans, problem: noPlans } = useOffered('plans');
  const router = useRouter();
  const [file, setFile] = useState<File | null>(null);
  const { state, send } = useImport((containerId) => {
    onClose();
    router.push(`/containers/${containerId}`);
  });
  const choosable = plans?.filter((plan) => planIds === undefined || planIds.includes(plan.id)) ?? [];
  const submit = (data: FormData) => {
    if (file === null) return;
    void send(file, {
      tenantId: tenantId ?? String(data.get('tenantId')),
      planId: String(data.get('planId')),
      name: String(data.get('name')).trim(),
      start: data.get('start') !== null,
    });
  };
  const sending = state.sentBytes !== null;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t('Import a container')}
      sub={t('From an exported file, or any root file system as tar: plain, gzip or zstd.')}
    >
      {plans === null && noPlans === null && <ChoicesSkeleton />}
      {noPlans !== null && <FormProblem problem={noPlans} />}
      {plans !== null && (
        <Form problem={state.problem} onSubmit={submit}>
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              name="name"
              label={t('Name')}
              required
              autoFocus
              maxLength={63}
              autoCapitalize="none"
              spellCheck={false}
              autoComplete="off"
              hint={t('Lower-case letters, digits and dashes.')}
            />
            {tenantId === undefined && <TenantField />}
            <SelectField
              name="planId"
              label={t('Plan')}
              options={choosable.map((plan) => ({ value: plan.id, label: `${plan.name} (${planWords(plan)})` }))}
            />
            <div className="sm:col-span-2">
              <TextField
                name="file"
                label={t('File')}
                type="file"
                required
                onChange={(event) => setFile(event.target.files?.[0] ?? null)}
                hint={t('It needs systemd, busybox init or sysvinit as /sbin/init.')}
              />
            </div>
          </div>
          <Choice
            type="checkbox"
            name="start"
            defaultChecked
            label={t('Start it when it is made')}
            hint={t(
              'It has the users, passwords, keys and identity that are in the file: whatever runs in it runs here too.',
            )}
          />
          {file !== null && state.sentBytes !== null && (
            <div className="grid gap-1.5" aria-live="polite">
              <Progress
                percent={(state.sentBytes / file.size) * 100}
                label={t('Sending {file}', { file: file.name })}
              />
              <p className="sub tabular-nums">
                {t('{sent} of {whole} sent. Keep this window open.', {
                  sent: bytes(Math.min(state.sentBytes, file.size)),
                  whole: bytes(file.size),
                })}
              </p>
            </div>
          )}
          <FormProblem problem={state.problem} />
          <DialogFoot>
            <Button onClick={onClose}>{sending ? t('Stop') : t('Not now')}</Button>
            <Button
              type="submit"
              variant="primary"
              pending={sending}
              reason={
                file === null
                  ? t('Choose a file first.')
                  : choosable.length === 0
                    ? t('There is no plan for it.')
                    : null
              }
            >
              {t('Import')}
            </Button>
          </DialogFoot>
        </Form>
      )}
    </Dialog>
  );
}

function TenantField() {
  const { items } = useChoices('tenants');
  return (
    <SelectField
      name="tenantId"
      label={t('Tenant')}
      options={(items ?? []).map((each) => ({ value: each.id, label: each.name }))}
    />
  );
}

type Wish = { tenantId: string; planId: string; name: string; start: boolean };

/** Opens an upload, sends the file in pieces, and asks for the container. Closing the dialog, or a refusal, gives it up. */
function useImport(onDone: (containerId: string) => void) {
  const [state, setState] = useState<{ sentBytes: number | null; problem: Problem | null }>({
    sentBytes: null,
    problem: null,
  });
  const gone = useRef(new AbortController());
  const refresh = useRefresh();
  const show = useShowOperation();
  useEffect(() => {
    const leave = new AbortController();
    gone.current = leave;
    return () => leave.abort();
  }, []);
  const send = async (file: File, { name, start, ...place }: Wish) => {
    const { signal } = gone.current;
    setState({ sentBytes: 0, problem: null });
    let opened: string | null = null;
    try {
      const { id } = await call('imports.start', { body: { ...place, sizeBytes: file.size } });
      opened = id;
      signal.throwIfAborted();
      const urlOf = (offset: number) => address('/imports/{id}/content', { id }, { offset });
      const onProgress = (sentBytes: number) => setState({ sentBytes, problem: null });
      await uploadPieces(file, urlOf, reachedBy, { onProgress, signal });
      const operation = await call('containers.import', { body: { importId: id, name, start } });
      show(operation);
      refresh();
      if (operation.containerId !== null) onDone(operation.containerId);
    } catch (error) {
      // Another try sends it anew. What cannot be given up now is forgotten after a day.
      if (opened !== null) await call('imports.giveUp', { params: { id: opened } }).catch(() => undefined);
      if (!signal.aborted) setState({ sentBytes: null, problem: problemOf(error) });
    }
  };
  return { state, send };
}

function reachedBy(json: unknown) {
  const upload = ImportUpload.safeParse(json);
  if (!upload.success) return null;
  const { receivedBytes: received, sizeBytes } = upload.data;
  return { received, done: received === sizeBytes };
}
