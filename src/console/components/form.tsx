import { type Field, type FieldFault, groupsOf, type Input, type Option, questionOf } from '../fields.js';
import { useUi } from '../ui.js';
import { FORM_WORDS } from '../words/forms.js';

type FieldProps<One extends Field = Field> = {
  readonly field: One;
  readonly value: string;
  readonly fault: FieldFault | undefined;
  /** Whether it narrows what is shown: every field may stay empty, and then all is shown. */
  readonly isFilter: boolean;
};
type ChoiceField = Extract<Field, { readonly kind: 'choice' }>;

/** Labels, hints, controls and faults of fields, each fault beside its field. */
export function FormFields({
  fields,
  input,
  faults = [],
  isFilter = false,
}: {
  readonly fields: readonly Field[];
  readonly input: Input;
  readonly faults?: readonly FieldFault[];
  readonly isFilter?: boolean;
}) {
  // A box that is not ticked is not sent, so that its default counts in a form that is new only.
  const isNew = fields.every(({ name }) => input[name] === undefined);
  const propsOf = <One extends Field>(field: One): FieldProps<One> => ({
    field,
    value: input[field.name] ?? (isNew ? (field.value ?? '') : ''),
    fault: faults.find(({ name }) => name === field.name),
    isFilter,
  });
  return (
    <>
      {groupsOf(fields).map((group) =>
        isCheckGroup(group) ? (
          <CheckGroup key={group[0]?.name} boxes={group.map(propsOf)} />
        ) : (
          group.map((field) => <FieldBlock key={field.name} {...propsOf(field)} />)
        ),
      )}
    </>
  );
}

type CheckField = Extract<Field, { readonly kind: 'check' }>;

function isCheckGroup(group: readonly Field[]): group is readonly CheckField[] {
  return questionOf(group[0]) !== null;
}

function CheckGroup({ boxes }: { readonly boxes: readonly FieldProps<CheckField>[] }) {
  const { t } = useUi();
  const question = questionOf(boxes[0]?.field);
  return (
    <fieldset class="field">
      <legend>{question !== null && t(question)}</legend>
      {boxes.map((box) => (
        <CheckBox key={box.field.name} {...box} />
      ))}
    </fieldset>
  );
}

/** The box comes before its label. A box may always stay empty, so that nothing says so. */
function CheckBox({ field, value, fault, isFilter }: FieldProps<CheckField>) {
  const { t } = useUi();
  return (
    <div class={fault === undefined ? 'option' : 'option faulty'}>
      <Control field={field} value={value} fault={fault} isFilter={isFilter} />
      <label for={field.name}>{t(field.label)}</label>
      <Hint field={field} />
      <FaultText name={field.name} fault={fault} />
    </div>
  );
}

function FieldBlock({ field, ...props }: FieldProps) {
  const { fault, isFilter } = props;
  if (isChoice(field)) return <Choice field={field} {...props} />;
  if (field.kind === 'check') return <CheckBox field={field} {...props} />;
  return (
    <div class={fault === undefined ? 'field' : 'field faulty'}>
      <label for={field.name}>
        <FieldLabel field={field} isFilter={isFilter} />
      </label>
      <Hint field={field} />
      <Control field={field} {...props} />
      <FaultText name={field.name} fault={fault} />
    </div>
  );
}

function FieldLabel({ field, isFilter }: Pick<FieldProps, 'field' | 'isFilter'>) {
  const { t } = useUi();
  return (
    <>
      {t(field.label)}
      {field.isRequired !== true && !isFilter && <span class="optional"> {t(FORM_WORDS.optional)}</span>}
    </>
  );
}

function Hint({ field }: { readonly field: Field }) {
  const { t } = useUi();
  if (field.hint === undefined) return null;
  return (
    <p class="hint" id={`${field.name}-hint`}>
      {t(field.hint)}
    </p>
  );
}

function FaultText({ name, fault }: { readonly name: string; readonly fault: FieldFault | undefined }) {
  const { t } = useUi();
  if (fault === undefined) return null;
  return (
    <p class="fault" id={`${name}-fault`}>
      {t(fault.says)}
    </p>
  );
}

function isChoice(field: Field): field is ChoiceField {
  return field.kind === 'choice';
}

function Control({ field, value, fault, isFilter }: FieldProps<Exclude<Field, ChoiceField>>) {
  const { t } = useUi();
  const common = {
    id: field.name,
    name: field.name,
    required: field.isRequired === true,
    'aria-describedby': describedBy(field, fault),
    'aria-invalid': fault === undefined ? undefined : ('true' as const),
  };
  switch (field.kind) {
    case 'multiline':
      return (
        <textarea {...common} rows={3} maxLength={field.lengthMax}>
          {value}
        </textarea>
      );
    case 'select':
      return (
        <select {...common}>
          {(field.isRequired !== true || field.isChosen === true) && (
            <option value="">{t(isFilter ? FORM_WORDS.all : FORM_WORDS.choose)}</option>
          )}
          {field.options.map((option) => (
            <option key={option.value} value={option.value} selected={option.value === value}>
              {t(option.label)}
            </option>
          ))}
        </select>
      );
    case 'check':
      return <input {...common} type="checkbox" value="yes" checked={value === 'yes'} />;
    case 'number':
      return <input {...common} type="number" min={field.min} max={field.max} value={value} />;
    case 'date':
      return <input {...common} type="date" value={value} />;
    case 'file':
      return <input {...common} type="file" accept={field.accept} />;
    case 'search':
      return <input {...common} type="search" maxLength={field.lengthMax} value={value} autoComplete="off" />;
    case 'text':
      return <input {...common} type="text" maxLength={field.lengthMax} value={value} autoComplete="off" />;
  }
}

function describedBy(field: Field, fault: FieldFault | undefined): string | undefined {
  const ids = [field.hint && `${field.name}-hint`, fault && `${field.name}-fault`].filter(Boolean);
  return ids.length === 0 ? undefined : ids.join(' ');
}

function Choice({ field, value, fault, isFilter }: FieldProps<ChoiceField>) {
  return (
    <fieldset class={fault === undefined ? 'field' : 'field faulty'} aria-describedby={describedBy(field, fault)}>
      <legend>
        <FieldLabel field={field} isFilter={isFilter} />
      </legend>
      <Hint field={field} />
      <FaultText name={field.name} fault={fault} />
      {field.options.map((option) => (
        <RadioOption key={option.value} name={field.name} option={option} isChecked={option.value === value} />
      ))}
    </fieldset>
  );
}

function RadioOption({
  name,
  option: { value, label, hint },
  isChecked,
}: {
  readonly name: string;
  readonly option: Option;
  readonly isChecked: boolean;
}) {
  const { t } = useUi();
  const id = `${name}-${value}`;
  return (
    <div class="option">
      <input
        type="radio"
        id={id}
        name={name}
        value={value}
        checked={isChecked}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
      <label for={id}>{t(label)}</label>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {t(hint)}
        </p>
      )}
    </div>
  );
}
