/** Arithmetic of readings. */
import type { Reading } from './totals.ts';

/** What passed between two readings of one pool. */
export function difference(late: Reading, early: Reading): Reading {
  return {
    atUs: late.atUs,
    startingUs: late.startingUs - early.startingUs,
    idleUs: late.idleUs - early.idleUs,
    idleKeptUs: late.idleKeptUs - early.idleKeptUs,
    busyUs: late.busyUs - early.busyUs,
    drainingUs: late.drainingUs - early.drainingUs,
    floorUs: late.floorUs - early.floorUs,
    heldUs: late.heldUs - early.heldUs,
    inServiceUs: late.inServiceUs - early.inServiceUs,
    waitForStartUs: late.waitForStartUs - early.waitForStartUs,
    waitForLimitUs: late.waitForLimitUs - early.waitForLimitUs,
    shortageUs: late.shortageUs - early.shortageUs,
    limitUs: late.limitUs.map((us, limit) => us - early.limitUs[limit]!),
    phaseUs: late.phaseUs.map((us, phase) => us - early.phaseUs[phase]!),
    meters: late.meters.map(({ usedUs, paidUs }, meter) => ({
      usedUs: usedUs - early.meters[meter]!.usedUs,
      paidUs: paidUs - early.meters[meter]!.paidUs,
    })),
    completed: late.completed - early.completed,
    attempts: late.attempts - early.attempts,
    arrived: late.arrived - early.arrived,
    cachedTokens: late.cachedTokens - early.cachedTokens,
    inputTokens: late.inputTokens - early.inputTokens,
    outputTokens: late.outputTokens - early.outputTokens,
    starts: late.starts - early.starts,
    scheduledStarts: late.scheduledStarts - early.scheduledStarts,
  };
}
