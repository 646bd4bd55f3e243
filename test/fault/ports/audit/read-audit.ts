/** What auditors read of the audit log. */
import { ok, type Result } from '../../../../src/kernel/result.js';
import { exportAudit, readAuditEntry, searchAudit } from '../../../../src/operations/audit/read-audit.js';
import type { World } from '../../../../src/operations/world.js';
import type { Answer, Scenario } from '../scenarios/all.js';
import { OFFICER } from '../stage.js';

const contextOf = (world: World) => ({ world, tagsOf: () => [] });
const answerOf = (result: Result<unknown, { readonly kind: string }>): Answer => (result.ok ? ok([]) : result);

export const AUDITING: readonly Scenario[] = [
  {
    name: 'search the audit log',
    operation: searchAudit,
    run: async ({ world }) => answerOf(await searchAudit(contextOf(world), OFFICER, { limit: 9 })),
  },
  {
    name: 'read an entry of the audit log',
    operation: readAuditEntry,
    run: async ({ world }) => answerOf(await readAuditEntry(world, OFFICER, '2')),
  },
  {
    name: 'export the audit log',
    operation: exportAudit,
    run: async ({ world }) => {
      const pages = exportAudit(contextOf(world), OFFICER, {});
      if (!pages.ok) return pages;
      for await (const page of pages.value) if (!page.ok) return page;
      return ok([]);
    },
  },
];
