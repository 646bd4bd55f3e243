/**
 * The certificates in extraCerts of signed answers. Without this test an answer could have the CA
 * of its signer once more as the CA of the issued certificate (RFC 9483 3.3: nothing twice).
 */
import assert from 'node:assert/strict';
import { decodeMessage } from '../../../src/cmp/message.js';
import { present } from '../../../src/kernel/assert.js';
import { toHex } from '../../../src/kernel/bytes.js';
import { receive } from '../../../src/operations/cmp/receive.js';
import { createCmpBench, ORGANISATION } from '../../support/cmp/bench.js';
import { certReqMsg, cn, IMPLICIT_CONFIRM, templateFor } from '../../support/cmp/client.js';
import { createOffice } from '../../support/cmp/office.js';
import { cleanUp, freshDatabase, opened, unwrap } from '../../support/db/fixture.js';
import { makeKey } from '../../support/service/csr.js';
import { NOW } from '../../unit/policy/fixtures.js';

describe('a signed answer of CMP', () => {
  afterEach(cleanUp);

  it('has the certificate of its signer and each CA once', async () => {
    const store = await opened({ database: await freshDatabase('sqlite'), clock: () => NOW });
    const bench = await createCmpBench(store, { now: NOW });
    const office = await createOffice(bench);
    const { authority, certificate } = present(bench.world.issuers.current('aci-el-org'), 'the CA of the profile');
    const signer = present(bench.world.cmpSigners.of(authority), 'its signer');
    // The CA of the signer is the CA of the issued certificate, read from another file.
    const own = { ...signer, chain: [certificate.slice()] };
    const world = { ...bench.world, cmpSigners: { of: () => own } };
    const key = makeKey();
    const header = { generalInfo: [IMPLICIT_CONFIRM] };
    const request = office.client().build('cr', [certReqMsg(key, templateFor(key, cn('APP-1')))], { header });
    const path = { profile: ORGANISATION, label: null };
    const reply = await receive(world, request, { path, address: '127.0.0.1', goesOn: () => undefined });
    assert.ok(reply.status === 200, JSON.stringify(reply));
    const { bodyKind, extraCerts } = unwrap(decodeMessage(reply.message));
    assert.equal(bodyKind, 'cp');
    assert.deepEqual(extraCerts.map(toHex), [signer.certificate, certificate].map(toHex));
  });
});
