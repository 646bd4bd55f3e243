/** What the console reads: counts, and what is known of accounts and lists. */
import { present } from '../../../../src/kernel/assert.js';
import { ok, type Result } from '../../../../src/kernel/result.js';
import { addAccount } from '../../../../src/operations/accounts/change-account.js';
import { listAccounts, readAccount } from '../../../../src/operations/accounts/read-accounts.js';
import { readCardHistory, readHolderHistory } from '../../../../src/operations/cards/read-history.js';
import { exportCertificates } from '../../../../src/operations/certificates/export-certificates.js';
import { followChanges } from '../../../../src/operations/certificates/follow-changes.js';
import { readCertificateHistory } from '../../../../src/operations/certificates/read-history.js';
import { readListing } from '../../../../src/operations/certificates/read-listing.js';
import { recordReading } from '../../../../src/operations/certificates/record-reading.js';
import { findCertificates } from '../../../../src/operations/certificates/search-certificates.js';
import { countExpiring, countExpiringOfStructures } from '../../../../src/operations/counts/count-expiring.js';
import { readCounts } from '../../../../src/operations/counts/read-counts.js';
import { listAuthorities, readAuthority } from '../../../../src/operations/crl/read-authorities.js';
import { readCrlHistory } from '../../../../src/operations/crl/read-history.js';
import { renewCertificate } from '../../../../src/operations/issuance/renew.js';
import type { IssuerId } from '../../../../src/ports/signer.js';
import { professionalId, tokenId } from '../../../support/service/orders.js';
import { accept, idOf } from '../service.js';
import { CARD_MANAGEMENT, commandOf, OFFICER } from '../stage.js';
import type { Answer, Scenario } from './all.js';

const answerOf = (result: Result<unknown, { readonly kind: string }>): Answer => (result.ok ? ok([]) : result);

/** The holder of the stage whose card has certificates. */
const HOLDER = 0;
/** The stage's database has no account yet. */
const CLERK = {
  id: 'clerk',
  name: 'clerk',
  roles: ['auditor'],
  scope: OFFICER.scope,
  credentials: [{ issuer: 'aci-el-org' as IssuerId, spkiSha256: '1'.repeat(64) }],
};

export const READING: readonly Scenario[] = [
  {
    name: 'search without names',
    operation: findCertificates,
    run: async ({ world }) => answerOf(await findCertificates(world, OFFICER, { status: 'issued', limit: 10 })),
  },
  {
    name: 'export what a search finds',
    operation: exportCertificates,
    run: async ({ world }) => {
      const exported = await exportCertificates(world, OFFICER, { search: { status: 'issued' }, exportedAs: 'csv' });
      if (!exported.ok) return exported;
      for await (const page of exported.value) if (!page.ok) return page;
      return ok([]);
    },
  },
  {
    name: 'record that the life of a card was read',
    operation: recordReading,
    run: async ({ world }) => answerOf(await recordReading(world, OFFICER, { card: tokenId(HOLDER) })),
  },
  {
    name: 'follow changes of certificates',
    operation: followChanges,
    run: async ({ world }) => answerOf(await followChanges(world, OFFICER, { after: 0, limit: 10 })),
  },
  {
    name: 'list the CAs',
    operation: listAuthorities,
    run: async ({ world }) => answerOf(await listAuthorities(world, CARD_MANAGEMENT)),
  },
  {
    name: 'read a CA',
    operation: readAuthority,
    run: async ({ world }) => answerOf(await readAuthority(world, CARD_MANAGEMENT, world.issuers.all()[0]?.id ?? '')),
  },
  {
    name: 'read what the newest CRL says of a certificate',
    operation: readListing,
    run: async (service) => {
      const { bare, world } = service;
      const id = idOf(service, 'revoked');
      const record = accept(await bare.store.read((reads) => reads.certificateById(id)));
      return answerOf(await readListing(world, present(record, 'a revoked certificate'), []));
    },
  },
  {
    name: 'read the life of a certificate',
    operation: readCertificateHistory,
    run: async (service) => answerOf(await readCertificateHistory(service.world, OFFICER, idOf(service, 'revoked'))),
  },
  {
    name: 'read the life of a renewed certificate',
    operation: readCertificateHistory,
    before: async (service) => {
      const { bare, stage } = service;
      const { account, applications, idempotency } = commandOf(stage, {
        number: 5,
        profiles: ['fort/cps-authentication'],
        key: null,
      });
      const { csr, order } = present(applications[0], 'application');
      const command = { account, csr, identity: null, keyOrigin: null, validity: order.validity, idempotency };
      accept(await renewCertificate(bare, idOf(service, 'card'), command));
    },
    run: async (service) => {
      const renewals = accept(await service.bare.store.read((reads) => reads.renewalsOf(idOf(service, 'card'))));
      return answerOf(await readCertificateHistory(service.world, OFFICER, present(renewals[0], 'the renewal').id));
    },
  },
  {
    name: 'read the life of a card',
    operation: readCardHistory,
    run: async ({ world }) => answerOf(await readCardHistory(world, OFFICER, tokenId(HOLDER))),
  },
  {
    name: 'read what a holder has and had',
    operation: readHolderHistory,
    run: async ({ world }) => answerOf(await readHolderHistory(world, OFFICER, professionalId(HOLDER))),
  },
  {
    name: 'read the history of lists',
    operation: readCrlHistory,
    run: async ({ world }) =>
      answerOf(await readCrlHistory(world, OFFICER, { issuer: 'aci-el-org', before: null, limit: 9 })),
  },
  {
    name: 'list accounts',
    operation: listAccounts,
    before: ({ bare }) => addAccount(bare, CLERK, { login: 'operator' }),
    run: async ({ world }) => answerOf(await listAccounts(world, OFFICER, { after: null, limit: 9 })),
  },
  {
    name: 'read an account',
    operation: readAccount,
    before: ({ bare }) => addAccount(bare, CLERK, { login: 'operator' }),
    run: async ({ world }) => answerOf(await readAccount(world, OFFICER, CLERK.id)),
  },
  {
    name: 'read the counts of days',
    operation: readCounts,
    run: async ({ world }) => answerOf(await readCounts(world, OFFICER, { from: 0, to: 30_000 })),
  },
  {
    name: 'count certificates that end soon',
    operation: countExpiring,
    run: async ({ world }) => answerOf(await countExpiring(world, OFFICER, { days: 90 })),
  },
  {
    name: 'count certificates that end soon by structure',
    operation: countExpiringOfStructures,
    run: async ({ world }) =>
      answerOf(await countExpiringOfStructures(world, OFFICER, { days: 90, profile: 'elementaire/org-auth-cli' })),
  },
];
