import assert from 'node:assert/strict';
import type { IssuedCertificate } from '../service/client.js';
import { makeCsr, makeKey } from '../service/csr.js';
import type { RunningService } from '../service/describe-service.js';
import { IDENTITY, nextNumber, professional, tokenId } from '../service/orders.js';

export type ShownRegistration = {
  readonly id: string;
  readonly reference: string;
  readonly state: string;
  readonly uses: readonly { readonly profile: string; readonly certificate: string | null }[];
  readonly holder: unknown;
};
export type NewRegistration = ShownRegistration & { readonly secret: string };

/** A body for a professional and their card. */
export function registrationBody(profiles: readonly string[], number: number = nextNumber()) {
  const card = { tokenId: tokenId(number), product: 'cps' };
  return { profiles, holder: professional(number), card, identity: IDENTITY, keyOrigin: 'card' };
}

/** Calls each route of registrations once, with success. */
export async function callRegistrationRoutes({ cards }: Pick<RunningService, 'cards'>): Promise<void> {
  const body = registrationBody(['fort/cps-authentication']);
  const made = await cards.expect<NewRegistration>('POST', '/v1/registrations', { body });
  const path = `/v1/registrations/${made.id}`;
  const { secret } = await cards.expect<NewRegistration>('POST', `${path}/secret`);
  assert.notEqual(secret, made.secret);
  const use = { profile: 'fort/cps-authentication', csr: makeCsr(makeKey()) };
  const { id } = await cards.expect<IssuedCertificate>('POST', `${path}/certificates`, { body: use });
  const read = await cards.expect<ShownRegistration>('GET', path);
  assert.deepEqual([read.state, read.uses[0]?.certificate], ['used', id]);
  type Page = { readonly registrations: readonly ShownRegistration[] };
  const { registrations } = await cards.expect<Page>('GET', '/v1/registrations?state=used&limit=1');
  assert.equal(registrations.length, 1);
  const other = registrationBody(['fort/cps-signature']);
  const withdrawn = await cards.expect<NewRegistration>('POST', '/v1/registrations', { body: other });
  await cards.expect('POST', `/v1/registrations/${withdrawn.id}/withdrawal`);
}
