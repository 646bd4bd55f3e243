/**
 * Lists of a root that a bundle carries to the online machine. Without these checks an imported
 * list could replace the published one without its entries, and a revoked CA would be valid again.
 */
import assert from 'node:assert/strict';
import { DAY_MS } from '../../../../src/kernel/duration.js';
import {
  ANSWER_BUNDLE,
  answerPlan,
  askPlan,
  type FortPlan,
  INCOMING,
  REQUEST_BUNDLE,
  rootPlan,
  takePlan,
} from '../../../support/ceremony/bundle-plans.js';
import { type Disk, developmentPlanText, emptyDisk, NOW, testPolicy } from '../../../support/ceremony/fake-world.js';
import { copyOf, faultOf, fileOf, inMemory } from '../../../support/ceremony/in-memory.js';

const LIST = 'crl/ACR-FO.crl';
const LATER = NOW + 2 * DAY_MS;

describe('a list of a root in a bundle', () => {
  const fort: FortPlan = JSON.parse(new TextDecoder().decode(developmentPlanText('fort')));
  const { done, refusal } = inMemory(testPolicy(), { now: LATER });
  const root = emptyDisk();
  const online = emptyDisk();
  before(async () => {
    await done(root, rootPlan(fort), { now: NOW });
    await done(online, askPlan(fort), { now: NOW });
    root.files.set(INCOMING.request, fileOf(online, REQUEST_BUNDLE));
    await done(root, answerPlan(fort), { now: NOW + DAY_MS });
    online.files.set(INCOMING.answer, fileOf(root, ANSWER_BUNDLE));
    await done(online, takePlan(fort), { now: NOW + DAY_MS });
  });

  const later = (token: 'root-fort' | 'ca-fort', id: string, steps: readonly object[]) => ({
    ...fort,
    ...(token === 'root-fort' ? {} : { quorum: { kind: 'none' } }),
    id,
    tokens: fort.tokens.filter(({ name }) => name === token),
    transcriptKey: { token, key: `ceremony-${id}` },
    steps: [{ do: 'generate-key', token, key: `ceremony-${id}`, keyType: 'p-256' }, ...steps],
  });
  /** A bundle with the list that follows the first one; `revokes`: with the CA on it. */
  async function bundleOf(number: number, revokes: boolean): Promise<Uint8Array> {
    const [id, output] = ['list', 'bundles/list.json'];
    const decision = `ceremony/${id}/revoked/aci-fo-pp.json`;
    const revocation = { do: 'revoke-issuing-authority', authority: 'aci-fo-pp', issuer: 'acr-fo' };
    const list = { do: 'sign-crl', issuer: 'acr-fo', token: 'root-fort', number, nextUpdate: { years: 1 } };
    const disk = copyOf(root);
    const steps = [
      { do: 'read-key', token: 'root-fort', key: 'acr-fo' },
      ...(revokes ? [{ ...revocation, reason: 'keyCompromise', output: decision }] : []),
      { ...list, previous: { number: 1, sha256: '*' }, output: LIST },
      { do: 'export-bundle', files: [LIST], output },
    ];
    const outputs = [...(revokes ? [decision] : []), LIST, output];
    await done(disk, { ...later('root-fort', id, steps), outputs });
    return fileOf(disk, output);
  }
  const incoming = (id: string) => `incoming/${id}.json`;
  const importPlan = (id: string) => ({
    ...later('ca-fort', id, [{ do: 'import-bundle', bundle: incoming(id), sha256: '*', files: [LIST] }]),
    outputs: [LIST],
  });
  async function importing(disk: Disk, id: string, bundle: Uint8Array) {
    disk.files.set(incoming(id), bundle);
    return importPlan(id);
  }

  it('replaces the published one if it has a higher number and every entry', async () => {
    const disk = copyOf(online);
    await done(disk, await importing(disk, 'second', await bundleOf(2, true)));
    assert.equal(faultOf(disk, 'second'), null);
    assert.deepEqual(fileOf(disk, LIST), fileOf(disk, 'ceremony/second/imported/ACR-FO.crl'));
  });

  it('does not replace the published one if it lacks a CA that is revoked there', async () => {
    const disk = copyOf(online);
    await done(disk, await importing(disk, 'second', await bundleOf(2, true)));
    const published = fileOf(disk, LIST);
    assert.match(
      await refusal(disk, await importing(disk, 'third', await bundleOf(3, false))),
      /^artefact-wrong: crl\/ACR-FO\.crl .* does not revoke [0-9a-f]{32}, which the other revokes$/,
    );
    assert.equal(fileOf(disk, LIST), published);
  });

  it('is not recorded as imported if a published one with a higher or the same number lacks its entries', async () => {
    for (const [number, reason] of [
      [3, /does not revoke [0-9a-f]{32}, which the other revokes$/],
      [2, /another list with the same number is published already$/],
    ] as const) {
      const disk = copyOf(online);
      await done(disk, await importing(disk, 'second', await bundleOf(number, false)));
      assert.match(await refusal(disk, await importing(disk, 'third', await bundleOf(2, true))), reason);
    }
  });
});
