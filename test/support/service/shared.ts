/**
 * One running service for all test files of a process that do not break it, by key type of its
 * CAs and database, started when first asked for, and stopped before a file that shares none.
 */
import { randomUUID } from 'node:crypto';
import type { DatabaseOptions } from '../../../src/db/open.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import { afterSharing } from '../after-last-test.js';
import { bindAccount } from '../db/bind-account.js';
import type { DatabaseKind } from '../db/fixture.js';
import { beforeSharedClusterEnds } from '../db/postgresql-cluster.js';
import {
  type Client,
  type ClientCredential,
  createClient,
  credentialOf,
  fetchOpenApi,
  type IssuedCertificate,
  type RefusedAnswer,
  trustOf,
} from './client.js';
import { makeCsr, makeKey } from './csr.js';
import { configure, makeServiceHome, removeServiceHome } from './home.js';
import { bodyOf } from './orders.js';
import { createResponseJudge, type ResponseJudge } from './schema.js';
import { createService, type Service } from './service.js';

export type SharedService = {
  readonly service: Service;
  readonly judge: ResponseJudge;
  /** All refused requests of the clients below. */
  readonly refused: readonly RefusedAnswer[];
  /** A client of a development account; the same one each time. */
  readonly as: (account: DevelopmentAccount) => Client;
  readonly with: (credential: ClientCredential) => Client;
  /** A new account whose certificate the platform issues itself; the client presents it. */
  readonly newAccount: (given: Pick<Account, 'roles' | 'scope'>) => Promise<NewAccount>;
};
export type DevelopmentAccount =
  | 'card-management'
  | 'officer-1'
  | 'officer-2'
  | 'auditor'
  | 'support'
  | 'operator'
  | 'no-rights';
export type NewAccount = {
  readonly id: string;
  readonly client: Client;
  readonly certificate: IssuedCertificate;
  readonly credential: NonNullable<ClientCredential>;
};

type CaKeyType = 'p-256' | 'rsa-4096';
/**
 * `console`: for the tests of the console, so that other tests add nothing to its lists.
 * `new-console`: for the tests of the console that begin with an empty installation.
 * `populated-console`: for the list of controls, which shows what `populate` has made and no other
 * test.
 */
export type Sharers = 'api' | 'console' | 'new-console' | 'populated-console';
const running = new Map<string, Promise<SharedService>>();
const stops: (() => Promise<void>)[] = [];

export function sharedService(
  keyType: CaKeyType,
  database: DatabaseKind = 'sqlite',
  sharers: Sharers = 'api',
): Promise<SharedService> {
  const name = `${keyType} ${database} ${sharers}`;
  const known = running.get(name) ?? startShared(keyType, database, sharers);
  running.set(name, known);
  return known;
}

/** Called after the last test file; a program that is no test calls it itself. */
export async function stopSharedServices(): Promise<void> {
  running.clear();
  for (const stop of stops.splice(0)) await stop();
}

afterSharing(stopSharedServices);
beforeSharedClusterEnds(stopSharedServices);

/** An endpoint that nobody answers. It gets only the events of tests that send some to it. */
export const SHARED_ENDPOINT = {
  name: 'cards',
  url: 'https://cards.invalid/events',
  topics: ['card.read-back-differs'],
} as const;

async function startShared(keyType: CaKeyType, database: DatabaseKind, sharers: Sharers): Promise<SharedService> {
  // The one with RSA keys is as a stranger gets it; the quick one holds cards to one holder and
  // renewals to their window, so that this is tried too.
  const environment = keyType === 'p-256' ? { cardsOfOneHolder: true, renewalAnyTime: false } : {};
  // Officers see the actions of the console on suspended certificates too.
  const suspension = sharers === 'api' ? 'campaign' : 'always';
  const at = await makeServiceHome(keyType, { environment, database, suspension });
  configure(at, { webhooks: [SHARED_ENDPOINT] });
  const service = createService(at);
  const clients = new Map<string, Client>();
  stops.push(async () => {
    for (const client of clients.values()) await client.close();
    await service.stop();
    removeServiceHome(at);
  });
  await service.start();
  const trust = trustOf(at);
  const judge = createResponseJudge(await fetchOpenApi(service.urls.api, trust));
  const refused: RefusedAnswer[] = [];
  const connection = { url: service.urls.api, trust, judge, connectionsMax: 8 };
  const keep = (name: string, make: () => ClientCredential): Client => {
    const client =
      clients.get(name) ??
      createClient({ ...connection, credential: make(), onRefused: (answer) => refused.push(answer) });
    clients.set(name, client);
    return client;
  };
  const withCredential = (credential: ClientCredential): Client => keep(randomUUID(), () => credential);
  const as = (account: DevelopmentAccount): Client => keep(account, () => credentialOf(at, account));
  return {
    service,
    judge,
    refused,
    as,
    with: withCredential,
    newAccount: (given) => addAccount(given, at.database, { as, withCredential }),
  };
}

type Clients = {
  readonly as: SharedService['as'];
  readonly withCredential: (credential: ClientCredential) => Client;
};

/** Through the store, as an administrator's command would: there is no route that adds accounts. */
async function addAccount(
  { roles, scope }: Pick<Account, 'roles' | 'scope'>,
  database: DatabaseOptions,
  { as, withCredential }: Clients,
): Promise<NewAccount> {
  const key = makeKey();
  const body = bodyOf('elementaire/org-auth-cli', makeCsr(key));
  const certificate = await as('card-management').expect<IssuedCertificate>('POST', '/v1/certificates', { body });
  const id = await bindAccount({ database }, certificate.id, { roles, scope });
  const pem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const credential = { certificate: certificate.certificate, key: pem };
  return { id, certificate, credential, client: withCredential(credential) };
}
