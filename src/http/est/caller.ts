/**
 * Authenticates clients of EST (RFC 7030 3.2.3 and 3.3.2): by the certificate of the TLS session,
 * or by a reference and its secret in HTTP Basic (RFC 7617), which decides alone where it is
 * present.
 */
import { accountFault, networkFault } from '../../access/account-state.js';
import type { Principal, SelfPrincipal } from '../../access/principal.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { verifyReferenceSecret } from '../../operations/enrolment/registration-secret.js';
import { type Fault, fault } from '../../texts/text.js';
import type { HttpFailure } from '../api/problems.js';
import { addressOf } from '../server/client-of.js';
import { admit } from '../trail/exchange.js';
import type { EstParts, EstRequest } from './request.js';

type EnrollingPrincipal = Exclude<Principal, { readonly kind: 'self' }>;

/** An account or a registration. Whoever is refused is challenged, and may send a secret then. */
export async function authenticateEnrolment(
  parts: EstParts,
  request: EstRequest,
): Promise<Result<EnrollingPrincipal, HttpFailure>> {
  const { ctx, world } = request;
  const basic = ctx.get('authorization');
  if (basic !== '') return authenticateByBasic(parts, request, basic);
  const client = await parts.authenticate(ctx.req, { log: world.log, self: null });
  // With `self: null`, no certificate acts for itself, so only an account is admitted.
  if (client.ok && client.value.kind === 'account') return admit(parts, ctx, client.value);
  if (client.ok) return challenge('est-authentication');
  const { failure, ...refused } = client.error;
  Object.assign(ctx.state, refused);
  parts.connections.markAnonymous(ctx.req.socket);
  if (failure.kind === 'client-certificate-required') return challenge('est-authentication');
  return failure.kind === 'not-permitted' ? err({ ...failure, kind: 'authentication-required' }) : err(failure);
}

/** The certificate of the TLS session acts for itself, whether an account has it or not. */
export async function authenticateRenewal(
  parts: EstParts,
  { ctx, world }: EstRequest,
): Promise<Result<SelfPrincipal, HttpFailure>> {
  const client = await parts.authenticate(ctx.req, { log: world.log, self: 'renew-self', est: 'self' });
  if (!client.ok) {
    const { failure, ...refused } = client.error;
    Object.assign(ctx.state, refused);
    parts.connections.markAnonymous(ctx.req.socket);
    return failure.kind === 'client-certificate-required' ? challenge('est-certificate') : err(failure);
  }
  const admitted = admit(parts, ctx, client.value);
  if (!admitted.ok) return admitted;
  const principal = admitted.value;
  return principal.kind === 'self' ? ok(principal) : challenge('est-certificate');
}

/** null: the client is not authenticated, which is no fault where anybody may ask. */
export async function knownCaller(
  parts: EstParts,
  request: EstRequest,
): Promise<Result<Principal | null, HttpFailure>> {
  const { ctx, world } = request;
  const basic = ctx.get('authorization');
  if (basic !== '') return authenticateByBasic(parts, request, basic);
  const client = await parts.authenticate(ctx.req, {
    log: world.log,
    self: 'renew-self',
    est: 'account-or-self',
  });
  if (client.ok) return admit(parts, ctx, client.value);
  const { failure } = client.error;
  return failure.kind === 'client-certificate-required' || failure.kind === 'not-permitted' ? ok(null) : err(failure);
}

async function authenticateByBasic(
  parts: EstParts,
  { ctx, world }: EstRequest,
  header: string,
): Promise<Result<EnrollingPrincipal, HttpFailure>> {
  const credentials = readBasic(header);
  if (credentials === null) return challenge('est-basic/form');
  const verified = await verifyReferenceSecret(world, credentials.reference, credentials.secret);
  if (!verified.ok) return verified;
  if (verified.value === null) {
    parts.connections.markAnonymous(ctx.req.socket);
    return challenge('est-basic');
  }
  const principal = verified.value;
  if (principal.kind === 'self') return challenge('est-basic');
  const broken = accountRefusal(principal, ctx, world.clock());
  if (broken === null) return admit(parts, ctx, principal);
  return err({ kind: principal.kind === 'account' ? 'authentication-required' : 'not-permitted', ...broken });
}

/** The device of a registration is elsewhere, so that the networks of its account do not apply. */
function accountRefusal({ kind, account }: EnrollingPrincipal, { req }: EstRequest['ctx'], now: Instant): Fault | null {
  const ended = accountFault(account, now);
  return ended ?? (kind === 'registration' ? null : networkFault(account, addressOf(req) ?? ''));
}

type Credentials = { readonly reference: string; readonly secret: string };

/** RFC 7617 section 2: base64 of `reference:secret`. A reference has no colon. */
function readBasic(header: string): Credentials | null {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(header)?.[1];
  if (encoded === undefined) return null;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  // PostgreSQL cannot compare with U+0000.
  if (colon < 0 || decoded.includes('\0')) return null;
  return { reference: decoded.slice(0, colon), secret: decoded.slice(colon + 1) };
}

function challenge(
  rule: 'est-authentication' | 'est-certificate' | 'est-basic' | 'est-basic/form',
): Result<never, HttpFailure> {
  return err({ kind: 'authentication-required', ...fault(rule) });
}
