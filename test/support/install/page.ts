/** The commands of the pages that are typed, in their order. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../service/home.js';

/** A client has its own folders, and the network of the server. */
const PLACES = ['server', 'ceremony', 'client', 'node-2', 'node-3', 'database-1', 'database-2', 'balancer'] as const;
export type Place = (typeof PLACES)[number];

/** A fence is typed if its words after `sh` are places; `online`: it fetches packages. */
export type Block = {
  /** The title of its section. */
  readonly section: string;
  readonly places: readonly Place[];
  readonly online: boolean;
  readonly script: string;
};

const HEADING_OR_FENCE = /^##+ (.*)$|^ *```sh *(.*)\n([\s\S]*?)^ *```$/gm;

/** `page`: its name in the folder `ops`. */
export function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(join(PACKAGE_ROOT, 'ops', page), 'utf8');
  let section = '';
  const blocks: Block[] = [];
  for (const [, heading, words = '', script = ''] of text.matchAll(HEADING_OR_FENCE)) {
    if (heading !== undefined) {
      section = heading;
      continue;
    }
    if (words === '') continue;
    const named = words.split(' ').filter((word) => word !== 'online');
    const places = PLACES.filter((one) => named.includes(one));
    assert.deepEqual(named, places, `${page}, ${section}: a block is typed on ${PLACES.join(', ')}, in this order`);
    blocks.push({ section, places, online: words.endsWith(' online'), script });
  }
  return blocks;
}
