/**
 * kill -9 of the whole service at each step from ir to pkiConf. Without this test a client that
 * repeats its octets afterwards could get two certificates, or none that it can confirm.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PkiMessage } from '../../../../src/cmp/model.js';
import { present } from '../../../../src/kernel/assert.js';
import { type Bytes, toHex } from '../../../../src/kernel/bytes.js';
import {
  type CmpClient,
  certReqMsg,
  cn,
  createCmpClient,
  outcomeOf,
  sha256,
  templateFor,
} from '../../../support/cmp/client.js';
import { postCmp } from '../../../support/cmp/post.js';
import { makeKey } from '../../../support/service/csr.js';
import { rowsOf } from '../../../support/service/database.js';
import { makeServiceHome, removeServiceHome } from '../../../support/service/home.js';
import { isSignerChild } from '../../../support/service/processes.js';
import { createService, type Service } from '../../../support/service/service.js';
import { until } from '../../../support/until.js';

const PATH = '/p/elementaire~org-auth-cli';
const CLIENTS = 4;

/** A client, its name in the subject, and the octets that it repeats. */
type Enrolment = { readonly client: CmpClient; readonly name: string; readonly first: Bytes };

describe('CMP, killed between ir and pkiConf', () => {
  let service: Service;
  let secret: string;
  let made = 0;

  before(async () => {
    const at = await makeServiceHome('p-256');
    service = createService(at);
    await service.start();
    secret = readFileSync(join(at.home, 'credentials', 'card-management.secret.txt'), 'utf8').trim();
  });
  after(async () => {
    await service.killEverything();
    removeServiceHome(service.at);
  });

  const send = async (body: Bytes): Promise<Bytes> => {
    const { status, octets, text } = await postCmp(service, { path: PATH, body });
    if (status !== 200) throw new Error(`${status} ${text}`);
    return new Uint8Array(octets);
  };

  function newEnrolment(): Enrolment {
    made += 1;
    const name = `KILLED-${made}`;
    const client = createCmpClient({ reference: 'card-management', secret }, { send, now: () => Date.now() });
    const key = makeKey();
    return { client, name, first: client.build('ir', [certReqMsg(key, templateFor(key, cn(name)))]) };
  }

  /** As a client does whose connection breaks: the same octets, until they are answered. */
  async function untilAnswered({ client }: Enrolment, octets: Bytes): Promise<PkiMessage> {
    const answers: PkiMessage[] = [];
    await until('the message is answered', async () => {
      await client.exchange(octets).then(
        (answer) => answers.push(answer),
        () => undefined,
      );
      return answers.length > 0;
    });
    return present(answers[0], 'an answer');
  }

  /** The certificate of the answer; a client that is told to wait polls for it. */
  async function certificateFor(enrolment: Enrolment): Promise<Bytes> {
    let outcome = outcomeOf(await untilAnswered(enrolment, enrolment.first));
    while (outcome.certificate === null) {
      assert.ok(outcome.status === 'waiting' || outcome.bodyKind === 'pollRep', JSON.stringify(outcome));
      await sleep(1_000);
      outcome = outcomeOf(await untilAnswered(enrolment, enrolment.client.build('pollReq', [0])));
    }
    return outcome.certificate.der;
  }

  const confirmation = ({ client }: Enrolment, certificate: Bytes): Bytes =>
    client.build('certConf', [{ certHash: sha256(certificate), certReqId: 0, status: null, hashAlg: null }]);

  const rows = (sql: string, ...bindings: readonly string[]) => rowsOf(service.at, sql, ...bindings);

  async function killAndStart(): Promise<void> {
    await service.killEverything();
    await service.start();
  }

  async function assertOneEach(enrolments: readonly Enrolment[]): Promise<void> {
    for (const { client, name } of enrolments) {
      const sql = `select c.status, t.state from certificates c left join cmp_transactions t on t.certificate_id = c.id
        and t.transaction_id = ? where c.holder_id like ?`;
      const found = await rows(sql, toHex(client.transactionID), `%/${name}`);
      assert.deepEqual(found, [{ status: 'issued', state: 'confirmed' }], name);
    }
  }

  /** Each prepares the clients up to its step, at which the service is killed. */
  const STEPS: Readonly<Record<string, (all: readonly Enrolment[]) => Promise<unknown>>> = {
    'as the first message is sent': async (all) => {
      void Promise.allSettled(all.map(({ client, first }) => client.exchange(first)));
      await sleep(made % 20);
    },
    'when the intent is stored and not signed': async (all) => {
      for (const { pid } of service.tree().filter(isSignerChild)) process.kill(pid, 'SIGSTOP');
      void Promise.allSettled(all.map(({ client, first }) => client.exchange(first)));
      await until('an intent is stored', async () => {
        const [row] = await rows(`select count(*) as count from certificates where status = 'open'`);
        return Number(row?.count) > 0;
      });
    },
    'when the certificate is answered': (all) => Promise.all(all.map(certificateFor)),
    'as the confirmation is sent': async (all) => {
      const certificates = await Promise.all(all.map(certificateFor));
      const words = all.map((one, at) => confirmation(one, present(certificates[at], 'a certificate')));
      void Promise.allSettled(all.map(({ client }, at) => client.exchange(present(words[at], 'a confirmation'))));
      await sleep(made % 20);
    },
    'when the confirmation is answered': async (all) => {
      for (const one of all) {
        const certificate = await certificateFor(one);
        assert.equal((await one.client.exchange(confirmation(one, certificate))).bodyKind, 'pkiconf');
      }
    },
  };

  for (const [step, bringTo] of Object.entries(STEPS))
    it(`${step}: each client that repeats its octets has one certificate`, async () => {
      const all = Array.from({ length: CLIENTS }, newEnrolment);
      await bringTo(all);
      await killAndStart();
      await Promise.all(
        all.map(async (one) => {
          const certificate = await certificateFor(one);
          const word = confirmation(one, certificate);
          const answer = await untilAnswered(one, word);
          // A confirmation that was stored before the kill has other octets than this one.
          const { bodyKind, failInfo } = outcomeOf(answer);
          assert.ok(bodyKind === 'pkiconf' || failInfo[0] === 'certConfirmed', JSON.stringify(outcomeOf(answer)));
          assert.deepEqual(await certificateFor(one), certificate, 'the same certificate again');
        }),
      );
      await assertOneEach(all);
    });
});
