/** What comes after a list is published: how it is served, where else it goes, and whether relying parties get it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readPasswordFile } from '../config/password-file.js';
import type { OutletConfig } from '../config/schema/publication.js';
import { createPublishedFiles, type PublishedFiles } from '../http/status/files.js';
import type { PublicationOptions } from '../http/status/server.js';
import { createOutlets, type Outlets, type Supplied } from '../jobs/lists/outlets.js';
import { createPublishLag, type PublishLag } from '../jobs/lists/publish-lag.js';
import { createSelfCheck, type PublicAddress, type SelfCheck } from '../jobs/lists/self-check.js';
import { type Bytes, toHex } from '../kernel/bytes.js';
import { sha256Hex } from '../kernel/digest.js';
import { SECOND_MS } from '../kernel/duration.js';
import type { Json } from '../kernel/json.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { Metrics } from '../observe/metrics.js';
import type { World } from '../operations/world.js';
import { stemOf } from '../policy/ids.js';
import { caIssuersUrl, crlFileName, crlUrl, ocspUrl } from '../policy/publication/addresses.js';
import { crlPartitions } from '../policy/publication/crl-lists.js';
import { kindOf, partitionOf, scopeOf } from '../policy/publication/crl-scopes.js';
import { directoryEntryOf, ldapCrlUrl, ldapDeltaCrlUrl } from '../policy/publication/ldap-addresses.js';
import type { OutletFailure, Publishable, RemoteOutlet } from '../ports/outlet.js';
import type { IssuerId } from '../ports/signer.js';
import type { CrlRecord, CrlScope } from '../ports/store/crls.js';
import type { StoreFailure } from '../ports/store/failure.js';
import type { DeliveryWorld } from '../publish/deliver.js';
import { createDirectoryOutlet } from '../publish/directory-outlet.js';
import type { FileOutlet } from '../publish/file-outlet.js';
import { createHomeOutlet } from '../publish/home-outlet.js';
import { createLdapOutlet } from '../publish/ldap-outlet.js';
import { fetchHttp, fetchPublic } from '../publish/public-addresses.js';
import { ContentUnavailable } from '../publish/verified-content.js';
import type { Issuer } from '../x509/model.js';
import type { Home } from './home.js';
import type { HomeIssuers } from './issuers.js';

export type Publication = {
  readonly files: PublishedFiles;
  readonly outlets: Outlets;
  readonly selfCheck: SelfCheck;
  readonly lag: PublishLag;
};

export type PublicationWorld = {
  readonly home: Home;
  readonly world: World;
  readonly issuers: HomeIssuers;
  /** The service's own folder. */
  readonly outlet: FileOutlet;
  /** Makes a new list where the last one is lost. */
  readonly republish: (issuer: IssuerId) => void;
};

export function createPublication(given: PublicationWorld): Publication {
  const { home, world, issuers } = given;
  const files = createPublishedFiles(home.config.paths.crl, world.clock);
  // What a home's SQLite says is held by the one service of this home, also by the one before that died.
  const holder = home.config.database.kind === 'sqlite' ? 'the service of this home' : toHex(world.random(16));
  const outlets = createOutlets(
    {
      ...{ store: world.store, clock: world.clock, log: world.log, holder },
      issuerOf: (id) => issuers.byId(id),
      wanted: () => wantedOf(given),
    },
    [homeSupplied(given, files), ...home.config.publication.outlets.map((config) => supplied(given, config))],
  );
  const selfCheck = createSelfCheck({
    ...{ clock: world.clock, log: world.log, fetchPublic, pause: sleep },
    addresses: () => addressesOf(given),
    latest: async ({ id }, scope) => {
      const latest = await world.store.read((reads) => reads.latestCrl(id, scope));
      return latest.ok ? latest.value : null;
    },
    youngest: async ({ id }) => {
      const found = await world.store.read(async (reads) => {
        const page = await reads.search({ issuer: id, limit: 1, now: world.clock() });
        const [youngest] = page.ok ? page.value.items : [];
        if (youngest === undefined) return null;
        return { ...youngest, changedAt: (await reads.statusEvents(youngest.id)).at(-1)?.at ?? null };
      });
      return found.ok ? found.value : null;
    },
  });
  return { files, outlets, selfCheck, lag: createPublishLag(world.clock) };
}

/** Every list that an issuer has here. */
export function scopesOf({ policy: { environment } }: Home, { id, kind }: Issuer): readonly CrlScope[] {
  if (kind === 'root') return ['full'];
  const kinds = environment.addresses.deltaCrl ? (['full', 'delta'] as const) : (['full'] as const);
  return crlPartitions(environment, id).flatMap((partition) => kinds.map((one) => scopeOf(one, partition)));
}

/** What is published, by the word of the database. */
async function wantedOf({
  home,
  world,
  issuers,
}: PublicationWorld): Promise<Result<readonly Publishable[], StoreFailure>> {
  const all = issuers.all();
  const asked = all.flatMap((issuer) => scopesOf(home, issuer).map((scope) => [issuer.id, scope] as const));
  const lists = await world.store.read((reads) =>
    Promise.all(asked.map(([issuer, scope]) => reads.latestCrl(issuer, scope))),
  );
  if (!lists.ok) return lists;
  return ok([...lists.value.flatMap((crl) => publishableOf(crl)), ...all.map(authorityOf)]);
}

function publishableOf(crl: CrlRecord | null): readonly Publishable[] {
  if (crl === null || crl.sha256 === null || crl.sizeBytes === null) return [];
  const { issuer, scope, number, sha256, sizeBytes } = crl;
  return [{ scope, issuer, fileName: crlFileName(issuer, scope), sha256, sizeBytes, number }];
}

function authorityOf({ id, certificate }: Issuer): Publishable {
  const sha256 = sha256Hex(certificate);
  const fileName = `${stemOf(id)}.cer`;
  return { scope: null, issuer: id, fileName, sha256, sizeBytes: certificate.length, number: null };
}

function supplied({ home, issuers, outlet, world }: PublicationWorld, config: OutletConfig): Supplied {
  const source: DeliveryWorld['source'] = ({ scope, issuer, fileName }) =>
    scope === null ? certificateOf(issuers, issuer) : publishedHere(outlet, fileName);
  return { outlet: remoteOutlet(home, world, config), source, shared: true };
}

function remoteOutlet({ policy }: Home, { clock }: World, config: OutletConfig): RemoteOutlet {
  if (config.kind === 'directory') return createDirectoryOutlet({ name: config.name, path: config.path, clock });
  const { name, url, bindDn, passwordFile, tls } = config;
  return createLdapOutlet({
    name,
    server: {
      url,
      // Read at each visit: whoever changes it changes the file and restarts nothing.
      bind: { dn: bindDn, password: () => readPasswordFile(passwordFile) },
      tls: tls ?? null,
    },
    entryOf: (issuer) => directoryEntryOf(policy, issuer),
  });
}

/** One read of the database: so late is a list at the other services. */
const PEERS_EVERY_MS = 5 * SECOND_MS;

/** Lists of other services on this database come here from their addresses. */
function homeSupplied({ home, world, issuers, republish }: PublicationWorld, files: PublishedFiles): Supplied {
  const { peers } = home.config.publication;
  const outlet = createHomeOutlet({
    directory: home.config.paths.crl,
    changed: files.changed,
    whileLatest: async (item, rename) => {
      const done = await world.store.transaction<Result<boolean, OutletFailure>>(async (tx) => {
        const latest = await tx.latestCrl(item.issuer, item.scope ?? 'full');
        if (latest?.number !== item.number) return ok(false);
        const renamed = await rename();
        return renamed.ok ? ok(true) : renamed;
      });
      return done.ok ? done.value : err({ kind: 'outlet-unavailable', detail: done.error.detail });
    },
  });
  return {
    outlet,
    shared: false,
    ...(peers.length > 0 ? { lookEveryMs: PEERS_EVERY_MS } : {}),
    source: createPeers(peers),
    missing: ({ issuer, fileName, scope }) => {
      if (issuers.byId(issuer)?.kind === 'root') return;
      // A list that was lost, or that no other service gives out any more: what stands here is not left to end.
      files.find(fileName).then(
        (file) => {
          const { crl } = home.policy.environment;
          const { overlapMs } = scope !== null && kindOf(scope) === 'delta' ? crl.delta : crl;
          if ((file?.nextUpdate ?? 0) - overlapMs <= world.clock()) republish(issuer);
        },
        () => undefined,
      );
    },
  };
}

async function* certificateOf(issuers: HomeIssuers, id: IssuerId): AsyncGenerator<Bytes, void, undefined> {
  const certificate = issuers.byId(id)?.certificate;
  if (certificate === undefined) throw new ContentUnavailable(`no authority ${id}`);
  yield certificate;
}

async function* publishedHere(outlet: FileOutlet, fileName: string): AsyncGenerator<Bytes, void, undefined> {
  const found = await outlet.published(fileName);
  if (!found.ok) throw new ContentUnavailable(found.error.detail);
  if (found.value === null) throw new ContentUnavailable(`${fileName} is not in the folder of the service`);
  yield* found.value;
}

/** Another one is asked each time: the first that answers may have the list before. */
function createPeers(peers: readonly string[]): DeliveryWorld['source'] {
  let turn = 0;
  return async function* fromPeers({ fileName }) {
    turn += 1;
    const detail: string[] = [];
    for (let at = 0; at < peers.length; at += 1) {
      const fetched = await fetchHttp(`${peers[(turn + at) % peers.length]}/CRL/${fileName}`);
      if (fetched.ok) {
        yield* fetched.value;
        return;
      }
      detail.push(fetched.error.detail);
    }
    throw new ContentUnavailable(detail.join('; ') || 'no other service has it');
  };
}

/** As they stand in certificates and lists. */
function addressesOf({ home, issuers }: PublicationWorld): readonly PublicAddress[] {
  const { policy } = home;
  return issuers.all().flatMap((issuer): readonly PublicAddress[] => {
    const lists = scopesOf(home, issuer).flatMap((scope) =>
      [crlUrl(policy.environment, issuer.id, scope), inDirectory(home, issuer, scope)].flatMap((address) =>
        address === null ? [] : [{ kind: 'crl', issuer, scope, address } as const],
      ),
    );
    const responder = ocspUrl(policy.environment);
    return [
      ...lists,
      { kind: 'authority', issuer, address: caIssuersUrl(policy.environment, issuer.id) },
      ...(issuer.kind === 'root'
        ? []
        : [{ kind: 'ocsp', issuer, responder, address: `${responder} of ${issuer.id}` } as const]),
    ];
  });
}

function inDirectory({ policy }: Home, { id }: Issuer, scope: CrlScope): string | null {
  if (partitionOf(scope) !== null) return null;
  return kindOf(scope) === 'delta' ? ldapDeltaCrlUrl(policy, id) : ldapCrlUrl(policy, id);
}

export type PublicationReport = { readonly whole: boolean; readonly parts: { readonly [name: string]: Json } };

/** A publication of an issuer, followed by whoever has to hear of it. */
export async function announced<Outcome extends Result<unknown, unknown>>(
  { files, outlets, lag }: Publication,
  issuer: IssuerId,
  publish: () => Promise<Outcome>,
): Promise<Outcome> {
  const end = lag.begin(issuer);
  let isPublished = false;
  try {
    const published = await publish();
    isPublished = published.ok;
    return published;
  } finally {
    end(isPublished);
    files.changed();
    if (isPublished) outlets.soon();
  }
}

/** For `/readyz`, and the metrics with it. */
export function reportPublication(
  { outlets, selfCheck, lag }: Publication,
  issuers: HomeIssuers,
  metrics: Metrics,
): PublicationReport {
  const states = outlets.states();
  for (const { name, state, behind } of states) {
    for (const one of ['unknown', 'current', 'behind', 'down'])
      metrics.outletState.set({ outlet: name, state: one }, one === state ? 1 : 0);
    metrics.outletBehind.set({ outlet: name }, behind.length);
  }
  for (const { issuer, lagMs } of lag.take()) metrics.crlLag.observe({ issuer }, lagMs / 1000);
  for (const { id } of issuers.all()) metrics.crlWaiting.set({ issuer: id }, lag.waitingMs(id) / 1000);
  const { at, found } = selfCheck.state();
  metrics.selfCheckAt.set((at ?? 0) / 1000);
  for (const [address, wrong] of found) metrics.selfCheckOk.set({ address }, wrong === null ? 1 : 0);
  const wrong = [...found].flatMap(([address, detail]) => (detail === null ? [] : [[address, detail] as const]));
  const outletParts = states.map(({ name, state, detail }) => [name, detail === null ? state : `${state}: ${detail}`]);
  return {
    // Not looked at yet is no reason to be degraded.
    whole: wrong.length === 0 && states.every(({ state }) => state === 'current' || state === 'unknown'),
    parts: {
      outlets: Object.fromEntries(outletParts) as { readonly [name: string]: string },
      publicAddresses: wrong.length > 0 ? Object.fromEntries(wrong) : at === null ? 'not checked yet' : 'right',
    },
  };
}

/** What `/PC` says, where this service is its address. */
export function practiceStatementOf({ policy }: Home): PublicationOptions['practiceStatement'] {
  const { pathname } = new URL(policy.environment.addresses.certificationPracticeStatement);
  return {
    path: pathname,
    text:
      'Certificats de test : aucune garantie. / Test certificates: no assurance.\n' +
      'La politique de certification de cet environnement n’est pas publiée ici.\n',
  };
}

export function authoritiesServed({
  home,
  issuers,
}: Pick<PublicationWorld, 'home' | 'issuers'>): PublicationOptions['authorities'] {
  const test = home.policy.environment.mark === 'development' ? '-TEST' : '';
  const authorities = new Map(
    issuers.all().map(({ id, certificate }) => [`${stemOf(id)}.cer`, async () => certificate]),
  );
  authorities.set(`Chaine_de_certification-IGC-Sante${test}.p7b`, createChain(issuers));
  return authorities;
}

/** All CA certificates in one CMS message, made when it is first asked for: its library takes a while to load. */
function createChain(issuers: HomeIssuers): () => Promise<Bytes> {
  let chain: Promise<Bytes> | null = null;
  return () => {
    chain ??= import('../x509/certificate/chain.js').then(({ certsOnlyMessage }) =>
      certsOnlyMessage(issuers.all().map(({ certificate }) => certificate)),
    );
    return chain;
  };
}
