/** Audit entries about registrations: a part of the catalogue (`events.ts`). */
import { count, instant, list, nullable, oneOf, structure, tagged, text, uuid } from './members.js';

const registration = { id: uuid } as const;
const profile = text(128);

export const REGISTRATION_EVENTS = {
  'registration.created': {
    outcome: 'success',
    details: {
      ...registration,
      account: text(128),
      profiles: list(profile, 8),
      holder: tagged('holder'),
      structure: nullable(structure),
      card: nullable(tagged('card')),
      evidence: nullable(tagged('evidence')),
      assurance: nullable(text(32)),
      keyOrigin: nullable(oneOf('card', 'module', 'software')),
      expiresAt: instant,
    },
  },
  'registration.withdrawn': { outcome: 'success', details: registration },
  'registration.expired': { outcome: 'success', details: registration },
  'registration.secret-renewed': { outcome: 'success', details: { ...registration, generation: count } },
  /**
   * Why the use is unused again. `returned`: how many uses were given back by now because their
   * certificates were not accepted.
   */
  'registration.use-returned': {
    outcome: 'success',
    details: {
      ...registration,
      profile,
      certificate: uuid,
      because: oneOf('given-up', 'not-accepted'),
      returned: count,
    },
  },
  /** Its holder, card and evidence were erased. */
  'registration.erased': { outcome: 'success', details: registration },
} as const;
