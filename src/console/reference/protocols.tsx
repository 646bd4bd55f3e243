/** The page of the protocols beside REST: their addresses, and who may use them. */
import { Facts } from '../components/facts.js';
import { Table } from '../components/table.js';
import { Code } from '../components/text.js';
import { useUi } from '../ui.js';
import type { ProtocolEntry } from './model.js';
import { REFERENCE_WORDS as WORDS } from './words.js';

export function Protocols({ protocols }: { readonly protocols: readonly ProtocolEntry[] }) {
  const { t } = useUi();
  return (
    <>
      <h1>{t(WORDS.protocols)}</h1>
      <p>{t(WORDS.protocolsIntro)}</p>
      {protocols.map(({ id, title, standards, mediaType, description, calls, labels }) => (
        <section key={id} aria-labelledby={id}>
          <h2 id={id}>{t(title)}</h2>
          <p>{t(description)}</p>
          <Facts
            facts={[
              { label: WORDS.standards, value: standards.join(', ') },
              ...(mediaType === null ? [] : [{ label: WORDS.mediaType, value: <Code>{mediaType}</Code> }]),
              {
                label: WORDS.labels,
                value: labels.length === 0 ? t(WORDS.labelOfProfile) : <Code>{labels.join(', ')}</Code>,
              },
            ]}
          />
          <Table
            caption={title}
            rows={calls}
            rowKey={({ method, path }) => `${method} ${path}`}
            columns={[
              { label: WORDS.call, cell: ({ method, path }) => <code>{`${method} ${path}`}</code> },
              { label: WORDS.purpose, cell: ({ purpose }) => t(purpose) },
            ]}
          />
        </section>
      ))}
    </>
  );
}
