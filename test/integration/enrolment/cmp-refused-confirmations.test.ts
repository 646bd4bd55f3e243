/**
 * Every refusal of a message that follows the first one of a transaction, with its failInfo, under
 * a MAC and under a signature, alone, with an added protection and in a batch. Without these tests
 * a client could confirm what it has not got, or a stranger could end the transaction of another.
 */
import assert from 'node:assert/strict';
import { OID } from '../../../src/asn1/oids.js';
import { algorithmIdentifier } from '../../../src/cmp/elements.js';
import type { BodyKind, BodyValues, CertStatus, FailInfo, PkiHeader } from '../../../src/cmp/model.js';
import { present } from '../../../src/kernel/assert.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { toHex } from '../../../src/kernel/bytes.js';
import { createCmpBench } from '../../support/cmp/bench.js';
import {
  type CmpClient,
  certReqMsg,
  cn,
  IMPLICIT_CONFIRM,
  outcomeOf,
  sha256,
  templateFor,
} from '../../support/cmp/client.js';
import { createOffice, FORMS, type Form, failInfoAs, type Office } from '../../support/cmp/office.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { makeKey } from '../../support/service/csr.js';
import { NOW } from '../../unit/policy/fixtures.js';

type SentBody = { [Kind in BodyKind]: readonly [Kind, BodyValues[Kind]] }[BodyKind];

/** What is there when the message is sent. */
type Situation = { readonly certHash: Bytes; readonly nonces: { readonly first: Bytes; readonly own: Bytes } };
type Refusal = {
  readonly failInfo: FailInfo;
  /** With an added protection, which copies the fault. Left out: the same. */
  readonly whenCopied?: FailInfo;
  readonly sent: (begun: Situation) => SentBody;
  readonly header?: (begun: Situation) => Partial<PkiHeader>;
  /** The first message asked for implicit confirmation. */
  readonly isImplicit?: true;
  /** What happens to the transaction before. */
  readonly isConfirmed?: true;
  /** The state of the transaction after it. Left out: it is as before. */
  readonly state?: 'rejected';
};

const confirms =
  (changes: Partial<CertStatus> = {}) =>
  ({ certHash }: Situation): SentBody => [
    'certConf',
    [{ certHash, certReqId: 0, status: null, hashAlg: null, ...changes }],
  ];
const status = (
  word: 'accepted' | 'rejection' | 'waiting',
  failInfo: readonly FailInfo[] = [],
): CertStatus['status'] => ({
  status: word,
  text: [],
  failInfo,
});

/** Rows of sections 2 and 7 of the design of CMP. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  'two CertStatus': {
    failInfo: 'badRequest',
    sent: ({ certHash }) => [
      'certConf',
      [0, 0].map((certReqId) => ({ certHash, certReqId, status: null, hashAlg: null })),
    ],
  },
  'certReqId -1': { failInfo: 'badRequest', sent: confirms({ certReqId: -1 }) },
  'certReqId 1': { failInfo: 'badRequest', sent: confirms({ certReqId: 1 }) },
  'failInfo beside accepted': {
    failInfo: 'badRequest',
    sent: confirms({ status: status('accepted', ['badRequest']) }),
  },
  'a status that is no decision': { failInfo: 'badRequest', sent: confirms({ status: status('waiting') }) },
  'no certHash': { failInfo: 'badPOP', sent: confirms({ certHash: new Uint8Array() }) },
  'hashAlg with pvno 2': {
    failInfo: 'badCertId',
    sent: confirms({ hashAlg: algorithmIdentifier(OID.sha256, null) }),
  },
  'an unknown hashAlg': {
    failInfo: 'badCertId',
    sent: confirms({ hashAlg: algorithmIdentifier('1.2.3', null) }),
    header: () => ({ pvno: 3 }),
    state: 'rejected',
  },
  'a wrong certHash': { failInfo: 'badCertId', sent: confirms({ certHash: new Uint8Array(32) }), state: 'rejected' },
  'a confirmation of what is confirmed': { failInfo: 'certConfirmed', sent: confirms(), isConfirmed: true },
  'a confirmation of what was confirmed implicitly': { failInfo: 'certConfirmed', sent: confirms(), isImplicit: true },
  'an implicitConfirm': {
    failInfo: 'badRequest',
    sent: confirms(),
    header: () => ({ generalInfo: [IMPLICIT_CONFIRM] }),
  },
  'no transactionID': {
    failInfo: 'badRequest',
    whenCopied: 'badDataFormat',
    sent: confirms(),
    header: () => ({ transactionID: null }),
  },
  'another transactionID': {
    failInfo: 'badRequest',
    sent: confirms(),
    header: () => ({ transactionID: new Uint8Array(16) }),
  },
  'no senderNonce': { failInfo: 'badSenderNonce', sent: confirms(), header: () => ({ senderNonce: null }) },
  'the senderNonce of the request': {
    failInfo: 'badSenderNonce',
    sent: confirms(),
    header: ({ nonces }) => ({ senderNonce: nonces.first }),
  },
  'no recipNonce': { failInfo: 'badRecipientNonce', sent: confirms(), header: () => ({ recipNonce: null }) },
  'another recipNonce': {
    failInfo: 'badRecipientNonce',
    sent: confirms(),
    header: () => ({ recipNonce: new Uint8Array(16) }),
  },
  'no messageTime': { failInfo: 'badTime', sent: confirms(), header: () => ({ messageTime: null }) },
  'a poll of another request': { failInfo: 'badRequest', sent: () => ['pollReq', [1]] },
  'a poll of what is answered': { failInfo: 'badRequest', sent: () => ['pollReq', [0]] },
  'a poll of what is confirmed': { failInfo: 'certConfirmed', sent: () => ['pollReq', [0]], isConfirmed: true },
  'two polls': { failInfo: 'badRequest', sent: () => ['pollReq', [0, 0]] },
  'an error about what is confirmed': {
    failInfo: 'certConfirmed',
    sent: () => ['error', { status: present(status('rejection'), 'a status'), errorCode: null, errorDetails: [] }],
    isConfirmed: true,
  },
};

describeOnEach('a later CMP message that is refused', ({ opened }) => {
  let bench: Awaited<ReturnType<typeof createCmpBench>>;
  let office: Office;
  const time = { now: NOW };

  beforeEach(async () => {
    bench = await createCmpBench(await opened({ clock: () => time.now }), time);
    office = await createOffice(bench);
  });

  const stateOf = async ({ transactionID }: CmpClient): Promise<string> => {
    const rows = unwrap(await bench.store.read((reads) => reads.cmpTransactionsByIds([toHex(transactionID)], 2)));
    return rows.map(({ state }) => state).join();
  };

  async function begin(sender: CmpClient, { isImplicit, isConfirmed }: Refusal): Promise<Situation> {
    const key = makeKey();
    const first = new Uint8Array(16).fill(7);
    const generalInfo = isImplicit === true ? [IMPLICIT_CONFIRM] : [];
    const header = { senderNonce: first, generalInfo };
    const answer = await sender.ask('cr', [certReqMsg(key, templateFor(key, cn('APP')))], { header });
    const certHash = sha256(present(outcomeOf(answer).certificate, JSON.stringify(outcomeOf(answer))).der);
    const begun = { certHash, nonces: { first, own: present(answer.header.senderNonce, 'a nonce') } };
    if (isConfirmed === true) {
      const [kind, value] = confirms()(begun);
      assert.equal((await sender.ask(kind, value as never)).bodyKind, 'pkiconf');
    }
    return begun;
  }

  async function refusedAs(form: Form, refusal: Refusal): Promise<string> {
    const sender = form === 'signature' ? office.client() : bench.client();
    const begun = await begin(sender, refusal);
    const before = await stateOf(sender);
    const [kind, value] = refusal.sent(begun);
    const octets = sender.build(kind, value as never, { header: refusal.header?.(begun) ?? {} });
    const failInfo = await failInfoAs(form, octets, { sender, office });
    const after = await stateOf(sender);
    const expected = refusal.state ?? before;
    return after === expected ? failInfo.join() : `${failInfo.join()}, and the transaction is ${after}`;
  }

  for (const form of FORMS)
    it(`has the failInfo of its fault (${form}), and leaves the transaction as it is`, async () => {
      const others: string[] = [];
      for (const [title, refusal] of Object.entries(REFUSALS)) {
        const said = await refusedAs(form, refusal);
        const expected = form === 'added protection' ? (refusal.whenCopied ?? refusal.failInfo) : refusal.failInfo;
        if (said !== expected) others.push(`${title}: ${said || 'no failure'}`);
      }
      assert.deepEqual(others, []);
    });

  it('has no effect on the transaction of another, who keeps it', async () => {
    const sender = bench.client();
    const begun = await begin(sender, { failInfo: 'badRequest', sent: confirms() });
    const { transactionID } = sender;
    const stranger = office.client();
    const header = { transactionID, recipNonce: begun.nonces.own };
    const [kind, value] = confirms()(begun);
    const refused = await stranger.ask(kind, value as never, { header });
    assert.deepEqual(outcomeOf(refused).failInfo, ['wrongIntegrity'], 'it has no signature');
    const [, ...more] = (await stateOf(sender)).split(',');
    assert.deepEqual(more, []);
    assert.equal((await sender.ask(kind, value as never)).bodyKind, 'pkiconf');
  });
});
