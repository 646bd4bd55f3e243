/**
 * Performs the ceremonies of a development home: first that of the platform, whose keys the others
 * certify, then two at a time. Each is one process that mostly uses one core.
 */
import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ceremonySignaturePath, transcriptPath } from '../../ceremony/plan/paths.js';
import { splitLines } from '../../ceremony/transcript/transcript.js';
import type { Progress } from '../../ceremony/world.js';
import { isThere } from '../../ceremony-host/files.js';
import { type CeremonyRefusal, developmentPlanFile, markHome } from '../../ceremony-host/session.js';
import { type Bilingual, untranslated } from '../../kernel/bilingual.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { programPath } from '../../package/program-path.js';
import { systemErrorText } from '../../terminal/system-error.js';
import type { KeyType } from '../../x509/model.js';
import type { CeremonyReport } from '../ceremony/ceremony-process.js';

/** The hierarchies certify the CMP keys that the ceremony of the platform makes. */
const FIRST = 'platform';
/** The longest ceremony comes first. */
const HIERARCHY_CEREMONIES = ['fort', 'standard', 'elementaire'] as const;
const AT_A_TIME = 2;

type DevelopmentOptions = {
  readonly progress?: Progress;
  /** For tests: every key of this type instead of the policy's. */
  readonly keyType?: KeyType | undefined;
};

/**
 * Makes the tokens, keys, certificates and first CRLs of a development home, or continues where it
 * was interrupted. For a complete home it costs a few reads. The mark `environment.json` is written
 * last: a folder without it is incomplete.
 */
export async function performDevelopmentCeremonies(
  home: string,
  options: DevelopmentOptions = {},
): Promise<Result<void, CeremonyRefusal>> {
  const refusals: Bilingual[] = [];
  const performOne = async (id: string): Promise<void> => {
    if (await hasEnded(home, id)) return;
    const performed = await performInChild(home, id, options);
    if (!performed.ok)
      refusals.push(...performed.error.lines.map(({ fr, en }) => ({ fr: `${id}: ${fr}`, en: `${id}: ${en}` })));
  };
  await performOne(FIRST);
  const waiting: string[] = refusals.length === 0 ? [...HIERARCHY_CEREMONIES] : [];
  const work = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await performOne(id);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  if (refusals.length > 0) return err({ kind: 'ceremony-refused', lines: refusals });
  await markHome(home, 'development');
  return ok(undefined);
}

/** Reads the last line alone; `pfcng ceremony verify` reads them all. */
async function hasEnded(home: string, id: string): Promise<boolean> {
  const text = await readFile(join(home, transcriptPath({ id })), 'utf8').catch(() => '');
  const { lines, torn } = splitLines(text);
  if (torn !== '' || !(lines.at(-1) ?? '').includes('"action":"end"')) return false;
  return isThere(join(home, ceremonySignaturePath({ id })));
}

function performInChild(
  home: string,
  id: string,
  { progress, keyType }: DevelopmentOptions,
): Promise<Result<void, CeremonyRefusal>> {
  const entry = programPath('src/cli/ceremony/ceremony-process');
  const args = [home, developmentPlanFile(id), ...(keyType === undefined ? [] : [keyType])];
  const child = fork(entry, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  return new Promise((resolve) => {
    let outcome: Result<void, CeremonyRefusal> | null = null;
    child.on('message', (message) => {
      // Our own child process sends messages of this type.
      const report = message as CeremonyReport;
      if (report.kind === 'progress') progress?.(report.event);
      else
        outcome = report.kind === 'performed' ? ok(undefined) : err({ kind: 'ceremony-refused', lines: report.lines });
    });
    child.once('error', (error) => {
      const words = systemErrorText(error);
      resolve(err({ kind: 'ceremony-refused', lines: [words ?? untranslated(error.message)] }));
    });
    child.once('close', (code, signal) => {
      const how = signal ?? code;
      const ended = {
        fr: `le processus de la cérémonie s'est arrêté (${how}) : relancez la même commande`,
        en: `the process of the ceremony ended with ${how}: run the same command again`,
      };
      const printed = errors.split('\n').filter((line) => line.trim() !== '');
      const lines = [ended, ...printed.map(untranslated)];
      resolve(outcome ?? err({ kind: 'ceremony-refused', lines }));
    });
  });
}
