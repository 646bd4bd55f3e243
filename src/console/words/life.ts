import type { Bilingual } from '../../kernel/bilingual.js';
import type { StoredState } from '../../ports/store/statuses.js';
import { REASON_LABELS } from './certificates.js';
import { filled } from './filled.js';
import type { Words } from './words.js';

export const LIFE_WORDS = {
  wasIssued: { fr: 'Émis', en: 'Issued' },
  wasIssuedPending: { fr: 'Émis, à confirmer par sa carte', en: 'Issued, to be confirmed by its card' },
  wasConfirmed: { fr: 'En vigueur', en: 'In force' },
  wasSuspended: { fr: 'Suspendu', en: 'Suspended' },
  wasRevoked: { fr: 'Révoqué : {reason}', en: 'Revoked: {reason}' },
  ends: { fr: 'Fin de validité', en: 'End of validity' },
} as const satisfies Words;

/** What a certificate became by a change of its status. */
export function changeInWords(state: StoredState): Bilingual {
  switch (state.status) {
    case 'revoked':
      return filled(LIFE_WORDS.wasRevoked, { reason: REASON_LABELS[state.reason] });
    case 'suspended':
      return LIFE_WORDS.wasSuspended;
    case 'issued':
      return LIFE_WORDS.wasConfirmed;
    case 'pending':
    case 'open':
      return LIFE_WORDS.wasIssuedPending;
  }
}
