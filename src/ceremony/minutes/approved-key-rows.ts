/** Keys from elsewhere that a ceremony has sealed, for the table of its keys. */
import type { Entry } from '../transcript/transcript.js';
import type { Cell } from './document.js';

const SEALED = { fr: 'scellée', en: 'sealed' };
const ELSEWHERE = { fr: 'ailleurs', en: 'elsewhere' };

/** Key (its certificate, which is what seals it), token, act, type, hash. */
export function sealedKeyRows(entries: readonly Entry[]): readonly (readonly Cell[])[] {
  return entries.flatMap(({ action, result }) => {
    const keys: readonly unknown[] = action === 'seal-ocsp-keys' && Array.isArray(result.keys) ? result.keys : [];
    return keys.map((key) => {
      const { certificate, keyType, publicKeySha256 } = key as Readonly<Record<string, unknown>>;
      return [`${certificate}`, ELSEWHERE, SEALED, `${keyType}`, `${publicKeySha256}`];
    });
  });
}
