import { BerthError } from '#lib/contract/errors.ts';
import type { Core } from '../core.ts';
import { bringDown, converge } from '../reconcile/converge.ts';
import { noteExit } from '../reconcile/exit-word.ts';
import { type ActionContext, defineAction, present, UndoneError } from './definition.ts';

/** A failed bring-up must not be tried for ever: the container goes back to stopped, with nothing left of the attempt. */
async function up(context: ActionContext<'container.start' | 'container.restart'>, stop: { timeoutMs: number }) {
  const { core, containerId, progress } = context;
  core.alarms.clear(containerId);
  try {
    await converge(core, containerId, { ...stop, progress });
  } catch (error) {
    await backToStopped(core, containerId);
    throw new UndoneError('action_failed', 'The container could not be started; it is stopped.', {
      retryable: true,
      cause: error,
    });
  }
  const { running, startedAt } = core.adapters.runtime.state(containerId);
  if (core.store.containers.find(containerId)?.desired !== 'running') {
    throw new UndoneError('cancelled', 'It was stopped while it was starting.', { retryable: false });
  }
  if (!running) {
    await backToStopped(core, containerId);
    throw new UndoneError('action_failed', 'The container ended as soon as it was started.', { retryable: true });
  }
  return { startedAt: (startedAt ?? new Date()).toISOString() };
}

async function backToStopped(core: Core, containerId: string): Promise<void> {
  core.store.write('STORE:DESIRED', () => core.store.containers.setDesired(containerId, 'stopped'));
  await bringDown(core, containerId, { timeoutMs: 0 }).catch((error: unknown) =>
    core.log.error({ err: error, containerId }, 'leftovers of a failed start; reconcile takes them up'),
  );
}

export const start = defineAction<'container.start'>({
  verb: 'container.start',
  commit({ core, containerId }) {
    present(core, containerId);
    core.store.containers.setDesired(containerId, 'running');
    core.store.containers.forgive(containerId);
    return {};
  },
  finish: (context) => up(context, { timeoutMs: 0 }),
});

export const restart = defineAction<'container.restart'>({
  verb: 'container.restart',
  commit({ core, containerId }) {
    present(core, containerId);
    core.store.containers.setDesired(containerId, 'running');
    core.store.containers.forgive(containerId);
    core.store.containers.wantBoot(containerId);
    return {};
  },
  finish: (context) => up(context, { timeoutMs: context.args.timeoutMs }),
});

export const stop = defineAction<'container.stop', undefined, { askedAt: string }>({
  verb: 'container.stop',
  emergency: true,
  commit({ core, containerId }) {
    present(core, containerId);
    core.store.containers.setDesired(containerId, 'stopped');
    core.store.containers.forgive(containerId);
    return { askedAt: new Date().toISOString() };
  },
  async finish({ core, containerId, args, progress }, { askedAt }) {
    core.alarms.clear(containerId);
    const how = await bringDown(core, containerId, { timeoutMs: args.timeoutMs, progress });
    return { how, tookMs: Math.max(0, Date.now() - Date.parse(askedAt)) };
  },
});

/** Waits for nobody: kills at once, and only then queues for the lock to clean up behind whoever was at work. */
export const kill = defineAction<'container.kill'>({
  verb: 'container.kill',
  lock: 'none',
  emergency: true,
  commit({ core, containerId }) {
    present(core, containerId);
    core.store.containers.setDesired(containerId, 'stopped');
    core.store.containers.forgive(containerId);
    return {};
  },
  async finish({ core, containerId }) {
    const { runtime } = core.adapters;
    core.alarms.clear(containerId);
    const wasRunning = runtime.state(containerId).running;
    if (wasRunning) {
      await runtime.kill(containerId);
      if (!(await runtime.waitStopped(containerId, 15_000))) {
        throw new BerthError('action_failed', 'The container does not end, even though it was killed.');
      }
    }
    await core.locks.run(containerId, { cancellable: false }, async () => {
      const record = core.store.containers.find(containerId);
      if (record?.desired === 'running') return; // somebody wants it back already
      if (wasRunning) noteExit(core, containerId, 'killed');
      await bringDown(core, containerId, { timeoutMs: 0 });
    });
    return {};
  },
});
