/** Converts rows of `cards`, `holders` and `open_procedures` to records. */
import {
  CARD_STATES,
  type CardCapabilities,
  type CardFacts,
  type OpenProcedure,
  type StoredCard,
  type StoredHolder,
} from '../../../ports/store/cards/cards.js';
import { integer, integerOrNull, json, oneOf, type Row, text, textOrNull } from '../columns.js';

export function factsOf(row: Row): CardFacts {
  return {
    tokenId: text(row, 'token_id'),
    product: textOrNull(row, 'product'),
    holderId: textOrNull(row, 'holder_id'),
    profession: textOrNull(row, 'profession'),
  };
}

export function cardOf(row: Row): StoredCard {
  return {
    ...factsOf(row),
    state: oneOf(row, 'state', CARD_STATES),
    stateAt: integer(row, 'state_at'),
    reason: textOrNull(row, 'reason'),
    replacedBy: textOrNull(row, 'replaced_by'),
    replacedUntil: integerOrNull(row, 'replaced_until'),
    capabilities: capabilitiesOf(row),
    version: integer(row, 'version'),
  };
}

function capabilitiesOf(row: Row): CardCapabilities | null {
  const generation = textOrNull(row, 'generation');
  if (generation === null) return null;
  return {
    generation,
    applet: text(row, 'applet'),
    // Only `setCapabilities` (cards.ts) writes this column, and it writes a list of texts.
    keyTypes: json(row, 'key_types') as readonly string[],
    spareContainers: integer(row, 'spare_containers'),
    reportedAt: integer(row, 'reported_at'),
    reportedBy: text(row, 'reported_by'),
  };
}

export function holderOf(row: Row): StoredHolder {
  return {
    holderId: text(row, 'holder_id'),
    state: oneOf(row, 'state', ['free', 'barred']),
    stateAt: integer(row, 'state_at'),
    actor: text(row, 'actor'),
    version: integer(row, 'version'),
  };
}

export function procedureOf(row: Row): OpenProcedure {
  return {
    holderId: text(row, 'holder_id'),
    profession: text(row, 'profession'),
    kind: oneOf(row, 'kind', ['update', 'replacement']),
    reference: text(row, 'reference'),
    openedAt: integer(row, 'opened_at'),
  };
}
