/** Compromised keys that are reported by CMP, with what their certificates have asked for. */
import { OID } from '../../../../src/asn1/oids.js';
import { accountActor, certificateActor } from '../../../../src/audit/actors.js';
import { present } from '../../../../src/kernel/assert.js';
import { err, ok } from '../../../../src/kernel/result.js';
import { certificateOf } from '../../../../src/operations/cmp/answers.js';
import { changeStatus } from '../../../../src/operations/cmp/revoke.js';
import { renewSelf } from '../../../../src/operations/enrolment/renew-self.js';
import type { CertificateRecord } from '../../../../src/ports/store/certificates.js';
import type { CmpTransaction } from '../../../../src/ports/store/enrolment/cmp-transactions.js';
import { revocationOf } from '../../../support/cmp/client.js';
import { cmpTransaction } from '../../../support/cmp/transactions.js';
import { askedBy } from '../../../support/enrolment/asked.js';
import type { Answer, Scenario } from '../scenarios/all.js';
import { accept, idOf, type Service } from '../service.js';
import { commandOf, OFFICER } from '../stage.js';
import { exchangeOf, messageOf } from './cmp.js';

const SUCCESSOR = { number: 9, profiles: ['elementaire/org-auth-cli'], key: null } as const;
const TRANSACTION = 'c0'.repeat(16);
/** keyCompromise as an extension of a CRL entry (RFC 5280 5.3.1). */
const COMPROMISED = { oid: OID.reasonCode, critical: false, value: Uint8Array.of(0x0a, 0x01, 0x01) };

async function organisation(service: Service): Promise<CertificateRecord> {
  const found = await service.bare.store.read((reads) => reads.certificateById(idOf(service, 'organisation')));
  return present(accept(found), 'the certificate of the organisation');
}

/** The organisation has asked for a successor by CMP, and has not confirmed it yet. */
async function renewed(service: Service): Promise<void> {
  const { id, issuer, serial, profile } = await organisation(service);
  const certificate = { id, issuer, serial, profile, cardTokenId: null, isForAuthentication: true };
  const [application] = commandOf(service.stage, SUCCESSOR).applications;
  const row = cmpTransaction(1, { kind: 'kur', principal: certificateActor(certificate), request: null });
  accept(
    await renewSelf(service.bare, {
      ...(await askedBy(present(application, 'an application').csr)),
      protocol: 'cmp',
      principal: { kind: 'self', via: 'cmp', certificate: { ...certificate, selfService: ['renew-self'] } },
      claim: null,
      cmp: { row, isNew: true, confirmWithinMs: 60_000 },
    }),
  );
}

async function reported(service: Service): Promise<Answer> {
  const template = revocationOf(certificateOf(service.bare, await organisation(service)));
  const message = messageOf('rr', [{ template, crlEntryDetails: [COMPROMISED] }]);
  const exchange = { ...exchangeOf(service, message), transactionId: TRANSACTION };
  const changed = await changeStatus(service.world, { ...exchange, principal: { kind: 'account', account: OFFICER } });
  return changed.ok ? answerOf(changed.value) : (changed as Answer);
}

function answerOf({ outcome }: CmpTransaction): Answer {
  return outcome?.status === 'accepted' ? ok([]) : err({ kind: outcome?.failInfo ?? 'no-outcome' });
}

export const COMPROMISES: readonly Scenario[] = [
  {
    name: 'report by CMP that a key is compromised, before its successor is confirmed',
    operation: changeStatus,
    before: renewed,
    run: reported,
    // A client that repeats its octets gets the answer of the row.
    again: async (service) => {
      const key = { principal: accountActor(OFFICER.id), transactionId: TRANSACTION };
      const row = accept(await service.bare.store.read((reads) => reads.cmpTransaction(key)));
      return row === null ? reported(service) : answerOf(row);
    },
  },
];
