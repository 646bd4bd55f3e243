/**
 * The API without TLS, client certificates and database: for tests of what every request goes
 * through.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import { type ApiOptions, createApi } from '../../../src/http/api/api.js';
import type { ApiContext } from '../../../src/http/api/handler.js';
import { createCmpConnections } from '../../../src/http/cmp/connections.js';
import { CMP_ADMISSION } from '../../../src/http/cmp/routes.js';
import { createAdmission } from '../../../src/http/server/admission.js';
import { delayContinue } from '../../../src/http/server/continue.js';
import { createMetrics } from '../../../src/observe/metrics.js';
import type { World } from '../../../src/operations/world.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import { NOW, testPolicy } from '../../unit/policy/fixtures.js';
import { NO_TRAIL } from '../service/no-trail.js';

/** A card management system that sees no profile. */
export const CARDS: Account = {
  id: 'cards',
  name: 'cards',
  roles: ['card-management'],
  scope: { profiles: [], structures: ['*'], domains: ['*'], holders: ['*'] },
  credentials: [],
  disabled: false,
  ...ACCOUNT_DEFAULTS,
  createdAt: 0,
};

export type ListeningServer = {
  readonly url: string;
  readonly port: number;
  readonly close: () => Promise<void>;
};

export function createBareApi(options: Pick<ApiOptions, 'authenticate'> & Partial<ApiOptions>): Server {
  const world = { policy: testPolicy(), clock: () => NOW } as unknown as World;
  const metrics = createMetrics();
  const api = createApi({
    context: { world } as unknown as ApiContext,
    cmp: {
      world,
      trail: NO_TRAIL,
      metrics,
      admission: createAdmission(CMP_ADMISSION),
      connections: createCmpConnections(100),
    },
    trail: NO_TRAIL,
    metrics,
    version: '0.0.0',
    url: 'https://localhost',
    themeFolder: '/nonexistent',
    formKey: new Uint8Array(32),
    connections: {
      connectionsMax: 100,
      add: () => undefined,
      markAnonymous: () => undefined,
      admit: () => true,
      isAdmitted: () => true,
    },
    ...options,
  });
  const server = createServer(api);
  delayContinue(server);
  return server;
}

/** Listens on a free port of this machine. */
export async function listening(server: Server): Promise<ListeningServer> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
