/**
 * Routes of certificates: issue, search, read, renew, revoke, suspend; and the list of profiles.
 */
import { exportSummaries, findSummaries, searchForCertificates } from '../certificates/searches.js';
import { getCertificate, postCard, postCertificate, postRenewal } from '../handlers/certificates.js';
import { getProfiles } from '../handlers/profiles.js';
import {
  deleteSuspension,
  postCardRevocation,
  postHolderRevocation,
  postRevocation,
  postSuspension,
} from '../handlers/revocations.js';
import type { FailureKind } from '../problems.js';
import type { Route } from '../route.js';

/** The failures of the routes in this file, and of registrations, that issue certificates. */
export const ISSUING_FAILURES: readonly FailureKind[] = [
  'invalid-request',
  'state-conflict',
  'policy-violated',
  'key-rejected',
  'proof-of-possession-failed',
  'quota-exceeded',
  'signer-unavailable',
  'clock-wrong',
];

const CHANGING_FAILURES: readonly FailureKind[] = ['invalid-request', 'not-found', 'state-conflict'];
const REVOKING_FAILURES: readonly FailureKind[] = [...CHANGING_FAILURES, 'proof-rejected'];

const REVOKED_BY_ITSELF =
  'A certificate may revoke itself, and the authentication certificate of a card every certificate of the card: by TLS, or by ' +
  'proof. Reasons: keyCompromise, cessationOfOperation, unspecified, and superseded for a single certificate.';

const SEARCH = [
  'A result matches all filters; without filters, everything in the scope of the account. In the order of',
  'sort; without it newest first, or the latest end first where only the end, or the status expired, is given besides what many',
  'certificates have (profile, ca, status). A cursor belongs to its order. A page comes from at most',
  '10,000 certificates, so it may have fewer than limit, or none, although there are more: follow nextCursor until it is null.',
].join(' ');

const EXPORT = [
  'In the order of the search, to its end. as=ndjson: a document on each line. as=csv: a table with a head (RFC 4180), in',
  'which cells that begin with =, +, - or @ have an apostrophe before them. A failure after the first line ends the connection.',
].join(' ');

const PROFILES_ARE_LISTED = 'GET /v1/profiles lists the profiles that an account can use.';

const RENEWAL = [
  'Holder, card and profile are copied from the old certificate. Its status must be issued (otherwise 409 state-conflict), and',
  'the renewal window of its profile must be open (otherwise 422 policy-violated, renewal-window): see renewalWindow in',
  'GET /v1/profiles. A key that was already certified is rejected (422 key-rejected, renewal-with-new-key). If the profile',
  'requires identity evidence and none is sent, the evidence of the old certificate is used. The old certificate stays valid',
  'until it ends: revoke it as superseded when the new one is in use.',
].join(' ');

export const CERTIFICATE_ROUTES: readonly Route[] = [
  {
    kind: 'json',
    method: 'post',
    path: '/v1/certificates',
    operationId: 'issueCertificate',
    summary: 'Issue one certificate.',
    description: PROFILES_ARE_LISTED,
    action: 'issue',
    body: 'CertificateRequest',
    query: null,
    success: { status: 201, component: 'Certificate' },
    idempotent: true,
    failures: ISSUING_FAILURES,
    handler: postCertificate,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/certificates',
    operationId: 'searchCertificates',
    summary: 'Search certificates; the search is recorded in the audit log.',
    description: SEARCH,
    action: 'read',
    body: null,
    query: 'search',
    success: { status: 200, component: 'CertificatePage' },
    failures: ['invalid-request'],
    handler: searchForCertificates,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/certificates/summaries',
    operationId: 'findCertificates',
    summary: 'Search certificates without the names of their holders; the search is recorded in the audit log.',
    description: SEARCH,
    action: 'find',
    body: null,
    query: 'search',
    success: { status: 200, component: 'CertificateSummaries' },
    failures: ['invalid-request'],
    handler: findSummaries,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/certificates/export',
    operationId: 'exportCertificates',
    summary: 'Export all certificates that a search finds, without names; the export is recorded in the audit log.',
    description: EXPORT,
    action: 'read',
    body: null,
    query: 'export',
    success: { status: 200, component: 'CertificateSummary', lines: true, csv: true },
    failures: ['invalid-request'],
    handler: exportSummaries,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/certificates/{id}',
    operationId: 'readCertificate',
    summary: 'Read one certificate.',
    action: 'read',
    self: 'read-self',
    body: null,
    query: null,
    success: { status: 200, component: 'Certificate' },
    failures: ['not-found'],
    handler: getCertificate,
  },
  {
    kind: 'json',
    method: 'post',
    path: '/v1/certificates/{id}/renewal',
    operationId: 'renewCertificate',
    summary: 'Renew: issue another certificate for the same holder, on a new key.',
    description: RENEWAL,
    action: 'renew',
    body: 'Renewal',
    query: null,
    success: { status: 201, component: 'Certificate' },
    idempotent: true,
    failures: ['not-found', ...ISSUING_FAILURES],
    handler: postRenewal,
  },
  {
    kind: 'json',
    method: 'post',
    path: '/v1/certificates/{id}/revocation',
    operationId: 'revokeCertificate',
    summary: 'Revoke a certificate permanently.',
    description:
      'Suspended and expired certificates can be revoked too. A revocation cannot be undone. For keyCompromise every other ' +
      `certificate on the same key is revoked too. ${REVOKED_BY_ITSELF}`,
    action: 'revoke',
    self: 'revoke-self',
    relayed: 'relay-proof',
    body: 'OwnRevocation',
    query: null,
    success: { status: 200, component: 'RevokedCertificate' },
    failures: REVOKING_FAILURES,
    handler: postRevocation,
  },
  {
    kind: 'json',
    method: 'post',
    path: '/v1/certificates/{id}/suspension',
    operationId: 'suspendCertificate',
    summary: 'Suspend a certificate, if the profile allows it.',
    description: 'OCSP and CRLs report certificateHold until it is released or revoked. The body may be omitted.',
    action: 'suspend',
    body: 'Suspension',
    query: null,
    success: { status: 200, component: 'Certificate' },
    failures: CHANGING_FAILURES,
    handler: postSuspension,
  },
  {
    kind: 'json',
    method: 'delete',
    path: '/v1/certificates/{id}/suspension',
    operationId: 'releaseCertificate',
    summary: 'Release a suspended certificate.',
    action: 'release',
    body: null,
    query: null,
    success: { status: 200, component: 'Certificate' },
    failures: ['not-found', 'state-conflict'],
    handler: deleteSuspension,
  },
  {
    kind: 'json',
    method: 'post',
    path: '/v1/cards/{tokenId}/certificates',
    operationId: 'issueCard',
    summary: 'Issue all certificates of a card, or none of them.',
    description: `The result is in the order of the requests. card.tokenId must be the one in the path. ${PROFILES_ARE_LISTED}`,
    action: 'issue',
    body: 'CardRequest',
    query: null,
    success: { status: 201, component: 'Certificates' },
    idempotent: true,
    failures: ISSUING_FAILURES,
    handler: postCard,
  },
  {
    kind: 'json',
    method: 'post',
    path: '/v1/cards/{tokenId}/revocation',
    operationId: 'revokeCard',
    summary: 'Revoke all certificates on a card.',
    description: `Certificates that are already revoked do not change, so a lost card can be reported twice. ${REVOKED_BY_ITSELF}`,
    action: 'revoke',
    self: 'revoke-self',
    relayed: 'relay-proof',
    body: 'OwnRevocation',
    query: null,
    success: { status: 200, component: 'Certificates' },
    failures: REVOKING_FAILURES,
    handler: postCardRevocation,
  },
  {
    kind: 'json',
    method: 'post',
    path: '/v1/holders/{idNat}/revocation',
    operationId: 'revokeHolder',
    summary: 'Revoke all certificates of a holder.',
    description: 'Certificates that are already revoked do not change.',
    action: 'revoke',
    body: 'Revocation',
    query: null,
    success: { status: 200, component: 'Certificates' },
    failures: CHANGING_FAILURES,
    handler: postHolderRevocation,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/profiles',
    operationId: 'listProfiles',
    summary: 'List the profiles that this account can currently use.',
    action: 'read-authorities',
    body: null,
    query: null,
    success: { status: 200, component: 'Profiles' },
    failures: [],
    handler: getProfiles,
  },
];
