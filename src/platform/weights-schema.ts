/** How `deployment.weights` is written, in a study as plain values and in a platform file as figures. */
import { z } from 'zod';
import {
  BANDWIDTH_PATTERN,
  parseBytesPerSecond,
  parseSizeBytes,
  SIZE_PATTERN,
} from '../base/units.ts';
import { share, strict } from './values.ts';

export const size = z
  .string('must be a size such as 26GB or 16GiB')
  .regex(new RegExp(SIZE_PATTERN), 'must be a size such as 26GB or 16GiB')
  .refine((text) => parseSizeBytes(text) !== 0, 'must be above 0');
const bandwidth = z
  .string('must be a bandwidth such as 2GB/s or 25Gbit/s')
  .regex(new RegExp(BANDWIDTH_PATTERN), 'must be a bandwidth such as 2GB/s or 25Gbit/s')
  .refine((text) => parseBytesPerSecond(text) !== 0, 'must be above 0');
/** `deployment.weights` */
export const weightsSchema = strict({
  /** Instead of parameters x bits / 8. */
  size,
  /** An entry of models/storage.yaml. */
  from: z.string(),
  /** Of one replica alone, instead of that entry's. */
  bandwidth,
  /** That a node has them. */
  cached: share,
  /** Where a node that has them keeps them. */
  cachedFrom: z.string(),
  cachedBandwidth: bandwidth,
  snapshot: strict({ chance: share, size: size.optional(), bandwidth: bandwidth.optional() }),
  /** Of all starting replicas together over the network. */
  link: bandwidth,
}).partial();
export type WeightsSection = z.infer<typeof weightsSchema>;
