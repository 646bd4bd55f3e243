/**
 * Confirmations that arrive together share one transaction of the database, and an answer is signed
 * while the database stores what it says. Without these tests a confirmation that is refused could
 * change what the others are answered, two certificates could be confirmed for a key that one of
 * them has, and an answer could be sent for what was not stored.
 */
import assert from 'node:assert/strict';
import { present } from '../../../src/kernel/assert.js';
import { toHex } from '../../../src/kernel/bytes.js';
import { certificateOf } from '../../../src/operations/cmp/answers.js';
import type { World } from '../../../src/operations/world.js';
import type { Store } from '../../../src/ports/store.js';
import { createCmpBench } from '../../support/cmp/bench.js';
import { type CmpClient, certReqMsg, cn, outcomeOf, sha256, templateFor } from '../../support/cmp/client.js';
import { createOffice, type Office } from '../../support/cmp/office.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { storedAudit } from '../../support/db/stored-audit.js';
import { makeKey } from '../../support/service/csr.js';
import { NOW } from '../../unit/policy/fixtures.js';

const CONF = 'elementaire/org-conf';

describeOnEach('confirmations of CMP that arrive together', ({ opened }) => {
  const time = { now: NOW };
  let bench: Awaited<ReturnType<typeof createCmpBench>>;
  /** Called for each message that waits for its transaction of the database. */
  let joined: () => void;
  /** The results of commits are lost: the transactions take effect, and nobody hears of it. */
  let areLost: boolean;

  beforeEach(async () => {
    joined = () => undefined;
    areLost = false;
    const store = await opened({ clock: () => time.now });
    const groupedTransaction: Store['groupedTransaction'] = async (...asked) => {
      const outcome = store.groupedTransaction(...asked);
      joined();
      if (!areLost) return outcome;
      unwrap(await outcome);
      return { ok: false, error: { kind: 'database-unavailable', retryAfterMs: 1_000, detail: 'a lost answer' } };
    };
    bench = await createCmpBench({ ...store, groupedTransaction }, time);
  });

  const begun = async (name: string): Promise<CmpClient> => {
    const [client, key] = [bench.client(), makeKey()];
    await client.ask('cr', [certReqMsg(key, templateFor(key, cn(name)))]);
    return client;
  };
  const situationOf = async ({ transactionID }: CmpClient) =>
    unwrap(
      await bench.store.read(async (reads) => {
        const [row] = await reads.cmpTransactionsByIds([toHex(transactionID)], 1);
        const record = await reads.certificateById(row?.certificateId ?? '');
        return { row: present(row, 'a row'), record: present(record, 'a certificate') };
      }),
    );
  const statesOf = async (client: CmpClient) => {
    const { row, record } = await situationOf(client);
    return [row.state, record.state.status];
  };
  /** The content of a certConf that accepts the certificate. */
  const accepted = async (client: CmpClient, certReqId = 0) => {
    const { record } = await situationOf(client);
    return [{ certHash: sha256(certificateOf(bench.world, record)), certReqId, status: null, hashAlg: null }];
  };
  /** Sends all messages while another transaction keeps them waiting. Returns their answers. */
  const together = async (messages: readonly (readonly [CmpClient, Uint8Array])[]) => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let waiting = 0;
    joined = () => {
      waiting += 1;
      if (waiting === messages.length) open();
    };
    const held = bench.store.transaction(() => gate);
    const answers = await Promise.all(messages.map(([client, message]) => client.exchange(message)));
    unwrap(await held);
    return answers.map((answer) => {
      const { bodyKind, failInfo } = outcomeOf(answer);
      return [bodyKind, ...failInfo];
    });
  };

  it('are each answered as if they had come alone', async () => {
    const clients: CmpClient[] = [];
    for (let number = 1; number <= 6; number += 1) clients.push(await begun(`APP-${number}`));
    const [first, second, wrong, rejecting, misnamed, twice] = clients as [
      CmpClient,
      CmpClient,
      CmpClient,
      CmpClient,
      CmpClient,
      CmpClient,
    ];
    const answers = await together([
      [first, first.build('certConf', await accepted(first))],
      [wrong, wrong.build('certConf', [{ certHash: new Uint8Array(32), certReqId: 0, status: null, hashAlg: null }])],
      [rejecting, rejecting.build('certConf', [])],
      [misnamed, misnamed.build('certConf', await accepted(misnamed, -1))],
      [twice, twice.build('certConf', await accepted(twice))],
      [twice, twice.build('certConf', await accepted(twice))],
      [second, second.build('certConf', await accepted(second))],
    ]);
    assert.deepEqual(answers, [
      ['pkiconf'],
      ['error', 'badCertId'],
      ['pkiconf'],
      ['error', 'badRequest'],
      ['pkiconf'],
      ['error', 'certConfirmed'],
      ['pkiconf'],
    ]);
    assert.deepEqual(await Promise.all(clients.map(statesOf)), [
      ['confirmed', 'issued'],
      ['confirmed', 'issued'],
      ['rejected', 'revoked'],
      ['rejected', 'revoked'],
      ['answered', 'pending'],
      ['confirmed', 'issued'],
    ]);
    const types = (await storedAudit(bench.store)).map(({ type }) => type).filter((type) => type.startsWith('cmp.'));
    assert.deepEqual(types.sort(), [...Array(3).fill('cmp.confirmed'), ...Array(2).fill('cmp.rejected')]);
  });

  it('withdraw the answers about a certificate that its client rejects, though the result of the commit is lost', async () => {
    const told: string[] = [];
    const statusChanged: World['statusChanged'] = (all) => void told.push(...all.map(({ serial }) => serial));
    Object.assign(bench.world, { statusChanged });
    const client = await begun('APP-1');
    const { record } = await situationOf(client);
    areLost = true;
    const { bodyKind, failInfo } = outcomeOf(await client.exchange(client.build('certConf', [])));
    assert.deepEqual([bodyKind, ...failInfo], ['error', 'systemUnavail']);
    assert.deepEqual(await statesOf(client), ['rejected', 'revoked']);
    assert.deepEqual(told, [record.serial]);
  });

  it('prove one key for one holder only', async () => {
    const key = makeKey('rsa-3072');
    const proof = { kind: 'keyEncipherment', method: { kind: 'subsequentMessage', message: 'encrCert' } } as const;
    const messages: (readonly [CmpClient, Uint8Array])[] = [];
    for (const name of ['APP-1', 'APP-2']) {
      const client = bench.client(undefined, CONF);
      await client.ask('cr', [certReqMsg(key, templateFor(key, cn(name)), { proof })], { header: { pvno: 3 } });
      messages.push([client, client.build('certConf', await accepted(client), { header: { pvno: 3 } })]);
    }
    assert.deepEqual(await together(messages), [['pkiconf'], ['error', 'badCertTemplate']]);
    const states = await Promise.all(messages.map(([client]) => statesOf(client)));
    assert.deepEqual(states, [
      ['confirmed', 'issued'],
      ['rejected', 'revoked'],
    ]);
  });
});

describeOnEach('answers of CMP that are signed before the commit', ({ opened }) => {
  /** What happened, in its order: signatures of answers, and ends of transactions. */
  let events: string[];
  /** The results of commits are lost from the next signature of an answer on. */
  let loses: boolean;
  let bench: Awaited<ReturnType<typeof createCmpBench>>;
  let office: Office;
  let client: CmpClient;

  beforeEach(async () => {
    const store = await opened({ clock: () => NOW });
    const groupedTransaction: Store['groupedTransaction'] = async (...asked) => {
      const outcome = await store.groupedTransaction(...asked);
      const isLost = loses && events.includes('signed');
      events.push(isLost ? 'lost' : 'committed');
      if (!isLost) return outcome;
      return { ok: false, error: { kind: 'database-unavailable', retryAfterMs: 1_000, detail: 'a lost answer' } };
    };
    [events, loses] = [[], false];
    bench = await createCmpBench({ ...store, groupedTransaction }, { now: NOW });
    office = await createOffice(bench);
    client = office.client();
    const { cmpSigners } = bench.world;
    const of: typeof cmpSigners.of = (authority) => {
      const signer = cmpSigners.of(authority);
      if (signer === null) return null;
      const sign: typeof signer.sign = (part) => {
        events.push('signed');
        return signer.sign(part);
      };
      return { ...signer, sign };
    };
    Object.assign(bench.world, { cmpSigners: { of } });
    events = [];
  });

  const ask = async (name: string) => {
    const key = makeKey();
    const answer = outcomeOf(await client.ask('cr', [certReqMsg(key, templateFor(key, cn(name)))]));
    return { answer, happened: events.splice(0) };
  };
  const confirm = async (certificate: Uint8Array) => {
    const accepts = { certHash: sha256(certificate), certReqId: 0, status: null, hashAlg: null };
    const answer = outcomeOf(await client.exchange(client.build('certConf', [accepts])));
    return { answer: [answer.bodyKind, ...answer.failInfo], happened: events.splice(0) };
  };

  it('are signed once, while the database stores what they say', async () => {
    const { answer, happened } = await ask('APP-1');
    assert.deepEqual(happened, ['committed', 'signed', 'committed']);
    const { der } = present(answer.certificate, 'a certificate');
    assert.deepEqual(await confirm(der), { answer: ['pkiconf'], happened: ['signed', 'committed'] });
  });

  it('are not sent if the result of the commit is lost', async () => {
    loses = true;
    const { answer, happened } = await ask('APP-1');
    assert.deepEqual([answer.bodyKind, answer.certificate, ...answer.failInfo], ['error', null, 'systemUnavail']);
    assert.deepEqual(happened, ['committed', 'signed', 'lost', 'signed']);
    loses = false;
    client = office.client();
    const { der } = present((await ask('APP-2')).answer.certificate, 'a certificate');
    loses = true;
    assert.deepEqual(await confirm(der), {
      answer: ['error', 'systemUnavail'],
      happened: ['signed', 'lost', 'signed'],
    });
  });
});
