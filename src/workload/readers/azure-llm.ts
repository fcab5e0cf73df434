/**
 * Azure's traces of LLM inference: `TIMESTAMP,ContextTokens,GeneratedTokens` of 2023 and 2024, and with `NumImages` of 2025
 * (github.com/Azure/AzurePublicDataset). Stamps mark arrivals; those of 2023 have seven digits of a second and no zone,
 * those of 2024 six or none and `+00:00`. There are no durations.
 */
import { csv } from './csv.ts';
import type { Format } from './line-reader.ts';
import { completed, hasColumns, headerNames } from './records/data-set.ts';

export const azureLlm: Format = {
  name: 'azure-llm',
  title: "Azure's LLM inference traces of 2023, 2024 and 2025",
  looksLike: (lines, { columns }) =>
    columns === null && hasColumns(lines, ['timestamp', 'contexttokens', 'generatedtokens']),
  open(lines, options) {
    const images = headerNames(lines).includes('numimages');
    return completed(
      csv.open(lines, options),
      () => {},
      ({ warnings, ...facts }) => ({
        ...facts,
        format: `Azure LLM inference trace${images ? ' (multimodal)' : ''}`,
        warnings: images ? [...warnings, '`NumImages` is not read'] : warnings,
      }),
    );
  },
};
