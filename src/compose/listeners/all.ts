/**
 * Makes the listeners of a service, each when the process opens it. Those of the API are made
 * before.
 */
import type { CmpServing } from '../../http/cmp/routes.js';
import { createOperatorsServer } from '../../http/operators/server.js';
import { present } from '../../kernel/assert.js';
import type { Readiness } from '../../ports/readiness.js';
import type { CommonParts, Listener } from '../process.js';
import type { Publication } from '../publication.js';
import type { ListenerName, Roles } from '../roles.js';
import type { Status } from '../status.js';
import { addressOf } from './addresses.js';
import type { ApiListeners } from './api.js';
import { cmpListener } from './cmp.js';
import { publicationListener } from './publication.js';

type ListenerParts = Pick<
  CommonParts<unknown>,
  'home' | 'log' | 'issuers' | 'platformKey' | 'metrics' | 'connections'
> & {
  readonly roles: Roles;
  readonly status: Pick<Status, 'responder'>;
  readonly publication: Pick<Publication, 'files'>;
  /** The listeners of the API; null: no role of the process has them. */
  readonly api: ApiListeners | null;
  readonly cmp: CmpServing;
  readonly readiness: () => Promise<Readiness>;
};

export function listenerMakers(parts: ListenerParts): Readonly<Record<ListenerName, () => Listener | null>> {
  const { home, log, issuers, platformKey, metrics, connections, status, publication } = parts;
  return {
    api: () => present(parts.api, 'the listeners of a process with the role api').direct,
    proxy: () => present(parts.api, 'the listeners of a process with the role api').proxy,
    cmp: () => cmpListener(home, parts.cmp),
    publication: () =>
      publicationListener({
        home,
        issuers,
        platformKey,
        responder: status.responder,
        crls: publication.files,
        metrics,
        log,
        connectionsMax: connections.publication,
      }),
    operators: () => ({
      server: createOperatorsServer(metrics, parts.readiness),
      address: addressOf(parts, 'operators'),
    }),
  };
}
