/**
 * No request of any kind, to any address, ends in a fault of ours; and what is answered is what the contract says. BERTH_SEED=n goes through
 * another set of requests, BERTH_FUZZ=n through n a route, BERTH_ROUTE=name to one.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Problem } from '#lib/contract/errors.ts';
import { type Route, type RouteName, routes } from '#lib/contract/routes.ts';
import { Frozen } from '../authz/frozen.ts';
import { schemaOf, shapeless, valuesOf } from './inputs.ts';
import { type Asked, makePlace, needServer, type Place } from './place.ts';

const seed = Number(process.env.BERTH_SEED ?? 20_261_126);
const each = Number(process.env.BERTH_FUZZ ?? 3);
const names = (Object.keys(routes) as RouteName[])
  .filter((name) => !(needServer as readonly string[]).includes(name))
  .filter((name) => process.env.BERTH_ROUTE === undefined || name === process.env.BERTH_ROUTE);

let place: Place;
let frozen: Frozen;
let ids: string[];
beforeAll(async () => {
  place = await makePlace();
  frozen = await Frozen.take(place.portal.super);
  ids = [
    ...new Set([place.objects.a, place.objects.b, place.objects.none].flatMap((one) => Object.values(one))),
  ].filter((one) => /^[0-9a-f-]{36}$/.test(one));
});
afterAll(() => place?.stop());

/** A request that works, with some of it put in another's place. */
function arbitraryOf(name: RouteName): fc.Arbitrary<Asked> {
  const route: Route = routes[name];
  const fits = place.fitting(name);
  const part = (schema: Route['body'], own: unknown) =>
    schema === undefined
      ? fc.constant(undefined)
      : fc
          .tuple(
            valuesOf(schemaOf(schema), ids),
            fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 12, maxLength: 12 }),
          )
          .map(([made, keep]) => {
            const theirs = made as Record<string, unknown>;
            if (typeof own !== 'object' || own === null) return theirs;
            const merged = { ...theirs };
            // Most of what fits is kept, so that the rest comes past the first look.
            for (const [at, [key, value]] of Object.entries(own).entries()) if (keep[at] !== 0) merged[key] = value;
            return merged;
          });
  const query = Object.fromEntries(new URLSearchParams(fits.query));
  return fc
    .tuple(part(route.params, fits.params), part(route.query, query), part(route.body, fits.body))
    .map(([params, asked, body]) => ({
      ...(params === undefined ? {} : { params: texts(params) }),
      ...(asked === undefined ? {} : { query: new URLSearchParams(texts(asked)).toString() }),
      ...(body === undefined ? {} : { body }),
      ...(fits.bytes === undefined ? {} : { bytes: fits.bytes }),
    }));
}

const texts = (record: object) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, String(value)])) as Record<string, string>;

function faultIn(name: RouteName, answer: Awaited<ReturnType<Place['send']>>): string | undefined {
  const { status, json, text } = answer;
  if (status >= 400) {
    const problem = Problem.safeParse(json);
    if (!problem.success) return `${status} without a problem: ${text.slice(0, 200)}`;
    return ['internal', 'action_failed', 'undo_failed', 'timeout'].includes(problem.data.code)
      ? `${status} ${problem.data.code}`
      : undefined;
  }
  if (json === undefined || 'bytes' in routes[name]) return undefined;
  const fits = routes[name].response.safeParse(json);
  return fits.success ? undefined : `${status} breaks the contract: ${JSON.stringify(fits.error.issues).slice(0, 300)}`;
}

it(`no route of ${names.length} fails for any input: seed ${seed}`, async () => {
  const faults = new Map<string, string>();
  const seen = { taken: 0, refused: 0 };
  const heard = console.error;
  console.error = () => undefined;
  const ask = async (name: RouteName, who: 'admin' | 'ownerA' | 'reseller', made: Asked) => {
    const answer = await place.send(name, who, made).catch((error: unknown) => ({
      ...{ status: 500, headers: new Headers(), text: String(error), json: undefined },
    }));
    seen[answer.status < 400 ? 'taken' : 'refused'] += 1;
    const fault = faultIn(name, answer);
    if (fault === undefined || faults.has(`${name}: ${fault}`)) return;
    faults.set(`${name}: ${fault}`, JSON.stringify(made));
    console.log(`${name}: ${fault}\n  ${JSON.stringify(made).slice(0, 500)}`);
  };
  try {
    for (const [at, name] of names.entries()) {
      for (const [n, made] of fc.sample(arbitraryOf(name), { seed: seed + at, numRuns: each }).entries()) {
        await ask(name, (['admin', 'ownerA', 'reseller'] as const)[n % 3] ?? 'admin', made);
        if (n % 4 === 3) await frozen.restore();
      }
      if ('body' in routes[name]) {
        const fits = place.fitting(name);
        for (const body of [shapeless[at % shapeless.length], shapeless[(at + 3) % shapeless.length]])
          await ask(name, 'admin', { ...fits, raw: JSON.stringify(body) });
        await ask(name, 'admin', { ...fits, raw: '{"a":' });
      }
      await frozen.restore();
    }
  } finally {
    console.error = heard;
  }
  console.log(`fuzz: seed ${seed}, ${seen.taken} taken, ${seen.refused} refused, ${faults.size} faults`);
  expect([...faults.keys()]).toEqual([]);
  expect(seen.taken).toBeGreaterThan(names.length / 2);
}, 1_700_000);
