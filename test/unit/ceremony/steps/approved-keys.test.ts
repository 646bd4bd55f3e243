/**
 * The token of OCSP responders is replaced years later: the CAs approve its keys, by the example
 * plans that ship.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createChecker } from '../../../../hsm/signer/check.js';
import { type Bytes, utf8 } from '../../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../../src/kernel/duration.js';
import { policyDocument } from '../../../../src/policy/transfer.js';
import type { IssuerId } from '../../../../src/ports/signer.js';
import { readCertificate } from '../../../../src/x509/certificate/certificate-reader.js';
import { type Disk, emptyDisk, Killed, NOW, testPlan, testPolicy } from '../../../support/ceremony/fake-world.js';
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

type Step = Record<string, unknown> & { keys?: Record<string, unknown>[] };
type EditablePlan = Record<string, unknown> & { steps: Step[]; outputs: string[] };
type Edit = (plan: EditablePlan) => unknown;

const LATER = NOW + 1_000 * DAY_MS;
const REQUESTED = 'bundles/ocsp-ask.json';
const INCOMING = 'incoming/ocsp-request.json';
const FIRST_REQUEST = 'requests/aci-el-pp.ocsp.csr.pem';
const CERTIFICATES = [
  'authorities/aci-el-pp.ocsp-key-2.cer',
  'authorities/aci-el-org.ocsp-key-2.cer',
  'authorities/aci-el-org.ocsp-key-3.cer',
] as const;
const sha256 = (bytes: Bytes): string => createHash('sha256').update(bytes).digest('hex');

describe('keys of OCSP responders that a later ceremony approves', () => {
  const policy = testPolicy();
  const { run, done, refusal, killedAnywhere, ...plans } = inMemory(policy, { now: LATER });
  const planOf = (file: string, edit: Edit = () => undefined) => plans.planOf(editedExample(file, edit));
  const faultsOf = (file: string, edit: Edit) => plans.faultsOf(editedExample(file, edit));
  const spkiOf = (der: Bytes): Bytes => {
    const read = readCertificate(der);
    assert.ok(read.ok);
    return read.value.tbs.spki;
  };

  const approval = planOf('approve-ocsp-keys');
  const home = emptyDisk();
  const elsewhere = emptyDisk();
  before(async () => {
    await done(home, testPlan('elementaire', policy), { now: NOW });
    await done(elsewhere, planOf('new-ocsp-token'));
  });
  /** A plan that names the first key by its hash. */
  const naming = (publicKeySha256: string, edit: Edit = () => undefined) =>
    planOf('approve-ocsp-keys', (plan) => {
      edit(plan);
      const [key] = plan.steps.find((step) => step.do === 'approve-ocsp-keys')?.keys ?? [];
      Object.assign(key ?? {}, { publicKeySha256 });
    });
  const firstKey = (): string =>
    sha256(elsewhere.tokens.get('ocsp-elementaire')?.get('aci-el-pp')?.spki ?? assert.fail());
  /** The home of the CAs' token, with the requests that were carried there. */
  const homeWith = (bundle: Bytes = fileOf(elsewhere, REQUESTED)): Disk => {
    const disk = copyOf(home);
    disk.files.set(INCOMING, bundle);
    return disk;
  };

  it('are certified by their CA, P-256 and RSA, each for the key on the new token only', async () => {
    const disk = homeWith();
    await done(disk, approval);
    const keys = elsewhere.tokens.get('ocsp-elementaire');
    const labels = ['aci-el-pp', 'aci-el-org', 'aci-el-org.rsa-2048'];
    for (const [at, path] of CERTIFICATES.entries())
      assert.deepEqual(spkiOf(fileOf(disk, path)), keys?.get(labels[at] ?? '')?.spki, path);
    assert.equal(faultOf(disk, 'ocsp-approve'), null);
    assert.equal(faultOf(elsewhere, 'ocsp-ask'), null);
    // The certificates in use are unchanged.
    assert.equal(disk.files.get('authorities/aci-el-pp.ocsp.cer'), home.files.get('authorities/aci-el-pp.ocsp.cer'));
  });

  it('are approved after a kill at any effect, with one certificate for each key', async () => {
    await killedAnywhere({ begun: homeWith, plan: approval }, ({ disk, where, halfWay }) => {
      for (const path of CERTIFICATES)
        if (halfWay.has(path)) assert.equal(disk.files.get(path), halfWay.get(path), where);
    });
  });

  it('are refused when they are approved already, under any number or CA', async () => {
    const disk = homeWith();
    await done(disk, approval);
    const again = planOf('approve-ocsp-keys', (plan) => {
      Object.assign(plan, { id: 'again', transcriptKey: { token: 'ca-elementaire', key: 'ceremony-again' } });
      plan.steps = plan.steps.filter((step) => step.do !== 'import-bundle' && step.do !== 'export-bundle');
      Object.assign(plan.steps[0] ?? {}, { key: 'ceremony-again' });
      for (const step of plan.steps)
        for (const key of step.keys ?? [])
          key.output = `${key.output}`.replace(/\d/, (digit) => `${Number(digit) + 5}`);
      plan.outputs = plan.steps.flatMap(({ keys = [] }) => keys.map(({ output }) => `${output}`));
    });
    assert.match(
      await refusal(disk, again),
      /^artefact-wrong: requests\/aci-el-pp\.ocsp\.csr\.pem .* its key is approved by authorities\/aci-el-pp\.ocsp-key-2\.cer already$/,
    );
    // The key in use is approved by its own certificate, also when that certificate is of another
    // CA.
    for (const other of ['authorities/aci-el-pp.ocsp.cer', 'authorities/aci-el-org.ocsp.cer']) {
      const known = homeWith();
      known.files.set(other, fileOf(disk, CERTIFICATES[0]));
      assert.match(await refusal(known, approval), new RegExp(`its key is approved by ${other} already$`));
    }
    // A later generation of any CA counts as well.
    for (const [generation, other] of [
      ['aci-el-pp-2', 'authorities/aci-el-pp-2.ocsp.cer'],
      ['aci-el-org-2', 'authorities/aci-el-org-2.ocsp-rsa-2048.cer'],
      ['aci-el-org-3', 'authorities/aci-el-org-3.ocsp-key-2.cer'],
    ] as const) {
      const known = homeWith();
      known.files.set(`authorities/${generation}.cer`, fileOf(disk, 'authorities/aci-el-org.cer'));
      known.files.set(other, fileOf(disk, CERTIFICATES[0]));
      assert.match(await refusal(known, approval), new RegExp(`its key is approved by ${other} already$`));
    }
  });

  it('never replace an existing certificate file', async () => {
    const disk = homeWith();
    disk.files.set(CERTIFICATES[1], utf8('there'));
    assert.equal(
      await refusal(disk, approval),
      `output-exists: ${CERTIFICATES[1]} exists already,` +
        ` and this ceremony did not make it: use another folder, or find out where this file comes from`,
    );
    assert.ok(!disk.files.has('ceremony/ocsp-approve/transcript.ndjson'));
  });

  it('are refused when not in the plan, for another CA, or of a type that the policy does not allow', async () => {
    await done(homeWith(), naming(firstKey()));
    assert.match(await refusal(homeWith(), naming('0'.repeat(64))), /the SHA-256 of its key is [0-9a-f]{64}$/);
    const crossed = planOf('approve-ocsp-keys', (plan) => {
      const [first, second] = plan.steps.filter((step) => step.do === 'approve-ocsp-keys');
      Object.assign(first?.keys?.[0] ?? {}, { request: second?.keys?.[0]?.request });
    });
    assert.match(await refusal(homeWith(), crossed), /not for the name of the responder of aci-el-pp$/);
    const expired = Date.parse('2029-01-02T00:00:00Z');
    assert.match(
      await refusal(homeWith(), approval, { now: expired }),
      /rsa-2048 key; allowed types: rsa-3072, rsa-4096, p-256, p-384$/,
    );
  });

  it('are not certified for a request that its key did not sign', async () => {
    const disk = copyOf(home);
    for (const path of approval.outputs.filter((one) => one.startsWith('requests/')))
      disk.files.set(path, fileOf(elsewhere, path));
    const lines = new TextDecoder().decode(fileOf(elsewhere, FIRST_REQUEST)).split('\n');
    const der = Buffer.from(lines.filter((line) => !line.startsWith('-')).join(''), 'base64');
    der.writeUInt8(der.readUInt8(der.length - 1) ^ 1, der.length - 1);
    const body = der.toString('base64').replace(/.{64}/g, '$&\n');
    const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${body}\n-----END CERTIFICATE REQUEST-----\n`;
    disk.files.set(FIRST_REQUEST, utf8(pem));
    const local = planOf('approve-ocsp-keys', (plan) => {
      plan.steps = plan.steps.filter((step) => step.do !== 'import-bundle');
      plan.outputs = plan.outputs.filter((path) => !path.startsWith('requests/'));
    });
    assert.match(await refusal(disk, local), /^artefact-wrong: .* not signed by the key that it is for/);
    assert.ok(CERTIFICATES.every((path) => !disk.files.has(path)));
  });

  it('need plans with the file names of signers, and in production with each key or its bundle', () => {
    const first = (plan: EditablePlan) => plan.steps.find((step) => step.do === 'approve-ocsp-keys')?.keys?.[0] ?? {};
    for (const output of ['authorities/aci-el-pp.ocsp-key-1.cer', 'authorities/aci-el-org.ocsp-key-9.cer', 'x.cer'])
      assert.ok(
        faultsOf('approve-ocsp-keys', (plan) => Object.assign(first(plan), { output })).includes(
          '/steps/4/keys/0/output must be authorities/aci-el-pp.ocsp-key-<2-99>.cer',
        ),
        output,
      );
    assert.deepEqual(
      faultsOf('approve-ocsp-keys', (plan) => {
        const keys = plan.steps[5]?.keys ?? [];
        Object.assign(keys[1] ?? {}, { request: keys[0]?.request });
      }),
      ['/steps/5/keys/1/request asked for twice'],
    );
    assert.deepEqual(
      faultsOf('approve-ocsp-keys', (plan) => plan.steps.splice(1, 1)),
      ['/steps/3 a step read-key of aci-el-pp on ca-elementaire must come before'],
    );
    const production = (edit: Edit) =>
      faultsOf('approve-ocsp-keys', (plan) => {
        Object.assign(plan, { environment: 'production' });
        edit(plan);
      }).filter((fault) => fault.includes('publicKeySha256'));
    assert.deepEqual(
      production(() => undefined),
      [],
    );
    assert.equal(production((plan) => plan.steps.splice(3, 1)).length, 3);
    assert.deepEqual(
      faultsOf('new-ocsp-token', (plan) => Object.assign(plan.steps[7] ?? {}, { subjectKey: 'aci-el-pp' })),
      ['/steps/7/subjectKey must be aci-el-org'],
    );
    assert.deepEqual(
      faultsOf('new-ocsp-token', (plan) => {
        Object.assign(plan.steps[5] ?? {}, { output: 'requests/x.csr.pem' });
        plan.outputs[0] = 'requests/x.csr.pem';
        (plan.steps[8]?.files as string[])[0] = 'requests/x.csr.pem';
      }),
      ['/steps/5/output must be requests/aci-el-pp.ocsp.csr.pem'],
    );
    for (const file of ['approve-ocsp-keys', 'new-ocsp-token'] as const) {
      const at = file === 'approve-ocsp-keys' ? 4 : 5;
      assert.deepEqual(
        faultsOf(file, (plan) => Object.assign(plan.steps[at] ?? {}, { force: true })),
        [`/steps/${at}/force is not a known member`],
      );
    }
    assert.deepEqual(
      faultsOf('approve-ocsp-keys', (plan) => Object.assign(first(plan), { force: true })),
      ['/steps/4/keys/0/force is not a known member'],
    );
  });

  it('stop the signer of the CA when any byte of a listed certificate is changed', async () => {
    const disk = homeWith();
    await done(disk, approval);
    const issuer = 'aci-el-pp' as IssuerId;
    const [path] = CERTIFICATES;
    const good = fileOf(disk, path);
    const judgeWith = (certificate: Bytes) =>
      createChecker({
        tokenKind: 'ca',
        hierarchy: 'elementaire',
        environmentMark: 'development',
        policy: policyDocument(policy),
        issuers: [
          {
            id: issuer,
            keyType: 'p-256',
            certificate: fileOf(disk, `authorities/${issuer}.cer`),
            authorityCertificate: null,
            approvedResponders: [{ file: path, certificate }],
          },
        ],
        clock: () => LATER,
      });
    await judgeWith(good);
    for (let at = 0; at < good.length; at += 1) {
      const altered = good.map((byte, place) => (place === at ? byte ^ 1 : byte));
      await assert.rejects(
        judgeWith(altered),
        /aci-el-pp\.ocsp-key-2\.cer is not a certificate of a responder/,
        `${at}`,
      );
    }
  });

  it('stop a resumed ceremony when altered, and verify finds one of another key or CA', async () => {
    const disk = homeWith();
    const tamper = (effect: string) => {
      if (effect === 'create bundles/ocsp-approve.json') throw new Killed(effect);
    };
    await assert.rejects(run(disk, approval, { tamper }).outcome, Killed);
    const altered = copyOf(disk);
    altered.files.set(CERTIFICATES[1], fileOf(disk, CERTIFICATES[2]));
    assert.match(await refusal(altered, approval), /not for the key requests\/aci-el-org\.ocsp\.csr\.pem/);
    await done(disk, approval);
    /** The fault found in a transcript that was rewritten around another file. */
    const forgedWith = (path: string, content: Bytes): string | null => {
      const forged = rewritten(linesOf(disk, 'ocsp-approve'), ({ result }) => {
        const { files } = result;
        const named = typeof files === 'object' && files !== null && path in files;
        return named ? { ...result, files: { ...files, [path]: sha256(content) } } : result;
      });
      return faultIn(forged, disk, new Map([[path, content]]));
    };
    assert.match(
      forgedWith(CERTIFICATES[1], fileOf(disk, CERTIFICATES[2])) ?? '',
      /^authorities\/aci-el-org\.ocsp-key-2\.cer: not the certificate of a key of line \d+$/,
    );
    assert.match(
      forgedWith(CERTIFICATES[1], fileOf(disk, CERTIFICATES[0])) ?? '',
      /^authorities\/aci-el-org\.ocsp-key-2\.cer: not signed with the key of aci-el-org$/,
    );
  });

  it('are compared with the keys of the plan by verify', async () => {
    const disk = homeWith();
    // Only a quorum can also forge the signature of the transcript key, so this plan has no such
    // key.
    const unsigned: Edit = (plan) => {
      delete plan.transcriptKey;
      plan.steps = plan.steps.filter(({ do: what }) => what !== 'generate-key' && what !== 'export-bundle');
      plan.outputs = plan.outputs.filter((path) => !path.startsWith('bundles/'));
    };
    await done(disk, naming(firstKey(), unsigned));
    assert.equal(faultOf(disk, 'ocsp-approve'), null);
    const path = 'ceremony/ocsp-approve/plan.json';
    const plan = utf8(new TextDecoder().decode(fileOf(disk, path)).replace(firstKey(), '0'.repeat(64)));
    const forged = rewritten(linesOf(disk, 'ocsp-approve'), ({ action, result }) =>
      action === 'begin' ? { ...result, planSha256: sha256(plan) } : result,
    );
    const fault = faultIn(forged, disk, new Map([[path, plan]]));
    assert.match(fault ?? 'holds', /aci-el-pp\.ocsp-key-2\.cer is not for the key that the plan states$/);
  });

  it('fail in verify when a certificate was not shown before it was signed', async () => {
    const disk = homeWith();
    await done(disk, approval);
    const withoutShowing = rewritten(linesOf(disk, 'ocsp-approve'), ({ action, result }) =>
      action === 'confirm' && result.artefact === CERTIFICATES[2] ? null : result,
    );
    assert.match(faultIn(withoutShowing, disk) ?? '', /^authorities\/aci-el-org\.ocsp-key-3\.cer: no line before/);
  });

  it('are listed as approved in the minutes, with their hashes and certificates', async () => {
    const disk = homeWith();
    await done(disk, approval);
    const html = minutesPage(disk, approval);
    for (const path of CERTIFICATES) {
      assert.ok(html.includes(path) && html.includes(sha256(spkiOf(fileOf(disk, path)))), path);
      assert.ok(html.includes(`<h3>${path}</h3>`), path);
    }
    assert.match(html, /approuvée <span class="en" lang="en">approved<\/span>/);
    assert.match(html, /approbation de clés de répondeurs OCSP de aci-el-org\s: 2/);
  });
});
