/**
 * CloudFront's standard logs (AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference): W3C extended, between tabs.
 * `date` and `time` are when the server finished responding, `time-taken` the seconds from its receiving the request to its
 * writing the last byte, so arrival = stamp - time-taken. Status 000: the viewer left before the answer, how long the request
 * needs is not known. Lines are late and in no order. Real-time logs have no header and are not read.
 */
import type { Format } from './line-reader.ts';
import { FieldsReader, fieldNames } from './w3c.ts';

export const cloudFront: Format = {
  name: 'cloudfront',
  title: "CloudFront's standard logs",
  fixedFields: true,
  looksLike: (lines) => lines.some((line) => fieldNames(line).includes('x-edge-location')),
  open: (_, options) => new FieldsReader('CloudFront standard log', options),
};
