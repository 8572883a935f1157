import { ConfigError } from '#contracts/error.ts';
import type { Discovered } from '#contracts/trial.ts';
import type { DiscoverContext } from '../kit/collector.ts';
import { httpGet } from '../kit/http-get.ts';
import { jsonLeaves } from '../kit/json-leaves.ts';
import { keyFrom } from '../kit/key-from.ts';
import type { HttpPollConfig } from './config.ts';
import { MAX_DOCUMENT_BYTES } from './reader.ts';

/** Every number of one answer. */
export async function discoverValues(config: HttpPollConfig, context: DiscoverContext): Promise<Discovered[]> {
	const { argument = '', signal } = context;
	const limits = { accept: 'application/json', timeoutMs: config.timeout, maxBytes: MAX_DOCUMENT_BYTES };
	const document = parse(await httpGet({ ...config, ...limits, signal }));
	const leaves = jsonLeaves(document).filter(({ path }) => path.includes(argument));
	if (leaves.length === 0) throw new ConfigError('the answer has no number there');
	return leaves.map(({ path, name, value }) => ({
		...{ name: path, value, unit: '' },
		entry: { path, stream: keyFrom(context.name, name) },
	}));
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		throw new ConfigError('the answer is no JSON; metrics in the text format of Prometheus are for type: prometheus');
	}
}
