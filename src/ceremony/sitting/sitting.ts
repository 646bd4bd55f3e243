/** The context of the steps, and who sits in the room: what a step asks of people goes through here, and into the transcript. */
import { type CeremonyPlan, type Person, tokenUse } from '../plan/model.js';
import type { QuorumContext } from '../quorum/context.js';
import { tokenOpener } from '../quorum/token-opener.js';
import type { StepContext } from '../steps/kind.js';
import type { Draft, Entry } from '../transcript/transcript.js';
import type { CeremonyToken, CeremonyWorld } from '../world.js';
import { compare, isCompared } from './compare-bundle.js';
import { confirm } from './confirm.js';
import { operate } from './operate.js';

export type Room = {
  /** Those who answered the roll call. */
  readonly seat: (people: readonly Person[]) => void;
  /** Lines that are written from now on are of this step. */
  readonly enter: (step: number) => void;
};

export function openContext({
  world,
  plan,
  append,
  entries,
}: {
  readonly world: CeremonyWorld;
  readonly plan: CeremonyPlan;
  readonly append: (draft: Omit<Draft, 'at'>) => Promise<void>;
  readonly entries: () => readonly Entry[];
}): { readonly context: StepContext; readonly room: Room } {
  let people: readonly Person[] = [];
  let step = 0;
  const note: QuorumContext['note'] = (action, result) => append({ step, action, result });
  const quorum = tokenOpener({ world, plan, note });
  const opened = new Map<string, Promise<CeremonyToken>>();
  const context: StepContext = {
    world,
    plan,
    quorum,
    token(name) {
      const token = opened.get(name) ?? quorum.open(tokenUse(plan, name));
      opened.set(name, token);
      return token;
    },
    confirm: (shown) => confirm({ terminal: world.terminal, note, people }, shown),
    compare: (carried) => compare({ terminal: world.terminal, note, people }, carried),
    isCompared: (carried) => isCompared(entries(), carried),
    operate: (act) => operate({ terminal: world.terminal, note, people }, act),
  };
  const room: Room = {
    seat(present) {
      people = present;
    },
    enter(number) {
      step = number;
    },
  };
  return { context, room };
}
