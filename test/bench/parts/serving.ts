/**
 * Lists over HTTP beside nginx, which gives out the same octets: whole, and to readers who have
 * them already.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { homePaths } from '../../../src/config/paths.js';
import { startNginx } from '../../support/servers/nginx.js';
import { middle } from '../statistics.js';
import { atLeast, type Line, number } from '../table.js';
import { type Part, withService } from './part.js';

const CONNECTIONS = 64;
/** Each of them has its part of the line: with more, none would end in a short run. */
const LARGE_CONNECTIONS = 8;
const LARGE_OCTETS = 10_000_000;
const RATIO_MIN = 0.7;
/** Octets of lists of so many entries, with reasons. */
const SIZES: readonly (readonly [entries: string, octets: number])[] = [
  ['none', 900],
  ['500', 20_000],
  ['27,000', 1_000_000],
  ['1,000,000', 37_000_000],
];

type ServingFigures = { readonly rate: number; readonly p99: string };

type Load = { readonly connections: number; readonly seconds: number };

function load(url: string, { connections, seconds }: Load, etag: string | null): ServingFigures {
  const headers = etag === null ? [] : ['-H', `If-None-Match: ${etag}`];
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '--latency', ...headers, url];
  const said = execFileSync('wrk', args, { encoding: 'utf8' });
  if (/Non-2xx|Socket errors/.test(said)) throw new Error(said);
  return { rate: Number(/Requests\/sec: +([\d.]+)/.exec(said)?.[1] ?? 0), p99: /99% +(\S+)/.exec(said)?.[1] ?? '?' };
}

async function tagOf(url: string): Promise<string> {
  const answer = await fetch(url, { method: 'HEAD' });
  const etag = answer.headers.get('etag') ?? '';
  const again = await fetch(url, { headers: { 'if-none-match': etag } });
  if (answer.status !== 200 || again.status !== 304) throw new Error(`${url}: ${answer.status}, ${again.status}`);
  return etag;
}

type ServingRequest = {
  readonly connections: number;
  readonly etags: readonly [ours: string | null, theirs: string | null];
};

export const measureServing: Part = ({ effort, say }) =>
  withService({ keyType: 'p-256' }, async (service) => {
    say('lists over HTTP, beside nginx');
    const nginx = await startNginx((folder) => [`root ${folder};`, 'keepalive_requests 1000000000;']);
    const lines: Line[] = [];
    try {
      await service.start();
      const measure = (what: string, name: string, { connections, etags }: ServingRequest): void => {
        const usual = { connections, seconds: effort.ocspSeconds };
        const [ours, theirs] = [`${service.urls.publication}/CRL/${name}`, `http://127.0.0.1:${nginx.port}/${name}`];
        load(ours, { connections, seconds: 1 }, etags[0]);
        const runs: { readonly ours: ServingFigures; readonly theirs: ServingFigures }[] = [];
        // In turns, so that what else the machine does falls on both.
        for (let run = 0; run < effort.runs; run += 1) {
          const own = load(ours, usual, etags[0]);
          runs.push({ ours: own, theirs: load(theirs, usual, etags[1]) });
        }
        const found = middle(runs, ({ ours, theirs }) => ours.rate / theirs.rate);
        lines.push({
          what,
          figure: `${number(found.ours.rate)} responses/s (p99 ${found.ours.p99})`,
          limit: `${number(found.theirs.rate)} responses/s of nginx, one worker (p99 ${found.theirs.p99})`,
          ...atLeast(found.ours.rate / found.theirs.rate, RATIO_MIN),
        });
      };
      for (const [entries, octets] of SIZES) {
        const name = `BENCH-${octets}.crl`;
        // What is sent is not read on the way: any octets will do.
        const file = join(homePaths(service.at.home).crl, name);
        writeFileSync(file, randomBytes(octets));
        copyFileSync(file, join(nginx.folder, name));
        const connections = octets < LARGE_OCTETS ? CONNECTIONS : LARGE_CONNECTIONS;
        const what = `CRL over HTTP, ${number(octets)} bytes (entries: ${entries}), ${connections} connections`;
        measure(what, name, { connections, etags: [null, null] });
        if (octets >= LARGE_OCTETS) continue;
        const etags = [
          await tagOf(`${service.urls.publication}/CRL/${name}`),
          await tagOf(`http://127.0.0.1:${nginx.port}/${name}`),
        ] as const;
        measure('of it, to clients that have it (If-None-Match, 304)', name, { connections, etags });
      }
    } finally {
      await nginx.stop();
    }
    return { lines };
  });
