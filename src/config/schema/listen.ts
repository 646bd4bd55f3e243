/** Where the servers listen, and with which certificate. */
import type { Role } from '../../ports/node.js';

const address = (port: number) =>
  ({
    type: 'object',
    additionalProperties: false,
    properties: {
      host: { type: 'string', minLength: 1, default: '127.0.0.1' },
      port: { type: 'integer', minimum: 0, maximum: 65535, default: port },
    },
    default: {},
  }) as const;

const publicationAddress = address(8080);
const operators = address(9090);
const rolePort = { type: 'integer', minimum: 1, maximum: 65535 } as const;

export const listenSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    api: {
      ...address(8443),
      description: 'HTTPS with client certificates: REST for card management systems and officers.',
    },
    console: {
      ...address(8444),
      description: 'HTTPS with client certificates: the console of a process with the role console and without api.',
    },
    publication: {
      ...publicationAddress,
      description: 'HTTP for relying parties: OCSP, CRLs, CA certificates.',
      properties: {
        ...publicationAddress.properties,
        fastLane: {
          description:
            'Whether frequent requests are answered without the HTTP parser of Node. The responses are the same; ' +
            'it only saves CPU time.',
          type: 'boolean',
          default: true,
        },
      },
    },
    cmp: {
      ...address(8081),
      description: 'HTTP for devices and registration authorities: CMP, whose messages protect themselves.',
    },
    proxy: {
      description:
        'Unix socket for a reverse proxy that ends the TLS of clients and passes on their certificates and addresses ' +
        '(ops/proxy.md). Whoever can open it can act as any account. Default: there is none.',
      type: 'object',
      additionalProperties: false,
      required: ['socket'],
      properties: {
        socket: {
          description:
            'Its path. The folder must belong to the user of the service; with a group its mode is 2710, without one 0700.',
          type: 'string',
          pattern: '^/[!-~]{1,100}$',
        },
        group: {
          description: 'Name of the group of the proxy in /etc/group. Default: the proxy has the user of the service.',
          type: 'string',
          pattern: '^[a-z_][a-z0-9_-]{0,31}$',
        },
      },
    },
    operators: {
      ...operators,
      description: 'HTTP for operators: health, readiness, metrics.',
      properties: {
        ...operators.properties,
        rolePorts: {
          description:
            'Ports by role, for several processes on one machine. A process uses the port of its first role, in the ' +
            'order api, responder, worker, console, if there is one here, and otherwise `port`.',
          type: 'object',
          additionalProperties: false,
          properties: { api: rolePort, responder: rolePort, worker: rolePort, console: rolePort },
        },
      },
    },
  },
  default: {},
} as const;

export const publicAddressSchema = {
  description:
    'Base address in certificates instead of the one of the environment. Only in the development environment, for ' +
    'tests on other ports.',
  type: 'string',
  pattern: '^http://[^/]+$',
} as const;

export const tlsSchema = {
  description:
    'Server certificate chain and key of the API, PEM files. Default: a certificate that the platform issues itself.',
  type: 'object',
  additionalProperties: false,
  required: ['certificate', 'key'],
  properties: { certificate: { type: 'string' }, key: { type: 'string' } },
} as const;

export type Address = { readonly host: string; readonly port: number };

export type ListenConfig = {
  readonly api: Address;
  readonly console: Address;
  readonly publication: Address & { readonly fastLane: boolean };
  readonly cmp: Address;
  readonly proxy?: ProxyListenConfig;
  readonly operators: Address & { readonly rolePorts?: Readonly<Partial<Record<Role, number>>> };
};

/** `socket`: an absolute path. `group`: left out: only the user of the service may open it. */
type ProxyListenConfig = { readonly socket: string; readonly group?: string };

/** Where a process with these roles, in the order of `ROLES`, listens for operators. */
export function operatorsAddress({ operators }: Pick<ListenConfig, 'operators'>, roles: ReadonlySet<Role>): Address {
  const { host, port, rolePorts = {} } = operators;
  const [first] = roles;
  return { host, port: (first === undefined ? undefined : rolePorts[first]) ?? port };
}

export type TlsConfig = { readonly certificate: string; readonly key: string };
