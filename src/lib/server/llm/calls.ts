import { randomUUID } from 'node:crypto';
import { InputError, type InputFault } from '#contracts/error.ts';
import { LLM_CHARACTERISTICS } from '#contracts/llm.ts';
import { callInputSchema, encodeCalls, type CallInput, type CallSource, type LlmCall } from '#contracts/llm-call.ts';
import type { Principal } from '#contracts/principal.ts';
import { keyFault, labelsFault, type Labels } from '#contracts/stream.ts';
import { timeFault, type NowMicros } from '#contracts/time.ts';
import { observationsOfCall } from '#lib/llm/call-observations.ts';
import type { PriceBook } from '#lib/llm/price-book.ts';
import type { DerivedPoint, Ingest } from '../ingest/port.ts';
import { createCallTimes } from './call-times.ts';
import { faultsOfCall } from './call-faults.ts';
import { documentsOf, type Found } from '#contracts/json-documents.ts';
import { callOf, keyPrefixOf, labelsOfCall } from './call.ts';
import { bodyKey, scopedKey } from './key.ts';
import { callOfLitellm } from './litellm.ts';
import type { Calls, CallsAnswer } from './port.ts';

const MAX_FAULTS = 100;
/** So that a journal record, and an insert of them, stays small. */
const CALLS_PER_RECORD = 2000;

/** What a document of one kind comes to: a call, nothing, or why it is none. */
export type ReadDocument = (item: unknown) => CallInput | undefined | readonly InputFault[];

/** Calls from documents, from the proxy and from OTLP, into the journal. */
export function createCalls(parts: {
	readonly ingest: Pick<Ingest, 'derived'>;
	/** Loaded when the first call comes. */
	readonly prices: () => Promise<PriceBook>;
	/** Looks at calls that are in the journal. */
	readonly see?: ((calls: readonly LlmCall[]) => void) | undefined;
	readonly now: NowMicros;
}): Calls {
	const times = createCallTimes();

	async function publish(request: {
		readonly principal: Principal;
		readonly source: CallSource;
		readonly calls: readonly CallInput[];
		readonly key?: string | undefined;
	}): Promise<{ duplicate: boolean; faults: InputFault[] }> {
		const prices = await parts.prices();
		const answer = { duplicate: false, faults: [] as InputFault[] };
		const { principal, source, calls } = request;
		for (let from = 0; from < calls.length; from += CALLS_PER_RECORD) {
			const some = calls.slice(from, from + CALLS_PER_RECORD).map((input) => {
				const call = callOf(input, { id: randomUUID(), site: principal.writeSite, source, prices });
				return times.apart(call);
			});
			const receivedMicros = parts.now();
			const bytes = encodeCalls({ receivedMicros, calls: some });
			const key = request.key === undefined ? undefined : `calls:${request.key}:${from}`;
			const points = some.flatMap(pointsOf);
			const record = { via: 'calls', topic: 'calls', bytes, receivedMicros, key } as const;
			const { duplicate, faults } = await parts.ingest.derived({ principal, record, points });
			if (!duplicate) parts.see?.(some);
			answer.duplicate ||= duplicate;
			answer.faults.push(...faults);
		}
		return answer;
	}

	async function fromDocuments(
		request: { readonly principal: Principal; readonly body: Uint8Array; readonly contentType: string },
		as: { readonly source: CallSource; readonly read: ReadDocument; readonly key: string | undefined },
	): Promise<CallsAnswer> {
		const calls: CallInput[] = [];
		const errors: InputFault[] = [];
		let refused = 0;
		for await (const found of documentsOf(request.body, request.contentType)) {
			const result = readFound(found, as.read);
			if (result === undefined) continue;
			if ('fault' in result) {
				refused++;
				if (errors.length < MAX_FAULTS) errors.push(...result.fault.slice(0, MAX_FAULTS - errors.length));
				continue;
			}
			calls.push(result.call);
		}
		if (calls.length === 0) {
			if (refused === 0) return { accepted: 0, duplicates: 0, refused: 0, errors: [] };
			const [first] = errors;
			throw new InputError(first ? `${first.path}: ${first.message}` : 'no call could be taken', errors);
		}
		const { principal } = request;
		const { duplicate, faults } = await publish({ principal, source: as.source, calls, key: as.key });
		const [accepted, duplicates] = duplicate ? [0, calls.length] : [calls.length, 0];
		return { accepted, duplicates, refused, errors: [...errors, ...faults].slice(0, MAX_FAULTS) };
	}

	const readCall: ReadDocument = (item) => {
		const result = callInputSchema.safeParse(item);
		return result.success ? checked(result.data) : faultsOfCall(result.error.issues, item);
	};

	/** What no schema knows: the clock, and the names of streams. */
	function checked(call: CallInput): CallInput | InputFault[] {
		const late = timeFault(call.startedAt, parts.now());
		if (late !== undefined) return [{ path: '.startedAt', message: late }];
		const name = keyFault(`${keyPrefixOf(call)}/chunk_gap_p95_ms`);
		if (name !== undefined) return [{ path: '.model', message: `its streams cannot be named: ${name}` }];
		const labels = labelsFault(labelsOfCall({ source: 'api', ...call }));
		return labels === undefined ? call : [{ path: '', message: labels }];
	}

	return {
		take: publish,
		async documents(request) {
			const { idempotencyKey: key, principal } = request;
			const answer = await fromDocuments(request, {
				source: 'api',
				read: readCall,
				key: key === undefined ? undefined : scopedKey(principal, key),
			});
			if (answer.accepted + answer.duplicates + answer.refused > 0) return answer;
			throw new InputError('there are no calls in the body');
		},
		litellm(request) {
			const read: ReadDocument = (item) => {
				const call = callOfLitellm(item);
				return call === undefined || Array.isArray(call) ? call : checked(call as CallInput);
			};
			// A callback that was not answered is sent again as it was.
			const key = scopedKey(request.principal, bodyKey(request.body));
			return fromDocuments(request, { source: 'litellm', read, key });
		},
	};
}

function readFound(
	found: Found,
	read: ReadDocument,
): { readonly call: CallInput } | { readonly fault: readonly InputFault[] } | undefined {
	if ('fault' in found) return { fault: [found.fault] };
	const result = read(found.item);
	if (result === undefined) return undefined;
	if (!isFaults(result)) return { call: result };
	const fault = result.map(({ path, message }) => ({ path: found.at(path), message: found.prefix(path) + message }));
	return { fault };
}

function isFaults(result: CallInput | readonly InputFault[]): result is readonly InputFault[] {
	return Array.isArray(result);
}

/** The points that a call makes, each at the time at which its value was known. */
export function pointsOf(call: LlmCall): DerivedPoint[] {
	const labels: Labels = labelsOfCall(call);
	const prefix = keyPrefixOf(call);
	return observationsOfCall(call).map(({ name, atMicros, v, quality }) => ({
		key: `${prefix}/${name}`,
		labels,
		unit: LLM_CHARACTERISTICS[name].unit,
		tMicros: atMicros,
		v,
		quality,
	}));
}
