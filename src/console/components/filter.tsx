import type { Field, FieldFault, Input } from '../fields.js';
import { useUi } from '../ui.js';
import { FORM_WORDS } from '../words/forms.js';
import { FormFields } from './form.js';

type FilterProps = {
  readonly fields: readonly Field[];
  readonly input: Input;
  readonly faults?: readonly FieldFault[];
};

/** The form above a list that narrows it. It is sent as a GET, so that its address can be kept. */
export function Filter({ fields, input, faults = [] }: FilterProps) {
  const { t, path, isChosen, language } = useUi();
  return (
    <search>
      <form class="criteria" method="get" action={path} noValidate>
        <FormFields fields={fields} input={input} faults={faults} isFilter />
        {isChosen && <input type="hidden" name="lang" value={language} />}
        <p class="buttons">
          <button type="submit">{t(FORM_WORDS.show)}</button>
        </p>
      </form>
    </search>
  );
}
