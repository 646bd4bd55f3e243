/** The states in which a certificate is verified. */
import { FINAL_REASONS } from '../../../src/lifecycle/certificate-states.js';
import type { Client, IssuedCertificate } from '../../support/service/client.js';

export const STATES = ['good', ...FINAL_REASONS, 'hold', 'released', 'expired'] as const;
export type State = (typeof STATES)[number];

/** RFC 5280 5.3.1. */
export const reasonOf = (state: State): string => (state === 'hold' ? 'certificateHold' : state);
export const isRevoked = (state: State): boolean =>
  state === 'hold' || FINAL_REASONS.some((reason) => reason === state);
export async function changeState(officer: Client, { id }: IssuedCertificate, state: State): Promise<void> {
  if (state === 'good' || state === 'expired') return;
  if (state === 'hold' || state === 'released') {
    await officer.expect('POST', `/v1/certificates/${id}/suspension`, { body: {} });
    if (state === 'released') await officer.expect('DELETE', `/v1/certificates/${id}/suspension`);
    return;
  }
  await officer.expect('POST', `/v1/certificates/${id}/revocation`, { body: { reason: state } });
}
