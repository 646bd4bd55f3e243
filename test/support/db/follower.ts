/** A system that follows what happens to certificates, as `GET /v1/changes` lets it. */
import type { AccountScope } from '../../../src/ports/store/accounts.js';
import type { CertificateChange } from '../../../src/ports/store/certificates.js';
import type { Store } from '../../../src/ports/store.js';
import { unwrap } from './fixture.js';

export const EVERYTHING: AccountScope = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };

type Follower = {
  readonly after?: number;
  readonly limit?: number;
  readonly scope?: AccountScope;
};

export type ChangeHistory = {
  readonly changes: readonly CertificateChange[];
  readonly next: number;
  readonly pages: number;
};

/** Reads page by page until there is no more. */
export async function follow(
  store: Pick<Store, 'read'>,
  { after = 0, limit = 200, scope = EVERYTHING }: Follower = {},
): Promise<ChangeHistory> {
  const changes: CertificateChange[] = [];
  let next = after;
  for (let pages = 1; ; pages += 1) {
    const position = next;
    const { until, found } = unwrap(
      await store.read(async (reads) => {
        const { seq } = await reads.auditHead();
        return {
          until: seq,
          found: await reads.certificateChanges({ after: position, until: seq, limit, scope }),
        };
      }),
    );
    changes.push(...found.changes);
    next = found.next;
    if (next >= until) return { changes, next, pages };
  }
}
