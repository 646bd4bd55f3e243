/** Routes of cards and holders. */
import { getCard, getCards, getHolder, postCapabilities, postReplacement } from '../handlers/cards.js';
import type { Route } from '../route.js';

export const CARD_ROUTES: readonly Route[] = [
  {
    kind: 'json',
    method: 'get',
    path: '/v1/cards',
    operationId: 'listCards',
    summary: 'List cards, by their token ids; the list is recorded in the audit log.',
    description:
      'A page has fewer cards than its limit where the account may not see some: go on while there is a nextCursor.',
    action: 'read',
    body: null,
    query: 'cards',
    success: { status: 200, component: 'CardPage' },
    failures: ['invalid-request'],
    handler: getCards,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/cards/{tokenId}',
    operationId: 'readCard',
    summary: 'Read a card: its state, its capabilities, and all certificates of its life.',
    action: 'read',
    body: null,
    query: null,
    success: { status: 200, component: 'CardDetails' },
    failures: ['not-found'],
    handler: getCard,
  },
  {
    kind: 'json',
    method: 'post',
    path: '/v1/cards/{tokenId}/capabilities',
    operationId: 'reportCardCapabilities',
    summary: 'Report what a card can do, as read from the card.',
    description: 'deskReasons of the answer say why the card cannot be updated remotely, before it is touched.',
    action: 'update-card',
    body: 'CardCapabilities',
    query: null,
    success: { status: 200, component: 'CardSummary' },
    failures: ['invalid-request', 'not-found', 'state-conflict'],
    handler: postCapabilities,
  },
  {
    kind: 'json',
    method: 'post',
    path: '/v1/cards/{tokenId}/replacement',
    operationId: 'replaceCard',
    summary: 'Name the card that replaces another one.',
    description:
      'After the overlap the certificates of the old card are revoked as superseded, unless the new card has no issued ' +
      'certificate yet. A holder has one open procedure (update or replacement) for a profession: another one is refused ' +
      '(409 state-conflict, procedure-open). The same request again gets the same answer.',
    action: 'update-card',
    body: 'CardReplacement',
    query: null,
    success: { status: 201, component: 'CardSummary' },
    failures: ['invalid-request', 'not-found', 'state-conflict'],
    handler: postReplacement,
  },
  {
    kind: 'json',
    method: 'get',
    path: '/v1/holders/{idNat}',
    operationId: 'readHolder',
    summary: 'Read a holder: free or barred, the cards, and what is open.',
    action: 'read',
    body: null,
    query: null,
    success: { status: 200, component: 'HolderDetails' },
    failures: ['not-found'],
    handler: getHolder,
  },
];
