'use client';
import { Upload } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import { t } from '#lib/language/text.ts';
import { ApiError, problemOf } from './api.ts';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { Choice, Form, FormProblem, SelectField, TextField } from './form.tsx';
import { bytes } from './format.ts';
import { canGoOn, givenUp, importArchive, type Wish } from './import-archive.ts';
import { LeftUploads } from './left-uploads.tsx';
import { useRefresh, useShowOperation } from './live.tsx';
import { Progress } from './meter.tsx';
import { planWords } from './plan-words.ts';
import { ChoicesSkeleton } from './skeleton.tsx';
import { useAnswer } from './use-answer.ts';
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
  const [tenant, setTenant] = useState(tenantId ?? null);
  const [plan, setPlan] = useState<string | null>(null);
  const { found, again } = useAnswer('imports.list', tenant === null ? null : { query: { tenantId: tenant } });
  const left = canGoOn() ? (found?.items.filter((one) => one.fingerprint !== null) ?? []) : [];
  const { state, send, giveUp } = useImport({
    onDone(containerId) {
      onClose();
      router.push(`/containers/${containerId}`);
    },
    onCutOff: again,
  });
  const choosable = plans?.filter((plan) => planIds === undefined || planIds.includes(plan.id)) ?? [];
  const submit = (data: FormData) => {
    if (file === null || tenant === null) return;
    void send(file, {
      tenantId: tenant,
      planId: String(data.get('planId')),
      name: String(data.get('name')).trim(),
      start: data.get('start') !== null,
    });
  };
  const sending = state.sentBytes !== null;
  const stop = () => {
    giveUp();
    onClose();
  };
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
      {plans !== null && !sending && (
        <LeftUploads
          uploads={left}
          planName={(id) => plans.find((one) => one.id === id)?.name ?? ''}
          onGivenUp={again}
        />
      )}
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
            {tenantId === undefined && <TenantField tenant={tenant} onChoose={setTenant} />}
            <SelectField
              name="planId"
              label={t('Plan')}
              value={plan ?? left[0]?.planId ?? choosable[0]?.id}
              onChange={(event) => setPlan(event.target.value)}
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
            <Button onClick={sending ? stop : onClose}>{sending ? t('Give up') : t('Not now')}</Button>
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

function TenantField({ tenant, onChoose }: { tenant: string | null; onChoose: (id: string) => void }) {
  const { items } = useChoices('tenants');
  const first = items?.[0]?.id;
  useEffect(() => {
    if (tenant === null && first !== undefined) onChoose(first);
  }, [tenant, first, onChoose]);
  return (
    <SelectField
      name="tenantId"
      label={t('Tenant')}
      value={tenant ?? first}
      onChange={(event) => onChoose(event.target.value)}
      options={(items ?? []).map((each) => ({ value: each.id, label: each.name }))}
    />
  );
}

type State = { sentBytes: number | null; problem: Problem | null };

/** Sends the file and asks for the container; closed meanwhile, or cut off, what has come stays to go on with. */
function useImport({ onDone, onCutOff }: { onDone: (containerId: string) => void; onCutOff: () => void }) {
  const [state, setState] = useState<State>({ sentBytes: null, problem: null });
  const gone = useRef(new AbortController());
  const refresh = useRefresh();
  const show = useShowOperation();
  useEffect(() => {
    const leave = new AbortController();
    gone.current = leave;
    return () => leave.abort();
  }, []);
  const send = async (file: File, wish: Wish) => {
    const { signal } = gone.current;
    const onProgress = (sentBytes: number) => setState({ sentBytes, problem: null });
    onProgress(0);
    try {
      const operation = await importArchive(file, wish, { onProgress, signal });
      show(operation);
      refresh();
      if (operation.containerId !== null) onDone(operation.containerId);
    } catch (error) {
      if (signal.aborted) return;
      setState({ sentBytes: null, problem: error instanceof ApiError ? error.problem : lost(error) });
      onCutOff();
    }
  };
  return { state, send, giveUp: () => gone.current.abort(givenUp) };
}

const lost = (error: unknown): Problem => ({
  ...problemOf(error),
  title: t('The connection was lost again and again.'),
  remedy: t('Ask again here, or later with the same file: it goes on from what has come.'),
});
