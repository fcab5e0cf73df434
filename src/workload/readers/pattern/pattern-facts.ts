/** What is to be said of a log that was read by a server's format line. */

import { grouped } from '../../../base/counts.ts';
import type { Facts } from '../line-reader.ts';
import type { Pattern } from './pattern.ts';

/** @param standIns lines whose upstream has no time, so that the request's was taken */
export function patternFacts({ line, read, timeColumns }: Pattern, standIns: number): Facts {
  const { title, server } = line;
  const [start, end] = [read.get('start'), read.get('end')];
  const [request, upstream] = [read.get('requestTime'), read.get('upstreamTime')];
  const duration = upstream ?? request;
  const warnings = timeColumns.flatMap((column) => column.warnings());
  if (start === undefined && duration === undefined) {
    warnings.push(`stamps are taken as arrivals; ${server} writes them at the end of a request`);
  }
  const fraction = read.has('startFraction') || read.has('endFraction');
  if ((start ?? end)?.wholeSeconds === true && !fraction) {
    const together = start !== undefined || duration === undefined;
    const so = together
      ? 'requests of one second arrive together'
      : 'arrivals are up to a second early';
    warnings.push(`stamps have a resolution of 1 s: ${so}`);
  }
  if (start === undefined && upstream !== undefined && request === undefined) {
    warnings.push(
      `arrivals are stamps less ${upstream.name}: what ${server} itself took is not in it`,
    );
  }
  if (duration?.wholeSeconds === true) warnings.push(`${duration.name} has a resolution of 1 s`);
  if (standIns > 0) {
    warnings.push(
      `${request?.name} is taken where ${upstream?.name} has no time, lines: ${grouped(standIns)}`,
    );
  }
  let durations: string | null = null;
  if (duration !== undefined) durations = `the log: ${duration.name}`;
  else if (start !== undefined && end !== undefined)
    durations = `the log: ${end.name} - ${start.name}`;
  return { format: title, durations, warnings };
}
