import { present } from '../../../src/kernel/assert.js';
import type { DatabaseKind } from '../db/fixture.js';
import { describeOnEach } from '../db/fixture.js';
import type { Client } from './client.js';
import { createRelyingParty, type RelyingParty } from './files.js';
import { type SharedService, type Sharers, sharedService } from './shared.js';
import { assertTraced } from './traces.js';

/** A running service and its clients; the members can be read once the tests have begun. */
export type RunningService = {
  readonly kind: DatabaseKind;
  readonly shared: SharedService;
  /** The card management system, which orders certificates. */
  readonly cards: Client;
  readonly officer: Client;
  /** Asks OCSP and verifies certificates with OpenSSL. Only with `party: true`. */
  readonly party: RelyingParty;
};

type ServiceOptions = {
  /** `each`: on SQLite and on PostgreSQL, one after the other. */
  readonly on: 'sqlite' | 'each';
  readonly party?: true;
  readonly sharers?: Sharers;
  /** Every request that the tests have refused must be found in the log and the audit log. */
  readonly traced?: true;
};

/** Tests of the service that all test files of this process share. */
export function describeService(title: string, wanted: ServiceOptions, tests: (running: RunningService) => void): void {
  if (wanted.on === 'each') describeOnEach(title, ({ kind }) => withService(kind, wanted, tests));
  else describe(title, () => withService('sqlite', wanted, tests));
}

function withService(
  kind: DatabaseKind,
  { party: wantsParty, traced: checksTraces, sharers }: ServiceOptions,
  tests: (running: RunningService) => void,
): void {
  let shared: SharedService | null = null;
  let party: RelyingParty | null = null;
  let refusedBefore = 0;
  before(async function startService() {
    shared = await sharedService('p-256', kind, sharers);
    refusedBefore = shared.refused.length;
    if (wantsParty === undefined) return;
    party = createRelyingParty(shared.service.urls.publication);
    await party.fetchAll();
  });
  after(() => party?.remove());
  const started = (): SharedService => present(shared, 'a service that has started');
  tests({
    kind,
    get shared() {
      return started();
    },
    get cards() {
      return started().as('card-management');
    },
    get officer() {
      return started().as('officer-1');
    },
    get party() {
      return present(party, 'a relying party: describeService with `party: true`');
    },
  });
  if (checksTraces === true)
    it('left a trace of each refused request in the log and in the audit log', async () => {
      const { service, refused } = started();
      await assertTraced(service.at, refused.slice(refusedBefore));
    });
}
