/** The EST operations `simpleenroll` and `simplereenroll` (RFC 7030 4.2). */
import type { IncomingMessage } from 'node:http';
import type { Principal } from '../../access/principal.js';
import { decodeBody, nameDifference } from '../../est/request.js';
import { proofRejection } from '../../issuance/prepare.js';
import { present } from '../../kernel/assert.js';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { enrol } from '../../operations/enrolment/enrol.js';
import { renewSelf } from '../../operations/enrolment/renew-self.js';
import type { EnrolledCertificate } from '../../operations/issuance/prepare-intent.js';
import type { World } from '../../operations/world.js';
import { readIdentity } from '../../policy/enrolment/requested-extensions.js';
import type { ProfileId } from '../../policy/model.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { ClaimRequest } from '../../ports/store/idempotency.js';
import type { Violation } from '../../texts/text.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { assembleCertificate } from '../../x509/certificate/certificate-writer.js';
import { certsOnlyMessage } from '../../x509/certificate/chain.js';
import { type ProvenRequest, readCertificationRequestDer } from '../../x509/request/certification-request.js';
import { type RequestedAttributes, readRequestedAttributes } from '../../x509/request/requested-attributes.js';
import type { HttpFailure } from '../api/problems.js';
import { readBody } from '../server/body.js';
import { certificateOf, sessionOf } from '../server/client-of.js';
import { claimantOf } from '../trail/exchange.js';
import type { EstMessage } from './answer.js';
import { authenticateEnrolment, authenticateRenewal } from './caller.js';
import { chooseProfile, type OpenProfile, wrongLabelFailure } from './profile.js';
import type { EstParts, EstRequest } from './request.js';
import { channelFault } from './tls-unique.js';

/** Answers `simpleenroll`: issues a certificate to an account or to a registration. */
export async function enroll(parts: EstParts, request: EstRequest): Promise<Result<EstMessage, HttpFailure>> {
  const caller = await authenticateEnrolment(parts, request);
  if (!caller.ok) return caller;
  const principal = caller.value;
  return issue(parts, request, {
    principal,
    issueTo: (enrolment) => enrol(request.world, { principal, ...enrolment }),
  });
}

/** Answers `simplereenroll`: renews the certificate of the TLS session with a new key. */
export async function reenroll(parts: EstParts, request: EstRequest): Promise<Result<EstMessage, HttpFailure>> {
  const caller = await authenticateRenewal(parts, request);
  if (!caller.ok) return caller;
  const principal = caller.value;
  const other = wrongLabelFailure(request.world, { label: request.label, principal });
  if (other !== null) return err(other);
  const difference = (enrolment: EnrolmentRequest): Violation | null => differenceTo(request.ctx.req, enrolment);
  return issue(parts, request, {
    principal,
    issueTo: async (enrolment) => {
      const identity = readIdentity(enrolment.requested.extensions);
      if (!identity.ok) return identity;
      const broken = difference(enrolment);
      if (broken !== null) return err({ kind: 'policy-violated', violations: [broken] });
      return renewSelf(request.world, { principal, ...enrolment });
    },
  });
}

/**
 * A CSR whose proof of possession was verified, with the profile and the idempotency claim of the
 * request.
 */
type EnrolmentRequest = {
  readonly protocol: 'est';
  readonly profile: ProfileId;
  readonly request: ProvenRequest;
  readonly requested: RequestedAttributes;
  readonly claim: ClaimRequest;
};

type Issue = {
  readonly principal: Principal;
  readonly issueTo: (enrolment: EnrolmentRequest) => Promise<Result<EnrolledCertificate, HttpFailure>>;
};

async function issue(
  parts: EstParts,
  request: EstRequest,
  { principal, issueTo }: Issue,
): Promise<Result<EstMessage, HttpFailure>> {
  const { world, label, ctx } = request;
  const chosen = chooseProfile(world, { label, principal });
  if (!chosen.ok) return chosen;
  const enrolment = await readRequest(request, chosen.value, claimantOf(principal));
  if (!enrolment.ok) return enrolment;
  const broken = channelFault(sessionOf(ctx.req), enrolment.value.requested.challengePassword);
  if (broken !== null) return refuse({ pointer: '/csr', ...broken });
  const inFlightMax = principal.kind === 'account' ? principal.account.limits.inFlight : null;
  const place = parts.admission.enter({ account: claimantOf(principal), isUrgent: false, inFlightMax });
  if (typeof place !== 'function') return err(place);
  world.interactive.note();
  try {
    const issued = await issueTo(enrolment.value);
    return issued.ok ? ok(messageOf(world, issued.value.record)) : issued;
  } finally {
    place();
  }
}

const BODY = { bytesMax: 32 * 1024, deadlineMs: 10 * SECOND_MS } as const;

/**
 * Reads and verifies the CSR. The hash of the CSR is the idempotency key, so that a repeated CSR
 * gets one certificate. The header field Idempotency-Key is not used, because two devices might
 * send the same value.
 */
async function readRequest(
  { ctx, world }: EstRequest,
  { profile }: OpenProfile,
  claimant: string,
): Promise<Result<EnrolmentRequest, HttpFailure>> {
  const der = await readDer(ctx.req);
  if (!der.ok) return der;
  const request = await readCertificationRequestDer(der.value);
  if (!request.ok) {
    const place = { policy: world.policy, profile: profile.id, pointer: '', now: world.clock() };
    return err(proofRejection(request.error, place));
  }
  const requested = readRequestedAttributes(request.value.attributes);
  if (!requested.ok) return refuse({ pointer: '/csr', ...requested.error });
  const bodySha256 = sha256Hex(der.value);
  const claim = { claim: { account: claimant, route: `est/${profile.id}`, key: bodySha256 }, bodySha256 };
  return ok({
    protocol: 'est',
    profile: profile.id,
    request: request.value,
    requested: requested.value,
    claim,
  });
}

async function readDer(message: EstRequest['ctx']['req']): Promise<Result<Bytes, HttpFailure>> {
  const { headers } = message;
  const type = headers['content-type'] ?? '';
  if ((headers['content-encoding'] ?? '') !== '') return err({ kind: 'content-encoded' });
  if (!/^application\/pkcs10\s*(;|$)/i.test(type))
    return err({ kind: 'unsupported-media-type', type, expected: 'application/pkcs10' });
  const raw = await readBody(message, BODY);
  if (!raw.ok) return raw;
  const der = decodeBody(raw.value);
  return der.ok ? der : err({ kind: 'invalid-request', pointer: '', ...der.error });
}

/**
 * Refuses the request. `broken.pointer` is `/csr`: where the CSR would be if the request were JSON.
 * So the texts are the same as in the API.
 */
function refuse(broken: Violation): Result<never, HttpFailure> {
  return err({ kind: 'policy-violated', violations: [broken] });
}

/**
 * Compares the names of the CSR with those of the certificate of the TLS session, which it renews.
 * null: they are equal.
 */
function differenceTo(message: IncomingMessage, { request, requested }: EnrolmentRequest): Violation | null {
  const presented = present(certificateOf(message), 'a certificate that has authenticated');
  const renewed = readCertificate(presented);
  const { tbs } = present(renewed.ok ? renewed.value : null, 'a certificate that was read before');
  const difference = nameDifference({ subject: request.subject, ...requested }, tbs);
  return difference === null ? null : { pointer: '/csr', ...difference };
}

/**
 * Makes the response from the new certificate without its chain (RFC 7030 4.2.3); clients get the
 * chain from `cacerts`.
 */
function messageOf({ issuers }: World, { issuer, tbs, signature }: CertificateRecord): EstMessage {
  const { signatureAlgorithm } = present(issuers.byId(issuer), 'issuer of a record');
  const certificate = assembleCertificate(tbs, signatureAlgorithm, present(signature, 'signature of a certificate'));
  return { type: 'application/pkcs7-mime; smime-type=certs-only', der: certsOnlyMessage([certificate]) };
}
