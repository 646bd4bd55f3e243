/**
 * The REST of the contract as a table: what an auditor checks and what `/openapi.json` is made from. Handlers get a request
 * that is authenticated, bounded and valid, and give a result; `api.ts` does the rest the same way for all of them.
 */

import type { Action } from '../../access/roles.js';
import type { Json } from '../../kernel/json.js';
import type { Result } from '../../kernel/result.js';
import type { OperationFailure } from '../../operations/failures.js';
import type { Account } from '../../ports/store/accounts.js';
import type { IdempotencyClaim } from '../../ports/store/idempotency.js';
import type { ApiContext } from './context.js';
import { getAuthority, listAuditEntries, listAuthorities, publishAuthorityCrl } from './handlers/authorities.js';
import {
  getCertificate,
  postCard,
  postCertificate,
  postRenewal,
  searchForCertificates,
} from './handlers/certificates.js';
import {
  getMassRevocation,
  getMassRevocationPreview,
  getMassRevocationResults,
  postMassRevocation,
  postMassRevocationCancellation,
} from './handlers/mass-revocations.js';
import { getProfiles } from './handlers/profiles.js';
import {
  deleteSuspension,
  postCardRevocation,
  postHolderRevocation,
  postRevocation,
  postSuspension,
} from './handlers/revocations.js';
import type { FailureKind } from './problems.js';
import type { ComponentName, QueryName } from './schemas/requests.js';

export type ApiRequest = {
  readonly account: Account;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly idempotency: { readonly claim: IdempotencyClaim; readonly bodySha256: string } | null;
};

/** Sent as they come, one a line (NDJSON). */
export type Lines = AsyncIterable<Json>;

export type Handler = (context: ApiContext, request: ApiRequest) => Promise<Result<Json | Lines, OperationFailure>>;

export type Route = {
  readonly method: 'get' | 'post' | 'delete';
  /** OpenAPI form: `/v1/certificates/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** What a client should know beyond the summary. */
  readonly description?: string;
  /** One of the account's roles has it, or nothing of the request is looked at. */
  readonly action: Action;
  readonly body: ComponentName | null;
  readonly query: QueryName | null;
  /** `lines`: many of the component, as NDJSON. */
  readonly success: { readonly status: 200 | 201 | 202; readonly component: ComponentName; readonly lines?: true };
  /** What the handler may fail with, besides what any route may (`openapi.ts`). */
  readonly failures: readonly FailureKind[];
  readonly handler: Handler;
};

const ISSUING: readonly FailureKind[] = [
  'invalid-request',
  'state-conflict',
  'in-progress',
  'idempotency-mismatch',
  'policy-violated',
  'key-rejected',
  'proof-of-possession-failed',
  'signer-unavailable',
  'clock-behind',
];
const CHANGING: readonly FailureKind[] = ['invalid-request', 'not-found', 'state-conflict'];

const PROFILES_ARE_LISTED = 'GET /v1/profiles lists what an account may ask for.';

const RENEWAL = [
  'Holder, card and profile are those of the old certificate. It must be issued (409 state-conflict otherwise), and the renewal',
  'window of its profile open (422 policy-violated, renewal-window): see renewalWindow in GET /v1/profiles. A key that had a',
  'certificate is refused (422 key-rejected, renewal-with-new-key). Where the profile asks for identity evidence and none is sent,',
  'what the old certificate was made on counts. The old one stays valid until it ends: revoke it as superseded once the new one',
  'is in use.',
].join(' ');

const MASS_REVOCATION = [
  'Whatever is selected and not revoked at this moment is revoked, suspended and expired certificates too; what is issued later is not.',
  'Members of select are joined by and. The answer comes at once, the work goes on by itself, also after a restart.',
].join(' ');

export const ROUTES: readonly Route[] = [
  {
    method: 'post',
    path: '/v1/certificates',
    operationId: 'issueCertificate',
    summary: 'Issue one certificate.',
    description: PROFILES_ARE_LISTED,
    action: 'issue',
    body: 'CertificateRequest',
    query: null,
    success: { status: 201, component: 'Certificate' },
    failures: ISSUING,
    handler: postCertificate,
  },
  {
    method: 'get',
    path: '/v1/certificates',
    operationId: 'searchCertificates',
    summary: 'Search; the search is recorded.',
    description: 'Newest first. Filters are joined by and; without one, everything in the scope of the account.',
    action: 'read',
    body: null,
    query: 'search',
    success: { status: 200, component: 'CertificatePage' },
    failures: ['invalid-request'],
    handler: searchForCertificates,
  },
  {
    method: 'get',
    path: '/v1/certificates/{id}',
    operationId: 'readCertificate',
    summary: 'Read one certificate.',
    action: 'read',
    body: null,
    query: null,
    success: { status: 200, component: 'Certificate' },
    failures: ['not-found'],
    handler: getCertificate,
  },
  {
    method: 'post',
    path: '/v1/certificates/{id}/renewal',
    operationId: 'renewCertificate',
    summary: 'Renew: another certificate for the same holder, on a new key.',
    description: RENEWAL,
    action: 'renew',
    body: 'Renewal',
    query: null,
    success: { status: 201, component: 'Certificate' },
    failures: ['not-found', ...ISSUING],
    handler: postRenewal,
  },
  {
    method: 'post',
    path: '/v1/certificates/{id}/revocation',
    operationId: 'revokeCertificate',
    summary: 'Revoke for good.',
    description:
      'Also of a suspended or an expired certificate. There is no way back. For keyCompromise every other certificate on the same ' +
      'key is revoked with it.',
    action: 'revoke',
    body: 'Revocation',
    query: null,
    success: { status: 200, component: 'RevokedCertificate' },
    failures: CHANGING,
    handler: postRevocation,
  },
  {
    method: 'post',
    path: '/v1/certificates/{id}/suspension',
    operationId: 'suspendCertificate',
    summary: 'Suspend, where the profile allows it.',
    description: 'OCSP and CRL say certificateHold until it is released or revoked. The body may be left out.',
    action: 'suspend',
    body: 'Suspension',
    query: null,
    success: { status: 200, component: 'Certificate' },
    failures: CHANGING,
    handler: postSuspension,
  },
  {
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
    method: 'post',
    path: '/v1/cards/{tokenId}/certificates',
    operationId: 'issueCard',
    summary: 'Issue all certificates of a card, or none.',
    description: `In the order of the requests. card.tokenId equals the path. ${PROFILES_ARE_LISTED}`,
    action: 'issue',
    body: 'CardRequest',
    query: null,
    success: { status: 201, component: 'Certificates' },
    failures: ISSUING,
    handler: postCard,
  },
  {
    method: 'post',
    path: '/v1/cards/{tokenId}/revocation',
    operationId: 'revokeCard',
    summary: 'Revoke everything on a card.',
    description: 'What is revoked already stays as it is, so that a lost card may be reported twice.',
    action: 'revoke',
    body: 'Revocation',
    query: null,
    success: { status: 200, component: 'Certificates' },
    failures: CHANGING,
    handler: postCardRevocation,
  },
  {
    method: 'post',
    path: '/v1/holders/{idNat}/revocation',
    operationId: 'revokeHolder',
    summary: 'Revoke everything of a holder.',
    description: 'What is revoked already stays as it is.',
    action: 'revoke',
    body: 'Revocation',
    query: null,
    success: { status: 200, component: 'Certificates' },
    failures: CHANGING,
    handler: postHolderRevocation,
  },
  {
    method: 'get',
    path: '/v1/revocations/preview',
    operationId: 'previewMassRevocation',
    summary: 'How many certificates an order would revoke now.',
    action: 'revoke-many',
    body: null,
    query: 'selection',
    success: { status: 200, component: 'MassRevocationPreview' },
    failures: ['invalid-request', 'policy-violated'],
    handler: getMassRevocationPreview,
  },
  {
    method: 'post',
    path: '/v1/revocations',
    operationId: 'submitMassRevocation',
    summary: 'Revoke all that a selection finds: a batch of defective cards, a key, a profile, a CA.',
    description: MASS_REVOCATION,
    action: 'revoke-many',
    body: 'MassRevocationRequest',
    query: null,
    success: { status: 202, component: 'MassRevocation' },
    failures: ['invalid-request', 'not-found', 'in-progress', 'idempotency-mismatch', 'policy-violated'],
    handler: postMassRevocation,
  },
  {
    method: 'get',
    path: '/v1/revocations/{id}',
    operationId: 'readMassRevocation',
    summary: 'How far an order has come.',
    action: 'read-revocations',
    body: null,
    query: null,
    success: { status: 200, component: 'MassRevocation' },
    failures: ['not-found'],
    handler: getMassRevocation,
  },
  {
    method: 'get',
    path: '/v1/revocations/{id}/results',
    operationId: 'listMassRevocationResults',
    summary: 'One line a certificate, with what became of it.',
    description: 'In the order of their birth, as it is while the lines are sent.',
    action: 'read-revocations',
    body: null,
    query: null,
    success: { status: 200, component: 'MassRevocationResult', lines: true },
    failures: ['not-found'],
    handler: getMassRevocationResults,
  },
  {
    method: 'post',
    path: '/v1/revocations/{id}/cancellation',
    operationId: 'cancelMassRevocation',
    summary: 'Stop an order that is running.',
    description: 'What was revoked stays revoked; the rest is left alone.',
    action: 'revoke-many',
    body: 'Empty',
    query: null,
    success: { status: 200, component: 'MassRevocation' },
    failures: ['invalid-request', 'not-found', 'state-conflict'],
    handler: postMassRevocationCancellation,
  },
  {
    method: 'get',
    path: '/v1/profiles',
    operationId: 'listProfiles',
    summary: 'What this account may ask for, as it is now.',
    action: 'read',
    body: null,
    query: null,
    success: { status: 200, component: 'Profiles' },
    failures: [],
    handler: getProfiles,
  },
  {
    method: 'get',
    path: '/v1/cas',
    operationId: 'listAuthorities',
    summary: 'Certification authorities and their CRLs.',
    action: 'read',
    body: null,
    query: null,
    success: { status: 200, component: 'Authorities' },
    failures: [],
    handler: listAuthorities,
  },
  {
    method: 'get',
    path: '/v1/cas/{id}',
    operationId: 'readAuthority',
    summary: 'One certification authority.',
    action: 'read',
    body: null,
    query: null,
    success: { status: 200, component: 'Authority' },
    failures: ['not-found'],
    handler: getAuthority,
  },
  {
    method: 'post',
    path: '/v1/cas/{id}/crl',
    operationId: 'publishCrl',
    summary: 'Sign and publish a full CRL now, or a delta CRL.',
    description: 'The body may be left out. A delta that cannot say what is new is a full list instead.',
    action: 'publish-crl',
    body: 'CrlRequest',
    query: null,
    success: { status: 200, component: 'Crl' },
    failures: ['invalid-request', 'not-found', 'state-conflict', 'signer-unavailable'],
    handler: publishAuthorityCrl,
  },
  {
    method: 'get',
    path: '/v1/audit/entries',
    operationId: 'listAuditEntries',
    summary: 'The audit log, for auditors.',
    action: 'read-audit',
    body: null,
    query: 'page',
    success: { status: 200, component: 'AuditEntries' },
    failures: [],
    handler: listAuditEntries,
  },
];
