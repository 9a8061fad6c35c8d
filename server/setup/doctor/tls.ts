/** What browsers are shown: the operator's certificate, and those of brands' names. */
import { defaultName, ownPair } from '../../tls/copies.ts';
import { type Judged, judgeNamedPair, judgePair, pairsIn, wordsOf } from '../../tls/pairs.ts';
import type { SetupContext } from '../context.ts';
import { type Check, fine, wrong } from './check.ts';

const dayMs = 86_400_000;
/** Most programs renew 30 days before the end. */
const tooFewDays = 10;
const why =
  'Browsers refuse a name whose certificate does not fit or is too old; what is served meanwhile is the one before.';

/** One check for the panel's own and one for each pair of the directory; none without TLS of our own. */
export async function servedCertificates({ config: { tls } }: SetupContext): Promise<Check[]> {
  if (tls === undefined) return [];
  const own = await ownPair(tls).then(
    (pair) => inspect('tls', defaultName, judgePair(pair)),
    (error: unknown) => broken('tls', defaultName, wordsOf(error)),
  );
  if (tls.directory === undefined) return [own];
  const found = await pairsIn(tls.directory).catch((error: unknown) => wordsOf(error));
  if (typeof found === 'string') return [own, broken('tls-directory', tls.directory, found)];
  return [
    own,
    ...found.faults.map(({ name, fault }) => broken(`tls-${name}`, name, fault)),
    ...found.pairs.map((pair) => inspect(`tls-${pair.name}`, pair.name, judgeNamedPair(pair))),
  ];
}

const broken = (id: string, name: string, fault: string) =>
  wrong({ id, why }, `${name}: ${fault}`, 'Put the right files there; they are taken up within a minute.');

function inspect(id: string, name: string, { names, validTo }: Judged): Check {
  const leftMs = validTo.getTime() - Date.now();
  const days = Math.trunc(leftMs / dayMs);
  const found = leftMs < 0 ? `expired ${-days} days ago` : `good for ${days} days`;
  if (days >= tooFewDays) return fine({ id, why }, `${found}: ${names.join(', ')}`);
  return wrong({ id, why }, `${name}: ${found}`, 'Renew it; new files are taken up within a minute.');
}
