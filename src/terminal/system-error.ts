/**
 * Texts for errors of system calls (errno(3)), for people who have named a file: what is wrong with
 * it, and what to do, in French and English.
 */
import type { Bilingual } from '../kernel/bilingual.js';

/**
 * The text for an error of a system call, by its code (errno(3)). `null`: the error is not one of
 * a system call, so it is a bug.
 */
export function systemErrorText(thrown: unknown): Bilingual | null {
  if (!(thrown instanceof Error && 'syscall' in thrown && 'code' in thrown)) return null;
  const code = String(thrown.code);
  const path = 'path' in thrown && typeof thrown.path === 'string' ? thrown.path : null;
  const known = SYSTEM[code] ?? {
    fr: `erreur du système (${code}) : corrigez-en la cause, puis relancez la même commande`,
    en: `the operating system returned ${code}: correct the cause, then run the same command again`,
  };
  return path === null ? known : { fr: `${path} : ${known.fr}`, en: `${path}: ${known.en}` };
}

const DENIED: Bilingual = {
  fr: "accès refusé à l'utilisateur de cette commande : accordez-lui ce droit, ou lancez-la sous le bon utilisateur",
  en: 'access denied to the user of this command: grant it, or run it as the right user',
};
const SYSTEM: Readonly<Record<string, Bilingual>> = {
  ENOENT: { fr: "n'existe pas : vérifiez le chemin", en: 'does not exist: check the path' },
  EACCES: DENIED,
  EPERM: DENIED,
  EISDIR: { fr: 'est un dossier : indiquez un fichier', en: 'is a folder: give a file' },
  ENOTDIR: {
    fr: 'un élément du chemin est un fichier : vérifiez le chemin',
    en: 'a part of the path is a file: check the path',
  },
  EEXIST: {
    fr: 'un fichier porte déjà ce nom : vérifiez le chemin',
    en: 'a file with this name exists already: check the path',
  },
  EFBIG: {
    fr: "dépasse la taille maximale que lit cette commande : vérifiez que c'est le bon fichier",
    en: 'is larger than any file that this command reads: check that it is the right file',
  },
  ESPIPE: {
    fr: "n'est pas un fichier ordinaire (tube, périphérique) : indiquez un fichier",
    en: 'is not a regular file (a pipe, a device): give a file',
  },
  EROFS: {
    fr: 'ce disque est en lecture seule : choisissez un autre dossier',
    en: 'this disk is read-only: choose another folder',
  },
  ENOSPC: {
    fr: 'le disque est plein : libérez de la place, puis relancez la même commande',
    en: 'the disk is full: free some space, then run the same command again',
  },
};

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
