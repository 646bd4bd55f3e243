/**
 * The REST of the contract as a table: what an auditor checks and what `/openapi.json` is made from. Handlers get a request
 * that is authenticated, bounded and valid, and give a result; `api.ts` does the rest the same way for all of them.
 */

import type { Json } from '../kernel/json.js';
import type { Result } from '../kernel/result.js';
import type { OperationFailure } from '../operations/failures.js';
import type { Account, IdempotencyClaim } from '../ports/store.js';
import type { ApiContext } from './api-context.js';
import { getAuthority, listAuditEntries, listAuthorities, publishAuthorityCrl } from './handlers/authorities.js';
import { getCertificate, postCard, postCertificate, searchForCertificates } from './handlers/certificates.js';
import {
  deleteSuspension,
  postCardRevocation,
  postHolderRevocation,
  postRevocation,
  postSuspension,
} from './handlers/revocations.js';
import type { ComponentName } from './schemas.js';

export type ApiRequest = {
  readonly account: Account;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly idempotency: { readonly claim: IdempotencyClaim; readonly bodySha256: string } | null;
};

export type Handler = (context: ApiContext, request: ApiRequest) => Promise<Result<Json, OperationFailure>>;

export type Route = {
  readonly method: 'get' | 'post' | 'delete';
  /** OpenAPI form: `/v1/certificates/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly body: ComponentName | null;
  readonly query: 'search' | 'page' | null;
  readonly success: { readonly status: 200 | 201; readonly component: ComponentName };
  readonly handler: Handler;
};

export const ROUTES: readonly Route[] = [
  {
    method: 'post',
    path: '/v1/certificates',
    operationId: 'issueCertificate',
    summary: 'Issue one certificate.',
    body: 'CertificateRequest',
    query: null,
    success: { status: 201, component: 'Certificate' },
    handler: postCertificate,
  },
  {
    method: 'get',
    path: '/v1/certificates',
    operationId: 'searchCertificates',
    summary: 'Search; the search is recorded.',
    body: null,
    query: 'search',
    success: { status: 200, component: 'CertificatePage' },
    handler: searchForCertificates,
  },
  {
    method: 'get',
    path: '/v1/certificates/{id}',
    operationId: 'readCertificate',
    summary: 'Read one certificate.',
    body: null,
    query: null,
    success: { status: 200, component: 'Certificate' },
    handler: getCertificate,
  },
  {
    method: 'post',
    path: '/v1/certificates/{id}/revocation',
    operationId: 'revokeCertificate',
    summary: 'Revoke for good.',
    body: 'Revocation',
    query: null,
    success: { status: 200, component: 'Certificate' },
    handler: postRevocation,
  },
  {
    method: 'post',
    path: '/v1/certificates/{id}/suspension',
    operationId: 'suspendCertificate',
    summary: 'Suspend, where the profile allows it.',
    body: 'Suspension',
    query: null,
    success: { status: 200, component: 'Certificate' },
    handler: postSuspension,
  },
  {
    method: 'delete',
    path: '/v1/certificates/{id}/suspension',
    operationId: 'releaseCertificate',
    summary: 'Release a suspended certificate.',
    body: null,
    query: null,
    success: { status: 200, component: 'Certificate' },
    handler: deleteSuspension,
  },
  {
    method: 'post',
    path: '/v1/cards/{tokenId}/certificates',
    operationId: 'issueCard',
    summary: 'Issue all certificates of a card, or none.',
    body: 'CardRequest',
    query: null,
    success: { status: 201, component: 'Certificates' },
    handler: postCard,
  },
  {
    method: 'post',
    path: '/v1/cards/{tokenId}/revocation',
    operationId: 'revokeCard',
    summary: 'Revoke everything on a card.',
    body: 'Revocation',
    query: null,
    success: { status: 200, component: 'Certificates' },
    handler: postCardRevocation,
  },
  {
    method: 'post',
    path: '/v1/holders/{idNat}/revocation',
    operationId: 'revokeHolder',
    summary: 'Revoke everything of a holder.',
    body: 'Revocation',
    query: null,
    success: { status: 200, component: 'Certificates' },
    handler: postHolderRevocation,
  },
  {
    method: 'get',
    path: '/v1/cas',
    operationId: 'listAuthorities',
    summary: 'Certification authorities and their CRLs.',
    body: null,
    query: null,
    success: { status: 200, component: 'Authorities' },
    handler: listAuthorities,
  },
  {
    method: 'get',
    path: '/v1/cas/{id}',
    operationId: 'readAuthority',
    summary: 'One certification authority.',
    body: null,
    query: null,
    success: { status: 200, component: 'Authority' },
    handler: getAuthority,
  },
  {
    method: 'post',
    path: '/v1/cas/{id}/crl',
    operationId: 'publishCrl',
    summary: 'Sign and publish a full CRL now.',
    body: 'Empty',
    query: null,
    success: { status: 200, component: 'Crl' },
    handler: publishAuthorityCrl,
  },
  {
    method: 'get',
    path: '/v1/audit/entries',
    operationId: 'listAuditEntries',
    summary: 'The audit log, for auditors.',
    body: null,
    query: 'page',
    success: { status: 200, component: 'AuditEntries' },
    handler: listAuditEntries,
  },
];
