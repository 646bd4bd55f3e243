/**
 * Founding certificates, by the example plans that ship: without them, a new installation has
 * nobody who may call its API.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { verifyFounding } from '../../../../src/ceremony/verify/founding.js';
import { utf8 } from '../../../../src/kernel/bytes.js';
import { sha256Hex } from '../../../../src/kernel/digest.js';
import { checkCertificate } from '../../../../src/lint/certificate/lint.js';
import { readIssuer } from '../../../../src/x509/certificate/issuer.js';
import type { Issuer } from '../../../../src/x509/model.js';
import { type Disk, NOW, testPolicy } from '../../../support/ceremony/fake-world.js';
import {
  AGAIN,
  chainOf,
  type EditablePlan,
  FOUNDING_FORT,
  foundingCeremonies,
  LATER,
  OFFICER,
  OTHER_OFFICER,
  REGAIN,
} from '../../../support/ceremony/founding.js';
import { copyOf, faultIn, faultOf, fileOf, linesOf, rewritten } from '../../../support/ceremony/in-memory.js';
import { minutesPage } from '../../../support/ceremony/minutes.js';
import { makeCsr, makeKey } from '../../../support/service/csr.js';

const SERVER = 'ceremony/elementaire/founding/api.cer';
const STEP = 'create-founding-certificate';

function stepsOf({ steps }: EditablePlan): Record<string, unknown>[] {
  return steps.filter((step) => step.do === STEP);
}

describe('founding certificates', () => {
  const policy = testPolicy();
  const { keys, planOf, fresh, founded, done, run, refusal, faultsOf, killedAnywhere } = foundingCeremonies(policy);
  let fort: Disk;
  const textOf = (disk: Disk, path: string): string => new TextDecoder().decode(fileOf(disk, path));
  const certificate = (disk: Disk, path: string) => new X509Certificate(fileOf(disk, path));

  before(async () => {
    fort = await founded();
  });

  it('are ordinary certificates of their profile, with the holder of the plan and the key of the request', () => {
    const issuer = readIssuer({
      id: 'aci-fo-pp' as Issuer['id'],
      authority: 'aci-fo-pp',
      generation: 1,
      hierarchy: 'fort',
      kind: 'issuing',
      certificate: fileOf(fort, 'authorities/aci-fo-pp.cer'),
    });
    const profile = policy.profiles.get('fort/cps-authentication');
    assert.ok(issuer.ok && profile !== undefined);
    for (const path of [OFFICER, OTHER_OFFICER]) {
      const given = { certificate: fileOf(fort, path), issuer: issuer.value, profile, environment: policy.environment };
      assert.ok(checkCertificate({ ...given, now: NOW }).ok, path);
    }
    const officer = certificate(fort, OFFICER);
    assert.match(officer.subject, /CN=810000000017/);
    assert.ok(officer.publicKey.equals(keys['officer-1']?.publicKey ?? assert.fail()));
    assert.equal(faultOf(fort, 'fort'), null);
  });

  it('are followed by the certificate of their CA in a file that a TLS server can send', async () => {
    const elementaire = await founded('founding-elementaire');
    const [own = '', ca = '', ...more] = textOf(elementaire, chainOf(SERVER)).split(/(?<=-----END CERTIFICATE-----\n)/);
    assert.equal(more.join(''), '');
    assert.deepEqual(new Uint8Array(new X509Certificate(own).raw), fileOf(elementaire, SERVER));
    assert.deepEqual(new Uint8Array(new X509Certificate(ca).raw), fileOf(elementaire, 'authorities/aci-el-org.cer'));
    assert.equal(certificate(elementaire, SERVER).subjectAltName, 'DNS:localhost, IP Address:127.0.0.1');
    assert.equal(faultOf(elementaire, 'elementaire'), null);
  });

  it('are signed in a later ceremony, on the online token of the CA alone', async () => {
    const disk = copyOf(fort);
    await done(disk, planOf(REGAIN), { now: LATER });
    assert.equal(Date.parse(certificate(disk, AGAIN).validFrom), LATER);
    assert.equal(faultOf(disk, 'regain-access'), null);
  });

  it('are made once, whole and with their chain, wherever the ceremony is killed', async () => {
    const plan = planOf(REGAIN);
    await killedAnywhere({ begun: () => copyOf(fort), plan }, ({ disk, where, halfWay }) => {
      for (const path of [AGAIN, chainOf(AGAIN)])
        if (halfWay.has(path)) assert.equal(disk.files.get(path), halfWay.get(path), where);
      assert.ok(disk.files.has(chainOf(AGAIN)), where);
    });
  });

  it('are shown with their account before they are signed, and are in the transcript and the minutes', async () => {
    const seen: string[] = [];
    const disk = copyOf(fort);
    const plan = planOf(REGAIN);
    const { outcome } = run(disk, plan, { now: LATER, people: { show: (line) => void seen.push(line) } });
    assert.ok((await outcome).ok);
    assert.ok(
      seen.some((line) => /compte \/ account +officer-1 \(Development officer 1\): officer; \* \| \*/.test(line)),
    );
    const line = linesOf(disk, plan.id).find((one) => one.includes(`"action":"${STEP}"`)) ?? assert.fail();
    const { result } = JSON.parse(line);
    assert.deepEqual(result.account.roles, ['officer']);
    assert.equal(result.holder.idNat, '810000000017');
    assert.deepEqual(Object.keys(result.files), [chainOf(AGAIN), 'requests/officer-1-again.csr.pem']);
    const html = minutesPage(disk, plan);
    assert.match(
      html,
      /certificat d(?:'|&#39;)amorçage fort\/cps-authentication .*officer-1-again\.cer, compte officer-1/,
    );
    assert.match(html, /Compte de l&#39;API|Compte de l'API/);
    assert.ok(html.includes(`<h3>${AGAIN}</h3>`));
    const withoutShowing = rewritten(linesOf(disk, plan.id), (entry) =>
      entry.action === 'confirm' && entry.result.artefact === AGAIN ? null : entry.result,
    );
    assert.match(faultIn(withoutShowing, disk) ?? '', /no line before line \d+ records that it was shown/);
  });

  it('do not verify with another account, holder, request, certificate or chain', async () => {
    // The signature of a ceremony key would hide that the lines differ from the plan.
    const unsigned = planOf(FOUNDING_FORT, (plan) => {
      plan.steps = plan.steps.filter(({ key }) => key !== 'ceremony-fort');
      Reflect.deleteProperty(plan, 'transcriptKey');
    });
    const fort = fresh();
    await done(fort, unsigned);
    const changed = (edit: (result: Record<string, unknown>) => void): string | null => {
      const lines = rewritten(linesOf(fort, 'fort'), ({ action, result }) => {
        const copy = structuredClone(result) as Record<string, unknown>;
        if (action === STEP) edit(copy);
        return copy as typeof result;
      });
      return faultIn(lines, fort);
    };
    assert.match(changed((result) => Object.assign(result, { account: null })) ?? '', /account differs from the plan/);
    assert.match(changed((result) => Object.assign(result, { holder: null })) ?? '', /holder differs from the plan/);
    assert.match(changed((result) => Object.assign(result, { profile: 'x' })) ?? '', /profile differs from the plan/);
    assert.match(
      changed((result) => Reflect.deleteProperty(result.files as object, chainOf(OFFICER))) ?? '',
      /it lacks .*officer-1\.chain\.pem/,
    );
    const others = new Map([[OFFICER, fileOf(fort, OTHER_OFFICER)]]);
    assert.match(faultIn(linesOf(fort, 'fort'), fort, others) ?? '', /officer-1\.cer: its SHA-256 differs/);
    // A chain of another certificate, with a hash that fits.
    const stranger = fileOf(fort, chainOf(OTHER_OFFICER));
    const lines = rewritten(linesOf(fort, 'fort'), ({ result }) => {
      const { files } = result;
      const isOfFirst = typeof files === 'object' && files !== null && chainOf(OFFICER) in files;
      return isOfFirst ? { ...result, files: { ...files, [chainOf(OFFICER)]: sha256Hex(stranger) } } : result;
    });
    assert.match(
      faultIn(lines, fort, new Map([[chainOf(OFFICER), stranger]])) ?? '',
      /officer-1\.chain\.pem: not the certificate of its line, followed by that of its CA/,
    );
  });

  it('are not taken from another certificate of the CA that is at their place after an interruption', async () => {
    const plan = planOf(REGAIN);
    const disk = copyOf(fort);
    await assert.rejects(
      run(disk, plan, {
        tamper: (effect) => {
          if (effect === `create ${AGAIN}`) throw new Error('stopped');
        },
      }).outcome,
    );
    disk.files.set(AGAIN, fileOf(fort, OFFICER));
    assert.match(await refusal(disk, plan), /^artefact-wrong: .*officer-1-again\.cer .*not for the key/);
    // The key is right, and the holder is another one.
    const forged = copyOf(disk);
    const [step] = stepsOf(JSON.parse(new TextDecoder().decode(plan.text)));
    const other = copyOf(fort);
    await done(
      other,
      planOf(REGAIN, (edited) =>
        Object.assign(stepsOf(edited)[0] ?? {}, { holder: { ...(step?.holder as object), surname: 'AUTRE' } }),
      ),
    );
    forged.files.set(AGAIN, fileOf(other, AGAIN));
    assert.match(
      await refusal(forged, plan),
      /^artefact-wrong: .* not the certificate that the policy makes of this plan$/,
    );
  });

  it('are refused for another key than that of the plan, a weak key, and a key without proof of possession', async () => {
    const naming = (publicKeySha256: string) =>
      planOf(REGAIN, (edited) => Object.assign(stepsOf(edited)[0] ?? {}, { publicKeySha256 }));
    const spki = keys['officer-1-again']?.publicKey.export({ type: 'spki', format: 'der' }) ?? assert.fail();
    await done(copyOf(fort), naming(sha256Hex(new Uint8Array(spki))));
    assert.match(await refusal(copyOf(fort), naming('0'.repeat(64))), /^artefact-wrong: .* the SHA-256 of its key is /);
    const withRequest = (csr: string): Disk => {
      const disk = copyOf(fort);
      disk.files.set('requests/officer-1-again.csr.pem', utf8(csr));
      return disk;
    };
    assert.match(
      await refusal(withRequest(makeCsr(makeKey('p-521'))), planOf(REGAIN)),
      /refused: \/csr: an EC key on p-521 is not one of .* \(key-type-allowed\)$/,
    );
    const [good, other] = [makeCsr(makeKey()), makeCsr(makeKey())].map((pem) =>
      Buffer.from(pem.replace(/-----[^-]+-----|\n/g, ''), 'base64'),
    );
    assert.ok(good !== undefined && other !== undefined);
    other.copy(good, good.length - 32, other.length - 32);
    const body = good.toString('base64').replace(/.{1,64}/g, '$&\n');
    const stolen = `-----BEGIN CERTIFICATE REQUEST-----\n${body}-----END CERTIFICATE REQUEST-----\n`;
    const disk = withRequest(stolen);
    assert.match(await refusal(disk, planOf(REGAIN)), /^artefact-wrong: .*request-signature-verifies/);
    assert.ok(!disk.files.has(AGAIN));
  });

  it('replace no existing file', async () => {
    for (const path of [AGAIN, chainOf(AGAIN)]) {
      const disk = copyOf(fort);
      disk.files.set(path, utf8('there'));
      assert.match(await refusal(disk, planOf(REGAIN)), /^output-exists: /);
    }
  });

  it('need a plan whose holder, profile, places and account fit, and name each fault', () => {
    const edited = (members: object, example = REGAIN) =>
      faultsOf(example, (plan) => Object.assign(stepsOf(plan)[0] ?? {}, members));
    const at = '/steps/2';
    assert.deepEqual(edited({ request: 'requests/x.csr.pem' }), [
      `${at}/request must be requests/officer-1-again.csr.pem`,
    ]);
    assert.ok(
      edited({ output: 'founding/x.cer' }).includes(`${at}/output must be ceremony/regain-access/founding/NAME.cer`),
    );
    assert.deepEqual(edited({ profile: 'elementaire/serv-ssl' }).slice(0, 1), [
      `${at}/profile must be fort/cps-authentication, fort/cps-signature`,
    ]);
    assert.match(edited({ profile: 'fort/ocsp-pp' })[0] ?? '', /\/profile is for the platform itself/);
    assert.match(
      edited({ profile: 'fort/cps-signature' })[0] ?? '',
      /\/account this profile does not authenticate accounts/,
    );
    const holder = {
      kind: 'professional',
      idNat: '810000000018',
      givenName: 'A',
      surname: 'B',
      profession: '10',
      title: 'Médecin',
    };
    assert.match(edited({ holder })[0] ?? '', /^\/steps\/2\/holder\/idNat .*\([a-z-]+\)$/);
    assert.deepEqual(edited({ holder: { ...holder, kind: 'server' } }).length > 0, true);
    assert.match(edited({ identity: undefined })[0] ?? '', /^\/steps\/2\/identity .*\(identity-required\)$/);
    assert.match(edited({ keyOrigin: 'software' })[0] ?? '', /^\/steps\/2\/keyOrigin .*\(key-origin\)$/);
    assert.match(edited({ card: undefined })[0] ?? '', /^\/steps\/2\/card .*\(card-required\)$/);
    const scope = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['8*1'] };
    const account = { id: 'officer-1', name: 'Officer', roles: ['officer'], scope };
    assert.match(edited({ account })[0] ?? '', /^\/steps\/2\/account\/scope\/holders\/0 an IdNat, or a prefix/);
    assert.ok(
      edited({ account: { ...account, roles: ['root'] } }).some((one) => one.startsWith(`${at}/account/roles/0`)),
    );
    for (const id of ['Officer 1', 'system'])
      assert.ok(edited({ account: { ...account, id } }).some((one) => one.startsWith(`${at}/account/id`)));
    assert.ok(edited({ account: { ...account, disabled: true } }).some((one) => one.includes('/account/disabled')));
    assert.deepEqual(edited({ force: true }), [`${at}/force is not a known member`]);
    assert.deepEqual(edited({ token: 'root-fort' }).slice(0, 1), [`${at}/token no token root-fort in /tokens`]);
    assert.deepEqual(
      faultsOf(REGAIN, (plan) => plan.steps.splice(1, 1)),
      ['/steps/1 a step read-key of aci-fo-pp on ca-fort must come before'],
    );
    const server = { ...account, scope: { ...scope, holders: ['*'] } };
    assert.match(edited({ account: server }, 'founding-elementaire')[0] ?? '', /a server has no account$/);
  });

  it('name each account and each key once in a plan, and in production every key', () => {
    const twice = faultsOf(FOUNDING_FORT, (plan) => {
      const [first, second] = stepsOf(plan);
      for (const step of [first, second]) Object.assign(step ?? {}, { publicKeySha256: 'a'.repeat(64) });
      Object.assign(second ?? {}, { account: first?.account });
    });
    assert.deepEqual(
      twice.map((fault) => fault.replace(/^\/steps\/\d+/, '')),
      ['/account/id an earlier step names it already', '/publicKeySha256 an earlier step names it already'],
    );
    const production = faultsOf(REGAIN, (plan) => Object.assign(plan, { environment: 'production' }));
    assert.ok(production.some((fault) => /^\/steps\/2\/publicKeySha256 `\*`: name the hash of the key/.test(fault)));
  });

  it('need their requests, and say which file is missing', async () => {
    const disk = fresh();
    disk.files.delete('requests/officer-2.csr.pem');
    assert.match(await refusal(disk, planOf(FOUNDING_FORT)), /^missing: requests\/officer-2\.csr\.pem is needed first/);
    assert.equal(disk.files.has('ceremony/fort/transcript.ndjson'), false, 'nothing begins');
  });

  it('are not used if their plan would be refused today, and the error says why', () => {
    const verified = verifyFounding({
      ceremony: 'fort',
      lines: linesOf(fort, 'fort'),
      artefacts: (path) => fort.files.get(path) ?? null,
      policy: { ...policy, environment: { ...policy.environment, mark: 'production' } },
    });
    assert.ok(!verified.ok);
    assert.match(
      verified.error,
      /^ceremony\/fort\/plan\.json#\/environment: the policy is of the production environment/,
    );
  });
});
