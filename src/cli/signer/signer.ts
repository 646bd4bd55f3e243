/**
 * `pfcng signer`: the supervisor of the signers, in a process that the service or a systemd unit
 * starts.
 */
import type { Command } from 'commander';
import type { SupervisorConfiguration } from '../../../hsm/configuration.js';
import { runSupervisor, type SupervisorFailure } from '../../../hsm/supervisor/supervisor.js';
import type { SupervisorLog } from '../../../hsm/supervisor/supervisor-notices.js';
import { type Home, loadHome } from '../../compose/home.js';
import { planSigners } from '../../compose/signers/plan.js';
import type { Json } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { createLog } from '../../observe/log.js';
import { fail } from '../../terminal/say.js';

type SignerOptions = { readonly attached?: boolean; readonly token?: readonly string[] };

export function registerSigner(program: Command): void {
  const signer = program
    .command('signer')
    .description('run the signers: the only processes that load the PKCS#11 module')
    .option('--attached', 'stop when standard input ends, which is when the parent process ends')
    .option('--token <names...>', 'only these tokens, for example ca-fort (default: all)')
    .action(runSigner);
  signer
    .command('unlock')
    .argument('<token>', 'name of the token, for example ca-fort')
    .description('type the PIN of a token whose signer waits for it; read from standard input if that is no terminal')
    .action(unlock);
}

/** Plans the signers of these tokens; of all if none is named. */
function planFor(home: Home, names: readonly string[] | undefined): Result<SupervisorConfiguration, string> {
  const plan = planSigners(home);
  if (names === undefined) return ok(plan);
  const unknown = names.filter((name) => !plan.tokens.some((token) => token.name === name));
  const all = plan.tokens.map(({ name }) => name).join(', ');
  if (unknown.length > 0) return err(`no token is named ${unknown.join(', ')}: there are ${all}`);
  return ok({ ...plan, tokens: plan.tokens.filter(({ name }) => names.includes(name)) });
}

async function runSigner({ attached, token: names }: SignerOptions): Promise<void> {
  const home = loadHome();
  if (!home.ok) return fail(home.error.faults);
  const plan = planFor(home.value, names);
  if (!plan.ok) return fail([plan.error]);
  const { info } = createLog(home.value.config.log);
  const log: SupervisorLog = ({ event, ...fields }) => info(event, fields as Readonly<Record<string, Json>>);
  const supervisor = await runSupervisor(plan.value, {
    log,
    ...(attached === true ? { attachedTo: process.stdin } : {}),
  });
  if (!supervisor.ok) return fail([failureText(supervisor.error)]);
  // A signal to the process group reaches this process while the service still finishes requests.
  // When attached, it ignores the signal and stops after the service.
  const stop = (): void => void (attached === true ? undefined : supervisor.value.stop());
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  await supervisor.value.stopped;
}

function failureText(failure: SupervisorFailure): string {
  if (failure.kind === 'locked-by-another')
    return (
      `the signers of this home already run, under process ${failure.owner}: ` +
      'the service starts them itself unless "signers" is "external"'
    );
  return `${failure.folder}: ${failure.detail}`;
}

async function unlock(name: string): Promise<void> {
  const home = loadHome();
  if (!home.ok) return fail(home.error.faults);
  const plan = planFor(home.value, [name]);
  if (!plan.ok) return fail([plan.error]);
  const [token] = plan.value.tokens;
  if (token) await (await import('./unlock.js')).unlockToken(token);
}
