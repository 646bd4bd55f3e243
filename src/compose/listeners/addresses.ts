/** Says at which addresses a process listens, by its roles. */
import { type Address, operatorsAddress } from '../../config/schema/listen.js';
import type { Home } from '../home.js';
import { type ListenerName, type Roles, servedByApi } from '../roles.js';

type ListeningProcess = { readonly home: Home; readonly roles: Roles };

/**
 * A listener at a TCP port. The listener for a proxy is not among them, because it has a Unix
 * socket.
 */
export type PortName = Exclude<ListenerName, 'proxy'>;

export function addressOf({ home, roles }: ListeningProcess, name: PortName): Address {
  const { listen } = home.config;
  if (name === 'operators') return operatorsAddress(listen, roles);
  return name === 'api' && servedByApi(roles) === 'console' ? listen.console : listen[name];
}

export function urlOf(core: ListeningProcess, name: PortName): string {
  return `${name === 'api' ? 'https' : 'http'}://127.0.0.1:${addressOf(core, name).port}`;
}
