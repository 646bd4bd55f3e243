/**
 * What a process needs before it starts, as rows of a table (`table.ts`). The start and `pfcng
 * doctor` use the same rows.
 */
import { existsSync } from 'node:fs';
import type { Config } from '../../config/load.js';
import { readRegularFile, SMALL_FILE_BYTES_MAX } from '../../config/regular-file.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Policy } from '../../policy/model.js';
import type { Home, Installation } from '../home.js';
import type { ROLES } from '../roles.js';

export type RoleName = keyof typeof ROLES;

/** Something that is missing or wrong. */
export type StartFault = {
  /** The file, folder or server. */
  readonly place: string;
  readonly fault: Bilingual;
  readonly purpose: Bilingual;
  /** The command that makes it, or where it comes from. */
  readonly remedy: Bilingual;
  /** Further lines, in the words of the part of the program that has found them. */
  readonly details?: readonly string[];
  /** The process starts all the same; its log and the doctor report the fault. */
  readonly stopsStart?: false;
};

/** null: another fault has to be repaired before this can be checked. */
type Faults = readonly StartFault[] | null;

export type Requirement = {
  readonly name: string;
  /** What the check finds out, as a question. */
  readonly question: string;
  /** The roles whose processes need it. */
  readonly roles: readonly RoleName[];
  /** It neither creates nor changes anything, whether the service runs or not. */
  readonly find: (installation: Installation, role: RoleName) => Promise<Faults> | Faults;
};

export const EVERY_ROLE: readonly RoleName[] = ['all', 'responder'];
export const SERVICE_ONLY: readonly RoleName[] = ['all'];

/** Checks what the configuration names. `policy` is null if it is not valid. */
export function inConfiguration(
  find: (config: Config, policy: Policy | null) => Promise<readonly StartFault[]> | readonly StartFault[],
): Requirement['find'] {
  return ({ config, policy }) => (config.ok ? find(config.value, policy?.ok === true ? policy.value : null) : null);
}

/** Checks what is in the home folder. Without a home folder, every file would be missing. */
export function inHome(
  find: (home: Home, role: RoleName) => Promise<readonly StartFault[]> | readonly StartFault[],
): Requirement['find'] {
  return ({ config, policy }, role) => {
    if (!config.ok || policy?.ok !== true || !isHomeFolder(config.value)) return null;
    return find({ config: config.value, policy: policy.value }, role);
  };
}

function isHomeFolder({ paths }: Config): boolean {
  return existsSync(paths.environment) || existsSync(paths.authorities);
}

export const ABSENT: Bilingual = { fr: 'fichier absent', en: 'the file is missing' };

const NOT_A_FILE: Bilingual = {
  fr: `ce n'est pas un fichier ordinaire d'au plus ${SMALL_FILE_BYTES_MAX} octets`,
  en: `it is not a regular file of at most ${SMALL_FILE_BYTES_MAX} bytes`,
};

/** Reads a file that is needed: a certificate, a key, or a chain of certificates. */
export function readNeeded(file: string): Result<Bytes, Bilingual> {
  try {
    return ok(new Uint8Array(readRegularFile(file)));
  } catch (error) {
    return err(unreadableText(error));
  }
}

/** The codes of `readRegularFile`. */
const NOT_A_FILE_CODES: readonly string[] = ['EISDIR', 'ESPIPE', 'EFBIG'];

export function unreadableText(error: unknown): Bilingual {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  if (code === 'ENOENT') return ABSENT;
  if (NOT_A_FILE_CODES.includes(code)) return NOT_A_FILE;
  return { fr: `illisible (${code})`, en: `it cannot be read (${code})` };
}
