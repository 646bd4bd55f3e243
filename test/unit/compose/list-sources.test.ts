/**
 * Where a restore gets published lists from. If it gave up a source because of one bad list, it
 * would not learn the revocations in the others.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Home } from '../../../src/compose/home.js';
import { collectLists, possibleLists } from '../../../src/compose/restore/list-sources.js';
import type { Issuers } from '../../../src/operations/world.js';
import { testPolicy } from '../../support/ceremony/fake-world.js';

describe('the public addresses of lists', () => {
  it('are all asked, even if the first list is answered with an error', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pfcng-list-sources-'));
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.writeHead(asked === 1 ? 500 : 200).end('a list');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const publication = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const policy = testPolicy();
      const addresses = { ...policy.environment.addresses, publication };
      const config = { paths: { crl: join(folder, 'crl') }, publication: { outlets: [] } };
      const home = { config, policy: { ...policy, environment: { ...policy.environment, addresses } } };
      const issuers = {
        all: () => [
          { id: 'acr-el', kind: 'root' },
          { id: 'aci-el-org', kind: 'issuing' },
        ],
      };
      const from = { home: home as object as Home, issuers: issuers as object as Issuers };
      const wanted = possibleLists(from.home, from.issuers);
      const [, found] = await collectLists({ ...from, into: folder, folders: [], ofBackup: join(folder, 'none') });
      assert.match(found?.fault ?? '', /HTTP 500$/);
      assert.equal(found?.lists, wanted.length - 1);
      const names = wanted.slice(1).map(({ fileName }) => fileName);
      assert.deepEqual(readdirSync(found?.folder ?? '').sort(), names.sort());
    } finally {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});
