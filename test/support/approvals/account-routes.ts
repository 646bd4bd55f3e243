import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { IssuedCertificate } from '../service/client.js';
import type { RunningService } from '../service/describe-service.js';
import { bodyOf } from '../service/orders.js';
import type { ShownApproval } from './office.js';

type RequestAnswer = { readonly approval: ShownApproval };

/** Calls each route of decisions about accounts once, with success. */
export async function callAccountRoutes({ cards, officer, shared }: RunningService): Promise<void> {
  const second = shared.as('officer-2');
  const decide = async (path: string, body: object): Promise<void> => {
    const { approval } = await officer.expect<RequestAnswer>('POST', path, { body });
    const decided = await second.expect<ShownApproval>('POST', `/v1/approvals/${approval.id}`, {
      body: { decision: 'approve' },
    });
    assert.equal(decided.state, 'executed');
  };
  const { id: certificate } = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', {
    body: bodyOf('elementaire/org-auth-cli'),
  });
  const id = `a.${randomUUID()}`;
  const scope = { profiles: ['fort/*'], structures: [], domains: [], holders: ['*'] };
  const added = { id, name: 'Contrôle', roles: ['auditor'], scope, certificate, reason: 'a new colleague' };
  await decide('/v1/accounts', added);
  const account = `/v1/accounts/${id}`;
  await decide(`${account}/change`, { scope: { profiles: ['*'] }, reason: 'all of them' });
  await decide(`${account}/disabling`, { reason: 'away' });
  await decide(`${account}/enabling`, { reason: 'back' });
}
