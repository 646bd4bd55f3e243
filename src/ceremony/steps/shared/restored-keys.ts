/** That a restored token had the keys of its back-up: their signatures over what they were challenged with, checked once more. */
import type { Bytes } from '../../../kernel/bytes.js';
import type { Bilingual } from '../../bilingual.js';
import { isProven } from './proof.js';
import { readBackUp, readRestored } from './token-records.js';

const NOT_RESTORED: Bilingual = {
  fr: 'les clés de cette restauration ne sont pas celles de la sauvegarde, ou leurs signatures ne se vérifient pas',
  en: 'the keys of this restoration are not those of the back-up, or their signatures do not verify',
};

/** `record`: of the back-up that the same line of the transcript names. */
export function restorationFault(restoration: Bytes, record: Bytes): Bilingual | null {
  const restored = readRestored(restoration);
  const backUp = readBackUp(record);
  if (restored === null || backUp === null || restored.keys.length !== backUp.keys.length) return NOT_RESTORED;
  const holds = restored.keys.every((proven, at) => {
    const kept = backUp.keys[at];
    return kept?.key === proven.key && kept.publicKey === proven.publicKey && isProven(proven);
  });
  return holds ? null : NOT_RESTORED;
}
