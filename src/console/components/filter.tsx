import type { Field, FieldFault, Input } from '../fields.js';
import { FORM_WORDS } from '../words/forms.js';
import { FormFields } from './form.js';
import { SearchForm } from './search-form.js';

type FilterProps = {
  readonly fields: readonly Field[];
  readonly input: Input;
  readonly faults?: readonly FieldFault[];
};

/** The form above a list that narrows it. */
export function Filter({ fields, input, faults = [] }: FilterProps) {
  return (
    <SearchForm faults={faults} submit={FORM_WORDS.show}>
      <FormFields fields={fields} input={input} faults={faults} isFilter />
    </SearchForm>
  );
}
