import type { Logger } from 'pino';
import { messageOf } from '#contracts/error.ts';
import type { NewEvent } from '#contracts/event.ts';
import type { LlmCall } from '#contracts/llm-call.ts';
import { LLM_CHARACTERISTICS } from '#contracts/llm.ts';
import { MICROS_PER_SECOND } from '#contracts/time.ts';
import type { EventRecords } from '../metadata/port-events.ts';
import { keyPrefixOf } from './call.ts';

/** One that answered within so long is no news: providers send neighbouring calls to two versions while they roll one out. */
const NEWS_AFTER_MICROS = 24 * 3600 * MICROS_PER_SECOND;
/** Events of a target that are looked at after a start: the versions that it may go back to. */
const REMEMBERED = 20;
const MOST_TARGETS = 10_000;

export interface VersionWatch {
	/** Returns at once; what is to be told is told behind the calls, which nothing holds up. */
	see(calls: readonly LlmCall[]): void;
	/** Once all that was seen has been told. */
	settled(): Promise<void>;
}

/**
 * Tells of another version of a model, as its answers name it: an event about the streams of that model, which charts
 * show and a search for causes finds.
 */
export function createVersionWatch(parts: {
	readonly events: Pick<EventRecords, 'add' | 'list'>;
	readonly log: Logger;
}): VersionWatch {
	/** By target, and of each its versions with when they last answered. */
	const seen = new Map<string, Map<string, number>>();
	let telling = Promise.resolve();

	async function remember(target: string, site: string, key: string): Promise<Map<string, number>> {
		const known = seen.get(target);
		if (known) return known;
		const of = { asset: '', key };
		const { items } = await parts.events.list({ sites: [site], kind: 'model-version', of, limit: REMEMBERED });
		const versions = new Map<string, number>();
		for (const { attributes, fromMicros } of items)
			if (typeof attributes.version === 'string' && !versions.has(attributes.version))
				versions.set(attributes.version, fromMicros);
		if (seen.size >= MOST_TARGETS) seen.clear();
		seen.set(target, versions);
		return versions;
	}

	async function look(call: LlmCall & { readonly responseModel: string }): Promise<void> {
		const prefix = keyPrefixOf(call);
		const target = `${call.site}\n${prefix}`;
		const streams = Object.keys(LLM_CHARACTERISTICS).map((name) => `${prefix}/${name}`);
		const versions = await remember(target, call.site, streams[0] ?? '');
		const before = newest(versions);
		const last = versions.get(call.responseModel);
		versions.set(call.responseModel, Math.max(last ?? 0, call.startedMicros));
		const isNews =
			last === undefined || (before !== call.responseModel && call.startedMicros - last > NEWS_AFTER_MICROS);
		if (isNews) await parts.events.add(eventOf(call, streams, before));
	}

	return {
		see(calls) {
			const named = calls.filter(isNamed);
			const latest = new Map(named.map((call) => [`${call.site}\n${keyPrefixOf(call)}\n${call.responseModel}`, call]));
			for (const call of latest.values())
				telling = telling
					.then(() => look(call))
					.catch((error: unknown) => parts.log.warn(`cannot note the version of a model: ${messageOf(error)}`));
		},
		settled: () => telling,
	};
}

function isNamed(call: LlmCall): call is LlmCall & { readonly responseModel: string } {
	return call.responseModel !== null && call.responseModel !== '';
}

function newest(versions: ReadonlyMap<string, number>): string | null {
	return [...versions].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}

function eventOf(
	call: LlmCall & { responseModel: string },
	streams: readonly string[],
	before: string | null,
): NewEvent {
	const { site, provider, model, responseModel, fingerprint, startedMicros } = call;
	return {
		...{ site, kind: 'model-version', fromMicros: startedMicros, toMicros: null, asset: null, streams },
		title: oneLine(`${model} answers as ${responseModel}${before === null ? '' : `, before as ${before}`}`),
		attributes: { provider, model, version: responseModel, before, ...(fingerprint === null ? {} : { fingerprint }) },
	};
}

/** Answers are from outside: what nobody sees has no place in a line that a screen shows. */
function oneLine(text: string): string {
	return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ').slice(0, 200);
}
