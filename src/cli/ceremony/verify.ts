/** `pfcng ceremony verify`: verifies transcripts and the files that they record. */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { VerifiedTranscript, VerifyFault } from '../../ceremony/verify/model.js';
import { describeVerifyFault, verifyTranscript } from '../../ceremony/verify/verify.js';
import { orSystemErrorText, SETTINGS_FAULTS } from '../../ceremony-host/failure-text.js';
import { folderFault, isMissing, readBelow, readTranscript } from '../../ceremony-host/files.js';
import { loadConfig } from '../../config/load.js';
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { escapeForTerminal, fail, say } from '../../terminal/say.js';
import { asJson, reportOf } from './verdict.js';

export async function verify(given: string | undefined, { json }: { readonly json?: boolean }): Promise<void> {
  const path = pathToVerify(given);
  if (!path.ok) return fail(path.error);
  const transcripts = await transcriptsOf(path.value);
  if (transcripts.length === 0) return fail([inBothLanguages(noTranscript(path.value))]);
  for (const file of transcripts)
    await orSystemErrorText(
      async () => report(file, await verifyFile(file), json === true),
      (line) => fail([`${file}: ${inBothLanguages(line)}`]),
    );
}

/** Without an argument, the home folder. */
function pathToVerify(given: string | undefined): Result<string, readonly string[]> {
  if (given !== undefined) return ok(resolve(given));
  const config = loadConfig();
  return config.ok ? ok(config.value.paths.home) : err([inBothLanguages(SETTINGS_FAULTS), ...config.error.faults]);
}

function noTranscript(path: string): Bilingual {
  return {
    fr: `${path} : aucune transcription (ceremony/*/transcript.ndjson) ; nommez le dossier du service ou une transcription`,
    en: `${path}: no transcript (ceremony/*/transcript.ndjson); name the home folder or a transcript`,
  };
}

function report(file: string, verdict: Result<VerifiedTranscript, VerifyFault>, json: boolean): void {
  if (json) say(JSON.stringify({ file, ...asJson(verdict) }));
  if (!verdict.ok) fail([`${file}: ${inBothLanguages(describeVerifyFault(verdict.error))}`]);
  if (json || !verdict.ok) return;
  const { summary, head, notes } = reportOf(verdict.value);
  say(escapeForTerminal(`${file}: ${inBothLanguages(summary)}; ${head}`));
  for (const note of notes) say(escapeForTerminal(inBothLanguages(note)));
}

export async function transcriptsOf(path: string): Promise<readonly string[]> {
  const found = await orMissing(stat(path));
  if (found?.isFile()) return [path];
  const ceremonies = (await orMissing(readdir(join(path, 'ceremony')))) ?? [];
  const transcripts: string[] = [];
  for (const id of [...ceremonies].sort()) {
    const [file, plan] = ['transcript.ndjson', 'plan.json'].map((name) => join(path, 'ceremony', id, name));
    // A folder of tokens alone is no ceremony. A folder with a plan once had a transcript, so that
    // its absence is reported.
    if (file !== undefined && plan !== undefined && ((await isFile(file)) || (await isFile(plan))))
      transcripts.push(file);
  }
  return transcripts;
}

async function isFile(path: string): Promise<boolean> {
  return (await orMissing(stat(path)))?.isFile() === true;
}

async function orMissing<Value>(operation: Promise<Value>): Promise<Value | null> {
  try {
    return await operation;
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
}

export async function verifyFile(file: string): Promise<Result<VerifiedTranscript, VerifyFault>> {
  const read = readTranscript(file);
  if (!read.ok) return read;
  const { home, lines } = read.value;
  const verified = verifyTranscript(lines, (path) => readBelow(home, path));
  const misplaced = verified.ok ? folderFault(file, verified.value.ceremony) : null;
  return misplaced === null ? verified : err(misplaced);
}
