/**
 * The files of a client that are replaced while it runs. Without this test a long-lived program
 * would sign in with a certificate that has ended, or with a key that is not that of its
 * certificate.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openConnections } from '../../../src/client/connections.js';
import { serverCertificate } from '../../support/service/own-certificates.js';

describe('the credentials of the typed client', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-client-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are those of the files, as soon as both files of a new pair are there', async () => {
    const files = { certificate: join(folder, 'c.pem'), key: join(folder, 'k.pem'), trust: join(folder, 'ca.pem') };
    const [first, second] = [serverCertificate(), serverCertificate()];
    writeFileSync(files.certificate, first.certificate);
    writeFileSync(files.key, second.key);
    writeFileSync(files.trust, first.certificate);
    assert.throws(() => openConnections(files), /is not the key of/);
    writeFileSync(files.key, first.key);
    const connections = openConnections(files);
    const agent = connections.current();
    writeFileSync(files.key, second.key);
    await sleep(1_100);
    assert.equal(connections.current(), agent, 'only one of two files');
    writeFileSync(files.certificate, second.certificate);
    await sleep(1_100);
    assert.notEqual(connections.current(), agent);
    await connections.close();
  });
});
