import assert from 'node:assert/strict';
import { StoreUnavailable, translated } from '../../../src/db/failures.js';
import { AssertionFailed } from '../../../src/kernel/assert.js';

function driverError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

describe('errors of the driver', () => {
  it('the world’s faults are database-unavailable, with a time to come back and without the statement', () => {
    for (const code of ['BUSY', 'FULL', 'IOERR', 'READONLY', 'CORRUPT', 'CANTOPEN', 'NOTADB', 'NOMEM', 'PROTOCOL']) {
      const error = translated(driverError(`SQLITE_${code}`, `insert into x values ('HÉRACLÈS') - SQLITE_${code}: no`));
      assert.ok(error instanceof StoreUnavailable, code);
      assert.equal(error.failure.kind, 'database-unavailable');
      assert.ok(error.failure.retryAfterMs >= 1_000);
      assert.match(error.failure.detail, new RegExp(`SQLITE_${code}`));
      assert.doesNotMatch(error.failure.detail, /insert|HÉRACLÈS/);
    }
  });

  it('a pool that has no connection in time is database-unavailable too', () => {
    const timeout = Object.assign(new Error('Knex: Timeout acquiring a connection'), { name: 'KnexTimeoutError' });
    assert.ok(translated(timeout) instanceof StoreUnavailable);
  });

  it('our own faults are assertions that name the constraint and not the values', () => {
    const message =
      "insert into c values ('HÉRACLÈS') - SQLITE_CONSTRAINT: UNIQUE constraint failed: c.issuer, c.serial";
    const error = translated(driverError('SQLITE_CONSTRAINT', message));
    assert.ok(error instanceof AssertionFailed);
    assert.equal(error.message, 'SQLITE_CONSTRAINT: UNIQUE constraint failed: c.issuer, c.serial');
  });

  it('what is not the driver’s is left as it is', () => {
    for (const error of [new AssertionFailed('x'), new TypeError('y'), new StoreUnavailable('z', 1)]) {
      assert.equal(translated(error), error);
    }
    assert.ok(translated('text') instanceof AssertionFailed);
  });
});
