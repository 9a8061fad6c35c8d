import { bundleAgent } from '#server/setup/build.ts';
import { prepareAgent, type TestAgent } from '#tests/support/agent.ts';

/** An agent as hosts have it: bundled, with its helpers. From its sources a helper takes four times as long to start. */
export async function startBundledAgent(poolMiB: number): Promise<TestAgent> {
  const main = await bundleAgent();
  const agent = await prepareAgent('real', {}, poolMiB);
  try {
    agent.main = main;
    await agent.start();
    return agent;
  } catch (error) {
    await agent.cleanUp();
    throw error;
  }
}
