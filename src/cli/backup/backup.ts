/** `pfcng backup`: writes a backup of this installation while it serves, and verifies one. */
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { faultText } from '../../backup/fault.js';
import type { BackupManifest } from '../../backup/manifest.js';
import { readBackup } from '../../backup/read.js';
import { nameByTime, removeOldBackups } from '../../compose/backup/old-backups.js';
import { type BackupProgress, takeBackup, VERIFYING } from '../../compose/backup/take.js';
import type { Home } from '../../compose/home.js';
import { systemClock, systemSteadyMs } from '../../compose/world.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { errorMessage } from '../../kernel/errors.js';
import { openLineReader } from '../../terminal/line-reader.js';
import { createProgressLine } from '../../terminal/progress-line.js';
import { fail, say } from '../../terminal/say.js';
import { loadCommandHome } from '../common/records.js';
import { giveWay } from './give-way.js';
import { readBackupKey } from './key-file.js';

type TakeOptions = {
  readonly output?: string;
  readonly keep?: number;
  readonly plain?: boolean;
  readonly json?: boolean;
};
type VerifyOptions = { readonly key?: string; readonly json?: boolean };

export function registerBackup(program: Command): void {
  const backup = program
    .command('backup')
    .description(
      'write a backup of this installation, encrypted for the certificates of backup.recipients; the service goes on',
    )
    .option(
      '--output <file>',
      'where to write it; - is standard output (default: a file in this folder, named by the time)',
    )
    .option(
      '--keep <number>',
      'afterwards remove the oldest backups that have names by the time in this folder, so that this many are left',
      numberToKeep,
    )
    .option('--plain', 'do not encrypt it; asks for a typed confirmation')
    .option('--json', 'print the result as JSON')
    .action(take);
  backup
    .command('verify <file>')
    .description('read a whole backup, and compare it with its manifest')
    .option('--key <file>', 'PEM: the private key of one of its recipients; a passphrase is asked for')
    .option('--json', 'print the result as JSON')
    // `pfcng backup` itself has an option `--json`, too, and Commander may give the value to it.
    .action((file: string, _: VerifyOptions, command: Command) => verify(file, command.optsWithGlobals()));
}

function numberToKeep(value: string): number {
  if (!/^[1-9]\d{0,3}$/.test(value)) throw new InvalidArgumentError('it is a number from 1 to 9999.');
  return Number(value);
}

async function take({ output, keep, plain, json }: TakeOptions): Promise<void> {
  if (keep !== undefined && output !== undefined) return fail([inBothLanguages(NO_NAME)]);
  const home = loadCommandHome();
  if (!home.ok) return fail(home.error);
  giveWay();
  const isPlain = plain === true;
  const isPiped = output === '-';
  if (isPlain && !(await confirmsPlain())) return fail([inBothLanguages(NOT_CONFIRMED)]);
  const file = isPiped ? null : resolve(output ?? defaultName(home.value, isPlain));
  const progress = createProgressLine(systemSteadyMs, process.stderr);
  const began = systemSteadyMs();
  const taken = await takeBackup(home.value, {
    file,
    isPlain,
    stdout: writeOut,
    onProgress: (step) => {
      if (systemSteadyMs() - began > QUIET_MS) progress.show(progressText(step));
    },
  }).catch((error: unknown) => ({ ok: false, error: [interrupted(error)] }) as const);
  if (systemSteadyMs() - began > QUIET_MS) progress.end('');
  if (!taken.ok) return fail(taken.error);
  const { manifest, manifestSha256, bytes, sha256, isVerified } = taken.value;
  const { mark } = home.value.policy.environment;
  const removed = keep === undefined ? [] : removeOldBackups(process.cwd(), { mark, keep });
  const result = { file, bytes, sha256, manifestSha256, isEncrypted: !isPlain, isVerified, removed };
  const lines = json === true ? [JSON.stringify({ ...result, ...shown(manifest) })] : linesOf(result, manifest);
  for (const line of lines)
    if (isPiped) process.stderr.write(`${line}\n`);
    else say(line);
}

const QUIET_MS = 2_000;

const NO_NAME = {
  fr: '--keep retire des sauvegardes dont le nom est une heure : sans --output',
  en: '--keep removes backups whose name is a time: leave --output out',
};

function defaultName({ policy }: Home, isPlain: boolean): string {
  return nameByTime(policy.environment.mark, { time: systemClock(), isPlain });
}

const CONFIRMATION = 'unencrypted';

/** A backup has names of holders, and everybody who has the file can read a plain one. */
async function confirmsPlain(): Promise<boolean> {
  const reader = openLineReader(process.stdin);
  try {
    const words = {
      fr: `la sauvegarde contiendra en clair les noms de porteurs ; tapez ${CONFIRMATION} pour continuer`,
      en: `the backup will have the names of holders in plain text; type ${CONFIRMATION} to go on`,
    };
    return (await reader.ask(`${inBothLanguages(words)}: `))?.trim() === CONFIRMATION;
  } finally {
    reader.close();
  }
}

const NOT_CONFIRMED = { fr: "rien n'a été écrit", en: 'nothing was written' };

function writeOut(octets: Bytes): Promise<void> {
  return new Promise((done, reject) => {
    process.stdout.write(octets, (error) => (error ? reject(error) : done()));
  });
}

function progressText({ what, bytes }: Parameters<BackupProgress>[0]): string {
  const size = `${(bytes / 1024 ** 2).toFixed(0)} MB`;
  return what === VERIFYING ? `${size} verified` : `${size} written, ${what}`;
}

function interrupted(error: unknown): string {
  const detail = errorMessage(error);
  return inBothLanguages({
    fr: `la sauvegarde n'est pas faite, et rien n'en reste (${detail})`,
    en: `the backup was not made, and nothing is left of it (${detail})`,
  });
}

type Outcome = {
  readonly file: string | null;
  readonly bytes: number;
  readonly sha256: string;
  readonly manifestSha256: string;
  readonly isEncrypted: boolean;
  readonly isVerified: boolean;
  /** Names of older backups. */
  readonly removed: readonly string[];
};

function linesOf(outcome: Outcome, manifest: BackupManifest): readonly string[] {
  const { file, bytes, sha256, manifestSha256, isVerified, removed } = outcome;
  const size = `${(bytes / 1024 ** 2).toFixed(1)} MB`;
  const where = file ?? '-';
  const done = isVerified
    ? { fr: `sauvegarde écrite et relue : ${where}, ${size}`, en: `backup written and verified: ${where}, ${size}` }
    : {
        fr: `sauvegarde écrite, non relue (pfcng backup verify) : ${where}, ${size}`,
        en: `backup written, not verified (pfcng backup verify): ${where}, ${size}`,
      };
  return [
    inBothLanguages(done),
    `  ${summaryOf(manifest)}`,
    `  SHA-256 of the file      ${sha256}`,
    `  SHA-256 of the manifest  ${manifestSha256}`,
    ...removed.map((name) => `  removed                  ${name}`),
  ];
}

function summaryOf({ environment, takenAt, audit, parts }: BackupManifest): string {
  return `${environment}, ${takenAt}, ${audit.seq} entries in the audit log, ${parts.length} parts`;
}

function shown({ environment, installation, takenAt, database, audit, crls, parts }: BackupManifest) {
  return { environment, installation, takenAt, database, audit, crls, parts: parts.length };
}

async function verify(file: string, { key: keyFile, json }: VerifyOptions): Promise<void> {
  const key = keyFile === undefined ? null : await readBackupKey(keyFile);
  if (key !== null && !key.ok) return fail([key.error]);
  const progress = createProgressLine(systemSteadyMs, process.stderr);
  const began = systemSteadyMs();
  let bytes = 0;
  async function* source(): AsyncGenerator<Bytes> {
    for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
      bytes += (chunk as Bytes).length;
      if (systemSteadyMs() - began > QUIET_MS) progress.show(progressText({ what: VERIFYING, bytes }));
      yield chunk as Bytes;
    }
  }
  const read = await readBackup(source(), { key: key?.value ?? null }).catch((error: NodeJS.ErrnoException) => error);
  if (systemSteadyMs() - began > QUIET_MS) progress.end('');
  if (read instanceof Error) return fail([`${file} cannot be read (${read.code ?? read.message})`]);
  if (!read.ok) {
    if (json === true) say(JSON.stringify({ verified: false, fault: read.error }));
    return fail([`${file}: ${faultText(read.error)}`]);
  }
  const { manifest, manifestSha256, isEncrypted } = read.value;
  if (json === true)
    return say(JSON.stringify({ verified: true, bytes, isEncrypted, manifestSha256, ...shown(manifest) }));
  say(inBothLanguages({ fr: `la sauvegarde ${file} est complète et intacte`, en: `${file} is complete and intact` }));
  say(`  ${summaryOf(manifest)}`);
  say(`  SHA-256 of the manifest  ${manifestSha256}`);
}
