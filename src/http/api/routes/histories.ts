/** Routes of the lives of certificates, cards and holders, without names. */
import { getCardHistory, getCertificateHistory, getHolderHistory } from '../history/histories.js';
import type { Route } from '../route.js';

export const HISTORY_ROUTES: readonly Route[] = [
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
