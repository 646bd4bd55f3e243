/**
 * `pfcng start` (development: makes what is missing, serves, plays the main job at the first start)
 * and `pfcng serve`. Modules that only a first start needs are loaded by a first start only, so
 * that later starts are fast.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { type Home, loadHome } from '../../compose/home.js';
import { loadHomeForStart, startRefusalLines } from '../../compose/requirements/table.js';
import { hasWritingRole, parseRoles, type Roles, WHOLE_SERVICE_ROLES } from '../../compose/roles.js';
import type { Service } from '../../compose/service.js';
import { awaitSigners } from '../../compose/signers/reports.js';
import { packageVersion } from '../../config/version.js';
import { findAddressInUse } from '../../http/server/listening.js';
import { createLog } from '../../observe/log.js';
import { programPath } from '../../package/program-path.js';
import { fail, say } from '../../terminal/say.js';
import { hasDevelopmentCredentials } from '../development/accounts.js';
import type { ResponderOptions } from './responder.js';

export function registerServe(program: Command): void {
  program
    .command('start')
    .description('development: make the home folder if it is empty, serve, and play the main job at the first start')
    .option('--no-play', 'do not play the main job')
    .action((options: { readonly play: boolean }) => start(options));
  program
    .command('serve')
    .description('serve the home folder, which must exist')
    .option('--roles <roles>', 'what the process does: all, or some of api,responder,worker', 'all')
    .option('--workers <number>', '--roles responder: number of processes on one address', ONE_WORKER)
    .addOption(new Option('--worker <number>').hideHelp())
    .action(serve);
}

const SIGNERS_WAIT_MS = 30_000;
const ONE_WORKER = '1';

async function start({ play }: { readonly play: boolean }): Promise<void> {
  const startedAt = performance.now();
  const fresh = loadHome({ fresh: true });
  if (!fresh.ok) return fail(fresh.error.faults);
  const { config, policy } = fresh.value;
  if (!policy.environment.developmentAccounts)
    return fail(['pfcng start is for the development environment; use pfcng serve for this one']);
  const firstStart = !existsSync(config.paths.environment);
  if (firstStart) {
    // The certificates will contain the address of this service, so another program must not have
    // it.
    const taken = await findAddressInUse(Object.values(config.listen).filter((address) => 'port' in address));
    if (taken !== null)
      return fail([
        taken,
        'the certificates of the first start contain the address: configure `publicAddress` too (ops/configuration.md, Addresses)',
      ]);
    say('First start: the rehearsal ceremonies make tokens, keys and certificates of the three hierarchies.');
    const { runDevelopmentCeremonies } = await import('../ceremony/ceremony.js');
    if (!(await runDevelopmentCeremonies(config.paths.home))) return;
  }
  const notCreated = await createMissingDatabase(fresh.value, config.paths.log);
  if (notCreated.length > 0) return fail(notCreated);
  const refused = await startRefusalLines(fresh.value, WHOLE_SERVICE_ROLES);
  if (refused.length > 0) return fail(refused);
  const service = await startAt(fresh.value, WHOLE_SERVICE_ROLES, { startedAt, logFile: config.paths.log });
  if (service === null) return;
  const played = join(config.paths.home, 'plays');
  if (play && !existsSync(played)) await (await import('../play/play.js')).playMainJob(config);
  await sayHowToOpenConsole(service);
  say(
    '\nServing. Stop with Ctrl-C; the next start continues with the same data. Play the main job again: npx pfcng play',
  );
  await untilStopped(service);
  say(`Stopped. All data is kept in ${config.paths.home}.`);
}

/** A person opens the console with the certificate of an officer of the development home. */
async function sayHowToOpenConsole({ addresses, core }: Service): Promise<void> {
  const { consoleAddress, describeBrowserAccess, provideBrowserCertificate } = await import(
    '../development/browser-access.js'
  );
  if (addresses.api === undefined) return;
  const { paths } = core.home.config;
  const certificate = await provideBrowserCertificate(paths, core.world.random);
  const lines = certificate.ok
    ? describeBrowserAccess(paths, consoleAddress(addresses.api), certificate.value)
    : [`Console: no file for browsers could be made: ${certificate.error}`];
  for (const line of lines) say(line);
}

/** In development, the first start creates the database. Returns why it cannot. */
async function createMissingDatabase({ config, policy }: Home, logFile: string): Promise<readonly string[]> {
  if (existsSync(config.paths.databaseMark)) return [];
  const { createDatabase } = await import('../../compose/database/create.js');
  const log = createLog({ ...config.log, file: logFile });
  const created = await createDatabase({ config, policy }, { afterLoss: false, log });
  return created.ok || created.error.kind === 'exists' ? [] : created.error.lines;
}

async function serve({ roles, ...responder }: ResponderOptions & { readonly roles: string }): Promise<void> {
  const startedAt = performance.now();
  const parsed = parseRoles(roles);
  if (!parsed.ok) return fail([parsed.error]);
  if (!hasWritingRole(parsed.value)) return (await import('./responder.js')).serveResponder(responder);
  if (responder.workers !== ONE_WORKER) return fail(['--workers is for --roles responder alone']);
  const home = await loadHomeForStart(parsed.value);
  if (!home.ok) return fail(home.error);
  const service = await startAt(home.value, parsed.value, { startedAt, logFile: null });
  if (service !== null) await untilStopped(service);
}

/** `logFile`: null: the log goes to standard error. */
type StartOptions = { readonly startedAt: number; readonly logFile: string | null };

async function startAt(home: Home, roles: Roles, { startedAt, logFile }: StartOptions): Promise<Service | null> {
  // Loaded after the requirements are checked, so that a refused start ends soon.
  const { composeServiceCore, startService } = await import('../../compose/service.js');
  const program = programPath('src/cli/main');
  const core = await composeServiceCore(home, roles, { program, ...(logFile === null ? {} : { logFile }) });
  if (!core.ok) return stopWith(core.error.split('\n'));
  const missing = await awaitSigners(core.value, SIGNERS_WAIT_MS);
  const credentialsMissing =
    roles.has('api') &&
    home.policy.environment.developmentAccounts &&
    !(await hasDevelopmentCredentials(core.value.world, home.config.paths));
  if (missing.size > 0) {
    const names = [...missing.keys()].join(', ');
    const what = `signers not ready: ${names}; see the log${logFile === null ? '' : ` (${logFile})`}`;
    const unlock = [...missing.values()].flatMap((report) => report.unlock ?? []);
    if (credentialsMissing) {
      await core.value.close();
      return stopWith([what, ...unlock.map(() => 'the first start must sign: configure PINs from files for it')]);
    }
    // Revocation, status and the other hierarchies do not depend on a token that is down.
    say(`PFCNG starts although some signers are down. ${what}. Requests to them get 503 until they are back.`);
    for (const command of unlock) say(`  A signer waits for its PIN; an officer unlocks it with: ${command}`);
  }
  if (credentialsMissing) {
    const { createDevelopmentCredentials } = await import('../development/development.js');
    const made = await createDevelopmentCredentials(core.value.world, home.config.paths, (name) =>
      say(`  credential: ${name}`),
    );
    if (!made.ok) {
      await core.value.close();
      return stopWith([`development credentials: ${JSON.stringify(made.error)}`]);
    }
  }
  const service = await startService(core.value, packageVersion());
  if (!service.ok) {
    await core.value.close();
    return stopWith([service.error]);
  }
  announce(service.value, logFile, (performance.now() - startedAt) / 1000);
  return service.value;
}

function stopWith(lines: readonly string[]): null {
  fail(lines);
  return null;
}

function announce({ addresses, core }: Service, logFile: string | null, seconds: number): void {
  const { config } = core.home;
  say(`PFCNG is ready after ${seconds.toFixed(1)} s.`);
  const { api, publication, operators } = addresses;
  if (api !== undefined) say(`  API (mutual TLS)   ${api}   credentials in ${config.paths.credentials}`);
  if (publication !== undefined) say(`  OCSP, CRL, AIA     ${publication}`);
  say(`  operators          ${operators}/readyz`);
  if (logFile !== null) say(`  log                ${logFile}`);
}

/** Until a signal, or until others have ended its run: its unit then starts the process again. */
async function untilStopped(service: Service): Promise<void> {
  await Promise.race([signalled(), service.core.ended.then(() => fail([RUN_ENDED]))]);
  await service.stop().catch((error: unknown) => fail([String(error)]));
}

const RUN_ENDED = 'run-ended: other nodes have ended this run, because it was silent; it has to be started again';

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, stop);
      resolve();
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  });
}
