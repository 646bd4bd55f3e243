import { ok } from '../../../kernel/result.js';
import { searchAudit } from '../../../operations/audit/read-audit.js';
import { AuditTable } from '../../components/audit-table.js';
import { CriteriaForm } from '../../components/criteria.js';
import { Pager } from '../../components/table.js';
import { Link, Part } from '../../components/text.js';
import { PAGE_SIZE } from '../../cursors.js';
import { checkInput } from '../../fields.js';
import { PageFrame } from '../../layout/page-frame.js';
import { definePage } from '../../page.js';
import { useUi } from '../../ui.js';
import { criteriaOf, FIELDS } from './criteria.js';
import type { AuditData } from './data.js';
import { DOWNLOADS } from './downloads.js';
import { AUDIT_PAGE_WORDS as WORDS } from './words.js';

/** Searches the audit log; without criteria it shows the whole log. */
export const AUDIT_PAGE = definePage<AuditData>({
  id: 'audit',
  path: '/console/audit',
  name: WORDS.name,
  section: 'audit',
  opensFor: ['read-audit'],
  query: [...FIELDS.map(({ name }) => name), 'cursor'],
  load: async (context, { account, query }) => {
    const checked = checkInput(FIELDS, query);
    if (!checked.ok) return ok({ faults: checked.error, criteria: {}, found: { items: [], next: null } });
    const criteria = criteriaOf(checked.value);
    const found = await searchAudit(context, account, { ...criteria, limit: PAGE_SIZE, cursor: query.cursor });
    return found.ok ? ok({ faults: [], criteria, found: found.value }) : found;
  },
  view: (data) => <Audit {...data} />,
  downloads: DOWNLOADS,
});

function Audit({ faults, found: { items, next } }: AuditData) {
  const { t, query } = useUi();
  return (
    <PageFrame title={t(WORDS.name)}>
      <CriteriaForm fields={FIELDS} faults={faults} submit={WORDS.find} hint={WORDS.tags} />
      {faults.length === 0 && (
        <Part id="results" title={WORDS.results}>
          <AuditTable caption={WORDS.newestFirst} entries={items} empty={WORDS.none} />
          <Pager next={next} isFirst={query.cursor === undefined} />
        </Part>
      )}
      {items.length > 0 && <Exports />}
    </PageFrame>
  );
}

function Exports() {
  const { t, path, query } = useUi();
  const criteria = { ...query, cursor: undefined };
  return (
    <Part id="export" title={WORDS.export}>
      <ul>
        <li>
          <Link to={`${path}/entries.csv`} query={criteria}>
            {t(WORDS.csv)}
          </Link>
        </li>
        <li>
          <Link to={`${path}/entries.ndjson`} query={criteria}>
            {t(WORDS.ndjson)}
          </Link>
        </li>
      </ul>
    </Part>
  );
}
