import type { Operation } from '#lib/contract/operations.ts';
import { ImportReport, Packed } from '#lib/contract/transfers.ts';
import { t } from '#lib/language/text.ts';

/** What of a system did not come along, in words: of an export what its file does not have, of an import what its archive had or lacked. */
export function leftOutWords({ kind, result }: Pick<Operation, 'kind' | 'result'>): string[] {
  if (kind === 'export') {
    const packed = Packed.pick({ sockets: true, devices: true }).safeParse(result);
    return packed.success ? notInFile(packed.data) : [];
  }
  const { data: report } = ImportReport.safeParse(result.report);
  if (report === undefined) return [];
  const { devices, attributes, replaced, manifest } = report;
  return [
    ...(devices > 0
      ? [t('{n, plural, one {# device node was} other {# device nodes were}} left out', { n: devices })]
      : []),
    ...(attributes > 0
      ? [
          t(
            '{n, plural, one {# extended attribute was} other {# extended attributes were}} left out, which a container may not set or its disk does not take',
            { n: attributes },
          ),
        ]
      : []),
    ...(replaced > 0
      ? [t('{n, plural, one {# name} other {# names}} came more than once: the last one counts', { n: replaced })]
      : []),
    ...(manifest === null ? [] : notInFile(manifest)),
  ];
}

function notInFile({ sockets, devices }: { sockets: number; devices: number }): string[] {
  return [
    ...(sockets > 0
      ? [t('{n, plural, one {# socket is} other {# sockets are}} not in the exported file', { n: sockets })]
      : []),
    ...(devices > 0
      ? [t('{n, plural, one {# device node is} other {# device nodes are}} not in the exported file', { n: devices })]
      : []),
  ];
}

/** The same on an operation, with the first few names behind it. */
export function LeftOut({ operation }: { operation: Pick<Operation, 'kind' | 'result'> }) {
  const words = leftOutWords(operation);
  if (words.length === 0) return null;
  const examples = ImportReport.safeParse(operation.result.report).data?.examples ?? [];
  return (
    <div className="grid gap-1 text-[13px]">
      <p className="[overflow-wrap:anywhere]">{words.join(' · ')}</p>
      {examples.length > 0 && (
        <details>
          <summary className="cursor-pointer py-1 underline decoration-line underline-offset-3">{t('Which')}</summary>
          <ul className="mt-1 grid gap-0.5 rounded-control bg-sunk px-3 py-2 font-mono text-xs">
            {examples.map((name) => (
              <li key={name} className="[overflow-wrap:anywhere]">
                {name}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
