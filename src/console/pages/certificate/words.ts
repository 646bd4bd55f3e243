import type { Words } from '../../words/words.js';

export const CERTIFICATE_PAGE_WORDS = {
  title: { fr: 'Certificat {serial}', en: 'Certificate {serial}' },
  facts: { fr: 'Le certificat', en: 'The certificate' },
  downloads: { fr: 'Télécharger', en: 'Download' },
  pem: { fr: 'Certificat, PEM', en: 'Certificate, PEM' },
  der: { fr: 'Certificat, DER', en: 'Certificate, DER' },
  chain: { fr: "Chaîne jusqu'à la racine, PEM", en: 'Chain up to the root, PEM' },
  revoke: { fr: 'Révoquer', en: 'Revoke' },
  suspend: { fr: 'Suspendre', en: 'Suspend' },
  release: { fr: 'Lever la suspension', en: 'Release' },
  situation: { fr: 'Que se passe-t-il ?', en: 'What has happened?' },
  since: {
    fr: "Jour depuis lequel le certificat n'est plus fiable",
    en: 'Day since which the certificate is not to be trusted',
  },
  sinceHint: {
    fr: "À donner si l'événement est plus ancien que la révocation.",
    en: 'To be given if it happened before the revocation.',
  },
  willRevoke: {
    fr: 'Le certificat {serial} sera révoqué, avec le motif « {reason} ».',
    en: 'Certificate {serial} will be revoked, with the reason "{reason}".',
  },
  willBeTold: {
    fr: 'OCSP répond « révoqué » aussitôt, et la prochaine LCR le contient.',
    en: 'OCSP answers "revoked" at once, and the next CRL has it.',
  },
  meaning: { fr: 'Pour ceux qui vérifient : {meaning}.', en: 'For relying parties: {meaning}.' },
  holderCannot: {
    fr: 'Le porteur ne peut plus se connecter ni signer avec ce certificat.',
    en: 'The holder can no longer log in or sign with this certificate.',
  },
  willSuspend: { fr: 'Le certificat {serial} sera suspendu.', en: 'Certificate {serial} will be suspended.' },
  suspendedTold: {
    fr: 'OCSP répond « révoqué » (certificateHold) aussitôt.',
    en: 'OCSP answers "revoked" (certificateHold) at once.',
  },
  willRelease: { fr: 'La suspension du certificat {serial} sera levée.', en: 'Certificate {serial} will be released.' },
  releasedTold: { fr: 'OCSP répond à nouveau « bon ».', en: 'OCSP answers "good" again.' },
} as const satisfies Words;
