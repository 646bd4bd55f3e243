import type { Words } from '../../words/words.js';

export const CARD_PAGE_WORDS = {
  title: { fr: 'Carte {card}', en: 'Card {card}' },
  facts: { fr: 'La carte', en: 'The card' },
  certificates: { fr: 'Certificats', en: 'Certificates' },
  certificatesCaption: {
    fr: 'De toute la vie de la carte, le plus ancien en premier',
    en: 'Of the whole life of the card, the oldest first',
  },
  noCertificates: {
    fr: "Aucun certificat n'a encore été émis pour cette carte.",
    en: 'No certificate has been issued for this card yet.',
  },
  capabilities: { fr: 'Ce que la carte sait faire', en: 'What the card can do' },
  noCapabilities: {
    fr: 'Personne ne les a relevées : la première mise à jour à distance les demande.',
    en: 'Nobody has reported it: the first remote update asks for it.',
  },
  generation: { fr: 'Génération', en: 'Generation' },
  applet: { fr: "Version de l'applet", en: 'Version of the applet' },
  keyTypes: { fr: 'Types de clés', en: 'Types of keys' },
  spareContainers: { fr: 'Conteneurs libres', en: 'Spare containers' },
  reportedAt: { fr: 'Relevé le', en: 'Reported' },
  reportedBy: { fr: 'Relevé par', en: 'Reported by' },
  remote: { fr: 'Mise à jour à distance', en: 'Remote update' },
  isPossible: { fr: 'Possible', en: 'Possible' },
  isImpossible: { fr: 'À faire au guichet', en: 'To be done at a desk' },
  updates: { fr: 'Mises à jour à distance', en: 'Remote updates' },
  updatesCaption: { fr: 'Les plus récentes en premier', en: 'Newest first' },
  noUpdates: { fr: "La carte n'a pas été mise à jour à distance.", en: 'The card has not been updated remotely.' },
  oppose: { fr: 'Faire opposition', en: 'Oppose' },
  replace: { fr: 'Remplacer', en: 'Replace' },
  situation: { fr: "Que s'est-il passé ?", en: 'What has happened?' },
  since: {
    fr: "Jour depuis lequel la carte n'est plus fiable",
    en: 'Day since which the card is not to be trusted',
  },
  sinceHint: {
    fr: "À donner si l'événement est plus ancien que la révocation.",
    en: 'To be given if it happened before the revocation.',
  },
  willOppose: {
    fr: 'Les certificats de la carte {card} seront révoqués, avec le motif « {reason} » : {count}.',
    en: 'The certificates of card {card} will be revoked, with the reason "{reason}": {count}.',
  },
  willBeOpposed: {
    fr: 'La carte est opposée : plus aucun certificat ne sera émis pour elle.',
    en: 'The card becomes opposed: no certificate will be issued for it any more.',
  },
  willBeReturned: {
    fr: 'La carte est rendue : plus aucun certificat ne sera émis pour elle.',
    en: 'The card becomes returned: no certificate will be issued for it any more.',
  },
  willBeTold: {
    fr: 'OCSP répond « révoqué » aussitôt, et la prochaine LCR contient les certificats.',
    en: 'OCSP answers "revoked" at once, and the next CRL has the certificates.',
  },
  updatesEnd: {
    fr: 'Une mise à jour ou un remplacement en cours de la carte est abandonné.',
    en: 'An update or replacement of the card that is under way is given up.',
  },
  meaning: { fr: 'Pour ceux qui vérifient : {meaning}.', en: 'For relying parties: {meaning}.' },
  sample: { fr: 'Les certificats qui seront révoqués', en: 'The certificates that will be revoked' },
  noneLive: { fr: "Aucun certificat de la carte n'est en vigueur.", en: 'No certificate of the card is in force.' },
  newCard: { fr: 'Numéro de la nouvelle carte', en: 'Number of the new card' },
  newCardHint: {
    fr: 'Du même porteur : 8025000001/ et dix chiffres',
    en: 'Of the same holder: 8025000001/ and ten digits',
  },
  newCardForm: { fr: 'Donnez 8025000001/ suivi de dix chiffres.', en: 'Give 8025000001/ followed by ten digits.' },
  overlap: { fr: 'Chevauchement, en jours', en: 'Overlap, in days' },
  overlapHint: {
    fr: 'Les deux cartes servent pendant ce temps.',
    en: 'Both cards can be used during this time.',
  },
  willReplace: {
    fr: 'La carte {card} sera remplacée par la carte {by}.',
    en: 'Card {card} will be replaced by card {by}.',
  },
  oldEnds: {
    fr: "Après {days} jours, si la nouvelle carte a un certificat en vigueur, les certificats de l'ancienne sont révoqués (« Remplacé ») et elle est rendue.",
    en: 'After {days} days, if the new card has a certificate in force, those of the old one are revoked ("Superseded") and it becomes returned.',
  },
  noUpdateMeanwhile: {
    fr: "D'ici là, le porteur ne peut pas commencer de mise à jour à distance pour cette profession.",
    en: 'Until then, the holder cannot begin a remote update for this profession.',
  },
  doneOppose: { fr: 'Les certificats de la carte sont révoqués.', en: 'The certificates of the card are revoked.' },
  doneReplace: { fr: 'Le remplacement est enregistré.', en: 'The replacement is recorded.' },
} as const satisfies Words;
