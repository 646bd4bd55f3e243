import type { Words } from '../../words/words.js';

export const ACTION_WORDS = {
  revoke: { fr: 'Révoquer', en: 'Revoke' },
  suspend: { fr: 'Suspendre', en: 'Suspend' },
  release: { fr: 'Lever la suspension', en: 'Release' },
  renew: { fr: 'Renouveler', en: 'Renew' },
  situation: { fr: "Que s'est-il passé ?", en: 'What has happened?' },
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
  csr: { fr: 'Demande de certificat (CSR)', en: 'Certification request (CSR)' },
  csrHint: {
    fr: "PKCS #10 en PEM, d'une nouvelle clé. Seule la clé en est prise : le nom vient du certificat renouvelé.",
    en: 'PKCS #10 in PEM, of a new key. Only the key is taken from it: the name comes from the renewed certificate.',
  },
  csrForm: {
    fr: 'Collez tout le bloc, de -----BEGIN CERTIFICATE REQUEST----- à -----END CERTIFICATE REQUEST-----.',
    en: 'Paste the whole block, from -----BEGIN CERTIFICATE REQUEST----- to -----END CERTIFICATE REQUEST-----.',
  },
  keyOrigin: { fr: 'Où la nouvelle clé a été faite', en: 'Where the new key was made' },
  keyOfCard: { fr: 'Sur la carte', en: 'On the card' },
  keyOfModule: { fr: 'Dans un module de sécurité', en: 'In a security module' },
  keyOfSoftware: { fr: 'Dans un logiciel', en: 'In software' },
  willRenew: {
    fr: 'Un nouveau certificat du profil {profile} sera émis pour {holder}, avec la clé de la demande.',
    en: 'A new certificate of the profile {profile} will be issued for {holder}, with the key of the request.',
  },
  oldStays: {
    fr: "L'ancien certificat reste valable jusqu'à sa fin, ou jusqu'à sa révocation.",
    en: 'The old certificate stays valid until its end, or until it is revoked.',
  },
} as const satisfies Words;
