import type { CollectorType } from './kit/collector.ts';
import { httpPoll } from './http-poll/index.ts';
import { llmProbe } from './llm-probe/index.ts';
import { modbus } from './modbus/index.ts';
import { mqtt } from './mqtt/index.ts';
import { opcua } from './opcua/index.ts';
import { prometheus } from './prometheus/index.ts';
import { replay } from './replay/index.ts';
import { simulator } from './simulator/index.ts';

/** A collector's type is the name of its folder; a test checks that each folder has its line here. */
export const COLLECTORS: Readonly<Record<string, CollectorType>> = {
	'http-poll': httpPoll,
	'llm-probe': llmProbe,
	modbus,
	mqtt,
	opcua,
	prometheus,
	replay,
	simulator,
};
