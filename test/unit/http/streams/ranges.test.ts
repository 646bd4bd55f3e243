/**
 * Ranges of CRLs for slow clients. Without this test, clients that read a few bytes of each of many
 * CRLs could have other clients disconnected, although they keep little memory.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServedCrls } from '../../../../src/http/status/files.js';
import { sendFile } from '../../../../src/http/status/send-file.js';

const KIB = 1024;

describe('a CRL in memory', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-ranges-'));
    writeFileSync(join(folder, 'A.crl'), Buffer.alloc(200 * KIB, 7));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('counts for a slow client of a long part of it, and not for one of a short part, which is copied', async () => {
    const tracked: number[] = [];
    const sent: number[] = [];
    const source = {
      crls: createServedCrls(folder, Date.now),
      clock: Date.now,
      slowReaders: { track: (bytes: Buffer) => void tracked.push(bytes.length) },
    };
    const response = {
      writeHead: () => response,
      end: (bytes: Buffer) => void sent.push(bytes.length),
    } as unknown as ServerResponse;
    for (const range of ['bytes=0-9', `bytes=0-${100 * KIB - 1}`, undefined]) {
      const request = { method: 'GET', headers: { range }, socket: {} } as unknown as IncomingMessage;
      assert.equal(await sendFile(source, 'A.crl', { request, response }), true);
    }
    assert.deepEqual(
      [sent, tracked],
      [
        [10, 100 * KIB, 200 * KIB],
        [200 * KIB, 200 * KIB],
      ],
    );
  });
});
