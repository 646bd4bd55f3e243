/** Routes that count certificates: by day of issuance and revocation, and those that end soon. */
import { getCounts, getExpiring, getExpiringOfStructures } from '../counts/counts.js';
import type { Route } from '../route.js';

export const COUNT_ROUTES: readonly Route[] = [
  {
    kind: 'json',
    method: 'get',
    path: '/v1/counts',
    operationId: 'readCounts',
    summary: 'Read how many certificates were issued and revoked on each day, by CA and profile.',
    description: 'The profiles in the scope of the account. A job counts once a minute.',
    action: 'read-counts',
    body: null,
    query: 'counts',
    success: { status: 200, component: 'DayCounts' },
    failures: ['invalid-request'],
    handler: getCounts,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/expiring',
    operationId: 'countExpiring',
    summary: 'Count the certificates that end in the next days, by profile and week.',
    description: 'Issued and suspended certificates in the scope of the account.',
    action: 'read-counts',
    body: null,
    query: 'expiring',
    success: { status: 200, component: 'Expiring' },
    failures: [],
    handler: getExpiring,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/expiring/structures',
    operationId: 'countExpiringOfStructures',
    summary: 'Count the certificates of a profile that end in the next days, by structure.',
    action: 'find',
    body: null,
    query: 'expiringOfStructures',
    success: { status: 200, component: 'ExpiringOfStructures' },
    failures: [],
    handler: getExpiringOfStructures,
  },
];
