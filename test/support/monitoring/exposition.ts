/** Reads what a service says at `/metrics`, in the text format of Prometheus. */
import { fetchBytes } from '../service/files.js';
import type { Service } from '../service/service.js';

/** `series`: name and labels as they are written: `pfcng_orders{state="working"}`. */
export type Sample = { readonly series: string; readonly value: number };

export async function metricsText({ urls }: Pick<Service, 'urls'>): Promise<string> {
  return (await fetchBytes(`${urls.operators}/metrics`)).toString('utf8');
}

/** Comments are left out. */
export function samplesOf(text: string): readonly Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const end = line.lastIndexOf(' ');
      return { series: line.slice(0, end), value: Number(line.slice(end + 1)) };
    });
}

export function labelsOf(series: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...series.matchAll(/([a-zA-Z_]+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
}
