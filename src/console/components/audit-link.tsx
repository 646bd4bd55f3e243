import { useUi } from '../ui.js';
import { LAYOUT_WORDS } from '../words/layout.js';
import { Link } from './text.js';

/** What the audit log says about an object, for those who may read it. */
export function AuditLink({ id }: { readonly id: string }) {
  const { t, can } = useUi();
  if (!can('read-audit')) return null;
  return (
    <p>
      <Link to="/console/audit" query={{ id }}>
        {t(LAYOUT_WORDS.auditOf)}
      </Link>
    </p>
  );
}
