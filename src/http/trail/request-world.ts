import { writesOfRequest } from '../../audit/request-writes.js';
import type { World } from '../../operations/world.js';
import type { Log } from '../../ports/world.js';

/**
 * Returns the ports for one request: each of its log lines, and each audit entry that its own
 * transactions append, gets the id of the request. A grouped transaction writes for several
 * requests, so its items carry the id themselves.
 */
export function worldOfRequest(world: World, requestId: string): World {
  const { store } = world;
  return {
    ...world,
    requestId,
    log: logOfRequest(world.log, requestId),
    store: { ...store, transaction: (work) => store.transaction((tx) => work(writesOfRequest(tx, requestId))) },
  };
}

function logOfRequest(log: Log, requestId: string): Log {
  return {
    info: (event, fields) => log.info(event, { ...fields, requestId }),
    warn: (event, fields) => log.warn(event, { ...fields, requestId }),
    error: (event, fields) => log.error(event, { ...fields, requestId }),
  };
}
