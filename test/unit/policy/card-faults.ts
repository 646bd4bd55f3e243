/** Faults of policies about cards: updates, self-service, evidence of identity, and generations. */
import { CPS, DEV, OCSP, type PolicyFaultCase, SERV } from './policy-faults.js';

const GENERATIONS = 'card-generations.json';
const UPDATE = { confirmWithin: 'PT72H', overlap: 'P7D', supersede: 'revoke' } as const;

export const CARD_FAULTS: readonly PolicyFaultCase[] = [
  {
    title: 'an update of a certificate that is on no card',
    file: SERV,
    change: (b) => ({ ...b, update: UPDATE }),
    pointer: '/update',
    says: 'no card',
  },
  {
    title: 'an overlap of more than ninety days',
    file: CPS,
    change: (b) => ({ ...b, update: { ...UPDATE, overlap: 'P91D' } }),
    pointer: '/update/overlap',
    says: 'longer than the 90 days',
  },
  {
    title: 'an update without time to confirm it',
    file: CPS,
    change: (b) => ({ ...b, update: { ...UPDATE, confirmWithin: 'PT0S' } }),
    pointer: '/update/confirmWithin',
    says: 'above zero',
  },
  {
    title: 'an update that a signature certificate begins',
    file: CPS,
    change: (b) => ({ ...b, selfService: ['revoke-self', 'begin-update'] }),
    pointer: '/selfService/1',
    says: 'authentication certificate',
  },
  {
    title: 'a responder that does something by itself',
    file: OCSP,
    change: (b) => ({ ...b, selfService: ['read-self'] }),
    pointer: '/selfService',
    says: 'a responder',
  },
  {
    title: 'evidence of identity that is always too old',
    file: CPS,
    change: (b) => ({ ...b, identityAge: { update: 'PT0S' } }),
    pointer: '/identityAge/update',
    says: 'above zero',
  },
  {
    title: 'an age of evidence that nobody has to give',
    file: OCSP,
    change: (b) => ({ ...b, identityAge: { issue: 'P1D' } }),
    pointer: '/identityAge',
    says: 'no evidence',
  },
  {
    title: 'a suspension that is allowed by yes',
    file: CPS,
    change: (b) => ({ ...b, suspensionAllowed: true }),
    pointer: '/suspensionAllowed',
    says: 'one of',
  },
  {
    title: 'a card that is never updated in a day',
    file: DEV,
    change: (b) => ({ ...b, updates: { perCardPerDay: 0, attemptsMax: 5 } }),
    pointer: '/updates/perCardPerDay',
    says: '>= 1',
  },
  {
    title: 'a cap above the ceiling of the environment',
    file: DEV,
    change: (b) => ({ ...b, certificatesPerHourCeiling: 1_000 }),
    pointer: '/certificatesPerHourMax',
    says: 'the ceiling of 1000',
  },
  {
    title: 'a version of an applet that is not a version',
    file: GENERATIONS,
    change: (b) => ({ ...b, generations: { cps4: { keyTypes: ['p-256'], appletMin: '4.x' } } }),
    pointer: '/generations/cps4/appletMin',
    says: 'pattern',
  },
];
