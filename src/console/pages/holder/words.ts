import type { Words } from '../../words/words.js';

export const HOLDER_PAGE_WORDS = {
  title: { fr: 'Porteur {holder}', en: 'Holder {holder}' },
  facts: { fr: 'Le porteur', en: 'The holder' },
  cards: { fr: 'Cartes', en: 'Cards' },
  cardsCaption: { fr: 'Par numéro', en: 'By number' },
  noCards: { fr: "Le porteur n'a pas de carte.", en: 'The holder has no card.' },
  certificates: { fr: 'Certificats', en: 'Certificates' },
  certificatesCaption: { fr: 'Les plus récents en premier', en: 'Newest first' },
  allCertificates: { fr: 'Les {count} certificats du porteur', en: 'All {count} certificates of the holder' },
  noCertificates: {
    fr: 'Aucun certificat visible avec ce compte.',
    en: 'No certificate that this account can see.',
  },
  revoke: { fr: 'Tout révoquer', en: 'Revoke all' },
  bar: { fr: 'Interdire', en: 'Bar' },
  unbar: { fr: "Demander la levée de l'interdiction", en: 'Ask to lift the bar' },
  situation: { fr: "Que s'est-il passé ?", en: 'What has happened?' },
  since: {
    fr: 'Jour depuis lequel les certificats ne sont plus fiables',
    en: 'Day since which the certificates are not to be trusted',
  },
  sinceHint: {
    fr: "À donner si l'événement est plus ancien que la révocation.",
    en: 'To be given if it happened before the revocation.',
  },
  willRevoke: {
    fr: 'Tous les certificats de {holder} seront révoqués, avec le motif « {reason} » : {count}.',
    en: 'All certificates of {holder} will be revoked, with the reason "{reason}": {count}.',
  },
  willBeTold: {
    fr: 'OCSP répond « révoqué » aussitôt, et les prochaines LCR les contiennent.',
    en: 'OCSP answers "revoked" at once, and the next CRLs have them.',
  },
  cannotWork: {
    fr: 'Le porteur ne peut plus se connecter ni signer, avec aucune de ses cartes.',
    en: 'The holder can no longer log in or sign, with any card.',
  },
  meaning: { fr: 'Pour ceux qui vérifient : {meaning}.', en: 'For relying parties: {meaning}.' },
  willBeBarred: {
    fr: "Le porteur est interdit : plus aucun certificat ne sera émis pour lui, jusqu'à ce que deux officiers lèvent l'interdiction.",
    en: 'The holder is barred: no certificate will be issued any more, until two officers lift the bar.',
  },
  replacementsEnd: {
    fr: 'Les remplacements de cartes en cours sont abandonnés.',
    en: 'Replacements of cards that are under way are given up.',
  },
  sample: {
    fr: 'Les {count} premiers certificats qui seront révoqués',
    en: 'The first {count} certificates that will be revoked',
  },
  noneLive: { fr: "Aucun certificat n'est en vigueur.", en: 'No certificate is in force.' },
  willAsk: {
    fr: "Un second officier décidera de lever l'interdiction de {holder}. Votre demande est la première des deux signatures.",
    en: 'A second officer will decide whether to lift the bar of {holder}. Your request is the first of the two signatures.',
  },
  nothingBefore: {
    fr: 'Rien ne change avant sa décision ; ce qui est révoqué le reste.',
    en: 'Nothing changes before the decision; what is revoked stays revoked.',
  },
  doneRevoke: { fr: 'Les certificats du porteur sont révoqués.', en: 'The certificates of the holder are revoked.' },
  doneBar: {
    fr: 'Le porteur est interdit, et ses certificats sont révoqués.',
    en: 'The holder is barred, and the certificates are revoked.',
  },
} as const satisfies Words;
