/** Failures of the system and of tokens in words that say what to do, in both languages. */
import type { TokenFailed } from '../../hsm/pkcs11/failures.js';
import { type Bilingual, both } from '../ceremony/bilingual.js';

/** Of what an operating system refuses, by its code (errno(3)); null: what was thrown is a bug of ours. */
export function systemWords(thrown: unknown): Bilingual | null {
  if (!(thrown instanceof Error && 'syscall' in thrown && 'code' in thrown)) return null;
  const code = String(thrown.code);
  const place = 'path' in thrown && typeof thrown.path === 'string' ? thrown.path : null;
  const known = SYSTEM[code] ?? {
    fr: `le système a refusé (${code}) : remédiez-y, puis relancez la même commande`,
    en: `the system refused (${code}): mend it, then give the same command again`,
  };
  return place === null ? known : { fr: `${place} : ${known.fr}`, en: `${place}: ${known.en}` };
}

const DENIED: Bilingual = {
  fr: "accès refusé à l'utilisateur de cette commande : donnez-lui ce droit, ou lancez-la sous le bon utilisateur",
  en: 'access denied to the user of this command: grant it, or run it as the right user',
};
const SYSTEM: Readonly<Record<string, Bilingual>> = {
  ENOENT: { fr: "n'existe pas : vérifiez le chemin", en: 'is not there: check the path' },
  EACCES: DENIED,
  EPERM: DENIED,
  EISDIR: { fr: 'est un dossier : donnez un fichier', en: 'is a folder: name a file' },
  ENOTDIR: {
    fr: 'une partie du chemin est un fichier : vérifiez le chemin',
    en: 'a part of the path is a file: check the path',
  },
  EEXIST: {
    fr: 'un fichier porte déjà ce nom : vérifiez le chemin',
    en: 'a file has this name already: check the path',
  },
  EFBIG: {
    fr: "est plus grand que tout ce qu'une cérémonie lit : ce n'est pas le bon fichier",
    en: 'is larger than anything that a ceremony reads: not the right file',
  },
  ESPIPE: {
    fr: "n'est pas un fichier ordinaire (tube, périphérique) : donnez un fichier",
    en: 'is no plain file (a pipe, a device): name a file',
  },
  EROFS: {
    fr: 'ce disque est en lecture seule : choisissez un autre dossier',
    en: 'this disk is read-only: choose another folder',
  },
  ENOSPC: {
    fr: 'le disque est plein : libérez de la place, puis relancez la même commande',
    en: 'the disk is full: make room, then give the same command again',
  },
};

/** The heading over faults of the configuration and of the home, which have one line each. */
export const SETTINGS = both({
  fr: 'la configuration ou le dossier ne convient pas ; à corriger :',
  en: 'the configuration or the home folder will not do; to be mended:',
});

/** Acts, and tells of the system's refusal what to do instead of passing its text on. */
export async function orSystemWords<Value>(
  act: () => Promise<Value>,
  refused: (line: string) => Value,
): Promise<Value> {
  try {
    return await act();
  } catch (thrown) {
    const words = systemWords(thrown);
    if (words === null) throw thrown;
    return refused(both(words));
  }
}

/** `name`: of the plan. */
export function tokenWords(name: string, { failure, message }: TokenFailed): Bilingual {
  return {
    fr: `jeton ${name} : ${tokenFrench(failure)} ; remédiez-y, puis relancez la même commande`,
    en: `token ${name}: ${message}; mend it, then give the same command again`,
  };
}

function tokenFrench(failure: TokenFailed['failure']): string {
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
      return `le PIN est refusé (${failure.ckr})`;
    case 'key-not-found':
      return `il n'a pas la clé ${failure.label}`;
    case 'key-ambiguous':
      return `il a ${failure.count} clés ${failure.label}`;
    case 'key-exists':
      return `il a déjà une clé ${failure.label}`;
    case 'key-unfit':
      return `clé ${failure.label} : ${failure.attribute} doit être ${failure.expected}, est ${failure.found}`;
    case 'key-mismatch':
      return `la clé ${failure.label} ne convient pas`;
    default:
      // The English beside it says more.
      return `il ne convient pas (${failure.kind})`;
  }
}
