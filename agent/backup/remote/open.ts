import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import { isIn, isPublicAddress } from '#lib/contract/addresses.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Digest } from '#lib/contract/ids.ts';
import type { Depot, Repository } from '../../adapters.ts';
import type { AgentConfig } from '../../config.ts';
import { isOwnAddress } from '../../sys/addresses.ts';
import { makeDirectory, remove } from '../../sys/files.ts';
import { AddressRefused, createOutbound, type Outbound } from '../../sys/outbound.ts';
import type { createPublisher } from '../publish.ts';
import type { Restic } from '../restic.ts';
import type { Vault } from '../vault.ts';
import { type Objects, understood } from './objects.ts';
import { restObjects } from './rest.ts';
import { s3Objects } from './s3.ts';
import { fetchLayer, remoteVault } from './vault.ts';

/** What fetching a layer leaves free on the agent's disk. */
const reserveBytes = 1024 ** 3;

type Tools = { restic: Restic; publisher: ReturnType<typeof createPublisher>; working: string };

/** Errors of the network in words for whoever named the server; what it was exactly stays inside. */
function inWords(ask: Outbound): Outbound {
  return (label, asked) =>
    ask(label, asked).catch((error: NodeJS.ErrnoException) => {
      const inside = `${asked.url.host}: ${error.code ?? ''} ${error.message}`;
      if (error instanceof AddressRefused)
        throw new BerthError('forbidden', "The backup location's address is not one that servers here connect to.", {
          inside,
        });
      throw new BerthError('action_failed', 'The backup location does not answer.', { inside, cause: error });
    });
}

/**
 * Locations on servers elsewhere. A tenant's own may have public addresses and https only; the provider's also those of networks
 * that the host's configuration names. No location leads to the host itself, unless that names it.
 */
export function createRemotes(
  config: Pick<AgentConfig, 'agentDir' | 'backupNetworks' | 'hostId'>,
  { restic, publisher, working }: Tools,
) {
  const anybody = (address: string, protocol: string) =>
    protocol === 'https:' && isPublicAddress(address) && !isOwnAddress(address);
  const nursery = join(config.agentDir, 'new-repositories');
  const asks = {
    tenant: inWords(createOutbound(anybody)),
    provider: inWords(
      createOutbound((address, protocol) => isIn(config.backupNetworks, address) || anybody(address, protocol)),
    ),
  };
  const compared = new Map<string, number>();
  /** Locations whose server turned out to be this one: what lies there is lost with it. */
  const here = new Set<string>();
  let fetched = 0;

  function objectsOf({ location, credentials }: Depot): Objects {
    if (location.kind === 'directory') throw new Error('a directory is not elsewhere');
    const ask: Outbound = async (label, asked) => {
      const answer = await asks[location.owner](label, asked);
      if (answer.address !== undefined && isOwnAddress(answer.address)) here.add(location.id);
      return answer;
    };
    return location.kind === 'rest' ? restObjects(ask, location, credentials) : s3Objects(ask, location, credentials);
  }

  return {
    isHere: (locationId: string) => here.has(locationId),

    vault(repository: Repository): Vault {
      const { location } = repository;
      if (location.kind === 'directory') throw new Error('a directory is not elsewhere');
      makeDirectory('BACKUP:MKDIR', nursery);
      const objects = objectsOf(repository);
      return remoteVault({ ...repository, location }, { objects, restic, publisher, working, nursery, compared });
    },

    async withLayer(depot: Depot, digest: Digest, use: (file: string) => Promise<void>): Promise<void> {
      makeDirectory('BACKUP:MKDIR', working);
      fetched += 1;
      const file = join(working, `layer-${fetched}`);
      try {
        const { bavail, bsize } = statfsSync(working);
        const objects = objectsOf(depot);
        await understood(() => fetchLayer(objects, digest, file, bavail * bsize - reserveBytes));
        await use(file);
      } finally {
        remove('BACKUP:REMOVE-FETCHED', file);
      }
    },
  };
}
