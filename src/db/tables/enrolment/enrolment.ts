/** Combines the reads and writes of registrations and of CMP transactions. */
import type { CmpTransactionReads, CmpTransactionWrites } from '../../../ports/store/enrolment/cmp-transactions.js';
import type { RegistrationReads, RegistrationWrites } from '../../../ports/store/enrolment/registrations.js';
import type { Session } from '../../engine/session.js';
import { cmpTransactionReads, cmpTransactionWrites } from './cmp-transactions.js';
import { registrationReads, registrationWrites } from './registrations.js';

export function enrolmentReads(session: Session): RegistrationReads & CmpTransactionReads {
  return { ...registrationReads(session), ...cmpTransactionReads(session) };
}

export function enrolmentWrites(session: Session): RegistrationWrites & CmpTransactionWrites {
  return { ...registrationWrites(session), ...cmpTransactionWrites(session) };
}
