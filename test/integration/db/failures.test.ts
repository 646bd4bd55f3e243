import assert from 'node:assert/strict';
import { StoreUnavailable, translateError } from '../../../src/db/engine/failures.js';
import { AssertionFailed } from '../../../src/kernel/assert.js';

function driverError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

describe('errors of the driver', () => {
  it('faults of the environment are database-unavailable, with a time to retry and without the statement', () => {
    for (const code of ['BUSY', 'FULL', 'IOERR', 'READONLY', 'CORRUPT', 'CANTOPEN', 'NOTADB', 'NOMEM', 'PROTOCOL']) {
      const error = translateError(
        driverError(`SQLITE_${code}`, `insert into x values ('HÉRACLÈS') - SQLITE_${code}: no`),
      );
      assert.ok(error instanceof StoreUnavailable, code);
      assert.equal(error.failure.kind, 'database-unavailable');
      assert.ok(error.failure.retryAfterMs >= 1_000);
      assert.match(error.failure.detail, new RegExp(`SQLITE_${code}`));
      assert.doesNotMatch(error.failure.detail, /insert|HÉRACLÈS/);
    }
  });

  it('so are those of PostgreSQL and of the network; transient ones are retried', () => {
    const server = (code: string) =>
      translateError(Object.assign(driverError(code, `insert into x values ('HÉRACLÈS') - no`), { severity: 'ERROR' }));
    const again = ['40001', '40P01', '57P01', '57P02', '57P03', '25006', '53300', '08006', '08P01'];
    const not = ['53100', '53200', '55P03', '57014', '25P03', '28P01', '28000', '3D000', '42501', '58030', 'XX001'];
    for (const code of [...again, ...not]) {
      const error = server(code);
      assert.ok(error instanceof StoreUnavailable, code);
      assert.equal(error.canRetry, again.includes(code), code);
      assert.match(error.failure.detail, new RegExp(`\\(${code}\\)(: free space there)?$`));
      assert.doesNotMatch(error.failure.detail, /insert|HÉRACLÈS/);
    }
    const socket = (code: string, syscall: string) =>
      translateError(Object.assign(driverError(code, 'x'), { syscall }));
    for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE']) {
      const error = socket(code, 'connect');
      assert.ok(error instanceof StoreUnavailable && error.canRetry, code);
    }
    for (const message of [
      'Connection terminated unexpectedly',
      'timeout expired',
      'Client was closed and is not queryable',
    ]) {
      const error = translateError(new Error(message));
      assert.ok(error instanceof StoreUnavailable && error.canRetry, message);
    }
    const file = Object.assign(driverError('ENOENT', 'x'), { syscall: 'rename' });
    assert.equal(translateError(file), file, 'a file of the work’s own is not the database');
  });

  it('a pool that has no connection in time is database-unavailable too', () => {
    const timeout = Object.assign(new Error('Knex: Timeout acquiring a connection'), { name: 'KnexTimeoutError' });
    assert.ok(translateError(timeout) instanceof StoreUnavailable);
  });

  it('our own faults are assertions that name the constraint and not the values', () => {
    const message =
      "insert into c values ('HÉRACLÈS') - SQLITE_CONSTRAINT: UNIQUE constraint failed: c.issuer, c.serial";
    const error = translateError(driverError('SQLITE_CONSTRAINT', message));
    assert.ok(error instanceof AssertionFailed);
    assert.equal(error.message, 'SQLITE_CONSTRAINT: UNIQUE constraint failed: c.issuer, c.serial');
  });

  it('nothing of PostgreSQL’s messages is repeated except names and the texts of guards', () => {
    const message = `insert into c values ('HÉRACLÈS') - duplicate key value violates unique constraint "c_issuer_serial"`;
    const fields = { severity: 'ERROR', table: 'c', constraint: 'c_issuer_serial', routine: '_bt_check_unique' };
    const error = translateError(Object.assign(driverError('23505', message), { ...fields, detail: '(HÉRACLÈS)' }));
    assert.ok(error instanceof AssertionFailed);
    assert.equal(error.message, 'SQLSTATE 23505: c c_issuer_serial _bt_check_unique');
    const guard = driverError('23000', `update c set x = 'HÉRACLÈS' - guard: revoked is final`);
    assert.equal(
      translateError(Object.assign(guard, { severity: 'ERROR' })).message,
      'SQLSTATE 23000: guard: revoked is final',
    );
  });

  it('other errors are not changed', () => {
    for (const error of [new AssertionFailed('x'), new TypeError('y'), new StoreUnavailable('z', 1)]) {
      assert.equal(translateError(error), error);
    }
    assert.ok(translateError('text') instanceof AssertionFailed);
  });
});
