/**
 * Connects each outlet of a service with the source of the files that are delivered to it. An
 * outlet of the configuration gets the lists in the folder of this service, the CA certificates and
 * the public key of the platform. The folder itself gets the lists that other services have made.
 */
import { readPasswordFile } from '../config/password-file.js';
import type { OutletConfig } from '../config/schema/publication.js';
import type { ServedCrls } from '../http/status/files.js';
import type { LostCrlMonitor } from '../jobs/lists/lost-crl-monitor.js';
import type { OutletSupply } from '../jobs/lists/outlet-updater.js';
import { present } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import { SECOND_MS } from '../kernel/duration.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { World } from '../operations/world.js';
import type { PlatformKey } from '../orders/receipt.js';
import { publishedLinkName } from '../policy/publication/addresses.js';
import { kindOf } from '../policy/publication/crl-scopes.js';
import { directoryEntryOf } from '../policy/publication/ldap-addresses.js';
import type { OutletFailure, RemoteOutlet } from '../ports/outlet.js';
import type { IssuerId } from '../ports/signer.js';
import type { DeliveryWorld } from '../publish/deliver.js';
import { createDirectoryOutlet } from '../publish/directory-outlet.js';
import type { FileOutlet } from '../publish/file-outlet.js';
import { createHomeOutlet } from '../publish/home-outlet.js';
import { once } from '../publish/ldap-entry.js';
import { createLdapOutlet } from '../publish/ldap-outlet.js';
import { fetchHttp } from '../publish/public-addresses.js';
import { ContentUnavailable } from '../publish/verified-content.js';
import type { Home } from './home.js';
import type { HomeIssuers } from './issuers.js';

type SupplyWorld = {
  readonly home: Home;
  readonly world: World;
  readonly issuers: HomeIssuers;
  readonly platformKey: PlatformKey | null;
  /** The folder of published files. */
  readonly outlet: FileOutlet;
};

type HomeFolderWorld = Pick<SupplyWorld, 'home' | 'world'> & {
  readonly files: ServedCrls;
  readonly losses: LostCrlMonitor;
};

export function supplyForConfiguredOutlet(
  { home, issuers, platformKey, outlet, world }: SupplyWorld,
  config: OutletConfig,
): OutletSupply {
  const source: DeliveryWorld['source'] = ({ scope, issuer, fileName }) => {
    if (issuer === null) {
      const link = issuers.links().find((one) => publishedLinkName(one) === fileName);
      return [once(link?.certificate ?? present(platformKey, 'the published key of the platform').spki)];
    }
    return [scope === null ? certificateOf(issuers, issuer) : publishedHere(outlet, fileName)];
  };
  return { outlet: remoteOutlet(home, world, config), source };
}

export function remoteOutlet(
  { policy }: Pick<Home, 'policy'>,
  { clock }: Pick<World, 'clock'>,
  config: OutletConfig,
): RemoteOutlet {
  if (config.kind === 'directory') return createDirectoryOutlet({ name: config.name, path: config.path, clock });
  const { name, url, bindDn, passwordFile, tls } = config;
  return createLdapOutlet({
    name,
    server: {
      url,
      // The password is read at each visit of the outlet, so that a new one needs no restart.
      bind: { dn: bindDn, password: () => readPasswordFile(passwordFile) },
      tls: tls ?? null,
    },
    entryOf: (issuer) => directoryEntryOf(policy, issuer),
  });
}

/**
 * Time limit for the answer of one service. One that hangs must not delay the requests to the
 * others.
 */
const PEER_ANSWER_MS_MAX = 5 * SECOND_MS;

/**
 * Connects the folder of published lists in the home folder with its source: the lists that other
 * services on this database have made, at the addresses that they advertise.
 */
export function supplyForHomeFolder({ home, world, files, losses }: HomeFolderWorld): OutletSupply {
  const outlet = createHomeOutlet({
    directory: home.config.paths.crl,
    changed: files.changed,
    whileLatest: async (item, rename) => {
      const done = await world.store.transaction<Result<boolean, OutletFailure>>(async (tx) => {
        const issuer = present(item.issuer, 'the issuer of a list');
        const scope = item.scope ?? 'full';
        const latest = await tx.latestCrl(issuer, scope);
        if (latest?.number !== item.number) return ok(false);
        const renamed = await rename();
        if (renamed.ok) losses.found(issuer, kindOf(scope));
        return renamed.ok ? ok(true) : renamed;
      });
      return done.ok ? done.value : err({ kind: 'outlet-unavailable', detail: done.error.detail });
    },
  });
  return { outlet, source: sourceFromPeers(world), onMissing: losses.missing };
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

/**
 * Returns a source that downloads a list from the other nodes, one after the other. The row of a
 * run says at which address its node publishes, if it does.
 */
function sourceFromPeers({ store, node }: Pick<World, 'store' | 'node'>): DeliveryWorld['source'] {
  return async function* fromPeers({ fileName }) {
    const runs = await store.read((reads) => reads.liveRuns());
    const others = (runs.ok ? runs.value : []).flatMap((run) => (run.node === node ? [] : (run.publicationUrl ?? [])));
    for (const address of new Set(others)) yield fetched(`${address}/CRL/${fileName}`);
  };
}

async function* fetched(address: string): AsyncGenerator<Bytes, void, undefined> {
  const answer = await fetchHttp(address, { answerMsMax: PEER_ANSWER_MS_MAX });
  if (!answer.ok) throw new ContentUnavailable(answer.error.detail);
  yield* answer.value;
}
