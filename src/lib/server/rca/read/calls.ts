import { CALL_SOURCES, type CallSource } from '#contracts/llm-call.ts';
import type { Stream } from '#contracts/stream.ts';
import type { Store } from '../../store/port.ts';
import { modelOf } from '../evidence/target.ts';
import type { CallSeen } from '../situation.ts';

const MOST_CALLS = 1500;

/** Calls of the stream's own target, oldest first; none of a machine, or where only streams are known (a prober's). */
export async function readCalls(
	store: Pick<Store, 'calls'>,
	stream: Stream,
	window: { readonly fromMicros: number; readonly toMicros: number },
): Promise<readonly CallSeen[]> {
	const of = modelOf(stream);
	const { source, prompt_class, deployment, region, environment } = stream.labels;
	if (!of || !isSource(source)) return [];
	const target = {
		promptClass: prompt_class ?? null,
		deployment: deployment ?? null,
		region: region ?? null,
		environment: environment ?? null,
	};
	const { provider, model } = of;
	const calls = await store.calls({
		sites: [stream.site],
		provider,
		model,
		source,
		target,
		...window,
		limit: MOST_CALLS,
	});
	return calls.toSorted((a, b) => a.startedMicros - b.startedMicros);
}

function isSource(source: string | undefined): source is CallSource {
	return (CALL_SOURCES as readonly (string | undefined)[]).includes(source);
}
