/**
 * Each role on each route. Without it, a route could check another action than its row of the table
 * says, and support staff or operators could read names.
 */
import assert from 'node:assert/strict';
import { ROLES, type Role } from '../../../../src/access/roles.js';
import type { Route } from '../../../../src/http/api/route.js';
import { ROUTES } from '../../../../src/http/api/routes.js';
import type { Client } from '../../../support/service/client.js';
import { describeService } from '../../../support/service/describe-service.js';

const EVERYTHING = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
/** What shows names of holders, or is about a holder at all. */
const WITH_NAMES = ['read', 'read-order-lines', 'read-audit', 'read-accounts', 'read-registrations'] as const;
const ABOUT_HOLDERS = [...WITH_NAMES, 'find', 'read-updates', 'read-campaigns'] as const;

describeService('the roles', { on: 'sqlite' }, (running) => {
  for (const role of Object.keys(ROLES) as Role[])
    it(`call what the table of ${role} permits, and nothing else`, async () => {
      const { client } = await running.shared.newAccount({ roles: [role], scope: EVERYTHING });
      for (const route of ROUTES) {
        const relayed = route.kind === 'json' ? route.relayed : undefined;
        const isPermitted = [route.action, relayed].some(
          (action) => action !== undefined && ROLES[role].includes(action),
        );
        const { status, body } = await call(client, route);
        const code = (body as { readonly code?: string }).code;
        const seen = `${route.method} ${route.path}: ${status} ${code}`;
        // The parameters name nothing, and there is no body: what is permitted has no effect.
        if (!isPermitted) assert.deepEqual([status, code], [403, 'not-permitted'], seen);
        else if (relayed === undefined) assert.notEqual(status, 403, seen);
      }
    });

  it('of support staff see no names, and those of operators see no holders', () => {
    for (const action of WITH_NAMES) assert.ok(!ROLES.support.includes(action), action);
    for (const action of ABOUT_HOLDERS) assert.ok(!ROLES.operator.includes(action), action);
  });

  it('that may read certificates may also find them', () => {
    for (const actions of Object.values(ROLES)) assert.ok(!actions.includes('read') || actions.includes('find'));
  });
});

function call(client: Client, { method, path }: Route): ReturnType<Client['call']> {
  const filled = path.replace(/\{\w+\}/g, 'nothing');
  return client.call(method.toUpperCase() as 'GET' | 'POST' | 'DELETE', filled);
}
