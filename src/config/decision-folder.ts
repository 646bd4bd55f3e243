/**
 * A policy folder of production in which officers decide. Its files are the only state: a decision
 * is in the file of its value, and everything is read again before the next one.
 */
import { cpSync, readFileSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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
import { replaceFile } from './replace-file.js';

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

/**
 * Writes decisions about places as they were shown. Nothing is written if one of them is rejected
 * or if a place has changed since. Each file is replaced at once.
 */
export function writeDecisions(
  folder: string,
  decisions: readonly (Decision & { readonly place: Place })[],
): Result<void, readonly PolicyFault[]> {
  const read = readOpenPolicy(folder);
  if (!read.ok) return read;
  const present_ = read.value.groups.flatMap(({ places }) => places).map((place) => JSON.stringify(place));
  const moved = decisions.filter(({ place }) => !present_.includes(JSON.stringify(place)));
  if (moved.length > 0) return err(moved.map(({ place }) => ({ ...place, message: CHANGED_MEANWHILE })));
  const faults = checkDecisions(read.value, decisions);
  if (faults.length > 0) return err(faults);
  const decided = withDecisions(read.value.raw, decisions);
  for (const file of new Set(decisions.map(({ place }) => place.file))) {
    const document = documentsOf(decided).find((one) => one.file === file);
    writeFile(folder, file, present(document, file).body as Body);
  }
  return ok(undefined);
}

/** The temporary file is in the folder itself, because below it there may be policy files only. */
function writeFile(folder: string, file: string, body: Body): void {
  const path = realpathSync(join(folder, file));
  const { mode, uid, gid } = statSync(path);
  replaceFile(path, rewritten(readFileSync(path, 'utf8'), body), {
    part: join(folder, `.decide-${process.pid}.part`),
    mode: mode & 0o777,
    owner: { uid, gid },
  });
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
