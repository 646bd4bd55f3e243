import assert from 'node:assert/strict';
import { REVOCATION_REASONS } from '../../../src/access/roles.js';
import { SITUATIONS, situationOf, situationOptions } from '../../../src/console/situations.js';

describe('situations', () => {
  it('lead to every reason that an officer may give', () => {
    const reasons = new Set(SITUATIONS.map(({ reason }) => reason));
    assert.deepEqual([...reasons].sort(), [...REVOCATION_REASONS.officer].sort());
  });

  it('that an account may choose have reasons that it may give', () => {
    for (const allowed of Object.values(REVOCATION_REASONS))
      for (const { value } of situationOptions(allowed)) assert.ok(allowed.includes(situationOf(value).reason), value);
  });
});
