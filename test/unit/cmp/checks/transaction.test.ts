/**
 * Each check of the transaction and the header of CMP messages broken alone, and for whom a message
 * acts. Without these, an answer could be given to whoever copies a message, or a message could act
 * for another principal than the one who has signed it.
 */
import assert from 'node:assert/strict';
import type { Principal } from '../../../../src/access/principal.js';
import { nullValue, oid, seq, tagged, utf8String } from '../../../../src/asn1/der-writer.js';
import { OID } from '../../../../src/asn1/oids.js';
import { encodeBody } from '../../../../src/cmp/bodies.js';
import { verifyMessage } from '../../../../src/cmp/checks/verify-message.js';
import { type Bytes, utf8 } from '../../../../src/kernel/bytes.js';
import { sha256Hex } from '../../../../src/kernel/digest.js';
import { err } from '../../../../src/kernel/result.js';
import { readCertificate } from '../../../../src/x509/certificate/certificate-reader.js';
import { passwordBasedMac } from '../../../support/cmp/algorithms.js';
import {
  ACCOUNT_ACTOR,
  accountOf,
  messageOf,
  NOW,
  OWN_NONCE,
  PROFILE,
  REFERENCE,
  SELF_ACTOR,
  transactionOf,
} from '../../../support/cmp/check-stage.js';
import {
  CONTENTS,
  createSituations,
  type Form,
  info,
  MACED,
  macTransaction,
  SIGNED,
  type Situation,
  type TestedKind,
} from '../../../support/cmp/situations.js';
import { EMPTY_TEMPLATE } from '../../../support/cmp/template.js';

describe('the checks of the transaction of a CMP message', () => {
  const { stage, usual, receivedIn, verdictOf, expectAll, signedTransaction } = createSituations();

  it('C1 answer the octets of the first and of the latest message again, and check nothing more', async () => {
    for (const form of [SIGNED, MACED, { kind: 'kur' }] as const) {
      const { message } = receivedIn({ form: { ...form, header: { messageTime: NOW - 86_400_000 } } });
      const sha256 = sha256Hex(message.octets);
      const actor = 'by' in form ? ACCOUNT_ACTOR : SELF_ACTOR;
      const renewals = [{ state: { status: 'pending' }, selfRenewal: true, protocol: 'cmp' }] as const;
      for (const [place, stored] of [
        ['first', { firstSha256: sha256, latestSha256: 'ff' }],
        ['latest', { firstSha256: 'ff', latestSha256: sha256 }],
      ] as const) {
        const protection =
          'by' in form
            ? ({ kind: 'mac', algorithm: OID.hmacWithSha256 } as const)
            : ({ kind: 'signature', certificate: stage.holder.der } as const);
        Object.assign(stage.facts, usual, { renewals });
        stage.facts.transactions = { [actor]: transactionOf({ ...stored, protection }) };
        const verified = await verifyMessage(stage.world, {
          message,
          path: { profile: null, label: null },
          address: '127.0.0.1',
        });
        assert.ok(verified.ok, JSON.stringify(verified));
        assert.equal(verified.value.repeats, place);
      }
    }
  });

  it('C2 to C5 refuse identifiers and nonces that are absent, too short, too long, used or not ours', async () => {
    for (const base of [SIGNED, MACED]) {
      await expectAll('C2 badDataFormat', [{ form: { ...base, header: { transactionID: null } } }]);
      await expectAll('C3 badRequest', [
        { form: { ...base, header: { transactionID: new Uint8Array(15) } } },
        { form: { ...base, header: { transactionID: new Uint8Array(33) } } },
      ]);
      await expectAll('C4 badSenderNonce', [
        { form: { ...base, header: { senderNonce: null } } },
        { form: { ...base, header: { senderNonce: new Uint8Array(15) } } },
        { form: { ...base, header: { senderNonce: new Uint8Array(65) } } },
      ]);
      await expectAll('C5 badRecipientNonce', [{ form: { ...base, header: { recipNonce: OWN_NONCE } } }]);
    }
    const later = (kind: TestedKind, changes: Form): readonly Situation[] => [
      { form: { kind, ...changes }, facts: () => signedTransaction({ clientNonces: [new Uint8Array(16)] }) },
      { form: { ...MACED, kind, ...changes }, facts: macTransaction({ clientNonces: [new Uint8Array(16)] }) },
    ];
    for (const kind of ['certConf', 'pollReq', 'error'] as const) {
      await expectAll('C2 badRequest', later(kind, { header: { transactionID: null } }));
      await expectAll('C4 badSenderNonce', later(kind, { header: { senderNonce: new Uint8Array(16) } }));
      await expectAll('C5 badRecipientNonce', later(kind, { header: { recipNonce: new Uint8Array(16) } }));
      await expectAll('C5 badRecipientNonce', later(kind, { header: { recipNonce: null } }));
    }
    assert.equal(await verdictOf({ form: { kind: 'certConf' } }), 'passes', 'its state is examined later');
  });

  it('C5 let an added protection have the recipNonce of its message, and no other', async () => {
    const signer = stage.holder;
    const inner = ({ kind, content }: { kind: 'certConf' | 'genm'; content: Bytes }) =>
      messageOf(stage, { kind, content, by: { signer } }).octets;
    const later = inner({ kind: 'certConf', content: CONTENTS.certConf });
    const first = inner({ kind: 'genm', content: CONTENTS.genm });
    const nested = (recipNonce: Bytes, ...messages: readonly Bytes[]): Situation => ({
      form: { kind: 'nested', content: encodeBody.nested(messages), header: { recipNonce } },
    });
    await expectAll('passes', [nested(OWN_NONCE, later)]);
    await expectAll('C5 badRecipientNonce', [
      nested(new Uint8Array(16), later),
      nested(OWN_NONCE, first),
      nested(OWN_NONCE, later, later),
    ]);
  });

  it('C6 refuse a messageTime that is absent or far from our clock', async () => {
    for (const base of [SIGNED, MACED])
      await expectAll('C6 badTime', [
        { form: { ...base, header: { messageTime: null } } },
        { form: { ...base, header: { messageTime: NOW - 301_000 } } },
        { form: { ...base, header: { messageTime: NOW + 301_000 } } },
        { form: { ...base, header: { messageTime: NOW - 301_000 } }, facts: { messageTimeRequired: false } },
      ]);
  });

  it('C7 refuse implicitConfirm that is not NULL, is elsewhere, or comes with confirmWaitTime', async () => {
    const utcTime = tagged(0x17, utf8('260601000000Z'));
    const generalizedTime = tagged(0x18, utf8('20260601000000Z'));
    const both = (time: Bytes) => ({
      generalInfo: [
        { oid: OID.implicitConfirm, value: nullValue() },
        { oid: OID.confirmWaitTime, value: time },
      ],
    });
    for (const base of [{ kind: 'ir' }, MACED] as const) {
      await expectAll('C7 badRequest', [
        { form: { ...base, header: info(OID.implicitConfirm, utf8String('yes')) } },
        { form: { ...base, header: info(OID.implicitConfirm, null) } },
        { form: { ...base, kind: 'genm', header: info(OID.implicitConfirm) } },
        { form: { ...base, header: both(generalizedTime) } },
        { form: { ...base, header: both(utcTime) } },
      ]);
      await expectAll('C7 badDataFormat', [{ form: { ...base, header: info(OID.confirmWaitTime, utcTime) } }]);
      await expectAll('passes', [{ form: { ...base, header: info(OID.confirmWaitTime, generalizedTime) } }]);
    }
    await expectAll('C7 badRequest', [
      { form: { kind: 'certConf', header: info(OID.implicitConfirm) }, facts: () => signedTransaction() },
      { form: { kind: 'rr', header: info(OID.implicitConfirm) } },
    ]);
  });

  it('C8 refuse a certProfile that is malformed, unknown or not that of the path, and a wrong label', async () => {
    const two = { generalInfo: [...info(OID.certProfile, seq(utf8String(PROFILE))).generalInfo] };
    for (const base of [SIGNED, MACED])
      await expectAll('C8 badRequest', [
        { form: { ...base, header: info(OID.certProfile, utf8String(PROFILE)) } },
        { form: { ...base, header: info(OID.certProfile, null) } },
        { form: { ...base, header: info(OID.certProfile, seq()) } },
        { form: { ...base, header: info(OID.certProfile, seq(oid(OID.sha256))) } },
        { form: { ...base, header: info(OID.certProfile, seq(utf8String(PROFILE), utf8String(PROFILE))) } },
        { form: { ...base, header: { generalInfo: [...two.generalInfo, ...two.generalInfo] } } },
        { form: { ...base, header: info(OID.certProfile, seq(utf8String('elementaire/none'))) } },
        { form: { ...base, header: two }, path: { profile: 'elementaire/org-sign' } },
        { form: base, path: { label: 'revocation' } },
        { form: { ...base, kind: 'genm' }, path: { label: 'initialization' } },
      ]);
    for (const kind of ['certConf', 'pollReq', 'error'] as const) {
      const later = { form: { ...MACED, kind }, facts: macTransaction({ kind: 'cr' }) };
      await expectAll('C8 badRequest', [{ ...later, path: { label: 'initialization' } }]);
      await expectAll('passes', [{ ...later, path: { label: 'certification' } }]);
    }
  });
});

describe('the principal of a CMP message', () => {
  const { stage, receivedIn } = createSituations();

  async function verifiedIn(situation: Situation) {
    const verified = await verifyMessage(stage.world, receivedIn(situation));
    assert.ok(verified.ok, JSON.stringify(verified));
    return verified.value;
  }
  const kindOf = async (situation: Situation): Promise<Principal['kind']> =>
    (await verifiedIn(situation)).principal.kind;
  const account = accountOf();

  it('is the account that the certificate belongs to, and the certificate itself for its update', async () => {
    assert.equal(await kindOf({ facts: { account }, form: { kind: 'cr' } }), 'account');
    assert.equal(await kindOf({ form: { kind: 'genm' } }), 'self');
    assert.equal(await kindOf({ facts: { account }, form: { kind: 'kur' } }), 'self');
  });

  // Otherwise an account would go on by CMP after its CA was taken out of the configuration.
  it('is no account where the CA of the certificate authenticates none', async () => {
    for (const kind of ['cr', 'genm', 'nested'] as const)
      assert.equal(await kindOf({ facts: { account, accountAuthorities: ['aci-fo-pp'] }, form: { kind } }), 'self');
  });

  it('is the certificate itself for an rr that names it, and the account for others', async () => {
    const read = readCertificate(stage.holder.der);
    assert.ok(read.ok);
    const { issuer, issuerDer, serialOctets } = read.value.tbs;
    const content = (serialNumber: Bytes) =>
      encodeBody.rr([
        {
          template: { ...EMPTY_TEMPLATE, issuer: { name: issuer, der: issuerDer }, serialNumber },
          crlEntryDetails: [],
        },
      ]);
    assert.equal(await kindOf({ facts: { account }, form: { kind: 'rr', content: content(serialOctets) } }), 'self');
    assert.equal(
      await kindOf({ facts: { account }, form: { kind: 'rr', content: content(Uint8Array.of(5)) } }),
      'account',
    );
    assert.equal(await kindOf({ facts: { account }, form: { kind: 'rr' } }), 'account');
  });

  it('is for a later message whoever began its transaction', async () => {
    const protection = { kind: 'signature', certificate: stage.holder.der } as const;
    const form = { kind: 'certConf' } as const;
    for (const [actor, kind] of [
      [SELF_ACTOR, 'self'],
      [ACCOUNT_ACTOR, 'account'],
    ] as const) {
      const transactions = { [actor]: transactionOf({ protection }) };
      const { principal, transaction } = await verifiedIn({ facts: { account, transactions }, form });
      assert.equal(principal.kind, kind);
      assert.equal(transaction, stage.facts.transactions[actor]);
    }
  });

  it('is that of the secret, with whose algorithm the answer is protected', async () => {
    const { principal, protection, profile } = await verifiedIn({ form: MACED, path: { profile: PROFILE } });
    assert.equal(principal.kind, 'account');
    assert.equal(profile, PROFILE);
    assert.ok(protection.kind === 'mac');
    assert.equal(protection.reference, REFERENCE);
    assert.equal(protection.identifier.oid, OID.hmacWithSha256);
  });
});

describe('a CMP message that is refused', () => {
  const { stage, receivedIn } = createSituations();

  const useOf = async (situation: Situation): Promise<string> => {
    const verified = await verifyMessage(stage.world, receivedIn(situation));
    assert.ok(!verified.ok && verified.error.kind === 'refused');
    return verified.error.protection?.kind ?? 'none';
  };

  it('is answered with its own protection only if that was right', async () => {
    assert.equal(await useOf({ form: { ...MACED, header: { senderNonce: null } } }), 'mac');
    assert.equal(await useOf({ form: { ...MACED, by: { secret: 'wrong' } } }), 'none');
    assert.equal(await useOf({ form: { ...MACED, kind: 'rr' } }), 'none');
    assert.equal(await useOf({ form: { header: { senderNonce: null } } }), 'signature');
    assert.equal(await useOf({ facts: { keyIsCompromised: true } }), 'signature');
    assert.equal(await useOf({ facts: { isRecorded: false } }), 'none');
  });

  it('is not refused but interrupted where the database is away or the budget is used up', async () => {
    const away = { kind: 'database-unavailable', retryAfterMs: 1_000, detail: 'away' } as const;
    const received = receivedIn({ form: MACED });
    const without = { ...stage.world, secretOf: async () => err(away) };
    assert.deepEqual(await verifyMessage(without, received), { ok: false, error: away });
    const header = { protectionAlg: passwordBasedMac({}) };
    const exhausted = { kind: 'overloaded', retryAfterMs: 250 } as const;
    const keyWork = { ...stage.world.keyWork, keyOf: async () => err(exhausted) };
    assert.deepEqual(await verifyMessage({ ...stage.world, keyWork }, receivedIn({ form: { ...MACED, header } })), {
      ok: false,
      error: exhausted,
    });
  });
});
