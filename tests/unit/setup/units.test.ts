import { expect, it } from 'vitest';
import { mergeConfig } from '#server/setup/configure.ts';
import { type SetupContext, setupContext } from '#server/setup/context.ts';
import { services } from '#server/setup/doctor/running.ts';
import { quoteForUnit, unitName, unitText } from '#server/setup/systemd.ts';
import { serviceDefinitions } from '#server/supervisor-services.ts';

/** An installation whose database is elsewhere, so that PostgreSQL need not be here. */
const contextOf = (name: string): SetupContext =>
  setupContext(mergeConfig(undefined, { name }, true), '/nonexistent', { NODE_ENV: 'test' });

it('words of a unit mean what they say', () => {
  expect(quoteForUnit('/usr/bin/node')).toBe('/usr/bin/node');
  expect(quoteForUnit('a b')).toBe('"a b"');
  expect(quoteForUnit('50%')).toBe('50%%');
  expect(quoteForUnit('$HOME "x" \\')).toBe('"$$HOME \\"x\\" \\\\"');
});

it('units of a second installation have its name', () => {
  expect(unitName('berth', 'agent')).toBe('berth-agent.service');
  expect(unitName('lab', 'agent')).toBe('berth-lab-agent.service');
});

it('a service that does not stay up is not started several times a second, whatever of its unit the systemd knows', async () => {
  const unit = { installation: 'berth', logFile: '/log', mountsUnit: 'berth-mounts.service', after: [] };
  for (const definition of await serviceDefinitions(contextOf('berth'))) {
    const lines = unitText(definition, unit).split('\n');
    const seconds = Number(lines.find((line) => line.startsWith('RestartSec='))?.slice('RestartSec='.length));
    expect(seconds).toBeGreaterThanOrEqual(2);
    // Where they are known, the pauses grow, and it is never given up.
    expect(lines).toEqual(
      expect.arrayContaining(['RestartSteps=8', 'RestartMaxDelaySec=30', 'StartLimitIntervalSec=0']),
    );
  }
});

it.each([
  ['berth', 'berth-web.service'],
  ['lab', 'berth-lab-web.service'],
])('the doctor of "%s" says which unit is to be started', async (name, unit) => {
  const nothing = async () => undefined;
  const context: SetupContext = {
    ...contextOf(name),
    services: {
      ...{ kind: 'systemd', prepare: nothing, start: nothing, restart: nothing, stop: nothing },
      ...{ status: async () => [], shutDown: nothing, forget: nothing },
    },
  };
  const web = (await services(context)).find(({ id }) => id === 'service-web');
  expect(web?.fix?.command).toBe(`systemctl start ${unit}`);
});
