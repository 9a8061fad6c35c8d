import { userInfo } from 'node:os';
import { defaultStateDir } from '#lib/settings.ts';
import { ensureRecoveryKey } from '#server/panel/key.ts';
import { configure, type UpOptions } from '#server/setup/configure.ts';
import { repoDir, setupContext } from '#server/setup/context.ts';
import { type FinishContext, finishSteps } from '#server/setup/finish.ts';
import { refuseOtherTree, thisTree, writeRelease } from '#server/setup/release.ts';
import { readDemo } from '#server/setup/seed.ts';
import { runSteps, seconds } from '#server/setup/steps.ts';
import { baseSteps } from '#server/setup/up.ts';
import { tellRecoveryKey } from './panel.ts';

/** Sets everything up and starts it; mends what is half done. */
export async function up(options: UpOptions): Promise<void> {
  if (userInfo().uid !== 0) throw new Error('"up" needs root.');
  const started = performance.now();
  const stateDir = defaultStateDir();
  refuseOtherTree({ repoDir, stateDir });
  const config = await configure(stateDir, options);
  const context: FinishContext = { ...setupContext(config, stateDir), outcome: {} };
  const [aptMs, npmMs] = [Number(process.env.BERTH_APT_MS ?? 0), Number(process.env.BERTH_NPM_MS ?? 0)];
  await runSteps<FinishContext>([...baseSteps, ...finishSteps], context, console.log, [
    { title: 'Debian packages', ms: aptMs },
    { title: 'Node packages', ms: npmMs },
  ]);
  console.log(
    `\nBerth is up after ${seconds(performance.now() - started + Math.max(aptMs, npmMs))}: ${config.baseUrl}\n`,
  );
  await writeRelease(stateDir, await thisTree(context));
  const recoveryKey = await ensureRecoveryKey(context);
  if (recoveryKey !== undefined) tellRecoveryKey(recoveryKey);
  const demo = config.demo ? await readDemo(context) : undefined;
  if (demo !== undefined) {
    console.log(`  administrator  ${demo.admin.email}  ${demo.admin.password}`);
    console.log(`  tenant         ${demo.tenant.email}  ${demo.tenant.password}`);
    console.log(
      '\nDemo accounts exist because only this machine can reach Berth. Others may: ./berth up --bind ADDRESS',
    );
  } else if (context.outcome.setupLink !== undefined) {
    const { email, link } = context.outcome.setupLink;
    console.log(
      `The first administrator is ${email}. Choose a password within 24 hours (the link works once):\n  ${link}`,
    );
  }
}
