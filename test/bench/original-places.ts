/**
 * Programs are put together of many modules (`scripts/lib/bundle.mjs`): a profile of one, with
 * each function where it was written.
 */
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { CpuProfile, ProfileNode } from './attribution.js';

export function atOriginalPlaces(profile: CpuProfile): CpuProfile {
  const maps = new Map<string, SourceMap | null>();
  const mapOf = (url: string): SourceMap | null => {
    const known = maps.get(url);
    if (known !== undefined) return known;
    const map = url.includes('/dist/bin/') ? readMap(`${fileURLToPath(url)}.map`) : null;
    maps.set(url, map);
    return map;
  };
  const placed = (callFrame: ProfileNode['callFrame']): ProfileNode['callFrame'] => {
    const { url, lineNumber, columnNumber } = callFrame;
    const entry = mapOf(url)?.findEntry(lineNumber, columnNumber);
    if (entry === undefined || !('originalSource' in entry)) return callFrame;
    // Ours under the name of its module, as in a profile of a process that runs those.
    const source = entry.originalSource.replace(/^\.\.\/\.\.\/(src|hsm)\/(.*)\.ts$/, '../$1/$2.js');
    return { ...callFrame, url: new URL(source, url).href, lineNumber: entry.originalLine };
  };
  return { ...profile, nodes: profile.nodes.map((node) => ({ ...node, callFrame: placed(node.callFrame) })) };
}

function readMap(file: string): SourceMap | null {
  return existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : null;
}
