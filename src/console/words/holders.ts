import type { Words } from './words.js';

export const HOLDER_WORDS = {
  one: { fr: 'Porteur', en: 'Holder' },
  state: { fr: 'État', en: 'State' },
  stateAt: { fr: 'Depuis le', en: 'Since' },
  by: { fr: 'Par', en: 'By' },
  procedures: { fr: 'Procédures en cours', en: 'Open procedures' },
} as const satisfies Words;
