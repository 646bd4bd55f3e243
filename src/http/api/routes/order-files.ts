/**
 * Routes of what an order produces: results, receipt, bundle and acknowledgements; and the public
 * keys that verify receipts.
 */
import { getAcknowledgements, postAcknowledgements } from '../handlers/acknowledgements.js';
import { listKeys } from '../handlers/keys.js';
import { getOrderBundle, getOrderReceipt, getOrderResults } from '../handlers/order-files.js';
import type { Route } from '../route.js';

const RESULTS = [
  'In the order of the upload. While the order is worked on: the lines up to the first one without an outcome, then the end.',
  'The lines are canonical JSON (RFC 8785); the receipt has their SHA-256. Each read is recorded in the audit log.',
].join(' ');

const RECEIPT = [
  'When the order is finished or cancelled. Its hashes are those of the upload, of the results and of the bundle. 409',
  'state-conflict: order-not-ended; order-dry-run; or receipt-not-signed, with Retry-After, until the platform key has signed it.',
].join(' ');

const BUNDLE = [
  'For the card bureau: a head with the chains of the CAs, a line for each issued or duplicate card with its certificates and the',
  'containers that get them, and an end with their number. The receipt has its SHA-256. Each read is recorded in the audit log.',
].join(' ');

const ACKNOWLEDGEMENTS = [
  'Each line is answered by one line, while the upload goes on. accepted: stored, and for a written card onCard has the hashes of',
  'all its certificates, in any order. repeated: the same was accepted before. read-back-differs: stored, and recorded in the audit',
  'log. unknown-line: the order has no such line with certificates, or it is of another card. conflict: another outcome was accepted',
  'before. invalid: the line itself is not valid. An upload that breaks off can be sent again.',
].join(' ');

export const ORDER_FILE_ROUTES: readonly Route[] = [
  {
    kind: 'json',
    method: 'get',
    path: '/v1/orders/{id}/results',
    operationId: 'readOrderResults',
    summary: 'Read the outcomes of the lines of an order, one per line.',
    description: RESULTS,
    action: 'read-order-lines',
    body: null,
    query: 'orderResults',
    success: { status: 200, component: 'OrderLine', lines: true },
    failures: ['not-found'],
    handler: getOrderResults,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/orders/{id}/receipt',
    operationId: 'readOrderReceipt',
    summary: 'Read the signed receipt of an order that has ended.',
    description: RECEIPT,
    action: 'read-orders',
    body: null,
    query: null,
    success: { status: 200, component: 'Receipt' },
    failures: ['not-found', 'state-conflict'],
    handler: getOrderReceipt,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/orders/{id}/bundle',
    operationId: 'readOrderBundle',
    summary: 'Read the certificates of the cards of an order that has ended, with their containers and chains.',
    description: BUNDLE,
    action: 'read-order-lines',
    body: null,
    query: null,
    success: { status: 200, component: 'BundleLine', lines: true },
    failures: ['not-found', 'state-conflict'],
    handler: getOrderBundle,
  },
  {
    kind: 'stream',
    method: 'post',
    path: '/v1/orders/{id}/acknowledgements',
    operationId: 'acknowledgeCards',
    summary: 'Report what was written on the cards of an order.',
    description: ACKNOWLEDGEMENTS,
    action: 'acknowledge-cards',
    body: 'CardReport',
    query: null,
    success: { status: 200, component: 'CardAnswer', lines: true },
    failures: ['not-found'],
    handler: postAcknowledgements,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/orders/{id}/acknowledgements',
    operationId: 'listAcknowledgements',
    summary: 'Read what was reported about the cards of an order.',
    action: 'read-order-lines',
    body: null,
    query: null,
    success: { status: 200, component: 'Acknowledgement', lines: true },
    failures: ['not-found'],
    handler: getAcknowledgements,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/keys',
    operationId: 'listKeys',
    summary: 'Read the public keys that verify receipts and webhooks; statements of cards name their id.',
    description: 'The same key is at the publication point, as /AC/platform.spki.',
    action: 'read-orders',
    self: 'read-self',
    relayed: 'relay-proof',
    body: null,
    query: null,
    success: { status: 200, component: 'Keys' },
    failures: [],
    handler: listKeys,
  },
];
