/**
 * `pfcng lint`: published certificates and CRLs pass, the rule that a damaged one breaks is named,
 * and those of other CAs are checked against the standards only.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { makeSelfSigned } from '../../../support/servers/self-signed.js';
import type { IssuedCertificate } from '../../../support/service/client.js';
import { fromPem, toPem } from '../../../support/service/csr.js';
import { describeService } from '../../../support/service/describe-service.js';
import { ISSUING, ROOTS } from '../../../support/service/files.js';
import { openssl } from '../../../support/service/judges.js';
import { bodyOf } from '../../../support/service/orders.js';
import { runPfcng } from '../../../support/service/service.js';

type Report = {
  readonly kind: string;
  readonly ruleSet: string;
  readonly findings: readonly { readonly rule: string }[];
};

describeService('pfcng lint', { on: 'sqlite', party: true }, (running) => {
  const lint = (...args: readonly string[]) => runPfcng(running.shared.service.at, 'lint', ...args);
  async function reports(...args: readonly string[]): Promise<readonly Report[]> {
    const { stdout, stderr } = await lint('--json', ...args);
    assert.equal(stderr, '');
    return JSON.parse(stdout) as readonly Report[];
  }
  const rulesOf = (report: Report | undefined) => report?.findings.map(({ rule }) => rule);
  const issue = (profile: 'standard/cpe-signature' | 'elementaire/serv-ssl') =>
    running.cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyOf(profile) });
  /** Changes one byte of the signature at the end. */
  function spoilt(der: Buffer): Buffer {
    const copy = Buffer.from(der);
    copy.writeUInt8((copy.at(-1) ?? 0) ^ 1, copy.length - 1);
    return copy;
  }

  it('accepts our CAs, CRLs, OCSP responses and certificates, also complete chains in one file', async () => {
    const one = await issue('standard/cpe-signature');
    const chain = running.party.write('chain.pem', [one.certificate, ...one.chain].join(''));
    const answer = running.party.path('answer.der');
    const ca = running.party.path('aci-st-pp.pem');
    const leaf = running.party.write('leaf.pem', one.certificate);
    const url = `${running.shared.service.urls.publication}/ocsp`;
    await openssl(
      'ocsp',
      '-issuer',
      ca,
      '-cert',
      leaf,
      '-url',
      url,
      '-CAfile',
      running.party.path('acr-st.pem'),
      '-respout',
      answer,
    );
    const authorities = [...ROOTS, ...ISSUING];
    const all = [
      chain,
      answer,
      ...authorities.map((id) => running.party.path(`${id}.pem`)),
      ...authorities.map((id) => running.party.path(`${id}.crl.pem`)),
    ];
    const found = await reports(...all);
    // The addresses differ, because the test service has other ports than in the ceremonies.
    const moved = ['e_cps_ca_crl_distribution_point_is_roots', 'e_cps_policy_points_to_practice_statement'];
    const others = found.flatMap(({ ruleSet, findings }) => findings.map(({ rule }) => `${ruleSet} ${rule}`));
    assert.deepEqual(
      others.filter((one) => !moved.some((rule) => one.startsWith('ac') && one.endsWith(rule))),
      [],
    );
    assert.ok(others.length > 0, 'or nothing was looked at');
    assert.deepEqual(
      found.map(({ ruleSet }) => ruleSet),
      ['standard/cpe-signature', 'aci-st-pp', 'acr-st', 'aci-st-pp', ...authorities, ...authorities],
    );
    const { status, stdout } = await lint(leaf);
    assert.equal(status, 0);
    assert.match(
      stdout,
      /leaf\.pem: certificat \(standard\/cpe-signature\), \d+ règles, aucune anomalie \/ certificate/,
    );
  });

  it('reports the rule that a certificate violates under another profile, and exits with 1', async () => {
    const one = await issue('elementaire/serv-ssl');
    const file = running.party.write('server.pem', one.certificate);
    const [report] = await reports('--profile', 'elementaire/org-auth-cli', file);
    assert.ok(rulesOf(report)?.includes('e_cps_extended_key_usage_is_that_of_profile'), JSON.stringify(report));
    const { status, stdout } = await lint('--profile', 'elementaire/org-auth-cli', file);
    assert.equal(status, 1);
    assert.match(stdout, /^ {2}e_cps_extended_key_usage_is_that_of_profile: /m);
  });

  it('detects invalid signatures of certificates, CRLs and OCSP responses', async () => {
    const one = await issue('elementaire/serv-ssl');
    const [der] = fromPem(one.certificate);
    const crl = readFileSync(running.party.path('aci-el-org.crl.pem'), 'utf8');
    const answer = running.party.path('spoilt.der');
    const url = `${running.shared.service.urls.publication}/ocsp`;
    const leaf = running.party.write('good.pem', one.certificate);
    const names = [
      '-issuer',
      running.party.path('aci-el-org.pem'),
      '-cert',
      leaf,
      '-CAfile',
      running.party.path('acr-el.pem'),
    ];
    await openssl('ocsp', ...names, '-url', url, '-respout', answer);
    // The responder's certificate is the last one, and its signature does not verify any more.
    running.party.write('spoilt.der', spoilt(readFileSync(answer)));
    assert.ok(der !== undefined);
    const found = await reports(
      running.party.write('spoilt.pem', toPem('CERTIFICATE', spoilt(der))),
      running.party.write('spoilt.crl', spoilt(fromPem(crl)[0] ?? Buffer.alloc(0))),
      answer,
    );
    assert.deepEqual(
      found.map(({ ruleSet }) => ruleSet),
      ['public standards', 'aci-el-org', 'public standards'],
    );
    assert.deepEqual(rulesOf(found[1]), ['e_crl_signature_verifies']);
    assert.deepEqual(rulesOf(found[2]), ['e_ocsp_responder_id_is_signer']);
  });

  it('checks foreign files against public standards, and against their issuer if it is given', async () => {
    const make = async (name: string, subject: string, ...options: readonly string[]) => {
      const certificate = running.party.path(`${name}.pem`);
      await makeSelfSigned({ key: running.party.path(`${name}.key`), certificate, subject }, ...options);
      return certificate;
    };
    const usage = 'keyUsage=critical,keyCertSign,cRLSign';
    const foreign = await make('foreign', '/C=FR/O=Foreign/CN=Foreign', '-addext', usage);
    const list = ['-addext', 'crlDistributionPoints=URI:http://lists.example.org/foreign.crl'];
    const below = ['-CA', foreign, '-CAkey', running.party.path('foreign.key'), '-days', '10', ...list];
    const good = ['-addext', 'basicConstraints=CA:FALSE', '-addext', 'keyUsage=critical,digitalSignature'];
    const leaf = await make('leaf-of-foreign', '/C=FR/CN=leaf', ...below, ...good);
    const other = await make(
      'other',
      '/C=FR/CN=other',
      ...below,
      '-addext',
      'basicConstraints=CA:FALSE',
      '-addext',
      'keyUsage=keyEncipherment',
    );
    const [ofForeign, ofLeaf, ofOther] = await reports('--issuer', foreign, '--', foreign, leaf, other);
    assert.deepEqual([rulesOf(ofForeign), rulesOf(ofLeaf)], [[], []]);
    assert.deepEqual(rulesOf(ofOther), ['e_key_usage_is_critical', 'e_key_usage_of_ec_key_has_no_encipherment']);
    assert.equal((await lint(foreign)).status, 0);
  });

  it('goes on after a file that it cannot read, reports it, and exits with 1', async () => {
    const one = await issue('standard/cpe-signature');
    const good = running.party.write('readable.pem', one.certificate);
    const bad = running.party.write('unreadable.txt', 'no certificate');
    const missing = running.party.path('missing.pem');
    const { status, stdout, stderr } = await lint('--json', bad, missing, good, '--issuer', missing);
    assert.equal(status, 1);
    const found = JSON.parse(stdout) as readonly (Report & { readonly file: string })[];
    assert.deepEqual(
      found.map(({ file, findings }) => [file, findings.length]),
      [[good, 0]],
    );
    assert.match(stderr, /unreadable\.txt: not a certificate/);
    assert.equal(stderr.match(/missing\.pem: .*the file is missing/g)?.length, 2);
  });

  it('reports what it cannot read and what it expected', async () => {
    const text = running.party.write('text.txt', 'no certificate');
    const key = running.party.write('key.pem', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n');
    const { status, stdout, stderr } = await lint(text, key, running.party.path('none.pem'));
    assert.equal(status, 1);
    assert.equal(stdout, '');
    for (const fault of [
      /text\.txt: not a certificate, a CRL or an OCSP response, PEM or DER/,
      /key\.pem: a block PRIVATE KEY: a certificate, a CRL/,
      /none\.pem: .*the file is missing/,
    ])
      assert.match(stderr, fault);
    const astray = await lint(text, '--profile', 'fort/none');
    assert.equal(astray.status, 1);
    assert.match(astray.stderr, /--profile fort\/none: no such profile here/);
    const odd = [
      running.party.write('short.der', Buffer.from('30', 'hex')),
      running.party.write('empty.der', Buffer.from('3000', 'hex')),
      running.party.write(
        'cut.der',
        (fromPem(readFileSync(running.party.path('aci-el-org.pem'), 'utf8'))[0] ?? Buffer.alloc(0)).subarray(0, 300),
      ),
    ];
    for (const file of odd) {
      const answer = await lint(file);
      assert.equal(answer.status, 1, answer.stdout);
      assert.doesNotMatch(answer.stderr, /^\s+at /m);
    }
  });
});
