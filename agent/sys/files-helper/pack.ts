import type { PackOrder } from '#lib/contract/transfers.ts';
import { output } from './streams.ts';
import { tarOf, tarOfText } from './tar.ts';
import { walk } from './walk.ts';

const root = Buffer.from('/');

/** Answers with what there is and what is left out, then with all of it as tar: the description first, the tree below `root/`. */
export function pack({ manifest }: PackOrder, answer: (value: unknown) => void): void {
  const counts = { entries: 0, bytes: 0, sockets: 0, devices: 0 };
  for (const { stat } of walk(root)) {
    if (stat.isSocket()) counts.sockets += 1;
    else if (stat.isCharacterDevice() || stat.isBlockDevice()) counts.devices += 1;
    else {
      counts.entries += 1;
      if (stat.isFile()) counts.bytes += Number(stat.size);
    }
  }
  answer(counts);
  const text = JSON.stringify({ ...(manifest as object), ...counts }, null, 2);
  for (const chunk of tarOfText('berth-export.json', `${text}\n`)) output.bytes(chunk);
  for (const chunk of tarOf(root, { sparse: true })) output.bytes(chunk);
}
