/**
 * Texts for failures of the operating system and of tokens. Each says what to do, in French and
 * English.
 */
import type { TokenError } from '../../hsm/pkcs11/failures.js';
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
    fr: "dépasse la taille de tout fichier lu par une cérémonie : ce n'est pas le bon fichier",
    en: 'is larger than any file that a ceremony reads: this is not the right file',
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

/**
 * The heading above faults of the configuration and of the home folder, which have one line each.
 */
export const SETTINGS_FAULTS: Bilingual = {
  fr: "la configuration ou le dossier de l'installation n'est pas valide ; à corriger :",
  en: 'the configuration or the home folder is not valid; to be corrected:',
};

/** Runs `act`. An error of a system call becomes `refused` with the text that says what to do. */
export async function orSystemErrorText<Value>(
  act: () => Promise<Value>,
  refused: (line: Bilingual) => Value,
): Promise<Value> {
  try {
    return await act();
  } catch (thrown) {
    const text = systemErrorText(thrown);
    if (text === null) throw thrown;
    return refused(text);
  }
}

/** The text for a failure of the token that the plan calls `name`. */
export function tokenFailureText(name: string, { failure, message }: TokenError): Bilingual {
  return {
    fr: `jeton ${name} : ${tokenFrench(failure)} ; corrigez-en la cause, puis relancez la même commande`,
    en: `token ${name}: ${message}; correct the cause, then run the same command again`,
  };
}

function tokenFrench(failure: TokenError['failure']): string {
  switch (failure.kind) {
    case 'module-not-loadable':
      return `le module PKCS#11 ${failure.path} ne peut pas être chargé`;
    case 'pkcs11-failed':
      return `l'appel ${failure.operation} a échoué (${failure.ckr})`;
    case 'token-busy':
      return `il est encore ouvert dans le processus ${failure.owner}`;
    case 'token-not-found':
      return `aucun jeton ne porte le nom ${failure.label}`;
    case 'token-ambiguous':
      return `${failure.count} jetons portent le nom ${failure.label}`;
    case 'token-exists':
      return `un jeton porte déjà le nom ${failure.label}`;
    case 'pin-refused':
      return `le code PIN est refusé (${failure.ckr})`;
    case 'key-not-found':
      return `il ne contient pas la clé ${failure.label}`;
    case 'key-ambiguous':
      return `il contient ${failure.count} clés nommées ${failure.label}`;
    case 'key-exists':
      return `il contient déjà une clé ${failure.label}`;
    case 'key-unfit':
      return `clé ${failure.label} : ${failure.attribute} vaut ${failure.found} au lieu de ${failure.expected}`;
    case 'key-mismatch':
      return `la clé ${failure.label} n'est pas la clé attendue`;
    default:
      // The English text has the details.
      return `il n'est pas utilisable (${failure.kind})`;
  }
}
