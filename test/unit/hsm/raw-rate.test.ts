import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

describe('the process that measures a token', () => {
  it('signs only with a bench key', () => {
    const entry = fileURLToPath(new URL('../../../hsm/bench/raw-rate.js', import.meta.url));
    const order = { token: {}, label: 'aci-fo-pp', sessions: 1, seconds: 1 };
    const { status, stderr, stdout } = spawnSync(process.execPath, [entry, JSON.stringify(order)], {
      encoding: 'utf8',
    });
    assert.notEqual(status, 0);
    assert.match(stderr, /only throw-away keys are measured/);
    assert.equal(stdout, '');
  });
});
