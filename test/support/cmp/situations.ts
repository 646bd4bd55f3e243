/**
 * Messages to the checks of CMP, each good but for what a test changes of it, of the database and
 * of the place that it was sent to.
 */
import assert from 'node:assert/strict';
import { integer, nullValue, seq } from '../../../src/asn1/der-writer.js';
import { encodeBody } from '../../../src/cmp/bodies.js';
import { verifyMessage } from '../../../src/cmp/checks/verify-message.js';
import type { ReceivedMessage } from '../../../src/cmp/checks/world.js';
import { certRequest } from '../../../src/cmp/crmf.js';
import type { BodyKind, InfoTypeAndValue } from '../../../src/cmp/model.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { csrDer, makeKey } from '../service/csr.js';
import {
  ACCOUNT_ACTOR,
  type CheckFacts,
  type CheckStage,
  createCheckStage,
  type MessageForm,
  messageOf,
  SECRET,
  SELF_ACTOR,
  transactionOf,
} from './check-stage.js';
import { EMPTY_TEMPLATE } from './template.js';

const ASKED = [{ request: certRequest({ certReqId: 0, template: EMPTY_TEMPLATE, controls: [] }), proof: null }];

export const CONTENTS = {
  ir: encodeBody.ir(ASKED),
  cr: encodeBody.cr(ASKED),
  kur: encodeBody.kur(ASKED),
  p10cr: new Uint8Array(csrDer(makeKey())),
  rr: encodeBody.rr([{ template: EMPTY_TEMPLATE, crlEntryDetails: [] }]),
  genm: encodeBody.genm([{ oid: '1.3.6.1.5.5.7.4.17', value: null }]),
  certConf: encodeBody.certConf([{ certHash: new Uint8Array(32), certReqId: 0, status: null, hashAlg: null }]),
  pollReq: encodeBody.pollReq([0]),
  error: encodeBody.error({
    status: { status: 'rejection', text: [], failInfo: [] },
    errorCode: null,
    errorDetails: [],
  }),
  krr: encodeBody.ir(ASKED),
  nested: seq(seq(seq(integer(2)))),
} as const satisfies Partial<Record<BodyKind, Bytes>>;
export type TestedKind = keyof typeof CONTENTS;

export type Form = Partial<Omit<MessageForm, 'kind'>> & { readonly kind?: TestedKind };

/** What a test changes of a good message, of the database and of the place that it was sent to. */
export type Situation = {
  readonly form?: Form | ((stage: CheckStage) => Form);
  readonly facts?: Partial<CheckFacts> | ((stage: CheckStage) => Partial<CheckFacts>);
  readonly path?: Partial<ReceivedMessage['path']>;
  readonly address?: string;
};

export const SIGNED = { kind: 'genm' } as const;
export const MACED = { kind: 'ir', by: { secret: SECRET } } as const;

export const info = (
  type: string,
  value: Bytes | null = nullValue(),
): { generalInfo: readonly InfoTypeAndValue[] } => ({ generalInfo: [{ oid: type, value }] });

/** A transaction that the account of the secret has begun. */
export const macTransaction = (changes: Parameters<typeof transactionOf>[0] = {}) => ({
  transactions: { [ACCOUNT_ACTOR]: transactionOf(changes) },
});

/** For one describe. */
export function createSituations() {
  const stage = createCheckStage();
  const usual: CheckFacts = { ...stage.facts };

  function receivedIn({ form = {}, facts = {}, path = {}, address = '127.0.0.1' }: Situation): ReceivedMessage {
    Object.assign(stage.facts, usual, typeof facts === 'function' ? facts(stage) : facts);
    const { kind = 'genm', ...changes } = typeof form === 'function' ? form(stage) : form;
    const message = messageOf(stage, { kind, content: CONTENTS[kind], by: { signer: stage.holder }, ...changes });
    return { message, path: { profile: null, label: null, ...path }, address };
  }

  /** The check that refuses the message and its failInfo, or `passes`. */
  async function verdictOf(situation: Situation): Promise<string> {
    const verified = await verifyMessage(stage.world, receivedIn(situation));
    if (verified.ok) return verified.value.repeats === null ? 'passes' : `repeats the ${verified.value.repeats}`;
    const { error } = verified;
    return error.kind === 'refused' ? `${error.check} ${error.fault.failInfo}` : error.kind;
  }

  async function expectAll(expected: string, situations: readonly Situation[]): Promise<void> {
    for (const [at, situation] of situations.entries())
      assert.equal(await verdictOf(situation), expected, `situation ${at}`);
  }

  /** A transaction that the holder has begun for itself. */
  const signedTransaction = (changes: Parameters<typeof transactionOf>[0] = {}) => ({
    transactions: {
      [SELF_ACTOR]: transactionOf({ protection: { kind: 'signature', certificate: stage.holder.der }, ...changes }),
    },
  });

  return { stage, usual, receivedIn, verdictOf, expectAll, signedTransaction };
}
