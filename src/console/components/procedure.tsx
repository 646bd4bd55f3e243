import type { OpenProcedure } from '../../ports/store/cards/cards.js';
import { useUi } from '../ui.js';
import { PROCEDURE_LABELS } from '../words/cards.js';
import { CardLink } from './certificates.js';
import { Code, Link, Time } from './text.js';

/** An open procedure with a link to what it is about. */
export function ProcedureOf({ procedure: { kind, reference, openedAt } }: { readonly procedure: OpenProcedure }) {
  const { t } = useUi();
  return (
    <>
      {t(PROCEDURE_LABELS[kind])}{' '}
      {kind === 'replacement' ? <CardLink tokenId={reference} /> : <UpdateReference id={reference} />}
      {', '}
      <Time at={openedAt} />
    </>
  );
}

function UpdateReference({ id }: { readonly id: string }) {
  const { can } = useUi();
  return can('read-updates') ? <Link to={`/console/updates/${id}`}>{id}</Link> : <Code>{id}</Code>;
}
