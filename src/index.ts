/** coldfront without files and threads: safe in a browser. */

// Errors: a user's mistake says where, what and how to mend it; a fault of ours says so.
export {
  assert,
  formatMistake,
  InvariantError,
  type Mistake,
  UserError,
} from './base/errors.ts';

// Units: durations, rates and sizes as a study writes them.
export {
  formatDurationUs,
  HOURS_PER_MONTH,
  parseDurationUs,
  parseRate,
  parseSizeBytes,
  type Rate,
} from './base/units.ts';
export type { AccountRule } from './engine/account.ts';
// The engine: a pool of replicas, fed a trace chunk by chunk.
export {
  compileDistribution,
  type Distribution,
  type DistributionSpec,
} from './engine/distribution.ts';
export {
  type DeploymentScenario,
  type DeploymentTotals,
  Fleet,
  type FleetChunk,
  type FleetScenario,
  type FleetTotals,
} from './engine/fleet.ts';
export { bucketMiddleUs, bucketOf, mergeHistograms, quantileUs } from './engine/histogram.ts';
export { Pool } from './engine/pool.ts';
export type { Scenario, Span, TraceChunk } from './engine/scenario.ts';
export type { HistogramCounts, Reading, RunTotals, Timeline } from './engine/totals.ts';
// Platforms: what a file says of one, every figure with its source.
export {
  type Catalogue,
  catalogueOf,
  type Figure,
  type Platform,
  type PlatformsDocument,
  parsePlatform,
  platformOf,
  platformsDocument,
} from './platform/catalogue.ts';
export { type Gpu, type Gpus, gpuNamed, parseGpus, relativeSpeedOf } from './platform/gpus.ts';
export { type Hardware, type HardwareTexts, hardwareOf, type Library } from './platform/library.ts';
export { loadUs } from './platform/load-times.ts';
export { type PriceOrigin, priceFileText } from './platform/price-file.ts';
export {
  choosePrices,
  type PriceChoice,
  type PriceColumns,
  type PriceTable,
  readPriceTable,
} from './platform/price-list.ts';
export { pricesOf, STALE_AFTER_DAYS, stalePrices } from './platform/prices.ts';
export { parseModels, type ServedModel, type ServedModels } from './platform/served-models.ts';
export { parseStorage, type Storage } from './platform/storage.ts';
export {
  alignedPaths,
  type Fit,
  fitOf,
  type WeightPath,
  type WeightPlan,
  weightBytesOf,
  weightPaths,
} from './platform/weights.ts';
export {
  type CompiledWeights,
  compileWeights,
  type WeightsInput,
  type WeightsSection,
} from './platform/weights-section.ts';
export {
  type BillingMatrix,
  type BillingRow,
  billingMatrix,
  billingMatrixScreen,
} from './report/billing-matrix.ts';
export { calibrateScreen } from './report/calibrate-screen.ts';
export { compareMarkdown } from './report/compare-markdown.ts';
export { compareScreen } from './report/compare-screen.ts';
// Reports: screens as plain text, results as CSV.
export { resultsCsv } from './report/csv.ts';
export { fitBlocks, fitScreen } from './report/fit-screen.ts';
export { idleDefaultsOf } from './report/idle-defaults.ts';
export { inspectScreen } from './report/inspect-screen.ts';
export { likeScreen } from './report/like-screen.ts';
export { platformScreen, platformsScreen } from './report/platforms-screen.ts';
export { simulateScreen } from './report/simulate-screen.ts';
export { sweepScreen } from './report/sweep-screen.ts';
export { PLAIN, type Style, type Surroundings } from './report/text.ts';
// Studies: read, laid out as a grid, run, judged.
export type { Bounds, FixedFleet, LeastCost, OfflineCost } from './study/bounds/bounds-document.ts';
export { studyBounds } from './study/bounds/study-bounds.ts';
export { type CalibrationOptions, calibrationOf } from './study/calibration/calibration.ts';
export type { Calibration } from './study/calibration/calibration-document.ts';
export type { Recorded } from './study/calibration/recorded.ts';
export { type CompareOptions, compareRows } from './study/compare.ts';
export type { CompareDocument, CompareRow, ScheduleProposal } from './study/compare-document.ts';
export type {
  Advice,
  Confirmation,
  EndpointResult,
  LeftOut,
  ObjectiveResult,
  PoolResult,
  Result,
  SweepDocument,
  Varied,
} from './study/document.ts';
export { type CurrentFit, currentOf, fitCurrent } from './study/fit-current.ts';
export { type FitDocument, fitDocument } from './study/fit-document.ts';
export { headroomOf } from './study/headroom.ts';
export type { Json } from './study/json.ts';
export { Laboratory, type LaboratoryOptions, type Trial } from './study/laboratory.ts';
export { LEVERS, type Lever, turned } from './study/levers.ts';
export { likeStudy } from './study/like-section.ts';
export { loadStudy, studyFromFlags } from './study/load.ts';
export { type OptimizeOptions, optimize } from './study/optimize/optimize.ts';
export type { Headroom, OptimizeDocument, Refused } from './study/optimize-document.ts';
export type { ReplaySource } from './study/replay-section.ts';
export type { RowFigures, SweepSummary, Swept } from './study/row-figures.ts';
export { boundOf } from './study/run-bound.ts';
export { studyJsonSchema } from './study/schema.ts';
export { type SimulationOptions, simulatePrecisely } from './study/simulation.ts';
export type { GridPoint, LoadedStudy, Overrides } from './study/study.ts';
export {
  runSweep,
  type SweepOptions,
  type SweepProgress,
  simulate,
  sweepGrid,
} from './study/sweep.ts';
export type { BatchTask, Outcome, OutcomeStore, RunBatches } from './study/task.ts';
export { pairedTraffic, trafficInterval } from './study/traffic-blocks.ts';
// Workloads: logs read, traffic made, traces described and written.
export { collectTrace } from './workload/collected.ts';
export { describeTrace, type TraceDescription } from './workload/description/description.ts';
export type { EndpointRule } from './workload/endpoint-rule.ts';
export { type FitOptions, fitService, type ServiceFit } from './workload/fit/fit-service.ts';
export { type LatencyFloor, latencyFloor } from './workload/fit/latency-floor.ts';
export { type Likeness, likeTrace } from './workload/fit/like.ts';
export {
  type ColumnMap,
  type ColumnSource,
  completeColumns,
  type GivenColumns,
  type GivenSource,
  READ_DEFAULTS,
  type ReadOptions,
} from './workload/read-options.ts';
export { FORMAT_NAMES } from './workload/readers/formats.ts';
export {
  createTableReader,
  type TableBatch,
  type TableReader,
} from './workload/reading/table-reader.ts';
export {
  createTraceReader,
  type TraceReader,
  type TraceReaderOptions,
} from './workload/reading/trace-reader.ts';
export type { GivenService, ServiceSpec } from './workload/service.ts';
export {
  SHAPING_DEFAULTS,
  type Shaping,
  shapeTrace,
  type Window,
} from './workload/shaping/shape.ts';
export { type MergeNeeds, mergeTraces } from './workload/shaping/shape-merge.ts';
export type { RateScale } from './workload/shaping/shape-rate.ts';
export type { SynthesisSpec } from './workload/synthesis/synthesis-spec.ts';
export type { SkippedLine, Trace, TraceReport } from './workload/trace.ts';
export type { Where } from './workload/where.ts';
export { makeWorkload, type Workload, type WorkloadSpec } from './workload/workload.ts';
export { type AccessLogOptions, accessLogText, csvText, jsonlText } from './workload/write.ts';
