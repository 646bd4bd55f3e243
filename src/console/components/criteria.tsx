import type { Bilingual } from '../../kernel/bilingual.js';
import type { Field, FieldFault } from '../fields.js';
import { useUi } from '../ui.js';
import { FORM_WORDS } from '../words/forms.js';
import { FormFields } from './form.js';
import { Notice } from './text.js';

type CriteriaProps = {
  readonly fields: readonly Field[];
  readonly faults: readonly FieldFault[];
  /** Text of the button. */
  readonly submit: Bilingual;
  readonly hint?: Bilingual;
};

/** The form of a search: it changes nothing, so its criteria stand in the address. */
export function CriteriaForm({ fields, faults, submit, hint }: CriteriaProps) {
  const { t, path, query, isChosen, language } = useUi();
  const input = Object.fromEntries(fields.map(({ name }) => [name, query[name] ?? '']));
  return (
    <search>
      <form class="criteria" method="get" action={path} noValidate>
        {faults.length > 0 && (
          <Notice tone="bad">
            <p>{t(FORM_WORDS.correct)}</p>
          </Notice>
        )}
        <FormFields fields={fields} input={input} faults={faults} isFilter />
        {isChosen && <input type="hidden" name="lang" value={language} />}
        <p class="buttons">
          <button type="submit">{t(submit)}</button>
        </p>
        {hint !== undefined && <p class="hint">{t(hint)}</p>}
      </form>
    </search>
  );
}
