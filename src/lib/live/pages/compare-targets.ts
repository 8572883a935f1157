import { canonicalLabels, type Labels } from '#contracts/stream.ts';

interface Stream {
	readonly id: string;
	readonly key: string;
	readonly kind: string;
	readonly unit: string;
	readonly site: string;
	readonly labels: Labels;
}

/** Everything that is measured of one model in one way: what is put beside others. */
export interface CompareTarget {
	/** The least id of its streams, by which an address names it. */
	readonly id: string;
	/** `openai/gpt-4o` */
	readonly name: string;
	/** What of its labels tells it from others of that name. */
	readonly labels: Labels;
	readonly site: string;
	/** By the last segment of the key: `ttft_ms`. */
	readonly streams: ReadonlyMap<string, string>;
}

/** Labels that tell streams of one target apart and not targets. */
const WITHIN = ['connection', 'check'];

export function targetsOf(streams: readonly Stream[]): CompareTarget[] {
	const groups = new Map<string, Stream[]>();
	for (const stream of streams) {
		const slash = stream.key.lastIndexOf('/');
		if (stream.kind !== 'llm' || slash < 0) continue;
		const name = JSON.stringify([stream.site, stream.key.slice(0, slash), canonicalLabels(labelsOf(stream))]);
		groups.set(name, [...(groups.get(name) ?? []), stream]);
	}
	return [...groups.values()].map(targetOf).sort((a, b) => titleOf(a).localeCompare(titleOf(b)));
}

function targetOf(streams: readonly Stream[]): CompareTarget {
	// A connection that is opened for each call measures the same thing every time.
	const ordered = streams.toSorted((a, b) => rank(a) - rank(b) || Number(a.id) - Number(b.id));
	const [first] = ordered as [Stream, ...Stream[]];
	const byName = new Map<string, string>();
	for (const { key, id } of ordered) {
		const name = key.slice(key.lastIndexOf('/') + 1);
		if (!byName.has(name)) byName.set(name, id);
	}
	return {
		id: String(Math.min(...streams.map(({ id }) => Number(id)))),
		name: first.key.slice(0, first.key.lastIndexOf('/')),
		labels: labelsOf(first),
		site: first.site,
		streams: byName,
	};
}

function rank({ labels }: Stream): number {
	return labels.connection === 'reused' ? 1 : 0;
}

function labelsOf({ labels }: Stream): Labels {
	return Object.fromEntries(Object.entries(labels).filter(([name]) => !WITHIN.includes(name)));
}

/** Name and labels, the version of a prompt left out: it differs with every change of its text. */
export function titleOf({ name, labels }: Pick<CompareTarget, 'name' | 'labels'>): string {
	const told = Object.entries(labels).filter(([label]) => label !== 'prompt_version');
	return [name, ...told.map(([, value]) => value)].join(' · ');
}

/** Names of these beside each other: what is equal in all of one name says nothing. */
export function shortTitles(targets: readonly Pick<CompareTarget, 'name' | 'labels'>[]): string[] {
	return targets.map((target) => {
		const alike = targets.filter(({ name }) => name === target.name);
		const telling = Object.entries(target.labels).filter(([label, value]) =>
			alike.some(({ labels }) => labels[label] !== value),
		);
		return titleOf({ name: target.name, labels: Object.fromEntries(telling) });
	});
}
