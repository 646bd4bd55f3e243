import assert from 'node:assert/strict';
import { ownCommandIn } from '../../../src/cli/common/own-command.js';

describe('the command, as it is printed for a folder', () => {
  it('is found by npx inside the checkout, and named with it outside, where npx would ask the registry', () => {
    assert.equal(ownCommandIn('/srv/pfcng/var/plays/card-1', '/srv/pfcng'), 'npx pfcng');
    assert.equal(ownCommandIn('/srv/pfcng', '/srv/pfcng'), 'npx pfcng');
    for (const folder of ['/srv/pfcng-home/plays/card-1', '/tmp/home', '/srv'])
      assert.equal(ownCommandIn(folder, '/srv/pfcng'), 'npx --prefix /srv/pfcng pfcng');
  });
});
