import type { Words } from '../../words/words.js';

export const HOME_WORDS = {
  name: { fr: 'Accueil', en: 'Home' },
  authorities: { fr: 'Autorités de certification', en: 'Certification authorities' },
  authoritiesCaption: { fr: 'Les AC et leurs listes de révocation', en: 'The CAs and their revocation lists' },
  noAuthorities: {
    fr: "Aucune AC n'existe encore : une cérémonie de clés crée les premières (ops/ceremonies.md).",
    en: 'There is no CA yet: a key ceremony makes the first ones (ops/ceremonies.md).',
  },
  ca: { fr: 'AC', en: 'CA' },
  hierarchy: { fr: 'Hiérarchie', en: 'Hierarchy' },
  until: { fr: "Valable jusqu'au", en: 'Valid until' },
  crl: { fr: 'LCR', en: 'CRL' },
  nextUpdate: { fr: 'Prochaine mise à jour', en: 'Next update' },
  state: { fr: 'État', en: 'State' },
  fresh: { fr: 'À jour', en: 'Up to date' },
  overdue: { fr: 'En retard', en: 'Overdue' },
  noCrl: { fr: 'Sans LCR', en: 'No CRL' },
} as const satisfies Words;
