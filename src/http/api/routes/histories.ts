/**
 * Routes of the histories of certificates, cards and holders, and of the changes that other systems
 * follow. No answer contains names of holders.
 */
import { getChanges } from '../history/changes.js';
import { getCardHistory, getCertificateHistory, getHolderHistory } from '../history/histories.js';
import type { Route } from '../route.js';

const CHANGES = [
  'Every issuance and every change of status once, in the order of the audit log, as far as the certificates are in the scope of the',
  'account, and for as long as certificates are kept. Begin with after=0, keep next, and ask for what comes after it. An answer may have',
  'fewer changes than limit, or none, although there are more: more is then true. All changes of one entry are in one answer, which may',
  'therefore have a few more than limit. The end of a validity is not a change.',
].join(' ');

export const HISTORY_ROUTES: readonly Route[] = [
  {
    kind: 'json',
    method: 'get',
    path: '/v1/changes',
    operationId: 'followChanges',
    summary: 'Follow issuances and changes of status, without the names of holders.',
    description: CHANGES,
    action: 'find',
    body: null,
    query: 'changes',
    success: { status: 200, component: 'CertificateChanges' },
    failures: ['invalid-request'],
    handler: getChanges,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/certificates/{id}/history',
    operationId: 'readCertificateHistory',
    summary: 'Read the life of a certificate: changes of its status, audit entries, renewals and order.',
    action: 'find',
    body: null,
    query: null,
    success: { status: 200, component: 'CertificateHistory' },
    failures: ['not-found'],
    handler: getCertificateHistory,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/cards/{tokenId}/history',
    operationId: 'readCardHistory',
    summary: 'Read the life of a card: its certificates, updates and replacements.',
    action: 'find',
    body: null,
    query: null,
    success: { status: 200, component: 'CardHistory' },
    failures: ['not-found'],
    handler: getCardHistory,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/holders/{idNat}/history',
    operationId: 'readHolderHistory',
    summary: 'Read what a holder has and had: cards, certificates, open procedures, and whether the holder is barred.',
    action: 'find',
    body: null,
    query: null,
    success: { status: 200, component: 'HolderHistory' },
    failures: ['not-found'],
    handler: getHolderHistory,
  },
];
