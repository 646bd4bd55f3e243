/**
 * An account that signs with a certificate of ours and may vouch, and the forms in which one
 * message is sent: alone under a MAC or a signature, and inside a nested message of this account.
 */

import { decodeBody } from '../../../src/cmp/bodies.js';
import { decodeMessage } from '../../../src/cmp/message.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, toHex } from '../../../src/kernel/bytes.js';
import { unwrap } from '../db/fixture.js';
import { makeKey } from '../service/csr.js';
import type { createCmpBench } from './bench.js';
import { type CmpClient, certReqMsg, cn, IMPLICIT_CONFIRM, outcomeOf, templateFor } from './client.js';

export const FORMS = ['MAC', 'signature', 'added protection', 'batch'] as const;
export type Form = (typeof FORMS)[number];

type Bench = Awaited<ReturnType<typeof createCmpBench>>;
export type Office = { readonly certificate: Bytes; readonly client: () => CmpClient };

export async function createOffice(bench: Bench, roles: readonly string[] = ['ra', 'card-management']) {
  const { certificate, record, client } = await createCertificate(bench, 'OFFICE');
  const { issuer, spkiSha256 } = record;
  const account = { ...bench.account, id: 'office', name: 'office', roles, credentials: [{ issuer, spkiSha256 }] };
  unwrap(await bench.store.transaction((tx) => tx.insertAccount(account)));
  return { certificate, client } satisfies Office;
}

/** A certificate that belongs to no account, so that it acts for itself. */
export async function createCertificate(bench: Bench, name = 'HOLDER') {
  const key = makeKey();
  const client = bench.client();
  const implicit = { header: { generalInfo: [IMPLICIT_CONFIRM] } };
  const answer = await client.ask('cr', [certReqMsg(key, templateFor(key, cn(name)))], implicit);
  const certificate = present(outcomeOf(answer).certificate, 'a certificate').der;
  const [row] = unwrap(await bench.store.read((reads) => reads.cmpTransactionsByIds([toHex(client.transactionID)], 1)));
  const found = await bench.store.read((reads) => reads.certificateById(row?.certificateId ?? ''));
  const record = present(unwrap(found), 'a record');
  const chain = bench.world.issuers.chain(record.issuer).slice(0, -1);
  return { certificate, record, key, client: () => bench.client({ certificate, key, chain }) };
}

/** The failInfo of the answer, wherever it stands. `octets`: a message that `sender` has built. */
export async function failInfoAs(
  form: Form,
  octets: Bytes,
  { sender, office }: { readonly sender: CmpClient; readonly office: Office },
): Promise<readonly string[]> {
  if (form === 'MAC' || form === 'signature') return outcomeOf(await sender.exchange(octets)).failInfo;
  const decoded = decodeMessage(octets);
  const own = present(decoded.ok ? decoded.value.header : decoded.error.header, 'a header');
  const { transactionID, senderNonce } = own;
  const outer = form === 'batch' ? {} : { header: { transactionID, senderNonce } };
  const answer = await office.client().ask('nested', [octets], outer);
  if (answer.bodyKind !== 'nested') return outcomeOf(answer).failInfo;
  const [inner] = unwrap(decodeBody.nested(answer.bodyContent));
  return outcomeOf(unwrap(decodeMessage(present(inner, 'an answer')))).failInfo;
}
