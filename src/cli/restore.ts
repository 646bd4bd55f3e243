/** `pfcng restore`: puts a backup back into an empty home folder and an empty database. */
import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import type { BackupKey } from '../backup/envelope.js';
import { loadPolicyFor } from '../compose/home.js';
import { reportLines } from '../compose/restore/report.js';
import { restoreBackup } from '../compose/restore/restore.js';
import { unpackSettings } from '../compose/restore/unpack.js';
import { loadConfig } from '../config/load.js';
import { inBothLanguages } from '../kernel/bilingual.js';
import type { Bytes } from '../kernel/bytes.js';
import { ok } from '../kernel/result.js';
import { createLog } from '../observe/log.js';
import { fail, say } from '../terminal/say.js';
import { readBackupKey } from './backup/key-file.js';

type Options = {
  readonly key?: string;
  readonly acceptOlder?: string;
  readonly lists?: readonly string[];
  readonly journals?: readonly string[];
  readonly filesOnly?: string;
  readonly json?: boolean;
};

export function registerRestore(program: Command): void {
  program
    .command('restore')
    .description('put a backup back into an empty home folder and an empty database, and report what was learnt')
    .argument('<file>', 'the backup; - reads it from standard input')
    .option('--key <file>', 'PEM: the private key of a recipient of the backup; a passphrase is asked for')
    .option('--accept-older <hash>', 'restore a backup that is older than what is known here; SHA-256 of its manifest')
    .option('--lists <folders...>', 'more folders with published CRLs, for example of other nodes')
    .option('--journals <folders...>', 'more folders with journals of signers, each like signers/ in a home folder')
    .option('--files-only <folder>', 'only write the configuration and the policies of the backup into a new folder')
    .option('--json', 'print the report as JSON')
    .action((file: string, options: Options) => restore(file, options));
}

async function restore(file: string, options: Options): Promise<void> {
  const keyboard = file === '-' ? null : process.stdin;
  const key = options.key === undefined ? ok(null) : await readBackupKey(options.key, keyboard);
  if (!key.ok) return fail([key.error]);
  const source = sourceOf(file);
  if (options.filesOnly !== undefined) return writeFiles({ source, key: key.value }, options.filesOnly, options);
  const config = loadConfig();
  if (!config.ok) return fail([...config.error.faults, FILES_FIRST]);
  const policy = loadPolicyFor(config.value);
  if (!policy.ok) return fail([...policy.error.faults, FILES_FIRST]);
  const done = await restoreBackup({
    config: config.value,
    policy: policy.value,
    source,
    key: key.value,
    acceptOlder: options.acceptOlder ?? null,
    lists: options.lists ?? [],
    journals: options.journals ?? [],
    log: createLog(config.value.log),
    // Standard output has the report alone, so that programs can read it.
    step: (words) => void process.stderr.write(`${inBothLanguages(words)}...\n`),
  });
  if (!done.ok) return fail(done.error);
  if (options.json === true) return say(JSON.stringify(done.value));
  const lines = reportLines(done.value);
  for (const { fr } of lines) say(fr);
  say();
  for (const { en } of lines) say(en);
}

const FILES_FIRST =
  'the configuration and the policies must be there first; the backup has them: pfcng restore FILE --files-only FOLDER';

/** Opens the file only when it is read: before, the stream has no listener for its errors. */
async function* sourceOf(file: string): AsyncGenerator<Bytes> {
  yield* file === '-' ? process.stdin : createReadStream(file);
}

/** What an administrator puts in place before a restore. */
async function writeFiles(
  backup: { readonly source: AsyncIterable<Bytes>; readonly key: BackupKey },
  folder: string,
  { json = false }: Options,
): Promise<void> {
  const read = await unpackSettings(backup, folder);
  if (!read.ok) return fail(read.error);
  if (json) say(JSON.stringify({ takenAt: read.value.manifest.takenAt, folder }));
  else say(`The configuration and the policies of the backup of ${read.value.manifest.takenAt} are in ${folder}.`);
}
