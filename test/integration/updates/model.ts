/** A simple model of cards in the field and their updates: section by section what may happen. */
import { HOUR_MS, MINUTE_MS } from '../../../src/kernel/duration.js';
import {
  type CardCertificate,
  type CardSet,
  type FieldCard,
  hashOf,
  presentSet,
  USES,
} from '../../support/updates/field-card.js';

export type UpdateState =
  | 'issuing'
  | 'offered'
  | 'writing'
  | 'undetermined'
  | 'confirmed'
  | 'completed'
  | 'abandoned'
  | 'failed'
  | 'ended';

/** An update in one of these states ends by itself, or is listed for officers. */
export const LIVE: readonly UpdateState[] = ['issuing', 'offered', 'writing', 'undetermined', 'confirmed'];
/** The card has not said yet what became of it. */
export const UNTOLD: readonly UpdateState[] = ['offered', 'writing', 'undetermined'];

export type ModelUpdate = {
  readonly id: string;
  readonly card: ModelCard;
  readonly oldSet: CardSet;
  readonly newSet: CardSet;
  readonly certificates: readonly CardCertificate[];
  /** The hashes of its requests, as the begin must state them. */
  readonly requests: readonly { readonly csrSha256: string; readonly profile: string }[];
  /** What the card has said of it and the service has accepted. */
  readonly said: Set<Message['kind']>;
  state: UpdateState;
  /** When its timer ends; null: it has none. */
  dueAt: number | null;
};

/** What the machine of the reader knows until it loses its connection. */
export type Session = { readonly update: ModelUpdate; mayWrite: boolean };

export type ModelCard = FieldCard & {
  /** Number of the holder. */
  readonly holder: number;
  readonly updates: ModelUpdate[];
  session: Session | null;
  isOpposed: boolean;
};

/** A request on its way. It is made once, and may arrive late, or twice. */
export type Message = {
  readonly kind: 'begin' | 'writing' | 'confirm' | 'abandon' | 'word';
  readonly card: ModelCard;
  readonly path: string;
  readonly body: object;
  /** The time that its statement names. */
  readonly at: number;
  /** null: a begin. */
  readonly update: ModelUpdate | null;
  /** The set that a begin asks for. */
  readonly set: CardSet | null;
  /** Hashes of what was on the card. */
  readonly onCard: readonly string[];
};

export type Model = {
  readonly cards: readonly ModelCard[];
  /** The service's time. */
  now: number;
  /** Ids of certificates that somebody revoked. */
  readonly revoked: Set<string>;
  readonly late: Message[];
  /** How often each transition happened: `offered -> writing`. */
  readonly transitions: Map<string, number>;
};

export const CONFIRM_WITHIN_MS = 72 * HOUR_MS;
export const OVERLAP_MS = 7 * 24 * HOUR_MS;
export const STATEMENT_MS = 15 * MINUTE_MS;

export function liveUpdate({ updates }: ModelCard): ModelUpdate | null {
  return updates.find(({ state }) => LIVE.includes(state)) ?? null;
}

export function move(model: Model, update: ModelUpdate, to: UpdateState): void {
  const name = `${update.state} -> ${to}`;
  model.transitions.set(name, (model.transitions.get(name) ?? 0) + 1);
  update.state = to;
  update.dueAt = dueAfter(model, update, to);
  if (to === 'abandoned' || to === 'failed') revoke(model, update.certificates);
  if (to === 'completed') revoke(model, certificatesOf(update.oldSet));
}

function dueAfter(model: Model, { dueAt, oldSet }: ModelUpdate, to: UpdateState): number | null {
  switch (to) {
    case 'offered':
      return model.now + CONFIRM_WITHIN_MS;
    case 'writing':
      return dueAt;
    case 'undetermined':
      // A card whose old certificates have ended can only use the new ones.
      return isRevoked(model, oldSet) ? model.now : null;
    case 'confirmed':
      return model.now + OVERLAP_MS;
    default:
      return null;
  }
}

/** Whether somebody revoked all certificates of the set. */
export function isRevoked({ revoked }: Model, set: CardSet): boolean {
  return certificatesOf(set).every(({ id }) => revoked.has(id));
}

export function certificatesOf(set: CardSet): readonly CardCertificate[] {
  return [...set.certificates.values()];
}

export function revoke(model: Model, certificates: readonly CardCertificate[]): void {
  for (const { id } of certificates) model.revoked.add(id);
}

/** What the service must answer, and what then becomes of the update. */
export type Prediction = { readonly accepted: 'yes' | 'no' | 'either'; readonly apply: () => void };

const nothing = (): void => undefined;
const REFUSED: Prediction = { accepted: 'no', apply: nothing };

/** For all messages but a begin. */
export function predict(model: Model, { kind, update, at, onCard }: Message): Prediction {
  if (update === null) throw new Error('a begin');
  const hashes = update.certificates.map(hashOf);
  const isLate = Math.abs(model.now - at) > STATEMENT_MS;
  const isUntold = UNTOLD.includes(update.state);
  const to = (state: UpdateState): Prediction => ({ accepted: 'yes', apply: () => move(model, update, state) });
  // A repeated answer may come before or after the check of the time.
  const again = (states: readonly UpdateState[]): Prediction =>
    states.includes(update.state) ? { accepted: 'either', apply: nothing } : REFUSED;
  switch (kind) {
    case 'writing':
      return update.state === 'offered' ? to('writing') : again(['writing']);
    case 'word':
      if (update.state !== 'offered') return again(['abandoned']);
      // The card would be left without any certificate.
      return isRevoked(model, update.oldSet) ? REFUSED : to('abandoned');
    case 'confirm':
      if (!isUntold) return again(['confirmed', 'completed']);
      return !isLate && hashes.every((hash) => onCard.includes(hash)) ? to('confirmed') : REFUSED;
    case 'abandon':
      if (!isUntold) return again(['abandoned']);
      if (isLate || hashes.some((hash) => onCard.includes(hash))) return REFUSED;
      return certificatesOf(update.oldSet).some(({ id }) => model.revoked.has(id)) ? REFUSED : to('abandoned');
    default:
      throw new Error(kind);
  }
}

/** A holder has one open procedure, until the card has said what became of its update. */
export function hasProcedure({ updates }: ModelCard): boolean {
  return updates.some(({ state }) => state === 'issuing' || UNTOLD.includes(state));
}

/** Whether a begin with new keys must be accepted now. */
export function mayBegin(model: Readonly<Model>, card: ModelCard, at: number): boolean {
  return (
    !card.isOpposed &&
    Math.abs(model.now - at) <= STATEMENT_MS &&
    liveUpdate(card) === null &&
    model.cards.every((one) => one.holder !== card.holder || !hasProcedure(one)) &&
    certificatesOf(presentSet(card)).every(({ id }) => !model.revoked.has(id))
  );
}

const AFTER_TIMER: Readonly<Partial<Record<UpdateState, UpdateState>>> = {
  confirmed: 'completed',
  undetermined: 'confirmed',
};

/** The clock is at `model.now`: everything that is due happens. */
export function passTime(model: Model): void {
  for (const update of model.cards.flatMap(({ updates }) => updates)) {
    if (update.dueAt === null || update.dueAt > model.now) continue;
    move(model, update, AFTER_TIMER[update.state] ?? 'undetermined');
  }
}

export function isComplete(set: CardSet): boolean {
  return USES.every((use) => set.certificates.has(use));
}
