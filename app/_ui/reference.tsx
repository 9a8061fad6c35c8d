import { z } from 'zod';
import { rich, type Text, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';

const Schema = z.record(z.string(), z.unknown());
const Content = z.record(z.string(), z.object({ schema: Schema.optional() }));
const Called = z.object({
  operationId: z.string(),
  summary: z.string(),
  'x-permission': z.string(),
  parameters: z.array(
    z.object({ name: z.string(), in: z.string(), required: z.boolean(), description: z.string().optional() }),
  ),
  requestBody: z.object({ content: Content }).optional(),
  responses: z.record(z.string(), z.object({ content: Content.optional() })),
});
const Document = z.object({ paths: z.record(z.string(), z.record(z.string(), Called)) });
type Called = z.infer<typeof Called>;

/** What the OpenAPI document says, for people: each address with what it takes, gives, and whom it is for. */
export function ReferencePage({ document }: { document: unknown }) {
  const { paths } = Document.parse(document);
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, called]) => ({ path, method: method.toUpperCase(), called })),
  );
  const groups = Map.groupBy(all, ({ called }) => called.operationId.split('.')[0] ?? '');
  return (
    <main className="mx-auto grid max-w-4xl min-w-0 gap-6 px-4 py-8">
      <header>
        <h1 className="text-xl font-[650] tracking-tight">{t('Reference of the interface')}</h1>
        <p className="sub">
          {rich(
            'Every address lies below <code>{path}</code>. The same as a document for programs: <link>{file}</link>.',
            {
              path: '/api/v1',
              file: 'openapi.json',
              code,
              link: (inner) => (
                <a key="link" className="underline underline-offset-3" href="/api/v1/openapi.json">
                  {inner}
                </a>
              ),
            },
          )}
        </p>
      </header>
      <nav aria-label={t('Subjects')} className="flex flex-wrap gap-x-4 gap-y-1 text-[13px]">
        {[...groups.keys()].map((name) => (
          <a key={name} className="underline underline-offset-3" href={`#${name}`}>
            {name}
          </a>
        ))}
      </nav>
      {[...groups].map(([name, list]) => (
        <section key={name} id={name} className="grid min-w-0 gap-2">
          <h2 className="text-base font-semibold">{name}</h2>
          {list.map(({ path, method, called }) => (
            <details key={called.operationId} id={called.operationId} className="card min-w-0">
              <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-2.5">
                <span className="font-mono text-[13px] font-semibold [overflow-wrap:anywhere]">
                  {method} {path}
                </span>
                <span className="sub">{said(called.summary)}</span>
              </summary>
              <Details called={called} />
            </details>
          ))}
        </section>
      ))}
    </main>
  );
}

const code = (inner: React.ReactNode[]) => (
  <code key="code" className="font-mono">
    {inner}
  </code>
);
const whom: Record<string, Text> = { public: 'For everybody.', self: 'For everybody who is signed in.' };

function Details({ called }: { called: Called }) {
  const permission = called['x-permission'];
  const forWhom = whom[permission];
  return (
    <div className="grid min-w-0 gap-3 px-4 pb-4 text-[13px]">
      <p>
        {forWhom === undefined
          ? rich('For those with the right <code>{permission}</code>.', { permission, code })
          : t(forWhom)}
      </p>
      {called.parameters.length > 0 && (
        <ul className="grid gap-1">
          {called.parameters.map((one) => (
            <li key={`${one.in}.${one.name}`}>
              <code className="font-mono">{one.name}</code>{' '}
              {t(
                '{place, select, path {in the path} query {in the query} header {in the header} other {in the {place}}}{required, select, yes {, required} other {}}',
                { place: one.in, required: one.required ? 'yes' : 'no' },
              )}
              {one.description === undefined ? '' : `. ${said(one.description)}`}
            </li>
          ))}
        </ul>
      )}
      <Shape title={t('Takes')} content={called.requestBody?.content} />
      {Object.entries(called.responses).map(([status, { content }]) =>
        status === 'default' ? null : (
          <Shape key={status} title={t('Gives {status}', { status })} content={content} always />
        ),
      )}
    </div>
  );
}

function Shape({
  title,
  content,
  always = false,
}: {
  title: string;
  content: z.infer<typeof Content> | undefined;
  always?: boolean;
}) {
  if (content === undefined && !always) return null;
  return (
    <div className="grid min-w-0 gap-1">
      <h3 className="font-semibold">{title}</h3>
      {content === undefined && <p className="text-muted">{t('nothing')}</p>}
      {Object.entries(content ?? {}).map(([type, { schema }]) => (
        <div key={type} className="grid min-w-0 gap-1">
          <p className="text-muted">{type}</p>
          {schema !== undefined && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
            <pre tabIndex={0} className="max-h-96 overflow-auto rounded-control bg-sunk p-3 font-mono text-xs">
              {JSON.stringify(schema, null, 2)}
            </pre>
          )}
        </div>
      ))}
    </div>
  );
}
