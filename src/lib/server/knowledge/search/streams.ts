import type { Sites } from '#contracts/rights.ts';
import { covers } from '#contracts/principal.ts';
import type { Stream } from '#contracts/stream.ts';
import type { Metadata } from '#server/metadata/port.ts';
import type { Question } from './question.ts';
import { termsOf } from './terms.ts';

const FRESH_MS = 5000;
const MOST_STREAMS = 100_000;
const LEAST_SHARE = 0.5;

interface Listed {
	readonly stream: Stream;
	readonly terms: ReadonlySet<string>;
}

/** Streams by the words of their names, units and labels. */
export function createStreamSearch(parts: {
	readonly metadata: { readonly streams: Pick<Metadata['streams'], 'page'> };
	readonly nowMs: () => number;
}): (question: Question, sites: Sites, limit: number) => Promise<readonly Stream[]> {
	let listed: Promise<readonly Listed[]> | undefined;
	let listedAtMs = -Infinity;

	async function list(): Promise<readonly Listed[]> {
		const streams = await parts.metadata.streams.page({ sites: 'all', afterId: 0, limit: MOST_STREAMS });
		return streams.map((stream) => ({ stream, terms: new Set(termsOf(textOf(stream))) }));
	}

	function fresh(): Promise<readonly Listed[]> {
		if (listed === undefined || parts.nowMs() - listedAtMs > FRESH_MS) {
			listedAtMs = parts.nowMs();
			listed = list();
			listed.catch(() => (listed = undefined));
		}
		return listed;
	}

	return async ({ terms }, sites, limit) => {
		const asked = [...terms.keys()];
		if (asked.length === 0) return [];
		return (await fresh())
			.filter(({ stream }) => covers(sites, stream.site))
			.map(({ stream, terms: own }) => ({ stream, share: asked.filter((term) => own.has(term)).length / asked.length }))
			.filter(({ share }) => share >= LEAST_SHARE)
			.sort((a, b) => b.share - a.share || a.stream.key.length - b.stream.key.length || a.stream.id - b.stream.id)
			.slice(0, limit)
			.map(({ stream }) => stream);
	};
}

/** What is read of a stream beside its name. */
export function textOf({ key, unit, labels, asset }: Stream): string {
	const named = Object.entries(labels).map(([name, value]) => `${name} ${value}`);
	return [key, asset, unit, ...named].filter((part) => part !== '').join(' · ');
}
