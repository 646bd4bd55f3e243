/**
 * Transactions of CMP whose certificate is not there at once: it is being signed, its request waits
 * for the signer, or it is refused.
 */
import { answerAgain } from '../../../../src/operations/cmp/dispatch.js';
import { beginEnrolment } from '../../../../src/operations/cmp/enrol.js';
import { pollCertificate } from '../../../../src/operations/cmp/poll.js';
import { withdrawRegistration } from '../../../../src/operations/enrolment/withdraw.js';
import { revokeHolder } from '../../../../src/operations/revocation/revoke-all.js';
import { certReqMsg, templateFor } from '../../../support/cmp/client.js';
import { professionalId } from '../../../support/service/orders.js';
import type { Answer, Scenario } from '../scenarios/all.js';
import { accept, reportOf, type Service } from '../service.js';
import { CARD_MANAGEMENT, OFFICER } from '../stage.js';
import {
  begin,
  begun,
  CARD,
  exchangeOf,
  FIRST,
  KEY,
  KEY_OF_CARD,
  messageOf,
  pollBy,
  registered,
  registeredIn,
  sent,
  waiting,
  without,
} from './cmp.js';

/** The intent is stored, and its signature never comes. */
async function signing(service: Service): Promise<void> {
  await registered(service);
  await new Promise<void>((resolve, reject) => {
    service.signer.meanwhile = () => {
      resolve();
      return new Promise(() => undefined);
    };
    begin(service, service.bare).then(() => reject(new Error('it ended without a signature')), reject);
  });
}

/** The signer goes away after the intent was stored. */
async function unsigned(service: Service): Promise<void> {
  service.signer.away = true;
  await begun(service);
  service.signer.away = false;
}

/** The client polls until it has an answer. */
const polled = (service: Service): Promise<Answer> =>
  sent(service, pollBy(service, exchangeOf(service, FIRST)), pollCertificate);

/** Its octets are the same in each process, because it has no signature. */
const WITHOUT_PROOF = messageOf('ir', [certReqMsg(KEY_OF_CARD, templateFor(KEY_OF_CARD, []), { proof: null })]);

const BARRED = { account: OFFICER, reason: 'privilegeWithdrawn', invalidityDate: null } as const;

export const CMP_WAITING: readonly Scenario[] = [
  {
    name: 'begin a transaction of CMP whose signer goes away, and let its client wait',
    operation: beginEnrolment,
    before: registered,
    run: async (service) => {
      service.signer.away = true;
      const answer = await sent(service, exchangeOf(service, FIRST), beginEnrolment);
      service.signer.away = false;
      return answer;
    },
    again: null,
  },
  {
    name: 'answer a message of CMP again while its certificate is being signed',
    operation: answerAgain,
    before: signing,
    run: async (service) => without(await answerAgain(service.world, exchangeOf(service, FIRST))),
    keyed: { key: KEY, certificates: 1 },
  },
  {
    name: 'poll for a certificate by CMP whose request has waited for the signer',
    operation: pollCertificate,
    before: waiting,
    run: polled,
    keyed: { key: KEY, certificates: 1 },
  },
  {
    name: 'poll for a certificate by CMP whose registration was withdrawn in the meantime',
    operation: pollCertificate,
    before: async (service) => {
      await waiting(service);
      const command = { account: CARD_MANAGEMENT, id: registeredIn(service).id };
      accept(await withdrawRegistration(service.bare, command));
    },
    run: polled,
  },
  {
    name: 'refuse a request of CMP that has no proof of possession',
    operation: beginEnrolment,
    before: registered,
    run: (service) => sent(service, exchangeOf(service, WITHOUT_PROOF), beginEnrolment),
  },
  {
    name: 'give up the certificate of a transaction of CMP, because its holder is barred',
    operation: revokeHolder,
    before: unsigned,
    run: async (service) => {
      const revoked = await revokeHolder(service.world, professionalId(CARD.number), BARRED);
      return revoked.ok ? { ok: true, value: revoked.value.map(reportOf) } : revoked;
    },
  },
];
