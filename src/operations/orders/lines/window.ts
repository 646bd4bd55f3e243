/**
 * The lines of an order that are worked on at once. A line whose card is in an earlier line of the
 * window waits for that line, so that the first of them gets the card.
 */

export type Window = {
  /** Resolves when another line may begin. */
  readonly room: () => Promise<void>;
  /** `work` does not reject. */
  readonly begin: (line: { readonly number: number; readonly card: string | null }, work: () => Promise<void>) => void;
  /** Resolves when no line is worked on. */
  readonly empty: () => Promise<void>;
  readonly lines: () => readonly number[];
};

/** `linesMax` may change while lines are worked on. */
export function createWindow(linesMax: () => number): Window {
  const running = new Map<number, Promise<void>>();
  const lastOfCard = new Map<string, Promise<void>>();
  const oneEnds = async (): Promise<void> => Promise.race(running.values());

  return {
    room: async () => {
      while (running.size >= linesMax()) await oneEnds();
    },
    begin: ({ number, card }, work) => {
      const earlier = card === null ? undefined : lastOfCard.get(card);
      const one = (async () => {
        await earlier;
        await work();
      })();
      if (card !== null) lastOfCard.set(card, one);
      const ending = one.then(() => {
        running.delete(number);
        if (card !== null && lastOfCard.get(card) === one) lastOfCard.delete(card);
      });
      running.set(number, ending);
    },
    empty: async () => {
      while (running.size > 0) await oneEnds();
    },
    lines: () => [...running.keys()],
  };
}
