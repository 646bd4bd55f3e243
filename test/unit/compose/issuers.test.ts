/** Without these, clients would get the chain of another generation of a root. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Home } from '../../../src/compose/home.js';
import { readIssuers } from '../../../src/compose/issuers.js';
import { present } from '../../../src/kernel/assert.js';
import { certifiedIssuer, testIssuer, testPolicy } from '../policy/fixtures.js';

const ROOT = 'acr-fo';
const ISSUING = 'aci-fo-pp';

describe('the certification authorities of a home folder', () => {
  let authorities: string;
  beforeEach(() => {
    authorities = mkdtempSync(join(tmpdir(), 'pfcng-issuers-'));
  });
  afterEach(() => rmSync(authorities, { recursive: true, force: true }));

  it('have the chain of the generation of the root that has signed them', () => {
    const policy = testPolicy();
    const renewed = new Map(policy.authorities);
    for (const id of [ROOT, ISSUING]) renewed.set(id, { ...present(renewed.get(id), id), currentGeneration: 2 });
    const [root, rootTwo] = [testIssuer(policy, ROOT), testIssuer(policy, ROOT, 2)];
    const issuing = certifiedIssuer(policy, { id: ISSUING, generation: 1, root });
    const issuingTwo = certifiedIssuer(policy, { id: ISSUING, generation: 2, root: rootTwo });
    for (const { id, certificate } of [root, rootTwo, issuing, issuingTwo])
      writeFileSync(join(authorities, `${id}.cer`), certificate);

    const home = { config: { paths: { authorities } }, policy: { ...policy, authorities: renewed } };
    const read = readIssuers(home as unknown as Home);
    assert.ok(read.ok);
    assert.deepEqual(read.value.chain(issuing.id), [issuing.certificate, root.certificate]);
    assert.deepEqual(read.value.chain(issuingTwo.id), [issuingTwo.certificate, rootTwo.certificate]);
    assert.deepEqual(read.value.chain(rootTwo.id), [rootTwo.certificate]);

    rmSync(join(authorities, `${rootTwo.id}.cer`));
    const without = readIssuers(home as unknown as Home);
    assert.ok(without.ok);
    assert.deepEqual(without.value.chain(issuingTwo.id), [issuingTwo.certificate]);
  });
});
