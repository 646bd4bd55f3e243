/** Where a process with some roles listens. */
import { type Address, operatorsAddress } from '../../config/schema/listen.js';
import type { Home } from '../home.js';
import { type ListenerName, type Roles, servedByApi } from '../roles.js';

type ListeningProcess = { readonly home: Home; readonly roles: Roles };

export function addressOf({ home, roles }: ListeningProcess, name: ListenerName): Address {
  const { listen } = home.config;
  if (name === 'operators') return operatorsAddress(listen, roles);
  return name === 'api' && servedByApi(roles) === 'console' ? listen.console : listen[name];
}

export function urlOf(core: ListeningProcess, name: ListenerName): string {
  return `${name === 'api' ? 'https' : 'http'}://127.0.0.1:${addressOf(core, name).port}`;
}
