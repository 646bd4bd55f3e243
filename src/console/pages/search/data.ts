import { present } from '../../../kernel/assert.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import { findCertificates } from '../../../operations/certificates/search-certificates.js';
import type { OperationFailure } from '../../../operations/failures.js';
import type { ServingContext } from '../../../operations/serving.js';
import type { CertificateSummary, Page } from '../../../ports/store/certificates.js';
import { PAGE_SIZE } from '../../cursors.js';
import { checkInput, type Field, type FieldFault, type Input } from '../../fields.js';
import type { PageRequest } from '../../page.js';
import { searchFields, searchOf } from './fields.js';

export type SearchData = {
  readonly fields: readonly Field[];
  /** The criteria, checked. */
  readonly input: Input;
  readonly faults: readonly FieldFault[];
  /** null: nothing has been searched yet. */
  readonly found: Page<CertificateSummary> | null;
};

export async function loadSearch(
  { world }: ServingContext,
  { account, query, isShown }: PageRequest,
): Promise<Result<SearchData, OperationFailure>> {
  const fields = searchFields(world, account);
  const checked = checkInput(fields, query);
  if (!checked.ok) {
    if (isShown) return ok({ fields, input: {}, faults: checked.error, found: null });
    // A file of another search than the one that was asked for would mislead.
    const { name, says } = present(checked.error[0], 'fault of a form');
    return err({ kind: 'invalid-request', pointer: `?/${name}`, rule: 'search-criterion', message: says });
  }
  const input = checked.value;
  if (!isShown || Object.keys(input).length === 0) return ok({ fields, input, faults: [], found: null });
  const page = { limit: PAGE_SIZE, cursor: query.cursor };
  const found = await findCertificates(world, account, { ...searchOf(input), ...page });
  return found.ok ? ok({ fields, input, faults: [], found: found.value }) : found;
}
