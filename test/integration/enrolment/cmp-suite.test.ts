/**
 * What a public conformance suite of CMP (siemens/cmp-test-suite) does with the profile that is
 * made for it. Without these tests the suite could not even be set up, and a certificate of another
 * profile could get the rights that it has.
 */
import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { bitString, namedBits, octetString, oid, seq, tagged } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { algorithmIdentifier } from '../../../src/cmp/elements.js';
import { decodeMessage } from '../../../src/cmp/message.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, utf8 } from '../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import type { Json } from '../../../src/kernel/json.js';
import { createCmpBench, ORGANISATION } from '../../support/cmp/bench.js';
import {
  type Credentials,
  certReqMsg,
  cn,
  IMPLICIT_CONFIRM,
  outcomeOf,
  revocationOf,
  sha256,
  templateFor,
  viewOf,
} from '../../support/cmp/client.js';
import { nameValue } from '../../support/cmp/template.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { registration } from '../../support/enrolment/registrations.js';
import { csrDer, makeKey } from '../../support/service/csr.js';
import { NOW, orderFor } from '../../unit/policy/fixtures.js';

const SUITE = 'elementaire/cmp-suite';
const IMPLICIT = { header: { generalInfo: [IMPLICIT_CONFIRM] } };
type Answer = Parameters<typeof outcomeOf>[0];

/** digitalSignature and keyAgreement, as the suite asks for keys on P-256. */
const KEY_USAGE = { oid: OID.keyUsage, critical: true, value: namedBits([0, 4]) };

describeOnEach('the profile of a conformance suite of CMP', ({ opened }) => {
  let bench: Awaited<ReturnType<typeof createCmpBench>>;
  const time = { now: NOW };
  beforeEach(async () => {
    time.now = NOW;
    bench = await createCmpBench(await opened({ clock: () => time.now }), time);
  });

  const request = (key = makeKey(), other = {}) => [certReqMsg(key, templateFor(key, cn('Hans Mustermann'), other))];
  const certificateOf = (answer: Answer): Bytes =>
    present(outcomeOf(answer).certificate, JSON.stringify(outcomeOf(answer))).der;

  /** A certificate that acts for itself, as the set-up of the suite gets it. */
  async function issued(profile = SUITE): Promise<Extract<Credentials, { readonly certificate: Bytes }>> {
    const key = makeKey();
    const certificate = certificateOf(await bench.client(undefined, profile).ask('ir', request(key), IMPLICIT));
    const [issuer] = bench.world.issuers.all().filter(({ authority }) => authority === 'aci-el-org');
    return { certificate, key, chain: [present(issuer, 'the CA').certificate] };
  }

  const failInfoOf = (answer: Answer) => [answer.bodyKind, ...outcomeOf(answer).failInfo];
  /** A PKCS#10 with a signature that is right, whatever its version is. */
  function csrOf(key: ReturnType<typeof makeKey>, version = 0): Bytes {
    const { subject, publicKey } = templateFor(key, cn('Hans Mustermann'));
    const spki = present(publicKey, 'a key').spki;
    const name = present(subject, 'a subject').der;
    const info = seq(tagged(0x02, Uint8Array.of(version)), name, spki, tagged(0xa0, new Uint8Array()));
    const signature = new Uint8Array(sign('sha256', info, key.privateKey));
    return seq(info, algorithmIdentifier(OID.ecdsaWithSha256, null).der, bitString(signature));
  }

  const confirmation = (certificate: Bytes, other = {}) => [
    { certHash: sha256(certificate), certReqId: 0, status: null, hashAlg: null, ...other },
  ];
  const nonceOf = (message: Bytes): Bytes | null => {
    const sent = decodeMessage(message);
    return sent.ok ? sent.value.header.senderNonce : null;
  };

  it('accepts a subject of a common name alone, and the usages that fit the key, unchanged', async () => {
    const answer = await bench.client(undefined, SUITE).ask('ir', request(makeKey(), { extensions: [KEY_USAGE] }));
    assert.deepEqual([answer.bodyKind, outcomeOf(answer).status], ['ip', 'accepted']);
    const { subject } = viewOf(certificateOf(answer)).tbs;
    assert.deepEqual(
      subject.flat().map(({ type, value }) => [type, value]),
      [[OID.commonName, 'Hans Mustermann']],
    );
  });

  it('finds the secret of an account by a senderKID that is its name, as the suite writes it', async () => {
    const named = (name: string) => ({ header: { ...IMPLICIT.header, senderKID: utf8(name) } });
    const answer = await bench.client(undefined, SUITE).ask('ir', request(), named(`CN=${bench.account.id}`));
    assert.deepEqual([answer.bodyKind, outcomeOf(answer).status], ['ip', 'accepted']);
    for (const name of [`XN=${bench.account.id}`, `CN=CN=${bench.account.id}`, `CN=${bench.account.id}x`])
      assert.deepEqual(failInfoOf(await bench.client(undefined, SUITE).ask('ir', request(), named(name))), [
        'error',
        'badMessageCheck',
      ]);
  });

  it('takes 0 as certReqId in the confirmation of a p10cr, as no other profile does', async () => {
    for (const [profile, expected] of [
      [SUITE, ['pkiconf']],
      [ORGANISATION, ['error', 'badRequest']],
    ] as const) {
      const client = bench.client(undefined, profile);
      const certificate = certificateOf(await client.ask('p10cr', csrOf(makeKey())));
      assert.deepEqual(failInfoOf(await client.ask('certConf', confirmation(certificate))), expected);
    }
    const client = bench.client(undefined, SUITE);
    const certificate = certificateOf(await client.ask('cr', request()));
    assert.deepEqual(failInfoOf(await client.ask('certConf', confirmation(certificate, { certReqId: -1 }))), [
      'error',
      'badRequest',
    ]);
  });

  it('refuses a PKCS#10 of another version, and a key that is too short, in cp', async () => {
    for (const version of [1, 0xff])
      assert.deepEqual(
        failInfoOf(await bench.client(undefined, SUITE).ask('p10cr', csrOf(makeKey(), version))),
        ['cp', 'badCertTemplate'],
        `version ${version}`,
      );
    const short = await bench.client(undefined, SUITE).ask('p10cr', new Uint8Array(csrDer(makeKey('rsa-1024'))));
    assert.deepEqual(failInfoOf(short), ['cp', 'badCertTemplate']);
    const usual = await bench.client(undefined, SUITE).ask('p10cr', new Uint8Array(csrDer(makeKey('rsa-2048'))));
    assert.equal(outcomeOf(usual).status, 'accepted', outcomeOf(usual).text.join());
  });

  it('accepts an update with all extensions of the certificate, whose issuer is written the other way round', async () => {
    const self = await issued();
    const { tbs } = viewOf(self.certificate);
    const issuer = nameValue([...tbs.issuer].reverse());
    const template = { issuer, extensions: tbs.extensions };
    const answer = await bench.client(self, SUITE).ask('kur', request(makeKey(), template), IMPLICIT);
    assert.deepEqual([answer.bodyKind, outcomeOf(answer).status], ['kup', 'accepted'], outcomeOf(answer).text.join());
  });

  it('refuses an update that a registration authority asks for: raVerified gives nobody a right', async () => {
    const other = await issued(ORGANISATION);
    const key = makeKey();
    const asked = [certReqMsg(key, templateFor(key, cn('Hans Mustermann')), { proof: { kind: 'raVerified' } })];
    assert.deepEqual(failInfoOf(await bench.client(other, SUITE).ask('kur', asked)), ['kup', 'notAuthorized']);
  });

  it('lets its certificates ask for others of it by ir, cr and p10cr, and renew themselves', async () => {
    const self = await issued();
    for (const [kind, expected] of [
      ['ir', 'ip'],
      ['cr', 'cp'],
    ] as const) {
      const answer = await bench.client(self, SUITE).ask(kind, request(), IMPLICIT);
      assert.deepEqual([answer.bodyKind, outcomeOf(answer).status], [expected, 'accepted']);
    }
    const next = makeKey();
    const answer = await bench.client(self, SUITE).ask('kur', request(next), IMPLICIT);
    assert.deepEqual([answer.bodyKind, outcomeOf(answer).status], ['kup', 'accepted']);
    const replaced = await bench.client(self, SUITE).ask('cr', request(), IMPLICIT);
    assert.deepEqual(failInfoOf(replaced), ['error', 'certRevoked']);
  });

  it('gives no certificate of another profile this right, nor that of an account which may not issue', async () => {
    const other = await issued(ORGANISATION);
    const refused = await bench.client(other).ask('cr', request(), IMPLICIT);
    assert.deepEqual(failInfoOf(refused), ['cp', 'notAuthorized']);
    const self = await issued();
    const elsewhere = await bench.client(self, ORGANISATION).ask('cr', request(), IMPLICIT);
    assert.deepEqual(failInfoOf(elsewhere), ['cp', 'notAuthorized']);
    const disabled = { ...bench.account, disabled: true };
    unwrap(await bench.store.transaction((tx) => tx.updateAccount(disabled)));
    const without = await bench.client(self, SUITE).ask('cr', request(), IMPLICIT);
    assert.deepEqual(failInfoOf(without), ['cp', 'notAuthorized']);
  });

  it('gives it no certificate outside of the networks of its account, nor one of a registration', async () => {
    const self = await issued();
    const ask = async (credentials: Credentials) =>
      failInfoOf(await bench.client(credentials, SUITE).ask('cr', request(), IMPLICIT));
    const elsewhere = { ...bench.account, networks: ['192.0.2.0/24'] };
    unwrap(await bench.store.transaction((tx) => tx.updateAccount(elsewhere)));
    assert.deepEqual(await ask(self), ['cp', 'notAuthorized']);
    unwrap(await bench.store.transaction((tx) => tx.updateAccount(bench.account)));
    assert.deepEqual(await ask(self), ['cp']);
    const { holder } = orderFor(ORGANISATION);
    const one = registration(1, {
      holder: holder as unknown as Json,
      card: null,
      identity: null,
      accountId: bench.account.id,
      secretKey: present([...bench.world.registrationKeys.keys()][0], 'a key'),
      keyOrigin: null,
      createdAt: NOW,
      expiresAt: NOW + DAY_MS,
      uses: [{ profile: SUITE, certificateId: null }],
    });
    const credentials = { ...(await bench.registered(one)), derivesKey: true };
    const key = makeKey();
    const asked = [certReqMsg(key, templateFor(key, []))];
    const certificate = certificateOf(await bench.client(credentials, SUITE).ask('ir', asked, IMPLICIT));
    assert.deepEqual(await ask({ ...self, certificate, key }), ['cp', 'notAuthorized']);
  });

  it('takes a confirmation with the nonce of its request, as no other profile does', async () => {
    const self = await issued();
    for (const [credentials, profile, expected] of [
      [self, SUITE, ['pkiconf']],
      [undefined, SUITE, ['pkiconf']],
      [undefined, ORGANISATION, ['error', 'badSenderNonce']],
    ] as const) {
      const client = bench.client(credentials, profile);
      const first = client.build('cr', request());
      const certificate = certificateOf(await client.exchange(first));
      const header = { senderNonce: nonceOf(first) };
      assert.deepEqual(failInfoOf(await client.ask('certConf', confirmation(certificate), { header })), expected);
    }
  });

  it('refuses a confirmation without a hash as no proof, and hashAlg where pvno is 2', async () => {
    for (const [other, failInfo] of [
      [{ certHash: new Uint8Array() }, 'badPOP'],
      [{ hashAlg: algorithmIdentifier(OID.sha512, null) }, 'badRequest'],
    ] as const) {
      const client = bench.client(undefined, SUITE);
      const certificate = certificateOf(await client.ask('cr', request()));
      const word = confirmation(certificate, other);
      assert.deepEqual(failInfoOf(await client.ask('certConf', word)), ['error', failInfo]);
    }
  });

  it('refuses an update with an empty subject and without other names', async () => {
    const next = makeKey();
    const asked = [certReqMsg(next, templateFor(next, []))];
    const answer = await bench.client(await issued(), SUITE).ask('kur', asked, IMPLICIT);
    assert.deepEqual(failInfoOf(answer), ['kup', 'badCertTemplate']);
  });

  it('refuses cross certification: to an end entity, because it is none that may ask', async () => {
    const self = await bench.client(await issued(), SUITE).ask('ccr', seq());
    assert.deepEqual(failInfoOf(self), ['error', 'notAuthorized']);
    assert.deepEqual(failInfoOf(await bench.client(undefined, SUITE).ask('ccr', seq())), ['error', 'wrongIntegrity']);
  });

  it('refuses an rr in rp, whatever is wrong with it', async () => {
    const self = await issued();
    const asked = (certificate: Bytes, other = {}) => [
      { template: revocationOf(certificate, other), crlEntryDetails: [] },
    ];
    const own = asked(self.certificate);
    const cases: readonly (readonly [string, () => Promise<Answer>])[] = [
      ['wrongIntegrity', () => bench.client(undefined, SUITE).ask('rr', own)],
      ['badMessageCheck', () => bench.client({ ...self, key: makeKey() }, SUITE).ask('rr', own)],
      ['badMessageCheck', () => bench.client({ ...self, chain: [] }, SUITE).ask('rr', own)],
      ['badTime', () => bench.client(self, SUITE).ask('rr', own, { header: { messageTime: null } })],
      ['addInfoNotAvailable', () => bench.client(self, SUITE).ask('rr', asked(self.certificate, { issuer: null }))],
      [
        'addInfoNotAvailable',
        () => bench.client(self, SUITE).ask('rr', asked(self.certificate, { serialNumber: null })),
      ],
      [
        'badCertId',
        () =>
          bench
            .client(self, SUITE)
            .ask('rr', asked(self.certificate, { extensions: [{ ...KEY_USAGE, value: namedBits([0]) }] })),
      ],
      ['badDataFormat', () => bench.client(self, SUITE).ask('rr', own, { content: octetString(seq(oid('1.2'))) })],
    ];
    const entry = (code: number) => [
      { oid: OID.reasonCode, critical: false, value: tagged(0x0a, Uint8Array.of(code)) },
    ];
    const withReasons = (...codes: readonly number[]) => [
      { template: revocationOf(self.certificate), crlEntryDetails: codes.flatMap(entry) },
    ];
    for (const [failInfo, codes] of [
      ['badDataFormat', [20]],
      ['badRequest', [0, 1]],
      ['badRequest', [0, 8]],
      ['badCertId', [8]],
    ] as const)
      assert.deepEqual(failInfoOf(await bench.client(self, SUITE).ask('rr', withReasons(...codes))), ['rp', failInfo]);
    for (const [failInfo, send] of cases) assert.deepEqual(failInfoOf(await send()), ['rp', failInfo]);
    const done = await bench.client(self, SUITE).ask('rr', withReasons(0));
    assert.deepEqual([done.bodyKind, outcomeOf(done).status], ['rp', 'accepted']);
    assert.match(outcomeOf(done).text.join(), /revoked/);
    assert.deepEqual(failInfoOf(await bench.client(self, SUITE).ask('rr', own)), ['rp', 'certRevoked']);
  });

  it('refuses an rr of a certificate that was not confirmed, in rp', async () => {
    const key = makeKey();
    const self = await issued();
    const certificate = certificateOf(await bench.client(self, SUITE).ask('cr', request(key)));
    const own = [{ template: revocationOf(certificate), crlEntryDetails: [] }];
    const answer = await bench.client({ ...self, certificate, key }, SUITE).ask('rr', own);
    assert.deepEqual(failInfoOf(answer), ['rp', 'badRequest']);
  });

  it('has one kind of key in its template, and takes the question for a new root without the old one', async () => {
    const client = () => bench.client(undefined, SUITE);
    const infos = (type: string) => [{ oid: type, value: null }];
    const root = await client().ask('genm', infos('1.3.6.1.5.5.7.4.20'));
    assert.equal(root.bodyKind, 'genp');
    assert.deepEqual(failInfoOf(await bench.client().ask('genm', infos('1.3.6.1.5.5.7.4.20'))), [
      'error',
      'badRequest',
    ]);
    const template = (await client().ask('genm', infos('1.3.6.1.5.5.7.4.19'))).bodyContent;
    assert.equal(Buffer.from(template).toString('latin1').split('\x2b\x06\x01\x05\x05\x07\x05\x01').length, 2);
  });
});
