/**
 * CMP keys of the platform, and the CAs that certify them. Without these tests a CA could certify
 * another key for CMP answers than the one on the token of the platform.
 */
import assert from 'node:assert/strict';
import { readCmpSignerCertificate } from '../../../../src/cmp/signer-certificate.js';
import type { Bytes } from '../../../../src/kernel/bytes.js';
import { sha256Hex } from '../../../../src/kernel/digest.js';
import { DAY_MS } from '../../../../src/kernel/duration.js';
import type { IssuerId } from '../../../../src/ports/signer.js';
import { readIssuer } from '../../../../src/x509/certificate/issuer.js';
import { type Disk, emptyDisk, NOW, shippedPlanText, testPolicy } from '../../../support/ceremony/fake-world.js';
import { copyOf, editedExample, faultOf, fileOf, inMemory } from '../../../support/ceremony/in-memory.js';

type Step = Record<string, unknown> & { do: string };
type EditablePlan = Record<string, unknown> & { steps: Step[]; outputs: string[] };

const LATER = NOW + 1_000 * DAY_MS;
const REQUEST = 'requests/aci-el-org.cmp.csr.pem';
const CERTIFICATE = 'authorities/aci-el-org.cmp.cer';

describe('CMP signers in ceremonies', () => {
  const policy = testPolicy();
  const { done, refusal, killedAnywhere, faultsOf, planOf } = inMemory(policy, { now: NOW });
  const shipped = (id: string, edit: (plan: EditablePlan) => unknown = () => undefined): EditablePlan => {
    const plan = JSON.parse(new TextDecoder().decode(shippedPlanText(id))) as EditablePlan;
    edit(plan);
    return plan;
  };
  const renewal = (edit: (plan: EditablePlan) => unknown = () => undefined) =>
    editedExample<EditablePlan>('cmp-signers', edit);
  const stepOf = (plan: EditablePlan, kind: string): Step =>
    plan.steps.find((step) => step.do === kind) ?? assert.fail(kind);
  const keyOf = (disk: Disk, label: string): Bytes =>
    disk.tokens.get('platform')?.get(label)?.spki ?? assert.fail(label);
  const certified = (disk: Disk, path: string, authority = 'aci-el-org') => {
    const certificate = fileOf(disk, `authorities/${authority}.cer`);
    const id = authority as IssuerId;
    const issuer = readIssuer({ id, authority, generation: 1, hierarchy: 'elementaire', kind: 'issuing', certificate });
    assert.ok(issuer.ok);
    const read = readCmpSignerCertificate(issuer.value, fileOf(disk, path));
    assert.ok(read.ok, JSON.stringify(read));
    return read.value;
  };

  const platform = emptyDisk();
  const home = emptyDisk();
  before(async () => {
    await done(platform, shipped('platform'));
    for (const [path, content] of platform.files) if (path.startsWith('requests/')) home.files.set(path, content);
    await done(home, shipped('elementaire'));
  });

  it('have a key for each hierarchy, which each CA certifies under its own name', () => {
    assert.equal(faultOf(platform, 'platform'), null);
    assert.equal(faultOf(home, 'elementaire'), null);
    const key = keyOf(platform, 'cmp-elementaire');
    const subjects = ['aci-el-pp', 'aci-el-org'].map((authority) => {
      const { tbs } = certified(home, `authorities/${authority}.cmp.cer`, authority);
      assert.deepEqual(tbs.spki, key);
      return tbs.subject.at(-1)?.[0]?.value;
    });
    assert.deepEqual(subjects, [
      'TEST CMP AC IGC-SANTE ELEMENTAIRE PERSONNES',
      'TEST CMP AC IGC-SANTE ELEMENTAIRE ORGANISATIONS',
    ]);
    for (const label of ['cmp-fort', 'cmp-standard']) assert.notDeepEqual(keyOf(platform, label), key);
  });

  it('are certified again with the next number, by the plan that ships, after a kill at any effect', async () => {
    const [first, second] = [CERTIFICATE, 'authorities/aci-el-org.cmp-2.cer'];
    await killedAnywhere({ begun: () => copyOf(home), plan: renewal(), options: { now: LATER } }, ({ disk }) => {
      assert.deepEqual(disk.files.get(first), home.files.get(first));
      const [before, after] = [certified(disk, first), certified(disk, second)];
      assert.deepEqual([after.tbs.spki, after.tbs.subject], [before.tbs.spki, before.tbs.subject]);
      assert.ok(after.notAfter > before.notAfter);
    });
  });

  it('are refused for the request of another CA, and for a key that the plan does not name', async () => {
    const swapped = emptyDisk();
    for (const [path, content] of platform.files) if (path.startsWith('requests/')) swapped.files.set(path, content);
    swapped.files.set(REQUEST, fileOf(platform, 'requests/aci-fo-pp.cmp.csr.pem'));
    assert.match(
      await refusal(swapped, shipped('elementaire')),
      /^artefact-wrong: requests\/aci-el-org\.cmp\.csr\.pem .*not for the name of the CMP signer of aci-el-org$/,
    );
    const key = sha256Hex(keyOf(platform, 'cmp-elementaire'));
    const naming = (publicKeySha256: string) =>
      renewal((plan) => {
        for (const step of plan.steps) if (step.do === 'create-cmp-signer') Object.assign(step, { publicKeySha256 });
      });
    assert.match(
      await refusal(copyOf(home), naming('a'.repeat(64)), { now: LATER }),
      new RegExp(`the SHA-256 of its key is ${key}$`),
    );
    await done(copyOf(home), naming(key), { now: LATER });
  });

  it('are refused without the request of the platform', async () => {
    const disk = copyOf(home);
    disk.files.delete(REQUEST);
    assert.match(await refusal(disk, renewal(), { now: LATER }), /requests\/aci-el-org\.cmp\.csr\.pem/);
  });

  it('need a plan with their places, a CA with a profile for them, and a key of the type P-256', () => {
    const create = (change: object) =>
      faultsOf(renewal((plan) => Object.assign(stepOf(plan, 'create-cmp-signer'), change)));
    assert.ok(create({ output: 'authorities/aci-el-pp.cmp-100.cer' }).some((fault) => /\/output must be/.test(fault)));
    assert.ok(create({ request: 'requests/other.csr.pem' }).some((fault) => /\/request must be/.test(fault)));
    const asked = (change: object) =>
      faultsOf(shipped('platform', (plan) => Object.assign(stepOf(plan, 'request-cmp-signer'), change)));
    assert.ok(asked({ issuer: 'aci-fo-org' }).some((fault) => /no profile of CMP signers for aci-fo-org/.test(fault)));
    assert.ok(asked({ output: 'requests/other.csr.pem' }).some((fault) => /\/output must be/.test(fault)));
    const keys = (change: object) =>
      faultsOf(
        shipped('platform', (plan) =>
          Object.assign(plan.steps.find(({ key }) => key === 'cmp-fort') ?? assert.fail('the key'), change),
        ),
      );
    assert.ok(keys({ keyType: 'p-384' }).some((fault) => /\/keyType must be p-256/.test(fault)));
    assert.ok(keys({ key: 'cmp-other' }).some((fault) => /\/key must be platform, cmp-fort/.test(fault)));
  });

  it('are not certified in production for any key: the plan names it, or takes it from a bundle', () => {
    const faults = faultsOf(renewal((plan) => Object.assign(plan, { environment: 'production' })));
    assert.ok(
      faults.some((fault) => /publicKeySha256 `\*`: name the hash of the key/.test(fault)),
      faults.join('\n'),
    );
    assert.ok(planOf(renewal()));
  });
});
