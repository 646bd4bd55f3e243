/** Schemas of registrations, which record in advance what a holder may be issued. */
import { LIMITS } from '../../../kernel/limits.js';
import { REGISTRATION_STATES } from '../../../ports/store/enrolment/registrations.js';
import { component, instant, KEY_ORIGINS, nullable, object, profile, text } from '../schemas/parts.js';
import { certificateRequest } from '../schemas/requests.js';

const { csr, keyOrigin, validity } = certificateRequest.properties;

export const registrationRequest = object(
  {
    profiles: {
      type: 'array',
      minItems: 1,
      maxItems: LIMITS.profilesPerRegistrationMax,
      items: profile,
      description: 'What may be issued, each profile once: the certificates of a card are one registration.',
    },
    holder: component('Holder'),
    card: component('Card'),
    identity: component('Identity'),
    keyOrigin,
    validity,
    expiresAt: instant('When it ends; left out: after the time that the policy sets.'),
  },
  ['profiles', 'holder'],
);

export const registeredRequest = object({ profile, csr }, ['profile', 'csr']);

const reference = text(16, 'The public reference: 16 characters of base32 (RFC 4648).');
const uses = {
  type: 'array',
  items: object({ profile, certificate: nullable(text(36, 'Id of the certificate.')) }, ['profile', 'certificate']),
  description: 'The registered profiles; certificate null: the profile is unused.',
} as const;

const REGISTRATION = {
  id: text(36, 'Id of the registration.'),
  reference,
  state: { type: 'string', enum: REGISTRATION_STATES, description: 'Its state now.' },
  stateAt: instant('Since when it has this state.'),
  account: text(128, 'The account with whose rights it acts.'),
  createdAt: instant('When it was registered.'),
  expiresAt: instant('When it ends, or has ended.'),
  uses,
  returned: {
    type: 'integer',
    minimum: 0,
    maximum: LIMITS.returnedUsesMax,
    description: 'Uses that were given back because the certificate was rejected or never confirmed.',
  },
  holder: nullable(component('CertificateHolder')),
  card: nullable(component('Card')),
  keyOrigin: nullable({ type: 'string', enum: KEY_ORIGINS, description: 'Where the keys are generated.' }),
  erasedAt: nullable(instant('When holder, card and evidence were erased.')),
} as const;

const MEMBERS = Object.keys(REGISTRATION) as (keyof typeof REGISTRATION)[];

export const registration = object(REGISTRATION, MEMBERS);

export const newRegistration = object(
  {
    ...REGISTRATION,
    secret: nullable(
      text(32, 'The secret: 32 characters of base32. null: a newer one was made since, or its key was lost.'),
    ),
  },
  [...MEMBERS, 'secret'],
);

export const registrationSecret = object({ reference, secret: text(32, 'The new secret; the old one is void.') }, [
  'reference',
  'secret',
]);

export const registrationPage = object(
  {
    registrations: { type: 'array', items: component('Registration'), description: 'Newest first.' },
    nextCursor: nullable(text(36, 'The cursor of the next page. null: this is the last one.')),
  },
  ['registrations', 'nextCursor'],
);
