import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contrast, inkOn, leastContrast, refuseUnreadable, styleOf, surfaces } from '#lib/brands/colours.ts';
import { fill, refuseBadTemplates } from '#lib/brands/mails.ts';
import { cleanPng } from '#lib/brands/png.ts';
import { SetBrand } from '#lib/contract/brands.ts';
import type { Site } from '#server/http/headers.ts';
import { hostnameOf, sitesOf } from '#server/http/sites.ts';

describe('colours', () => {
  it('are measured as WCAG measures them', () => {
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
    expect(contrast('#ffffff', '#ffffff')).toBe(1);
  });

  it('are looked at on the surfaces that the panel has', () => {
    const tokens = readFileSync(join(import.meta.dirname, '../../../app/_ui/tokens.css'), 'utf8');
    expect(tokens).toContain(`--surface: light-dark(${surfaces.light}, ${surfaces.dark});`);
  });

  it('that cannot be read are refused with where, how much, and what to do', () => {
    expect(() => refuseUnreadable({ light: '#ffdd00', dark: '#101010' })).toThrow(
      expect.objectContaining({
        outside: {
          issues: [
            { path: 'colours.light', message: expect.stringMatching(/contrast of 1\.\d on the light.*4\.5.*darker/) },
            { path: 'colours.dark', message: expect.stringMatching(/on the dark surface.*lighter/) },
          ],
        },
      }),
    );
    expect(() => refuseUnreadable({ light: '#7a1f5c', dark: '#f0a3d8' })).not.toThrow();
  });

  it('always have an ink that can be read on them', () => {
    for (let value = 0; value < 4096; value += 7) {
      const hex = `#${[8, 4, 0].map((shift) => (((value >> shift) & 15) * 17).toString(16).padStart(2, '0')).join('')}`;
      expect(contrast(hex, inkOn(hex)), hex).toBeGreaterThanOrEqual(leastContrast);
    }
  });

  it('become variables and nothing else, whatever they are', () => {
    expect(styleOf({ light: '#7a1f5c', dark: '#f0a3d8' })).toMatch(
      /^:root\{--brand:light-dark\(#7a1f5c,#f0a3d8\);[^<]*\}$/,
    );
    expect(styleOf({ light: '#000}</style><script>', dark: '#ffffff' })).toBe('');
    for (const colour of ['red', '#fff', '#0000000', 'url(x)', '#00000g', '']) {
      const wish = { productName: 'x', supportUrl: null, legalUrl: null, signInText: '', sender: null, mails: {} };
      expect(SetBrand.safeParse({ ...wish, colours: { light: colour, dark: '#ffffff' } }).success, colour).toBe(false);
    }
  });
});

const chunk = (type: string, data: Buffer) => {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(data.length, 0);
  numbers.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([numbers.subarray(0, 4), named, numbers.subarray(4)]);
};
const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
function png(width: number, height: number, more: Buffer[] = [], pixels?: Buffer): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const raw = pixels ?? Buffer.alloc(height * (1 + width * 4));
  return Buffer.concat([
    start,
    chunk('IHDR', head),
    ...more,
    chunk('IDAT', deflateSync(raw)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('pictures', () => {
  it('keep their pixels and nothing that came with them', () => {
    const script = Buffer.from('Comment\0<script>alert(1)</script>');
    const loud = Buffer.concat([png(4, 3, [chunk('tEXt', script), chunk('iCCP', script)]), script]);
    const clean = cleanPng(loud, 1024);
    expect(clean.includes('script')).toBe(false);
    expect(clean).toEqual(png(4, 3).length > 0 ? cleanPng(png(4, 3), 1024) : null);
    expect(cleanPng(clean, 1024)).toEqual(clean);
  });

  it.each([
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['a page', Buffer.from('<html><script>alert(1)</script>')],
    ['nothing', Buffer.alloc(0)],
    ['a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16])],
    ['only the start of one', start],
    ['one cut off', png(4, 3).subarray(0, 50)],
    ['one too large', png(1025, 1)],
    ['one of no size', png(0, 5)],
    ['a bomb: a head that says little and pixels without end', png(2, 2, [], Buffer.alloc(50_000_000))],
    ['one with too few pixels', png(40, 40, [], Buffer.alloc(10))],
    ['one with a wrong sum', Buffer.from(png(4, 3).map((byte, at) => (at === 20 ? byte ^ 1 : byte)))],
    ['one with a filter that does not exist', png(1, 1, [], Buffer.from([9, 0, 0, 0, 0]))],
  ])('are refused: %s', (_name, file) => {
    expect(() => cleanPng(file, 1024)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });
});

describe('mails', () => {
  it('are filled once, and a subject stays one line', () => {
    const facts = { name: 'Eve {{link}}\r\nBcc: all@example.test', link: 'https://x/', product: 'Acme' };
    expect(fill({ subject: 'Hello {{ name }} of {{product}}', body: '{{link}}{{nothing}}' }, facts)).toEqual({
      subject: 'Hello Eve {{link}} Bcc: all@example.test of Acme',
      body: 'https://x/',
    });
  });

  it('say what they are sent for, in words that they have', () => {
    expect(() => refuseBadTemplates({ reset: { subject: 'x', body: 'no way in' } })).toThrow();
    expect(() => refuseBadTemplates({ reset: { subject: '{{password}}', body: '{{link}}' } })).toThrow();
    expect(() => refuseBadTemplates({ reset: { subject: 'x', body: 'Here: {{ link }}' } })).not.toThrow();
    const wish = { productName: 'x', supportUrl: null, legalUrl: null, signInText: '', colours: null, sender: null };
    const mails = { reset: { subject: 'x\r\nBcc: y', body: '{{link}}' } };
    expect(SetBrand.safeParse({ ...wish, mails }).success).toBe(false);
  });
});

describe('a Host header', () => {
  const own: Site = { baseUrl: new URL('http://panel.test:8080'), behindProxy: false, dev: false };
  const brands = async (host: string) => (host === 'acme.test' ? { id: 'reseller-a', language: null } : null);
  const ask = (host: string | undefined, address = '198.51.100.1') =>
    sitesOf(own, brands)({ headers: { host }, socket: { remoteAddress: address } } as never);

  it('names the panel, or a brand by its proven name and our port', async () => {
    expect((await ask('panel.test:8080'))?.brand).toBeUndefined();
    expect(await ask('acme.test:8080')).toMatchObject({
      brand: 'reseller-a',
      baseUrl: new URL('http://acme.test:8080'),
    });
    expect((await ask('ACME.test:8080'))?.baseUrl.host).toBe('acme.test:8080');
  });

  it.each([
    undefined,
    '',
    'acme.test',
    'acme.test:80',
    'acme.test:8081',
    'acme.test:08080x',
    'acme.test.:8080',
    '.acme.test:8080',
    'acme..test:8080',
    'sub.acme.test:8080',
    'acme.test.evil.test:8080',
    'evil.test:8080',
    'acme.test:8080@evil.test',
    'evil.test@acme.test:8080',
    'acme.test:8080, evil.test',
    'acme.test:8080 evil.test',
    'acme.test:8080/x',
    'acme.test:8080#',
    'acme.test:8080?x',
    'acme.test:8080\t',
    ' acme.test:8080',
    'acme.test\u0000:8080',
    'аcme.test:8080', // a Cyrillic letter
    '198.51.100.7:8080',
    '[::1]:8080',
    'localhost:8080',
    'PANEL.TEST.:8080',
  ])('%j is nobody’s', async (host) => {
    expect(await ask(host)).toBeUndefined();
  });

  it('has the usual port left out where ours is that', () => {
    expect(hostnameOf('acme.test', new URL('https://panel.test'))).toBe('acme.test');
    expect(hostnameOf('acme.test:443', new URL('https://panel.test'))).toBe('acme.test');
    expect(hostnameOf('acme.test:80', new URL('https://panel.test'))).toBeUndefined();
  });
});
