/** Memory and descriptors of the service, its supervisor and its signers, by process. */
import { readdirSync } from 'node:fs';
import { residentMb } from '../../support/machine/resident.js';
import { isSignerChild, type ProcessFacts, tokenOf } from '../../support/service/processes.js';
import type { Service } from '../../support/service/service.js';

type Resource = { readonly name: string; readonly memory: number; readonly descriptors: number };
export type Resources = readonly Resource[];

export function resourcesOf(service: Service): Resources {
  return service.tree().map((facts) => ({
    name: nameOf(facts, service.pid()),
    memory: residentMb(facts.pid),
    descriptors: readdirSync(`/proc/${facts.pid}/fd`).length,
  }));
}

function nameOf(facts: ProcessFacts, service: number): string {
  if (facts.pid === service) return 'service';
  return isSignerChild(facts) ? `signer ${tokenOf(facts)}` : 'supervisor';
}

type Change = { readonly settled: number; readonly last: number };

/**
 * From the second quarter to the last: the largest memory of all processes together, the fewest
 * descriptors, because connections close some time after each round, and a line for each process.
 */
export function growthOf(samples: readonly Resources[]): {
  readonly memory: Change;
  readonly descriptors: Change;
  readonly lines: readonly string[];
} {
  const quarter = Math.ceil(samples.length / 4);
  const change = (part: 'memory' | 'descriptors', name: string | null): Change => {
    const sums = samples.map((resources) =>
      resources
        .filter((resource) => name === null || resource.name === name)
        .reduce((sum, resource) => sum + resource[part], 0),
    );
    const most = part === 'memory' ? Math.max : Math.min;
    return { settled: most(...sums.slice(quarter, 2 * quarter)), last: most(...sums.slice(-quarter)) };
  };
  const line = (title: string, name: string | null): string => {
    const [memory, descriptors] = [change('memory', name), change('descriptors', name)];
    const sizes = `${memory.settled.toFixed(0)} MB, then ${memory.last.toFixed(0)} MB`;
    return `      ${title}: ${sizes}; ${descriptors.settled}, then ${descriptors.last} descriptors`;
  };
  const names = [...new Set(samples.flatMap((resources) => resources.map(({ name }) => name)))];
  return {
    memory: change('memory', null),
    descriptors: change('descriptors', null),
    lines: [line('all processes', null), ...names.map((name) => line(name, name))],
  };
}
