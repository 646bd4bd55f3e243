import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { auditOf } from '../service/audit-of.js';
import { makeCsr, makeKey } from '../service/csr.js';
import type { RunningService } from '../service/describe-service.js';
import { nextNumber, orderOf, professionalId } from '../service/orders.js';
import { runPfcng } from '../service/service.js';
import { callAccountRoutes } from './account-routes.js';
import type { ShownApproval } from './office.js';

type RequestAnswer = { readonly approval: ShownApproval };
type Page = { readonly approvals: readonly ShownApproval[] };

/** Calls each route of approvals once, with success. */
export async function callApprovalRoutes(running: RunningService): Promise<void> {
  const { cards, officer, shared } = running;
  await callAccountRoutes(running);
  const key = randomBytes(32).toString('hex');
  const why = ['--officer', 'officer-1', '--reason', 'leaked'];
  const blocked = await runPfcng(shared.service.at, 'key', 'block', `sha256:${key}`, ...why);
  assert.equal(blocked.status, 0, blocked.stderr);
  const path = `/v1/blocked-keys/${key}?reason=${encodeURIComponent('another key')}`;
  const { approval } = await officer.expect<RequestAnswer>('DELETE', path);
  const { approvals } = await officer.expect<Page>('GET', '/v1/approvals?state=requested');
  assert.ok(approvals.some(({ id }) => id === approval.id));
  const second = shared.as('officer-2');
  assert.deepEqual(await second.expect('GET', `/v1/approvals/${approval.id}`), approval);
  const body = { decision: 'approve' };
  const decided = await second.expect<ShownApproval>('POST', `/v1/approvals/${approval.id}`, { body });
  assert.equal(decided.state, 'executed');
  const { operators } = shared.service.urls;
  assert.match(
    await (await fetch(`${operators}/metrics`)).text(),
    /^pfcng_approvals_open\{action="key.unblock"\} \d+$/m,
  );
  type Details = { readonly id?: string; readonly approval?: string };
  const entries = await auditOf<Details>(shared.as('auditor'));
  const about = entries.filter(({ details }) => details.id === approval.id || details.approval === approval.id);
  assert.deepEqual(about.map(({ type }) => type).sort(), ['approval.executed', 'approval.requested', 'key.unblocked']);

  const number = nextNumber();
  await cards.expect('POST', '/v1/certificates', {
    body: { ...orderOf('fort/cps-signature', number), csr: makeCsr(makeKey()) },
  });
  const holder = `/v1/holders/${professionalId(number)}`;
  await officer.expect('POST', `${holder}/revocation`, { body: { reason: 'privilegeWithdrawn' } });
  const bar = await officer.expect<RequestAnswer>('DELETE', `${holder}/bar?reason=the%20wrong%20person`);
  await second.expect('POST', `/v1/approvals/${bar.approval.id}`, { body });
  assert.equal((await officer.expect<{ readonly state: string }>('GET', holder)).state, 'free');
}
