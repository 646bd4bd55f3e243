/**
 * The idempotency claim of a line of an order: `(account, "order/<id>", "<line>")`. The claims of
 * requests have routes that begin with a method, so that none is taken for the other. Nothing else
 * makes or reads claims of lines.
 */
import type { IdempotencyClaim } from '../ports/store/idempotency.js';

export type OrderLine = { readonly orderId: string; readonly line: number };

const ROUTE = /^order\/([0-9a-f-]{36})$/;

export function lineClaim(accountId: string, { orderId, line }: OrderLine): IdempotencyClaim {
  return { account: accountId, route: orderRoute(orderId), key: String(line) };
}

/** The route of the claims of all lines of an order. */
export function orderRoute(orderId: string): string {
  return `order/${orderId}`;
}

/** null: the claim is that of a request, or there is none. */
export function lineOfClaim(claim: IdempotencyClaim | null): OrderLine | null {
  const orderId = claim === null ? undefined : ROUTE.exec(claim.route)?.[1];
  return orderId === undefined ? null : { orderId, line: Number(claim?.key) };
}
