/**
 * How soon a service is ready again, what it holds on to while nobody asks, and how fast the disk
 * takes plain rows.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { pssMb } from '../../support/service/processes.js';
import { nameOfProcess } from '../cpu-time.js';
import { median } from '../statistics.js';
import { atMost, number } from '../table.js';
import { type Part, withService } from './part.js';

const PSS_LIMIT_MB = 500;
const READY_LIMIT_MS = 2_000;
const IDLE_MS = 3_000;

export const measureStart: Part = ({ effort, say }) =>
  withService({ keyType: 'rsa-4096' }, async (service) => {
    say('second start, idle memory');
    // The first makes the credentials.
    await service.start();
    const times: number[] = [];
    for (let run = 0; run < effort.runs; run += 1) {
      await service.stop();
      times.push(await service.start());
    }
    await sleep(IDLE_MS);
    const memory = service.tree().map((one) => ({ name: nameOfProcess(one), mb: pssMb(one.pid) }));
    await service.stop();
    const readyMs = median(times);
    const sum = memory.reduce((total, { mb }) => total + mb, 0);
    return {
      lines: [
        {
          what: 'Second start, from the command to ready',
          figure: `${(readyMs / 1000).toFixed(2)} s`,
          limit: `${READY_LIMIT_MS / 1000} s`,
          ...atMost(readyMs / READY_LIMIT_MS, 1),
        },
        {
          what: `Idle memory, sum of PSS of ${memory.length} processes`,
          figure: `${number(sum)} MB`,
          limit: `${PSS_LIMIT_MB} MB`,
          ...atMost(sum / PSS_LIMIT_MB, 1),
        },
        ...memory.map(({ name, mb }) => ({ what: `of which ${name}`, figure: `${number(mb)} MB` })),
      ],
    };
  });
