/**
 * Texts for errors of system calls (errno(3)), for people who have named a file: what is wrong with
 * it, and what to do, in French and English.
 */
import { SYSTEM_ERRORS } from '../config/system-errors.js';
import type { Bilingual } from '../kernel/bilingual.js';

/**
 * The text for an error of a system call, by its code (errno(3)). `null`: the error is not one of
 * a system call, so it is a bug.
 */
export function systemErrorText(thrown: unknown): Bilingual | null {
  if (!(thrown instanceof Error && 'syscall' in thrown && 'code' in thrown)) return null;
  const code = String(thrown.code);
  const path = 'path' in thrown && typeof thrown.path === 'string' ? thrown.path : null;
  const known = SYSTEM_ERRORS[code] ?? {
    fr: `erreur du système (${code}) : corrigez-en la cause, puis relancez la même commande`,
    en: `the operating system returned ${code}: correct the cause, then run the same command again`,
  };
  return path === null ? known : { fr: `${path} : ${known.fr}`, en: `${path}: ${known.en}` };
}

/** Calls `act`, which reads or writes `file`. A system error without a path gets this path. */
export function naming<Value>(file: string, act: () => Value): Value {
  try {
    return act();
  } catch (error) {
    throw withPath(error, file);
  }
}

/** Adds `path` to a system error that has none, as when a folder is read as a file (EISDIR). */
export function withPath(error: unknown, path: string): unknown {
  if (error instanceof Error && 'syscall' in error && !('path' in error)) Object.assign(error, { path });
  return error;
}
