/** Handlers of registrations. */
import { formatInstant, instantOrNull, parseInstant } from '../../../kernel/clock.js';
import type { Json } from '../../../kernel/json.js';
import { ok } from '../../../kernel/result.js';
import { issueRegistered } from '../../../operations/enrolment/issue-registered.js';
import { listRegistrations, readRegistration } from '../../../operations/enrolment/read-registrations.js';
import { register } from '../../../operations/enrolment/register.js';
import { renewSecret } from '../../../operations/enrolment/renew-secret.js';
import { registrationStateAt } from '../../../operations/enrolment/use-registrations.js';
import { withdrawRegistration } from '../../../operations/enrolment/withdraw.js';
import type { Registration, RegistrationState } from '../../../ports/store/enrolment/registrations.js';
import { type CertificateRequestBody, orderOf } from '../card-request.js';
import type { Handler } from '../handler.js';
import { pageLimit } from '../handlers/certificates.js';
import { renderCertificate } from '../render.js';

type RegistrationBody = Omit<CertificateRequestBody, 'profile' | 'csr' | 'container'> & {
  readonly profiles: readonly string[];
  readonly expiresAt?: string;
};

export const postRegistration: Handler = async ({ world }, { account, body, idempotency }) => {
  const { profiles, expiresAt, ...asked } = body as RegistrationBody;
  const { profile: _, ...order } = orderOf({ ...asked, profile: '' });
  const end = expiresAt === undefined ? null : parseInstant(expiresAt);
  const registered = await register(world, { account, profiles, order, expiresAt: end, idempotency });
  if (!registered.ok) return registered;
  const { registration, secret } = registered.value;
  return ok({ ...renderRegistration(registration, world.clock()), secret });
};

export const getRegistration: Handler = async ({ world }, { account, params }) => {
  const found = await readRegistration(world, account, params.id ?? '');
  return found.ok ? ok(renderRegistration(found.value, world.clock())) : found;
};

export const getRegistrations: Handler = async ({ world }, { account, query }) => {
  const { state, holder: holderId, profile, reference, limit, cursor: before } = query;
  // The schema has checked the state.
  const criteria = { state: state as RegistrationState | undefined, holderId, profile, reference };
  const found = await listRegistrations(world, account, { ...criteria, before, limit: pageLimit(limit) });
  if (!found.ok) return found;
  const { registrations, next: nextCursor } = found.value;
  const now = world.clock();
  return ok({ registrations: registrations.map((one) => renderRegistration(one, now)), nextCursor });
};

export const postWithdrawal: Handler = async ({ world }, { account, params }) => {
  const withdrawn = await withdrawRegistration(world, { account, id: params.id ?? '' });
  return withdrawn.ok ? ok(renderRegistration(withdrawn.value, world.clock())) : withdrawn;
};

export const postSecret: Handler = async ({ world }, { account, params }) => {
  const renewed = await renewSecret(world, { account, id: params.id ?? '' });
  if (!renewed.ok) return renewed;
  const { registration, secret } = renewed.value;
  return ok({ reference: registration.reference, secret });
};

export const postRegistered: Handler = async ({ world }, { account, params, body, idempotency }) => {
  const { profile, csr } = body as Pick<CertificateRequestBody, 'profile' | 'csr'>;
  const issued = await issueRegistered(world, params.id ?? '', { account, profile, csr, idempotency });
  return issued.ok ? ok(renderCertificate(world, issued.value)) : issued;
};

function renderRegistration(registration: Registration, now: number): { readonly [member: string]: Json } {
  const { id, reference, accountId, returned, holder, card, keyOrigin, uses, erasedAt } = registration;
  const { state, stateAt, createdAt, expiresAt } = registration;
  const present = registrationStateAt(registration, now);
  return {
    id,
    reference,
    state: present,
    stateAt: formatInstant(present === state ? stateAt : expiresAt),
    account: accountId,
    createdAt: formatInstant(createdAt),
    expiresAt: formatInstant(expiresAt),
    uses: uses.map(({ profile, certificateId }) => ({ profile, certificate: certificateId })),
    returned,
    holder,
    card,
    keyOrigin,
    erasedAt: instantOrNull(erasedAt),
  };
}
