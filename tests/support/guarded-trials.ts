import { tryCollector } from '#collectors/try.ts';
import type { CollectorConfig } from '#contracts/config.ts';
import { guardProcess } from '#server/dial/guard-process.ts';
import { until } from './until.ts';

/** A process whose sockets are guarded: tries each source of its argument and says, as JSON, what each said of itself. */
guardProcess([]);
const configs = JSON.parse(process.argv[2] ?? '[]') as CollectorConfig[];
const trials = configs.map((config) => tryCollector(config, { spoolFolder: process.argv[3] ?? '' }));
const said = () => trials.map((trial) => [...trial.report().faults, trial.report().error ?? ''].join(' ').trim());
await until(() => said().every((text) => text !== ''));
process.stdout.write(JSON.stringify(said()), () => process.exit());
