/**
 * The routes of the API as a table, which auditors can check and from which `/openapi.json` is
 * made. Handlers get a request that is authenticated, limited in size and valid; `api.ts` does the
 * same for all of them.
 */
import type { Action } from '../../access/roles.js';
import type { Handler } from './handler.js';
import { postAccountCertificate } from './handlers/accounts.js';
import { searchAuditEntries } from './handlers/audit.js';
import { getAuthority, listAuthorities, publishAuthorityCrl } from './handlers/authorities.js';
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
import { listNodes } from './handlers/nodes.js';
import { getProfiles } from './handlers/profiles.js';
import {
  deleteSuspension,
  postCardRevocation,
  postHolderRevocation,
  postRevocation,
  postSuspension,
} from './handlers/revocations.js';
import type { FailureKind } from './problems.js';
import type { ComponentName } from './schemas/components.js';
import type { QueryName } from './schemas/queries.js';

export type Route = {
  readonly method: 'get' | 'post' | 'delete';
  /** OpenAPI form: `/v1/certificates/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** What a client should know beyond the summary. */
  readonly description?: string;
  /**
   * A role of the account must permit this action; otherwise the request is rejected before it is
   * read.
   */
  readonly action: Action;
  readonly body: ComponentName | null;
  readonly query: QueryName | null;
  /** `lines`: any number of the component, as NDJSON. */
  readonly success: { readonly status: 200 | 201 | 202; readonly component: ComponentName; readonly lines?: true };
  /** Failures of the handler, in addition to those of every route (`openapi.ts`). */
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
  'clock-wrong',
];
const CHANGING: readonly FailureKind[] = ['invalid-request', 'not-found', 'state-conflict'];

const PROFILES_ARE_LISTED = 'GET /v1/profiles lists the profiles that an account can use.';

const RENEWAL = [
  'Holder, card and profile are copied from the old certificate. Its status must be issued (otherwise 409 state-conflict), and',
  'the renewal window of its profile must be open (otherwise 422 policy-violated, renewal-window): see renewalWindow in',
  'GET /v1/profiles. A key that was already certified is rejected (422 key-rejected, renewal-with-new-key). If the profile',
  'requires identity evidence and none is sent, the evidence of the old certificate is used. The old certificate stays valid',
  'until it ends: revoke it as superseded when the new one is in use.',
].join(' ');

const MASS_REVOCATION = [
  'Revokes all selected certificates that are not revoked when the order is given, including suspended and expired ones, but no',
  'certificate that is issued later. A certificate must match all members of select. The order says what it hits, as the preview',
  'showed it: expectedCount, and accounts and platform if it revokes certificates of accounts or of the platform; otherwise it is',
  'refused (422 policy-violated: count-as-expected, accounts-named, platform-named). The response is immediate; the revocations',
  'continue in the background, also after a restart.',
].join(' ');

const ACCOUNT_CERTIFICATE = [
  'The certificate has the holder and the profile of the last one of the account, on the new key of the CSR. From then on the',
  'account authenticates with it, and with no other. An account that has a certificate in force is refused (409 state-conflict):',
  'it renews its certificate itself. The same request can be repeated after an error: it issues one certificate.',
].join(' ');

const AUDIT_SEARCH = [
  'Newest first. A result matches all filters; without filters, the whole log. An entry of a request has its requestId. Refused',
  'requests are recorded as access.denied (authentication, rights) or request.refused. After the first ones of a minute, those of',
  'the same account and code are only counted: such an entry has count, firstRequestId and lastRequestId in its details.',
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
    summary: 'Search certificates; the search is recorded in the audit log.',
    description: 'Newest first. A result matches all filters; without filters, everything in the scope of the account.',
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
    summary: 'Renew: issue another certificate for the same holder, on a new key.',
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
    summary: 'Revoke a certificate permanently.',
    description:
      'Suspended and expired certificates can be revoked too. A revocation cannot be undone. For keyCompromise every other ' +
      'certificate on the same key is revoked too.',
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
    summary: 'Suspend a certificate, if the profile allows it.',
    description: 'OCSP and CRLs report certificateHold until it is released or revoked. The body may be omitted.',
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
    summary: 'Issue all certificates of a card, or none of them.',
    description: `The result is in the order of the requests. card.tokenId must be the one in the path. ${PROFILES_ARE_LISTED}`,
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
    summary: 'Revoke all certificates on a card.',
    description: 'Certificates that are already revoked do not change, so a lost card can be reported twice.',
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
    summary: 'Revoke all certificates of a holder.',
    description: 'Certificates that are already revoked do not change.',
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
    summary: 'Show what an order would revoke now: how many certificates, and which of accounts and of the platform.',
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
    summary: 'Revoke all certificates of a selection: a batch of defective cards, a key, a profile, a CA.',
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
    summary: 'Read the progress of an order.',
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
    summary: 'List the selected certificates with their outcome, one per line.',
    description: 'In the order of issuance. The outcomes are read while the lines are sent.',
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
    summary: 'Stop a running order.',
    description: 'Certificates that were revoked stay revoked; the others are not changed.',
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
    summary: 'List the profiles that this account can currently use.',
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
    summary: 'List the certification authorities and their CRLs.',
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
    summary: 'Read one certification authority.',
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
    description: 'The body may be omitted. If a delta CRL cannot be made, a full CRL is made instead.',
    action: 'publish-crl',
    body: 'CrlRequest',
    query: null,
    success: { status: 200, component: 'Crl' },
    failures: ['invalid-request', 'not-found', 'state-conflict', 'signer-unavailable'],
    handler: publishAuthorityCrl,
  },
  {
    method: 'post',
    path: '/v1/accounts/{id}/certificate',
    operationId: 'certifyAccount',
    summary: 'Give an account a new certificate, because its own was revoked or has expired.',
    description: ACCOUNT_CERTIFICATE,
    action: 'certify-account',
    body: 'AccountCertificate',
    query: null,
    success: { status: 201, component: 'Certificate' },
    failures: [
      'not-found',
      'invalid-request',
      'state-conflict',
      'policy-violated',
      'key-rejected',
      'proof-of-possession-failed',
      'signer-unavailable',
      'clock-wrong',
      'in-progress',
    ],
    handler: postAccountCertificate,
  },
  {
    method: 'get',
    path: '/v1/audit/entries',
    operationId: 'searchAuditEntries',
    summary: 'Search the audit log.',
    description: AUDIT_SEARCH,
    action: 'read-audit',
    body: null,
    query: 'auditSearch',
    success: { status: 200, component: 'AuditEntries' },
    failures: ['invalid-request'],
    handler: searchAuditEntries,
  },
  {
    method: 'get',
    path: '/v1/nodes',
    operationId: 'listNodes',
    summary: 'List the nodes on this database, with their processes and last heartbeats.',
    action: 'read-nodes',
    body: null,
    query: null,
    success: { status: 200, component: 'Nodes' },
    failures: [],
    handler: listNodes,
  },
];
