import { describe, expect, it } from 'vitest';
import { ensureDemoContainer } from '#server/setup/finish.ts';
import type { PortalApi } from '#server/setup/portal-api.ts';

const wanted = { name: 'web-1', tenantId: 't', planId: 'p', templateId: 'd' };

/** Ids of what set-up says it made, beside these containers of the tenant, and how many it asked for. */
async function making(present: { id: string; name: string }[]) {
  let asked = 0;
  const api: PortalApi = {
    call: async (_method, path) => {
      expect(path).toBe('/containers?tenantId=t');
      return { items: present, next: null } as never;
    },
    begin: async () => {
      asked += 1;
      return { containerId: 'new' } as never;
    },
    finish: async (operation) => operation,
  };
  return { made: await ensureDemoContainer(api, wanted, () => undefined), asked };
}

describe('what set-up counts as a container of the demo', () => {
  it('is the one it makes', async () => {
    expect(await making([])).toEqual({ made: ['new'], asked: 1 });
  });

  it('is the one that an interrupted run has made, and none that a person did', async () => {
    const [first, shop] = [
      { id: 'first', name: 'web-1' },
      { id: 'shop', name: 'shop' },
    ];
    expect(await making([shop, first])).toEqual({ made: ['first'], asked: 0 });
    expect(await making([shop])).toEqual({ made: [], asked: 0 });
  });
});
