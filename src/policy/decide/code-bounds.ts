/**
 * What the code and the standards require of values beyond their schema, by kind of value. The
 * checks themselves are in `src/policy/checks`; a test compares both.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import { DAY_MS, HOUR_MS } from '../../kernel/duration.js';
import { CEILINGS } from '../ceilings.js';

const hours = (ms: number): string => `PT${ms / HOUR_MS}H`;

const UPDATE_DAYS = `P${CEILINGS.updateConfirmMsMax / DAY_MS}D`;
const OVERLAP_DAYS = `P${CEILINGS.overlapMsMax / DAY_MS}D`;

const PER_HOUR: Bilingual = {
  fr: "au plus certificatesPerHourCeiling de l'environnement",
  en: 'at most certificatesPerHourCeiling of the environment',
};

const AFTER_REVOCATION: Bilingual = {
  fr: `au plus ${hours(CEILINGS.crlAfterRevocationMsMax)} ; afterRevocation ne dépasse pas afterRevocationMax`,
  en: `at most ${hours(CEILINGS.crlAfterRevocationMsMax)}; afterRevocation is not longer than afterRevocationMax`,
};

export const CODE_BOUNDS: Readonly<Record<string, Bilingual>> = {
  'environment/policyOid': {
    fr: "ni 2.999 (exemples, UIT-T X.660) ni 1.2.250.1.213.1.7.2 (hiérarchie TEST) : l'OID de la PC",
    en: 'neither 2.999 (examples, ITU-T X.660) nor 1.2.250.1.213.1.7.2 (TEST): the OID of the policy',
  },
  'environment/certificatesPerHourCeiling': {
    fr: `au plus ${CEILINGS.certificatesPerHourMax} : au-delà, rien ne limiterait un service compromis`,
    en: `at most ${CEILINGS.certificatesPerHourMax}: more would not bound a compromised service`,
  },
  'environment/certificatesPerHourMax': PER_HOUR,
  'profile/certificatesPerHourMax': PER_HOUR,
  'environment/crl/period': {
    fr: `au plus ${hours(CEILINGS.crlPeriodMsMax)} (EN 319 411-1, CSS-6.3.9)`,
    en: `at most ${hours(CEILINGS.crlPeriodMsMax)} (EN 319 411-1, CSS-6.3.9)`,
  },
  'environment/crl/overlap': {
    fr: `au plus ${hours(CEILINGS.crlOverlapMsMax)}, plus de zéro`,
    en: `at most ${hours(CEILINGS.crlOverlapMsMax)}, more than zero`,
  },
  'environment/crl/jitter': {
    fr: 'au plus la moitié de crl/period',
    en: 'at most half of crl/period',
  },
  'environment/crl/afterRevocation': AFTER_REVOCATION,
  'environment/crl/afterRevocationMax': AFTER_REVOCATION,
  'environment/crl/delta': {
    fr: `period et overlap : au plus ${hours(CEILINGS.crlDeltaPeriodMsMax)} ; period : au plus crl/period`,
    en: `period and overlap: at most ${hours(CEILINGS.crlDeltaPeriodMsMax)}; period: at most crl/period`,
  },
  'environment/ocspAnswers': {
    fr:
      `life : au plus P${CEILINGS.ocspLifeMsMax / DAY_MS}D ; maxAge : au plus ${hours(CEILINGS.ocspMaxAgeMsMax)}, moins que life ; ` +
      `staleMax : au plus ${hours(CEILINGS.ocspStaleMsMax)}`,
    en:
      `life: at most P${CEILINGS.ocspLifeMsMax / DAY_MS}D; maxAge: at most ${hours(CEILINGS.ocspMaxAgeMsMax)}, less than life; ` +
      `staleMax: at most ${hours(CEILINGS.ocspStaleMsMax)}`,
  },
  'environment/orders': {
    fr: `deadline : au plus P${CEILINGS.orderDeadlineMsMax / DAY_MS}D`,
    en: `deadline: at most P${CEILINGS.orderDeadlineMsMax / DAY_MS}D`,
  },
  'authority/ocspSigner': {
    fr: `au plus ${CEILINGS.responderDaysMax} jours, les mêmes que la validity du profil du répondeur (à décider ensuite)`,
    en: `at most ${CEILINGS.responderDaysMax} days, the same as the validity of the responder's profile (decided next)`,
  },
  'profile/update': {
    fr: `confirmWithin : au plus ${UPDATE_DAYS} ; overlap : au plus ${OVERLAP_DAYS} ; plus de zéro`,
    en: `confirmWithin: at most ${UPDATE_DAYS}; overlap: at most ${OVERLAP_DAYS}; more than zero`,
  },
  'profile/enrolment': {
    fr:
      "fromRequest : jamais pour FORT, ni avec une preuve d'identité ou une origine de clé exigée ; confirmWithin : de PT10S à PT72H ; " +
      'unconfirmed : undetermined pour les cartes seulement, et sans est ; encryptedCertificate : avec keyEncipherment seul',
    en:
      'fromRequest: never for FORT, nor where identity evidence or a key origin is required; confirmWithin: PT10S to PT72H; ' +
      'unconfirmed: undetermined for cards only, and without est; encryptedCertificate: with keyEncipherment alone',
  },
  'environment/enrolment': {
    fr:
      `registrationLifeMax : au plus P${CEILINGS.registrationLifeMsMax / DAY_MS}D ; registrationLife : au plus autant ; ` +
      'accountSecrets : false en production ; ' +
      `cmp : timeWindow de PT1M à PT15M, retention d'au moins deux fenêtres, waitMax d'au plus P30D, ` +
      `pbmIterationsMax d'au plus ${CEILINGS.cmpPbmIterationsMax}, pbmac1IterationsMax d'au plus ${CEILINGS.cmpPbmac1IterationsMax}`,
    en:
      `registrationLifeMax: at most P${CEILINGS.registrationLifeMsMax / DAY_MS}D; registrationLife: at most as much; ` +
      'accountSecrets: false in production; ' +
      'cmp: timeWindow from PT1M to PT15M, retention of two windows at least, waitMax of P30D at most, ' +
      `pbmIterationsMax of ${CEILINGS.cmpPbmIterationsMax} at most, pbmac1IterationsMax of ${CEILINGS.cmpPbmac1IterationsMax} at most`,
  },
  'profile/identityAge': { fr: 'plus de zéro', en: 'more than zero' },
  'profile/validity': {
    fr:
      `porteurs : au plus ${CEILINGS.endEntityYearsMax} ans ; répondeurs OCSP : au plus ${CEILINGS.responderDaysMax} jours, ` +
      "comme ocspSigner de l'AC ; moins que l'AC",
    en:
      `holders: at most ${CEILINGS.endEntityYearsMax} years; OCSP responders: at most ${CEILINGS.responderDaysMax} days, ` +
      'as ocspSigner of the authority; less than the authority',
  },
  'hierarchy/generationSuffix': {
    fr: 'une espace, des majuscules non accentuées, puis {generation}',
    en: 'a space, letters A to Z, then {generation}',
  },
  'profile/assurance': {
    fr: 'hiérarchie FORT : au moins "substantial" (eIDAS)',
    en: 'FORT hierarchy: at least "substantial" (eIDAS)',
  },
  'profile/keyOrigin': {
    fr: 'hiérarchie FORT : required est true, jamais "software" ; clé sur carte (gip) : ["card"] seul',
    en: 'FORT hierarchy: required is true, never "software"; key on a card (gip): ["card"] alone',
  },
  'profile/keyTypes': {
    fr: "RSA de moins de 3000 bits (TS 119 312) : seulement par une dérogation datée de l'environnement",
    en: 'RSA under 3000 bits (TS 119 312): only by a dated exception of the environment',
  },
  'profile/privateKeyUsagePeriod': {
    fr: 'true seulement avec nonRepudiation',
    en: 'true with nonRepudiation only',
  },
  'profile/extendedKeyUsage': {
    fr: 'chaque usage étendu a un usage de clé compatible (RFC 5280 4.2.1.12) ; smartcardLogon exige upn, serverAuth exige dns',
    en: 'each purpose has a consistent key usage (RFC 5280 4.2.1.12); smartcardLogon needs upn, serverAuth dns',
  },
};
