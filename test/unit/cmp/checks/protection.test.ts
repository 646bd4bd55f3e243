/**
 * Each check of the form and the protection of CMP messages broken alone, under signature and MAC,
 * with the failInfo that conforming clients and the public suite expect. Without these, a message
 * could be accepted that a stranger has made, or a client could be told a wrong reason.
 */
import assert from 'node:assert/strict';
import { oid, seq, tagged, utf8String } from '../../../../src/asn1/der-writer.js';
import { OID } from '../../../../src/asn1/oids.js';
import { CHECKS, verifyMessage } from '../../../../src/cmp/checks/verify-message.js';
import { algorithmIdentifier, directoryName } from '../../../../src/cmp/elements.js';
import { utf8 } from '../../../../src/kernel/bytes.js';
import { passwordBasedMac } from '../../../support/cmp/algorithms.js';
import {
  accountOf,
  type CheckStage,
  createCheckStage,
  NOW,
  PROFILE,
  REFERENCE,
  SECRET,
} from '../../../support/cmp/check-stage.js';
import {
  createSituations,
  type Form,
  info,
  MACED,
  macTransaction,
  SIGNED,
  type Situation,
} from '../../../support/cmp/situations.js';

/** A message whose sender is the subject of the signer with other values. */
function senderWith({ holder }: CheckStage, changed: (value: string) => string): Form {
  const sender = holder.subject.map((rdn) => rdn.map((one) => ({ ...one, value: changed(one.value) })));
  return { header: { sender: directoryName(sender) } };
}

describe('the checks of a CMP message', () => {
  const { stage, receivedIn, verdictOf, expectAll, signedTransaction } = createSituations();

  it('are in the order of their names', () => {
    const ids = CHECKS.map(({ id }) => id);
    const sorted = [...ids].sort(
      (a, b) => a.charCodeAt(0) - b.charCodeAt(0) || Number(a.slice(1)) - Number(b.slice(1)),
    );
    assert.deepEqual(ids, sorted);
    assert.equal(ids.length, 22);
  });

  it('let pass each body that is right, under a signature and under a MAC where it may have one', async () => {
    for (const kind of ['ir', 'cr', 'kur', 'p10cr', 'rr', 'genm', 'nested'] as const)
      assert.equal(await verdictOf({ form: { kind } }), 'passes', kind);
    for (const kind of ['ir', 'cr', 'p10cr', 'genm'] as const)
      assert.equal(await verdictOf({ form: { ...MACED, kind } }), 'passes', kind);
    for (const kind of ['certConf', 'pollReq', 'error'] as const) {
      assert.equal(await verdictOf({ form: { kind }, facts: () => signedTransaction() }), 'passes', kind);
      assert.equal(await verdictOf({ form: { ...MACED, kind }, facts: macTransaction() }), 'passes', kind);
    }
    await expectAll('passes', [
      { form: { header: { pvno: 3 } } },
      { form: { kind: 'certConf', extraCerts: [] }, facts: () => signedTransaction() },
      { form: ({ holder }) => ({ kind: 'certConf', extraCerts: [holder.der] }), facts: () => signedTransaction() },
      { form: ({ holder }) => ({ extraCerts: [holder.der] }), facts: { chainRequired: false } },
      // A sender in other octets is compared as RFC 5280 7.1 says.
      { form: (current) => senderWith(current, (value) => ` ${value.toLowerCase()}`) },
      { form: { header: { messageTime: null } }, facts: { messageTimeRequired: false } },
      { form: { header: { messageTime: NOW - 300_000 } } },
      { form: { kind: 'ir', header: info(OID.implicitConfirm) } },
      { form: { ...MACED, header: info(OID.implicitConfirm) } },
      { form: { header: info(OID.certProfile, seq(utf8String(PROFILE))) }, path: { profile: PROFILE } },
      { form: { header: info(OID.certProfile, seq(utf8String(PROFILE.replace('/', '~')))) } },
      { form: { kind: 'kur' }, path: { label: 'keyupdate' } },
      // Another certificate of the database, whose account sends from one of its networks.
      { facts: { account: accountOf({ networks: ['10.0.0.0/8'] }) }, address: '10.1.2.3' },
    ]);
  });

  it('A2 refuse other versions than 2 and 3, and A3 bodies that are not served', async () => {
    await expectAll('A2 unsupportedVersion', [
      { form: { header: { pvno: 1 } } },
      { form: { header: { pvno: 4 } } },
      { form: { ...MACED, header: { pvno: 0 } } },
    ]);
    await expectAll('A3 badRequest', [{ form: { kind: 'krr' } }, { form: { ...MACED, kind: 'krr' } }]);
  });

  it('B1 refuse messages without protection or without its algorithm', async () => {
    await expectAll('B1 badMessageCheck', [
      { form: { by: null } },
      { form: { by: null, header: { protectionAlg: null } } },
      { form: { header: { protectionAlg: null } } },
      { form: { ...MACED, header: { protectionAlg: null } } },
    ]);
  });

  it('B2 refuse algorithms before any work is done for them', async () => {
    const suite = { path: { profile: 'elementaire/cmp-suite' } };
    const sha3 = { protectionAlg: passwordBasedMac({ owf: seq(oid(OID.sha3With256)) }) };
    await expectAll('B2 badAlg', [
      { form: MACED, ...suite },
      { form: { ...MACED, header: sha3 }, ...suite },
    ]);
    assert.notEqual(await verdictOf({ form: { ...MACED, header: sha3 } }), 'B2 badAlg');
    await expectAll('B2 badAlg', [
      { form: { header: { protectionAlg: algorithmIdentifier(OID.ecdsaWithSha1, null) } } },
      { form: { ...MACED, header: { protectionAlg: algorithmIdentifier(OID.hmacWithSha1, null) } } },
      { form: { ...MACED, header: { protectionAlg: algorithmIdentifier(OID.aes256Gmac, null) } } },
    ]);
    stage.asked.length = 0;
    const header = { protectionAlg: passwordBasedMac({ iterations: 1_000_000_000 }) };
    assert.equal(await verdictOf({ form: { ...MACED, header } }), 'B2 badAlg');
    assert.deepEqual(stage.asked, [], 'no secret was looked up');
  });

  it('B3 refuse a MAC where a signature is needed, and another kind than that of the first message', async () => {
    await expectAll('B3 wrongIntegrity', [
      { form: { ...MACED, kind: 'kur' } },
      { form: { ...MACED, kind: 'rr' } },
      { form: { ...MACED, kind: 'nested' } },
      { form: { ...MACED, kind: 'certConf' }, facts: () => signedTransaction() },
      { form: { ...MACED, kind: 'pollReq' }, facts: () => signedTransaction() },
      { form: { kind: 'certConf' }, facts: macTransaction() },
      { form: { kind: 'error' }, facts: macTransaction() },
    ]);
  });

  it('B4 refuse a MAC whose sender, reference or octets are wrong, with one answer', async () => {
    const other = { protectionAlg: algorithmIdentifier(OID.hmacWithSha256, null) };
    await expectAll('B4 badMessageCheck', [
      { form: { ...MACED, header: { sender: { kind: 'other', der: tagged(0x81, utf8('a@example.org')) } } } },
      { form: { ...MACED, header: { senderKID: null } } },
      { form: { ...MACED, header: { senderKID: utf8('AAAAAAAAAAAAAAAA') } } },
      { form: { ...MACED, header: { senderKID: Uint8Array.of(0) } } },
      { form: { ...MACED, header: { senderKID: utf8(REFERENCE.repeat(5)) } } },
      { form: { ...MACED, by: { secret: `${SECRET}A` } } },
      { form: { ...MACED, spoil: (made) => made.slice(1) } },
      { form: { ...MACED, spoil: (made) => made.map((octet, at) => (at === 31 ? octet ^ 1 : octet)) } },
      { form: { ...MACED }, facts: { registered: null } },
      {
        form: { ...MACED, kind: 'certConf', header: other },
        facts: macTransaction({ protection: { kind: 'mac', algorithm: OID.passwordBasedMac } }),
      },
    ]);
    const textOf = async (form: Form): Promise<string> => {
      const verified = await verifyMessage(stage.world, receivedIn({ form }));
      assert.ok(!verified.ok && verified.error.kind === 'refused');
      return verified.error.fault.text.join();
    };
    stage.failed.length = 0;
    const unknown = await textOf({ ...MACED, header: { senderKID: utf8('AAAAAAAAAAAAAAAA') } });
    assert.equal(await textOf({ ...MACED, by: { secret: `${SECRET}A` } }), unknown);
    assert.deepEqual(stage.failed, ['AAAAAAAAAAAAAAAA', REFERENCE]);
  });

  it('B5 refuse a signature whose certificate is not the first, or is not the one of the header', async () => {
    await expectAll('B5 badMessageCheck', [
      { form: { extraCerts: [] } },
      { form: ({ holder, hierarchy }) => ({ extraCerts: [hierarchy.issuing.certificate, holder.der] }) },
      { form: { header: { sender: directoryName([]) } } },
      { form: (current) => senderWith(current, (value) => `${value.slice(0, -1)}X`) },
      { form: { header: { sender: { kind: 'other', der: tagged(0x81, utf8('a@example.org')) } } } },
      { form: { header: { senderKID: null } } },
      { form: { header: { senderKID: new Uint8Array(20) } } },
      { form: { kind: 'certConf', extraCerts: [] } },
    ]);
  });

  it('B6 refuse a first message without the CAs of its certificate', async () => {
    await expectAll('B6 badMessageCheck', [
      { form: ({ holder }) => ({ extraCerts: [holder.der] }) },
      { form: ({ holder, hierarchy }) => ({ kind: 'cr', extraCerts: [holder.der, hierarchy.root.certificate] }) },
    ]);
  });

  it('B7 refuse a certificate of another CA, out of its time, for other uses or that is not recorded', async () => {
    const by = (changes: Parameters<CheckStage['certify']>[0]) => (current: CheckStage) => ({
      by: { signer: current.certify(changes) },
    });
    await expectAll('B7 signerNotTrusted', [
      { form: (current) => by({ by: createCheckStage().hierarchy.issuing })(current) },
      { form: (current) => by({ by: current.hierarchy.root })(current) },
      { form: by({ usage: ['keyEncipherment'] }) },
      { form: by({ notAfter: NOW - 1_000 }) },
      { form: by({ notBefore: NOW + 1_000 }) },
      // The serial number of the record is the same, but not the octets.
      { form: by({}) },
      { facts: { isRecorded: false } },
      { facts: { issuerIsRevoked: true } },
      { facts: { now: Date.UTC(2049, 1) }, form: { header: { messageTime: Date.UTC(2049, 1) } } },
    ]);
  });

  it('B8 refuse a signature of another key or over other octets', async () => {
    await expectAll('B8 badMessageCheck', [
      { form: { spoil: (made) => made.map((octet, at) => (at === made.length - 1 ? octet ^ 1 : octet)) } },
      { form: { spoil: () => new Uint8Array(70) } },
      { form: { header: { protectionAlg: algorithmIdentifier(OID.sha256WithRsaEncryption, 'null') } } },
      { form: { header: { protectionAlg: algorithmIdentifier(OID.ecdsaWithSha384, null) } } },
    ]);
  });

  it('B9 refuse a certificate that is revoked or suspended, and a key that is compromised or blocked', async () => {
    await expectAll('B9 certRevoked', [
      { facts: { state: { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } } },
      { facts: { state: { status: 'suspended', at: NOW, invalidityDate: null } } },
      { facts: { keyIsCompromised: true } },
      { facts: { keyIsBlocked: true } },
      { facts: { state: { status: 'suspended', at: NOW, invalidityDate: null } }, form: { kind: 'rr' } },
    ]);
  });

  it('B10 refuse an account that is disabled, has ended or sends from elsewhere', async () => {
    const accounts = [
      accountOf({ disabled: true }),
      accountOf({ expiresAt: NOW }),
      accountOf({ networks: ['10.0.0.0/8'] }),
    ];
    await expectAll(
      'B10 notAuthorized',
      accounts.flatMap((account): Situation[] => [
        { facts: { account }, form: SIGNED },
        { facts: { registered: { kind: 'account', account } }, form: MACED },
      ]),
    );
    const account = accountOf({ disabled: true });
    assert.equal(await verdictOf({ facts: { account }, form: { kind: 'kur' } }), 'passes', 'it acts for itself');
  });

  it('B11 refuse a certificate that its confirmed update has replaced, but not its revocation', async () => {
    const signature = new Uint8Array(1);
    const successor = { state: { status: 'issued' }, selfRenewal: true, protocol: 'cmp', signature } as const;
    const renewals = [{ ...successor, becomes: 'pending', confirmed: true }] as const;
    const revoked = { status: 'revoked', at: 1, reason: 'superseded', invalidityDate: null } as const;
    await expectAll('B11 certRevoked', [
      { facts: { renewals } },
      { facts: { renewals }, form: { kind: 'kur' } },
      { facts: { renewals: [{ ...successor, becomes: 'issued', confirmed: false }] } },
      { facts: { renewals: renewals.map((one) => ({ ...one, state: revoked })) }, form: { kind: 'kur' } },
      { facts: { renewals }, form: { kind: 'certConf' } },
    ]);
    await expectAll('passes', [
      { facts: { renewals }, form: { kind: 'rr' } },
      { facts: () => ({ renewals, ...signedTransaction() }), form: { kind: 'certConf' } },
      { facts: { renewals: renewals.map((one) => ({ ...one, protocol: 'est' as const })) } },
      { facts: { renewals: renewals.map((one) => ({ ...one, selfRenewal: false })) } },
      { facts: { renewals: renewals.map((one) => ({ ...one, state: revoked, confirmed: false })) } },
      // An account signs with its certificate until it ends.
      { facts: { renewals, account: accountOf() } },
    ]);
  });

  it('B12 refuse a pending certificate, and one whose update is not confirmed except for that update', async () => {
    const renewals = [{ state: { status: 'pending' }, selfRenewal: true, protocol: 'cmp' }] as const;
    await expectAll('B12 badRequest', [
      { facts: { state: { status: 'pending' } } },
      { facts: { state: { status: 'pending' } }, form: { kind: 'rr' } },
      { facts: { renewals } },
      { facts: { renewals }, form: { kind: 'kur' } },
    ]);
    await expectAll('passes', [
      { facts: { renewals }, form: { kind: 'rr' } },
      { facts: () => ({ renewals, ...signedTransaction() }), form: { kind: 'certConf' } },
      { facts: () => ({ renewals, ...signedTransaction() }), form: { kind: 'pollReq' } },
      { facts: () => ({ renewals, ...signedTransaction() }), form: { kind: 'error' } },
    ]);
  });
});
