/** Makes the listener for CMP over plain HTTP, and what it shares with the listener of the API. */
import { createCmpConnections } from '../../http/cmp/connections.js';
import { CMP_ADMISSION, type CmpServing } from '../../http/cmp/routes.js';
import { createCmpServer } from '../../http/cmp/server.js';
import { createAdmission } from '../../http/server/admission.js';
import type { Home } from '../home.js';
import type { Listener } from '../process.js';

export function cmpServing(parts: Pick<CmpServing, 'world' | 'trail' | 'metrics'>, connectionsMax: number): CmpServing {
  return {
    ...parts,
    admission: createAdmission(CMP_ADMISSION),
    connections: createCmpConnections(connectionsMax),
  };
}

export function cmpListener({ config }: Home, serving: CmpServing): Listener {
  return { server: createCmpServer(serving), address: config.listen.cmp };
}
