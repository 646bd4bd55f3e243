/** `pfcng client`: for machines that have certificates of this platform, and nothing else of it. */
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { systemClock, systemSteadyMs } from '../../compose/world.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { formatInstant } from '../../kernel/clock.js';
import { formatDuration, MINUTE_MS, parseDuration } from '../../kernel/duration.js';
import { escapeForTerminal, fail, say } from '../../terminal/say.js';
import { systemErrorText } from '../../terminal/system-error.js';
import { type RenewalFailure, type RenewalOutcome, renew } from './renew.js';

type Options = {
  readonly url: string;
  readonly cert: string;
  readonly key: string;
  readonly trust: string;
  readonly ifWithin?: number;
  readonly timeout: number;
  readonly profile?: string;
  readonly exec?: string;
};

const TIMEOUT_MS = 10 * MINUTE_MS;
const COMMAND_MS = 5 * MINUTE_MS;

export function registerClient(program: Command): void {
  const client = program.command('client').description('for machines with a certificate of this platform: renewal');
  client
    .command('renew')
    .description('renew a certificate by EST, if it is due; runs again what was interrupted')
    .requiredOption('--url <url>', 'address of the service: https://host:8443', httpsUrl)
    .requiredOption('--cert <file>', 'the certificate, PEM, with or without its chain; it is replaced')
    .requiredOption('--key <file>', 'its private key, PEM, without a password; it is replaced')
    .requiredOption('--trust <file>', 'PEM: the roots of the service and of the new certificate')
    .option('--if-within <duration>', 'renew from this time before the end, P30D (default: the last third)', duration)
    .option('--timeout <duration>', 'give up after this time, and exit with 1', duration, TIMEOUT_MS)
    .option('--profile <id>', 'profile of the certificate, for a server that wants it in the path')
    .option('--exec <command>', 'run this by sh after the files were replaced: systemctl reload nginx')
    .action(renewOnce);
}

function httpsUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'https:' && url.pathname === '/' && url.search === '') return text;
  throw new InvalidArgumentError('it is an https URL without a path, such as https://pfcng.example.org:8443.');
}

function duration(text: string): number {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new InvalidArgumentError('it is a duration, such as P30D or PT10M.');
  return parsed.value;
}

async function renewOnce({ url, cert, key, trust, ifWithin, timeout, profile, exec }: Options): Promise<void> {
  const label = profile?.replaceAll('/', '~') ?? null;
  const options = { url, label, certificate: cert, key, trust, ifWithinMs: ifWithin ?? null };
  const onWaiting = (reason: string): void =>
    say(inBothLanguages({ fr: 'attente', en: 'waiting' }).concat(`: ${escapeForTerminal(reason)}`));
  const world = {
    now: systemClock,
    steadyMs: systemSteadyMs,
    sleep: (ms: number) => sleep(ms),
    timeoutMs: timeout,
    onWaiting,
    afterwards: () => runCommand(exec),
  };
  try {
    const outcome = await renew(options, world);
    if (outcome.ok) say(saidOf(outcome.value, cert));
    else fail([failureText(outcome.error, timeout)]);
  } catch (error) {
    const { path } = error as NodeJS.ErrnoException;
    const text = path === undefined ? null : systemErrorText(error);
    if (text === null) throw error;
    fail([inBothLanguages(text)]);
  }
}

/** Whether there is no command, or it ended with success. */
function runCommand(command: string | undefined): boolean {
  if (command === undefined) return true;
  const { status } = spawnSync('sh', ['-c', command], { stdio: 'inherit', timeout: COMMAND_MS });
  return status === 0;
}

function saidOf(outcome: RenewalOutcome, file: string): string {
  switch (outcome.kind) {
    case 'renewed': {
      const until = formatInstant(outcome.notAfter);
      const fr = `${file} est renouvelé jusqu'au ${until}`;
      return inBothLanguages({ fr, en: `${file} is renewed until ${until}` });
    }
    case 'not-due': {
      const from = formatInstant(outcome.dueAt);
      const fr = `${file} sera renouvelé à partir du ${from}`;
      return inBothLanguages({ fr, en: `${file} will be renewed from ${from} on` });
    }
    case 'window-closed': {
      const fr = `${file} ne peut pas encore être renouvelé`;
      const words = escapeForTerminal(oneLine(outcome.words));
      return `${inBothLanguages({ fr, en: `${file} cannot be renewed yet` })}: ${words}`;
    }
  }
}

function failureText(failure: RenewalFailure, timeoutMs: number): string {
  switch (failure.kind) {
    case 'refused': {
      const fr = `le service a refusé (${failure.status})`;
      return `${inBothLanguages({ fr, en: `the service has refused (${failure.status})` })}: ${oneLine(failure.words)}`;
    }
    case 'gave-up': {
      const after = formatDuration(timeoutMs);
      const fr = `abandon après ${after}, à reprendre plus tard`;
      return `${inBothLanguages({ fr, en: `given up after ${after}, to be continued later` })}: ${oneLine(failure.reason)}`;
    }
    case 'command-failed': {
      const fr = 'le certificat est en place, mais la commande de --exec a échoué : elle sera relancée';
      const en = 'the certificate is in its place, but the command of --exec has failed: it will be run again';
      return inBothLanguages({ fr, en });
    }
    case 'ended': {
      const at = formatInstant(failure.notAfter);
      const fr = `le certificat a pris fin le ${at} : il en faut un nouveau, par une inscription ou un compte`;
      const en = `the certificate ended on ${at}: a new one is needed, by a registration or an account`;
      return inBothLanguages({ fr, en });
    }
    case 'unusable':
      return `${failure.file}: ${inBothLanguages(failure.why)}`;
    case 'wrong-answer': {
      const words = inBothLanguages({
        fr: "le service a répondu un certificat qui n'est pas utilisé",
        en: 'the service has answered a certificate that is not used',
      });
      return `${words}: ${inBothLanguages(failure.why)}`;
    }
  }
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
