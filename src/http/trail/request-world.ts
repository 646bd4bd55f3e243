import { writesOfRequest } from '../../audit/request-writes.js';
import type { World } from '../../operations/world.js';
import type { Log } from '../../ports/world.js';

/**
 * The world in which a request is answered: every log line and every audit entry of its
 * transactions has its id. Grouped transactions write for several requests: their items have the
 * id.
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
