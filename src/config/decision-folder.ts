/**
 * A policy folder of production in which officers decide. Its files are the only state: a decision
 * is in the file of its value, and everything is read again before the next one.
 */
import {
  accessSync,
  closeSync,
  constants,
  cpSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { present } from '../kernel/assert.js';
import { err, ok, type Result } from '../kernel/result.js';
import { packageRoot } from '../package/package-root.js';
import { type Decision, withDecision } from '../policy/decide/decision.js';
import { rewritten } from '../policy/decide/layout.js';
import { type Body, type Group, groupsOf, type Place } from '../policy/decide/places.js';
import { sorted } from '../policy/load/compile.js';
import type { Document, RawDocuments } from '../policy/load/documents.js';
import type { PolicyFault } from '../policy/model.js';
import { checkOpenPolicy } from './policy.js';
import { readPolicyFiles } from './policy-files.js';
import { type Replacement, replaceFiles } from './replace-file.js';

export const DECIDED_ENVIRONMENT = 'production';

export type OpenPolicy = {
  readonly raw: RawDocuments;
  readonly groups: readonly Group[];
};

/** Faults are those that no decision about an open value can remove. */
export function readOpenPolicy(folder: string): Result<OpenPolicy, readonly PolicyFault[]> {
  const raw = readPolicyFiles(folder, DECIDED_ENVIRONMENT);
  if (!raw.ok) return err(sorted(raw.error));
  const documents = checkOpenPolicy(raw.value);
  return documents.ok ? ok({ raw: raw.value, groups: groupsOf(documents.value) }) : documents;
}

/** What the loading of the policy would say about these decisions; nothing is written. */
export function checkDecisions({ raw }: OpenPolicy, decisions: readonly Decision[]): readonly PolicyFault[] {
  const checked = checkOpenPolicy(withDecisions(raw, decisions));
  return checked.ok ? [] : checked.error;
}

const CHANGED_MEANWHILE = 'was changed while you decided; it is shown again';

type PlacedDecision = Decision & { readonly place: Place };

/**
 * Writes decisions about places as they were shown. Nothing is written if one of them is rejected,
 * if a place has changed since, or if a file cannot be replaced. Each file is replaced at once.
 */
export function writeDecisions(
  folder: string,
  decisions: readonly PlacedDecision[],
): Result<void, readonly PolicyFault[]> {
  return alone(folder, () => {
    const read = readOpenPolicy(folder);
    if (!read.ok) return read;
    const present_ = read.value.groups.flatMap(({ places }) => places).map((place) => JSON.stringify(place));
    const moved = decisions.filter(({ place }) => !present_.includes(JSON.stringify(place)));
    if (moved.length > 0) return err(moved.map(({ place }) => ({ ...place, message: CHANGED_MEANWHILE })));
    const faults = checkDecisions(read.value, decisions);
    if (faults.length > 0) return err(faults);
    const decided = documentsOf(withDecisions(read.value.raw, decisions));
    const files = [...new Set(decisions.map(({ place }) => place.file))];
    return replaceAll(
      folder,
      files.map((file) => present(decided.find((one) => one.file === file) ?? null, file)),
    );
  });
}

const LOCK = '.decide.lock';
/** Decisions are written in a second; an older lock is that of a command that was killed. */
const LOCK_MS_MAX = 60_000;
const BUSY = 'another command is writing decisions; repeat this one';

/** One process at a time: of two, the second would otherwise undo what the first has written. */
function alone(folder: string, work: () => Result<void, readonly PolicyFault[]>): Result<void, readonly PolicyFault[]> {
  const lock = join(folder, LOCK);
  try {
    const now = timeIn(folder);
    const { mtimeMs = now } = statSync(lock, { throwIfNoEntry: false }) ?? {};
    if (now - mtimeMs > LOCK_MS_MAX) rmSync(lock, { force: true });
    closeSync(openSync(lock, 'wx'));
  } catch (thrown) {
    const isBusy = thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST';
    return err([isBusy ? { file: LOCK, pointer: '', message: BUSY } : notWritable(LOCK, thrown)]);
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** The time by the clock that the file system gives its files. */
function timeIn(folder: string): number {
  const probe = join(folder, `.decide-${process.pid}.time`);
  writeFileSync(probe, '');
  const { mtimeMs } = statSync(probe);
  rmSync(probe);
  return mtimeMs;
}

function notWritable(file: string, thrown: unknown): PolicyFault {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return { file, pointer: '', message: `cannot be written: ${why}` };
}

function replaceAll(folder: string, documents: readonly Document<unknown>[]): Result<void, readonly PolicyFault[]> {
  const replacements: Replacement[] = [];
  const faults: PolicyFault[] = [];
  for (const [at, { file, body }] of documents.entries()) {
    const replacement = replacementOf(folder, file, { body: body as Body, part: `.decide-${process.pid}-${at}.part` });
    if (replacement.ok) replacements.push(replacement.value);
    else faults.push(replacement.error);
  }
  if (faults.length > 0) return err(faults);
  try {
    replaceFiles(replacements);
    return ok(undefined);
  } catch (thrown) {
    return err([notWritable(folder, thrown)]);
  }
}

const ELSEWHERE = 'is not in the folder itself: a link or a mount leads out of it';

/** The temporary file is in the folder itself, because below it there may be policy files only. */
function replacementOf(
  folder: string,
  file: string,
  { body, part }: { readonly body: Body; readonly part: string },
): Result<Replacement, PolicyFault> {
  try {
    const [home, path] = [realpathSync(folder), realpathSync(join(folder, file))];
    const { mode, uid, gid } = statSync(path);
    // Folders are compared: an overlay file system gives each file the device of its layer.
    const isMounted = statSync(dirname(path)).dev !== statSync(home).dev;
    if (relative(home, path).startsWith('..') || isMounted) return err({ file, pointer: '', message: ELSEWHERE });
    accessSync(dirname(path), constants.W_OK);
    return ok({
      file: path,
      content: rewritten(readFileSync(path, 'utf8'), body),
      part: join(home, part),
      mode: mode & 0o777,
      owner: { uid, gid },
    });
  } catch (thrown) {
    return err(notWritable(file, thrown));
  }
}

function documentsOf({ environment, hierarchies, authorities, profiles }: RawDocuments): readonly Document<unknown>[] {
  return [environment, ...hierarchies, ...authorities, ...profiles];
}

function withDecisions(raw: RawDocuments, decisions: readonly Decision[]): RawDocuments {
  const decide = ({ file, body }: Document<unknown>): Document<unknown> => ({
    file,
    body: decisions.filter(({ place }) => place.file === file).reduce(withDecision, body as Body),
  });
  return {
    ...raw,
    environment: decide(raw.environment),
    hierarchies: raw.hierarchies.map(decide),
    authorities: raw.authorities.map(decide),
    profiles: raw.profiles.map(decide),
  };
}

export function shippedPolicies(): string {
  return join(packageRoot(), 'policies');
}

/** Copies the policies of the package. The folder appears with all of its files or not at all. */
export function copyShipped(folder: string): void {
  const part = join(dirname(folder), `.${basename(folder)}.part`);
  rmSync(part, { recursive: true, force: true });
  cpSync(shippedPolicies(), part, { recursive: true });
  renameSync(part, folder);
}
