/**
 * A ceremony of a root that stops before it signs its list, while another ceremony publishes one.
 * Without these checks the older ceremony would replace the newer list when it is resumed, and a
 * revoked CA would be valid again.
 */
import assert from 'node:assert/strict';
import { DAY_MS } from '../../../../src/kernel/duration.js';
import {
  type Disk,
  developmentPlanText,
  emptyDisk,
  Killed,
  NOW,
  testPlan,
  testPolicy,
} from '../../../support/ceremony/fake-world.js';
import { copyOf, faultOf, fileOf, inMemory } from '../../../support/ceremony/in-memory.js';

const LIST = 'crl/ACR-FO.crl';
const LATER = NOW + 300 * DAY_MS;
const READ = { do: 'read-key', token: 'root-fort', key: 'acr-fo' };

describe('a list of a root that another ceremony has overtaken', () => {
  const { run, done, refusal } = inMemory(testPolicy(), { now: LATER });
  const first = emptyDisk();
  before(async () => {
    await done(first, testPlan('fort', testPolicy()), { now: NOW });
  });

  /** `revoked`: the CAs that the list adds. */
  const planWith = (id: string, number: number, revoked: readonly string[] = []) => {
    const { transcriptKey: _, ...plan } = JSON.parse(new TextDecoder().decode(developmentPlanText('fort')));
    const revocations = revoked.map((authority) => ({
      do: 'revoke-issuing-authority',
      authority,
      issuer: 'acr-fo',
      reason: 'keyCompromise',
      output: `ceremony/${id}/revoked/${authority}.json`,
    }));
    const list = {
      do: 'sign-crl',
      issuer: 'acr-fo',
      token: 'root-fort',
      number,
      previous: { number: 1, sha256: '*' },
      nextUpdate: { years: 1 },
      output: LIST,
    };
    const outputs = [...revocations.map(({ output }) => output), LIST];
    return { ...plan, id, steps: [READ, ...revocations, list], outputs };
  };
  const yearly = (number: number) => planWith('yearly', number);
  const urgent = planWith('urgent', 3, ['aci-fo-org']);
  /** The yearly list was shown, and nobody typed its code; then the urgent list was published. */
  async function overtaken(number: number): Promise<Disk> {
    const disk = copyOf(first);
    const silent = {
      people: { ask: ({ about }: { readonly about: string }) => (about === 'code' ? null : undefined) },
    };
    assert.match(await refusal(disk, yearly(number), silent), /^given-up: /);
    await done(disk, urgent, { now: LATER + DAY_MS });
    return disk;
  }

  for (const number of [2, 4])
    it(`is not signed when its ceremony is resumed, and the later list stays published (number ${number})`, async () => {
      const disk = await overtaken(number);
      const published = fileOf(disk, LIST);
      assert.match(
        await refusal(disk, yearly(number), { now: LATER + 2 * DAY_MS }),
        /^artefact-wrong: crl\/ACR-FO\.crl .* another list was published since/,
      );
      assert.equal(fileOf(disk, LIST), published);
      assert.ok(!disk.files.has('ceremony/yearly/crl/ACR-FO.crl'), 'nothing was signed');
      assert.equal(faultOf(disk, 'urgent'), null);
    });

  it('is not signed either if the later list is published while its code is being read', async () => {
    const disk = copyOf(first);
    const others = copyOf(first);
    await done(others, urgent);
    const publishedMeanwhile = ({ about }: { readonly about: string }) => {
      if (about === 'code') disk.files.set(LIST, fileOf(others, LIST));
      return undefined;
    };
    assert.match(await refusal(disk, yearly(2), { people: { ask: publishedMeanwhile } }), /^artefact-wrong: /);
    assert.equal(fileOf(disk, LIST), fileOf(others, LIST));
    assert.ok(!disk.files.has('ceremony/yearly/crl/ACR-FO.crl'));
  });

  it('is not recorded as published if the later list lacks the CA that it revokes', async () => {
    const disk = copyOf(first);
    const plan = planWith('second', 2, ['aci-fo-pp']);
    const killed = (effect: string) => {
      if (effect === `replace ${LIST}`) throw new Killed(effect);
    };
    await assert.rejects(run(disk, plan, { tamper: killed }).outcome, Killed);
    assert.ok(disk.files.has('ceremony/second/crl/ACR-FO.crl'), 'it is signed and not published');
    await done(disk, urgent, { now: LATER + DAY_MS });
    assert.match(
      await refusal(disk, plan, { now: LATER + 2 * DAY_MS }),
      /^artefact-wrong: crl\/ACR-FO\.crl .* nor a later one of this authority with its entries/,
    );
  });
});
