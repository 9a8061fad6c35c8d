'use client';
import { X } from 'lucide-react';
import { useCallback, useRef, useState } from 'react';
import { t } from '#lib/language/text.ts';
import { ApiError, problemOf } from '../api.ts';
import { Button } from '../button.tsx';
import { bytes } from '../format.ts';
import { Progress } from '../meter.tsx';
import { notifyDone } from '../notify.tsx';
import { join, shown, typed } from './paths.ts';
import { uploadFile } from './upload.ts';

type Running = { key: number; path: string; file: File; sent: number; failed: string | null; taken: boolean };

/** Uploads under way, one after another, with how far each is. One that failed stays, to be tried again or put away. */
export function useUploads(containerId: string, onDone: () => void) {
  const [all, setAll] = useState<Running[]>([]);
  const line = useRef(Promise.resolve());
  const stops = useRef(new Map<number, AbortController>());
  const next = useRef(0);

  const change = useCallback((key: number, what: Partial<Running> | null) => {
    setAll((now) =>
      what === null
        ? now.filter((one) => one.key !== key)
        : now.map((one) => (one.key === key ? { ...one, ...what } : one)),
    );
  }, []);

  const send = useCallback(
    (one: Running, replace: boolean) => {
      const stop = new AbortController();
      stops.current.set(one.key, stop);
      line.current = line.current.then(async () => {
        if (stop.signal.aborted) return;
        try {
          const onProgress = (sent: number) => change(one.key, { sent });
          await uploadFile(containerId, one.path, one.file, { replace, onProgress, signal: stop.signal });
          change(one.key, null);
          notifyDone(t('Uploaded {path}', { path: shown(one.path) }));
          onDone();
        } catch (error) {
          const taken = error instanceof ApiError && error.problem.code === 'conflict';
          const words =
            error instanceof ApiError ? problemOf(error).detail : t('The connection was lost again and again.');
          change(one.key, { failed: words ?? t('It was refused.'), taken });
        }
      });
    },
    [containerId, change, onDone],
  );

  const add = useCallback(
    (folder: string, files: Iterable<File>) => {
      const added = [...files].map((file): Running => {
        next.current += 1;
        return { key: next.current, path: join(folder, typed(file.name)), file, sent: 0, failed: null, taken: false };
      });
      setAll((now) => [...now, ...added]);
      for (const one of added) send(one, false);
    },
    [send],
  );

  const again = (one: Running, replace: boolean) => {
    change(one.key, { failed: null, sent: 0, taken: false });
    send(one, replace);
  };
  const drop = (one: Running) => {
    stops.current.get(one.key)?.abort();
    change(one.key, null);
  };
  return { all, add, again, drop };
}

export function Uploads({ all, again, drop }: Pick<ReturnType<typeof useUploads>, 'all' | 'again' | 'drop'>) {
  if (all.length === 0) return null;
  return (
    <ul aria-label={t('Uploads')} className="card mb-4 divide-y divide-line">
      {all.map((one) => (
        <li key={one.key} className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2.5">
          <div className="min-w-0 flex-1 basis-60">
            <p className="text-[13px] font-[550] [overflow-wrap:anywhere]">{shown(one.path)}</p>
            {one.failed === null ? (
              <Progress
                percent={one.file.size === 0 ? 0 : (one.sent / one.file.size) * 100}
                label={t('Uploading {path}', { path: shown(one.path) })}
              />
            ) : (
              <p role="alert" className="text-[13px] text-bad">
                {one.failed}
              </p>
            )}
          </div>
          {one.failed === null ? (
            <span className="sub tabular-nums">
              {t('{sent, select, other {{sent}}} of {whole}', {
                sent: bytes(Math.min(one.sent, one.file.size)),
                whole: bytes(one.file.size),
              })}
            </span>
          ) : (
            <Button size="small" variant={one.taken ? 'danger' : 'plain'} onClick={() => again(one, one.taken)}>
              {t(one.taken ? 'Replace what is there' : 'Try again')}
            </Button>
          )}
          <Button
            size="icon"
            variant="quiet"
            aria-label={t('Stop uploading {path}', { path: shown(one.path) })}
            onClick={() => drop(one)}
          >
            <X aria-hidden />
          </Button>
        </li>
      ))}
    </ul>
  );
}
