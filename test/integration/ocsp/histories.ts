/**
 * Compares the statuses that processes report with those that a certificate had, for each process
 * by itself and for all together.
 */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { HOUR_MS } from '../../../src/kernel/duration.js';
import type { StoredState } from '../../../src/ports/store/statuses.js';
import { databaseArgument } from '../../support/db/argument.js';
import type { PostgresqlDatabase } from '../../support/db/postgresql-cluster.js';
import type { StatusAuthority } from '../../support/status/authority.js';
import type { ProcessCommand, ProcessReply } from './status-process.js';

export type ClockState = 'right' | 'still' | 'back' | 'ahead';

export type Process = {
  readonly name: string;
  readonly begin: (time: number, clock: ClockState) => Promise<void>;
  readonly look: (time: number) => Promise<void>;
  readonly setClock: (time: number, clock: ClockState) => Promise<void>;
  readonly cut: (away: boolean) => Promise<void>;
  readonly ask: (asked: { readonly time: number; readonly serial: string; readonly nonce: boolean }) => Promise<string>;
  readonly end: () => Promise<void>;
};

type ProcessOptions = {
  readonly name: string;
  readonly authority: StatusAuthority;
  /** Those behind its one address. */
  readonly databases: readonly PostgresqlDatabase[];
};
type Answer = { readonly heard?: ProcessReply | null; readonly failed?: string };

export async function startProcess({ name, authority, databases }: ProcessOptions): Promise<Process> {
  const entry = fileURLToPath(new URL('./status-process.js', import.meta.url));
  const child = fork(entry, [authority.folder, ...databases.map(databaseArgument)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const answer = async (): Promise<ProcessReply | null> => {
    const [said] = (await once(child, 'message')) as [Answer];
    assert.equal(said.failed, undefined, name);
    return said.heard ?? null;
  };
  const command = (said: ProcessCommand): Promise<ProcessReply | null> => {
    const heard = answer();
    child.send(said);
    return heard;
  };
  let wall = (time: number): number => time;
  const setWall = (time: number, clock: ClockState): void => {
    const offset = { right: 0, still: 0, back: -HOUR_MS, ahead: HOUR_MS }[clock];
    const at = wall(time);
    wall = clock === 'still' ? () => at : (now) => now + offset;
  };
  const timesAt = (time: number) => ({ at: wall(time), steady: time });
  await answer();
  return {
    name,
    begin: async (time, clock) => {
      setWall(time, clock);
      await command({ do: 'mend' });
      await command({ do: 'begin', ...timesAt(time) });
    },
    look: async (time) => void (await command({ do: 'look', ...timesAt(time) })),
    setClock: async (time, clock) => setWall(time, clock),
    cut: async (away) => void (await command({ do: away ? 'cut' : 'mend' })),
    ask: async ({ time, serial, nonce }) =>
      (await command({ do: 'ask', serial, nonce, ...timesAt(time) }))?.status ?? '',
    end: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      child.kill('SIGTERM');
      await gone;
    },
  };
}

type StatusReport = {
  readonly process: number;
  readonly status: string;
  readonly time: number;
  readonly boundMs: number;
};

export type History = {
  readonly number: number;
  readonly state: () => StoredState;
  readonly became: (state: StoredState, time: number) => void;
  /** Fails if the command could not be executed. */
  readonly reported: (reported: StatusReport) => void;
};

type Era = { readonly state: StoredState; readonly since: number };

export function historyOf(given: {
  readonly number: number;
  readonly since: number;
  readonly processes: number;
}): History {
  const { number, since, processes } = given;
  const eras: Era[] = [{ state: { status: 'issued' }, since }];
  /**
   * By process: the earliest era that it can have been speaking of when it last said something. It
   * never speaks of one before.
   */
  const reached = Array.from({ length: processes }, () => 0);
  const isGood = ({ state }: Era): boolean => state.status === 'issued';
  const story = (): string => eras.map(({ state, since: at }) => `${state.status} since ${at - since} ms`).join(', ');
  const state = (): StoredState => eras.at(-1)?.state ?? assert.fail('there is a first one');
  return {
    number,
    state,
    became: (next, time) => void eras.push({ state: next, since: time }),
    reported: ({ process, status, time, boundMs }) => {
      if (status !== 'good' && status !== 'revoked') {
        // tryLater, and nothing else: its database is away, or it does not know what its database
        // says by now.
        assert.equal(status, 'error 3', 'what it said');
        return;
      }
      const from = reached[process] ?? 0;
      const at = eras.findIndex((era, index) => index >= from && isGood(era) === (status === 'good'));
      const where = `process ${process} said ${status} after ${time - since} ms: ${story()}; it had come to era ${from}`;
      assert.ok(at >= 0, `it went back: ${where}`);
      reached[process] = at;
      if (status === 'revoked') return;
      const lately = eras.some((era, index) => {
        const end = eras[index + 1]?.since ?? Number.POSITIVE_INFINITY;
        return isGood(era) && end >= time - boundMs;
      });
      assert.ok(lately, `an old good: ${where}`);
    },
  };
}
