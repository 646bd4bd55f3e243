/**
 * Composes the publication of CRLs: when they are made, how they are served, to which outlets they
 * are delivered, and the check that relying parties get them.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServedCrls } from '../http/status/files.js';
import { type CrlPublication, createCrlPublication } from '../jobs/lists/crl-publication.js';
import { createHomeListFetcher, type HomeListFetcher } from '../jobs/lists/home-list-fetcher.js';
import { createLostCrlMonitor } from '../jobs/lists/lost-crl-monitor.js';
import { createOutletDelivery, type OutletDelivery } from '../jobs/lists/outlets.js';
import { createPublishLag, type PublishLag } from '../jobs/lists/publish-lag.js';
import { createSelfCheck, type PublicAddress, type SelfCheck, type SelfCheckWorld } from '../jobs/lists/self-check.js';
import type { Runner } from '../jobs/runner.js';
import { sha256Hex } from '../kernel/digest.js';
import { ok, type Result } from '../kernel/result.js';
import { publishCrl } from '../operations/crl/publish-crl.js';
import type { CrlWorld } from '../operations/crl/world.js';
import type { World } from '../operations/world.js';
import type { PlatformKey } from '../orders/receipt.js';
import { stemOf } from '../policy/ids.js';
import { caIssuersUrl, crlFileName, crlUrl, ocspUrl, publishedLinkName } from '../policy/publication/addresses.js';
import { crlScopes } from '../policy/publication/crl-lists.js';
import { kindOf, partitionOf } from '../policy/publication/crl-scopes.js';
import { ldapCrlUrl, ldapDeltaCrlUrl } from '../policy/publication/ldap-addresses.js';
import type { PublishedFile } from '../ports/outlet.js';
import type { CrlRecord, CrlScope, CrlSeries } from '../ports/store/crls.js';
import type { StoreFailure } from '../ports/store/failure.js';
import type { FileOutlet } from '../publish/file-outlet.js';
import { fetchPublic } from '../publish/public-addresses.js';
import type { Issuer, LinkCertificate } from '../x509/model.js';
import type { Home } from './home.js';
import type { HomeIssuers } from './issuers.js';
import { supplyForConfiguredOutlet, supplyForHomeFolder } from './outlet-supplies.js';
import { PLATFORM_KEY_FILE } from './signers/platform-key.js';
import { systemSteadyMs } from './world.js';

export type Publication = {
  readonly files: ServedCrls;
  readonly crls: CrlPublication;
  readonly homeListFetcher: HomeListFetcher;
  readonly outlets: OutletDelivery;
  readonly selfCheck: SelfCheck;
  readonly lag: PublishLag;
};

type PublicationWorld = {
  readonly home: Home;
  readonly world: World;
  readonly issuers: HomeIssuers;
  readonly files: ServedCrls;
  readonly platformKey: PlatformKey | null;
  /** The folder of published files. */
  readonly outlet: FileOutlet;
  /** Learns the revocations that are in the CRLs of the folder and not in the database. */
  readonly relearn: CrlWorld['relearn'];
  readonly wake: Runner['wake'];
};

export function createPublication(parts: PublicationWorld): Publication {
  const { home, world, issuers, files, outlet, relearn, wake } = parts;
  const lag = createPublishLag(world.clock);
  const losses = createLostCrlMonitor({
    steadyMs: systemSteadyMs,
    // The service cannot replace the list of a root, because only a ceremony signs it.
    replaceLost: (list) => (issuers.byId(list.issuer)?.kind === 'root' ? undefined : crls.replaceLost(list)),
  });
  const crls = createCrlPublication({
    ...world,
    steadyMs: systemSteadyMs,
    beginPublication: lag.beginPublication,
    wake: (issuer) => wake('crl', issuer),
    publish: async (store, issuer, kind) => {
      try {
        const published = await publishCrl({ ...world, store, outlet, relearn }, issuer, kind);
        if (published.ok) {
          losses.found(issuer, kindOf(published.value.scope));
          for (const name of outlets.names) wake('outlet', name);
        }
        return published;
      } finally {
        files.changed();
      }
    },
  });
  const outletsWorld = {
    clock: world.clock,
    log: world.log,
    issuerOf: issuers.byId,
    published: () => publishedItems(parts),
  };
  const homeListFetcher = createHomeListFetcher(
    // A SQLite database has one node, so that no other node has its lists.
    { ...outletsWorld, steadyMs: systemSteadyMs, isAlone: home.config.database.kind === 'sqlite' },
    supplyForHomeFolder({ home, world, files, losses }),
  );
  const outlets = createOutletDelivery(
    outletsWorld,
    home.config.publication.outlets.map((config) => supplyForConfiguredOutlet(parts, config)),
  );
  return { files, crls, homeListFetcher, outlets, selfCheck: createSelfCheck(selfCheckWorld(parts)), lag };
}

function selfCheckWorld(parts: PublicationWorld): SelfCheckWorld {
  const { store, clock, log } = parts.world;
  return {
    clock,
    log,
    fetchPublic,
    pause: sleep,
    addresses: () => addressesOf(parts),
    latest: async ({ id }, scope) => {
      const latest = await store.read((reads) => reads.latestCrl(id, scope));
      return latest.ok ? latest.value : null;
    },
    newest: async ({ id }) => {
      const found = await store.read(async (reads) => {
        const page = await reads.search({ issuer: id, limit: 1, now: clock() });
        const [newest] = page.ok ? page.value.items : [];
        if (newest === undefined) return null;
        return { ...newest, changedAt: (await reads.statusEvents(newest.id)).at(-1)?.at ?? null };
      });
      return found.ok ? found.value : null;
    },
  };
}

/** Returns the scopes of all lists that an issuer has. */
export function scopesOf({ policy: { environment } }: Home, { id, kind }: Issuer): readonly CrlScope[] {
  return kind === 'root' ? ['full'] : crlScopes(environment, id);
}

/**
 * Returns the series of all lists that the issuers have: each is the issuer and the scope of a
 * list.
 */
export function publishedSeries(home: Home, issuers: readonly Issuer[]): readonly CrlSeries[] {
  return issuers.flatMap((issuer) => scopesOf(home, issuer).map((scope) => ({ issuer: issuer.id, scope })));
}

/**
 * Returns all files that the outlets must have: the latest lists of the database, the certificates
 * of the CAs, the link certificates of the roots and the public key of the platform.
 */
async function publishedItems({
  home,
  world,
  issuers,
  platformKey,
}: PublicationWorld): Promise<Result<readonly PublishedFile[], StoreFailure>> {
  const all = issuers.all();
  const lists = await world.store.read((reads) => reads.latestCrls(publishedSeries(home, all)));
  if (!lists.ok) return lists;
  const key = platformKey === null ? [] : [platformKeyFileOf(platformKey)];
  return ok([
    ...lists.value.flatMap((crl) => crlFileOf(crl)),
    ...all.map(authorityFileOf),
    ...issuers.links().map(linkFileOf),
    ...key,
  ]);
}

function crlFileOf(crl: CrlRecord | null): readonly PublishedFile[] {
  if (crl === null || crl.sha256 === null || crl.sizeBytes === null) return [];
  const { issuer, scope, number, sha256, sizeBytes } = crl;
  return [{ scope, issuer, fileName: crlFileName(issuer, scope), sha256, sizeBytes, number }];
}

function authorityFileOf({ id, certificate }: Issuer): PublishedFile {
  const sha256 = sha256Hex(certificate);
  const fileName = `${stemOf(id)}.cer`;
  return { scope: null, issuer: id, fileName, sha256, sizeBytes: certificate.length, number: null };
}

function linkFileOf(link: LinkCertificate): PublishedFile {
  const { certificate } = link;
  const fileName = publishedLinkName(link);
  const sha256 = sha256Hex(certificate);
  return { scope: null, issuer: null, fileName, sha256, sizeBytes: certificate.length, number: null };
}

function platformKeyFileOf({ id: sha256, spki }: PlatformKey): PublishedFile {
  return { scope: null, issuer: null, fileName: PLATFORM_KEY_FILE, sha256, sizeBytes: spki.length, number: null };
}

/** Returns the addresses of CRLs, CA certificates and OCSP that certificates and CRLs contain. */
function addressesOf({ home, issuers }: PublicationWorld): readonly PublicAddress[] {
  const { policy } = home;
  return issuers.all().flatMap((issuer): readonly PublicAddress[] => {
    const lists = scopesOf(home, issuer).flatMap((scope) =>
      [crlUrl(policy.environment, issuer.id, scope), directoryUrlOf(home, issuer, scope)].flatMap((address) =>
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

function directoryUrlOf({ policy }: Home, { id }: Issuer, scope: CrlScope): string | null {
  if (partitionOf(scope) !== null) return null;
  return kindOf(scope) === 'delta' ? ldapDeltaCrlUrl(policy, id) : ldapCrlUrl(policy, id);
}
