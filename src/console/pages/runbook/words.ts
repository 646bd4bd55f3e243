import type { Words } from '../../words/words.js';

export const RUNBOOK_WORDS = {
  name: { fr: "Guide d'exploitation", en: 'Runbook' },
  about: {
    fr: "Ce texte est celui de la version qui tourne. Il n'existe qu'en anglais.",
    en: 'This text is that of the version that runs.',
  },
} as const satisfies Words;
