/** The access CA and officers of last resort, by the example plans that ship. */
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { accessAuthorityFault, breakGlassFault } from '../../../../src/access/break-glass.js';
import { accessFindings } from '../../../../src/ceremony/steps/shared/access.js';
import { type Bytes, utf8 } from '../../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../../src/kernel/duration.js';
import { readCertificate } from '../../../../src/x509/certificate/certificate-reader.js';
import { issuerOf } from '../../../../src/x509/certificate/issuer.js';
import {
  type Disk,
  developmentPlanText,
  emptyDisk,
  NOW,
  testPlan,
  testPolicy,
} from '../../../support/ceremony/fake-world.js';
import {
  copyOf,
  editedExample,
  faultIn,
  faultOf,
  fileOf,
  inMemory,
  linesOf,
  rewritten,
} from '../../../support/ceremony/in-memory.js';
import { minutesPage } from '../../../support/ceremony/minutes.js';
import { makeCsr } from '../../../support/service/csr.js';

type EditablePlan = Record<string, unknown> & {
  steps: Record<string, unknown>[];
  tokens: Record<string, unknown>[];
  outputs: string[];
};
type Edit = (plan: EditablePlan) => unknown;

const LATER = NOW + 100 * DAY_MS;
const [CA, FIRST, SECOND] = ['authorities/access.cer', 'access/break-glass-1.cer', 'access/break-glass-2.cer'] as const;
const CREATE = 4;

const sha256 = (bytes: Bytes): string => createHash('sha256').update(bytes).digest('hex');
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

describe('the access CA and its officers', () => {
  const policy = testPolicy();
  const { done, refusal, killedAnywhere, ...plans } = inMemory(policy, { now: NOW, machine: { swap: true } });
  const planOf = (file: string, edit: Edit = () => undefined) => plans.planOf(editedExample(file, edit));
  const faultsOf = (edit: Edit, file = 'access-authority') => plans.faultsOf(editedExample(file, edit));
  const viewOf = (disk: Disk, path: string) => {
    const read = readCertificate(fileOf(disk, path));
    assert.ok(read.ok);
    return read.value;
  };
  const plan = planOf('access-authority');
  const another = planOf('break-glass-account');
  const keys = [newKey(), newKey()] as const;
  /** An empty folder with the requests that officers have sent. */
  const fresh = (request = makeCsr(keys[0])): Disk => {
    const disk = emptyDisk();
    disk.files.set('requests/break-glass-1.csr.pem', utf8(request));
    disk.files.set('requests/break-glass-2.csr.pem', utf8(makeCsr(keys[1])));
    return disk;
  };
  const spkiOf = ({ publicKey }: ReturnType<typeof newKey>): Bytes =>
    new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));

  it('make a self-signed CA with no CA below it, and certify the officer for TLS clients only', async () => {
    const disk = fresh();
    await done(disk, plan);
    const [ca, officer] = [new X509Certificate(fileOf(disk, CA)), new X509Certificate(fileOf(disk, FIRST))];
    assert.ok(ca.checkIssued(ca) && ca.verify(ca.publicKey) && officer.checkIssued(ca) && officer.verify(ca.publicKey));
    assert.equal(officer.subject.split('\n').at(-1), 'CN=TEST OFFICIER DE SECOURS 1');
    assert.match(ca.subject, /OU=IGC-SANTE TEST\nCN=TEST AC ACCES OFFICIERS$/);
    assert.deepEqual(viewOf(disk, FIRST).tbs.spki, spkiOf(keys[0]));
    assert.equal(accessAuthorityFault(viewOf(disk, CA).tbs), null);
    assert.equal(breakGlassFault(viewOf(disk, FIRST).tbs), null);
    assert.deepEqual(officer.keyUsage, ['1.3.6.1.5.5.7.3.2']);
    assert.equal(faultOf(disk, 'access'), null);
    // The two certificates cannot take each other's place, and no certificate of a hierarchy can
    // take theirs.
    assert.notEqual(accessAuthorityFault(viewOf(disk, FIRST).tbs), null);
    assert.notEqual(breakGlassFault(viewOf(disk, CA).tbs), null);
  });

  it('have the officer’s request in the transcript, and verify names it when missing or changed', async () => {
    const disk = fresh();
    await done(disk, plan);
    const path = 'requests/break-glass-1.csr.pem';
    const request = fileOf(disk, path);
    const altered = request.slice();
    altered[90] = (altered[90] ?? 0) ^ 1;
    disk.files.set(path, altered);
    assert.match(
      faultOf(disk, 'access') ?? '',
      /^requests\/break-glass-1\.csr\.pem: its SHA-256 differs from line \d+$/,
    );
    disk.files.delete(path);
    assert.equal(faultOf(disk, 'access'), `${path} does not exist`);
  });

  it('accept no CA of a hierarchy as the access CA', async () => {
    const disk = emptyDisk();
    await done(disk, testPlan('fort', policy));
    for (const id of ['acr-fo', 'aci-fo-pp', 'aci-fo-pp.ocsp']) {
      const { tbs } = viewOf(disk, `authorities/${id}.cer`);
      assert.notEqual(accessAuthorityFault(tbs), null, id);
      assert.notEqual(breakGlassFault(tbs), null, id);
    }
  });

  it('are resumed after a kill at any effect to the same end, with one certificate each', async () => {
    await killedAnywhere({ begun: fresh, plan }, ({ disk, where, halfWay }) => {
      for (const path of [CA, FIRST])
        if (halfWay.has(path)) assert.equal(disk.files.get(path), halfWay.get(path), where);
    });
  });

  it('certify another officer years later, after the key was compared with its certificate', async () => {
    const disk = fresh();
    await done(disk, plan);
    await done(disk, another, { now: LATER });
    assert.deepEqual(viewOf(disk, SECOND).tbs.spki, spkiOf(keys[1]));
    for (const id of ['access', 'break-glass']) assert.equal(faultOf(disk, id), null, id);
    const stranger = copyOf(disk);
    stranger.files.delete('ceremony/break-glass/transcript.ndjson');
    for (const path of [SECOND, 'ceremony/break-glass/plan.json', 'ceremony/break-glass/transcript.sig'])
      stranger.files.delete(path);
    const other = fresh();
    await done(other, plan);
    stranger.files.set(CA, fileOf(other, CA));
    assert.match(
      await refusal(stranger, another),
      /^artefact-wrong: key access on token access .* not the key of its certificate$/,
    );
  });

  it('certify nobody with a certificate that is not an access CA’s or has another issuer', async () => {
    const disk = fresh();
    await done(disk, plan);
    for (const path of [SECOND, FIRST]) disk.files.delete(path);
    const good = fileOf(disk, CA);
    const officer = copyOf(disk);
    const root = emptyDisk();
    await done(root, testPlan('fort', policy));
    officer.files.set(CA, fileOf(root, 'authorities/acr-fo.cer'));
    assert.match(
      await refusal(officer, another),
      /^artefact-wrong: authorities\/access\.cer .* extension 2\.5\.29\.32$/,
    );
    const altered = copyOf(disk);
    altered.files.set(
      CA,
      good.map((byte, place) => (place === good.length - 1 ? byte ^ 1 : byte)),
    );
    assert.match(
      await refusal(altered, another),
      /^artefact-wrong: authorities\/access\.cer .* not a usable CA certificate$/,
    );
    const none = copyOf(disk);
    none.files.delete(CA);
    assert.match(
      await refusal(none, another),
      /^missing: authorities\/access\.cer is needed first: .* run the same command again$/,
    );
  });

  it('refuse a key other than the plan’s, a weak key, and a request that its key did not sign', async () => {
    const naming = (publicKeySha256: string) =>
      planOf('access-authority', (edited) => Object.assign(edited.steps[CREATE] ?? {}, { publicKeySha256 }));
    await done(fresh(), naming(sha256(spkiOf(keys[0]))));
    assert.match(
      await refusal(fresh(), naming('0'.repeat(64))),
      /^artefact-wrong: .* the SHA-256 of its key is [0-9a-f]{64}$/,
    );
    const weak = makeCsr(generateKeyPairSync('rsa', { modulusLength: 2048 }));
    assert.match(await refusal(fresh(weak), plan), /^artefact-wrong: .* rsa-2048 key; allowed types: p-256, /);
    const der = Buffer.from(makeCsr(keys[0]).replace(/-----[^-]+-----|\n/g, ''), 'base64');
    der.writeUInt8(der.readUInt8(der.length - 1) ^ 1, der.length - 1);
    const body = der.toString('base64').replace(/.{64}/g, '$&\n');
    const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${body}\n-----END CERTIFICATE REQUEST-----\n`;
    const disk = fresh(forged);
    assert.match(await refusal(disk, plan), /^artefact-wrong: .* not signed by the key that it is for/);
    assert.ok(!disk.files.has(FIRST));
  });

  it('replace no existing file', async () => {
    for (const path of [CA, FIRST]) {
      const disk = fresh();
      disk.files.set(path, utf8('there'));
      assert.equal(
        await refusal(disk, plan),
        `output-exists: ${path} exists already, and this ceremony did not make it: ` +
          'use another folder, or find out where this file comes from',
      );
      assert.ok(!disk.files.has('ceremony/access/transcript.ndjson'));
    }
    const token = fresh();
    token.tokens.set('access', new Map());
    assert.match(await refusal(token, plan), /^output-exists: ceremony\/access\/access-token/);
  });

  it('need each certificate to have been shown before it was signed, or verify fails', async () => {
    const disk = fresh();
    await done(disk, plan);
    for (const path of [CA, FIRST]) {
      const withoutShowing = rewritten(linesOf(disk, 'access'), ({ action, result }) =>
        action === 'confirm' && result.artefact === path ? null : result,
      );
      const fault = faultIn(withoutShowing, disk) ?? '';
      assert.ok(fault.startsWith(`${path}: no line before`), path);
    }
  });

  it('report a certificate of any other form before anything is signed', async () => {
    const disk = fresh();
    await done(disk, plan);
    const ca = issuerOf(viewOf(disk, CA));
    assert.ok(ca.ok);
    const as = (path: string, issuer: typeof ca.value | null) =>
      accessFindings({ certificate: fileOf(disk, path) }, { signsWith: 'p-384', issuer });
    assert.deepEqual(as(CA, null), []);
    assert.deepEqual(as(FIRST, ca.value), []);
    assert.ok(as(CA, ca.value).includes('extension 2.5.29.19'));
    assert.ok(as(FIRST, null).includes('below another authority'));
  });

  it('need a plan that keeps the CA out of every hierarchy and shares its PIN', () => {
    assert.deepEqual(
      faultsOf((edited) => Object.assign(edited, { hierarchy: 'fort' })),
      ['/tokens/0/kind the access CA is in no hierarchy: hierarchy must be null'],
    );
    assert.ok(
      faultsOf((edited) =>
        Object.assign(edited.tokens[0] ?? {}, { pin: { kind: 'file', path: 'pins/access.pin' } }),
      ).some((fault) => fault.includes('in no file: `quorum` or `hsm`')),
    );
    assert.deepEqual(faultsOf((edited) => Object.assign(edited.tokens[0] ?? {}, { name: 'platform' })).slice(0, 1), [
      '/tokens/0/name must be access',
    ]);
    assert.deepEqual(
      faultsOf((edited) => Object.assign(edited.tokens[0] ?? {}, { folder: 'tokens/access' })),
      ['/tokens/0/folder must be ceremony/access/access-token'],
    );
    const strange = faultsOf((edited) => {
      const id = 'aci-fo-pp';
      edited.steps[2] = { do: 'generate-key', token: 'access', key: id, keyType: 'p-384' };
      Object.assign(edited.steps[3] ?? {}, { authority: id });
      Object.assign(edited.steps[CREATE] ?? {}, { authority: id });
    });
    assert.deepEqual(strange.slice(0, 2), [
      '/steps/2/key must be access, access-2, ...',
      '/steps/3/authority must be access, access-2, ...',
    ]);
    for (const keyType of ['rsa-2048', undefined])
      assert.deepEqual(
        faultsOf((edited) => Object.assign(edited.steps[2] ?? {}, { keyType })),
        ['/steps/2/keyType the policy does not set it: name one, stronger than rsa-2048'],
      );
    // Roots and issuing CAs are not made on the access CA's token, nor the access CA on theirs.
    const fort: EditablePlan = JSON.parse(new TextDecoder().decode(developmentPlanText('fort')));
    const root = fort.steps.find((step) => step.do === 'create-root') ?? {};
    assert.ok(
      faultsOf((edited) => {
        edited.steps[3] = { ...root, token: 'access', output: CA };
      }).includes('/steps/3/token needs a token of kind root'),
    );
  });

  it('need a plan that names the account, its request, and in production its key', () => {
    const edited = (members: object, file?: string) =>
      faultsOf((one) => {
        Object.assign(one.steps[file === undefined ? CREATE : 2] ?? {}, members);
      }, file);
    assert.deepEqual(edited({ request: 'requests/x.csr.pem' }), [
      '/steps/4/request must be requests/break-glass-1.csr.pem',
    ]);
    assert.ok(edited({ output: 'access/x.cer' }).includes('/steps/4/output must be access/break-glass-1.cer'));
    assert.ok(edited({ account: 'Someone' }).length > 0);
    assert.ok(edited({ days: 1_101 }).length > 0);
    assert.ok(edited({ commonName: ' x' }).length > 0);
    assert.deepEqual(edited({ force: true }), ['/steps/4/force is not a known member']);
    assert.deepEqual(
      faultsOf((one) => Object.assign(one.steps[3] ?? {}, { force: true })),
      ['/steps/3/force is not a known member'],
    );
    assert.deepEqual(
      faultsOf((one) => one.steps.splice(1, 1), 'break-glass-account'),
      ['/steps/1 a step read-key of access on access must come before'],
    );
    const production = (publicKeySha256: string) =>
      faultsOf((one) => {
        Object.assign(one, { environment: 'production' });
        Object.assign(one.steps[CREATE] ?? {}, { publicKeySha256 });
      }).filter((fault) => fault.includes('publicKeySha256'));
    assert.deepEqual(production('*'), [
      '/steps/4/publicKeySha256 `*`: name the hash of the key, or import the request in a bundle whose words are compared',
    ]);
    assert.deepEqual(production('0'.repeat(64)), []);
  });

  it('have minutes that show both certificates and name the account', async () => {
    const disk = fresh();
    await done(disk, plan);
    const html = minutesPage(disk, plan);
    for (const path of [CA, FIRST]) assert.ok(html.includes(`<h3>${path}</h3>`), path);
    assert.match(html, /certificat de secours pour le compte break-glass-1/);
    assert.match(html, /noRevAvail/);
  });
});
