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

/** Does what reads or writes `file`, and names it in an error of the system that names none. */
export function naming<Value>(file: string, act: () => Value): Value {
  try {
    return act();
  } catch (error) {
    throw withPath(error, file);
  }
}

/** The error of a folder that is read as a file has no path. */
export function withPath(error: unknown, path: string): unknown {
  if (error instanceof Error && 'syscall' in error && !('path' in error)) Object.assign(error, { path });
  return error;
}
