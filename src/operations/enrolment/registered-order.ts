/** The order of a certificate as a registration has recorded it: the request adds nothing to it. */
import { present } from '../../kernel/assert.js';
import type { Card, CertificateOrder, Holder, Identity } from '../../policy/model.js';
import type { Registration } from '../../ports/store/enrolment/registrations.js';

/** Registrations store what the schemas and the policy have accepted, in exactly these shapes. */
export function registeredOrder(registration: Registration, profile: string): CertificateOrder {
  const { holder, card, identity, keyOrigin, validity } = registration;
  return {
    profile,
    holder: present((holder ?? undefined) as unknown as Holder | undefined, 'the holder of a registration'),
    card: card as unknown as Card | null,
    identity: identity as unknown as Identity | null,
    keyOrigin,
    validity,
  };
}
