/**
 * A policy folder of production in which officers decide. Its files are the only state: a decision
 * is in the file of its value, and everything is read again before the next one.
 */
import { accessSync, constants, cpSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { acquireLock } from '../../../hsm/exclusive-lock.js';
import { packagePolicies } from '../../config/load.js';
import { checkOpenPolicy } from '../../config/policy.js';
import { readPolicyFiles } from '../../config/policy-files.js';
import { type Replacement, replaceFiles } from '../../config/replace-file.js';
import { present } from '../../kernel/assert.js';
import { errorMessage } from '../../kernel/errors.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { MemberDecision } from '../../policy/decide/answers.js';
import { applyDecision, type Decision, policyFileText } from '../../policy/decide/decision.js';
import { type Body, type Question, questionsOf } from '../../policy/decide/questions.js';
import { sortFaults } from '../../policy/load/compile.js';
import type { Document, RawDocuments } from '../../policy/load/documents.js';
import type { PolicyFault } from '../../policy/model.js';

const DECIDED_ENVIRONMENT = 'production';

export type OpenPolicy = {
  readonly raw: RawDocuments;
  readonly questions: readonly Question[];
};

/** Reads the folder. The faults are those that no decision about an open value can remove. */
export function readOpenPolicy(folder: string): Result<OpenPolicy, readonly PolicyFault[]> {
  const raw = readPolicyFiles(folder, DECIDED_ENVIRONMENT);
  if (!raw.ok) return err(sortFaults(raw.error));
  const documents = checkOpenPolicy(raw.value);
  return documents.ok ? ok({ raw: raw.value, questions: questionsOf(documents.value) }) : documents;
}

/** Returns the faults that the policy would have with these decisions. Nothing is written. */
export function checkDecisions({ raw }: OpenPolicy, decisions: readonly Decision[]): readonly PolicyFault[] {
  const checked = checkOpenPolicy(applyDecisions(raw, decisions));
  return checked.ok ? [] : checked.error;
}

const CHANGED_MEANWHILE = 'was changed while you decided; it is shown again';

/**
 * Writes decisions about members as they were shown. Nothing is written if one of them is rejected,
 * if a member has changed since, or if a file cannot be written. Each file is replaced atomically.
 */
export function writeDecisions(
  folder: string,
  decisions: readonly MemberDecision[],
): Promise<Result<void, readonly PolicyFault[]>> {
  return withLock(folder, () => {
    const read = readOpenPolicy(folder);
    if (!read.ok) return read;
    const current = read.value.questions.flatMap(({ members }) => members).map((member) => JSON.stringify(member));
    const changed = decisions.filter(({ member }) => !current.includes(JSON.stringify(member)));
    if (changed.length > 0) return err(changed.map(({ member }) => ({ ...member, message: CHANGED_MEANWHILE })));
    const faults = checkDecisions(read.value, decisions);
    if (faults.length > 0) return err(faults);
    const decided = documentsOf(applyDecisions(read.value.raw, decisions));
    const files = [...new Set(decisions.map(({ member }) => member.file))];
    return replaceAll(
      folder,
      files.map((file) => present(decided.find((one) => one.file === file) ?? null, file)),
    );
  });
}

/**
 * A folder in the policy folder. It has the lock, and the files that are being written. They are
 * not next to the files that they replace, because folders of policies have no other files.
 */
const WORK_FOLDER = '.decide';
/** Another process has the lock for about a second, while it writes decisions. */
const LOCK_WAIT_MS_MAX = 10_000;

/**
 * Runs `work` while no other process writes decisions. Without the lock, each of two processes
 * could replace files that the other has just written.
 */
async function withLock(
  folder: string,
  work: () => Result<void, readonly PolicyFault[]>,
): Promise<Result<void, readonly PolicyFault[]>> {
  let lock: Awaited<ReturnType<typeof acquireLock>>;
  try {
    lock = await acquireLock(join(folder, WORK_FOLDER), LOCK_WAIT_MS_MAX);
  } catch (thrown) {
    return err([notWritable(WORK_FOLDER, thrown)]);
  }
  if (!lock.ok) {
    const message = `process ${lock.error.owner} is writing decisions: repeat this command when it has ended`;
    return err([{ file: WORK_FOLDER, pointer: '', message }]);
  }
  try {
    return work();
  } finally {
    lock.value.release();
  }
}

function notWritable(file: string, thrown: unknown): PolicyFault {
  const why = errorMessage(thrown);
  return { file, pointer: '', message: `cannot be written: ${why}` };
}

function replaceAll(folder: string, documents: readonly Document<unknown>[]): Result<void, readonly PolicyFault[]> {
  const replacements: Replacement[] = [];
  const faults: PolicyFault[] = [];
  for (const [index, { file, body }] of documents.entries()) {
    const part = join(WORK_FOLDER, `${index}.part`);
    const replacement = replacementOf(folder, file, { body: body as Body, part });
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
      content: policyFileText(body),
      part: join(home, part),
      mode: mode & 0o777,
      owner: { uid, gid },
    });
  } catch (thrown) {
    return err(notWritable(file, thrown));
  }
}

function documentsOf(raw: RawDocuments): readonly Document<unknown>[] {
  return [raw.environment, ...raw.hierarchies, ...raw.authorities, ...raw.profiles, raw.cardGenerations];
}

function applyDecisions(raw: RawDocuments, decisions: readonly Decision[]): RawDocuments {
  const decide = ({ file, body }: Document<unknown>): Document<unknown> => ({
    file,
    body: decisions.filter(({ member }) => member.file === file).reduce(applyDecision, body as Body),
  });
  return {
    ...raw,
    environment: decide(raw.environment),
    hierarchies: raw.hierarchies.map(decide),
    authorities: raw.authorities.map(decide),
    profiles: raw.profiles.map(decide),
    cardGenerations: decide(raw.cardGenerations),
  };
}

/** Copies the policies of the package. The folder is there with all of its files or not at all. */
export function copyShipped(folder: string): void {
  const part = join(dirname(folder), `.${basename(folder)}.part`);
  rmSync(part, { recursive: true, force: true });
  try {
    cpSync(packagePolicies(), part, { recursive: true });
    renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}
