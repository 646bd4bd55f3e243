/** `pfcng ceremony`: rehearse a plan on tokens that are thrown away, perform it, verify what it left. */
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { splitLines } from '../ceremony/transcript.js';
import { describeVerifyFault, type Verified, type VerifyFault, verifyTranscript } from '../ceremony/verify.js';
import type { ProgressEvent } from '../ceremony/world.js';
import { loadConfig } from '../config/load.js';
import type { Bytes } from '../kernel/bytes.js';
import { err, type Result } from '../kernel/result.js';
import { performDevelopmentCeremonies } from './ceremony-development.js';
import { markHome, performPlan } from './ceremony-session.js';
import { fail, say } from './say.js';

export function registerCeremony(program: Command): void {
  const ceremony = program.command('ceremony').description('key ceremonies, from plan files (policies/ceremonies)');
  ceremony
    .command('rehearse')
    .description('perform plans on tokens that are thrown away afterwards, and verify the transcripts')
    .argument('<plan...>', 'plan files, in their order')
    .option('--keep', 'keep the folder of the rehearsal, and say where it is')
    .action(rehearse);
  ceremony
    .command('perform')
    .description('perform a plan, or go on with it where it was interrupted')
    .argument('<plan>', 'plan file')
    .option('--home <folder>', 'home folder; default: PFCNG_HOME, or ./var')
    .action(perform);
  ceremony
    .command('verify')
    .description('check transcripts and what they tell of; an altered line or file is named')
    .argument('<home-or-transcript>', 'home folder (all its ceremonies), or one transcript.ndjson')
    .option('--json', 'print the results as JSON')
    .action(verify);
}

/** One line an event, French and English: `[fort 4/16] génération de la clé acr-fo / generating key acr-fo`. */
function tell({ ceremony, kind, step, of, fr, en }: ProgressEvent): void {
  const words = WORDS[kind];
  if (words === null) return;
  const place = step === 0 ? `[${ceremony}]` : `[${ceremony} ${String(step).padStart(2)}/${of}]`;
  say(`${place} ${words.fr}${fr} / ${words.en}${en}`);
}

const WORDS = {
  begins: { fr: '', en: '' },
  resumes: { fr: 'reprise : ', en: 'resuming: ' },
  starts: { fr: '', en: '' },
  found: { fr: 'déjà fait : ', en: 'done already: ' },
  ends: { fr: 'terminé : ', en: 'done: ' },
  made: null,
  skipped: null,
} as const satisfies Record<ProgressEvent['kind'], { readonly fr: string; readonly en: string } | null>;

/**
 * Makes a development home, or goes on where its making was interrupted; says on the way what it does. false: refused, and
 * said why.
 */
export async function runDevelopmentCeremonies(home: string): Promise<boolean> {
  const done = await performDevelopmentCeremonies(home, { progress: tell });
  if (!done.ok)
    fail([
      ...done.error.lines,
      `start again to go on; or remove ${home}, of which nothing is in use yet, to start over`,
    ]);
  return done.ok;
}

async function perform(planFile: string, { home }: { readonly home?: string }): Promise<void> {
  const config = loadConfig({ home });
  if (!config.ok) return fail(config.error.faults);
  const { paths, environment } = config.value;
  const done = await performPlan({ home: paths.home, planFile, progress: tell });
  if (!done.ok) return fail(done.error.lines);
  await markHome(paths.home, environment);
  say(`empreinte finale / final hash: ${done.value.head}`);
}

async function rehearse(planFiles: readonly string[], { keep }: { readonly keep?: boolean }): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'pfcng-rehearsal-'));
  try {
    for (const planFile of planFiles) {
      const done = await performPlan({ home, planFile, progress: tell });
      if (!done.ok) return fail(done.error.lines);
    }
    await verify(home, {});
  } finally {
    if (keep === true) say(`dossier de la répétition / folder of the rehearsal: ${home}`);
    else await rm(home, { recursive: true, force: true });
  }
}

async function verify(given: string, { json }: { readonly json?: boolean }): Promise<void> {
  const transcripts = await transcriptsOf(resolve(given));
  if (transcripts.length === 0) return fail([`${given}: no transcript there (ceremony/*/transcript.ndjson)`]);
  for (const file of transcripts) {
    const verdict = await verifyFile(file);
    if (json)
      say(
        JSON.stringify(verdict.ok ? { file, holds: true, ...verdict.value } : { file, holds: false, ...verdict.error }),
      );
    if (!verdict.ok) fail([`${file}: ${describeVerifyFault(verdict.error)}`]);
    else if (!json) {
      const { lines, artefacts, head } = verdict.value;
      say(
        `${file}: ${lines} lignes, ${artefacts} fichiers conformes / ${lines} lines, ${artefacts} files hold; ${head}`,
      );
    }
  }
}

async function transcriptsOf(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) return [];
  if (found.isFile()) return [path];
  const ceremonies = await readdir(join(path, 'ceremony')).catch(() => []);
  const files = ceremonies.sort().map((id) => join(path, 'ceremony', id, 'transcript.ndjson'));
  const there = await Promise.all(
    files.map((file) =>
      stat(file).then(
        (one) => one.isFile(),
        () => false,
      ),
    ),
  );
  return files.filter((_, at) => there[at] === true);
}

/** Artefacts lie in the home folder, two folders above the transcript's: `<home>/ceremony/<id>/transcript.ndjson`. */
export async function verifyFile(file: string): Promise<Result<Verified, VerifyFault>> {
  const home = dirname(dirname(dirname(file)));
  const text = decodeUtf8(await readFile(file));
  if (text === null) return err({ kind: 'line-altered', line: 1, rule: 'the file is not UTF-8' });
  const { lines, torn } = splitLines(text);
  if (torn !== '') return err({ kind: 'line-altered', line: lines.length + 1, rule: 'the last line is cut off' });
  return verifyTranscript(lines, (path) => readBelow(home, path));
}

/** null: not there, or a path that leaves the home folder: whoever wrote the transcript does not say what is read. */
function readBelow(home: string, path: string): Bytes | null {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/.test(path)) return null;
  try {
    return new Uint8Array(readFileSync(join(home, path)));
  } catch {
    return null;
  }
}

function decodeUtf8(bytes: Bytes): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
