/** A fleet, run on traces of objects, one a deployment. */
import {
  Fleet,
  type FleetChunk,
  type FleetScenario,
  type FleetTotals,
} from '../../src/engine/fleet.ts';
import type { NaiveRequest } from './naive-pool.ts';

/** @param traces of each deployment; at one time the first deployment's requests arrive first */
export function runFleet(
  scenario: FleetScenario,
  traces: readonly (readonly NaiveRequest[])[],
): FleetTotals {
  const fleet = new Fleet(scenario);
  fleet.advance(fleetChunk(traces));
  return fleet.finish();
}

export function fleetChunk(traces: readonly (readonly NaiveRequest[])[]): FleetChunk {
  const rows = traces
    .flatMap((trace, endpoint) => trace.map((request) => ({ ...request, endpoint })))
    .sort((a, b) => a.arrivalUs - b.arrivalUs || a.endpoint - b.endpoint);
  return {
    count: rows.length,
    arrivalUs: Float64Array.from(rows, ({ arrivalUs }) => arrivalUs),
    serviceUs: Float64Array.from(rows, ({ serviceUs }) => serviceUs),
    endpoint: Int32Array.from(rows, ({ endpoint }) => endpoint),
  };
}
