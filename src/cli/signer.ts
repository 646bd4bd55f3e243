/** `pfcng signer`: the supervisor of the signers, as a process of its own; the service starts it, or a unit does. */
import type { Command } from 'commander';
import { runSupervisor } from '../../hsm/supervisor.js';
import type { SupervisorLog } from '../../hsm/token-host.js';
import { loadHome } from '../compose-home.js';
import { planSigners } from '../compose-signers.js';
import type { Json } from '../kernel/json.js';
import { createLog } from '../observe/log.js';
import { fail } from './say.js';

export function registerSigner(program: Command): void {
  program
    .command('signer')
    .description('run the signers: the only processes that load the PKCS#11 module')
    .option('--attached', 'stop when standard input ends, that is with the process that started this one')
    .action(runSigner);
}

async function runSigner({ attached }: { readonly attached?: boolean }): Promise<void> {
  const home = loadHome();
  if (!home.ok) return fail(home.error.faults);
  const { info } = createLog(home.value.config.log);
  const log: SupervisorLog = ({ event, ...fields }) => info(event, fields as Readonly<Record<string, Json>>);
  const supervisor = await runSupervisor(planSigners(home.value), {
    log,
    ...(attached === true ? { attachedTo: process.stdin } : {}),
  });
  if (!supervisor.ok) return fail([JSON.stringify(supervisor.error)]);
  // A signal to the whole group reaches this process too, while the service still drains: attached, it waits for its end.
  const stop = (): void => void (attached === true ? undefined : supervisor.value.stop());
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  await supervisor.value.stopped;
}
