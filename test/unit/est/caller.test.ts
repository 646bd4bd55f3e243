/**
 * The connections of EST clients that are not authenticated. Without this test, all of them would
 * count as anonymous while the database is not available, and most would be closed.
 */
import assert from 'node:assert/strict';
import { authenticateEnrolment, authenticateRenewal } from '../../../src/http/est/caller.js';
import type { EstParts, EstRequest } from '../../../src/http/est/request.js';
import { err } from '../../../src/kernel/result.js';
import { fault } from '../../../src/texts/text.js';
import { SILENT_LOG } from '../../support/status/authority.js';

const AWAY = { kind: 'database-unavailable', retryAfterMs: 1, detail: 'away' } as const;
const REFUSED = { kind: 'not-permitted', ...fault('certificate-of-this-platform') } as const;

describe('the connection of an EST client', () => {
  for (const authenticate of [authenticateEnrolment, authenticateRenewal])
    it(`is anonymous if its certificate is refused, and not if the database is not available: ${authenticate.name}`, async () => {
      const kinds: string[] = [];
      for (const failure of [AWAY, REFUSED]) {
        const parts = {
          authenticate: async () => err({ failure, accountId: null, certificateSha256: 'aa' }),
          connections: { markAnonymous: () => void kinds.push(failure.kind) },
        } as unknown as EstParts;
        const ctx = { get: () => '', req: { socket: {} }, state: { certificateSha256: null } };
        const request = { ctx, world: { log: SILENT_LOG }, label: null } as unknown as EstRequest;
        const authenticated = await authenticate(parts, request);
        assert.equal(authenticated.ok, false);
        assert.equal(ctx.state.certificateSha256, 'aa');
      }
      assert.deepEqual(kinds, ['not-permitted']);
    });
});
