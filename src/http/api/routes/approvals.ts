/**
 * Routes of approvals: reading the requests that need two officers, and approving or refusing them.
 */

import type { Handler } from '../handler.js';
import { deleteBlockedKey, getApproval, getApprovals, postApprovalDecision } from '../handlers/approvals.js';
import type { FailureKind } from '../problems.js';
import type { JsonRoute, Route } from '../route.js';
import type { RequestComponent } from '../schemas/components.js';

const DECISION = [
  'With approve, the action is executed before the answer comes, and the answer has its result. 409 state-conflict:',
  'approval-two-officers (the account has requested it), approval-signer (the requester may not any more), approval-expired,',
  'approval-stale (its object has changed), or approval-ended (it was decided before: GET shows how).',
].join(' ');

/** The success response of a route whose request waits for a second officer. */
export const APPROVAL_REQUEST_SUCCESS = { status: 202, component: 'RequestedApproval' } as const;
/**
 * The failures of a route whose request waits for a second officer, in addition to those of its
 * action.
 */
export const APPROVAL_REQUEST_FAILURES: readonly FailureKind[] = ['not-found', 'state-conflict', 'quota-exceeded'];
/** The part of the description that all routes share whose requests wait for a second officer. */
export const APPROVAL_REQUEST_DESCRIPTION = [
  'Nothing happens before a second officer approves (POST /v1/approvals/{id}), within 72 hours. Repeated by the same officer with',
  'the same content, it answers the same approval; another request about the object is refused meanwhile (409 state-conflict:',
  'approval-open).',
].join(' ');

/** Operation id, summary and description. */
export type RequestTexts = readonly [string, string, string];

export type RequestHandling = { readonly body: RequestComponent; readonly handler: Handler };

/**
 * Makes a route by which one officer requests what a second officer must approve. `failures`: those
 * of its action.
 */
export function requestRoute(
  { path, action, failures }: Pick<JsonRoute, 'path' | 'action' | 'failures'>,
  [operationId, summary, description]: RequestTexts,
  { body, handler }: RequestHandling,
): Route {
  return {
    kind: 'json',
    method: 'post',
    path,
    operationId,
    summary,
    description: `${description} ${APPROVAL_REQUEST_DESCRIPTION}`.trim(),
    action,
    body,
    query: null,
    success: APPROVAL_REQUEST_SUCCESS,
    idempotent: true,
    failures: [...failures, ...APPROVAL_REQUEST_FAILURES],
    handler,
  };
}

export const APPROVAL_ROUTES: readonly Route[] = [
  {
    kind: 'json',
    method: 'get',
    path: '/v1/approvals',
    operationId: 'listApprovals',
    summary: 'List what was requested of two officers, newest first.',
    action: 'read-approvals',
    body: null,
    query: 'approvals',
    success: { status: 200, component: 'ApprovalPage' },
    failures: ['invalid-request'],
    handler: getApprovals,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/approvals/{id}',
    operationId: 'readApproval',
    summary: 'Read an approval: what will be done or was done, and who agreed to it.',
    action: 'read-approvals',
    body: null,
    query: null,
    success: { status: 200, component: 'Approval' },
    failures: ['not-found'],
    handler: getApproval,
  },
  {
    kind: 'json',
    method: 'post',
    path: '/v1/approvals/{id}',
    operationId: 'decideApproval',
    summary: 'Approve it as the second officer, or refuse it.',
    description: DECISION,
    action: 'approve',
    body: 'ApprovalDecision',
    query: null,
    success: { status: 200, component: 'Approval' },
    failures: ['not-found', 'state-conflict'],
    handler: postApprovalDecision,
  },
  {
    kind: 'json',
    method: 'delete',
    path: '/v1/blocked-keys/{spkiSha256}',
    operationId: 'unblockKey',
    summary: 'Request that a key is accepted again that an officer has blocked.',
    description: `${APPROVAL_REQUEST_DESCRIPTION} Keys of list files stay blocked.`,
    action: 'approve',
    body: null,
    query: 'reason',
    success: APPROVAL_REQUEST_SUCCESS,
    failures: APPROVAL_REQUEST_FAILURES,
    handler: deleteBlockedKey,
  },
];
