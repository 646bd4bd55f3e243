/**
 * Lists of an authority of test keys on a real database, as relying parties get them: every list
 * that took its name is kept, with what it says of every certificate there is.
 */
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCrl } from '../../../src/crl/read.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { ok } from '../../../src/kernel/result.js';
import type { CrlWorld } from '../../../src/operations/crl/world.js';
import type { CrlPolicy } from '../../../src/policy/model.js';
import type { Outlet } from '../../../src/ports/outlet.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { CrlPartition } from '../../../src/ports/store/crls.js';
import type { Store } from '../../../src/ports/store.js';
import { createFileOutlet } from '../../../src/publish/file-outlet.js';
import { reasonNumber } from '../../../src/x509/extensions/reason-code.js';
import type { Issuer } from '../../../src/x509/model.js';
import { unwrap } from '../db/fixture.js';
import { RUN } from '../db/records.js';
import { collect, SILENT_LOG, type StatusAuthority } from '../status/authority.js';
import { crlTestPolicy } from './policy.js';

/** Serial number -> number of the reason, 0 without one. */
export type Says = ReadonlyMap<string, number>;

export type KeptList = {
  readonly name: string;
  readonly partition: CrlPartition;
  readonly number: number;
  readonly base: number | null;
  readonly thisUpdate: number;
  readonly bytes: Bytes;
  readonly says: Says;
};

export type Histories = {
  readonly world: CrlWorld;
  readonly issuer: Issuer;
  readonly folder: string;
  /** In the order in which they took their names. */
  readonly lists: readonly KeptList[];
  now: number;
  /** The signer answers that it is away. */
  away: boolean;
};

type Setting = {
  readonly store: Store;
  readonly authority: StatusAuthority;
  /** Another one of the same keys for each. */
  readonly generation: number;
  readonly certificates: readonly Pick<CertificateRecord, 'serial'>[];
  readonly now: number;
  readonly crl?: Partial<CrlPolicy>;
};

export function createHistories(setting: Setting): Histories {
  const { store, authority, generation, certificates, crl = {} } = setting;
  const id = `test-ca-${generation}` as IssuerId;
  const issuer: Issuer = { ...authority.issuer, id, generation };
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-histories-'));
  const lists: KeptList[] = [];
  const watched = certificates.map(({ serial }) => serial);
  const files = createFileOutlet({ directory: folder });
  const keep = async (name: string, chunks: AsyncIterable<Bytes>): Promise<void> => {
    const bytes = await collect(chunks);
    const read = unwrap(
      await readCrl(once(bytes), { issuer, lifeMsMax: Number.MAX_SAFE_INTEGER, shapes: 'any', watched }),
    );
    const { number, base, thisUpdate, found: says, entries } = read;
    assert.equal(says.size, entries, 'a list has no certificate that is not there');
    const [, part] = /-p(\d+)(?:-delta)?\.crl$/.exec(name) ?? [];
    const partition = part === undefined ? null : Number(part);
    lists.push({ name, partition, number, base, thisUpdate, bytes, says });
  };
  const histories: Histories = {
    issuer,
    folder,
    lists,
    now: setting.now,
    away: false,
    world: {
      run: RUN,
      policy: crlTestPolicy(crl, true),
      issuers: { byId: () => issuer, current: () => issuer, all: () => [issuer], chain: () => [], links: () => [] },
      clock: () => histories.now,
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      log: SILENT_LOG,
      store,
      signer: {
        ...authority.signer,
        crl: async (list) =>
          histories.away
            ? { ok: false, error: { kind: 'signer-unavailable', retryAfterMs: 1, detail: 'a test' } }
            : authority.signer.crl(list),
      },
      outlet: keeping(files, keep),
      relearn: async () => ok(undefined),
    },
  };
  return histories;
}

/** Tells of each list when it has taken its name. */
function keeping(outlet: Outlet, keep: (name: string, chunks: AsyncIterable<Bytes>) => Promise<void>): Outlet {
  return {
    ...outlet,
    draft: async (name, chunks) => {
      const made = await outlet.draft(name, chunks);
      if (!made.ok) return made;
      const draft = made.value;
      const publish = async (): ReturnType<typeof draft.publish> => {
        const named = await draft.publish();
        if (named.ok) await keep(name, draft.read());
        return named;
      };
      return { ok: true, value: { ...draft, publish } };
    },
  };
}

async function* once(bytes: Bytes): AsyncGenerator<Bytes> {
  yield bytes;
}

const REMOVED = reasonNumber('removeFromCRL');

/** What a relying party knows who has the full list and the delta (RFC 5280 5.2.4). */
export function completed(full: Says, delta: Says): Says {
  const all = new Map([...full, ...delta]);
  for (const [serial, reason] of delta) if (reason === REMOVED) all.delete(serial);
  return all;
}

export function sorted(says: Says): readonly (readonly [string, number])[] {
  return [...says].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What a full list of this moment says, by another way than that of deltas. */
export async function fullNow(
  { world, issuer }: Histories,
  { partition = null, thisUpdate }: { readonly partition?: CrlPartition; readonly thisUpdate: number },
): Promise<Says> {
  const says = new Map<string, number>();
  unwrap(
    await world.store.revokedSnapshot({ issuer: issuer.id, partition, thisUpdate }, async (snapshot) => {
      for await (const page of snapshot.entries())
        for (const { serial, reason } of page) says.set(serial, reasonNumber(reason));
    }),
  );
  return says;
}
