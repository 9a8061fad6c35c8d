/** Markup in every text that somebody could have stored, put there past all that checks it; and how it is found on a page or in a mail. */
import { sql } from 'drizzle-orm';
import { auditFacts } from '#lib/contract/audit-facts.ts';
import type { TestPortal } from '#tests/support/portal.ts';

/** What every payload leaves where it is taken for more than text: a name of an element or attribute, or a call. */
export const mark = 'xssmark';
const handler = `onerror=${mark}() ${mark}`;

/** Out of text, attributes, comments and scripts, in the spellings that filters and second decoders have let through. */
export const corpus: readonly string[] = [
  `<${mark}>`,
  `<script>${mark}()</script>`,
  `</script><script>${mark}()</script>`,
  `<scr\u200bipt>${mark}()</scr\u200bipt><ſcript>${mark}()</ſcript>`,
  `<img src=x ${handler}>`,
  `"><img src=x ${handler}>`,
  `'><img src=x ${handler}>`,
  `\`><img src=x ${handler}>`,
  `<img\u000csrc=x\u000c${handler.replace(' ', '\u000c')}>`,
  `<IMG """><IMG SRC=x OnErRoR=${mark}() ${mark}>`,
  `" onfocus=${mark}() autofocus ${mark}="`,
  `' onmouseover='${mark}()' ${mark}='`,
  ` onpointerenter=${mark}() ${mark} `,
  `<details open ontoggle=${mark}() ${mark}>`,
  `<input onfocus=${mark}() autofocus ${mark}>`,
  `<svg/onload=${mark}() ${mark}>`,
  `<svg><script ${mark}>${mark}()</script></svg>`,
  `<svg><animate onbegin=${mark}() attributeName=x ${mark}>`,
  `<svg><use href="data:image/svg+xml,<svg id=x onload=${mark}()>#x" ${mark}></use></svg>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x ${handler}&gt;">`,
  `<math href="javascript:${mark}()" ${mark}>x</math>`,
  `<a href="javascript:${mark}()" ${mark}>x</a>`,
  `<a href="java&#9;script:${mark}()" ${mark}>x</a>`,
  `<form action=javascript:${mark}() ${mark}><button>`,
  `<iframe srcdoc="<script>parent.${mark}()</script>" ${mark}></iframe>`,
  `<object data="data:text/html,<script>parent.${mark}()</script>" ${mark}></object>`,
  `<base href="//${mark}.example.test/" ${mark}>`,
  `<meta http-equiv=refresh content="0;url=javascript:${mark}()" ${mark}>`,
  `<link rel=stylesheet href=//${mark}.example.test ${mark}>`,
  `<style>@import "//${mark}.example.test";</style>`,
  `<noscript><p title="</noscript><img src=x ${handler}>">`,
  `<template><${mark}></template></template><${mark}>`,
  `</title><${mark}>`,
  `</textarea><${mark}>`,
  `</style><${mark}>`,
  `--><${mark}><!--`,
  `]]><${mark}>`,
  `red;background:url(//${mark}.example.test);width:expression(${mark}())`,
  `"]);${mark}();self.__next_f.push([1,"`,
  `';${mark}();//\\';${mark}();//";${mark}();//\`;${mark}();//`,
  `\u2028${mark}()\u2029`,
  `{{constructor.constructor('${mark}()')()}}\${${mark}()}#{${mark}()}<%= ${mark}() %>`,
  `&lt;${mark}&gt;&#60;${mark}&#62;&amp;lt;${mark}&amp;gt;`,
  `%3C${mark}%3E\\u003c${mark}\\u003e\\x3c${mark}\\x3e`,
  `＜${mark}＞‹${mark}›`,
  `\u202e>${mark}<\u202c\u2066<${mark}>\u2069`,
  `\r\nBcc: ${mark}@example.test\r\nContent-Type: text/html\r\n\r\n<${mark}>`,
  `=3C${mark}=3E=?utf-8?q?=3C${mark}=3E?= <${mark}@example.test>`,
  `[x](javascript:${mark}()) ![x](x "${handler}") <javascript:${mark}()>`,
  `jaVasCript:/*-/*\`/*\\\`/*'/*"/**/(/* */oNcliCk=${mark}() )//%0D%0A//</stYle/</titLe/</teXtarEa/</scRipt/--!><sVg/<sVg/oNloAd=${mark}() ${mark}>`,
];

/** What does its work only where it stands first: as an address. */
export const addresses: readonly string[] = [
  `javascript:${mark}()//`,
  ` \u0001JaVa\tScRiPt:${mark}()//`,
  `data:text/html,<script>parent.${mark}()</script>`,
  `vbscript:${mark}()//`,
  `blob:${mark}`,
];

/** Lists and objects that words are kept in, whole. */
const inJson: Record<string, (text: string) => unknown> = {
  'audit_log.detail': (text) => Object.fromEntries(auditFacts.map((fact) => [fact, text])),
  'backup_care.commands': (text) => ({ before: { argv: [text], timeoutMs: 1000 }, after: null, ifBeforeFails: 'fail' }),
  'backup_care.probe': (text) => ({ argv: [text], timeoutMs: 1000 }),
  'brands.mails': (text) => ({ 'released-early': { subject: text, body: text } }),
  'brands.sender': (text) => ({
    address: 'mail@example.test',
    smtp: { host: 'x.test', port: 25, secure: true, user: text },
  }),
  'identity_providers.mappings': (text) => [{ group: text, role: 'tenant-viewer', tenantId: null }],
  'operations.evidence': (text) => [text],
  'operations.input': (text) => ({ name: text, note: text, paths: [Buffer.from(`/${text}`).toString('base64')] }),
  'outages.updates': (text) => [{ at: new Date().toISOString(), message: text }],
};
/** What the panel itself follows or looks up. */
const left = new Set([
  ...['hosts.address', 'containers.address', 'templates.name', 'service_heartbeats.name', 'access_consents.scopes'],
]);
/** Not on pages: mails (mail.test.ts looks at those), and what streams say once more of operations. */
export const elsewhere: ReadonlySet<string> = new Set([
  ...['outbox.subject', 'outbox.body', 'outbox.recipient', 'events.data'],
]);
/** Names of columns that hold no words of anybody's. */
const made =
  /(^|_)(hash|sealed|secret|password|seal|digest|key|fingerprint|state|status|power|kind|type|roles?|language|scope|base|permissions|verbs|purpose|provider_session)$|^(sealed|token)_/;

type Column = { table: string; column: string; type: string };

/** Every column that {@link fillWith} puts a text into, as `table.column`. */
export async function filledColumns(portal: TestPortal): Promise<Map<string, Column>> {
  const { rows } = await portal.super.execute<Column>(sql`
    select table_name as table, column_name as column, udt_name as type from information_schema.columns
    where table_schema = 'public' and udt_name in ('text', '_text', 'jsonb') order by 1, 2`);
  const filled = rows.filter(({ table, column, type }) => {
    const name = `${table}.${column}`;
    return type === 'jsonb' ? name in inJson : !left.has(name) && !elsewhere.has(name) && !made.test(column);
  });
  return new Map(filled.map((one) => [`${one.table}.${one.column}`, one]));
}

/** Puts a text into every column of words; where a check refuses it, the first of `others` that it takes. Gives the columns that took one. */
export async function fillWith(portal: TestPortal, text: string, others: readonly string[] = []): Promise<string[]> {
  const filled: string[] = [];
  for (const [name, column] of await filledColumns(portal)) {
    for (const one of [text, ...others]) {
      if (!(await fill(portal, column, one))) continue;
      filled.push(name);
      break;
    }
  }
  return filled;
}

async function fill(portal: TestPortal, { table, column, type }: Column, text: string): Promise<boolean> {
  // Each its own, for those that must differ.
  const own = sql`${text}::text || left(md5(t::text), 6)`;
  const json = inJson[`${table}.${column}`];
  const value =
    json !== undefined ? sql`${JSON.stringify(json(text))}::jsonb` : type === '_text' ? sql`array[${own}]` : own;
  return await portal.super
    .transaction(async (tx) => {
      await tx.execute(sql`set local session_replication_role = replica`);
      const given = sql`update ${sql.identifier(table)} t set ${sql.identifier(column)} = ${value}`;
      return ((await tx.execute(given)).rowCount ?? 0) > 0;
    })
    .catch(() => false); // a check says what may stand there
}

/**
 * What of a payload has become more than text, in words. Runs in a browser, for its parser is the one that counts: `html` is a page as it
 * was sent; without it, the page that is open.
 */
export function tracesIn({ html, mark }: { html?: string; mark: string }): string[] {
  const page = html === undefined ? document : new DOMParser().parseFromString(html, 'text/html');
  const found: string[] = [];
  const addressed = /^(href|src|action|formaction|data|poster|background|srcdoc|xlink:href)$/;
  const look = (root: ParentNode) => {
    for (const element of root.querySelectorAll('*')) {
      const name = element.localName;
      if (name.includes(mark)) found.push(`<${name}>`);
      if (element instanceof HTMLTemplateElement) look(element.content);
      if (name === 'script' && (element.textContent ?? '').trimStart().startsWith(mark)) found.push('<script>');
      if (name === 'style' && (element.textContent ?? '').includes(mark)) found.push('<style>');
      for (const { name: attribute, value } of element.attributes) {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers leave these out of an address
        const address = value.replace(/[\u0000-\u0020]/g, '').toLowerCase();
        const leads = /^(javascript|vbscript|data|blob):/.test(address) && address.includes(mark);
        if (/^on/.test(attribute) || attribute.includes(mark)) found.push(`${name} ${attribute}`);
        else if (addressed.test(attribute) && leads) found.push(`${name} ${attribute}=${value.slice(0, 30)}`);
        else if (attribute === 'style' && /url\(|expression|@import/i.test(value)) found.push(`${name} style`);
      }
    }
  };
  look(page);
  return [...new Set(found)];
}
