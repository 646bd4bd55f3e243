/**
 * Ids of accounts. Without this test somebody could get an account whose acts look like those of
 * the service itself in the audit log.
 */
import assert from 'node:assert/strict';
import { idFaults } from '../../../src/cli/account/input.js';

describe('the id of an account', () => {
  it('is a short name in lower case, and not that of the service', () => {
    for (const id of ['a', 'officer-1', 'cms.paris', 'system-2', 'a'.repeat(64)])
      assert.deepEqual(idFaults(id), [], id);
    for (const id of ['', 'Officer', 'officer 1', '-a', 'système', 'a'.repeat(65), 'system'])
      assert.match(idFaults(id).join(), /is not an account id: .*not 'system'$/, id);
  });
});
