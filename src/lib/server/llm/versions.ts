import type { Logger } from 'pino';
import { messageOf } from '#contracts/error.ts';
import type { NewEvent, SiteEvent } from '#contracts/event.ts';
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
/** A server that makes up another one for each answer says nothing with it. */
const MOST_VERSIONS = 64;
const MOST_FINGERPRINTS = 8;

export interface VersionWatch {
	/** Returns at once; what is to be told is told behind the calls, which nothing holds up. */
	see(calls: readonly LlmCall[]): void;
	/** Once all that was seen has been told. */
	settled(): Promise<void>;
}

/** What of a target has answered, and when last. */
interface Seen {
	/** Of the model, as answers name it. */
	readonly versions: Map<string, number>;
	/** Of the deployment behind it. */
	readonly fingerprints: Map<string, number>;
}

/**
 * Tells of another version of a model, and of another deployment of it, as its answers name them: events about the streams
 * of that model, which charts show and a search for causes finds.
 */
export function createVersionWatch(parts: {
	readonly events: Pick<EventRecords, 'add' | 'list'>;
	readonly log: Logger;
}): VersionWatch {
	const targets = new Map<string, Seen>();
	let telling = Promise.resolve();

	async function remember(target: string, site: string, key: string): Promise<Seen> {
		const known = targets.get(target);
		if (known) return known;
		const of = { asset: '', key };
		const { items } = await parts.events.list({ sites: [site], kind: 'model-version', of, limit: REMEMBERED });
		const seen = { versions: newestOf(items, 'version'), fingerprints: newestOf(items, 'fingerprint') };
		if (targets.size >= MOST_TARGETS) targets.clear();
		targets.set(target, seen);
		return seen;
	}

	async function look(call: LlmCall): Promise<void> {
		const prefix = keyPrefixOf(call);
		const streams = Object.keys(LLM_CHARACTERISTICS).map((name) => `${prefix}/${name}`);
		const { versions, fingerprints } = await remember(`${call.site}\n${prefix}`, call.site, streams[0] ?? '');
		const version = noteOf(versions, call.responseModel, { atMicros: call.startedMicros, most: MOST_VERSIONS });
		const fingerprint = noteOf(fingerprints, call.fingerprint, {
			atMicros: call.startedMicros,
			most: MOST_FINGERPRINTS,
		});
		if (version) await parts.events.add(versionEvent(call, streams, version.before));
		// With another version it is another one anyway, and the first is none that has changed.
		else if (fingerprint?.before != null) await parts.events.add(fingerprintEvent(call, streams, fingerprint.before));
	}

	return {
		see(calls) {
			const latest = new Map(calls.filter(isNamed).map((call) => [nameOf(call), call]));
			for (const call of latest.values())
				telling = telling
					.then(() => look(call))
					.catch((error: unknown) => parts.log.warn(`cannot note the version of a model: ${messageOf(error)}`));
		},
		settled: () => telling,
	};
}

function isNamed({ responseModel, fingerprint }: LlmCall): boolean {
	return (responseModel ?? '') !== '' || (fingerprint ?? '') !== '';
}

function nameOf(call: LlmCall): string {
	return [call.site, keyPrefixOf(call), call.responseModel, call.fingerprint].join('\n');
}

function newestOf(events: readonly SiteEvent[], attribute: string): Map<string, number> {
	const newest = new Map<string, number>();
	for (const { attributes, fromMicros } of events) {
		const value = attributes[attribute];
		if (typeof value === 'string' && !newest.has(value)) newest.set(value, fromMicros);
	}
	return newest;
}

/** @returns what answered before, where this one is news */
function noteOf(
	seen: Map<string, number>,
	name: string | null,
	{ atMicros, most }: { readonly atMicros: number; readonly most: number },
): { readonly before: string | null } | undefined {
	if (name === null || name === '') return undefined;
	const before = [...seen].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
	const last = seen.get(name);
	if (last === undefined && seen.size >= most) return undefined;
	seen.set(name, Math.max(last ?? 0, atMicros));
	const isNews = last === undefined || (before !== name && atMicros - last > NEWS_AFTER_MICROS);
	return isNews ? { before } : undefined;
}

function versionEvent(call: LlmCall, streams: readonly string[], before: string | null): NewEvent {
	const { model, responseModel: version } = call;
	const title = `${model} answers as ${version}${before === null ? '' : `, before as ${before}`}`;
	return eventOf(call, streams, title, { version, before });
}

function fingerprintEvent(call: LlmCall, streams: readonly string[], before: string): NewEvent {
	const title = `${call.model} answers with fingerprint ${call.fingerprint}, before with ${before}`;
	return eventOf(call, streams, title, { before });
}

function eventOf(
	{ site, provider, model, fingerprint, startedMicros }: LlmCall,
	streams: readonly string[],
	title: string,
	more: Readonly<Record<string, string | null>>,
): NewEvent {
	return {
		...{ site, kind: 'model-version', fromMicros: startedMicros, toMicros: null, asset: null, streams },
		title: oneLine(title),
		attributes: { provider, model, ...more, ...(fingerprint === null ? {} : { fingerprint }) },
	};
}

/** Answers are from outside: what nobody sees has no place in a line that a screen shows. */
function oneLine(text: string): string {
	return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ').slice(0, 200);
}
