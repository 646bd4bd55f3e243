import type { Bilingual } from '../../kernel/bilingual.js';
import { Table } from '../components/table.js';
import { useUi } from '../ui.js';
import type { Member } from './model.js';
import { REFERENCE_WORDS as WORDS } from './words.js';

/** The members of a schema. What refers to another schema links to it. */
export function Members({ caption, members }: { readonly caption: Bilingual; readonly members: readonly Member[] }) {
  const { t } = useUi();
  return (
    <Table
      caption={caption}
      rows={members}
      rowKey={({ name, only }) => `${name} ${only ?? ''}`}
      empty={WORDS.noMembers}
      columns={[
        {
          label: WORDS.name,
          cell: ({ name, isRequired, only }) => (
            <div>
              <code>{name}</code>
              {isRequired && <span class="hint">{` ${t(WORDS.required)}`}</span>}
              {only !== null && (
                <div class="hint">
                  {`${t(WORDS.only)} `}
                  <code>{only}</code>
                </div>
              )}
            </div>
          ),
        },
        {
          label: WORDS.type,
          cell: ({ type, refersTo }) =>
            refersTo === null ? <span lang="en">{type}</span> : <SchemaLink name={refersTo} text={type} />,
        },
        { label: WORDS.description, cell: ({ description }) => <span lang="en">{description}</span> },
      ]}
    />
  );
}

/** `text`: what the link says, where it is more than the name of the schema. */
export function SchemaLink({ name, text = name }: { readonly name: string; readonly text?: string }) {
  const { href } = useUi();
  return (
    <a href={`${href('/docs/schemas')}#${name}`} lang="en">
      {text}
    </a>
  );
}
