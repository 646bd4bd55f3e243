/** Texts for failures of tokens, and of system calls in a ceremony, in French and English. */
import type { TokenError } from '../../hsm/pkcs11/failures.js';
import type { Bilingual } from '../kernel/bilingual.js';
import { systemErrorText } from '../terminal/system-error.js';

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
