/** The scaling blocks of scaling-blocks.yaml as control rules. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ControlRule } from '../../src/engine/control/control-rule.ts';
import { overPlatform } from '../../src/platform/catalogue.ts';
import { compileScaling } from '../../src/platform/scaling.ts';
import type { ScalingContext } from '../../src/platform/scaling-reader.ts';
import { scalingSchema } from '../../src/platform/scaling-schema.ts';
import { shippedPlatform } from './shipped-platforms.ts';

const file = readFileSync(join(import.meta.dirname, 'scaling-blocks.yaml'), 'utf8');
export const BLOCKS: Readonly<Record<string, Record<string, unknown>>> = parse(file);

export const CONTEXT: ScalingContext = {
  concurrency: 1,
  floor: 0,
  max: 1000,
  wakesAtRefusal: false,
};

/** @param change what a study would write over the block */
export function ruleOf(
  id: string,
  context: Partial<ScalingContext> = {},
  change: Record<string, unknown> = {},
): ControlRule {
  const section = scalingSchema.parse(overPlatform(BLOCKS[id]!, change));
  return compileScaling(section, { ...CONTEXT, ...context });
}

/** The rule of a platform that ships. @param change what a study would write over it */
export function ruleOfFile(
  id: string,
  context: Partial<ScalingContext> = {},
  change: Record<string, unknown> = {},
): ControlRule {
  const section = overPlatform(shippedPlatform(id).deployment.scaling ?? {}, change);
  return compileScaling(scalingSchema.parse(section), { ...CONTEXT, ...context });
}
