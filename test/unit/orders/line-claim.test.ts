/** Claims of lines. Without these tests a request could be taken for a line. */
import assert from 'node:assert/strict';
import { lineClaim, lineOfClaim } from '../../../src/orders/progress.js';

const ORDER = '01900000-0000-7000-8000-000000000001';

describe('the claim of a line', () => {
  it('names the order and the line, and is read as it was made', () => {
    const claim = lineClaim('card-management', { orderId: ORDER, line: 17 });
    assert.deepEqual(claim, { account: 'card-management', route: `order/${ORDER}`, key: '17' });
    assert.deepEqual(lineOfClaim(claim), { orderId: ORDER, line: 17 });
  });

  it('is not that of a request', () => {
    assert.equal(lineOfClaim(null), null);
    for (const route of ['POST /v1/certificates', `POST /v1/orders/${ORDER}/pause`, `order/${ORDER}/x`, 'order/1'])
      assert.equal(lineOfClaim({ account: 'card-management', route, key: '17' }), null, route);
  });
});
