/**
 * Answers that are being made. A status that changes after it was read and before its answer is out makes the flight stale:
 * its answer is neither given out nor kept, however late the signature comes.
 */
import type { CertStatus } from './decide.js';

export type Flight = {
  /** What was read of each certificate, by `statusKey`; empty until it has been read. */
  readonly read: Map<string, CertStatus['kind']>;
  stale: boolean;
};

export type Flights = {
  readonly begin: (about: readonly string[]) => Flight;
  readonly end: (flight: Flight) => void;
  /** All that speak of it; or only those that have read this. */
  readonly outdate: (about: string, which: 'all' | 'good' | 'revoked') => void;
  readonly outdateAll: () => void;
  readonly count: () => number;
};

export function createFlights(): Flights {
  const flying = new Map<Flight, readonly string[]>();
  const byStatus = new Map<string, Set<Flight>>();
  return {
    begin: (about) => {
      const flight: Flight = { read: new Map(), stale: false };
      flying.set(flight, about);
      for (const one of about) byStatus.set(one, (byStatus.get(one) ?? new Set()).add(flight));
      return flight;
    },
    end: (flight) => {
      for (const one of flying.get(flight) ?? []) {
        const flights = byStatus.get(one);
        flights?.delete(flight);
        if (flights?.size === 0) byStatus.delete(one);
      }
      flying.delete(flight);
    },
    outdate: (about, which) => {
      for (const flight of byStatus.get(about) ?? []) {
        if (which === 'all' || flight.read.get(about) === which) flight.stale = true;
      }
    },
    outdateAll: () => {
      for (const flight of flying.keys()) flight.stale = true;
    },
    count: () => flying.size,
  };
}
