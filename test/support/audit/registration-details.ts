/** Random details of audit entries about registrations. */
import fc from 'fast-check';

type Part = 'account' | 'profile' | 'holder' | 'structure' | 'card' | 'evidence' | 'instant' | 'count' | 'uuid';

const nullable = <Value>(one: fc.Arbitrary<Value>) => fc.option(one, { nil: null });

export function registrationDetails(parts: Readonly<Record<Part, fc.Arbitrary<unknown>>>) {
  return {
    'registration.created': fc.record({
      id: parts.uuid,
      account: parts.account,
      profiles: fc.array(parts.profile, { maxLength: 8 }),
      holder: parts.holder,
      structure: nullable(parts.structure),
      card: nullable(parts.card),
      evidence: nullable(parts.evidence),
      assurance: nullable(fc.constantFrom('high', 'substantial')),
      keyOrigin: nullable(fc.constantFrom('card', 'module', 'software')),
      expiresAt: parts.instant,
    }),
    'registration.withdrawn': fc.record({ id: parts.uuid }),
    'registration.expired': fc.record({ id: parts.uuid }),
    'registration.secret-renewed': fc.record({ id: parts.uuid, generation: parts.count }),
    'registration.use-returned': fc.record({
      id: parts.uuid,
      profile: parts.profile,
      certificate: parts.uuid,
      because: fc.constantFrom('given-up', 'not-accepted'),
      returned: parts.count,
    }),
    'registration.erased': fc.record({ id: parts.uuid }),
  } as const;
}

/** What an intent says of a request by EST or CMP. */
export const enrolmentDetails = fc.record({
  protocol: fc.constantFrom('est', 'cmp'),
  sources: fc.subarray(['record', 'registration', 'request', 'account']),
  modifications: fc.array(fc.constantFrom('added OU', 'left-out subjectAltName'), { maxLength: 3 }),
});
