import { Agents } from '#lib/agent-client/agents.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { grantSigner } from '#lib/grants/sign.ts';
import { setSealKey } from '#lib/secrets/sealed-values.ts';
import { type Services, setServices } from '#lib/services.ts';
import { grantPair } from './fake-agent.ts';

/** What verbs find in a panel, where no host answers and what is put in line stays there; `more` is instead of that. */
export function quietPanel(more: Partial<Services> = {}): void {
  setAuthConfig({ secret: 'x'.repeat(40), baseUrl: 'http://panel.test' });
  setSealKey(Buffer.alloc(32, 1));
  setServices({
    agents: new Agents({ certificate: '', key: '', ca: '' }, grantSigner('web', grantPair().privatePem)),
    queue: { enqueue: async () => undefined },
    log: { warn: () => undefined },
    ...more,
  });
}
