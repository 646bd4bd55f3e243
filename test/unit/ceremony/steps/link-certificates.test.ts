/**
 * The certificates that link two generations of a root. Without these tests, relying parties with
 * the old root could be given a new root that the old one never signed.
 */
import assert from 'node:assert/strict';
import type { Bytes } from '../../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../../src/kernel/duration.js';
import { issuerIdOf } from '../../../../src/policy/ids.js';
import { readCertificate } from '../../../../src/x509/certificate/certificate-reader.js';
import { readIssuer } from '../../../../src/x509/certificate/issuer.js';
import { readLink } from '../../../../src/x509/certificate/link.js';
import type { Issuer } from '../../../../src/x509/model.js';
import { type Disk, emptyDisk, NOW, testPlan, testPolicy } from '../../../support/ceremony/fake-world.js';
import { copyOf, editedExample, faultOf, fileOf, inMemory, linesOf } from '../../../support/ceremony/in-memory.js';

type Step = Record<string, unknown> & { do: string };
type EditablePlan = Record<string, unknown> & { steps: Step[]; outputs: string[] };

const LATER = NOW + 1_000 * DAY_MS;
const NEW_WITH_OLD = 'authorities/acr-el-2.by-acr-el.cer';
const OLD_WITH_NEW = 'authorities/acr-el.by-acr-el-2.cer';

describe('link certificates in ceremonies', () => {
  const policy = testPolicy();
  const { done, refusal, killedAnywhere, faultsOf } = inMemory(policy, { now: LATER });
  const next = (edit: (plan: EditablePlan) => unknown = () => undefined) =>
    editedExample<EditablePlan>('next-root', edit);
  const linkStep = ({ steps }: EditablePlan): Step =>
    steps.find((step) => step.do === 'create-link-certificate') ?? assert.fail('a link');
  const first = emptyDisk();
  before(() => done(first, testPlan('elementaire', policy), { now: NOW }));

  const rootOf = (disk: Disk, generation: number): Issuer => {
    const [authority, id] = ['acr-el', issuerIdOf('acr-el', generation)];
    const certificate = fileOf(disk, `authorities/${id}.cer`);
    const read = readIssuer({ id, authority, generation, hierarchy: 'elementaire', kind: 'root', certificate });
    assert.ok(read.ok);
    return read.value;
  };
  const validityOf = (certificate: Bytes): readonly number[] => {
    const read = readCertificate(certificate);
    assert.ok(read.ok);
    return [read.value.tbs.notBefore.at, read.value.tbs.notAfter.at];
  };

  it('have the validity of RFC 9810 4.4.1, by the plan that ships, also after a kill at any effect', async () => {
    await killedAnywhere({ begun: () => copyOf(first), plan: next() }, ({ disk, where }) => {
      const [old, current] = [rootOf(disk, 1), rootOf(disk, 2)];
      assert.ok(current.notBefore > old.notBefore && current.notAfter > old.notAfter, where);
      const [newWithOld, oldWithNew] = [fileOf(disk, NEW_WITH_OLD), fileOf(disk, OLD_WITH_NEW)];
      assert.ok(readLink({ root: current, issuer: old, certificate: newWithOld }).ok, where);
      assert.ok(readLink({ root: old, issuer: current, certificate: oldWithNew }).ok, where);
      assert.deepEqual(validityOf(newWithOld), [current.notBefore, old.notAfter]);
      assert.deepEqual(validityOf(oldWithNew), [old.notBefore, old.notAfter]);
      assert.equal(readLink({ root: old, issuer: old, certificate: newWithOld }).ok, false, 'another name and key');
      assert.equal(readLink({ root: current, issuer: current, certificate: newWithOld }).ok, false, 'another issuer');
    });
  });

  it('are shown before they are signed, and are in the transcript with the key that they certify', async () => {
    const disk = copyOf(first);
    await done(disk, next());
    assert.equal(faultOf(disk, 'elementaire-root-2'), null);
    const lines = linesOf(disk, 'elementaire-root-2').map((line) => JSON.parse(line));
    const made = lines.filter(({ action }) => action === 'create-link-certificate').map(({ result }) => result);
    assert.deepEqual(
      made.map(({ artefact, issuer, key, lint }) => [artefact, issuer, key, lint]),
      [
        [NEW_WITH_OLD, 'acr-el', 'acr-el-2', 'passed'],
        [OLD_WITH_NEW, 'acr-el-2', 'acr-el', 'passed'],
      ],
    );
    const shown = lines.filter(({ action }) => action === 'confirm').map(({ result }) => result.artefact);
    assert.deepEqual(shown, ['authorities/acr-el-2.cer', NEW_WITH_OLD, OLD_WITH_NEW, 'crl/ACR-EL-2.crl']);
  });

  it('need both keys from earlier steps, two generations of one root, and their place', () => {
    const withLink = (change: object) => faultsOf(next((plan) => Object.assign(linkStep(plan), change))).join('\n');
    const withoutKey = (key: string) =>
      faultsOf(next((plan) => Object.assign(plan, { steps: plan.steps.filter((step) => step.key !== key) }))).join();
    assert.match(withoutKey('acr-el'), /\/steps\/3 a step read-key of acr-el on root-elementaire must come before/);
    assert.match(withoutKey('acr-el-2'), /\/steps\/3 a step read-key of acr-el-2 on root-elementaire must come before/);
    assert.match(
      withLink({ output: OLD_WITH_NEW }),
      /\/steps\/4\/output must be authorities\/acr-el-2\.by-acr-el\.cer/,
    );
    assert.match(withLink({ issuer: 'acr-el-2' }), /\/steps\/4\/issuer the issuer must be another generation/);
    assert.match(withLink({ authority: 'acr-fo' }), /\/steps\/4\/authority acr-fo is of the hierarchy fort/);
    assert.match(withLink({ authority: 'aci-el-pp' }), /\/steps\/4\/authority aci-el-pp is no root/);
  });

  it('are made by a later ceremony too, and refused where a key is not that of the certificate of its root', async () => {
    const links = next((plan) => {
      const [token, key] = ['root-elementaire', 'ceremony-links'];
      const made = plan.steps.filter((step) => step.do === 'create-link-certificate');
      Object.assign(plan, {
        id: 'links',
        transcriptKey: { token, key },
        steps: [
          { do: 'generate-key', token, key, keyType: 'p-256' },
          ...['acr-el', 'acr-el-2'].map((label) => ({ do: 'read-key', token, key: label })),
          ...made,
        ],
        outputs: [NEW_WITH_OLD, OLD_WITH_NEW],
      });
    });
    const [disk, other] = [copyOf(first), copyOf(first)];
    for (const one of [disk, other]) await done(one, next());
    for (const path of [NEW_WITH_OLD, OLD_WITH_NEW]) disk.files.delete(path);
    await done(copyOf(disk), links);
    disk.files.set('authorities/acr-el-2.cer', fileOf(other, 'authorities/acr-el-2.cer'));
    assert.match(await refusal(disk, links), /acr-el-2 .*not the key of its certificate$/);
  });
});
