/**
 * Authenticates clients of EST (RFC 7030 3.2.3 and 3.3.2): by the certificate of the TLS session,
 * or by a reference and its secret in HTTP Basic (RFC 7617). The reference names a registration, or
 * in development also an account. If a request has HTTP Basic credentials, only they decide, and
 * the certificate is ignored.
 */
import { accountFault, networkFault } from '../../access/account.js';
import type { Principal, SelfPrincipal } from '../../access/principal.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { verifyReferenceSecret } from '../../operations/enrolment/registration-secret.js';
import { type Fault, fault } from '../../texts/text.js';
import type { HttpFailure } from '../api/problems.js';
import { addressOf } from '../server/client-of.js';
import { admit, noteRefused } from '../trail/exchange.js';
import type { EstParts, EstRequest } from './request.js';

type EnrollingPrincipal = Exclude<Principal, { readonly kind: 'self' }>;

/**
 * Authenticates the client of `simpleenroll`: an account by its certificate, or a registration (in
 * development also an account) by HTTP Basic. A client without valid credentials gets a challenge
 * (401), so that it can send a reference and a secret. A registration whose account may not act now
 * gets 403.
 */
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
  const failure = noteRefused(parts, ctx, client.error);
  if (failure.kind === 'client-certificate-required') return challenge('est-authentication');
  return failure.kind === 'not-permitted' ? err({ ...failure, kind: 'authentication-required' }) : err(failure);
}

/**
 * Authenticates the client of `simplereenroll`. The certificate of the TLS session always acts for
 * itself here, even if it belongs to an account.
 */
export async function authenticateRenewal(
  parts: EstParts,
  { ctx, world }: EstRequest,
): Promise<Result<SelfPrincipal, HttpFailure>> {
  const client = await parts.authenticate(ctx.req, { log: world.log, self: 'renew-self', est: 'self' });
  if (!client.ok) {
    const failure = noteRefused(parts, ctx, client.error);
    return failure.kind === 'client-certificate-required' ? challenge('est-certificate') : err(failure);
  }
  const admitted = admit(parts, ctx, client.value);
  if (!admitted.ok) return admitted;
  const principal = admitted.value;
  return principal.kind === 'self' ? ok(principal) : challenge('est-certificate');
}

/**
 * Finds out who the client is, for `csrattrs`, which also answers unknown clients. null: the client
 * has presented nothing, or a certificate that is not accepted. Wrong HTTP Basic credentials are
 * refused.
 */
export async function identifyCaller(
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

/**
 * Returns why the account of the principal may not act now; null: it may. The networks of an
 * account do not apply to its registrations, because the device that uses a registration is in
 * another network.
 */
function accountRefusal({ kind, account }: EnrollingPrincipal, { req }: EstRequest['ctx'], now: Instant): Fault | null {
  const ended = accountFault(account, now);
  return ended ?? (kind === 'registration' ? null : networkFault(account, addressOf(req) ?? ''));
}

type Credentials = { readonly reference: string; readonly secret: string };

/**
 * Reads HTTP Basic credentials: base64 of `reference:secret` (RFC 7617 2). A reference contains no
 * colon. null: the header field has another form.
 */
function readBasic(header: string): Credentials | null {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(header)?.[1];
  if (encoded === undefined) return null;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  // PostgreSQL rejects U+0000 in a text, so the search for the reference would fail.
  if (colon < 0 || decoded.includes('\0')) return null;
  return { reference: decoded.slice(0, colon), secret: decoded.slice(colon + 1) };
}

function challenge(
  rule: 'est-authentication' | 'est-certificate' | 'est-basic' | 'est-basic/form',
): Result<never, HttpFailure> {
  return err({ kind: 'authentication-required', ...fault(rule) });
}
