/** How certificates of a profile are requested by EST and CMP, as facts in words. */
import type { Bilingual } from '../../../kernel/bilingual.js';
import type { ProfileInPolicy } from '../../../operations/policy/read-policy.js';
import type { EnrolmentPolicy } from '../../../policy/enrolment-policy.js';
import type { Words } from '../../words/words.js';
import { durationText, type WordFact } from './values.js';

const WORDS = {
  none: { fr: "Aucune : par l'API et les commandes seulement", en: 'None: by the API and by orders only' },
  ways: { fr: 'Par EST ou CMP', en: 'By EST or CMP' },
  holder: { fr: 'Le porteur vient', en: 'The holder comes' },
  fromRequest: {
    fr: 'de la demande, dans le périmètre du compte',
    en: 'from the request, within the scope of the account',
  },
  fromRecord: {
    fr: "d'un enregistrement, ou du certificat renouvelé",
    en: 'from a registration, or from the certificate that is renewed',
  },
  est: { fr: 'EST', en: 'EST' },
  cmp: { fr: 'CMP', en: 'CMP' },
  open: { fr: 'ouvert', en: 'open' },
  closed: { fr: 'fermé', en: 'closed' },
  confirmation: { fr: 'Confirmation (CMP)', en: 'Confirmation (CMP)' },
  unconfirmed: { fr: 'Sans confirmation', en: 'Without a confirmation' },
  supersede: { fr: "L'ancien certificat, après un renouvellement", en: 'The old certificate, after a renewal' },
  encrypted: { fr: 'Certificat chiffré (CMP)', en: 'Encrypted certificate (CMP)' },
  possible: { fr: 'possible', en: 'possible' },
} as const satisfies Words;

const CMP_LABELS: Readonly<Record<EnrolmentPolicy['cmp'], Bilingual>> = {
  all: WORDS.open,
  registration: { fr: "avec le secret d'un enregistrement seulement", en: 'with the secret of a registration only' },
  none: WORDS.closed,
};

const UNCONFIRMED_LABELS: Readonly<Record<EnrolmentPolicy['unconfirmed'], Bilingual>> = {
  revoke: { fr: 'le certificat est révoqué', en: 'the certificate is revoked' },
  undetermined: {
    fr: 'le certificat est indéterminé : un officier décide',
    en: 'the certificate is undetermined: an officer decides',
  },
};

const SUPERSEDE_LABELS: Readonly<Record<EnrolmentPolicy['supersede'], Bilingual>> = {
  revoke: { fr: 'est révoqué comme remplacé', en: 'is revoked as superseded' },
  'let-end': { fr: "reste valable jusqu'à sa fin", en: 'stays valid until its end' },
};

/** What is only about CMP is left out where CMP is closed. */
export function enrolmentFacts({ now: { profile } }: ProfileInPolicy): readonly WordFact[] {
  const { enrolment } = profile;
  if (enrolment === null) return [{ label: WORDS.ways, value: WORDS.none }];
  const { fromRequest, est, cmp, unconfirmed, supersede, encryptedCertificate } = enrolment;
  const isCmp = cmp !== 'none';
  return [
    { label: WORDS.est, value: est ? WORDS.open : WORDS.closed },
    { label: WORDS.cmp, value: CMP_LABELS[cmp] },
    { label: WORDS.holder, value: fromRequest ? WORDS.fromRequest : WORDS.fromRecord },
    { label: WORDS.confirmation, value: isCmp ? confirmationText(enrolment) : null },
    { label: WORDS.unconfirmed, value: isCmp ? UNCONFIRMED_LABELS[unconfirmed] : null },
    { label: WORDS.supersede, value: SUPERSEDE_LABELS[supersede] },
    { label: WORDS.encrypted, value: isCmp && encryptedCertificate ? WORDS.possible : null },
  ];
}

function confirmationText({ confirmWithinMs, implicitConfirm }: EnrolmentPolicy): Bilingual {
  const within = durationText(confirmWithinMs);
  return {
    fr: `sous ${within.fr}${implicitConfirm ? ', ou implicite si le client le demande' : ''}`,
    en: `within ${within.en}${implicitConfirm ? ', or implicit if the client asks for it' : ''}`,
  };
}
