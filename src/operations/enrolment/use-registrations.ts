/**
 * The part of a reservation that belongs to a registration: what prevents its use, and the use, in
 * the transaction that spends the serial numbers. A use that was counted before would be lost in a
 * crash. Transactions are serial, so that the rows need no locks of their own.
 */
import { present } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { Registration, RegistrationState } from '../../ports/store/enrolment/registrations.js';
import type { Reads, Transaction } from '../../ports/store.js';
import { fault } from '../../texts/text.js';
import type { OperationFailure } from '../failures.js';

/** The part of a reservation that concerns its registration. */
type RegistrationReservation = {
  /** null: it uses none. */
  readonly registration: string | null;
  readonly records: readonly Pick<CertificateRecord, 'id' | 'profile'>[];
  readonly now: Instant;
};

export type RegistrationsById = ReadonlyMap<string, Registration>;

/** The state of a registration at this time: its end is effective before a job has written it. */
export function registrationStateAt(
  { state, expiresAt }: Pick<Registration, 'state' | 'expiresAt'>,
  now: Instant,
): RegistrationState {
  return state === 'open' && expiresAt <= now ? 'expired' : state;
}

export async function readRegistrations(
  reads: Pick<Reads, 'registrationsByIds'>,
  reservations: readonly Pick<RegistrationReservation, 'registration'>[],
): Promise<RegistrationsById> {
  const ids = [...new Set(reservations.flatMap(({ registration }) => registration ?? []))];
  const found = ids.length === 0 ? [] : await reads.registrationsByIds(ids);
  return new Map(found.map((one) => [one.id, one]));
}

/** null: nothing prevents the use. */
export function registrationConflict(
  registrations: RegistrationsById,
  { registration: id, records, now }: RegistrationReservation,
): OperationFailure | null {
  if (id === null) return null;
  const registration = present(registrations.get(id), 'a registration that was read before');
  for (const { profile } of records) {
    const prevented = useConflict(registration, profile, now);
    if (prevented !== null) return prevented;
  }
  return null;
}

/** Why the profile cannot be used now; null: it can. */
function useConflict(registration: Registration, profile: string, now: Instant): OperationFailure | null {
  const use = registration.uses.find((one) => one.profile === profile);
  if (use === undefined) {
    const registered = registration.uses.map((one) => one.profile);
    return { kind: 'not-permitted', ...fault('registration-profile', { profile, registered }) };
  }
  if (use.certificateId !== null) {
    const used = fault('registration-profile-unused', { profile, certificate: use.certificateId });
    return { kind: 'state-conflict', ...used };
  }
  const state = registrationStateAt(registration, now);
  return state === 'open' ? null : { kind: 'state-conflict', ...fault('registration-open', { state }) };
}

/** Stores the uses, and the registrations of which every profile is used by now. */
export async function useRegistrations(
  tx: Pick<Transaction, 'useRegistrations' | 'changeRegistration'>,
  registrations: RegistrationsById,
  accepted: readonly RegistrationReservation[],
): Promise<void> {
  for (const { registration: id, records, now } of accepted) {
    const registration = id === null ? undefined : registrations.get(id);
    if (registration === undefined) continue;
    await tx.useRegistrations(
      records.map((record) => ({
        registrationId: registration.id,
        profile: record.profile,
        certificateId: record.id,
      })),
    );
    const used = new Set(records.map(({ profile }) => profile));
    const isUsed = registration.uses.every(({ profile, certificateId }) => certificateId !== null || used.has(profile));
    if (isUsed) await tx.changeRegistration({ ...registration, state: 'used', stateAt: now });
  }
}
