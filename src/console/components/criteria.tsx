import type { Bilingual } from '../../kernel/bilingual.js';
import type { Field, FieldFault } from '../fields.js';
import { useUi } from '../ui.js';
import { FormFields } from './form.js';
import { SearchForm } from './search-form.js';

type CriteriaProps = {
  readonly fields: readonly Field[];
  readonly faults: readonly FieldFault[];
  /** Text of the button. */
  readonly submit: Bilingual;
  readonly hint?: Bilingual;
};

/** The form of a search, filled with the criteria of the address. */
export function CriteriaForm({ fields, faults, ...form }: CriteriaProps) {
  const { query } = useUi();
  const input = Object.fromEntries(fields.map(({ name }) => [name, query[name] ?? '']));
  return (
    <SearchForm faults={faults} {...form}>
      <FormFields fields={fields} input={input} faults={faults} isFilter />
    </SearchForm>
  );
}
