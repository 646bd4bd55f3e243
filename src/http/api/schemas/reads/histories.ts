/** Schemas of the histories of certificates, cards and holders, without names. */
import { CARD, CARD_MEMBERS, holderState, procedure } from '../cards.js';
import { anyText, component, instant, nullable, object, REASONS } from '../parts.js';
import { auditEntries } from '../responses.js';
import { UPDATE_ROW } from '../updates.js';

const number = (description: string) => ({ type: 'integer', minimum: 1, description }) as const;

const statusEvent = object(
  {
    at: instant('When it happened.'),
    actor: anyText('Who did it, as audit entries name it.'),
    status: {
      type: 'string',
      enum: ['pending', 'issued', 'suspended', 'revoked'],
      description: 'The status that it had afterwards.',
    },
    reason: nullable({
      type: 'string',
      enum: REASONS,
      description: 'Why; null: it was neither suspended nor revoked.',
    }),
    entry: number('Number of its audit entry.'),
  },
  ['at', 'actor', 'status', 'reason', 'entry'],
);

const summaries = (description: string) =>
  ({ type: 'array', items: component('CertificateSummary'), description }) as const;

export const certificateHistory = object(
  {
    certificate: component('CertificateSummary'),
    events: { type: 'array', items: statusEvent, description: 'Changes of its status, the oldest first.' },
    entries: nullable({
      ...auditEntries.properties.entries,
      description: 'Audit entries about it, newest first, 200 at most; null: the account may not read the audit log.',
    }),
    renews: nullable(component('CertificateSummary')),
    renewedBy: summaries('Certificates that renew it.'),
    order: nullable({
      ...object({ id: anyText('Id of the order.'), line: number('Its line, from 1.') }, ['id', 'line']),
      description: 'The order that it was issued for; null: a single request.',
    }),
    update: nullable(anyText('Id of the remote update that it was made for.')),
  },
  ['certificate', 'events', 'entries', 'renews', 'renewedBy', 'order', 'update'],
);

export const cardHistory = object(
  {
    ...CARD,
    certificates: summaries('All certificates of its life that the account may find, the oldest first.'),
    updates: { type: 'array', items: UPDATE_ROW, description: 'Newest first, 100 at most.' },
    replaces: { type: 'array', items: { type: 'string' }, description: 'Token ids of the cards that it replaces.' },
    procedure: nullable({ ...procedure, description: 'What is open for the card; null: nothing is.' }),
  },
  [...CARD_MEMBERS, 'certificates', 'updates', 'replaces', 'procedure'],
);

export const holderHistory = object(
  {
    holder: anyText('Id of the holder.'),
    state: holderState,
    stateAt: nullable(instant('Since when; null: the state has never changed.')),
    cards: { type: 'array', items: component('CardSummary'), description: 'Cards that the account may find.' },
    certificates: summaries('Certificates that the account may find, the oldest first.'),
    procedures: { type: 'array', items: procedure, description: 'What is open: one for each profession at most.' },
  },
  ['holder', 'state', 'stateAt', 'cards', 'certificates', 'procedures'],
);
