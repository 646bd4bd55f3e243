/**
 * The limit of exports. Without it one account could read the whole database many times at once,
 * and everybody else would wait.
 */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { problemOf } from '../../../src/http/api/problems.js';
import { createExportLimiter, endWithResponse } from '../../../src/http/server/export-limiter.js';
import { present } from '../../../src/kernel/assert.js';
import { err, ok, type Result } from '../../../src/kernel/result.js';

const WHO = { requestId: 'r', language: 'en' } as const;

describe('exports', () => {
  it('are begun up to the share of an account, and again when one has ended', () => {
    const exports = createExportLimiter({ allMax: 8, perAccountMax: 2 });
    const [first, second, third] = [exports.begin('clerk'), exports.begin('clerk'), exports.begin('clerk')];
    assert.ok(first.ok && second.ok && !third.ok);
    const { problem, headers } = problemOf(third.error, WHO);
    assert.equal(problem.status, 429);
    assert.match(problem.detail, /2 exports under way/);
    assert.ok(Number(headers['retry-after']) > 0);
    assert.ok(exports.begin('other').ok, 'another account has its own share');
    first.value();
    first.value();
    assert.ok(exports.begin('clerk').ok);
    assert.ok(!exports.begin('clerk').ok, 'an export that ends twice gives back one place');
  });

  it('are limited in all, whatever their accounts', () => {
    const exports = createExportLimiter({ allMax: 3, perAccountMax: 2 });
    const begun = ['a', 'a', 'b'].map((account) => exports.begin(account));
    const refused = exports.begin('c');
    assert.ok(!refused.ok);
    assert.equal(problemOf(refused.error, WHO).problem.status, 503);
    const last = present(begun.at(-1), 'the last one');
    assert.ok(last.ok);
    last.value();
    assert.ok(exports.begin('c').ok);
  });

  it('end with their responses, and at once where none is made or the client left before', async () => {
    const endsBeforeClose = async (closed: boolean, make: () => Promise<unknown>): Promise<boolean> => {
      let hasEnded = false;
      const response = Object.assign(new EventEmitter(), { closed }) as unknown as ServerResponse;
      const end = () => {
        hasEnded = true;
      };
      await endWithResponse(response, end, make as () => Promise<Result<unknown, unknown>>).catch(() => undefined);
      const isEarly = hasEnded;
      response.emit('close');
      assert.ok(hasEnded);
      return isEarly;
    };
    const made = {
      made: async () => ok('lines'),
      refused: async () => err('no'),
      failed: () => Promise.reject(new Error()),
    };
    assert.deepEqual([await endsBeforeClose(false, made.made), await endsBeforeClose(true, made.made)], [false, true]);
    for (const closed of [false, true])
      for (const make of [made.refused, made.failed]) assert.equal(await endsBeforeClose(closed, make), true);
  });
});
