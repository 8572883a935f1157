import { CALL_SOURCES, type CallTarget } from './llm-call.ts';
import type { Stream } from './stream.ts';

/** The calls that a stream has points of: those of its key and labels. */
export interface TargetOfStream extends CallTarget {
	readonly site: string;
	/** The last segment of the key: `ttft_ms`. */
	readonly name: string;
}

/** @returns undefined for a stream that no call has points in: a machine's, one of metrics */
export function targetOfStream({ site, key, labels, kind }: Stream): TargetOfStream | undefined {
	const [provider = '', ...rest] = key.split('/');
	const name = rest.pop() ?? '';
	const source = CALL_SOURCES.find((one) => one === labels.source);
	if (kind !== 'llm' || source === undefined || rest.length === 0) return undefined;
	return {
		...{ site, name, provider, model: rest.join('/'), source },
		promptClass: labels.prompt_class ?? null,
		deployment: labels.deployment ?? null,
		region: labels.region ?? null,
		environment: labels.environment ?? null,
	};
}
